// Reorganisations: one decision that creates, renames, moves, merges, splits and ends bodies on one day.
#include <algorithm>
#include <map>
#include <set>

#include "directory/agency.h"
#include "directory/stored/agency.h"
#include "directory/stored/four_eyes.h"
#include "directory/stored/gains.h"
#include "directory/stored/rights.h"
#include "directory/stored/value.h"

namespace luy::directory {
namespace {

using records::Connection;
using records::Row;

// Never shown: takes a preview back.
constexpr ErrorKind only_looking{"directory.only_looking", ErrorClass::conflict, "Chỉ xem trước.", "Only a preview."};
constexpr days ahead_max{366};

// One reorganisation inside its transaction.
class Work {
 public:
  Work(Connection& connection, const Caller& caller, const Reorganisation& plan, Time now, Random& random)
      : c_(connection), caller_(caller), plan_(plan), now_(now), random_(random) {}

  Result<Reorganised> run() {
    if (plan_.creates.size() + plan_.changes.size() + plan_.closes.size() > agency_changes_max) {
      return Error(bad_value, "changes");
    }
    LUY_TRY_VOID(authorise_touched());
    LUY_TRY(const Holdings before, load_holdings(c_, plan_.day));
    for (const auto& one : plan_.creates) LUY_TRY_VOID(create(one));
    for (const auto& one : plan_.changes) LUY_TRY_VOID(change(one));
    for (const auto& one : plan_.closes) LUY_TRY_VOID(succeed(one));
    for (const auto& one : plan_.closes) LUY_TRY_VOID(close(one));
    LUY_TRY_VOID(check_result());
    LUY_TRY(const Holdings after, load_holdings(c_, plan_.day));
    const FoundGains found = gains_between(before, after);
    LUY_TRY_VOID(check_gains(caller_, before, found));
    done_.gains = highest_of(found, after);
    done_.takes_two = !done_.gains.empty() || moves();
    return std::move(done_);
  }

 private:
  // Whether somebody comes to stand under others than before.
  bool moves() const {
    const auto new_place = [](const Reorganisation::Change& one) { return one.superior.has_value(); };
    const auto new_top = [](const Reorganisation::Create& one) { return one.superior.empty(); };
    return std::any_of(plan_.changes.begin(), plan_.changes.end(), new_place) ||
           std::any_of(plan_.creates.begin(), plan_.creates.end(), new_top);
  }

  Result<void> may_manage(const AgencyId& agency) {
    LUY_TRY(const auto chain, load_superiors(c_, agency));
    return caller_.require(Action::agency_manage, {chain, std::nullopt, false});
  }

  // Before anything is touched, so that what is refused is refused as the tree stands.
  Result<void> authorise_touched() {
    bool top_ends = false;
    for (const auto& one : plan_.closes) {
      LUY_TRY_VOID(may_manage(one.agency));
      LUY_TRY(const Agency agency, load_agency(c_, one.agency));
      top_ends = top_ends || !agency.superior;
    }
    for (const auto& one : plan_.changes) {
      LUY_TRY_VOID(may_manage(one.agency));
      if (one.superior) LUY_TRY_VOID(may_stand_under(*one.superior));
    }
    for (const auto& one : plan_.creates) {
      if (one.superior.empty()) {
        if (!top_ends)
          return Error(agency_change_invalid, one.key + ": cơ quan cao nhất mới chỉ thay cơ quan cao nhất kết thúc",
                       one.key + ": a new top follows only one that ends");
      } else {
        LUY_TRY_VOID(may_stand_under(one.superior));
      }
    }
    for (const auto& one : plan_.closes) {
      for (const auto& successor : one.successors) LUY_TRY_VOID(may_stand_under(successor.agency));
    }
    return {};
  }

  // What this very plan creates is checked where it is created.
  Result<void> may_stand_under(const std::string& name) {
    if (is_key(name)) return {};
    const auto id = AgencyId::parse(name);
    if (!id) return Error(agency_change_invalid, name);
    return may_manage(*id);
  }

  bool is_key(const std::string& name) const {
    return std::any_of(plan_.creates.begin(), plan_.creates.end(), [&](const auto& one) { return one.key == name; });
  }

  Result<AgencyId> resolve(const std::string& name) const {
    if (const auto found = keys_.find(name); found != keys_.end()) return found->second;
    const auto id = AgencyId::parse(name);
    if (!id)
      return Error(agency_change_invalid, name + ": chưa được lập trong quyết định này",
                   name + ": named before it is created, or not at all");
    return *id;
  }

