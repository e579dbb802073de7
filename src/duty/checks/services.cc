// services (8.2): what the agency offers is there, as fast as ever and unchanged. One verdict for each agency.
#include <algorithm>

#include "duty/checks/check.h"

namespace luy::duty {
namespace {

using Standing = ServiceState::Standing;

constexpr std::string_view method = "luy-hub";
constexpr std::size_t proofs_max = 20;  // Of a verdict; the first services of an agency that has more.

bool is_trouble(const ServiceState& service) {
  return service.standing != Standing::up && service.standing != Standing::unknown;
}

void rest_on(Finding& finding, const ServiceState& service) {
  finding.rests_on({log_kind, service.seq, service.since, method});
}

Code code_of(Standing standing) {
  if (standing == Standing::slow) return Code::services_slow;
  return standing == Standing::changed ? Code::services_changed : Code::services_down;
}

// Trouble that nobody announced; the worst first: what cannot be reached, what shows something else, what is slow.
std::vector<const ServiceState*> in_trouble(const std::vector<ServiceState>& services) {
  std::vector<const ServiceState*> out;
  for (const ServiceState& one : services) {
    if (is_trouble(one) && !one.announced_until) out.push_back(&one);
  }
  std::stable_sort(out.begin(), out.end(), [](const auto* a, const auto* b) { return a->standing > b->standing; });
  return out;
}

}  // namespace

Judgement services_when_empty(const EmptyInput& in) {
  if (in.services.empty()) return only(State::unknown, Code::services_none);
  const auto total = static_cast<std::int64_t>(in.services.size());
  Finding finding;
  if (const auto bad = in_trouble(in.services); !bad.empty()) {
    for (std::size_t i = 0; i < bad.size() && i < proofs_max; ++i) rest_on(finding, *bad[i]);
    const ServiceState& worst = *bad.front();
    finding.add(
        State::violated, code_of(worst.standing),
        Arguments().number(static_cast<std::int64_t>(bad.size())).number(total).text(worst.name).time(worst.since));
    return std::move(finding).done();
  }
  std::int64_t unknown = 0;
  for (std::size_t i = 0; i < in.services.size(); ++i) {
    const ServiceState& one = in.services[i];
    if (i < proofs_max) rest_on(finding, one);
    if (one.standing == Standing::unknown && ++unknown == 1) {
      const auto count = std::count_if(in.services.begin(), in.services.end(),
                                       [](const auto& each) { return each.standing == Standing::unknown; });
      finding.add(State::unknown, Code::services_unknown,
                  Arguments().number(static_cast<std::int64_t>(count)).number(total).text(one.name));
    }
    if (is_trouble(one)) {
      finding.add(State::due, Code::services_announced, Arguments().text(one.name).time(*one.announced_until),
                  one.announced_until);
    }
  }
  finding.add(State::kept, Code::services_kept, Arguments().number(total));
  return std::move(finding).done();
}

}  // namespace luy::duty
