// JSON of one event into flat fields, in one pass over simdjson's on-demand reader and without copying where the text
// has no escapes. The one place that decides what a field's values are; the plain matcher and the engine both stand on
// it.
#pragma once

#include <simdjson.h>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>

#include "base/result.h"
#include "detect/error.h"
#include "detect/shape.h"

namespace luy::detect {

inline constexpr std::size_t event_bytes_max = 4 << 20;
inline constexpr std::size_t event_depth_max = 24;  // What lies deeper is not looked at.

enum class ValueKind : std::uint8_t { text, number, boolean, null };

struct Value {
  std::string_view text;  // Numbers as written, whole ones without fraction or exponent; "true", "false"; "" for null.
  ValueKind kind = ValueKind::null;
};

// Walks events. A Sink has
//   std::uint32_t slot(std::string_view name)   where to put the field; Shape::nowhere skips it unread
//   void put(std::uint32_t slot, std::uint8_t rank, bool append, Value value)   text borrowed until the next event;
//     `append`: one more element of a list, else in place of what came before unless that had a higher rank
// Not thread-safe: one per thread.
class Extractor {
 public:
  explicit Extractor(const Shape& shape) : shape_(shape) {}

  // `capacity`: bytes that may be read from json.data() on, at least json.size(); where it leaves less than
  // simdjson::SIMDJSON_PADDING after the text, the text is copied.
  // Error: bad_event; the sink may have got some fields by then.
  template <class Sink>
  Result<void> walk(std::string_view json, std::size_t capacity, Sink& sink);

 private:
  using Object = simdjson::ondemand::object;
  using Array = simdjson::ondemand::array;
  using Json = simdjson::ondemand::value;
  using Type = simdjson::ondemand::json_type;

  struct Level {
    std::uint32_t node = Shape::root;
    std::uint8_t rank = 0;
    std::size_t depth = 0;
    bool element = false;        // Within an object that is a list's element.
    char joiner = '.';           // Between the path and a key.
    std::string_view last_name;  // The key that led here: the base of attributes where the path is empty.
  };

  bool start(std::string_view json, std::size_t capacity, Object& root);
  template <class Sink>
  bool object(Object& object, const Level& level, Sink& sink);
  template <class Sink>
  bool member(std::string_view key, Json& value, const Level& level, Sink& sink);
  template <class Sink>
  bool field(std::string_view name, Json& value, const Level& level, Sink& sink);
  template <class Sink>
  bool nested(std::string_view name, Json& value, const Level& level, Sink& sink);
  template <class Sink>
  bool array(std::string_view name, Json& value, const Level& level, Sink& sink);
  template <class Sink>
  bool named(Object& members, const Level& level, Sink& sink);

  // Whether the object has a name of its own ("@Name", "Name"), as an element of a name list; looks and goes back.
  bool has_name(Object& members, bool& out);
  bool scalar(Json& value, Type type, Value& out);
  std::string_view key_of(simdjson::ondemand::field& field);
  bool ok(simdjson::error_code error) {
    failure_ = error;
    return error == simdjson::SUCCESS;
  }
  std::string_view keep(std::string text) { return kept_.emplace_back(std::move(text)); }

