// Copies of databases: taken while the services go on, by the programs and as the users that may read them.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "agent/backup_plan.h"
#include "agent/linux/backup_work.h"
#include "agent/linux/sqlite_copy.h"
#include "agent/linux/text.h"
#include "base/encoding.h"
#include "base/file.h"

namespace luy::agent {
namespace {

using device_policy::BackupKind;
using device_policy::BackupSet;

constexpr std::string_view mariadb_end = "-- Dump completed";
constexpr std::size_t mariadb_tail_bytes = 256;

std::string program(std::initializer_list<const char*> names) {
  for (const char* name : names) {
    for (const char* folder : {"/usr/bin/", "/usr/local/bin/"}) {
      const std::string path = std::string(folder) + name;
      if (::access(path.c_str(), X_OK) == 0) return path;
    }
  }
  return {};
}

// Names of databases may be anything; their copies' names are plain.
std::string file_name(std::string_view database, std::string_view ending) {
  std::string out;
  for (const char c : database) {
    const bool plain =
        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
    out += plain ? std::string(1, c) : '%' + to_hex(as_bytes(std::string_view(&c, 1)));
  }
  return out.append(ending);
}

// What a dump says goes into a file of ours, made before its user is taken on.
Result<void> dump_to(BackupWork& work, const std::vector<std::string>& arguments, const std::filesystem::path& file) {
  return work.patiently<void>([&]() -> Result<void> {
    const UniqueFd output(::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
    if (!output) return backup_error(errno == ENOSPC ? because::scratch_full : because::dump_failed, file.string());
    Child child;
    child.arguments = arguments;
    child.folder = "/";
    child.user = work.set().user;
    child.output = output.get();
    const auto ended = run_child(child, work.limits());
    if (!ended) return backup_error(because::dump_failed, ended.error().en());
    if (ended->stopped) return backup_error(because::interrupted);
    if (ended->status == 0) return {};
    const bool full = ended->errors.find("No space left") != std::string::npos ||
                      ended->errors.find("Errcode: 28") != std::string::npos;
    return backup_error(full ? because::scratch_full : because::dump_failed, trim(ended->errors));
  });
}

std::vector<std::string> postgresql(const std::string& tool, const BackupSet& set,
                                    std::initializer_list<std::string> more) {
  std::vector<std::string> out = {tool, "--no-password"};
  if (!set.socket.empty()) out.push_back("--host=" + set.socket);
  out.insert(out.end(), more);
  return out;
}

Result<std::vector<std::string>> databases_of(BackupWork& work) {
  const BackupSet& set = work.set();
  if (!set.databases.empty()) return set.databases;
  const std::string psql = program({"psql"});
  if (psql.empty()) return backup_error(because::dump_failed, "psql");
  Child child;
  child.arguments = postgresql(psql, set,
                               {"--no-psqlrc", "--tuples-only", "--no-align", "--dbname=postgres",
                                "--command=SELECT datname FROM pg_database WHERE datallowconn AND NOT datistemplate "
                                "ORDER BY datname"});
  child.folder = "/";
  child.user = set.user;
  LUY_TRY(const Ended ended, work.patiently<Ended>([&]() -> Result<Ended> {
    auto one = run_child(child, work.limits());
    if (!one) return backup_error(because::dump_failed, one.error().en());
    if (one->stopped) return backup_error(because::interrupted);
    return one;
  }));
  if (ended.status != 0) return backup_error(because::dump_failed, trim(ended.errors));
  std::vector<std::string> out;
  for (const std::string_view line : lines(ended.output)) {
    if (!line.empty()) out.emplace_back(line);
  }
  return out;
}

Result<void> dump_postgresql(BackupWork& work, const std::filesystem::path& folder) {
  const BackupSet& set = work.set();
  const std::string dump = program({"pg_dump"});
  const std::string roles = program({"pg_dumpall"});
  if (dump.empty() || roles.empty()) return backup_error(because::dump_failed, "pg_dump");
  LUY_TRY(const std::vector<std::string> databases, databases_of(work));
  LUY_TRY_VOID(dump_to(work, postgresql(roles, set, {"--globals-only"}), folder / "globals.sql"));
  for (const std::string& database : databases) {
    // Compressed contents would be new to restic every time.
    LUY_TRY_VOID(dump_to(work, postgresql(dump, set, {"--format=custom", "--compress=0", "--dbname=" + database}),
                         folder / file_name(database, ".dump")));
  }
  return {};
}

Result<void> dump_mariadb(BackupWork& work, const std::filesystem::path& folder) {
  const BackupSet& set = work.set();
  const std::string dump = program({"mariadb-dump", "mysqldump"});
  if (dump.empty()) return backup_error(because::dump_failed, "mariadb-dump");
  std::vector<std::string> arguments = {dump,         "--no-defaults", "--single-transaction", "--quick",
                                        "--routines", "--events",      "--triggers",           "--user=" + set.user};
  if (!set.socket.empty()) arguments.push_back("--socket=" + set.socket);
  if (set.databases.empty()) {
    arguments.emplace_back("--all-databases");
    return dump_to(work, arguments, folder / "all.sql");
  }
  for (const std::string& database : set.databases) {
    std::vector<std::string> one = arguments;
    one.insert(one.end(), {"--databases", database});
    LUY_TRY_VOID(dump_to(work, one, folder / file_name(database, ".sql")));
  }
  return {};
}

Result<void> copy_databases(BackupWork& work, const std::filesystem::path& folder) {
  std::int64_t bytes = 0;
  for (const std::string& path : work.set().paths) {
    struct stat about {};
    if (::stat(path.c_str(), &about) != 0) return backup_error(because::source_missing, path);
    bytes += about.st_size;
  }
  LUY_TRY_VOID(has_room(folder.string(), bytes));
  for (const std::string& path : work.set().paths) {
    const std::filesystem::path to = folder / file_name(path.substr(1), ".db");
    LUY_TRY_VOID(work.patiently<void>([&] { return copy_sqlite(path, to.string(), [&] { return work.go_on(); }); }));
  }
  return {};
}

Result<void> ends_well(const std::string& path) {
  const UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  struct stat about {};
  if (!fd || ::fstat(fd.get(), &about) != 0) return backup_error(because::differing, path);
  std::array<char, mariadb_tail_bytes> tail{};
  const auto from = std::max<off_t>(0, about.st_size - static_cast<off_t>(tail.size()));
  const ssize_t n = ::pread(fd.get(), tail.data(), tail.size(), from);
  const std::string_view text(tail.data(), n > 0 ? static_cast<std::size_t>(n) : 0);
  if (text.find(mariadb_end) == std::string_view::npos) return backup_error(because::differing, path);
  return {};
}

Result<void> lists_well(BackupWork& work, const std::string& path) {
  const std::string tool = program({"pg_restore"});
  if (tool.empty()) return backup_error(because::dump_failed, "pg_restore");
  // Reads the whole of it: a script of everything, thrown away.
  const UniqueFd nothing(::open("/dev/null", O_WRONLY | O_CLOEXEC));
  Child child;
  child.arguments = {tool, "--file=-", path};
  child.output = nothing.get();
  const auto ended = run_child(child, work.limits());
  if (!ended) return backup_error(because::differing, ended.error().en());
  if (ended->stopped) return backup_error(because::interrupted);
  if (ended->status != 0) return backup_error(because::differing, trim(ended->errors));
  return {};
}

}  // namespace

Result<std::vector<std::string>> stage_databases(BackupWork& work) {
  const BackupSet& set = work.set();
  const std::filesystem::path folder = work.stage() / "databases";
  std::error_code error;
  std::filesystem::remove_all(work.stage(), error);
  if (const auto made = make_folder(folder); !made) return backup_error(because::scratch_full, made.error().en());
  switch (set.kind) {
    case BackupKind::sqlite:
      LUY_TRY_VOID(copy_databases(work, folder));
      return std::vector<std::string>{folder.string()};
    case BackupKind::postgresql:
      LUY_TRY_VOID(dump_postgresql(work, folder));
      return std::vector<std::string>{folder.string()};
    case BackupKind::mariadb:
      LUY_TRY_VOID(dump_mariadb(work, folder));
      return std::vector<std::string>{folder.string()};
    case BackupKind::logs:
    case BackupKind::files:
      break;
  }
  return set.paths;
}

Result<std::int64_t> check_databases(BackupWork& work, const std::string& folder) {
  const BackupKind kind = work.set().kind;
  if (kind == BackupKind::files || kind == BackupKind::logs) return std::int64_t{0};
  const std::filesystem::path below(folder + (work.stage() / "databases").string());
  std::int64_t count = 0;
  std::error_code error;
  std::filesystem::directory_iterator one(below, error);
  for (; !error && one != std::filesystem::directory_iterator(); one.increment(error)) {
    const std::string path = one->path().string();
    if (kind == BackupKind::sqlite) {
      auto fault = check_sqlite(path);
      if (!fault) return backup_error(because::differing, fault.error().detail());
      if (!fault->empty()) return backup_error(because::differing, path + ": " + *fault);
    } else if (path.ends_with(".dump")) {
      LUY_TRY_VOID(work.patiently<void>([&] { return lists_well(work, path); }));
    } else if (kind == BackupKind::mariadb) {
      LUY_TRY_VOID(ends_well(path));
    } else {
      continue;  // The roles of PostgreSQL: their hash is compared.
    }
    ++count;
  }
  if (count == 0) return backup_error(because::differing, below.string());
  return count;
}

}  // namespace luy::agent
