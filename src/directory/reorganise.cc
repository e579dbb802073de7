// Reorganisations: one decision that creates, renames, moves, merges, splits and ends bodies on one day.
#include <algorithm>
#include <map>
#include <set>

#include "base/log.h"
#include "directory/agency.h"
#include "directory/stored/agency.h"
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
    for (const auto& one : plan_.creates) LUY_TRY_VOID(create(one));
    for (const auto& one : plan_.changes) LUY_TRY_VOID(change(one));
    for (const auto& one : plan_.closes) LUY_TRY_VOID(succeed(one));
    for (const auto& one : plan_.closes) LUY_TRY_VOID(close(one));
    LUY_TRY_VOID(check_result());
    return std::move(done_);
  }

 private:
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

Result<Reorganised> Agencies::reorganise(const Caller& caller, const Reorganisation& plan, Preview preview) {
  const Time now = clock_.now();
  const Day today = day_of(now);
  AuditEntry entry{"agency_reorganise", object_of_plan(plan), Outcome::done, "", {}, {}};
  const bool waits = plan.day > today;
  std::optional<Reorganised> seen;
  const auto work = [&](Connection& c, AuditEntry& done) -> Result<Reorganised> {
    if (plan.day > today + ahead_max) return Error(bad_value, "day");
    if (!plan.basis.empty()) LUY_TRY_VOID(checked_text("basis", plan.basis, name_bytes_max));
    Work one(c, caller, plan, now, random_);
    LUY_TRY(Reorganised result, one.run());
    if (preview == Preview::yes || waits) {
      seen = std::move(result);
      return Error(only_looking);
    }
    done.after = to_json(plan);
    return result;
  };
  // A plan for a later day is tried out now, so that its mistakes show at once.
  if (preview == Preview::yes || waits) {
    auto tried = database_.write([&](Connection& c) { return work(c, entry); });
    if (!tried.error().is(only_looking)) {
      return audit_.perform(caller, entry,
                            [&](Connection&, AuditEntry&) -> Result<Reorganised> { return tried.error(); });
    }
    seen->waits = waits;
    if (preview == Preview::yes) return *seen;
    return audit_.perform(caller, entry, [&](Connection& c, AuditEntry& done) -> Result<Reorganised> {
      done.after = to_json(plan);
      const std::string text = boost::json::serialize(done.after);
      LUY_TRY_VOID(c.run("INSERT INTO agency_plan (id, day, body) VALUES ($1, $2, $3)",
                         {std::string_view(make_id_text(now, random_)), day_number(plan.day), std::string_view(text)}));
      return *seen;
    });
  }
  auto result = audit_.perform(caller, std::move(entry), work);
  if (result) LUY_TRY_VOID(load_lineages());
  return result;
}

Result<std::size_t> Agencies::begin_due() {
  struct Due {
    std::string id;
    std::string body;
  };
  std::vector<Due> due;
  const Day today = day_of(clock_.now());
  LUY_TRY_VOID(database_.read([&](Connection& c) {
    return c.query("SELECT id, body FROM agency_plan WHERE day <= $1 AND failed = 0 ORDER BY day, id",
                   {day_number(today)}, [&](const Row& row) {
                     due.push_back({std::string(row.text(0)), std::string(row.text(1))});
                   });
  }));
  for (const Due& one : due) {
    boost::system::error_code bad;
    const auto value = boost::json::parse(one.body, bad);
    LUY_CHECK_MSG(!bad, "a stored plan is no JSON");
    LUY_TRY(const Reorganisation plan, reorganisation_from_json(value));
    // Whoever made the plan was allowed to when they made it.
    const auto done = reorganise(server_operator(), plan);
    if (!done) log(LogLevel::error, "directory", "a planned reorganisation cannot begin: " + done.error().text());
    LUY_TRY_VOID(database_.write([&](Connection& c) {
      return done ? c.run("DELETE FROM agency_plan WHERE id = $1", {std::string_view(one.id)})
                  : c.run("UPDATE agency_plan SET failed = 1 WHERE id = $1", {std::string_view(one.id)});
    }));
  }
  return due.size();
}

