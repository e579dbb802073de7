#include "agent/linux/sqlite_copy.h"

#include <sqlite3.h>
#include <unistd.h>

#include <memory>

#include "agent/backup_plan.h"
#include "agent/linux/restic.h"

namespace luy::agent {
namespace {

struct Close {
  void operator()(sqlite3* database) const { ::sqlite3_close_v2(database); }
};
using Database = std::unique_ptr<sqlite3, Close>;

constexpr int pages_per_step = 256;
constexpr int busy_millis = 5000;
// Each writer makes the copy begin anew; after this many times it is taken in one step, which lets nobody write.
constexpr int restarts_max = 8;

Result<Database> open(const std::string& path, int flags) {
  sqlite3* raw = nullptr;
  const int code = ::sqlite3_open_v2(path.c_str(), &raw, flags, nullptr);
  Database out(raw);
  if (code != SQLITE_OK) {
    return backup_error(because::dump_failed, path + ": " + (raw != nullptr ? ::sqlite3_errmsg(raw) : "memory"));
  }
  ::sqlite3_busy_timeout(raw, busy_millis);
  return out;
}

}  // namespace

Result<void> copy_sqlite(const std::string& from, const std::string& to, const std::function<bool()>& go_on) {
  ::unlink(to.c_str());
  // Writing is asked for, as a database in WAL mode can be read only by who may write its shared memory.
  LUY_TRY(const Database source, open(from, SQLITE_OPEN_READWRITE));
  LUY_TRY(const Database target, open(to, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE));
  sqlite3_backup* work = ::sqlite3_backup_init(target.get(), "main", source.get(), "main");
  if (work == nullptr) return backup_error(because::dump_failed, from + ": " + ::sqlite3_errmsg(target.get()));
  int code = SQLITE_OK;
  int restarts = 0;
  int left_before = 0;
  bool stopped = false;
  do {
    code = ::sqlite3_backup_step(work, restarts > restarts_max ? -1 : pages_per_step);
    const int left = ::sqlite3_backup_remaining(work);
    if (left > left_before && left_before > 0) ++restarts;
    left_before = left;
    if (code == SQLITE_BUSY || code == SQLITE_LOCKED) {
      if (++restarts > 4 * restarts_max) break;
      ::sqlite3_sleep(250);
    }
    stopped = !go_on();
  } while (!stopped && (code == SQLITE_OK || code == SQLITE_BUSY || code == SQLITE_LOCKED));
  const int finished = ::sqlite3_backup_finish(work);
  if (stopped && code != SQLITE_DONE) return backup_error(because::interrupted);
  if (code == SQLITE_DONE && finished == SQLITE_OK) return {};
  const int primary = (code == SQLITE_DONE ? finished : code) & 0xff;
  return backup_error(primary == SQLITE_FULL ? because::scratch_full : because::dump_failed,
                      from + ": " + ::sqlite3_errstr(primary));
}

Result<std::string> check_sqlite(const std::string& path) {
  LUY_TRY(const Database database, open(path, SQLITE_OPEN_READWRITE));
  std::string said;
  char* problem = nullptr;
  const auto take = [](void* into, int columns, char** values, char**) {
    auto& text = *static_cast<std::string*>(into);
    if (columns > 0 && values[0] != nullptr && text.empty()) text = values[0];
    return 0;
  };
  const int code = ::sqlite3_exec(database.get(), "PRAGMA integrity_check(1)", take, &said, &problem);
  const std::string error = problem != nullptr ? problem : "";
  ::sqlite3_free(problem);
  if (code != SQLITE_OK) return backup_error(because::dump_failed, path + ": " + error);
  return said == "ok" ? std::string() : said;
}

}  // namespace luy::agent
