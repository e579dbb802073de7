// weekly_scan (5.4): a full scan finished within the last period. The newest of all products counts. A scan cannot have
// ended after the fact that tells of it, whatever its date says.
#include "duty/checks/check.h"

namespace luy::duty {

Judgement judge_weekly_scan(const Input& in) {
  const auto& part = in.device->antivirus;
  if (!part) return not_reported(fact::Kind::antivirus);
  const fact::AntivirusProduct* newest = nullptr;
  const fact::AntivirusProduct* unread = nullptr;
  for (const auto& product : part->value.products) {
    if (product.scans_readable == false) unread = &product;
    if (product.last_full_scan && (newest == nullptr || *product.last_full_scan > *newest->last_full_scan)) {
      newest = &product;
    }
  }
  Finding finding;
  finding.rests_on(basis_of("antivirus", *part));
  if (part->value.products.empty()) {
    finding.add(State::violated, Code::scan_no_antivirus);
  } else if (newest == nullptr && unread != nullptr) {
    finding.add(State::unknown, Code::scan_unreadable, Arguments().text(unread->name));
  } else if (newest == nullptr) {
    finding.add(State::violated, Code::scan_never, Arguments().text(part->value.products.front().name));
  } else {
    const Time ended = std::min(*newest->last_full_scan, part->collected_at);
    const Phase phase = phase_of(ended, in.limits.duration("period_days"), in.limits.due_share(), in.now);
    const Code code = phase.state == State::kept  ? Code::scan_kept
                      : phase.state == State::due ? Code::scan_due
                                                  : Code::scan_overdue;
    if (phase.state == State::violated && unread != nullptr) {
      finding.add(State::unknown, Code::scan_unreadable, Arguments().text(unread->name));
    } else {
      finding.add(phase.state, code, Arguments().text(newest->name).time(ended).time(phase.ends), phase.changes_at);
    }
  }
  return std::move(finding).done();
}

}  // namespace luy::duty
