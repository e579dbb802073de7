// Goal: a link is kept with its entry in the audit trail or not at all, and what the rules forbid is refused.
// Method: a real database; a table of wanted links; the book opened again.
#include "people/account_link.h"

#include "people/fixture.h"
#include "people/text.h"

namespace luy::people {
namespace {

struct LinkTest : PeopleTest {
  void SetUp() override { reopen(); }
  void reopen() {
    book = *LinkBook::open({*database, audit, clock, [this](const std::vector<DeviceId>& devices) {
                              told.insert(told.end(), devices.begin(), devices.end());
                            }});
  }
  WantedLink of(const std::string& name, const PersonId& person) {
    WantedLink out;
    out.key = {device, name};
    out.uid = 1000;
    out.agency = agency;
    out.device_name = "may-1";
    out.person = persons.at(person);
    return out;
  }
  Result<std::vector<AccountLink>> link(std::vector<WantedLink> wanted, const std::string& reason = "") {
    return book->link(
        caller, who, [this](const AgencyId& where) { return permitted(where); }, wanted, reason);
  }
  Day day(int from_now) { return day_of(clock.now()) + days(from_now); }

  DeviceId device = DeviceId::make(clock.now(), random);
  std::unique_ptr<LinkBook> book;
  std::vector<DeviceId> told;
};

TEST_F(LinkTest, AreKeptWithTheirEntries) {
  WantedLink root = of("root", an);
  root.kind = LinkKind::service;
  root.uid = 0;
  root.administrator = true;
  root.administrator_until = day(90);
  ASSERT_TRUE(link({of("annv", an), root}, " Quản trị máy chủ\t"));
  EXPECT_EQ(told, (std::vector<DeviceId>{device, device}));
  const auto noted = entries();
  ASSERT_EQ(noted.size(), 2U) << "an entry for each";
  for (const json::object& entry : noted) {
    EXPECT_EQ(entry.at("event.action").as_string(), "account_link");
    EXPECT_EQ(entry.at("luy.object").as_string(), "device:" + device.text());
    EXPECT_EQ(entry.at("luy.after").at("agency").as_string(), agency.text());
  }
  reopen();
  const auto found = book->find({device, "root"});
  ASSERT_TRUE(found);
  EXPECT_EQ(found->person, an);
  EXPECT_EQ(found->kind, LinkKind::service);
  EXPECT_EQ(found->uid, 0);
  EXPECT_EQ(found->administrator_until, day(90));
  EXPECT_EQ(found->reason, "Quản trị máy chủ");
  EXPECT_EQ(found->by.name, "Nguyễn Thị Lan");
  EXPECT_EQ(device_of_act(found->act), device);
  EXPECT_EQ(book->of_person(an).size(), 2U);
  EXPECT_FALSE(device_of_act("account_linked:" + device.text()));

  ASSERT_TRUE(link({of("annv", lan)}));
  EXPECT_EQ(entries().back().at("luy.before").at("person").as_string(), an.text());
  ASSERT_TRUE(book->unlink(
      caller, [](const AgencyId&) -> Result<void> { return {}; }, {device, "annv"}, agency));
  EXPECT_FALSE(book->find({device, "annv"}));
  reopen();
  EXPECT_FALSE(book->find({device, "annv"}));
  const auto gone = book->unlink(
      caller, [](const AgencyId&) -> Result<void> { return {}; }, {device, "annv"}, agency);
  EXPECT_TRUE(gone.error().is(account_not_seen));
}

TEST_F(LinkTest, RefusesAllOfThemForOne) {
  Person gone = persons.at(an);
  gone.gone = true;
  const struct {
    const char* what;
    std::function<void(WantedLink&)> change;
    const char* reason;
    ErrorKind kind;
  } table[] = {
      {"another agency", [&](WantedLink& w) { w.agency = other; }, "x", directory::not_allowed},
      {"somebody who left", [&](WantedLink& w) { w.person = gone; }, "x", person_gone},
      {"nobody's personal account", [](WantedLink& w) { w.person.reset(); }, "x", link_invalid},
      {"nobody's service", [](WantedLink& w) { w.person.reset(), w.kind = LinkKind::service; }, "x", link_invalid},
      {"a day that is over", [&](WantedLink& w) { w.expires = day(-1); }, "x", link_invalid},
      {"more than a year", [&](WantedLink& w) { w.expires = day(367); }, "x", link_invalid},
      {"shared for ever", [](WantedLink& w) { w.kind = LinkKind::shared; }, "x", link_invalid},
      {"shared without a reason", [&](WantedLink& w) { w.kind = LinkKind::shared, w.expires = day(30); }, " ",
       link_invalid},
      {"a term of rights it has not", [&](WantedLink& w) { w.administrator_until = day(30); }, "x", link_invalid},
      {"an administrator without a reason",
       [&](WantedLink& w) { w.administrator = true, w.administrator_until = day(30); }, "", link_invalid},
      {"one's own administrator", [&](WantedLink& w) { w.administrator = true, w.person = persons.at(lan); }, "x",
       own_administrator},
      {"a reason that is no text", [](WantedLink&) {}, "\xff", text_invalid},
  };
  for (const auto& row : table) {
    WantedLink bad = of("bad", an);
    row.change(bad);
    const auto done = link({of("good", an), bad}, row.reason);
    ASSERT_FALSE(done) << row.what;
    EXPECT_TRUE(done.error().is(row.kind)) << row.what << ": " << done.error().text();
    EXPECT_FALSE(book->find({device, "good"})) << row.what;
    EXPECT_NE(entries().back().at("event.outcome").as_string(), "success") << row.what;
  }
  reopen();
  EXPECT_TRUE(book->all().empty());
  EXPECT_TRUE(told.empty());
  EXPECT_TRUE(link({}).error().is(link_invalid));
  EXPECT_TRUE(link(std::vector<WantedLink>(201, of("a", an))).error().is(link_invalid));
  WantedLink shared = of("kho", an);
  shared.person.reset();
  shared.kind = LinkKind::shared;
  shared.expires = day(0);
  EXPECT_TRUE(link({shared}, "Ca trực")) << "today is a day";
  WantedLink own = of("lan", lan);
  EXPECT_TRUE(link({own})) << "one's own plain account";
}

}  // namespace
}  // namespace luy::people
