// Goal: nothing is kept shorter than the floor or any rule says, nothing longer than a ceiling unless keeping wins, and
// what the hub itself notes is never erased.
// Method: a town with two wards; every combination of rules against the bounds.
#include "custody/retention.h"

#include <gtest/gtest.h>

#include "base/random.h"

namespace luy::custody {
namespace {

struct Town {
  Town() : random(3) {
    const Time now = *from_rfc3339("2026-11-23T03:00:00Z");
    for (AgencyId* one : {&town, &ward, &other}) *one = AgencyId::make(now, random);
    device = DeviceId::make(now, random);
    places = {{town, {town}, 30}, {ward, {ward, town}, 92}, {other, {other, town}, 30}};
  }
  RetentionRule rule(std::optional<AgencyId> agency, std::optional<SourceClass> of_class, int keep,
                     std::optional<int> erase = std::nullopt) const {
    RetentionRule out;
    out.agency = agency;
    out.source_class = of_class;
    out.keep_days = keep;
    out.erase_after_days = erase;
    return out;
  }
  SeededRandom random;
  AgencyId town, ward, other;
  DeviceId device;
  std::vector<Place> places;
};

TEST(Retention, TheFloorHoldsWithoutAnyRule) {
  const Town t;
  EXPECT_EQ(term_of({}, t.places[1], SourceClass::server), (Term{92, std::nullopt}));
  EXPECT_EQ(term_of({}, t.places[2], SourceClass::audit), (Term{30, std::nullopt}));
  EXPECT_EQ(whole_days({}, t.places, 90), 92);
  EXPECT_EQ(whole_days({}, t.places, 400), 400);
}

TEST(Retention, TheLongestTimeAndTheShortestCeilingHold) {
  const Town t;
  const std::vector<RetentionRule> rules = {t.rule(std::nullopt, std::nullopt, 40, 200),
                                            t.rule(t.ward, SourceClass::workstation, 60, 120),
                                            t.rule(t.town, SourceClass::server, 365)};
  EXPECT_EQ(term_of(rules, t.places[2], SourceClass::workstation), (Term{40, 200}));
  EXPECT_EQ(term_of(rules, t.places[1], SourceClass::workstation), (Term{92, 120}));
  EXPECT_EQ(term_of(rules, t.places[2], SourceClass::server), (Term{365, 365})) << "keeping wins over the ceiling";
  EXPECT_EQ(term_of(rules, t.places[2], SourceClass::audit), (Term{40, std::nullopt}))
      << "the trail goes with its file";
  EXPECT_EQ(whole_days(rules, t.places, 90), 365);
}

TEST(Retention, NoCombinationOfRulesGoesBelowTheFloor) {
  const Town t;
  for (const int keep : {30, 45, 92, 400}) {
    for (const int erase : {30, 45, 92, 400, 1000}) {
      for (const auto& agency : {std::optional<AgencyId>(), std::optional(t.ward), std::optional(t.town)}) {
        if (erase < keep) continue;
        const std::vector<RetentionRule> rules = {t.rule(agency, std::nullopt, keep, erase),
                                                  t.rule(t.ward, SourceClass::server, 30, 30)};
        for (const Place& place : t.places) {
          for (const SourceClass of_class : source_classes) {
            const Term term = term_of(rules, place, of_class);
            EXPECT_GE(term.keep_days, place.floor_days);
            EXPECT_GE(term.erase_after_days.value_or(term.keep_days), term.keep_days);
            EXPECT_GE(whole_days(rules, t.places, 30), term.keep_days) << "no file goes before what is in it";
          }
        }
      }
    }
  }
}

TEST(Retention, RulesThatCannotHoldAreRefused) {
  const Town t;
  EXPECT_TRUE(check_rule(t.rule(t.other, std::nullopt, 30), t.places, 30));
  EXPECT_TRUE(check_rule(t.rule(std::nullopt, std::nullopt, 30, 30), t.places, 30));
  EXPECT_TRUE(check_rule(t.rule(t.other, std::nullopt, 29), t.places, 30).error().is(below_floor));
  EXPECT_TRUE(check_rule(t.rule(t.ward, std::nullopt, 91), t.places, 30).error().is(below_floor));
  EXPECT_TRUE(check_rule(t.rule(t.ward, std::nullopt, 92), t.places, 30));
  EXPECT_TRUE(check_rule(t.rule(t.other, std::nullopt, 60, 59), t.places, 30).error().is(rule_invalid));
  EXPECT_TRUE(check_rule(t.rule(t.other, SourceClass::audit, 60, 90), t.places, 30).error().is(rule_invalid));
  EXPECT_TRUE(check_rule(t.rule(t.other, std::nullopt, keep_days_max + 1), t.places, 30).error().is(rule_invalid));
  EXPECT_TRUE(check_rule(t.rule(t.other, std::nullopt, 0), t.places, 30).error().is(rule_invalid));
}

TEST(Retention, ADayIsKeptToItsLastDay) {
  const Day day = *day_from_iso("2026-10-01");
  EXPECT_EQ(to_iso(goes_on(day, 30)), "2026-11-01") << "on the 31st of October it is 30 days old and still there";
}

TEST(Retention, ARecordIsWhoseItsSourceSays) {
  const Town t;
  const ClassOfDevice classes = [&](const DeviceId&) { return SourceClass::workstation; };
  const auto of = [&](const std::string& source) { return class_of(source_of(source), classes); };
  const std::string device = t.ward.text() + "/" + t.device.text();
  EXPECT_EQ(source_of(device + "/var/log/auth.log").stream, "var/log/auth.log");
  EXPECT_EQ(source_of(device + "/journal").agency, t.ward);
  EXPECT_EQ(of(device + "/journal"), SourceClass::workstation);
  EXPECT_EQ(of(device + "/fact/os"), SourceClass::workstation);
  EXPECT_EQ(of(device + "/hub"), std::nullopt) << "gaps and silences stay";
  EXPECT_EQ(of(t.ward.text() + "/hub/audit"), SourceClass::audit);
  EXPECT_EQ(of(t.ward.text() + "/hub/evidence"), std::nullopt);
  EXPECT_EQ(of("hub/evidence"), std::nullopt);
  EXPECT_EQ(of("anything"), std::nullopt);
  for (const SourceClass one : source_classes) EXPECT_EQ(source_class_from_name(name_of(one)), one);
  EXPECT_EQ(source_class_from_name("other"), std::nullopt);
}

}  // namespace
}  // namespace luy::custody
