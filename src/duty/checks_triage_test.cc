// Goal: duty 10.3 says of an agency the worse of what is found and of what its information conflicts are, and turns
// when the first of both runs out. Method: made-up findings and records, one table of every pair.
#include <gtest/gtest.h>

#include "duty/check_fixture.h"

namespace luy::duty {
namespace {

TEST_F(CheckTest, TriageIsTheWorseOfFindingsAndConflicts) {
  TriageState unarmed;
  TriageState quiet;
  quiet.rules = 3;
  TriageState seen = quiet;
  seen.looked_at = 1;
  seen.newest = t0 - 1h;
  seen.newest_seq = 1;
  TriageState unseen = quiet;
  unseen.waiting = 1;
  unseen.due_at = t0 + 4h;
  unseen.urgent_seq = 2;
  TriageState late = unseen;
  late.due_at = t0;
  const RecordState none;
  RecordState closed;
  closed.kept = 1;
  closed.newest = t0 - 1h;
  closed.newest_seq = 11;
  RecordState open;
  open.waiting = 1;
  open.due_at = t0 + 2h;
  open.urgent_seq = 12;
  RecordState overdue = open;
  overdue.due_at = t0;
  RecordState ahead = open;  // A review of the year that is to be begun in its last part.
  ahead.due_at = t0 + days(364);
  ahead.due_from = t0 + 1us;
  RecordState begins = ahead;
  begins.due_from = t0;
  const struct {
    TriageState findings;
    std::optional<RecordState> conflicts;
    State state;
    Code code;
    std::vector<std::uint64_t> seqs;
    std::optional<Time> turns;
  } table[] = {
      {quiet, std::nullopt, State::not_applicable, Code::triage_none, {}, {}},
      {quiet, none, State::not_applicable, Code::triage_none, {}, {}},
      {quiet, closed, State::kept, Code::records_kept, {11}, {}},
      {quiet, open, State::due, Code::records_waiting, {12}, t0 + 2h},
      {quiet, ahead, State::kept, Code::records_ahead, {12}, t0 + 1us},
      {quiet, begins, State::due, Code::records_waiting, {12}, t0 + days(364)},
      {unseen, ahead, State::due, Code::triage_waiting, {2, 12}, t0 + 1us},
      {quiet, overdue, State::violated, Code::records_overdue, {12}, {}},
      {unarmed, closed, State::unknown, Code::triage_unarmed, {11}, {}},
      {unarmed, overdue, State::violated, Code::records_overdue, {12}, {}},
      {seen, none, State::kept, Code::triage_kept, {1}, {}},
      {seen, open, State::due, Code::records_waiting, {1, 12}, t0 + 2h},
      {unseen, closed, State::due, Code::triage_waiting, {2, 11}, t0 + 4h},
      {unseen, open, State::due, Code::triage_waiting, {2, 12}, t0 + 2h},
      {unseen, overdue, State::violated, Code::records_overdue, {2, 12}, t0 + 4h},
      {late, open, State::violated, Code::triage_overdue, {2, 12}, t0 + 2h},
  };
  for (std::size_t i = 0; i < std::size(table); ++i) {
    EmptyInput in{pack_.obligations.front(), pack_};
    in.now = t0;
    in.triage = table[i].findings;
    in.records = table[i].conflicts;
    const Judgement judgement = triage_when_empty(in);
    EXPECT_EQ(judgement.state, table[i].state) << i;
    EXPECT_EQ(judgement.code, table[i].code) << i;
    std::vector<std::uint64_t> seqs;
    for (const Basis& basis : judgement.basis) seqs.push_back(basis.seq.value_or(0));
    EXPECT_EQ(seqs, table[i].seqs) << i;
    EXPECT_EQ(judgement.changes_at, table[i].turns) << i;
  }
}

}  // namespace
}  // namespace luy::duty
