#include "hub/hub_api.h"

#include <boost/json.hpp>

#include "base/log.h"

namespace luy::hub {
namespace {

namespace json = boost::json;
using directory::Action;

std::string text_of(const json::object& body, std::string_view key) {
  const json::string& text = body.at(json::string_view(key.data(), key.size())).as_string();
  return std::string(text.data(), text.size());
}

Result<api::Response> issue_token(const HubApi& d, const api::Request& request) {
  const auto agency = AgencyId::parse(text_of(request.body.as_object(), "agency"));
  if (!agency || d.agencies.lineage(*agency).empty()) return Error(directory::agency_unknown);
  LUY_TRY_VOID(api::authorise(request, Action::device_enrol, d.agencies.object(*agency)));
  directory::AuditEntry entry;
  entry.act = directory::name_of(Action::device_enrol);
  entry.object = "agency:" + agency->text();
  const auto issue = [&](records::Connection& c, directory::AuditEntry& done) -> Result<IssuedToken> {
    LUY_TRY(IssuedToken issued, d.enrolment.issue_token_in(c, *agency, request.actor->username));
    done.after["expires_at"] = to_rfc3339(issued.expires_at);
    return issued;
  };
  request.audited = true;
  LUY_TRY(const IssuedToken issued, d.audit.perform(api::caller_of(request), std::move(entry), issue));
  json::object out;
  out["token"] = issued.token;
  out["expires_at"] = to_rfc3339(issued.expires_at);
  out["fingerprint"] = d.ca.fingerprint();
  out["hub_url"] = d.hub_url();
  out["command"] =
      "luy-agent enrol --hub " + d.hub_url() + " --token " + issued.token + " --fingerprint " + d.ca.fingerprint();
  return api::json(out, 201);
}

// The body of a fact without the envelope that a collected one has.
template <class Fact>
Result<Fact> fact_of(const HubApi& d, const json::object& body, std::string_view key, fact::Kind kind) {
  json::object document;
  document["fact"] = fact::name_of(kind);
  document["version"] = fact::version;
  document["collected_at"] = to_rfc3339(d.clock.now());
  document["method"] = "enrolment";
  document["body"] = body.at(json::string_view(key.data(), key.size()));
  LUY_TRY(fact::Fact parsed, fact::from_json(json::serialize(document)));
  return std::get<Fact>(std::move(parsed.body));
}

Result<void> note_enrolment(const HubApi& d, records::Connection& connection, const EnrolmentRequest& request,
                            const EnrolmentResult& result) {
  directory::Caller caller;
  caller.username = "luy-agent";
  caller.address = request.address;
  directory::AuditEntry entry;
  entry.act = "device_enrolled";
  entry.object = "device:" + result.device.text();
  entry.after["agency"] = result.agency.text();
  entry.after["hostname"] = request.identity.hostname;
  entry.after["known_before"] = result.existed;
  entry.after["certificate"] = result.certificate.serial;
  entry.after["revoked"] = json::array(result.revoked.begin(), result.revoked.end());
  return d.audit.note(connection, caller, entry);
}

Result<api::Response> enrol_agent(const HubApi& d, const api::Request& request) {
  const json::object& body = request.body.as_object();
  EnrolmentRequest wanted;
  wanted.token = text_of(body, "token");
  wanted.csr = text_of(body, "csr");
  wanted.address = request.client_address;
  LUY_TRY(wanted.identity, fact_of<fact::Identity>(d, body, "identity", fact::Kind::identity));
  LUY_TRY(wanted.os, fact_of<fact::Os>(d, body, "os", fact::Kind::os));
  LUY_TRY(wanted.hardware, fact_of<fact::Hardware>(d, body, "hardware", fact::Kind::hardware));
  const auto note = [&](records::Connection& c, const EnrolmentResult& made) {
    return note_enrolment(d, c, wanted, made);
  };
  LUY_TRY(const EnrolmentResult result, d.enrolment.enrol(wanted, note));
  if (!result.revoked.empty()) d.cut(result.device);
  if (const auto delivered = d.audit.deliver(); !delivered) {
    log(LogLevel::warning, "hub", "audit entries wait for delivery: " + delivered.error().text());
  }
  json::object out;
  out["device_id"] = result.device.text();
  out["certificate"] = result.certificate.pem;
  out["ca"] = d.ca.certificate_pem();
  out["agent_url"] = d.agent_url();
  out["server_name"] = d.server_name;
  out["orders_key"] = d.orders_key;
  return api::json(out, 201);
}

directory::Object own(const api::Request& request) {
  directory::Object object;
  object.account = request.actor->account;
  return object;
}

// The session itself works before the issued password is changed and a second factor is added where one must be, so
// that both can be done; nothing else does.
Result<void> authorise_settled(const api::Request& request) {
  if (request.actor && request.actor->must_change_password) return Error(directory::must_change_password);
  if (request.actor && request.actor->must_enrol_factor) return Error(directory::must_enrol_factor);
  return api::authorise(request, Action::session_use, own(request));
}

Result<api::Response> get_system(const HubApi& d, const api::Request& request) {
  LUY_TRY_VOID(authorise_settled(request));
  LUY_TRY(const auto days, d.store.days());
  const auto checkpoint = d.store.last_checkpoint();
  json::object out;
  out["version"] = std::string(version());
  out["time"] = to_rfc3339(d.clock.now());
  out["fingerprint"] = d.ca.fingerprint();
  out["events"] = d.store.size();
  out["days"] = days.size();
  out["retention_days"] = d.retention_days;
  out["inputs"] = d.inputs();
  out["checkpoint_size"] = checkpoint ? checkpoint->size : 0;
  out["holidays_until"] = d.holidays_until ? json::value(to_iso(*d.holidays_until)) : json::value(nullptr);
  out["checkpoint_at"] = nullptr;
  if (checkpoint && checkpoint->size > 0) {
    // The note itself bears no time; the last record it covers was received just before it was signed.
    LUY_TRY(const evidence::Record last, d.store.read(checkpoint->size - 1));
    out["checkpoint_at"] = to_rfc3339(last.received);
  }
  return api::json(out);
}

// Only asks whether the stream may be opened; the console's service then keeps the connection.
Result<api::Response> open_stream(const HubApi& d, const api::Request& request) {
  LUY_TRY_VOID(authorise_settled(request));
  const std::string topics = "," + request.param("topics").value_or("") + ",";
  if (topics.find(",event,") != std::string::npos) d.followed(request);
  return api::Response{};
}

}  // namespace

std::string_view version() {
  return LUY_VERSION;
}

std::vector<api::Route> hub_routes(const HubApi& d) {
  using api::Access;
  using api::Method;
  const auto with = [&d](Result<api::Response> (*handler)(const HubApi&, const api::Request&)) {
    return [&d, handler](const api::Request& request) { return handler(d, request); };
  };
  return {
      {Method::get, "/api/v1/stream", "openStream", Access::session, Action::session_use, with(open_stream)},
      {Method::post, "/api/v1/agents/tokens", "issueEnrolmentToken", Access::session, Action::device_enrol,
       with(issue_token)},
      {Method::post, "/api/v1/agents/enrol", "enrolAgent", Access::open, Action::device_enrol, with(enrol_agent)},
      {Method::get, "/api/v1/system", "getSystem", Access::session, Action::session_use, with(get_system)},
  };
}

}  // namespace luy::hub
