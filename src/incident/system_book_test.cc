// Goal: the register keeps systems in one form, refuses what cannot be, and recognises the system an incident is about.
// Method: a real database; tables of entries and of whereabouts.
#include "incident/system_book.h"

#include "incident/book_fixture.h"

namespace luy::incident {
namespace {

struct SystemTest : BookTest {
  SystemTest() : systems({*database, audit, clock, random}) {}
  System portal() {
    System out;
    out.agency = agency;
    out.name = "Cổng dịch vụ công";
    out.manager = SystemManager::province;
    out.domains = {"DVC.BimSon.vn."};
    out.addresses = {"10.2.0.0/16", "2001:DB8::1", "10.2.0.0/16"};
    out.level = 3;
    out.level_decision = LevelDecision{" 12/QĐ-UBND ", day_of(clock.now())};
    out.personal_data = true;
    return out;
  }
  System files() {
    System out;
    out.agency = agency;
    out.name = "Máy chủ tệp";
    out.devices = {DeviceId::trusted("01jd0000000000000000000000")};
    out.addresses = {"10.3.0.7"};
    return out;
  }
  Result<System> add(const System& wanted) { return systems.add(officer.caller, officer.permit, wanted); }
  SystemBook systems;
};

TEST_F(SystemTest, KeepsOneFormAndComesBackWhole) {
  const System made = *add(portal());
  const System found = *systems.find(made.id);
  EXPECT_EQ(found.domains, std::vector<std::string>{"dvc.bimson.vn"});
  EXPECT_EQ(found.addresses, (std::vector<std::string>{"10.2.0.0/16", "2001:db8::1"}));
  EXPECT_EQ(found.level_decision->number, "12/QĐ-UBND");
  EXPECT_EQ(found.level_decision->date, day_of(clock.now()));
  EXPECT_EQ(to_json(found), to_json(made));
  EXPECT_EQ(sink.last().at("event.action").as_string(), "system_add");
  System next = found;
  next.name = "Cổng mới";
  next.level.reset();
  next.level_decision.reset();
  next.agency = other;
  ASSERT_TRUE(systems.change(officer.caller, officer.permit, made.id, next));
  EXPECT_EQ(systems.find(made.id)->name, "Cổng mới");
  EXPECT_EQ(systems.find(made.id)->agency, agency) << "a system stays where it is";
  EXPECT_FALSE(systems.find(made.id)->level);
}

TEST_F(SystemTest, RefusesWhatCannotBe) {
  const System there = *add(portal());
  System same = portal();
  same.name = "CỔNG DỊCH VỤ CÔNG";
  EXPECT_TRUE(add(same).error().is(system_taken));
  System away = portal();
  away.agency = other;
  EXPECT_TRUE(add(away).error().is(directory::not_allowed));

  const struct {
    const char* what;
    std::function<void(System&)> change;
    ErrorKind kind;
  } table[] = {
      {"no name", [](System& s) { s.name = " \t"; }, text_missing},
      {"an address that is none", [](System& s) { s.addresses = {"10.2.0.256"}; }, system_invalid},
      {"a network too narrow", [](System& s) { s.addresses = {"10.2.0.0/33"}; }, system_invalid},
      {"a network without bits", [](System& s) { s.addresses = {"10.2.0.0/"}; }, system_invalid},
      {"a domain with a path", [](System& s) { s.domains = {"a.vn/x"}; }, system_invalid},
      {"a domain of one label", [](System& s) { s.domains = {"localhost"}; }, system_invalid},
      {"level 0", [](System& s) { s.level = 0; }, system_invalid},
      {"level 6", [](System& s) { s.level = 6; }, system_invalid},
      {"a decision without a level", [](System& s) { s.level.reset(); }, system_invalid},
      {"a decision without a number", [](System& s) { s.level_decision->number = " "; }, system_invalid},
      {"a decision of tomorrow", [](System& s) { s.level_decision->date += days(1); }, system_invalid},
      {"too many lines", [](System& s) { s.domains.assign(101, "a.vn"); }, system_invalid},
  };
  for (const auto& row : table) {
    System wanted_now = portal();
    wanted_now.name = row.what;
    row.change(wanted_now);
    const auto made = add(wanted_now);
    ASSERT_FALSE(made) << row.what;
    EXPECT_TRUE(made.error().is(row.kind)) << row.what << ": " << made.error().text();
  }
  ASSERT_TRUE(systems.retire(officer.caller, officer.permit, there.id));
  const Time first = *systems.find(there.id)->retired_at;
  clock.advance(1h);
  ASSERT_TRUE(systems.retire(officer.caller, officer.permit, there.id));
  EXPECT_EQ(*systems.find(there.id)->retired_at, first);
  EXPECT_TRUE(systems.change(officer.caller, officer.permit, there.id, portal()).error().is(system_retired));
  EXPECT_TRUE(add(portal())) << "the name is free again";
  EXPECT_TRUE(systems.find(SystemId::make(clock.now(), random)).error().is(system_unknown));
}

TEST_F(SystemTest, RecognisesTheSystemOfAnIncident) {
  const System province = *add(portal());
  const System own = *add(files());
  const System gone = *add([&] {
    System out = files();
    out.name = "Phần mềm cũ";
    out.domains = {"cu.bimson.vn"};
    return out;
  }());
  ASSERT_TRUE(systems.retire(officer.caller, officer.permit, gone.id));
  const std::vector<System> all = *systems.list();
  const struct {
    const char* what;
    std::function<void(Whereabouts&)> say;
    std::optional<SystemId> found;
  } table[] = {
      {"nothing", [](Whereabouts&) {}, std::nullopt},
      {"its name, otherwise written", [](Whereabouts& w) { w.text = "cong dich vu cong bị chậm"; }, province.id},
      {"a name below its domain", [](Whereabouts& w) { w.domains = {"www.DVC.bimson.vn"}; }, province.id},
      {"a name that only ends alike", [](Whereabouts& w) { w.domains = {"xdvc.bimson.vn"}; }, std::nullopt},
      {"an address of its network", [](Whereabouts& w) { w.addresses = {"10.2.9.9"}; }, province.id},
      {"one beside it",
       [](Whereabouts& w) {
         w.addresses = {"10.4.0.1", "không phải địa chỉ"};
       },
       std::nullopt},
      {"its device", [&](Whereabouts& w) { w.devices = own.devices; }, own.id},
      {"a device before a name",
       [&](Whereabouts& w) {
         w.devices = own.devices;
         w.text = "Cổng dịch vụ công";
       },
       own.id},
      {"the one chosen",
       [&](Whereabouts& w) {
         w.devices = own.devices;
         w.system = province.id;
       },
       province.id},
      {"a retired one", [](Whereabouts& w) { w.domains = {"cu.bimson.vn"}; }, std::nullopt},
      {"another agency's",
       [&](Whereabouts& w) {
         w.agencies = {other};
         w.text = "Cổng dịch vụ công";
       },
       std::nullopt},
      {"its superior's",
       [&](Whereabouts& w) {
         w.agencies = {other, agency};
         w.text = "Cổng dịch vụ công";
       },
       province.id},
  };
  for (const auto& row : table) {
    Whereabouts where;
    where.agencies = {agency};
    row.say(where);
    const auto match = match_system(all, where);
    EXPECT_EQ(match ? std::optional(match->system->id) : std::nullopt, row.found) << row.what;
  }
}

}  // namespace
}  // namespace luy::incident
