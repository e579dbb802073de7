#include "regulation/yaml_node.h"

#include <yaml-cpp/depthguard.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <exception>
#include <optional>
#include <sstream>

#include "base/utf8.h"
#include "regulation/load.h"

namespace luy::regulation {
namespace {

// Leaves yaml-cpp's parser from inside a handler; caught in parse_yaml(), never seen outside.
struct Stop : std::exception {
  explicit Stop(Error reason) : error(std::move(reason)) {}
  Error error;
};

// A scalar in our own text: control characters other than line breaks would garble a console, and combining marks mean
// that a text is not composed (NFC), so that equal words would compare as different.
bool is_clean(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if ((byte < 0x20 && byte != '\n') || byte == 0x7F) return false;
    if (byte != 0xCC && byte != 0xCD) continue;
    // U+0300..U+036F is CC 80 .. CD AF in UTF-8.
    const auto next = i + 1 < text.size() ? static_cast<unsigned char>(text[i + 1]) : 0U;
    if (byte == 0xCC || next <= 0xAFU) return false;
  }
  return true;
}

class TreeBuilder final : public YAML::EventHandler {
 public:
  TreeBuilder(std::string_view file, std::string_view bytes, std::size_t nodes_max)
      : file_(file), bytes_(bytes), nodes_max_(nodes_max) {
    for (std::size_t i = 0; i < bytes.size(); ++i) {
      if (bytes[i] == '\n') line_starts_.push_back(i + 1);
    }
  }

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (root_) stop(not_allowed_yaml, mark, "---");
  }
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override { add(mark, "?", anchor, {}); }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override { stop(not_allowed_yaml, mark, "*"); }

  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    if (value.size() > text_bytes_max) {
      stop(over_limit, mark, std::to_string(value.size()) + " > " + std::to_string(text_bytes_max) + " bytes");
    }
    YamlNode node;
    // "?" is a plain scalar, "!" a quoted one; an empty plain one is nothing, an empty quoted one an empty text.
    node.kind = value.empty() && tag != "!" ? YamlNode::Kind::null : YamlNode::Kind::scalar;
    node.scalar = value;
    place(node, mark);
    if (!is_clean(value)) stop(bad_value, mark, "NFC, UTF-8");
    if (tag == "?" && value == "<<") stop(not_allowed_yaml, mark, "<<");
    add(mark, tag, anchor, std::move(node));
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    open(mark, tag, anchor, YamlNode::Kind::list);
  }
  void OnSequenceEnd() override { close(); }

  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    open(mark, tag, anchor, YamlNode::Kind::map);
  }
  void OnMapEnd() override { close(); }

  std::optional<YamlNode> take() { return std::move(root_); }
  Error error_at(const ErrorKind& kind, const YAML::Mark& mark, std::string_view what) const {
    YamlNode node;
    place(node, mark);
    return Error(kind,
                 file_ + ":" + std::to_string(node.line) + ":" + std::to_string(node.column) + ": " + to_utf8(what));
  }

 private:
  [[noreturn]] void stop(const ErrorKind& kind, const YAML::Mark& mark, std::string_view what) const {
    throw Stop(error_at(kind, mark, what));
  }

  // yaml-cpp counts from 0 and columns in bytes; editors count from 1 and in characters. Its mark of -1 means
  // "nowhere": the first line is as good a place as any.
  void place(YamlNode& node, const YAML::Mark& mark) const {
    const std::size_t line = mark.line < 0 ? 0 : static_cast<std::size_t>(mark.line);
    const std::size_t column = mark.column < 0 ? 0 : static_cast<std::size_t>(mark.column);
    node.line = line + 1;
    node.column = 1;
    const std::size_t start = line < line_starts_.size() ? line_starts_[line] : bytes_.size();
    std::string_view before = bytes_.substr(start, column);
    for (std::size_t size = utf8_character(before); size != 0; size = utf8_character(before)) {
      before.remove_prefix(size);
      ++node.column;
    }
  }

  void check(const YAML::Mark& mark, std::string_view tag, YAML::anchor_t anchor) {
    if (anchor != 0) stop(not_allowed_yaml, mark, "&");
    if (!tag.empty() && tag != "?" && tag != "!") stop(not_allowed_yaml, mark, tag);
    if (++nodes_ > nodes_max_) stop(over_limit, mark, "> " + std::to_string(nodes_max_) + " nodes");
  }

  void add(const YAML::Mark& mark, std::string_view tag, YAML::anchor_t anchor, YamlNode node) {
    check(mark, tag, anchor);
    if (node.kind == YamlNode::Kind::null) place(node, mark);
    put(std::move(node), mark);
  }

  void open(const YAML::Mark& mark, std::string_view tag, YAML::anchor_t anchor, YamlNode::Kind kind) {
    check(mark, tag, anchor);
    if (stack_.size() >= yaml_depth_max) stop(over_limit, mark, "> " + std::to_string(yaml_depth_max) + " levels");
    YamlNode node;
    node.kind = kind;
    place(node, mark);
    stack_.push_back({std::move(node), mark});
  }

  void close() {
    Open done = std::move(stack_.back());
    stack_.pop_back();
    put(std::move(done.node), done.mark);
  }

  // The innermost open map has as many values as keys: the next node is a key.
  bool expects_key() const {
    if (stack_.empty()) return false;
    const YamlNode& top = stack_.back().node;
    return top.kind == YamlNode::Kind::map && top.keys.size() == top.items.size();
  }

  void put(YamlNode node, const YAML::Mark& mark) {
    if (stack_.empty()) {
      root_ = std::move(node);
      return;
    }
    YamlNode& top = stack_.back().node;
    if (!expects_key()) {
      top.items.push_back(std::move(node));
      return;
    }
    if (node.kind != YamlNode::Kind::scalar) stop(wrong_type, mark, "key");
    if (top.keys.size() >= list_items_max) stop(over_limit, mark, "> " + std::to_string(list_items_max) + " keys");
    for (const YamlNode& key : top.keys) {
      if (key.scalar == node.scalar) stop(duplicate, mark, "'" + node.scalar + "', " + std::to_string(key.line));
    }
    top.keys.push_back(std::move(node));
  }

  struct Open {
    YamlNode node;
    YAML::Mark mark;
  };
  std::string file_;
  std::string_view bytes_;
  std::vector<std::size_t> line_starts_{0};
  std::vector<Open> stack_;
  std::optional<YamlNode> root_;
  std::size_t nodes_ = 0;
  std::size_t nodes_max_;
};

}  // namespace

