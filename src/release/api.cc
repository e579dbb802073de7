#include "release/api.h"

#include <algorithm>
#include <memory>

#include "base/encoding.h"

namespace luy::release {
namespace {

using api::Request;
using api::Response;
using directory::Action;
namespace json = boost::json;

json::value time_or_null(const std::optional<Time>& time) {
  return time ? json::value(to_rfc3339(*time)) : json::value(nullptr);
}
json::value text_or_null(const std::string& text) {
  return text.empty() ? json::value(nullptr) : json::value(text);
}

class Handlers {
 public:
  explicit Handlers(ApiDependencies deps) : d_(std::move(deps)) {}
  Result<Response> list(const Request& request) const;
  Result<Response> bring(const Request& request) const;
  Result<Response> agree(const Request& request) const;
  Result<Response> ring(const Request& request) const;
  Result<Response> withdraw(const Request& request) const;
  Result<Response> add_key(const Request& request) const;
  Result<Response> devices(const Request& request) const;
  Result<Response> issue_code(const Request& request) const;
  Result<Response> code_state(const Request& request) const;
  Result<void> authorise_town(const Request& request) const {
    return api::authorise(request, Action::agent_release, town());
  }
  const ApiDependencies& d() const { return d_; }

 private:
  directory::Object object(const AgencyId& agency) const {
    directory::Object out;
    out.agencies = d_.lineage(agency);
    return out;
  }
  directory::Object town() const {
    directory::Object out;
    if (const auto agency = d_.town()) out.agencies.push_back(*agency);
    return out;
  }
  // A hub without a town has nobody who may release.
  Result<AgencyId> the_town() const {
    const auto agency = d_.town();
    if (!agency) return Error(api::not_found, "agency");
    return *agency;
  }
  json::object agency_json(const AgencyId& agency) const {
    return {{"id", agency.text()}, {"name", d_.agency_name(agency)}};
  }
  static std::string name_of_device(const inventory::Device& device) {
    return device.name.empty() ? device.id.text() : device.name;
  }
  bool may(const Request& request, Action action, const directory::Object& where) const {
    return request.actor && directory::may(*request.actor, action, where).allowed;
  }
  std::string state_of(const KeptRelease& one, std::size_t failed) const;
  json::object release_json(const Request& request, const KeptRelease& one) const;
  Result<inventory::StatePointer> device_of(const Request& request, Action action) const;

