#include "directory/federation.h"

#include <algorithm>

#include "directory/stored/account.h"
#include "directory/stored/failure.h"
#include "directory/stored/person.h"
#include "directory/stored/rights.h"
#include "directory/stored/source.h"
#include "directory/stored/value.h"

namespace luy::directory {
namespace {

using records::Connection;
using records::Row;

std::string object_name(const SourceId& id) {
  return "source:" + id.text();
}

// What a source's identities hang on.
bool means_the_same(const SourceSettings& a, const SourceSettings& b) {
  if (a.kind() != b.kind()) return false;
  return a.ldap ? a.ldap->key == b.ldap->key : a.oidc->issuer == b.oidc->issuer;
}

// A wrong password at a source is counted apart from those here: the same name may be another person there.
std::string counted_as(const SourceId& source, std::string_view username) {
  return source.text() + "/" + to_lower(username);
}

}  // namespace

Result<std::vector<SignSource>> Federation::list() const {
  return database_.read([](Connection& c) { return load_sources(c); });
}

Result<SignSource> Federation::find(const SourceId& source) const {
  return database_.read([&](Connection& c) { return load_source(c, source); });
}

Result<std::vector<FederatedIdentity>> Federation::identities(const AccountId& account) const {
  return database_.read([&](Connection& c) -> Result<std::vector<FederatedIdentity>> {
    std::vector<FederatedIdentity> out;
    LUY_TRY_VOID(c.query(
        "SELECT source, subject, linked_at, last_used FROM federated_identity WHERE account = $1"
        " ORDER BY linked_at, source",
        {std::string_view(account.text())}, [&](const Row& row) {
          FederatedIdentity one{
              SourceId::trusted(row.text(0)), {}, std::string(row.text(1)), account, from_millis(row.integer(2))};
          if (const auto at = row.maybe_integer(3)) one.last_used = from_millis(*at);
          out.push_back(std::move(one));
        }));
    for (FederatedIdentity& one : out) {
      LUY_TRY(const SignSource source, load_source(c, one.source));
      one.source_name = source.settings.name;
    }
    return out;
  });
}

Result<void> Federation::create_in(Connection& c, const Caller& caller, const SourceId& id,
                                   const SourceSettings& settings, AuditEntry& entry) {
  entry.object = object_name(id);
  LUY_TRY_VOID(require_source(c, caller, settings.agency));
  LUY_TRY(const auto there, load_sources(c));
  if (there.size() >= sources_max) return Error(sources_too_many);
  entry.after = to_json(settings);
  const std::string text = boost::json::serialize(entry.after);
  LUY_TRY_VOID(c.run("INSERT INTO sign_source (id, kind, settings, enabled, created_at) VALUES ($1, $2, $3, $4, $5)",
                     {std::string_view(id.text()), name_of(settings.kind()), std::string_view(text),
                      std::int64_t{settings.enabled ? 1 : 0}, to_millis(clock_.now())}));
  return {};
}

Result<void> Federation::change_in(Connection& c, const Caller& caller, const SourceId& id,
                                   const SourceSettings& settings, AuditEntry& entry) {
  entry.object = object_name(id);
  LUY_TRY(const SignSource before, load_source(c, id));
  LUY_TRY_VOID(require_source(c, caller, before.settings.agency));
  LUY_TRY_VOID(require_source(c, caller, settings.agency));
  if (!means_the_same(before.settings, settings)) {
    return Error(source_invalid, "loại, khóa (key) và issuer không đổi được, hãy lập nguồn mới",
                 "kind, key and issuer cannot be changed, make another source");
  }
  entry.before = to_json(before.settings);
  entry.after = to_json(settings);
  const std::string text = boost::json::serialize(entry.after);
  LUY_TRY_VOID(c.run("UPDATE sign_source SET settings = $1, enabled = $2 WHERE id = $3",
                     {std::string_view(text), std::int64_t{settings.enabled ? 1 : 0}, std::string_view(id.text())}));
  // Whoever came in by what it was before comes in anew.
  return end_sessions_of(c, id);
}

Result<void> Federation::remove_in(Connection& c, const Caller& caller, const SourceId& id, AuditEntry& entry) {
  entry.object = object_name(id);
  LUY_TRY(const SignSource before, load_source(c, id));
  LUY_TRY_VOID(require_source(c, caller, before.settings.agency));
  entry.before = to_json(before.settings);
  const std::string_view text(id.text());
  std::int64_t tied = 0;
  LUY_TRY_VOID(c.query("SELECT count(*) FROM federated_identity WHERE source = $1", {text},
                       [&](const Row& row) { tied = row.integer(0); }));
  entry.before["identities"] = tied;
  LUY_TRY_VOID(end_sessions_of(c, id));
  LUY_TRY_VOID(c.run("DELETE FROM federated_identity WHERE source = $1", {text}));
  LUY_TRY_VOID(
      c.run("UPDATE person SET external_source = NULL, external_subject = NULL WHERE external_source = $1", {text}));
  LUY_TRY_VOID(c.run("DELETE FROM sign_source WHERE id = $1", {text}));
  return {};
}

Result<void> Federation::link_in(Connection& c, const Caller& caller, const FederatedIdentity& wanted,
                                 AuditEntry& entry) {
  entry.object = "account:" + wanted.account.text();
  LUY_TRY(const SignSource source, load_source(c, wanted.source));
  LUY_TRY_VOID(require_source(c, caller, source.settings.agency));
  LUY_TRY(const StoredAccount stored, check_takes_over(c, caller, wanted.account));
  if (stored.account.sealed || stored.account.seal_broken) return Error(identity_sealed);
  LUY_TRY(const auto chain, load_superiors(c, stored.account.agency));
  if (std::find(chain.begin(), chain.end(), source.settings.agency) == chain.end()) {
    return Error(account_elsewhere, stored.account.username);
  }
  FederatedIdentity made = wanted;
  made.linked_at = clock_.now();
  LUY_TRY_VOID(insert_identity(c, made));
  LUY_TRY(Person person, load_person(c, stored.account.person));
  std::optional<std::string> other;
  LUY_TRY_VOID(c.query("SELECT id FROM person WHERE external_source = $1 AND external_subject = $2",
                       {std::string_view(made.source.text()), std::string_view(made.subject)},
                       [&](const Row& row) { other = row.text(0); }));
  if (!person.external && !other) {
    person.external = ExternalKey{made.source.text(), made.subject};
    LUY_TRY_VOID(store_person(c, person));
  }
  entry.after["source"] = source.settings.name;
  entry.after["subject"] = made.subject;
  return {};
}

Result<void> Federation::switch_off(const Caller& caller, const SourceId& id) {
  return audit_.perform(caller, {"source_change", object_name(id), Outcome::done, "", {}, {}},
                        [&](Connection& c, AuditEntry& entry) -> Result<void> {
                          LUY_TRY(const SignSource before, load_source(c, id));
                          SourceSettings after = before.settings;
                          after.enabled = false;
                          return change_in(c, caller, id, after, entry);
                        });
}

Result<void> Federation::unlink(const Caller& caller, const AccountId& account, const SourceId& source) {
  return audit_.perform(
      caller, {"identity_unlink", "account:" + account.text(), Outcome::done, "", {}, {}},
      [&](Connection& c, AuditEntry& entry) -> Result<void> {
        LUY_TRY(const StoredAccount stored, load_account(c, account));
        LUY_TRY(const auto places, places_of(c, stored.account));
        for (const AgencyId& place : places) {
          LUY_TRY(const auto chain, load_superiors(c, place));
          LUY_TRY_VOID(caller.require(Action::account_manage, {chain, std::nullopt, false}));
        }
        std::optional<std::string> subject;
        LUY_TRY_VOID(c.query("SELECT subject FROM federated_identity WHERE source = $1 AND account = $2",
                             {std::string_view(source.text()), std::string_view(account.text())},
                             [&](const Row& row) { subject = row.text(0); }));
        if (!subject) return Error(identity_unknown);
        entry.before = {{"source", source.text()}, {"subject", *subject}};
        LUY_TRY_VOID(end_sessions_of(c, source, account));
        LUY_TRY_VOID(c.run("DELETE FROM federated_identity WHERE source = $1 AND account = $2",
                           {std::string_view(source.text()), std::string_view(account.text())}));
        LUY_TRY_VOID(
            c.run("UPDATE person SET external_source = NULL, external_subject = NULL WHERE external_source = $1"
                  " AND external_subject = $2",
                  {std::string_view(source.text()), std::string_view(*subject)}));
        return {};
      });
}

Result<SignedIn> Federation::sign_in(const SourceId& id, const SignIn& attempt) {
  const auto source = find(id);
  if (!source || !source->settings.enabled || !source->settings.ldap || !check_) return Error(source_unknown);
  const std::string counted = counted_as(id, attempt.username);
  LUY_TRY_VOID(sessions_.check_source_pauses(counted, attempt.address));
  // An empty password would be a bind as nobody, which directories answer with success (RFC 4513 section 5.1.2).
  const bool typed = is_source_username(attempt.username) && !attempt.password.empty() &&
                     attempt.password.find('\0') == std::string_view::npos;
  Result<std::string> subject = Error(sign_in_failed);
  if (typed) subject = check_(*source, attempt.username, attempt.password);
  if (!subject) {
    if (subject.error().is(sign_in_failed)) {
      LUY_TRY_VOID(sessions_.count_wrong_at_source(counted, id.text(), attempt.address));
    }
    return subject.error();
  }
  return sessions_.sign_in_federated({id.text(), *subject, false, attempt.code, counted, attempt.address,
                                      attempt.old_token, attempt.public_place, attempt.program});
}

Result<void> Federation::note_result(const SourceId& id, const std::optional<Error>& problem) {
  const std::string vi = problem ? problem->vi() : "";
  const std::string en = problem ? problem->en() : "";
  LUY_TRY(const bool same, database_.read([&](Connection& c) -> Result<bool> {
    LUY_TRY(const SignSource source, load_source(c, id));
    return source.problem_vi == vi && source.problem_en == en;
  }));
  if (same) return {};
  return database_.write([&](Connection& c) -> Result<void> {
    LUY_TRY_VOID(c.run("UPDATE sign_source SET problem_vi = $1, problem_en = $2 WHERE id = $3",
                       {std::string_view(vi), std::string_view(en), std::string_view(id.text())}));
    return {};
  });
}

}  // namespace luy::directory
