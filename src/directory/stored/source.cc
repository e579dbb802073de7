#include "directory/stored/source.h"

#include <algorithm>

#include "directory/stored/account.h"
#include "directory/stored/value.h"

namespace luy::directory {
namespace {

using records::Connection;
using records::Row;

constexpr std::string_view columns =
    "SELECT id, settings, created_at, last_sync, problem_vi, problem_en FROM sign_source ";

SignSource source_of(const Row& row) {
  SignSource out;
  out.id = SourceId::trusted(row.text(0));
  boost::system::error_code bad;
  const auto settings = source_from_json(boost::json::parse(row.text(1), bad));
  LUY_CHECK_MSG(!bad && settings, "a stored sign-in source is none");
  out.settings = *settings;
  out.created_at = from_millis(row.integer(2));
  if (const auto at = row.maybe_integer(3)) out.last_sync = from_millis(*at);
  out.problem_vi = row.text(4);
  out.problem_en = row.text(5);
  return out;
}

// What a key of a directory or a subject of a provider may be: text that is shown, typed and compared.
bool is_subject(std::string_view text) {
  return !text.empty() && text.size() <= identity_chars_max &&
         std::all_of(text.begin(), text.end(), [](char c) { return c > 0x20 && c < 0x7f; });
}

}  // namespace

Result<std::vector<SignSource>> load_sources(Connection& c) {
  std::vector<SignSource> out;
  LUY_TRY_VOID(c.query(std::string(columns), {}, [&](const Row& row) { out.push_back(source_of(row)); }));
  std::sort(out.begin(), out.end(), [](const SignSource& a, const SignSource& b) {
    return std::tie(a.settings.name, a.id) < std::tie(b.settings.name, b.id);
  });
  return out;
}

Result<SignSource> load_source(Connection& c, const SourceId& id) {
  std::optional<SignSource> found;
  LUY_TRY_VOID(c.query(std::string(columns) + "WHERE id = $1", {std::string_view(id.text())},
                       [&](const Row& row) { found = source_of(row); }));
  if (!found) return Error(source_unknown);
  return *std::move(found);
}

Result<std::optional<AccountId>> load_identity(Connection& c, std::string_view source, std::string_view subject) {
  std::optional<AccountId> found;
  LUY_TRY_VOID(c.query("SELECT account FROM federated_identity WHERE source = $1 AND subject = $2", {source, subject},
                       [&](const Row& row) { found = AccountId::trusted(row.text(0)); }));
  return found;
}

Result<void> insert_identity(Connection& c, const FederatedIdentity& wanted) {
  if (!is_subject(wanted.subject)) return Error(bad_value, "subject");
  const std::string_view source(wanted.source.text());
  const std::string_view account(wanted.account.text());
  LUY_TRY(const auto holder, load_identity(c, source, wanted.subject));
  std::optional<AccountId> other = holder;
  LUY_TRY_VOID(c.query("SELECT account FROM federated_identity WHERE source = $1 AND account = $2", {source, account},
                       [&](const Row& row) { other = AccountId::trusted(row.text(0)); }));
  if (other) {
    LUY_TRY(const StoredAccount stored, load_account(c, *other));
    return Error(identity_taken, stored.account.username);
  }
  LUY_TRY_VOID(c.run("INSERT INTO federated_identity (source, subject, account, linked_at) VALUES ($1, $2, $3, $4)",
                     {source, std::string_view(wanted.subject), account, to_millis(wanted.linked_at)}));
  return {};
}

Result<void> end_sessions_of(Connection& c, const SourceId& source, const std::optional<AccountId>& account) {
  const std::string who = account ? account->text() : "";
  LUY_TRY_VOID(c.run("DELETE FROM session WHERE source = $1 AND ($2 = '' OR account = $2)",
                     {std::string_view(source.text()), std::string_view(who)}));
  return {};
}

Result<void> require_source(Connection& c, const Caller& caller, const AgencyId& agency) {
  LUY_TRY(const auto chain, load_superiors(c, agency));
  return caller.require(Action::source_manage, {chain, std::nullopt, false});
}

}  // namespace luy::directory
