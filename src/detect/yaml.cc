#include "detect/yaml.h"

#include <yaml-cpp/depthguard.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <exception>
#include <istream>
#include <optional>
#include <streambuf>

#include "base/utf8.h"
#include "detect/error.h"

namespace luy::detect {
namespace {

// Leaves yaml-cpp's parser from inside a handler; caught in parse_yaml(), never seen outside.
struct Stop : std::exception {
  explicit Stop(Error reason) : error(std::move(reason)) {}
  Error error;
};

std::size_t line_of(const YAML::Mark& mark) {
  return mark.line < 0 ? 1 : static_cast<std::size_t>(mark.line) + 1;
}

class TreeBuilder final : public YAML::EventHandler {
 public:
  explicit TreeBuilder(std::string_view file) : file_(file) {}

  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    check(mark, "?", anchor);
    YamlNode node;
    node.line = line_of(mark);
    put(std::move(node), mark);
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override { stop(yaml_not_allowed, mark, "*"); }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    check(mark, tag, anchor);
    YamlNode node;
    node.line = line_of(mark);
    node.quoted = tag == "!";
    node.kind = value.empty() && !node.quoted ? YamlNode::Kind::null : YamlNode::Kind::scalar;
    node.scalar = value;
    if (!node.quoted && value == "<<") stop(yaml_not_allowed, mark, "<<");
    put(std::move(node), mark);
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

  std::vector<YamlNode> take() { return std::move(documents_); }
  Error error_at(const ErrorKind& kind, const YAML::Mark& mark, std::string_view what) const {
    return Error(kind, at_line(file_, line_of(mark), what));
  }

 private:
  [[noreturn]] void stop(const ErrorKind& kind, const YAML::Mark& mark, std::string_view what) const {
    throw Stop(error_at(kind, mark, what));
  }
  void check(const YAML::Mark& mark, std::string_view tag, YAML::anchor_t anchor) {
    if (anchor != 0) stop(yaml_not_allowed, mark, "&");
    if (!tag.empty() && tag != "?" && tag != "!") stop(yaml_not_allowed, mark, tag);
    if (++nodes_ > yaml_nodes_max) stop(over_limit, mark, "> " + std::to_string(yaml_nodes_max) + " nodes");
  }
  void open(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor, YamlNode::Kind kind) {
    check(mark, tag, anchor);
    if (stack_.size() >= yaml_depth_max) stop(over_limit, mark, "> " + std::to_string(yaml_depth_max) + " levels");
    YamlNode node;
    node.kind = kind;
    node.line = line_of(mark);
    stack_.push_back({std::move(node), mark});
  }
  void close() {
    Open done = std::move(stack_.back());
    stack_.pop_back();
    put(std::move(done.node), done.mark);
  }
  void put(YamlNode node, const YAML::Mark& mark) {
    if (stack_.empty()) {
      documents_.push_back(std::move(node));
      return;
    }
    YamlNode& top = stack_.back().node;
    // A map that has as many values as keys expects a key.
    if (!top.is_map() || top.keys.size() != top.items.size()) {
      top.items.push_back(std::move(node));
      return;
    }
    if (!node.is_scalar()) stop(bad_yaml, mark, "key");
    if (top.find(node.scalar) != nullptr) stop(bad_yaml, mark, "'" + node.scalar + "' × 2");
    top.keys.push_back(std::move(node.scalar));
  }

  struct Open {
    YamlNode node;
    YAML::Mark mark;
  };
  std::string file_;
  std::vector<Open> stack_;
  std::vector<YamlNode> documents_;
  std::size_t nodes_ = 0;
};

// Reads bytes that stay where they are.
class ViewBuffer final : public std::streambuf {
 public:
  explicit ViewBuffer(std::string_view bytes) {
    char* begin = const_cast<char*>(bytes.data());  // std::streambuf's interface; nothing writes through it.
    setg(begin, begin, begin + bytes.size());
  }
};

Result<void> check_bytes(std::string_view file, std::string_view bytes) {
  if (bytes.size() > rule_file_bytes_max) {
    return Error(over_limit, at_line(file, 1, "> " + std::to_string(rule_file_bytes_max) + " bytes"));
  }
  // A zero byte would make yaml-cpp take the file for UTF-16.
  if (!is_utf8(bytes) || bytes.find('\0') != std::string_view::npos) return Error(bad_yaml, at_line(file, 1, "UTF-8"));
  std::size_t line = 1;
  for (std::string_view rest = bytes; !rest.empty(); ++line) {
    const std::size_t size = std::min(rest.find('\n'), rest.size());
    if (size > yaml_line_bytes_max) {
      return Error(over_limit, at_line(file, line, "> " + std::to_string(yaml_line_bytes_max) + " bytes"));
    }
    rest.remove_prefix(std::min(size + 1, rest.size()));
  }
  return {};
}

}  // namespace

const YamlNode* YamlNode::find(std::string_view key) const {
  if (!is_map()) return nullptr;
  // While the map is still being read it may have one key more than values.
  for (std::size_t i = 0; i < keys.size() && i < items.size(); ++i) {
    if (keys[i] == key) return &items[i];
  }
  return nullptr;
}

std::string YamlNode::text(std::string_view key) const {
  const YamlNode* node = find(key);
  return node != nullptr && node->is_scalar() ? node->scalar : std::string();
}

std::string at_line(std::string_view file, std::size_t line, std::string_view what) {
  return std::string(file) + ":" + std::to_string(line) + ": " + to_utf8(what);
}

Result<std::vector<YamlNode>> parse_yaml(std::string_view file, std::string_view bytes) {
  LUY_TRY_VOID(check_bytes(file, bytes));
  TreeBuilder builder(file);
  try {
    ViewBuffer buffer(bytes);
    std::istream stream(&buffer);
    YAML::Parser parser(stream);
    while (parser.HandleNextDocument(builder)) {
    }
  } catch (const Stop& stop) {
    return stop.error;
  } catch (const YAML::DeepRecursion& failure) {
    return builder.error_at(over_limit, failure.mark, "> " + std::to_string(yaml_depth_max) + " levels");
  } catch (const YAML::Exception& failure) {
    // Anchors are refused, so an alias can only be one that was never defined.
    const bool alias = failure.msg == YAML::ErrorMsg::UNKNOWN_ANCHOR;
    return builder.error_at(alias ? yaml_not_allowed : bad_yaml, failure.mark, failure.msg);
  } catch (const std::exception& failure) {
    return Error(bad_yaml, at_line(file, 1, failure.what()));
  }
  return builder.take();
}

}  // namespace luy::detect
