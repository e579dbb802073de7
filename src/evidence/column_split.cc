#include "evidence/column_split.h"

#include <algorithm>
#include <bit>

#include "base/check.h"
#include "evidence/byte_hash.h"
#include "evidence/columns.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace luy::evidence {
namespace {

// The first tokens of a line are its time, host and program: values, whatever they are made of.
constexpr std::uint32_t head_tokens = 6;
constexpr std::size_t slots_min = 1U << 12U;

}  // namespace

// What is known of the record at hand while its tokens come. On the stack, where nothing else can change it: the loop
// over all tokens of a block is among the dearest of storing.
struct ColumnSplitter::Cutter {
  explicit Cutter(ColumnSplitter& splitter)
      : s(splitter),
        raw(splitter.raw_),
        begins(splitter.begins_.data()),
        digits(splitter.digits_.data()),
        hash_begin(splitter.key_.begin()) {}

  void begin_record() {
    literal = begins[record];
    record_end = begins[record + 1] - 1;
    run_end = literal;
    runs = 0;
    hash = hash_begin;
    quoted = false;
    value_first = s.values_.size();
    s.first_value_[record] = static_cast<std::uint32_t>(value_first);
  }

  void on_run(std::uint32_t first, std::uint32_t end) {
    while (first > record_end) {
      end_record();
      begin_record();
    }
    if (first - run_end > 1 || quoted || raw[run_end] == '"') follow_quotes(first);
    run_end = end;
    const bool value =
        runs++ < head_tokens || quoted || has_digit(first, end) || (first > literal && raw[first - 1] == '=');
    if (!value || s.values_.size() - value_first >= template_columns_max) return;
    hash_literal(first);
    s.values_.push_back({first, end - first});
    literal = end;
  }

  void end_record() {
    hash_literal(record_end);
    s.first_value_[record + 1] = static_cast<std::uint32_t>(s.values_.size());
    const std::uint32_t form = s.find_form(record, s.key_.place(hash));
    s.form_of_[record] = form;
    ++s.forms_[form].records;
    ++record;
  }

  std::size_t record = 0;

 private:
  // Looks at the bytes between the token before and the one that begins at `first`.
  void follow_quotes(std::uint32_t first) {
    const std::uint32_t begin = begins[record];
    for (std::uint32_t at = run_end; at < first; ++at) {
      if (raw[at] != '"') continue;
      if (quoted) {
        quoted = false;
        continue;
      }
      if (at == begin) continue;
      const char before = raw[at - 1];
      quoted = before == '=' || before == ':' || (before == ' ' && at - begin >= 2 && raw[at - 2] == ':');
    }
  }

  bool has_digit(std::uint32_t first, std::uint32_t end) const {
    for (; first < end; first += 64) {
      const std::size_t word = first / 64;
      const unsigned shift = first % 64;
      const std::uint64_t bits = digits[word] >> shift | digits[word + 1] << 1U << (63 - shift);
      const std::uint32_t left = end - first;
      if (left < 64) return (bits & ((std::uint64_t{1} << left) - 1)) != 0;
      if (bits != 0) return true;
    }
    return false;
  }

  void hash_literal(std::uint32_t end) {
    hash ^= (end - literal) * hash_key2;
    if (end > literal) hash = hash_more(hash, raw + literal, end - literal);
  }

  ColumnSplitter& s;
  const char* const raw;
  const std::uint32_t* const begins;
  const std::uint64_t* const digits;
  const std::uint64_t hash_begin;
  std::uint32_t record_end = 0;  // Its LF.
  std::uint32_t literal = 0;     // Where the literal at hand begins.
  std::uint32_t run_end = 0;     // Where the token before ended.
  std::uint32_t runs = 0;
  std::size_t value_first = 0;  // Of this record, in values_.
  std::uint64_t hash = 0;
  bool quoted = false;  // In a quoted value: key="value" or "key":"value".
};

void ColumnSplitter::split(std::string_view all_raw, std::span<const std::uint32_t> begins) {
  LUY_CHECK(!begins.empty());
  raw_ = all_raw.data();
  begins_ = begins;
  const std::size_t records = begins.size() - 1;
  forms_.assign(1, Form{});
  form_hashes_.assign(1, 0);
  slots_.assign(slots_min, 0);
  form_of_.assign(records, no_form);
  first_value_.assign(records + 1, 0);
  values_.clear();
  classify(all_raw);
  if (records == 0) return;
  Cutter cutter(*this);
  cutter.begin_record();
  // Every longest run of token bytes; LF is none, so that no run crosses from one record into the next.
  const std::uint64_t* const tokens = tokens_.data();
  const std::size_t words = tokens_.size();
  std::uint64_t carry = 0;
  std::uint32_t first = 0;
  for (std::size_t i = 0; i < words; ++i) {
    const std::uint64_t bits = tokens[i];
    std::uint64_t changes = bits ^ (bits << 1U | carry);
    std::uint64_t inside = carry;
    carry = bits >> 63U;
    for (; changes != 0; changes &= changes - 1) {
      const auto at = static_cast<std::uint32_t>(i * 64 + static_cast<std::size_t>(std::countr_zero(changes)));
      if (inside != 0) {
        cutter.on_run(first, at);
      } else {
        first = at;
      }
      inside ^= 1U;
    }
  }
  while (cutter.record < records) {
    cutter.end_record();
    if (cutter.record < records) cutter.begin_record();
  }
}

