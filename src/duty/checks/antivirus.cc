// antivirus (5.3): an antivirus product is installed and active, and its signatures are not too old. Of several
// products the one that stands best counts.
#include "duty/checks/check.h"

namespace luy::duty {
namespace {

Judgement judge_product(const fact::AntivirusProduct& product, const Input& in) {
  Finding finding;
  if (!product.running) {
    finding.add(State::violated, Code::antivirus_stopped, Arguments().text(product.name));
  } else if (!product.signatures_date) {
    finding.add(State::unknown, Code::antivirus_undated, Arguments().text(product.name));
  } else {
    const Phase phase =
        phase_of(*product.signatures_date, in.limits.duration("signatures_age_days"), in.limits.due_share(), in.now);
    const Code code = phase.state == State::kept  ? Code::antivirus_kept
                      : phase.state == State::due ? Code::antivirus_due
                                                  : Code::antivirus_stale;
    finding.add(phase.state, code, Arguments().text(product.name).time(*product.signatures_date).time(phase.ends),
                phase.changes_at);
  }
  return std::move(finding).done();
}

}  // namespace

Judgement judge_antivirus(const Input& in) {
  const auto& part = in.device->antivirus;
  if (!part) return not_reported(fact::Kind::antivirus);
  Judgement best = only(State::violated, Code::antivirus_none);
  bool first = true;
  for (const auto& product : part->value.products) {
    Judgement one = judge_product(product, in);
    if (first || worse(best.state, one.state)) best = std::move(one);
    first = false;
  }
  best.basis.push_back(basis_of("antivirus", *part));
  return best;
}

}  // namespace luy::duty
