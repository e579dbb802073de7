#include "hub/alarm_api.h"

#include <algorithm>
#include <array>
#include <map>
#include <memory>

#include "base/utf8.h"

namespace luy::hub {
namespace {

namespace json = boost::json;
using api::Request;
using api::Response;
using directory::Action;
using finding::Finding;

constexpr std::string_view account_prefix = "account:";

// What rang, as the finding's key tells it: "account|<act>|<object>" (hub/alarm.h, finding/book.h).
struct Rung {
  std::string_view act;
  std::string_view object;
};
Rung rung_of(const Finding& finding) {
  const std::string_view key(finding.group_key);
  const std::size_t first = key.find('|');
  const std::size_t second = first == std::string_view::npos ? first : key.find('|', first + 1);
  if (second == std::string_view::npos) return {};
  return {key.substr(first + 1, second - first - 1), key.substr(second + 1)};
}

// What an alarm is called, by the act that rang.
struct Kind {
  std::string_view act;
  std::string_view name;
};
constexpr std::array kinds = {Kind{"break_glass_use", "break_glass"}, Kind{"session_two_places", "two_places"}};
constexpr std::string_view other_kind = "rights_taken";

std::string_view kind_of(const Finding& finding) {
  const std::string_view act = rung_of(finding).act;
  for (const Kind& one : kinds) {
    if (one.act == act) return one.name;
  }
  return other_kind;
}

std::optional<AccountId> account_of(const Finding& finding) {
  const std::string_view object = rung_of(finding).object;
  if (!object.starts_with(account_prefix)) return std::nullopt;
  // The book adds to the key of a finding that has grown too large.
  return AccountId::parse(object.substr(account_prefix.size(), id_chars));
}

struct Heard {
  std::uint64_t seq = 0;  // The finding's last event then: what rings later rings again.
  std::string person;
  std::string name;
  std::string note;
  Time at;
};
using HeardAlarms = std::map<std::string, Heard, std::less<>>;

Result<HeardAlarms> load(records::Connection& c) {
  HeardAlarms out;
  LUY_TRY_VOID(c.query("SELECT finding, seq, by_person, by_name, note, at_us FROM hub_alarm_heard", {},
                       [&](const records::Row& row) {
                         out[std::string(row.text(0))] = {static_cast<std::uint64_t>(row.integer(1)),
                                                          std::string(row.text(2)), std::string(row.text(3)),
                                                          std::string(row.text(4)), from_micros(row.integer(5))};
                       }));
  return out;
}

bool is_heard(const Finding& finding, const HeardAlarms& heard) {
  const auto found = heard.find(finding.id.text());
  return found != heard.end() && found->second.seq >= finding.last_seq;
}

class Handlers {
 public:
  explicit Handlers(AlarmApi d) : d_(std::move(d)) {}

  Result<Response> list(const Request& request) const {
    LUY_TRY_VOID(api::authorise(request, Action::act_read, directory::Object::anywhere()));
    LUY_TRY(const HeardAlarms heard, d_.database.read([](records::Connection& c) { return load(c); }));
    std::vector<finding::FindingPointer> all = d_.findings.all();
    std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a->last_seen > b->last_seen; });
    const bool only_open = request.param("open") == "true";
    json::array items;
    for (const finding::FindingPointer& one : all) {
      if (one->kind != finding::Kind::account || (only_open && is_heard(*one, heard))) continue;
      if (directory::may(*request.actor, Action::act_read, place(one->agency)).allowed) {
        items.push_back(alarm_json(*one, heard));
      }
    }
    return api::json(json::object{{"items", std::move(items)}});
  }

  Result<Response> acknowledge(const Request& request) const {
    LUY_TRY(const auto id, request.id_param<finding::FindingId>("alarm", "alarm"));
    const finding::FindingPointer alarm = d_.findings.find(id);
    if (alarm == nullptr || alarm->kind != finding::Kind::account) return Error(alarm_unknown);
    if (!directory::may(*request.actor, Action::act_read, place(alarm->agency)).allowed) {
      return api::hide(request, Action::act_read, "alarm:" + id.text(), Error(alarm_unknown));
    }
    LUY_TRY_VOID(api::authorise(request, Action::act_read, place(alarm->agency)));
    const json::string& given = request.body.as_object().at("note").as_string();
    const std::string note(utf8_front(std::string_view(given.data(), given.size()), alarm_note_bytes_max));
    std::optional<PersonId> about;
    if (const auto account = account_of(*alarm)) {
      const auto found = std::as_const(d_.directory).accounts().find(*account);
      if (found) about = found->person;
    }
    directory::AuditEntry entry;
    entry.act = "alarm_acknowledge";
    entry.object = "finding:" + id.text();
    request.audited = true;
    const auto work = [&](records::Connection& c, directory::AuditEntry& noted) -> Result<HeardAlarms> {
      // An account of theirs, whichever they use now.
      if (about == request.actor->person) return Error(own_alarm);
      LUY_TRY(HeardAlarms heard, load(c));
      if (is_heard(*alarm, heard)) return Error(alarm_heard);
      const Time now = d_.clock.now();
      const Heard made{alarm->last_seq, request.actor->person.text(), request.actor->display_name, note, now};
      LUY_TRY_VOID(
          c.run("INSERT INTO hub_alarm_heard (finding, seq, by_person, by_name, note, at_us) VALUES ($1, $2, "
                "$3, $4, $5, $6) ON CONFLICT (finding) DO UPDATE SET seq = excluded.seq, by_person = "
                "excluded.by_person, by_name = excluded.by_name, note = excluded.note, at_us = excluded.at_us",
                {std::string_view(id.text()), static_cast<std::int64_t>(made.seq), std::string_view(made.person),
                 std::string_view(made.name), std::string_view(note), to_micros(now)}));
      noted.after = {{"agency", alarm->agency.text()}, {"title", alarm->title.vi}, {"note", note}, {"seq", made.seq}};
      heard[id.text()] = made;
      return heard;
    };
    LUY_TRY(const HeardAlarms heard, d_.directory.audit().perform(api::caller_of(request), std::move(entry), work));
    return api::json(alarm_json(*alarm, heard));
  }

