#include "people/account_link.h"

#include <algorithm>
#include <array>

#include "people/text.h"

namespace luy::people {
namespace {

namespace json = boost::json;

constexpr std::string_view act_prefix = "account_link:";
constexpr std::array<std::string_view, 3> kind_names = {"personal", "service", "shared"};

json::object to_json(const AccountLink& link) {
  const auto day = [](const std::optional<Day>& one) { return one ? json::value(to_iso(*one)) : json::value(nullptr); };
  return {
      {"name", link.key.name},        {"person", link.person ? json::value(link.person->text()) : json::value(nullptr)},
      {"kind", name_of(link.kind)},   {"administrator_until", day(link.administrator_until)},
      {"expires", day(link.expires)}, {"reason", link.reason}};
}

std::optional<std::string> iso(const std::optional<Day>& day) {
  return day ? std::optional(to_iso(*day)) : std::nullopt;
}

std::optional<Day> day_at(const records::Row& row, int column) {
  return row.null(column) ? std::nullopt : day_from_iso(row.text(column));
}

AccountLink link_from(const records::Row& row) {
  AccountLink out;
  out.key = {DeviceId::trusted(row.text(0)), std::string(row.text(1))};
  out.uid = row.integer(2);
  if (!row.null(3)) out.person = PersonId::trusted(row.text(3));
  out.kind = link_kind_from_name(row.text(4)).value_or(LinkKind::shared);
  out.administrator_until = day_at(row, 5);
  out.expires = day_at(row, 6);
  out.reason = row.text(7);
  out.by = {std::string(row.text(8)), std::string(row.text(9))};
  out.at = from_micros(row.integer(10));
  out.act = row.text(11);
  return out;
}

Result<void> save(records::Connection& c, const AccountLink& link) {
  const auto person = link.person ? std::optional(link.person->text()) : std::nullopt;
  const auto until = iso(link.administrator_until), expires = iso(link.expires);
  LUY_TRY_VOID(c.run(
      "INSERT INTO people_account_link (device, name, uid, person, kind, administrator_until, expires, reason, "
      "by_person, by_name, at_us, act) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) "
      "ON CONFLICT (device, name) DO UPDATE SET uid = excluded.uid, person = excluded.person, "
      "kind = excluded.kind, administrator_until = excluded.administrator_until, expires = excluded.expires, "
      "reason = excluded.reason, by_person = excluded.by_person, by_name = excluded.by_name, "
      "at_us = excluded.at_us, act = excluded.act",
      {std::string_view(link.key.device.text()), std::string_view(link.key.name), link.uid, records::nullable(person),
       name_of(link.kind), records::nullable(until), records::nullable(expires), std::string_view(link.reason),
       std::string_view(link.by.id), std::string_view(link.by.name), to_micros(link.at), std::string_view(link.act)}));
  return {};
}

Error invalid(const char* vi, const char* en) {
  return Error(link_invalid, vi, en);
}

Result<void> check_term(const std::optional<Day>& day, Day today) {
  if (!day) return {};
  if (*day < today) return invalid("ngày hết hạn đã qua", "its last day is over");
  if (*day > today + link_days_max) return invalid("hạn quá 366 ngày", "longer than 366 days");
  return {};
}

}  // namespace

std::string_view name_of(LinkKind kind) {
  return kind_names.at(static_cast<std::size_t>(kind));
}

std::optional<LinkKind> link_kind_from_name(std::string_view name) {
  const auto found = std::find(kind_names.begin(), kind_names.end(), name);
  if (found == kind_names.end()) return std::nullopt;
  return static_cast<LinkKind>(found - kind_names.begin());
}

std::optional<DeviceId> device_of_act(std::string_view act) {
  if (!act.starts_with(act_prefix)) return std::nullopt;
  return DeviceId::parse(act.substr(act_prefix.size(), id_chars));
}

Result<std::unique_ptr<LinkBook>> LinkBook::open(Dependencies dependencies) {
  std::unique_ptr<LinkBook> book(new LinkBook(std::move(dependencies)));
  LUY_TRY_VOID(book->d_.database.read([&](records::Connection& c) {
    return c.query(
        "SELECT device, name, uid, person, kind, administrator_until, expires, reason, by_person, by_name, "
        "at_us, act FROM people_account_link",
        {}, [&](const records::Row& row) {
          AccountLink link = link_from(row);
          book->links_.emplace(link.key, std::move(link));
        });
  }));
  return book;
}

Result<AccountLink> LinkBook::checked(const Who& who, const WantedLink& wanted, const std::string& reason) const {
  const Time now = d_.clock.now();
  const Day today = day_of(now);
  AccountLink out;
  out.key = wanted.key;
  out.uid = wanted.uid;
  out.kind = wanted.kind;
  out.administrator_until = wanted.administrator_until;
  out.expires = wanted.expires;
  LUY_TRY(out.reason, optional_text("reason", reason, reason_bytes_max));
  if (wanted.person) {
    if (wanted.person->gone) return Error(person_gone, wanted.person->name);
    out.person = wanted.person->id;
    if (wanted.administrator && who.person == wanted.person->id) return Error(own_administrator);
  } else if (wanted.kind != LinkKind::shared) {
    return invalid("chưa có người", "it names no person");
  }
  LUY_TRY_VOID(check_term(out.expires, today));
  LUY_TRY_VOID(check_term(out.administrator_until, today));
  if (out.administrator_until && !wanted.administrator) {
    return invalid("tài khoản không có quyền quản trị", "the account has no rights of an administrator");
  }
  if (wanted.kind == LinkKind::shared && !out.expires) {
    return invalid("tài khoản dùng chung phải có hạn", "a shared account needs a last day");
  }
  const bool wants_reason = wanted.kind == LinkKind::shared || out.administrator_until;
  if (wants_reason && out.reason.empty()) return invalid("chưa có lý do", "it gives no reason");
  out.by = {who.person ? who.person->text() : std::string(), who.name};
  out.at = now;
  out.act = std::string(act_prefix) + out.key.device.text() + "/" + out.key.name + ":" + std::to_string(to_micros(now));
  return out;
}

Result<std::vector<AccountLink>> LinkBook::link(const directory::Caller& caller, const Who& who, const Permit& permit,
                                                std::span<const WantedLink> wanted, const std::string& reason) {
  if (wanted.empty() || wanted.size() > links_per_call_max) return invalid("1 đến 200 tài khoản", "1 to 200 accounts");
  const std::lock_guard acting(acting_);
  directory::AuditEntry first;
  first.act = "account_link";
  const auto work = [&](records::Connection& c, directory::AuditEntry& of_first) -> Result<std::vector<AccountLink>> {
    std::vector<AccountLink> out;
    for (const WantedLink& one : wanted) {
      LUY_TRY_VOID(permit(one.agency));
      LUY_TRY(AccountLink made, checked(who, one, reason));
      directory::AuditEntry entry;
      entry.act = "account_link";
      entry.object = "device:" + one.key.device.text();
      if (const auto before = find(one.key)) entry.before = to_json(*before);
      entry.after = to_json(made);
      entry.after["agency"] = one.agency.text();
      entry.after["device_name"] = one.device_name;
      entry.after["proof_of"] = made.act;
      LUY_TRY_VOID(save(c, made));
      if (out.empty()) {
        of_first = std::move(entry);
      } else {
        LUY_TRY_VOID(d_.audit.note(c, caller, entry));
      }
      out.push_back(std::move(made));
    }
    return out;
  };
  auto made = d_.audit.perform(caller, std::move(first), work);
  if (!made) return made;
  std::vector<DeviceId> devices;
  {
    const std::lock_guard lock(mutex_);
    for (const AccountLink& one : *made) {
      links_[one.key] = one;
      devices.push_back(one.key.device);
    }
  }
  if (d_.changed) d_.changed(devices);
  return made;
}

Result<void> LinkBook::unlink(const directory::Caller& caller, const Permit& permit, const LinkKey& key,
                              const AgencyId& agency) {
  const std::lock_guard acting(acting_);
  directory::AuditEntry entry;
  entry.act = "account_unlink";
  entry.object = "device:" + key.device.text();
  const auto work = [&](records::Connection& c, directory::AuditEntry& done) -> Result<void> {
    LUY_TRY_VOID(permit(agency));
    const auto before = find(key);
    if (!before) return Error(account_not_seen, key.name);
    LUY_TRY_VOID(c.run("DELETE FROM people_account_link WHERE device = $1 AND name = $2",
                       {std::string_view(key.device.text()), std::string_view(key.name)}));
    done.before = to_json(*before);
    done.after = {{"agency", agency.text()}, {"name", key.name}};
    return {};
  };
  LUY_TRY_VOID(d_.audit.perform(caller, std::move(entry), work));
  {
    const std::lock_guard lock(mutex_);
    links_.erase(key);
  }
  if (d_.changed) d_.changed({key.device});
  return {};
}

std::optional<AccountLink> LinkBook::find(const LinkKey& key) const {
  const std::lock_guard lock(mutex_);
  const auto found = links_.find(key);
  return found == links_.end() ? std::nullopt : std::optional(found->second);
}

std::vector<AccountLink> LinkBook::of_person(const PersonId& person) const {
  const std::lock_guard lock(mutex_);
  std::vector<AccountLink> out;
  for (const auto& [key, link] : links_) {
    if (link.person == person) out.push_back(link);
  }
  return out;
}

std::map<LinkKey, AccountLink> LinkBook::all() const {
  const std::lock_guard lock(mutex_);
  return links_;
}

}  // namespace luy::people
