#include "records/sqlite/connection.h"

#include <cerrno>
#include <charconv>
#include <utility>

#include "base/file.h"

namespace luy::records::sqlite {
namespace {

class SqliteRow final : public Row {
 public:
  explicit SqliteRow(sqlite3_stmt* statement) : statement_(statement) {}

  bool null(int column) const override { return type(column) == SQLITE_NULL; }
  std::int64_t integer(int column) const override {
    LUY_CHECK_MSG(type(column) == SQLITE_INTEGER || null(column), "the column does not hold an integer");
    return sqlite3_column_int64(statement_, column);
  }
  double real(int column) const override {
    LUY_CHECK_MSG(type(column) == SQLITE_FLOAT || type(column) == SQLITE_INTEGER || null(column),
                  "the column does not hold a number");
    return sqlite3_column_double(statement_, column);
  }
  std::string_view text(int column) const override {
    LUY_CHECK_MSG(type(column) == SQLITE_TEXT || null(column), "the column does not hold a text");
    return bytes(column);
  }
  std::string_view blob(int column) const override {
    LUY_CHECK_MSG(type(column) == SQLITE_BLOB || type(column) == SQLITE_TEXT || null(column),
                  "the column does not hold a blob");
    return bytes(column);
  }

 private:
  int type(int column) const {
    LUY_CHECK(column >= 0 && column < sqlite3_column_count(statement_));
    return sqlite3_column_type(statement_, column);
  }
  std::string_view bytes(int column) const {
    const void* data = sqlite3_column_blob(statement_, column);
    if (data == nullptr) return {};
    return {static_cast<const char*>(data), static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
  }

  sqlite3_stmt* statement_;
};

// Gives the statement back whole, whatever way the caller leaves.
class StatementUse {
 public:
  explicit StatementUse(Statement& statement) : statement_(statement) { statement_.in_use = true; }
  ~StatementUse() {
    sqlite3_reset(statement_.handle.get());
    sqlite3_clear_bindings(statement_.handle.get());
    statement_.in_use = false;
  }
  StatementUse(const StatementUse&) = delete;
  StatementUse& operator=(const StatementUse&) = delete;

