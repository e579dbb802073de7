// Goal: every route of the directory, called as every role on objects of their own, of their agency, below, beside, of
// another town and on missing ones, is refused exactly where the policy refuses, and a missing object is never served.
// Method: one account for each role in one office; requests through the router, as many as there are combinations;
// what a route is aimed at stands in one table, and a route without a row fails.
#include <gtest/gtest.h>

#include <map>

#include "api/directory_api.h"
#include "directory/fixture.h"

namespace luy::api {
namespace {

using directory::Action;
using directory::Object;
using directory::Role;

// What a route asks the policy about. `others`, `managed`: of an account or person by where it stands alone, whoever
// asks.
enum class Aim { own, anywhere, account, agency, others, person, managed };

struct Target {
  const char* name;
  AccountId account;
  AgencyId agency;
  PersonId person;
  bool exists = true;
};

class RightsMatrix : public directory::DirectoryTest {
 protected:
  RightsMatrix() {
    set_up_town();
    office_ = add_agency("VP", town_).id;
    team_ = add_agency("TO", office_).id;
    school_ = add_agency("TH", town_).id;
    for (std::size_t r = 0; r < directory::role_count; ++r) {
      const auto role = static_cast<Role>(r);
      const auto issued = add_account("vai-" + std::to_string(r), role, office_);
      directory::Actor actor;
      actor.account = issued.account.id;
      actor.person = issued.account.person;
      actor.username = issued.account.username;
      actor.grants = directory_->accounts().find(actor.account)->grants;
      actors_.push_back(std::move(actor));
    }
    in_office_ = add_account("van-phong", Role::staff, office_).account.id;
    below_ = add_account("to-vien", Role::staff, team_).account.id;
    beside_ = add_account("giao-vien", Role::staff, school_).account.id;
    above_ = add_account("thi-xa", Role::staff, town_).account.id;
    router_ = std::make_unique<Router>(directory_routes(*directory_), audit_refusals(directory_->audit()));
  }

  std::vector<Target> targets(const directory::Actor& actor) {
    const auto person = [&](const AccountId& account) { return directory_->accounts().find(account)->person; };
    return {{"own", actor.account, office_, actor.person},
            {"in the office", in_office_, office_, person(in_office_)},
            {"below", below_, team_, person(below_)},
            {"beside", beside_, school_, person(beside_)},
            {"above", above_, town_, person(above_)},
            {"missing", AccountId::make(clock_.now(), random_), AgencyId::make(clock_.now(), random_),
             PersonId::make(clock_.now(), random_), false}};
  }

  // A body that is right in form for every operation that takes one.
  boost::json::value body_for(const std::string& operation, const Target& target) {
    const std::string agency = target.agency.text();
    const std::string account = target.account.text();
    const std::string fresh = "moi-" + std::to_string(++made_);
    static const std::string today = to_iso(day_of(clock_.now()));
    const std::map<std::string, boost::json::value> bodies = {
        {"createAccount", {{"agency", agency}, {"person_name", "Lan"}, {"username", fresh}}},
        {"updateAccount", {{"enabled", true}}},
        {"grantRole", {{"role", "staff"}, {"agency", agency}}},
        {"createDelegation", {{"to", account}, {"role", "agency_head"}, {"agency", agency}, {"valid_to", today}}},
        {"createAgency", {{"code", fresh}, {"name", "Tổ mới"}, {"superior", agency}}},
        {"reorganiseAgencies", {{"day", "2027-01-01"}, {"changes", {{{"agency", agency}, {"name", fresh}}}}}},
        {"setAgencyProfile", {{"identifier", "H56.10"}}},
        {"addNetworkPlan", {{"name", "so-do.pdf"}, {"content", "JVBERi0xLjcKJSVFT0YK"}}},
        {"confirmTotp", {{"code", "000000"}}},
        {"addPasskey", {{"challenge", "YQ"}, {"client_data", "YQ"}, {"attestation", "YQ"}, {"name", "Khóa"}}},
        {"importAgencies", {{"csv", "code"}}},
        {"signIn", {{"username", "nobody"}, {"password", "nothing at all"}}},
        {"changePassword", {{"current", "wrong"}, {"new", "wrong too, and long"}}},
        {"createPerson", {{"agency", agency}, {"name", "Lan"}}},
        {"changePerson", {{"position", "Chuyên viên"}}},
        // Both of one place, so that it is that place alone that decides.
        {"mergePersons", {{"keep", target.person.text()}, {"gone", target.person.text()}, {"reason", "Cùng người"}}},
        {"importPersons", {{"csv", "id"}}},
        {"createToken",
         {{"name", "Máy"},
          {"actions", {"device_read"}},
          {"expires_at", "2027-01-01T00:00:00Z"},
          {"password", "wrong"}}},
        {"createSource",
         {{"name", "Nguồn"},
          {"agency", agency},
          {"kind", "oidc"},
          {"oidc", {{"issuer", "https://id.example"}, {"client_id", "luy"}, {"scopes", {"openid"}}}}}},
        {"linkIdentity", {{"source", agency}, {"subject", "1"}}},
    };
    const auto found = bodies.find(operation);
    return found == bodies.end() ? boost::json::value(boost::json::object()) : found->second;
  }

