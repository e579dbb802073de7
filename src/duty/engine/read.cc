// What readers ask. Nothing is judged here.
#include <algorithm>

#include "duty/engine/live_engine.h"

namespace luy::duty {
namespace {

// A cursor is the obligation and the subject of the last verdict of a page.
constexpr char cursor_separator = '/';

}  // namespace

Page LiveEngine::list(const Filter& filter) const {
  Page page;
  const std::shared_lock lock(mutex_);
  std::vector<bool> shown(book_.agency_count());
  for (AgencyNumber number = 0; number < shown.size(); ++number) {
    const AgencyId& id = book_.agency_id(number);
    shown[number] = (!filter.agency || *filter.agency == id) && (!filter.visible || filter.visible(id));
  }
  const auto cut = filter.after.find(cursor_separator);
  const auto after_obligation =
      filter.after.empty() ? std::nullopt : book_.find_obligation(filter.after.substr(0, cut));
  const std::string after_subject = cut == std::string::npos ? std::string() : filter.after.substr(cut + 1);
  const auto take = [&](ObligationNumber number, std::string_view subject_id, SlotNumber slot_number) {
    const Slot& slot = book_.slot(slot_number);
    if (!shown[book_.subject(slot.subject).agency]) return;
    if (filter.state && *filter.state != slot.state) return;
    ++page.total;
    if (after_obligation &&
        (number < *after_obligation || (number == *after_obligation && subject_id <= after_subject))) {
      return;
    }
    if (page.verdicts.size() < filter.limit) {
      page.verdicts.push_back(book_.verdict(slot_number));
    } else if (!page.next) {
      const Verdict& last = page.verdicts.back();
      page.next = last.obligation + cursor_separator + last.subject.id;
    }
  };
  for (std::size_t i = 0; i < rules_.size(); ++i) {
    const auto number = static_cast<ObligationNumber>(i);
    if (filter.obligation && *filter.obligation != book_.obligation_id(number)) continue;
    if (filter.article && *filter.article != rules_[i].obligation->article) continue;
    if (filter.subject) {
      if (const auto slot = book_.find(number, *filter.subject)) take(number, *filter.subject, *slot);
      continue;
    }
    for (const auto& [subject_id, slot] : book_.of_obligation(number)) take(number, subject_id, slot);
  }
  return page;
}

std::optional<Verdict> LiveEngine::find(std::string_view obligation, std::string_view subject) const {
  const std::shared_lock lock(mutex_);
  const auto number = book_.find_obligation(obligation);
  if (!number) return std::nullopt;
  const auto slot = book_.find(*number, subject);
  if (!slot) return std::nullopt;
  return book_.verdict(*slot);
}

Result<std::vector<PastVerdict>> LiveEngine::history(std::string_view obligation, std::string_view subject,
                                                     std::size_t limit) const {
  return deps_.database.read([&](records::Connection& db) { return tables::history(db, obligation, subject, limit); });
}

Result<std::vector<PastVerdict>> LiveEngine::device_history(const DeviceId& device, std::size_t limit) const {
  return deps_.database.read([&](records::Connection& db) { return tables::history(db, {}, device.text(), limit); });
}

std::vector<std::optional<Time>> LiveEngine::oldest_violations() const {
  std::vector<std::optional<Time>> out(agencies_.size() * rules_.size());
  for (std::size_t i = 0; i < rules_.size(); ++i) {
    for (const auto& [subject_id, number] : book_.of_obligation(static_cast<ObligationNumber>(i))) {
      const Slot& slot = book_.slot(number);
      if (slot.state != State::violated) continue;
      auto& oldest = out[book_.subject(slot.subject).agency * rules_.size() + i];
      if (!oldest || slot.since < *oldest) oldest = slot.since;
    }
  }
  return out;
}

std::vector<Cell> LiveEngine::cells(const std::function<bool(const AgencyId&)>& visible) const {
  std::vector<Cell> out;
  const std::shared_lock lock(mutex_);
  const std::vector<std::optional<Time>> oldest = oldest_violations();
  for (AgencyNumber agency = 0; agency < agencies_.size(); ++agency) {
    const AgencyId& id = book_.agency_id(agency);
    if (!agencies_[agency].exists || (visible && !visible(id))) continue;
    for (std::size_t i = 0; i < rules_.size(); ++i) {
      const auto number = static_cast<ObligationNumber>(i);
      Cell cell;
      cell.obligation = book_.obligation_id(number);
      cell.agency = id;
      cell.counts = book_.counts(agency, number);
      if (cell.counts.total() == 0) continue;
      cell.violated_since = oldest[agency * rules_.size() + i];
      if (week_ago_) {
        const auto then = week_ago_->find({id.text(), cell.obligation});
        cell.violated_week_ago = then == week_ago_->end() ? 0 : then->second;
      }
      out.push_back(std::move(cell));
    }
  }
  return out;
}

Counts LiveEngine::counts(const DeviceId& device) const {
  Counts out;
  const std::shared_lock lock(mutex_);
  const auto known = devices_.find(device);
  if (known == devices_.end()) return out;
  const auto add = [&](SubjectNumber subject) {
    for (const SlotNumber slot : book_.subject(subject).slots) ++out[book_.slot(slot).state];
  };
  add(known->second.subject);
  for (const auto& [name, subject] : known->second.accounts) add(subject);
  return out;
}

std::vector<AgencyInfo> LiveEngine::agencies() const {
  std::vector<AgencyInfo> out;
  const std::shared_lock lock(mutex_);
  for (const AgencyEntry& entry : agencies_) {
    if (entry.exists) out.push_back(entry.info);
  }
  return out;
}

std::size_t LiveEngine::size() const {
  const std::shared_lock lock(mutex_);
  return book_.size();
}

}  // namespace luy::duty
