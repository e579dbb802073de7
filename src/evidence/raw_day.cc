#include "evidence/raw_day.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <limits>

#include "evidence/certificate.h"
#include "evidence/error.h"

namespace luy::evidence {
namespace {

constexpr std::size_t page_bytes = 4096;
constexpr std::size_t file_head_bytes = 100;
constexpr std::size_t log_head_bytes = 32;
constexpr std::size_t frame_head_bytes = 24;
constexpr std::uint8_t table_leaf = 0x0d;
constexpr std::uint8_t index_leaf = 0x0a;
constexpr std::uint8_t index_inner = 0x02;
constexpr std::size_t columns_max = 16;
constexpr std::uint64_t row_bytes_max = std::uint64_t{1} << 30;  // SQLite's own limit.
constexpr std::uint64_t short_row_bytes_max = 256 << 10;         // Of what is no block: a note is the longest.
constexpr std::uint64_t seq_limit = std::numeric_limits<std::int64_t>::max();

std::uint64_t big_endian(std::string_view bytes) {
  std::uint64_t out = 0;
  for (const char c : bytes) out = out << 8U | static_cast<std::uint8_t>(c);
  return out;
}

// SQLite's variable-length integer; false at the end of the bytes.
bool take_varint(std::string_view bytes, std::size_t& at, std::uint64_t& out) {
  out = 0;
  for (int i = 0; i < 9; ++i) {
    if (at >= bytes.size()) return false;
    const auto byte = static_cast<std::uint8_t>(bytes[at++]);
    if (i == 8) {
      out = out << 8U | byte;
      return true;
    }
    out = out << 7U | (byte & 0x7fU);
    if ((byte & 0x80U) == 0) return true;
  }
  return true;
}

std::uint64_t bytes_of_type(std::uint64_t type) {
  constexpr std::array<std::uint64_t, 10> fixed = {0, 1, 2, 3, 4, 6, 8, 8, 0, 0};
  return type < fixed.size() ? fixed[type] : (type - 12) / 2;
}

bool is_integer(std::uint64_t type) {
  return (type >= 1 && type <= 6) || type == 8 || type == 9;
}
bool is_blob(std::uint64_t type) {
  return type >= 12 && type % 2 == 0;
}
bool is_text(std::uint64_t type) {
  return type >= 13 && type % 2 == 1;
}

std::uint32_t word(std::string_view bytes, std::size_t at, bool is_big) {
  std::uint32_t out = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    out |= std::uint32_t{static_cast<std::uint8_t>(bytes[at + i])} << 8U * (is_big ? 3 - i : i);
  }
  return out;
}

// The log's running checksum over a multiple of eight bytes.
struct LogSum {
  std::uint32_t first = 0;
  std::uint32_t second = 0;
  bool is_big = false;
  void add(std::string_view bytes) {
    for (std::size_t at = 0; at + 8 <= bytes.size(); at += 8) {
      first += word(bytes, at, is_big) + second;
      second += word(bytes, at + 4, is_big) + first;
    }
  }
};

std::string read_at(const UniqueFd& fd, std::uint64_t at, std::size_t bytes) {
  std::string out(bytes, '\0');
  std::size_t have = 0;
  while (have < bytes) {
    const ssize_t count = ::pread(fd.get(), out.data() + have, bytes - have, static_cast<off_t>(at + have));
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) break;  // A sector that cannot be read is as good as cut off.
    have += static_cast<std::size_t>(count);
  }
  out.resize(have);
  return out;
}

}  // namespace

struct RawDay::Row {
  struct Column {
    std::uint64_t type = 0;
    std::uint64_t begin = 0;  // In the payload.
    std::uint64_t bytes = 0;
    std::uint64_t end() const { return begin + bytes; }
  };
  std::uint32_t page = 0;
  std::uint32_t cell = 0;
  std::uint64_t rowid = 0;
  std::uint64_t total = 0;     // Bytes of the payload.
  std::string local;           // Its beginning, in the page.
  std::uint32_t overflow = 0;  // The page it goes on in; 0: nowhere.
  bool of_table = false;       // With a rowid.
  std::vector<Column> columns;

