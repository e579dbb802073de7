// Agencies as a dated tree: bodies are created on a day, renamed, moved, merged, split, and end on a day; what was
// recorded about them stays, and what they were on any day can be read. An id is never used twice.
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

inline constexpr ErrorKind agency_change_invalid{"directory.agency_change_invalid", ErrorClass::invalid,
                                                 "Không thể thay đổi tổ chức như vậy: {}.",
                                                 "The organisation cannot be changed like this: {}."};

inline constexpr ErrorKind plan_unknown{"directory.plan_unknown", ErrorClass::not_found,
                                        "Không tìm thấy phương án sắp xếp này.",
                                        "There is no such planned reorganisation."};

inline constexpr std::size_t agency_depth_max = 16;
inline constexpr std::size_t agency_changes_max = 200;  // In one reorganisation.
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
  std::optional<Day> valid_to;    // The last day, inclusive.
  std::optional<Day> changed_on;  // Since when it bears this name and stands in this place, if not from the start.

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

// One decision that changes the tree on one day: everything in it or nothing. What it creates is named by a key of its
// own, which stands wherever an agency's id may stand.
struct Reorganisation {
  Day day{};          // The first day of the new state; up to a year ahead, then it waits for its day.
  std::string basis;  // "Nghị quyết 1686/NQ-UBTVQH15".
  struct Create {
    std::string key;
    std::string code;
    std::string name;
    std::string header_name;  // The name when empty.
    AgencyKind kind = AgencyKind::department;
    std::string superior;  // Id or key; empty for a new top, which takes over from a top that ends.
  };
  struct Change {
    AgencyId agency;
    std::optional<std::string> name;
    std::optional<std::string> header_name;
    std::optional<std::string> superior;  // Id or key: moved.
  };
  struct Successor {
    std::string agency;          // Id or key.
    bool keeps_records = false;  // Whoever may see the successor's records may see the old body's, too.
    bool takes_people = false;   // At most one of an agency's successors.
    bool takes_roles = false;    // Roles held in the old body go on in this one.
  };
  struct Close {
    AgencyId agency;
    std::vector<Successor> successors;
  };
  std::vector<Create> creates;
  std::vector<Change> changes;
  std::vector<Close> closes;
};
boost::json::object to_json(const Reorganisation& plan);
// What to_json() wrote. Errors: bad_value.
Result<Reorganisation> reorganisation_from_json(const boost::json::value& value);

// A right over others that somebody comes to hold by a reorganisation: their role begins to reach an agency.
struct RightGained {
  AccountId account;
  std::string name;  // The person's.
  Role role = Role::staff;
  std::optional<AgencyId> agency;  // Empty for one that is yet to be created.
  std::string agency_name;
};
boost::json::array to_json(const std::vector<RightGained>& gains);

// What a reorganisation did, or would do.
struct Reorganised {
  std::vector<Agency> created;
  std::vector<Agency> changed;
  std::vector<Agency> closed;
  std::size_t people_moved = 0;
  std::size_t roles_moved = 0;
  bool waits = false;  // Its day has not come: nothing was done but to note it.
  std::vector<RightGained> gains;
  bool takes_two = false;  // Somebody gains rights, or comes to stand under others than before.
};

// A reorganisation that waits for its day, or could not begin on it.
struct PlannedReorganisation {
  std::string id;
  Reorganisation plan;
  std::optional<AccountId> proposed_by;  // Empty: a command on the server.
  std::string agreed_by;                 // User name of the second person; empty where it took none.
  std::string problem_vi, problem_en;    // Why it did not begin; empty while it waits.
};
enum class Preview : std::uint8_t { no, yes };

// Which body went on after which.
struct Succession {
  AgencyId predecessor;
  AgencyId successor;
  Day day{};  // The successor's first.
  bool keeps_records = false;
  std::string basis;
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

  // Needs agency_manage on every agency it touches and under which it puts one, and every right that somebody gains by
  // it, where they gain it; a top is followed only by the tops that succeed it. Afterwards every top has an
  // administrator. A preview does it all and takes it back. Errors: the policy's, cannot_grant, takes_two_people (see
  // Directory::propose_reorganisation), agency_unknown, agency_code_taken, agency_not_valid, agency_too_deep,
  // agency_has_parts, bad_value, agency_change_invalid naming what is wrong, last_administrator.
  Result<Reorganised> reorganise(const Caller& caller, const Reorganisation& plan, Preview preview = Preview::no);
  // The part of it inside a transaction; whether it takes two is the caller's to heed. load_lineages() afterwards.
  Result<Reorganised> reorganise_in(records::Connection& connection, const Caller& caller, const Reorganisation& plan,
                                    AuditEntry& entry);
  // Carries out what waits for a day that has come, by the rights that those who asked for it and agreed to it hold on
  // that day; answers how many. What may not or cannot be any more stays in the list with the reason. Called now and
  // then.
  Result<std::size_t> begin_due();
  // By day: what waits, and what could not begin.
  Result<std::vector<PlannedReorganisation>> plans() const;
  // Takes a plan back. Needs agency_manage on every agency it touches. Errors: the policy's, plan_unknown.
  Result<void> take_back(const Caller& caller, std::string_view plan);

  // The agency itself, then its superiors, nearest first; of one that ended also the successors that keep its records,
  // with their superiors. What Object::agencies is filled with. From memory, so it may be called inside a transaction
  // and often. Empty for an agency that does not exist.
  std::vector<AgencyId> lineage(const AgencyId& agency) const;
  // Fills that memory from the database.
  Result<void> load_lineages();

  // By code; all there ever were as they are now, or those that existed on `day` as they were then.
  Result<std::vector<Agency>> list(std::optional<Day> day = std::nullopt) const;
  Result<std::vector<Succession>> successions() const;
  // When the tree was another than the day before: an agency's first day, the day after its last, and those on which it
  // got another name or place.
  struct Turn {
    AgencyId agency;
    Day day{};
  };
  Result<std::vector<Turn>> turns() const;  // By day.
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
// The highest superior; the agency itself where it has none. Errors: agency_unknown.
Result<AgencyId> load_top(records::Connection& connection, const AgencyId& agency);
// The highest superiors of every agency that the plan touches or puts something under. Errors: agency_unknown.
Result<std::vector<AgencyId>> load_tops(records::Connection& connection, const Reorganisation& plan);
// Creates without asking anybody: for the first agency, which has no superior.
Result<void> insert_agency(records::Connection& connection, const Agency& agency);

}  // namespace luy::directory
