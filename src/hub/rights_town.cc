#include "hub/rights_town.h"

#include <algorithm>

#include "base/encoding.h"
#include "directory/token.h"

namespace luy::hub::rights {

using directory::Action;
using directory::Object;
using directory::Role;

namespace {

constexpr std::size_t looks_max = 3000;

bool soon(const std::function<bool()>& condition) {
  for (std::size_t i = 0; i < looks_max; ++i) {
    if (condition()) return true;
    std::this_thread::sleep_for(10ms);
  }
  return false;
}

std::string request_of(const Asker& asker, const std::string& method, const std::string& target,
                       const std::string& body) {
  std::string out = method + " " + target + " HTTP/1.1\r\nHost: localhost\r\nX-Luy-Request: 1\r\n" + asker.credential;
  if (!body.empty()) {
    out += "Content-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) + "\r\n";
  } else if (method != "GET") {
    out += "Content-Length: 0\r\n";
  }
  return out + "\r\n" + body;
}

}  // namespace

std::string_view name_of(Place place) {
  return place == Place::own ? "own" : place == Place::foreign ? "foreign" : "missing";
}

ClientResponse RightsTown::ask(Asker& asker, const std::string& method, const std::string& target,
                               const std::string& body) {
  const std::string request = request_of(asker, method, target, body);
  // A connection that idled too long is closed by the hub before it reads: then nothing was done, and it is asked anew.
  for (int tries = 0; tries < 2; ++tries) {
    if (!asker.line) {
      ClientOptions options;
      options.place = asker.place;
      options.patience_s = 100;
      options.ca_pem = read_file(folder.path() / "keys" / "ca.crt", 10'000).value();
      asker.line = std::make_unique<TestClient>(port("port"), options);
    }
    ClientResponse response = asker.line->request(request);
    if (response.status == 0 || response.header("connection") == "close") asker.line.reset();
    // A stream has no end.
    if (response.status == 200 && response.header("content-length").empty()) asker.line.reset();
    if (response.status != 0) return response;
  }
  ADD_FAILURE() << "no answer to " << method << " " << target;
  return {};
}

json::value RightsTown::read(Asker& who, const std::string& path) {
  const ClientResponse response = ask(who, "GET", path, "");
  EXPECT_EQ(response.status, 200) << path << " " << response.body;
  return response.status == 200 ? json::parse(response.body) : json::value();
}

json::array RightsTown::listed(Asker& who, const std::string& path, const char* key) {
  const json::value all = read(who, path);
  return all.is_object() ? all.at(key).as_array() : json::array();
}

json::value RightsTown::done(Asker& who, const std::string& path, const json::object& body, const std::string& method) {
  const ClientResponse response = ask(who, method, path, json::serialize(body));
  EXPECT_LT(response.status, 300) << method << " " << path << " " << json::serialize(body) << " " << response.body;
  if (response.status >= 300 || response.body.empty()) return {};
  json::value out = json::parse(response.body);
  if (response.status == 202) {
    const ClientResponse agreed = ask(head_, "POST", "/api/v1/acts/" + text(out.at("act")) + "/agree", "");
    EXPECT_EQ(agreed.status, 204) << path << " " << agreed.body;
  }
  return out;
}

std::string RightsTown::made(Asker& who, const std::string& path, const json::object& body) {
  const json::value out = done(who, path, body);
  return out.is_object() && out.as_object().contains("id") ? text(out.at("id")) : std::string();
}

Asker RightsTown::person(const Grants& grants, const std::string& username) {
  json::array roles;
  for (const auto& [role, agency] : grants) roles.push_back(json::object{{"role", role}, {"agency", agency}});
  const json::object account{{"agency", grants.front().second},
                             {"person_name", "Người " + username},
                             {"username", username},
                             {"grants", std::move(roles)}};
  const json::value issued = done(admin_, "/api/v1/accounts", account);
  const std::string once = text(issued.at("one_time_password"));
  const std::uint8_t place = ++places_;
  Caller caller = anonymous(place);
  const auto post = [&](const std::string& path, const json::object& body) {
    const ClientResponse response = caller.call("POST", path, json::serialize(body));
    EXPECT_EQ(response.status, 200) << response.body;
  };
  post("/api/v1/session", {{"username", username}, {"password", once}});
  post("/api/v1/session/password", {{"current", once}, {"new", password}});
  const std::vector<std::string> kept = codes;
  if (caller.get("/api/v1/session").at("must_enrol_factor").as_bool()) add_factor(caller);
  codes = kept;  // Of the administrator.
  directory::Actor actor;
  actor.account = AccountId::trusted(text(issued.at("account").at("id")));
  actor.username = username;
  const auto top = AgencyId::trusted(secrets.agency);
  for (const auto& [role, agency] : grants) {
    actor.grants.push_back({*directory::role_from_name(role), AgencyId::trusted(agency), top});
  }
  Asker out;
  out.name = grants.front().first;
  out.place = place;
  out.actor = std::move(actor);
  out.credential = "Cookie: " + caller.cookie + "\r\n";
  return out;
}

// Signed in a second time, so that signing out ends no more than that.
Asker RightsTown::administrator() {
  Asker out;
  out.name = "system_admin of the town";
  out.place = ++places_;
  Caller caller = signed_in(out.place);
  out.credential = "Cookie: " + caller.cookie + "\r\n";
  directory::Actor actor;
  for (const json::value& one : listed(admin_, "/api/v1/accounts", "accounts")) {
    if (text(one.at("username")) != "quantri") continue;
    actor.account = AccountId::trusted(text(one.at("id")));
    const auto top = AgencyId::trusted(secrets.agency);
    for (const json::value& grant : one.at("grants").as_array()) {
      actor.grants.push_back({*directory::role_from_name(text(grant.at("role"))), top, top});
    }
  }
  actor.username = "quantri";
  out.actor = std::move(actor);
  return out;
}

Asker RightsTown::token_of(Asker& owner, const std::vector<std::string>& actions, const std::string& agency) {
  json::object wanted{{"name", "Máy đọc"},
                      {"actions", json::array(actions.begin(), actions.end())},
                      {"expires_at", to_rfc3339(clock.now() + 24h)},
                      {"password", password}};
  if (!agency.empty()) wanted["agency"] = agency;
  const json::value made = done(owner, "/api/v1/tokens", wanted);
  Asker out;
  out.name = "token of " + owner.name;
  out.place = ++places_;
  out.actor = owner.actor;
  directory::TokenScope scope;
  for (const std::string& one : actions) {
    scope.carries[static_cast<std::size_t>(*directory::action_from_name(one))] = true;
  }
  if (!agency.empty()) scope.above = {AgencyId::trusted(agency), AgencyId::trusted(secrets.agency)};
  out.actor->token = scope;
  out.credential = "Authorization: Bearer " + text(made.at("token")) + "\r\n";
  return out;
}

Asker RightsTown::narrowed(Asker& owner, const std::string& agency) {
  std::vector<std::string> actions;
  for (std::size_t i = 0; i < directory::action_count; ++i) {
    const auto action = static_cast<Action>(i);
    if (!directory::token_may_carry(action) || action == Action::regulation_read) continue;
    if (directory::may(*owner.actor, action, Object::anywhere()).allowed) {
      actions.emplace_back(directory::name_of(action));
    }
  }
  Asker out = token_of(owner, actions, agency);
  out.name += " for the own ward";
  return out;
}

void RightsTown::SetUp() {
  FindingHubTest::SetUp();
  Caller first = signed_in();
  admin_.name = "system_admin of the town";
  admin_.credential = "Cookie: " + first.cookie + "\r\n";
  const auto ward = [&](const char* code, const char* name) {
    return made(admin_, "/api/v1/agencies", {{"code", code}, {"name", name}, {"superior", secrets.agency}});
  };
  own_ward = ward("PBD", "UBND phường Ba Đình");
  foreign_ward = ward("PDS", "UBND phường Đông Sơn");
  officer_ = person("security_officer", secrets.agency, "canbo.thi.xa");
  own_head_ = person("agency_head", own_ward, "chu.tich.ba.dinh");
  foreign_head_ = person("agency_head", foreign_ward, "chu.tich.dong.son");
  for (std::size_t r = 0; r < directory::role_count; ++r) {
    const std::string role(directory::name_of(static_cast<Role>(r)));
    std::string username = "vai." + role;
    std::replace(username.begin(), username.end(), '_', '.');
    askers.push_back(person(role, own_ward, username));
  }
  askers.push_back(person("security_officer", secrets.agency, "canbo.hai"));
  askers.back().name = "security_officer of the town";
  askers.push_back(administrator());
  // Who sees everything and may do things in the own ward alone: what is refused is not merely hidden.
  askers.push_back(person(
      Grants{{"security_officer", own_ward}, {"system_admin", own_ward}, {"auditor", secrets.agency}}, "xem.khap.noi"));
  askers.back().name = "who sees the town and works in the own ward";
  for (const Place place : {Place::own, Place::foreign}) furnish(place);
  askers.push_back(token_of(askers[1], {"device_read", "finding_read", "evidence_search", "rule_manage"}));
  // Whose rights reach the town, but not by these.
  const std::size_t officer_of_town = directory::role_count;
  askers.push_back(narrowed(askers[officer_of_town], own_ward));
  askers.push_back(narrowed(askers[officer_of_town + 1], own_ward));
  // From here on rights take two people.
  head_ = person("agency_head", secrets.agency, "chu.tich.thi.xa");
  Asker stranger;
  stranger.name = "signed out";
  stranger.place = ++places_;
  askers.push_back(std::move(stranger));
}

// A machine with its facts, an attack on it, and an account in use from two places.
void RightsTown::furnish(Place place) {
  std::map<std::string, std::string>& here = furniture_[place];
  const json::value issued = done(admin_, "/api/v1/agents/tokens", {{"agency", ward(place)}});
  const std::string address = place == Place::own ? "203.0.113.7" : "203.0.113.8";
  const Device device = enrol(text(issued.at("token")), place == Place::own ? "a-ba-dinh" : "c-dong-son");
  here["device"] = device.id;
  fact::Account account;
  account.name = "root";
  account.can_log_in = true;
  account.password = "set";
  account.login_keys = 0;
  account.last_login = clock.now();
  fact::Accounts accounts;
  accounts.shadow_readable = true;
  accounts.accounts = {account};
  std::vector<event::BatchRecord> records = attack(8, address);
  records.push_back({event::Transport::fact, "fact/accounts", fact::to_json({clock.now(), "test", accounts})});
  fact::Updates updates;
  updates.lists_present = true;
  updates.lists_date = clock.now();
  updates.security = {{"openssl", "3.0.14-1", "3.0.15-1", "bookworm-security", clock.now()}};
  records.push_back({event::Transport::fact, "fact/updates", fact::to_json({clock.now(), "test", updates})});
  EXPECT_EQ(send(device, 1, std::move(records)).status, 200);
  here["name"] = "root";
  EXPECT_TRUE(soon(
      [&] { return !read(admin_, "/api/v1/device-accounts?device=" + device.id).at("items").as_array().empty(); }));
  EXPECT_TRUE(soon([&] {
    const json::value found = read(admin_, "/api/v1/findings?device=" + device.id);
    if (found.at("items").as_array().empty()) return false;
    here["finding"] = text(found.at("items").at(0).at("id"));
    return true;
  }));
  EXPECT_TRUE(soon([&] {
    const json::value found = read(admin_, "/api/v1/events?device=" + device.id + "&q=root");
    if (found.at("events").as_array().empty()) return false;
    here["seq"] = json::serialize(found.at("events").at(0).at("seq"));
    return true;
  }));
  const std::string username = place == Place::own ? "hai.noi.ba.dinh" : "hai.noi.dong.son";
  person("staff", ward(place), username);
  Caller elsewhere = anonymous(++places_);
  const json::object sign_in{{"username", username}, {"password", password}};
  EXPECT_EQ(elsewhere.call("POST", "/api/v1/session", json::serialize(sign_in)).status, 200);
  EXPECT_TRUE(soon([&] {
    for (const json::value& one : listed(admin_, "/api/v1/alarms", "items")) {
      if (text(one.at("agency").at("id")) == ward(place)) here["alarm"] = text(one.at("id"));
    }
    return here.contains("alarm");
  }));
  EXPECT_TRUE(soon([&] {
    const json::value found = read(admin_, "/api/v1/verdicts?limit=1&agency=" + ward(place));
    if (found.at("verdicts").as_array().empty()) return false;
    here["obligation"] = text(found.at("verdicts").at(0).at("obligation"));
    here["subject"] = text(found.at("verdicts").at(0).at("subject").at("id"));
    return true;
  }));
  here["value"] = address;
  if (place == Place::foreign) {
    for (const char* kind : {"device", "finding", "alarm"}) foreign_.insert(here.at(kind));
  }
}

json::value RightsTown::entries_refused(const std::string& cursor) {
  return read(admin_,
              "/api/v1/audit?outcome=refused&searches=true&limit=500" + (cursor.empty() ? "" : "&cursor=" + cursor));
}

void RightsTown::stay_signed_in() {
  for (Asker* one : {&admin_, &officer_, &head_, &own_head_, &foreign_head_}) read(*one, "/api/v1/session");
}

bool RightsTown::passes_gate(const Asker& asker, const Asked& operation) const {
  return asker.actor &&
         directory::may(*asker.actor, *directory::action_from_name(operation.action), Object::anywhere()).allowed;
}

bool RightsTown::allowed(const Asker& asker, const Asked& operation, const Word& word, Place place) const {
  if (operation.open || word.aim == Aim::open) return true;
  if (!passes_gate(asker, operation)) return false;
  const auto action = *directory::action_from_name(*word.asks == '\0' ? operation.action : std::string(word.asks));
  const auto top = AgencyId::trusted(secrets.agency);
  Object object;
  switch (word.aim) {
    case Aim::oneself:
      object.account = asker.actor->account;
      break;
    case Aim::town:
      object.agencies = {top};
      break;
    case Aim::place:
      object.agencies = {AgencyId::trusted(ward(place)), top};
      break;
    default:
      object = Object::anywhere();
  }
  return directory::may(*asker.actor, action, object).allowed;
}

}  // namespace luy::hub::rights
