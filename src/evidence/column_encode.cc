#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <limits>

#include "base/check.h"
#include "evidence/byte_hash.h"
#include "evidence/column_split.h"
#include "evidence/columns.h"
#include "evidence/value_table.h"
#include "evidence/varint.h"

namespace luy::evidence {
namespace {

// Below this a template costs more than it saves: its literals stand once as literals or once in a loose record.
constexpr std::uint32_t template_records_min = 3;
constexpr std::uint32_t same_as_before = ~std::uint32_t{0};
constexpr std::size_t entries_ahead = 8;  // Asked for before they are needed.

// What deciding between kinds assumes, in bits: what zstd makes of a byte of text.
constexpr std::uint64_t text_byte_bits = 5;

std::uint64_t zigzag(std::uint64_t now, std::uint64_t before) {
  const auto difference = static_cast<std::int64_t>(now - before);
  return static_cast<std::uint64_t>(difference) << 1U ^ static_cast<std::uint64_t>(difference >> 63);
}

}  // namespace

struct ColumnEncoder::Work {
  ColumnSplitter splitter;
  ValueTable values;
  Columns out;
  const char* raw = nullptr;
  std::uint32_t stamp = 0;

  struct Kept {  // A form that becomes a template.
    std::uint32_t form = 0;
    std::uint32_t columns = 0;
    std::uint32_t filled = 0;  // Records taken in,
    std::uint32_t last = 0;    // and the last of them.
    std::size_t first_id = 0;  // In ids: column by column.
  };
  std::vector<Kept> kept;
  std::vector<std::uint32_t> template_of;  // By form; 0 is loose, else one more than its place in kept.
  std::vector<std::uint32_t> ids;          // Of values.
  struct Waiting {
    Stretch value;
    std::uint64_t start = 0;
    std::uint64_t hash = 0;
    std::size_t at = 0;  // In ids.
  };
  std::array<Waiting, 16> queue;
  std::size_t queue_first = 0;
  std::size_t waiting = 0;
  std::vector<std::uint64_t> numbers;   // Of the column at hand.
  std::vector<std::uint32_t> distinct;  // Of the column at hand, in order of first use.
  std::string literal_lengths;
  std::string column_text;

  void choose_templates();
  void gather_values(std::size_t records);
  void look_up(Stretch value, std::size_t at);
  void settle_one();
  void put_loose(std::string_view all_raw, std::span<const std::uint32_t> begins);
  void put_template(const Kept& t, std::span<const std::uint32_t> begins);
  bool put_column(std::span<std::uint32_t> column);
  void put_template_numbers();
  void put_value_tokens();

