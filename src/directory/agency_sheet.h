// The tree of agencies as a sheet for office programs, out and in again. Nothing is ended or moved by a sheet.
#pragma once

#include <functional>
#include <string>

#include "base/result.h"
#include "directory/agency.h"
#include "directory/profile.h"
#include "directory/sheet_file.h"

namespace luy::directory {

// Thread-safe.
class AgencySheets {
 public:
  AgencySheets(records::Database& database, AuditTrail& audit, const Clock& clock, Random& random, Agencies& agencies)
      : database_(database), audit_(audit), clock_(clock), random_(random), agencies_(agencies) {}

  // code, name, header_name, kind, superior (its code), valid_from, valid_to, identifier, superior_header, networks
  // (separated by blanks): the agencies for which `visible` holds, as they are now, by code. Errors: the database's.
  Result<std::string> write(SheetFormat format, const std::function<bool(const Agency&)>& visible) const;
  // All or nothing, and nothing if a single line is refused. New agencies need agency_manage on their superior, changed
  // ones on themselves; a line that may not be is refused with the policy's reason. Days are "2026-11-23" or
  // "23/11/2026". Errors: sheet_invalid, those of sheet/csv.h and sheet/xlsx.h; the policy's when the caller may manage
  // nothing at all.
  Result<ImportedSheet> read(const Caller& caller, const SheetFile& file, Preview preview);

 private:
  records::Database& database_;
  AuditTrail& audit_;
  const Clock& clock_;
  Random& random_;
  Agencies& agencies_;
};

}  // namespace luy::directory
