// Sign-in sources and identities as rows, for the services of this module; everything runs inside the caller's
// transaction.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "directory/federation.h"

namespace luy::directory {

// By name. Errors of the second: source_unknown.
Result<std::vector<SignSource>> load_sources(records::Connection& connection);
Result<SignSource> load_source(records::Connection& connection, const SourceId& source);

// nullopt when nobody is tied to it.
Result<std::optional<AccountId>> load_identity(records::Connection& connection, std::string_view source,
                                               std::string_view subject);
// Ties an identity to an account that has none of the source. Errors: identity_taken, bad_value (subject).
Result<void> insert_identity(records::Connection& connection, const FederatedIdentity& wanted);

Result<void> end_sessions_of(records::Connection& connection, const SourceId& source,
                             const std::optional<AccountId>& account = std::nullopt);

// The agency of the source and everything above it, for the policy. Errors: the policy's, agency_unknown.
Result<void> require_source(records::Connection& connection, const Caller& caller, const AgencyId& agency);

}  // namespace luy::directory
