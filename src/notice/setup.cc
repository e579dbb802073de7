#include "notice/setup.h"

#include <array>

#include "base/encoding.h"
#include "base/log.h"

namespace luy::notice {
namespace {

using boost::json::object;
using directory::ActKind;
using directory::AuditEntry;
using directory::Caller;
using directory::Proposed;
using records::Connection;
using records::Row;

constexpr std::string_view settings_act = "notice_settings";
constexpr std::string_view create_act = "webhook_create";
constexpr std::string_view change_act = "webhook_change";
constexpr std::string_view remove_act = "webhook_remove";

// What a closed channel leaves waiting is told to nobody any more.
constexpr std::string_view close_sql =
    "UPDATE notice_item SET state = 'failed', done_at = $1, problem_vi = $2, problem_en = $3 WHERE state = 'waiting'";

WebhookId webhook_in(const object& body) {
  return WebhookId::trusted(std::string_view(body.at("webhook").as_string()));
}

std::string object_of(const WebhookId& id) {
  return "webhook:" + id.text();
}

boost::json::value parsed(std::string_view text) {
  boost::system::error_code bad;
  boost::json::value out = boost::json::parse(text, bad);
  LUY_CHECK_MSG(!bad, "stored settings are no JSON");
  return out;
}

std::optional<Time> maybe_time(const Row& row, int column) {
  const auto micros = row.maybe_integer(column);
  return micros ? std::optional(from_micros(*micros)) : std::nullopt;
}

Result<Standing> load_standing(Connection& c) {
  Standing out;
  std::optional<Error> broken;
  LUY_TRY_VOID(c.query("SELECT body, changed_at, mail_since FROM notice_setting WHERE id = 1", {}, [&](const Row& row) {
    auto settings = settings_from_json(parsed(row.text(0)));
    if (!settings) broken = settings.error();
    if (settings) out.settings = *std::move(settings);
    out.changed_at = from_micros(row.integer(1));
    out.mail_since = maybe_time(row, 2);
  }));
  LUY_TRY_VOID(c.query("SELECT id, body, since, secret, secret_at, previous, previous_until FROM notice_webhook", {},
                       [&](const Row& row) {
                         auto settings = webhook_from_json(parsed(row.text(1)));
                         if (!settings) broken = settings.error();
                         if (!settings) return;
                         Webhook one;
                         one.id = WebhookId::trusted(row.text(0));
                         one.settings = *std::move(settings);
                         one.since = from_micros(row.integer(2));
                         one.secret = row.text(3);
                         one.secret_at = maybe_time(row, 4);
                         one.previous = row.text(5);
                         one.previous_until = maybe_time(row, 6);
                         out.webhooks.emplace(one.id, std::move(one));
                       }));
  if (broken) return *broken;
  return out;
}

Result<Webhook> load_webhook(Connection& c, const WebhookId& id) {
  LUY_TRY(const Standing all, load_standing(c));
  const auto found = all.webhooks.find(id);
  if (found == all.webhooks.end()) return Error(webhook_unknown);
  return found->second;
}

std::vector<AgencyId> places_of_webhook(const StandingPointer& standing, const object& body) {
  std::vector<AgencyId> out;
  const auto before = standing->webhooks.find(webhook_in(body));
  if (before != standing->webhooks.end()) out.push_back(before->second.settings.agency);
  if (const auto* wanted = body.if_contains("settings")) {
    if (const auto settings = webhook_from_json(*wanted)) out.push_back(settings->agency);
  }
  return out;
}

}  // namespace

std::vector<std::string> Webhook::secrets(Time now) const {
  std::vector<std::string> out;
  if (!secret.empty()) out.push_back(secret);
  if (!previous.empty() && previous_until && now < *previous_until) out.push_back(previous);
  return out;
}

Result<std::unique_ptr<Setup>> Setup::open(Dependencies dependencies) {
  std::unique_ptr<Setup> setup(new Setup(std::move(dependencies)));
  LUY_TRY_VOID(setup->load());
  setup->register_acts();
  return setup;
}

Result<void> Setup::load() {
  LUY_TRY(Standing now, d_.database.read([](Connection& c) { return load_standing(c); }));
  auto shared = std::make_shared<const Standing>(std::move(now));
  const std::lock_guard lock(mutex_);
  standing_ = std::move(shared);
  return {};
}

void Setup::reload() {
  if (const auto done = load(); !done) log(LogLevel::error, "notice", done.error().text());
  if (d_.changed) d_.changed();
}

StandingPointer Setup::standing() const {
  const std::lock_guard lock(mutex_);
  return standing_;
}

Result<Webhook> Setup::webhook(const WebhookId& id) const {
  const StandingPointer now = standing();
  const auto found = now->webhooks.find(id);
  if (found == now->webhooks.end()) return Error(webhook_unknown);
  return found->second;
}

Result<void> Setup::require(const Caller& caller, const AgencyId& agency) const {
  auto chain = d_.lineage(agency);
  if (chain.empty()) return Error(directory::agency_unknown);
  return caller.require(directory::Action::notice_manage, {std::move(chain), std::nullopt, false});
}

Result<void> Setup::store_settings(Connection& c, const Settings& wanted, AuditEntry& entry) const {
  LUY_TRY(const Standing before, load_standing(c));
  entry.object = "notice:settings";
  entry.before = to_json(before.settings);
  entry.after = to_json(wanted);
  const Time now = d_.clock.now();
  std::optional<std::int64_t> since;
  if (wanted.sends_mail()) since = to_micros(before.mail_since.value_or(now));
  const std::string body = boost::json::serialize(entry.after);
  LUY_TRY_VOID(
      c.run("INSERT INTO notice_setting (id, body, changed_at, mail_since) VALUES (1, $1, $2, $3) ON CONFLICT "
            "(id) DO UPDATE SET body = excluded.body, changed_at = excluded.changed_at, mail_since = "
            "excluded.mail_since",
            {std::string_view(body), to_micros(now), records::nullable(since)}));
  if (wanted.sends_mail()) return {};
  LUY_TRY_VOID(c.run(std::string(close_sql) + " AND channel = 'mail'", {to_micros(now), mail_off.vi, mail_off.en}));
  return {};
}

Result<void> Setup::store_webhook(Connection& c, const Caller& caller, const WebhookId& id,
                                  const WebhookSettings& wanted, bool fresh, AuditEntry& entry) const {
  LUY_TRY_VOID(require(caller, wanted.agency));
  LUY_TRY(const Standing all, load_standing(c));
  entry.object = object_of(id);
  entry.after = to_json(wanted);
  const auto before = all.webhooks.find(id);
  if (!fresh && before == all.webhooks.end()) return Error(webhook_unknown);
  const Time now = d_.clock.now();
  Time since = now;
  if (!fresh) {
    LUY_TRY_VOID(require(caller, before->second.settings.agency));
    entry.before = to_json(before->second.settings);
    if (before->second.settings.enabled) since = before->second.since;
  }
  if (fresh && all.webhooks.size() >= webhooks_max) return Error(webhooks_too_many);
  const auto url = webhook_url(wanted.url);
  if (!url) return Error(settings_invalid, wanted.url);
  // One that is only switched off may name a host that is allowed no more.
  if (wanted.enabled && allowed_host(all.settings, url->host) == nullptr) return Error(host_not_allowed, url->host);
  const std::string body = boost::json::serialize(entry.after);
  LUY_TRY_VOID(
      c.run("INSERT INTO notice_webhook (id, body, since) VALUES ($1, $2, $3) ON CONFLICT (id) DO UPDATE SET "
            "body = excluded.body, since = excluded.since",
            {std::string_view(id.text()), std::string_view(body), to_micros(since)}));
  if (wanted.enabled) return {};
  LUY_TRY_VOID(c.run(std::string(close_sql) + " AND webhook = $4",
                     {to_micros(now), webhook_off.vi, webhook_off.en, std::string_view(id.text())}));
  return {};
}

Result<void> Setup::remove_webhook(Connection& c, const Caller& caller, const WebhookId& id, AuditEntry& entry) const {
  LUY_TRY(const Webhook before, load_webhook(c, id));
  LUY_TRY_VOID(require(caller, before.settings.agency));
  entry.object = object_of(id);
  entry.before = to_json(before.settings);
  LUY_TRY_VOID(c.run("DELETE FROM notice_webhook WHERE id = $1", {std::string_view(id.text())}));
  LUY_TRY_VOID(c.run("DELETE FROM notice_item WHERE webhook = $1", {std::string_view(id.text())}));
  return {};
}

void Setup::register_acts() {
  const auto hub_may = [this](const Caller& caller) {
    return caller.require(directory::Action::notice_manage, d_.hub_object());
  };
  const auto places = [this](Connection&, const object& body) -> Result<std::vector<AgencyId>> {
    return places_of_webhook(standing(), body);
  };
  const auto add = [this](std::string_view name, decltype(ActKind::run) run, decltype(ActKind::places) where) {
    d_.directory.acts().add_kind(std::string(name), {directory::Action::notice_manage, std::move(run), std::move(where),
                                                     false, [this] { reload(); }});
  };
  add(settings_act,
      [this, hub_may](Connection& c, const Caller& caller, const object& body, AuditEntry& entry) -> Result<object> {
        LUY_TRY_VOID(hub_may(caller));
        LUY_TRY(const Settings wanted, settings_from_json(body.at("settings")));
        LUY_TRY_VOID(store_settings(c, wanted, entry));
        return object();
      },
      {});
  for (const bool fresh : {true, false}) {
    add(
        fresh ? create_act : change_act,
        [this, fresh](Connection& c, const Caller& caller, const object& body, AuditEntry& entry) -> Result<object> {
          LUY_TRY(const WebhookSettings wanted, webhook_from_json(body.at("settings")));
          LUY_TRY_VOID(store_webhook(c, caller, webhook_in(body), wanted, fresh, entry));
          return object();
        },
        places);
  }
  add(
      remove_act,
      [this](Connection& c, const Caller& caller, const object& body, AuditEntry& entry) -> Result<object> {
        LUY_TRY_VOID(remove_webhook(c, caller, webhook_in(body), entry));
        return object();
      },
      places);
}

Result<Proposed> Setup::propose(const Caller& caller, const Settings& wanted) {
  const directory::Object place = d_.hub_object();
  if (place.agencies.empty()) return Error(directory::agency_unknown);
  Settings off = standing()->settings;
  if (off.mail) off.mail->enabled = false;
  if (wanted == off && wanted != standing()->settings) {
    const auto done = d_.directory.audit().perform(
        caller, {std::string(settings_act), "notice:settings", directory::Outcome::done, "", {}, {}},
        [&](Connection& c, AuditEntry& entry) -> Result<void> {
          LUY_TRY_VOID(caller.require(directory::Action::notice_manage, place));
          return store_settings(c, wanted, entry);
        });
    if (!done) return done.error();
    reload();
    return Proposed{true, std::nullopt, {}};
  }
  return d_.directory.acts().propose(caller, settings_act, {{"settings", to_json(wanted)}}, place.agencies.front());
}

Result<Setup::ProposedWebhook> Setup::propose_webhook(const Caller& caller, const WebhookSettings& wanted) {
  const WebhookId id = WebhookId::make(d_.clock.now(), d_.random);
  LUY_TRY(Proposed proposed,
          d_.directory.acts().propose(caller, create_act, {{"webhook", id.text()}, {"settings", to_json(wanted)}},
                                      wanted.agency));
  return ProposedWebhook{std::move(proposed), id};
}

Result<Setup::ProposedWebhook> Setup::propose_change(const Caller& caller, const WebhookId& id,
                                                     const WebhookSettings& wanted) {
  LUY_TRY(const Webhook before, webhook(id));
  WebhookSettings off = before.settings;
  off.enabled = false;
  if (wanted == off && before.settings.enabled) {
    LUY_TRY_VOID(d_.directory.audit().perform(
        caller, {std::string(change_act), object_of(id), directory::Outcome::done, "", {}, {}},
        [&](Connection& c, AuditEntry& entry) { return store_webhook(c, caller, id, wanted, false, entry); }));
    reload();
    return ProposedWebhook{{true, std::nullopt, {}}, id};
  }
  LUY_TRY(Proposed proposed,
          d_.directory.acts().propose(caller, change_act, {{"webhook", id.text()}, {"settings", to_json(wanted)}},
                                      before.settings.agency));
  return ProposedWebhook{std::move(proposed), id};
}

Result<Proposed> Setup::propose_removal(const Caller& caller, const WebhookId& id) {
  LUY_TRY(const Webhook before, webhook(id));
  return d_.directory.acts().propose(caller, remove_act, {{"webhook", id.text()}}, before.settings.agency);
}

Result<Webhook> Setup::renew_secret(const Caller& caller, const WebhookId& id) {
  std::array<std::uint8_t, 32> bytes{};
  d_.random.fill(bytes);
  const std::string secret = "luywhs_" + to_base64url(as_text(bytes));
  const Time now = d_.clock.now();
  auto renewed = d_.directory.audit().perform(
      caller, {"webhook_secret", object_of(id), directory::Outcome::done, "", {}, {}},
      [&](Connection& c, AuditEntry&) -> Result<Webhook> {
        LUY_TRY(Webhook one, load_webhook(c, id));
        LUY_TRY_VOID(require(caller, one.settings.agency));
        // The first secret opens the webhook: what happened before is not told.
        if (one.secret.empty()) one.since = now;
        one.previous = std::exchange(one.secret, secret);
        one.secret_at = now;
        one.previous_until.reset();
        if (!one.previous.empty()) one.previous_until = now + previous_secret_lifetime;
        std::optional<std::int64_t> until;
        if (one.previous_until) until = to_micros(*one.previous_until);
        LUY_TRY_VOID(
            c.run("UPDATE notice_webhook SET secret = $1, secret_at = $2, previous = $3, previous_until = $4, "
                  "since = $5 WHERE id = $6",
                  {std::string_view(one.secret), to_micros(now), std::string_view(one.previous),
                   records::nullable(until), to_micros(one.since), std::string_view(id.text())}));
        return one;
      });
  if (renewed) reload();
  return renewed;
}

}  // namespace luy::notice
