#include "posture/api.h"

#include <algorithm>
#include <boost/json.hpp>
#include <map>
#include <memory>
#include <optional>
#include <set>

#include "base/encoding.h"
#include "base/vietnamese.h"
#include "hardening/judge.h"
#include "inventory/inventory.h"
#include "sheet/csv.h"
#include "sheet/xlsx.h"

namespace luy::posture {
namespace {

namespace json = boost::json;
using api::Request;
using api::Response;
using directory::Action;
using inventory::StatePointer;

json::object text_json(const hardening::Text& text) {
  return {{"vi", text.vi}, {"en", text.en}};
}

json::array texts(const std::vector<std::string>& list) {
  json::array out;
  for (const std::string& text : list) out.emplace_back(text);
  return out;
}

json::object check_json(const hardening::Check& check) {
  return {{"id", check.id},
          {"group", name_of(check.group)},
          {"severity", name_of(check.severity)},
          {"title", text_json(check.title)},
          {"why", text_json(check.why)},
          {"mend", check.mend},
          {"references", texts(check.references)},
          {"obligations", texts(check.obligations)},
          {"reads", check.reads()}};
}

json::object exception_json(const Exception& one) {
  return {{"reason", one.reason}, {"expires_on", to_iso(one.expires_on)}, {"by", one.by}, {"at", to_rfc3339(one.at)}};
}

std::string place_of(const fact::CheckResult& result) {
  std::string out = result.file.value_or("");
  if (result.line) out += ":" + std::to_string(*result.line);
  return out;
}

json::object result_json(const Line& line) {
  const bool told = line.state == hardening::State::unknown || line.state == hardening::State::not_applicable;
  return {{"state", name_of(line.state)},
          {"found", told ? std::string() : line.result.found.value_or("")},
          {"place", place_of(line.result)},
          {"reason", text_json(told ? hardening::reason_of(line.result) : hardening::Text{})},
          {"exception", line.exception ? json::value(exception_json(*line.exception)) : json::value(nullptr)}};
}

json::object counts_json(const Counts& counts) {
  return {{"right", counts.right},
          {"wrong", counts.wrong},
          {"unknown", counts.unknown},
          {"not_applicable", counts.not_applicable},
          {"excepted", counts.excepted}};
}

// What the query narrows a list to.
struct Filter {
  std::optional<hardening::State> state;
  std::optional<hardening::Group> group;
  std::string words;  // Folded.

  bool admits(const hardening::Check& check) const {
    if (group && check.group != *group) return false;
    if (words.empty()) return true;
    std::string text = check.id + " " + check.title.vi + " " + check.title.en;
    for (const std::string& reference : check.references) text += " " + reference;
    return fold_vietnamese(text).find(words) != std::string::npos;
  }
  bool admits(const Line& line) const { return !state || line.state == *state; }
};

Result<Filter> filter_of(const Request& request) {
  Filter out;
  if (const auto name = request.param("state")) {
    out.state = hardening::state_from_name(*name);
    if (!out.state) return Error(api::bad_request, "state");
  }
  if (const auto name = request.param("group")) {
    out.group = hardening::group_from_name(*name);
    if (!out.group) return Error(api::bad_request, "group");
  }
  out.words = fold_vietnamese(request.param("q").value_or(std::string()));
  return out;
}

class Handlers {
 public:
  explicit Handlers(ApiDependencies deps) : d_(std::move(deps)) {}

  Result<Response> list_checks(const Request& request) const;
  Result<Response> get_check(const Request& request) const;
  Result<Response> export_checks(const Request& request) const;
  Result<Response> list_device_checks(const Request& request) const;
  Result<Response> except(const Request& request) const;
  Result<Response> end_exception(const Request& request) const;

 private:
  directory::Object object(const AgencyId& agency) const {
    directory::Object out;
    out.agencies = d_.lineage(agency);
    return out;
  }
  Day today() const { return day_of(d_.clock.now()); }

  Result<StatePointer> device(const Request& request, Action action, const DeviceId& id) const {
    StatePointer state = d_.inventory.state(id);
    if (!state || state->device.retired_at) return Error(inventory::device_unknown, id.text());
    LUY_TRY_VOID(api::authorise(request, action, object(state->device.agency)));
    return state;
  }
  Result<const hardening::Check*> check(const Request& request) const {
    const std::string id = request.param("check").value_or(std::string());
    const hardening::Check* const found = d_.catalogue.find(id);
    if (found == nullptr) return Error(check_unknown, id);
    return found;
  }
  // Devices that the actor may see: all, or those of the agency asked for and below it.
  Result<std::vector<StatePointer>> devices(const Request& request) const {
    std::optional<AgencyId> only;
    if (request.param("agency")) {
      LUY_TRY(only, request.id_param<AgencyId>("agency", "agency"));
      LUY_TRY_VOID(api::authorise(request, Action::device_read, object(*only)));
    } else {
      LUY_TRY_VOID(api::authorise(request, Action::device_read, directory::Object::anywhere()));
    }
    std::map<AgencyId, bool> seen;
    std::vector<StatePointer> out;
    for (const StatePointer& state : d_.inventory.states()) {
      const AgencyId& agency = state->device.agency;
      auto known = seen.find(agency);
      if (known == seen.end()) {
        const directory::Object where = object(agency);
        const auto& above = where.agencies;
        const bool inside = !only || std::find(above.begin(), above.end(), *only) != above.end();
        const bool may = request.actor && directory::may(*request.actor, Action::device_read, where).allowed;
        known = seen.emplace(agency, inside && may).first;
      }
      if (known->second) out.push_back(state);
    }
    return out;
  }
  std::vector<Line> lines(const StatePointer& state) const {
    return lines_of(*state, d_.catalogue, d_.exceptions.of(state->device.id), today());
  }
  std::vector<std::string> row(const StatePointer& state, const Line& line) const;

