#include "directory/sync.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/encoding.h"
#include "base/hash.h"
#include "directory/stored/account.h"
#include "directory/stored/four_eyes.h"
#include "directory/stored/person.h"
#include "directory/stored/source.h"

namespace luy::directory {
namespace {

using boost::json::array;
using boost::json::object;
using records::Connection;

object to_json(const SyncEntry& entry) {
  return {{"subject", entry.subject}, {"username", entry.username}, {"name", entry.name},
          {"mail", entry.mail},       {"position", entry.position}, {"department", entry.department}};
}

std::string text_of(const object& from, std::string_view name) {
  return std::string(from.at(name).as_string());
}

SyncEntry entry_from(const object& from) {
  return {text_of(from, "subject"), text_of(from, "username"), text_of(from, "name"),
          text_of(from, "mail"),    text_of(from, "position"), text_of(from, "department")};
}

std::set<std::string> texts_in(const array& list) {
  std::set<std::string> out;
  for (const auto& one : list) out.emplace(one.as_string());
  return out;
}

// Everything that a plan does, so that the same digest means the same deeds.
std::string digest_of(const SyncPlan& plan) {
  array lines;
  for (const SyncItem& item : plan.items) {
    object line = to_json(item.entry);
    line["key"] = item.subject;
    line["does"] = name_of(item.does);
    line["person"] = item.person ? item.person->text() : "";
    line["account"] = item.account ? item.account->text() : "";
    line["agency"] = item.agency.text();
    line["decides"] = item.decides;
    line["text"] = item.en;
    lines.push_back(std::move(line));
  }
  return to_hex(sha256(boost::json::serialize(lines)));
}

Result<void> require_at(Connection& c, const Caller& caller, Action action, const AgencyId& agency) {
  LUY_TRY(const auto chain, load_superiors(c, agency));
  return caller.require(action, {chain, std::nullopt, false});
}

}  // namespace

Syncs::Syncs(Dependencies dependencies) : d_(std::move(dependencies)), hasher_(d_.passwords) {
  d_.directory.acts().add_kind(
      "source_sync", {Action::source_manage,
                      [this](Connection& c, const Caller& caller, const object& body, AuditEntry& entry) {
                        return run(c, caller, body, entry);
                      },
                      [](Connection& c, const object& body) -> Result<std::vector<AgencyId>> {
                        LUY_TRY(const SignSource source, load_source(c, SourceId::trusted(text_of(body, "source"))));
                        std::vector<AgencyId> out = {source.settings.agency};
                        // Wherever the rights of those concerned reach.
                        for (const auto& one : body.at("accounts").as_array()) {
                          LUY_TRY(const auto places,
                                  deciding_places(c, AccountId::trusted(std::string_view(one.as_string()))));
                          out.insert(out.begin(), places.begin(), places.end());
                        }
                        return out;
                      },
                      false,
                      [this] {
                        if (d_.applied) d_.applied();
                      }});
}

Result<SyncPreview> Syncs::preview(const Caller& caller, const SourceId& id, std::vector<SyncEntry> entries) {
  if (entries.empty()) return Error(sync_empty);
  if (entries.size() > sync_entries_max) return Error(sync_too_large, std::to_string(entries.size()));
  const Day today = day_of(d_.clock.now());
  LUY_TRY(SyncPlan plan, d_.database.read([&](Connection& c) -> Result<SyncPlan> {
    LUY_TRY(const SignSource source, load_source(c, id));
    LUY_TRY_VOID(require_source(c, caller, source.settings.agency));
    return plan_sync(c, source, entries, today);
  }));
  SyncPreview out;
  const Time now = d_.clock.now();
  out.id = make_id_text(now, d_.random);
  Kept kept{id, std::move(entries), digest_of(plan), now};
  out.plan = std::move(plan);
  const std::lock_guard lock(mutex_);
  while (previews_.size() >= previews_max) {
    previews_.erase(std::min_element(previews_.begin(), previews_.end(),
                                     [](const auto& a, const auto& b) { return a.second.at < b.second.at; }));
  }
  previews_[out.id] = std::move(kept);
  return out;
}

Result<Proposed> Syncs::apply(const Caller& caller, const SourceId& id, std::string_view preview,
                              const std::set<std::string>& skip) {
  Kept kept;
  {
    const std::lock_guard lock(mutex_);
    const auto found = previews_.find(std::string(preview));
    if (found == previews_.end() || found->second.source != id) return Error(sync_outdated);
    kept = found->second;
  }
  const Time now = d_.clock.now();
  if (now < kept.at || now - kept.at > preview_lifetime) return Error(sync_outdated);
  // One password for all who are new, which nobody knows and nobody keeps: they sign in through the source alone, until
  // somebody issues them one.
  std::array<std::uint8_t, 32> secret{};
  d_.random.fill(secret);
  LUY_TRY(const std::string hash, hasher_.hash(to_base64url(as_text(secret))));
  LUY_TRY(const auto plan, d_.database.read([&](Connection& c) -> Result<SyncPlan> {
    LUY_TRY(const SignSource source, load_source(c, id));
    LUY_TRY_VOID(require_source(c, caller, source.settings.agency));
    return plan_sync(c, source, kept.entries, day_of(now));
  }));
  array entries;
  for (const SyncEntry& one : kept.entries) entries.push_back(to_json(one));
  array accounts;
  for (const SyncItem& item : plan.items) {
    if (!item.person || skip.contains(item.subject) || !item.decides) continue;
    LUY_TRY(const auto theirs, d_.directory.people().accounts(*item.person));
    for (const Account& one : theirs) accounts.emplace_back(one.id.text());
  }
  object body{{"source", id.text()},
              {"digest", kept.digest},
              {"hash", hash},
              {"skip", array(skip.begin(), skip.end())},
              {"entries", std::move(entries)},
              {"accounts", std::move(accounts)}};
  if (plan.takes_two(skip)) {
    LUY_TRY(const SignSource source, d_.directory.federation().find(id));
    body["two"] = true;
    return d_.directory.acts().propose(caller, "source_sync", body, source.settings.agency);
  }
  body["two"] = false;
  auto done = d_.directory.audit().perform(caller, {"source_sync", "source:" + id.text(), Outcome::done, "", {}, {}},
                                           [&](Connection& c, AuditEntry& entry) -> Result<Proposed> {
                                             LUY_TRY(object result, run(c, caller, body, entry));
                                             return Proposed{true, std::nullopt, std::move(result)};
                                           });
  if (done && d_.applied) d_.applied();
  return done;
}

namespace {

// One sync under way, inside its transaction.
class Deeds {
 public:
  Deeds(Connection& c, const Caller& caller, Directory& directory, const SourceId& source, const Clock& clock,
        Random& random)
      : c_(c), caller_(caller), directory_(directory), source_(source), clock_(clock), random_(random) {}

