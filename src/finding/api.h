// The findings' part of api/openapi.yaml: listFindings, getFinding, listFindingEvents, setFindingState, and of rules:
// listRules, getRule, setRuleEnabled, addRuleException, removeRuleException, saveRule, deleteRule, importRules,
// getAttack. Handlers only translate: policy on the loaded object, values to JSON.
#pragma once

#include <boost/json.hpp>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "api/route.h"
#include "base/clock.h"
#include "directory/pending.h"
#include "directory/policy.h"
#include "finding/book.h"
#include "finding/rule_book.h"

namespace luy::finding {

// Acts that wait for a second person where the rule is above medium: {"rule": id, "title": …, "reason": …, "by": …},
// and of an exception {"agency": id or null, "filter": …, "expires_at": …}.
inline constexpr std::string_view rule_disable_act = "rule_disable";
inline constexpr std::string_view rule_exception_act = "rule_exception_add";
inline constexpr std::string_view rule_delete_act = "rule_delete";
// A newer text, {"rule", "title", "level", "yaml", "by"}, or a package that stage() kept, {"package", "name", "bytes",
// "gone", "by"}, by which rules that are above medium and on would become less; their entries name these rules.
inline constexpr std::string_view rule_save_act = "rule_save";
inline constexpr std::string_view rule_import_act = "rule_import";

// What the handlers need from elsewhere. All functions thread-safe.
struct ApiDependencies {
  Book& book;
  RuleBook& rules;
  const Clock& clock;
  Random& random;
  // The agency and its superiors, nearest first.
  std::function<std::vector<AgencyId>(const AgencyId&)> lineage;
  std::function<std::string(const AgencyId&)> agency_name;
  std::function<std::string(const DeviceId&)> device_name;
  // Where what is the hub's own stands: rules.
  std::function<directory::Object()> hub_object;
  // An Event of the contract, or nullopt: not there any more, or not for this person.
  std::function<std::optional<boost::json::object>(const api::Request&, std::uint64_t seq)> event;
  // Whether the evidence was searched, for the audit trail.
  std::function<void(const api::Request&)> searched;
  // As inventory::ApiDependencies::audit.
  std::function<Result<void>(records::Connection&, const api::Request&, std::string_view act, std::string_view object,
                             boost::json::object)>
      audit;
  std::function<void()> audited;
  // `place`: where the decision lies; nullopt: with the hub's own.
  std::function<Result<directory::Proposed>(const api::Request&, std::string_view kind, const boost::json::object&,
                                            const std::optional<AgencyId>& place)>
      propose;
  // Findings that are said to be in a case join the one named, or a new one, all or none, with their state. Empty: the
  // state alone is changed.
  std::function<Result<void>(const api::Request&, const std::vector<FindingId>&, const std::string& incident)>
      into_case{};
  // Whether a watched service is a name of the DNS, by its id as text. Empty: none is.
  std::function<bool(const std::string& service)> is_name{};
  // The cases that findings are in, {"id", "number"}; asked once for a list, of findings in that state alone. Empty:
  // there are no cases.
  std::function<std::map<FindingId, boost::json::object>(std::span<const FindingId>)> incidents{};
};

std::vector<api::Route> routes(ApiDependencies dependencies);
std::vector<api::Route> rule_routes(ApiDependencies dependencies);

// A package over the API comes as base64 in JSON; through the administration port as it is.
inline constexpr std::size_t rule_upload_bytes_max = 8 << 20;  // Packed. SigmaHQ's whole release is 2 MiB.
inline constexpr std::string_view import_operation = "importRules";

// A RuleImport of the contract.
// `act`: that it waits for a second person.
boost::json::object imported_json(const RuleBook::Imported& imported, bool preview,
                                  const std::optional<directory::ActId>& act = std::nullopt);

// A Finding of the contract; of several, in their order.
boost::json::object finding_json(const Finding& finding, const ApiDependencies& dependencies);
boost::json::array findings_json(std::span<const FindingPointer> findings, const ApiDependencies& dependencies);

// What happened, for people: the finding's own story, or the meaning of its rule.
Text story_of(const Finding& finding, const RuleText& rule);

// For directory::PendingActs: they carry out what the acts above ask.
struct RuleActs {
  RuleBook& rules;
  const Clock& clock;
  std::function<directory::Object()> hub_object;
  std::function<std::vector<AgencyId>(const AgencyId&)> lineage;
};
std::vector<std::pair<std::string_view, directory::ActKind>> rule_acts(const RuleActs& dependencies);

}  // namespace luy::finding
