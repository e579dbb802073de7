#include "intake/api.h"

#include <boost/json.hpp>
#include <memory>

#include "base/log.h"

namespace luy::intake {
namespace {

using api::Request;
using api::Response;
using directory::Action;
namespace json = boost::json;

std::string text_of(const json::object& body, std::string_view key) {
  const json::value* value = body.if_contains(json::string_view(key.data(), key.size()));
  return value != nullptr && value->is_string() ? std::string(value->get_string().c_str()) : std::string();
}

json::value time_or_null(const std::optional<Time>& time) {
  return time ? json::value(to_rfc3339(*time)) : json::value(nullptr);
}

// The device that a sender is to be: one that is there, or one to be taken down.
struct Target {
  inventory::NewDevice device;
  bool existing = false;
};

class Handlers {
 public:
  explicit Handlers(ApiDependencies deps) : d_(std::move(deps)) {}

  Result<Response> list(const Request& request) const;
  Result<Response> issue_token(const Request& request) const;
  Result<Response> approve(const Request& request) const;
  Result<Response> refuse(const Request& request) const;
  Result<Response> remove(const Request& request) const;

 private:
  directory::Object object(const AgencyId& agency) const {
    directory::Object out;
    out.agencies = d_.lineage(agency);
    return out;
  }
  inventory::StatePointer device_of(const Sender& sender) const {
    auto state = sender.device ? d_.inventory.state(*sender.device) : nullptr;
    return state && !state->device.retired_at ? state : nullptr;
  }
  directory::Object object(const Sender& sender) const {
    const auto state = device_of(sender);
    return state ? object(state->device.agency) : d_.top();
  }
  Result<Sender> sender_of(const Request& request) const {
    LUY_TRY(const auto id, request.id_param<SenderId>("sender", "sender"));
    auto sender = d_.book.find(id);
    if (!sender) return Error(sender_unknown, id.text());
    return *std::move(sender);
  }
  json::object shown(const Sender& sender) const;
  Result<Target> target_of(const Request& request) const;
  // Runs `act` with the target's device in one transaction, which also takes the device down where it is new.
  Result<void> with_device(const Target& target, const inventory::InTransaction& act) const;
  void committed(const Request& request, const SenderId& sender) const;
  static directory::AuditEntry entry_of(std::string_view act, const SenderId& sender);
  static json::object about(const Sender& sender, const Target& target);

