// A thin layer over SQLite for the day files: connections, prepared statements, and its error codes as this module's
// errors. A failed fsync aborts the process here, and nowhere else.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

struct sqlite3;
struct sqlite3_blob;
struct sqlite3_stmt;

namespace luy::evidence {

// Owned by one thread at a time. Finalised by the destructor, which must run before its connection's.
class Statement {
 public:
  Statement() = default;
  Statement(sqlite3* db, sqlite3_stmt* statement, const std::string* file);

  // Parameters are numbered from 1. Bytes and text are borrowed until the next reset().
  Statement& bind(int index, std::int64_t value);
  Statement& bind(int index, std::uint64_t value) { return bind(index, static_cast<std::int64_t>(value)); }
  Statement& bind_text(int index, std::string_view value);
  Statement& bind_blob(int index, std::string_view value);

  // True: a row is there. False: done (and reset).
  Result<bool> step();
  // For statements without rows: steps once and resets.
  Result<void> run();
  void reset();

  std::int64_t integer(int column) const;
  std::uint64_t number(int column) const { return static_cast<std::uint64_t>(integer(column)); }
  std::string_view text(int column) const;  // Valid until the next step or reset.
  std::string_view blob(int column) const;  // Likewise.

 private:
  struct Finalise {
    void operator()(sqlite3_stmt* statement) const;
  };
  sqlite3* db_ = nullptr;
  std::unique_ptr<sqlite3_stmt, Finalise> statement_;
  const std::string* file_ = nullptr;
};

// Parts of one column's blobs, row by row, without reading the rest. Goes before its connection.
class BlobReader {
 public:
  BlobReader() = default;
  BlobReader(sqlite3* db, const char* table, const char* column, const std::string* file)
      : db_(db), table_(table), column_(column), file_(file) {}

  // Goes to the row. Errors: store_corrupt when there is none, file errors.
  Result<void> open(std::uint64_t row);
  std::size_t size() const;
  // Replaces `out`. Errors: file errors.
  Result<void> read(std::size_t offset, std::size_t size, std::string& out);
  // Must be called before the connection's transaction ends.
  void close() { blob_.reset(); }

 private:
  struct Close {
    void operator()(sqlite3_blob* blob) const;
  };
  sqlite3* db_ = nullptr;
  const char* table_ = nullptr;
  const char* column_ = nullptr;
  const std::string* file_ = nullptr;
  std::unique_ptr<sqlite3_blob, Close> blob_;
};

class Connection {
 public:
  enum class Mode {
    create,  // The file must not exist yet.
    write,   // The one writer; also the only connection that checkpoints.
    read,    // Beside the writer: never checkpoints.
    sealed,  // A closed day: immutable, no locks, also on read-only media.
  };
  // Errors: store_corrupt, store_in_use, file errors.
  static Result<Connection> open(const std::filesystem::path& file, Mode mode);

  Result<void> run(const char* sql);
  Result<Statement> prepare(std::string_view sql);
  // Another file, which nobody writes, as a schema of this name, to read from. Errors: file errors.
  Result<void> attach(const std::filesystem::path& file, std::string_view name);
  BlobReader blobs(const char* table, const char* column) const;
  // One integer; store_corrupt when the query gives no row.
  Result<std::int64_t> integer(std::string_view sql);

  // Copies the write-ahead log into the file as far as readers allow (`truncate`: wholly, and empties the log).
  Result<void> checkpoint(bool truncate);
  std::uint64_t log_pages() const;  // Of the write-ahead log after the last commit.
  const std::string& file() const { return state_->file; }

 private:
  struct State {
    ~State();
    sqlite3* db = nullptr;
    std::string file;
    std::uint64_t log_pages = 0;
  };
  explicit Connection(std::unique_ptr<State> state) : state_(std::move(state)) {}
  Result<void> check(int code) const;
  std::unique_ptr<State> state_;
};

// Maps a result code; never called with success. Aborts on a failed fsync.
Error sqlite_error(sqlite3* db, int code, const std::string& file);

}  // namespace luy::evidence