  Result<void> create(const SyncItem& item, const std::string& hash) {
    LUY_TRY_VOID(require_at(c_, caller_, Action::person_manage, item.agency));
    LUY_TRY_VOID(require_at(c_, caller_, Action::account_manage, item.agency));
    const Time now = clock_.now();
    LUY_TRY(StoredAccount stored, new_account({item.agency, item.name, item.entry.username, {}}, hash, now, random_));
    Account& account = stored.account;
    account.must_change_password = false;
    account.one_time_until.reset();
    Person person{account.person, item.agency, item.name, item.entry.position, item.entry.mail};
    person.external = ExternalKey{source_.text(), item.subject};
    person.since = day_of(now);
    LUY_TRY_VOID(check_person(person));
    LUY_TRY_VOID(insert_person(c_, person));
    LUY_TRY_VOID(insert_account(c_, stored));
    FederatedIdentity identity;
    identity.source = source_;
    identity.subject = item.subject;
    identity.account = account.id;
    identity.linked_at = now;
    LUY_TRY_VOID(insert_identity(c_, identity));
    AuditEntry entry{"account_create", "account:" + account.id.text(), Outcome::done, "", {}, as_json(account)};
    entry.after["source"] = source_.text();
    return directory_.audit().note(c_, caller_, entry);
  }

