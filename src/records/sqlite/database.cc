// The SQLite engine: one writer thread that groups waiting writes into one commit, and a pool of readers.
#include <fcntl.h>
#include <sys/file.h>

#include <algorithm>
#include <cerrno>
#include <condition_variable>
#include <exception>
#include <future>
#include <mutex>
#include <thread>
#include <vector>

#include "base/file.h"
#include "base/queue.h"
#include "records/sqlite/connection.h"
#include "records/sqlite/migrate.h"

namespace luy::records::sqlite {
namespace {

using Work = std::function<Result<void>(Connection&)>;

// Writes waiting for the writer thread; a full queue makes callers wait.
constexpr std::size_t writes_queued_max = 1024;
// Writes that may share one commit: one fsync then serves all of them, and nobody waits for more than these.
constexpr std::size_t writes_grouped_max = 64;
// Connections for reading; more readers wait for one of them.
constexpr std::size_t readers_max = 8;

// Runs `work`; an exception becomes `thrown`, so that no transaction is left open by one.
Result<void> run_work(const Work& work, Connection& connection, std::exception_ptr& thrown) {
  try {
    return work(connection);
  } catch (...) {
    thrown = std::current_exception();
    return Error(database_failed, "exception");
  }
}

class SqliteDatabase final : public Database {
 public:
  SqliteDatabase(std::filesystem::path file, UniqueFd lock, std::unique_ptr<SqliteConnection> writer)
      : file_(std::move(file)),
        lock_(std::move(lock)),
        writer_(std::move(writer)),
        queue_(writes_queued_max),
        thread_([this] { serve_writes(); }) {}

  ~SqliteDatabase() override {
    queue_.close();
    thread_.join();
    LUY_CHECK_MSG(busy_.empty(), "the database was closed under a reader");
    // The writer goes last: closing it writes the WAL back into the file.
    idle_.clear();
    writer_.reset();
  }

 protected:
  Result<void> write_erased(const Work& work) override {
    check_not_inside();
    Write write{&work, {}, {}};
    std::future<Result<void>> done = write.done.get_future();
    LUY_CHECK_MSG(queue_.push(&write), "the database was closed under a writer");
    Result<void> result = done.get();
    if (write.thrown) std::rethrow_exception(write.thrown);
    return result;
  }

  Result<void> read_erased(const Work& work) const override {
    check_not_inside();
    LUY_TRY(SqliteConnection* const reader, take_reader());
    std::exception_ptr thrown;
    Result<void> result = [&]() -> Result<void> {
      LUY_TRY_VOID(reader->control("BEGIN"));
      Result<void> worked = run_work(work, *reader, thrown);
      if (worked && reader->failure()) return *reader->failure();
      return worked;
    }();
    if (reader->in_transaction()) {
      if (const auto ended = reader->control("ROLLBACK"); !ended && result) result = ended.error();
    }
    reader->forget_failure();
    give_back(reader);
    if (thrown) std::rethrow_exception(thrown);
    return result;
  }

 private:
  // One caller's write; lives on the caller's stack until `done` is set.
  struct Write {
    const Work* work = nullptr;
    std::promise<Result<void>> done;
    std::exception_ptr thrown;
  };
  // A write that has run but is not durable yet. The promise is moved here because the caller's frame may be gone the
  // moment the promise is kept.
  struct Finished {
    std::promise<Result<void>> done;
    Result<void> result;
  };
  struct Reader {
    std::unique_ptr<SqliteConnection> connection;
    std::thread::id thread;
  };

  // A write or read inside another one on the same thread would wait for itself, or see another state than its own.
  void check_not_inside() const {
    LUY_CHECK_MSG(std::this_thread::get_id() != thread_.get_id(), "the database was called inside a write");
    const std::lock_guard lock(mutex_);
    for (const Reader& reader : busy_) {
      LUY_CHECK_MSG(reader.thread != std::this_thread::get_id(), "the database was called inside a read");
    }
  }

  void serve_writes() {
    while (const std::optional<Write*> first = queue_.pop()) {
      std::vector<Finished> group;
      const Result<void> committed = commit_group(*first, group);
      for (Finished& finished : group) {
        // A write that failed by itself keeps its own error whatever became of the others.
        finished.done.set_value(finished.result && !committed ? committed : std::move(finished.result));
      }
    }
  }

