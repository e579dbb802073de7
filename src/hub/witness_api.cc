#include "hub/witness_api.h"

#include <boost/json.hpp>

#include "base/encoding.h"
#include "base/log.h"
#include "evidence/certificate.h"
#include "evidence/cosignature.h"
#include "hub/witness_desk.h"

namespace luy::hub {
namespace {

namespace json = boost::json;
using api::Request;
using api::Response;
using directory::Action;

constexpr const char* prefix = "/api/v1/witness";

std::string text_at(const json::object& body, const char* key) {
  const json::value* value = body.if_contains(key);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

std::vector<std::string> list_at(const json::object& body, const char* key) {
  std::vector<std::string> out;
  const json::value* value = body.if_contains(key);
  if (value == nullptr || !value->is_array()) return out;
  for (const json::value& one : value->get_array()) out.emplace_back(one.as_string());
  return out;
}

json::value time_json(const std::optional<Time>& at) {
  return at ? json::value(to_rfc3339(*at)) : json::value(nullptr);
}

json::value problem_json(const std::optional<Error>& problem) {
  if (!problem) return nullptr;
  return json::object{{"vi", problem->vi()}, {"en", problem->en()}};
}

json::object proof_json(const WitnessProof& one) {
  json::object out;
  out["id"] = one.id.text();
  out["side"] = one.ours ? "ours" : "theirs";
  out["kind"] = one.kind;
  out["origin"] = one.origin;
  out["witness"] = one.witness;
  out["found_at"] = to_rfc3339(one.found_at);
  out["cosigned"] = one.cosigned;
  out["submitted"] = one.submitted;
  return out;
}

// Of another hub: its text stands in the request as a string.
std::string_view text_of(const Request& request) {
  if (!request.body.is_string()) return {};
  return std::string_view(request.body.get_string());
}

}  // namespace

struct WitnessAnswers {
  WitnessDesk& desk;

  Result<void> authorise(const Request& request) const {
    return api::authorise(request, Action::witness_manage, desk.d_.agencies.hub_object());
  }

  // Who of the desk asked last, and what is wrong.
  std::optional<WitnessDesk::Asked> asked_of(const WitnessId& id) const {
    const std::lock_guard lock(desk.mutex_);
    const auto found = desk.asked_.find(id);
    return found != desk.asked_.end() ? std::optional(found->second) : std::nullopt;
  }

  json::object witness_json(const Witness& one) const {
    const auto asked = asked_of(one.id);
    const Time now = desk.d_.clock.now();
    const bool exposed = asked && asked->problem && asked->problem->is(witness_exposed);
    const bool has_cosigned = one.cosigned_at && (!asked || !asked->problem);
    json::object out;
    out["id"] = one.id.text();
    out["name"] = one.name;
    out["url"] = one.url;
    out["vkey"] = one.key.vkey();
    out["networks"] = json::array(one.networks.begin(), one.networks.end());
    out["ca_file"] = one.ca_file.empty() ? json::value(nullptr) : json::value(one.ca_file);
    out["added_at"] = to_rfc3339(one.added_at);
    out["state"] = exposed ? "exposed" : desk.is_missing(one, now) ? "missing" : has_cosigned ? "good" : "new";
    out["size"] = one.size;
    out["cosigned_at"] = time_json(one.cosigned_at);
    out["asked_at"] = asked ? json::value(to_rfc3339(asked->at)) : json::value(nullptr);
    out["problem"] = problem_json(asked ? asked->problem : std::nullopt);
    return out;
  }

  json::object origin_json(const WitnessedOrigin& one, const std::vector<WitnessProof>& proofs) const {
    const bool exposed = std::ranges::any_of(
        proofs, [&](const WitnessProof& proof) { return !proof.ours && proof.origin == one.key.name; });
    json::object out;
    out["id"] = one.id.text();
    out["name"] = one.name;
    out["origin"] = one.key.name;
    out["vkey"] = one.key.vkey();
    out["added_at"] = to_rfc3339(one.added_at);
    out["state"] = exposed                                    ? "exposed"
                   : desk.is_silent(one, desk.d_.clock.now()) ? "silent"
                   : one.seen_at                              ? "good"
                                                              : "new";
    out["size"] = one.size;
    out["seen_at"] = time_json(one.seen_at);
    return out;
  }

