// The response to an incident as data, and the one function that says whether a case may move. What the steps are,
// which move leads where and what it demands stands in regulation/<pack>/process.yaml (docs/format/incident.md);
// nothing of a step, form, deadline or recipient is in code. Pure: no clock, no files but in load_process().
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "regulation/calendar.h"
#include "regulation/pack.h"

namespace luy::incident {

using regulation::Text;

inline constexpr std::size_t reason_bytes_max = 4000;

// What happens to a case at a moment that clocks begin or end with. Names are stored and stand in packs.
enum class Moment : std::uint8_t {
  discovered,       // By whoever saw it first; every legal clock counts from here.
  reported,         // A member of staff sent the report.
  received,         // The office took it.
  opened,           // The case was opened.
  triaged,          // Step 1 was decided.
  escalated,        // The step "report to the province" was entered, by whichever way.
  ended,            // The case was closed.
  notified,         // A notice of the incident was sent.
  initial_report,   // Delivered papers:
  progress_report,  //
  closing_report,   //
  support_asked,    //
  remedy_plan,      //
  evidence_handed,  //
  breach_notified,  // A breach of personal data was notified.
};
inline constexpr std::size_t moment_count = 15;
std::string_view name_of(Moment value);
std::optional<Moment> moment_from_name(std::string_view name);
using Moments = std::map<Moment, Time>;

// What a case must hold beside papers.
enum class Need : std::uint8_t {
  guidance,       // At least one piece of guidance of the provincial authority.
  joint_actions,  // At least one joint action, each with its owner and outcome.
};
inline constexpr std::size_t need_count = 2;
std::string_view name_of(Need value);
std::optional<Need> need_from_name(std::string_view name);

// An entry of one of the pack's lists: a kind, a property, a sign, a harm, a stage.
struct Choice {
  std::string id;
  Text title;
  bool operator==(const Choice&) const = default;
};

struct ProcessState {
  std::string id;   // "step_1"
  unsigned step{};  // 1 … 9 of a step of the regulation; 0 of an end.
  bool is_end = false;
  Text title;
  bool operator==(const ProcessState&) const = default;
};

struct EventField {
  enum class Type : std::uint8_t { text, time, case_id };
  std::string id;
  Type type = Type::text;
  Text label;
  bool operator==(const EventField&) const = default;
};

struct PaperDemand {
  std::string form;
  std::vector<std::string> signed_by;  // Roles; each must have a valid signature on it.
  bool must_be_delivered = false;
  std::string field;  // When not empty: this field of the paper …
  std::string is;     // … must have this value.
  bool operator==(const PaperDemand&) const = default;
};

struct Transition {
  std::string event;
  Text title;
  std::vector<std::string> from;
  std::string to;
  std::vector<std::string> roles;  // Of directory::Role; one of them is enough.
  std::vector<Moment> moments;     // That it marks.
  bool is_beyond = false;          // It finds that the agency cannot handle it alone.
  bool needs_reason = false;
  std::vector<EventField> fields;
  std::vector<PaperDemand> papers;
  std::vector<Need> needs;
  bool operator==(const Transition&) const = default;
};

// One who has to sign a paper: somebody in a role, or the person whom a field of the paper names. One of the two.
struct SignPlace {
  std::string role;        // Of directory::Role.
  std::string person;      // A field of the form.
  bool is_awaited = true;  // False for somebody from outside, who only stands in the signature block.
  bool operator==(const SignPlace&) const = default;
};

// What a paper belongs to.
enum class PaperOwner : std::uint8_t { a_case, period, warning, review, provider_request };
inline constexpr std::size_t paper_owner_count = 5;
std::string_view name_of(PaperOwner value);  // "case", "period", "warning", "review", "provider_request"
std::optional<PaperOwner> paper_owner_from_name(std::string_view name);

// A paper that sums up a period.
struct PeriodRule {
  days half{};                        // The longest period that the form calls half a year; both ends counted.
  days longest{};                     // The longest that is summed up at all.
  std::vector<std::string> computed;  // Columns of the table "counts" that cases alone decide.
  bool operator==(const PeriodRule&) const = default;
};

struct PaperUse {
  std::string form;
  Text title;
  std::optional<Moment> moment;  // Marked by its first delivery.
  std::vector<SignPlace>
      signed_by;              // In their order; one is awaited at least. Only then is it signed, and may be sent.
  bool is_addressed = false;  // To the recipients of the edition: "Kính gửi".
  PaperOwner owner = PaperOwner::a_case;
  std::optional<PeriodRule> period{};  // When the owner is a period.
  std::string from{};                  // The first state in which it is issued; empty for any.
  bool operator==(const PaperUse&) const = default;
};

// What a clock, or a rule of severity, is for. Everything that is given must hold.
struct Condition {
  std::optional<unsigned> level_min;  // Of the affected system;
  bool or_national = false;           // or the system stands on the list of national importance.
  std::vector<std::string> harms;     // One of them.
  std::optional<bool> beyond;         // The agency cannot handle it alone.
  std::optional<bool> personal_data;
  std::string severity;            // As it was found (clocks only).
  std::optional<Moment> happened;  // Clocks only.
  bool operator==(const Condition&) const = default;
};

struct Limit {
  std::int64_t amount = 0;
  regulation::Unit unit = regulation::Unit::hours;  // minutes, hours, days, working_days
  bool operator==(const Limit&) const = default;
};

struct Escalation {
  std::vector<std::string> half;     // Roles told when half of the time is gone,
  std::vector<std::string> hour;     // when one hour is left,
  std::vector<std::string> overdue;  // when it has run out.
  bool operator==(const Escalation&) const = default;
};

struct ClockRule {
  std::string id;
  Text title;
  Text source;
  Moment from = Moment::discovered;
  Moment until = Moment::notified;
  Limit limit;
  bool at_once = false;  // The law says "at once"; `limit` is how that is measured.
  Condition when;
  std::optional<Day> valid_from;  // Day of discovery.
  Escalation escalate;
  bool operator==(const ClockRule&) const = default;
};

struct SeverityRule {
  std::string severity;
  Condition when;
  bool operator==(const SeverityRule&) const = default;
};

// What the law says on a day.
struct Edition {
  std::string id;  // "2017"
  Text title;
  Day valid_from{};
  std::optional<Day> valid_to;  // The last day.
  Text authority;               // Whom step 3 reports to.
  std::vector<std::string> recipients;
  std::vector<Choice> severities;  // Mildest first.
  Text severity_source;
  std::vector<SeverityRule> severity_rules;
  std::vector<ClockRule> clocks;  // Those of every edition included, first.
  bool operator==(const Edition&) const = default;
};

struct ConflictRules {
  Text source;
  std::vector<Choice> stages;           // In their order.
  std::map<std::string, Limit> limits;  // How long a record may stay in a stage; none for what is not named.
  std::string tracing_stage, remedy_stage, exclusion_stage;
  std::vector<Choice> trace;
  std::vector<Choice> exclusion_conditions;
  std::string plan_form, result_form;
  std::string signed_by;  // The role that signs both.
  bool operator==(const ConflictRules&) const = default;
};

// What goes to the police with its evidence (article 14).
struct HandoverRule {
  std::vector<std::string> harms;  // Cases with one of these.
  Limit limit;                     // Since step 1 is decided and the harm noted.
  bool operator==(const HandoverRule&) const = default;
};

// Who receives for the town office (articles 12.1, 12.3).
struct ReceiptRule {
  std::vector<std::string> roles;  // Of directory::Role; no other receipt counts for duty 12.1.
  bool operator==(const ReceiptRule&) const = default;
};

// Contacts of the town office (contact_book.h).
struct ContactRules {
  std::vector<Choice> kinds;
  Duration verify{};  // How long a verification counts; whole days.
  Text source;
  bool operator==(const ContactRules&) const = default;
};

// What is asked of telecom, IT and Internet companies (provider_book.h).
struct ProviderRules {
  std::vector<Choice> kinds;
  std::map<std::string, std::string> records;  // Of a kind: the record type of the duty that its answers are for.
  Limit limit;                                 // To answer, where a request names no day.
  Text source;
  bool operator==(const ProviderRules&) const = default;
};

// How the head of an agency signs: "TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH".
struct HeadTitle {
  std::string issuer;                  // What the issuer's name at the head of papers begins with; empty: every other.
  std::vector<std::string> authority;  // One a line.
  bool operator==(const HeadTitle&) const = default;
};

struct Process {
  std::string id;
  Text title;
  Text source;
  std::string start;
  std::string place;  // As it stands before the date of a paper: "Bỉm Sơn".
  std::vector<ProcessState> states;
  std::vector<Transition> transitions;
  std::vector<PaperUse> papers;
  std::vector<HeadTitle> heads;  // The first that fits holds; the last fits all.
  std::vector<Choice> kinds, properties, signs, harms;
  std::vector<Edition> editions;  // By day, without a gap or overlap.
  ConflictRules conflict;
  HandoverRule handover;
  ReceiptRule receipt;
  ContactRules contacts;
  ProviderRules providers;

  const ProcessState* state(std::string_view state_id) const;  // nullptr when there is none.
  const Transition* transition(std::string_view event) const;
  const PaperUse* paper(std::string_view form) const;
  // The edition in force; nullptr before the first.
  const Edition* edition_on(Day day) const;
  const Edition* edition(std::string_view edition_id) const;
  bool operator==(const Process&) const = default;
};

const Choice* find_choice(const std::vector<Choice>& all, std::string_view id);

// Reads and validates. `pack` gives the parameters that clocks name; `file` is for errors, which are those of
// regulation/load.h with "<file>:<line>:<column>: …". Beyond the schema it is checked that every state can be reached,
// that every state but an end has a way on, that an end is reached by no move without a paper, a reason or both, and
// that the editions follow one another.
Result<Process> parse_process(std::string_view file, std::string_view bytes, const regulation::Pack& pack);
// <pack folder>/process.yaml. Errors: those of parse_process() and of read_file().
Result<Process> load_process(const std::filesystem::path& pack_folder, const regulation::Pack& pack);

}  // namespace luy::incident
