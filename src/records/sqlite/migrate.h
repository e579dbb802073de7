// Brings a database up to date: applies the migrations that are not recorded in it yet.
#pragma once

#include <span>

#include "records/sqlite/connection.h"

namespace luy::records::sqlite {

// Each migration runs and is recorded in one transaction, so a crash leaves a database from which the next start goes
// on. A list with a hole, out of order or holding a number twice is a bug and aborts.
// Errors: newer (something recorded is not in the list), migration_changed (recorded with another text), and those of
// Connection::run.
Result<void> migrate(SqliteConnection& connection, std::span<const Migration> migrations);

}  // namespace luy::records::sqlite
