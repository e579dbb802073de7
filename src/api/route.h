// The API as plain values: requests, responses and the route table. No sockets here and no HTTP parsing: `hub` turns
// bytes into a Request and a Response into bytes. A route names its operation (api/openapi.yaml) and its action
// (directory/policy.h); a test holds router = contract = policy table. Handlers are plain functions called on a worker
// thread.
#pragma once

#include <boost/json.hpp>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "directory/audit.h"
#include "directory/policy.h"

namespace luy::api {

inline constexpr ErrorKind bad_request{"api.bad_request", ErrorClass::invalid, "Yêu cầu không hợp lệ: {}.",
                                       "The request is not valid: {}."};
inline constexpr ErrorKind not_found{"api.not_found", ErrorClass::not_found, "Không tìm thấy {}.", "There is no {}."};
inline constexpr ErrorKind wrong_method{"api.wrong_method", ErrorClass::invalid,
                                        "Địa chỉ này không nhận phương thức {}.",
                                        "This address does not take the method {}."};
inline constexpr ErrorKind cross_site{"api.cross_site", ErrorClass::denied,
                                      "Yêu cầu không đến từ trang quản trị của Lũy: {}.",
                                      "The request does not come from Lũy's own console: {}."};
inline constexpr ErrorKind internal_error{
    "api.internal", ErrorClass::internal,
    "Lỗi nội bộ khi xử lý yêu cầu. Chi tiết nằm trong nhật ký của luy-hub; hãy gửi cho người bảo trì.",
    "An internal error happened. The details are in luy-hub's own log; send them to the maintainers."};
inline constexpr ErrorKind sign_in_required{"api.sign_in_required", ErrorClass::unauthenticated, "Bạn cần đăng nhập.",
                                            "You need to sign in."};

enum class Method { get, post, put, patch, del };
std::string_view name_of(Method method);

// A refusal that was answered as if the object were not there.
struct HiddenRefusal {
  directory::Action action = directory::Action::session_use;
  std::string object;
};

struct Request {
  Method method = Method::get;
  std::string path;
  std::map<std::string, std::string> path_params;  // Decoded; from Router::find().
  std::map<std::string, std::string> query;        // Decoded; a repeated key is refused before it gets here.
  boost::json::value body;                         // null when there is none; checked against the contract.
  std::map<std::string, std::string> headers;      // By lower-case name: what check_same_origin() needs.
  std::string client_address;                      // Of the socket.
  std::stop_token gone;                   // Says that nobody waits for the answer any more: what takes long ends.
  std::string session_token;              // From the cookie, or an API token; empty when none.
  std::optional<directory::Actor> actor;  // Set when the session is alive.
  mutable bool authorised = false;        // Set by authorise(); the router refuses answers that never asked.
  mutable bool audited = false;           // Set when the act writes its own entry to the audit trail.
  mutable std::optional<HiddenRefusal> hidden{};  // Set by hide().

  // Query and path helpers (the path first); errors are api.bad_request naming the parameter.
  std::optional<std::string> param(std::string_view name) const;
  Result<std::optional<Time>> time_param(std::string_view name) const;  // RFC 3339.
  // A whole number from `low` to `high`; `fallback` when it is not given.
  Result<std::int64_t> number_param(std::string_view name, std::int64_t fallback, std::int64_t low,
                                    std::int64_t high) const;
  // The path's id, or not_found naming `what`: an id of the wrong shape is nobody's.
  template <class IdType>
  Result<IdType> id_param(std::string_view name, std::string_view what) const {
    const auto id = IdType::parse(param(name).value_or(std::string()));
    if (!id) return Error(not_found, std::string(what));
    return *id;
  }
};

struct Response {
  int status = 200;
  std::string content_type = "application/json; charset=utf-8";
  std::string body;
  std::vector<std::pair<std::string, std::string>> headers;
};
Response json(const boost::json::value& value, int status = 200);
Response no_content();
// {"error":{"code":…,"vi":…,"en":…}} with the status of the error's class; "detail" never holds a secret. Busy errors
// carry Retry-After.
Response error_response(const Error& error);
int status_of(ErrorClass error_class);

// What a browser cannot be made to send from a foreign page: state-changing requests need the header X-Luy-Request: 1,
// and Sec-Fetch-Site and Origin, where the browser sends them, must be this site's own. Pure; called before any
// handler. Errors: cross_site.
Result<void> check_same_origin(const Request& request);

// Who asks by this request, for the directory's services and AuditTrail::perform(): its policy question is authorise()
// on `request`, which it borrows. Refusals it meets are audited by whoever it is handed to.
directory::Caller caller_of(const Request& request);

// Demands that the actor may do `action` to `object`; marks the request as authorised.
// Errors: sign_in_required, must_change_password (all but session_use), not_allowed with the reason.
Result<void> authorise(const Request& request, directory::Action action, const directory::Object& object);

// For who may not even learn that `object` ("incident:<id>") is there: answers `as`, which is what is said of one that
// is not, and has the refusal noted in the audit trail all the same. `as` must be of ErrorClass::not_found.
Error hide(const Request& request, directory::Action action, std::string object, Error as);

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
  std::size_t body_bytes_max = 0;  // Of the request; 0: what the service takes from everybody.
};

// Told of every request that was refused (ErrorClass::denied or unauthenticated, or hidden), for the audit trail.
using OnRefusal = std::function<void(const Route&, const Request&, const Error&)>;
// Writes the refusals of signed-in people that nobody has written yet to the audit trail, which it borrows. Who is not
// signed in, or has yet to change the issued password, is sent away without an entry: anybody could fill the disk.
OnRefusal audit_refusals(directory::AuditTrail& audit);

// Finds the route for a path; collects path parameters. Patterns are unique (checked when built). Thread-safe.
class Router {
 public:
  // Aborts on two routes with the same method and pattern: a bug.
  explicit Router(std::vector<Route> routes, OnRefusal on_refusal = nullptr);
  struct Match {
    const Route* route = nullptr;
    std::map<std::string, std::string> params;
    bool path_known = false;  // The path exists with another method: 405, not 404.
  };
  // `path` as it was sent, without the query: parameters are percent-decoded here. Where a fixed segment and a
  // parameter both fit, the fixed one wins. Parameters that are empty, badly encoded, or not clean UTF-8 text match
  // nothing.
  Match find(Method method, std::string_view path) const;
  const std::vector<Route>& routes() const { return routes_; }

  // Access, policy anywhere, handler, and the check that an object was authorised. An answer of a session's handler
  // that never called authorise() is withheld, and so is a library's exception: both are internal_error and logged.
  Response serve(const Route& route, const Request& request) const;

 private:
  struct Segment {
    std::string text;  // Of a parameter: its name.
    bool parameter = false;
  };
  std::vector<Route> routes_;
  std::vector<std::vector<Segment>> segments_;  // Of the route at the same place.
  OnRefusal on_refusal_;
};

}  // namespace luy::api
