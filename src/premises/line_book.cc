#include "premises/line_book.h"

#include <algorithm>
#include <tuple>

#include "premises/line_rows.h"
#include "premises/text.h"

namespace luy::premises {
namespace {

using directory::AuditEntry;
using directory::Caller;
using records::Connection;

AuditEntry entry_for(const char* act, const AgencyId& agency) {
  AuditEntry entry;
  entry.act = act;
  entry.object = "agency:" + agency.text();
  entry.after["agency"] = agency.text();
  return entry;
}

void add(boost::json::object& to, boost::json::object from) {
  for (auto& [key, value] : from) to[key] = std::move(value);
}

// What a notice to the province tells.
auto told(const Line& one) {
  return std::tie(one.kind, one.provider, one.exits, one.router);
}
auto planned(const Subnet& one) {
  return std::tie(one.range, one.purpose, one.gateway, one.vlan, one.is_dedicated);
}

}  // namespace

Result<std::unique_ptr<LineBook>> LineBook::open(Dependencies dependencies) {
  std::unique_ptr<LineBook> book(new LineBook(std::move(dependencies)));
  LUY_TRY_VOID(book->load());
  return book;
}

Result<void> LineBook::load() {
  return d_.database.read([&](Connection& c) -> Result<void> {
    LUY_TRY(const std::vector<Subnet> subnets, load_subnets(c));
    LUY_TRY(const std::vector<Line> lines, load_lines(c));
    const std::unique_lock lock(mutex_);
    for (const Subnet& one : subnets) subnets_[one.id] = one;
    for (const Line& one : lines) lines_[one.id] = one;
    return {};
  });
}

void LineBook::tell(const AgencyId& agency) const {
  if (d_.changed) d_.changed(agency);
}

std::vector<Subnet> LineBook::subnets() const {
  std::vector<Subnet> out;
  {
    const std::shared_lock lock(mutex_);
    for (const auto& [id, one] : subnets_) {
      if (!one.removed_at) out.push_back(one);
    }
  }
  std::sort(out.begin(), out.end(),
            [](const Subnet& a, const Subnet& b) { return std::tie(a.agency, a.range) < std::tie(b.agency, b.range); });
  return out;
}

std::vector<Line> LineBook::lines(bool with_ended) const {
  std::vector<Line> out;
  {
    const std::shared_lock lock(mutex_);
    for (const auto& [id, one] : lines_) {
      if (with_ended || !one.ended_at) out.push_back(one);
    }
  }
  std::sort(out.begin(), out.end(), [](const Line& a, const Line& b) {
    return std::tie(a.agency, a.name, a.id) < std::tie(b.agency, b.name, b.id);
  });
  return out;
}

Result<Subnet> LineBook::subnet(const SubnetId& id) const {
  const std::shared_lock lock(mutex_);
  const auto found = subnets_.find(id);
  if (found == subnets_.end() || found->second.removed_at) return Error(subnet_unknown);
  return found->second;
}

Result<Line> LineBook::line(const LineId& id) const {
  const std::shared_lock lock(mutex_);
  const auto found = lines_.find(id);
  if (found == lines_.end()) return Error(line_unknown);
  return found->second;
}

Result<Line> LineBook::living(const LineId& id) const {
  LUY_TRY(Line one, line(id));
  if (one.ended_at) return Error(line_ended);
  return one;
}

std::optional<Time> LineBook::plan_changed_at(const AgencyId& agency) const {
  const std::shared_lock lock(mutex_);
  std::optional<Time> out;
  for (const auto& [id, one] : subnets_) {
    if (one.agency == agency) out = std::max(out.value_or(one.changed_at), one.removed_at.value_or(one.changed_at));
  }
  return out;
}

std::vector<std::string> LineBook::dedicated_ranges(const AgencyId& agency) const {
  std::vector<std::string> out;
  for (const Subnet& one : subnets()) {
    if (one.agency == agency && one.is_dedicated) out.push_back(text_of(one.range));
  }
  return out;
}

bool LineBook::misses_terms(const AgencyId& agency) const {
  const std::shared_lock lock(mutex_);
  return std::any_of(lines_.begin(), lines_.end(), [&](const auto& one) {
    const Line& line = one.second;
    return line.agency == agency && line.kind == LineKind::dedicated && !line.ended_at && line.terms.empty();
  });
}

Result<Subnet> LineBook::put(const Caller& caller, Subnet wanted) {
  const Time now = d_.clock.now();
  const bool is_new = wanted.id.empty();
  const auto work = [&](Connection& c, AuditEntry& entry) -> Result<Subnet> {
    const std::vector<Subnet> all = subnets();
    Subnet before;
    if (!is_new) {
      LUY_TRY(before, subnet(wanted.id));
      if (before.version != wanted.version) return Error(lines_changed);
      wanted.agency = before.agency;
    } else {
      wanted.id = SubnetId::make(now, d_.random);
    }
    LUY_TRY(Subnet one, checked(std::move(wanted), day_of(now)));
    std::size_t count = 0;
    for (const Subnet& other : all) {
      if (other.agency != one.agency || other.id == one.id) continue;
      ++count;
      if (overlaps(other.range, one.range)) return Error(subnet_taken, text_of(other.range));
    }
    if (count >= subnets_max) return Error(lines_too_many, std::to_string(subnets_max));
    one.version = is_new ? 1 : before.version + 1;
    one.changed_at = is_new || planned(before) != planned(one) ? now : before.changed_at;
    if (!is_new) entry.before = noted(before);
    add(entry.after, noted(one));
    LUY_TRY_VOID(save(c, one));
    return one;
  };
  LUY_TRY(const Subnet done, d_.audit.perform(caller, entry_for("subnet_put", wanted.agency), work));
  {
    const std::unique_lock lock(mutex_);
    subnets_[done.id] = done;
  }
  tell(done.agency);
  return done;
}

Result<void> LineBook::remove(const Caller& caller, const SubnetId& id, std::string_view reason) {
  LUY_TRY(Subnet one, subnet(id));
  const auto work = [&](Connection& c, AuditEntry& entry) -> Result<void> {
    LUY_TRY(const std::string why, clean_text(reason, {"reason", note_bytes_max, false, Suspect::mixed}));
    one.removed_at = d_.clock.now();
    ++one.version;
    entry.before = noted(one);
    entry.after["reason"] = why;
    return save(c, one);
  };
  LUY_TRY_VOID(d_.audit.perform(caller, entry_for("subnet_remove", one.agency), work));
  {
    const std::unique_lock lock(mutex_);
    subnets_[id] = one;
  }
  tell(one.agency);
  return {};
}

Result<Line> LineBook::act(const Caller& caller, const char* name, Line before, Line after) {
  const auto work = [&](Connection& c, AuditEntry& entry) -> Result<void> {
    if (!before.id.empty()) entry.before = noted(before);
    add(entry.after, noted(after));
    if (!after.end_reason.empty()) entry.after["reason"] = after.end_reason;
    const bool is_notice = std::string_view(name) == "line_notice";
    entry.after["proof_of"] = is_notice ? notice_act(after.id) : line_act(after.id);
    return save(c, after);
  };
  LUY_TRY_VOID(d_.audit.perform(caller, entry_for(name, after.agency), work));
  {
    const std::unique_lock lock(mutex_);
    lines_[after.id] = after;
  }
  tell(after.agency);
  return after;
}

Result<Line> LineBook::put(const Caller& caller, Line wanted) {
  const Time now = d_.clock.now();
  Line before;
  if (wanted.id.empty()) {
    const auto all = lines(false);
    const auto count =
        std::count_if(all.begin(), all.end(), [&](const Line& one) { return one.agency == wanted.agency; });
    if (static_cast<std::size_t>(count) >= lines_max) return Error(lines_too_many, std::to_string(lines_max));
    wanted.id = LineId::make(now, d_.random);
    wanted.version = 1;
  } else {
    LUY_TRY(before, living(wanted.id));
    if (before.version != wanted.version) return Error(lines_changed);
    wanted.agency = before.agency;
    wanted.noticed_on = before.noticed_on;
    wanted.notice_document = before.notice_document;
    wanted.noticed_at = before.noticed_at;
    wanted.version = before.version + 1;
  }
  LUY_TRY(Line one, checked(std::move(wanted)));
  one.told_change_at = before.id.empty() || told(before) != told(one) ? now : before.told_change_at;
  return act(caller, "line_put", std::move(before), std::move(one));
}

Result<Line> LineBook::end(const Caller& caller, const LineId& id, std::string_view reason) {
  LUY_TRY(const Line before, living(id));
  Line one = before;
  LUY_TRY(one.end_reason, clean_text(reason, {"reason", note_bytes_max, false, Suspect::mixed}));
  one.ended_at = d_.clock.now();
  ++one.version;
  return act(caller, "line_end", before, std::move(one));
}

Result<Line> LineBook::note_notice(const Caller& caller, const LineId& id, Day day, std::string_view document) {
  LUY_TRY(const Line before, living(id));
  if (before.kind != LineKind::internet) return Error(line_not_internet);
  if (day > day_of(d_.clock.now())) return Error(line_invalid, "ngày thông báo", "the day of the notice");
  Line one = before;
  LUY_TRY(one.notice_document, clean_text(document, {"document", name_bytes_max, false}));
  one.noticed_on = day;
  one.noticed_at = d_.clock.now();
  ++one.version;
  return act(caller, "line_notice", before, std::move(one));
}

}  // namespace luy::premises
