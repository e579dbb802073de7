#include "detect/modifier.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/encoding.h"
#include "base/utf8.h"

namespace luy::detect {
namespace {

constexpr std::array<std::pair<std::string_view, Modifier>, 31> names{{
    {"all", Modifier::all},
    {"cased", Modifier::cased},
    {"neq", Modifier::neq},
    {"contains", Modifier::contains},
    {"startswith", Modifier::startswith},
    {"endswith", Modifier::endswith},
    {"exists", Modifier::exists},
    {"re", Modifier::re},
    {"i", Modifier::regex_i},
    {"m", Modifier::regex_m},
    {"s", Modifier::regex_s},
    {"windash", Modifier::windash},
    {"base64", Modifier::base64},
    {"base64offset", Modifier::base64offset},
    {"utf16le", Modifier::utf16le},
    {"utf16be", Modifier::utf16be},
    {"utf16", Modifier::utf16},
    {"wide", Modifier::wide},
    {"lt", Modifier::lt},
    {"lte", Modifier::lte},
    {"gt", Modifier::gt},
    {"gte", Modifier::gte},
    {"minute", Modifier::minute},
    {"hour", Modifier::hour},
    {"day", Modifier::day},
    {"week", Modifier::week},
    {"month", Modifier::month},
    {"year", Modifier::year},
    {"cidr", Modifier::cidr},
    {"expand", Modifier::expand},
    {"fieldref", Modifier::fieldref},
}};

std::uint32_t code_point(std::string_view character) {
  const auto lead = static_cast<unsigned char>(character.front());
  if (character.size() == 1) return lead;
  std::uint32_t out = lead & (0x7FU >> character.size());
  for (const char c : character.substr(1)) out = out << 6 | (static_cast<unsigned char>(c) & 0x3FU);
  return out;
}

void put_unit(std::string& out, std::uint32_t unit, bool big_endian) {
  const char low = static_cast<char>(unit & 0xFF);
  const char high = static_cast<char>(unit >> 8 & 0xFF);
  out += big_endian ? high : low;
  out += big_endian ? low : high;
}

std::string utf16_of(std::string_view text, bool big_endian) {
  std::string out;
  while (!text.empty()) {
    const std::size_t size = std::max<std::size_t>(utf8_character(text), 1);
    const std::uint32_t c = code_point(text.substr(0, size));
    if (c < 0x10000) {
      put_unit(out, c, big_endian);
    } else {
      put_unit(out, 0xD800 + ((c - 0x10000) >> 10), big_endian);
      put_unit(out, 0xDC00 + ((c - 0x10000) & 0x3FF), big_endian);
    }
    text.remove_prefix(size);
  }
  return out;
}

}  // namespace

std::optional<Modifier> modifier_from_name(std::string_view name) {
  const auto* found = std::find_if(names.begin(), names.end(), [&](const auto& one) { return one.first == name; });
  return found == names.end() ? std::nullopt : std::optional(found->second);
}

Pattern in_utf16(const Pattern& pattern, Modifier which) {
  const bool big_endian = which == Modifier::utf16be;
  Pattern out;
  if (which == Modifier::utf16) out.add_text("\xFF\xFE");
  for (const Pattern::Piece& piece : pattern.pieces) {
    if (piece.kind == Pattern::Kind::text) {
      out.add_text(utf16_of(piece.text, big_endian));
    } else {
      out.add(piece.kind);
    }
  }
  return out;
}

std::vector<std::string> base64_offsets(std::string_view bytes) {
  constexpr std::size_t front[] = {0, 2, 3};
  constexpr std::size_t back[] = {0, 3, 2};
  std::vector<std::string> out;
  for (std::size_t shift = 0; shift < 3; ++shift) {
    const std::string whole = to_base64(std::string(shift, ' ') + std::string(bytes));
    const std::size_t end = whole.size() - back[(bytes.size() + shift) % 3];
    if (end > front[shift]) out.push_back(whole.substr(front[shift], end - front[shift]));
  }
  return out;
}

}  // namespace luy::detect
