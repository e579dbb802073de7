#include "evidence/token.h"

#include <array>
#include <bit>
#include <cstring>

#include "base/random.h"
#include "evidence/byte_hash.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace luy::evidence {
namespace {

constexpr std::size_t word_bytes_min = 2;
constexpr std::size_t piece_bytes = 16 << 10;  // What is classified at once stays in the first-level cache.
constexpr std::size_t hashes_together = 256;
constexpr std::size_t prefetch_ahead = 12;
constexpr std::size_t slack = 64;  // Readable bytes behind the text, so that whole vectors can be loaded.

enum class Class : std::uint8_t { separator, word, joiner };

[[maybe_unused]] constexpr Class class_of(unsigned char c) {  // Only where there is no SSE2.
  if (c >= 0x80 || c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')) {
    return Class::word;
  }
  return c == '.' || c == '-' || c == '@' ? Class::joiner : Class::separator;
}

constexpr char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}

}  // namespace

std::uint64_t token_hash(std::string_view token) {
  std::string padded(token);
  padded.append(slack, '\0');
  return token.empty() ? 1 : hash_padded(padded.data(), token.size());
}

// One for each table: a syscall is little beside the memory of the table.
SlotKey::SlotKey() {
  SystemRandom random;
  std::array<std::uint8_t, 24> bytes{};
  random.fill(bytes);
  const auto* at = reinterpret_cast<const char*>(bytes.data());
  begin_ = load_little_endian(at);
  mask_ = load_little_endian(at + 8);
  factor_ = load_little_endian(at + 16) | 1U;
}

TokenSet::TokenSet() : slots_(std::size_t{1} << 15U) {}

void TokenSet::add(std::uint64_t hash) {
  const std::size_t mask = slots_.size() - 1;
  for (std::size_t i = key_.place(hash) & mask;; i = (i + 1) & mask) {
    if (slots_[i] == hash) return;
    if (slots_[i] == 0) {
      slots_[i] = hash;
      break;
    }
  }
  values_.push_back(hash);
  if (values_.size() * 2 > slots_.size()) grow();
}

void TokenSet::add_all(std::span<const std::uint64_t> hashes) {
  // The table is larger than the second-level cache: its lines are asked for before they are needed.
  for (std::size_t i = 0; i < hashes.size(); ++i) {
    if (i + prefetch_ahead < hashes.size()) {
      __builtin_prefetch(&slots_[key_.place(hashes[i + prefetch_ahead]) & (slots_.size() - 1)]);
    }
    add(hashes[i]);
  }
}

bool TokenSet::has(std::uint64_t hash) const {
  const std::size_t mask = slots_.size() - 1;
  for (std::size_t i = key_.place(hash) & mask; slots_[i] != 0; i = (i + 1) & mask) {
    if (slots_[i] == hash) return true;
  }
  return false;
}

void TokenSet::clear() {
  slots_.assign(slots_.size(), 0);
  values_.clear();
}

void TokenSet::grow() {
  slots_.assign(slots_.size() * 2, 0);
  const std::size_t mask = slots_.size() - 1;
  for (const std::uint64_t hash : values_) {
    std::size_t i = key_.place(hash) & mask;
    while (slots_[i] != 0) i = (i + 1) & mask;
    slots_[i] = hash;
  }
}

void Tokenizer::classify(std::string_view text) {
  const std::size_t chunks = text.size() / 64 + 1;
  lower_.resize(chunks * 64 + slack);
  std::memcpy(lower_.data(), text.data(), text.size());
  std::memset(lower_.data() + text.size(), 0, lower_.size() - text.size());
  words_.assign(chunks + 1, 0);
  joiners_.assign(chunks + 1, 0);
#ifdef __SSE2__
  // SSE2 is part of every amd64 processor. Bytes from 0x80 are negative here, so they pass no range test below.
  const auto between = [](__m128i x, char low, char high) {
    return _mm_and_si128(_mm_cmpgt_epi8(x, _mm_set1_epi8(static_cast<char>(low - 1))),
                         _mm_cmpgt_epi8(_mm_set1_epi8(static_cast<char>(high + 1)), x));
  };
  const auto is = [](__m128i x, char c) { return _mm_cmpeq_epi8(x, _mm_set1_epi8(c)); };
  for (std::size_t chunk = 0; chunk < chunks; ++chunk) {
    for (unsigned part = 0; part < 4; ++part) {
      auto* at = reinterpret_cast<__m128i*>(lower_.data() + chunk * 64 + part * 16);
      __m128i x = _mm_loadu_si128(at);
      x = _mm_or_si128(x, _mm_and_si128(between(x, 'A', 'Z'), _mm_set1_epi8(0x20)));
      _mm_storeu_si128(at, x);
      const __m128i ascii = _mm_or_si128(_mm_or_si128(between(x, 'a', 'z'), between(x, '0', '9')), is(x, '_'));
      const __m128i join = _mm_or_si128(_mm_or_si128(is(x, '.'), is(x, '-')), is(x, '@'));
      const auto word_bits = static_cast<std::uint16_t>(_mm_movemask_epi8(ascii) | _mm_movemask_epi8(x));
      const auto join_bits = static_cast<std::uint16_t>(_mm_movemask_epi8(join));
      words_[chunk] |= static_cast<std::uint64_t>(word_bits) << (16 * part);
      joiners_[chunk] |= static_cast<std::uint64_t>(join_bits) << (16 * part);
    }
  }
#else
  for (std::size_t i = 0; i < text.size(); ++i) {
    lower_[i] = lower(text[i]);
    const Class c = class_of(static_cast<unsigned char>(text[i]));
    if (c == Class::word) words_[i / 64] |= std::uint64_t{1} << (i % 64);
    if (c == Class::joiner) joiners_[i / 64] |= std::uint64_t{1} << (i % 64);
  }
#endif
}