const YamlNode* YamlNode::find(std::string_view key) const {
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (keys[i].scalar == key) return &items[i];
  }
  return nullptr;
}

Result<YamlNode> parse_yaml(std::string_view file, std::string_view bytes, std::size_t nodes_max) {
  const std::string name(file);
  if (bytes.size() > file_bytes_max) {
    return Error(over_limit,
                 name + ":1:1: " + std::to_string(bytes.size()) + " > " + std::to_string(file_bytes_max) + " bytes");
  }
  // A zero byte would make yaml-cpp take the file for UTF-16.
  if (!is_utf8(bytes) || bytes.find('\0') != std::string_view::npos) {
    std::size_t line = 1;
    std::string_view rest = bytes;
    for (std::size_t size = utf8_character(rest); size != 0 && rest.front() != '\0'; size = utf8_character(rest)) {
      if (rest.front() == '\n') ++line;
      rest.remove_prefix(size);
    }
    return Error(bad_value, name + ":" + std::to_string(line) + ":1: UTF-8");
  }
  std::size_t line = 1;
  for (std::string_view rest = bytes; !rest.empty(); ++line) {
    const std::size_t size = std::min(rest.find('\n'), rest.size());
    if (size > yaml_line_bytes_max) {
      return Error(over_limit, name + ":" + std::to_string(line) + ":1: " + std::to_string(size) + " > " +
                                   std::to_string(yaml_line_bytes_max) + " bytes");
    }
    rest.remove_prefix(std::min(size + 1, rest.size()));
  }
  TreeBuilder builder(file, bytes, nodes_max);
  try {
    std::istringstream stream{std::string(bytes)};
    YAML::Parser parser(stream);
    while (parser.HandleNextDocument(builder)) {
    }
  } catch (const Stop& stop) {
    return stop.error;
  } catch (const YAML::DeepRecursion& failure) {
    return builder.error_at(over_limit, failure.mark, "> " + std::to_string(yaml_depth_max) + " levels");
  } catch (const YAML::Exception& failure) {
    // Anchors are refused, so an alias can only be one that was never defined.
    if (failure.msg == YAML::ErrorMsg::UNKNOWN_ANCHOR) return builder.error_at(not_allowed_yaml, failure.mark, "*");
    return builder.error_at(bad_syntax, failure.mark, failure.msg);
  } catch (const std::exception& failure) {
    return Error(bad_syntax, name + ":1:1: " + failure.what());
  }
  std::optional<YamlNode> root = builder.take();
  if (!root) return Error(missing_key, name + ":1:1: (empty)");
  return *std::move(root);
}

}  // namespace luy::regulation
