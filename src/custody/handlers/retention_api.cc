// listRetentionRules, setRetentionRule, previewRetention, removeRetentionRule.
#include <algorithm>

#include "custody/handlers/shared.h"

namespace luy::custody {
namespace {

namespace json = boost::json;
using api::Method;
using api::Request;
using api::Response;
using directory::Action;

constexpr Action read_rules = Action::custody_read;
constexpr Action manage_rules = Action::retention_manage;

json::value maybe_days(const std::optional<int>& number) {
  return number ? json::value(*number) : json::value(nullptr);
}

json::object rule_json(const ApiDependencies& d, const RetentionRule& rule) {
  json::object out;
  out["id"] = rule.id.text();
  out["agency"] = rule.agency ? json::value(agency_json(d, *rule.agency)) : json::value(nullptr);
  out["class"] = rule.source_class ? json::value(name_of(*rule.source_class)) : json::value(nullptr);
  out["keep_days"] = rule.keep_days;
  out["erase_after_days"] = maybe_days(rule.erase_after_days);
  out["reason"] = rule.reason;
  out["decided_by"] = json::array(rule.decided_by.begin(), rule.decided_by.end());
  out["decided_at"] = to_rfc3339(rule.decided_at);
  return out;
}

Result<Response> list(const ApiDependencies& d, const Request& request) {
  LUY_TRY_VOID(api::authorise(request, read_rules, directory::Object::anywhere()));
  LUY_TRY(const std::vector<RetentionRule> all, d.rules.list());
  LUY_TRY(const auto held_from, d.held_from());
  LUY_TRY(const int whole, whole_days_now(d));
  json::array rules;
  for (const RetentionRule& one : all) {
    // What holds for all holds for everybody who asks.
    if (!one.agency || may(d, request, read_rules, *one.agency)) rules.push_back(rule_json(d, one));
  }
  json::array floors;
  for (const LevelFloor& one : d.level_floors()) {
    if (!may(d, request, read_rules, one.agency)) continue;
    const std::string level = std::to_string(one.level);
    floors.push_back(json::object{
        {"agency", agency_json(d, one.agency)},
        {"days", one.days},
        {"level", one.level},
        {"basis",
         {{"vi", "Có hệ thống thông tin cấp độ " + level}, {"en", "It has an information system of level " + level}}}});
  }
  json::object out;
  out["default_days"] = d.default_days;
  out["floor_days"] = d.floor_days;
  out["floors"] = std::move(floors);
  out["whole_days_until"] = to_iso(day_of(d.clock.now()) - days(whole));
  out["held_from"] = day_json(held_from);
  out["rules"] = std::move(rules);
  out["running"] = d.running();
  return api::json(out);
}

// Where the rule of the body holds; authorised.
Result<directory::Object> place_in(const ApiDependencies& d, const Request& request) {
  const std::string text = text_at(request.body.as_object(), "agency");
  directory::Object place = d.hub_object();
  if (!text.empty()) {
    const auto agency = AgencyId::parse(text);
    if (!agency || d.lineage(*agency).empty()) return Error(directory::agency_unknown);
    place = object_of(d, *agency);
  }
  LUY_TRY_VOID(api::authorise(request, manage_rules, place));
  return place;
}

Result<Response> set(const ApiDependencies& d, const Request& request) {
  LUY_TRY(const directory::Object place, place_in(d, request));
  LUY_TRY(const RetentionRule rule, RetentionBook::rule_of(request.body.as_object()));
  json::object body = RetentionBook::body_of(rule);
  body["above"] = above_of(place);
  body["by"] = request.actor->display_name;
  request.audited = true;
  LUY_TRY(const directory::Proposed proposed,
          d.directory.acts().propose(api::caller_of(request), retention_set_act, body, place.agencies.front()));
  return proposed_response(proposed);
}

Result<Response> remove(const ApiDependencies& d, const Request& request) {
  LUY_TRY(const auto id, request.id_param<RuleId>("term", "term"));
  LUY_TRY(const RetentionRule rule, d.rules.find(id));
  const directory::Object place = rule.agency ? object_of(d, *rule.agency) : d.hub_object();
  if (rule.agency && !may(d, request, read_rules, *rule.agency)) {
    return api::hide(request, manage_rules, "retention:" + id.text(), Error(rule_unknown));
  }
  LUY_TRY_VOID(api::authorise(request, manage_rules, place));
  const json::object body{{"rule", id.text()},
                          {"reason", text_at(request.body.as_object(), "reason")},
                          {"above", above_of(place)},
                          {"by", request.actor->display_name}};
  request.audited = true;
  LUY_TRY(const directory::Proposed proposed,
          d.directory.acts().propose(api::caller_of(request), retention_remove_act, body, place.agencies.front()));
  return proposed_response(proposed);
}

// What of a day the rule is about.
struct OfDay {
  std::uint64_t records = 0;
  std::uint64_t sources = 0;
  std::optional<Day> on;  // The first day on which content of it goes before the file.
};

OfDay look_at(Day day, const std::vector<SentRecords>& sent, const RetentionRule& rule,
              const std::vector<RetentionRule>& rules, const std::vector<Place>& places) {
  OfDay out;
  for (const SentRecords& one : sent) {
    const auto place =
        std::find_if(places.begin(), places.end(), [&](const Place& each) { return each.agency == one.agency; });
    if (place == places.end() || !is_about(rule, *place, one.source_class)) continue;
    out.records += one.records;
    ++out.sources;
    const Term term = term_of(rules, *place, one.source_class);
    if (!term.erase_after_days) continue;
    const Day goes = goes_on(day, *term.erase_after_days);
    out.on = std::min(out.on.value_or(goes), goes);
  }
  return out;
}

Result<Response> preview(const ApiDependencies& d, const Request& request) {
  LUY_TRY(const directory::Object place, place_in(d, request));
  LUY_TRY(const RetentionRule wanted, RetentionBook::rule_of(request.body.as_object()));
  LUY_TRY(const std::vector<RetentionRule> before, d.rules.list());
  LUY_TRY(const std::vector<RetentionRule> after, d.rules.with(before, wanted));
  const std::vector<Place> places = d.places();
  const int whole_before = whole_days(before, places, d.default_days);
  const int whole_after = whole_days(after, places, d.default_days);
  LUY_TRY(const std::vector<evidence::DayInfo> stored, d.days());
  LUY_TRY(const auto held_from, d.held_from());
  const Day today = day_of(d.clock.now());
  json::array items;
  std::uint64_t now = 0;
  for (const evidence::DayInfo& one : stored) {
    LUY_TRY(const std::vector<SentRecords> sent, d.sent(one.day));
    const OfDay found = look_at(one.day, sent, wanted, after, places);
    if (found.sources == 0) continue;
    const Day file_goes = goes_on(one.day, whole_after);
    const bool is_whole = !found.on || *found.on >= file_goes;
    const Day on = is_whole ? file_goes : *found.on;
    const bool held = held_from && one.day >= *held_from;
    if (on <= today && !held) now += found.records;
    items.push_back(json::object{{"day", to_iso(one.day)},
                                 {"records", found.records},
                                 {"sources", found.sources},
                                 {"whole", is_whole},
                                 {"on", to_iso(on)},
                                 {"held", held}});
  }
  Place at;
  at.floor_days = d.floor_days;
  for (const Place& one : places) {
    if (wanted.agency == one.agency) at = one;
  }
  const Term term = term_of(after, at, wanted.source_class.value_or(SourceClass::server));
  json::object out;
  out["floor_days"] = at.floor_days;
  out["keep_days"] = term.keep_days;
  out["erase_after_days"] = maybe_days(term.erase_after_days);
  out["whole_days_before"] = whole_before;
  out["whole_days_after"] = whole_after;
  out["days"] = std::move(items);
  out["records_now"] = now;
  return api::json(out);
}

}  // namespace

std::vector<api::Route> retention_routes(const Shared& d) {
  return {
      route(d, Method::get, "/api/v1/custody/retention", "listRetentionRules", read_rules, list),
      route(d, Method::post, "/api/v1/custody/retention", "setRetentionRule", manage_rules, set),
      route(d, Method::post, "/api/v1/custody/retention/preview", "previewRetention", manage_rules, preview),
      route(d, Method::post, "/api/v1/custody/retention/{term}/remove", "removeRetentionRule", manage_rules, remove)};
}

}  // namespace luy::custody
