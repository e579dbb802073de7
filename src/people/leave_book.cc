#include "people/leave_book.h"

#include <algorithm>
#include <boost/algorithm/string/join.hpp>
#include <set>

#include "directory/deciders.h"
#include "people/store/leave_store.h"
#include "people/store/number.h"
#include "people/text.h"

namespace luy::people {
namespace {

namespace json = boost::json;

// Says that a change was only tried: nothing of it is kept.
constexpr ErrorKind only_tried{"people.only_tried", ErrorClass::internal, "Chỉ thử.", "Only tried."};

json::object summary_of(const Leave& leave) {
  return {{"agency", leave.agency.text()},      {"number", leave.number},
          {"person", leave.person.text()},      {"name", leave.person_name},
          {"kind", name_of(leave.kind)},        {"to", leave.to ? json::value(leave.to->text()) : json::value(nullptr)},
          {"last_day", to_iso(leave.last_day)}, {"state", name_of(leave.state)},
          {"open_items", leave.open_items()}};
}

json::object summary_of(const LeaveItem& item) {
  return {{"item", item.id.text()}, {"kind", name_of(item.kind)},   {"ref", item.ref},
          {"name", item.name},      {"state", name_of(item.state)}, {"how", item.how}};
}

Result<void> without_value(const Result<Leave>& done) {
  return done ? Result<void>() : done.error();
}

void merge(json::object& into, const json::object& from) {
  for (const auto& one : from) into[one.key()] = one.value();
}

Result<Leave> load(records::Connection& c, const LeaveId& id) {
  LUY_TRY(std::vector<Leave> found, store::leaves(c, "WHERE l.id = $1", {std::string_view(id.text())}));
  if (found.empty()) return Error(leave_unknown);
  return std::move(found.front());
}

LeaveItem* find_item(Leave& leave, const LeaveItemId& id) {
  const auto found = std::find_if(leave.items.begin(), leave.items.end(), [&](const auto& i) { return i.id == id; });
  return found == leave.items.end() ? nullptr : &*found;
}

Result<void> check(const NewLeave& wanted, Day today) {
  if (wanted.last_day < today - leave_days_max || wanted.last_day > today + leave_days_max) {
    return Error(leave_invalid, "ngày làm việc cuối cùng", "the last day");
  }
  if ((wanted.kind == LeaveKind::move) != wanted.to.has_value()) {
    return Error(leave_invalid, "cơ quan đến", "the agency somebody moves to");
  }
  return {};
}

}  // namespace

// Runs the move and takes it back, so that what may not be is refused now and not on the day.
Result<void> LeaveBook::try_move(const directory::Caller& caller, const NewLeave& wanted) {
  const auto tried = d_.database.write([&](records::Connection& c) -> Result<void> {
    LUY_TRY_VOID(d_.people.move(c, caller, wanted.person, {*wanted.to, wanted.last_day + days(1), {}}));
    return Error(only_tried);
  });
  if (tried.error().is(only_tried)) return {};
  directory::AuditEntry entry;
  entry.act = "leave_open";
  entry.object = "person:" + wanted.person.text();
  entry.outcome =
      tried.error().error_class() == ErrorClass::denied ? directory::Outcome::refused : directory::Outcome::failed;
  entry.error = tried.error().name();
  LUY_TRY_VOID(d_.audit.record(caller, entry));
  return tried.error();
}

Result<void> LeaveBook::end_access(records::Connection& c, const directory::Caller& caller, Leave& leave) {
  const Time now = d_.clock.now();
  directory::EndedAccess ended;
  if (leave.kind == LeaveKind::move) {
    LUY_TRY(ended, d_.people.move(c, caller, leave.person, {*leave.to, leave.last_day + days(1), {}}));
  } else {
    LUY_TRY(ended, d_.people.begin_leave(c, caller, leave.person, leave.last_day));
  }
  leave.state = LeaveState::open;
  leave.ended_at = now;
  for (LeaveItem& item : leave.items) {
    const bool is_ended = item.kind == ItemKind::product_account || item.kind == ItemKind::api_token;
    if (!is_ended || item.state != ItemState::open) continue;
    item.state = ItemState::done;
    item.done_at = now;
  }
  for (const directory::DelegationId& one : ended.delegations) {
    LeaveItem item;
    item.id = LeaveItemId::make(now, d_.random);
    item.kind = ItemKind::delegation;
    item.ref = item.name = one.text();
    item.state = ItemState::done;
    item.done_at = now;
    leave.items.push_back(std::move(item));
  }
  return {};
}

Result<Leave> LeaveBook::open(const directory::Caller& caller, const Who& who, const NewLeave& wanted) {
  const Time now = d_.clock.now();
  const Day today = day_of(now);
  LUY_TRY_VOID(check(wanted, today));
  LUY_TRY(const std::string reason, needed_text("reason", wanted.reason, reason_bytes_max));
  LUY_TRY(std::vector<LeaveItem> held, holdings(wanted.person, wanted.kind));
  const bool is_planned = wanted.last_day > today;
  if (is_planned && wanted.kind == LeaveKind::move) LUY_TRY_VOID(try_move(caller, wanted));
  directory::AuditEntry entry;
  entry.act = "leave_open";
  entry.object = "person:" + wanted.person.text();
  const auto work = [&](records::Connection& c, directory::AuditEntry& noted) -> Result<Leave> {
    LUY_TRY(const directory::Person person, directory::People::find_in(c, wanted.person));
    LUY_TRY(const std::vector<Leave> there,
            store::leaves(c, "WHERE l.person = $1 AND l.state <> 'closed'", {std::string_view(person.id.text())}));
    if (!there.empty()) return Error(leave_exists, there.front().number);
    Leave out;
    out.id = LeaveId::make(now, d_.random);
    LUY_TRY(out.number, store::next_number(c, "NV", today));
    out.person = person.id;
    out.person_name = person.name;
    out.kind = wanted.kind;
    out.agency = person.agency;
    out.to = wanted.to;
    out.last_day = wanted.last_day;
    out.reason = reason;
    out.opened_at = now;
    out.opened_by = {who.person ? who.person->text() : std::string(), who.name};
    out.items = std::move(held);
    for (LeaveItem& item : out.items) item.id = LeaveItemId::make(now, d_.random);
    if (!is_planned) {
      LUY_TRY_VOID(end_access(c, caller, out));
    } else if (wanted.kind == LeaveKind::leave) {
      LUY_TRY_VOID(d_.people.announce_leave(c, caller, person.id, wanted.last_day));
    }
    LUY_TRY_VOID(store::save(c, out));
    for (const LeaveItem& item : out.items) LUY_TRY_VOID(store::save(c, out.id, item));
    noted.after = summary_of(out);
    noted.after["reason"] = reason;
    noted.after["proof_of"] = out.id.text();
    return out;
  };
  auto made = d_.audit.perform(caller, std::move(entry), work);
  if (made && d_.changed) d_.changed(*made);
  return made;
}

Result<Leave> LeaveBook::act(const directory::Caller& caller, const Permit& permit, const LeaveId& id, const char* name,
                             const Change& change) {
  directory::AuditEntry entry;
  entry.act = name;
  entry.object = "leave:" + id.text();
  const auto work = [&](records::Connection& c, directory::AuditEntry& noted) -> Result<Leave> {
    LUY_TRY(Leave leave, load(c, id));
    LUY_TRY_VOID(permit(leave.agency));
    if (leave.state == LeaveState::closed) return Error(leave_over, leave.number);
    noted.object = "person:" + leave.person.text();
    noted.after = {{"agency", leave.agency.text()}, {"number", leave.number}};
    LUY_TRY_VOID(change(c, leave, noted));
    return leave;
  };
  auto done = d_.audit.perform(caller, std::move(entry), work);
  if (done && d_.changed) d_.changed(*done);
  return done;
}

Result<Leave> LeaveBook::add_item(const directory::Caller& caller, const Permit& permit, const LeaveId& id,
                                  const NewLeaveItem& wanted) {
  return act(caller, permit, id, "leave_item_add",
             [&](records::Connection& c, Leave& leave, directory::AuditEntry& noted) -> Result<void> {
               if (wanted.kind != ItemKind::other_account && wanted.kind != ItemKind::device) {
                 return Error(leave_invalid, "loại mục", "the kind of the item");
               }
               if (leave.items.size() >= leave_items_max)
                 return Error(leave_invalid, "quá nhiều mục", "too many items");
               LeaveItem item;
               item.id = LeaveItemId::make(d_.clock.now(), d_.random);
               item.kind = wanted.kind;
               LUY_TRY(item.name, needed_text("title", wanted.name, name_bytes_max));
               LUY_TRY(item.system, optional_text("system", wanted.system, name_bytes_max));
               if (wanted.owner) item.owner = {wanted.owner->id.text(), wanted.owner->name};
               LUY_TRY_VOID(store::save(c, leave.id, item));
               merge(noted.after, summary_of(item));
               leave.items.push_back(std::move(item));
               return {};
             });
}

Result<Leave> LeaveBook::done(const directory::Caller& caller, const Who& who, const Permit& permit, const LeaveId& id,
                              const LeaveItemId& item_id, const std::string& how) {
  // The inventory is asked before the transaction: what it says later closes or reopens the item by itself.
  LUY_TRY(Leave before, find(id));
  const LeaveItem* seen = find_item(before, item_id);
  const Sight sight = seen == nullptr ? Sight() : sight_of(*seen, before.person);
  return act(caller, permit, id, "leave_item_done",
             [&](records::Connection& c, Leave& leave, directory::AuditEntry& noted) -> Result<void> {
               LeaveItem* item = find_item(leave, item_id);
               if (item == nullptr) return Error(leave_item_unknown);
               if (item->state != ItemState::open) return Error(leave_over, leave.number);
               if (sight.alive) return Error(still_alive, title_of(*item).vi, title_of(*item).en);
               noted.before = summary_of(*item);
               LUY_TRY(item->how, needed_text("how", how, reason_bytes_max));
               item->state = ItemState::done;
               item->done_at = d_.clock.now();
               item->done_by = {who.person ? who.person->text() : std::string(), who.name};
               merge(noted.after, summary_of(*item));
               return store::save(c, leave.id, *item);
             });
}

Result<Leave> LeaveBook::close(const directory::Caller& caller, const Permit& permit, const LeaveId& id) {
  return act(caller, permit, id, "leave_close",
             [&](records::Connection& c, Leave& leave, directory::AuditEntry& noted) -> Result<void> {
               if (leave.state != LeaveState::open) return Error(leave_over, leave.number);
               Text left;
               for (const LeaveItem& item : leave.items) {
                 if (item.state != ItemState::open) continue;
                 left.vi += (left.vi.empty() ? "" : "; ") + title_of(item).vi;
                 left.en += (left.en.empty() ? "" : "; ") + title_of(item).en;
               }
               if (!left.vi.empty()) return Error(people::leave_open, left.vi, left.en);
               if (leave.kind == LeaveKind::leave) {
                 LUY_TRY_VOID(d_.people.close_leave(c, caller, leave.person));
               }
               noted.before = summary_of(leave);
               leave.state = LeaveState::closed;
               leave.closed_at = d_.clock.now();
               leave.close_act = LeaveId::make(d_.clock.now(), d_.random).text();
               noted.after = summary_of(leave);
               noted.after["proof_of"] = leave.close_act;
               return store::save(c, leave);
             });
}

Result<void> LeaveBook::withdraw(const directory::Caller& caller, const Permit& permit, const LeaveId& id,
                                 const std::string& reason) {
  return without_value(act(caller, permit, id, "leave_withdraw",
                           [&](records::Connection& c, Leave& leave, directory::AuditEntry& noted) -> Result<void> {
                             if (leave.state != LeaveState::planned) return Error(leave_over, leave.number);
                             LUY_TRY(const std::string why, needed_text("reason", reason, reason_bytes_max));
                             noted.after["reason"] = why;
                             if (leave.kind == LeaveKind::leave) {
                               LUY_TRY_VOID(d_.people.withdraw_leave(c, caller, leave.person));
                             }
                             noted.before = summary_of(leave);
                             const std::string_view key(leave.id.text());
                             LUY_TRY_VOID(c.run("DELETE FROM people_leave_item WHERE leave = $1", {key}));
                             LUY_TRY_VOID(c.run("DELETE FROM people_leave WHERE id = $1", {key}));
                             return {};
                           }));
}

directory::ActKind LeaveBook::waive_act() {
  const auto run = [this](records::Connection& c, const directory::Caller& caller, const json::object& body,
                          directory::AuditEntry& entry) -> Result<json::object> {
    LUY_TRY(Leave leave, load(c, LeaveId::trusted(body.at("leave").as_string())));
    directory::Object place;
    for (const json::value& one : body.at("above").as_array())
      place.agencies.push_back(AgencyId::trusted(one.as_string()));
    LUY_TRY_VOID(caller.require(directory::Action::leave_manage, place));
    LeaveItem* item = find_item(leave, LeaveItemId::trusted(body.at("item").as_string()));
    if (item == nullptr) return Error(leave_item_unknown);
    if (leave.state == LeaveState::closed || item->state != ItemState::open) return Error(leave_over, leave.number);
    entry.object = "person:" + leave.person.text();
    entry.before = summary_of(*item);
    LUY_TRY(item->how, needed_text("reason", std::string(body.at("reason").as_string()), reason_bytes_max));
    item->state = ItemState::waived;
    item->done_at = d_.clock.now();
    const json::value* by = body.if_contains("by");
    LUY_TRY(const std::vector<std::string> deciders,
            directory::deciders_of(c, caller, by != nullptr ? std::string(by->as_string()) : caller.username));
    item->done_by = {"", boost::algorithm::join(deciders, ", ")};
    LUY_TRY_VOID(store::save(c, leave.id, *item));
    entry.after = summary_of(*item);
    entry.after["agency"] = leave.agency.text();
    entry.after["number"] = leave.number;
    return json::object();
  };
  const auto places = [](records::Connection&, const json::object& body) -> Result<std::vector<AgencyId>> {
    return std::vector<AgencyId>{AgencyId::trusted(body.at("above").as_array().front().as_string())};
  };
  return {directory::Action::leave_manage, run, places};
}

Result<void> LeaveBook::begin(const Leave& leave) {
  const auto anybody = [](const AgencyId&) -> Result<void> { return {}; };
  const directory::Caller caller = directory::server_operator();
  return without_value(act(caller, anybody, leave.id, "leave_begin",
                           [&](records::Connection& c, Leave& now, directory::AuditEntry& noted) -> Result<void> {
                             if (now.state != LeaveState::planned) return Error(leave_over, now.number);
                             const std::size_t known = now.items.size();
                             LUY_TRY_VOID(end_access(c, caller, now));
                             for (const LeaveItem& item : now.items) LUY_TRY_VOID(store::save(c, now.id, item));
                             noted.after = summary_of(now);
                             noted.after["ended"] = now.items.size() - known;
                             return store::save(c, now);
                           }));
}

Result<void> LeaveBook::settle_items(const Leave& before) {
  LUY_TRY(const std::vector<LeaveItem> held, holdings(before.person, before.kind));
  std::set<std::pair<ItemKind, std::string>> known;
  std::vector<LeaveItem> changed;
  const Time now = d_.clock.now();
  for (LeaveItem item : before.items) {
    known.insert({item.kind, item.ref});
    const bool is_open = item.state == ItemState::open;
    // Until the last day is over they may use what they have.
    if (item.kind == ItemKind::delegation || item.state == ItemState::waived) continue;
    const Sight sight = sight_of(item, before.person);
    const bool is_over = is_open && sight.known && !sight.alive;
    const bool is_back = !is_open && sight.known && sight.alive;
    if (!is_over && !is_back) continue;
    item.state = is_over ? ItemState::done : ItemState::open;
    item.done_at = is_over ? std::optional(now) : std::nullopt;
    item.done_by = {};
    item.how.clear();
    item.seq = sight.seq;
    changed.push_back(std::move(item));
  }
  for (LeaveItem item : held) {
    if (known.contains({item.kind, item.ref}) || before.items.size() + changed.size() >= leave_items_max) continue;
    item.id = LeaveItemId::make(now, d_.random);
    changed.push_back(std::move(item));
  }
  if (changed.empty()) return {};
  const auto anybody = [](const AgencyId&) -> Result<void> { return {}; };
  return without_value(act(directory::server_operator(), anybody, before.id, "leave_seen",
                           [&](records::Connection& c, Leave& leave, directory::AuditEntry& noted) -> Result<void> {
                             json::array items;
                             for (const LeaveItem& item : changed) {
                               const LeaveItem* there = find_item(leave, item.id);
                               // Somebody was faster.
                               if (there != nullptr && there->state == item.state) continue;
                               LUY_TRY_VOID(store::save(c, leave.id, item));
                               items.push_back(summary_of(item));
                             }
                             noted.after["items"] = std::move(items);
                             return {};
                           }));
}

// What failed is in the audit trail; every few seconds would fill it.
bool LeaveBook::may_try(const LeaveId& id) {
  const std::lock_guard lock(mutex_);
  const Time now = d_.clock.now();
  const auto [tried, is_new] = next_try_.try_emplace(id, now);
  if (!is_new && now < tried->second) return false;
  tried->second = now + begin_retry;
  return true;
}

Result<void> LeaveBook::settle() {
  LUY_TRY(const std::vector<Leave> open,
          d_.database.read([](records::Connection& c) { return store::leaves(c, "WHERE l.state <> 'closed'", {}); }));
  std::optional<Error> first;
  for (const Leave& leave : open) {
    const bool begins = leave.state == LeaveState::planned && leave.due() <= d_.clock.now();
    if (begins && !may_try(leave.id)) continue;
    const auto settled = begins ? begin(leave) : settle_items(leave);
    // One case that cannot go on does not keep the others.
    if (!settled && !first) first = settled.error();
  }
  if (first) return *first;
  return {};
}

Result<Leave> LeaveBook::find(const LeaveId& id) const {
  return d_.database.read([&](records::Connection& c) { return load(c, id); });
}

Result<std::vector<Leave>> LeaveBook::list() const {
  return d_.database.read([](records::Connection& c) { return store::leaves(c, "", {}); });
}

Result<DutyRecord> LeaveBook::duty_record(const AgencyId& agency) const {
  LUY_TRY(const std::vector<Leave> all, d_.database.read([&](records::Connection& c) {
    return store::leaves(c, "WHERE l.agency = $1", {std::string_view(agency.text())});
  }));
  DutyRecord out;
  const Time now = d_.clock.now();
  for (const Leave& one : all) {
    if (one.state == LeaveState::closed) {
      if (one.closed_at && *one.closed_at > now - duty_days) out.keep(*one.closed_at, one.close_act);
      continue;
    }
    // When nothing is left but the closing, nobody is late.
    const std::size_t left = one.open_items();
    const auto due = left > 0 || one.state == LeaveState::planned ? std::optional(one.due()) : std::nullopt;
    const std::string count = std::to_string(left);
    out.wait({one.person_name + ": còn " + count + " mục", one.person_name + ": " + count + " items left"}, due,
             one.opened_at, one.id.text());
  }
  return out;
}

}  // namespace luy::people
