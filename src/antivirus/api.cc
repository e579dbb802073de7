#include "antivirus/api.h"

#include <algorithm>
#include <memory>

namespace luy::antivirus {
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
  Result<Response> sets(const Request& request) const;
  Result<Response> import(const Request& request) const;
  Result<Response> add(const Request& request) const;
  Result<Response> remove(const Request& request) const;
  Result<Response> devices(const Request& request) const;
  Result<void> authorise_town(const Request& request) const {
    return api::authorise(request, Action::signature_manage, town());
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
  json::object agency_json(const AgencyId& agency) const {
    return {{"id", agency.text()}, {"name", d_.agency_name(agency)}};
  }
  json::object set_json(const SignatureSet& set) const;
  json::value age_json(const std::optional<Time>& built) const {
    if (!built) return nullptr;
    return std::max<std::int64_t>(std::chrono::floor<days>(d_.clock.now() - *built).count(), 0);
  }
  bool may(const Request& request, Action action, const directory::Object& where) const {
    return request.actor && directory::may(*request.actor, action, where).allowed;
  }

  const ApiDependencies d_;
};

json::object Handlers::set_json(const SignatureSet& set) const {
  const bool official = set.kind == Kind::official;
  return {{"id", set.id.text()},
          {"kind", name_of(set.kind)},
          {"agency", set.agency ? json::value(agency_json(*set.agency)) : json::value(nullptr)},
          {"file", set.file},
          {"title", set.title},
          {"author", set.author},
          {"reason", text_or_null(set.reason)},
          {"version", official ? json::value(set.version) : json::value(nullptr)},
          {"built_at", time_or_null(set.built_at)},
          {"age_days", age_json(set.built_at)},
          {"stale", set.built_at && d_.clock.now() - *set.built_at > d_.age_max && set.file.starts_with("daily.")},
          {"signatures", set.signatures},
          {"bytes", set.bytes},
          {"sha256", set.sha256},
          {"verified", set.verified},
          {"source", set.source},
          {"imported_by", set.imported_by},
          {"imported_at", to_rfc3339(set.imported_at)},
          {"ended_at", time_or_null(set.ended_at)},
          {"ended_by", text_or_null(set.ended_by)},
          {"end_reason", text_or_null(set.end_reason)}};
}

Result<Response> Handlers::sets(const Request& request) const {
  LUY_TRY_VOID(api::authorise(request, Action::device_read, directory::Object::anywhere()));
  const auto seen = [&](const SignatureSet& one) {
    return !one.agency || may(request, Action::device_read, object(*one.agency));
  };
  json::array items;
  for (const SignatureSet& one : d_.book.sets()) {
    if (!seen(one)) continue;
    json::object item = set_json(one);
    item["may_remove"] = may(request, Action::signature_manage, one.agency ? object(*one.agency) : town());
    items.push_back(std::move(item));
  }
  json::array history;
  LUY_TRY(const auto ended, d_.book.history());
  for (const SignatureSet& one : ended) {
    if (!seen(one)) continue;
    json::object item = set_json(one);
    item["may_remove"] = false;
    history.push_back(std::move(item));
  }
  return api::json(json::object{{"items", std::move(items)},
                                {"history", std::move(history)},
                                {"may_import", may(request, Action::signature_manage, town())},
                                {"age_days_max", std::chrono::duration_cast<days>(d_.age_max).count()}});
}

Result<Response> Handlers::import(const Request& request) const {
  LUY_TRY_VOID(authorise_town(request));
  const json::object& body = request.body.as_object();
  const auto id = api::UploadId::parse(std::string_view(body.at("upload").as_string()));
  if (!id) return Error(api::bad_request, "upload");
  LUY_TRY(const api::UploadBox::Pointer upload, d_.uploads.complete(api::upload_owner(request), *id));
  Book::NewDatabase wanted;
  wanted.file = upload->file;
  wanted.name = std::string(body.at("name").as_string());
  wanted.by = request.actor->display_name;
  request.audited = true;
  LUY_TRY(const SignatureSet set, d_.book.import(api::caller_of(request), d_.town(), wanted));
  d_.uploads.drop(*id);
  d_.changed();
  json::object out = set_json(set);
  out["may_remove"] = true;
  return api::json(out, 201);
}

Result<Response> Handlers::add(const Request& request) const {
  const json::object& body = request.body.as_object();
  const auto agency = AgencyId::parse(std::string_view(body.at("agency").as_string()));
  if (!agency || d_.lineage(*agency).empty()) return Error(api::not_found, "agency");
  LUY_TRY_VOID(api::authorise(request, Action::signature_manage, object(*agency)));
  const auto text = [&](const char* key) { return std::string(body.at(key).as_string()); };
  Book::NewList wanted;
  wanted.agency = *agency;
  wanted.kind = text("kind") == "yara" ? Kind::yara : Kind::hash;
  wanted.title = text("title");
  wanted.author = text("author");
  wanted.reason = text("reason");
  wanted.text = text("content");
  wanted.by = request.actor->display_name;
  request.audited = true;
  LUY_TRY(const SignatureSet set, d_.book.add(api::caller_of(request), wanted));
  d_.changed();
  json::object out = set_json(set);
  out["may_remove"] = true;
  return api::json(out, 201);
}

Result<Response> Handlers::remove(const Request& request) const {
  LUY_TRY(const auto id, request.id_param<SetId>("signature_set", "signature_set"));
  const auto set = d_.book.find(id);
  if (!set) return Error(set_unknown, id.text());
  LUY_TRY_VOID(api::authorise(request, Action::signature_manage, set->agency ? object(*set->agency) : town()));
  request.audited = true;
  const std::string reason(request.body.as_object().at("reason").as_string());
  LUY_TRY_VOID(d_.book.remove(api::caller_of(request), d_.town(), id, reason, request.actor->display_name));
  d_.changed();
  return api::no_content();
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
    std::optional<Time> built;
    json::value product;
    if (state->antivirus) {
      for (const fact::AntivirusProduct& one : state->antivirus->value.products) {
        if (one.name == "ClamAV") product = one.version;
        if (one.signatures_date && (!built || *one.signatures_date > *built)) built = one.signatures_date;
      }
    }
    const auto wanted = d_.book.files_for(above);
    const auto told = d_.book.told(device.id);
    json::array files;
    std::size_t current = 0;
    for (const Told::File& one : told ? told->files : std::vector<Told::File>()) {
      const bool newest =
          std::any_of(wanted.begin(), wanted.end(), [&](const auto& file) { return file.sha256 == one.sha256; });
      if (newest && (one.outcome == "installed" || one.outcome == "newer_present")) ++current;
      files.push_back(json::object{{"name", one.name},
                                   {"version", one.version > 0 ? json::value(one.version) : json::value(nullptr)},
                                   {"built_at", time_or_null(one.built_at)},
                                   {"outcome", one.outcome},
                                   {"current", newest}});
    }
    items.push_back(json::object{
        {"device", {{"id", device.id.text()}, {"name", device.name.empty() ? device.id.text() : device.name}}},
        {"agency", agency_json(device.agency)},
        {"clamav", std::move(product)},
        {"signatures_date", time_or_null(built)},
        {"age_days", age_json(built)},
        {"stale", built && d_.clock.now() - *built > d_.age_max},
        {"told_at", told ? json::value(to_rfc3339(told->at)) : json::value(nullptr)},
        {"result", told ? json::value(told->result) : json::value(nullptr)},
        {"why", told ? text_or_null(told->why) : json::value(nullptr)},
        {"files", std::move(files)},
        {"current", static_cast<std::int64_t>(current)},
        {"wanted", static_cast<std::int64_t>(wanted.size())}});
  }
  return api::json(json::object{{"items", std::move(items)}});
}

}  // namespace

