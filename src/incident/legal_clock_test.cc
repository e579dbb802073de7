// Goal: deadlines are those of the law in force on the day of discovery, and remind in time.
// Method: the pack we ship at hand-picked moments, and properties over many seeded dates.
#include "incident/legal_clock.h"

#include <gtest/gtest.h>

#include "base/random.h"
#include "incident/fixture.h"

namespace luy::incident {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

const regulation::Calendar& calendar() {
  static const regulation::Calendar value = *regulation::Calendar::parse("2026-09-02  Quốc khánh\n");
  return value;
}

const Edition& edition_of(Time discovered) {
  return *test_process().edition_on(day_of(discovered));
}

const LegalClock* find(const std::vector<LegalClock>& clocks, std::string_view id) {
  for (const LegalClock& clock : clocks) {
    if (clock.rule->id == id) return &clock;
  }
  return nullptr;
}

Classification plain() {
  Classification out;
  out.kind = "malware";
  out.properties = {"integrity"};
  return out;
}

TEST(LegalClock, In2017ANoticeTakesFiveDaysFromDiscovery) {
  const Time found = at("2026-03-02T03:00:00Z");
  const auto clocks =
      clocks_of(edition_of(found), plain(), {{Moment::discovered, found}}, calendar(), found + hours(1));
  ASSERT_NE(find(clocks, "notice"), nullptr);
  EXPECT_EQ(find(clocks, "notice")->due, found + days(5));
  EXPECT_EQ(find(clocks, "notice")->left, days(5) - hours(1));
  EXPECT_EQ(find(clocks, "initial_report"), nullptr) << "only when it is escalated";
  EXPECT_EQ(find(clocks, "closing_report"), nullptr);
}

TEST(LegalClock, In2026ASeriousIncidentHas24And72Hours) {
  const Time found = at("2026-11-20T09:30:00Z");
  Classification serious = plain();
  serious.level = 3;
  const auto clocks = clocks_of(edition_of(found), serious, {{Moment::discovered, found}}, calendar(), found);
  ASSERT_NE(find(clocks, "initial_notice"), nullptr);
  EXPECT_EQ(find(clocks, "initial_notice")->due, found + hours(24));
  EXPECT_EQ(find(clocks, "cause_report")->due, found + hours(72));
  EXPECT_EQ(find(clocks, "urgent_notice"), nullptr);
  serious.harms = {"interruption"};
  const auto urgent = clocks_of(edition_of(found), serious, {{Moment::discovered, found}}, calendar(), found);
  ASSERT_NE(find(urgent, "urgent_notice"), nullptr);
  EXPECT_TRUE(find(urgent, "urgent_notice")->rule->at_once);
  const auto ordinary = clocks_of(edition_of(found), plain(), {{Moment::discovered, found}}, calendar(), found);
  EXPECT_EQ(find(ordinary, "initial_notice"), nullptr);
}

TEST(LegalClock, ABreachOfPersonalDataIsNotifiedWithin72Hours) {
  Classification breach = plain();
  breach.has_personal_data = true;
  const auto due = [&](const char* found) {
    const Moments moments = {{Moment::discovered, at(found)}};
    const auto clocks = clocks_of(edition_of(at(found)), breach, moments, calendar(), at(found));
    const LegalClock* clock = find(clocks, "personal_data");
    return clock == nullptr ? Duration::zero() : clock->due - at(found);
  };
  EXPECT_EQ(due("2026-11-20T09:30:00Z"), hours(72));
  EXPECT_EQ(due("2026-02-20T09:30:00Z"), hours(72));
  EXPECT_EQ(due("2025-12-31T16:59:59Z"), Duration::zero()) << "still the last day of 2025 in Vietnam";
  EXPECT_EQ(due("2025-12-31T17:00:00Z"), hours(72));
}

TEST(LegalClock, ClosingAfterEscalationTakesFiveDaysAndStops) {
  const Time found = at("2026-03-02T03:00:00Z");
  Moments moments = {
      {Moment::discovered, found}, {Moment::escalated, found + hours(3)}, {Moment::ended, found + days(4)}};
  auto clocks = clocks_of(edition_of(found), plain(), moments, calendar(), found + days(5));
  ASSERT_NE(find(clocks, "closing_report"), nullptr);
  EXPECT_EQ(find(clocks, "closing_report")->due, found + days(9));
  EXPECT_EQ(find(clocks, "initial_report")->state, LegalClock::State::overdue);
  moments[Moment::initial_report] = found + hours(27);
  moments[Moment::closing_report] = found + days(9) + minutes(1);
  clocks = clocks_of(edition_of(found), plain(), moments, calendar(), found + days(20));
  EXPECT_EQ(find(clocks, "initial_report")->state, LegalClock::State::kept) << "exactly on time";
  EXPECT_EQ(find(clocks, "closing_report")->state, LegalClock::State::late);
}

TEST(LegalClock, TriageWaitsOverTheWeekendAndTheHoliday) {
  // Tuesday 1 September, 16:00 in Vietnam; Wednesday is a holiday.
  const Time opened = at("2026-09-01T09:00:00Z");
  const Moments moments = {{Moment::discovered, opened}, {Moment::opened, opened}};
  const auto clocks = clocks_of(edition_of(opened), plain(), moments, calendar(), opened);
  EXPECT_EQ(find(clocks, "triage")->due, at("2026-09-03T09:00:00Z"));
  const Time friday = at("2026-11-20T09:00:00Z");
  const auto weekend = clocks_of(edition_of(friday), plain(), {{Moment::discovered, friday}, {Moment::opened, friday}},
                                 calendar(), friday);
  EXPECT_EQ(find(weekend, "triage")->due, at("2026-11-23T09:00:00Z"));
}

TEST(LegalClock, RemindsAtHalfAnHourBeforeAndWhenItIsOver) {
  const Time found = at("2026-11-20T09:30:00Z");
  Classification serious = plain();
  serious.level = 4;
  const auto clocks = clocks_of(edition_of(found), serious, {{Moment::discovered, found}}, calendar(), found);
  const LegalClock& clock = *find(clocks, "initial_notice");
  ASSERT_EQ(clock.reminders.size(), 3U);
  EXPECT_EQ(clock.reminders[0].at, found + hours(12));
  EXPECT_EQ(clock.reminders[1].at, found + hours(23));
  EXPECT_EQ(clock.reminders[2].at, found + hours(24));
  EXPECT_EQ(clock.reminders[2].to, (std::vector<std::string>{"agency_head", "town_office"}));
  const auto told = reminders_between(clocks, found + hours(11), found + hours(23));
  EXPECT_EQ(told.size(), 2U);
  EXPECT_EQ(next_reminder(clocks, found + hours(13)), found + hours(23));
}

// For any case, at any moment: what is told is told once, in order, and never after the clock stopped.
TEST(LegalClock, PropertiesHoldOverManyDates) {
  SeededRandom random(20261123);
  for (int i = 0; i < 3000; ++i) {
    const Time found = at("2018-01-01T00:00:00Z") + minutes(static_cast<std::int64_t>(random.next() % 8'000'000));
    Classification what = plain();
    what.level = 1 + static_cast<unsigned>(random.next() % 5);
    what.has_personal_data = random.next() % 2 == 0;
    what.is_beyond = random.next() % 2 == 0;
    if (random.next() % 2 == 0) what.harms = {"interruption"};
    Moments moments = {{Moment::discovered, found}, {Moment::opened, found + minutes(random.next() % 5000)}};
    if (random.next() % 2 == 0) moments[Moment::escalated] = found + minutes(random.next() % 9000);
    if (random.next() % 2 == 0) moments[Moment::notified] = found + minutes(random.next() % 9000);
    const Time now = found + minutes(random.next() % 20'000);
    const auto clocks = clocks_of(edition_of(found), what, moments, calendar(), now);
    std::size_t stepwise = 0;
    for (const LegalClock& clock : clocks) {
      EXPECT_GT(clock.due, clock.started);
      EXPECT_EQ(clock.stopped.has_value(),
                clock.state == LegalClock::State::kept || clock.state == LegalClock::State::late);
      if (clock.state == LegalClock::State::running) {
        EXPECT_EQ(clock.left, clock.due - now);
      }
      Time last = clock.started;
      for (const Reminder& reminder : clock.reminders) {
        EXPECT_GE(reminder.at, last);
        EXPECT_LE(reminder.at, clock.due);
        EXPECT_FALSE(reminder.to.empty());
        if (clock.stopped) {
          EXPECT_LT(reminder.at, *clock.stopped);
        }
        last = reminder.at;
      }
      EXPECT_TRUE(clock.rule->limit.unit != regulation::Unit::working_days || calendar().is_working(day_of(clock.due)));
    }
    for (Time t = found; t < found + days(15); t += hours(7)) {
      stepwise += reminders_between(clocks, t, std::min(t + hours(7), found + days(15))).size();
    }
    EXPECT_EQ(stepwise, reminders_between(clocks, found, found + days(15)).size()) << "each once, whatever the steps";
  }
}

TEST(Severity, In2017IsSeriousOnlyForHighSystemsBeyondControl) {
  const Edition& edition = *test_process().edition("2017");
  Classification what = plain();
  what.harms = {"control_loss"};
  what.is_beyond = true;
  what.level = 3;
  EXPECT_EQ(severity_of(edition, what), "ordinary") << "a town's system can never be serious by itself";
  what.is_national = true;
  EXPECT_EQ(severity_of(edition, what), "serious");
  what.is_national = false;
  what.level = 4;
  EXPECT_EQ(severity_of(edition, what), "serious");
  what.is_beyond = false;
  EXPECT_EQ(severity_of(edition, what), "ordinary");
  what.is_beyond = true;
  what.harms = {"disclosure"};
  EXPECT_EQ(severity_of(edition, what), "ordinary");
}

TEST(Severity, In2026AnyOfTheFourGroundsIsEnough) {
  const Edition& edition = *test_process().edition("2026");
  EXPECT_EQ(severity_of(edition, plain()), "ordinary");
  Classification level = plain(), harm = plain(), data = plain(), beyond = plain();
  level.level = 3;
  harm.harms = {"disclosure"};
  data.has_personal_data = true;
  beyond.is_beyond = true;
  for (const Classification& what : {level, harm, data, beyond}) EXPECT_EQ(severity_of(edition, what), "serious");
}

TEST(Severity, MayBeOverruledWithAReason) {
  const Process& process = test_process();
  const Edition& edition = *process.edition("2026");
  Classification what = plain();
  what.level = 3;
  what.severity_override = "ordinary";
  EXPECT_TRUE(check_classification(process, edition, what).error().is(override_reason_needed));
  what.override_reason = "Máy thử nghiệm, không có dữ liệu";
  EXPECT_TRUE(check_classification(process, edition, what));
  EXPECT_EQ(severity_of(edition, what), "ordinary");
  EXPECT_EQ(severity_by_rule(edition, what), "serious");
}

TEST(Classification, IsOfThePacksWordsAndHarmsSomething) {
  const Process& process = test_process();
  const Edition& edition = *process.edition("2026");
  const auto error = [&](auto&& edit) {
    Classification what = plain();
    edit(what);
    const auto checked = check_classification(process, edition, what);
    return checked ? std::string() : std::string(checked.error().name());
  };
  EXPECT_EQ(error([](Classification&) {}), "");
  EXPECT_EQ(error([](Classification& c) { c.kind = "tsunami"; }), unknown_choice.name);
  EXPECT_EQ(error([](Classification& c) { c.properties.clear(); }), no_property.name);
  EXPECT_EQ(error([](Classification& c) { c.properties = {"beauty"}; }), unknown_choice.name);
  EXPECT_EQ(error([](Classification& c) { c.harms = {"boredom"}; }), unknown_choice.name);
  EXPECT_EQ(error([](Classification& c) { c.level = 6; }), bad_level.name);
  EXPECT_EQ(error([](Classification& c) { c.severity_override = "huge"; }), unknown_choice.name);
}

}  // namespace
}  // namespace luy::incident
