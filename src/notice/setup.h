// What two people set up: the mail server, official domains, hosts of webhooks, and webhooks with their secrets. Kept
// in the records, read from memory. Whoever could change it alone could send what the town knows anywhere; whoever
// could switch it off alone is heard in the audit trail, so that much one person may do.
//
// Threads: every function from any thread.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/random.h"
#include "directory/directory.h"
#include "notice/settings.h"
#include "records/database.h"

namespace luy::notice {

// For so long calls carry a signature by the secret before, too.
inline constexpr std::chrono::hours previous_secret_lifetime{24};

struct Webhook {
  WebhookId id;
  WebhookSettings settings;
  Time since;  // What happened before is not told.
  std::string secret{};
  std::optional<Time> secret_at{};
  std::string previous{};
  std::optional<Time> previous_until{};
  // The one it signs with now, and the one before while it counts.
  std::vector<std::string> secrets(Time now) const;
};

// Everything at one moment.
struct Standing {
  Settings settings;
  std::optional<Time> changed_at;
  std::optional<Time> mail_since;  // Set while mail is on.
  std::map<WebhookId, Webhook> webhooks;
};
using StandingPointer = std::shared_ptr<const Standing>;

class Setup {
 public:
  struct Dependencies {
    records::Database& database;
    directory::Directory& directory;
    const Clock& clock;
    Random& random;
    // The agency itself and its superiors, nearest first; empty for one that is not known.
    std::function<std::vector<AgencyId>(const AgencyId&)> lineage;
    // Where what is the hub's own stands.
    std::function<directory::Object()> hub_object;
    std::function<void()> changed;  // After a commit; any thread.
  };
  // Registers its kinds of act for two people. Errors: those of the database.
  static Result<std::unique_ptr<Setup>> open(Dependencies dependencies);

  StandingPointer standing() const;
  // Errors: webhook_unknown.
  Result<Webhook> webhook(const WebhookId& id) const;

  // Needs notice_manage where the hub stands. Nothing but mail switched off happens at once. Errors: the policy's,
  // those of the act.
  Result<directory::Proposed> propose(const directory::Caller& caller, const Settings& wanted);
  // Each needs notice_manage on the webhook's agency, before and after. Nothing but switching one off happens at once.
  // Errors: the policy's, agency_unknown, host_not_allowed, webhooks_too_many, webhook_unknown.
  struct ProposedWebhook {
    directory::Proposed proposed;
    WebhookId webhook;
  };
  Result<ProposedWebhook> propose_webhook(const directory::Caller& caller, const WebhookSettings& wanted);
  Result<ProposedWebhook> propose_change(const directory::Caller& caller, const WebhookId& id,
                                         const WebhookSettings& wanted);
  Result<directory::Proposed> propose_removal(const directory::Caller& caller, const WebhookId& id);
  // A new secret; told this once. By one person: it lets nobody read anything. Errors: the policy's, webhook_unknown.
  Result<Webhook> renew_secret(const directory::Caller& caller, const WebhookId& id);

 private:
  explicit Setup(Dependencies dependencies) : d_(std::move(dependencies)) {}
  void register_acts();
  Result<void> load();
  void reload();
  Result<void> require(const directory::Caller& caller, const AgencyId& agency) const;
  Result<void> store_settings(records::Connection& c, const Settings& wanted, directory::AuditEntry& entry) const;
  Result<void> store_webhook(records::Connection& c, const directory::Caller& caller, const WebhookId& id,
                             const WebhookSettings& wanted, bool fresh, directory::AuditEntry& entry) const;
  Result<void> remove_webhook(records::Connection& c, const directory::Caller& caller, const WebhookId& id,
                              directory::AuditEntry& entry) const;

  const Dependencies d_;
  mutable std::mutex mutex_;  // Guards the pointer.
  StandingPointer standing_;
};

// The tables of this module.
std::span<const records::Migration> migrations();

}  // namespace luy::notice
