// The API as plain values: requests, responses and the route table. No sockets here and no HTTP parsing: `hub` turns
// bytes into a Request and a Response into bytes. A route names its operation (api/openapi.yaml) and its action
// (directory/policy.h); a test holds router = contract = policy table. Handlers are plain functions called on a worker
// thread.
#pragma once

#include <boost/json.hpp>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "directory/policy.h"

namespace luy::api {

inline constexpr ErrorKind bad_request{"api.bad_request", ErrorClass::invalid, "Yêu cầu không hợp lệ: {}.",
                                       "The request is not valid: {}."};
inline constexpr ErrorKind not_found{"api.not_found", ErrorClass::not_found, "Không tìm thấy {}.", "There is no {}."};
inline constexpr ErrorKind sign_in_required{"api.sign_in_required", ErrorClass::unauthenticated, "Bạn cần đăng nhập.",
                                            "You need to sign in."};

enum class Method { get, post, put, patch, del };
std::string_view name_of(Method method);

struct Request {
  Method method = Method::get;
  std::string path;
  std::map<std::string, std::string> path_params;  // Decoded.
  std::map<std::string, std::string> query;        // Decoded; a repeated key is refused before it gets here.
  boost::json::value body;                         // null when there is none; checked against the contract.
  std::string client_address;                      // Of the socket.
  std::string session_token;                       // From the cookie; empty when none.
  std::optional<directory::Actor> actor;           // Set when the session is alive.
  mutable bool authorised = false;                 // Set by authorise(); the router refuses answers that never asked.

  // Query and path helpers; errors are api.bad_request naming the parameter.
  std::optional<std::string> param(std::string_view name) const;
  Result<std::optional<Time>> time_param(std::string_view name) const;  // RFC 3339.
  Result<std::int64_t> number_param(std::string_view name, std::int64_t fallback, std::int64_t low,
                                    std::int64_t high) const;
};

struct Response {
  int status = 200;
  std::string content_type = "application/json; charset=utf-8";
  std::string body;
  std::vector<std::pair<std::string, std::string>> headers;
};
Response json(const boost::json::value& value, int status = 200);
Response no_content();
// {"error":{"code":…,"vi":…,"en":…}} with the status of the error's class; "detail" never holds a secret.
Response error_response(const Error& error);
int status_of(ErrorClass error_class);

// Demands that the actor may do `action` to `object`; marks the request as authorised.
// Errors: sign_in_required, must_change_password (all but session_use), not_allowed with the reason.
Result<void> authorise(const Request& request, directory::Action action, const directory::Object& object);

enum class Access {
  open,     // No session: sign-in, enrolment, the certificate.
  session,  // A living session; the handler authorises on the loaded object.
};

using Handler = std::function<Result<Response>(const Request&)>;

struct Route {
  Method method = Method::get;
  std::string pattern;       // "/api/v1/devices/{device}"
  std::string operation_id;  // As in api/openapi.yaml.
  Access access = Access::session;
  directory::Action action =
      directory::Action::session_use;  // Checked "anywhere" before the handler, on the object in it.
  Handler handler;
};

// Finds the route for a path; collects path parameters. Patterns are unique (checked when built).
class Router {
 public:
  // Aborts on two routes with the same method and pattern: a bug.
  explicit Router(std::vector<Route> routes);
  struct Match {
    const Route* route = nullptr;
    std::map<std::string, std::string> params;
    bool path_known = false;  // The path exists with another method: 405, not 404.
  };
  Match find(Method method, std::string_view path) const;
  const std::vector<Route>& routes() const { return routes_; }

  // Access, policy anywhere, handler, and the check that an object was authorised.
  Response serve(const Route& route, const Request& request) const;

 private:
  std::vector<Route> routes_;
};

}  // namespace luy::api
