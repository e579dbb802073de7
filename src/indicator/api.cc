#include "indicator/api.h"

#include <charconv>
#include <memory>

#include "base/vietnamese.h"

namespace luy::indicator {
namespace {

using api::Request;
using api::Response;
using directory::Action;
namespace json = boost::json;

constexpr std::size_t refused_shown = 100;

json::value time_or_null(const std::optional<Time>& time) {
  if (!time) return nullptr;
  return json::value(to_rfc3339(*time));
}

json::object list_json(const List& list) {
  json::array refused;
  for (const Refused& one : list.refused) {
    if (refused.size() >= refused_shown) break;
    refused.push_back(json::object{{"what", one.what}, {"vi", one.vi}, {"en", one.en}});
  }
  return {{"id", list.id.text()},
          {"name", list.name},
          {"format", name_of(list.format)},
          {"source", list.source},
          {"added_by", list.added_by},
          {"added_at", to_rfc3339(list.added_at)},
          {"expires_at", time_or_null(list.expires_at)},
          {"count", list.count},
          {"refused_count", list.refused_count},
          {"refused", std::move(refused)}};
}

class Handlers {
 public:
  explicit Handlers(ApiDependencies deps) : deps_(std::move(deps)) {}
  Result<Response> indicators(const Request& request) const;
  Result<Response> lists(const Request& request) const;
  Result<Response> import(const Request& request) const;
  Result<Response> remove(const Request& request) const;

 private:
  Result<void> authorise_town(const Request& request) const {
    directory::Object town;
    if (const auto agency = deps_.town()) town.agencies.push_back(*agency);
    return api::authorise(request, Action::indicator_manage, town);
  }
  Result<void> note(records::Connection& c, const Request& request, const char* act, const ListId& list,
                    json::object particulars) const {
    if (const auto town = deps_.town()) particulars["agency"] = town->text();
    return deps_.audit ? deps_.audit(c, request, act, "indicator_list:" + list.text(), std::move(particulars))
                       : Result<void>();
  }
  void done(const Request& request) const {
    request.audited = true;
    if (deps_.audited) deps_.audited();
  }
  ApiDependencies deps_;
};

Result<Response> Handlers::indicators(const Request& request) const {
  LUY_TRY_VOID(api::authorise(request, Action::indicator_read, directory::Object::anywhere()));
  LUY_TRY(const auto limit, request.number_param("limit", 100, 1, 1000));
  LUY_TRY(const auto cursor, request.number_param("cursor", 0, 0, static_cast<std::int64_t>(indicators_max)));
  const std::string query = fold_vietnamese(request.param("q").value_or(std::string()));
  const auto type = request.param("type");
  const auto list = request.param("list");
  const auto matching = deps_.book.matching();
  const auto& all = matching->matcher.indicators();
  json::array items;
  json::value next;
  for (auto i = static_cast<std::uint32_t>(cursor); i < all.size(); ++i) {
    const Indicator& one = all[i];
    const List& of = matching->list_of(i);
    if ((type && *type != name_of(one.atom.type)) || (list && *list != of.id.text())) continue;
    const bool found = query.empty() || one.atom.value.find(query) != std::string::npos ||
                       fold_vietnamese(one.note).find(query) != std::string::npos;
    if (!found) continue;
    if (items.size() >= static_cast<std::size_t>(limit)) {
      next = std::to_string(i);
      break;
    }
    json::array also;
    for (const Atom& atom : one.also) also.push_back(json::object{{"type", name_of(atom.type)}, {"value", atom.value}});
    const bool expired = one.valid_until && *one.valid_until <= deps_.clock.now();
    items.push_back(json::object{{"type", name_of(one.atom.type)},
                                 {"value", one.atom.value},
                                 {"also", std::move(also)},
                                 {"note", one.note},
                                 {"valid_until", time_or_null(one.valid_until)},
                                 {"expired", expired},
                                 {"list", json::object{{"id", of.id.text()}, {"name", of.name}}}});
  }
  return api::json(json::object{{"items", std::move(items)}, {"next", std::move(next)}});
}

Result<Response> Handlers::lists(const Request& request) const {
  LUY_TRY_VOID(api::authorise(request, Action::indicator_read, directory::Object::anywhere()));
  json::array items;
  for (const List& list : deps_.book.lists()) items.push_back(list_json(list));
  return api::json(json::object{{"items", std::move(items)}, {"next", nullptr}});
}

Result<Response> Handlers::import(const Request& request) const {
  LUY_TRY_VOID(authorise_town(request));
  const json::object& body = request.body.as_object();
  const auto text = [&](const char* key) {
    const json::string& value = body.at(key).as_string();
    return std::string_view(value.data(), value.size());
  };
  Book::NewList wanted;
  wanted.name = text("name");
  wanted.format = format_from_name(text("format")).value_or(Format::csv);
  wanted.content = text("content");
  wanted.added_by = request.actor->display_name;
  if (const auto* at = body.if_contains("expires_at"); at != nullptr && at->is_string()) {
    wanted.expires_at = from_rfc3339(text("expires_at"));
  }
  LUY_TRY(const List list, deps_.book.import(wanted, [&](records::Connection& c, const List& added) {
    return note(c, request, "indicators.imported", added.id,
                {{"name", added.name}, {"format", name_of(added.format)}, {"count", added.count}});
  }));
  done(request);
  return api::json(list_json(list), 201);
}

Result<Response> Handlers::remove(const Request& request) const {
  LUY_TRY_VOID(authorise_town(request));
  LUY_TRY(const auto id, request.id_param<ListId>("list", "list"));
  for (const List& list : deps_.book.lists()) {
    // It would be read again at the next start.
    if (list.id == id && list.source.starts_with(folder_source)) {
      return Error(list_of_folder, list.source.substr(folder_source.size()));
    }
  }
  LUY_TRY_VOID(
      deps_.book.remove(id, [&](records::Connection& c) { return note(c, request, "indicators.removed", id, {}); }));
  done(request);
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
  add(Method::get, "/api/v1/indicators", "listIndicators", Action::indicator_read, &Handlers::indicators);
  add(Method::get, "/api/v1/indicator_lists", "listIndicatorLists", Action::indicator_read, &Handlers::lists);
  add(Method::post, "/api/v1/indicator_lists", "importIndicators", Action::indicator_manage, &Handlers::import);
  add(Method::del, "/api/v1/indicator_lists/{list}", "removeIndicatorList", Action::indicator_manage,
      &Handlers::remove);
  return out;
}

}  // namespace luy::indicator
