// A regulation as data: what is owed, by whom, about what, how often, with which limits and from which source. A pack
// is read once at start-up (load.h) and never changes afterwards, so every reader may share it without a lock. Pure
// values: no clock, no files. Texts are Vietnamese and English, both always present. docs/format/regulation.md
// describes the files.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/clock.h"
#include "base/result.h"

namespace luy::regulation {

inline constexpr ErrorKind no_parameter{
    "regulation.no_parameter", ErrorClass::internal,
    "Gói quy chế không có tham số {} với đúng đơn vị. Hãy dùng gói quy chế đi kèm phiên bản phần mềm này.",
    "The regulation pack has no parameter {} with that unit. Use the regulation pack that came with this version."};
inline constexpr ErrorKind not_stricter{
    "regulation.not_stricter", ErrorClass::invalid,
    "Chỉ được đặt mức chặt hơn quy chế: {}. Hãy chọn giá trị chặt hơn hoặc bằng mức trong quy chế.",
    "A limit may only be made stricter than the regulation's: {}. Choose a value at least as strict."};

// One text in the two languages of the product.
struct Text {
  std::string vi;
  std::string en;
  bool operator==(const Text&) const = default;
};

// Who owes it. The office that bears each name is the pack's (Pack::holder_titles): offices are merged and renamed.
enum class Holder : std::uint8_t {
  agency_head,
  security_officer,
  staff,
  system_admin,
  town_office,
  culture_info,
  police,
  provincial_authority,
  provider,
};
inline constexpr std::size_t holder_count = 9;

// What one verdict is about.
enum class Subject : std::uint8_t {
  agency,
  device,
  wifi,
  system,
  account,
  person,
  backup_set,
  link,
  document,
  incident,
  provider,
  town,
};
inline constexpr std::size_t subject_count = 12;

enum class Cadence : std::uint8_t { continuous, weekly, monthly, quarterly, semiannual, annual, event };
inline constexpr std::size_t cadence_count = 7;

// How the product comes to know: measured by a machine, enforced so that the contrary is impossible, recorded by a
// workflow, or attested by a named holder.
enum class EvidenceKind : std::uint8_t { measured, enforced, recorded, attested };
inline constexpr std::size_t evidence_kind_count = 4;

// Where a number comes from: the regulation's own words, the law it cites, or Lũy where both are silent.
enum class Basis : std::uint8_t { regulation, law, product };
inline constexpr std::size_t basis_count = 3;

enum class Unit : std::uint8_t { minutes, hours, days, working_days, count, percent, mebibytes, texts };
inline constexpr std::size_t unit_count = 8;

// Which way an agency may change a parameter. `fewer`/`more` are for lists: only a subset, only a superset.
enum class Stricter : std::uint8_t { fixed, lower, higher, fewer, more };
inline constexpr std::size_t stricter_count = 5;

// The checks that code implements (module duty). `record` stands for every duty that waits for a record of
// Obligation::record: without one its verdict is unknown.
enum class Check : std::uint8_t {
  record,
  agent_budget,
  software_approved,
  patches,
  antivirus,
  weekly_scan,
  managed_lan,
  passwords,
  wifi,
  single_homed,
  first_password,
  disk_encryption,
  monitoring,
  log_days,
  account_control,
  account_secrecy,
  triage,      // High findings are looked at in time; what comes of them is a record.
  services,    // What the agency offers is there, as fast as ever and unchanged.
  detections,  // What was detected on a device, in the sense of Obligation::record, is dealt with in time.
};
inline constexpr std::size_t check_count = 19;

// How Lũy's own accounts are guarded while this regulation holds (module directory, ADR 0112).
enum class PasswordRules : std::uint8_t { asvs, tcvn };
inline constexpr std::size_t password_rules_count = 2;
enum class SecondFactor : std::uint8_t {
  required,       // Administrators, and everybody from outside their agency's networks.
  when_enrolled,  // Nobody must; whoever has one is asked.
};
inline constexpr std::size_t second_factor_count = 2;

// Stable names, as in the YAML files, the API and stored verdicts. One table per enumeration (pack.cc).
std::string_view name_of(Holder value);
std::string_view name_of(Subject value);
std::string_view name_of(Cadence value);
std::string_view name_of(EvidenceKind value);
std::string_view name_of(Basis value);
std::string_view name_of(Unit value);
std::string_view name_of(Stricter value);
std::string_view name_of(Check value);
std::string_view name_of(PasswordRules value);
std::string_view name_of(SecondFactor value);
std::optional<Holder> holder_from_name(std::string_view name);
std::optional<Subject> subject_from_name(std::string_view name);
std::optional<Cadence> cadence_from_name(std::string_view name);
std::optional<EvidenceKind> evidence_kind_from_name(std::string_view name);
std::optional<Basis> basis_from_name(std::string_view name);
std::optional<Unit> unit_from_name(std::string_view name);
std::optional<Stricter> stricter_from_name(std::string_view name);
std::optional<Check> check_from_name(std::string_view name);
std::optional<PasswordRules> password_rules_from_name(std::string_view name);
std::optional<SecondFactor> second_factor_from_name(std::string_view name);

// A parameter that a check in code needs; the loader refuses a pack in which one is missing, has another unit, or is
// unknown to the check.
struct ParameterNeed {
  std::string_view id;
  Unit unit;
};
std::vector<ParameterNeed> parameters_of(Check check);

// Days on which offices work: Monday to Friday, without the holidays the calendar of the agency names.
struct WorkingDays {
  std::int64_t days = 0;
  bool operator==(const WorkingDays&) const = default;
};

// minutes, hours, days → Duration; working_days → WorkingDays; count, mebibytes → std::int64_t; percent → double;
// texts → the list.
using ParameterValue = std::variant<Duration, WorkingDays, std::int64_t, double, std::vector<std::string>>;

struct Parameter {
  std::string id;  // "critical_days"
  Unit unit = Unit::count;
  ParameterValue value;
  Stricter stricter = Stricter::fixed;
  Basis basis = Basis::product;
  Text title;   // What it limits, for the settings page.
  Text source;  // "Điều 5 QĐ 4448/QĐ-UBND", or that it is Lũy's default and why.
  bool operator==(const Parameter&) const = default;
};

// The value for people: "7 ngày" / "7 days", "1 %", "25 MiB", "yescrypt, sha512".
Text to_text(const Parameter& parameter);
// The same without its unit and with a decimal point, for machines: "7", "0.5", "yescrypt, sha512".
std::string number_text(const Parameter& parameter);

// Whether an agency may use `proposed` instead of the pack's value: equal or stricter.
// Errors: not_stricter, naming both values.
Result<void> check_override(const Parameter& parameter, const ParameterValue& proposed);

// A list of parameters with typed access. Each accessor: no_parameter when the id is absent or the unit is another.
class Parameters {
 public:
  Parameters() = default;
  explicit Parameters(std::vector<Parameter> all) : all_(std::move(all)) {}

