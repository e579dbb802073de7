#include <algorithm>
#include <array>
#include <cstring>

#include "base/check.h"
#include "evidence/columns.h"
#include "evidence/error.h"
#include "evidence/token.h"
#include "evidence/varint.h"

namespace luy::evidence {
namespace {

constexpr std::uint64_t pattern_bytes_max = 255;
constexpr unsigned planes_max = 7;

enum class Kind : std::uint8_t { text, fixed, dictionary, number, difference };

struct Column {
  Kind kind = Kind::text;
  std::uint8_t planes = 0;
  std::uint8_t places = 0;                              // Of digits in the pattern.
  std::array<std::uint8_t, number_digits_max> place{};  // Where they are, from the right.
  std::uint64_t size = 0;                               // Of the text; of each value of fixed text.
  std::uint64_t base = 0;                               // The last number of differences.
  std::uint64_t number_end = 0;
  std::uint64_t entries = 0;
  std::size_t first_entry = 0;
  std::string_view pattern;
  std::string_view text;  // What is left of it.
  std::array<const char*, planes_max> plane{};
};

// An entry of a dictionary. Most are short: they stand here, so that one look at distant memory is enough.
struct Entry {
  static constexpr std::size_t inline_bytes = 15;
  static constexpr std::uint8_t elsewhere = 255;
  std::array<char, inline_bytes> bytes{};  // The text, or where it stands.
  std::uint8_t size = elsewhere;

  // 16 bytes can be read at `text`.
  static Entry of(std::string_view text) {
    Entry out;
    if (text.size() <= inline_bytes) {
      std::memcpy(out.bytes.data(), text.data(), inline_bytes);
      out.size = static_cast<std::uint8_t>(text.size());
    } else {
      const char* const at = text.data();
      const auto size = static_cast<std::uint32_t>(text.size());
      std::memcpy(out.bytes.data(), &at, sizeof at);
      std::memcpy(out.bytes.data() + sizeof at, &size, sizeof size);
    }
    return out;
  }
  std::string_view text() const {
    const char* at = nullptr;
    std::uint32_t length = 0;
    std::memcpy(&at, bytes.data(), sizeof at);
    std::memcpy(&length, bytes.data() + sizeof at, sizeof length);
    return {at, length};
  }
};
static_assert(sizeof(Entry) == 16);
constexpr std::uint64_t entries_ahead = 6;  // Of the same template, asked for before they are needed.

struct Template {
  std::uint64_t records = 0;
  std::uint64_t used = 0;
  std::size_t first_column = 0;
  std::size_t columns = 0;
  std::size_t first_literal = 0;
  bool wanted = true;  // Its records are to be made.
};

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// Whether a number written by the pattern (empty: decimal) can hold the run.
bool number_may_hold(std::string_view pattern, const Needle& needle) {
  const std::string_view run = needle.run;
  if (needle.folded && find_other_than_ascii(pattern, 0) != pattern.size()) return true;
  if (pattern.empty()) return run.size() <= number_digits_max && std::ranges::all_of(run, is_digit);
  for (std::size_t at = 0; at + run.size() <= pattern.size(); ++at) {
    bool fits = true;
    for (std::size_t i = 0; i < run.size() && fits; ++i) {
      const char c = pattern[at + i];
      const char low = c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
      fits = c == '0' ? is_digit(run[i]) : low == run[i];
    }
    if (fits) return true;
  }
  return false;
}

bool text_may_hold(std::string_view bytes, const Needle& needle) {
  if (find_ignoring_case(bytes, needle.run) != std::string_view::npos) return true;
  return needle.folded && find_other_than_ascii(bytes, 0) != bytes.size();
}

Error damaged(std::string_view what) {
  return Error(store_corrupt, "columns: " + std::string(what));
}

// Writes up to 15 bytes more than asked for and reads as many.
inline char* put_wide(char* to, const char* from, std::size_t size) {
  char* const end = to + size;
  do {
    std::memcpy(to, from, 16);
    to += 16;
    from += 16;
  } while (to < end);
  return end;
}

constexpr auto digit_pairs = [] {
  std::array<char, 200> out{};
  for (std::size_t i = 0; i < 100; ++i) {
    out[i * 2] = static_cast<char>('0' + i / 10);
    out[i * 2 + 1] = static_cast<char>('0' + i % 10);
  }
  return out;
}();

// Decimal without leading zeros; at most 20 bytes.
inline char* put_decimal(char* to, std::uint64_t number) {
  std::array<char, 24> buffer;
  char* at = buffer.data() + buffer.size();
  while (number >= 100) {
    at -= 2;
    std::memcpy(at, &digit_pairs[number % 100 * 2], 2);
    number /= 100;
  }
  if (number >= 10) {
    at -= 2;
    std::memcpy(at, &digit_pairs[number * 2], 2);
  } else {
    *--at = static_cast<char>('0' + number);
  }
  const auto size = static_cast<std::size_t>(buffer.data() + buffer.size() - at);
  std::memcpy(to, at, size);
  return to + size;
}

}  // namespace

struct ColumnDecoder::Work {
  ColumnSections sections;
  std::vector<Template> templates;
  std::vector<Column> columns;
  std::vector<std::string_view> literals;
  std::vector<Entry> entries;  // Of all dictionaries.
  std::vector<std::uint64_t> loose_lengths;
  std::string_view loose;
  bool loose_wanted = true;  // As of templates.

