// Goal: the register keeps what it is told across a restart, gives every device its place in the inventory, counts
// changes of passwords by their days, refuses what is wrong and then leaves everything as it was.
#include <algorithm>

#include "premises/equipment_watch.h"
#include "premises/fixture.h"
#include "premises/text.h"

namespace luy::premises {
namespace {

using EquipmentTest = PremisesTest;

Rotation rotation(const EquipmentId& of, Day day) {
  Rotation out;
  out.equipment = of;
  out.changed_on = day;
  out.changed_by = "Nguyễn Văn An";
  out.recorded_by = "Trần Thị B";
  return out;
}

TEST_F(EquipmentTest, GivesADeviceItsPlaceInTheInventoryAndSurvivesARestart) {
  Equipment wanted = a_switch();
  wanted.serial = "FOC1234X0AB";
  wanted.mac = "0200.0000.000A";
  const auto made = equipment->add(caller, wanted);
  ASSERT_TRUE(made) << made.error().text();
  EXPECT_EQ(made->equipment.mac, "02:00:00:00:00:0a");
  const auto state = w.inventory->state(made->equipment.device);
  ASSERT_TRUE(state);
  EXPECT_EQ(state->device.name, "sw-1");
  EXPECT_EQ(state->device.device_class, inventory::DeviceClass::network);
  ASSERT_TRUE(equipment->rotate(caller, rotation(made->equipment.id, today() - days(10))));
  reopen();
  const auto again = equipment->of_device(made->equipment.device);
  ASSERT_TRUE(again);
  EXPECT_EQ(again->equipment.serial, "FOC1234X0AB");
  ASSERT_TRUE(again->newest());
  EXPECT_EQ(again->newest()->changed_on, today() - days(10));
}

TEST_F(EquipmentTest, MendsACrashBetweenTheRegisterAndTheInventory) {
  const auto made = equipment->add(caller, a_switch());
  ASSERT_TRUE(made);
  ASSERT_TRUE(w.database->write([&](records::Connection& c) -> Result<void> {
    LUY_TRY_VOID(c.run("DELETE FROM inventory_device"));
    return {};
  }));
  reopen();
  EXPECT_FALSE(w.inventory->state(made->equipment.device));
  ASSERT_TRUE(equipment->settle());
  EXPECT_TRUE(w.inventory->state(made->equipment.device));
}

TEST_F(EquipmentTest, CountsTheDaysOfAPassword) {
  const std::chrono::days age(90);
  EXPECT_EQ(state_of({}, age, 0.2, today()), RotationState::never);
  const auto after = [&](int passed) { return state_of(rotation({}, today() - days(passed)), age, 0.2, today()); };
  EXPECT_EQ(after(0), RotationState::kept);
  EXPECT_EQ(after(71), RotationState::kept);
  EXPECT_EQ(after(72), RotationState::due);
  EXPECT_EQ(after(89), RotationState::due);
  EXPECT_EQ(after(90), RotationState::overdue);
  Rotation sooner = rotation({}, today() - days(10));
  sooner.next_due_on = today();
  EXPECT_EQ(state_of(sooner, age, 0.2, today()), RotationState::overdue);
}

TEST_F(EquipmentTest, KeepsTheNewestChangeFirstWhateverTheOrderOfEntering) {
  const auto made = equipment->add(caller, a_switch());
  ASSERT_TRUE(made);
  const EquipmentId id = made->equipment.id;
  ASSERT_TRUE(equipment->rotate(caller, rotation(id, today() - days(3))));
  const auto late = equipment->rotate(caller, rotation(id, today() - days(200)));
  ASSERT_TRUE(late);
  ASSERT_EQ(late->rotations.size(), 2U);
  EXPECT_EQ(late->newest()->changed_on, today() - days(3));
  reopen();
  EXPECT_EQ(equipment->find(id)->newest()->changed_on, today() - days(3));
}

TEST_F(EquipmentTest, RefusesWhatIsWrongAndStaysAsItWas) {
  const auto made = equipment->add(caller, a_switch());
  ASSERT_TRUE(made);
  const EquipmentId id = made->equipment.id;
  EXPECT_TRUE(equipment->add(caller, a_switch()).error().is(equipment_taken));
  Equipment bad = a_switch("sw-2");
  bad.address = "192.0.2.300";
  EXPECT_TRUE(equipment->add(caller, bad).error().is(equipment_invalid));
  bad = a_switch("sw-2");
  bad.note = "mật khẩu: hoa-sen";
  EXPECT_TRUE(equipment->add(caller, bad).error().is(holds_secret));
  EXPECT_TRUE(equipment->rotate(caller, rotation(id, today() + days(1))).error().is(rotation_invalid));
  Rotation late = rotation(id, today());
  late.next_due_on = today() + days(91);
  EXPECT_TRUE(equipment->rotate(caller, late).error().is(rotation_invalid));
  Rotation told = rotation(id, today());
  told.accounts = "admin/Tr0ng@2026";
  EXPECT_TRUE(equipment->rotate(caller, told).error().is(holds_secret));
  Equipment stale = made->equipment;
  stale.version = 7;
  EXPECT_TRUE(equipment->change(caller, stale).error().is(equipment_changed));
  ASSERT_EQ(equipment->list(true).size(), 1U);
  EXPECT_TRUE(equipment->find(id)->rotations.empty());
  reopen();
  EXPECT_EQ(equipment->list(true).size(), 1U);
}

TEST_F(EquipmentTest, TakesARetiredDeviceOutOfTheInventory) {
  const auto made = equipment->add(caller, a_switch());
  ASSERT_TRUE(made);
  EXPECT_TRUE(equipment->retire(caller, made->equipment.id, " ").error().is(text_invalid));
  ASSERT_TRUE(equipment->retire(caller, made->equipment.id, "Hỏng"));
  EXPECT_TRUE(w.inventory->state(made->equipment.device)->device.retired_at);
  EXPECT_TRUE(equipment->list(false).empty());
  EXPECT_TRUE(equipment->rotate(caller, rotation(made->equipment.id, today())).error().is(equipment_retired));
  EXPECT_TRUE(equipment->add(caller, a_switch()));  // Its name is free again.
}

TEST_F(EquipmentTest, TellsOfTheEndOfSupportOnce) {
  Equipment wanted = a_switch();
  wanted.support_ends_on = today() + days(30);
  const auto made = equipment->add(caller, wanted);
  ASSERT_TRUE(made);
  std::vector<finding::Report> reports;
  const auto open_watch = [&] {
    return std::move(Watch::open({*w.database, w.clock,
                                  [&](const finding::Report& one) -> Result<void> {
                                    reports.push_back(one);
                                    return {};
                                  }},
                                 {[&] { return conditions_of(*equipment, w.clock.now()); }})
                         .value());
  };
  auto watch = open_watch();
  ASSERT_TRUE(watch->look());
  ASSERT_TRUE(watch->look());
  ASSERT_EQ(reports.size(), 1U);
  EXPECT_EQ(reports[0].severity, finding::Severity::low);
  reopen();
  watch = open_watch();
  ASSERT_TRUE(watch->look());
  EXPECT_EQ(reports.size(), 1U);
  w.clock.advance(days(31));
  ASSERT_TRUE(watch->look());
  ASSERT_EQ(reports.size(), 2U);
  EXPECT_EQ(reports[1].severity, finding::Severity::medium);
  EXPECT_EQ(reports[1].device, made->equipment.device);
}

}  // namespace
}  // namespace luy::premises
