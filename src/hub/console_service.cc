#include "hub/console_service.h"

#include <algorithm>
#include <array>
#include <utility>

#include "api/session_cookie.h"
#include "base/log.h"
#include "base/utf8.h"
#include "finding/api.h"
#include "hub/short_path.h"

namespace luy::hub {
namespace {

constexpr std::string_view api_prefix = "/api/";

// Ant Design writes its styles at run time, as elements and attributes, which no nonce covers both of
// (docs/adr/0062): styles are therefore allowed inline, scripts are not.
// Frames hold only what the console has made of an answer itself: the paper beside its form (docs/adr/0148).
constexpr std::string_view content_security_policy =
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; frame-src blob:; manifest-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action "
    "'self'";

constexpr std::array<std::pair<std::string_view, api::Method>, 6> methods = {{{"GET", api::Method::get},
                                                                              {"HEAD", api::Method::get},
                                                                              {"POST", api::Method::post},
                                                                              {"PUT", api::Method::put},
                                                                              {"PATCH", api::Method::patch},
                                                                              {"DELETE", api::Method::del}}};

std::optional<api::Method> method_of(std::string_view name) {
  for (const auto& [known, method] : methods) {
    if (known == name) return method;
  }
  return std::nullopt;
}

// The path as it was sent: the router decodes each segment by itself, so that %2F stays inside one.
std::string_view sent_path(const Head& head) {
  return std::string_view(head.target).substr(0, head.target.find('?'));
}

std::string allowed_methods(const api::Router& router, std::string_view path) {
  std::string out;
  for (const auto& [name, method] : methods) {
    if (router.find(method, path).route == nullptr) continue;
    if (!out.empty()) out += ", ";
    out += name;
  }
  return out;
}

bool is_json(std::string_view content_type) {
  const std::string_view type = content_type.substr(0, content_type.find(';'));
  return type == "application/json" || type == "application/json ";
}

api::Request call_of(HttpRequest& request, const api::Router::Match& match) {
  api::Request call;
  call.method = match.route->method;
  call.path = std::string(sent_path(request.head));
  call.path_params = match.params;
  call.query = request.head.query;
  call.client_address = request.peer.address;
  call.gone = request.gone;
  for (const auto& [name, value] : request.head.headers) call.headers.emplace(name, value);
  return call;
}

// A program that enrols is no browser: it sends neither cookies nor an origin, so there is no page that could have made
// it speak.
bool may_come_from_a_page(const api::Route& route, const Head& head) {
  return route.access == api::Access::session || !head.header("cookie").empty() || !head.header("origin").empty() ||
         !head.header("sec-fetch-site").empty() || route.operation_id == "signIn";
}

}  // namespace

Service::Admission ConsoleService::admit(const Head& head, const Peer&) {
  const std::string_view path = sent_path(head);
  const auto method = method_of(head.method);
  if (!head.path.starts_with(api_prefix)) {
    if (head.method != "GET" && head.method != "HEAD") {
      api::Response response = refuse(405, Error(http_method, head.method));
      response.headers.emplace_back("Allow", "GET, HEAD");
      return {std::move(response), 0};
    }
    if (auto redirected = short_path(head.path)) return {std::move(*redirected), 0};
    auto file = d_.files.find(head);
    return {file ? std::move(*file) : refuse(404, Error(http_not_found, head.path)), 0};
  }
  const api::Router::Match match = d_.router.find(method.value_or(api::Method::get), path);
  if (!method || match.route == nullptr) {
    if (!match.path_known) return {refuse(404, Error(http_not_found, head.path)), 0};
    api::Response response = refuse(405, Error(http_method, head.method));
    response.headers.emplace_back("Allow", allowed_methods(d_.router, path));
    return {std::move(response), 0};
  }
  if (!d_.ready()) return {api::error_response(Error(not_ready)), 0};
  const Operation* operation = d_.contract.find(match.route->operation_id);
  const bool takes_text = operation != nullptr && operation->text_body;
  if (head.content_length.value_or(0) > 0 && !takes_text && !is_json(head.header("content-type"))) {
    return {refuse(415, Error(http_media_type, "application/json")), 0};
  }
  return {std::nullopt, body_limit(*match.route, head)};
}

std::size_t ConsoleService::body_limit(const api::Route& route, const Head& head) const {
  const std::size_t usual = route.body_bytes_max != 0 ? route.body_bytes_max : body_bytes_max_default;
  if (route.operation_id != finding::import_operation) return usual;
  const auto credential = api::credential_of(head.header("cookie"), head.header("authorization"));
  if (!credential || credential->token.empty()) return usual;
  const auto actor = d_.authenticate(credential->token, false, std::string());
  const bool may_import = actor && directory::may(*actor, route.action, directory::Object::anywhere()).allowed;
  return may_import ? import_body_bytes_max : usual;
}

void ConsoleService::serve(HttpRequest request, Reply reply) {
  const auto method = method_of(request.head.method);
  const api::Router::Match match = d_.router.find(*method, sent_path(request.head));
  const Operation* operation = d_.contract.find(match.route->operation_id);
  LUY_CHECK_MSG(operation != nullptr, match.route->operation_id);
  api::Request call = call_of(request, match);
  api::Response response = handle(request, call, *match.route, *operation);
  if (response.status == 200 && answer_by_stream(call, match.route->operation_id, response, reply)) return;
  ++answers_[static_cast<std::size_t>(std::clamp(response.status / 100, 0, 5))];
  const bool streams =
      match.route->operation_id == stream_operation || match.route->operation_id == stream_search_operation;
  if (d_.check_responses && !streams) {
    if (const auto fault = d_.contract.response_fault(*operation, response)) {
      ++breaches_;
      log(LogLevel::error, "hub", "answer breaks the contract: " + operation->id + ": " + *fault);
    }
  }
  reply.send(std::move(response));
}

api::Response ConsoleService::handle(HttpRequest& request, api::Request& call, const api::Route& route,
                                     const Operation& operation) {
  auto credential = api::credential_of(request.head.header("cookie"), request.head.header("authorization"));
  if (!credential) return api::error_response(credential.error());
  call.session_token = std::move(credential->token);
  if (!credential->bearer && may_come_from_a_page(route, request.head)) {
    if (auto own = api::check_same_origin(call); !own) return api::error_response(own.error());
  }
  if (route.access == api::Access::session) {
    if (call.session_token.empty()) return api::error_response(Error(api::sign_in_required));
    auto actor = d_.authenticate(call.session_token, route.operation_id != stream_operation, call.client_address);
    if (!actor) {
      api::Response response = api::error_response(actor.error());
      if (credential->bearer) response.headers.emplace_back("WWW-Authenticate", "Bearer");
      return response;
    }
    call.actor = std::move(*actor);
  }
  if (!request.body.empty() && !operation.text_body) {
    boost::system::error_code error;
    call.body = boost::json::parse(request.body, error);
    if (error) return api::error_response(Error(api::bad_request, "JSON: " + error.message()));
    request.body.clear();
  }
  if (auto checked = d_.contract.check_request(operation, call); !checked) {
    return api::error_response(checked.error());
  }
  if (operation.text_body) {
    if (!is_utf8(request.body)) return api::error_response(Error(api::bad_request, "UTF-8"));
    call.body = boost::json::string(request.body);
  }
  return d_.router.serve(route, call);
}

bool ConsoleService::answer_by_stream(const api::Request& call, const std::string& operation, api::Response& response,
                                      Reply& reply) {
  if (operation == stream_operation) {
    auto events = open_stream(call);
    if (events) reply.stream(std::move(response), std::move(*events));
    if (!events) response = api::error_response(events.error());
    return events.has_value();
  }
  if (operation != stream_search_operation) return false;
  const auto search = d_.search(call);
  if (!search) {
    response = api::error_response(search.error());
    return false;
  }
  // Shared with the connection, which may be gone before the search has noticed.
  const auto events = std::make_shared<EventStream>();
  reply.stream(std::move(response), events);
  (*search)(*events);
  return true;
}

Result<std::shared_ptr<EventStream>> ConsoleService::open_stream(const api::Request& call) {
  Subscription wanted;
  wanted.session_token = call.session_token;
  wanted.actor = *call.actor;
  if (const auto topics = call.param("topics")) {
    const std::string list = "," + *topics + ",";
    wanted.verdicts = list.find(",verdict,") != std::string::npos;
    wanted.devices = list.find(",device,") != std::string::npos;
    wanted.events = list.find(",event,") != std::string::npos;
    wanted.findings = list.find(",finding,") != std::string::npos;
    wanted.orders = list.find(",order,") != std::string::npos;
    wanted.incidents = list.find(",incident,") != std::string::npos;
  }
  if (const auto device = call.param("device")) wanted.device = DeviceId::parse(*device);
  LUY_TRY(wanted.query, EventQuery::parse(call.param("q").value_or("")));
  return d_.feed.subscribe(std::move(wanted));
}

void ConsoleService::decorate(api::Response& response) const {
  auto& headers = response.headers;
  const bool cached =
      std::any_of(headers.begin(), headers.end(), [](const auto& h) { return h.first == "Cache-Control"; });
  if (!cached) headers.emplace_back("Cache-Control", "no-store");
  headers.emplace_back("Content-Security-Policy", content_security_policy);
  headers.emplace_back("Strict-Transport-Security", "max-age=31536000; includeSubDomains");
  headers.emplace_back("X-Content-Type-Options", "nosniff");
  headers.emplace_back("Referrer-Policy", "no-referrer");
  headers.emplace_back("Cross-Origin-Opener-Policy", "same-origin");
  headers.emplace_back("Cross-Origin-Resource-Policy", "same-origin");
  headers.emplace_back("X-Frame-Options", "DENY");
}

}  // namespace luy::hub