  Response call(const Route& route, const directory::Actor& actor, const Target& target) {
    Request request;
    request.method = route.method;
    request.path = route.pattern;
    request.actor = actor;
    request.client_address = "192.0.2.1";
    const std::map<std::string, std::string> values = {{"account", target.account.text()},
                                                       {"agency", target.agency.text()},
                                                       {"person", target.person.text()},
                                                       {"role", "staff"},
                                                       {"act", AccountId::make(clock_.now(), random_).text()},
                                                       {"plan", AccountId::make(clock_.now(), random_).text()},
                                                       {"session", "none"},
                                                       {"version", "1"},
                                                       {"token", AccountId::make(clock_.now(), random_).text()},
                                                       {"passkey", AccountId::make(clock_.now(), random_).text()},
                                                       {"source", AccountId::make(clock_.now(), random_).text()},
                                                       {"delegation", AccountId::make(clock_.now(), random_).text()}};
    // Only what the path names: a list would take any of the others for a wish to narrow it.
    for (const auto& [name, value] : values)
      if (route.pattern.find("{" + name + "}") != std::string::npos) request.path_params[name] = value;
    request.headers["host"] = "luy.test";
    request.body = body_for(route.operation_id, target);
    return router_->serve(route, request);
  }

  static std::string code_of(const Response& response) {
    if (response.status < 400) return "";
    return std::string(boost::json::parse(response.body).at("error").at("code").as_string());
  }