  // Runs `first` and what else is waiting in one transaction. An error means that nothing of the group is kept.
  Result<void> commit_group(Write* first, std::vector<Finished>& group) {
    Result<void> committed = writer_->control("BEGIN IMMEDIATE");
    if (!committed) {
      group.push_back({std::move(first->done), committed});
      return committed;
    }
    std::optional<Write*> next = first;
    while (next && committed) {
      Result<void> result;
      committed = run_one(**next, result);
      group.push_back({std::move((*next)->done), std::move(result)});
      next = committed && group.size() < writes_grouped_max ? queue_.try_pop() : std::nullopt;
    }
    if (committed) committed = writer_->control("COMMIT");
    if (!committed && writer_->in_transaction()) {
      // Without this the changes of a refused group would be in the next one's transaction.
      const auto undone = writer_->control("ROLLBACK");
      LUY_CHECK_MSG(undone.has_value() && !writer_->in_transaction(), "a transaction could not be rolled back");
    }
    return committed;
  }

  // One write inside its savepoint, kept whole or undone whole; its outcome goes to `result`. An error means that the
  // transaction of the whole group is lost.
  Result<void> run_one(Write& write, Result<void>& result) {
    if (const auto begun = writer_->control("SAVEPOINT one"); !begun) return result = begun;
    result = run_work(*write.work, *writer_, write.thrown);
    const std::optional<Error> failure = writer_->failure();
    writer_->forget_failure();
    if (result && failure) result = *failure;
    if (!writer_->in_transaction()) {
      if (!failure) result = Error(database_failed, "the work ended its own transaction");
      return failure ? *failure : result;
    }
    // Found here rather than at COMMIT, where it would take the other writes down with it.
    if (result && writer_->foreign_keys_pending()) result = Error(constraint, "FOREIGN KEY constraint failed");
    if (!result) LUY_TRY_VOID(writer_->control("ROLLBACK TO one"));
    return writer_->control("RELEASE one");
  }

  Result<SqliteConnection*> take_reader() const {
    std::unique_lock lock(mutex_);
    freed_.wait(lock, [&] { return !idle_.empty() || busy_.size() < readers_max; });
    if (!idle_.empty()) {
      busy_.push_back({std::move(idle_.back()), std::this_thread::get_id()});
      idle_.pop_back();
    } else {
      LUY_TRY(auto opened, SqliteConnection::open(file_, Mode::reader));
      busy_.push_back({std::move(opened), std::this_thread::get_id()});
    }
    return busy_.back().connection.get();
  }

  void give_back(const SqliteConnection* connection) const {
    const std::lock_guard lock(mutex_);
    const auto reader =
        std::find_if(busy_.begin(), busy_.end(), [&](const Reader& r) { return r.connection.get() == connection; });
    LUY_CHECK(reader != busy_.end());
    idle_.push_back(std::move(reader->connection));
    busy_.erase(reader);
    freed_.notify_one();
  }

  const std::filesystem::path file_;
  const UniqueFd lock_;
  std::unique_ptr<SqliteConnection> writer_;
  mutable std::mutex mutex_;
  mutable std::condition_variable freed_;
  mutable std::vector<std::unique_ptr<SqliteConnection>> idle_;
  mutable std::vector<Reader> busy_;
  BoundedQueue<Write*> queue_;
  std::thread thread_;  // Last: it uses everything above.
};

Result<UniqueFd> lock_database(const std::filesystem::path& file) {
  const std::string name = file.string() + ".lock";
  UniqueFd lock(::open(name.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (!lock) return file_error(name, errno);
  if (::flock(lock.get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno == EWOULDBLOCK) return Error(database_in_use, file.string());
    return file_error(name, errno);
  }
  return lock;
}

// SQLite would create the file readable for everybody; the WAL takes the file's mode over.
Result<void> create_if_missing(const std::filesystem::path& file) {
  const UniqueFd fd(::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (!fd) return file_error(file.string(), errno);
  return sync_folder(file.has_parent_path() ? file.parent_path() : std::filesystem::path("."));
}

Result<void> check_pages(SqliteConnection& connection, const std::filesystem::path& file) {
  std::string answer;
  LUY_TRY_VOID(connection.query("PRAGMA quick_check(1)", {}, [&](const Row& row) { answer = row.text(0); }));
  if (answer != "ok") return Error(database_corrupt, file.string() + " (" + answer + ")");
  return {};
}

}  // namespace
}  // namespace luy::records::sqlite

namespace luy::records {

Result<std::unique_ptr<Database>> open_sqlite(const std::filesystem::path& file,
                                              std::span<const Migration> migrations) {
  LUY_TRY(UniqueFd lock, sqlite::lock_database(file));
  LUY_TRY_VOID(sqlite::create_if_missing(file));
  LUY_TRY(auto writer, sqlite::SqliteConnection::open(file, sqlite::Mode::writer));
  LUY_TRY_VOID(sqlite::check_pages(*writer, file));
  LUY_TRY_VOID(sqlite::migrate(*writer, migrations));
  return std::unique_ptr<Database>(std::make_unique<sqlite::SqliteDatabase>(file, std::move(lock), std::move(writer)));
}

}  // namespace luy::records