  Result<Response> sealed(const Request& request) const {
    LUY_TRY_VOID(api::authorise(request, Action::act_read, directory::Object::anywhere()));
    LUY_TRY(const auto accounts, std::as_const(d_.directory).accounts().list());
    json::array items;
    for (const directory::Account& one : accounts) {
      if (!one.sealed || !directory::may(*request.actor, Action::act_read, place(one.agency)).allowed) continue;
      const bool is_used = one.last_sign_in && *one.last_sign_in >= one.password_set_at;
      const auto seq = d_.act_seq("break_glass_seal", one.id);
      items.push_back(json::object{{"account", {{"id", one.id.text()}, {"name", one.username}}},
                                   {"agency", {{"id", one.agency.text()}, {"name", d_.agency_name(one.agency)}}},
                                   {"enabled", one.enabled},
                                   {"sealed_at", to_rfc3339(one.password_set_at)},
                                   {"broken", one.seal_broken},
                                   {"used_at", is_used ? json::value(to_rfc3339(*one.last_sign_in)) : json::value()},
                                   {"reseal_due", to_rfc3339(one.password_set_at + reseal_after)},
                                   {"seq", seq ? json::value(*seq) : json::value()}});
    }
    return api::json(json::object{{"items", std::move(items)}});
  }

 private:
  directory::Object place(const AgencyId& agency) const {
    directory::Object out;
    out.agencies = d_.lineage(agency);
    return out;
  }

  json::object alarm_json(const Finding& finding, const HeardAlarms& heard) const {
    json::value account, address, by, at, note;
    if (const auto id = account_of(finding)) {
      const auto found = std::as_const(d_.directory).accounts().find(*id);
      account = json::object{{"id", id->text()}, {"name", found ? found->username : id->text()}};
    }
    for (const finding::Entity& one : finding.entities) {
      if (one.type == finding::EntityType::address) address = one.value;
    }
    if (is_heard(finding, heard)) {
      const Heard& of = heard.find(finding.id.text())->second;
      by = json::object{{"id", of.person}, {"name", of.name}};
      at = to_rfc3339(of.at);
      note = of.note;
    }
    return {{"id", finding.id.text()},
            {"kind", kind_of(finding)},
            {"severity", finding::name_of(finding.severity)},
            {"at", to_rfc3339(finding.last_seen)},
            {"times", finding.count},
            {"title", {{"vi", finding.title.vi}, {"en", finding.title.en}}},
            {"agency", {{"id", finding.agency.text()}, {"name", d_.agency_name(finding.agency)}}},
            {"account", std::move(account)},
            {"address", std::move(address)},
            {"seq", finding.last_seq},
            {"finding", finding.id.text()},
            {"acknowledged_by", std::move(by)},
            {"acknowledged_at", std::move(at)},
            {"note", std::move(note)}};
  }

  const AlarmApi d_;
};

constexpr std::array<records::Migration, 1> tables = {{
    {"alarm", 1, R"sql(
CREATE TABLE hub_alarm_heard (            -- Alarms that somebody has acknowledged.
  finding TEXT NOT NULL PRIMARY KEY,
  seq BIGINT NOT NULL,                    -- The finding's last event then: what rings later rings again.
  by_person TEXT NOT NULL,
  by_name TEXT NOT NULL,
  note TEXT NOT NULL,
  at_us BIGINT NOT NULL
);
)sql"},
}};

}  // namespace

std::span<const records::Migration> alarm_migrations() {
  return tables;
}

std::vector<api::Route> alarm_routes(AlarmApi dependencies) {
  // shared_ptr: the routes share it and outlive who made them.
  const auto handlers = std::make_shared<const Handlers>(std::move(dependencies));
  using Handler = Result<Response> (Handlers::*)(const Request&) const;
  const auto route = [&](api::Method method, const char* pattern, const char* operation, Handler handler) {
    api::Route out;
    out.method = method;
    out.pattern = pattern;
    out.operation_id = operation;
    out.action = Action::act_read;
    out.handler = [handlers, handler](const Request& request) { return (*handlers.*handler)(request); };
    return out;
  };
  return {
      route(api::Method::get, "/api/v1/alarms", "listAlarms", &Handlers::list),
      route(api::Method::post, "/api/v1/alarms/{alarm}/acknowledgement", "acknowledgeAlarm", &Handlers::acknowledge),
      route(api::Method::get, "/api/v1/sealed-accounts", "listSealedAccounts", &Handlers::sealed)};
}

}  // namespace luy::hub
