// The cases of leavers and movers. Opening one ends the person's access to the product in the same transaction, or
// plans it for the end of the last day; everything they hold elsewhere becomes an item. What the hub sees, nobody can
// call done by hand: the next fact that shows an account locked or gone closes its item, and one that shows it again
// opens it anew. A commitment is the exception: who cannot sign in any more signs on paper, and somebody says so.
//
// Threads: every function from any thread; they wait for the disk.
#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/random.h"
#include "base/result.h"
#include "directory/pending.h"
#include "directory/person.h"
#include "inventory/inventory.h"
#include "people/account_link.h"
#include "people/duty_record.h"
#include "people/leave.h"
#include "records/database.h"

namespace luy::people {

inline constexpr ErrorKind leave_unknown{"people.leave_unknown", ErrorClass::not_found,
                                         "Không tìm thấy hồ sơ thôi việc, chuyển công tác này.",
                                         "There is no such case of somebody leaving."};
inline constexpr ErrorKind leave_item_unknown{"people.leave_item_unknown", ErrorClass::not_found,
                                              "Không tìm thấy mục này trong hồ sơ.", "The case has no such item."};
inline constexpr ErrorKind leave_exists{"people.leave_exists", ErrorClass::conflict,
                                        "Người này đã có hồ sơ {} chưa kết thúc.",
                                        "There is a case of this person already, {}, that is not closed."};
inline constexpr ErrorKind leave_invalid{"people.leave_invalid", ErrorClass::invalid, "Hồ sơ không hợp lệ: {}.",
                                         "The case is not valid: {}."};
inline constexpr ErrorKind leave_over{"people.leave_over", ErrorClass::conflict,
                                      "Hồ sơ {} đã kết thúc hoặc không còn ở bước này.",
                                      "The case {} is closed, or past this step."};
inline constexpr ErrorKind leave_open{"people.leave_open", ErrorClass::conflict, "Chưa kết thúc được hồ sơ, còn: {}.",
                                      "The case cannot be closed yet: {}."};
inline constexpr ErrorKind still_alive{
    "people.still_alive", ErrorClass::conflict,
    "Hệ thống vẫn thấy {} đang hoạt động. Hãy khóa hoặc bàn giao, mục này sẽ tự hoàn thành khi máy báo lại.",
    "The hub still sees {} in use. Lock it or hand it over; the item is done once the device says so."};

inline constexpr std::chrono::hours begin_retry{1};  // When the access of somebody could not be ended.
inline constexpr std::size_t leave_items_max = 500;
inline constexpr days leave_days_max{366};  // Of the last day, from today, either way.
inline constexpr std::string_view leave_item_waive_act = "leave_item_waive";

struct NewLeave {
  PersonId person;
  LeaveKind kind = LeaveKind::leave;
  std::optional<AgencyId> to{};  // Of a move, and only of one.
  Day last_day{};
  std::string reason;
};

struct NewLeaveItem {
  ItemKind kind = ItemKind::other_account;  // Or device.
  std::string name;
  std::string system;
  std::optional<Person> owner;
};

class LeaveBook {
 public:
  struct Holding {
    ItemKind kind;
    std::string ref;
    std::string name;
  };
  struct Dependencies {
    records::Database& database;
    directory::AuditTrail& audit;
    const Clock& clock;
    Random& random;
    directory::People& people;
    const inventory::Inventory& inventory;
    const LinkBook& links;
    // What of a kind the inventory does not see somebody holds now: signing certificates registered for their accounts,
    // living API tokens, appointments in force; and the commitment that is missing.
    std::function<std::vector<Holding>(ItemKind, const PersonId&)> held;
    std::function<void(const Leave&)> changed;  // After the commit: this case is another now.
  };
  explicit LeaveBook(Dependencies dependencies) : d_(std::move(dependencies)) {}

  using Permit = std::function<Result<void>(const AgencyId&)>;  // Asked in the transaction with the case's agency.

  // What somebody holds now that a case would ask for.
  Result<std::vector<LeaveItem>> holdings(const PersonId& person, LeaveKind kind) const;
  // With a last day that is today or over, access to the product ends in the same transaction. Errors: those of
  // directory::People, leave_exists, leave_invalid, text_invalid.
  Result<Leave> open(const directory::Caller& caller, const Who& who, const NewLeave& wanted);
  // Errors of all below: those of `permit`, leave_unknown, leave_over.
  Result<Leave> add_item(const directory::Caller& caller, const Permit& permit, const LeaveId& id,
                         const NewLeaveItem& wanted);
  // By hand. Errors: also leave_item_unknown, still_alive, text_invalid.
  Result<Leave> done(const directory::Caller& caller, const Who& who, const Permit& permit, const LeaveId& id,
                     const LeaveItemId& item, const std::string& how);
  // Errors: also leave_open naming what is; of a leave those of directory::People::close_leave().
  Result<Leave> close(const directory::Caller& caller, const Permit& permit, const LeaveId& id);
  // Of a planned one: it never was. Errors: also those of directory::People::withdraw_leave().
  Result<void> withdraw(const directory::Caller& caller, const Permit& permit, const LeaveId& id,
                        const std::string& reason);
  // An item nobody can see to: takes two people. For PendingActs::add_kind(leave_item_waive_act).
  directory::ActKind waive_act();

  // Ends the access of those whose last day is over; closes the items that are seen to be over, opens anew those that
  // are alive again, and adds what has come to light. Called every few seconds. Errors: those of the database.
  Result<void> settle();

  Result<Leave> find(const LeaveId& id) const;  // Errors: leave_unknown.
  Result<std::vector<Leave>> list() const;      // The newest first.
  // Of the agency's cases. Errors: those of the database.
  Result<DutyRecord> duty_record(const AgencyId& agency) const;
  Sight sight_of(const LeaveItem& item, const PersonId& person) const;

 private:
  using Change = std::function<Result<void>(records::Connection&, Leave&, directory::AuditEntry&)>;
  Result<Leave> act(const directory::Caller& caller, const Permit& permit, const LeaveId& id, const char* name,
                    const Change& change);
  Result<void> try_move(const directory::Caller& caller, const NewLeave& wanted);
  Result<void> end_access(records::Connection& c, const directory::Caller& caller, Leave& leave);
  bool may_try(const LeaveId& id);
  Result<void> begin(const Leave& leave);
  Result<void> settle_items(const Leave& leave);

  const Dependencies d_;
  std::mutex mutex_;
  std::map<LeaveId, Time> next_try_;  // Of those whose day has come.
};

}  // namespace luy::people
