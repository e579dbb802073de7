// The directory's own acts that take two people: roles given and handed over, passwords and factors of accounts that
// decide such acts, and the sealed account for emergencies.
#include <algorithm>

#include "base/log.h"
#include "directory/directory.h"
#include "directory/stored/account.h"
#include "directory/stored/factor.h"
#include "directory/stored/failure.h"
#include "directory/stored/four_eyes.h"
#include "directory/stored/gains.h"
#include "directory/stored/person.h"
#include "directory/stored/rights.h"
#include "directory/stored/token.h"

namespace luy::directory {
namespace {

using boost::json::object;
using boost::json::value;
using records::Connection;

// Bodies are written by this file's proposals only, so a member that is missing is a bug of ours.
std::string text_of(const object& body, std::string_view name) {
  return std::string(body.at(name).as_string());
}
std::optional<Day> day_in(const object& body, std::string_view name) {
  const value* found = body.if_contains(name);
  if (found == nullptr || found->is_null()) return std::nullopt;
  return day_from_iso(std::string_view(found->as_string()));
}
value day_value(const std::optional<Day>& day) {
  return day ? value(to_iso(*day)) : value(nullptr);
}

// Who agrees must hold their right wherever the account's rights reach: an administrator of the town who works in a
// school is no matter for the school alone.
Result<std::vector<AgencyId>> places_of_account(Connection& c, const object& body) {
  LUY_TRY(const StoredAccount stored, load_account(c, AccountId::trusted(text_of(body, "account"))));
  return places_of(c, stored.account);
}

// The same for every account of two people, and where they work.
Result<std::vector<AgencyId>> places_of_people(Connection& c, const object& body) {
  std::vector<AgencyId> out;
  for (const char* which : {"keep", "gone"}) {
    LUY_TRY(const Person person, People::find_in(c, PersonId::trusted(text_of(body, which))));
    LUY_TRY(const auto accounts, load_accounts_of(c, person.id));
    for (const Account& account : accounts) {
      LUY_TRY(const auto places, places_of(c, account));
      out.insert(out.end(), places.begin(), places.end());
    }
    out.push_back(person.agency);
  }
  // The highest first: the act is listed there.
  std::vector<std::pair<std::size_t, AgencyId>> by_depth;
  for (const AgencyId& agency : out) {
    LUY_TRY(const auto chain, load_superiors(c, agency));
    by_depth.emplace_back(chain.size(), agency);
  }
  std::sort(by_depth.begin(), by_depth.end());
  out.clear();
  for (auto& [depth, agency] : by_depth) out.push_back(std::move(agency));
  return out;
}

// The highest agency that the role reaches.
Result<std::vector<AgencyId>> place_of_role(Connection& c, const object& body) {
  const auto role = role_from_name(text_of(body, "role"));
  LUY_CHECK_MSG(role.has_value(), "an act names no role");
  LUY_TRY(AgencyId highest, highest_reached(c, {*role, AgencyId::trusted(text_of(body, "agency"))}));
  return std::vector<AgencyId>{std::move(highest)};
}

}  // namespace

void Directory::register_acts() {
  acts_.add_kind("role_grant",
                 {Action::role_grant,
                  [this](Connection& c, const Caller& caller, const object& body, AuditEntry& entry) -> Result<object> {
                    const auto account = AccountId::trusted(text_of(body, "account"));
                    Grant grant{*role_from_name(text_of(body, "role")), AgencyId::trusted(text_of(body, "agency"))};
                    grant.valid_from = day_in(body, "valid_from").value_or(Day{});
                    grant.valid_to = day_in(body, "valid_to");
                    entry.object = "account:" + account.text();
                    LUY_TRY_VOID(roles_.grant_in(c, caller, account, grant, entry));
                    return object();
                  },
                  place_of_role});
  acts_.add_kind("role_delegate",
                 {Action::role_grant,
                  [this](Connection& c, const Caller& caller, const object& body, AuditEntry& entry) -> Result<object> {
                    NewDelegation wanted;
                    wanted.from = AccountId::trusted(text_of(body, "from"));
                    wanted.to = AccountId::trusted(text_of(body, "to"));
                    wanted.role = *role_from_name(text_of(body, "role"));
                    wanted.agency = AgencyId::trusted(text_of(body, "agency"));
                    wanted.valid_from = day_in(body, "valid_from");
                    wanted.valid_to = day_in(body, "valid_to").value_or(Day{});
                    wanted.note = text_of(body, "note");
                    LUY_TRY_VOID(roles_.delegate_in(c, caller, wanted, entry));
                    return object();
                  },
                  place_of_role});
  acts_.add_kind("second_factor_reset",
                 {Action::second_factor_reset,
                  [this](Connection& c, const Caller& caller, const object& body, AuditEntry& entry) -> Result<object> {
                    const auto account = AccountId::trusted(text_of(body, "account"));
                    entry.object = "account:" + account.text();
                    entry.after["second_factor"] = "reset";
                    LUY_TRY_VOID(factors_.reset_in(c, caller, account));
                    return object();
                  },
                  places_of_account});
  acts_.add_kind("password_issue",
                 {Action::account_manage,
                  [this](Connection& c, const Caller& caller, const object& body, AuditEntry& entry) -> Result<object> {
                    const auto id = AccountId::trusted(text_of(body, "account"));
                    entry.object = "account:" + id.text();
                    entry.after["password"] = "issued";
                    LUY_TRY(const StoredAccount stored, check_takes_over(c, caller, id));
                    LUY_TRY(const FactorState factors, load_factors(c, id));
                    if (body.contains("factors")) {
                      entry.after["second_factor"] = "reset";
                      LUY_TRY_VOID(factors_.reset_in(c, caller, id));
                    } else if (!factors.passkeys.empty()) {
                      entry.after["passkeys_kept"] = factors.passkeys.size();
                    }
                    const Time now = clock_.now();
                    LUY_TRY_VOID(store_password(c, id, {text_of(body, "hash"), now, now + one_time_lifetime}));
                    LUY_TRY_VOID(end_sessions(c, id));
                    LUY_TRY_VOID(end_tokens(c, id, now));
                    // Whoever guessed at the old password must not keep the owner out with the new one.
                    LUY_TRY_VOID(forget_failures(c, failure_subject_of_account(stored.account.username)));
                    return object();
                  },
                  places_of_account});
  acts_.add_kind("break_glass_seal",
                 {Action::account_manage,
                  [this](Connection& c, const Caller& caller, const object& body, AuditEntry& entry) -> Result<object> {
                    const auto id = AccountId::trusted(text_of(body, "account"));
                    entry.object = "account:" + id.text();
                    entry.after["sealed"] = true;
                    LUY_TRY(const StoredAccount stored, check_takes_over(c, caller, id));
                    // What was added while the envelope was open goes with the old password.
                    if (stored.account.seal_broken) {
                      LUY_TRY_VOID(drop_factors_since(c, id, stored.account.password_set_at));
                    }
                    // It lies in an envelope until it is needed, so it has no end of its own.
                    LUY_TRY_VOID(store_password(c, id, {text_of(body, "hash"), clock_.now(), std::nullopt}));
                    LUY_TRY_VOID(c.run("UPDATE account SET sealed = 1 WHERE id = $1", {std::string_view(id.text())}));
                    LUY_TRY_VOID(end_tokens(c, id, clock_.now()));
                    LUY_TRY_VOID(end_sessions(c, id));
                    return object();
                  },
                  places_of_account});
  acts_.add_kind("person_merge",
                 {Action::role_grant,
                  [this](Connection& c, const Caller& caller, const object& body, AuditEntry& entry) -> Result<object> {
                    const auto keep = PersonId::trusted(text_of(body, "keep"));
                    const auto gone = PersonId::trusted(text_of(body, "gone"));
                    LUY_TRY_VOID(people_.merge_in(c, caller, keep, gone, text_of(body, "reason"), entry));
                    return object();
                  },
                  places_of_people});
  acts_.add_kind("account_enable",
                 {Action::role_grant,
                  [this](Connection& c, const Caller& caller, const object& body, AuditEntry& entry) -> Result<object> {
                    const auto id = AccountId::trusted(text_of(body, "account"));
                    LUY_TRY_VOID(accounts_.set_enabled_in(c, caller, id, true, entry));
                    LUY_TRY(const StoredAccount stored, load_account(c, id));
                    LUY_TRY(entry.after["gains"], gains_of(c, stored.account));
                    return object();
                  },
                  places_of_account});
  acts_.add_kind("agency_profile",
                 {Action::role_grant,
                  [this](Connection& c, const Caller& caller, const object& body, AuditEntry& entry) -> Result<object> {
                    LUY_TRY(const AgencyProfile wanted, profile_from_json(body.at("profile")));
                    const auto agency = AgencyId::trusted(text_of(body, "agency"));
                    LUY_TRY_VOID(profiles_.set_in(c, caller, agency, wanted, entry));
                    return object();
                  }});
  acts_.add_kind("agency_reorganise",
                 {Action::role_grant,
                  [this](Connection& c, const Caller& caller, const object& body, AuditEntry& entry) -> Result<object> {
                    LUY_TRY(const Reorganisation plan, reorganisation_from_json(body));
                    LUY_TRY_VOID(agencies_.reorganise_in(c, caller, plan, entry));
                    return object();
                  },
                  [](Connection& c, const object& body) -> Result<std::vector<AgencyId>> {
                    LUY_TRY(const Reorganisation plan, reorganisation_from_json(body));
                    return load_tops(c, plan);
                  },
                  false,
                  [this] {
                    if (const auto loaded = agencies_.load_lineages(); !loaded) {
                      log(LogLevel::error, "directory",
                          "the tree of agencies is not read anew: " + loaded.error().text());
                    }
                  }});
  register_source_acts();
}

Result<Directory::ProposedReorganisation> Directory::propose_reorganisation(const Caller& caller,
                                                                            const Reorganisation& plan) {
  LUY_TRY(Reorganised seen, agencies_.reorganise(caller, plan, Preview::yes));
  LUY_TRY(const bool hold, acts_.holds());
  if (!hold || !seen.takes_two || !caller.account) {
    LUY_TRY(Reorganised done, agencies_.reorganise(caller, plan));
    return ProposedReorganisation{{true, std::nullopt, {}}, std::move(done)};
  }
  LUY_TRY(Proposed proposed, acts_.propose(caller, "agency_reorganise", to_json(plan), AgencyId()));
  return ProposedReorganisation{std::move(proposed), std::move(seen)};
}

Result<Proposed> Directory::propose_merge(const Caller& caller, const PersonId& keep, const PersonId& gone,
                                          std::string_view reason) {
  const object body{{"keep", keep.text()}, {"gone", gone.text()}, {"reason", reason}};
  LUY_TRY(const Person person, people_.find(keep));
  return acts_.propose(caller, "person_merge", body, person.agency);
}

Result<Proposed> Directory::propose_enable(const Caller& caller, const AccountId& id) {
  LUY_TRY(const Account account, accounts_.find(id));
  LUY_TRY(const Person person, people_.find(account.person));
  LUY_TRY(const bool undone, accounts_.undoes(caller, id));
  if (person.state == PersonState::active && (!decides_for_two(account) || undone)) {
    LUY_TRY_VOID(accounts_.enable(caller, id));
    return Proposed{true, std::nullopt, {}};
  }
  return acts_.propose(caller, "account_enable", {{"account", id.text()}}, account.agency);
}

Result<Proposed> Directory::propose_profile(const Caller& caller, const AgencyId& agency,
                                            const AgencyProfile& profile) {
  LUY_TRY(const bool wider, database_.read([&](Connection& c) { return widens(c, agency, profile.networks); }));
  if (!wider) {
    LUY_TRY_VOID(profiles_.set(caller, agency, profile));
    return Proposed{true, std::nullopt, {}};
  }
  return acts_.propose(caller, "agency_profile", {{"agency", agency.text()}, {"profile", to_json(profile)}}, agency);
}

Result<Proposed> Directory::propose_grant(const Caller& caller, const AccountId& account, const Grant& grant) {
  LUY_TRY(const bool undone, database_.read([&](Connection& c) { return roles_.undoes(c, caller, account, grant); }));
  if (undone) {
    LUY_TRY_VOID(roles_.grant(caller, account, grant));
    return Proposed{true, std::nullopt, {}};
  }
  object body{{"account", account.text()}, {"role", name_of(grant.role)}, {"agency", grant.agency.text()}};
  body["valid_from"] = grant.valid_from == Day{} ? value(nullptr) : value(to_iso(grant.valid_from));
  body["valid_to"] = day_value(grant.valid_to);
  return acts_.propose(caller, "role_grant", body, grant.agency);
}

Result<Proposed> Directory::propose_delegation(const Caller& caller, const NewDelegation& wanted) {
  object body{{"from", wanted.from.text()},
              {"to", wanted.to.text()},
              {"role", name_of(wanted.role)},
              {"agency", wanted.agency.text()},
              {"valid_from", day_value(wanted.valid_from)},
              {"valid_to", to_iso(wanted.valid_to)},
              {"note", wanted.note}};
  if (directory::decides_for_two(wanted.role)) return acts_.propose(caller, "role_delegate", body, wanted.agency);
  LUY_TRY_VOID(roles_.delegate(caller, wanted));
  return Proposed{true, std::nullopt, {}};
}

Result<Proposed> Directory::propose_factor_reset(const Caller& caller, const AccountId& id) {
  LUY_TRY(const Account account, accounts_.find(id));
  return acts_.propose(caller, "second_factor_reset", {{"account", id.text()}}, account.agency);
}

Result<Directory::ProposedPassword> Directory::propose_password(const Caller& caller, const AccountId& id,
                                                                Envelope envelope, FactorsToo factors) {
  // Hashing is dear: whoever may do it nowhere does not get that far.
  if (auto may = caller.require(Action::account_manage, Object::anywhere()); !may) {
    return audit_.perform(caller, {"password_issue", "account:" + id.text(), Outcome::done, "", {}, {}},
                          [&](Connection&, AuditEntry&) -> Result<ProposedPassword> { return may.error(); });
  }
  LUY_TRY(const Account account, accounts_.find(id));
  LUY_TRY(const FactorState held, factors_.state(id));
  const std::size_t kept = factors == FactorsToo::yes ? 0 : held.passkeys.size();
  if (envelope == Envelope::open && factors == FactorsToo::no && !decides_for_two(account)) {
    LUY_TRY(const std::string issued, accounts_.issue_password(caller, id));
    return ProposedPassword{{true, std::nullopt, {}}, issued, kept};
  }
  const std::string password = make_one_time_password(random_);
  LUY_TRY(const std::string hash, hasher_.hash(password));
  object body{{"account", id.text()}, {"hash", hash}};
  if (factors == FactorsToo::yes) body["factors"] = true;
  LUY_TRY(Proposed proposed, acts_.propose(caller, envelope == Envelope::sealed ? "break_glass_seal" : "password_issue",
                                           body, account.agency));
  return ProposedPassword{std::move(proposed), password, kept};
}

bool Directory::decides_for_two(const Account& account) {
  return std::any_of(account.grants.begin(), account.grants.end(),
                     [](const Grant& grant) { return directory::decides_for_two(grant.role); });
}

}  // namespace luy::directory
