// Requests to providers: values in, rows out. Private to the module.
#pragma once

#include <string_view>
#include <vector>

#include "incident/provider_book.h"

namespace luy::incident::provider_store {

Result<void> save(records::Connection& c, const ProviderRequest& request);
Result<ProviderRequest> load(records::Connection& c, const ProviderRequestId& id);  // Errors: provider_request_unknown.
Result<std::vector<ProviderRequest>> all(records::Connection& c);
Result<std::vector<ProviderRequest>> of_account(records::Connection& c, const AccountId& account);

}  // namespace luy::incident::provider_store
