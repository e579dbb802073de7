// The tree of agencies as a sheet (CSV, RFC 4180, UTF-8) for office programs, out and in again. What comes in is
// compared first and shown line by line; nothing is ended or moved by a sheet.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "directory/agency.h"
#include "directory/profile.h"

namespace luy::directory {

inline constexpr ErrorKind sheet_invalid{"directory.sheet_invalid", ErrorClass::invalid,
                                         "Tệp CSV không hợp lệ: {}. Hãy xuất tệp mẫu, sửa và nhập lại.",
                                         "The CSV file is not valid: {}. Export one, change it and import it again."};

inline constexpr std::size_t sheet_bytes_max = 1 << 20;
inline constexpr std::size_t sheet_rows_max = 2000;
inline constexpr std::size_t sheet_cells_max = 32;  // In one row.

// Rows of cells. Quotes, doubled quotes, line ends in quotes; a byte-order mark is skipped. Pure.
// Errors: sheet_invalid with the line.
Result<std::vector<std::vector<std::string>>> parse_csv(std::string_view text);
// A cell as it is written: quoted where needed, and with an apostrophe before what a spreadsheet would take for a
// formula (=, +, -, @), which parse_csv() keeps and the importer takes off again.
std::string csv_cell(std::string_view text);

// A cell as it was meant: without the apostrophe that csv_cell() put before a formula's sign.
std::string plain_cell(std::string_view cell);

struct SheetLine {
  enum class Does : std::uint8_t { create, change, nothing, refuse };
  std::size_t line = 0;  // From 1; the head is line 1.
  std::string code;
  std::string name;
  Does does = Does::nothing;
  std::string vi;  // What changes, or why it is refused.
  std::string en;
};
std::string_view name_of(SheetLine::Does does);

struct ImportedSheet {
  std::vector<SheetLine> lines;
  std::size_t refused = 0;
  bool applied = false;
};

// Thread-safe.
class AgencySheets {
 public:
  AgencySheets(records::Database& database, AuditTrail& audit, const Clock& clock, Random& random, Agencies& agencies)
      : database_(database), audit_(audit), clock_(clock), random_(random), agencies_(agencies) {}

  // The agencies for which `visible` holds, as they are now, by code.
  Result<std::string> write(const std::function<bool(const Agency&)>& visible) const;
  // All or nothing, and nothing if a single line is refused. New agencies need agency_manage on their superior, changed
  // ones on themselves; a line that may not be is refused with the policy's reason. Errors: sheet_invalid; the policy's
  // when the caller may manage nothing at all.
  Result<ImportedSheet> read(const Caller& caller, std::string_view csv, Preview preview);

 private:
  records::Database& database_;
  AuditTrail& audit_;
  const Clock& clock_;
  Random& random_;
  Agencies& agencies_;
};

}  // namespace luy::directory
