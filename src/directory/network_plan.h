// Diagrams of agencies' networks: put on file as PDF or PNG, each a version of its own; nothing is replaced and nothing
// deleted, so that what was in force on a day can be shown. Who may read what an agency runs and where may read them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "directory/account.h"
#include "directory/agency.h"
#include "directory/audit.h"
#include "records/database.h"

namespace luy::directory {

inline constexpr ErrorKind network_plan_type{
    "directory.network_plan_type", ErrorClass::invalid,
    "Sơ đồ mạng phải là tệp PDF hoặc PNG. Hãy in sơ đồ ra PDF hoặc xuất thành ảnh PNG.",
    "A network plan must be a PDF or PNG file. Print the diagram to PDF or export it as PNG."};
inline constexpr ErrorKind network_plan_too_large{"directory.network_plan_too_large", ErrorClass::too_large,
                                                  "Sơ đồ mạng lớn quá {}. Hãy giảm dung lượng tệp.",
                                                  "The network plan is larger than {}. Make the file smaller."};
inline constexpr ErrorKind network_plan_same{"directory.network_plan_same", ErrorClass::conflict,
                                             "Tệp này chính là sơ đồ đang có hiệu lực (bản {}).",
                                             "This very file is the plan in force (version {})."};
inline constexpr ErrorKind network_plan_unknown{"directory.network_plan_unknown", ErrorClass::not_found,
                                                "Không tìm thấy sơ đồ mạng này.", "There is no such network plan."};
inline constexpr ErrorKind network_plan_damaged{
    "directory.network_plan_damaged", ErrorClass::corrupt,
    "Sơ đồ mạng bản {} trong cơ sở dữ liệu đã bị thay đổi. Hãy phục hồi từ bản sao lưu.",
    "Version {} of the network plan was changed in the database. Restore a backup."};
inline constexpr ErrorKind network_plan_agency_over{"directory.network_plan_agency_over", ErrorClass::conflict,
                                                    "{} đã kết thúc hoạt động, không nhận sơ đồ mạng mới.",
                                                    "{} has ended and takes no new network plan."};
inline constexpr ErrorKind network_plans_too_many{"directory.network_plans_too_many", ErrorClass::conflict,
                                                  "Cơ quan đã có 200 bản sơ đồ mạng.",
                                                  "The agency has 200 network plans already."};

inline constexpr std::size_t network_plan_bytes_max = 8 << 20;
inline constexpr std::size_t network_plans_max = 200;  // Of one agency.
inline constexpr std::size_t network_plan_note_bytes_max = 2000;

struct NetworkPlan {
  std::int64_t version = 0;  // Of the agency, from 1; the highest is in force.
  std::string name;          // The file's.
  std::string type;          // "application/pdf" or "image/png", from the bytes.
  std::int64_t size = 0;     // Bytes.
  std::string sha256;        // 64 lower-case hexadecimal digits.
  std::string note;
  std::optional<Day> drawn_on;  // As the diagram itself says.
  Time at;
  std::optional<AccountId> by;  // Empty: a command on the server.
};

struct NewNetworkPlan {
  std::string name;
  std::string_view bytes;  // Borrowed.
  std::string note;
  std::optional<Day> drawn_on;  // Today or before.
};

// Thread-safe.
class NetworkPlans {
 public:
  NetworkPlans(records::Database& database, AuditTrail& audit, const Clock& clock)
      : database_(database), audit_(audit), clock_(clock) {}

  // Needs system_manage. Errors: the policy's, agency_unknown, network_plan_agency_over, network_plan_type,
  // network_plan_too_large, network_plan_same, network_plans_too_many, bad_value (name, note, drawn_on).
  Result<NetworkPlan> add(const Caller& caller, const AgencyId& agency, const NewNetworkPlan& wanted);
  // The newest first; those that were there at the end of `day`, where it is given. Errors: agency_unknown.
  Result<std::vector<NetworkPlan>> list(const AgencyId& agency, std::optional<Day> day = std::nullopt) const;
  struct File {
    NetworkPlan plan;
    std::string bytes;
  };
  // Errors: agency_unknown, network_plan_unknown, network_plan_damaged.
  Result<File> file(const AgencyId& agency, std::int64_t version) const;

 private:
  records::Database& database_;
  AuditTrail& audit_;
  const Clock& clock_;
};

// By the first bytes, and of a PDF the last ones; empty for anything else. Pure.
std::string_view network_plan_type_of(std::string_view bytes);

}  // namespace luy::directory