  Result<void> create(const Reorganisation::Create& one) {
    Agency agency;
    agency.id = AgencyId::make(now_, random_);
    LUY_TRY(agency.code, checked_text("code", one.code, agency_code_bytes_max));
    LUY_TRY(agency.name, checked_text("name", one.name, name_bytes_max));
    LUY_TRY(agency.header_name,
            checked_text("header_name", one.header_name.empty() ? one.name : one.header_name, name_bytes_max));
    agency.kind = one.kind;
    agency.valid_from = plan_.day;
    if (!one.superior.empty()) {
      LUY_TRY(const AgencyId superior, resolve(one.superior));
      LUY_TRY_VOID(check_place(superior));
      agency.superior = superior;
    }
    if (one.key.empty() || !keys_.emplace(one.key, agency.id).second) return Error(bad_value, "key");
    LUY_TRY_VOID(insert_agency(c_, agency));
    done_.created.push_back(std::move(agency));
    return {};
  }

  // Whether something may stand under `superior` from the day on.
  Result<void> check_place(const AgencyId& superior) {
    LUY_TRY(const Agency above, load_agency(c_, superior));
    if (!above.valid_on(plan_.day) || above.valid_to || closes(superior)) return Error(agency_not_valid);
    LUY_TRY(const auto chain, load_superiors(c_, superior));
    if (chain.size() >= agency_depth_max) return Error(agency_too_deep);
    return {};
  }

  bool closes(const AgencyId& agency) const {
    return std::any_of(plan_.closes.begin(), plan_.closes.end(), [&](const auto& one) { return one.agency == agency; });
  }

  Result<void> change(const Reorganisation::Change& one) {
    LUY_TRY(const Agency before, load_agency(c_, one.agency));
    if (!before.valid_on(plan_.day) || plan_.day <= before.changed_on.value_or(before.valid_from)) {
      return Error(agency_change_invalid, before.name + ": " + to_vietnamese(plan_.day));
    }
    Agency after = before;
    if (one.name) {
      LUY_TRY(after.name, checked_text("name", *one.name, name_bytes_max));
      if (!one.header_name) after.header_name = after.name;
    }
    if (one.header_name) {
      LUY_TRY(after.header_name, checked_text("header_name", *one.header_name, name_bytes_max));
    }
    if (one.superior) {
      LUY_TRY(const AgencyId superior, resolve(*one.superior));
      LUY_TRY_VOID(check_place(superior));
      LUY_TRY(const auto above, load_superiors(c_, superior));
      if (std::find(above.begin(), above.end(), one.agency) != above.end()) {
        return Error(agency_change_invalid, before.name + ": trực thuộc chính mình", before.name + ": under itself");
      }
      if (!before.superior)
        return Error(agency_change_invalid, before.name + ": là cơ quan cao nhất", before.name + ": a top stays one");
      after.superior = superior;
    }
    LUY_TRY_VOID(store_change(c_, before, after, plan_.day));
    after.changed_on = plan_.day;
    done_.changed.push_back(std::move(after));
    return {};
  }

  Result<void> succeed(const Reorganisation::Close& one) {
    std::size_t people = 0;
    for (const auto& successor : one.successors) {
      LUY_TRY(const AgencyId id, resolve(successor.agency));
      LUY_TRY(const Agency body, load_agency(c_, id));
      if (id == one.agency || closes(id) || body.valid_to || body.valid_from > plan_.day) {
        return Error(agency_change_invalid, body.name);
      }
      LUY_TRY_VOID(insert_succession(c_, {one.agency, id, plan_.day, successor.keeps_records, plan_.basis}));
      if (successor.takes_roles) LUY_TRY_VOID(take_roles(one.agency, id));
      if (!successor.takes_people) continue;
      if (++people > 1)
        return Error(agency_change_invalid, "chỉ một cơ quan tiếp nhận người", "only one successor takes the people");
      LUY_TRY(const auto moved, c_.run("UPDATE person SET agency = $1 WHERE agency = $2",
                                       {std::string_view(id.text()), std::string_view(one.agency.text())}));
      done_.people_moved += static_cast<std::size_t>(moved);
    }
    return {};
  }

  // Held in the old body until its last day, in the new one from its first.
  Result<void> take_roles(const AgencyId& from, const AgencyId& to) {
    LUY_TRY(const auto taken,
            c_.run("INSERT INTO role_grant (account, role, agency, valid_from_day, valid_to_day)"
                   " SELECT account, role, $1, CASE WHEN valid_from_day > $2 THEN valid_from_day ELSE $2 END,"
                   " valid_to_day FROM role_grant WHERE agency = $3 AND (valid_to_day IS NULL OR valid_to_day >= $2)"
                   " ON CONFLICT DO NOTHING",
                   {std::string_view(to.text()), day_number(plan_.day), std::string_view(from.text())}));
    done_.roles_moved += static_cast<std::size_t>(taken);
    return {};
  }