  AgencyId office_;
  AgencyId team_;
  AgencyId school_;
  std::vector<directory::Actor> actors_;
  AccountId in_office_;
  AccountId below_;
  AccountId beside_;
  AccountId above_;
  std::unique_ptr<Router> router_;
  int made_ = 0;
};

const std::map<std::string, Aim> aims = {
    {"getSession", Aim::own},
    {"signOut", Aim::own},
    {"changePassword", Aim::own},
    {"listSessions", Aim::own},
    {"endSession", Aim::own},
    {"getFactors", Aim::own},
    {"offerTotp", Aim::own},
    {"confirmTotp", Aim::own},
    {"removeTotp", Aim::own},
    {"renewRecovery", Aim::own},
    {"offerPasskey", Aim::own},
    {"addPasskey", Aim::own},
    {"removePasskey", Aim::own},
    {"resetFactors", Aim::account},
    {"sealAccount", Aim::account},
    {"listActs", Aim::anywhere},
    {"agreeAct", Aim::anywhere},
    {"refuseAct", Aim::anywhere},
    {"reorganiseAgencies", Aim::agency},
    {"listAgencyPlans", Aim::anywhere},
    {"takeBackAgencyPlan", Aim::anywhere},
    {"listSuccessions", Aim::anywhere},
    {"getAgencyProfile", Aim::agency},
    {"setAgencyProfile", Aim::agency},
    {"getAgencyProfileHistory", Aim::agency},
    {"listNetworkPlans", Aim::agency},
    {"addNetworkPlan", Aim::agency},
    {"getNetworkPlanFile", Aim::agency},
    {"exportAgencies", Aim::anywhere},
    {"importAgencies", Aim::anywhere},
    {"getPolicy", Aim::own},
    {"listAgencies", Aim::anywhere},
    {"createAgency", Aim::agency},
    {"listAccounts", Aim::anywhere},
    {"createAccount", Aim::agency},
    {"getAccount", Aim::account},
    {"updateAccount", Aim::account},
    {"issuePassword", Aim::account},
    {"grantRole", Aim::agency},
    {"revokeRole", Aim::agency},
    {"listDelegations", Aim::anywhere},
    {"createDelegation", Aim::own},
    {"endDelegation", Aim::anywhere},
    {"listAccountSessions", Aim::others},
    {"endAccountSessions", Aim::others},
    {"listPersons", Aim::anywhere},
    {"createPerson", Aim::agency},
    {"getPerson", Aim::person},
    {"changePerson", Aim::managed},
    {"mergePersons", Aim::managed},
    {"exportPersons", Aim::anywhere},
    {"importPersons", Aim::anywhere},
    {"getMe", Aim::own},
    {"listTokens", Aim::own},
    {"createToken", Aim::own},
    {"revokeToken", Aim::anywhere},
    {"listSources", Aim::anywhere},
    {"createSource", Aim::agency},
    {"changeSource", Aim::anywhere},
    {"removeSource", Aim::anywhere},
    {"listIdentities", Aim::account},
    {"linkIdentity", Aim::anywhere},
    {"unlinkIdentity", Aim::others},
};

}  // namespace

TEST_F(RightsMatrix, RefusesExactlyWhereThePolicyDoes) {
  std::size_t calls = 0;
  for (const Route& route : router_->routes()) {
    if (route.access == Access::open) continue;
    const auto aim = aims.find(route.operation_id);
    ASSERT_NE(aim, aims.end()) << route.operation_id << " has no row in this test";
    for (std::size_t r = 0; r < directory::role_count; ++r) {
      const directory::Actor& actor = actors_[r];
      for (const Target& target : targets(actor)) {
        Object object = Object::anywhere();
        if (aim->second == Aim::own) object = {{}, actor.account, false};
        if (aim->second == Aim::account)
          object = {directory_->agencies().lineage(target.agency), target.account, false};
        const bool placed = aim->second == Aim::agency || aim->second == Aim::others || aim->second == Aim::managed;
        if (placed) object = {directory_->agencies().lineage(target.agency), std::nullopt, false};
        if (aim->second == Aim::person) {
          object = {directory_->agencies().lineage(target.agency), std::nullopt, false};
          if (target.person == actor.person) object.account = actor.account;
        }
        const bool gate = directory::may(actor, route.action, Object::anywhere()).allowed;
        const bool allowed = gate && directory::may(actor, route.action, object).allowed;
        const Response response = call(route, actor, target);
        ++calls;
        const std::string at = route.operation_id + " as " + std::string(name_of(static_cast<Role>(r))) + " on " +
                               target.name + ": " + std::to_string(response.status) + " " + code_of(response);
        EXPECT_NE(response.status, 500) << at;
        const bool refused = code_of(response) == "directory.not_allowed";
        const bool aimed = aim->second != Aim::own && aim->second != Aim::anywhere;
        if (aimed && !target.exists) {
          EXPECT_GE(response.status, 400) << at;
          EXPECT_EQ(refused, !gate) << at;
        } else {
          EXPECT_EQ(refused, !allowed) << at;
        }
      }
    }
  }
  RecordProperty("calls", static_cast<int>(calls));
  EXPECT_GT(calls, 800U);
}

TEST_F(RightsMatrix, LeavesEveryRefusalInTheAuditTrail) {
  const directory::Actor& staff = actors_[static_cast<std::size_t>(Role::staff)];
  for (const Route& route : router_->routes()) {
    if (route.access == Access::open || directory::may(staff, route.action, Object::anywhere()).allowed) continue;
    const std::size_t before = sink_.records.size();
    EXPECT_EQ(code_of(call(route, staff, targets(staff).front())), "directory.not_allowed") << route.operation_id;
    ASSERT_EQ(sink_.records.size(), before + 1) << route.operation_id;
    EXPECT_TRUE(sink_.last().contains("luy.refused")) << route.operation_id;
  }
}

}  // namespace luy::api
