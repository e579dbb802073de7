#include "software/api.h"

#include <memory>

#include "software/handlers/values.h"

namespace luy::software {

std::vector<api::Route> routes(ApiDependencies dependencies) {
  // shared_ptr: the routes share one set of dependencies and outlive this call.
  const auto d = std::make_shared<const ApiDependencies>(std::move(dependencies));
  using Handler = Result<api::Response> (*)(const ApiDependencies&, const api::Request&);
  std::vector<api::Route> out;
  const auto add = [&](api::Method method, const char* pattern, const char* operation, directory::Action action,
                       Handler handler) {
    out.push_back({method, pattern, operation, api::Access::session, action,
                   [d, handler](const api::Request& request) { return handler(*d, request); }});
  };
  using api::Method;
  using directory::Action;
  add(Method::get, "/api/v1/devices/{device}/baseline", "reviewBaseline", Action::software_read, review_baseline);
  add(Method::get, "/api/v1/devices/{device}/software-gate", "getSoftwareGate", Action::software_read, get_gate);
  add(Method::get, "/api/v1/software-gates", "listSoftwareGates", Action::software_read, list_gates);
  add(Method::get, "/api/v1/software-wrong", "listWrongSoftware", Action::software_read, list_wrong);
  add(Method::get, "/api/v1/software-wrong/sheet", "exportWrongSoftware", Action::software_read, export_wrong);
  add(Method::get, "/api/v1/software-requests", "listSoftwareRequests", Action::software_request, list_requests);
  add(Method::post, "/api/v1/software-requests", "requestSoftware", Action::software_request, ask);
  add(Method::del, "/api/v1/software-requests/{wish}", "withdrawSoftwareRequest", Action::software_request, withdraw);
  add(Method::post, "/api/v1/software-requests/{wish}/approval", "approveSoftwareRequest", Action::software_approve,
      approve);
  add(Method::post, "/api/v1/software-requests/{wish}/refusal", "refuseSoftwareRequest", Action::software_approve,
      refuse);
  return out;
}

}  // namespace luy::software
