#include "watch/api.h"

#include <algorithm>
#include <memory>
#include <set>

#include "base/vietnamese.h"

namespace luy::watch {
namespace {

using api::Request;
using api::Response;
using directory::Action;
namespace json = boost::json;

constexpr std::size_t parts_shown_max = 1'000;  // Of each side of a comparison.
constexpr std::chrono::hours history_default{24};

std::string text_of(const json::value& value) {
  return std::string(value.as_string());
}

json::value time_or_null(const std::optional<Time>& time) {
  if (!time) return nullptr;
  return json::value(to_rfc3339(*time));
}

double milliseconds(Duration time) {
  return static_cast<double>(time.count()) / 1000.0;
}

json::array parts_json(const Page& page) {
  json::array out;
  for (const Part& part : page.parts) {
    if (out.size() >= parts_shown_max) break;
    out.push_back(json::object{{"kind", name_of(part.kind)}, {"where", part.path}, {"value", part.value}});
  }
  return out;
}

json::array changes_json(const std::vector<Change>& changes) {
  json::array out;
  for (const Change& change : changes) {
    out.push_back(json::object{{"where", change.where},
                               {"part", name_of(change.part)},
                               {"kind", name_of(change.kind)},
                               {"before", change.before},
                               {"after", change.after}});
  }
  return out;
}

json::value announced_json(const std::optional<Announcement>& announced) {
  if (!announced) return nullptr;
  return json::object{{"from", to_rfc3339(announced->from)},
                      {"to", to_rfc3339(announced->until)},
                      {"reason", announced->reason},
                      {"by", announced->by}};
}

class Handlers {
 public:
  explicit Handlers(ApiDependencies deps) : deps_(std::move(deps)) {}

  Result<Response> list(const Request& request) const;
  Result<Response> add(const Request& request) const;
  Result<Response> get(const Request& request) const;
  Result<Response> change(const Request& request) const;
  Result<Response> remove(const Request& request) const;
  Result<Response> history(const Request& request) const;
  Result<Response> content(const Request& request) const;
  Result<Response> announce(const Request& request) const;
  Result<Response> accept(const Request& request) const;

 private:
  directory::Object object(const AgencyId& agency) const {
    directory::Object out;
    out.agencies = deps_.lineage(agency);
    return out;
  }
  // The service of the path, authorised.
  Result<View> service(const Request& request, Action action) const {
    LUY_TRY(const auto id, request.id_param<ServiceId>("service", "service"));
    auto found = deps_.watch.find(id);
    if (!found) return Error(service_unknown, id.text());
    LUY_TRY_VOID(api::authorise(request, action, object(found->service.agency)));
    return std::move(*found);
  }
  InTransaction entry(const Request& request, const char* act, const View& view, json::object particulars) const {
    particulars["agency"] = view.service.agency.text();
    particulars["name"] = view.service.name;
    return entry(request, act, "service:" + view.service.id.text(), std::move(particulars));
  }
  InTransaction entry(const Request& request, const char* act, std::string on, json::object particulars) const {
    return [this, &request, act, on = std::move(on), particulars = std::move(particulars)](records::Connection& c) {
      return deps_.audit ? deps_.audit(c, request, act, on, particulars) : Result<void>();
    };
  }
  void done(const Request& request) const {
    request.audited = true;
    if (deps_.audited) deps_.audited();
  }

