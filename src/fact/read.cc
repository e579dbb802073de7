// Reading facts: simdjson's tree keeps every key of an object, so that one that comes twice is seen, and checks UTF-8
// and depth; the walk below gives it types.
#include <simdjson.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "base/utf8.h"
#include "fact/codec/members.h"
#include "fact/fact.h"

namespace luy::fact {
namespace {

using simdjson::dom::element;

constexpr std::size_t depth_max = 8;         // The deepest document, a list in an object in a list, needs five.
constexpr std::size_t shown_bytes_max = 64;  // Of an outsider's text in our messages.

// What is wrong and where; the path grows from the inside outwards: "[3].offered", then ".security[3].offered".
struct Fault {
  std::string path;
  std::string what;
};
using Checked = std::optional<Fault>;  // nullopt: right.

Checked wrong(std::string what) {
  return Fault{{}, std::move(what)};
}

Checked within(std::string step, Checked fault) {
  if (fault) fault->path.insert(0, step);
  return fault;
}

std::string shown(std::string_view text) {
  std::string out(utf8_front(text, shown_bytes_max));
  for (char& c : out) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) c = '?';
  }
  return out;
}

Checked read(element in, bool& out) {
  return in.get_bool().get(out) == simdjson::SUCCESS ? Checked() : wrong("must be true or false");
}

// get_int64() also takes unsigned numbers that fit, and refuses those with a fraction or exponent.
Checked read(element in, std::int64_t& out) {
  return in.get_int64().get(out) == simdjson::SUCCESS ? Checked() : wrong("must be an integer of 64 bits");
}

Checked read(element in, double& out) {
  if (in.get_double().get(out) != simdjson::SUCCESS || !std::isfinite(out)) return wrong("must be a number");
  return {};
}

Checked read(element in, std::string& out) {
  std::string_view text;
  if (in.get_string().get(text) != simdjson::SUCCESS) return wrong("must be a text");
  if (text.size() > text_bytes_max) return wrong("must be at most " + std::to_string(text_bytes_max) + " bytes");
  out = text;
  return {};
}

Checked read(element in, Time& out) {
  std::string_view text;
  if (in.get_string().get(text) != simdjson::SUCCESS) return wrong("must be a time as text");
  const auto time = from_rfc3339(text);
  if (!time) return wrong("must be an RFC 3339 time");
  // An offset can carry the first and the last day out of the years that can be written.
  const int year = static_cast<int>(std::chrono::year_month_day{std::chrono::floor<days>(*time)}.year());
  if (year < 0 || year > 9999) return wrong("must be a time in the years 0000 to 9999 UTC");
  out = *time;
  return {};
}

Checked read(element in, element& out) {
  out = in;
  return {};
}

template <class T>
Checked read(element in, std::vector<T>& out);

template <class T>
Checked read(element in, std::optional<T>& out);

template <class T>
requires std::is_class_v<T> Checked read(element in, T& out) {
  simdjson::dom::object object;
  if (in.get_object().get(object) != simdjson::SUCCESS) return wrong("must be an object");
  std::array<bool, codec::member_count<T>> seen{};
  for (const auto field : object) {
    bool known = false;
    Checked fault;
    std::size_t index = 0;
    codec::for_each_member<T>([&](auto member) {
      if (!known && field.key == member.name) {
        known = true;
        fault = seen[index] ? wrong("comes twice") : read(field.value, out.*member.pointer);
        seen[index] = true;
      }
      ++index;
    });
    if (!known) fault = wrong("unknown key");
    if (fault) return within("." + shown(field.key), std::move(fault));
  }
  Checked missing;
  std::size_t index = 0;
  codec::for_each_member<T>([&](auto member) {
    using Field = std::remove_reference_t<decltype(out.*member.pointer)>;
    if (!seen[index] && !codec::is_optional<Field> && !missing) {
      missing = within(std::string(".") + member.name, wrong("missing"));
    }
    ++index;
  });
  return missing;
}

template <class T>
Checked read(element in, std::optional<T>& out) {
  if (in.is_null()) return {};
  return read(in, out.emplace());
}

template <class T>
Checked read(element in, std::vector<T>& out) {
  simdjson::dom::array array;
  if (in.get_array().get(array) != simdjson::SUCCESS) return wrong("must be a list");
  if (array.size() > items_max) return wrong("must have at most " + std::to_string(items_max) + " items");
  out.reserve(array.size());
  for (const element item : array) {
    if (auto fault = read(item, out.emplace_back())) {
      return within("[" + std::to_string(out.size() - 1) + "]", std::move(fault));
    }
  }
  return {};
}

// The document around the body.
struct Envelope {
  std::string fact;
  std::int64_t version = 0;
  Time collected_at;
  std::string method;
  element body;
};
BOOST_DESCRIBE_STRUCT(Envelope, (), (fact, version, collected_at, method, body))

Checked read(element root, Fact& out) {
  Envelope envelope;
  if (auto fault = read(root, envelope)) return fault;
  if (envelope.version != version) {
    return within(".version", wrong(std::to_string(envelope.version) + " is not known"));
  }
  const auto kind = kind_from_name(envelope.fact);
  if (!kind) return within(".fact", wrong("\"" + shown(envelope.fact) + "\" is not known"));
  out.collected_at = envelope.collected_at;
  out.method = std::move(envelope.method);
  return boost::mp11::mp_with_index<kind_count>(static_cast<std::size_t>(*kind), [&](auto index) {
    return within(".body", read(envelope.body, out.body.emplace<index>()));
  });
}

}  // namespace

Result<Fact> from_json(std::string_view json) {
  if (json.size() > document_bytes_max) {
    return Error(malformed, std::to_string(json.size()) + " bytes, allowed " + std::to_string(document_bytes_max));
  }
  if (json.empty()) return Error(malformed, "empty");
  simdjson::dom::parser parser(document_bytes_max);
  if (parser.allocate(std::max(json.size(), simdjson::SIMDJSON_PADDING), depth_max) != simdjson::SUCCESS) {
    return Error(malformed, "no memory to read it");
  }
  element root;
  if (const auto error = parser.parse(json.data(), json.size()).get(root)) {
    return Error(malformed, std::string("not JSON: ") + simdjson::error_message(error));
  }
  Fact out;
  if (auto fault = read(root, out)) {
    const std::string_view path = fault->path;
    return Error(malformed, path.empty() ? fault->what : std::string(path.substr(1)) + ": " + fault->what);
  }
  return out;
}

}  // namespace luy::fact
