#include "duty/engine/book.h"

#include <algorithm>

#include "base/check.h"

namespace luy::duty {

Book::Book(std::vector<std::string> obligations) : obligations_(std::move(obligations)), ordered_(obligations_.size()) {
  for (std::size_t i = 0; i < obligations_.size(); ++i) {
    obligation_numbers_[obligations_[i]] = static_cast<ObligationNumber>(i);
  }
}

SubjectNumber Book::add_subject(SubjectRow row) {
  row.alive = true;
  if (free_subjects_.empty()) {
    subjects_.push_back(std::move(row));
    return static_cast<SubjectNumber>(subjects_.size() - 1);
  }
  const SubjectNumber number = free_subjects_.back();
  free_subjects_.pop_back();
  subjects_[number] = std::move(row);
  return number;
}

void Book::remove_subject(SubjectNumber number, Time now) {
  SubjectRow& row = subjects_[number];
  LUY_CHECK(row.alive);
  while (!row.slots.empty()) remove(slots_[row.slots.back()].obligation, number, now);
  row.alive = false;
  free_subjects_.push_back(number);
}

AgencyNumber Book::agency_number(const AgencyId& id) {
  const auto [entry, is_new] = agency_numbers_.try_emplace(id, static_cast<AgencyNumber>(agencies_.size()));
  if (is_new) {
    agencies_.push_back(id);
    cells_.resize(agencies_.size() * obligations_.size());
  }
  return entry->second;
}

std::optional<AgencyNumber> Book::find_agency(const AgencyId& id) const {
  const auto known = agency_numbers_.find(id);
  if (known == agency_numbers_.end()) return std::nullopt;
  return known->second;
}

void Book::expect(ObligationNumber obligation, const std::string& subject_id, Prior prior) {
  priors_.emplace(std::pair(obligation, subject_id), std::move(prior));
}

void Book::drop_expected() {
  for (const auto& [key, prior] : priors_) pending_.gone.push_back(key);
  priors_.clear();
}

std::optional<SlotNumber> Book::find(ObligationNumber obligation, SubjectNumber subject) const {
  for (const SlotNumber number : subjects_[subject].slots) {
    if (slots_[number].obligation == obligation) return number;
  }
  return std::nullopt;
}

std::optional<SlotNumber> Book::find(ObligationNumber obligation, std::string_view subject_id) const {
  const auto known = ordered_[obligation].find(subject_id);
  if (known == ordered_[obligation].end()) return std::nullopt;
  return known->second;
}

std::optional<ObligationNumber> Book::find_obligation(std::string_view id) const {
  const auto known = obligation_numbers_.find(std::string(id));
  if (known == obligation_numbers_.end()) return std::nullopt;
  return known->second;
}

Time Book::born(ObligationNumber obligation, SubjectNumber subject, Time now) const {
  if (const auto number = find(obligation, subject)) return slots_[*number].born;
  const auto prior = priors_.find({obligation, subjects_[subject].subject.id});
  return prior == priors_.end() ? now : prior->second.born;
}

SlotNumber Book::make_slot(ObligationNumber obligation, SubjectNumber subject) {
  SlotNumber number = static_cast<SlotNumber>(slots_.size());
  if (free_slots_.empty()) {
    slots_.emplace_back();
  } else {
    number = free_slots_.back();
    free_slots_.pop_back();
  }
  Slot& slot = slots_[number];
  slot = Slot();
  slot.obligation = obligation;
  slot.subject = subject;
  slot.alive = true;
  subjects_[subject].slots.push_back(number);
  const bool is_new = ordered_[obligation].emplace(subjects_[subject].subject.id, number).second;
  LUY_CHECK_MSG(is_new, "subject ids are unique");
  ++alive_;
  if (subjects_[subject].role != Role::agency) ++cell(slot).real;
  return number;
}

namespace {

// A change that had been foreseen, with nothing newly learnt, happened when it was foreseen, however late we look.
Time moment_of(const std::optional<Time>& foreseen, bool same_basis, Time now) {
  return foreseen && *foreseen <= now && same_basis ? *foreseen : now;
}

}  // namespace

void Book::settle(ObligationNumber obligation, SubjectNumber subject, const Judgement& judgement, Time now) {
  if (const auto known = find(obligation, subject)) {
    Slot& slot = slots_[*known];
    const State before = slot.state;
    const Code code_before = slot.code;
    bool same_basis = slot.basis.size() == judgement.basis.size();
    for (std::size_t i = 0; same_basis && i < slot.basis.size(); ++i) {
      same_basis = slot.basis[i].seq == judgement.basis[i].seq;
    }
    const Time at = moment_of(slot.changes_at, same_basis, now);
    if (before != judgement.state) {
      --cell(slot).counts[before];
      ++cell(slot).counts[judgement.state];
      slot.since = at;
    }
    write(slot, judgement, now);
    if (before != judgement.state || code_before != judgement.code) note(*known, before, at);
    queue(*known);
    return;
  }
  const SlotNumber number = make_slot(obligation, subject);
  Slot& slot = slots_[number];
  write(slot, judgement, now);
  ++cell(slot).counts[slot.state];
  const auto prior = priors_.find({obligation, subjects_[subject].subject.id});
  if (prior == priors_.end()) {
    slot.born = now;
    slot.since = now;
    note(number, std::nullopt, now);
  } else {
    const Prior& was = prior->second;
    bool same_basis = was.seqs.size() == slot.basis.size();
    for (std::size_t i = 0; same_basis && i < slot.basis.size(); ++i) same_basis = was.seqs[i] == slot.basis[i].seq;
    const Time at = moment_of(was.changes_at, same_basis, now);
    slot.born = was.born;
    slot.since = was.state == slot.state ? was.since : at;
    if (was.state != slot.state || was.code != name_of(slot.code)) note(number, was.state, at);
    priors_.erase(prior);
  }
  queue(number);
}

void Book::write(Slot& slot, const Judgement& judgement, Time now) {
  slot.state = judgement.state;
  slot.code = judgement.code;
  slot.arguments = judgement.arguments.packed();
  slot.basis.assign(judgement.basis.begin(), judgement.basis.end());
  for (Basis& basis : slot.basis) basis.method = *methods_.emplace(basis.method).first;
  slot.judged_at = now;
  slot.changes_at = judgement.changes_at;
  // A moment that has passed would be looked at again without end.
  LUY_CHECK_MSG(!slot.changes_at || *slot.changes_at > now, name_of(slot.code));
}

void Book::remove(ObligationNumber obligation, SubjectNumber subject, Time now) {
  const auto number = find(obligation, subject);
  if (!number) return;
  Slot& slot = slots_[*number];
  if (tell_) {
    VerdictChange change;
    change.verdict = verdict(*number);
    change.verdict.judged_at = now;
    change.before = slot.state;
    change.gone = true;
    pending_.told.push_back(std::move(change));
  }
  pending_.rows.erase(*number);
  SubjectRow& row = subjects_[subject];
  pending_.gone.emplace_back(obligation, row.subject.id);
  --cell(slot).counts[slot.state];
  if (row.role != Role::agency) --cell(slot).real;
  ordered_[obligation].erase(row.subject.id);
  std::erase(row.slots, *number);
  slot.alive = false;
  slot.queued_at.reset();
  free_slots_.push_back(*number);
  --alive_;
}

void Book::note(SlotNumber number, std::optional<State> before, Time at) {
  const Slot& slot = slots_[number];
  const SubjectRow& row = subjects_[slot.subject];
  pending_.rows.insert(number);
  pending_.history.push_back({slot.obligation, row.subject.id, row.subject.name, row.device, at, slot.state, slot.code,
                              slot.arguments, proof_of(slot)});
  if (!tell_) return;
  VerdictChange change;
  change.verdict = verdict(number);
  change.before = before;
  pending_.told.push_back(std::move(change));
}

void Book::queue(SlotNumber number) {
  Slot& slot = slots_[number];
  if (!slot.changes_at) return;
  // An entry that is too early only looks again; one that is too late would miss the moment.
  if (slot.queued_at && *slot.queued_at <= *slot.changes_at) return;
  slot.queued_at = slot.changes_at;
  queue_.push({*slot.changes_at, number});
}

std::optional<SlotNumber> Book::pop_due(Time now) {
  while (!queue_.empty() && queue_.top().at <= now) {
    const Queued top = queue_.top();
    queue_.pop();
    Slot& slot = slots_[top.slot];
    if (!slot.alive || slot.queued_at != top.at) continue;
    slot.queued_at.reset();
    if (slot.changes_at && *slot.changes_at <= now) return top.slot;
    queue(top.slot);
  }
  return std::nullopt;
}

std::optional<Time> Book::next_change() const {
  if (queue_.empty()) return std::nullopt;
  return queue_.top().at;
}

std::vector<Proof> Book::proof_of(const Slot& slot) const {
  std::vector<Proof> out;
  for (const Basis& basis : slot.basis) {
    out.push_back({std::string(basis.kind), basis.seq, basis.learnt_at, std::string(basis.method)});
  }
  return out;
}

Verdict Book::verdict(SlotNumber number) const {
  const Slot& slot = slots_[number];
  const SubjectRow& row = subjects_[slot.subject];
  Verdict out;
  out.obligation = obligations_[slot.obligation];
  out.subject = row.subject;
  out.agency = agencies_[row.agency];
  out.device = row.device;
  out.state = slot.state;
  out.reason = {std::string(name_of(slot.code)), Arguments::unpack(slot.arguments)};
  out.since = slot.since;
  out.judged_at = slot.judged_at;
  out.changes_at = slot.changes_at;
  out.proof = proof_of(slot);
  return out;
}

}  // namespace luy::duty
