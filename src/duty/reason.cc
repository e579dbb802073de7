#include "duty/reason.h"

#include <array>
#include <charconv>
#include <cstdio>

#include "base/utf8.h"

namespace luy::duty {
namespace {

constexpr char separator = '\x1f';  // ASCII "unit separator".

enum class Language { vi, en };

std::optional<Time> time_from(const std::string& text) {
  std::int64_t micros = 0;
  const char* end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), end, micros);
  if (parsed.ec != std::errc() || parsed.ptr != end) return std::nullopt;
  return from_micros(micros);
}

std::string clock_text(Time time) {
  const auto minutes = std::chrono::floor<std::chrono::minutes>(time - day_begin(day_of(time))).count();
  std::array<char, 8> out{};
  std::snprintf(out.data(), out.size(), "%02d:%02d", static_cast<int>(minutes / 60), static_cast<int>(minutes % 60));
  return out.data();
}

std::string formatted(const std::string& argument, std::string_view format, Language language) {
  if (format == "number") {
    std::string out = argument;
    if (const auto dot = out.find('.'); dot != std::string::npos && language == Language::vi) out[dot] = ',';
    return out;
  }
  if (format != "day" && format != "time") return argument;
  const auto time = time_from(argument);
  if (!time) return argument;
  const Day day = day_of(*time);
  if (language == Language::vi) {
    return format == "day" ? to_vietnamese(day) : clock_text(*time) + " ngày " + to_vietnamese(day);
  }
  return format == "day" ? to_iso(day) : to_iso(day) + " " + clock_text(*time);
}

std::string fill(std::string_view pattern, const std::vector<std::string>& arguments, Language language) {
  std::string out;
  while (true) {
    const auto open = pattern.find('{');
    out += pattern.substr(0, open);
    if (open == std::string_view::npos) return out;
    const auto close = pattern.find('}', open);
    const std::string_view place = pattern.substr(open + 1, close - open - 1);
    pattern.remove_prefix(close + 1);
    const auto index = static_cast<std::size_t>(place.front() - '0');
    const std::string_view format = place.size() > 2 ? place.substr(2) : std::string_view();
    // A reason stored by an older version may know fewer arguments.
    if (index < arguments.size()) out += formatted(arguments[index], format, language);
  }
}

}  // namespace

std::string_view name_of(Code code) {
  return templates()[static_cast<std::size_t>(code)].name;
}

std::optional<Code> code_from_name(std::string_view name) {
  for (const Template& one : templates()) {
    if (one.name == name) return one.code;
  }
  return std::nullopt;
}

void Arguments::separate() {
  if (!empty_) packed_ += separator;
  empty_ = false;
}

Arguments& Arguments::text(std::string_view value) {
  separate();
  for (const char c : utf8_front(value, argument_bytes_max)) {
    packed_ += static_cast<unsigned char>(c) < 0x20 || c == 0x7F ? '?' : c;
  }
  return *this;
}

Arguments& Arguments::number(std::int64_t value) {
  separate();
  std::array<char, 24> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
  packed_.append(digits.data(), end);
  return *this;
}

Arguments& Arguments::decimal(double value) {
  separate();
  std::array<char, 400> digits{};  // The largest double has 309 digits before the point.
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value, std::chars_format::fixed, 1).ptr;
  packed_.append(digits.data(), end);
  return *this;
}

Arguments& Arguments::time(Time value) {
  return number(to_micros(value));
}

std::vector<std::string> Arguments::unpack(std::string_view packed) {
  std::vector<std::string> out;
  if (packed.empty()) return out;
  for (;;) {
    const auto end = packed.find(separator);
    out.emplace_back(packed.substr(0, end));
    if (end == std::string_view::npos) return out;
    packed.remove_prefix(end + 1);
  }
}

regulation::Text to_text(const Reason& reason) {
  const auto code = code_from_name(reason.code);
  if (!code) return {reason.code, reason.code};
  const Template& found = templates()[static_cast<std::size_t>(*code)];
  return {fill(found.vi, reason.args, Language::vi), fill(found.en, reason.args, Language::en)};
}

}  // namespace luy::duty
