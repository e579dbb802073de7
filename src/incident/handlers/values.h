// What the handlers of incidents share: who asks, what they may see, values as JSON. Private to the module.
#pragma once

#include <boost/json.hpp>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/file_response.h"
#include "incident/api.h"

namespace luy::incident {

using Shared = std::shared_ptr<const ApiDependencies>;  // shared_ptr: the routes share it and outlive who made them.

boost::json::object text_json(const Text& text);
boost::json::value time_json(const std::optional<Time>& time);
boost::json::array list_json(const std::vector<std::string>& list);
boost::json::object choice_json(const Choice& choice);
boost::json::array choices_json(const std::vector<Choice>& choices);
boost::json::object agency_json(const ApiDependencies& d, const AgencyId& agency);

inline constexpr std::string_view pdf_type = "application/pdf";
inline constexpr std::string_view docx_type = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";

// The contract has checked the types.
std::string text_of(const boost::json::value& value);
std::string text_at(const boost::json::object& object, std::string_view key);  // "" when it is missing or null.
bool flag_at(const boost::json::object& object, std::string_view key);
const boost::json::object& object_at(const boost::json::object& object, std::string_view key);  // Empty when missing.
// Base64 of the contract. Errors: api.bad_request, attachment_too_large.
Result<std::string> bytes_at(const boost::json::object& object, std::string_view key, std::size_t bytes_max);
Result<Time> time_at(const boost::json::object& object, std::string_view key);  // Errors: api.bad_request.

directory::Object object_of(const ApiDependencies& d, const AgencyId& agency);
// Who asks, for the books; borrows `request` and `d`. Its refusals are audited by the books.
Actor actor_of(const ApiDependencies& d, const api::Request& request);
// The same for somebody who must, beyond incident_handle, be one who may do `more`.
Actor actor_of(const ApiDependencies& d, const api::Request& request, directory::Action more);
// Whether the request's person may do it there.
bool may(const ApiDependencies& d, const api::Request& request, directory::Action action, const AgencyId& agency);

// Where what belongs to the whole town stands: its agency above all others.
directory::Object town_object(const ApiDependencies& d);
// A delivery as a request says it; what it leaves to the contact is the contact's. Errors: api.bad_request,
// contact_unknown.
Result<Delivery> delivery_at(const ApiDependencies& d, const boost::json::object& body);

// A warning as a request says it. Errors: api.bad_request, directory.agency_unknown.
Result<NewWarning> warning_at(const ApiDependencies& d, const boost::json::object& body);

// The case of the path, for somebody who may see it; who may not is told the same as of one that is not there.
Result<Case> visible_case(const ApiDependencies& d, const api::Request& request);

// A warning, for somebody who may read it at one of its receivers; who may not is told the same as of one that is not
// there. Errors: warning_unknown.
Result<Warning> visible_warning(const ApiDependencies& d, const api::Request& request, const WarningId& id);

// The report of the path, likewise.
Result<StaffReport> visible_report(const ApiDependencies& d, const api::Request& request);

boost::json::object incident_json(const ApiDependencies& d, const Case& one, const Support& support);
boost::json::object report_json(const ApiDependencies& d, const StaffReport& report);
boost::json::value assignee_json(const TownSide& town);
// The fields town_received_at, town_received_by, assignee.
void add_town(boost::json::object& out, const TownSide& town);
boost::json::object detail_json(const ApiDependencies& d, const api::Request& request, const CaseFile& file);
boost::json::object part_json(const Part& part, const std::vector<Part>& all);
boost::json::array fields_json(const paper::Form& form);  // What it asks for.
boost::json::object handover_json(const ApiDependencies& d, const Part& part);
boost::json::object paper_json(const ApiDependencies& d, const CasePaper& paper);
// The system in use of the register that a body's `system_id` names, of the agency or one above it; nullopt when it
// names none. Errors: system_unknown, system_retired.
Result<std::optional<System>> chosen_system(const ApiDependencies& d, const api::Request& request,
                                            const boost::json::object& body, const AgencyId& agency);
// The IncidentDetail of a case, as it is now.
Result<api::Response> answer_with(const ApiDependencies& d, const api::Request& request, const CaseId& id,
                                  int status = 200);
using api::file_response;

std::vector<api::Route> case_routes(const Shared& d);
std::vector<api::Route> work_routes(const Shared& d);
std::vector<api::Route> paper_routes(const Shared& d);
std::vector<api::Route> report_routes(const Shared& d);
std::vector<api::Route> form_routes(const Shared& d);
std::vector<api::Route> town_routes(const Shared& d);
std::vector<api::Route> contact_routes(const Shared& d);
std::vector<api::Route> inbound_routes(const Shared& d);
std::vector<api::Route> process_routes(const Shared& d);
std::vector<api::Route> warning_routes(const Shared& d);
std::vector<api::Route> handover_routes(const Shared& d);
std::vector<api::Route> system_routes(const Shared& d);
std::vector<api::Route> provider_routes(const Shared& d);

using HandlerFunction = Result<api::Response> (*)(const ApiDependencies&, const api::Request&);
api::Route route(const Shared& d, api::Method method, const char* pattern, const char* operation,
                 directory::Action action, HandlerFunction handler, std::size_t body_bytes_max = 0,
                 api::Access access = api::Access::session);

}  // namespace luy::incident
