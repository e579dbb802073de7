#include "regulation/pack.h"

#include <algorithm>
#include <span>

namespace luy::regulation {
namespace {

constexpr std::array<std::string_view, holder_count> holder_names{
    "agency_head", "security_officer",     "staff",   "system_admin", "town_office", "culture_info",
    "police",      "provincial_authority", "provider"};
constexpr std::array<std::string_view, subject_count> subject_names{"agency",   "device",   "wifi",       "system",
                                                                    "account",  "person",   "backup_set", "link",
                                                                    "document", "incident", "provider",   "town"};
constexpr std::array<std::string_view, cadence_count> cadence_names{"continuous", "weekly", "monthly", "quarterly",
                                                                    "semiannual", "annual", "event"};
constexpr std::array<std::string_view, evidence_kind_count> evidence_names{"measured", "enforced", "recorded",
                                                                           "attested"};
constexpr std::array<std::string_view, basis_count> basis_names{"regulation", "law", "product"};
constexpr std::array<std::string_view, unit_count> unit_names{"minutes", "hours",   "days", "working_days",
                                                              "count",   "percent", "MiB",  "texts"};
constexpr std::array<std::string_view, stricter_count> stricter_names{"fixed", "lower", "higher", "fewer", "more"};
constexpr std::array<std::string_view, password_rules_count> password_rules_names{"asvs", "tcvn"};
constexpr std::array<std::string_view, second_factor_count> second_factor_names{"required", "when_enrolled"};
constexpr std::array<std::string_view, check_count> check_names{
    "record",          "agent_budget",    "software_approved", "patches",   "antivirus",
    "weekly_scan",     "managed_lan",     "passwords",         "wifi",      "single_homed",
    "first_password",  "disk_encryption", "monitoring",        "log_days",  "account_control",
    "account_secrecy", "triage",          "services",          "detections"};

template <class Value>
std::optional<Value> value_from(std::span<const std::string_view> names, std::string_view name) {
  const auto found = std::find(names.begin(), names.end(), name);
  if (found == names.end()) return std::nullopt;
  return static_cast<Value>(found - names.begin());
}

// How a value of each unit is written for people, after the number.
struct UnitWords {
  std::string_view vi;
  std::string_view en_one;
  std::string_view en_many;
};
constexpr std::array<UnitWords, unit_count> unit_words{{
    {" phút", " minute", " minutes"},
    {" giờ", " hour", " hours"},
    {" ngày", " day", " days"},
    {" ngày làm việc", " working day", " working days"},
    {"", "", ""},
    {" %", " %", " %"},
    {" MiB", " MiB", " MiB"},
    {"", "", ""},
}};

std::int64_t whole_number(const Parameter& parameter) {
  if (const auto* days_at_work = std::get_if<WorkingDays>(&parameter.value)) return days_at_work->days;
  if (const auto* number = std::get_if<std::int64_t>(&parameter.value)) return *number;
  const auto* duration = std::get_if<Duration>(&parameter.value);
  if (duration == nullptr) return 0;
  switch (parameter.unit) {
    case Unit::minutes:
      return std::chrono::duration_cast<std::chrono::minutes>(*duration).count();
    case Unit::hours:
      return std::chrono::duration_cast<std::chrono::hours>(*duration).count();
    default:
      return std::chrono::duration_cast<days>(*duration).count();
  }
}

// At most two decimals, none that are zero: percentages in packs have no more.
std::string decimal(double value) {
  std::string out = std::to_string(value);
  if (const auto dot = out.find('.'); dot != std::string::npos) {
    out.resize(std::min(out.size(), dot + 3));
    while (out.back() == '0') out.pop_back();
    if (out.back() == '.') out.pop_back();
  }
  return out;
}

std::string joined(const std::vector<std::string>& items) {
  std::string out;
  for (const std::string& item : items) {
    if (!out.empty()) out += ", ";
    out += item;
  }
  return out;
}

bool contains_all(const std::vector<std::string>& whole, const std::vector<std::string>& part) {
  return std::all_of(part.begin(), part.end(), [&whole](const std::string& item) {
    return std::find(whole.begin(), whole.end(), item) != whole.end();
  });
}

// Whether `proposed` is as strict as `own`, or stricter. Both hold the same alternative.
bool at_least_as_strict(Stricter stricter, const ParameterValue& own, const ParameterValue& proposed) {
  if (own == proposed) return true;
  if (const auto* list = std::get_if<std::vector<std::string>>(&own)) {
    const auto& other = std::get<std::vector<std::string>>(proposed);
    if (stricter == Stricter::fewer) return contains_all(*list, other);
    return stricter == Stricter::more && contains_all(other, *list);
  }
  const bool less = std::visit(
      [&proposed](const auto& value) {
        using Value = std::decay_t<decltype(value)>;
        const auto& other = std::get<Value>(proposed);
        if constexpr (std::is_same_v<Value, WorkingDays>) {
          return other.days < value.days;
        } else {
          return other < value;
        }
      },
      own);
  return less ? stricter == Stricter::lower : stricter == Stricter::higher;
}

}  // namespace

std::string_view name_of(Holder value) {
  return holder_names.at(static_cast<std::size_t>(value));
}
std::string_view name_of(Subject value) {
  return subject_names.at(static_cast<std::size_t>(value));
}
std::string_view name_of(Cadence value) {
  return cadence_names.at(static_cast<std::size_t>(value));
}
std::string_view name_of(EvidenceKind value) {
  return evidence_names.at(static_cast<std::size_t>(value));
}
std::string_view name_of(Basis value) {
  return basis_names.at(static_cast<std::size_t>(value));
}
std::string_view name_of(Unit value) {
  return unit_names.at(static_cast<std::size_t>(value));
}
std::string_view name_of(Stricter value) {
  return stricter_names.at(static_cast<std::size_t>(value));
}
std::string_view name_of(Check value) {
  return check_names.at(static_cast<std::size_t>(value));
}
std::string_view name_of(PasswordRules value) {
  return password_rules_names.at(static_cast<std::size_t>(value));
}
std::string_view name_of(SecondFactor value) {
  return second_factor_names.at(static_cast<std::size_t>(value));
}

std::optional<Holder> holder_from_name(std::string_view name) {
  return value_from<Holder>(holder_names, name);
}
std::optional<Subject> subject_from_name(std::string_view name) {
  return value_from<Subject>(subject_names, name);
}
std::optional<Cadence> cadence_from_name(std::string_view name) {
  return value_from<Cadence>(cadence_names, name);
}
std::optional<EvidenceKind> evidence_kind_from_name(std::string_view name) {
  return value_from<EvidenceKind>(evidence_names, name);
}
std::optional<Basis> basis_from_name(std::string_view name) {
  return value_from<Basis>(basis_names, name);
}
std::optional<Unit> unit_from_name(std::string_view name) {
  return value_from<Unit>(unit_names, name);
}
std::optional<Stricter> stricter_from_name(std::string_view name) {
  return value_from<Stricter>(stricter_names, name);
}
std::optional<Check> check_from_name(std::string_view name) {
  return value_from<Check>(check_names, name);
}
std::optional<PasswordRules> password_rules_from_name(std::string_view name) {
  return value_from<PasswordRules>(password_rules_names, name);
}
std::optional<SecondFactor> second_factor_from_name(std::string_view name) {
  return value_from<SecondFactor>(second_factor_names, name);
}

std::vector<ParameterNeed> parameters_of(Check check) {
  switch (check) {
    case Check::agent_budget:
      return {{"cpu_percent_max", Unit::percent}, {"rss_mib_max", Unit::mebibytes}};
    case Check::patches:
      return {{"critical_days", Unit::days}, {"other_days", Unit::days}, {"lists_age_days", Unit::days}};
    case Check::antivirus:
      return {{"signatures_age_days", Unit::days}};
    case Check::weekly_scan:
      return {{"period_days", Unit::days}};
    case Check::passwords:
      return {{"password_age_days", Unit::days}, {"hash_methods", Unit::texts}, {"setting_checks", Unit::texts}};
    case Check::wifi:
      return {{"key_age_days", Unit::days}, {"security", Unit::texts}};
    case Check::single_homed:
      return {{"dedicated_prefixes", Unit::texts}};
    case Check::first_password:
      return {{"change_hours", Unit::hours}};
    case Check::monitoring:
      return {{"server_minutes", Unit::minutes}, {"workstation_days", Unit::working_days}};
    case Check::log_days:
      return {{"keep_days", Unit::days}};
    case Check::account_control:
      return {{"dormant_days", Unit::days}};
    case Check::account_secrecy:
      return {{"look_back_days", Unit::days}};
    case Check::triage:
      return {{"triage_hours", Unit::hours}};
    case Check::detections:
      return {{"open_hours", Unit::hours}};
    case Check::record:
    case Check::software_approved:
    case Check::managed_lan:
    case Check::disk_encryption:
    case Check::services:
      return {};
  }
  return {};
}

std::string number_text(const Parameter& parameter) {
  if (const auto* list = std::get_if<std::vector<std::string>>(&parameter.value)) return joined(*list);
  if (const auto* share = std::get_if<double>(&parameter.value)) return decimal(*share);
  return std::to_string(whole_number(parameter));
}

Text to_text(const Parameter& parameter) {
  const UnitWords& words = unit_words.at(static_cast<std::size_t>(parameter.unit));
  const std::string number = number_text(parameter);
  Text out{number, number + std::string(number == "1" ? words.en_one : words.en_many)};
  if (std::holds_alternative<double>(parameter.value)) {
    // Vietnamese writes a decimal comma.
    if (const auto dot = out.vi.find('.'); dot != std::string::npos) out.vi[dot] = ',';
  }
  out.vi += words.vi;
  return out;
}

Result<void> check_override(const Parameter& parameter, const ParameterValue& proposed) {
  if (proposed.index() == parameter.value.index() &&
      at_least_as_strict(parameter.stricter, parameter.value, proposed)) {
    return {};
  }
  Parameter other = parameter;
  other.value = proposed;
  return Error(not_stricter, parameter.id + ": " + to_text(other).en + " | " + to_text(parameter).en);
}

const Parameter* Parameters::find(std::string_view id) const {
  const auto found = std::find_if(all_.begin(), all_.end(), [id](const Parameter& one) { return one.id == id; });
  return found == all_.end() ? nullptr : &*found;
}

namespace {
template <class Value>
Result<Value> typed(const Parameter* parameter, std::string_view id) {
  if (parameter != nullptr) {
    if (const auto* value = std::get_if<Value>(&parameter->value)) return *value;
  }
  return Error(no_parameter, std::string(id));
}
}  // namespace

Result<Duration> Parameters::duration(std::string_view id) const {
  return typed<Duration>(find(id), id);
}
Result<WorkingDays> Parameters::working_days(std::string_view id) const {
  return typed<WorkingDays>(find(id), id);
}
Result<std::int64_t> Parameters::count(std::string_view id) const {
  return typed<std::int64_t>(find(id), id);
}
Result<double> Parameters::percent(std::string_view id) const {
  return typed<double>(find(id), id);
}
Result<std::vector<std::string>> Parameters::texts(std::string_view id) const {
  return typed<std::vector<std::string>>(find(id), id);
}

const Obligation* Pack::obligation(std::string_view obligation_id) const {
  const auto found = std::find_if(obligations.begin(), obligations.end(),
                                  [obligation_id](const Obligation& one) { return one.id == obligation_id; });
  return found == obligations.end() ? nullptr : &*found;
}

const Article* Pack::article(std::string_view number) const {
  const auto found =
      std::find_if(articles.begin(), articles.end(), [number](const Article& one) { return one.number == number; });
  return found == articles.end() ? nullptr : &*found;
}

const RecordType* Pack::record(std::string_view record_id) const {
  const auto found =
      std::find_if(records.begin(), records.end(), [record_id](const RecordType& one) { return one.id == record_id; });
  return found == records.end() ? nullptr : &*found;
}

const Act* Pack::find_act(std::string_view act_id) const {
  const auto found = std::find_if(acts.begin(), acts.end(), [act_id](const Act& one) { return one.id == act_id; });
  return found == acts.end() ? nullptr : &*found;
}

std::vector<const Obligation*> Pack::obligations_of(std::string_view article_number) const {
  std::vector<const Obligation*> out;
  for (const Obligation& one : obligations) {
    if (one.article == article_number) out.push_back(&one);
  }
  return out;
}

bool Pack::in_force(Day day) const {
  return day >= valid_from && (!valid_to || day <= *valid_to);
}

double Pack::due_share() const {
  return parameters.percent("due_percent").value() / 100.0;
}

Duration Pack::fact_fresh() const {
  return parameters.duration("fact_fresh_days").value();
}

}  // namespace luy::regulation
