#include "agent/note.h"

#include <array>
#include <cstdio>

namespace luy::agent {
namespace {

// Length of the well-formed UTF-8 sequence at the front of `text` (Unicode 15, table 3-7); 0 when there is none.
std::size_t utf8_length(std::string_view text) {
  const auto byte = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U; };
  const auto tail = [&](std::size_t i) { return (byte(i) & 0xc0U) == 0x80U; };
  const unsigned first = byte(0);
  if (first < 0x80) return 1;
  if (first >= 0xc2 && first <= 0xdf) return tail(1) ? 2 : 0;
  if (first >= 0xe0 && first <= 0xef) {
    const bool overlong = first == 0xe0 && byte(1) < 0xa0;
    const bool surrogate = first == 0xed && byte(1) > 0x9f;
    return tail(1) && tail(2) && !overlong && !surrogate ? 3 : 0;
  }
  if (first >= 0xf0 && first <= 0xf4) {
    const bool overlong = first == 0xf0 && byte(1) < 0x90;
    const bool beyond = first == 0xf4 && byte(1) > 0x8f;
    return tail(1) && tail(2) && tail(3) && !overlong && !beyond ? 4 : 0;
  }
  return 0;
}

void put_escaped(std::string& out, char c) {
  std::array<char, 8> text{};
  std::snprintf(text.data(), text.size(), "\\u%04x", static_cast<unsigned>(static_cast<unsigned char>(c)));
  out += text.data();
}

}  // namespace

std::string json_text(std::string_view text) {
  std::string out = "\"";
  while (!text.empty()) {
    const char c = text.front();
    const std::size_t length = utf8_length(text);
    if (length == 0) {
      out += "\xef\xbf\xbd";
    } else if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      put_escaped(out, c);
    } else {
      out += text.substr(0, length);
    }
    text.remove_prefix(length == 0 ? 1 : length);
  }
  return out + '"';
}

Item make_note(std::string_view name, Time at, const NoteFields& fields) {
  std::string json = "{\"note\":" + json_text(name) + ",\"at\":\"" + to_rfc3339(at) + '"';
  for (const auto& [key, value] : fields) {
    json += ',' + json_text(key) + ':';
    const auto* number = std::get_if<std::int64_t>(&value);
    json += number != nullptr ? std::to_string(*number) : json_text(std::get<std::string>(value));
  }
  json += '}';
  Item item;
  item.record = {event::Transport::agent, "agent", std::move(json)};
  return item;
}

}  // namespace luy::agent
