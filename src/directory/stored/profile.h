// Profiles as rows, for the services of this module.
#pragma once

#include <string>

#include "directory/profile.h"

namespace luy::directory {

// What store_profile() wrote; an empty profile of an empty text.
Result<AgencyProfile> stored_profile(const std::string& body);

}  // namespace luy::directory
