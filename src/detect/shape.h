// How nested JSON becomes flat fields: {"a": {"b": 1}} is the field "a.b", except that some levels of nesting carry no
// name (Event.System, Event.EventData) and XML attributes are joined with '_' (Provider_Name). Blanks in names are
// dropped.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace luy::detect {

class Shape {
 public:
  static constexpr std::uint32_t nowhere = 0xFFFF'FFFF;
  static constexpr std::uint32_t root = 0;

  Shape() : nodes_(1) {}

  // The level at `path` ("Event.UserData.*", '*' for any one key) carries no name. Where two such levels hold the same
  // field, the one named later wins, whatever their order in the event.
  void unwrap(std::string_view path);
  // The list at `path` holds objects with a name and a text, as XML's <Data Name="X">text</Data> becomes.
  void name_list(std::string_view path);
  // The field `from` is called `to`.
  void rename(std::string from, std::string to) { renamed_[std::move(from)] = std::move(to); }

  // What is below `key` of the level `node`; nowhere when nothing special is.
  std::uint32_t step(std::uint32_t node, std::string_view key) const;
  // 0: an ordinary level. Else the level carries no name, and higher ranks win.
  std::uint8_t rank(std::uint32_t node) const { return node == nowhere ? std::uint8_t{0} : nodes_[node].rank; }
  bool is_name_list(std::uint32_t node) const { return node != nowhere && nodes_[node].name_list; }
  const std::map<std::string, std::string, std::less<>>& renamed() const { return renamed_; }

 private:
  struct Node {
    std::vector<std::pair<std::string, std::uint32_t>> children;
    std::uint32_t any = nowhere;
    std::uint8_t rank = 0;
    bool name_list = false;
  };
  std::uint32_t node_at(std::string_view path);

  std::vector<Node> nodes_;
  std::map<std::string, std::string, std::less<>> renamed_;
  std::uint8_t ranks_ = 0;
};

}  // namespace luy::detect
