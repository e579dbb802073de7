// What the outbox tells about itself, tries again and forgets.
#include <algorithm>

#include "directory/profile.h"
#include "notice/outbox.h"
#include "notice/store/rows.h"

namespace luy::notice {
namespace {

using directory::AuditEntry;
using records::Connection;
using records::Row;

// Empty for what is no address.
std::string network_of(std::string_view address) {
  const bool six = address.find(':') != std::string_view::npos;
  // An address of IPv4 within IPv6 ends in it.
  const std::size_t last = address.rfind(':');
  std::string_view four = six ? address.substr(last + 1) : address;
  if (four.find('.') != std::string_view::npos) {
    return std::string(four.substr(0, four.rfind('.'))) + ".0/24";
  }
  if (!six) return {};
  std::string out;
  std::size_t groups = 0;
  for (std::size_t at = 0; at < address.size() && groups < 4; ++at) {
    if (address[at] == ':') ++groups;
    if (address.substr(at).starts_with("::")) break;
    if (groups < 4) out += address[at];
  }
  return out + "::/64";
}

Result<std::vector<Notice>> read(Connection& c, std::string_view where, std::initializer_list<records::Param> params) {
  std::vector<Notice> out;
  LUY_TRY_VOID(c.query(std::string(notice_columns) + std::string(where), params,
                       [&](const Row& row) { out.push_back(notice_of(row)); }));
  return out;
}

}  // namespace

Notice notice_of(const Row& row) {
  Notice out;
  out.id = NoticeId::trusted(row.text(0));
  out.channel = row.text(1) == name_of(Channel::mail) ? Channel::mail : Channel::webhook;
  out.person = PersonId::parse(row.text(2));
  out.webhook = WebhookId::parse(row.text(3));
  out.state = state_from_name(row.text(4)).value_or(State::failed);
  out.digest = row.integer(5) != 0;
  out.created_at = from_micros(row.integer(6));
  out.since = from_micros(row.integer(7));
  out.attempts = row.integer(8);
  out.next_at = from_micros(row.integer(9));
  if (const auto done = row.maybe_integer(10)) out.done_at = from_micros(*done);
  out.problem = {std::string(row.text(11)), std::string(row.text(12))};
  out.event.kind = kind_from_name(row.text(13)).value_or(Kind::finding);
  out.event.agency = AgencyId::trusted(row.text(14));
  out.event.at = from_micros(row.integer(15));
  out.event.title = {std::string(row.text(16)), std::string(row.text(17))};
  out.event.obligation = row.text(18);
  if (const auto due = row.maybe_integer(19)) out.event.due = from_micros(*due);
  out.event.path = row.text(20);
  return out;
}

Result<std::vector<Notice>> Outbox::list(const Filter& filter, const std::function<bool(const Notice&)>& sees) const {
  const std::string state(filter.state ? name_of(*filter.state) : "");
  const std::string webhook = filter.webhook ? filter.webhook->text() : std::string();
  const auto limit = static_cast<std::size_t>(std::min(filter.limit, listed_max));
  LUY_TRY(auto all, d_.database.read([&](Connection& c) {
    return read(c,
                "WHERE ($1 = '' OR i.state = $1) AND ($2 = '' OR i.webhook = $2) ORDER BY i.created_at DESC, i.id DESC "
                "LIMIT $3",
                {std::string_view(state), std::string_view(webhook), std::int64_t{2 * waiting_max}});
  }));
  std::erase_if(all, [&](const Notice& one) { return !sees(one); });
  if (all.size() > limit) all.resize(limit);
  return all;
}

Result<Notice> Outbox::find(const NoticeId& id) const {
  LUY_TRY(auto found,
          d_.database.read([&](Connection& c) { return read(c, "WHERE i.id = $1", {std::string_view(id.text())}); }));
  if (found.empty()) return Error(notice_unknown);
  return std::move(found.front());
}

Result<void> Outbox::retry(const directory::Caller& caller, const NoticeId& id,
                           const std::function<Result<void>(const Notice&)>& may) {
  LUY_TRY(const Notice before, find(id));
  LUY_TRY_VOID(may(before));
  const StandingPointer standing = d_.setup.standing();
  if (before.channel == Channel::mail && !standing->mail_since) return Error(mail_off);
  if (before.webhook) {
    LUY_TRY(const Webhook webhook, d_.setup.webhook(*before.webhook));
    if (!webhook.settings.enabled) return Error(webhook_off);
  }
  return d_.directory.audit().perform(
      caller, {"notice_retry", "notice:" + id.text(), directory::Outcome::done, "", {}, {}},
      [&](Connection& c, AuditEntry&) -> Result<void> {
        const std::int64_t now = to_micros(d_.clock.now());
        LUY_TRY(
            const std::int64_t changed,
            c.run("UPDATE notice_item SET state = 'waiting', done_at = NULL, attempts = 0, since = $1, next_at = $1 "
                  "WHERE id = $2 AND state = 'failed'",
                  {now, std::string_view(id.text())}));
        return changed == 0 ? Result<void>(Error(not_given_up)) : Result<void>();
      });
}

Result<Outbox::Counts> Outbox::counts(Channel channel, const std::optional<WebhookId>& webhook) const {
  const std::string only = webhook ? webhook->text() : std::string();
  return d_.database.read([&](Connection& c) -> Result<Counts> {
    Counts out;
    LUY_TRY_VOID(
        c.query("SELECT state, count(*), max(done_at) FROM notice_item WHERE channel = $1 AND ($2 = '' OR "
                "webhook = $2) GROUP BY state",
                {name_of(channel), std::string_view(only)}, [&](const Row& row) {
                  const auto state = state_from_name(row.text(0));
                  if (state == State::waiting) out.waiting = row.integer(1);
                  if (state == State::failed) out.failed = row.integer(1);
                  if (state == State::sent && !row.null(2)) out.last_sent = from_micros(row.integer(2));
                }));
    // One that waits after an attempt was tried later than anything that is over.
    LUY_TRY_VOID(
        c.query("SELECT problem_vi, problem_en FROM notice_item WHERE channel = $1 AND ($2 = '' OR webhook = "
                "$2) AND (done_at IS NOT NULL OR problem_en <> '') ORDER BY done_at IS NULL DESC, done_at DESC, "
                "next_at DESC LIMIT 1",
                {name_of(channel), std::string_view(only)}, [&](const Row& row) {
                  out.problem = {std::string(row.text(0)), std::string(row.text(1))};
                }));
    return out;
  });
}

Result<bool> Outbox::is_new_place(const AccountId& account, std::string_view address) const {
  const std::string network = network_of(address);
  if (network.empty()) return false;
  return d_.database.read([&](Connection& c) -> Result<bool> {
    bool known = false;
    bool here = false;
    LUY_TRY_VOID(c.query("SELECT network FROM notice_place WHERE account = $1", {std::string_view(account.text())},
                         [&](const Row& row) {
                           known = true;
                           here = here || row.text(0) == network;
                         }));
    return known && !here;
  });
}

Result<void> Outbox::remember_place(const AccountId& account, std::string_view address) {
  const std::string network = network_of(address);
  if (network.empty()) return {};
  return d_.database.write([&](Connection& c) -> Result<void> {
    LUY_TRY_VOID(
        c.run("INSERT INTO notice_place (account, network, first_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
              {std::string_view(account.text()), std::string_view(network), to_micros(d_.clock.now())}));
    return {};
  });
}

Result<void> Outbox::purge() {
  const std::int64_t before = to_micros(d_.clock.now() - kept_days);
  return d_.database.write([&](Connection& c) -> Result<void> {
    LUY_TRY_VOID(c.run("DELETE FROM notice_item WHERE done_at < $1", {before}));
    LUY_TRY_VOID(
        c.run("DELETE FROM notice_event WHERE at < $1 AND NOT EXISTS (SELECT 1 FROM notice_item i WHERE "
              "i.event = notice_event.id)",
              {before}));
    return {};
  });
}

}  // namespace luy::notice
