// What duty 6.12 is judged by, and what the plans and links ask somebody to look at.
#include <algorithm>
#include <set>

#include "premises/line_book.h"

namespace luy::premises {

void LineBook::set_drifts(std::vector<Drift> drifts) {
  std::set<AgencyId> changed;
  {
    const std::unique_lock lock(mutex_);
    const auto differs = [&](const std::vector<Drift>& from, const std::vector<Drift>& in) {
      for (const Drift& one : from) {
        const bool is_there = std::any_of(in.begin(), in.end(), [&](const Drift& other) {
          return other.agency == one.agency && other.kind == one.kind && other.what == one.what;
        });
        if (!is_there) changed.insert(one.agency);
      }
    };
    // The moment of what stays is the one it was first seen at.
    for (Drift& one : drifts) {
      for (const Drift& before : drifts_) {
        if (before.agency == one.agency && before.kind == one.kind && before.what == one.what) one.at = before.at;
      }
    }
    differs(drifts, drifts_);
    differs(drifts_, drifts);
    drifts_ = std::move(drifts);
  }
  for (const AgencyId& agency : changed) tell(agency);
}

std::vector<Drift> LineBook::drifts() const {
  const std::shared_lock lock(mutex_);
  return drifts_;
}

DutyRecord LineBook::notice_record(const AgencyId& agency) const {
  DutyRecord out;
  const auto plan_changed = plan_changed_at(agency);
  for (const Line& one : lines(false)) {
    if (one.agency != agency || one.kind != LineKind::internet) continue;
    if (const auto since = notice_owed_since(one, plan_changed)) {
      const bool is_anew = one.noticed_at.has_value();
      out.wait({(is_anew ? "thông báo lại thay đổi của đường truyền " : "thông báo đường truyền ") + one.name,
                (is_anew ? "tell the province of changes of the link " : "tell the province of the link ") + one.name},
               *since + notice_within, *since, line_act(one.id));
    } else {
      out.keep(*one.noticed_at, notice_act(one.id));
    }
  }
  for (const Drift& one : drifts()) {
    if (one.agency != agency) continue;
    // Both are against article 6.3 from the moment they are there.
    if (one.kind == DriftKind::unknown_exit) {
      out.wait({"đường ra Internet " + one.what + " không có trong sổ",
                "the Internet exit " + one.what + " stands in no register"},
               one.at, one.at, "");
    } else if (one.kind == DriftKind::outside_plan) {
      out.wait({"địa chỉ " + one.what + " ngoài quy hoạch", "the address " + one.what + " is outside the plan"}, one.at,
               one.at, "");
    }
  }
  return out;
}

Conditions LineBook::conditions() const {
  const Time now = d_.clock.now();
  Conditions out = conditions_of(drifts(), now);
  for (const Line& one : lines(false)) {
    const auto since = notice_owed_since(one, plan_changed_at(one.agency));
    if (!since) continue;
    finding::Report report;
    report.kind = finding::Kind::premises;
    report.group_key = "premises|network|notice|" + one.id.text();
    report.severity = finding::Severity::medium;
    report.title = {"Phải thông báo đường truyền Internet “" + one.name + "” cho cơ quan cấp tỉnh",
                    "The province is to be told of the Internet link “" + one.name + "”"};
    const Day due = day_of(*since + notice_within);
    report.story = {"Đường truyền hoặc quy hoạch địa chỉ thay đổi ngày " + to_vietnamese(day_of(*since)) +
                        "; dự thảo thông báo đã sẵn ở trang Mạng và đường truyền, gửi trước ngày " +
                        to_vietnamese(due) + ".",
                    "The link or the address plan changed on " + to_iso(day_of(*since)) +
                        "; a draft of the notice is on the page of network and links, due by " + to_iso(due) + "."};
    report.agency = one.agency;
    report.first = report.last = now;
    out.emplace("line_notice|" + one.id.text() + "|" + to_rfc3339(*since), std::move(report));
  }
  return out;
}

}  // namespace luy::premises
