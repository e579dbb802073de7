#include <algorithm>
#include <exception>
#include <set>

#include "api/route.h"
#include "base/encoding.h"
#include "base/log.h"
#include "base/utf8.h"

namespace luy::api {
namespace {

std::vector<std::string_view> split(std::string_view path) {
  std::vector<std::string_view> out;
  while (!path.empty()) {
    path.remove_prefix(1);  // The slash.
    const std::size_t end = std::min(path.find('/'), path.size());
    out.push_back(path.substr(0, end));
    path.remove_prefix(end);
  }
  return out;
}

std::optional<std::string> decode_segment(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    if (text.front() != '%') {
      out += text.front();
      text.remove_prefix(1);
      continue;
    }
    const auto byte = text.size() < 3 ? std::nullopt : from_hex(text.substr(1, 2));
    if (!byte) return std::nullopt;
    out += *byte;
    text.remove_prefix(3);
  }
  const bool control =
      std::any_of(out.begin(), out.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
  if (out.empty() || control || !is_utf8(out)) return std::nullopt;
  return out;
}

}  // namespace

Router::Router(std::vector<Route> routes, OnRefusal on_refusal)
    : routes_(std::move(routes)), on_refusal_(std::move(on_refusal)) {
  std::set<std::string> seen;
  for (const Route& route : routes_) {
    LUY_CHECK_MSG(route.pattern.starts_with('/') && route.handler, route.pattern);
    std::string shape(name_of(route.method));
    std::vector<Segment>& segments = segments_.emplace_back();
    for (const std::string_view part : split(route.pattern)) {
      const bool parameter = part.starts_with('{') && part.ends_with('}');
      segments.push_back({std::string(parameter ? part.substr(1, part.size() - 2) : part), parameter});
      shape += "/" + std::string(parameter ? "{}" : part);
    }
    LUY_CHECK_MSG(seen.insert(shape).second, "two routes for " + shape);
  }
}

Router::Match Router::find(Method method, std::string_view path) const {
  Match best;
  if (!path.starts_with('/')) return best;
  const std::vector<std::string_view> parts = split(path);
  std::vector<bool> best_fixed;
  for (std::size_t i = 0; i < routes_.size(); ++i) {
    const std::vector<Segment>& segments = segments_[i];
    if (segments.size() != parts.size()) continue;
    std::map<std::string, std::string> params;
    std::vector<bool> fixed;
    bool fits = true;
    for (std::size_t s = 0; fits && s < segments.size(); ++s) {
      fixed.push_back(!segments[s].parameter);
      if (!segments[s].parameter) {
        fits = segments[s].text == parts[s];
      } else if (auto value = decode_segment(parts[s])) {
        params.emplace(segments[s].text, std::move(*value));
      } else {
        fits = false;
      }
    }
    if (!fits) continue;
    best.path_known = true;
    // The lexicographically greatest has its first fixed segment earliest.
    if (routes_[i].method != method || (best.route != nullptr && fixed <= best_fixed)) continue;
    best.route = &routes_[i];
    best.params = std::move(params);
    best_fixed = std::move(fixed);
  }
  return best;
}

Result<void> authorise(const Request& request, directory::Action action, const directory::Object& object) {
  if (!request.actor) return Error(sign_in_required);
  LUY_TRY_VOID(directory::require(*request.actor, action, object));
  request.authorised = true;
  return {};
}

Error hide(const Request& request, directory::Action action, std::string object, Error as) {
  request.hidden = HiddenRefusal{action, std::move(object)};
  return as;
}

directory::Caller caller_of(const Request& request) {
  directory::Caller caller;
  if (request.actor) {
    caller.account = request.actor->account;
    caller.username = request.actor->username;
    if (request.actor->token) {
      caller.token = request.actor->token->name;
      caller.token_id = request.actor->token->id;
    }
  }
  caller.address = request.client_address;
  caller.require = [&request](directory::Action action, const directory::Object& object) {
    request.audited = true;
    return authorise(request, action, object);
  };
  return caller;
}

OnRefusal audit_refusals(directory::AuditTrail& audit) {
  return [&audit](const Route& route, const Request& request, const Error& error) {
    if (!request.actor || request.audited || error.is(directory::must_change_password)) return;
    const bool hidden = request.hidden.has_value();
    const directory::Action action = hidden ? request.hidden->action : route.action;
    const directory::AuditEntry entry{std::string(directory::name_of(action)),
                                      hidden ? request.hidden->object : "operation:" + route.operation_id,
                                      directory::Outcome::refused,
                                      std::string(hidden ? directory::not_allowed.name : error.name()),
                                      {},
                                      {}};
    if (const auto recorded = audit.record(caller_of(request), entry); !recorded) {
      log(LogLevel::error, "api", "the audit entry of a refusal is lost: " + recorded.error().text());
    }
  };
}

Response Router::serve(const Route& route, const Request& request) const {
  const Result<Response> answer = [&]() -> Result<Response> {
    if (route.access == Access::session) {
      // Not authorise(): the handler must ask for itself, about the object it loaded or the list it filters.
      if (!request.actor) return Error(sign_in_required);
      LUY_TRY_VOID(directory::require(*request.actor, route.action, directory::Object::anywhere()));
    }
    try {
      LUY_TRY(Response response, route.handler(request));
      if (route.access == Access::open || request.authorised) return response;
      log(LogLevel::error, "api", route.operation_id + " answered without authorising an object");
    } catch (const std::exception& exception) {
      log(LogLevel::error, "api", route.operation_id + ": " + exception.what());
    }
    return Error(internal_error);
  }();
  if (answer) return *answer;
  const ErrorClass error_class = answer.error().error_class();
  const bool refused = error_class == ErrorClass::denied || error_class == ErrorClass::unauthenticated;
  if (on_refusal_ && (refused || request.hidden)) {
    on_refusal_(route, request, answer.error());
  }
  return error_response(answer.error());
}

}  // namespace luy::api
