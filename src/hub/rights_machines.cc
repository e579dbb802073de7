// How machines, what is on them and what stands beside them are made in a ward.
#include "base/encoding.h"
#include "hub/rights_town.h"

namespace luy::hub::rights {

std::string RightsTown::make_device(Place place) {
  const json::value issued = done(admin_, "/api/v1/agents/tokens", {{"agency", ward(place)}});
  const Device device = enrol(text(issued.at("token")), fresh(place == Place::own ? "b" : "d"));
  return device.id;
}

void RightsTown::retire(const std::string& device) {
  done(admin_, "/api/v1/devices/" + device + "/retirement", {{"reason", "Thanh lý"}});
}

std::string RightsTown::make_equipment(Place place) {
  const json::object wanted{{"agency", ward(place)}, {"name", fresh("sw-")}, {"kind", "switch"}};
  return text(done(officer_, "/api/v1/equipment", wanted).at("equipment").at("id"));
}

std::string RightsTown::make_line(Place place) {
  const json::object wanted{{"agency", ward(place)}, {"kind", "internet"}, {"name", fresh("Cáp quang ")}};
  return text(done(officer_, "/api/v1/network/lines", wanted).at("id"));
}

std::string RightsTown::make_subnet(Place place) {
  ++subnets_;
  const json::object wanted{
      {"agency", ward(place)},
      {"range", "10." + std::to_string(100 + subnets_ / 250) + "." + std::to_string(subnets_ % 250) + ".0/24"},
      {"purpose", "Máy trạm"}};
  return text(done(officer_, "/api/v1/network/plan", wanted).at("id"));
}

std::string RightsTown::make_cve(Place place) {
  make_vulnerability_list(place);
  return "CVE-2026-7777";
}

std::string RightsTown::make_vulnerability_list(Place) {
  const std::string content = R"({"id": "CVE-2026-7777", "summary": "x", "affected": [{"package": {"ecosystem":)"
                              R"( "Debian:12", "name": "openssl"}, "ranges": [{"type": "ECOSYSTEM", "events":)"
                              R"( [{"introduced": "0"}]}]}]})";
  const std::string upload =
      made(admin_, "/api/v1/vulnerability_uploads", {{"name", "a.json"}, {"bytes", content.size()}});
  const json::object part{{"offset", 0}, {"content", to_base64(content)}};
  const ClientResponse sent = ask(admin_, "PUT", "/api/v1/vulnerability_uploads/" + upload, json::serialize(part));
  EXPECT_EQ(sent.status, 200) << sent.body;
  return made(admin_, "/api/v1/vulnerability_lists",
              {{"upload", upload}, {"name", fresh("Danh mục ")}, {"dated", to_iso(day_of(clock.now()))}});
}

std::string RightsTown::make_signature_set(Place place) {
  return made(officer_, "/api/v1/signature_lists",
              {{"agency", ward(place)},
               {"kind", "hash"},
               {"title", fresh("Mẫu ")},
               {"author", "An"},
               {"reason", "Sự cố"},
               {"content", "d41d8cd98f00b204e9800998ecf8427e:5:Luy.Thu"}});
}

std::string RightsTown::make_package(Place place) {
  const json::object wanted{{"reason", "Chờ nhà cung cấp"}, {"expires_on", to_iso(day_of(clock.now()) + days(40))}};
  const std::string path = "/api/v1/devices/" + object("device", place) + "/patches/openssl/exception";
  const ClientResponse response = ask(officer_, "PUT", path, json::serialize(wanted));
  EXPECT_EQ(response.status, 200) << response.body;
  return "openssl";
}

std::string RightsTown::make_secret(Place place) {
  const json::object wanted{{"agency", ward(place)}, {"label", fresh("BM-")}, {"serial", fresh("SN-0000-")},
                            {"purpose", "drafting"}, {"room", "Phòng 105"},   {"holder", "An"}};
  return text(done(officer_, "/api/v1/secret-devices", wanted).at("device").at("id"));
}

std::string RightsTown::make_move(Place place) {
  const json::object wanted{{"to_room", "Phòng 201"},
                            {"to_holder", "Lan"},
                            {"planned_on", to_iso(day_of(clock.now()) + days(3))},
                            {"reason", "Sửa phòng"}};
  const json::value made = done(officer_, "/api/v1/secret-devices/" + make_secret(place) + "/moves", wanted);
  return text(made.at("moves").at(0).at("id"));
}

std::string RightsTown::make_service(Place place) {
  return made(officer_, "/api/v1/services",
              {{"agency", ward(place)},
               {"name", fresh("Cổng ")},
               {"kind", "http"},
               {"target", "http://192.0.2." + std::to_string(made_ % 250) + "/"},
               {"enabled", false}});
}

}  // namespace luy::hub::rights
