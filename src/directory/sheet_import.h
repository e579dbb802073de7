// Sheets read and written, and lines imported one by one: what every register that comes and goes as a sheet shares.
// Thread-safe; an import waits for the disk.
#pragma once

#include <boost/json.hpp>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "directory/agency.h"
#include "directory/audit.h"
#include "directory/sheet_file.h"
#include "records/database.h"
#include "sheet/table.h"

namespace luy::directory {

// Errors: sheet::xlsx_failed.
Result<std::string> write_sheet(SheetFormat format, const sheet::Page& page);
// The rows with their head first, which must be `columns`; letters composed, cells as they were meant. Rows of a
// workbook are as wide as the head. Errors: sheet_invalid, those of sheet::parse_csv() and sheet::read_xlsx().
Result<sheet::Table> read_sheet(const SheetFile& file, const std::vector<sheet::Column>& columns);

// "2026-11-23" of a day written so or as "23/11/2026"; anything else as it is.
std::string iso_day(const std::string& text);

// One import inside its transaction.
class LineImport {
 public:
  virtual ~LineImport() = default;
  virtual Result<void> prepare() = 0;
  // A line with as many cells as there are columns. What fails refuses the line, unless the disk did.
  virtual Result<void> take(const std::vector<std::string>& cells, SheetLine& line) = 0;

  boost::json::array noted;  // For the audit trail: what the lines did.
};

struct ImportParts {
  records::Database& database;
  AuditTrail& audit;
  const Caller& caller;
  std::string act;  // Of the audit trail.
  Action action;    // Without which nobody imports anything.
  const std::vector<sheet::Column>& columns;
  std::function<std::unique_ptr<LineImport>(records::Connection&)> begin;
};
// All or nothing, and nothing if a single line is refused. Errors: the policy's, those of read_sheet(), the database's.
Result<ImportedSheet> import_sheet(const ImportParts& parts, const SheetFile& file, Preview preview);

}  // namespace luy::directory
