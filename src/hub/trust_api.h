// getSignatureTrust, refreshSignatureTrust: what signatures are trusted by, and fetching newer revocation lists.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "api/route.h"
#include "directory/directory.h"
#include "seal/trust.h"

namespace luy::hub {

struct TrustApi {
  seal::TrustDesk& trust;
  directory::AuditTrail& audit;
  // Of the declared seals; empty where none has one.
  std::function<std::vector<std::string>()> time_stamps;
};

std::vector<api::Route> trust_routes(const TrustApi& dependencies);

}  // namespace luy::hub
