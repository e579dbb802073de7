// Goal: each problem of an account on a device is seen, at the exact moment where time matters, and its likely owner is
// proposed only where the name means one person.
// Method: states of devices made by hand; one change after another.
#include "people/account_queue.h"

#include <algorithm>

#include "people/fixture.h"

namespace luy::people {
namespace {

constexpr Duration dormant = days(90);

struct QueueTest : PeopleTest {
  fact::Account account(const std::string& name) {
    fact::Account out;
    out.name = name;
    out.uid = 1000;
    out.can_log_in = true;
    out.password = "set";
    out.last_login = clock.now();
    return out;
  }
  inventory::StatePointer device(std::vector<fact::Account> accounts, bool readable = true) {
    auto out = std::make_shared<inventory::DeviceState>();
    out->device.id = DeviceId::make(clock.now(), random);
    out->device.agency = agency;
    out->device.name = "may-1";
    out->device.enrolled_at = clock.now() - days(400);
    inventory::AccountSummary summary{readable, accounts.size(), std::move(accounts)};
    out->accounts = std::make_shared<const inventory::Learnt<inventory::AccountSummary>>(
        inventory::Learnt<inventory::AccountSummary>{std::move(summary), clock.now(), clock.now(), 42, "test"});
    return out;
  }
  AccountLink& link(const inventory::StatePointer& state, const std::string& name, const PersonId& person) {
    AccountLink& out = links[{state->device.id, name}];
    out.key = {state->device.id, name};
    out.uid = 1000;
    out.person = person;
    return out;
  }
  std::vector<std::string> problems(std::vector<inventory::StatePointer> devices) {
    const auto all = device_accounts(devices, links, persons, dormant, clock.now());
    if (all.empty()) return {"none"};
    std::vector<std::string> out;
    for (const Problem problem : all.front().problems) out.emplace_back(name_of(problem));
    return out;
  }
  using Names = std::vector<std::string>;
  std::map<LinkKey, AccountLink> links;
};

TEST_F(QueueTest, NamesWhatIsWrongWithAnAccount) {
  fact::Account one = account("annv");
  const auto state = device({one});
  EXPECT_EQ(problems({state}), Names{"ownerless"});
  AccountLink& made = link(state, "annv", an);
  EXPECT_EQ(problems({state}), Names{});
  made.uid = 1001;
  EXPECT_EQ(problems({state}), Names{"ownerless"}) << "made anew under the old name";
  made.uid = 1000;
  made.expires = day_of(clock.now()) - days(1);
  EXPECT_EQ(problems({state}), Names{"ownerless"});
  made.expires = day_of(clock.now());
  EXPECT_EQ(problems({state}), Names{});
  persons[an].gone = true;
  EXPECT_EQ(problems({state}), Names{"owner_gone"});
  persons.erase(an);
  EXPECT_EQ(problems({state}), Names{"owner_gone"});
  made.kind = LinkKind::shared;
  made.person.reset();
  EXPECT_EQ(problems({state}), Names{"shared"});
  made.person = lan;
  EXPECT_EQ(problems({state}), Names{"shared"});
  made.kind = LinkKind::personal;
  EXPECT_EQ(problems({device({one}, false)}), (Names{"ownerless", "unreadable"}));
  one.can_log_in = false;
  EXPECT_EQ(problems({device({one})}), Names{"none"});
}

TEST_F(QueueTest, RightsOfAnAdministratorAreWantedUntilADay) {
  fact::Account root = account("root");
  root.administrator = true;
  const auto state = device({root});
  AccountLink& made = link(state, "root", an);
  EXPECT_EQ(problems({state}), Names{"over_privileged"});
  made.administrator_until = day_of(clock.now());
  EXPECT_EQ(problems({state}), Names{});
  clock.advance(days(1));
  EXPECT_EQ(problems({state}), Names{"over_privileged"});
}

TEST_F(QueueTest, AnAccountIsDormantFromTheMomentTheDutySays) {
  const auto state = device({account("annv")});
  link(state, "annv", an);
  const Time start = clock.now();
  clock.advance(dormant - 1us);
  EXPECT_EQ(problems({state}), Names{});
  clock.advance(1us);
  EXPECT_EQ(problems({state}), Names{"dormant"});
  const std::vector<inventory::StatePointer> devices{state};
  EXPECT_EQ(device_accounts(devices, links, persons, dormant, clock.now()).front().since, start + dormant);
}

TEST_F(QueueTest, OnePersonDoesNotLogInOnThreeMachinesInOneMinute) {
  std::vector<inventory::StatePointer> devices;
  for (int i = 0; i < 3; ++i) {
    devices.push_back(device({account("annv")}));
    link(devices.back(), "annv", an);
  }
  EXPECT_EQ(problems({devices[0], devices[1]}), Names{});
  EXPECT_EQ(problems(devices), Names{"shared"});
  links[{devices[2]->device.id, "annv"}].kind = LinkKind::service;
  EXPECT_EQ(problems(devices), Names{});
}

TEST_F(QueueTest, ProposesOnlyWhomTheNameMeans) {
  const auto proposed = [&](const std::string& name) -> std::optional<PersonId> {
    const std::vector<inventory::StatePointer> devices{device({account(name)})};
    const auto all = device_accounts(devices, links, persons, dormant, clock.now());
    return all.front().proposed ? std::optional(all.front().proposed->person) : std::nullopt;
  };
  for (const char* name : {"an", "tranvanan", "tran.van.an", "antv", "tvan", "an.tran", "AnTV", "tran_an"}) {
    EXPECT_EQ(proposed(name), an) << name;
  }
  EXPECT_EQ(proposed("quantri"), lan) << "the name of an account here";
  for (const char* name : {"root", "tran", "van", "a"}) EXPECT_FALSE(proposed(name)) << name;
  add("Lê Thị An", {});
  EXPECT_FALSE(proposed("an")) << "two are called so";
  EXPECT_EQ(proposed("antv"), an);
  persons[an].agency = other;
  EXPECT_FALSE(proposed("antv")) << "works elsewhere";
  persons[an].agency = agency;
  persons[an].gone = true;
  EXPECT_FALSE(proposed("antv"));
  EXPECT_TRUE(account_names_of(" ").empty());
  EXPECT_TRUE(account_names_of("a b c d e f g h i").empty()) << "no name of a person";
}

}  // namespace
}  // namespace luy::people
