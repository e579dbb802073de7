// Goal: duty 8.2 says of an agency's watched services what they are, the worst first, with the records that show it.
// Method: made-up services, one table of what is said.
#include <gtest/gtest.h>

#include "duty/check_fixture.h"

namespace luy::duty {
namespace {

using Standing = ServiceState::Standing;

TEST_F(CheckTest, ServicesAreJudgedByTheWorstThatNobodyAnnounced) {
  const auto service = [](const char* name, Standing standing, std::uint64_t seq, bool announced = false) {
    ServiceState out;
    out.name = name;
    out.standing = standing;
    out.since = t0;
    out.seq = seq;
    if (announced) out.announced_until = t0 + 1h;
    return out;
  };
  const ServiceState up = service("a", Standing::up, 1);
  const ServiceState unknown = service("b", Standing::unknown, 2);
  const ServiceState slow = service("c", Standing::slow, 3);
  const ServiceState changed = service("d", Standing::changed, 4);
  const ServiceState down = service("e", Standing::down, 5);
  const ServiceState worked_on = service("f", Standing::down, 6, true);
  const struct {
    std::vector<ServiceState> services;
    State state;
    Code code;
    std::vector<std::uint64_t> seqs;
  } table[] = {
      {{}, State::unknown, Code::services_none, {}},
      {{up}, State::kept, Code::services_kept, {1}},
      {{up, unknown}, State::unknown, Code::services_unknown, {1, 2}},
      {{up, slow}, State::violated, Code::services_slow, {3}},
      {{slow, changed, unknown}, State::violated, Code::services_changed, {4, 3}},
      {{slow, changed, down, worked_on}, State::violated, Code::services_down, {5, 4, 3}},
      {{up, worked_on}, State::due, Code::services_announced, {1, 6}},
  };
  for (const auto& row : table) {
    EmptyInput in{pack_.obligations.front(), pack_};
    in.services = row.services;
    const Judgement judgement = services_when_empty(in);
    EXPECT_EQ(judgement.state, row.state) << name_of(row.code);
    EXPECT_EQ(judgement.code, row.code) << name_of(row.code);
    std::vector<std::uint64_t> seqs;
    for (const Basis& basis : judgement.basis) seqs.push_back(basis.seq.value_or(0));
    EXPECT_EQ(seqs, row.seqs) << name_of(row.code);
    const auto turns = row.code == Code::services_announced ? std::optional<Time>(t0 + 1h) : std::nullopt;
    EXPECT_EQ(judgement.changes_at, turns) << name_of(row.code);
  }
}

}  // namespace
}  // namespace luy::duty
