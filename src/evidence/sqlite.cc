#include "evidence/sqlite.h"

#include <sqlite3.h>

#include <cerrno>

#include "base/check.h"
#include "base/file.h"
#include "evidence/error.h"

namespace luy::evidence {
namespace {

constexpr int busy_timeout_ms = 500;
// The largest value of a day is a block of 24 MiB that did not compress; a file from elsewhere may claim more.
constexpr int value_bytes_max = 64 << 20;

// A path as an SQLite URI: everything but the plain characters is escaped.
std::string uri_of(const std::string& path, std::string_view parameters) {
  constexpr std::string_view plain = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/";
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string out = "file:";
  for (const char c : path) {
    if (plain.find(c) != std::string_view::npos) {
      out += c;
    } else {
      const auto byte = static_cast<unsigned char>(c);
      out += '%';
      out += digits[byte >> 4U];
      out += digits[byte & 15U];
    }
  }
  out += parameters;
  return out;
}

int note_log_pages(void* pages, sqlite3* /*db*/, const char* /*schema*/, int count) {
  *static_cast<std::uint64_t*>(pages) = static_cast<std::uint64_t>(count);
  return SQLITE_OK;
}

}  // namespace

Error sqlite_error(sqlite3* db, int code, const std::string& file) {
  const std::string detail = file + ": " + sqlite3_errstr(code);
  const int system = db != nullptr ? sqlite3_system_errno(db) : 0;
  if (code == SQLITE_IOERR_FSYNC || code == SQLITE_IOERR_DIR_FSYNC) {
    // After a failed fsync the kernel may have dropped the dirty pages: what is on the disk is unknown. Stopping and
    // recovering from the log is the only honest way on.
    check_failed(__FILE__, __LINE__, "fsync", detail);
  }
  switch (code & 0xff) {
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
    case SQLITE_CONSTRAINT:  // Two rows for one place: only damage does that.
      return Error(store_corrupt, detail);
    case SQLITE_FULL:
      return file_error(file, ENOSPC);
    case SQLITE_READONLY:
      return file_error(file, EROFS);
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return Error(store_in_use, file);
    case SQLITE_IOERR:
      // A sector that cannot be read, or a file that ends too early: the bytes are lost, not out of reach.
      if (code == SQLITE_IOERR_READ || code == SQLITE_IOERR_SHORT_READ) return Error(store_corrupt, detail);
      [[fallthrough]];
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
      if (system != 0) return file_error(file, system);
      return Error(file_failed, detail);
    case SQLITE_ERROR:  // A table or column that should be there is not.
      return Error(store_corrupt, file + ": " + (db != nullptr ? sqlite3_errmsg(db) : sqlite3_errstr(code)));
    default:
      return Error(file_failed, detail);
  }
}

void Statement::Finalise::operator()(sqlite3_stmt* statement) const {
  sqlite3_finalize(statement);
}

Statement::Statement(sqlite3* db, sqlite3_stmt* statement, const std::string* file)
    : db_(db), statement_(statement), file_(file) {}

Statement& Statement::bind(int index, std::int64_t value) {
  LUY_CHECK(sqlite3_bind_int64(statement_.get(), index, value) == SQLITE_OK);
  return *this;
}

Statement& Statement::bind_text(int index, std::string_view value) {
  LUY_CHECK(sqlite3_bind_text64(statement_.get(), index, value.data() != nullptr ? value.data() : "", value.size(),
                                SQLITE_STATIC, SQLITE_UTF8) == SQLITE_OK);
  return *this;
}

Statement& Statement::bind_blob(int index, std::string_view value) {
  // A null pointer would bind NULL instead of an empty blob.
  LUY_CHECK(sqlite3_bind_blob64(statement_.get(), index, value.data() != nullptr ? value.data() : "", value.size(),
                                SQLITE_STATIC) == SQLITE_OK);
  return *this;
}

Result<bool> Statement::step() {
  const int code = sqlite3_step(statement_.get());
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) {
    sqlite3_reset(statement_.get());
    return false;
  }
  const Error error = sqlite_error(db_, sqlite3_extended_errcode(db_), *file_);
  sqlite3_reset(statement_.get());
  return error;
}

Result<void> Statement::run() {
  LUY_TRY(const bool row, step());
  if (row) sqlite3_reset(statement_.get());
  return {};
}

void Statement::reset() {
  sqlite3_reset(statement_.get());
}

std::int64_t Statement::integer(int column) const {
  return sqlite3_column_int64(statement_.get(), column);
}

std::string_view Statement::text(int column) const {
  const auto* data = sqlite3_column_text(statement_.get(), column);
  if (data == nullptr) return {};
  return {reinterpret_cast<const char*>(data),
          static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), column))};
}