  Result<void> change(const SyncItem& item) {
    LUY_TRY(const Person before, load_person(c_, *item.person));
    LUY_TRY_VOID(require_at(c_, caller_, Action::person_manage, before.agency));
    Person after = before;
    if (!item.entry.name.empty()) after.name = item.entry.name;
    if (!item.entry.mail.empty()) after.email = item.entry.mail;
    if (!item.entry.position.empty()) after.position = item.entry.position;
    LUY_TRY_VOID(check_person(after));
    LUY_TRY_VOID(store_person(c_, after));
    return directory_.audit().note(
        c_, caller_,
        {"person_change", "person:" + after.id.text(), Outcome::done, "", as_json(before), as_json(after)});
  }

  Result<void> leave(const SyncItem& item) {
    LUY_TRY_VOID(directory_.people().begin_leave(c_, caller_, *item.person, day_of(clock_.now())));
    return {};
  }

  Result<void> link(const SyncItem& item) {
    FederatedIdentity wanted;
    wanted.source = source_;
    wanted.subject = item.subject;
    wanted.account = *item.account;
    AuditEntry entry{"identity_link", "", Outcome::done, "", {}, {}};
    LUY_TRY_VOID(directory_.federation().link_in(c_, caller_, wanted, entry));
    return directory_.audit().note(c_, caller_, entry);
  }

 private:
  Connection& c_;
  const Caller& caller_;
  Directory& directory_;
  const SourceId source_;
  const Clock& clock_;
  Random& random_;
};

}  // namespace

Result<object> Syncs::run(Connection& c, const Caller& caller, const object& body, AuditEntry& entry) {
  const SourceId id = SourceId::trusted(text_of(body, "source"));
  entry.object = "source:" + id.text();
  LUY_TRY(const SignSource source, load_source(c, id));
  LUY_TRY_VOID(require_source(c, caller, source.settings.agency));
  std::vector<SyncEntry> entries;
  for (const auto& one : body.at("entries").as_array()) entries.push_back(entry_from(one.as_object()));
  const std::set<std::string> skip = texts_in(body.at("skip").as_array());
  LUY_TRY(const SyncPlan plan, plan_sync(c, source, entries, day_of(d_.clock.now())));
  if (digest_of(plan) != text_of(body, "digest")) return Error(sync_outdated);
  const bool agreed = body.at("two").as_bool();
  if (plan.takes_two(skip) && !agreed) return Error(takes_two_people);
  // Nobody is the second person about themselves.
  std::optional<PersonId> decider;
  if (!caller.agreed_by.empty()) {
    LUY_TRY(const StoredAccount stored, load_account_named(c, caller.agreed_by));
    decider = stored.account.person;
  }
  Deeds deeds(c, caller, d_.directory, id, d_.clock, d_.random);
  array lines;
  for (const SyncItem& item : plan.items) {
    if (item.does == SyncDoes::nothing || item.does == SyncDoes::refuse || skip.contains(item.subject)) continue;
    if (decider && item.person == decider) return Error(same_person);
    if (item.does == SyncDoes::create) LUY_TRY_VOID(deeds.create(item, text_of(body, "hash")));
    if (item.does == SyncDoes::change) LUY_TRY_VOID(deeds.change(item));
    if (item.does == SyncDoes::leave) LUY_TRY_VOID(deeds.leave(item));
    if (item.does == SyncDoes::link) LUY_TRY_VOID(deeds.link(item));
    lines.push_back(object{{"does", name_of(item.does)},
                           {"name", item.name},
                           {"username", item.entry.username},
                           {"subject", item.subject}});
  }
  if (agreed && lines.size() > sync_agreed_max) return Error(sync_too_large, std::to_string(lines.size()));
  LUY_TRY_VOID(c.run("UPDATE sign_source SET last_sync = $1 WHERE id = $2",
                     {to_millis(d_.clock.now()), std::string_view(id.text())}));
  entry.after["source"] = source.settings.name;
  entry.after["done"] = lines.size();
  // Each deed of one person alone has an entry of its own; what two agree to stands in what they agree to.
  if (agreed) entry.after["items"] = std::move(lines);
  return object();
}

}  // namespace luy::directory
