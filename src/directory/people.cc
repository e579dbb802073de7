#include "directory/person.h"

#include <algorithm>
#include <array>
#include <map>
#include <tuple>

#include "base/vietnamese.h"
#include "directory/stored/account.h"
#include "directory/stored/agency.h"
#include "directory/stored/person.h"
#include "directory/stored/rights.h"
#include "directory/stored/value.h"

namespace luy::directory {
namespace {

using records::Connection;
using records::Row;

constexpr std::array<std::string_view, 3> state_names = {"active", "leaving", "gone"};

std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> out;
  std::string word;
  for (const char c : fold_vietnamese(text) + " ") {
    if (c != ' ') {
      word += c;
    } else if (!word.empty()) {
      out.push_back(std::move(word));
      word.clear();
    }
  }
  return out;
}

// User names of everybody, separated by blanks.
Result<std::map<PersonId, std::string>> load_usernames(Connection& c) {
  std::map<PersonId, std::string> out;
  LUY_TRY_VOID(c.query("SELECT person, username FROM account", {},
                       [&](const Row& row) { out[PersonId::trusted(row.text(0))] += " " + std::string(row.text(1)); }));
  return out;
}

}  // namespace

std::string_view name_of(PersonState state) {
  return state_names[static_cast<std::size_t>(state)];
}

std::optional<PersonState> person_state_from_name(std::string_view name) {
  const auto found = std::find(state_names.begin(), state_names.end(), name);
  if (found == state_names.end()) return std::nullopt;
  return static_cast<PersonState>(found - state_names.begin());
}

Result<Person> People::create(const Caller& caller, const NewPerson& wanted) {
  return audit_.perform(
      caller, {"person_create", "agency:" + wanted.agency.text(), Outcome::done, "", {}, {}},
      [&](Connection& c, AuditEntry& entry) -> Result<Person> {
        LUY_TRY(const auto chain, load_superiors(c, wanted.agency));
        LUY_TRY_VOID(caller.require(Action::person_manage, {chain, std::nullopt, false}));
        const Time now = clock_.now();
        LUY_TRY(const Agency agency, load_agency(c, wanted.agency));
        if (!agency.valid_on(day_of(now))) return Error(agency_not_valid);
        Person person{
            PersonId::make(now, random_), wanted.agency, wanted.name, wanted.position, wanted.email, wanted.phone};
        person.since = wanted.since.value_or(day_of(now));
        LUY_TRY_VOID(check_person(person));
        LUY_TRY_VOID(insert_person(c, person));
        entry.object = "person:" + person.id.text();
        entry.after = as_json(person);
        return person;
      });
}

Result<Person> People::change(const Caller& caller, const PersonId& id, const PersonChange& change) {
  return audit_.perform(caller, {"person_change", "person:" + id.text(), Outcome::done, "", {}, {}},
                        [&](Connection& c, AuditEntry& entry) -> Result<Person> {
                          LUY_TRY(Person person, find_in(c, id));
                          LUY_TRY(const auto chain, load_superiors(c, person.agency));
                          LUY_TRY_VOID(caller.require(Action::person_manage, {chain, std::nullopt, false}));
                          entry.object = "person:" + person.id.text();
                          entry.before = as_json(person);
                          boost::json::array changed;
                          const auto put = [&](std::string_view name, std::string& text,
                                               const std::optional<std::string>& wanted) {
                            if (!wanted || *wanted == text) return;
                            text = *wanted;
                            changed.emplace_back(name);
                          };
                          put("name", person.name, change.name);
                          put("position", person.position, change.position);
                          put("email", person.email, change.email);
                          put("phone", person.phone, change.phone);
                          LUY_TRY_VOID(check_person(person));
                          LUY_TRY_VOID(store_person(c, person));
                          entry.after = as_json(person);
                          entry.after["changed"] = std::move(changed);
                          return person;
                        });
}

Result<Person> People::find_in(Connection& c, const PersonId& id) {
  LUY_TRY(Person person, load_person(c, id));
  // A record that others were merged into may be merged itself; each step was made later than the one before.
  while (person.merged_into) {
    LUY_TRY(person, load_person(c, *person.merged_into));
  }
  return person;
}

Result<Person> People::find(const PersonId& id) const {
  return database_.read([&](Connection& c) { return find_in(c, id); });
}

Result<std::vector<Person>> People::list(const PersonFilter& filter) const {
  const auto words = words_of(filter.query);
  return database_.read([&](Connection& c) -> Result<std::vector<Person>> {
    LUY_TRY(auto people, load_people(c, filter.agency));
    std::map<PersonId, std::string> usernames;
    if (!words.empty()) {
      LUY_TRY(usernames, load_usernames(c));
    }
    std::erase_if(people, [&](const Person& person) {
      if (filter.state && person.state != *filter.state) return true;
      if (words.empty()) return false;
      const std::string text = fold_vietnamese(person.name + " " + person.position + " " + person.email + " " +
                                               person.phone + usernames[person.id]);
      return !std::all_of(words.begin(), words.end(),
                          [&](const std::string& word) { return text.find(word) != std::string::npos; });
    });
    std::vector<std::pair<std::string, std::size_t>> order;  // Each name is folded once, not at each comparison.
    for (std::size_t i = 0; i < people.size(); ++i) order.emplace_back(fold_vietnamese(people[i].name), i);
    std::sort(order.begin(), order.end(), [&](const auto& a, const auto& b) {
      const Person& one = people[a.second];
      const Person& other = people[b.second];
      return std::tie(a.first, one.name, one.id) < std::tie(b.first, other.name, other.id);
    });
    std::vector<Person> out;
    out.reserve(people.size());
    for (const auto& [name, at] : order) out.push_back(std::move(people[at]));
    return out;
  });
}

Result<std::vector<Account>> People::accounts(const PersonId& person) const {
  return database_.read([&](Connection& c) { return load_accounts_of(c, person); });
}

}  // namespace luy::directory
