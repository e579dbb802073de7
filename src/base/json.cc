#include "base/json.h"

#include <cstdint>

#include "base/utf8.h"

namespace luy {
namespace {

constexpr std::string_view hex_digits = "0123456789abcdef";

// RFC 8259 section 7: what must be escaped. DEL is escaped too, so that no terminal sees a control character.
bool plain(char c) {
  const auto byte = static_cast<std::uint8_t>(c);
  return byte >= 0x20 && c != '"' && c != '\\' && byte != 0x7F;
}

void append_escape(std::string& out, char c) {
  switch (c) {
    case '"':
      out += "\\\"";
      return;
    case '\\':
      out += "\\\\";
      return;
    case '\n':
      out += "\\n";
      return;
    case '\r':
      out += "\\r";
      return;
    case '\t':
      out += "\\t";
      return;
    default:
      out += "\\u00";
      out += hex_digits[static_cast<std::uint8_t>(c) >> 4];
      out += hex_digits[static_cast<std::uint8_t>(c) & 15U];
  }
}

}  // namespace

void append_json_text(std::string& out, std::string_view text) {
  std::string repaired;
  if (!is_utf8(text)) text = repaired = to_utf8(text);
  out += '"';
  std::size_t run = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (plain(text[i])) continue;
    out.append(text.substr(run, i - run));
    append_escape(out, text[i]);
    run = i + 1;
  }
  out.append(text.substr(run));
  out += '"';
}

}  // namespace luy
