// Goal: an information conflict goes through its seven stages in order, is traced in full and ends with its two
// documents. Method: the pack's rules; every jump; every demand taken away.
#include "incident/conflict.h"

#include <gtest/gtest.h>

#include "incident/fixture.h"
#include "incident/legal_clock.h"

namespace luy::incident {
namespace {

const Time now = at("2026-11-23T03:00:00Z");

const ConflictRules& rules() {
  return test_process().conflict;
}

Conflict traced(Conflict conflict) {
  std::map<std::string, std::string> trace;
  for (const Choice& field : rules().trace) trace[field.id] = "Đã xác định";
  return *set_trace(rules(), conflict, trace);
}

Conflict at_stage(const std::string& stage) {
  Conflict out = traced(begin_conflict(rules(), now, "Lan"));
  for (const Choice& condition : rules().exclusion_conditions) {
    out = *set_condition(rules(), out, condition.id, true);
  }
  for (const Choice& one : rules().stages) {
    if (out.stages.back().id == stage) break;
    if (one.id != out.stages.back().id) out = *advance(rules(), out, one.id, "x", "Lan", now);
  }
  return out;
}

TEST(Conflict, HasTheSevenStagesAndNineFieldsOfTheDecree) {
  EXPECT_EQ(rules().stages.size(), 7U);
  EXPECT_EQ(rules().trace.size(), 9U);
  EXPECT_EQ(rules().exclusion_conditions.size(), 3U);
}

TEST(Conflict, EveryPairOfStagesIsAllowedOnlyWhenTheSecondFollowsTheFirst) {
  const auto& stages = rules().stages;
  for (std::size_t from = 0; from < stages.size(); ++from) {
    const Conflict conflict = at_stage(stages[from].id);
    ASSERT_EQ(conflict.stages.back().id, stages[from].id);
    for (std::size_t to = 0; to < stages.size(); ++to) {
      const auto moved = advance(rules(), conflict, stages[to].id, "x", "Lan", now);
      EXPECT_EQ(moved.has_value(), to == from + 1) << stages[from].id << " " << stages[to].id;
      if (!moved) {
        EXPECT_TRUE(moved.error().is(conflict_order));
      }
    }
  }
  EXPECT_TRUE(advance(rules(), at_stage("warning"), "peace", "x", "Lan", now).error().is(conflict_order));
}

TEST(Conflict, TracingEndsOnlyWithEveryFieldOfTheTrace) {
  const Conflict whole = at_stage("tracing");
  for (const Choice& field : rules().trace) {
    const Conflict without = *set_trace(rules(), whole, {{field.id, " "}});
    const auto moved = advance(rules(), without, "filtering", "x", "Lan", now);
    ASSERT_FALSE(moved) << field.id;
    EXPECT_TRUE(moved.error().is(conflict_unmet));
    EXPECT_NE(moved.error().vi().find(field.title.vi), std::string::npos);
  }
  EXPECT_TRUE(advance(rules(), whole, "filtering", " ", "Lan", now).error().is(conflict_unmet)) << "a reason";
  EXPECT_TRUE(set_trace(rules(), whole, {{"colour", "red"}}).error().is(unknown_choice));
}

TEST(Conflict, ExclusionTakesAllItsConditions) {
  const Conflict whole = at_stage("remedy");
  for (const Choice& condition : rules().exclusion_conditions) {
    const Conflict without = *set_condition(rules(), whole, condition.id, false);
    EXPECT_TRUE(advance(rules(), without, "exclusion", "x", "Lan", now).error().is(conflict_unmet)) << condition.id;
  }
  EXPECT_TRUE(advance(rules(), whole, "exclusion", "x", "Lan", now));
  EXPECT_TRUE(set_condition(rules(), whole, "luck", true).error().is(unknown_choice));
}

TEST(Conflict, EndsWithTheSignedPlanAndTheReportThatWasSent) {
  const std::vector<PaperFact> papers = {{rules().plan_form, 1, {"agency_head"}, {}, false, {}},
                                         {rules().result_form, 1, {"agency_head"}, {}, true, {}}};
  const auto close = [&](const Conflict& conflict, std::vector<PaperFact> with) {
    return close_conflict(rules(), conflict, with, "agency_head", now);
  };
  EXPECT_TRUE(close(at_stage("filtering"), papers).error().is(conflict_order));
  const Conflict ready = at_stage("remedy");
  EXPECT_TRUE(close(ready, {papers[0]}).error().is(conflict_unmet));
  EXPECT_TRUE(close(ready, {papers[1]}).error().is(conflict_unmet));
  std::vector<PaperFact> unsent = papers;
  unsent[1].is_delivered = false;
  EXPECT_TRUE(close(ready, unsent).error().is(conflict_unmet));
  std::vector<PaperFact> unsigned_plan = papers;
  unsigned_plan[0].signed_by = {"staff"};
  EXPECT_TRUE(close(ready, unsigned_plan).error().is(conflict_unmet));
  EXPECT_TRUE(close(*set_trace(rules(), ready, {{"packet", ""}}), papers).error().is(conflict_unmet));
  const auto closed = close(ready, papers);
  ASSERT_TRUE(closed) << closed.error().text();
  EXPECT_TRUE(close(*closed, papers).error().is(conflict_over));
  EXPECT_TRUE(advance(rules(), *closed, "exclusion", "x", "Lan", now).error().is(conflict_over));
}

}  // namespace
}  // namespace luy::incident
