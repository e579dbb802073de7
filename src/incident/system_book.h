// The register of information systems: what an agency runs, who manages it, and its level of security. Step 1 of an
// incident is proposed from it; the level of a system follows decree 85/2016/NĐ-CP, articles 7 to 11 (five levels by
// the harm that its loss would do), article 12 (who decides), kept with the decision that gave it.
//
// Threads: every function from any thread; they wait for the disk.
#pragma once

#include <boost/json.hpp>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/id.h"
#include "base/random.h"
#include "base/result.h"
#include "directory/audit.h"
#include "incident/case.h"
#include "records/database.h"

namespace luy::incident {

inline constexpr ErrorKind system_unknown{"incident.system_unknown", ErrorClass::not_found,
                                          "Không tìm thấy hệ thống này trong sổ hệ thống thông tin.",
                                          "There is no such system in the register of information systems."};
inline constexpr ErrorKind system_invalid{"incident.system_invalid", ErrorClass::invalid,
                                          "Thông tin của hệ thống không hợp lệ: {}.",
                                          "The system's entry is not valid: {}."};
inline constexpr ErrorKind system_taken{"incident.system_taken", ErrorClass::conflict,
                                        "Cơ quan đã có hệ thống tên {} trong sổ.",
                                        "The agency has a system of the name {} in the register already."};
inline constexpr ErrorKind system_retired{"incident.system_retired", ErrorClass::conflict,
                                          "Hệ thống {} đã ngừng hoạt động nên không sửa hoặc chọn được.",
                                          "The system {} is retired, so it cannot be changed or chosen."};

inline constexpr std::size_t systems_max = 5'000;     // On a hub, retired ones too.
inline constexpr std::size_t system_lines_max = 100;  // Addresses of a system, and its domains.
inline constexpr std::size_t system_devices_max = 500;
inline constexpr std::size_t system_name_bytes_max = 400;  // Of a name, an operator, a place.
inline constexpr unsigned system_level_max = 5;            // Decree 85/2016, article 7.

// Whose it is to act on: the agency's own, the provincial data centre's, a provider's for the agency.
enum class SystemManager : std::uint8_t { agency, province, provider };
inline constexpr std::size_t system_manager_count = 3;
std::string_view name_of(SystemManager manager);
std::optional<SystemManager> system_manager_from_name(std::string_view name);
Text title_of(SystemManager manager);

// The decision that approved a level (decree 85/2016, articles 12 and 15 to 17).
struct LevelDecision {
  std::string number;
  Day date;
};

struct System {
  SystemId id;
  AgencyId agency;  // That it belongs to.
  std::string name;
  std::string purpose;
  SystemManager manager = SystemManager::agency;
  std::string operated_by;             // Decree 85/2016, article 22: who runs it; of a leased one the provider.
  std::string place;                   // Where it stands.
  std::vector<std::string> addresses;  // IPv4 or IPv6, or networks "10.2.0.0/16".
  std::vector<std::string> domains;    // Lower case; names below them are the system's, too.
  std::vector<DeviceId> devices;
  std::optional<unsigned> level;  // 1 … system_level_max; nullopt: not determined.
  std::optional<LevelDecision> level_decision;
  bool personal_data = false;
  std::optional<Time> retired_at;
};
boost::json::object to_json(const System& system);  // Without names of others: for the table and the audit trail.

// Puts texts, addresses and domains into their one form. Errors: text_missing (name), system_invalid naming the field.
Result<System> checked(System wanted, Time now);

class SystemBook {
 public:
  struct Dependencies {
    records::Database& database;
    directory::AuditTrail& audit;
    const Clock& clock;
    Random& random;
  };
  explicit SystemBook(Dependencies dependencies) : d_(dependencies) {}

  using Permit = std::function<Result<void>(const AgencyId&)>;  // Asked in the transaction with the system's agency.
  // `wanted` without id. Errors: those of `permit` and checked(), system_taken, too_many.
  Result<System> add(const directory::Caller& caller, const Permit& permit, const System& wanted);
  // All but id and agency. Errors: those of add(), system_unknown, system_retired.
  Result<System> change(const directory::Caller& caller, const Permit& permit, const SystemId& id,
                        const System& wanted);
  // Twice does no harm. Errors: those of `permit`, system_unknown.
  Result<void> retire(const directory::Caller& caller, const Permit& permit, const SystemId& id);

  Result<System> find(const SystemId& id) const;  // Errors: system_unknown.
  Result<std::vector<System>> list() const;       // By name.

 private:
  const Dependencies d_;
};

// The highest level of the systems in use of each agency that has one with a level. Errors: those of the database.
Result<std::map<AgencyId, unsigned>> system_levels(const records::Database& database);

// What is known of where an incident happened.
struct Whereabouts {
  std::vector<AgencyId> agencies;  // The case's, and its superiors, nearest first.
  std::optional<SystemId> system;  // As somebody chose it.
  std::string text;                // The system's name and the case's title, as people wrote them.
  std::vector<DeviceId> devices;
  std::vector<std::string> domains;
  std::vector<std::string> addresses;
};
struct SystemMatch {
  const System* system = nullptr;  // Of `systems`.
  Text by;                         // "tên miền dvc.example.vn": what it was recognised by; empty when it was chosen.
};
// The system in use that is meant: as chosen, then by device, domain, address, name; of the nearest agency. Pure.
std::optional<SystemMatch> match_system(std::span<const System> systems, const Whereabouts& where);

}  // namespace luy::incident
