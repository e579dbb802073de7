#include "evidence/note_lines.h"

#include <algorithm>
#include <charconv>

#include "base/encoding.h"
#include "evidence/error.h"
#include "evidence/note.h"

namespace luy::evidence {
namespace {

constexpr std::size_t name_bytes_max = 255;

}  // namespace

std::optional<std::string_view> take_note_line(std::string_view& text) {
  const std::size_t end = text.find('\n');
  if (end == std::string_view::npos) return std::nullopt;
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(end + 1);
  return line;
}

std::optional<std::uint64_t> parse_note_number(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  if (text.size() > 1 && text.front() == '0') return std::nullopt;
  return value;
}

std::optional<Hash> parse_note_hash(std::string_view text) {
  const auto bytes = from_base64(text);
  if (!bytes || bytes->size() != sizeof(Hash)) return std::nullopt;
  Hash out{};
  std::copy_n(as_bytes(*bytes).data(), out.size(), out.data());
  return out;
}

std::uint32_t note_key_hash(std::string_view name, char algorithm, std::string_view public_key) {
  const Hash digest = Sha256().digest({name, "\n", std::string_view(&algorithm, 1), public_key});
  return static_cast<std::uint32_t>(digest[0]) << 24U | static_cast<std::uint32_t>(digest[1]) << 16U |
         static_cast<std::uint32_t>(digest[2]) << 8U | digest[3];
}

std::string note_key_hash_bytes(std::uint32_t hash) {
  std::string out;
  put_u32(out, hash);
  return out;
}

bool is_key_name(std::string_view name) {
  return !name.empty() && name.size() <= name_bytes_max && std::ranges::all_of(name, [](char c) {
    return static_cast<unsigned char>(c) > 0x20 && c != '+' && c != 0x7f;
  });
}

Result<SignatureLine> parse_signature_line(std::string_view line) {
  if (!line.starts_with(note_signature_prefix)) return Error(note_malformed, "signature line");
  line.remove_prefix(note_signature_prefix.size());
  const std::size_t blank = line.find(' ');
  if (blank == std::string_view::npos) return Error(note_malformed, "signature line");
  SignatureLine out;
  out.name = line.substr(0, blank);
  const auto bytes = from_base64(line.substr(blank + 1));
  if (!is_key_name(out.name) || !bytes || bytes->size() < 5) return Error(note_malformed, "signature line");
  ByteReader reader(*bytes);
  out.hash = reader.u32();
  out.signature = reader.rest();
  return out;
}

Result<SplitNote> split_note(std::string_view note) {
  if (note.size() > note_bytes_max) return Error(note_malformed, "longer than 64 KiB");
  // The signatures follow the last empty line; the text itself may hold others.
  const std::size_t at = note.rfind("\n\n");
  if (at == std::string_view::npos || note.back() != '\n') return Error(note_malformed, "no signature");
  return SplitNote{note.substr(0, at + 1), note.substr(at + 2)};
}

}  // namespace luy::evidence
