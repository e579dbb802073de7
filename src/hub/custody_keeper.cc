#include "hub/custody_keeper.h"

#include <algorithm>

#include "base/encoding.h"
#include "base/log.h"
#include "evidence/error.h"
#include "evidence/rewrite.h"

namespace luy::hub {
namespace {

using custody::SourceClass;

constexpr const char* by_rules = "retention";  // Why content goes that nobody asked for by itself.

const evidence::DayInfo* day_of_seq(const std::vector<evidence::DayInfo>& days, std::uint64_t seq) {
  for (const evidence::DayInfo& one : days) {
    if (seq >= one.first_seq && seq < one.first_seq + one.count) return &one;
  }
  return nullptr;
}

void add(std::vector<evidence::SeqRange>& ranges, std::uint64_t seq) {
  if (!ranges.empty() && ranges.back().end() == seq) {
    ++ranges.back().count;
  } else {
    ranges.push_back({seq, 1});
  }
}

}  // namespace

Result<void> CustodyKeeper::check_hold(Day day) const {
  LUY_TRY(const auto held, d_.held_from());
  if (held && day >= *held) return Error(day_held, to_iso(day));
  return {};
}

Result<std::vector<custody::RecordSummary>> CustodyKeeper::describe(const AgencyId& agency,
                                                                    const std::vector<std::uint64_t>& seqs) const {
  LUY_TRY(const std::vector<evidence::DayInfo> days, d_.store.days());
  evidence::LeafHasher hasher;
  std::vector<custody::RecordSummary> out;
  for (const std::uint64_t seq : seqs) {
    const Error refused(custody::erasure_refused, std::to_string(seq));
    const evidence::DayInfo* day = day_of_seq(days, seq);
    if (day == nullptr || !day->closed || day->damaged) return refused;
    const auto record = d_.store.read(seq);
    if (!record) return refused;
    const custody::SourceOf source = custody::source_of(record->source);
    const auto of_class = custody::class_of(source, d_.class_of_device);
    // What the hub itself has to say, the audit trail among it, is what everything else is checked by.
    if (source.agency != agency || !of_class || *of_class == SourceClass::audit) return refused;
    out.push_back({seq, record->received, day->day, record->source, record->raw.size(),
                   to_hex(hasher.hash(evidence::to_view(*record)))});
  }
  return out;
}

CustodyKeeper::Due CustodyKeeper::due_on(Day day, Day today, const std::vector<custody::RetentionRule>& rules,
                                         const std::vector<custody::Place>& places) {
  Due out;
  for (const custody::Place& place : places) {
    for (const SourceClass of_class : custody::source_classes) {
      const custody::Term term = custody::term_of(rules, place, of_class);
      if (term.erase_after_days && custody::goes_on(day, *term.erase_after_days) <= today) {
        out.emplace_back(place.agency, of_class);
      }
    }
  }
  std::sort(out.begin(), out.end());
  return out;
}

std::string CustodyKeeper::text_of(const Due& due) {
  std::string out;
  for (const auto& [agency, of_class] : due) {
    out += agency.text() + "/" + std::string(custody::name_of(of_class)) + "\n";
  }
  return out;
}

Result<std::string> CustodyKeeper::due(Day day, Day today) const {
  LUY_TRY(const auto rules, d_.rules.list());
  return text_of(due_on(day, today, rules, d_.places()));
}

Result<bool> CustodyKeeper::step(const std::stop_token& stop) {
  LUY_TRY(const bool erased, erase_decided(stop));
  if (erased) return true;
  return erase_by_rules(stop);
}

Result<std::vector<std::uint64_t>> CustodyKeeper::withhold(const evidence::RewritePlan& plan,
                                                           const std::stop_token& stop) {
  LUY_TRY_VOID(check_hold(plan.day));
  LUY_TRY(auto prepared, d_.store.prepare_rewrite(plan, stop));
  // A hold set meanwhile counts.
  LUY_TRY_VOID(check_hold(plan.day));
  LUY_TRY(const evidence::Rewritten done, d_.writer.finish_rewrite(std::move(prepared)));
  log(LogLevel::info, "hub",
      "content of " + std::to_string(done.withheld) + " records of " + to_iso(plan.day) + " erased");
  return done.note_seq ? std::vector<std::uint64_t>{*done.note_seq} : std::vector<std::uint64_t>();
}

Result<void> CustodyKeeper::carry_out(const custody::Erasure& erasure, Day day, const std::stop_token& stop) {
  LUY_TRY(const std::vector<evidence::DayInfo> days, d_.store.days());
  evidence::RewritePlan plan;
  plan.day = day;
  plan.reason = erasure.reason + " (" + erasure.legal_basis + ")";
  plan.act = "erasure:" + erasure.id.text();
  plan.by = erasure.decided_by;
  bool is_stored = false;
  for (const evidence::DayInfo& one : days) is_stored = is_stored || one.day == day;
  for (const std::uint64_t seq : erasure.seqs) {
    const evidence::DayInfo* of_seq = day_of_seq(days, seq);
    if (of_seq == nullptr || of_seq->day != day) continue;
    const auto record = d_.store.read(seq);
    if (record) {
      add(plan.withhold, seq);
    } else if (!record.error().is(evidence::record_withheld)) {
      return record.error();
    }
  }
  // Gone by now, by a rule or with its whole file, or by this very erasure before a crash.
  if (!is_stored || plan.withhold.empty()) return d_.erasures.note_done(erasure.id, day, {});
  LUY_TRY(const std::vector<std::uint64_t> notes, withhold(plan, stop));
  return d_.erasures.note_done(erasure.id, day, notes);
}

Result<bool> CustodyKeeper::erase_decided(const std::stop_token& stop) {
  LUY_TRY(const std::vector<custody::Erasure> waiting, d_.erasures.waiting());
  for (const custody::Erasure& one : waiting) {
    for (const Day day : one.days) {
      if (std::find(one.done_days.begin(), one.done_days.end(), day) != one.done_days.end()) continue;
      const auto done = carry_out(one, day, stop);
      if (done) return true;
      if (stop.stop_requested()) return false;
      LUY_TRY_VOID(d_.erasures.note_problem(one.id, done.error().text()));
    }
  }
  return false;
}

Result<std::vector<evidence::SeqRange>> CustodyKeeper::ranges(const evidence::DayInfo& day, const Due& due,
                                                              const std::stop_token& stop) const {
  std::vector<evidence::SeqRange> out;
  const std::uint64_t end = day.first_seq + day.count;
  LUY_TRY_VOID(d_.store.replay(day.first_seq, [&](const evidence::Record& record) {
    if (record.seq >= end || stop.stop_requested()) return false;
    const custody::SourceOf source = custody::source_of(record.source);
    const auto of_class = custody::class_of(source, d_.class_of_device);
    if (of_class && std::binary_search(due.begin(), due.end(), std::pair(*source.agency, *of_class))) {
      add(out, record.seq);
    }
    return true;
  }));
  return out;
}

Result<bool> CustodyKeeper::erase_by_rules(const std::stop_token& stop) {
  if (!d_.writer.retention_settled()) return false;
  LUY_TRY(const auto rules, d_.rules.list());
  if (std::none_of(rules.begin(), rules.end(), [](const auto& one) { return one.erase_after_days.has_value(); })) {
    return false;
  }
  const std::vector<custody::Place> places = d_.places();
  const Day today = day_of(d_.clock.now());
  LUY_TRY(const auto erased, d_.rules.erased());
  LUY_TRY(const std::vector<evidence::DayInfo> days, d_.store.days());
  LUY_TRY(const auto held, d_.held_from());
  for (const evidence::DayInfo& one : days) {
    if (!one.closed || one.damaged || (held && one.day >= *held)) continue;
    const Due due = due_on(one.day, today, rules, places);
    const std::string what = text_of(due);
    const auto before = erased.find(one.day);
    if (due.empty() || (before != erased.end() && before->second == what)) continue;
    evidence::RewritePlan plan;
    plan.day = one.day;
    LUY_TRY(plan.withhold, ranges(one, due, stop));
    if (stop.stop_requested()) return false;
    if (!plan.withhold.empty()) {
      plan.reason = by_rules;
      plan.act = by_rules;
      for (const custody::RetentionRule& rule : rules) {
        if (!rule.erase_after_days) continue;
        for (const std::string& by : rule.decided_by) {
          if (std::find(plan.by.begin(), plan.by.end(), by) == plan.by.end()) plan.by.push_back(by);
        }
      }
      LUY_TRY(const auto notes, withhold(plan, stop));
      static_cast<void>(notes);
    }
    LUY_TRY_VOID(d_.rules.note_erased(one.day, what));
    return true;
  }
  if (!days.empty()) LUY_TRY_VOID(d_.rules.forget_before(days.front().day));
  return false;
}

}  // namespace luy::hub