std::string_view Statement::blob(int column) const {
  const void* data = sqlite3_column_blob(statement_.get(), column);
  if (data == nullptr) return {};
  return {static_cast<const char*>(data), static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), column))};
}

void BlobReader::Close::operator()(sqlite3_blob* blob) const {
  sqlite3_blob_close(blob);
}

Result<void> BlobReader::open(std::uint64_t row) {
  const auto rowid = static_cast<std::int64_t>(row);
  int code = SQLITE_OK;
  if (blob_ != nullptr) {
    code = sqlite3_blob_reopen(blob_.get(), rowid);
  } else {
    sqlite3_blob* blob = nullptr;
    code = sqlite3_blob_open(db_, "main", table_, column_, rowid, 0, &blob);
    blob_.reset(blob);
  }
  if (code == SQLITE_OK) return {};
  const Error error = sqlite_error(db_, sqlite3_extended_errcode(db_), *file_);
  blob_.reset();
  return error;
}

std::size_t BlobReader::size() const {
  return static_cast<std::size_t>(sqlite3_blob_bytes(blob_.get()));
}

Result<void> BlobReader::read(std::size_t offset, std::size_t size, std::string& out) {
  out.resize(size);
  const int code = sqlite3_blob_read(blob_.get(), out.data(), static_cast<int>(size), static_cast<int>(offset));
  if (code != SQLITE_OK) return sqlite_error(db_, code, *file_);
  return {};
}

Connection::State::~State() {
  // Every statement is gone by now; otherwise this would fail and leak the file's locks.
  LUY_CHECK(sqlite3_close(db) == SQLITE_OK);
}

Result<Connection> Connection::open(const std::filesystem::path& file, Mode mode) {
  auto state = std::make_unique<State>();
  state->file = file.string();
  int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_URI | SQLITE_OPEN_EXRESCODE;
  flags |= mode == Mode::create  ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
           : mode == Mode::write ? SQLITE_OPEN_READWRITE
                                 : SQLITE_OPEN_READONLY;
  const std::string uri = uri_of(state->file, mode == Mode::sealed ? "?immutable=1" : "");
  const int code = sqlite3_open_v2(uri.c_str(), &state->db, flags, nullptr);
  if (code != SQLITE_OK) return sqlite_error(state->db, code, state->file);
  sqlite3_busy_timeout(state->db, busy_timeout_ms);
  sqlite3_db_config(state->db, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_db_config(state->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  if (mode != Mode::write && mode != Mode::create) {
    sqlite3_limit(state->db, SQLITE_LIMIT_LENGTH, value_bytes_max);
    sqlite3_db_config(state->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
  }
  sqlite3_wal_hook(state->db, note_log_pages, &state->log_pages);
  Connection connection(std::move(state));
  // Checkpoints are explicit, so that their errors are seen. FULL: what is committed is on the disk.
  LUY_TRY_VOID(connection.run("PRAGMA synchronous=FULL; PRAGMA temp_store=MEMORY; PRAGMA cell_size_check=ON"));
  return connection;
}

Result<void> Connection::check(int code) const {
  if (code == SQLITE_OK) return {};
  return sqlite_error(state_->db, code, state_->file);
}

Result<void> Connection::run(const char* sql) {
  return check(sqlite3_exec(state_->db, sql, nullptr, nullptr, nullptr));
}

Result<Statement> Connection::prepare(std::string_view sql) {
  sqlite3_stmt* statement = nullptr;
  LUY_TRY_VOID(check(sqlite3_prepare_v3(state_->db, sql.data(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT,
                                        &statement, nullptr)));
  return Statement(state_->db, statement, &state_->file);
}

Result<void> Connection::attach(const std::filesystem::path& file, std::string_view name) {
  LUY_TRY(Statement statement, prepare("ATTACH ? AS " + std::string(name)));
  const std::string uri = uri_of(file.string(), "?mode=ro&immutable=1");
  return statement.bind_text(1, uri).run();
}

BlobReader Connection::blobs(const char* table, const char* column) const {
  return {state_->db, table, column, &state_->file};
}

Result<std::int64_t> Connection::integer(std::string_view sql) {
  LUY_TRY(Statement statement, prepare(sql));
  LUY_TRY(const bool row, statement.step());
  if (!row) return Error(store_corrupt, state_->file);
  return statement.integer(0);
}

Result<void> Connection::checkpoint(bool truncate) {
  const int mode = truncate ? SQLITE_CHECKPOINT_TRUNCATE : SQLITE_CHECKPOINT_PASSIVE;
  return check(sqlite3_wal_checkpoint_v2(state_->db, nullptr, mode, nullptr, nullptr));
}

std::uint64_t Connection::log_pages() const {
  return state_->log_pages;
}

}  // namespace luy::evidence