  struct Shape {
    std::uint64_t value_bytes = 0;
    std::uint64_t dictionary_bytes = 0;
    bool same_size = true;
    bool plain = true;
    bool pattern = true;
  };
  Shape shape_of(std::span<const std::uint32_t> column);
  bool fits_pattern(const ValueEntry& entry, const ValueEntry& first) const;
  bool number_is_best(std::span<const std::uint32_t> column, std::uint64_t other_bits, int& kind, std::uint64_t& base);
  void put_numbers(const ValueEntry& first, bool plain, int kind, std::uint64_t base);
  void put_planes(unsigned planes);
  std::string_view text(Stretch s) const { return {raw + s.begin, s.size}; }
  std::string& plane(std::size_t n) {
    if (out.planes.size() <= n) out.planes.resize(n + 1);
    return out.planes[n];
  }
};

ColumnEncoder::ColumnEncoder() : work_(std::make_unique<Work>()) {}
ColumnEncoder::~ColumnEncoder() = default;

const Columns& ColumnEncoder::encode(std::string_view all_raw, std::span<const std::uint32_t> begins) {
  Work& w = *work_;
  w.raw = all_raw.data();
  w.splitter.split(all_raw, begins);
  w.values.clear(w.raw);
  w.stamp = 0;
  w.out.head.clear();
  w.out.text.clear();
  w.out.tokens.clear();
  w.column_text.clear();
  for (std::string& plane : w.out.planes) plane.clear();
  w.choose_templates();
  w.gather_values(begins.size() - 1);
  w.put_template_numbers();
  std::string head;
  std::swap(head, w.out.head);  // The loose records stand first.
  for (const Work::Kept& t : w.kept) w.put_template(t, begins);
  std::swap(head, w.out.head);
  w.put_loose(all_raw, begins);
  put_varint(w.out.head, w.kept.size());
  w.out.head += head;
  w.put_value_tokens();
  w.out.text += w.column_text;
  return w.out;
}

void ColumnEncoder::Work::choose_templates() {
  const auto& forms = splitter.forms();
  kept.clear();
  template_of.assign(forms.size(), 0);
  std::size_t first_id = 0;
  std::size_t all_columns = 0;
  for (std::uint32_t form = 1; form < forms.size(); ++form) {
    if (forms[form].records < template_records_min) continue;
    const auto columns = static_cast<std::uint32_t>(splitter.values(forms[form].example).size());
    if (columns > block_columns_max - all_columns) continue;  // Loose, as no reader would take them.
    all_columns += columns;
    kept.push_back({form, columns, 0, 0, first_id});
    first_id += std::size_t{columns} * forms[form].records;
    template_of[form] = static_cast<std::uint32_t>(kept.size());
  }
  ids.resize(first_id);
}

void ColumnEncoder::Work::gather_values(std::size_t records) {
  for (std::size_t record = 0; record < records; ++record) {
    const std::uint32_t t = template_of[splitter.form_of()[record]];
    if (t == 0) continue;
    Kept& k = kept[t - 1];
    const std::uint32_t count = splitter.forms()[k.form].records;
    const auto now = splitter.values(record);
    const auto before = splitter.values(k.last);
    std::size_t at = k.first_id + k.filled;
    for (std::size_t c = 0; c < now.size(); ++c, at += count) {
      // Most values are those of the record before.
      if (k.filled > 0 && values.same(now[c], before[c])) {
        ids[at] = same_as_before;
      } else {
        look_up(now[c], at);
      }
    }
    ++k.filled;
    k.last = static_cast<std::uint32_t>(record);
  }
  while (waiting > 0) settle_one();
}

// The table is larger than the nearer caches: what is looked up is asked for some values before it is needed.
void ColumnEncoder::Work::look_up(Stretch value, std::size_t at) {
  const std::uint64_t start = values.start_of(value);
  if (ValueTable::is_short_decimal(value, start)) {
    ids[at] = values.id_of_decimal(value, start);
    return;
  }
  if (waiting == queue.size()) settle_one();
  const std::uint64_t hash = values.hash_of(value);
  values.prefetch(hash);
  queue[(queue_first + waiting++) % queue.size()] = {value, start, hash, at};
}

void ColumnEncoder::Work::settle_one() {
  const Waiting& w = queue[queue_first];
  ids[w.at] = values.id_of(w.value, w.start, w.hash);
  queue_first = (queue_first + 1) % queue.size();
  --waiting;
}

void ColumnEncoder::Work::put_template_numbers() {
  const bool wide = kept.size() > 255;
  std::string& low = plane(0);
  for (const std::uint32_t form : splitter.form_of()) low += static_cast<char>(template_of[form]);
  if (!wide) return;
  for (const std::uint32_t form : splitter.form_of()) low += static_cast<char>(template_of[form] >> 8U);
}

void ColumnEncoder::Work::put_loose(std::string_view all_raw, std::span<const std::uint32_t> begins) {
  std::uint64_t loose = 0;
  std::string lengths;
  for (std::size_t record = 0; record + 1 < begins.size(); ++record) {
    if (template_of[splitter.form_of()[record]] != 0) continue;
    ++loose;
    put_varint(lengths, begins[record + 1] - begins[record] - 1);
    out.text += all_raw.substr(begins[record], begins[record + 1] - begins[record]);
    out.tokens += all_raw.substr(begins[record], begins[record + 1] - begins[record]);
  }
  put_varint(out.head, loose);
  out.head += lengths;
}

// Columns whose values are all the same are part of the literals around them.
void ColumnEncoder::Work::put_template(const Kept& t, std::span<const std::uint32_t> begins) {
  const ColumnSplitter::Form& form = splitter.forms()[t.form];
  const std::size_t text_before = out.text.size();
  literal_lengths.clear();
  std::string descriptions;
  std::swap(descriptions, out.head);
  std::uint64_t columns = 0;
  const auto example = splitter.values(form.example);
  std::uint32_t literal = begins[form.example];
  for (std::uint32_t c = 0; c < t.columns; ++c) {
    const auto column = std::span(ids).subspan(t.first_id + std::size_t{c} * form.records, form.records);
    if (!put_column(column)) continue;
    ++columns;
    put_varint(literal_lengths, example[c].begin - literal);
    out.text.append(raw + literal, example[c].begin - literal);
    literal = example[c].begin + example[c].size;
  }
  const std::uint32_t end = begins[form.example + 1] - 1;
  put_varint(literal_lengths, end - literal);
  out.text.append(raw + literal, end - literal);
  // Between two literals stood a value, hence no token goes from one into the next.
  out.tokens.append(out.text, text_before);
  out.tokens += '\n';
  std::swap(descriptions, out.head);
  put_varint(out.head, form.records);
  put_varint(out.head, columns);
  out.head += descriptions;
  out.head += literal_lengths;
}

bool ColumnEncoder::Work::fits_pattern(const ValueEntry& entry, const ValueEntry& first) const {
  if (entry.place.size != first.place.size || entry.digits != first.digits) return false;
  const char* a = raw + entry.place.begin;
  const char* b = raw + first.place.begin;
  for (std::uint32_t i = 0; i < entry.place.size; ++i) {
    const bool digit = a[i] >= '0' && a[i] <= '9';
    if (digit ? b[i] < '0' || b[i] > '9' : a[i] != b[i]) return false;
  }
  return true;
}

ColumnEncoder::Work::Shape ColumnEncoder::Work::shape_of(std::span<const std::uint32_t> column) {
  Shape shape;
  ++stamp;
  distinct.clear();
  const ValueEntry first = values[column.front()];
  shape.pattern = first.digits > 0;
  for (std::size_t i = 0; i < column.size(); ++i) {
    if (i + entries_ahead < column.size()) values.prefetch_entry(column[i + entries_ahead]);
    const std::uint32_t id = column[i];
    ValueEntry& entry = values[id];
    shape.value_bytes += entry.place.size;
    if (entry.stamp == stamp) continue;
    entry.stamp = stamp;
    entry.local = static_cast<std::uint32_t>(distinct.size());
    distinct.push_back(id);
    shape.dictionary_bytes += entry.place.size + 1;
    shape.same_size = shape.same_size && entry.place.size == first.place.size;
    shape.plain = shape.plain && entry.plain;
    shape.pattern = shape.pattern && fits_pattern(entry, first);
  }
  return shape;
}

// Whether numbers are smaller than what else there is; then which kind, and `numbers` holds what its planes will.
bool ColumnEncoder::Work::number_is_best(std::span<const std::uint32_t> column, std::uint64_t other_bits, int& kind,
                                         std::uint64_t& base) {
  std::uint64_t lowest = std::numeric_limits<std::uint64_t>::max();
  for (const std::uint32_t id : distinct) lowest = std::min(lowest, values[id].number);
  std::uint64_t plain_bits = 0;
  std::uint64_t difference_bits = 0;
  const std::uint64_t first = values[column.front()].number;
  std::uint64_t before = first;
  for (const std::uint32_t id : column) {
    const std::uint64_t number = values[id].number;
    plain_bits += static_cast<std::uint64_t>(std::bit_width(number - lowest));
    difference_bits += static_cast<std::uint64_t>(std::bit_width(zigzag(number, before)));
    before = number;
  }
  if (std::min(plain_bits, difference_bits) > other_bits) return false;
  kind = difference_bits < plain_bits ? 4 : 3;
  base = kind == 4 ? first : lowest;
  numbers.clear();
  before = first;
  for (const std::uint32_t id : column) {
    const std::uint64_t number = values[id].number;
    numbers.push_back(kind == 4 ? zigzag(number, before) : number - lowest);
    before = number;
  }
  return true;
}

void ColumnEncoder::Work::put_planes(unsigned planes) {
  for (unsigned p = 0; p < planes; ++p) {
    std::string& to = plane(p + 1);
    const std::size_t at = to.size();
    to.resize(at + numbers.size());
    char* bytes = to.data() + at;
    for (std::size_t i = 0; i < numbers.size(); ++i) bytes[i] = static_cast<char>(numbers[i] >> (8 * p));
  }
}

void ColumnEncoder::Work::put_numbers(const ValueEntry& first, bool plain, int kind, std::uint64_t base) {
  std::uint64_t all = 1;  // At least one plane.
  for (const std::uint64_t number : numbers) all |= number;
  const auto planes = static_cast<unsigned>((std::bit_width(all) + 7) / 8);
  out.head += static_cast<char>(kind);
  out.head += static_cast<char>(planes);
  put_varint(out.head, base);
  std::string pattern;
  if (!plain) {
    pattern = text(first.place);
    for (char& c : pattern) c = c >= '0' && c <= '9' ? '0' : c;
  }
  put_varint(out.head, pattern.size());
  out.head += pattern;
  put_planes(planes);
}

// False: all values are the same, nothing was written.
bool ColumnEncoder::Work::put_column(std::span<std::uint32_t> column) {
  for (std::size_t i = 1; i < column.size(); ++i) {
    if (column[i] == same_as_before) column[i] = column[i - 1];
  }
  const Shape shape = shape_of(column);
  if (distinct.size() == 1) return false;
  const std::uint64_t index_bits = static_cast<std::uint64_t>(std::bit_width(distinct.size() - 1));
  const std::uint64_t dictionary_bits = distinct.size() > dictionary_entries_max
                                            ? std::numeric_limits<std::uint64_t>::max()
                                            : shape.dictionary_bytes * text_byte_bits + column.size() * index_bits;
  const std::uint64_t text_bits = (shape.value_bytes + (shape.same_size ? 0 : column.size())) * text_byte_bits;
  int kind = 0;
  std::uint64_t base = 0;
  if ((shape.plain || shape.pattern) && number_is_best(column, std::min(dictionary_bits, text_bits), kind, base)) {
    put_numbers(values[column.front()], shape.plain, kind, base);
  } else if (dictionary_bits < text_bits) {
    out.head += char{2};
    put_varint(out.head, distinct.size());
    put_varint(out.head, shape.dictionary_bytes);
    for (const std::uint32_t id : distinct) {
      column_text += text(values[id].place);
      column_text += '\n';
    }
    numbers.clear();
    for (const std::uint32_t id : column) numbers.push_back(values[id].local);
    put_planes(distinct.size() > 256 ? 2 : 1);
  } else {
    out.head += shape.same_size ? char{1} : char{0};
    put_varint(out.head, shape.same_size ? shape.value_bytes / column.size() : shape.value_bytes + column.size());
    for (const std::uint32_t id : column) {
      column_text += text(values[id].place);
      if (!shape.same_size) column_text += '\n';
    }
  }
  return true;
}

// Each value once; literals and loose records are there already.
void ColumnEncoder::Work::put_value_tokens() {
  std::size_t bytes = 0;
  for (const ValueEntry& entry : values.entries()) bytes += entry.place.size + 1;
  const std::size_t before = out.tokens.size();
  // Values are copied by sixteen bytes: what is copied too much is overwritten by the next, and cut off at the end.
  out.tokens.resize(before + bytes + columns_slack);
  char* to = out.tokens.data() + before;
  for (const ValueEntry& entry : values.entries()) {
    const char* from = raw + entry.place.begin;
    for (std::uint32_t done = 0; done < entry.place.size; done += 16) std::memcpy(to + done, from + done, 16);
    to += entry.place.size;
    *to++ = '\n';
  }
  out.tokens.resize(before + bytes);
}

}  // namespace luy::evidence
