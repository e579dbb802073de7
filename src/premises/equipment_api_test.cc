// Goal: who may see the register sees their agencies' part of it; the sheet is compared first, done whole or not at
// all, and carries no password.
#include "base/encoding.h"
#include "directory/sheet_import.h"
#include "premises/fixture.h"
#include "sheet/csv.h"
#include "sheet/xlsx.h"

namespace luy::premises {
namespace {

namespace json = boost::json;
using api::Method;
using directory::Role;

class EquipmentApiTest : public PremisesApiTest {
 protected:
  json::object wanted(const AgencyId& agency, const std::string& name) const {
    return {{"agency", agency.text()}, {"name", name}, {"kind", "switch"}, {"place", "Kho"}};
  }
  std::size_t seen() { return done(Method::get, "/api/v1/equipment").at("items").as_array().size(); }
  static std::string head() {
    return "id,agency,kind,name,model,serial,place,custodian,address,mac,firmware,support_ends_on,note,"
           "password_changed_on\r\n";
  }
};

TEST_F(EquipmentApiTest, ShowsEachTheirOwnAndLetsOnlyWhoMayChange) {
  const json::object made = done(Method::post, "/api/v1/equipment", wanted(w.ward, "sw-1"));
  done(Method::post, "/api/v1/equipment", wanted(w.other_ward, "sw-2"));
  EXPECT_EQ(made.at("equipment").at("rotation").at("state").as_string(), "never");
  const std::string path = "/api/v1/equipment/" + std::string(made.at("equipment").at("id").as_string());
  const json::object after = done(Method::post, path + "/rotations",
                                  {{"changed_on", to_iso(today())}, {"changed_by", "An"}, {"accounts", "admin"}});
  EXPECT_EQ(after.at("equipment").at("rotation").at("state").as_string(), "kept");
  EXPECT_EQ(seen(), 2U);
  grant(Role::security_officer, w.other_ward);
  EXPECT_EQ(seen(), 1U);
  EXPECT_EQ(refused(Method::get, path), "directory.not_allowed");
  grant(Role::auditor, w.town);
  EXPECT_EQ(seen(), 2U);
  EXPECT_FALSE(done(Method::get, path).at("may_manage").as_bool());
  EXPECT_EQ(refused(Method::post, "/api/v1/equipment", wanted(w.ward, "sw-3")), "directory.not_allowed");
  grant(Role::staff, w.ward);
  EXPECT_EQ(refused(Method::get, "/api/v1/equipment"), "directory.not_allowed");
}

TEST_F(EquipmentApiTest, TakesADeviceThatTheInventoryHas) {
  const DeviceId known = DeviceId::make(w.clock.now(), w.random);
  ASSERT_TRUE(w.inventory->add({known, w.ward, "tuong-lua", inventory::DeviceClass::network}));
  json::object body = wanted(w.ward, "tên khác");
  body["device"] = known.text();
  const json::object made = done(Method::post, "/api/v1/equipment", body);
  EXPECT_EQ(made.at("equipment").at("name").as_string(), "tuong-lua");
  EXPECT_EQ(refused(Method::post, "/api/v1/equipment", body), "premises.equipment_taken");
  body["agency"] = w.other_ward.text();
  EXPECT_EQ(refused(Method::post, "/api/v1/equipment", body), "premises.equipment_invalid");
}

TEST_F(EquipmentApiTest, ComparesASheetFirstAndTakesItWholeOrNotAtAll) {
  const std::string good = head() + ",BA-DINH,Bộ chuyển mạch,sw-1,,S1,Kho,An,192.0.2.9,,,31/12/2030,,20/11/2026\r\n";
  const std::string bad = good + ",BA-DINH,Bộ chuyển mạch,sw-2,,,,,,,,,mk: hoa-sen,\r\n";
  const auto import = [&](const std::string& csv, const char* preview) {
    return done(Method::post, "/api/v1/equipment/sheet", json::object{{"csv", csv}}, {{"preview", preview}});
  };
  EXPECT_EQ(import(bad, "false").at("refused").to_number<int>(), 1);
  EXPECT_EQ(seen(), 0U);
  EXPECT_FALSE(import(good, "true").at("applied").as_bool());
  EXPECT_EQ(seen(), 0U);
  EXPECT_TRUE(import(good, "false").at("applied").as_bool());
  ASSERT_EQ(seen(), 1U);
  const auto entry = equipment->list(false).front();
  EXPECT_EQ(entry.equipment.kind, EquipmentKind::network_switch);
  EXPECT_EQ(entry.newest()->changed_on, *day_from_iso("2026-11-20"));
  EXPECT_TRUE(w.inventory->state(entry.equipment.device));
  // What was exported says nothing new when it comes back.
  const std::string out(done(Method::get, "/api/v1/equipment/sheet").at("csv").as_string());
  const json::object again = import(out, "false");
  EXPECT_EQ(again.at("lines").at(0).at("does").as_string(), "nothing");
  const std::string book(
      done(Method::get, "/api/v1/equipment/sheet", nullptr, {{"format", "xlsx"}}).at("xlsx").as_string());
  const auto table = sheet::read_xlsx(*from_base64(book), "");
  ASSERT_TRUE(table);
  EXPECT_EQ(table->at(1).cells.at(3), "sw-1");
  grant(Role::security_officer, w.other_ward);
  EXPECT_EQ(import(out, "false").at("refused").to_number<int>(), 1);
}

}  // namespace
}  // namespace luy::premises
