// Open to everybody on the LAN: getReportForm, sendReport, followReport. For officers: listStaffReports,
// getReportPoster, receiveStaffReport, openFromStaffReport, joinStaffReport, refuseStaffReport, getStaffReportPhoto.
#include <algorithm>

#include "base/log.h"
#include "incident/handlers/values.h"
#include "incident/poster_words.h"
#include "paper/poster.h"

namespace luy::incident {
namespace {

namespace json = boost::json;
using api::Method;
using api::Request;
using api::Response;
using directory::Action;

constexpr std::int64_t page_default = 100;
constexpr std::int64_t page_max = 500;

Result<Response> form(const ApiDependencies& d, const Request&) {
  std::map<AgencyId, std::string> codes;  // By which a poster names an agency.
  LUY_TRY(const std::vector<directory::Agency> all, std::as_const(d.directory).agencies().list());
  for (const directory::Agency& one : all) codes[one.id] = one.code;
  json::array agencies;
  for (const ApiDependencies::Named& one : d.agencies()) {
    agencies.push_back(json::object{{"id", one.id.text()}, {"name", one.name}, {"code", codes[one.id]}});
  }
  return api::json(json::object{{"signs", choices_json(d.cases.process().signs)},
                                {"agencies", std::move(agencies)},
                                {"photo_bytes_max", report_photo_bytes_max}});
}

Result<Response> send(const ApiDependencies& d, const Request& request) {
  const json::object& body = request.body.as_object();
  const auto agency = AgencyId::parse(text_at(body, "agency"));
  if (!agency || !d.agency_exists(*agency)) return Error(directory::agency_unknown);
  NewReport wanted;
  wanted.agency = *agency;
  wanted.sign = text_at(body, "sign");
  wanted.what = text_at(body, "what");
  wanted.where = text_at(body, "where");
  wanted.reporter = text_at(body, "reporter");
  LUY_TRY(wanted.seen, time_at(body, "seen_at"));
  if (!text_at(body, "photo").empty()) {
    LUY_TRY(wanted.photo, bytes_at(body, "photo", report_photo_bytes_max));
  }
  LUY_TRY(const ReportBook::Receipt receipt, d.reports.take(wanted, request.client_address));
  return api::json(json::object{{"number", receipt.report.number},
                                {"secret", receipt.code},
                                {"reported_at", to_rfc3339(receipt.report.reported_at)}},
                   201);
}

// The case in which the report is handled now: the one it joined, or that which took this one.
std::optional<Case> final_case(const ApiDependencies& d, const StaffReport& report) {
  constexpr int merges_max = 100;
  std::optional<CaseId> id = report.case_id;
  for (int i = 0; id && i < merges_max; ++i) {
    auto one = d.cases.find(*id);
    if (!one) return std::nullopt;
    if (!one->merged_into) return *std::move(one);
    id = one->merged_into;
  }
  return std::nullopt;
}

Result<Response> follow(const ApiDependencies& d, const Request& request) {
  LUY_TRY(const StaffReport report, d.reports.follow(request.param("number").value_or(""),
                                                     request.param("secret").value_or(""), request.client_address));
  json::object out;
  out["number"] = report.number;
  out["state"] = name_of(report.state);
  out["reported_at"] = to_rfc3339(report.reported_at);
  // Who reported is told of the first receipt, whoever's it was.
  std::optional<Time> received = report.received_at;
  if (report.town.receipt) received = std::min(received.value_or(report.town.receipt->at), report.town.receipt->at);
  out["received_at"] = time_json(received);
  out["answer"] = report.answer;
  out["agency"] = agency_json(d, report.agency);
  out["step"] = nullptr;
  out["over"] = report.state == StaffReport::State::declined;
  out["ended_at"] = nullptr;
  const auto one = final_case(d, report);
  const ProcessState* state = one ? d.cases.process().state(one->state) : nullptr;
  if (state != nullptr) {
    out["step"] = text_json(state->title);
    out["over"] = state->is_end;
    const auto ended = one->moments.find(Moment::ended);
    if (state->is_end && ended != one->moments.end()) out["ended_at"] = to_rfc3339(ended->second);
  }
  return api::json(out);
}

}  // namespace

json::object report_json(const ApiDependencies& d, const StaffReport& report) {
  const Choice* sign = find_choice(d.cases.process().signs, report.sign);
  json::object out;
  out["id"] = report.id.text();
  out["number"] = report.number;
  out["agency"] = agency_json(d, report.agency);
  out["sign"] = report.sign;
  out["sign_title"] = text_json(sign != nullptr ? sign->title : Text());
  out["what"] = report.what;
  out["where"] = report.where;
  out["reporter"] = report.reporter;
  out["seen_at"] = to_rfc3339(report.seen);
  out["reported_at"] = to_rfc3339(report.reported_at);
  out["received_at"] = time_json(report.received_at);
  out["received_by"] = report.received_by;
  out["state"] = name_of(report.state);
  out["incident"] = report.case_id ? json::value(report.case_id->text()) : json::value(nullptr);
  out["answer"] = report.answer;
  out["photo"] = !report.photo.empty();
  add_town(out, report.town);
  return out;
}

Result<StaffReport> visible_report(const ApiDependencies& d, const Request& request) {
  LUY_TRY(const auto id, request.id_param<ReportId>("report", "report"));
  LUY_TRY(StaffReport report, d.reports.find(id));
  if (!may(d, request, Action::incident_read, report.agency)) {
    return api::hide(request, Action::incident_read, "report:" + id.text(), Error(report_unknown));
  }
  LUY_TRY_VOID(api::authorise(request, Action::incident_read, object_of(d, report.agency)));
  return report;
}

namespace {

Result<Response> list(const ApiDependencies& d, const Request& request) {
  LUY_TRY_VOID(api::authorise(request, Action::incident_read, directory::Object::anywhere()));
  LUY_TRY(const auto limit, request.number_param("limit", page_default, 1, page_max));
  std::optional<AgencyId> only;
  if (request.param("agency")) {
    LUY_TRY(only, request.id_param<AgencyId>("agency", "agency"));
    LUY_TRY_VOID(api::authorise(request, Action::incident_read, object_of(d, *only)));
  }
  LUY_TRY(const std::vector<StaffReport> all, d.reports.list([&](const AgencyId& agency) {
    return (!only || agency == *only) && may(d, request, Action::incident_read, agency);
  }));
  const std::string state = request.param("state").value_or("");
  const std::string cursor = request.param("cursor").value_or("");
  std::vector<const StaffReport*> found;
  for (const StaffReport& one : all) {
    if (state.empty() || name_of(one.state) == state) found.push_back(&one);
  }
  auto at = found.begin();
  if (!cursor.empty()) {
    at = std::find_if(found.begin(), found.end(), [&](const StaffReport* one) { return one->id.text() == cursor; });
    at = at == found.end() ? found.begin() : at + 1;
  }
  json::array items;
  for (; at != found.end() && items.size() < static_cast<std::size_t>(limit); ++at) {
    items.push_back(report_json(d, **at));
  }
  json::object out;
  out["next"] = at != found.end() && !items.empty() ? json::value(items.back().at("id")) : json::value(nullptr);
  out["items"] = std::move(items);
  return api::json(out);
}

Result<Response> receive(const ApiDependencies& d, const Request& request) {
  LUY_TRY(const StaffReport report, visible_report(d, request));
  request.audited = true;
  LUY_TRY(const StaffReport received, d.reports.receive(actor_of(d, request), report.id));
  return api::json(report_json(d, received));
}

// The picture becomes a file of the case, so that it can be evidence and go to the police. It stays with the report,
// too: where the case takes no more files, nothing is lost.
void bring_photo(const ApiDependencies& d, const Request& request, const StaffReport& report, const CaseId& id) {
  if (report.photo.empty()) return;
  const auto bytes = d.vault.get(report.photo);
  if (!bytes) return log(LogLevel::error, "incident", bytes.error().text());
  const std::string type = sniff_type(*bytes).value_or("");
  const std::string end = type == "image/png" ? ".png" : type == "image/webp" ? ".webp" : ".jpg";
  const auto done = d.cases.attach(actor_of(d, request), id, "anh-tin-bao-" + report.number + end, *bytes);
  if (!done) log(LogLevel::warning, "incident", done.error().text());
}

Result<Response> open_case(const ApiDependencies& d, const Request& request) {
  LUY_TRY(const StaffReport report, visible_report(d, request));
  request.audited = true;
  LUY_TRY(const Case one,
          d.reports.open_case(actor_of(d, request), report.id, text_at(request.body.as_object(), "title")));
  bring_photo(d, request, report, one.id);
  return answer_with(d, request, one.id, 201);
}

Result<Response> join(const ApiDependencies& d, const Request& request) {
  LUY_TRY(const StaffReport report, visible_report(d, request));
  const auto into = CaseId::parse(text_at(request.body.as_object(), "incident"));
  if (!into) return Error(case_unknown);
  LUY_TRY(const Case target, d.cases.find(*into));
  if (!may(d, request, Action::incident_read, target.agency)) {
    return api::hide(request, Action::incident_read, "incident:" + into->text(), Error(case_unknown));
  }
  request.audited = true;
  LUY_TRY(const Case one, d.reports.join_case(actor_of(d, request), report.id, *into));
  bring_photo(d, request, report, one.id);
  return answer_with(d, request, one.id);
}

Result<Response> refuse(const ApiDependencies& d, const Request& request) {
  LUY_TRY(const StaffReport report, visible_report(d, request));
  request.audited = true;
  LUY_TRY(const StaffReport declined,
          d.reports.decline(actor_of(d, request), report.id, text_at(request.body.as_object(), "reason")));
  return api::json(report_json(d, declined));
}

Result<Response> photo(const ApiDependencies& d, const Request& request) {
  LUY_TRY(const StaffReport report, visible_report(d, request));
  if (report.photo.empty()) return Error(attachment_unknown, report.number);
  LUY_TRY(std::string bytes, d.vault.get(report.photo));
  const std::string type = sniff_type(bytes).value_or("application/octet-stream");
  return file_response(std::move(bytes), type, report.number);
}

// An address of the console: https, a name or number of a host, a port and nothing else. Printed for everybody to open,
// so nothing may hide in it.
bool is_base_address(std::string_view address) {
  constexpr std::string_view scheme = "https://";
  constexpr std::size_t length_max = 120;
  if (!address.starts_with(scheme) || address.size() > length_max) return false;
  address.remove_prefix(scheme.size());
  if (address.starts_with('[')) {
    const std::size_t end = address.find(']');
    if (end == std::string_view::npos || end < 3) return false;
    const std::string_view inside = address.substr(1, end - 1);
    if (inside.find_first_not_of("0123456789abcdefABCDEF:.") != std::string_view::npos) return false;
    address.remove_prefix(end + 1);
  } else {
    const std::string_view host = address.substr(0, address.find(':'));
    constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-";
    if (host.empty() || host.find_first_not_of(letters) != std::string_view::npos) return false;
    if (host.front() == '.' || host.front() == '-') return false;
    address.remove_prefix(host.size());
  }
  if (address.empty()) return true;
  address.remove_prefix(1);
  constexpr std::size_t port_digits_max = 5;
  return !address.empty() && address.size() <= port_digits_max &&
         address.find_first_not_of("0123456789") == std::string_view::npos;
}

Result<Response> poster(const ApiDependencies& d, const Request& request) {
  const auto agency = AgencyId::parse(request.param("agency").value_or(""));
  if (!agency || !d.agency_exists(*agency)) return Error(directory::agency_unknown);
  LUY_TRY_VOID(api::authorise(request, Action::incident_read, object_of(d, *agency)));
  const auto host = request.headers.find("host");
  std::string address =
      request.param("address").value_or(host != request.headers.end() ? "https://" + host->second : "");
  if (address.ends_with('/')) address.pop_back();
  if (!is_base_address(address)) return Error(poster_address, address.substr(0, 120));
  paper::Poster out;
  out.issuer = paper::capitals(d.agency_name(*agency));
  out.title = "BÁO SỰ CỐ MÁY TÍNH";
  out.lines = {"Máy chậm bất thường, không truy cập được, nội dung bị thay đổi, hoặc có dấu hiệu lạ?",
               "Quét mã và kể lại trong 01 phút. Không cần tài khoản."};
  const auto known = std::as_const(d.directory).agencies().find(*agency);
  out.address = report_address(address, known ? known->code : std::string(), agency->text());
  const auto profile = std::as_const(d.directory).profiles().find(*agency);
  out.notes = poster_notes(profile ? profile->contacts : std::vector<directory::Contact>());
  out.foot = d.cases.process().source.vi;
  out.created = d.clock.now();
  LUY_TRY(std::string bytes, paper::render_poster(out));
  return file_response(std::move(bytes), "application/pdf", "bao-su-co.pdf");
}

}  // namespace

std::vector<api::Route> report_routes(const Shared& d) {
  constexpr auto read = Action::incident_read;
  constexpr auto handle = Action::incident_handle;
  constexpr auto report = Action::incident_report;
  return {
      route(d, Method::get, "/api/v1/reports/form", "getReportForm", report, form, 0, api::Access::open),
      route(d, Method::post, "/api/v1/reports", "sendReport", report, send, report_body_bytes_max, api::Access::open),
      route(d, Method::get, "/api/v1/reports/poster", "getReportPoster", read, poster),
      route(d, Method::get, "/api/v1/reports/{number}", "followReport", report, follow, 0, api::Access::open),
      route(d, Method::get, "/api/v1/staff-reports", "listStaffReports", read, list),
      route(d, Method::post, "/api/v1/staff-reports/{report}/receipt", "receiveStaffReport", handle, receive),
      route(d, Method::post, "/api/v1/staff-reports/{report}/case", "openFromStaffReport", handle, open_case),
      route(d, Method::post, "/api/v1/staff-reports/{report}/join", "joinStaffReport", handle, join),
      route(d, Method::post, "/api/v1/staff-reports/{report}/refusal", "refuseStaffReport", handle, refuse),
      route(d, Method::get, "/api/v1/staff-reports/{report}/photo", "getStaffReportPhoto", read, photo),
  };
}

}  // namespace luy::incident
