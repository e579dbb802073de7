// The key of the device's repositories: made and kept by the hub, fetched once by who needs it.
#pragma once

#include <filesystem>
#include <functional>
#include <string>

#include "base/result.h"
#include "device_policy/policy.h"

namespace luy::agent {

// When the policy has a backup set and there is no key yet, asks for it and keeps it, readable for its owner alone. On
// the sender's thread; what cannot be is tried again the next time. `policy` may be null.
void keep_backup_key(const std::filesystem::path& file, const device_policy::Policy* policy,
                     const std::function<Result<std::string>()>& ask);

}  // namespace luy::agent