  ApiDependencies deps_;
};

std::vector<std::string> hosts_of(const json::object& body) {
  std::vector<std::string> out;
  const json::value* hosts = body.if_contains("redirect_hosts");
  if (hosts == nullptr) return out;
  for (const json::value& host : hosts->as_array()) out.push_back(fold_vietnamese(text_of(host)));
  return out;
}

Result<Response> Handlers::list(const Request& request) const {
  std::optional<AgencyId> only;
  if (request.param("agency")) {
    LUY_TRY(only, request.id_param<AgencyId>("agency", "agency"));
    LUY_TRY_VOID(api::authorise(request, Action::service_read, object(*only)));
  } else {
    LUY_TRY_VOID(api::authorise(request, Action::service_read, directory::Object::anywhere()));
  }
  const auto roots = directory::agencies_of(*request.actor, Action::service_read);
  const std::string query = fold_vietnamese(request.param("q").value_or(std::string()));
  const auto state = request.param("state");
  std::map<AgencyId, bool> seen;
  json::array items;
  for (const View& view : deps_.watch.list()) {
    const auto [known, fresh] = seen.try_emplace(view.service.agency, false);
    if (fresh) {
      const auto lineage = deps_.lineage(view.service.agency);
      const auto within = [&](const AgencyId& a) {
        return std::find(lineage.begin(), lineage.end(), a) != lineage.end();
      };
      known->second = std::any_of(roots.begin(), roots.end(), within) && (!only || within(*only));
    }
    if (!known->second || (state && *state != name_of(view.state))) continue;
    const std::string text = fold_vietnamese(view.service.name + " " + view.service.target);
    if (text.find(query) != std::string::npos) items.push_back(service_json(view));
  }
  return api::json(json::object{{"items", std::move(items)}, {"next", nullptr}});
}

Result<Response> Handlers::add(const Request& request) const {
  const json::object& body = request.body.as_object();
  const auto agency = AgencyId::parse(text_of(body.at("agency")));
  if (!agency || !deps_.agency_exists(*agency)) return Error(api::not_found, "agency");
  LUY_TRY_VOID(api::authorise(request, Action::service_manage, object(*agency)));
  Service service;
  service.agency = *agency;
  service.name = text_of(body.at("name"));
  service.kind = kind_from_name(text_of(body.at("kind"))).value_or(Kind::http);
  service.target = text_of(body.at("target"));
  service.redirect_hosts = hosts_of(body);
  if (const auto* seconds = body.if_contains("interval_s"))
    service.interval = std::chrono::seconds(seconds->as_int64());
  if (const auto* enabled = body.if_contains("enabled")) service.enabled = enabled->as_bool();
  json::object particulars = body;
  LUY_TRY(const View added,
          deps_.watch.add(std::move(service),
                          entry(request, "service.added", "agency:" + agency->text(), std::move(particulars))));
  done(request);
  return api::json(service_json(added), 201);
}

Result<Response> Handlers::get(const Request& request) const {
  LUY_TRY(const View view, service(request, Action::service_read));
  return api::json(service_json(view));
}

Result<Response> Handlers::change(const Request& request) const {
  LUY_TRY(const View before, service(request, Action::service_manage));
  const json::object& body = request.body.as_object();
  ServiceEdit edit;
  if (const auto* name = body.if_contains("name")) edit.name = text_of(*name);
  if (const auto* target = body.if_contains("target")) edit.target = text_of(*target);
  if (body.contains("redirect_hosts")) edit.redirect_hosts = hosts_of(body);
  if (const auto* seconds = body.if_contains("interval_s"))
    edit.interval_seconds = static_cast<int>(seconds->as_int64());
  if (const auto* enabled = body.if_contains("enabled")) edit.enabled = enabled->as_bool();
  json::object particulars{{"change", body}, {"target_before", before.service.target}};
  LUY_TRY(const View after,
          deps_.watch.edit(before.service.id, edit, entry(request, "service.changed", before, std::move(particulars))));
  done(request);
  return api::json(service_json(after));
}

Result<Response> Handlers::remove(const Request& request) const {
  LUY_TRY(const View view, service(request, Action::service_manage));
  LUY_TRY_VOID(
      deps_.watch.remove(view.service.id, entry(request, "service.removed", view, {{"target", view.service.target}})));
  done(request);
  return api::no_content();
}

Result<Response> Handlers::history(const Request& request) const {
  LUY_TRY(const View view, service(request, Action::service_read));
  LUY_TRY(const auto until, request.time_param("to"));
  LUY_TRY(const auto from, request.time_param("from"));
  const Time end = until.value_or(deps_.clock.now() + std::chrono::seconds(1));
  LUY_TRY(const auto points, deps_.watch.history(view.service.id, from.value_or(end - history_default), end));
  json::array out;
  for (const Point& point : points) {
    json::value ms;
    if (point.latency) ms = milliseconds(*point.latency);
    out.push_back(json::object{{"time", to_rfc3339(point.at)}, {"ms", ms}, {"state", name_of(point.state)}});
  }
  return api::json(json::object{{"points", std::move(out)}});
}

Result<Response> Handlers::content(const Request& request) const {
  LUY_TRY(const View view, service(request, Action::service_read));
  LUY_TRY(const auto content, deps_.watch.content(view.service.id));
  const Content shown = content.value_or(Content{});
  json::array words(shown.words.begin(), shown.words.end());
  return api::json(json::object{{"before", parts_json(shown.before)},
                                {"after", parts_json(shown.after)},
                                {"changes", changes_json(shown.changes)},
                                {"words", std::move(words)},
                                {"seen_at", content ? json::value(to_rfc3339(shown.seen_at)) : json::value()},
                                {"fingerprint", content ? json::value(shown.fingerprint) : json::value()}});
}

Result<Response> Handlers::announce(const Request& request) const {
  LUY_TRY(const View view, service(request, Action::service_manage));
  const json::object& body = request.body.as_object();
  Announcement announcement;
  announcement.from = from_rfc3339(text_of(body.at("from"))).value_or(Time{});
  announcement.until = from_rfc3339(text_of(body.at("to"))).value_or(Time{});
  announcement.reason = text_of(body.at("reason"));
  announcement.by = request.actor->display_name;
  LUY_TRY_VOID(deps_.watch.announce(view.service.id, announcement, entry(request, "service.announced", view, body)));
  done(request);
  return api::json(announced_json(announcement), 201);
}

Result<Response> Handlers::accept(const Request& request) const {
  LUY_TRY(const View view, service(request, Action::service_manage));
  const json::value& fingerprint = request.body.at("fingerprint");
  const auto looked_at = fingerprint.is_string() ? std::optional(text_of(fingerprint)) : std::nullopt;
  const auto note = [&](records::Connection& c, const Acceptance& made) {
    json::object particulars{{"reason", request.body.at("reason")}, {"state", name_of(made.state)}};
    particulars["before"] = made.before;
    particulars["after"] = made.after;
    // What was accepted stays on record, the first of it.
    json::array changes = changes_json(made.changes);
    if (changes.size() > 20) changes.resize(20);
    particulars["changes"] = std::move(changes);
    particulars["words"] = json::array(made.words.begin(), made.words.end());
    return entry(request, "service.accepted", view, std::move(particulars))(c);
  };
  LUY_TRY(const View after, deps_.watch.accept(view.service.id, looked_at, note));
  done(request);
  return api::json(service_json(after));
}

}  // namespace

json::object service_json(const View& view) {
  const Service& s = view.service;
  json::value latency;
  json::value certificate;
  json::value failure;
  json::value baseline;
  if (view.last) {
    if (view.last->latency) latency = milliseconds(*view.last->latency);
    if (const auto& shown = view.last->certificate) {
      certificate = json::object{{"expires_at", to_rfc3339(shown->expires_at)},
                                 {"subject", shown->subject},
                                 {"issuer", shown->issuer},
                                 {"problem", shown->problem}};
    }
    if (view.last->failure != Failure::none) {
      const Text meaning = meaning_of(view.last->failure);
      failure = json::object{
          {"code", name_of(view.last->failure)}, {"vi", meaning.vi}, {"en", meaning.en}, {"detail", view.last->detail}};
    }
  }
  if (view.level) {
    baseline = json::object{{"median_ms", milliseconds(view.level->median)},
                            {"limit_ms", milliseconds(view.level->limit)},
                            {"samples", view.level->samples}};
  }
  return {{"id", s.id.text()},
          {"agency", s.agency.text()},
          {"name", s.name},
          {"kind", name_of(s.kind)},
          {"target", s.target},
          {"redirect_hosts", json::array(s.redirect_hosts.begin(), s.redirect_hosts.end())},
          {"interval_s", s.interval.count()},
          {"enabled", s.enabled},
          {"state", name_of(view.state)},
          {"since", to_rfc3339(view.since)},
          {"last_probe", time_or_null(view.last ? std::optional(view.last->at) : std::nullopt)},
          {"latency_ms", std::move(latency)},
          {"failure", std::move(failure)},
          {"baseline", std::move(baseline)},
          {"samples", view.samples},
          {"certificate", std::move(certificate)},
          {"learning", view.learning},
          {"announced", announced_json(view.announced)}};
}

std::vector<api::Route> routes(ApiDependencies dependencies) {
  // shared_ptr: the routes share one set of handlers and outlive this call.
  const auto handlers = std::make_shared<const Handlers>(std::move(dependencies));
  using Member = Result<Response> (Handlers::*)(const Request&) const;
  std::vector<api::Route> out;
  const auto add = [&](api::Method method, const std::string& pattern, const char* operation, Action action,
                       Member member) {
    out.push_back({method, "/api/v1/services" + pattern, operation, api::Access::session, action,
                   [handlers, member](const Request& request) { return (*handlers.*member)(request); }});
  };
  using api::Method;
  add(Method::get, "", "listServices", Action::service_read, &Handlers::list);
  add(Method::post, "", "addService", Action::service_manage, &Handlers::add);
  add(Method::get, "/{service}", "getService", Action::service_read, &Handlers::get);
  add(Method::patch, "/{service}", "changeService", Action::service_manage, &Handlers::change);
  add(Method::del, "/{service}", "removeService", Action::service_manage, &Handlers::remove);
  add(Method::get, "/{service}/history", "getServiceHistory", Action::service_read, &Handlers::history);
  add(Method::get, "/{service}/content", "getServiceContent", Action::service_read, &Handlers::content);
  add(Method::post, "/{service}/announcements", "announceServiceWork", Action::service_manage, &Handlers::announce);
  add(Method::post, "/{service}/accept", "acceptServiceContent", Action::service_manage, &Handlers::accept);
  return out;
}

}  // namespace luy::watch
