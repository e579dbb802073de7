// People as a sheet for office programs, out and in again. Nobody leaves, moves or gets an account by a sheet.
#pragma once

#include <functional>
#include <string>

#include "directory/person.h"
#include "directory/sheet_file.h"

namespace luy::directory {

inline constexpr ErrorKind person_ambiguous{
    "directory.person_ambiguous", ErrorClass::conflict,
    "Có nhiều người tên {} trong cơ quan này. Hãy ghi mã ở cột id, hoặc thêm từng người trên trang quản trị.",
    "Several people named {} work in this agency. Give the id in its column, or enter them one by one."};
inline constexpr ErrorKind person_elsewhere{
    "directory.person_elsewhere", ErrorClass::conflict,
    "{} làm việc ở cơ quan khác. Chuyển công tác phải lập thủ tục, không làm bằng tệp.",
    "{} works in another agency. Moving somebody is a case of its own and not done by a sheet."};

// Thread-safe.
class PersonSheets {
 public:
  PersonSheets(records::Database& database, AuditTrail& audit, const Clock& clock, Random& random)
      : database_(database), audit_(audit), clock_(clock), random_(random) {}

  // id, name, agency (its code), position, email, phone, since: those for whom `visible` holds, by agency and name,
  // without who is gone. Errors: the database's.
  Result<std::string> write(SheetFormat format, const std::function<bool(const Person&)>& visible) const;
  // All or nothing, and nothing if a single line is refused. A line without id is the one person of that name in that
  // agency, or a new one; needs person_manage on the agency. A line that may not be is refused with its reason. `code`
  // of a line is the agency's; `since` is "2026-11-23" or "23/11/2026". Errors: sheet_invalid, those of sheet/csv.h and
  // sheet/xlsx.h; the policy's when the caller may manage nobody at all.
  Result<ImportedSheet> read(const Caller& caller, const SheetFile& file, Preview preview);

 private:
  records::Database& database_;
  AuditTrail& audit_;
  const Clock& clock_;
  Random& random_;
};

}  // namespace luy::directory
