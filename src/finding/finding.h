// A finding: what somebody has to look at, with the evidence it rests on. Plain values.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/id.h"
#include "base/result.h"
#include "regulation/pack.h"

namespace luy::finding {

using regulation::Text;
using FindingId = Id<struct FindingTag>;

// Names are stored and travel: never renamed.
enum class Kind : std::uint8_t {
  rule,
  correlation,
  probe,
  integrity,
  indicator,
  silence,
  account,
  saved_search,  // A count that a saved search was to watch.
  evidence,      // Trouble with keeping the logs themselves.
  hardening,     // A device is not set up as the hardening checks ask.
  software,      // Programs that nobody approved, for remote control, or of doubtful origin.
  premises,      // A register of devices and networks, or what was seen beside it, asks for somebody.
};
inline constexpr std::size_t kind_count = 12;
enum class Severity : std::uint8_t { informational, low, medium, high, critical };
inline constexpr std::size_t severity_count = 5;
// `fresh` is called "new". Every other state means that somebody has looked.
enum class State : std::uint8_t { fresh, acknowledged, in_case, false_positive };
inline constexpr std::size_t state_count = 4;
enum class EntityType : std::uint8_t { device, account, address, domain, file, service, hash };
inline constexpr std::size_t entity_type_count = 7;
// Where a rule comes from.
enum class Origin : std::uint8_t { own, imported, local };
inline constexpr std::size_t origin_count = 3;

std::string_view name_of(Kind kind);
std::string_view name_of(Severity severity);
std::string_view name_of(State state);
std::string_view name_of(EntityType type);
std::string_view name_of(Origin origin);
std::optional<Kind> kind_from_name(std::string_view name);
std::optional<Severity> severity_from_name(std::string_view name);
std::optional<State> state_from_name(std::string_view name);
std::optional<EntityType> entity_type_from_name(std::string_view name);
std::optional<Origin> origin_from_name(std::string_view name);

inline constexpr std::size_t entities_max = 32;          // Of a finding; further ones are not kept.
inline constexpr std::size_t entity_bytes_max = 256;     // Longer values are cut.
inline constexpr std::size_t title_bytes_max = 400;      // As are titles,
inline constexpr std::size_t story_bytes_max = 4000;     // stories
inline constexpr std::size_t group_key_bytes_max = 600;  // and group keys.
inline constexpr std::size_t members_max = 1000;         // Of a finding, by number; the count goes on.
inline constexpr std::size_t reason_bytes_max = 1000;    // Of a change of state.
inline constexpr std::size_t findings_per_change_max = 500;

struct Entity {
  EntityType type = EntityType::device;
  std::string value;  // A device's id, else the text of the event.
  auto operator<=>(const Entity&) const = default;
};

// The rule behind a finding, as it was then.
struct RuleName {
  std::string id;
  std::string title;
  Origin origin = Origin::own;
  bool operator==(const RuleName&) const = default;
};

// What a part of the hub found. Reports with one agency and group key are one finding, until it has been silent for
// group_quiet or has lasted for group_span.
struct Report {
  Kind kind = Kind::rule;
  std::optional<RuleName> rule{};
  std::string group_key{};  // Without the agency: "<rule>|<device>".
  Severity severity = Severity::medium;
  Text title{};
  Text story{};  // What happened, in whole sentences; empty: the rule's meaning stands for it.
  AgencyId agency{};
  std::optional<DeviceId> device{};
  std::vector<Entity> entities{};
  // The evidence. A number that the finding has already is not counted twice.
  std::vector<std::uint64_t> seqs{};
  // Events beyond `seqs`, of which only the count is known; without either the report counts as one event.
  std::uint64_t further = 0;
  Time first{};  // When it happened.
  Time last{};
};

struct Finding {
  FindingId id;
  Kind kind = Kind::rule;
  std::optional<RuleName> rule;
  std::string group_key;
  Severity severity = Severity::medium;
  Text title;
  Text story;
  AgencyId agency;
  std::optional<DeviceId> device;
  std::vector<Entity> entities;
  std::uint64_t count = 0;     // Events.
  std::uint64_t members = 0;   // Of these, those kept by number.
  std::uint64_t last_seq = 0;  // The largest number counted.
  std::uint64_t first_seq = 0;
  Time first_seen;
  Time last_seen;
  Time opened_at;  // By the hub's clock; the triage clock starts here.
  Time grown_at;
  std::optional<Time> due_at;  // Until when somebody must have looked; only where the pack asks for it.
  State state = State::fresh;
  std::optional<Time> looked_at;  // First change of state since opened_at; none while fresh.
  std::string state_by;           // Display name.
  std::optional<Time> state_at;
  std::string reason;
  std::string act;  // Of the newest change of state: names its entry in the audit trail ("proof_of").

  bool overdue(Time now) const { return state == State::fresh && due_at && *due_at <= now; }
};
// Shared: readers keep what they looked at while newer ones take its place.
using FindingPointer = std::shared_ptr<const Finding>;

struct HistoryEntry {
  Time at;
  std::string by;
  State state = State::fresh;
  std::string reason;
};

}  // namespace luy::finding
