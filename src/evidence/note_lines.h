// The lines of C2SP signed notes, for what reads and writes them (note.h, cosignature.h). Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/hash.h"
#include "base/result.h"

namespace luy::evidence {

inline constexpr std::string_view note_signature_prefix = "\xe2\x80\x94 ";  // Em dash, blank.
// The first byte of a vkey's key, c2sp.org/signed-note and c2sp.org/tlog-cosignature.
inline constexpr char algorithm_ed25519 = 1;
inline constexpr char algorithm_cosignature = 4;

// Takes one line without its LF; nullopt when there is no LF.
std::optional<std::string_view> take_note_line(std::string_view& text);
// Decimal without sign or leading zeros.
std::optional<std::uint64_t> parse_note_number(std::string_view text);
// Base 64 of 32 bytes.
std::optional<Hash> parse_note_hash(std::string_view text);

// First 4 bytes of SHA-256(<name> | LF | <algorithm> | public key), as a number and as the bytes.
std::uint32_t note_key_hash(std::string_view name, char algorithm, std::string_view public_key);
std::string note_key_hash_bytes(std::uint32_t hash);
// Signed notes forbid blanks and '+' in key names, and control characters anywhere; at most 255 bytes.
bool is_key_name(std::string_view name);

struct SignatureLine {
  std::string_view name;  // Borrowed from the line.
  std::uint32_t hash = 0;
  std::string signature;  // Without the key hash.
};
Result<SignatureLine> parse_signature_line(std::string_view line);  // Errors: note_malformed.

struct SplitNote {
  std::string_view text;  // With its last LF.
  std::string_view signatures;
};
Result<SplitNote> split_note(std::string_view note);  // Errors: note_malformed.

}  // namespace luy::evidence
