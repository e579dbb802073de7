// The SQL of the register of devices for state secrets. Private to the module's books.
#pragma once

#include "premises/secret_book.h"

namespace luy::premises {

Result<std::map<SecretId, SecretBook::Entry>> load_secrets(records::Connection& c);
Result<void> save(records::Connection& c, const SecretDevice& one);
Result<void> save(records::Connection& c, const Move& one);
Result<void> insert(records::Connection& c, const SecretCheck& one, std::string_view report);
Result<void> save(records::Connection& c, const Sighting& one);

boost::json::object noted(const SecretDevice& one);
boost::json::object noted(const Move& one);

}  // namespace luy::premises