boost::json::object to_json(const Reorganisation& plan) {
  using boost::json::array;
  using boost::json::object;
  using boost::json::value;
  const auto maybe = [](const std::optional<std::string>& text) { return text ? value(*text) : value(nullptr); };
  array creates;
  for (const auto& one : plan.creates) {
    creates.push_back({{"key", one.key},
                       {"code", one.code},
                       {"name", one.name},
                       {"header_name", one.header_name},
                       {"kind", name_of(one.kind)},
                       {"superior", one.superior}});
  }
  array changes;
  for (const auto& one : plan.changes) {
    changes.push_back({{"agency", one.agency.text()},
                       {"name", maybe(one.name)},
                       {"header_name", maybe(one.header_name)},
                       {"superior", maybe(one.superior)}});
  }
  array closes;
  for (const auto& one : plan.closes) {
    array successors;
    for (const auto& next : one.successors) {
      successors.push_back({{"agency", next.agency},
                            {"keeps_records", next.keeps_records},
                            {"takes_people", next.takes_people},
                            {"takes_roles", next.takes_roles}});
    }
    closes.push_back({{"agency", one.agency.text()}, {"successors", std::move(successors)}});
  }
  return {{"day", to_iso(plan.day)},
          {"basis", plan.basis},
          {"creates", std::move(creates)},
          {"changes", std::move(changes)},
          {"closes", std::move(closes)}};
}

namespace {

// Reads members of one object and remembers whether anything was amiss.
class Reader {
 public:
  explicit Reader(const boost::json::value& value) : object_(value.if_object()) {}
  std::string text(std::string_view name) { return maybe(name).value_or(""); }
  std::optional<std::string> maybe(std::string_view name) {
    const auto* found = member(name);
    if (found == nullptr) return std::nullopt;
    if (const auto* string = found->if_string()) return std::string(*string);
    good = false;
    return std::nullopt;
  }
  bool flag(std::string_view name) {
    const auto* found = member(name);
    if (found == nullptr) return false;
    const bool* value = found->if_bool();
    good = good && value != nullptr;
    return value != nullptr && *value;
  }
  const boost::json::array& list(std::string_view name) {
    static const boost::json::array none;
    const auto* found = member(name);
    if (found == nullptr) return none;
    const auto* items = found->if_array();
    good = good && items != nullptr;
    return items == nullptr ? none : *items;
  }
  AgencyId agency(std::string_view name) {
    const auto id = AgencyId::parse(text(name));
    good = good && id.has_value();
    return id.value_or(AgencyId());
  }
  bool good = true;

 private:
  const boost::json::value* member(std::string_view name) {
    if (object_ == nullptr) {
      good = false;
      return nullptr;
    }
    const auto* found = object_->if_contains(name);
    return found == nullptr || found->is_null() ? nullptr : found;
  }
  const boost::json::object* object_;
};

}  // namespace

Result<Reorganisation> reorganisation_from_json(const boost::json::value& value) {
  Reader top(value);
  Reorganisation plan;
  const auto day = day_from_iso(top.text("day"));
  if (!day) return Error(bad_value, "day");
  plan.day = *day;
  plan.basis = top.text("basis");
  for (const auto& item : top.list("creates")) {
    Reader one(item);
    const auto kind = agency_kind_from_name(one.maybe("kind").value_or("department"));
    if (!kind) return Error(bad_value, "kind");
    plan.creates.push_back(
        {one.text("key"), one.text("code"), one.text("name"), one.text("header_name"), *kind, one.text("superior")});
    if (!one.good) return Error(bad_value, "creates");
  }
  for (const auto& item : top.list("changes")) {
    Reader one(item);
    plan.changes.push_back({one.agency("agency"), one.maybe("name"), one.maybe("header_name"), one.maybe("superior")});
    if (!one.good) return Error(bad_value, "changes");
  }
  for (const auto& item : top.list("closes")) {
    Reader one(item);
    Reorganisation::Close close{one.agency("agency"), {}};
    for (const auto& next : one.list("successors")) {
      Reader body(next);
      close.successors.push_back(
          {body.text("agency"), body.flag("keeps_records"), body.flag("takes_people"), body.flag("takes_roles")});
      if (!body.good) return Error(bad_value, "successors");
    }
    if (!one.good) return Error(bad_value, "closes");
    plan.closes.push_back(std::move(close));
  }
  if (!top.good) return Error(bad_value, "plan");
  return plan;
}

}  // namespace luy::directory
