#include "evidence/day_writer.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "base/check.h"
#include "base/file.h"
#include "evidence/durable.h"
#include "evidence/error.h"

namespace luy::evidence {
namespace {

Result<void> put_meta(Connection& connection, const DayMeta& meta) {
  LUY_TRY(Statement insert, connection.prepare("INSERT INTO meta(name, value) VALUES(?, ?)"));
  const std::string day = to_iso(meta.day);
  const std::string before = meta.before.encode();
  LUY_TRY_VOID(insert.bind_text(1, "epoch").bind_text(2, meta.epoch).run());
  LUY_TRY_VOID(insert.bind_text(1, "origin").bind_text(2, meta.origin).run());
  LUY_TRY_VOID(insert.bind_text(1, "day").bind_text(2, day).run());
  LUY_TRY_VOID(insert.bind_text(1, "first_seq").bind(2, meta.before.size()).run());
  return insert.bind_text(1, "frontier_before").bind_blob(2, before).run();
}

Result<void> fill(const std::filesystem::path& file, const DayMeta& meta, Time received_before,
                  const std::vector<SpoolRow>& spools) {
  {
    LUY_TRY(Connection connection, Connection::open(file, Connection::Mode::create));
    LUY_TRY_VOID(connection.run("PRAGMA page_size=4096; PRAGMA auto_vacuum=NONE"));
    LUY_TRY_VOID(connection.run(("PRAGMA application_id=" + std::to_string(day_file_application_id) +
                                 "; PRAGMA user_version=" + std::to_string(day_file_format))
                                    .c_str()));
    LUY_TRY_VOID(connection.run("BEGIN IMMEDIATE"));
    for (const std::string& table : day_schema()) LUY_TRY_VOID(connection.run(table.c_str()));
    LUY_TRY_VOID(put_meta(connection, meta));
    LUY_TRY_VOID(connection.run("COMMIT"));
  }
  LUY_TRY(const std::unique_ptr<DayWriter> writer, DayWriter::open(file));
  LUY_TRY_VOID(writer->begin());
  LUY_TRY_VOID(writer->put_head({meta.before.size(), received_before, 0, DayState::open, meta.before}));
  for (const SpoolRow& spool : spools) LUY_TRY_VOID(writer->put_spool(spool));
  LUY_TRY_VOID(writer->commit());
  return writer->leave_log();
}

}  // namespace

Result<void> DayWriter::create(const std::filesystem::path& file, const DayMeta& meta, Time received_before,
                               const std::vector<SpoolRow>& spools) {
  // Under another name until it is complete, so that a crash leaves no half-made day.
  const std::filesystem::path temporary = file.string() + ".new";
  std::error_code ignored;
  for (const char* suffix : {"", "-wal", "-shm", "-journal"}) {
    std::filesystem::remove(temporary.string() + suffix, ignored);
  }
  if (auto filled = fill(temporary, meta, received_before, spools); !filled) {
    std::filesystem::remove(temporary, ignored);
    return filled;
  }
  if (::rename(temporary.c_str(), file.c_str()) != 0) return file_error(file.string(), errno);
  return sync_folder_or_die(file.parent_path());
}

Result<std::unique_ptr<DayWriter>> DayWriter::open(const std::filesystem::path& file) {
  LUY_TRY(Connection connection, Connection::open(file, Connection::Mode::write));
  LUY_TRY_VOID(connection.run("PRAGMA journal_mode=WAL; PRAGMA journal_size_limit=16777216"));
  auto writer = std::unique_ptr<DayWriter>(new DayWriter(std::move(connection)));
  LUY_TRY_VOID(writer->raise_format());
  LUY_TRY_VOID(writer->prepare());
  return writer;
}

// The version stands in the same transaction as the table.
Result<void> DayWriter::raise_format() {
  LUY_TRY(const std::int64_t format, connection_.integer("PRAGMA user_version"));
  if (format > day_file_format) return Error(store_newer, connection_.file());
  if (format == day_file_format) return {};
  LUY_TRY_VOID(begin());
  auto raised = connection_.run(day_schema().back().c_str());
  if (raised) raised = connection_.run(("PRAGMA user_version=" + std::to_string(day_file_format)).c_str());
  if (!raised) {
    rollback();
    return raised;
  }
  return commit();
}

Result<void> DayWriter::prepare() {
  Connection& c = connection_;
  LUY_TRY(tail_, c.prepare("INSERT INTO tail(first_seq, count, kind, received_first, received_last, raw_bytes, "
                           "plain_bytes, sources, nodes, body) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"));
  LUY_TRY(block_, c.prepare("INSERT INTO block(first_seq, count, kind, received_first, received_last, raw_bytes, "
                            "plain_bytes, sources, nodes, histogram, filter, body) "
                            "VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"));
  LUY_TRY(head_, c.prepare("INSERT OR REPLACE INTO head(id, size, received, raw_bytes, state, frontier) "
                           "VALUES(1, ?, ?, ?, ?, ?)"));
  LUY_TRY(spool_, c.prepare("INSERT OR REPLACE INTO spool(sender, spool_id, number, seen, missing) "
                            "VALUES(?, ?, ?, ?, ?)"));
  LUY_TRY(spool_delete_, c.prepare("DELETE FROM spool WHERE sender = ? AND spool_id = ?"));
  LUY_TRY(coverage_, c.prepare("INSERT OR REPLACE INTO coverage(sender, records, missing_batches, dropped_records, "
                               "first, last) VALUES(?, ?, ?, ?, ?, ?)"));
  LUY_TRY(note_, c.prepare("INSERT OR REPLACE INTO note(size, signed_at, closing, text) VALUES(?, ?, ?, ?)"));
  LUY_TRY(note_text_, c.prepare("SELECT text FROM note WHERE size = ?"));
  LUY_TRY(closing_, c.prepare("UPDATE note SET closing = 1 WHERE size = ?"));
  LUY_TRY(key_, c.prepare("INSERT OR IGNORE INTO key(vkey, since) VALUES(?, ?)"));
  LUY_TRY(certificate_, c.prepare("INSERT OR IGNORE INTO certificate(text, since) VALUES(?, ?)"));
  LUY_TRY(root_, c.prepare("INSERT OR IGNORE INTO meta(name, value) VALUES('root', ?)"));
  return {};
}

Result<void> DayWriter::commit() {
  auto committed = connection_.run("COMMIT");
  if (!committed) rollback();
  return committed;
}

void DayWriter::rollback() {
  // Fails when SQLite has already rolled back, as it does when the disk is full.
  static_cast<void>(connection_.run("ROLLBACK"));
}

namespace {

void bind_head(Statement& s, const SegmentHead& head, std::string_view nodes) {
  s.bind(1, head.first_seq).bind(2, head.count).bind(3, std::int64_t{head.kind});
  s.bind(4, to_micros(head.received_first)).bind(5, to_micros(head.received_last));
  s.bind(6, head.raw_bytes).bind(7, head.plain_bytes).bind_blob(8, head.sources).bind_blob(9, nodes);
}

}  // namespace

Result<void> DayWriter::add_tail(const SegmentHead& head, std::string_view nodes, std::string_view body) {
  bind_head(tail_, head, nodes);
  return tail_.bind_blob(10, body).run();
}

Result<void> DayWriter::add_block(const Block& block) {
  bind_head(block_, block.head, block.nodes);
  return block_.bind_blob(10, block.histogram).bind_blob(11, block.filter).bind_blob(12, block.body).run();
}

Result<void> DayWriter::put_head(const DayHead& head) {
  LUY_CHECK(head.frontier.size() == head.size);
  const std::string frontier = head.frontier.encode();
  head_.bind(1, head.size).bind(2, to_micros(head.received)).bind(3, head.raw_bytes);
  return head_.bind(4, static_cast<std::int64_t>(head.state)).bind_blob(5, frontier).run();
}

Result<void> DayWriter::put_withheld(const DayMeta::Withheld& withheld) {
  LUY_TRY(Statement insert, connection_.prepare("INSERT OR REPLACE INTO meta(name, value) VALUES('withheld', ?)"));
  const std::string text = encode_withheld(withheld);
  return insert.bind_text(1, text).run();
}

Result<void> DayWriter::put_spool(const SpoolRow& spool) {
  const std::string missing = encode_spool(spool);
  spool_.bind_text(1, spool.sender).bind(2, spool.spool_id).bind(3, spool.number);
  return spool_.bind(4, to_micros(spool.seen)).bind_blob(5, missing).run();
}

Result<void> DayWriter::delete_spool(std::string_view sender, std::uint64_t spool_id) {
  return spool_delete_.bind_text(1, sender).bind(2, spool_id).run();
}

Result<void> DayWriter::put_coverage(const CoverageRow& c) {
  coverage_.bind_text(1, c.sender).bind(2, c.records).bind(3, c.missing_batches).bind(4, c.dropped_records);
  return coverage_.bind(5, to_micros(c.first)).bind(6, to_micros(c.last)).run();
}

Result<void> DayWriter::put_checkpoint(const NoteRow& note, const SignedNote& signature, std::string_view root) {
  note_text_.bind(1, note.size);
  LUY_TRY(const bool there, note_text_.step());
  const std::string before(there ? note_text_.text(0) : std::string_view());
  note_text_.reset();
  std::string text = note.text;
  // The closing checkpoint may be of a size that was signed before, and cosigned since.
  if (const auto merged = merge_notes(note.text, before); there && merged) text = *merged;
  note_.bind(1, note.size).bind(2, to_micros(note.signed_at)).bind(3, std::int64_t{note.closing ? 1 : 0});
  LUY_TRY_VOID(note_.bind_text(4, text).run());
  LUY_TRY_VOID(key_.bind_text(1, signature.vkey).bind(2, to_micros(note.signed_at)).run());
  LUY_TRY_VOID(root_.bind_text(1, root).run());
  for (const std::string& certificate : signature.certificates) {
    LUY_TRY_VOID(certificate_.bind_text(1, certificate).bind(2, to_micros(note.signed_at)).run());
  }
  return {};
}

Result<void> DayWriter::set_closing(std::uint64_t size) {
  return closing_.bind(1, size).run();
}

Result<void> DayWriter::trim_log() {
  if (connection_.log_pages() < log_pages_max) return {};
  const auto done = connection_.checkpoint(false);
  if (!done && done.error().is(disk_full)) return {};
  return done;
}

Result<void> DayWriter::leave_log() {
  LUY_TRY_VOID(connection_.checkpoint(true));
  LUY_TRY(Statement mode, connection_.prepare("PRAGMA journal_mode=DELETE"));
  LUY_TRY(const bool row, mode.step());
  // SQLite answers with the mode that holds: still "wal" when another connection has the file open.
  if (!row || mode.text(0) != "delete") return Error(store_in_use, connection_.file());
  return mode.run();  // The change is committed after the row was given: only this tells whether it was written.
}

}  // namespace luy::evidence