  char* to = nullptr;   // While decoding: the next byte,
  char* end = nullptr;  // and where the last record has to end.

  Result<void> read_head(VarintReader& reader, std::vector<std::uint64_t>& literal_lengths);
  Result<void> read_template(VarintReader& reader, std::vector<std::uint64_t>& literal_lengths);
  Result<Column> read_column(VarintReader& reader);
  Result<void> read_number(VarintReader& reader, Column& column);
  Result<void> read_text(VarintReader& reader, const std::vector<std::uint64_t>& literal_lengths);
  Result<void> read_entries(Column& column, std::string_view text);
  Result<const char*> place_planes(std::string_view planes);
  bool put(std::string_view bytes) {
    if (bytes.size() > static_cast<std::size_t>(end - to)) return false;
    to = put_wide(to, bytes.data(), bytes.size());
    return true;
  }
  bool put_value(Column& column, std::uint64_t index);
  bool put_entry(const Column& column, std::uint64_t index);
  bool put_number(Column& column, std::uint64_t index);
  bool put_record(Template& t);
  bool is_cut_at_runs(const Template& t) const;
  bool may_hold(const Template& t, const Needle& needle) const;
  void choose(const Needle* needle);
  bool put_numbered(std::size_t number, std::string_view& left, std::size_t& loose_used);
  bool all_used(std::size_t loose_used) const;
};

ColumnDecoder::ColumnDecoder() : work_(std::make_unique<Work>()) {}
ColumnDecoder::~ColumnDecoder() = default;

Result<std::size_t> ColumnDecoder::open(const ColumnSections& sections) {
  Work& w = *work_;
  w.sections = sections;
  w.templates.clear();
  w.columns.clear();
  w.literals.clear();
  w.entries.clear();
  w.loose_lengths.clear();
  VarintReader reader(sections.plain);
  std::vector<std::uint64_t> literal_lengths;
  LUY_TRY_VOID(w.read_head(reader, literal_lengths));
  LUY_TRY_VOID(w.read_text(reader, literal_lengths));
  if (!reader.ok()) return damaged("cut short");
  return sections.plain.size() - reader.rest().size();
}

Result<void> ColumnDecoder::Work::read_head(VarintReader& reader, std::vector<std::uint64_t>& literal_lengths) {
  const std::uint64_t loose_count = reader.next();
  if (loose_count > sections.records) return damaged("loose records");
  for (std::uint64_t i = 0; i < loose_count && reader.ok(); ++i) loose_lengths.push_back(reader.next());
  const std::uint64_t template_count = reader.next();
  if (template_count > templates_max) return damaged("number of templates");
  std::uint64_t records = loose_count;
  for (std::uint64_t i = 0; i < template_count; ++i) {
    LUY_TRY_VOID(read_template(reader, literal_lengths));
    if (!reader.ok()) return damaged("cut short");
    records += templates.back().records;
    if (records > sections.records) return damaged("records of templates");
  }
  if (!reader.ok() || records != sections.records) return damaged("number of records");
  return {};
}

Result<void> ColumnDecoder::Work::read_template(VarintReader& reader, std::vector<std::uint64_t>& literal_lengths) {
  Template t;
  t.records = reader.next();
  const std::uint64_t count = reader.next();
  if (t.records == 0 || count > template_columns_max || t.records > sections.records) return damaged("template");
  if (count > block_columns_max - columns.size()) return damaged("number of columns");
  t.first_column = columns.size();
  t.columns = static_cast<std::size_t>(count);
  t.first_literal = literal_lengths.size();
  for (std::uint64_t c = 0; c < count; ++c) {
    LUY_TRY(Column column, read_column(reader));
    // A dictionary holds nothing that no record says.
    if (!reader.ok() || column.entries > t.records) return damaged("column");
    columns.push_back(column);
  }
  for (std::uint64_t c = 0; c <= count; ++c) literal_lengths.push_back(reader.next());
  templates.push_back(t);
  return {};
}

Result<Column> ColumnDecoder::Work::read_column(VarintReader& reader) {
  Column out;
  const std::uint8_t kind = reader.byte();
  if (kind > static_cast<std::uint8_t>(Kind::difference)) return damaged("kind of column");
  out.kind = static_cast<Kind>(kind);
  switch (out.kind) {
    case Kind::text:
    case Kind::fixed:
      out.size = reader.next();
      break;
    case Kind::dictionary:
      out.entries = reader.next();
      out.size = reader.next();
      if (out.entries == 0 || out.entries > dictionary_entries_max) return damaged("dictionary");
      out.planes = out.entries > 256 ? 2 : 1;
      break;
    case Kind::number:
    case Kind::difference:
      LUY_TRY_VOID(read_number(reader, out));
      break;
  }
  return out;
}

Result<void> ColumnDecoder::Work::read_number(VarintReader& reader, Column& column) {
  column.planes = reader.byte();
  column.base = reader.next();
  const std::uint64_t size = reader.next();
  if (column.planes == 0 || column.planes > planes_max || size > pattern_bytes_max) return damaged("number");
  column.pattern = reader.bytes(size);
  unsigned places = 0;
  for (std::size_t i = column.pattern.size(); i-- > 0;) {
    if (column.pattern[i] != '0') continue;
    if (places == number_digits_max) return damaged("pattern");
    column.place[places++] = static_cast<std::uint8_t>(i);
  }
  if (!column.pattern.empty() && places == 0) return damaged("pattern");
  column.places = static_cast<std::uint8_t>(places);
  column.number_end = 1;
  for (unsigned i = 0; i < (column.pattern.empty() ? number_digits_max : places); ++i) column.number_end *= 10;
  return {};
}

Result<void> ColumnDecoder::Work::read_text(VarintReader& reader, const std::vector<std::uint64_t>& literal_lengths) {
  for (const std::uint64_t length : literal_lengths) literals.push_back(reader.bytes(length));
  std::uint64_t loose_bytes = 0;
  for (const std::uint64_t length : loose_lengths) {
    if (length > sections.raw_bytes) return damaged("loose records");
    loose_bytes += length + 1;
  }
  loose = reader.bytes(loose_bytes);
  for (const Template& t : templates) {
    for (std::size_t c = 0; c < t.columns; ++c) {
      Column& column = columns[t.first_column + c];
      std::uint64_t size = column.size;
      if (column.kind == Kind::number || column.kind == Kind::difference) continue;
      if (column.kind == Kind::fixed) {
        if (size > sections.raw_bytes) return damaged("fixed text");
        size *= t.records;
      }
      column.text = reader.bytes(size);
      if (!reader.ok()) return damaged("cut short");
      if (column.kind == Kind::dictionary) LUY_TRY_VOID(read_entries(column, column.text));
    }
  }
  return {};
}

Result<void> ColumnDecoder::Work::read_entries(Column& column, std::string_view text) {
  column.first_entry = entries.size();
  for (std::uint64_t i = 0; i < column.entries; ++i) {
    const std::size_t size = text.find('\n');
    if (size == std::string_view::npos || size == 0) return damaged("dictionary");
    entries.push_back(Entry::of(text.substr(0, size)));
    text.remove_prefix(size + 1);
  }
  if (!text.empty()) return damaged("dictionary");
  return {};
}

// Where each column's planes lie; the template numbers' first.
Result<const char*> ColumnDecoder::Work::place_planes(std::string_view planes) {
  const auto take = [&](std::uint64_t size) -> const char* {
    if (size > planes.size()) return nullptr;
    const char* at = planes.data();
    planes.remove_prefix(static_cast<std::size_t>(size));
    return at;
  };
  const char* numbers = take(sections.records * (templates.size() > 255 ? 2 : 1));
  if (numbers == nullptr) return damaged("planes");
  for (unsigned p = 0; p < planes_max; ++p) {
    for (const Template& t : templates) {
      for (std::size_t c = 0; c < t.columns; ++c) {
        Column& column = columns[t.first_column + c];
        if (p >= column.planes) continue;
        column.plane[p] = take(t.records);
        if (column.plane[p] == nullptr) return damaged("planes");
      }
    }
  }
  if (!planes.empty()) return damaged("bytes behind the planes");
  return numbers;
}

bool ColumnDecoder::Work::put_number(Column& column, std::uint64_t index) {
  std::uint64_t number = 0;
  for (unsigned p = column.planes; p-- > 0;) {
    number = number << 8U | static_cast<std::uint8_t>(column.plane[p][index]);
  }
  if (column.kind == Kind::difference) {
    number = column.base + (number >> 1U ^ (0 - (number & 1U)));
    column.base = number;
  } else {
    number += column.base;
  }
  if (number >= column.number_end) return false;
  if (column.pattern.empty()) {
    to = put_decimal(to, number);  // At most 15 bytes, for which there is room behind the end.
    return to <= end;
  }
  if (column.pattern.size() > static_cast<std::size_t>(end - to)) return false;
  char* const at = to;
  to = put_wide(to, column.pattern.data(), column.pattern.size());
  for (unsigned i = 0; i < column.places; ++i) {
    at[column.place[i]] = static_cast<char>('0' + number % 10);
    number /= 10;
  }
  return true;
}

bool ColumnDecoder::Work::put_entry(const Column& column, std::uint64_t index) {
  const auto number = [&](std::uint64_t i) {
    std::size_t entry = static_cast<std::uint8_t>(column.plane[0][i]);
    if (column.planes > 1) entry |= static_cast<std::size_t>(static_cast<std::uint8_t>(column.plane[1][i])) << 8U;
    return entry;
  };
  // Behind the last record's there are other planes or the slack: any bytes will do.
  const Entry* const first = entries.data() + column.first_entry;
  __builtin_prefetch(first + number(index + entries_ahead));
  const std::size_t chosen = number(index);
  if (chosen >= column.entries) return false;
  const Entry& entry = first[chosen];
  if (entry.size == Entry::elsewhere) return put(entry.text());
  if (entry.size > static_cast<std::size_t>(end - to)) return false;
  std::memcpy(to, &entry, sizeof entry);
  to += entry.size;
  return true;
}

bool ColumnDecoder::Work::put_value(Column& column, std::uint64_t index) {
  switch (column.kind) {
    case Kind::text: {
      const std::size_t size = column.text.find('\n');
      if (size == std::string_view::npos || !put(column.text.substr(0, size))) return false;
      column.text.remove_prefix(size + 1);
      return true;
    }
    case Kind::fixed: {
      const auto size = static_cast<std::size_t>(column.size);
      if (!put(column.text.substr(0, size))) return false;
      column.text.remove_prefix(size);
      return true;
    }
    case Kind::dictionary:
      return put_entry(column, index);
    case Kind::number:
    case Kind::difference:
      return put_number(column, index);
  }
  return false;
}

bool ColumnDecoder::Work::put_record(Template& t) {
  if (t.used == t.records) return false;
  for (std::size_t c = 0; c < t.columns; ++c) {
    if (!put(literals[t.first_literal + c]) || !put_value(columns[t.first_column + c], t.used)) return false;
  }
  ++t.used;
  return put(literals[t.first_literal + t.columns]);
}

bool ColumnDecoder::Work::all_used(std::size_t loose_used) const {
  return to == end && loose_used == loose_lengths.size() &&
         std::ranges::all_of(templates, [](const Template& t) { return t.used == t.records; }) &&
         std::ranges::all_of(columns, [](const Column& c) { return c.kind == Kind::dictionary || c.text.empty(); });
}

// Our writer's values are whole runs. Another's may not be: then a run may lie across them.
bool ColumnDecoder::Work::is_cut_at_runs(const Template& t) const {
  const auto in_run = [](char c) { return is_word_byte(c) || is_joiner_byte(c); };
  for (std::size_t l = 0; l <= t.columns; ++l) {
    const std::string_view literal = literals[t.first_literal + l];
    const bool first = l == 0;
    const bool last = l == t.columns;
    if (literal.empty() && (first || last)) continue;
    if (literal.empty() || (!first && in_run(literal.front())) || (!last && in_run(literal.back()))) return false;
  }
  return true;
}

bool ColumnDecoder::Work::may_hold(const Template& t, const Needle& needle) const {
  if (!is_cut_at_runs(t)) return true;
  for (std::size_t c = 0; c < t.columns; ++c) {
    const Column& column = columns[t.first_column + c];
    const bool number = column.kind == Kind::number || column.kind == Kind::difference;
    if (number ? number_may_hold(column.pattern, needle) : text_may_hold(column.text, needle)) return true;
  }
  for (std::size_t l = 0; l <= t.columns; ++l) {
    if (text_may_hold(literals[t.first_literal + l], needle)) return true;
  }
  return false;
}

void ColumnDecoder::Work::choose(const Needle* needle) {
  loose_wanted = needle == nullptr || text_may_hold(loose, *needle);
  for (Template& t : templates) t.wanted = needle == nullptr || may_hold(t, *needle);
}

// A record's bytes, or none where nobody wants them; `number` is 0 for a loose one.
bool ColumnDecoder::Work::put_numbered(std::size_t number, std::string_view& left, std::size_t& loose_used) {
  if (number > 0) {
    Template& t = templates[number - 1];
    return t.wanted ? put_record(t) : t.used++ < t.records;
  }
  if (loose_used == loose_lengths.size()) return false;
  const auto length = static_cast<std::size_t>(loose_lengths[loose_used++]);
  if (left[length] != '\n' || (loose_wanted && !put(left.substr(0, length)))) return false;
  left.remove_prefix(length + 1);
  return true;
}

Result<void> ColumnDecoder::decode(std::string_view planes, const Needle* needle, std::string& raw,
                                   std::vector<std::uint32_t>& ends) {
  Work& w = *work_;
  w.choose(needle);
  LUY_TRY(const char* const numbers, w.place_planes(planes));
  const std::size_t records = w.sections.records;
  const std::size_t size = w.sections.raw_bytes + records;
  if (raw.size() < size + columns_slack) raw.resize(size + columns_slack);
  ends.resize(records);
  w.to = raw.data();
  w.end = raw.data() + size;
  const bool wide = w.templates.size() > 255;
  std::size_t loose_used = 0;
  std::string_view loose = w.loose;
  for (std::size_t i = 0; i < records; ++i) {
    std::size_t number = static_cast<std::uint8_t>(numbers[i]);
    if (wide) number |= static_cast<std::size_t>(static_cast<std::uint8_t>(numbers[records + i])) << 8U;
    if (number > w.templates.size()) return damaged("template number");
    if (!w.put_numbered(number, loose, loose_used)) return damaged("record " + std::to_string(i) + " of the block");
    if (w.to == w.end) return damaged("lengths");
    *w.to++ = '\n';
    ends[i] = static_cast<std::uint32_t>(w.to - raw.data());
  }
  if (needle == nullptr && !w.all_used(loose_used)) return damaged("what is left over");
  return {};
}

}  // namespace luy::evidence