  ApiDependencies d_;
};

directory::AuditEntry Handlers::entry_of(std::string_view act, const SenderId& sender) {
  directory::AuditEntry entry;
  entry.act = act;
  entry.object = "sender:" + sender.text();
  return entry;
}

json::object Handlers::about(const Sender& sender, const Target& target) {
  json::object out;
  out["agency"] = target.device.agency.text();
  out["device"] = target.device.id.text();
  out["device_name"] = target.device.name;
  out["new_device"] = !target.existing;
  out["kind"] = name_of(sender.kind);
  if (sender.kind != SenderKind::token) out["key"] = sender.key;
  out["about"] = sender.about;
  return out;
}

json::object Handlers::shown(const Sender& sender) const {
  const auto state = device_of(sender);
  json::object out;
  out["id"] = sender.id.text();
  out["kind"] = name_of(sender.kind);
  out["key"] = sender.kind == SenderKind::token ? std::string() : sender.key;
  out["about"] = sender.about;
  out["state"] = name_of(sender.state);
  out["agency"] = state ? json::value(state->device.agency.text()) : json::value(nullptr);
  out["device"] = state ? json::value(state->device.id.text()) : json::value(nullptr);
  out["device_name"] = state ? state->device.name : std::string();
  out["first_seen"] = to_rfc3339(sender.first_seen);
  out["last_seen"] = time_or_null(sender.last_seen);
  out["records"] = sender.records;
  out["dropped"] = sender.dropped;
  out["decided_by"] = sender.decided_by;
  out["decided_at"] = time_or_null(sender.decided_at);
  out["samples"] = json::array();
  if (sender.state != SenderState::waiting) return out;
  if (const auto samples = d_.book.samples(sender.id)) out["samples"] = json::array(samples->begin(), samples->end());
  return out;
}

// Somebody sees the senders of the agencies they may see, and those of nobody if they may decide on them.
Result<Response> Handlers::list(const Request& request) const {
  LUY_TRY_VOID(api::authorise(request, Action::device_read, directory::Object::anywhere()));
  const bool top = directory::may(*request.actor, Action::device_enrol, d_.top()).allowed;
  const std::string state = request.param("state").value_or(std::string());
  json::array out;
  for (const Sender& sender : d_.book.all()) {
    if (!state.empty() && name_of(sender.state) != state) continue;
    const auto device = device_of(sender);
    const bool seen =
        device ? directory::may(*request.actor, Action::device_read, object(device->device.agency)).allowed : top;
    if (seen) out.push_back(shown(sender));
  }
  return api::json(json::object{{"senders", std::move(out)}});
}

Result<Target> Handlers::target_of(const Request& request) const {
  const json::object& body = request.body.as_object();
  Target target;
  if (const auto device = body.if_contains("device")) {
    const auto id = DeviceId::parse(text_of(body, "device"));
    const auto state = id ? d_.inventory.state(*id) : nullptr;
    if (!state || state->device.retired_at) return Error(inventory::device_unknown, text_of(body, "device"));
    target.device = {state->device.id, state->device.agency, state->device.name, state->device.device_class};
    target.existing = true;
  } else {
    const auto agency = AgencyId::parse(text_of(body, "agency"));
    if (!agency || !d_.agency_exists(*agency)) return Error(api::not_found, "agency");
    const auto device_class = inventory::device_class_from_name(text_of(body, "class"));
    target.device = {DeviceId::make(d_.clock.now(), d_.random), *agency, text_of(body, "name"),
                     device_class.value_or(inventory::DeviceClass::network)};
    if (target.device.name.empty()) return Error(inventory::device_invalid, "name");
  }
  LUY_TRY_VOID(api::authorise(request, Action::device_enrol, object(target.device.agency)));
  return target;
}

Result<void> Handlers::with_device(const Target& target, const inventory::InTransaction& act) const {
  if (target.existing) return d_.database.write([&](records::Connection& c) { return act(c); });
  LUY_TRY_VOID(d_.inventory.add(target.device, act));
  return {};
}

void Handlers::committed(const Request& request, const SenderId& sender) const {
  request.audited = true;
  if (auto fresh = d_.book.refresh(sender); !fresh) log(LogLevel::error, "intake", fresh.error().text());
  if (auto told = d_.audit.deliver(); !told) log(LogLevel::warning, "intake", "audit: " + told.error().text());
  d_.decided(sender);
}

Result<Response> Handlers::issue_token(const Request& request) const {
  LUY_TRY(const Target target, target_of(request));
  const std::string name = text_of(request.body.as_object(), "about");
  SenderBook::Issued issued;
  const auto act = [&](records::Connection& c) -> Result<void> {
    LUY_TRY(issued, d_.book.issue_token_in(c, target.device.id, name, request.actor->username));
    directory::AuditEntry entry = entry_of("sender_token_issue", issued.sender);
    Sender sender;
    sender.kind = SenderKind::token;
    sender.about = name;
    entry.after = about(sender, target);
    return d_.audit.note(c, api::caller_of(request), entry);
  };
  LUY_TRY_VOID(with_device(target, act));
  committed(request, issued.sender);
  const auto sender = d_.book.find(issued.sender);
  if (!sender) return Error(sender_unknown, issued.sender.text());
  return api::json(json::object{{"sender", shown(*sender)}, {"token", issued.token}, {"url", d_.inputs_url()}}, 201);
}

Result<Response> Handlers::approve(const Request& request) const {
  LUY_TRY(const Sender sender, sender_of(request));
  LUY_TRY_VOID(api::authorise(request, Action::device_enrol, d_.top()));
  LUY_TRY(const Target target, target_of(request));
  const auto act = [&](records::Connection& c) -> Result<void> {
    LUY_TRY_VOID(d_.book.approve_in(c, sender.id, target.device.id, request.actor->username));
    directory::AuditEntry entry = entry_of("sender_approve", sender.id);
    entry.after = about(sender, target);
    return d_.audit.note(c, api::caller_of(request), entry);
  };
  LUY_TRY_VOID(with_device(target, act));
  committed(request, sender.id);
  const auto after = d_.book.find(sender.id);
  return after ? Result<Response>(api::json(shown(*after))) : Error(sender_unknown, sender.id.text());
}

Result<Response> Handlers::refuse(const Request& request) const {
  LUY_TRY(const Sender sender, sender_of(request));
  LUY_TRY_VOID(api::authorise(request, Action::device_enrol, d_.top()));
  const auto act = [&](records::Connection& c) -> Result<void> {
    LUY_TRY(const std::uint64_t lines, d_.book.refuse_in(c, sender.id, request.actor->username));
    directory::AuditEntry entry = entry_of("sender_refuse", sender.id);
    entry.after["kind"] = name_of(sender.kind);
    entry.after["key"] = sender.key;
    entry.after["about"] = sender.about;
    entry.after["lines_dropped"] = lines;
    entry.after["reason"] = text_of(request.body.as_object(), "reason");
    return d_.audit.note(c, api::caller_of(request), entry);
  };
  LUY_TRY_VOID(d_.database.write(act));
  committed(request, sender.id);
  const auto after = d_.book.find(sender.id);
  return after ? Result<Response>(api::json(shown(*after))) : Error(sender_unknown, sender.id.text());
}

Result<Response> Handlers::remove(const Request& request) const {
  LUY_TRY(const Sender sender, sender_of(request));
  LUY_TRY_VOID(api::authorise(request, Action::device_enrol, object(sender)));
  const auto act = [&](records::Connection& c) -> Result<void> {
    LUY_TRY(const std::uint64_t lines, d_.book.remove_in(c, sender.id));
    directory::AuditEntry entry = entry_of("sender_remove", sender.id);
    if (const auto state = device_of(sender)) entry.before["agency"] = state->device.agency.text();
    if (sender.device) entry.before["device"] = sender.device->text();
    entry.before["kind"] = name_of(sender.kind);
    if (sender.kind != SenderKind::token) entry.before["key"] = sender.key;
    entry.before["about"] = sender.about;
    entry.before["state"] = name_of(sender.state);
    entry.after["lines_dropped"] = lines;
    return d_.audit.note(c, api::caller_of(request), entry);
  };
  LUY_TRY_VOID(d_.database.write(act));
  committed(request, sender.id);
  return api::no_content();
}

}  // namespace

std::vector<api::Route> routes(ApiDependencies dependencies) {
  using api::Access;
  using api::Method;
  // shared_ptr: five routes hold one set of handlers, as long as the router lives.
  const auto handlers = std::make_shared<const Handlers>(std::move(dependencies));
  const auto with = [&](Result<Response> (Handlers::*handler)(const Request&) const) {
    return [handlers, handler](const Request& request) { return ((*handlers).*handler)(request); };
  };
  return {
      {Method::get, "/api/v1/senders", "listSenders", Access::session, Action::device_read, with(&Handlers::list)},
      {Method::post, "/api/v1/senders", "issueSenderToken", Access::session, Action::device_enrol,
       with(&Handlers::issue_token)},
      {Method::post, "/api/v1/senders/{sender}/approval", "approveSender", Access::session, Action::device_enrol,
       with(&Handlers::approve)},
      {Method::post, "/api/v1/senders/{sender}/refusal", "refuseSender", Access::session, Action::device_enrol,
       with(&Handlers::refuse)},
      {Method::del, "/api/v1/senders/{sender}", "removeSender", Access::session, Action::device_enrol,
       with(&Handlers::remove)},
  };
}

}  // namespace luy::intake
