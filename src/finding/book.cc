#include "finding/book.h"

#include <algorithm>
#include <limits>

#include "finding/group.h"
#include "finding/store/tables.h"

namespace luy::finding {
namespace {

void add_entities(Finding& finding, const std::vector<Entity>& entities) {
  for (const Entity& entity : entities) {
    if (finding.entities.size() >= entities_max) return;
    Entity cleaned{entity.type, clean(entity.value, entity_bytes_max)};
    if (cleaned.value.empty()) continue;
    const auto& known = finding.entities;
    if (std::find(known.begin(), known.end(), cleaned) == known.end()) finding.entities.push_back(std::move(cleaned));
  }
}

bool grows(const Finding& finding, Time now) {
  return now - finding.grown_at < group_quiet && now - finding.opened_at < group_span;
}

std::string hit_name(const Report& report) {
  return report.rule ? report.rule->id : std::string();
}

}  // namespace

// What a transaction changes; put into memory once it is committed.
struct Book::Draft {
  struct Touched {
    std::shared_ptr<Finding> finding;  // Not yet seen by readers.
    Change::Kind kind = Change::Kind::grown;
  };
  std::vector<Touched> touched;
  std::map<std::pair<AgencyId, std::string>, std::size_t> groups;  // Into `touched`.
  std::map<std::string, RuleHits> hits;
  std::vector<tables::HitRow> hit_rows;
  std::vector<std::pair<FindingId, HistoryEntry>> history;
};

Result<std::unique_ptr<Book>> Book::open(Dependencies dependencies) {
  std::unique_ptr<Book> book(new Book(std::move(dependencies)));
  LUY_TRY_VOID(book->load());
  return book;
}

Result<void> Book::load() {
  return d_.database.read([&](records::Connection& c) -> Result<void> {
    LUY_TRY_VOID(tables::load(c, [&](Finding finding) {
      const FindingId id = finding.id;
      groups_[{finding.agency, finding.group_key}] = id;
      findings_[id] = std::make_shared<const Finding>(std::move(finding));
    }));
    return tables::load_hits(c, [&](const tables::HitRow& row) {
      RuleHits& hits = hits_[row.rule];
      hits.days[row.day] = row.count;
      hits.last = std::max(hits.last, row.last);
    });
  });
}

// The finding that takes the report: of its group, a new one, or the one for further groups of the rule.
std::shared_ptr<Finding> Book::group_for(Draft& draft, const Report& report, Time now, bool& opened) const {
  opened = false;
  std::string key = stored_key(report);
  for (int round = 0; round < 2; ++round) {
    const auto place = std::pair(report.agency, key);
    if (const auto drafted = draft.groups.find(place); drafted != draft.groups.end()) {
      return draft.touched[drafted->second].finding;
    }
    const std::shared_lock lock(mutex_);
    if (const auto known = groups_.find(place); known != groups_.end()) {
      const auto finding = findings_.find(known->second);
      if (finding != findings_.end() && grows(*finding->second, now)) {
        draft.groups[place] = draft.touched.size();
        draft.touched.push_back({std::make_shared<Finding>(*finding->second), Change::Kind::grown});
        return draft.touched.back().finding;
      }
    }
    const std::string prefix = rule_part(report);
    if (round == 1 || prefix + std::string(further_groups) == key) break;
    const auto same_rule = [&](const auto& entry) {
      return entry.first.first == report.agency && entry.first.second.starts_with(prefix);
    };
    std::size_t open = 0;
    for (auto other = groups_.lower_bound({report.agency, prefix}); other != groups_.end() && same_rule(*other);
         ++other) {
      const auto finding = findings_.find(other->second);
      if (finding != findings_.end() && grows(*finding->second, now)) ++open;
    }
    for (const auto& [drafted, index] : draft.groups) {
      if (drafted.first == report.agency && drafted.second.starts_with(prefix) && !groups_.contains(drafted)) ++open;
    }
    if (open < groups_max) break;
    key = prefix + std::string(further_groups);
  }
  opened = true;
  auto made = std::make_shared<Finding>();
  made->id = FindingId::make(now, d_.random);
  made->kind = report.kind;
  made->rule = report.rule;
  if (made->rule) {
    made->rule->id = clean(made->rule->id, entity_bytes_max);
    made->rule->title = clean(made->rule->title, title_bytes_max);
  }
  made->severity = report.severity;
  made->title = clean(report.title, title_bytes_max);
  made->agency = report.agency;
  if (key.ends_with("|" + std::string(further_groups))) {
    made->title.vi += " (các nhóm khác)";
    made->title.en += " (further groups)";
  } else {
    made->device = report.device;
  }
  made->first_seen = report.first;
  made->last_seen = report.last;
  made->opened_at = made->grown_at = now;
  if (d_.triage && report.severity >= d_.triage_from) made->due_at = now + *d_.triage;
  made->group_key = key;
  draft.groups[{report.agency, key}] = draft.touched.size();
  draft.touched.push_back({made, Change::Kind::opened});
  return made;
}

void Book::count_hit(Draft& draft, const Report& report, std::uint64_t events) const {
  const std::string rule = hit_name(report);
  if (rule.empty() || events == 0) return;
  const auto [drafted, is_new] = draft.hits.try_emplace(rule);
  if (is_new) {
    const std::shared_lock lock(mutex_);
    if (const auto known = hits_.find(rule); known != hits_.end()) drafted->second = known->second;
  }
  const Day day = day_of(report.last);
  RuleHits& hits = drafted->second;
  hits.days[day] += events;
  hits.last = std::max(hits.last, report.last);
  draft.hit_rows.push_back({rule, day, hits.days[day], hits.last});
}

Result<void> Book::apply(records::Connection& c, Draft& draft, const Report& report, Time now) const {
  bool opened = false;
  const std::shared_ptr<Finding> finding = group_for(draft, report, now, opened);
  Finding& f = *finding;
  std::uint64_t events = report.further;
  for (const std::uint64_t seq : report.seqs) {
    if (f.members < members_max) {
      LUY_TRY(const bool added, tables::add_member(c, f.id, seq));
      if (!added) continue;
      if (f.members == 0 || seq < f.first_seq) f.first_seq = seq;
      ++f.members;
    } else if (seq <= f.last_seq) {
      // Beyond the numbers kept, what is older than the newest counted one is taken to be counted.
      continue;
    }
    f.last_seq = std::max(f.last_seq, seq);
    ++events;
  }
  if (report.seqs.empty() && report.further == 0) events = 1;
  if (events == 0 && !opened) return {};
  f.count += events;
  count_hit(draft, report, events);
  f.first_seen = std::min(f.first_seen, report.first);
  f.last_seen = std::max(f.last_seen, report.last);
  f.grown_at = now;
  const Text story = clean(report.story, story_bytes_max);
  if (!story.vi.empty() || !story.en.empty()) f.story = story;
  add_entities(f, report.entities);
  if (opened) {
    draft.history.emplace_back(f.id, HistoryEntry{now, "luy-hub", State::fresh, {}});
  } else if (report.severity > f.severity) {
    // It is worse than what somebody looked at.
    f.severity = report.severity;
    f.title = clean(report.title, title_bytes_max);
    if (d_.triage && f.severity >= d_.triage_from) f.due_at = now + *d_.triage;
    if (f.state == State::acknowledged) {
      f.state = State::fresh;
      f.looked_at.reset();
      f.state_by = "luy-hub";
      f.state_at = now;
      draft.history.emplace_back(f.id, HistoryEntry{now, "luy-hub", State::fresh, {}});
    }
  }
  return {};
}

Result<void> Book::report(std::span<const Report> reports, std::optional<Progress> progress) {
  if (reports.empty() && !progress) return {};
  LUY_TRY_VOID(store(reports, progress, false));
  return {};
}

Result<std::vector<Change>> Book::store(std::span<const Report> reports, const std::optional<Progress>& progress,
                                        bool again) {
  const std::lock_guard writing(writing_);
  const Time now = d_.clock.now();
  Draft draft;
  // Looked through before the transaction, which keeps other writers waiting; only store() changes it.
  const Known known = again ? known_of(reports) : Known();
  const auto stored = d_.database.write([&](records::Connection& c) -> Result<void> {
    draft = Draft();
    for (const Report& one : reports) {
      if (!again) {
        LUY_TRY_VOID(apply(c, draft, one, now));
        continue;
      }
      LUY_TRY(const auto fresh, uncounted(c, known, one));
      if (fresh) LUY_TRY_VOID(apply(c, draft, *fresh, now));
    }
    for (const Draft::Touched& one : draft.touched) LUY_TRY_VOID(tables::save(c, *one.finding));
    for (const auto& [id, entry] : draft.history) LUY_TRY_VOID(tables::add_history(c, id, entry));
    for (const tables::HitRow& row : draft.hit_rows) LUY_TRY_VOID(tables::save_hits(c, row));
    return progress ? tables::save_progress(c, progress->reader, progress->next_seq) : Result<void>();
  });
  if (!stored) return stored.error();
  std::vector<Change> changes;
  {
    const std::unique_lock lock(mutex_);
    for (const Draft::Touched& one : draft.touched) {
      findings_[one.finding->id] = one.finding;
      changes.push_back({one.kind, one.finding});
    }
    for (const auto& [place, index] : draft.groups) groups_[place] = draft.touched[index].finding->id;
    for (auto& [rule, hits] : draft.hits) hits_[rule] = std::move(hits);
  }
  if (d_.changed && !changes.empty()) d_.changed(changes);
  return changes;
}

Result<std::optional<std::uint64_t>> Book::next_seq(std::string_view reader) const {
  return d_.database.read([&](records::Connection& c) { return tables::progress(c, reader); });
}

Result<void> Book::set_state(const StateChange& wanted, const InTransaction& also) {
  if (wanted.state == State::false_positive &&
      clean(wanted.reason, reason_bytes_max).find_first_not_of(' ') == std::string::npos) {
    return Error(reason_needed);
  }
  const std::lock_guard writing(writing_);
  const Time now = d_.clock.now();
  std::vector<Change> changes;
  for (const FindingId& id : wanted.findings) {
    const FindingPointer before = find(id);
    if (!before) return Error(finding_unknown, id.text());
    auto after = std::make_shared<Finding>(*before);
    after->state = wanted.state;
    after->state_by = clean(wanted.by, title_bytes_max);
    after->state_at = now;
    after->reason = clean(wanted.reason, reason_bytes_max);
    after->act = wanted.act;
    if (wanted.state == State::fresh) {
      after->looked_at.reset();
    } else if (!after->looked_at) {
      after->looked_at = now;
    }
    changes.push_back({Change::Kind::state, std::move(after)});
  }
  const auto stored = d_.database.write([&](records::Connection& c) -> Result<void> {
    for (const Change& change : changes) {
      const Finding& f = *change.finding;
      LUY_TRY_VOID(tables::save(c, f));
      LUY_TRY_VOID(tables::add_history(c, f.id, {now, f.state_by, f.state, f.reason}));
    }
    return also ? also(c) : Result<void>();
  });
  if (!stored) return stored.error();
  {
    const std::unique_lock lock(mutex_);
    for (const Change& change : changes) findings_[change.finding->id] = change.finding;
  }
  if (d_.changed) d_.changed(changes);
  return {};
}

FindingPointer Book::find(const FindingId& id) const {
  const std::shared_lock lock(mutex_);
  const auto found = findings_.find(id);
  return found == findings_.end() ? nullptr : found->second;
}

std::vector<FindingPointer> Book::all() const {
  const std::shared_lock lock(mutex_);
  std::vector<FindingPointer> out;
  out.reserve(findings_.size());
  for (const auto& [id, finding] : findings_) out.push_back(finding);
  return out;
}

Result<std::vector<std::uint64_t>> Book::members(const FindingId& id, std::optional<std::uint64_t> before,
                                                 std::size_t limit) const {
  constexpr std::uint64_t highest = std::numeric_limits<std::int64_t>::max();
  return d_.database.read([&](records::Connection& c) {
    return tables::members(c, id, std::min(before.value_or(highest), highest), limit);
  });
}

Result<std::vector<HistoryEntry>> Book::history(const FindingId& id) const {
  return d_.database.read([&](records::Connection& c) { return tables::history(c, id); });
}

std::vector<FindingPointer> Book::of_agency(const AgencyId& agency) const {
  std::vector<FindingPointer> out;
  const std::shared_lock lock(mutex_);
  for (const auto& [id, finding] : findings_) {
    if (finding->agency == agency) out.push_back(finding);
  }
  return out;
}

Triage Book::triage(const AgencyId& agency) const {
  Triage out;
  const Time oldest = d_.clock.now() - triage_days;
  const std::shared_lock lock(mutex_);
  for (const auto& [id, finding] : findings_) {
    if (finding->agency != agency || !finding->due_at) continue;
    if (finding->state == State::fresh) {
      ++out.waiting;
      if (!out.most_urgent || *finding->due_at < *out.most_urgent->due_at) out.most_urgent = finding;
      continue;
    }
    if (!finding->looked_at || *finding->looked_at < oldest) continue;
    ++out.looked_at;
    if (*finding->looked_at > *finding->due_at) ++out.late;
    if (!out.newest || *finding->looked_at > *out.newest->looked_at) out.newest = finding;
  }
  return out;
}

Book::Hits Book::hits(const std::string& rule) const {
  Hits out;
  const Day from = day_of(d_.clock.now()) - days(30);
  const std::shared_lock lock(mutex_);
  const auto found = hits_.find(rule);
  if (found == hits_.end()) return out;
  for (auto day = found->second.days.upper_bound(from); day != found->second.days.end(); ++day) {
    out.days_30 += day->second;
  }
  out.last = found->second.last;
  return out;
}

Result<void> Book::expire() {
  const std::lock_guard writing(writing_);
  const Time now = d_.clock.now();
  std::vector<FindingPointer> closed;
  for (const FindingPointer& finding : all()) {
    if (finding->state != State::fresh && finding->state != State::in_case) closed.push_back(finding);
  }
  std::sort(closed.begin(), closed.end(), [](const auto& a, const auto& b) { return a->grown_at < b->grown_at; });
  std::size_t total = 0;
  {
    const std::shared_lock lock(mutex_);
    total = findings_.size();
  }
  std::vector<FindingPointer> gone;
  for (const FindingPointer& finding : closed) {
    if (now - finding->grown_at <= findings_kept && total - gone.size() <= findings_max) break;
    gone.push_back(finding);
  }
  const auto stored = d_.database.write([&](records::Connection& c) -> Result<void> {
    for (const FindingPointer& finding : gone) LUY_TRY_VOID(tables::remove(c, finding->id));
    return tables::trim_hits(c, day_of(now - findings_kept));
  });
  if (!stored) return stored.error();
  const std::unique_lock lock(mutex_);
  for (const FindingPointer& finding : gone) {
    findings_.erase(finding->id);
    const auto group = groups_.find({finding->agency, finding->group_key});
    if (group != groups_.end() && group->second == finding->id) groups_.erase(group);
  }
  return {};
}

}  // namespace luy::finding
