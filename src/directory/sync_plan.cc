// What a sync would do, worked out from the entries of a source and the records here.
#include <algorithm>
#include <array>
#include <tuple>
#include <utility>

#include "base/vietnamese.h"
#include "directory/stored/account.h"
#include "directory/stored/agency.h"
#include "directory/stored/four_eyes.h"
#include "directory/stored/person.h"
#include "directory/stored/source.h"
#include "directory/stored/username.h"
#include "directory/stored/value.h"
#include "directory/sync.h"

namespace luy::directory {
namespace {

using records::Connection;
using records::Row;

constexpr std::array<std::string_view, 6> does_names = {"create", "change", "leave", "link", "nothing", "refuse"};

// Everything the entries are held against, read once.
struct Known {
  std::map<std::string, AccountId> identities;  // By subject.
  std::set<AccountId> tied;
  std::map<std::string, PersonId> externals;  // By subject.
  std::map<PersonId, Person> people;
  std::map<PersonId, std::vector<AccountId>> accounts_of;
  std::map<AccountId, Account> accounts;
  std::map<std::string, AccountId> by_username;
  std::map<std::string, AgencyId> departments;  // By code and by name, folded.
  std::set<AgencyId> agencies;                  // The source's and those below it.
};

Result<Known> load_known(Connection& c, const SignSource& source, Day today) {
  Known out;
  LUY_TRY_VOID(c.query("SELECT subject, account FROM federated_identity WHERE source = $1",
                       {std::string_view(source.id.text())}, [&](const Row& row) {
                         const auto account = AccountId::trusted(row.text(1));
                         out.identities.emplace(row.text(0), account);
                         out.tied.insert(account);
                       }));
  LUY_TRY(const auto people, load_people(c, std::nullopt));
  for (const Person& one : people) {
    if (one.external && one.external->source == source.id.text()) out.externals.emplace(one.external->subject, one.id);
    out.people.emplace(one.id, one);
  }
  LUY_TRY(const auto accounts, load_accounts(c, std::nullopt));
  for (const Account& one : accounts) {
    out.accounts_of[one.person].push_back(one.id);
    out.by_username.emplace(to_lower(one.username), one.id);
    out.accounts.emplace(one.id, one);
  }
  LUY_TRY(const auto agencies, load_agencies(c, today));
  for (const Agency& one : agencies) {
    LUY_TRY(const auto chain, load_superiors(c, one.id));
    if (std::find(chain.begin(), chain.end(), source.settings.agency) == chain.end()) continue;
    out.agencies.insert(one.id);
    out.departments.emplace(fold_vietnamese(one.code), one.id);
    out.departments.emplace(fold_vietnamese(one.name), one.id);
  }
  return out;
}

const Person* person_of(const Known& known, const std::string& subject) {
  std::optional<PersonId> id;
  if (const auto found = known.identities.find(subject); found != known.identities.end()) {
    id = known.accounts.at(found->second).person;
  } else if (const auto other = known.externals.find(subject); other != known.externals.end()) {
    id = other->second;
  }
  if (!id) return nullptr;
  const auto person = known.people.find(*id);
  return person == known.people.end() ? nullptr : &person->second;
}

bool decides(const Known& known, const PersonId& person) {
  const auto accounts = known.accounts_of.find(person);
  return accounts != known.accounts_of.end() &&
         std::any_of(accounts->second.begin(), accounts->second.end(),
                     [&](const AccountId& id) { return Directory::decides_for_two(known.accounts.at(id)); });
}

void refuse(SyncItem& item, std::string vi, std::string en) {
  item.does = SyncDoes::refuse;
  item.vi = std::move(vi);
  item.en = std::move(en);
}

// Somebody the source and we know.
void plan_known(const Known& known, const Person& person, SyncItem& item) {
  item.person = person.id;
  item.agency = person.agency;
  item.decides = decides(known, person.id);
  if (person.state != PersonState::active) {
    return refuse(item, "Đã thôi việc hoặc đang thôi việc ở đây; đồng bộ không đưa ai trở lại.",
                  "Has left here, or is leaving; a sync brings nobody back.");
  }
  if (!known.agencies.contains(person.agency)) {
    return refuse(item, "Đang làm ở cơ quan ngoài phạm vi của nguồn này.",
                  "Works in an agency that is not this source's.");
  }
  const SyncEntry& entry = item.entry;
  Person after = person;
  if (!entry.name.empty()) after.name = entry.name;
  if (!entry.mail.empty()) after.email = entry.mail;
  if (!entry.position.empty()) after.position = entry.position;
  if (const auto good = check_person(after); !good) return refuse(item, good.error().vi(), good.error().en());
  if (after.name == person.name && after.email == person.email && after.position == person.position) return;
  item.does = SyncDoes::change;
  item.name = after.name;
  if (after.name != person.name) {
    item.vi = "Tên cũ: " + person.name + ".";
    item.en = "Called " + person.name + " before.";
  }
}

// An account of the same name is there: whether it may be offered.
void plan_link(const Known& known, const Account& account, SyncItem& item) {
  item.account = account.id;
  item.person = account.person;
  item.agency = account.agency;
  item.decides = decides(known, account.person);
  const auto person = known.people.find(account.person);
  const bool active = person != known.people.end() && person->second.state == PersonState::active;
  if (known.tied.contains(account.id) || account.sealed || account.seal_broken || !account.enabled || !active ||
      !known.agencies.contains(account.agency)) {
    return refuse(item, "Tên đăng nhập " + account.username + " đã thuộc về tài khoản khác.",
                  "The user name " + account.username + " belongs to another account.");
  }
  item.does = SyncDoes::link;
  item.vi = "Gắn với tài khoản " + account.username + " của " + account.display_name + ".";
  item.en = "Tied to the account " + account.username + " of " + account.display_name + ".";
}

void plan_new(const Known& known, const SignSource& source, SyncItem& item) {
  const SyncEntry& entry = item.entry;
  item.agency = source.settings.agency;
  if (const auto same = known.by_username.find(to_lower(entry.username)); same != known.by_username.end()) {
    return plan_link(known, known.accounts.at(same->second), item);
  }
  Person person;
  person.name = entry.name;
  person.email = entry.mail;
  person.position = entry.position;
  if (const auto good = check_person(person); !good) return refuse(item, good.error().vi(), good.error().en());
  if (!is_username(entry.username)) {
    const Error bad(bad_username, entry.username.substr(0, username_chars_max));
    return refuse(item, bad.vi(), bad.en());
  }
  const auto department = known.departments.find(fold_vietnamese(entry.department));
  if (!entry.department.empty() && department != known.departments.end()) item.agency = department->second;
  item.does = SyncDoes::create;
}

// People of the source whom it does not name any more.
void plan_leavers(const Known& known, const std::set<std::string>& named, std::vector<SyncItem>& items,
                  std::size_t& count) {
  std::map<PersonId, std::string> of_source;
  for (const auto& [subject, account] : known.identities) of_source.emplace(known.accounts.at(account).person, subject);
  for (const auto& [subject, person] : known.externals) of_source.emplace(person, subject);
  std::set<PersonId> there;
  for (const std::string& subject : named) {
    if (const Person* person = person_of(known, subject)) there.insert(person->id);
  }
  for (const auto& [id, subject] : of_source) {
    const auto person = known.people.find(id);
    if (person == known.people.end() || person->second.state != PersonState::active) continue;
    ++count;
    if (there.contains(id)) continue;
    SyncItem item;
    item.subject = subject;
    item.does = SyncDoes::leave;
    item.person = id;
    item.name = person->second.name;
    item.agency = person->second.agency;
    item.decides = decides(known, id);
    items.push_back(std::move(item));
  }
}

bool is_effect(SyncDoes does) {
  return does != SyncDoes::nothing && does != SyncDoes::refuse;
}

}  // namespace

std::string_view name_of(SyncDoes does) {
  return does_names[static_cast<std::size_t>(does)];
}

bool SyncPlan::takes_two(const std::set<std::string>& skip) const {
  std::size_t leaving = 0;
  for (const SyncItem& item : items) {
    if (!is_effect(item.does) || skip.contains(item.subject)) continue;
    if (item.does == SyncDoes::link || item.decides) return true;
    if (item.does == SyncDoes::leave) ++leaving;
  }
  return leaving * leave_share > known;
}

std::size_t SyncPlan::count(SyncDoes does) const {
  return static_cast<std::size_t>(
      std::count_if(items.begin(), items.end(), [&](const SyncItem& item) { return item.does == does; }));
}

std::size_t SyncPlan::deciders() const {
  return static_cast<std::size_t>(std::count_if(
      items.begin(), items.end(), [](const SyncItem& item) { return item.decides && is_effect(item.does); }));
}

Result<SyncPlan> plan_sync(Connection& c, const SignSource& source, const std::vector<SyncEntry>& entries, Day today) {
  LUY_TRY(const Known known, load_known(c, source, today));
  SyncPlan out;
  std::map<std::string, std::size_t> subjects;
  std::map<std::string, std::size_t> usernames;
  std::set<std::string> named;
  for (const SyncEntry& entry : entries) {
    ++subjects[entry.subject];
    ++usernames[to_lower(entry.username)];
    named.insert(entry.subject);
  }
  for (const SyncEntry& entry : entries) {
    SyncItem item;
    item.subject = entry.subject;
    item.name = entry.name;
    item.entry = entry;
    item.agency = source.settings.agency;
    if (entry.subject.empty() || subjects[entry.subject] > 1 || usernames[to_lower(entry.username)] > 1) {
      refuse(item, "Khóa hoặc tên đăng nhập trùng, hoặc không có khóa.",
             "Its key or user name is another entry's too, or it has no key.");
    } else if (const Person* person = person_of(known, entry.subject)) {
      plan_known(known, *person, item);
    } else {
      plan_new(known, source, item);
    }
    out.items.push_back(std::move(item));
  }
  plan_leavers(known, named, out.items, out.known);
  std::sort(out.items.begin(), out.items.end(), [](const SyncItem& a, const SyncItem& b) {
    return std::tie(a.name, a.subject) < std::tie(b.name, b.subject);
  });
  return out;
}

}  // namespace luy::directory
