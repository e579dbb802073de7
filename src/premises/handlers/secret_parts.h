// What the handlers of devices for state secrets share. Private to the module.
#pragma once

#include <algorithm>

#include "premises/handlers/shared.h"

namespace luy::premises {

SecretBook::Actor secret_actor(const api::Request& request);
// The device of the path, authorised.
Result<SecretBook::Entry> secret_entry(const ApiDependencies& d, const api::Request& request, directory::Action action);
api::Response secret_answer(const ApiDependencies& d, const api::Request& request, const SecretBook::Entry& entry,
                            int status = 200);

}  // namespace luy::premises