  json::object stamp_json() const {
    const EvidenceStamps::State state = desk.stamps_->state();
    json::object out;
    out["url"] = state.url.empty() ? json::value(nullptr) : json::value(state.url);
    out["newest_day"] = state.newest_day ? json::value(to_iso(*state.newest_day)) : json::value(nullptr);
    out["stamped_at"] = time_json(state.stamped_at);
    out["problem"] = problem_json(state.problem);
    return out;
  }

  Result<Response> get(const Request& request) const {
    LUY_TRY_VOID(api::authorise(request, Action::witness_manage, directory::Object::anywhere()));
    const auto proofs = desk.book_->proofs();
    json::object out;
    out["may_change"] = directory::may(*request.actor, Action::witness_manage, desk.d_.agencies.hub_object()).allowed;
    out["origin"] = desk.d_.signer.origin();
    out["vkey"] = desk.d_.signer.vkey();
    out["witness_vkey"] = desk.d_.signer.witness_vkey();
    out["submission_prefix"] = desk.d_.own_url() + prefix;
    out["interval_seconds"] = witness_interval.count();
    json::array witnesses;
    for (const Witness& one : desk.book_->witnesses()) witnesses.push_back(witness_json(one));
    out["witnesses"] = std::move(witnesses);
    json::array origins;
    for (const WitnessedOrigin& one : desk.book_->origins()) origins.push_back(origin_json(one, proofs));
    out["origins"] = std::move(origins);
    json::array found;
    for (const WitnessProof& one : proofs) found.push_back(proof_json(one));
    out["proofs"] = std::move(found);
    out["time_stamp"] = stamp_json();
    return api::json(out);
  }

  Result<Response> ask(const Request& request) const {
    LUY_TRY_VOID(authorise(request));
    desk.wake();
    return api::no_content();
  }

  // In the act's transaction.
  WitnessBook::Also audit(const Request& request, const char* act, json::object before, json::object after) const {
    return [this, &request, act, before = std::move(before), after = std::move(after)](
               records::Connection& c, const std::string& object) -> Result<void> {
      directory::AuditEntry entry;
      entry.act = act;
      entry.object = object;
      entry.before = before;
      entry.after = after;
      // Whoever takes away a witness takes away what would tell of the next thing done.
      entry.alarm = after.empty();
      return desk.d_.directory.audit().note(c, api::caller_of(request), entry);
    };
  }
  Response done(const Request& request, Response response) const {
    request.audited = true;
    if (auto delivered = desk.d_.directory.audit().deliver(); !delivered) {
      log(LogLevel::error, "hub", "audit: " + delivered.error().text());
    }
    return response;
  }

  Result<Response> add(const Request& request) const {
    LUY_TRY_VOID(authorise(request));
    const json::object& body = request.body.as_object();
    const WitnessBook::NewWitness wanted{text_at(body, "name"), text_at(body, "url"), text_at(body, "vkey"),
                                         list_at(body, "networks"), text_at(body, "ca_file")};
    LUY_TRY(const Witness added, desk.book_->add(wanted, audit(request, "witness_add", {}, body)));
    desk.wake();
    return done(request, api::json(witness_json(added), 201));
  }

  Result<Response> remove(const Request& request) const {
    LUY_TRY_VOID(authorise(request));
    LUY_TRY(const auto id, request.id_param<WitnessId>("witness", "witness"));
    json::object before;
    for (const Witness& one : desk.book_->witnesses()) {
      if (one.id == id) before = {{"name", one.name}, {"url", one.url}, {"vkey", one.key.vkey()}};
    }
    LUY_TRY_VOID(desk.book_->remove(id, audit(request, "witness_remove", std::move(before), {})));
    return done(request, api::no_content());
  }

