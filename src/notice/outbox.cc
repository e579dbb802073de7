#include "notice/outbox.h"

#include <algorithm>
#include <array>
#include <map>

#include "directory/profile.h"
#include "notice/store/rows.h"

namespace luy::notice {
namespace {

using directory::AuditEntry;
using records::Connection;
using records::Row;

constexpr std::string_view morning = "07:30";

// "07:30" after midnight.
Duration clock_of(std::string_view text) {
  const auto digit = [&](std::size_t at) { return at < text.size() ? text[at] - '0' : 0; };
  return std::chrono::hours(10 * digit(0) + digit(1)) + std::chrono::minutes(10 * digit(3) + digit(4));
}

Result<std::int64_t> number_of(Connection& c, std::string_view sql, std::initializer_list<records::Param> params) {
  std::int64_t out = 0;
  LUY_TRY_VOID(c.query(sql, params, [&](const Row& row) { out = row.integer(0); }));
  return out;
}

Result<std::map<Kind, How>> load_choices(Connection& c, const PersonId& person) {
  std::map<Kind, How> out;
  LUY_TRY_VOID(c.query("SELECT kind, how FROM notice_choice WHERE person = $1", {std::string_view(person.text())},
                       [&](const Row& row) {
                         const auto kind = kind_from_name(row.text(0));
                         const auto how = how_from_name(row.text(1));
                         if (kind && how) out[*kind] = *how;
                       }));
  return out;
}

Result<Language> load_language(Connection& c, const PersonId& person) {
  Language out = Language::vi;
  LUY_TRY_VOID(c.query("SELECT language FROM notice_language WHERE person = $1", {std::string_view(person.text())},
                       [&](const Row& row) { out = language_from_name(row.text(0)).value_or(Language::vi); }));
  return out;
}

How chosen(const std::map<Kind, How>& choices, Kind kind) {
  if (is_fixed(kind)) return How::at_once;
  const auto found = choices.find(kind);
  return found == choices.end() ? default_of(kind) : found->second;
}

// The agency's own hours, or those of the nearest above it that has some.
Result<std::vector<directory::WorkingSpan>> hours_of(Connection& c, const std::vector<AgencyId>& lineage) {
  for (const AgencyId& one : lineage) {
    LUY_TRY(directory::AgencyProfile profile, directory::load_profile(c, one));
    if (!profile.hours.empty()) return std::move(profile.hours);
  }
  return std::vector<directory::WorkingSpan>();
}

Result<void> insert_item(Connection& c, const NoticeId& id, const NoticeId& event, Channel channel,
                         const std::string& to, bool digest, Time now, Time since) {
  const records::Param person = channel == Channel::mail ? records::Param(std::string_view(to)) : records::Null{};
  const records::Param webhook = channel == Channel::webhook ? records::Param(std::string_view(to)) : records::Null{};
  LUY_TRY_VOID(
      c.run("INSERT INTO notice_item (id, event, channel, person, webhook, state, digest, created_at, since, "
            "attempts, next_at, problem_vi, problem_en) VALUES ($1, $2, $3, $4, $5, 'waiting', $6, $7, $8, 0, "
            "$8, '', '')",
            {std::string_view(id.text()), std::string_view(event.text()), name_of(channel), person, webhook,
             std::int64_t{digest ? 1 : 0}, to_micros(now), to_micros(since)}));
  return {};
}

std::string of_webhook(const std::optional<WebhookId>& webhook) {
  return webhook ? webhook->text() : std::string();
}

}  // namespace

Time digest_time(Time now, const std::vector<directory::WorkingSpan>& hours) {
  for (Day day = day_of(now); day <= day_of(now) + days(7); day += days(1)) {
    const auto weekday = static_cast<int>(std::chrono::weekday(day).iso_encoding());
    std::optional<std::string_view> begin;
    if (hours.empty() && weekday <= 5) begin = morning;
    for (const directory::WorkingSpan& span : hours) {
      if (span.weekday == weekday && (!begin || span.from < *begin)) begin = span.from;
    }
    if (!begin) continue;
    const Time at = day_begin(day) + clock_of(*begin);
    if (at >= now) return at;
  }
  return now + days(7);
}

// When a mail goes to the person; nullopt: none does.
Result<std::optional<Time>> Outbox::mail_time(Connection& c, const Event& event, const PersonId& id,
                                              const Standing& standing, bool& digest) const {
  const auto person = directory::People::find_in(c, id);
  // Somebody who is no more, or whose record became another's, is told nothing.
  if (!person || person->state == directory::PersonState::gone) return std::optional<Time>();
  if (!is_official(standing.settings, person->email)) return std::optional<Time>();
  LUY_TRY(const auto choices, load_choices(c, id));
  const How how = chosen(choices, event.kind);
  if (how == How::none) return std::optional<Time>();
  digest = how == How::digest;
  const Time now = d_.clock.now();
  if (digest) {
    LUY_TRY(const auto hours, hours_of(c, d_.lineage(person->agency)));
    return std::optional(digest_time(now, hours));
  }
  if (!comes_in_floods(event.kind)) return std::optional(now);
  LUY_TRY(
      const std::int64_t last,
      number_of(c,
                "SELECT coalesce(max(done_at), 0) FROM notice_item WHERE person = $1 AND state = 'sent' AND digest = 0",
                {std::string_view(id.text())}));
  return std::optional(std::max(now, std::min(now + pace_pause, from_micros(last) + pace_pause)));
}

Result<std::size_t> Outbox::tell_one(Connection& c, const Event& event, const Standing& standing) {
  const Time now = d_.clock.now();
  const NoticeId id = NoticeId::make(now, d_.random);
  std::optional<std::int64_t> due;
  if (event.due) due = to_micros(*event.due);
  LUY_CHECK(event.key.size() <= key_bytes_max);
  LUY_TRY(
      const std::int64_t fresh,
      c.run("INSERT INTO notice_event (id, key, kind, agency, at, title_vi, title_en, obligation, due, path) VALUES "
            "($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT DO NOTHING",
            {std::string_view(id.text()), std::string_view(event.key), name_of(event.kind),
             std::string_view(event.agency.text()), to_micros(event.at), std::string_view(event.title.vi),
             std::string_view(event.title.en), std::string_view(event.obligation), records::nullable(due),
             std::string_view(event.path)}));
  if (fresh == 0) return std::size_t{0};
  std::size_t left = 0;
  if (standing.mail_since && event.at >= *standing.mail_since) {
    const std::set<PersonId> people(event.to.begin(), event.to.end());
    for (const PersonId& person : people) {
      bool digest = false;
      LUY_TRY(const auto at, mail_time(c, event, person, standing, digest));
      if (!at) continue;
      LUY_TRY_VOID(insert_item(c, NoticeId::make(now, d_.random), id, Channel::mail, person.text(), digest, now, *at));
      ++left;
    }
  }
  const std::vector<AgencyId> lineage = d_.lineage(event.agency);
  for (const auto& [webhook, one] : standing.webhooks) {
    const auto& kinds = one.settings.kinds;
    const bool wants = one.settings.enabled && !one.secret.empty() && event.at >= one.since &&
                       std::find(kinds.begin(), kinds.end(), event.kind) != kinds.end() &&
                       std::find(lineage.begin(), lineage.end(), one.settings.agency) != lineage.end();
    if (!wants) continue;
    LUY_TRY_VOID(insert_item(c, NoticeId::make(now, d_.random), id, Channel::webhook, webhook.text(), false, now, now));
    ++left;
  }
  return left;
}

Result<std::size_t> Outbox::tell(std::span<const Event> events) {
  const StandingPointer standing = d_.setup.standing();
  if (events.empty() || (!standing->mail_since && standing->webhooks.empty())) return std::size_t{0};
  return d_.database.write([&](Connection& c) -> Result<std::size_t> {
    for (const Channel channel : {Channel::mail, Channel::webhook}) {
      LUY_TRY(const std::int64_t waiting,
              number_of(c, "SELECT count(*) FROM notice_item WHERE state = 'waiting' AND channel = $1",
                        {name_of(channel)}));
      if (waiting >= waiting_max) return Error(outbox_full, std::string(name_of(channel)));
    }
    std::size_t left = 0;
    for (const Event& event : events) {
      LUY_TRY(const std::size_t more, tell_one(c, event, *standing));
      left += more;
    }
    return left;
  });
}

Result<std::vector<Outbox::Choice>> Outbox::choices(const PersonId& person) const {
  LUY_TRY(const auto known, d_.database.read([&](Connection& c) { return load_choices(c, person); }));
  std::vector<Choice> out;
  for (std::size_t i = 0; i < kind_count; ++i) {
    const auto kind = static_cast<Kind>(i);
    out.push_back({kind, chosen(known, kind)});
  }
  return out;
}

Result<void> Outbox::choose(const directory::Caller& caller, const PersonId& person,
                            const std::vector<Choice>& wanted) {
  return d_.directory.audit().perform(
      caller, {"notice_choose", "person:" + person.text(), directory::Outcome::done, "", {}, {}},
      [&](Connection& c, AuditEntry& entry) -> Result<void> {
        LUY_TRY(const auto before, load_choices(c, person));
        for (const Choice& one : wanted) {
          if (is_fixed(one.kind) && one.how != How::at_once) return Error(kind_fixed, std::string(name_of(one.kind)));
          if (is_fixed(one.kind)) continue;
          entry.before[name_of(one.kind)] = name_of(chosen(before, one.kind));
          entry.after[name_of(one.kind)] = name_of(one.how);
          LUY_TRY_VOID(
              c.run("INSERT INTO notice_choice (person, kind, how) VALUES ($1, $2, $3) ON CONFLICT (person, "
                    "kind) DO UPDATE SET how = excluded.how",
                    {std::string_view(person.text()), name_of(one.kind), name_of(one.how)}));
        }
        return {};
      });
}

Result<Language> Outbox::language(const PersonId& person) const {
  return d_.database.read([&](Connection& c) { return load_language(c, person); });
}

Result<void> Outbox::choose(const directory::Caller& caller, const PersonId& person, Language wanted) {
  return d_.directory.audit().perform(
      caller, {"notice_choose", "person:" + person.text(), directory::Outcome::done, "", {}, {}},
      [&](Connection& c, AuditEntry& entry) -> Result<void> {
        LUY_TRY(const Language before, load_language(c, person));
        entry.before["language"] = name_of(before);
        entry.after["language"] = name_of(wanted);
        LUY_TRY_VOID(
            c.run("INSERT INTO notice_language (person, language) VALUES ($1, $2) ON CONFLICT (person) DO UPDATE SET "
                  "language = excluded.language",
                  {std::string_view(person.text()), name_of(wanted)}));
        return {};
      });
}

Result<Time> Outbox::next_digest(const PersonId& person) const {
  return d_.database.read([&](Connection& c) -> Result<Time> {
    LUY_TRY(const directory::Person found, directory::People::find_in(c, person));
    LUY_TRY(const auto hours, hours_of(c, d_.lineage(found.agency)));
    return digest_time(d_.clock.now(), hours);
  });
}

Result<std::vector<Notice>> Outbox::due_mail() const {
  return d_.database.read([&](Connection& c) -> Result<std::vector<Notice>> {
    std::vector<Notice> out;
    std::string person;
    std::int64_t digest = 0;
    const std::int64_t now = to_micros(d_.clock.now());
    LUY_TRY_VOID(
        c.query("SELECT person, digest FROM notice_item WHERE state = 'waiting' AND channel = 'mail' AND "
                "next_at <= $1 ORDER BY next_at, id LIMIT 1",
                {now}, [&](const Row& row) {
                  person = row.text(0);
                  digest = row.integer(1);
                }));
    if (person.empty()) return out;
    LUY_TRY_VOID(c.query(std::string(notice_columns) +
                             "WHERE i.state = 'waiting' AND i.channel = 'mail' AND i.person = $1 AND i.digest = $2 AND "
                             "i.next_at <= $3 ORDER BY e.at, i.id LIMIT $4",
                         {std::string_view(person), digest, now, mail_items_max},
                         [&](const Row& row) { out.push_back(notice_of(row)); }));
    return out;
  });
}

Result<std::vector<Notice>> Outbox::due_call() const {
  return d_.database.read([&](Connection& c) -> Result<std::vector<Notice>> {
    std::vector<Notice> out;
    LUY_TRY_VOID(c.query(std::string(notice_columns) +
                             "WHERE i.state = 'waiting' AND i.channel = 'webhook' AND i.next_at <= $1 ORDER BY "
                             "i.next_at, i.id LIMIT 1",
                         {to_micros(d_.clock.now())}, [&](const Row& row) { out.push_back(notice_of(row)); }));
    return out;
  });
}

Result<std::optional<Time>> Outbox::next_due(Channel channel) const {
  return d_.database.read([&](Connection& c) -> Result<std::optional<Time>> {
    std::optional<Time> out;
    LUY_TRY_VOID(c.query("SELECT min(next_at) FROM notice_item WHERE state = 'waiting' AND channel = $1",
                         {name_of(channel)}, [&](const Row& row) {
                           if (!row.null(0)) out = from_micros(row.integer(0));
                         }));
    return out;
  });
}

Result<void> Outbox::sent(std::span<const Notice> notices) {
  return d_.database.write([&](Connection& c) -> Result<void> {
    for (const Notice& one : notices) {
      LUY_TRY_VOID(
          c.run("UPDATE notice_item SET state = 'sent', done_at = $1, attempts = attempts + 1, problem_vi = '', "
                "problem_en = '' WHERE id = $2",
                {to_micros(d_.clock.now()), std::string_view(one.id.text())}));
    }
    return {};
  });
}

Result<void> Outbox::failed(std::span<const Notice> notices, const Error& problem, bool for_good) {
  const Time now = d_.clock.now();
  std::int64_t attempts = 0;
  for (const Notice& one : notices) attempts = std::max(attempts, one.attempts + 1);
  bool told = false;
  const auto written = d_.database.write([&](Connection& c) -> Result<void> {
    for (const Notice& one : notices) {
      const bool over = for_good || now - one.since >= give_up_after;
      std::optional<std::int64_t> done;
      if (over) done = to_micros(now);
      const std::string vi = problem.vi();
      const std::string en = problem.en();
      LUY_TRY(const std::int64_t changed,
              c.run("UPDATE notice_item SET state = $1, done_at = $2, attempts = $3, next_at = $4, problem_vi = $5, "
                    "problem_en = $6 WHERE id = $7 AND state = 'waiting'",
                    {name_of(over ? State::failed : State::waiting), records::nullable(done), attempts,
                     to_micros(now + pause_after(attempts)), std::string_view(vi), std::string_view(en),
                     std::string_view(one.id.text())}));
      if (!over || changed == 0) continue;
      AuditEntry entry{
          "notice_give_up", "notice:" + one.id.text(), directory::Outcome::failed, std::string(problem.name()), {}, {}};
      entry.after = {{"channel", name_of(one.channel)}, {"kind", name_of(one.event.kind)}};
      if (one.person) entry.after["person"] = one.person->text();
      if (one.webhook) entry.after["webhook"] = one.webhook->text();
      LUY_TRY_VOID(d_.directory.audit().note(c, directory::server_operator(), entry));
      told = true;
    }
    return {};
  });
  if (!written || !told) return written;
  const auto delivered = d_.directory.audit().deliver();
  return delivered ? Result<void>() : Result<void>(delivered.error());
}

Result<void> Outbox::postpone(Channel channel, const std::optional<WebhookId>& webhook, Time until) {
  const std::string only = of_webhook(webhook);
  return d_.database.write([&](Connection& c) -> Result<void> {
    LUY_TRY_VOID(
        c.run("UPDATE notice_item SET next_at = $1 WHERE state = 'waiting' AND channel = $2 AND next_at < $1 "
              "AND ($3 = '' OR webhook = $3)",
              {to_micros(until), name_of(channel), std::string_view(only)}));
    return {};
  });
}

Result<void> Outbox::resume(Channel channel, const std::optional<WebhookId>& webhook) {
  const std::string only = of_webhook(webhook);
  return d_.database.write([&](Connection& c) -> Result<void> {
    LUY_TRY_VOID(
        c.run("UPDATE notice_item SET next_at = $1 WHERE state = 'waiting' AND channel = $2 AND since <= $1 "
              "AND next_at > $1 AND ($3 = '' OR webhook = $3)",
              {to_micros(d_.clock.now()), name_of(channel), std::string_view(only)}));
    return {};
  });
}

}  // namespace luy::notice
