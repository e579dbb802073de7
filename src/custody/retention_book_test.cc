// Goal: a rule is set as an act, in the place of the one before, and never below the floor; who may not is refused;
// what was erased is remembered as long as the day is there. Method: the acts' functions on a real database, as
// PendingActs runs them.
#include "custody/retention_book.h"

#include "custody/fixture.h"

namespace luy::custody {
namespace {

struct RetentionBookTest : CustodyTest {
  RetentionBookTest()
      : town(AgencyId::make(clock.now(), random)),
        book({*database, clock, random,
              [this] {
                return std::vector<Place>{{town, {town}, 92}};
              },
              30}) {
    caller.require = [this](directory::Action action, const directory::Object& object) -> Result<void> {
      EXPECT_EQ(action, directory::Action::retention_manage);
      if (!allowed || object.agencies.empty()) return Error(directory::not_allowed, "thử");
      return {};
    };
  }
  json::object body(const RetentionRule& rule) const {
    json::object out = RetentionBook::body_of(rule);
    out["above"] = json::array{town.text()};
    out["by"] = "Nguyễn Thị Lan";
    return out;
  }
  RetentionRule rule(std::optional<AgencyId> agency, int keep, std::optional<int> erase = std::nullopt) const {
    RetentionRule out;
    out.agency = agency;
    out.keep_days = keep;
    out.erase_after_days = erase;
    out.reason = "theo quy định";
    return out;
  }
  Result<json::object> act(const directory::ActKind& kind, const json::object& wanted) {
    entry = {};
    return database->write(
        [&](records::Connection& c) -> Result<json::object> { return kind.run(c, caller, wanted, entry); });
  }
  Result<json::object> set(const RetentionRule& one) { return act(book.set_act(), body(one)); }
  bool allowed = true;
  AgencyId town;
  directory::AuditEntry entry;
  RetentionBook book;
};

TEST_F(RetentionBookTest, ARuleTakesThePlaceOfTheOneBefore) {
  EXPECT_EQ(*longest_rule(*database), 0);
  ASSERT_TRUE(set(rule(town, 100, 200)));
  EXPECT_TRUE(entry.before.empty());
  EXPECT_EQ(entry.after.at("keep_days").as_int64(), 100);
  agreed_by("an", "Lê Văn An");
  ASSERT_TRUE(set(rule(town, 120)));
  EXPECT_EQ(entry.before.at("erase_after_days").as_int64(), 200);
  const auto all = *book.list();
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all.front().keep_days, 120);
  EXPECT_EQ(all.front().erase_after_days, std::nullopt);
  EXPECT_EQ(all.front().decided_by, (std::vector<std::string>{"Nguyễn Thị Lan", "Lê Văn An"}));
  ASSERT_TRUE(set(rule(std::nullopt, 400)));
  EXPECT_EQ(*longest_rule(*database), 400);
  const json::object gone{
      {"rule", book.list()->back().id.text()}, {"reason", "thôi"}, {"above", json::array{town.text()}}, {"by", "Lan"}};
  ASSERT_TRUE(act(book.remove_act(), gone));
  EXPECT_EQ(entry.before.at("keep_days").as_int64(), 400);
  EXPECT_EQ(*longest_rule(*database), 120);
  EXPECT_TRUE(act(book.remove_act(), gone).error().is(rule_unknown));
}

TEST_F(RetentionBookTest, WhatMayNotBeLeavesTheRulesAsTheyWere) {
  ASSERT_TRUE(set(rule(town, 100)));
  EXPECT_TRUE(set(rule(town, 91)).error().is(below_floor));
  EXPECT_TRUE(set(rule(std::nullopt, 29)).error().is(below_floor));
  EXPECT_TRUE(set(rule(town, 100, 99)).error().is(rule_invalid));
  allowed = false;
  EXPECT_TRUE(set(rule(town, 500)).error().is(directory::not_allowed));
  EXPECT_EQ(book.list()->front().keep_days, 100);
  EXPECT_EQ(book.list()->size(), 1U);
}

TEST_F(RetentionBookTest, ABodyThatIsNoRuleIsRefused) {
  const json::object good = body(rule(town, 100));
  EXPECT_TRUE(RetentionBook::rule_of(good));
  const struct {
    const char* key;
    json::value value;
  } table[] = {{"agency", "xx"},      {"class", "things"},      {"keep_days", 0}, {"keep_days", nullptr},
               {"keep_days", 36'501}, {"erase_after_days", -1}, {"reason", " "}};
  for (const auto& row : table) {
    json::object wrong = good;
    wrong[row.key] = row.value;
    EXPECT_TRUE(RetentionBook::rule_of(wrong).error().is(rule_invalid)) << row.key;
  }
}

TEST_F(RetentionBookTest, WhatWasErasedIsRemembered) {
  const Day day = *day_from_iso("2026-10-01");
  ASSERT_TRUE(book.note_erased(day, "a"));
  ASSERT_TRUE(book.note_erased(day, "a b"));
  ASSERT_TRUE(book.note_erased(day + days(1), "a"));
  EXPECT_EQ(book.erased()->at(day), "a b");
  ASSERT_TRUE(book.forget_before(day + days(1)));
  EXPECT_EQ(book.erased()->size(), 1U);
}

}  // namespace
}  // namespace luy::custody
