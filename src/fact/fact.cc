#include "fact/fact.h"

#include <array>
#include <charconv>
#include <cmath>

#include "base/json.h"
#include "base/utf8.h"
#include "fact/codec/members.h"
#include "fact/describe.h"

namespace luy::fact {
namespace {

void write(std::string& out, bool value) {
  out += value ? "true" : "false";
}

void write(std::string& out, std::int64_t value) {
  out += std::to_string(value);
}

void write(std::string& out, double value) {
  std::array<char, 32> text{};  // The shortest form of a double has at most 24 characters.
  const auto end = std::to_chars(text.data(), text.data() + text.size(), std::isfinite(value) ? value : 0.0).ptr;
  out.append(text.data(), end);
}

void write(std::string& out, const std::string& value) {
  if (value.size() <= text_bytes_max && is_utf8(value)) return append_json_text(out, value);
  append_json_text(out, utf8_front(to_utf8(value), text_bytes_max));
}

void write(std::string& out, Time value) {
  append_json_text(out, to_rfc3339(value));
}

template <class T>
void write(std::string& out, const std::vector<T>& value);

template <class T>
requires std::is_class_v<T>
void write(std::string& out, const T& value) {
  out += '{';
  bool first = true;
  codec::for_each_member<T>([&](auto member) {
    const auto& field = value.*member.pointer;
    const auto put = [&](const auto& present) {
      if (!first) out += ',';
      first = false;
      append_json_text(out, member.name);
      out += ':';
      write(out, present);
    };
    if constexpr (codec::is_optional<std::remove_cvref_t<decltype(field)>>) {
      if (field) put(*field);
    } else {
      put(field);
    }
  });
  out += '}';
}

template <class T>
void write(std::string& out, const std::vector<T>& value) {
  out += '[';
  for (std::size_t i = 0; i < value.size(); ++i) {
    if (i > 0) out += ',';
    write(out, value[i]);
  }
  out += ']';
}

}  // namespace

std::string_view name_of(Kind kind) {
  return kinds()[static_cast<std::size_t>(kind)].name;
}

std::optional<Kind> kind_from_name(std::string_view name) {
  for (const KindInfo& info : kinds()) {
    if (info.name == name) return info.kind;
  }
  return std::nullopt;
}

std::string body_to_json(const Body& body) {
  std::string out;
  std::visit([&](const auto& one) { write(out, one); }, body);
  return out;
}

std::string to_json(const Fact& fact) {
  std::string out = R"({"fact":)";
  append_json_text(out, name_of(fact.kind()));
  out += R"(,"version":)" + std::to_string(version);
  out += R"(,"collected_at":)";
  write(out, fact.collected_at);
  out += R"(,"method":)";
  write(out, fact.method);
  out += R"(,"body":)" + body_to_json(fact.body) + "}";
  return out;
}

}  // namespace luy::fact
