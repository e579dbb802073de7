// listMedia, registerMedium, changeMedium, retireMedium, listCustodyDays, getDisk.
#include <algorithm>
#include <cmath>

#include "custody/handlers/shared.h"

namespace luy::custody {
namespace {

namespace json = boost::json;
using api::Method;
using api::Request;
using api::Response;
using directory::Action;

json::object medium_json(const Medium& one, const std::vector<Copy>& copies) {
  std::optional<Day> newest;
  std::optional<Time> last;
  for (const Copy& copy : copies) {
    newest = std::max(newest.value_or(copy.day), copy.day);
    last = std::max(last.value_or(copy.copied_at), copy.copied_at);
  }
  json::object out;
  out["id"] = one.id.text();
  out["name"] = one.name;
  out["kind"] = name_of(one.kind);
  out["serial"] = one.identity.serial;
  out["uuid"] = one.identity.uuid;
  out["label"] = one.identity.label;
  out["custodian"] = one.custodian;
  out["place"] = one.place;
  out["registered_by"] = one.registered_by;
  out["registered_at"] = to_rfc3339(one.registered_at);
  out["days"] = copies.size();
  out["newest_day"] = day_json(newest);
  out["last_copy_at"] = time_json(last);
  out["last_check_at"] = time_json(one.last_check_at);
  out["check_fault"] = one.check_fault;
  out["retired_at"] = time_json(one.retired_at);
  out["retire_reason"] = one.retire_reason;
  out["version"] = one.version;
  return out;
}

Result<Response> answer(const ApiDependencies& d, const Medium& one, int status) {
  LUY_TRY(const auto copies, d.media.copies_by_medium());
  const auto own = copies.find(one.id);
  return api::json(medium_json(one, own == copies.end() ? std::vector<Copy>() : own->second), status);
}

MediumBook::Permit permit_of(const ApiDependencies& d, const Request& request) {
  return [&d, &request] { return api::authorise(request, Action::custody_manage, d.hub_object()); };
}

Result<Response> list_media(const ApiDependencies& d, const Request& request) {
  LUY_TRY_VOID(api::authorise(request, Action::custody_read, directory::Object::anywhere()));
  LUY_TRY(const std::vector<Medium> all, d.media.list());
  LUY_TRY(const auto copies, d.media.copies_by_medium());
  json::array items;
  for (const Medium& one : all) {
    const auto own = copies.find(one.id);
    items.push_back(medium_json(one, own == copies.end() ? std::vector<Copy>() : own->second));
  }
  return api::json(json::object{{"items", std::move(items)}});
}

Result<Response> add_medium(const ApiDependencies& d, const Request& request) {
  LUY_TRY_VOID(api::authorise(request, Action::custody_manage, d.hub_object()));
  const json::object& body = request.body.as_object();
  Medium wanted;
  wanted.name = text_at(body, "name");
  const auto kind = medium_kind_from_name(text_at(body, "kind"));
  if (!kind) return Error(api::bad_request, "kind");
  wanted.kind = *kind;
  wanted.identity = {text_at(body, "serial"), text_at(body, "uuid"), text_at(body, "label")};
  wanted.custodian = text_at(body, "custodian");
  wanted.place = text_at(body, "place");
  request.audited = true;
  LUY_TRY(const Medium made, d.media.add(api::caller_of(request), permit_of(d, request), std::move(wanted)));
  return answer(d, made, 201);
}

Result<Response> change_medium(const ApiDependencies& d, const Request& request) {
  LUY_TRY_VOID(api::authorise(request, Action::custody_manage, d.hub_object()));
  LUY_TRY(const auto id, request.id_param<MediumId>("medium", "medium"));
  const json::object& body = request.body.as_object();
  Medium wanted;
  wanted.id = id;
  wanted.name = text_at(body, "name");
  wanted.custodian = text_at(body, "custodian");
  wanted.place = text_at(body, "place");
  wanted.version = number_at(body, "version").value_or(0);
  request.audited = true;
  LUY_TRY(const Medium made, d.media.change(api::caller_of(request), permit_of(d, request), wanted));
  return answer(d, made, 200);
}

Result<Response> retire_medium(const ApiDependencies& d, const Request& request) {
  LUY_TRY_VOID(api::authorise(request, Action::custody_manage, d.hub_object()));
  LUY_TRY(const auto id, request.id_param<MediumId>("medium", "medium"));
  request.audited = true;
  LUY_TRY(const Medium made, d.media.retire(api::caller_of(request), permit_of(d, request), id,
                                            text_at(request.body.as_object(), "reason")));
  return answer(d, made, 200);
}

json::object copy_json(const Copy& one, const std::map<MediumId, std::string>& names, const std::string& present) {
  const auto name = names.find(one.medium);
  return {{"medium", one.medium.text()},
          {"medium_name", name == names.end() ? one.medium.text() : name->second},
          {"sha256", one.sha256},
          {"copied_at", to_rfc3339(one.copied_at)},
          {"copied_by", one.copied_by},
          {"checked_at", to_rfc3339(one.checked_at)},
          {"sound", one.sound},
          {"cosigned_by", json::array(one.cosigned_by.begin(), one.cosigned_by.end())},
          {"stamped", one.stamped},
          {"outdated", one.sha256 != present},
          {"seq", one.seq}};
}

Result<Response> list_days(const ApiDependencies& d, const Request& request) {
  LUY_TRY_VOID(api::authorise(request, Action::custody_read, directory::Object::anywhere()));
  LUY_TRY(const std::vector<evidence::DayInfo> stored, d.days());
  LUY_TRY(const auto copies, d.media.copies());
  LUY_TRY(const std::vector<Medium> media, d.media.list());
  LUY_TRY(const auto held_from, d.held_from());
  LUY_TRY(const int keep, whole_days_now(d));
  std::map<MediumId, std::string> names;
  for (const Medium& one : media) names[one.id] = one.name;
  const std::vector<Day> missing = days_without_copy(stored, copies, d.copy_within_days, day_of(d.clock.now()));
  json::array items;
  for (auto one = stored.rbegin(); one != stored.rend(); ++one) {
    const bool held = held_from && one->day >= *held_from;
    json::array of_day;
    if (const auto found = copies.find(one->day); found != copies.end()) {
      for (const Copy& copy : found->second) of_day.push_back(copy_json(copy, names, one->sha256));
    }
    json::object out;
    out["day"] = to_iso(one->day);
    out["closed"] = one->closed;
    out["records"] = one->count;
    out["withheld"] = one->withheld;
    out["file_bytes"] = one->file_bytes;
    out["sha256"] = one->sha256;
    out["damaged"] = one->damaged || d.is_damaged(one->day);
    out["held"] = held;
    out["goes_on"] = held ? json::value(nullptr) : json::value(to_iso(goes_on(one->day, keep)));
    out["copies"] = std::move(of_day);
    out["copy_missing"] = std::binary_search(missing.begin(), missing.end(), one->day);
    items.push_back(std::move(out));
  }
  return api::json(
      json::object{{"copy_within_days", d.copy_within_days ? json::value(*d.copy_within_days) : json::value(nullptr)},
                   {"items", std::move(items)}});
}

Result<Response> get_disk(const ApiDependencies& d, const Request& request) {
  LUY_TRY_VOID(api::authorise(request, Action::custody_read, directory::Object::anywhere()));
  const DiskState state = d.disk.state().value_or(DiskState());
  const Day today = day_of(d.clock.now());
  const auto& left = state.forecast.days_left;
  json::object out;
  out["total_bytes"] = state.space.total;
  out["free_bytes"] = state.space.free;
  out["used_percent"] = std::round(state.space.used_percent() * 10) / 10;
  out["level"] = name_of(state.level);
  out["refusing"] = state.refusing;
  out["full_on"] = left ? json::value(to_iso(today + days(*left))) : json::value(nullptr);
  out["days_left"] = left ? json::value(*left) : json::value(nullptr);
  out["growth_bytes_per_day"] = state.forecast.growth;
  out["days_measured"] = state.forecast.days;
  return api::json(out);
}

}  // namespace

std::vector<Day> days_without_copy(const std::vector<evidence::DayInfo>& stored,
                                   const std::map<Day, std::vector<Copy>>& copies, std::optional<int> within_days,
                                   Day today) {
  std::vector<Day> out;
  if (!within_days) return out;
  for (const evidence::DayInfo& one : stored) {
    if (!one.closed || one.day + days(*within_days) >= today) continue;
    const auto found = copies.find(one.day);
    // An older form of the day is a copy of it all the same: what it lacks was erased or packed since.
    const bool is_copied = found != copies.end() && std::any_of(found->second.begin(), found->second.end(),
                                                                [](const Copy& copy) { return copy.sound; });
    if (!is_copied) out.push_back(one.day);
  }
  return out;
}

std::vector<api::Route> medium_routes(const Shared& d) {
  constexpr Action read = Action::custody_read;
  constexpr Action manage = Action::custody_manage;
  return {route(d, Method::get, "/api/v1/custody/media", "listMedia", read, list_media),
          route(d, Method::post, "/api/v1/custody/media", "registerMedium", manage, add_medium),
          route(d, Method::put, "/api/v1/custody/media/{medium}", "changeMedium", manage, change_medium),
          route(d, Method::post, "/api/v1/custody/media/{medium}/retire", "retireMedium", manage, retire_medium),
          route(d, Method::get, "/api/v1/custody/days", "listCustodyDays", read, list_days),
          route(d, Method::get, "/api/v1/custody/disk", "getDisk", read, get_disk)};
}

}  // namespace luy::custody
