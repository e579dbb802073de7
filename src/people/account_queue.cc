#include "people/account_queue.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "base/vietnamese.h"

namespace luy::people {
namespace {

constexpr std::array<std::string_view, problem_count> problem_names = {"ownerless", "owner_gone",      "shared",
                                                                       "dormant",   "over_privileged", "unreadable"};
constexpr std::size_t name_words_max = 8;

// Which people an account's name may mean; several are none.
class Guesses {
 public:
  explicit Guesses(const Persons& persons) {
    for (const auto& [id, person] : persons) {
      if (person.gone) continue;
      std::set<std::string> names;
      for (const std::string& name : account_names_of(person.name)) names.insert(name);
      for (const std::string& name : person.usernames) names.insert(fold_vietnamese(name));
      for (const std::string& name : names) by_name_[{person.agency, name}].push_back(id);
    }
  }
  std::optional<Proposal> of(const AgencyId& agency, const std::string& account) const {
    const std::string folded = fold_vietnamese(account);
    const auto found = by_name_.find({agency, folded});
    if (found == by_name_.end() || found->second.size() != 1) return std::nullopt;
    return Proposal{found->second.front(), folded};
  }

 private:
  std::map<std::pair<AgencyId, std::string>, std::vector<PersonId>> by_name_;
};

// Of each person and minute the machines on which a personal account of theirs logged in.
using Logins = std::map<std::pair<PersonId, std::int64_t>, std::set<DeviceId>>;
std::pair<PersonId, std::int64_t> login_key(const PersonId& person, Time at) {
  return {person, std::chrono::floor<std::chrono::minutes>(at).time_since_epoch().count()};
}

void add_problems(DeviceAccount& one, const Persons& persons, const Logins& logins, Duration dormant, Time now) {
  const auto& link = one.link;
  const auto add = [&](Problem problem, std::optional<Time> since = std::nullopt) {
    if (one.problems.empty()) one.since = since;
    one.problems.push_back(problem);
  };
  if (!link || !link->person) {
    if (!link || link->kind != LinkKind::shared) add(Problem::ownerless);
  } else if (const auto found = persons.find(*link->person); found == persons.end() || found->second.gone) {
    add(Problem::owner_gone);
  }
  bool is_shared = link && link->kind == LinkKind::shared;
  if (link && link->kind == LinkKind::personal && link->person && one.account.last_login) {
    const auto found = logins.find(login_key(*link->person, *one.account.last_login));
    is_shared = is_shared || (found != logins.end() && found->second.size() >= machines_at_once);
  }
  if (is_shared) add(Problem::shared, one.account.last_login);
  const Time ends = last_use_of(one.account, one.device->device.enrolled_at, now) + dormant;
  if (ends <= now) add(Problem::dormant, ends);
  const bool is_wanted = link && link->administrator_until && day_of(now) <= *link->administrator_until;
  if (one.account.administrator && !is_wanted) add(Problem::over_privileged);
  if (!one.device->accounts->value.shadow_readable) add(Problem::unreadable);
}

}  // namespace

std::string_view name_of(Problem problem) {
  return problem_names.at(static_cast<std::size_t>(problem));
}

std::optional<Problem> problem_from_name(std::string_view name) {
  const auto found = std::find(problem_names.begin(), problem_names.end(), name);
  if (found == problem_names.end()) return std::nullopt;
  return static_cast<Problem>(found - problem_names.begin());
}

bool DeviceAccount::has(Problem problem) const {
  return std::find(problems.begin(), problems.end(), problem) != problems.end();
}

Time last_use_of(const fact::Account& account, Time enrolled_at, Time now) {
  // Never seen to log in: then the time counts from when somebody last set its password or we first looked.
  Time out = enrolled_at;
  if (account.password_changed_at) out = std::max(out, *account.password_changed_at);
  if (account.last_login) out = *account.last_login;
  return std::min(out, now);
}

std::optional<AccountLink> link_of(const std::map<LinkKey, AccountLink>& links, const DeviceId& device,
                                   const fact::Account& account, Day today) {
  const auto found = links.find({device, account.name});
  if (found == links.end() || found->second.uid != account.uid || !found->second.valid_on(today)) return std::nullopt;
  return found->second;
}

std::vector<DeviceAccount> device_accounts(std::span<const inventory::StatePointer> devices,
                                           const std::map<LinkKey, AccountLink>& links, const Persons& persons,
                                           Duration dormant, Time now) {
  std::vector<DeviceAccount> out;
  Logins logins;
  for (const inventory::StatePointer& state : devices) {
    const auto& part = state->accounts;
    if (!part || state->device.retired_at) continue;
    const auto take = [&](const fact::Account& account) {
      DeviceAccount one;
      one.device = state;
      one.account = account;
      one.link = link_of(links, state->device.id, account, day_of(now));
      one.seq = part->seq;
      if (one.link && one.link->person && one.link->kind == LinkKind::personal && account.last_login) {
        logins[login_key(*one.link->person, *account.last_login)].insert(state->device.id);
      }
      out.push_back(std::move(one));
    };
    for (const fact::Account& account : part->value.relevant) {
      if (account.can_log_in) take(account);
    }
  }
  const Guesses guesses(persons);
  for (DeviceAccount& one : out) {
    add_problems(one, persons, logins, dormant, now);
    if (!one.link) one.proposed = guesses.of(one.device->device.agency, one.account.name);
  }
  std::sort(out.begin(), out.end(), [](const DeviceAccount& a, const DeviceAccount& b) {
    return std::tie(a.device->device.id, a.account.name) < std::tie(b.device->device.id, b.account.name);
  });
  return out;
}

std::vector<std::string> account_names_of(std::string_view person_name) {
  std::vector<std::string> words;
  std::string word;
  for (const char c : fold_vietnamese(person_name) + " ") {
    const bool is_letter = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    if (is_letter) {
      word += c;
    } else if (!word.empty()) {
      words.push_back(std::move(word));
      word.clear();
    }
  }
  if (words.empty() || words.size() > name_words_max) return {};
  // The given name stands last: "Nguyễn Văn An".
  const std::string given = words.back(), family = words.front();
  std::string whole, before, dotted;
  for (std::size_t i = 0; i < words.size(); ++i) {
    whole += words[i];
    dotted += (i == 0 ? "" : ".") + words[i];
    if (i + 1 < words.size()) before += words[i].front();
  }
  std::set<std::string> names = {whole, dotted, given};
  if (words.size() > 1) {
    for (const char* between : {"", ".", "_", "-"}) {
      names.insert(given + between + before);
      names.insert(before + between + given);
      names.insert(given + between + family);
      names.insert(family + between + given);
    }
  }
  return {names.begin(), names.end()};
}

}  // namespace luy::people