namespace {

// Calls run(first, end) for each longest run of set bits that `word(i)` delivers, 64 at a time; the last word is 0.
template <class Word, class Run>
inline void each_run(std::size_t words, Word word, Run run) {
  std::uint64_t carry = 0;
  std::size_t first = 0;
  for (std::size_t i = 0; i < words; ++i) {
    const std::uint64_t bits = word(i);
    std::uint64_t changes = bits ^ (bits << 1U | carry);
    std::uint64_t inside = carry;
    carry = bits >> 63U;
    for (; changes != 0; changes &= changes - 1) {
      const std::size_t at = i * 64 + static_cast<std::size_t>(std::countr_zero(changes));
      if (inside != 0) {
        run(first, at);
      } else {
        first = at;
      }
      inside ^= 1U;
    }
  }
}

}  // namespace

void Tokenizer::emit(std::uint64_t hash, TokenSet& out) {
  hashes_.push_back(hash);
  if (hashes_.size() < hashes_together) return;
  out.add_all(hashes_);
  hashes_.clear();
}

void Tokenizer::add_words(TokenSet& out) {
  each_run(
      words_.size(), [&](std::size_t i) { return words_[i]; },
      [&](std::size_t first, std::size_t end) {
        if (end - first >= word_bytes_min) emit(hash_padded(lower_.data() + first, end - first), out);
      });
}

void Tokenizer::add_compounds(TokenSet& out) {
  const auto joiners_in = [&](std::size_t first, std::size_t end) {
    std::uint64_t found = 0;
    for (std::size_t i = first / 64; i <= (end - 1) / 64; ++i) {
      std::uint64_t bits = joiners_[i];
      if (i == first / 64) bits &= ~std::uint64_t{0} << (first % 64);
      if (i == (end - 1) / 64) bits &= ~std::uint64_t{0} >> (63 - (end - 1) % 64);
      found |= bits;
    }
    return found != 0;
  };
  each_run(
      words_.size(), [&](std::size_t i) { return words_[i] | joiners_[i]; },
      [&](std::size_t first, std::size_t end) {
        if (!joiners_in(first, end)) return;  // A plain word, as most runs are.
        while (first < end && is_joiner(first)) ++first;
        while (first < end && is_joiner(end - 1)) --end;
        if (first < end && joiners_in(first, end)) emit(hash_padded(lower_.data() + first, end - first), out);
      });
}

void Tokenizer::add_piece(std::string_view text, TokenSet& out) {
  if (text.empty()) return;
  classify(text);
  add_words(out);
  add_compounds(out);
}

void Tokenizer::add_tokens(std::string_view text, TokenSet& out) {
  // LF is a separator: cutting there cuts no token.
  while (text.size() > piece_bytes) {
    const std::size_t end = text.find('\n', piece_bytes);
    if (end == std::string_view::npos) break;
    add_piece(text.substr(0, end), out);
    text.remove_prefix(end + 1);
  }
  add_piece(text, out);
  out.add_all(hashes_);
  hashes_.clear();
}

std::string ascii_lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = lower(c);
  return out;
}

std::size_t find_other_than_ascii(std::string_view text, std::size_t from) {
  std::size_t at = from;
  for (; at + 8 <= text.size(); at += 8) {
    if ((load_little_endian(text.data() + at) & 0x8080808080808080ULL) != 0) break;
  }
  while (at < text.size() && static_cast<unsigned char>(text[at]) < 0x80) ++at;
  return at;
}

std::size_t find_ignoring_case(std::string_view text, std::string_view lower_needle) {
  if (lower_needle.empty()) return 0;
  if (lower_needle.size() > text.size()) return std::string_view::npos;
  const std::size_t last = text.size() - lower_needle.size();
  const auto matches = [&](std::size_t at) {
    for (std::size_t i = 0; i < lower_needle.size(); ++i) {
      if (lower(text[at + i]) != lower_needle[i]) return false;
    }
    return true;
  };
  std::size_t at = 0;
#ifdef __SSE2__
  // Candidates are where both the first and the last byte fit; both cases are tried at once.
  const auto other = [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - ('a' - 'A')) : c; };
  const __m128i first0 = _mm_set1_epi8(lower_needle.front());
  const __m128i first1 = _mm_set1_epi8(other(lower_needle.front()));
  const __m128i last0 = _mm_set1_epi8(lower_needle.back());
  const __m128i last1 = _mm_set1_epi8(other(lower_needle.back()));
  const std::size_t shift = lower_needle.size() - 1;
  for (; at + 16 + shift <= text.size(); at += 16) {
    const __m128i a = _mm_loadu_si128(reinterpret_cast<const __m128i*>(text.data() + at));
    const __m128i b = _mm_loadu_si128(reinterpret_cast<const __m128i*>(text.data() + at + shift));
    const __m128i fits = _mm_and_si128(_mm_or_si128(_mm_cmpeq_epi8(a, first0), _mm_cmpeq_epi8(a, first1)),
                                       _mm_or_si128(_mm_cmpeq_epi8(b, last0), _mm_cmpeq_epi8(b, last1)));
    for (auto bits = static_cast<unsigned>(_mm_movemask_epi8(fits)); bits != 0; bits &= bits - 1) {
      const std::size_t candidate = at + static_cast<std::size_t>(std::countr_zero(bits));
      if (matches(candidate)) return candidate;
    }
  }
#endif
  for (; at <= last; ++at) {
    if (matches(at)) return at;
  }
  return std::string_view::npos;
}

}  // namespace luy::evidence