  const ApiDependencies d_;
};

Result<Response> Handlers::list_checks(const Request& request) const {
  LUY_TRY(const auto all, devices(request));
  LUY_TRY(const Filter filter, filter_of(request));
  std::map<const hardening::Check*, Counts> counts;
  std::set<const hardening::Check*> admitted;
  std::size_t reporting = 0;
  std::size_t silent = 0;
  for (const StatePointer& state : all) {
    const auto device_class = state->device.device_class;
    const bool expected =
        device_class == inventory::DeviceClass::server || device_class == inventory::DeviceClass::workstation;
    const bool reported = state->hardening && !state->hardening->value.unknown_because;
    reporting += reported ? 1 : 0;
    silent += !reported && expected ? 1 : 0;
    for (const Line& line : lines(state)) {
      counts[line.check].add(line);
      if (filter.admits(line)) admitted.insert(line.check);
    }
  }
  json::array out;
  for (const hardening::Check& check : d_.catalogue.checks) {
    if (!filter.admits(check) || (filter.state && !admitted.contains(&check))) continue;
    out.push_back(json::object{{"check", check_json(check)}, {"counts", counts_json(counts[&check])}});
  }
  return api::json(json::object{{"devices", reporting}, {"silent_devices", silent}, {"checks", std::move(out)}});
}

Result<Response> Handlers::get_check(const Request& request) const {
  LUY_TRY(const auto all, devices(request));
  LUY_TRY(const hardening::Check* const wanted, check(request));
  LUY_TRY(const Filter filter, filter_of(request));
  Counts counts;
  json::array out;
  for (const StatePointer& state : all) {
    for (const Line& line : lines(state)) {
      if (line.check != wanted) continue;
      counts.add(line);
      if (!filter.admits(line)) continue;
      const inventory::Device& device = state->device;
      out.push_back(json::object{{"device", {{"id", device.id.text()}, {"name", device.name}}},
                                 {"agency", device.agency.text()},
                                 {"class", name_of(device.device_class)},
                                 {"collected_at", to_rfc3339(state->hardening->collected_at)},
                                 {"result", result_json(line)}});
    }
  }
  return api::json(
      json::object{{"check", check_json(*wanted)}, {"counts", counts_json(counts)}, {"devices", std::move(out)}});
}

std::vector<std::string> Handlers::row(const StatePointer& state, const Line& line) const {
  const inventory::Device& device = state->device;
  const hardening::Check& check = *line.check;
  std::string references;
  for (const std::string& one : check.references) references += (references.empty() ? "" : "; ") + one;
  const bool told = line.state == hardening::State::unknown || line.state == hardening::State::not_applicable;
  return {device.name,
          std::string(name_of(device.device_class)),
          d_.agency_name(device.agency),
          check.id,
          check.title.vi,
          title_of(check.severity).vi,
          title_of(line.state).vi,
          told ? hardening::reason_of(line.result).vi : line.result.found.value_or(""),
          place_of(line.result),
          references,
          line.exception ? line.exception->reason : std::string(),
          line.exception ? to_iso(line.exception->expires_on) : std::string(),
          to_rfc3339(state->hardening->collected_at)};
}

Result<Response> Handlers::export_checks(const Request& request) const {
  LUY_TRY(const auto all, devices(request));
  LUY_TRY(const Filter filter, filter_of(request));
  std::optional<std::string> only_check = request.param("check");
  std::optional<DeviceId> only_device;
  if (request.param("device")) {
    LUY_TRY(only_device, request.id_param<DeviceId>("device", "device"));
  }
  sheet::Page page{"Kiểm tra cấu hình",
                   {{"Thiết bị", 24},
                    {"Loại", 12},
                    {"Đơn vị", 30},
                    {"Mã kiểm tra", 28},
                    {"Kiểm tra", 50},
                    {"Mức", 12},
                    {"Kết quả", 16},
                    {"Giá trị tìm thấy", 30},
                    {"Vị trí", 40},
                    {"Tham chiếu", 30},
                    {"Lý do ngoại lệ", 30},
                    {"Ngoại lệ đến ngày", 16},
                    {"Thời điểm kiểm tra", 26}},
                   {}};
  std::size_t rows = 0;
  for (const StatePointer& state : all) {
    if (only_device && state->device.id != *only_device) continue;
    for (const Line& line : lines(state)) {
      const bool wanted = (!only_check || line.check->id == *only_check) && filter.admits(*line.check);
      if (!wanted || !filter.admits(line)) continue;
      if (++rows <= sheet::rows_max) page.rows.push_back(row(state, line));
    }
  }
  if (rows > sheet::rows_max) return Error(sheet_too_long, std::to_string(rows));
  const std::string format = request.param("format").value_or("csv");
  if (format == "csv") return api::json(json::object{{"csv", sheet::to_csv(page)}});
  if (format != "xlsx") return Error(api::bad_request, "format");
  LUY_TRY(const std::string bytes, sheet::to_xlsx(page));
  return api::json(json::object{{"xlsx", to_base64(bytes)}});
}

Result<Response> Handlers::list_device_checks(const Request& request) const {
  LUY_TRY(const auto id, request.id_param<DeviceId>("device", "device"));
  LUY_TRY(const StatePointer state, device(request, Action::device_read, id));
  LUY_TRY(const Filter filter, filter_of(request));
  Counts counts;
  json::array results;
  for (const Line& line : lines(state)) {
    counts.add(line);
    if (!filter.admits(line)) continue;
    results.push_back(json::object{{"check", check_json(*line.check)}, {"result", result_json(line)}});
  }
  const auto& part = state->hardening;
  const directory::Object where = object(state->device.agency);
  return api::json(
      json::object{{"collected_at", part ? json::value(to_rfc3339(part->collected_at)) : json::value(nullptr)},
                   {"received_at", part ? json::value(to_rfc3339(part->received_at)) : json::value(nullptr)},
                   {"seq", part ? json::value(part->seq) : json::value(nullptr)},
                   {"catalogue", part ? part->value.catalogue : std::string()},
                   {"hub_catalogue", d_.catalogue.digest},
                   {"counts", counts_json(counts)},
                   {"may_except", request.actor && directory::may(*request.actor, Action::check_except, where).allowed},
                   {"results", std::move(results)}});
}

Result<Response> Handlers::except(const Request& request) const {
  LUY_TRY(const auto id, request.id_param<DeviceId>("device", "device"));
  LUY_TRY(const StatePointer state, device(request, Action::check_except, id));
  LUY_TRY(const hardening::Check* const wanted, check(request));
  const json::object& body = request.body.as_object();
  Exception one;
  one.device = id;
  one.subject = wanted->id;
  one.reason = std::string(body.at("reason").as_string());
  const auto until = day_from_iso(std::string_view(body.at("expires_on").as_string()));
  if (!until) return Error(api::bad_request, "expires_on");
  one.expires_on = *until;
  one.by = request.actor->display_name;
  request.audited = true;
  LUY_TRY(const Exception done, d_.exceptions.grant(api::caller_of(request), state->device.agency, std::move(one)));
  return api::json(exception_json(done));
}

Result<Response> Handlers::end_exception(const Request& request) const {
  LUY_TRY(const auto id, request.id_param<DeviceId>("device", "device"));
  LUY_TRY(const StatePointer state, device(request, Action::check_except, id));
  LUY_TRY(const hardening::Check* const wanted, check(request));
  request.audited = true;
  LUY_TRY_VOID(d_.exceptions.end(api::caller_of(request), state->device.agency, id, wanted->id));
  return api::no_content();
}

}  // namespace

std::vector<api::Route> routes(ApiDependencies dependencies) {
  // shared_ptr: the routes share one set of handlers and outlive this call.
  const auto handlers = std::make_shared<const Handlers>(std::move(dependencies));
  using Member = Result<Response> (Handlers::*)(const Request&) const;
  std::vector<api::Route> out;
  const auto add = [&](api::Method method, const char* pattern, const char* operation, Action action, Member member) {
    out.push_back({method, pattern, operation, api::Access::session, action,
                   [handlers, member](const Request& request) { return (*handlers.*member)(request); }});
  };
  using api::Method;
  add(Method::get, "/api/v1/checks", "listChecks", Action::device_read, &Handlers::list_checks);
  add(Method::get, "/api/v1/checks/sheet", "exportChecks", Action::device_read, &Handlers::export_checks);
  add(Method::get, "/api/v1/checks/{check}", "getCheck", Action::device_read, &Handlers::get_check);
  add(Method::get, "/api/v1/devices/{device}/checks", "listDeviceChecks", Action::device_read,
      &Handlers::list_device_checks);
  add(Method::put, "/api/v1/devices/{device}/checks/{check}/exception", "exceptCheck", Action::check_except,
      &Handlers::except);
  add(Method::del, "/api/v1/devices/{device}/checks/{check}/exception", "endCheckException", Action::check_except,
      &Handlers::end_exception);
  return out;
}

}  // namespace luy::posture
