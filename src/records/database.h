// Relational records: connections, migrations, transactions over SQLite (PostgreSQL later, same SQL, same conformance
// suite). Knows no domain word. SQL uses $1..$n; only prepared statements; times are integers, milliseconds UTC; text
// must not hold NUL.
//
// Threads: write() from any thread, executed one after another on the database's own writer thread, which alone
// checkpoints (SQLite before 3.51.3 can corrupt its WAL when two connections checkpoint at once); read() from any
// thread, on a pooled read-only connection, and sees the last committed state. Inside `work` neither may be called
// again (checked).
//
// A statement that fails dooms its transaction, as PostgreSQL has it: later statements in the same `work` answer the
// same error and nothing is committed even if `work` returns a value. To ask "is it there already?" use
// INSERT … ON CONFLICT DO NOTHING and the number of rows changed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <initializer_list>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "base/result.h"

namespace luy::records {

inline constexpr ErrorKind database_corrupt{
    "records.corrupt", ErrorClass::corrupt,
    "Cơ sở dữ liệu {} bị hỏng. Hãy dừng luy-hub, giữ nguyên tệp và phục hồi từ bản sao lưu gần nhất.",
    "The database {} is damaged. Stop luy-hub, leave the file as it is and restore the newest backup."};
inline constexpr ErrorKind database_newer{
    "records.newer", ErrorClass::unavailable,
    "Cơ sở dữ liệu do phiên bản mới hơn tạo ra: {}. Hãy dùng phiên bản luy-hub đó hoặc mới hơn.",
    "The database was written by a newer version: {}. Use that version of luy-hub or a newer one."};
inline constexpr ErrorKind constraint{"records.constraint", ErrorClass::conflict,
                                      "Dữ liệu trùng hoặc không hợp lệ: {}.",
                                      "The record conflicts with another or breaks a rule: {}."};
inline constexpr ErrorKind text_with_nul{"records.text_with_nul", ErrorClass::invalid, "Văn bản chứa ký tự NUL.",
                                         "A text holds a NUL character."};
inline constexpr ErrorKind database_failed{"records.failed", ErrorClass::io, "Thao tác cơ sở dữ liệu thất bại: {}.",
                                           "A database operation failed: {}."};
inline constexpr ErrorKind database_in_use{"records.in_use", ErrorClass::unavailable,
                                           "Cơ sở dữ liệu {} đang được một tiến trình khác sử dụng.",
                                           "The database {} is in use by another process."};

inline constexpr ErrorKind value_too_large{"records.value_too_large", ErrorClass::too_large,
                                           "Giá trị vượt giới hạn của cơ sở dữ liệu: {}.",
                                           "A value is larger than the database allows: {}."};
inline constexpr ErrorKind migration_changed{
    "records.migration_changed", ErrorClass::unavailable,
    "Cơ sở dữ liệu do một bản dựng khác tạo ra: {}. Hãy dùng đúng bản luy-hub đã tạo ra nó, hoặc phục hồi bản sao lưu.",
    "The database was made by a different build: {}. Use the luy-hub that made it, or restore a backup."};

// One text or blob; larger things belong into files.
inline constexpr std::size_t value_bytes_max = std::size_t{64} << 20;

struct Null {};
using Param = std::variant<Null, std::int64_t, double, std::string_view, std::span<const std::uint8_t>>;

// Null when there is no value. The text is borrowed.
Param nullable(const std::optional<std::int64_t>& value);
Param nullable(const std::optional<std::string>& value);

// One row of an answer, columns from 0; views are valid inside the callback only. NULL reads as 0 or empty; asking for
// another type than the column holds is a bug and aborts (an integer may be read as real, a text as blob).
class Row {
 public:
  virtual ~Row() = default;
  virtual bool null(int column) const = 0;
  virtual std::int64_t integer(int column) const = 0;
  virtual double real(int column) const = 0;
  virtual std::string_view text(int column) const = 0;
  virtual std::string_view blob(int column) const = 0;
  std::optional<std::int64_t> maybe_integer(int column) const;
  std::optional<std::string> maybe_text(int column) const;
};

class Connection {
 public:
  virtual ~Connection() = default;
  // One statement; its parameters are $1..$n, each used, n = params.size() (checked). Answers the rows changed.
  // Errors: constraint, text_with_nul, value_too_large, corrupt, failed, in_use, and disk_full, disk_read_only, … of
  // base/file.h.
  virtual Result<std::int64_t> run(std::string_view sql, std::initializer_list<Param> params = {}) = 0;
  // The same, calling `row` for each row of the answer. `row` may run other statements on this connection.
  virtual Result<void> query(std::string_view sql, std::initializer_list<Param> params,
                             const std::function<void(const Row&)>& row) = 0;
};

// Migrations of one module, applied in order of number (from 1, no holes) when the database is opened; never edited
// once released.
struct Migration {
  std::string_view module;
  int number = 0;
  std::string_view sql;  // One or more statements.
};

class Database {
 public:
  virtual ~Database() = default;

  // Runs `work` in one transaction; commits (durably, synchronous=FULL) if it returns a value, rolls back if an error.
  // Returns after the commit is on disk; an error leaves the database as it was. Writes that wait at the same time may
  // share one commit: each keeps its own savepoint, and none returns before all of them are durable. An exception out
  // of `work` rolls back and is rethrown to the caller.
  template <class Work>
  auto write(Work&& work) -> decltype(work(std::declval<Connection&>())) {
    using R = decltype(work(std::declval<Connection&>()));
    std::optional<R> answer;
    auto done = write_erased([&](Connection& c) -> Result<void> {
      answer.emplace(work(c));
      if (!*answer) return answer->error();
      return {};
    });
    if (!done) return done.error();
    return std::move(*answer);
  }

  // Runs `work` on one consistent snapshot.
  template <class Work>
  auto read(Work&& work) const -> decltype(work(std::declval<Connection&>())) {
    using R = decltype(work(std::declval<Connection&>()));
    std::optional<R> answer;
    auto done = read_erased([&](Connection& c) -> Result<void> {
      answer.emplace(work(c));
      if (!*answer) return answer->error();
      return {};
    });
    if (!done) return done.error();
    return std::move(*answer);
  }

 protected:
  virtual Result<void> write_erased(const std::function<Result<void>(Connection&)>& work) = 0;
  virtual Result<void> read_erased(const std::function<Result<void>(Connection&)>& work) const = 0;
};

// Opens or creates `file` (mode 0600) and brings it up to date. `migrations` holds the lists of all modules, lowest
// module first, and need not outlive the call. Reads the whole file once to find damage. A file `<file>.lock` is held
// locked while the database is open. Errors: corrupt, newer, migration_changed, in_use, failed, file errors.
Result<std::unique_ptr<Database>> open_sqlite(const std::filesystem::path& file, std::span<const Migration> migrations);

}  // namespace luy::records
