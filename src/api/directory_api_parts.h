// What the files of the directory's part of the API share: reading bodies, and values as JSON.
#pragma once

#include <boost/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/directory_api.h"
#include "api/route.h"
#include "directory/directory.h"

namespace luy::api {

// A text of the body; the contract has checked it where there is one. Errors: bad_request naming it.
Result<std::string> body_text(const Request& request, std::string_view name);
// The same where it may be missing or null.
Result<std::optional<std::string>> body_maybe_text(const Request& request, std::string_view name);
Result<std::optional<Day>> body_maybe_day(const Request& request, std::string_view name);
template <class IdType>
Result<IdType> body_id(const Request& request, std::string_view name) {
  LUY_TRY(const std::string text, body_text(request, name));
  const auto id = IdType::parse(text);
  if (!id) return Error(bad_request, std::string(name));
  return *id;
}

boost::json::value time_or_null(const std::optional<Time>& time);
boost::json::value day_or_null(const std::optional<Day>& day);

// What is the signed-in person's own.
directory::Object own_object(const Request& request);

// Grants of the contract. Errors: those of the database.
Result<boost::json::array> grants_json(const directory::Directory& directory,
                                       const std::vector<directory::Grant>& grants);
Result<boost::json::object> account_json(const directory::Directory& directory, const directory::Account& account);

// 200 for an act that is done, 202 for one that waits for a second person.
Response proposed_response(const directory::Proposed& proposed, boost::json::value password = nullptr);

// The id of an account with its person's name; null of nobody.
Result<boost::json::value> person_json(const directory::Directory& directory, const std::optional<AccountId>& account);
Result<boost::json::value> person_json(const directory::Directory& directory, const std::string& username);

// A workbook in base 64 with room for the JSON around it.
inline constexpr std::size_t sheet_body_bytes_max = 3 << 20;

// ?format= of a sheet; CSV when empty. Errors: bad_request.
Result<directory::SheetFormat> sheet_format(const Request& request);
// A sheet of the contract: {"csv": …} or {"xlsx": base64}.
Response sheet_response(directory::SheetFormat format, std::string bytes);
// The sheet of a body, kept while the file points into it. Errors: bad_request.
struct SheetBody {
  directory::SheetFormat format = directory::SheetFormat::csv;
  std::string bytes;
  std::string page;
  directory::SheetFile file() const { return {format, bytes, page}; }
};
Result<SheetBody> sheet_body(const Request& request);
Result<directory::Preview> preview_of(const Request& request);
// An ImportedSheet of the contract.
boost::json::object sheet_json(const directory::ImportedSheet& sheet);
// The living sessions of an account. `token` is that of the session that asks.
Result<boost::json::array> sessions_json(directory::Directory& directory, const AccountId& account,
                                         std::string_view token);

using DirectoryFunction = Result<Response> (*)(directory::Directory&, const Request&);
Handler directory_handler(directory::Directory& directory, DirectoryFunction function);

// What a browser sent with a passkey, kept while views point into it.
struct PasskeyParts {
  directory::RelyingParty party;
  std::string credential_id;
  std::string challenge;
  std::string client_data;
  std::string authenticator_data;
  std::string signature;
};
// Borrows `parts`. Errors: bad_request, host_unnamed.
Result<directory::PasskeySignIn> passkey_sign_in(const Request& request, PasskeyParts& parts);

// Acts for two people.
std::vector<Route> act_routes(directory::Directory& directory);
// Own sessions and factors.
std::vector<Route> factor_routes(directory::Directory& directory);
// Accounts, roles, delegations and the table of rights.
std::vector<Route> account_routes(directory::Directory& directory);
// The tree of agencies, reorganisations, sheets.
std::vector<Route> agency_routes(directory::Directory& directory);
// What the town knows of an agency: profile with its history, network plans.
std::vector<Route> profile_routes(directory::Directory& directory);
// API tokens.
std::vector<Route> token_routes(directory::Directory& directory);
// Sign-in sources, and who signs in through them.
std::vector<Route> source_routes(directory::Directory& directory);
// People, and oneself.
std::vector<Route> people_routes(directory::Directory& directory, const PersonLinks& links);

}  // namespace luy::api
