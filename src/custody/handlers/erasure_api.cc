// listErasures, askErasure, previewErasure.
#include <algorithm>

#include "custody/handlers/shared.h"

namespace luy::custody {
namespace {

namespace json = boost::json;
using api::Method;
using api::Request;
using api::Response;
using directory::Action;

json::object record_json(const ApiDependencies& d, const RecordSummary& record) {
  const SourceOf source = source_of(record.source);
  const std::string name = source.device ? d.device_name(*source.device) : std::string();
  json::object out;
  out["seq"] = record.seq;
  out["received"] = to_rfc3339(record.received);
  out["device"] = !name.empty() ? name : source.device ? source.device->text() : std::string("luy-hub");
  out["stream"] = std::string(source.stream);
  out["bytes"] = record.bytes;
  out["leaf"] = record.leaf;
  return out;
}

// Copies that were made while the content was still there.
std::uint64_t copies_left(const Erasure& one, const std::map<Day, std::vector<Copy>>& copies,
                          const std::map<Day, std::string>& present) {
  std::uint64_t out = 0;
  for (const Day day : one.days) {
    const auto found = copies.find(day);
    const auto now = present.find(day);
    if (found == copies.end()) continue;
    for (const Copy& copy : found->second) out += now == present.end() || copy.sha256 != now->second ? 1U : 0U;
  }
  return out;
}

Result<Response> list(const ApiDependencies& d, const Request& request) {
  LUY_TRY_VOID(api::authorise(request, Action::custody_read, directory::Object::anywhere()));
  LUY_TRY(const std::vector<Erasure> all, d.erasures.list());
  LUY_TRY(const auto copies, d.media.copies());
  LUY_TRY(const std::vector<evidence::DayInfo> stored, d.days());
  std::map<Day, std::string> present;
  for (const evidence::DayInfo& one : stored) present[one.day] = one.sha256;
  json::array items;
  for (const Erasure& one : all) {
    if (!may(d, request, Action::custody_read, one.agency)) continue;
    json::array of_days;
    for (const Day day : one.days) of_days.emplace_back(to_iso(day));
    json::object out;
    out["id"] = one.id.text();
    out["agency"] = agency_json(d, one.agency);
    out["reason"] = one.reason;
    out["legal_basis"] = one.legal_basis;
    out["records"] = one.seqs.size();
    out["days"] = std::move(of_days);
    out["decided_by"] = json::array(one.decided_by.begin(), one.decided_by.end());
    out["decided_at"] = to_rfc3339(one.decided_at);
    out["state"] = one.done_at ? "done" : "waiting";
    out["note_seqs"] = json::array(one.note_seqs.begin(), one.note_seqs.end());
    out["done_at"] = time_json(one.done_at);
    out["problem"] = one.problem;
    // Until it is carried out the present file holds the content, too.
    out["copies_left"] = one.done_at ? copies_left(one, copies, present) : 0;
    items.push_back(std::move(out));
  }
  return api::json(json::object{{"items", std::move(items)}});
}

struct Wanted {
  AgencyId agency;
  directory::Object place;
  std::vector<std::uint64_t> seqs;
};

Result<Wanted> wanted_in(const ApiDependencies& d, const Request& request) {
  const json::object& body = request.body.as_object();
  const auto agency = AgencyId::parse(text_at(body, "agency"));
  if (!agency || d.lineage(*agency).empty()) return Error(directory::agency_unknown);
  Wanted out{*agency, object_of(d, *agency), {}};
  LUY_TRY_VOID(api::authorise(request, Action::evidence_erase, out.place));
  LUY_TRY(out.seqs, ErasureBook::seqs_of(body));
  return out;
}

// Holds are asked for here, outside of the act's transaction, and again when it is carried out.
Result<std::vector<RecordSummary>> described(const ApiDependencies& d, const Wanted& wanted) {
  LUY_TRY(std::vector<RecordSummary> records, d.describe(wanted.agency, wanted.seqs));
  LUY_TRY(const auto held_from, d.held_from());
  for (const RecordSummary& one : records) {
    if (held_from && one.day >= *held_from) return Error(erasure_refused, std::to_string(one.seq));
  }
  return records;
}

Result<Response> preview(const ApiDependencies& d, const Request& request) {
  LUY_TRY(const Wanted wanted, wanted_in(d, request));
  LUY_TRY(const std::vector<RecordSummary> records, described(d, wanted));
  json::array items;
  for (const RecordSummary& one : records) items.push_back(record_json(d, one));
  return api::json(json::object{{"items", std::move(items)}});
}

Result<Response> ask(const ApiDependencies& d, const Request& request) {
  LUY_TRY(const Wanted wanted, wanted_in(d, request));
  LUY_TRY(const std::vector<RecordSummary> records, described(d, wanted));
  const json::object& given = request.body.as_object();
  json::object body{{"agency", wanted.agency.text()},
                    {"seqs", json::array(wanted.seqs.begin(), wanted.seqs.end())},
                    {"reason", text_at(given, "reason")},
                    {"legal_basis", text_at(given, "legal_basis")}};
  body["above"] = above_of(wanted.place);
  body["by"] = request.actor->display_name;
  request.audited = true;
  LUY_TRY(const directory::Proposed proposed,
          d.directory.acts().propose(api::caller_of(request), erase_act, body, wanted.agency));
  return proposed_response(proposed);
}

}  // namespace

std::vector<api::Route> erasure_routes(const Shared& d) {
  constexpr Action erase = Action::evidence_erase;
  return {route(d, Method::get, "/api/v1/custody/erasures", "listErasures", Action::custody_read, list),
          route(d, Method::post, "/api/v1/custody/erasures", "askErasure", erase, ask),
          route(d, Method::post, "/api/v1/custody/erasures/preview", "previewErasure", erase, preview)};
}

}  // namespace luy::custody
