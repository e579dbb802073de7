#include "custody/retention_book.h"

#include <algorithm>

#include "custody/text.h"
#include "directory/deciders.h"

namespace luy::custody {
namespace {

namespace json = boost::json;
using directory::AuditEntry;
using directory::Caller;

constexpr std::size_t reason_bytes_max = 4'000;

std::string agency_text(const RetentionRule& rule) {
  return rule.agency ? rule.agency->text() : std::string();
}
std::string class_text(const RetentionRule& rule) {
  return rule.source_class ? std::string(name_of(*rule.source_class)) : std::string();
}

RetentionRule rule_from(const records::Row& row) {
  RetentionRule out;
  out.id = RuleId::trusted(row.text(0));
  out.agency = AgencyId::parse(row.text(1));
  out.source_class = source_class_from_name(row.text(2));
  out.keep_days = static_cast<int>(row.integer(3));
  if (!row.null(4)) out.erase_after_days = static_cast<int>(row.integer(4));
  out.reason = row.text(5);
  out.decided_by = texts_of(row.text(6));
  out.decided_at = from_micros(row.integer(7));
  return out;
}

Result<std::vector<RetentionRule>> all_rules(records::Connection& c) {
  std::vector<RetentionRule> out;
  LUY_TRY_VOID(
      c.query("SELECT id, agency, class, keep_days, erase_after_days, reason, decided_by, decided_at FROM custody_rule "
              "ORDER BY id",
              {}, [&](const records::Row& row) { out.push_back(rule_from(row)); }));
  return out;
}

directory::Object place_in(const json::object& body) {
  directory::Object out;
  for (const json::value& one : body.at("above").as_array()) {
    out.agencies.push_back(AgencyId::trusted(std::string_view(one.as_string().data(), one.as_string().size())));
  }
  return out;
}

Result<std::vector<AgencyId>> decided_at(records::Connection&, const json::object& body) {
  return std::vector<AgencyId>{place_in(body).agencies.front()};
}

}  // namespace

Result<int> longest_rule(records::Database& database) {
  int out = 0;
  LUY_TRY_VOID(database.read([&](records::Connection& c) {
    return c.query("SELECT max(keep_days) FROM custody_rule", {}, [&](const records::Row& row) {
      if (!row.null(0)) out = static_cast<int>(row.integer(0));
    });
  }));
  return out;
}

Result<std::vector<RetentionRule>> rules_in_force(records::Database& database) {
  return database.read([](records::Connection& c) { return all_rules(c); });
}

json::object to_json(const RetentionRule& rule) {
  json::object out;
  out["agency"] = rule.agency ? json::value(rule.agency->text()) : json::value(nullptr);
  out["class"] = rule.source_class ? json::value(name_of(*rule.source_class)) : json::value(nullptr);
  out["keep_days"] = rule.keep_days;
  out["erase_after_days"] = rule.erase_after_days ? json::value(*rule.erase_after_days) : json::value(nullptr);
  out["reason"] = rule.reason;
  return out;
}

json::object RetentionBook::body_of(const RetentionRule& rule) {
  return to_json(rule);
}

Result<RetentionRule> RetentionBook::rule_of(const json::object& body) {
  RetentionRule out;
  if (const std::string agency = text_at(body, "agency"); !agency.empty()) {
    out.agency = AgencyId::parse(agency);
    if (!out.agency) return Error(rule_invalid, "agency");
  }
  if (const std::string name = text_at(body, "class"); !name.empty()) {
    out.source_class = source_class_from_name(name);
    if (!out.source_class) return Error(rule_invalid, "class");
  }
  const auto keep = number_at(body, "keep_days");
  const auto erase = number_at(body, "erase_after_days");
  const auto fits = [](std::int64_t number) { return number >= 1 && number <= keep_days_max; };
  if (!keep || !fits(*keep)) return Error(rule_invalid, "keep_days");
  if (erase && !fits(*erase)) return Error(rule_invalid, "erase_after_days");
  out.keep_days = static_cast<int>(*keep);
  if (erase) out.erase_after_days = static_cast<int>(*erase);
  LUY_TRY(out.reason, clean_text(rule_invalid, "reason", text_at(body, "reason"), reason_bytes_max));
  return out;
}

Result<std::vector<RetentionRule>> RetentionBook::list() const {
  return d_.database.read([](records::Connection& c) { return all_rules(c); });
}

Result<RetentionRule> RetentionBook::find(const RuleId& id) const {
  LUY_TRY(const std::vector<RetentionRule> all, list());
  const auto found = std::find_if(all.begin(), all.end(), [&](const RetentionRule& one) { return one.id == id; });
  if (found == all.end()) return Error(rule_unknown);
  return *found;
}

Result<std::vector<RetentionRule>> RetentionBook::with(std::vector<RetentionRule> rules,
                                                       const RetentionRule& wanted) const {
  LUY_TRY_VOID(check_rule(wanted, d_.places(), d_.floor_days));
  std::erase_if(rules, [&](const RetentionRule& one) {
    return one.agency == wanted.agency && one.source_class == wanted.source_class;
  });
  if (rules.size() >= rules_max) return Error(rule_invalid, "> " + std::to_string(rules_max));
  rules.push_back(wanted);
  return rules;
}

directory::ActKind RetentionBook::set_act() {
  const auto run = [this](records::Connection& c, const Caller& caller, const json::object& body,
                          AuditEntry& entry) -> Result<json::object> {
    LUY_TRY_VOID(caller.require(directory::Action::retention_manage, place_in(body)));
    LUY_TRY(RetentionRule rule, rule_of(body));
    entry.object = rule.agency ? "agency:" + rule.agency->text() : std::string("evidence:retention");
    LUY_TRY(const std::vector<RetentionRule> before, all_rules(c));
    LUY_TRY_VOID(with(before, rule));
    for (const RetentionRule& one : before) {
      if (one.agency == rule.agency && one.source_class == rule.source_class) entry.before = to_json(one);
    }
    entry.after = to_json(rule);
    const std::string id = RuleId::make(d_.clock.now(), d_.random).text();
    const std::string agency = agency_text(rule);
    const std::string of_class = class_text(rule);
    LUY_TRY(const std::vector<std::string> deciders, directory::deciders_of(c, caller, text_at(body, "by")));
    const std::string by = json_of(deciders);
    LUY_TRY_VOID(c.run("DELETE FROM custody_rule WHERE agency = $1 AND class = $2",
                       {std::string_view(agency), std::string_view(of_class)}));
    LUY_TRY_VOID(c.run(
        "INSERT INTO custody_rule (id, agency, class, keep_days, erase_after_days, reason, decided_by, decided_at) "
        "VALUES "
        "($1, $2, $3, $4, $5, $6, $7, $8)",
        {std::string_view(id), std::string_view(agency), std::string_view(of_class), std::int64_t{rule.keep_days},
         records::nullable(rule.erase_after_days ? std::optional<std::int64_t>(*rule.erase_after_days) : std::nullopt),
         std::string_view(rule.reason), std::string_view(by), to_micros(d_.clock.now())}));
    return json::object();
  };
  return {directory::Action::retention_manage, run, decided_at};
}

directory::ActKind RetentionBook::remove_act() {
  const auto run = [this](records::Connection& c, const Caller& caller, const json::object& body,
                          AuditEntry& entry) -> Result<json::object> {
    LUY_TRY_VOID(caller.require(directory::Action::retention_manage, place_in(body)));
    LUY_TRY(const std::vector<RetentionRule> all, all_rules(c));
    const std::string id = text_at(body, "rule");
    const auto found =
        std::find_if(all.begin(), all.end(), [&](const RetentionRule& one) { return one.id.text() == id; });
    if (found == all.end()) return Error(rule_unknown);
    LUY_TRY(const std::string reason, clean_text(rule_invalid, "reason", text_at(body, "reason"), reason_bytes_max));
    entry.object = found->agency ? "agency:" + found->agency->text() : std::string("evidence:retention");
    entry.before = to_json(*found);
    entry.after = {{"removed", true}, {"reason", reason}};
    if (found->agency) entry.after["agency"] = found->agency->text();
    LUY_TRY_VOID(c.run("DELETE FROM custody_rule WHERE id = $1", {std::string_view(id)}));
    return json::object();
  };
  return {directory::Action::retention_manage, run, decided_at};
}

Result<std::map<Day, std::string>> RetentionBook::erased() const {
  std::map<Day, std::string> out;
  LUY_TRY_VOID(d_.database.read([&](records::Connection& c) {
    return c.query("SELECT day, what FROM custody_erased_day", {}, [&](const records::Row& row) {
      if (const auto day = day_from_iso(row.text(0))) out[*day] = std::string(row.text(1));
    });
  }));
  return out;
}

Result<void> RetentionBook::note_erased(Day day, const std::string& what) {
  const std::string name = to_iso(day);
  return d_.database.write([&](records::Connection& c) -> Result<void> {
    LUY_TRY_VOID(
        c.run("INSERT INTO custody_erased_day (day, what) VALUES ($1, $2) ON CONFLICT (day) DO UPDATE SET what = "
              "excluded.what",
              {std::string_view(name), std::string_view(what)}));
    return {};
  });
}

Result<void> RetentionBook::forget_before(Day first) {
  const std::string name = to_iso(first);
  return d_.database.write([&](records::Connection& c) -> Result<void> {
    LUY_TRY_VOID(c.run("DELETE FROM custody_erased_day WHERE day < $1", {std::string_view(name)}));
    return {};
  });
}

}  // namespace luy::custody
