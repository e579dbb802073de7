#include "records/sqlite/migrate.h"

#include <map>
#include <string>
#include <utility>

#include "base/encoding.h"
#include "base/hash.h"

namespace luy::records::sqlite {
namespace {

constexpr const char* create_table =
    "CREATE TABLE IF NOT EXISTS records_migration ("
    " module TEXT NOT NULL, number INTEGER NOT NULL, sha256 TEXT NOT NULL, PRIMARY KEY (module, number)) STRICT";

using Applied = std::map<std::pair<std::string, int>, std::string>;

std::string name_of(std::string_view module, int number) {
  return std::string(module) + " " + std::to_string(number);
}

void check_numbers(std::span<const Migration> migrations) {
  std::map<std::string_view, int> last;
  for (const Migration& migration : migrations) {
    LUY_CHECK_MSG(migration.number == ++last[migration.module],
                  "migrations are numbered from 1 without holes: " + name_of(migration.module, migration.number));
  }
}

Result<void> apply(SqliteConnection& connection, const Migration& migration, const std::string& hash) {
  LUY_TRY_VOID(connection.control("BEGIN IMMEDIATE"));
  const auto applied = [&]() -> Result<void> {
    LUY_TRY_VOID(connection.script(migration.sql));
    LUY_TRY_VOID(connection.run("INSERT INTO records_migration (module, number, sha256) VALUES ($1, $2, $3)",
                                {migration.module, std::int64_t{migration.number}, std::string_view(hash)}));
    return connection.control("COMMIT");
  }();
  if (applied) return {};
  // SQLite has rolled back by itself after some errors; a second ROLLBACK then only reports that.
  if (connection.in_transaction()) LUY_TRY_VOID(connection.control("ROLLBACK"));
  connection.forget_failure();
  if (applied.error().is(database_failed)) {
    return Error(database_failed, name_of(migration.module, migration.number) + ": " + applied.error().detail());
  }
  return applied.error();
}

}  // namespace

Result<void> migrate(SqliteConnection& connection, std::span<const Migration> migrations) {
  check_numbers(migrations);
  LUY_TRY_VOID(connection.control(create_table));
  Applied applied;
  LUY_TRY_VOID(connection.query("SELECT module, number, sha256 FROM records_migration", {}, [&](const Row& row) {
    applied[{std::string(row.text(0)), static_cast<int>(row.integer(1))}] = row.text(2);
  }));
  Applied wanted;
  for (const Migration& migration : migrations) {
    wanted[{std::string(migration.module), migration.number}] = to_hex(sha256(migration.sql));
  }
  for (const auto& [key, hash] : applied) {
    const auto known = wanted.find(key);
    if (known == wanted.end()) return Error(database_newer, name_of(key.first, key.second));
    if (known->second != hash) return Error(migration_changed, name_of(key.first, key.second));
  }
  for (const Migration& migration : migrations) {
    const std::pair<std::string, int> key(migration.module, migration.number);
    if (applied.contains(key)) continue;
    LUY_TRY_VOID(apply(connection, migration, wanted[key]));
  }
  return {};
}

}  // namespace luy::records::sqlite
