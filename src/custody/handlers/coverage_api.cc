// getCoverage, listSilences.
#include <algorithm>
#include <map>

#include "custody/handlers/shared.h"

namespace luy::custody {
namespace {

namespace json = boost::json;
using api::Method;
using api::Request;
using api::Response;
using directory::Action;

constexpr int days_default = 30;
constexpr int days_max = 100;

json::object device_json(const ApiDependencies& d, const DeviceId& device) {
  const std::string name = d.device_name(device);
  return {{"id", device.text()}, {"name", name.empty() ? device.text() : name}};
}

struct Range {
  Day from;
  Day until;
};

Result<Range> range_in(const ApiDependencies& d, const Request& request) {
  const auto day = [&](const char* name, Day fallback) -> Result<Day> {
    const auto text = request.param(name);
    if (!text) return fallback;
    const auto found = day_from_iso(*text);
    if (!found) return Error(api::bad_request, name);
    return *found;
  };
  LUY_TRY(const Day until, day("until", day_of(d.clock.now())));
  LUY_TRY(const Day from, day("from", until - days(days_default - 1)));
  if (from > until || (until - from).count() >= days_max) return Error(api::bad_request, "from, until");
  return Range{from, until};
}

struct OfSource {
  SentRecords newest;
  json::array days;
  std::size_t covered = 0;
  std::size_t gaps = 0;
};

json::object day_json(Day day, const SentRecords& one, bool is_damaged) {
  return {{"day", to_iso(day)},
          {"records", one.records},
          {"missing_batches", one.missing_batches},
          {"dropped_records", one.dropped_records},
          {"first", to_rfc3339(one.first)},
          {"last", to_rfc3339(one.last)},
          {"damaged", is_damaged}};
}

Result<Response> coverage(const ApiDependencies& d, const Request& request) {
  std::optional<AgencyId> only;
  if (request.param("agency")) {
    LUY_TRY(only, request.id_param<AgencyId>("agency", "agency"));
    LUY_TRY_VOID(api::authorise(request, Action::custody_read, object_of(d, *only)));
  } else {
    LUY_TRY_VOID(api::authorise(request, Action::custody_read, directory::Object::anywhere()));
  }
  LUY_TRY(const Range range, range_in(d, request));
  LUY_TRY(const std::vector<evidence::DayInfo> stored, d.days());
  std::map<AgencyId, bool> seen;
  const auto sees = [&](const AgencyId& agency) {
    const auto [known, is_new] = seen.try_emplace(agency, false);
    if (is_new) known->second = (!only || agency == *only) && may(d, request, Action::custody_read, agency);
    return known->second;
  };
  std::map<DeviceId, OfSource> sources;
  // Who sent nothing at all is what one looks for here.
  for (const SentRecords& one : d.sources()) {
    if (sees(one.agency)) sources[one.device].newest = one;
  }
  std::size_t days_stored = 0;
  for (auto one = stored.rbegin(); one != stored.rend(); ++one) {
    if (one->day < range.from || one->day > range.until) continue;
    ++days_stored;
    LUY_TRY(const std::vector<SentRecords> sent, d.sent(one->day));
    for (const SentRecords& each : sent) {
      if (!sees(each.agency)) continue;
      OfSource& source = sources[each.device];
      if (source.days.empty()) source.newest = each;
      source.days.push_back(day_json(one->day, each, one->damaged || d.is_damaged(one->day)));
      source.covered += each.records > 0 ? 1U : 0U;
      source.gaps += each.missing_batches > 0 || each.dropped_records > 0 ? 1U : 0U;
    }
  }
  json::array items;
  for (auto& [device, source] : sources) {
    json::object out;
    out["device"] = device_json(d, device);
    out["agency"] = agency_json(d, source.newest.agency);
    out["class"] = name_of(source.newest.source_class);
    out["days_covered"] = source.covered;
    out["gaps"] = source.gaps;
    out["days"] = std::move(source.days);
    out["silent_since"] = time_json(d.silences.silent_since(device));
    items.push_back(std::move(out));
  }
  return api::json(json::object{{"from", to_iso(range.from)},
                                {"until", to_iso(range.until)},
                                {"days_stored", days_stored},
                                {"items", std::move(items)}});
}

Result<Response> silences(const ApiDependencies& d, const Request& request) {
  LUY_TRY_VOID(api::authorise(request, Action::custody_read, directory::Object::anywhere()));
  LUY_TRY(const std::vector<Silence> all, d.silences.list());
  json::array items;
  for (const Silence& one : all) {
    if (!may(d, request, Action::custody_read, one.agency)) continue;
    json::object out;
    out["device"] = device_json(d, one.device);
    out["agency"] = agency_json(d, one.agency);
    out["began_at"] = to_rfc3339(one.began_at);
    out["ended_at"] = time_json(one.ended_at);
    out["began_seq"] = one.began_seq;
    out["ended_seq"] = one.ended_seq ? json::value(*one.ended_seq) : json::value(nullptr);
    items.push_back(std::move(out));
  }
  return api::json(json::object{{"items", std::move(items)}});
}

}  // namespace

std::vector<api::Route> coverage_routes(const Shared& d) {
  constexpr Action read = Action::custody_read;
  return {route(d, Method::get, "/api/v1/custody/coverage", "getCoverage", read, coverage),
          route(d, Method::get, "/api/v1/custody/silences", "listSilences", read, silences)};
}

}  // namespace luy::custody
