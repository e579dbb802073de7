#include "detect/extract.h"

#include <charconv>
#include <cmath>

#include "base/utf8.h"

namespace luy::detect {
namespace {

void append_character(std::uint32_t c, std::string& out) {
  if (c < 0x80) {
    out += static_cast<char>(c);
  } else if (c < 0x800) {
    out += static_cast<char>(0xC0 | c >> 6);
    out += static_cast<char>(0x80 | (c & 0x3F));
  } else if (c < 0x10000) {
    out += static_cast<char>(0xE0 | c >> 12);
    out += static_cast<char>(0x80 | (c >> 6 & 0x3F));
    out += static_cast<char>(0x80 | (c & 0x3F));
  } else {
    out += static_cast<char>(0xF0 | c >> 18);
    out += static_cast<char>(0x80 | (c >> 12 & 0x3F));
    out += static_cast<char>(0x80 | (c >> 6 & 0x3F));
    out += static_cast<char>(0x80 | (c & 0x3F));
  }
}

constexpr std::uint32_t replacement = 0xFFFD;

// The four hexadecimal digits of an escape; nullopt when they are not.
std::optional<std::uint32_t> unit_at(std::string_view raw, std::size_t at) {
  if (at + 4 > raw.size()) return std::nullopt;
  std::uint32_t out = 0;
  const char* begin = raw.data() + at;
  const auto [end, error] = std::from_chars(begin, begin + 4, out, 16);
  return error == std::errc() && end == begin + 4 ? std::optional(out) : std::nullopt;
}

}  // namespace

std::string unescape_leniently(std::string_view raw) {
  std::string out;
  for (std::size_t i = 0; i < raw.size(); ++i) {
    if (raw[i] != '\\' || i + 1 == raw.size()) {
      out += raw[i];
      continue;
    }
    const char escape = raw[++i];
    constexpr std::string_view from = "\"\\/bfnrt";
    constexpr std::string_view to = "\"\\/\b\f\n\r\t";
    if (const std::size_t at = from.find(escape); at != std::string_view::npos) {
      out += to[at];
    } else if (const auto unit = escape == 'u' ? unit_at(raw, i + 1) : std::nullopt; unit) {
      i += 4;
      const bool high = *unit >= 0xD800 && *unit < 0xDC00;
      const auto low = high && raw.substr(i + 1).starts_with("\\u") ? unit_at(raw, i + 3) : std::nullopt;
      if (high && low && *low >= 0xDC00 && *low < 0xE000) {
        append_character(0x10000 + ((*unit - 0xD800) << 10) + (*low - 0xDC00), out);
        i += 6;
      } else {
        append_character(*unit >= 0xD800 && *unit < 0xE000 ? replacement : *unit, out);
      }
    } else {
      append_character(replacement, out);
    }
  }
  return out;
}

std::string canonical_number(std::string_view token) {
  constexpr double exact_max = 9007199254740992.0;  // 2^53: above it a double no longer tells whole numbers apart.
  double number = 0;
  const auto [end, error] = std::from_chars(token.data(), token.data() + token.size(), number);
  if (error != std::errc() || end != token.data() + token.size() || std::abs(number) > exact_max ||
      std::trunc(number) != number) {
    return std::string(token);
  }
  return std::to_string(static_cast<std::int64_t>(number));
}

bool Extractor::start(std::string_view json, std::size_t capacity, Object& root) {
  const char* bytes = json.data();
  if (capacity < json.size() + simdjson::SIMDJSON_PADDING) {
    padded_.assign(json);
    padded_.resize(json.size() + simdjson::SIMDJSON_PADDING);
    bytes = padded_.data();
    capacity = padded_.size();
  }
  simdjson::error_code error = parser_.iterate(bytes, json.size(), capacity).get(document_);
  if (error == simdjson::UTF8_ERROR) {
    padded_ = to_utf8(json);
    const std::size_t size = padded_.size();
    padded_.resize(size + simdjson::SIMDJSON_PADDING);
    error = parser_.iterate(padded_.data(), size, padded_.size()).get(document_);
  }
  return ok(error) && ok(document_.get_object().get(root));
}

std::string_view Extractor::key_of(simdjson::ondemand::field& field) {
  const char* raw = field.key().raw();
  std::size_t size = 0;
  bool odd = false;
  for (; raw[size] != '"'; ++size) {
    if (raw[size] == '\\') {
      odd = true;
      ++size;
    }
    odd |= raw[size] == ' ';
  }
  if (!odd) return {raw, size};
  std::string name = unescape_leniently({raw, size});
  std::erase(name, ' ');
  return keep(std::move(name));
}

// Reads no text: what is read twice would take room in the parser's buffer twice.
bool Extractor::has_name(Object& members, bool& out) {
  out = false;
  for (auto result : members) {
    simdjson::ondemand::field field;
    if (!ok(std::move(result).get(field))) return false;
    const std::string_view key = key_of(field);
    out = key == "@Name" || key == "Name";
    if (!out && (key == "#attributes" || key == "@attributes" || key == "$")) {
      Object attributes;
      const simdjson::error_code error = field.value().get_object().get(attributes);
      if (error == simdjson::INCORRECT_TYPE) continue;
      if (!ok(error)) return false;
      for (auto attribute : attributes) {
        simdjson::ondemand::field pair;
        if (!ok(std::move(attribute).get(pair))) return false;
        out = out || key_of(pair) == "Name";
      }
    }
    if (out) break;
  }
  bool filled = false;
  return ok(members.reset().get(filled));
}

bool Extractor::scalar(Json& value, Type type, Value& out) {
  switch (type) {
    case Type::string: {
      out.kind = ValueKind::text;
      const std::string_view token = value.raw_json_token();
      const simdjson::error_code error = value.get_string().get(out.text);
      if (error == simdjson::SUCCESS) return true;
      if (error != simdjson::STRING_ERROR) return ok(error);
      // A lone surrogate or an unknown escape: real logs hold them, and a field must not hide behind one.
      const std::size_t end = token.rfind('"');
      if (end == 0 || end == std::string_view::npos) return ok(error);
      out.text = keep(unescape_leniently(token.substr(1, end - 1)));
      return true;
    }
    case Type::number: {
      out.kind = ValueKind::number;
      std::string_view token = value.raw_json_token();
      const std::size_t end = token.find_last_not_of(" \t\r\n");
      token = token.substr(0, end == std::string_view::npos ? 0 : end + 1);
      double check = 0;
      if (!ok(value.get_double().get(check))) return false;
      out.text = token.find_first_of(".eE") == std::string_view::npos ? token : keep(canonical_number(token));
      return true;
    }
    case Type::boolean: {
      bool flag = false;
      out.kind = ValueKind::boolean;
      if (!ok(value.get_bool().get(flag))) return false;
      out.text = flag ? "true" : "false";
      return true;
    }
    default: {
      out = Value{};
      // get(): the conversion to bool would throw on what only begins like null.
      bool yes = false;
      return ok(value.is_null().get(yes)) && (yes || ok(simdjson::N_ATOM_ERROR));
    }
  }
}

}  // namespace luy::detect
