#include "hub/schema.h"

#include <re2/re2.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <set>
#include <vector>

#include "base/clock.h"

namespace luy::hub {
namespace {

namespace json = boost::json;

enum Type : unsigned { null = 1, boolean = 2, integer = 4, number = 8, text = 16, array = 32, object = 64 };

std::string str(json::string_view view) {
  return std::string(view.data(), view.size());
}

unsigned type_from_name(std::string_view name) {
  constexpr std::array<std::pair<std::string_view, unsigned>, 7> names = {{{"null", null},
                                                                           {"boolean", boolean},
                                                                           {"integer", integer},
                                                                           {"number", number},
                                                                           {"string", text},
                                                                           {"array", array},
                                                                           {"object", object}}};
  for (const auto& [known, type] : names) {
    if (known == name) return type;
  }
  return 0;
}

unsigned types_of(const json::value& value) {
  switch (value.kind()) {
    case json::kind::null:
      return null;
    case json::kind::bool_:
      return boolean;
    case json::kind::int64:
    case json::kind::uint64:
      return integer | number;
    case json::kind::double_:
      return value.get_double() == std::floor(value.get_double()) ? integer | number : unsigned{number};
    case json::kind::string:
      return text;
    case json::kind::array:
      return array;
    case json::kind::object:
      return object;
  }
  return 0;
}

Fault at(const std::string& place, const Fault& what) {
  return {place + ": " + what.vi, place + ": " + what.en};
}

// "ít nhất 3 ký tự", "at least 3 characters".
Fault at_least(std::size_t count, std::string_view of_vi, std::string_view of_en) {
  const std::string number = std::to_string(count) + " ";
  return {"ít nhất " + number + std::string(of_vi), "at least " + number + std::string(of_en)};
}
Fault at_most(std::size_t count, std::string_view of_vi, std::string_view of_en) {
  const std::string number = std::to_string(count) + " ";
  return {"nhiều nhất " + number + std::string(of_vi), "at most " + number + std::string(of_en)};
}

std::size_t characters(std::string_view utf8) {
  return static_cast<std::size_t>(
      std::count_if(utf8.begin(), utf8.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

class Node final : public Schema {
 public:
  std::optional<Fault> fault(const json::value& value, const std::string& place) const override {
    const auto wrong = [&](const Fault& what) { return at(place.empty() ? "body" : place, what); };
    if (ref) return ref->fault(value, place);
    if (types != 0 && (types_of(value) & types) == 0)
      return wrong({"phải thuộc kiểu " + type_names, "must be of type " + type_names});
    if (!allowed.empty() && std::find(allowed.begin(), allowed.end(), value) == allowed.end()) {
      return wrong({"không thuộc các giá trị cho phép", "must be one of the values named in the contract"});
    }
    if (!one_of.empty()) {
      const auto fits =
          std::count_if(one_of.begin(), one_of.end(), [&](const Node* choice) { return !choice->fault(value, place); });
      if (fits != 1)
        return one_of.front()
            ->fault(value, place)
            .value_or(wrong({"phù hợp nhiều dạng cùng lúc", "fits more than one form"}));
    }
    if (value.is_number()) {
      const double n = value.to_number<double>();
      if (minimum && n < *minimum) {
        const std::string limit = std::to_string(static_cast<long long>(*minimum));
        return wrong({"phải từ " + limit + " trở lên", "must be at least " + limit});
      }
      if (maximum && n > *maximum) {
        const std::string limit = std::to_string(static_cast<long long>(*maximum));
        return wrong({"không được quá " + limit, "must be at most " + limit});
      }
    }
    if (value.is_string()) {
      if (auto what = text_fault(value.get_string())) return wrong(*what);
    }
    if (value.is_array()) return array_fault(value.get_array(), place);
    if (value.is_object()) return object_fault(value.get_object(), place);
    return std::nullopt;
  }
  bool takes_integer() const override { return ref ? ref->takes_integer() : (types & (integer | number)) != 0; }

  std::optional<Fault> text_fault(std::string_view value) const {
    const std::size_t length = characters(value);
    if (min_length && length < *min_length) return at_least(*min_length, "ký tự", "characters");
    if (max_length && length > *max_length) return at_most(*max_length, "ký tự", "characters");
    if (value.find('\0') != std::string_view::npos) return Fault{"không được chứa ký tự NUL", "must not hold NUL"};
    if (pattern && !RE2::PartialMatch(re2::StringPiece(value.data(), value.size()), *pattern)) {
      return Fault{"phải theo mẫu " + pattern->pattern(), "must match " + pattern->pattern()};
    }
    if (format == "date-time" && !from_rfc3339(value)) {
      return Fault{"phải là thời điểm, như 2026-11-22T03:04:05Z", "must be a time such as 2026-11-22T03:04:05Z"};
    }
    if (format == "date" && !day_from_iso(value)) {
      return Fault{"phải là ngày, như 2026-11-22", "must be a day such as 2026-11-22"};
    }
    return std::nullopt;
  }

  std::optional<Fault> array_fault(const json::array& values, const std::string& place) const {
    if (min_items && values.size() < *min_items) return at(place, at_least(*min_items, "mục", "items"));
    if (max_items && values.size() > *max_items) return at(place, at_most(*max_items, "mục", "items"));
    for (std::size_t i = 0; items != nullptr && i < values.size(); ++i) {
      if (auto what = items->fault(values[i], place + "[" + std::to_string(i) + "]")) return what;
    }
    return std::nullopt;
  }

  std::optional<Fault> object_fault(const json::object& values, const std::string& place) const {
    const std::string prefix = place.empty() ? "" : place + ".";
    for (const std::string& name : required) {
      if (!values.contains(name)) return at(prefix + name, {"còn thiếu", "is missing"});
    }
    for (const auto& [key, value] : values) {
      const auto known = properties.find(str(key));
      if (known != properties.end()) {
        if (auto what = known->second->fault(value, prefix + str(key))) return what;
      } else if (closed) {
        return at(prefix + str(key).substr(0, 60), {"không có trong quy định", "is not known"});
      } else if (additional != nullptr) {
        if (auto what = additional->fault(value, prefix + str(key))) return what;
      }
    }
    return std::nullopt;
  }

  const Node* ref = nullptr;
  unsigned types = 0;
  std::string type_names;
  std::vector<json::value> allowed;
  std::vector<const Node*> one_of;
  std::optional<double> minimum;
  std::optional<double> maximum;
  std::optional<std::size_t> min_length;
  std::optional<std::size_t> max_length;
  std::optional<std::size_t> min_items;
  std::optional<std::size_t> max_items;
  std::unique_ptr<RE2> pattern;
  std::string format;
  const Node* items = nullptr;
  std::map<std::string, const Node*> properties;
  std::vector<std::string> required;
  const Node* additional = nullptr;
  bool closed = false;
};

}  // namespace

struct SchemaSet::State {
  explicit State(const json::value& whole) : document(whole) {}

  const json::value& document;
  std::vector<std::unique_ptr<Node>> nodes;
  std::map<std::string, Node*> components;

  Node* make() { return nodes.emplace_back(std::make_unique<Node>()).get(); }

  Result<void> fill(Node& node, const json::value& schema, const std::string& place);
  Result<void> keyword(Node& node, const std::string& name, const json::value& value, const std::string& place);
  Result<void> type(Node& node, const json::value& value, const std::string& place);
  Result<const Node*> component(const std::string& reference, const std::string& place);
  Result<const Node*> nested(const json::value& schema, const std::string& place);
};

Result<const Node*> SchemaSet::State::nested(const json::value& schema, const std::string& place) {
  Node* const node = make();
  LUY_TRY_VOID(fill(*node, schema, place));
  return static_cast<const Node*>(node);
}

Result<const Node*> SchemaSet::State::component(const std::string& reference, const std::string& place) {
  constexpr std::string_view prefix = "#/components/schemas/";
  if (!reference.starts_with(prefix)) return Error(contract_invalid, place + ": $ref " + reference);
  const std::string name = reference.substr(prefix.size());
  if (const auto known = components.find(name); known != components.end())
    return static_cast<const Node*>(known->second);
  const json::value* schema = nullptr;
  boost::system::error_code error;
  schema = document.find_pointer("/components/schemas/" + name, error);
  if (schema == nullptr) return Error(contract_invalid, place + ": there is no " + reference);
  Node* const node = make();
  components.emplace(name, node);  // Before it is filled: schemas may refer to themselves.
  LUY_TRY_VOID(fill(*node, *schema, name));
  return static_cast<const Node*>(node);
}

Result<void> SchemaSet::State::type(Node& node, const json::value& value, const std::string& place) {
  std::vector<std::string> names;
  if (value.is_string()) names.push_back(str(value.get_string()));
  if (value.is_array()) {
    for (const json::value& name : value.get_array()) names.push_back(name.is_string() ? str(name.get_string()) : "");
  }
  if (names.empty()) return Error(contract_invalid, place + ": type");
  for (const std::string& name : names) {
    const unsigned bit = type_from_name(name);
    if (bit == 0) return Error(contract_invalid, place + ": type " + name);
    node.types |= bit;
    node.type_names += (node.type_names.empty() ? "" : " or ") + name;
  }
  return {};
}

Result<void> SchemaSet::State::keyword(Node& node, const std::string& name, const json::value& value,
                                       const std::string& place) {
  const auto wrong = [&] { return Error(contract_invalid, place + ": " + name); };
  const auto count = [&](std::optional<std::size_t>& out) -> Result<void> {
    if (!value.is_int64() || value.get_int64() < 0) return wrong();
    out = static_cast<std::size_t>(value.get_int64());
    return {};
  };
  if (name == "description" || name == "title") return {};
  if (name == "type") return type(node, value, place);
  if (name == "minLength") return count(node.min_length);
  if (name == "maxLength") return count(node.max_length);
  if (name == "minItems") return count(node.min_items);
  if (name == "maxItems") return count(node.max_items);
  if (name == "minimum" || name == "maximum") {
    if (!value.is_number()) return wrong();
    (name == "minimum" ? node.minimum : node.maximum) = value.to_number<double>();
    return {};
  }
  if (name == "format" && value.is_string()) {
    node.format = str(value.get_string());
    return node.format == "date" || node.format == "date-time" ? Result<void>() : wrong();
  }
  if (name == "pattern" && value.is_string()) {
    node.pattern = std::make_unique<RE2>(str(value.get_string()), RE2::Quiet);
    return node.pattern->ok() ? Result<void>() : wrong();
  }
  if (name == "enum" && value.is_array()) {
    node.allowed.assign(value.get_array().begin(), value.get_array().end());
    return {};
  }
  if (name == "required" && value.is_array()) {
    for (const json::value& item : value.get_array()) node.required.push_back(str(item.as_string()));
    return {};
  }
  if (name == "items") {
    LUY_TRY(node.items, nested(value, place + ".items"));
    return {};
  }
  if (name == "oneOf" && value.is_array()) {
    for (const json::value& choice : value.get_array()) {
      LUY_TRY(const Node* one, nested(choice, place + ".oneOf"));
      node.one_of.push_back(one);
    }
    return {};
  }
  if (name == "properties" && value.is_object()) {
    for (const auto& [key, schema] : value.get_object()) {
      LUY_TRY(const Node* property, nested(schema, place + "." + str(key)));
      node.properties.emplace(str(key), property);
    }
    return {};
  }
  if (name == "additionalProperties") {
    if (value.is_bool()) {
      node.closed = !value.get_bool();
      return {};
    }
    LUY_TRY(node.additional, nested(value, place + ".additionalProperties"));
    return {};
  }
  return wrong();
}

Result<void> SchemaSet::State::fill(Node& node, const json::value& schema, const std::string& place) {
  if (!schema.is_object()) return Error(contract_invalid, place + ": a schema must be an object");
  const json::object& words = schema.get_object();
  if (const json::value* reference = words.if_contains("$ref")) {
    if (!reference->is_string()) return Error(contract_invalid, place + ": $ref");
    LUY_TRY(node.ref, component(str(reference->get_string()), place));
    for (const auto& [key, value] : words) {
      if (key != "$ref" && key != "description") return Error(contract_invalid, place + ": $ref beside " + str(key));
    }
    return {};
  }
  for (const auto& [key, value] : words) LUY_TRY_VOID(keyword(node, str(key), value, place));
  for (const std::string& name : node.required) {
    if (!node.properties.contains(name))
      return Error(contract_invalid, place + ": required but not described: " + name);
  }
  return {};
}

SchemaSet::SchemaSet(const json::value& document) : state_(std::make_unique<State>(document)) {}
SchemaSet::~SchemaSet() = default;
SchemaSet::SchemaSet(SchemaSet&&) noexcept = default;

Result<const Schema*> SchemaSet::compile(const json::value& schema, const std::string& place) {
  LUY_TRY(const Node* node, state_->nested(schema, place));
  return static_cast<const Schema*>(node);
}

}  // namespace luy::hub