  Result<void> close(const Reorganisation::Close& one) {
    LUY_TRY(Agency agency, load_agency(c_, one.agency));
    const Day last = plan_.day - days(1);
    if (agency.valid_to || last < agency.changed_on.value_or(agency.valid_from)) {
      return Error(agency_change_invalid, agency.name + ": " + to_vietnamese(plan_.day));
    }
    LUY_TRY_VOID(store_last_day(c_, agency.id, last));
    LUY_TRY_VOID(
        c_.run("UPDATE role_grant SET valid_to_day = $1 WHERE agency = $2"
               " AND (valid_to_day IS NULL OR valid_to_day > $1)",
               {day_number(last), std::string_view(agency.id.text())}));
    LUY_TRY_VOID(c_.run("DELETE FROM session WHERE account IN (SELECT account FROM role_grant WHERE agency = $1)",
                        {std::string_view(agency.id.text())}));
    agency.valid_to = last;
    done_.closed.push_back(std::move(agency));
    return {};
  }

  // Nothing stands under what has ended, nothing hangs too deep, and every top can be administered.
  Result<void> check_result() {
    LUY_TRY(const auto agencies, load_agencies(c_, plan_.day));
    std::set<AgencyId> living;
    for (const Agency& agency : agencies) living.insert(agency.id);
    for (const Agency& agency : agencies) {
      if (agency.superior && !living.contains(*agency.superior)) return Error(agency_has_parts);
      LUY_TRY(const auto chain, load_superiors(c_, agency.id));
      if (chain.size() > agency_depth_max) return Error(agency_too_deep);
      if (agency.superior) continue;
      LUY_TRY_VOID(check_somebody_stays(c_, AccountId(), agency.id, plan_.day));
    }
    return {};
  }

  Connection& c_;
  const Caller& caller_;
  const Reorganisation& plan_;
  const Time now_;
  Random& random_;
  std::map<std::string, AgencyId> keys_;
  Reorganised done_;
};

std::string object_of_plan(const Reorganisation& plan) {
  if (!plan.closes.empty()) return "agency:" + plan.closes.front().agency.text();
  if (!plan.changes.empty()) return "agency:" + plan.changes.front().agency.text();
  return {};
}

}  // namespace

Result<Reorganised> Agencies::reorganise_in(Connection& c, const Caller& caller, const Reorganisation& plan,
                                            AuditEntry& entry) {
  const Time now = clock_.now();
  const Day today = day_of(now);
  if (plan.day > today + ahead_max) return Error(bad_value, "day");
  if (!plan.basis.empty()) LUY_TRY_VOID(checked_text("basis", plan.basis, name_bytes_max));
  const bool waits = plan.day > today;
  // A plan for a later day is tried out now, so that its mistakes show at once.
  if (waits) LUY_TRY_VOID(c.run("SAVEPOINT luy_plan"));
  Work one(c, caller, plan, now, random_);
  LUY_TRY(Reorganised result, one.run());
  entry.object = object_of_plan(plan);
  entry.after = to_json(plan);
  if (!result.gains.empty()) entry.after["gains"] = to_json(result.gains);
  if (!waits) return result;
  LUY_TRY_VOID(c.run("ROLLBACK TO luy_plan"));
  LUY_TRY_VOID(c.run("RELEASE luy_plan"));
  result.waits = true;
  const std::string text = boost::json::serialize(to_json(plan));
  std::optional<std::string> by;
  if (caller.account) by = caller.account->text();
  LUY_TRY_VOID(c.run("INSERT INTO agency_plan (id, day, body, proposed_by, agreed_by) VALUES ($1, $2, $3, $4, $5)",
                     {std::string_view(make_id_text(now, random_)), day_number(plan.day), std::string_view(text),
                      records::nullable(by), std::string_view(caller.agreed_by)}));
  return result;
}

Result<Reorganised> Agencies::reorganise(const Caller& caller, const Reorganisation& plan, Preview preview) {
  AuditEntry entry{"agency_reorganise", object_of_plan(plan), Outcome::done, "", {}, {}};
  if (preview == Preview::yes) {
    std::optional<Reorganised> seen;
    auto tried = database_.write([&](Connection& c) -> Result<Reorganised> {
      AuditEntry unused = entry;
      LUY_TRY(seen, reorganise_in(c, caller, plan, unused));
      return Error(only_looking);
    });
    if (tried.error().is(only_looking)) return *std::move(seen);
    return audit_.perform(caller, entry,
                          [&](Connection&, AuditEntry&) -> Result<Reorganised> { return tried.error(); });
  }
  auto result = audit_.perform(caller, std::move(entry), [&](Connection& c, AuditEntry& done) -> Result<Reorganised> {
    LUY_TRY(Reorganised made, reorganise_in(c, caller, plan, done));
    if (made.takes_two && caller.agreed_by.empty()) LUY_TRY_VOID(check_alone(c, caller, clock_.now()));
    return made;
  });
  if (result) LUY_TRY_VOID(load_lineages());
  return result;
}

}  // namespace luy::directory
