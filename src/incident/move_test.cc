// Goal: a case moves along the second article 10 and in no other way, with everything a move demands and nothing less.
// Method: the table of all pairs of state and event; each demand of each move taken away in turn; impossible times.
#include "incident/move.h"

#include <gtest/gtest.h>

#include <set>

#include "incident/fixture.h"

namespace luy::incident {
namespace {

const Time now = at("2026-11-23T03:00:00Z");

// A case in `state` that holds everything any move could ask for.
CaseFacts complete(const std::string& state) {
  CaseFacts facts;
  facts.state = state;
  facts.round = 2;
  facts.discovered = now - std::chrono::hours(8);
  const auto paper = [](std::string form, std::map<std::string, std::string> fields = {}) {
    return PaperFact{std::move(form), 2, {"agency_head"}, {}, true, std::move(fields)};
  };
  facts.papers = {paper("bien-ban-tu-xu-ly", {{"outcome", "resolved"}}),
                  paper("bien-ban-tu-xu-ly", {{"outcome", "beyond"}}), paper("bao-cao-ban-dau"),
                  paper("bien-ban-ket-thuc")};
  facts.guidance = 1;
  facts.joint_actions = 2;
  return facts;
}

Attempt attempt_of(const Transition& transition) {
  Attempt out;
  out.event = transition.event;
  out.roles = {transition.roles.front()};
  out.reason = "Đã kiểm tra";
  for (const EventField& field : transition.fields) {
    out.fields[field.id] = field.type == EventField::Type::time ? to_rfc3339(now - std::chrono::hours(1)) : "x";
  }
  return out;
}

// The law, once more, by hand: what the file says is compared with this.
const std::map<std::pair<std::string, std::string>, std::string> allowed = {
    {{"step_1", "own_system"}, "step_2"}, {{"step_1", "provincial_system"}, "step_3"},
    {{"step_1", "dismiss"}, "dismissed"}, {{"step_1", "merge"}, "merged"},
    {{"step_2", "resolved"}, "closed"},   {{"step_2", "beyond_ability"}, "step_3"},
    {{"step_2", "merge"}, "merged"},      {{"step_3", "reported"}, "step_4"},
    {{"step_3", "merge"}, "merged"},      {{"step_4", "remedied"}, "step_5"},
    {{"step_4", "merge"}, "merged"},      {{"step_5", "finished"}, "closed"},
    {{"step_5", "merge"}, "merged"},      {{"closed", "reopen"}, "step_1"},
    {{"dismissed", "reopen"}, "step_1"},  {{"merged", "reopen"}, "step_1"},
};

TEST(Move, EveryPairOfStateAndEventIsAllowedOrForbiddenAsTheArticleSays) {
  const Process& process = test_process();
  std::size_t pairs = 0;
  for (const ProcessState& state : process.states) {
    for (const Transition& transition : process.transitions) {
      ++pairs;
      const auto moved = decide(process, complete(state.id), attempt_of(transition), now);
      const auto want = allowed.find({state.id, transition.event});
      if (want == allowed.end()) {
        ASSERT_FALSE(moved) << state.id << " " << transition.event;
        EXPECT_TRUE(moved.error().is(move_forbidden)) << moved.error().text();
      } else {
        ASSERT_TRUE(moved) << state.id << " " << transition.event << ": " << moved.error().text();
        EXPECT_EQ(moved->transition->to, want->second);
        EXPECT_EQ(moved->starts_round, state.is_end);
      }
    }
  }
  EXPECT_EQ(pairs, 80U) << "eight states, ten events";
}

TEST(Move, NoPathLeadsToTheEndPastAStep) {
  // From the start, every way to "closed" goes through 1-2 or through 1-(2-)3-4-5.
  std::set<std::string> ways;
  const Process& process = test_process();
  const auto walk = [&](auto&& self, const std::string& state, const std::string& way) -> void {
    if (state == "closed") {
      ways.insert(way);
      return;
    }
    for (const Transition& one : process.transitions) {
      if (one.event == "reopen" || one.event == "merge" || one.event == "dismiss") continue;
      if (std::find(one.from.begin(), one.from.end(), state) == one.from.end()) continue;
      self(self, one.to, way + process.state(state)->id.substr(5));
    }
  };
  walk(walk, process.start, "");
  EXPECT_EQ(ways, (std::set<std::string>{"12", "1345", "12345"}));
}

TEST(Move, EachDemandIsMissedWhenItIsTakenAway) {
  const Process& process = test_process();
  std::size_t demands = 0;
  const auto expect_unmet = [&](const CaseFacts& facts, const Attempt& attempt, const std::string& what) {
    ++demands;
    const auto moved = decide(process, facts, attempt, now);
    ASSERT_FALSE(moved) << attempt.event << " without " << what;
    EXPECT_TRUE(moved.error().is(demands_unmet)) << moved.error().text();
  };
  for (const Transition& transition : process.transitions) {
    const CaseFacts whole = complete(transition.from.front());
    const Attempt attempt = attempt_of(transition);
    ASSERT_TRUE(decide(process, whole, attempt, now)) << transition.event;
    if (transition.needs_reason) {
      Attempt mute = attempt;
      mute.reason = " \n";
      expect_unmet(whole, mute, "reason");
    }
    for (const EventField& field : transition.fields) {
      Attempt without = attempt;
      without.fields.erase(field.id);
      expect_unmet(whole, without, field.id);
    }
    for (const PaperDemand& demand : transition.papers) {
      const auto change = [&](auto&& edit) {
        CaseFacts facts = whole;
        for (PaperFact& paper : facts.papers) {
          if (paper.form == demand.form) edit(paper);
        }
        return facts;
      };
      expect_unmet(change([](PaperFact& paper) { paper.form = "khac"; }), attempt, "paper");
      expect_unmet(change([](PaperFact& paper) { paper.signed_by.clear(); }), attempt, "signature");
      expect_unmet(change([](PaperFact& paper) { paper.signed_by = {"staff"}; }), attempt, "the right signer");
      expect_unmet(change([](PaperFact& paper) { paper.round = 1; }), attempt, "a paper of this round");
      if (demand.must_be_delivered) {
        expect_unmet(change([](PaperFact& paper) { paper.is_delivered = false; }), attempt, "delivery");
      }
      if (!demand.field.empty()) {
        expect_unmet(change([&](PaperFact& paper) { paper.fields.clear(); }), attempt, "its conclusion");
      }
    }
    for (const Need need : transition.needs) {
      CaseFacts facts = whole;
      (need == Need::guidance ? facts.guidance : facts.joint_actions) = 0;
      expect_unmet(facts, attempt, std::string(name_of(need)));
      if (need == Need::joint_actions) {
        facts = whole;
        facts.joint_actions_open = 1;
        expect_unmet(facts, attempt, "an outcome");
      }
    }
  }
  EXPECT_EQ(demands, 31U);
}

TEST(Move, IsForThoseInTheRightRole) {
  const Process& process = test_process();
  for (const Transition& transition : process.transitions) {
    for (const char* role : {"staff", "provider", "police", "culture_info", ""}) {
      Attempt attempt = attempt_of(transition);
      attempt.roles = {role};
      const auto moved = decide(process, complete(transition.from.front()), attempt, now);
      ASSERT_FALSE(moved) << transition.event << role;
      EXPECT_TRUE(moved.error().is(wrong_role));
    }
  }
}

TEST(Move, NamesEverythingThatIsMissingInVietnamese) {
  CaseFacts facts = complete("step_3");
  facts.papers.clear();
  facts.guidance = 0;
  const auto moved = decide(test_process(), facts, {"reported", {"security_officer"}, "", {}}, now);
  ASSERT_FALSE(moved);
  EXPECT_NE(moved.error().vi().find("báo cáo ban đầu"), std::string::npos) << moved.error().vi();
  EXPECT_NE(moved.error().vi().find("hướng dẫn của cơ quan cấp tỉnh"), std::string::npos);
}

TEST(Move, ImpossibleTimesAreRefusedByName) {
  const Process& process = test_process();
  const auto at_time = [&](const std::string& time) {
    Attempt attempt{"resolved", {"security_officer"}, "", {{"resolved_at", time}}};
    const auto moved = decide(process, complete("step_2"), attempt, now);
    return moved ? std::string() : std::string(moved.error().name());
  };
  EXPECT_EQ(at_time(to_rfc3339(now)), "");
  EXPECT_EQ(at_time(to_rfc3339(now - std::chrono::hours(9))), ends_before_start.name);
  EXPECT_EQ(at_time(to_rfc3339(now + std::chrono::hours(1))), time_in_future.name);
  EXPECT_EQ(at_time("31/02/2026"), time_unreadable.name);
  EXPECT_TRUE(check_discovered(process, now, now));
  EXPECT_TRUE(check_discovered(process, now + std::chrono::minutes(4), now)) << "clocks differ";
  EXPECT_TRUE(check_discovered(process, now + std::chrono::minutes(6), now).error().is(discovered_in_future));
  EXPECT_TRUE(check_discovered(process, at("2017-06-01T00:00:00Z"), now).error().is(discovered_too_early));
  Attempt unknown{"own_system", {"security_officer"}, "x", {{"into", "x"}}};
  EXPECT_TRUE(decide(process, complete("step_1"), unknown, now).error().is(unknown_move_field));
  EXPECT_TRUE(decide(process, complete("step_1"), {"skip", {}, "", {}}, now).error().is(event_unknown));
}

}  // namespace
}  // namespace luy::incident
