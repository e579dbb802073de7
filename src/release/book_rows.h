// Rows of the register of releases.
#pragma once

#include <boost/json.hpp>
#include <string>
#include <vector>

#include "release/book.h"

namespace luy::release {

Result<std::vector<KeptRelease>> load_releases(records::Connection& c);
Result<std::vector<KeptKey>> load_keys(records::Connection& c);
// nullopt: there is none.
Result<std::optional<KeptRelease>> load_release(records::Connection& c, const ReleaseId& id);
Result<void> insert_release(records::Connection& c, const KeptRelease& release);
// All of it but what was signed.
Result<void> update_release(records::Connection& c, const KeptRelease& release);
boost::json::object as_json(const KeptRelease& release);

}  // namespace luy::release
