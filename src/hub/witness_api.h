// The routes of witnesses, part of api/openapi.yaml: getWitnessing, askWitnesses, addWitness, removeWitness,
// addWitnessOrigin, removeWitnessOrigin, setEvidenceTimeStamp for whoever may witness_manage where the hub stands;
// addCheckpoint and addWitnessCertificates for other hubs, known by their signatures alone.
#pragma once

#include <vector>

#include "api/route.h"

namespace luy::hub {

class WitnessDesk;

// Borrows the desk.
class WitnessRoutes {
 public:
  static std::vector<api::Route> of(WitnessDesk& desk);
};

}  // namespace luy::hub