  const Shape& shape_;
  simdjson::ondemand::parser parser_;
  simdjson::ondemand::document document_;
  simdjson::error_code failure_ = simdjson::SUCCESS;
  std::string path_;              // Of the level being walked.
  std::string padded_;            // A copy with room after it, where the caller's buffer has none.
  std::deque<std::string> kept_;  // Texts that had to be made: odd escapes, numbers with fractions, names with blanks.
};

// Whole numbers without fraction and exponent, so that 4688.0 is 4688; others as written.
std::string canonical_number(std::string_view token);
// A JSON string's contents with its escapes resolved; what is no proper escape becomes U+FFFD.
std::string unescape_leniently(std::string_view raw);

template <class Sink>
Result<void> Extractor::walk(std::string_view json, std::size_t capacity, Sink& sink) {
  if (json.size() > event_bytes_max) return Error(bad_event, "> " + std::to_string(event_bytes_max) + " bytes");
  kept_.clear();
  path_.clear();
  Object root;
  if (!start(json, capacity, root) || !object(root, Level{}, sink)) {
    return Error(bad_event, simdjson::error_message(failure_));
  }
  return {};
}

template <class Sink>
bool Extractor::object(Object& object, const Level& level, Sink& sink) {
  for (auto result : object) {
    simdjson::ondemand::field field;
    if (!ok(std::move(result).get(field))) return false;
    const std::string_view key = key_of(field);
    if (!member(key, field.value(), level, sink)) return false;
  }
  return true;
}

template <class Sink>
bool Extractor::member(std::string_view key, Json& value, const Level& level, Sink& sink) {
  Level below = level;
  below.last_name = key;
  if (level.node != Shape::nowhere) below.node = shape_.step(level.node, key);
  if (path_.empty() && level.last_name.empty()) return field(key, value, below, sink);

  const std::size_t size = path_.size();
  bool done = false;
  if (key == "#text" && size != 0) {
    done = field(path_, value, below, sink);
  } else if (key == "#attributes" || key == "@attributes") {
    if (size == 0) path_ = level.last_name;
    below.joiner = '_';
    done = nested(path_, value, below, sink);
  } else {
    const bool attribute = key.size() > 1 && key.front() == '@';
    if (attribute && size == 0) path_ = level.last_name;
    if (!path_.empty()) path_ += attribute ? '_' : level.joiner;
    path_ += attribute ? key.substr(1) : key;
    done = field(path_, value, below, sink);
  }
  path_.resize(size);
  return done;
}

template <class Sink>
bool Extractor::field(std::string_view name, Json& value, const Level& level, Sink& sink) {
  Type type{};
  if (!ok(value.type().get(type))) return false;
  if (type == Type::object) {
    constexpr std::string_view split = "_attributes";
    Level below = level;
    below.joiner = '.';
    if (name.size() > split.size() && name.ends_with(split)) {
      below.joiner = '_';
      name.remove_suffix(split.size());
    }
    return nested(name, value, below, sink);
  }
  if (type == Type::array) return array(name, value, level, sink);
  const std::uint32_t slot = sink.slot(name);
  if (slot == Shape::nowhere) return true;
  Value out;
  if (!scalar(value, type, out)) return false;
  sink.put(slot, level.rank, level.element, out);
  return true;
}

// An object under `name`, whose members are named below it.
template <class Sink>
bool Extractor::nested(std::string_view name, Json& value, const Level& level, Sink& sink) {
  Object members;
  const simdjson::error_code error = value.get_object().get(members);
  if (error == simdjson::INCORRECT_TYPE) return true;  // "#attributes" that are none.
  if (!ok(error)) return false;
  if (level.depth >= event_depth_max) return true;
  if (shape_.is_name_list(level.node)) {
    bool is_one = false;
    if (!has_name(members, is_one)) return false;
    if (is_one) return named(members, level, sink);
  }
  Level below = level;
  ++below.depth;
  // The name may point into the path, which changes on the way down.
  std::string inner;
  if (const std::uint8_t rank = shape_.rank(level.node); rank != 0) {
    below.rank = rank;
  } else {
    inner = name;
  }
  path_.swap(inner);
  const bool done = object(members, below, sink);
  path_.swap(inner);
  return done;
}

template <class Sink>
bool Extractor::array(std::string_view name, Json& value, const Level& level, Sink& sink) {
  Array list;
  if (!ok(value.get_array().get(list))) return false;
  if (level.depth >= event_depth_max) return true;
  Level below = level;
  ++below.depth;
  const std::string own(name);  // The name may point into the path.
  const std::uint32_t slot = sink.slot(own);
  for (auto result : list) {
    Json element;
    Type type{};
    if (!ok(std::move(result).get(element)) || !ok(element.type().get(type))) return false;
    if (type == Type::object || type == Type::array) {
      Level inner = below;
      inner.element = true;
      if (!field(own, element, inner, sink)) return false;
    } else if (slot != Shape::nowhere) {
      Value out;
      if (!scalar(element, type, out)) return false;
      sink.put(slot, level.rank, below.element, out);
    }
    below.element = true;
  }
  return true;
}

// {"@Name": "Image", "#text": "a.exe"} or {"#attributes": {"Name": …}, "#text": …}: the field Image.
template <class Sink>
bool Extractor::named(Object& members, const Level& level, Sink& sink) {
  std::string name;
  Value text{"", ValueKind::text};
  for (auto result : members) {
    simdjson::ondemand::field field;
    if (!ok(std::move(result).get(field))) return false;
    const std::string_view key = key_of(field);
    Type type{};
    if (!ok(field.value().type().get(type))) return false;
    Json value = field.value();
    Value out;
    if (type == Type::object) {
      Object inner;
      if (!ok(value.get_object().get(inner))) return false;
      for (auto attribute : inner) {
        simdjson::ondemand::field pair;
        if (!ok(std::move(attribute).get(pair))) return false;
        const bool is_name = key_of(pair) == "Name";
        Type inner_type{};
        if (!ok(pair.value().type().get(inner_type))) return false;
        if (inner_type == Type::object || inner_type == Type::array) continue;
        if (!scalar(pair.value(), inner_type, out)) return false;
        if (is_name) name = out.text;
      }
    } else if (type != Type::array) {
      if (!scalar(value, type, out)) return false;
      if (key == "@Name" || key == "Name") name = out.text;
      if (key == "#text" || key == "text" || key == "Value") text = out;
    }
  }
  std::erase(name, ' ');
  const std::uint32_t slot = sink.slot(name);
  if (slot != Shape::nowhere) sink.put(slot, level.rank, false, text);
  return true;
}

}  // namespace luy::detect