std::vector<api::Route> routes(ApiDependencies dependencies) {
  // shared_ptr: the routes share one set of handlers and outlive this call.
  const auto handlers = std::make_shared<const Handlers>(std::move(dependencies));
  using api::Method;
  const auto with = [&handlers](Result<Response> (Handlers::*handler)(const Request&) const) {
    return [handlers, handler](const Request& request) { return ((*handlers).*handler)(request); };
  };
  std::vector<api::Route> out{
      {Method::get, "/api/v1/signature_sets", "listSignatureSets", api::Access::session, Action::device_read,
       with(&Handlers::sets)},
      {Method::post, "/api/v1/signature_sets", "importSignatureDatabase", api::Access::session,
       Action::signature_manage, with(&Handlers::import)},
      {Method::post, "/api/v1/signature_lists", "addSignatureList", api::Access::session, Action::signature_manage,
       with(&Handlers::add)},
      {Method::post, "/api/v1/signature_sets/{signature_set}/removal", "removeSignatureSet", api::Access::session,
       Action::signature_manage, with(&Handlers::remove)},
      {Method::get, "/api/v1/signature_devices", "listSignatureDevices", api::Access::session, Action::device_read,
       with(&Handlers::devices)},
  };
  const auto uploads =
      api::upload_routes(handlers->d().uploads, {"/api/v1/signature_uploads", "beginSignatureUpload",
                                                 "sendSignaturePart", Action::signature_manage,
                                                 [handlers](const Request& r) { return handlers->authorise_town(r); }});
  out.insert(out.end(), uploads.begin(), uploads.end());
  return out;
}

}  // namespace luy::antivirus
