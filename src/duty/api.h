// The duty part of api/openapi.yaml: getOverview, getRegulation, listVerdicts, getVerdict; and the list that
// `./run --check` prints. Handlers only translate.
#pragma once

#include <boost/json.hpp>
#include <functional>
#include <vector>

#include "api/route.h"
#include "base/clock.h"
#include "base/id.h"
#include "duty/engine.h"
#include "regulation/pack.h"

namespace luy::duty {

struct ApiDependencies {
  const Engine& engine;
  const regulation::Pack& pack;
  const Clock& clock;
  // The agency itself and its superiors, nearest first; thread-safe.
  std::function<std::vector<AgencyId>(const AgencyId&)> lineage;
  // An agency as the contract's Agency; the module directory knows its code and dates. Thread-safe.
  std::function<boost::json::object(const AgencyId&)> agency_json;
};

std::vector<api::Route> routes(ApiDependencies dependencies);

// A Verdict of the contract: also what the live stream sends.
boost::json::object verdict_json(const Verdict& verdict);
// Counts of the contract.
boost::json::object counts_json(const Counts& counts);
// What inventory::ApiDependencies::verdict_changes asks for: a TimelineEntry of the contract.
boost::json::object timeline_json(const PastVerdict& past, const regulation::Pack& pack);

// All verdicts: [{"obligation","subject","subject_name","verdict","reason","reason_vi","proof_seqs":[…]}].
boost::json::array check_report(const Engine& engine);

}  // namespace luy::duty