  std::int64_t integer(std::string_view payload, std::size_t column) const {
    const Column& c = columns[column];
    if (c.type == 8 || c.type == 9) return c.type == 9 ? 1 : 0;
    const std::string_view bytes = payload.substr(c.begin, c.bytes);
    const std::uint64_t value = big_endian(bytes);
    const unsigned bits = 8 * static_cast<unsigned>(bytes.size());
    if (bits == 0 || bits == 64 || (value >> (bits - 1) & 1U) == 0) return static_cast<std::int64_t>(value);
    return static_cast<std::int64_t>(value | ~std::uint64_t{0} << bits);
  }
  std::string text(std::string_view payload, std::size_t column) const {
    return std::string(payload.substr(columns[column].begin, columns[column].bytes));
  }
};

Result<RawDay> RawDay::open(const std::filesystem::path& file) {
  RawDay out;
  out.file_ = UniqueFd(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
  struct stat found {};
  if (!out.file_ || ::fstat(out.file_.get(), &found) != 0) return file_error(file.string(), errno);
  if (!S_ISREG(found.st_mode)) return file_error(file.string(), EINVAL);
  out.bytes_ = static_cast<std::uint64_t>(found.st_size);
  out.pages_ = (out.bytes_ + page_bytes - 1) / page_bytes;
  const std::string head = read_at(out.file_, 0, file_head_bytes);
  if (head.starts_with(std::string_view("SQLite format 3\0", 16)) && head.size() == file_head_bytes) {
    out.stated_pages_ = big_endian(std::string_view(head).substr(28, 4));
  }
  out.read_log(file.string() + "-wal");
  const std::uint64_t last = std::min<std::uint64_t>(out.pages_, std::numeric_limits<std::uint32_t>::max());
  for (std::uint64_t number = 1; number <= last; ++number) out.look_at(static_cast<std::uint32_t>(number));
  out.settle_meta();
  if (out.parts_.empty() && out.notes_.empty() && !out.meta_) {
    return Error(store_corrupt, file.string() + ": nothing of a day of evidence is in it");
  }
  return out;
}

// Frames that are part of a commit: those after the last one, or after a wrong checksum, SQLite ignores as well.
void RawDay::read_log(const std::filesystem::path& file) {
  log_ = UniqueFd(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
  if (!log_) return;
  const std::string head = read_at(log_, 0, log_head_bytes);
  if (head.size() < log_head_bytes) return;
  const std::uint32_t magic = word(head, 0, true);
  if ((magic & ~std::uint32_t{1}) != 0x377f0682 || word(head, 8, true) != page_bytes) return;
  LogSum sum{0, 0, (magic & 1U) != 0};
  sum.add(std::string_view(head).substr(0, 24));
  if (sum.first != word(head, 24, true) || sum.second != word(head, 28, true)) return;
  std::unordered_map<std::uint32_t, std::uint64_t> pending;
  for (std::uint64_t at = log_head_bytes;; at += frame_head_bytes + page_bytes) {
    const std::string frame = read_at(log_, at, frame_head_bytes + page_bytes);
    if (frame.size() < frame_head_bytes + page_bytes) return;
    if (frame.compare(8, 8, head, 16, 8) != 0) return;  // The salts: of an earlier log.
    sum.add(std::string_view(frame).substr(0, 8));
    sum.add(std::string_view(frame).substr(frame_head_bytes));
    if (sum.first != word(frame, 16, true) || sum.second != word(frame, 20, true)) return;
    pending[word(frame, 0, true)] = at + frame_head_bytes;
    const std::uint32_t size = word(frame, 4, true);
    if (size == 0) continue;
    for (const auto& [number, place] : pending) logged_[number] = place;
    pending.clear();
    pages_ = std::max<std::uint64_t>(pages_, size);
    stated_pages_ = std::max<std::uint64_t>(stated_pages_, size);
  }
}

std::optional<std::string> RawDay::page(std::uint32_t number) const {
  if (number == 0) return std::nullopt;
  const auto logged = logged_.find(number);
  std::string out = logged != logged_.end() ? read_at(log_, logged->second, page_bytes)
                                            : read_at(file_, (std::uint64_t{number} - 1) * page_bytes, page_bytes);
  if (out.empty()) return std::nullopt;
  out.resize(page_bytes, '\0');
  return out;
}

void RawDay::look_at(std::uint32_t number) {
  const auto bytes = page(number);
  if (!bytes) return;
  const std::size_t begin = number == 1 ? file_head_bytes : 0;
  const auto type = static_cast<std::uint8_t>((*bytes)[begin]);
  if (type != table_leaf && type != index_leaf && type != index_inner) return;
  const std::size_t cells = big_endian(std::string_view(*bytes).substr(begin + 3, 2));
  const std::size_t pointers = begin + (type == index_inner ? 12 : 8);
  for (std::size_t i = 0; i < cells && pointers + 2 * i + 2 <= page_bytes; ++i) {
    const std::size_t cell = big_endian(std::string_view(*bytes).substr(pointers + 2 * i, 2));
    if (cell < pointers || cell >= page_bytes) continue;
    if (const auto row = row_at(*bytes, number, cell, type)) take(*row);
  }
}

std::optional<RawDay::Row> RawDay::row_at(const std::string& page, std::uint32_t number, std::size_t cell,
                                          std::uint8_t type) const {
  Row out;
  out.page = number;
  out.cell = static_cast<std::uint32_t>(cell);
  out.of_table = type == table_leaf;
  std::size_t at = cell + (type == index_inner ? 4 : 0);
  if (!take_varint(page, at, out.total) || out.total == 0 || out.total > row_bytes_max) return std::nullopt;
  if (out.of_table && !take_varint(page, at, out.rowid)) return std::nullopt;
  // sqlite.org/fileformat2.html 1.6: how much of a payload stays in the page.
  constexpr std::uint64_t least = (page_bytes - 12) * 32 / 255 - 23;
  const std::uint64_t most = out.of_table ? page_bytes - 35 : (page_bytes - 12) * 64 / 255 - 23;
  std::uint64_t local = out.total;
  if (out.total > most) {
    const std::uint64_t rest = least + (out.total - least) % (page_bytes - 4);
    local = rest <= most ? rest : least;
  }
  if (at + local + (local < out.total ? 4 : 0) > page_bytes) return std::nullopt;
  out.local = page.substr(at, local);
  if (local < out.total) out.overflow = word(page, at + local, true);

  std::size_t in_head = 0;
  std::uint64_t head_bytes = 0;
  if (!take_varint(out.local, in_head, head_bytes) || head_bytes > out.local.size()) return std::nullopt;
  std::uint64_t begin = head_bytes;
  while (in_head < head_bytes) {
    Row::Column column;
    if (out.columns.size() == columns_max || !take_varint(out.local, in_head, column.type)) return std::nullopt;
    column.begin = begin;
    column.bytes = bytes_of_type(column.type);
    if (column.bytes > row_bytes_max) return std::nullopt;
    begin += column.bytes;
    out.columns.push_back(column);
  }
  if (in_head != head_bytes || begin != out.total) return std::nullopt;
  return out;
}

// As much of it as there is, up to `bytes`.
std::string RawDay::payload(const Row& row, std::uint64_t bytes) const {
  std::string out = row.local;
  std::uint32_t next = row.overflow;
  while (out.size() < std::min(bytes, row.total) && next != 0) {
    const auto more = page(next);
    if (!more) break;
    const std::uint64_t left = row.total - out.size();
    out.append(*more, 4, std::min<std::uint64_t>(left, page_bytes - 4));
    next = word(*more, 0, true);
  }
  return out;
}

void RawDay::take(const Row& row) {
  const std::size_t count = row.columns.size();
  const auto type = [&](std::size_t column) { return row.columns[column].type; };
  if (row.of_table && (count == 12 || count == 10) && take_part(row)) return;
  if (row.total > short_row_bytes_max) return;
  const std::string bytes = payload(row, row.total);
  if (bytes.size() < row.total) return;
  if (row.of_table && count == 4 && is_integer(type(1)) && is_integer(type(2)) && is_text(type(3))) {
    notes_.push_back({row.rowid, from_micros(row.integer(bytes, 1)), row.integer(bytes, 2) != 0, row.text(bytes, 3)});
  } else if (row.of_table && count == 6 && is_blob(type(5)) && is_integer(type(1)) && is_integer(type(4))) {
    DayHead found;
    found.size = static_cast<std::uint64_t>(row.integer(bytes, 1));
    found.received = from_micros(row.integer(bytes, 2));
    auto frontier = Frontier::decode(found.size, row.text(bytes, 5));
    if (!frontier || found.size > seq_limit || (head_ && head_->size > found.size)) return;
    found.frontier = *std::move(frontier);
    head_ = std::move(found);
  } else if (!row.of_table && count == 2 && is_text(type(0))) {
    const std::string name = row.text(bytes, 0);
    if (parse_certificate(name)) {
      if (std::ranges::find(certificates_, name) == certificates_.end()) certificates_.push_back(name);
      return;
    }
    named_.emplace(name, is_integer(type(1)) ? std::to_string(row.integer(bytes, 1)) : row.text(bytes, 1));
  }
}

bool RawDay::take_part(const Row& row) {
  const std::size_t last = row.columns.size() - 1;
  if (row.columns[0].type != 0) return false;  // The rowid's column holds nothing.
  for (std::size_t i = 1; i <= last; ++i) {
    if (i <= 6 ? !is_integer(row.columns[i].type) : !is_blob(row.columns[i].type)) return false;
  }
  constexpr std::size_t sources = 7;
  constexpr std::size_t nodes = 8;
  const std::string bytes = payload(row, row.columns[nodes].end());
  if (bytes.size() < row.columns[6].end()) return false;
  Part out;
  out.in_tail = last == 9;
  out.page = row.page;
  out.cell = row.cell;
  SegmentHead& head = out.head;
  head.first_seq = row.rowid;
  head.count = static_cast<std::uint64_t>(row.integer(bytes, 1));
  head.kind = static_cast<int>(row.integer(bytes, 2));
  head.received_first = from_micros(row.integer(bytes, 3));
  head.received_last = from_micros(row.integer(bytes, 4));
  head.raw_bytes = static_cast<std::uint64_t>(row.integer(bytes, 5));
  head.plain_bytes = static_cast<std::uint64_t>(row.integer(bytes, 6));
  if (head.first_seq > seq_limit || head.count == 0 || head.count > plain_bytes_max ||
      head.plain_bytes > plain_bytes_max || head.raw_bytes > plain_bytes_max) {
    return false;
  }
  if (bytes.size() >= row.columns[sources].end()) head.sources = row.text(bytes, sources);
  const std::uint64_t wanted = stored_nodes(head.first_seq + head.count) - stored_nodes(head.first_seq);
  if (bytes.size() >= row.columns[nodes].end() && row.columns[nodes].bytes == wanted * sizeof(Hash)) {
    out.nodes = row.text(bytes, nodes);
  }
  parts_.push_back(std::move(out));
  return true;
}

std::optional<std::string> RawDay::body(const Part& part) const {
  const auto bytes = page(part.page);
  if (!bytes) return std::nullopt;
  const auto row = row_at(*bytes, part.page, part.cell, table_leaf);
  if (!row || row->columns.empty()) return std::nullopt;
  std::string whole = payload(*row, row->total);
  if (whole.size() < row->total) return std::nullopt;
  return whole.substr(row->columns.back().begin);
}

void RawDay::settle_meta() {
  const auto value = [&](const char* name) {
    const auto found = named_.find(name);
    return found == named_.end() ? std::string() : found->second;
  };
  root_ = value("root");
  DayMeta out;
  out.epoch = value("epoch");
  out.origin = value("origin");
  out.root = root_;
  const auto day = day_from_iso(value("day"));
  const std::string first = value("first_seq");
  std::uint64_t first_seq = 0;
  const auto parsed = std::from_chars(first.data(), first.data() + first.size(), first_seq);
  const bool is_number = parsed.ec == std::errc() && parsed.ptr == first.data() + first.size() && !first.empty();
  if (out.origin.empty() || !day || !is_number || !named_.contains("frontier_before")) return;
  auto before = Frontier::decode(first_seq, value("frontier_before"));
  if (!before) return;
  out.day = *day;
  out.before = *std::move(before);
  meta_ = std::move(out);
}

}  // namespace luy::evidence
