// Agencies as a dated tree: bodies are created under a superior on a day and end on a day, and what is recorded about
// them stays. An id is never used twice.
#pragma once

#include <cstdint>
#include <optional>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/clock.h"
#include "base/id.h"
#include "base/random.h"
#include "base/result.h"
#include "directory/audit.h"
#include "records/database.h"

namespace luy::directory {

inline constexpr ErrorKind agency_unknown{"directory.agency_unknown", ErrorClass::not_found, "Không tìm thấy cơ quan.",
                                          "There is no such agency."};
inline constexpr ErrorKind agency_code_taken{"directory.agency_code_taken", ErrorClass::conflict,
                                             "Mã cơ quan {} đã được dùng. Hãy chọn mã khác.",
                                             "The agency code {} is in use. Choose another."};
inline constexpr ErrorKind agency_not_valid{
    "directory.agency_not_valid", ErrorClass::conflict,
    "Cơ quan cấp trên không hoạt động trong suốt thời gian này. Hãy kiểm tra ngày hiệu lực.",
    "The superior agency does not exist throughout these days. Check the dates."};
inline constexpr ErrorKind agency_too_deep{"directory.agency_too_deep", ErrorClass::invalid,
                                           "Cây cơ quan sâu quá 16 cấp.", "The tree of agencies is deeper than 16."};
inline constexpr ErrorKind agency_has_parts{
    "directory.agency_has_parts", ErrorClass::conflict,
    "Cơ quan này còn đơn vị trực thuộc hoạt động sau ngày đó. Hãy kết thúc hoặc chuyển các đơn vị ấy trước.",
    "Agencies below this one go on after that day. Close them first."};
inline constexpr ErrorKind bad_value{"directory.bad_value", ErrorClass::invalid, "Giá trị không hợp lệ: {}.",
                                     "This value is not valid: {}."};

inline constexpr std::size_t agency_depth_max = 16;
inline constexpr std::size_t agency_code_bytes_max = 40;
inline constexpr std::size_t name_bytes_max = 800;  // 200 characters of Vietnamese.

// Names are stored: never renamed.
enum class AgencyKind : std::uint8_t {
  town,        // Ủy ban nhân dân (thị xã, phường sau sắp xếp) itself.
  department,  // Phòng, ban, văn phòng.
  commune,     // Xã, phường.
  unit,        // Đơn vị sự nghiệp: school, clinic, station.
};
std::string_view name_of(AgencyKind kind);
std::optional<AgencyKind> agency_kind_from_name(std::string_view name);

struct Agency {
  AgencyId id;
  std::string code;         // Short, of the town's own making: "VP-HDND-UBND". Unique whatever its case.
  std::string name;         // "Văn phòng HĐND&UBND"
  std::string header_name;  // As the head of a document has it, in capitals.
  AgencyKind kind = AgencyKind::department;
  std::optional<AgencyId> superior;
  Day valid_from;
  std::optional<Day> valid_to;  // The last day, inclusive.

  bool valid_on(Day day) const { return valid_from <= day && (!valid_to || day <= *valid_to); }
};

struct NewAgency {
  std::string code;
  std::string name;
  std::string header_name;  // The name when empty.
  AgencyKind kind = AgencyKind::department;
  AgencyId superior;
  std::optional<Day> valid_from;  // Today when empty.
};

// Thread-safe.
class Agencies {
 public:
  Agencies(records::Database& database, AuditTrail& audit, const Clock& clock, Random& random)
      : database_(database), audit_(audit), clock_(clock), random_(random) {}

  // Needs agency_manage on the superior. Errors: the policy's, bad_value, agency_unknown (superior), agency_not_valid,
  // agency_code_taken, agency_too_deep.
  Result<Agency> create(const Caller& caller, const NewAgency& wanted);
  // `last_day` becomes the agency's last one. Needs agency_manage on it. Errors: the policy's, agency_unknown,
  // bad_value (before its first day), agency_has_parts.
  Result<Agency> close(const Caller& caller, const AgencyId& agency, Day last_day);

  // The agency itself, then its superiors, nearest first: what Object::agencies is filled with. From memory, so it may
  // be called inside a transaction and often. Empty for an agency that does not exist.
  std::vector<AgencyId> lineage(const AgencyId& agency) const;
  // Fills that memory from the database. An agency's superiors never change, so nothing in it grows old.
  Result<void> load_lineages();

  // By code; all there ever were, or those that exist on `day`.
  Result<std::vector<Agency>> list(std::optional<Day> day = std::nullopt) const;
  // Errors: agency_unknown.
  Result<Agency> find(const AgencyId& agency) const;

 private:
  records::Database& database_;
  AuditTrail& audit_;
  const Clock& clock_;
  Random& random_;
  mutable std::shared_mutex mutex_;
  std::unordered_map<AgencyId, std::vector<AgencyId>> lineages_;
};

// The lineage as the transaction sees it, for services that authorise what they have just loaded. Errors:
// agency_unknown.
Result<std::vector<AgencyId>> load_superiors(records::Connection& connection, const AgencyId& agency);
// Creates without asking anybody: for the first agency, which has no superior.
Result<void> insert_agency(records::Connection& connection, const Agency& agency);

}  // namespace luy::directory