  Result<Duration> duration(std::string_view id) const;  // minutes, hours or days
  Result<WorkingDays> working_days(std::string_view id) const;
  Result<std::int64_t> count(std::string_view id) const;  // count or mebibytes
  Result<double> percent(std::string_view id) const;
  Result<std::vector<std::string>> texts(std::string_view id) const;

  const Parameter* find(std::string_view id) const;  // nullptr when absent.
  const std::vector<Parameter>& all() const { return all_; }
  bool operator==(const Parameters&) const = default;

 private:
  std::vector<Parameter> all_;
};

// A legal act that the pack cites. `valid_to` is the last day of effect; absent = in force as far as is known.
struct Act {
  std::string id;  // "luat-86-2015"
  Text title;
  Text short_title;  // "Luật 86/2015/QH13" / "Law 86/2015/QH13"
  std::optional<Day> valid_from;
  std::optional<Day> valid_to;
  std::optional<Text> superseded_by;
  bool operator==(const Act&) const = default;
};

// A place in an act: written "luat-86-2015:24.1" in the files.
struct Source {
  std::string act;    // Act::id
  std::string place;  // "24.1"; empty = the act as a whole.
  Text text;          // "Điều 24.1 Luật 86/2015/QH13" / "Law 86/2015/QH13, article 24.1"
  bool operator==(const Source&) const = default;
};

struct Chapter {
  std::string number;  // "II"
  Text title;
  bool operator==(const Chapter&) const = default;
};

struct Article {
  std::string number;   // "5"; the second article numbered 10 is "10b".
  std::string chapter;  // Chapter::number
  Text label;           // How it is cited: "Điều 5" / "Article 5".
  Text title;
  Text summary;       // What the article asks, in plain words.
  std::string quote;  // Its core sentence, verbatim and therefore Vietnamese only; may be empty.
  bool operator==(const Article&) const = default;
};

// A kind of record that a workflow leaves and that some duties wait for.
struct RecordType {
  std::string id;  // "backup_run"
  Text title;
  bool operator==(const RecordType&) const = default;
};

struct Obligation {
  std::string id;       // "5.2-patching": stable, stored with verdicts.
  std::string article;  // Article::number, the part of the id before the first dot.
  Text ref;             // Where it stands: "Điều 5; 6.1.d" / "Articles 5; 6.1.d".
  Holder holder = Holder::agency_head;
  Subject subject = Subject::agency;
  Cadence cadence = Cadence::continuous;
  std::vector<EvidenceKind> evidence;  // At least one, in the pack's order, none twice.
  Text title;
  Text requirement;    // What is owed.
  Text violated_when;  // What turns the verdict to "violated".
  Check check = Check::record;
  std::optional<std::string> record;  // RecordType::id; set when check is record, may be set when it is triage.
  Parameters parameters;
  std::vector<Source> sources;  // At least one.
  bool operator==(const Obligation&) const = default;
};

struct Pack {
  std::string id;  // "4448-2017"; the folder's name.
  Text title;
  Text short_title;  // "QĐ 4448/QĐ-UBND"
  Text issued_by;
  std::string act;  // Act::id of the regulation itself.
  Day issued_on{};
  Day valid_from{};
  std::optional<Day> valid_to;  // The last day; absent = in force until replaced.
  Text status;                  // What is known about its effect today.
  PasswordRules password_rules = PasswordRules::asvs;
  SecondFactor second_factor = SecondFactor::required;
  std::array<Text, holder_count> holder_titles;
  std::vector<Act> acts;  // The legal basis.
  std::vector<RecordType> records;
  Parameters parameters;  // Of the pack as a whole: due_percent, fact_fresh_days.
  std::vector<Chapter> chapters;
  std::vector<Article> articles;        // In the regulation's order.
  std::vector<Obligation> obligations;  // In the order of the file.

  const Text& title_of(Holder holder) const { return holder_titles[static_cast<std::size_t>(holder)]; }
  const Obligation* obligation(std::string_view obligation_id) const;  // nullptr when there is none.
  const Article* article(std::string_view number) const;
  const RecordType* record(std::string_view record_id) const;
  const Act* find_act(std::string_view act_id) const;
  std::vector<const Obligation*> obligations_of(std::string_view article_number) const;
  bool in_force(Day day) const;
  // The share of a period, at its end, in which a kept duty shows as "due": 0.2. Always present: the loader demands it.
  double due_share() const;
  // A fact older than this no longer proves that a duty is kept. Always present, as due_share().
  Duration fact_fresh() const;
  bool operator==(const Pack&) const = default;
};

}  // namespace luy::regulation
