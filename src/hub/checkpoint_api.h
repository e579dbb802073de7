// The public side of the proof, part of api/openapi.yaml: getCheckpoint, listCheckpoints, proveConsistency,
// listEvidenceKeys. What it answers says nothing about any record's content; whoever may prove anywhere may read it.
#pragma once

#include <vector>

#include "api/route.h"
#include "hub/evidence_api.h"

namespace luy::hub {

inline constexpr std::int64_t checkpoints_default = 100;
inline constexpr std::int64_t checkpoints_max = 1000;
inline constexpr std::int64_t key_days_default = 31;
inline constexpr std::int64_t key_days_max = 400;

// `dependencies` must outlive the routes.
std::vector<api::Route> checkpoint_routes(const EvidenceApi& dependencies);

}  // namespace luy::hub
