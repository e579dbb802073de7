#include "incident/legal_clock.h"

#include <algorithm>
#include <array>

namespace luy::incident {
namespace {

bool holds(const Condition& when, const Classification& found, const std::string& severity, const Moments& moments) {
  if (when.level_min) {
    const bool is_high = found.level && *found.level >= *when.level_min;
    if (!is_high && !(when.or_national && found.is_national)) return false;
  }
  if (!when.harms.empty()) {
    const bool has_one = std::any_of(found.harms.begin(), found.harms.end(), [&](const std::string& harm) {
      return std::find(when.harms.begin(), when.harms.end(), harm) != when.harms.end();
    });
    if (!has_one) return false;
  }
  if (when.beyond && *when.beyond != found.is_beyond) return false;
  if (when.personal_data && *when.personal_data != found.has_personal_data) return false;
  if (!when.severity.empty() && when.severity != severity) return false;
  return !when.happened || moments.contains(*when.happened);
}

Duration length_of(const Limit& limit) {
  switch (limit.unit) {
    case regulation::Unit::minutes:
      return std::chrono::minutes(limit.amount);
    case regulation::Unit::hours:
      return std::chrono::hours(limit.amount);
    default:
      return days(limit.amount);
  }
}

std::vector<Reminder> reminders_of(const ClockRule& rule, const regulation::Calendar& calendar, Time started,
                                   Time due) {
  std::vector<Reminder> out;
  const bool is_working = rule.limit.unit == regulation::Unit::working_days;
  const Duration half = length_of(rule.limit) / 2;
  if (!rule.escalate.half.empty()) {
    out.push_back(
        {Reminder::Kind::half, is_working ? calendar.after(started, half) : started + half, rule.escalate.half});
  }
  const Time hour = due - std::chrono::hours(1);
  // A limit of an hour begins with its last hour: the notice of the case itself says so.
  if (!rule.escalate.hour.empty() && hour > started) {
    out.push_back({Reminder::Kind::hour, hour, rule.escalate.hour});
  }
  out.push_back({Reminder::Kind::overdue, due, rule.escalate.overdue});
  std::stable_sort(out.begin(), out.end(), [](const Reminder& a, const Reminder& b) { return a.at < b.at; });
  return out;
}

}  // namespace

std::string_view name_of(Reminder::Kind kind) {
  constexpr std::array<std::string_view, 3> names = {"half", "hour", "overdue"};
  return names.at(static_cast<std::size_t>(kind));
}

std::string_view name_of(LegalClock::State state) {
  constexpr std::array<std::string_view, 4> names = {"running", "overdue", "kept", "late"};
  return names.at(static_cast<std::size_t>(state));
}

Result<void> check_classification(const Process& process, const Edition& edition, const Classification& found) {
  const auto known = [](const std::vector<Choice>& all, const std::string& id) -> Result<void> {
    if (find_choice(all, id) == nullptr) return Error(unknown_choice, id.substr(0, 60));
    return {};
  };
  LUY_TRY_VOID(known(process.kinds, found.kind));
  if (found.properties.empty()) return Error(no_property);
  for (const std::string& one : found.properties) LUY_TRY_VOID(known(process.properties, one));
  for (const std::string& one : found.harms) LUY_TRY_VOID(known(process.harms, one));
  if (found.level && (*found.level < 1 || *found.level > 5)) return Error(bad_level, std::to_string(*found.level));
  if (found.severity_override.empty()) return {};
  LUY_TRY_VOID(known(edition.severities, found.severity_override));
  const bool is_blank = found.override_reason.find_first_not_of(" \t\r\n") == std::string::npos;
  if (found.severity_override != severity_by_rule(edition, found) && is_blank) return Error(override_reason_needed);
  return {};
}

std::string severity_by_rule(const Edition& edition, const Classification& found) {
  for (const SeverityRule& rule : edition.severity_rules) {
    if (holds(rule.when, found, {}, {})) return rule.severity;
  }
  return edition.severities.front().id;
}

std::string severity_of(const Edition& edition, const Classification& found) {
  return found.severity_override.empty() ? severity_by_rule(edition, found) : found.severity_override;
}

Time limit_end(const Limit& limit, Time from, const regulation::Calendar& calendar) {
  if (limit.unit == regulation::Unit::working_days) return calendar.after(from, length_of(limit));
  return from + length_of(limit);
}

std::vector<LegalClock> clocks_of(const Edition& edition, const Classification& found, const Moments& moments,
                                  const regulation::Calendar& calendar, Time now) {
  std::vector<LegalClock> out;
  const std::string severity = severity_of(edition, found);
  const auto discovered = moments.find(Moment::discovered);
  for (const ClockRule& rule : edition.clocks) {
    const auto from = moments.find(rule.from);
    if (from == moments.end() || !holds(rule.when, found, severity, moments)) continue;
    if (rule.valid_from && (discovered == moments.end() || day_of(discovered->second) < *rule.valid_from)) continue;
    LegalClock one;
    one.rule = &rule;
    one.started = from->second;
    one.due = limit_end(rule.limit, one.started, calendar);
    one.reminders = reminders_of(rule, calendar, one.started, one.due);
    const auto until = moments.find(rule.until);
    if (until != moments.end()) {
      one.stopped = until->second;
      one.left = one.due - *one.stopped;
      one.state = one.left < Duration::zero() ? LegalClock::State::late : LegalClock::State::kept;
      std::erase_if(one.reminders, [&](const Reminder& reminder) { return reminder.at >= *one.stopped; });
    } else {
      one.left = one.due - now;
      one.state = one.left <= Duration::zero() ? LegalClock::State::overdue : LegalClock::State::running;
    }
    out.push_back(std::move(one));
  }
  return out;
}

std::vector<DueReminder> reminders_between(const std::vector<LegalClock>& clocks, Time since, Time now) {
  std::vector<DueReminder> out;
  for (const LegalClock& clock : clocks) {
    for (const Reminder& reminder : clock.reminders) {
      if (since < reminder.at && reminder.at <= now) out.push_back({clock.rule->id, reminder, clock.due});
    }
  }
  return out;
}

std::optional<Time> next_reminder(const std::vector<LegalClock>& clocks, Time now) {
  std::optional<Time> out;
  for (const LegalClock& clock : clocks) {
    for (const Reminder& reminder : clock.reminders) {
      if (reminder.at > now && (!out || reminder.at < *out)) out = reminder.at;
    }
  }
  return out;
}

}  // namespace luy::incident
