#include "evidence/day_file.h"

#include <algorithm>
#include <limits>

#include "base/encoding.h"
#include "evidence/error.h"
#include "evidence/filter.h"

namespace luy::evidence {
namespace {

constexpr std::string_view day_extension = ".sqlite";
constexpr std::string_view head_columns =
    "first_seq, count, kind, received_first, received_last, raw_bytes, plain_bytes";
constexpr std::string_view list_columns = ", sources, nodes";

// Seqs are signed in SQLite; nothing reaches the upper half.
constexpr std::uint64_t seq_max = std::numeric_limits<std::int64_t>::max();

}  // namespace

std::filesystem::path day_path(const std::filesystem::path& folder, Day day) {
  return folder / (to_iso(day) + std::string(day_extension));
}

std::filesystem::path digest_path(const std::filesystem::path& day_file) {
  return day_file.string() + ".sha256";
}

std::optional<Day> day_of_path(const std::filesystem::path& path) {
  const std::string name = path.filename().string();
  if (!name.ends_with(day_extension)) return std::nullopt;
  return day_from_iso(std::string_view(name).substr(0, name.size() - day_extension.size()));
}

const std::vector<std::string>& day_schema(int format) {
  static const std::vector<std::string> first = {
      "CREATE TABLE meta(name TEXT PRIMARY KEY, value) WITHOUT ROWID",
      "CREATE TABLE key(vkey TEXT PRIMARY KEY, since INTEGER NOT NULL) WITHOUT ROWID",
      "CREATE TABLE head(id INTEGER PRIMARY KEY CHECK(id = 1), size INTEGER NOT NULL, received INTEGER NOT NULL, "
      "raw_bytes INTEGER NOT NULL, state INTEGER NOT NULL, frontier BLOB NOT NULL)",
      "CREATE TABLE note(size INTEGER PRIMARY KEY, signed_at INTEGER NOT NULL, closing INTEGER NOT NULL, "
      "text TEXT NOT NULL)",
      "CREATE TABLE tail(first_seq INTEGER PRIMARY KEY, count INTEGER NOT NULL, kind INTEGER NOT NULL, "
      "received_first INTEGER NOT NULL, received_last INTEGER NOT NULL, raw_bytes INTEGER NOT NULL, "
      "plain_bytes INTEGER NOT NULL, sources BLOB NOT NULL, nodes BLOB NOT NULL, body BLOB NOT NULL)",
      "CREATE TABLE block(first_seq INTEGER PRIMARY KEY, count INTEGER NOT NULL, kind INTEGER NOT NULL, "
      "received_first INTEGER NOT NULL, received_last INTEGER NOT NULL, raw_bytes INTEGER NOT NULL, "
      "plain_bytes INTEGER NOT NULL, sources BLOB NOT NULL, nodes BLOB NOT NULL, histogram BLOB NOT NULL, "
      "filter BLOB NOT NULL, body BLOB NOT NULL)",
      "CREATE TABLE spool(sender TEXT NOT NULL, spool_id INTEGER NOT NULL, number INTEGER NOT NULL, "
      "seen INTEGER NOT NULL, missing BLOB NOT NULL, PRIMARY KEY(sender, spool_id)) WITHOUT ROWID",
      "CREATE TABLE coverage(sender TEXT PRIMARY KEY, records INTEGER NOT NULL, missing_batches INTEGER NOT NULL, "
      "dropped_records INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL) WITHOUT ROWID",
  };
  static const std::vector<std::string> second = [] {
    std::vector<std::string> out = first;
    out.emplace_back("CREATE TABLE certificate(text TEXT PRIMARY KEY, since INTEGER NOT NULL) WITHOUT ROWID");
    return out;
  }();
  return format == 1 ? first : second;
}

Result<std::unique_ptr<DayReader>> DayReader::open(const std::filesystem::path& file, bool sealed) {
  LUY_TRY(Connection connection, Connection::open(file, sealed ? Connection::Mode::sealed : Connection::Mode::read));
  auto reader = std::unique_ptr<DayReader>(new DayReader(std::move(connection)));
  LUY_TRY(const std::int64_t application, reader->connection_.integer("PRAGMA application_id"));
  if (application != day_file_application_id) return reader->corrupt("not a day of evidence");
  LUY_TRY(const std::int64_t format, reader->connection_.integer("PRAGMA user_version"));
  if (format > day_file_format) return Error(store_newer, file.string());
  if (format < 1) return reader->corrupt("format version " + std::to_string(format));
  reader->format_ = static_cast<int>(format);
  LUY_TRY_VOID(reader->prepare());
  return reader;
}

Result<void> DayReader::prepare() {
  const auto at = [&](const std::string& table, std::string_view lists) {
    return connection_.prepare("SELECT " + std::string(head_columns) + std::string(lists) + " FROM " + table +
                               " WHERE first_seq <= ? ORDER BY first_seq DESC LIMIT 1");
  };
  LUY_TRY(block_at_, at("block", list_columns));
  LUY_TRY(tail_at_, at("tail", list_columns));
  LUY_TRY(block_head_, at("block", ""));
  LUY_TRY(tail_head_, at("tail", ""));
  filter_part_ = connection_.blobs("block", "filter");
  LUY_TRY(block_body_, connection_.prepare("SELECT body FROM block WHERE first_seq = ?"));
  LUY_TRY(tail_body_, connection_.prepare("SELECT body FROM tail WHERE first_seq = ?"));
  LUY_TRY(block_filter_, connection_.prepare("SELECT filter FROM block WHERE first_seq = ?"));
  LUY_TRY(block_histogram_, connection_.prepare("SELECT histogram FROM block WHERE first_seq = ?"));
  return {};
}

Error DayReader::corrupt(std::string_view what) const {
  return Error(store_corrupt, file() + ": " + std::string(what));
}

Result<bool> DayReader::in_plain_file() {
  LUY_TRY(Statement mode, connection_.prepare("PRAGMA journal_mode"));
  LUY_TRY(const bool row, mode.step());
  return row && mode.text(0) != "wal";
}

void DayReader::end() {
  filter_part_.close();
  // Nothing was written, so that nothing can fail that matters.
  static_cast<void>(connection_.run("ROLLBACK"));
}

Result<void> DayReader::check_schema() {
  LUY_TRY(Statement rows, connection_.prepare("SELECT coalesce(sql, name) FROM sqlite_schema ORDER BY rowid"));
  std::vector<std::string> found;
  for (;;) {
    LUY_TRY(const bool row, rows.step());
    if (!row) break;
    found.emplace_back(rows.text(0));
    if (found.size() > day_schema().size()) break;
  }
  const std::vector<std::string>& expected = day_schema(format_);
  if (found == expected) return {};
  const auto differs = std::ranges::mismatch(found, expected).in1;
  return corrupt(differs == found.end() ? "a table is absent" : *differs);
}

Result<DayMeta> DayReader::meta() {
  DayMeta out;
  std::string day;
  std::string frontier;
  std::uint64_t first_seq = seq_max;
  LUY_TRY(Statement rows, connection_.prepare("SELECT name, value FROM meta"));
  for (;;) {
    LUY_TRY(const bool row, rows.step());
    if (!row) break;
    const std::string_view name = rows.text(0);
    if (name == "epoch") out.epoch = rows.text(1);
    if (name == "origin") out.origin = rows.text(1);
    if (name == "day") day = rows.text(1);
    if (name == "root") out.root = rows.text(1);
    if (name == "first_seq") first_seq = rows.number(1);
    if (name == "frontier_before") frontier = rows.blob(1);
    if (name == "withheld" && !decode_withheld(rows.text(1), out.withheld)) return corrupt("table meta: withheld");
  }
  const auto parsed = day_from_iso(day);
  if (!parsed || out.epoch.empty() || out.origin.empty() || first_seq >= seq_max) return corrupt("table meta");
  out.day = *parsed;
  auto before = Frontier::decode(first_seq, frontier);
  if (!before) return corrupt("frontier_before");
  out.before = *std::move(before);
  return out;
}

Result<DayHead> DayReader::head() {
  LUY_TRY(Statement rows, connection_.prepare("SELECT size, received, raw_bytes, state, frontier FROM head"));
  LUY_TRY(const bool row, rows.step());
  if (!row) return corrupt("table head is empty");
  DayHead out;
  out.size = rows.number(0);
  out.received = from_micros(rows.integer(1));
  out.raw_bytes = rows.number(2);
  const std::int64_t state = rows.integer(3);
  if (out.size > seq_max || state < 0 || state > static_cast<int>(DayState::closed)) return corrupt("table head");
  out.state = static_cast<DayState>(state);
  auto frontier = Frontier::decode(out.size, rows.blob(4));
  if (!frontier) return corrupt("frontier");
  out.frontier = *std::move(frontier);
  return out;
}

Result<std::optional<SegmentRow>> DayReader::take_segment(Statement& statement, bool in_tail, bool whole) {
  LUY_TRY(const bool row, statement.step());
  if (!row) return std::optional<SegmentRow>();
  SegmentRow out;
  out.in_tail = in_tail;
  out.head = {statement.number(0),
              statement.number(1),
              static_cast<int>(statement.integer(2)),
              from_micros(statement.integer(3)),
              from_micros(statement.integer(4)),
              statement.number(5),
              statement.number(6),
              {}};
  if (whole) {
    out.head.sources = statement.blob(7);
    out.nodes = statement.blob(8);
  }
  statement.reset();
  const SegmentHead& h = out.head;
  if (h.first_seq > seq_max || h.count == 0 || h.count > plain_bytes_max || h.plain_bytes > plain_bytes_max ||
      h.received_last < h.received_first ||
      (whole && out.nodes.size() != sizeof(Hash) * (stored_nodes(h.first_seq + h.count) - stored_nodes(h.first_seq)))) {
    return corrupt("block at record " + std::to_string(h.first_seq));
  }
  return std::optional(std::move(out));
}

Result<std::optional<SegmentRow>> DayReader::segment_at(std::uint64_t seq) {
  if (seq > seq_max) seq = seq_max;
  // The tail comes after all blocks.
  tail_at_.bind(1, seq);
  LUY_TRY(auto in_tail, take_segment(tail_at_, true, true));
  if (in_tail) return in_tail;
  block_at_.bind(1, seq);
  return take_segment(block_at_, false, true);
}

Result<std::optional<SegmentRow>> DayReader::head_at(std::uint64_t seq) {
  if (seq > seq_max) seq = seq_max;
  tail_head_.bind(1, seq);
  LUY_TRY(auto in_tail, take_segment(tail_head_, true, false));
  if (in_tail) return in_tail;
  block_head_.bind(1, seq);
  return take_segment(block_head_, false, false);
}

Result<std::optional<std::uint64_t>> DayReader::find_begin(const char* statement, std::uint64_t seq) {
  LUY_TRY(Statement rows, connection_.prepare(statement));
  rows.bind(1, std::min(seq, seq_max));
  LUY_TRY(const bool row, rows.step());
  return row ? std::optional(rows.number(0)) : std::optional<std::uint64_t>();
}

Result<std::optional<std::uint64_t>> DayReader::begin_at(std::uint64_t seq) {
  LUY_TRY(const auto in_tail,
          find_begin("SELECT first_seq FROM tail WHERE first_seq <= ? ORDER BY first_seq DESC LIMIT 1", seq));
  if (in_tail) return in_tail;
  return find_begin("SELECT first_seq FROM block WHERE first_seq <= ? ORDER BY first_seq DESC LIMIT 1", seq);
}

Result<std::optional<std::uint64_t>> DayReader::begin_after(std::uint64_t seq) {
  LUY_TRY(const auto in_block,
          find_begin("SELECT first_seq FROM block WHERE first_seq > ? ORDER BY first_seq LIMIT 1", seq));
  if (in_block) return in_block;
  return find_begin("SELECT first_seq FROM tail WHERE first_seq > ? ORDER BY first_seq LIMIT 1", seq);
}

Result<bool> DayReader::may_have(const SegmentRow& row, const std::vector<std::uint64_t>& tokens) {
  if (row.in_tail || tokens.empty()) return true;
  LUY_TRY_VOID(filter_part_.open(row.head.first_seq));
  const std::size_t size = filter_part_.size();
  // A filter of impossible length excludes nothing.
  if (size == 0 || size % filter_block_bytes != 0) return true;
  for (const std::uint64_t token : tokens) {
    LUY_TRY_VOID(filter_part_.read(filter_place(size, token), filter_block_bytes, part_));
    if (!filter_block_may_have(part_, token)) return false;
  }
  return true;
}

Result<std::shared_ptr<const Segment>> DayReader::load(const SegmentRow& row) {
  auto segment = std::make_shared<Segment>();
  LUY_TRY_VOID(load(row, *segment));
  return std::shared_ptr<const Segment>(std::move(segment));
}

Result<void> DayReader::load(const SegmentRow& row, Segment& into, const Needle* needle) {
  Statement& body = row.in_tail ? tail_body_ : block_body_;
  body.bind(1, row.head.first_seq);
  LUY_TRY(const bool found, body.step());
  if (!found) return corrupt("block at record " + std::to_string(row.head.first_seq));
  const auto assigned = into.assign(row.head, body.blob(0), zstd_, needle);
  body.reset();
  if (!assigned) return Error(assigned.error().kind(), file() + ": " + assigned.error().detail());
  return {};
}

Result<std::string> DayReader::filter(const SegmentRow& row) {
  block_filter_.bind(1, row.head.first_seq);
  LUY_TRY(const bool found, block_filter_.step());
  if (!found) return corrupt("block at record " + std::to_string(row.head.first_seq));
  std::string out(block_filter_.blob(0));
  block_filter_.reset();
  return out;
}

Result<std::string> DayReader::histogram(const SegmentRow& row) {
  block_histogram_.bind(1, row.head.first_seq);
  LUY_TRY(const bool found, block_histogram_.step());
  if (!found) return corrupt("block at record " + std::to_string(row.head.first_seq));
  std::string out(block_histogram_.blob(0));
  block_histogram_.reset();
  return out;
}

Result<std::vector<SegmentRow>> DayReader::tail() {
  std::vector<SegmentRow> out;
  LUY_TRY(Statement rows, connection_.prepare("SELECT first_seq FROM tail ORDER BY first_seq"));
  for (;;) {
    LUY_TRY(const bool row, rows.step());
    if (!row) return out;
    tail_at_.bind(1, rows.number(0));
    LUY_TRY(auto segment, take_segment(tail_at_, true, true));
    if (!segment) return corrupt("table tail");
    out.push_back(*std::move(segment));
  }
}

Result<void> DayReader::notes(const std::function<void(const NoteRow&)>& visit) {
  LUY_TRY(Statement rows, connection_.prepare("SELECT size, signed_at, closing, text FROM note ORDER BY size"));
  for (;;) {
    LUY_TRY(const bool row, rows.step());
    if (!row) return {};
    visit({rows.number(0), from_micros(rows.integer(1)), rows.integer(2) != 0, std::string(rows.text(3))});
  }
}

Result<std::vector<NoteRow>> DayReader::notes_below(std::uint64_t size, std::size_t limit) {
  std::vector<NoteRow> out;
  LUY_TRY(Statement rows, connection_.prepare("SELECT size, signed_at, closing, text FROM note WHERE size < ? "
                                              "ORDER BY size DESC LIMIT ?"));
  rows.bind(1, std::min(size, seq_max)).bind(2, std::min<std::uint64_t>(limit, seq_max));
  for (;;) {
    LUY_TRY(const bool row, rows.step());
    if (!row) return out;
    out.push_back({rows.number(0), from_micros(rows.integer(1)), rows.integer(2) != 0, std::string(rows.text(3))});
  }
}

Result<std::optional<NoteRow>> DayReader::newest_note() {
  LUY_TRY(Statement rows,
          connection_.prepare("SELECT size, signed_at, closing, text FROM note ORDER BY size DESC LIMIT 1"));
  LUY_TRY(const bool row, rows.step());
  if (!row) return std::optional<NoteRow>();
  return std::optional(
      NoteRow{rows.number(0), from_micros(rows.integer(1)), rows.integer(2) != 0, std::string(rows.text(3))});
}

Result<std::vector<std::string>> DayReader::vkeys() {
  std::vector<std::string> out;
  LUY_TRY(Statement rows, connection_.prepare("SELECT vkey FROM key ORDER BY since, vkey"));
  for (;;) {
    LUY_TRY(const bool row, rows.step());
    if (!row) return out;
    out.emplace_back(rows.text(0));
  }
}

Result<std::vector<std::string>> DayReader::certificates() {
  std::vector<std::string> out;
  // Asked of the file: a writer may have raised its format since it was opened.
  LUY_TRY(const std::int64_t there,
          connection_.integer("SELECT count(*) FROM sqlite_schema WHERE name = 'certificate'"));
  if (there == 0) return out;
  LUY_TRY(Statement rows, connection_.prepare("SELECT text FROM certificate ORDER BY since, text"));
  for (;;) {
    LUY_TRY(const bool row, rows.step());
    if (!row) return out;
    out.emplace_back(rows.text(0));
  }
}

Result<std::vector<VerifierKey>> DayReader::own_roots() {
  LUY_TRY(const DayMeta own, meta());
  std::vector<std::string> vkeys_of_file = {own.root};
  if (own.root.empty()) {
    LUY_TRY(vkeys_of_file, vkeys());
  }
  std::vector<VerifierKey> out;
  for (const std::string& vkey : vkeys_of_file) {
    LUY_TRY(VerifierKey key, VerifierKey::parse(vkey));
    out.push_back(std::move(key));
  }
  return out;
}

namespace {

CoverageRow coverage_of(const Statement& rows) {
  return {std::string(rows.text(0)),   rows.number(1), rows.number(2), rows.number(3), from_micros(rows.integer(4)),
          from_micros(rows.integer(5))};
}

constexpr std::string_view coverage_columns = "sender, records, missing_batches, dropped_records, first, last";

}  // namespace

Result<std::optional<CoverageRow>> DayReader::coverage(std::string_view sender) {
  LUY_TRY(Statement rows,
          connection_.prepare("SELECT " + std::string(coverage_columns) + " FROM coverage WHERE sender = ?"));
  rows.bind_text(1, sender);
  LUY_TRY(const bool row, rows.step());
  if (!row) return std::optional<CoverageRow>();
  return std::optional(coverage_of(rows));
}

Result<std::vector<CoverageRow>> DayReader::coverages() {
  std::vector<CoverageRow> out;
  LUY_TRY(Statement rows,
          connection_.prepare("SELECT " + std::string(coverage_columns) + " FROM coverage ORDER BY sender"));
  for (;;) {
    LUY_TRY(const bool row, rows.step());
    if (!row) return out;
    out.push_back(coverage_of(rows));
  }
}

Result<std::vector<SpoolRow>> DayReader::spools() {
  LUY_TRY(Statement rows, connection_.prepare("SELECT sender, spool_id, number, seen, missing FROM spool"));
  return take_spools(rows);
}

Result<std::vector<SpoolRow>> DayReader::spools_of(std::string_view sender) {
  LUY_TRY(Statement rows,
          connection_.prepare("SELECT sender, spool_id, number, seen, missing FROM spool WHERE sender = ?"));
  rows.bind_text(1, sender);
  return take_spools(rows);
}

Result<std::vector<SpoolRow>> DayReader::take_spools(Statement& rows) {
  std::vector<SpoolRow> out;
  for (;;) {
    LUY_TRY(const bool row, rows.step());
    if (!row) return out;
    SpoolRow spool{std::string(rows.text(0)), rows.number(1), rows.number(2), from_micros(rows.integer(3)), {}, {}, {}};
    if (!decode_spool(rows.blob(4), spool)) return corrupt("table spool");
    out.push_back(std::move(spool));
  }
}

}  // namespace luy::evidence