void ColumnSplitter::classify(std::string_view all_raw) {
  const std::size_t chunks = all_raw.size() / 64 + 1;  // The slack makes the last one whole.
  tokens_.resize(chunks + 1);
  digits_.resize(chunks + 1);
  tokens_.back() = 0;
  digits_.back() = 0;
#ifdef __SSE2__
  const auto between = [](__m128i x, char low, char high) {
    return _mm_and_si128(_mm_cmpgt_epi8(x, _mm_set1_epi8(static_cast<char>(low - 1))),
                         _mm_cmpgt_epi8(_mm_set1_epi8(static_cast<char>(high + 1)), x));
  };
  const auto is = [](__m128i x, char c) { return _mm_cmpeq_epi8(x, _mm_set1_epi8(c)); };
  for (std::size_t chunk = 0; chunk < chunks; ++chunk) {
    std::uint64_t tokens = 0;
    std::uint64_t digits = 0;
    for (unsigned part = 0; part < 4; ++part) {
      const __m128i x = _mm_loadu_si128(reinterpret_cast<const __m128i*>(raw_ + chunk * 64 + part * 16));
      const __m128i digit = between(x, '0', '9');
      const __m128i letter = between(_mm_or_si128(x, _mm_set1_epi8(0x20)), 'a', 'z');
      const __m128i sign = _mm_or_si128(_mm_or_si128(is(x, '.'), is(x, '-')), _mm_or_si128(is(x, '@'), is(x, '_')));
      const __m128i token = _mm_or_si128(_mm_or_si128(letter, digit), sign);
      // Bytes from 0x80 are negative.
      const auto bits = static_cast<std::uint16_t>(_mm_movemask_epi8(token) | _mm_movemask_epi8(x));
      tokens |= static_cast<std::uint64_t>(bits) << (16 * part);
      digits |= static_cast<std::uint64_t>(static_cast<std::uint16_t>(_mm_movemask_epi8(digit))) << (16 * part);
    }
    tokens_[chunk] = tokens;
    digits_[chunk] = digits;
  }
#else
  std::ranges::fill(tokens_, 0);
  std::ranges::fill(digits_, 0);
  for (std::size_t i = 0; i < all_raw.size(); ++i) {
    const auto c = static_cast<unsigned char>(raw_[i]);
    const bool digit = c >= '0' && c <= '9';
    const bool letter = (c | 0x20U) >= 'a' && (c | 0x20U) <= 'z';
    const bool token = digit || letter || c >= 0x80 || c == '.' || c == '-' || c == '@' || c == '_';
    if (token) tokens_[i / 64] |= std::uint64_t{1} << (i % 64);
    if (digit) digits_[i / 64] |= std::uint64_t{1} << (i % 64);
  }
#endif
  // What is read behind the last record is none of it.
  const std::size_t size = all_raw.size();
  tokens_[size / 64] &= (std::uint64_t{1} << (size % 64)) - 1;
}

bool ColumnSplitter::same_form(std::size_t a, std::size_t b) const {
  const auto values_a = values(a);
  const auto values_b = values(b);
  if (values_a.size() != values_b.size()) return false;
  std::uint32_t at_a = begins_[a];
  std::uint32_t at_b = begins_[b];
  for (std::size_t i = 0; i <= values_a.size(); ++i) {
    const bool last = i == values_a.size();
    const std::uint32_t end_a = last ? begins_[a + 1] : values_a[i].begin;
    const std::uint32_t end_b = last ? begins_[b + 1] : values_b[i].begin;
    if (end_a - at_a != end_b - at_b) return false;
    if (end_a > at_a && !equal_padded(raw_ + at_a, raw_ + at_b, end_a - at_a)) return false;
    if (last) break;
    at_a = end_a + values_a[i].size;
    at_b = end_b + values_b[i].size;
  }
  return true;
}

std::uint32_t ColumnSplitter::find_form(std::size_t record, std::uint64_t hash) {
  const std::size_t mask = slots_.size() - 1;
  std::size_t slot = hash & mask;
  for (; slots_[slot] != 0; slot = (slot + 1) & mask) {
    const std::uint32_t form = slots_[slot];
    // The hash is no secret: only the bytes tell whether two records have one form.
    if (form_hashes_[form] == hash && same_form(record, forms_[form].example)) return form;
  }
  if (forms_.size() > templates_max) return no_form;
  const auto form = static_cast<std::uint32_t>(forms_.size());
  slots_[slot] = form;
  forms_.push_back({static_cast<std::uint32_t>(record), 0});
  form_hashes_.push_back(hash);
  if (forms_.size() * 2 > slots_.size()) grow();
  return form;
}

void ColumnSplitter::grow() {
  slots_.assign(slots_.size() * 2, 0);
  const std::size_t mask = slots_.size() - 1;
  for (std::uint32_t form = 1; form < forms_.size(); ++form) {
    std::size_t slot = form_hashes_[form] & mask;
    while (slots_[slot] != 0) slot = (slot + 1) & mask;
    slots_[slot] = form;
  }
}

}  // namespace luy::evidence