 private:
  Statement& statement_;
};

bool blank(std::string_view sql) {
  return sql.find_first_not_of(" \t\r\n;") == std::string_view::npos;
}

// "$3" → 2. Anything else is a bug: only this form means the same in PostgreSQL.
std::size_t parameter_of(const char* name) {
  const std::string_view text = name == nullptr ? std::string_view() : std::string_view(name);
  std::size_t number = 0;
  const bool dollar = text.size() > 1 && text.front() == '$';
  const auto parsed = dollar ? std::from_chars(text.data() + 1, text.data() + text.size(), number)
                             : std::from_chars_result{nullptr, std::errc::invalid_argument};
  LUY_CHECK_MSG(parsed.ec == std::errc() && parsed.ptr == text.data() + text.size() && number > 0,
                "parameters are written $1..$n");
  return number - 1;
}

}  // namespace

Result<std::unique_ptr<SqliteConnection>> SqliteConnection::open(const std::filesystem::path& file, Mode mode) {
  std::unique_ptr<SqliteConnection> connection(new SqliteConnection(file.string(), mode));
  sqlite3* db = nullptr;
  const int flags = (mode == Mode::writer ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY) | SQLITE_OPEN_NOMUTEX |
                    SQLITE_OPEN_EXRESCODE;
  const int code = sqlite3_open_v2(file.c_str(), &db, flags, nullptr);
  connection->db_.reset(db);
  if (code != SQLITE_OK) return connection->error(code);
  LUY_TRY_VOID(connection->configure());
  return connection;
}

Result<void> SqliteConnection::configure() {
  sqlite3* db = db_.get();
  sqlite3_busy_timeout(db, busy_timeout_ms);
  sqlite3_limit(db, SQLITE_LIMIT_LENGTH, static_cast<int>(value_bytes_max));
  sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_db_config(db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  // "text" in double quotes is a name in SQL; SQLite's fallback to a string would hide a misspelt column.
  sqlite3_db_config(db, SQLITE_DBCONFIG_DQS_DML, 0, nullptr);
  sqlite3_db_config(db, SQLITE_DBCONFIG_DQS_DDL, 0, nullptr);
  LUY_TRY_VOID(control("PRAGMA cell_size_check=ON"));
  LUY_TRY_VOID(control("PRAGMA temp_store=MEMORY"));
  if (mode_ == Mode::reader) {
    // Only the writer checkpoints: two connections at it can corrupt the file before SQLite 3.51.3.
    sqlite3_wal_autocheckpoint(db, 0);
    sqlite3_db_config(db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
    return control("PRAGMA query_only=ON");
  }
  std::string journal_mode;
  LUY_TRY_VOID(query("PRAGMA journal_mode=WAL", {}, [&](const Row& row) { journal_mode = row.text(0); }));
  if (journal_mode != "wal") return Error(database_failed, file_ + ": journal_mode=" + journal_mode);
  LUY_TRY_VOID(control("PRAGMA synchronous=FULL"));
  // The WAL is cut back to this after a long reader let it grow.
  LUY_TRY_VOID(control("PRAGMA journal_size_limit=67108864"));
  return control("PRAGMA foreign_keys=ON");
}

Error SqliteConnection::error(int code) const {
  const std::string message = db_ ? sqlite3_errmsg(db_.get()) : sqlite3_errstr(code);
  const int system_error = db_ ? sqlite3_system_errno(db_.get()) : 0;
  // After a failed fsync nobody knows what is on the disk, and asking again may answer "fine": stop, and let the
  // recovery at the next start decide.
  LUY_CHECK_MSG(code != SQLITE_IOERR_FSYNC && code != SQLITE_IOERR_DIR_FSYNC, file_ + ": fsync failed: " + message);
  switch (code & 0xff) {
    case SQLITE_CONSTRAINT:
      return Error(constraint, message);
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return Error(database_corrupt, file_ + " (" + message + ")");
    case SQLITE_FULL:
      return file_error(file_, ENOSPC);
    case SQLITE_READONLY:
      return file_error(file_, EROFS);
    case SQLITE_CANTOPEN:
      return file_error(file_, system_error != 0 ? system_error : ENOENT);
    case SQLITE_PERM:
      return file_error(file_, EACCES);
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return Error(database_in_use, file_);
    case SQLITE_TOOBIG:
      return Error(value_too_large, message);
    case SQLITE_IOERR:
      if (system_error != 0) return file_error(file_, system_error);
      [[fallthrough]];
    default:
      return Error(database_failed, file_ + ": " + message);
  }
}

Result<std::int64_t> SqliteConnection::run(std::string_view sql, std::initializer_list<Param> params) {
  return execute(sql, params, [](const Row&) {});
}

Result<void> SqliteConnection::query(std::string_view sql, std::initializer_list<Param> params,
                                     const std::function<void(const Row&)>& row) {
  LUY_TRY([[maybe_unused]] const auto changed, execute(sql, params, row));
  return {};
}

Result<std::int64_t> SqliteConnection::execute(std::string_view sql, std::initializer_list<Param> params,
                                               const std::function<void(const Row&)>& row) {
  if (failure_) return *failure_;
  auto done = [&]() -> Result<std::int64_t> {
    LUY_TRY(Statement* const found, cached(sql));
    // A row callback may come back with the very statement that is running.
    std::unique_ptr<Statement> second;
    if (found->in_use) {
      LUY_TRY(second, prepare(sql));
    }
    Statement& statement = second ? *second : *found;
    const StatementUse use(statement);
    LUY_TRY_VOID(bind(statement, params));
    sqlite3_stmt* handle = statement.handle.get();
    LUY_CHECK_MSG(mode_ == Mode::writer || sqlite3_stmt_readonly(handle) != 0, "read() was given a writing statement");
    const std::int64_t changes_before = sqlite3_total_changes64(db_.get());
    const SqliteRow current(handle);
    int code = SQLITE_ROW;
    while ((code = sqlite3_step(handle)) == SQLITE_ROW) row(current);
    if (code != SQLITE_DONE) return error(code);
    // sqlite3_changes64 keeps the number of an earlier statement when this one changed nothing.
    if (sqlite3_total_changes64(db_.get()) == changes_before) return std::int64_t{0};
    return sqlite3_changes64(db_.get());
  }();
  if (!done) failure_ = done.error();
  return done;
}

Result<std::unique_ptr<Statement>> SqliteConnection::prepare(std::string_view sql) {
  auto statement = std::make_unique<Statement>();
  sqlite3_stmt* handle = nullptr;
  const char* tail = nullptr;
  const int code = sqlite3_prepare_v3(db_.get(), sql.data(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT,
                                      &handle, &tail);
  statement->handle.reset(handle);
  if (code != SQLITE_OK) return error(code);
  LUY_CHECK_MSG(handle != nullptr && blank({tail, static_cast<std::size_t>(sql.data() + sql.size() - tail)}),
                "exactly one statement is expected");
  const int count = sqlite3_bind_parameter_count(handle);
  std::vector<bool> seen(static_cast<std::size_t>(count), false);
  for (int i = 1; i <= count; ++i) {
    const std::size_t parameter = parameter_of(sqlite3_bind_parameter_name(handle, i));
    LUY_CHECK_MSG(parameter < seen.size() && !seen[parameter], "parameters are $1..$n, each used");
    seen[parameter] = true;
    statement->parameters.push_back(parameter);
  }
  return statement;
}

Result<Statement*> SqliteConnection::cached(std::string_view sql) {
  if (const auto found = index_.find(sql); found != index_.end()) {
    statements_.splice(statements_.begin(), statements_, found->second);
    return found->second->second.get();
  }
  LUY_TRY(auto statement, prepare(sql));
  statements_.emplace_front(std::string(sql), std::move(statement));
  index_.emplace(statements_.front().first, statements_.begin());
  if (statements_.size() > statements_cached_max && !statements_.back().second->in_use) {
    index_.erase(statements_.back().first);
    statements_.pop_back();
  }
  return statements_.front().second.get();
}

Result<void> SqliteConnection::bind(const Statement& statement, std::initializer_list<Param> params) {
  LUY_CHECK_MSG(params.size() == statement.parameters.size(), "as many values as parameters are expected");
  sqlite3_stmt* handle = statement.handle.get();
  // The values outlive the statement's run, so SQLite need not copy them. Empty ones need an address, or they would
  // become NULL.
  const auto bind_one = [&](int at, const Param& param) -> Result<int> {
    if (const auto* integer = std::get_if<std::int64_t>(&param)) return sqlite3_bind_int64(handle, at, *integer);
    if (const auto* real = std::get_if<double>(&param)) return sqlite3_bind_double(handle, at, *real);
    if (const auto* text = std::get_if<std::string_view>(&param)) {
      if (text->find('\0') != std::string_view::npos) return Error(text_with_nul);
      return sqlite3_bind_text64(handle, at, text->empty() ? "" : text->data(), text->size(), SQLITE_STATIC,
                                 SQLITE_UTF8);
    }
    if (const auto* blob = std::get_if<std::span<const std::uint8_t>>(&param)) {
      return sqlite3_bind_blob64(handle, at, blob->empty() ? static_cast<const void*>("") : blob->data(), blob->size(),
                                 SQLITE_STATIC);
    }
    return sqlite3_bind_null(handle, at);
  };
  int at = 0;
  for (const std::size_t parameter : statement.parameters) {
    LUY_TRY(const int code, bind_one(++at, params.begin()[parameter]));
    if (code != SQLITE_OK) return error(code);
  }
  return {};
}

Result<void> SqliteConnection::control(const char* sql) {
  const int code = sqlite3_exec(db_.get(), sql, nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) return error(code);
  return {};
}

Result<void> SqliteConnection::script(std::string_view sql) {
  return control(std::string(sql).c_str());
}

bool SqliteConnection::foreign_keys_pending() const {
  int pending = 0;
  int highest = 0;
  const int code = sqlite3_db_status(db_.get(), SQLITE_DBSTATUS_DEFERRED_FKS, &pending, &highest, 0);
  LUY_CHECK(code == SQLITE_OK);
  return pending != 0;
}

}  // namespace luy::records::sqlite
