// Sessions of people whom a sign-in source vouched for.
#include "directory/federation.h"
#include "directory/stored/account.h"
#include "directory/stored/failure.h"
#include "directory/stored/session.h"
#include "directory/stored/source.h"

namespace luy::directory {
namespace {

using records::Connection;

// The account that signs in, as things stand in this transaction.
Result<StoredAccount> load_vouched(Connection& c, const FederatedSignIn& attempt) {
  const auto id = SourceId::parse(attempt.source);
  if (!id) return Error(source_unknown);
  LUY_TRY(const SignSource source, load_source(c, *id));
  if (!source.settings.enabled) return Error(source_unknown);
  LUY_TRY(const auto account, load_identity(c, attempt.source, attempt.subject));
  if (!account) return Error(identity_unlinked, std::string(attempt.subject));
  return load_account(c, *account);
}

Result<void> check_usable_elsewhere(const Account& account) {
  if (!account.enabled) return Error(account_disabled);
  // Sealed since it was tied to the source.
  if (account.sealed || account.seal_broken) return Error(identity_sealed);
  return {};
}

AuditEntry entry_at(const FederatedSignIn& attempt, std::string object) {
  AuditEntry entry{"sign_in_federated", std::move(object), Outcome::done, "", {}, {}};
  entry.after = {{"source", attempt.source}, {"subject", attempt.subject}};
  if (attempt.two_factors) entry.after["two_factors"] = true;
  return entry;
}

}  // namespace

Result<void> Sessions::check_source_pauses(std::string_view counted, std::string_view address) const {
  return check_pauses(counted, address);
}

Result<void> Sessions::count_wrong_at_source(std::string_view counted, std::string_view source,
                                             std::string_view address) {
  // The name is not written down: it may be a password typed into the wrong field.
  const Caller nobody{std::nullopt, "", std::string(address), nullptr};
  AuditEntry entry{
      "sign_in_federated", "source:" + std::string(source), Outcome::refused, std::string(sign_in_failed.name), {}, {}};
  return count_wrong(nobody, std::move(entry), counted);
}

Result<SignedIn> Sessions::sign_in_federated(const FederatedSignIn& attempt) {
  const Caller nobody{std::nullopt, "", std::string(attempt.address), nullptr};
  auto found = database_.read([&](Connection& c) { return load_vouched(c, attempt); });
  if (!found) {
    return audit_.perform(nobody, entry_at(attempt, "source:" + std::string(attempt.source)),
                          [&](Connection&, AuditEntry&) -> Result<SignedIn> { return found.error(); });
  }
  const Account& known = found->account;
  if (!attempt.two_factors && check_usable_elsewhere(known)) {
    if (!attempt.code.empty()) LUY_TRY_VOID(check_pauses(known.username, attempt.address));
    SignIn asked{known.username, {}, attempt.address, {}};
    asked.code = attempt.code;
    LUY_TRY_VOID(check_code(known, asked));
  }
  return audit_.perform(
      caller_known(known, attempt.address), entry_at(attempt, "account:" + known.id.text()),
      [&](Connection& c, AuditEntry&) -> Result<SignedIn> {
        LUY_TRY(const StoredAccount stored, load_vouched(c, attempt));
        // Tied to another account between the check and now.
        if (stored.account.id != known.id) return Error(source_unknown);
        LUY_TRY_VOID(check_usable_elsewhere(stored.account));
        if (!attempt.counted.empty()) LUY_TRY_VOID(forget_failures(c, failure_subject_of_account(attempt.counted)));
        if (!attempt.code.empty()) {
          LUY_TRY_VOID(forget_failures(c, failure_subject_of_account(stored.account.username)));
        }
        LUY_TRY_VOID(end_session(c, attempt.old_token));
        LUY_TRY_VOID(c.run("UPDATE account SET last_sign_in = $1 WHERE id = $2",
                           {to_millis(clock_.now()), std::string_view(stored.account.id.text())}));
        LUY_TRY_VOID(c.run("UPDATE federated_identity SET last_used = $1 WHERE source = $2 AND subject = $3",
                           {to_millis(clock_.now()), attempt.source, attempt.subject}));
        return begin(c, stored.account,
                     {attempt.address, attempt.program, attempt.public_place, attempt.source, attempt.two_factors});
      });
}

}  // namespace luy::directory
