// Reorganisations that wait for their day: carried out by the rights of those who asked and agreed, listed, taken back.
#include <algorithm>
#include <mutex>
#include <set>

#include "base/log.h"
#include "directory/agency.h"
#include "directory/pending.h"
#include "directory/role.h"
#include "directory/stored/account.h"
#include "directory/stored/agency.h"

namespace luy::directory {
namespace {

using records::Connection;
using records::Row;

constexpr std::string_view columns =
    "SELECT id, body, proposed_by, agreed_by, problem_vi, problem_en FROM agency_plan ";

Result<std::vector<PlannedReorganisation>> load_plans(Connection& c, std::string_view where,
                                                      std::initializer_list<records::Param> params) {
  std::vector<PlannedReorganisation> out;
  std::optional<Error> bad;
  LUY_TRY_VOID(c.query(std::string(columns) + std::string(where), params, [&](const Row& row) {
    boost::system::error_code unreadable;
    const auto value = boost::json::parse(row.text(1), unreadable);
    LUY_CHECK_MSG(!unreadable, "a stored plan is no JSON");
    auto plan = reorganisation_from_json(value);
    if (!plan) {
      bad = plan.error();
      return;
    }
    PlannedReorganisation one{std::string(row.text(0)), *std::move(plan),         std::nullopt,
                              std::string(row.text(3)), std::string(row.text(4)), std::string(row.text(5))};
    if (const auto by = row.maybe_text(2)) one.proposed_by = AccountId::trusted(*by);
    out.push_back(std::move(one));
  }));
  if (bad) return *bad;
  return out;
}

// Every agency that stands in the plan by its id.
std::vector<AgencyId> touched(const Reorganisation& plan) {
  std::set<AgencyId> out;
  const auto add = [&](const std::string& name) {
    if (auto id = AgencyId::parse(name)) out.insert(*std::move(id));
  };
  for (const auto& one : plan.creates) add(one.superior);
  for (const auto& one : plan.changes) {
    out.insert(one.agency);
    if (one.superior) add(*one.superior);
  }
  for (const auto& one : plan.closes) {
    out.insert(one.agency);
    for (const auto& successor : one.successors) add(successor.agency);
  }
  return {out.begin(), out.end()};
}

// Whoever agreed must still be somebody who could.
Result<void> check_still_agreed(Connection& c, const PlannedReorganisation& one, const Actor& proposer, Day today) {
  LUY_TRY(const StoredAccount stored, load_account_named(c, one.agreed_by));
  LUY_TRY(Actor decider, load_actor(c, stored.account.id, today));
  if (decider.person == proposer.person) return Error(same_person);
  std::erase_if(decider.grants, [&](const Grant& grant) { return grant.delegated_by == proposer.account; });
  LUY_TRY(const auto tops, load_tops(c, one.plan));
  for (const AgencyId& top : tops) {
    LUY_TRY(const auto chain, load_superiors(c, top));
    LUY_TRY_VOID(require(decider, Action::act_decide, {chain, std::nullopt, false}));
    LUY_TRY_VOID(require(decider, Action::role_grant, {chain, std::nullopt, false}));
  }
  return {};
}

}  // namespace

Result<std::vector<AgencyId>> load_tops(Connection& c, const Reorganisation& plan) {
  std::vector<AgencyId> out;
  for (const AgencyId& agency : touched(plan)) {
    LUY_TRY(AgencyId top, load_top(c, agency));
    if (std::find(out.begin(), out.end(), top) == out.end()) out.push_back(std::move(top));
  }
  return out;
}

Result<std::size_t> Agencies::begin_due() {
  const Day today = day_of(clock_.now());
  LUY_TRY(const auto due, database_.read([&](Connection& c) {
    return load_plans(c, "WHERE day <= $1 AND failed = 0 ORDER BY day, id", {day_number(today)});
  }));
  for (const PlannedReorganisation& one : due) {
    Actor proposer;
    Caller caller = server_operator();
    if (one.proposed_by) {
      LUY_TRY(proposer, database_.read([&](Connection& c) { return load_actor(c, *one.proposed_by, today); }));
      caller = caller_of(proposer, "");
      caller.agreed_by = one.agreed_by;
    }
    Result<void> agreed;
    if (!one.agreed_by.empty()) {
      agreed = database_.read([&](Connection& c) { return check_still_agreed(c, one, proposer, today); });
    }
    std::optional<Error> problem;
    if (!agreed) {
      problem = agreed.error();
      AuditEntry entry{"agency_reorganise", "agency_plan:" + one.id, Outcome::done, "", {}, {}};
      static_cast<void>(audit_.perform(caller, entry, [&](Connection&, AuditEntry&) { return agreed; }));
    } else if (const auto done = reorganise(caller, one.plan); !done) {
      problem = done.error();
    }
    if (problem) log(LogLevel::error, "directory", "a planned reorganisation cannot begin: " + problem->text());
    LUY_TRY_VOID(database_.write([&](Connection& c) {
      if (!problem) return c.run("DELETE FROM agency_plan WHERE id = $1", {std::string_view(one.id)});
      const std::string vi = problem->vi();
      const std::string en = problem->en();
      return c.run("UPDATE agency_plan SET failed = 1, problem_vi = $1, problem_en = $2 WHERE id = $3",
                   {std::string_view(vi), std::string_view(en), std::string_view(one.id)});
    }));
  }
  return due.size();
}

Result<std::vector<PlannedReorganisation>> Agencies::plans() const {
  return database_.read([](Connection& c) { return load_plans(c, "ORDER BY day, id", {}); });
}

Result<void> Agencies::take_back(const Caller& caller, std::string_view id) {
  return audit_.perform(caller, {"agency_plan_end", "agency_plan:" + std::string(id), Outcome::done, "", {}, {}},
                        [&](Connection& c, AuditEntry& entry) -> Result<void> {
                          LUY_TRY(const auto found, load_plans(c, "WHERE id = $1", {id}));
                          if (found.empty()) return Error(plan_unknown);
                          for (const AgencyId& agency : touched(found.front().plan)) {
                            LUY_TRY(const auto chain, load_superiors(c, agency));
                            LUY_TRY_VOID(caller.require(Action::agency_manage, {chain, std::nullopt, false}));
                          }
                          entry.before = to_json(found.front().plan);
                          LUY_TRY_VOID(c.run("DELETE FROM agency_plan WHERE id = $1", {id}));
                          return {};
                        });
}

}  // namespace luy::directory
