// agent_budget (4.3): the agent's processor time, of one core and averaged over its period, and its memory stay within
// their limits. An average over less than cpu_period_min is mostly the agent's own start and proves no breach.
#include "duty/checks/check.h"

namespace luy::duty {
namespace {

constexpr std::int64_t cpu_period_seconds_min = 60;
constexpr double bytes_per_mebibyte = 1 << 20;

}  // namespace

Judgement judge_agent_budget(const Input& in) {
  const auto& part = in.device->agent;
  if (!part) return not_reported(fact::Kind::agent);
  const fact::Agent& agent = part->value;
  const double cpu_max = in.limits.percent("cpu_percent_max");
  const std::int64_t rss_max = in.limits.count("rss_mib_max");
  const double rss = static_cast<double>(agent.rss_bytes) / bytes_per_mebibyte;
  Finding finding;
  finding.rests_on(basis_of("agent", *part));
  finding.add(State::kept, Code::budget_kept,
              Arguments().decimal(agent.cpu_percent).decimal(rss).decimal(cpu_max).number(rss_max));
  if (rss > static_cast<double>(rss_max)) {
    finding.add(State::violated, Code::budget_memory, Arguments().decimal(rss).number(rss_max));
  }
  if (agent.cpu_percent > cpu_max) {
    if (agent.period_seconds >= cpu_period_seconds_min) {
      finding.add(State::violated, Code::budget_cpu, Arguments().decimal(agent.cpu_percent).decimal(cpu_max));
    } else {
      finding.add(State::unknown, Code::budget_short, Arguments().number(agent.period_seconds));
    }
  }
  return std::move(finding).done();
}

}  // namespace luy::duty
