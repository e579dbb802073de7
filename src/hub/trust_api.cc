#include "hub/trust_api.h"

#include "base/encoding.h"
#include "base/hash.h"

namespace luy::hub {
namespace {

namespace json = boost::json;
using api::Request;
using api::Response;
using directory::Action;

json::array certificates_json(const std::vector<signature::Certificate>& all) {
  json::array out;
  for (const signature::Certificate& one : all) {
    out.push_back(json::object{{"subject", one.subject},
                               {"issuer", one.issuer},
                               {"serial", one.serial},
                               {"not_before", to_rfc3339(one.not_before)},
                               {"not_after", to_rfc3339(one.not_after)},
                               {"sha256", to_hex(sha256(one.der))}});
  }
  return out;
}

Result<Response> answer(const TrustApi& d) {
  const seal::TrustState state = d.trust.state();
  json::array lists;
  for (const seal::TrustState::List& one : state.lists) {
    const auto& next = one.list.next_update;
    lists.push_back(json::object{{"issuer", one.list.issuer},
                                 {"this_update", to_rfc3339(one.list.this_update)},
                                 {"next_update", next ? json::value(to_rfc3339(*next)) : json::value(nullptr)},
                                 {"stale", one.is_stale},
                                 {"source", one.source}});
  }
  json::object fetch{{"allowed_hosts", json::array(state.hosts.begin(), state.hosts.end())}};
  fetch["last_at"] = state.last_at ? json::value(to_rfc3339(*state.last_at)) : json::value(nullptr);
  fetch["problem"] = nullptr;
  if (state.problem) fetch["problem"] = json::object{{"vi", state.problem->vi()}, {"en", state.problem->en()}};
  const std::vector<std::string> stamps = d.time_stamps();
  json::object out;
  out["anchors"] = certificates_json(state.anchors);
  out["issuers"] = certificates_json(state.issuers);
  out["crls"] = std::move(lists);
  out["ocsp"] = json::object{{"enabled", state.has_ocsp}};
  out["fetch"] = std::move(fetch);
  out["time_stamp"] = json::object{{"url", stamps.empty() ? json::value(nullptr) : json::value(stamps.front())}};
  return api::json(out);
}

// Of the whole hub: it belongs to no agency, and is shown to whoever sees accounts of some.
Result<Response> get(const TrustApi& d, const Request& request) {
  LUY_TRY_VOID(api::authorise(request, Action::account_read, directory::Object::anywhere()));
  return answer(d);
}

Result<Response> refresh(const TrustApi& d, const Request& request) {
  LUY_TRY_VOID(api::authorise(request, Action::account_manage, directory::Object::anywhere()));
  const auto done = d.trust.refresh();
  directory::AuditEntry entry;
  entry.act = "signature_trust_refresh";
  entry.outcome = done ? directory::Outcome::done : directory::Outcome::failed;
  if (!done) entry.error = done.error().name();
  LUY_TRY_VOID(d.audit.record(api::caller_of(request), entry));
  request.audited = true;
  if (!done) return done.error();
  return answer(d);
}

}  // namespace

std::vector<api::Route> trust_routes(const TrustApi& d) {
  const auto route = [&](api::Method method, const char* pattern, const char* operation, Action action,
                         Result<Response> (*handler)(const TrustApi&, const Request&)) {
    api::Route out;
    out.method = method;
    out.pattern = pattern;
    out.operation_id = operation;
    out.action = action;
    out.handler = [d, handler](const Request& request) { return handler(d, request); };
    return out;
  };
  return {route(api::Method::get, "/api/v1/signature-trust", "getSignatureTrust", Action::account_read, get),
          route(api::Method::post, "/api/v1/signature-trust/refresh", "refreshSignatureTrust", Action::account_manage,
                refresh)};
}

}  // namespace luy::hub
