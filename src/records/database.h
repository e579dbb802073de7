// Relational records: connections, migrations, transactions over SQLite (PostgreSQL later, same SQL, same conformance
// suite). Knows no domain word. SQL uses $1..$n; only prepared statements; times are integers, milliseconds UTC; text
// must not hold NUL.
//
// Threads: write() from any thread, executed one after another on the database's own writer thread, which alone
// checkpoints (SQLite before 3.51.3 can corrupt its WAL when two connections checkpoint at once); read() from any
// thread, on a pooled read-only connection, and sees the last committed state. Inside `work` neither may be called
// again.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <initializer_list>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
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

struct Null {};
using Param = std::variant<Null, std::int64_t, double, std::string_view, std::span<const std::uint8_t>>;

// `integer(std::optional<…>)`-style helpers keep call sites free of variants.
Param nullable(const std::optional<std::int64_t>& value);
Param nullable(const std::optional<std::string>& value);

// One row of an answer; views are valid inside the callback only.
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
  // Rows changed. Errors: constraint, text_with_nul, corrupt, disk_full, failed.
  virtual Result<std::int64_t> run(std::string_view sql, std::initializer_list<Param> params = {}) = 0;
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

// `migrations` holds the lists of all modules, lowest module first. Errors: corrupt, newer, in_use, file errors.
Result<std::unique_ptr<Database>> open_sqlite(const std::filesystem::path& file, std::span<const Migration> migrations);

}  // namespace luy::records
