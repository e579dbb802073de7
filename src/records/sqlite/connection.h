// One SQLite connection: prepared statements with a cache, and SQLite's result codes as our errors. Used by one thread
// at a time.
#pragma once

#include <sqlite3.h>

#include <cstddef>
#include <filesystem>
#include <functional>
#include <initializer_list>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "records/database.h"

namespace luy::records::sqlite {

// Statements kept prepared per connection; the longest unused one goes first.
inline constexpr std::size_t statements_cached_max = 256;
// How long SQLite itself waits for a lock, which only a foreign process (a shell, a backup) can hold.
inline constexpr int busy_timeout_ms = 10'000;

enum class Mode { writer, reader };

struct CloseStatement {
  void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
using StatementHandle = std::unique_ptr<sqlite3_stmt, CloseStatement>;

// A prepared statement and which of the caller's parameters each of its own is: SQLite numbers "$1" by first
// appearance, not by the digit.
struct Statement {
  StatementHandle handle;
  std::vector<std::size_t> parameters;
  bool in_use = false;
};

class SqliteConnection final : public Connection {
 public:
  // The file must exist. Errors: corrupt, in_use, failed, file errors.
  static Result<std::unique_ptr<SqliteConnection>> open(const std::filesystem::path& file, Mode mode);

  Result<std::int64_t> run(std::string_view sql, std::initializer_list<Param> params) override;
  Result<void> query(std::string_view sql, std::initializer_list<Param> params,
                     const std::function<void(const Row&)>& row) override;

  // BEGIN, COMMIT, SAVEPOINT …, outside the dooming of transactions.
  Result<void> control(const char* sql);
  // Several statements without parameters, as a migration has them.
  Result<void> script(std::string_view sql);

  // The first error since forget_failure(); until then every statement answers it. SQLite ends a transaction by itself
  // when the disk is full, and what came after would otherwise be committed one by one.
  const std::optional<Error>& failure() const { return failure_; }
  void forget_failure() { failure_.reset(); }

  bool in_transaction() const { return sqlite3_get_autocommit(db_.get()) == 0; }
  // Deferred foreign keys that are broken at this moment: COMMIT would fail on them.
  bool foreign_keys_pending() const;

 private:
  struct CloseDatabase {
    void operator()(sqlite3* db) const { sqlite3_close_v2(db); }
  };
  using CachedStatement = std::pair<std::string, std::unique_ptr<Statement>>;

  SqliteConnection(std::string file, Mode mode) : file_(std::move(file)), mode_(mode) {}

  Result<void> configure();
  Result<std::int64_t> execute(std::string_view sql, std::initializer_list<Param> params,
                               const std::function<void(const Row&)>& row);
  Result<std::unique_ptr<Statement>> prepare(std::string_view sql);
  Result<Statement*> cached(std::string_view sql);
  Result<void> bind(const Statement& statement, std::initializer_list<Param> params);
  Error error(int code) const;

  const std::string file_;
  const Mode mode_;
  std::unique_ptr<sqlite3, CloseDatabase> db_;
  // Newest use first; the views in the index point into the list's strings. Both go before db_.
  std::list<CachedStatement> statements_;
  std::unordered_map<std::string_view, std::list<CachedStatement>::iterator> index_;
  std::optional<Error> failure_;
};

}  // namespace luy::records::sqlite
