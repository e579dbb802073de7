// Runs of rules over kept evidence, and who may see what they found: startRuleRun, listRuleRuns, getRuleRun,
// cancelRuleRun of api/openapi.yaml. A run reads what the one who asks for it may search; somebody else sees it when
// they may search all of that.
#pragma once

#include <functional>
#include <vector>

#include "finding/api.h"
#include "finding/run_book.h"

namespace luy::finding {

struct RunApiDependencies {
  RunBook& runs;
  // The agencies on which the actor may do it. Thread-safe.
  std::function<std::vector<AgencyId>(const directory::Actor&, directory::Action)> visible;
  ApiDependencies findings;
};

std::vector<api::Route> run_routes(RunApiDependencies dependencies);

}  // namespace luy::finding