  Result<Response> add_origin(const Request& request) const {
    LUY_TRY_VOID(authorise(request));
    const json::object& body = request.body.as_object();
    LUY_TRY(const WitnessedOrigin added, desk.book_->add_origin(text_at(body, "name"), text_at(body, "vkey"),
                                                                audit(request, "witness_origin_add", {}, body)));
    return done(request, api::json(origin_json(added, {}), 201));
  }

  Result<Response> remove_origin(const Request& request) const {
    LUY_TRY_VOID(authorise(request));
    LUY_TRY(const auto id, request.id_param<WitnessOriginId>("origin", "origin"));
    json::object before;
    for (const WitnessedOrigin& one : desk.book_->origins()) {
      if (one.id == id) before = {{"name", one.name}, {"vkey", one.key.vkey()}};
    }
    LUY_TRY_VOID(desk.book_->remove_origin(id, audit(request, "witness_origin_remove", std::move(before), {})));
    return done(request, api::no_content());
  }

  Result<Response> set_time_stamp(const Request& request) const {
    LUY_TRY_VOID(authorise(request));
    const json::object& body = request.body.as_object();
    LUY_TRY_VOID(desk.stamps_->set_url(text_at(body, "url"), audit(request, "evidence_time_stamp", {}, body)));
    desk.wake();
    return done(request, api::no_content());
  }

  Result<Response> add_checkpoint(const Request& request) const {
    return desk.cosign(text_of(request), request.client_address);
  }

  Result<Response> add_certificates(const Request& request) const {
    if (desk.is_too_often(request.client_address)) return Error(witness_busy);
    std::string_view text = text_of(request);
    if (text.size() > evidence::submission_bytes_max) return Error(api::bad_request, "certificates");
    const std::string_view vkey = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(vkey.size() + 1, text.size()));
    LUY_TRY(const evidence::VerifierKey key, evidence::VerifierKey::parse(vkey));
    LUY_TRY(const auto certificates, evidence::split_certificates(text));
    const auto origin = desk.book_->origin(key.name);
    if (!origin || origin->key.vkey() != vkey) return Error(witness_origin_unknown, key.name);
    LUY_TRY_VOID(desk.book_->add_certificates(key.name, certificates));
    return api::no_content();
  }
};

std::vector<api::Route> WitnessRoutes::of(WitnessDesk& desk) {
  using api::Access;
  using api::Method;
  using Handler = Result<Response> (WitnessAnswers::*)(const Request&) const;
  const auto route = [&desk](Method method, const std::string& path, const char* id, Access access, Handler handler) {
    const Action action = access == Access::open ? Action::session_use : Action::witness_manage;
    api::Route out{
        method, prefix + path,
        id,     access,
        action, [&desk, handler](const Request& request) {
                     return (WitnessAnswers{desk}.*handler)(request); }};
    if (access == Access::open) out.body_bytes_max = evidence::submission_bytes_max;
    return out;
  };
  return {
      route(Method::get, "", "getWitnessing", Access::session, &WitnessAnswers::get),
      route(Method::post, "/ask", "askWitnesses", Access::session, &WitnessAnswers::ask),
      route(Method::post, "/witnesses", "addWitness", Access::session, &WitnessAnswers::add),
      route(Method::del, "/witnesses/{witness}", "removeWitness", Access::session, &WitnessAnswers::remove),
      route(Method::post, "/origins", "addWitnessOrigin", Access::session, &WitnessAnswers::add_origin),
      route(Method::del, "/origins/{origin}", "removeWitnessOrigin", Access::session, &WitnessAnswers::remove_origin),
      route(Method::put, "/time-stamp", "setEvidenceTimeStamp", Access::session, &WitnessAnswers::set_time_stamp),
      route(Method::post, "/add-checkpoint", "addCheckpoint", Access::open, &WitnessAnswers::add_checkpoint),
      route(Method::post, "/add-certificates", "addWitnessCertificates", Access::open,
            &WitnessAnswers::add_certificates)};
}

}  // namespace luy::hub
