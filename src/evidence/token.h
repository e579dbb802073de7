// What the search index knows of a record: its tokens, as 64-bit hashes. Pure.
//
// A byte is a word byte (letter, digit, '_', anything from 0x80: UTF-8), a joiner ('.', '-', '@') or a separator.
//   word      a longest run of word bytes, at least 2 long
//   compound  a longest run of word bytes and joiners, without the joiners at its ends, if a joiner is left inside:
//             10.1.2.3, user@host.example, f81d4fae-7dec-11d0-a765-00a0c91e6bf6
// ASCII letters count as lower case. docs/format/evidence.md gives the hash byte by byte.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "evidence/byte_hash.h"

namespace luy::evidence {

std::uint64_t token_hash(std::string_view token);  // Of a token in lower case.

// A set of token hashes: open addressing, because half of the cost of storing a record is here.
class TokenSet {
 public:
  TokenSet();
  void add(std::uint64_t hash);
  void add_all(std::span<const std::uint64_t> hashes);
  bool has(std::uint64_t hash) const;
  void clear();
  const std::vector<std::uint64_t>& values() const { return values_; }

 private:
  void grow();
  SlotKey key_;
  std::vector<std::uint64_t> slots_;  // 0 is empty; no hash is 0.
  std::vector<std::uint64_t> values_;
};

// Keeps its buffers between calls. Not thread-safe.
class Tokenizer {
 public:
  // Adds every token of `text` to `out`. Records in one text are kept apart by any separator, such as LF.
  void add_tokens(std::string_view text, TokenSet& out);

 private:
  void add_piece(std::string_view text, TokenSet& out);
  void classify(std::string_view text);
  void add_words(TokenSet& out);
  void add_compounds(TokenSet& out);
  void emit(std::uint64_t hash, TokenSet& out);
  bool is_joiner(std::size_t at) const { return (joiners_[at / 64] >> (at % 64) & 1U) != 0; }

  std::string lower_;
  std::vector<std::uint64_t> words_;    // One bit per byte, low bit first.
  std::vector<std::uint64_t> joiners_;  // Likewise.
  std::vector<std::uint64_t> hashes_;   // Waiting to be added together.
};

// ASCII case-insensitive search. Returns npos when `needle` (already in lower case) does not occur.
std::size_t find_ignoring_case(std::string_view text, std::string_view lower_needle);
std::string ascii_lower(std::string_view text);
// Where the first byte from 0x80 on stands at or after `from`; text.size() when there is none.
std::size_t find_other_than_ascii(std::string_view text, std::size_t from);

// The classes of bytes that tokens are made of, for what has to agree with them.
constexpr bool is_word_byte(char c) {
  return static_cast<unsigned char>(c) >= 0x80 || c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
         (c >= 'A' && c <= 'Z');
}
constexpr bool is_joiner_byte(char c) {
  return c == '.' || c == '-' || c == '@';
}

}  // namespace luy::evidence