  const ApiDependencies d_;
};

std::string Handlers::state_of(const KeptRelease& one, std::size_t failed) const {
  if (one.withdrawn_at) return "withdrawn";
  if (!one.agreed_at) return "waiting";
  if (one.ring == Ring::none) return "agreed";
  return failed > 0 ? "stopped" : "rolling";
}

json::object Handlers::release_json(const Request& request, const KeptRelease& one) const {
  json::array places;
  for (const std::string& id : one.places) {
    std::string name = id;
    if (one.ring == Ring::agencies) name = d_.agency_name(AgencyId::trusted(id));
    if (one.ring == Ring::devices) {
      const auto state = d_.inventory.state(DeviceId::trusted(id));
      if (state) name = name_of_device(state->device);
    }
    places.push_back(json::object{{"id", id}, {"name", name}});
  }
  std::size_t meant = 0;
  std::size_t done = 0;
  for (const inventory::StatePointer& state : d_.inventory.states()) {
    const auto runs = d_.book.runs(state->device.id);
    if (state->device.retired_at || !runs || runs->architecture != one.release.architecture) continue;
    if (runs->version == one.release.version) ++done;
    const auto wanted = d_.book.meant_for(state->device.id, d_.lineage(state->device.agency), runs->architecture);
    if (wanted && wanted->id == one.id) ++meant;
  }
  const auto failed = d_.book.stopped_by(one);
  return {{"id", one.id.text()},
          {"version", one.release.version},
          {"architecture", one.release.architecture},
          {"bytes", one.release.bytes},
          {"sha256", one.release.sha256},
          {"notes", text_or_null(one.notes)},
          {"state", state_of(one, failed.size())},
          {"brought_by", one.brought_by},
          {"brought_at", to_rfc3339(one.brought_at)},
          {"agreed_by", text_or_null(one.agreed_by)},
          {"agreed_at", time_or_null(one.agreed_at)},
          {"ring", name_of(one.ring)},
          {"places", std::move(places)},
          {"ring_by", text_or_null(one.ring_by)},
          {"ring_at", time_or_null(one.ring_at)},
          {"ring_reason", text_or_null(one.ring_reason)},
          {"attempt", one.attempt},
          {"patience_seconds", one.patience_seconds},
          {"devices", static_cast<std::int64_t>(meant)},
          {"running", static_cast<std::int64_t>(done)},
          {"failed", static_cast<std::int64_t>(failed.size())},
          {"withdrawn_at", time_or_null(one.withdrawn_at)},
          {"withdrawn_by", text_or_null(one.withdrawn_by)},
          {"withdraw_reason", text_or_null(one.withdraw_reason)},
          {"may_manage", may(request, Action::agent_release, town())}};
}

Result<Response> Handlers::list(const Request& request) const {
  LUY_TRY_VOID(api::authorise(request, Action::device_read, directory::Object::anywhere()));
  json::array items;
  for (const KeptRelease& one : d_.book.releases()) items.push_back(release_json(request, one));
  json::array keys;
  for (const KeptKey& one : d_.book.keys()) {
    keys.push_back(json::object{
        {"key", to_base64(one.step.key)}, {"added_by", one.added_by}, {"added_at", to_rfc3339(one.added_at)}});
  }
  return api::json(json::object{{"items", std::move(items)},
                                {"keys", std::move(keys)},
                                {"may_manage", may(request, Action::agent_release, town())}});
}

json::value act_of(const directory::Proposed& proposed) {
  return proposed.waiting ? json::value(proposed.waiting->text()) : json::value(nullptr);
}

Result<Response> Handlers::bring(const Request& request) const {
  LUY_TRY_VOID(authorise_town(request));
  LUY_TRY(const AgencyId agency, the_town());
  const json::object& body = request.body.as_object();
  const auto id = api::UploadId::parse(std::string_view(body.at("upload").as_string()));
  if (!id) return Error(api::bad_request, "upload");
  LUY_TRY(const api::UploadBox::Pointer upload, d_.uploads.complete(api::upload_owner(request), *id));
  Book::NewRelease wanted;
  wanted.file = upload->file;
  wanted.statement = std::string(body.at("statement").as_string());
  wanted.notes = std::string(body.at("notes").as_string());
  wanted.by = request.actor->display_name;
  request.audited = true;
  LUY_TRY(const KeptRelease release, d_.book.bring(api::caller_of(request), agency, wanted));
  d_.uploads.drop(*id);
  return api::json(release_json(request, release), 201);
}

Result<Response> Handlers::agree(const Request& request) const {
  LUY_TRY_VOID(authorise_town(request));
  LUY_TRY(const AgencyId agency, the_town());
  LUY_TRY(const auto id, request.id_param<ReleaseId>("agent_release", "agent_release"));
  if (!d_.book.find(id)) return Error(release_unknown, id.text());
  request.audited = true;
  LUY_TRY(const directory::Proposed proposed,
          d_.book.ask_agreement(api::caller_of(request), agency, id, request.actor->display_name));
  return api::json(json::object{{"act", act_of(proposed)}}, proposed.waiting ? 202 : 200);
}

Result<Response> Handlers::ring(const Request& request) const {
  LUY_TRY_VOID(authorise_town(request));
  LUY_TRY(const AgencyId agency, the_town());
  LUY_TRY(const auto id, request.id_param<ReleaseId>("agent_release", "agent_release"));
  const json::object& body = request.body.as_object();
  Book::NewRing wanted;
  wanted.ring = ring_from_name(std::string(body.at("ring").as_string())).value_or(Ring::none);
  for (const json::value& one : body.at("places").as_array()) {
    const std::string place(one.as_string());
    const auto device = wanted.ring == Ring::devices ? DeviceId::parse(place) : std::nullopt;
    const auto below = wanted.ring == Ring::agencies ? AgencyId::parse(place) : std::nullopt;
    const bool known = (device && d_.inventory.state(*device)) || (below && !d_.lineage(*below).empty());
    if (!known) return Error(api::not_found, place);
    wanted.places.push_back(place);
  }
  wanted.patience_seconds = body.at("patience_seconds").as_int64();
  wanted.reason = std::string(body.at("reason").as_string());
  wanted.by = request.actor->display_name;
  request.audited = true;
  LUY_TRY(const KeptRelease release, d_.book.set_ring(api::caller_of(request), agency, id, wanted));
  return api::json(release_json(request, release));
}

Result<Response> Handlers::withdraw(const Request& request) const {
  LUY_TRY_VOID(authorise_town(request));
  LUY_TRY(const AgencyId agency, the_town());
  LUY_TRY(const auto id, request.id_param<ReleaseId>("agent_release", "agent_release"));
  request.audited = true;
  LUY_TRY_VOID(d_.book.withdraw(api::caller_of(request), agency, id,
                                std::string(request.body.as_object().at("reason").as_string()),
                                request.actor->display_name));
  return api::no_content();
}

Result<Response> Handlers::add_key(const Request& request) const {
  LUY_TRY_VOID(authorise_town(request));
  LUY_TRY(const AgencyId agency, the_town());
  const json::object& body = request.body.as_object();
  Book::NewKey wanted;
  const auto key = from_base64(std::string(body.at("key").as_string()));
  if (!key) return Error(key_invalid, "Base64", "base 64");
  wanted.key = *key;
  if (body.at("signature").is_string()) {
    const auto signature = from_base64(std::string(body.at("signature").as_string()));
    if (!signature) return Error(key_invalid, "Base64", "base 64");
    wanted.signature = *signature;
  }
  wanted.by = request.actor->display_name;
  request.audited = true;
  LUY_TRY(const directory::Proposed proposed, d_.book.add_key(api::caller_of(request), agency, wanted));
  return api::json(json::object{{"act", act_of(proposed)}}, proposed.waiting ? 202 : 200);
}

Result<Response> Handlers::devices(const Request& request) const {
  std::optional<AgencyId> only;
  if (request.param("agency")) {
    LUY_TRY(only, request.id_param<AgencyId>("agency", "agency"));
    LUY_TRY_VOID(api::authorise(request, Action::device_read, object(*only)));
  } else {
    LUY_TRY_VOID(api::authorise(request, Action::device_read, directory::Object::anywhere()));
  }
  json::array items;
  for (const inventory::StatePointer& state : d_.inventory.states()) {
    const inventory::Device& device = state->device;
    const directory::Object where = object(device.agency);
    const auto& above = where.agencies;
    const bool inside = !only || std::find(above.begin(), above.end(), *only) != above.end();
    if (device.retired_at || !inside || !may(request, Action::device_read, where)) continue;
    const auto runs = d_.book.runs(device.id);
    const auto told = d_.book.told(device.id);
    const auto wanted = runs ? d_.book.meant_for(device.id, above, runs->architecture) : std::nullopt;
    const std::string version = runs ? runs->version : state->agent_version;
    items.push_back(
        json::object{{"device", {{"id", device.id.text()}, {"name", name_of_device(device)}}},
                     {"agency", agency_json(device.agency)},
                     {"version", text_or_null(version)},
                     {"architecture", runs ? text_or_null(runs->architecture) : json::value(nullptr)},
                     {"wanted", wanted ? json::value(wanted->release.version) : json::value(nullptr)},
                     {"current", !wanted || device_policy::compare_versions(version, wanted->release.version) >= 0},
                     {"told_at", told ? json::value(to_rfc3339(told->at)) : json::value(nullptr)},
                     {"result", told ? json::value(told->result) : json::value(nullptr)},
                     {"from", told ? text_or_null(told->from) : json::value(nullptr)},
                     {"to", told ? text_or_null(told->to) : json::value(nullptr)},
                     {"code", told ? text_or_null(told->code) : json::value(nullptr)},
                     {"why", told ? text_or_null(told->why) : json::value(nullptr)}});
  }
  return api::json(json::object{{"items", std::move(items)}});
}

Result<inventory::StatePointer> Handlers::device_of(const Request& request, Action action) const {
  LUY_TRY(const auto id, request.id_param<DeviceId>("device", "device"));
  inventory::StatePointer state = d_.inventory.state(id);
  if (!state) return Error(api::not_found, "device");
  LUY_TRY_VOID(api::authorise(request, action, object(state->device.agency)));
  return state;
}

Result<Response> Handlers::issue_code(const Request& request) const {
  LUY_TRY(const inventory::StatePointer state, device_of(request, Action::device_manage));
  request.audited = true;
  LUY_TRY(const RemovalCode code, d_.removals.issue(api::caller_of(request), state->device.id, state->device.agency,
                                                    std::string(request.body.as_object().at("reason").as_string()),
                                                    request.actor->display_name));
  return api::json(json::object{{"code", code.code}, {"ends_at", to_rfc3339(code.ends_at)}}, 201);
}

Result<Response> Handlers::code_state(const Request& request) const {
  LUY_TRY(const inventory::StatePointer state, device_of(request, Action::device_read));
  LUY_TRY(const auto newest, d_.removals.state(state->device.id));
  json::value out;
  if (newest) {
    out = json::object{{"issued_by", newest->issued_by},
                       {"reason", newest->reason},
                       {"issued_at", to_rfc3339(newest->issued_at)},
                       {"ends_at", to_rfc3339(newest->ends_at)},
                       {"used_at", time_or_null(newest->used_at)}};
  }
  return api::json(json::object{{"newest", std::move(out)},
                                {"may_issue", may(request, Action::device_manage, object(state->device.agency))}});
}

}  // namespace

std::vector<api::Route> routes(ApiDependencies dependencies) {
  // shared_ptr: the routes share one set of handlers and outlive this call.
  const auto handlers = std::make_shared<const Handlers>(std::move(dependencies));
  using api::Access;
  using api::Method;
  const auto with = [&handlers](Result<Response> (Handlers::*handler)(const Request&) const) {
    return [handlers, handler](const Request& request) { return ((*handlers).*handler)(request); };
  };
  std::vector<api::Route> out{
      {Method::get, "/api/v1/agent_releases", "listAgentReleases", Access::session, Action::device_read,
       with(&Handlers::list)},
      {Method::post, "/api/v1/agent_releases", "bringAgentRelease", Access::session, Action::agent_release,
       with(&Handlers::bring)},
      {Method::post, "/api/v1/agent_releases/{agent_release}/agreement", "askAgentReleaseAgreement", Access::session,
       Action::agent_release, with(&Handlers::agree)},
      {Method::post, "/api/v1/agent_releases/{agent_release}/ring", "setAgentReleaseRing", Access::session,
       Action::agent_release, with(&Handlers::ring)},
      {Method::post, "/api/v1/agent_releases/{agent_release}/withdrawal", "withdrawAgentRelease", Access::session,
       Action::agent_release, with(&Handlers::withdraw)},
      {Method::post, "/api/v1/agent_release_keys", "addAgentReleaseKey", Access::session, Action::agent_release,
       with(&Handlers::add_key)},
      {Method::get, "/api/v1/agent_release_devices", "listAgentReleaseDevices", Access::session, Action::device_read,
       with(&Handlers::devices)},
      {Method::get, "/api/v1/devices/{device}/removal_code", "getAgentRemovalCode", Access::session,
       Action::device_read, with(&Handlers::code_state)},
      {Method::post, "/api/v1/devices/{device}/removal_code", "issueAgentRemovalCode", Access::session,
       Action::device_manage, with(&Handlers::issue_code)},
  };
  const auto uploads =
      api::upload_routes(handlers->d().uploads,
                         {"/api/v1/agent_release_uploads", "beginAgentReleaseUpload", "sendAgentReleasePart",
                          Action::agent_release, [handlers](const Request& r) { return handlers->authorise_town(r); }});
  out.insert(out.end(), uploads.begin(), uploads.end());
  return out;
}

}  // namespace luy::release
