// Goal: a page of findings asks for their cases once. Method: real books, and cases that count who asks.
#include "finding/api.h"

#include <gtest/gtest.h>

#include "detect/builtin.h"
#include "finding/fixture.h"

namespace luy::finding {
namespace {

TEST(FindingsJson, CasesAreAskedOnceForAllAndOnlyOfFindingsInOne) {
  FakeClock clock(test_start());
  SeededRandom random(7);
  TestRecords records;
  const auto book = std::move(*Book::open({*records.database, clock, random, Duration(0), Severity::high, {}}));
  const auto rules = std::move(
      *RuleBook::open({*records.database, clock, random, {}, records.folder / "rules", detect::builtin_routing(), {}}));
  const AgencyId agency = AgencyId::make(clock.now(), random);
  for (int i = 0; i < 3; ++i) {
    Report report;
    report.rule = RuleName{"scan", "Scan", Origin::own};
    report.group_key = std::to_string(i);
    report.agency = agency;
    report.seqs = {static_cast<std::uint64_t>(i)};
    report.first = report.last = clock.now();
    ASSERT_TRUE(book->report(report));
  }
  const std::vector<FindingPointer> fresh = book->all();
  ASSERT_EQ(fresh.size(), 3U);
  ASSERT_TRUE(book->set_state({{fresh[0]->id, fresh[1]->id}, State::in_case, "Lan", "SC-1", "act"}));
  std::vector<std::vector<FindingId>> asked;
  ApiDependencies d{*book, *rules, clock, random, {}, [](const AgencyId&) { return std::string("A"); }, {}, {},
                    {},    {},     {},    {},     {}};
  d.incidents = [&](std::span<const FindingId> ids) {
    asked.emplace_back(ids.begin(), ids.end());
    return std::map<FindingId, boost::json::object>{{fresh[0]->id, {{"id", "x"}, {"number", "SC-1"}}}};
  };
  const std::vector<FindingPointer> now = {book->find(fresh[0]->id), book->find(fresh[1]->id),
                                           book->find(fresh[2]->id)};
  const boost::json::array listed = findings_json(now, d);
  ASSERT_EQ(listed.size(), 3U);
  ASSERT_EQ(asked.size(), 1U);
  EXPECT_EQ(asked.front(), (std::vector<FindingId>{fresh[0]->id, fresh[1]->id}));
  EXPECT_EQ(listed.at(0).at("incident").at("number").as_string(), "SC-1");
  EXPECT_TRUE(listed.at(1).at("incident").is_null());
  EXPECT_TRUE(listed.at(2).at("incident").is_null());
  EXPECT_EQ(finding_json(*now[0], d), listed.at(0));
  EXPECT_TRUE(findings_json({}, d).empty());
  EXPECT_EQ(asked.size(), 2U) << "no finding, no question";
}

}  // namespace
}  // namespace luy::finding
