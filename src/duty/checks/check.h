// What a check is: a pure function from what is known about one subject, the pack's limits and the moment to a
// judgement. One file per check; the list of all is checks/registry.cc.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "duty/engine.h"
#include "duty/reason.h"
#include "duty/verdict.h"
#include "inventory/inventory.h"
#include "regulation/calendar.h"
#include "regulation/pack.h"

namespace luy::duty {

// Kinds of proof that are not facts.
inline constexpr std::string_view log_kind = "log";
inline constexpr std::string_view record_kind = "record";

// A proof before it is copied out: `method` borrows from what was judged.
struct Basis {
  std::string_view kind;
  std::optional<std::uint64_t> seq;
  Time learnt_at;
  std::string_view method;
  bool operator==(const Basis&) const = default;
};

struct Judgement {
  State state = State::unknown;
  Code code = Code::no_record;
  Arguments arguments;
  std::vector<Basis> basis;
  std::optional<Time> changes_at;
};

// The pack's parameters of one obligation. The pack's loader has demanded them (regulation::parameters_of), so a
// missing one is a bug.
class Limits {
 public:
  Limits(const regulation::Parameters& parameters, const regulation::Pack& pack)
      : parameters_(&parameters), due_share_(pack.due_share()), fact_fresh_(pack.fact_fresh()) {}
  Duration duration(std::string_view id) const;
  std::int64_t count(std::string_view id) const;
  double percent(std::string_view id) const;
  std::int64_t working_days(std::string_view id) const;
  const std::vector<std::string>& texts(std::string_view id) const;
  double due_share() const { return due_share_; }
  // A fact older than this no longer proves that a duty is kept. A violation stays one until something newer says
  // otherwise.
  Duration fact_fresh() const { return fact_fresh_; }

 private:
  const regulation::ParameterValue& value(std::string_view id) const;
  const regulation::Parameters* parameters_;  // Of the pack: outlives the engine.
  double due_share_;
  Duration fact_fresh_;
};

// Per day what the evidence holds; a day without an entry has nothing.
using LogDays = std::map<Day, DayCoverage>;

// What is known about one subject; pointers are null where the subject is of another kind.
struct Input {
  Time now;
  const Limits& limits;
  const Calendar& calendar;
  const inventory::DeviceState* device = nullptr;
  const fact::Account* account = nullptr;  // Of `device`.
  const ProductAccount* product_account = nullptr;
  const inventory::WifiNetwork* network = nullptr;
  const LogDays* log_days = nullptr;
  LogTerm log_term{};  // Of `device`.
  // Audit records of the acts that stand behind what is judged: approvals, the record of a network.
  std::vector<Basis> acts{};
  Time known_since{};                            // When the engine first met the subject.
  std::optional<AccountOwner> owner{};           // Of `account`.
  std::optional<CredentialState> credentials{};  // Of `device`.
  bool credentials_kept = false;                 // Whether such records are kept at all.
  NetworkTerms network_terms{};                  // Of the agency of `device`.
  const DetectionState* detections = nullptr;    // Of `device`, in the sense of the obligation; null: none are known.
};

// An agency in which a check has no subject.
struct EmptyInput {
  const regulation::Obligation& obligation;
  const regulation::Pack& pack;
  std::size_t devices = 0;         // Living devices of the agency itself.
  std::size_t wifi_reporting = 0;  // Of these, those that reported their wireless networks.
  std::size_t accounts_known = 0;  // Of these, those that could read the state of their accounts.
  Time now{};
  std::optional<TriageState> triage{};
  std::optional<RecordState> records{};
  std::vector<ServiceState> services{};
};

// What the subjects of a check are.
enum class Subjects : std::uint8_t {
  agencies,  // One verdict per agency: what waits for records.
  devices,
  login_accounts,  // Accounts that can log in, on devices and of the product; a device that has none stands for itself.
  issued_accounts,  // Accounts with an issued password on devices, and those of the product.
  networks,
  product_accounts,
};

struct Check {
  regulation::Check check;
  Subjects subjects;
  inventory::TopicSet topics;  // What it looks at: it is judged again when one of these changes.
  bool wants_fresh_facts;  // A kept or due verdict becomes unknown when its facts are older than Limits::fact_fresh().
  Judgement (*judge)(const Input&);
  Judgement (*when_empty)(const EmptyInput&);
};

// nullptr when this version has no such check.
const Check* find_check(regulation::Check check);

// The check's judgement, after freshness was looked at.
Judgement evaluate(const Check& check, const Input& input);

// A period that began at `begin`: kept, due in its last part, violated from its end on.
struct Phase {
  State state;
  Time due_from;
  Time ends;
  std::optional<Time> changes_at;
};
Phase phase_of(Time begin, Duration limit, double due_share, Time now);
Phase phase_until(Time begin, Time ends, double due_share, Time now);

// Collects what several conditions say: the worst state with its first reason, and the earliest moment at which any
// of them turns.
class Finding {
 public:
  void add(State state, Code code, Arguments arguments = {}, std::optional<Time> changes_at = std::nullopt);
  void rests_on(Basis basis);
  Judgement done() &&;

 private:
  Judgement judgement_;
  bool any_ = false;
};

template <class T>
Basis basis_of(std::string_view kind, const inventory::Learnt<T>& part) {
  return {kind, part.seq, part.collected_at, part.method};
}

Judgement only(State state, Code code, Arguments arguments = {});
Judgement not_reported(fact::Kind kind);
Judgement class_exempt(inventory::DeviceClass device_class);
Judgement no_device(const EmptyInput& input);
// What is on record: late is violated, under way is due, done is kept, nothing is not applicable.
void add_records(Finding& finding, const RecordState& records, Time now);

// The checks, each in the file of its name.
Judgement judge_agent_budget(const Input& in);
Judgement judge_software_approved(const Input& in);
Judgement judge_patches(const Input& in);
Judgement judge_antivirus(const Input& in);
Judgement judge_weekly_scan(const Input& in);
Judgement judge_managed_lan(const Input& in);
Judgement judge_passwords(const Input& in);
Judgement judge_wifi(const Input& in);
Judgement wifi_when_empty(const EmptyInput& in);
Judgement judge_single_homed(const Input& in);
Judgement judge_first_password(const Input& in);
Judgement first_password_when_empty(const EmptyInput& in);
Judgement judge_disk_encryption(const Input& in);
Judgement judge_monitoring(const Input& in);
Judgement judge_log_days(const Input& in);
Judgement judge_account_control(const Input& in);
Judgement judge_account_secrecy(const Input& in);
Judgement account_secrecy_when_empty(const EmptyInput& in);
Judgement record_when_empty(const EmptyInput& in);
Judgement triage_when_empty(const EmptyInput& in);
Judgement services_when_empty(const EmptyInput& in);
Judgement judge_detections(const Input& in);

}  // namespace luy::duty
