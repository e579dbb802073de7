// The case of somebody who leaves or moves to another agency (article 7.3.b): everything that gives them access or that
// they hold, each item open until it is seen to be over or somebody answers for it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/id.h"
#include "people/person.h"
#include "regulation/pack.h"

namespace luy::people {

using regulation::Text;
using LeaveId = Id<struct LeaveTag>;
using LeaveItemId = Id<struct LeaveItemTag>;

// Names are stored: never renamed.
enum class LeaveKind : std::uint8_t { leave, move };
enum class LeaveState : std::uint8_t {
  planned,  // The last day is to come: access goes on.
  open,     // Access to the product has ended; items are open or wait for the closing.
  closed,
};
enum class ItemKind : std::uint8_t {
  product_account,
  device_account,  // On a device, by a link.
  device,          // That the person has.
  other_account,   // Of a system the hub does not see: somebody confirms.
  signature,       // A signing certificate registered for the person.
  delegation,      // Of a role, given or received.
  api_token,       // With which a program acts for the person.
  commitment,      // That the person never signed, or that has run out.
  appointment,     // As an officer who answers for information security, that has not ended.
};
inline constexpr std::size_t item_kind_count = 9;
enum class ItemState : std::uint8_t { open, done, waived };
std::string_view name_of(LeaveKind kind);
std::string_view name_of(LeaveState state);
std::string_view name_of(ItemKind kind);
std::string_view name_of(ItemState state);
std::optional<LeaveKind> leave_kind_from_name(std::string_view name);
std::optional<LeaveState> leave_state_from_name(std::string_view name);
std::optional<ItemKind> item_kind_from_name(std::string_view name);
std::optional<ItemState> item_state_from_name(std::string_view name);

struct LeaveItem {
  LeaveItemId id{};
  ItemKind kind = ItemKind::other_account;
  std::string ref{};  // The id of what the kind names; of a commitment the person's; "<device>/<uid>/<name>"; empty for
                      // what people added.
  std::string name{};    // "annv@may-1", "Hòm thư công vụ".
  std::string system{};  // Of other accounts: which.
  Named owner{};         // Who is to see to it; empty: whoever handles the case.
  ItemState state = ItemState::open;
  std::optional<Time> done_at{};
  Named done_by{};  // Empty: the hub saw it.
  std::string how{};
  std::optional<std::uint64_t> seq{};  // Of the fact that showed it.
};
Text title_of(const LeaveItem& item);

struct Leave {
  LeaveId id{};
  std::string number{};  // "NV-2026-004"
  PersonId person{};
  std::string person_name{};
  LeaveKind kind = LeaveKind::leave;
  AgencyId agency{};             // That they leave.
  std::optional<AgencyId> to{};  // Of a move.
  Day last_day{};
  std::string reason{};
  LeaveState state = LeaveState::planned;
  Time opened_at{};
  Named opened_by{};
  std::optional<Time> ended_at{};  // When access to the product ended.
  std::optional<Time> closed_at{};
  std::string close_act{};  // As the audit trail knows the closing; of the opening it is the id.
  std::vector<LeaveItem> items{};

  std::size_t open_items() const;
  // When everything must be over: the end of the last day.
  Time due() const { return day_begin(last_day + days(1)); }
  bool overdue(Time now) const { return state != LeaveState::closed && due() <= now && open_items() > 0; }
};

// What the hub sees of an item now.
struct Sight {
  bool alive = false;  // It can still be used, or is still theirs.
  bool known = false;  // Whether the hub can tell.
  std::optional<Time> at{};
  std::optional<std::uint64_t> seq{};
};

}  // namespace luy::people
