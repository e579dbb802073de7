// How what stands in a ward is made: one function for each kind that the contract's paths and bodies name.
#include <algorithm>

#include "base/encoding.h"
#include "evidence/cosignature.h"
#include "hub/rights_town.h"

namespace luy::hub::rights {
namespace {

const std::string nobody = "01aryz6s410000000000000000";

// Ids of what does not stand in a ward; the same wherever it is looked for, but not where nothing is to be found.
const std::map<std::string, std::string, std::less<>> of_the_town = {
    {"rule", "remote_tool"}, {"form", "bao-cao-ban-dau"}, {"role", "staff"},
    {"type", "address"},     {"text", "cam-ket"},         {"number", "TB-2026-1"}};
const std::map<std::string, std::string, std::less<>> of_nobody = {{"rule", "no_such_rule"},
                                                                   {"form", "no-such-form"},
                                                                   {"role", "auditor"},
                                                                   {"type", "address"},
                                                                   {"seq", "99999999"},
                                                                   {"version", "9999"},
                                                                   {"name", "khong-co"},
                                                                   {"text", "khong-co"},
                                                                   {"check", "no-such-check"},
                                                                   {"cve", "CVE-1999-0000"},
                                                                   {"package", "no-such-package"},
                                                                   {"value", "192.0.2.77"},
                                                                   {"number", "TB-2026-99999"},
                                                                   {"obligation", "99.1-nothing"}};

}  // namespace

const std::map<std::string, RightsTown::Maker, std::less<>>& RightsTown::makers() {
  static const std::map<std::string, Maker, std::less<>> all = {
      {"account", &RightsTown::make_account},
      {"act", &RightsTown::make_act},
      {"appointment", &RightsTown::make_appointment},
      {"approval", &RightsTown::make_approval},
      {"case_paper", &RightsTown::make_case_paper},
      {"check", &RightsTown::make_check},
      {"commitment", &RightsTown::make_commitment},
      {"contact", &RightsTown::make_contact},
      {"cve", &RightsTown::make_cve},
      {"delegation", &RightsTown::make_delegation},
      {"equipment", &RightsTown::make_equipment},
      {"exception", &RightsTown::make_exception},
      {"handover", &RightsTown::make_handover},
      {"inbound", &RightsTown::make_inbound},
      {"incident", &RightsTown::make_incident},
      {"item", &RightsTown::make_item},
      {"leave", &RightsTown::make_leave},
      {"line", &RightsTown::make_line},
      {"list", &RightsTown::make_list},
      {"medium", &RightsTown::make_medium},
      {"order", &RightsTown::make_order},
      {"origin", &RightsTown::make_origin},
      {"package", &RightsTown::make_package},
      {"paper", &RightsTown::make_paper},
      {"part", &RightsTown::make_part},
      {"person", &RightsTown::make_person},
      {"plan", &RightsTown::make_plan},
      {"report", &RightsTown::make_report},
      {"request", &RightsTown::make_request},
      {"review", &RightsTown::make_review},
      {"run", &RightsTown::make_run},
      {"search", &RightsTown::make_search},
      {"secret", &RightsTown::make_secret},
      {"move", &RightsTown::make_move},
      {"sender", &RightsTown::make_sender},
      {"service", &RightsTown::make_service},
      {"spare", &RightsTown::make_device},
      {"signature_set", &RightsTown::make_signature_set},
      {"source", &RightsTown::make_source},
      {"subnet", &RightsTown::make_subnet},
      {"system", &RightsTown::make_system},
      {"to", &RightsTown::make_account},
      {"token", &RightsTown::make_token},
      {"term", &RightsTown::make_term},
      {"training", &RightsTown::make_training},
      {"version", &RightsTown::make_version},
      {"vulnerability_list", &RightsTown::make_vulnerability_list},
      {"warning", &RightsTown::make_warning},
      {"webhook", &RightsTown::make_webhook},
      {"wish", &RightsTown::make_wish},
      {"witness", &RightsTown::make_witness}};
  return all;
}

std::string RightsTown::object(const std::string& kind, Place place) {
  if (place == Place::missing) {
    const auto named = of_nobody.find(kind);
    return named == of_nobody.end() ? nobody : named->second;
  }
  if (kind == "agency") return ward(place);
  if (const auto shared = of_the_town.find(kind); shared != of_the_town.end()) return shared->second;
  const std::map<std::string, std::string>& here = furniture_[place];
  if (const auto standing = here.find(kind); standing != here.end()) return standing->second;
  const auto known = objects_.find({kind, place});
  if (known != objects_.end()) return known->second;
  const auto maker = makers().find(kind);
  // One's own session or passkey, and what a body refers to and no handler looks up before it asks.
  if (maker == makers().end()) return nobody;
  const std::string id = (this->*maker->second)(place);
  EXPECT_FALSE(id.empty()) << "no " << kind << " could be made in the " << name_of(place) << " ward";
  // A number (of a plan's version) stands in every answer.
  if (place == Place::foreign && id.size() == nobody.size()) foreign_.insert(id);
  return objects_[{kind, place}] = id;
}

void RightsTown::forget(const std::string& kind, Place place) {
  static const std::map<std::string, std::vector<std::string>, std::less<>> under = {
      {"incident", {"part", "handover", "case_paper"}}, {"leave", {"item"}}, {"device", {"order", "check"}}};
  objects_.erase({kind, place});
  if (const auto found = under.find(kind); found != under.end()) {
    for (const std::string& one : found->second) objects_.erase({one, place});
  }
}

std::string RightsTown::make_account(Place place) {
  const json::value issued = done(admin_, "/api/v1/accounts",
                                  {{"agency", ward(place)}, {"person_name", "Lê Lan"}, {"username", fresh("lan.")}});
  return text(issued.at("account").at("id"));
}

std::string RightsTown::make_act(Place place) {
  const std::string path = "/api/v1/accounts/" + make_account(place) + "/roles";
  const json::object grant{{"role", "staff"}, {"agency", ward(place)}};
  const ClientResponse response = ask(admin_, "POST", path, json::serialize(grant));
  EXPECT_EQ(response.status, 202) << response.body;
  return response.status == 202 ? text(json::parse(response.body).at("act")) : std::string();
}

std::string RightsTown::make_appointment(Place place) {
  return made(officer_, "/api/v1/appointments",
              {{"agency", ward(place)},
               {"person", object("person", place)},
               {"decision", "12/QĐ-UBND"},
               {"day", to_iso(day_of(clock.now()))}});
}

std::string RightsTown::make_approval(Place place) {
  const json::object wanted{{"agency", ward(place)}, {"products", {{{"product", fresh("phan-mem-")}}}}};
  return text(done(officer_, "/api/v1/approvals", wanted).at("approvals").at(0).at("id"));
}

std::string RightsTown::make_case_paper(Place place) {
  return made(officer_, "/api/v1/incidents/" + object("incident", place) + "/papers", {{"form", "bao-cao-ban-dau"}});
}

// A check with an exception on the place's device.
std::string RightsTown::make_check(Place place) {
  const std::string id = "ssh-root-login";
  const json::object wanted{{"reason", "Chờ phần mềm mới"}, {"expires_on", to_iso(day_of(clock.now()) + days(40))}};
  const std::string path = "/api/v1/devices/" + object("device", place) + "/checks/" + id + "/exception";
  const ClientResponse response = ask(officer_, "PUT", path, json::serialize(wanted));
  EXPECT_EQ(response.status, 200) << response.body;
  return id;
}

std::string RightsTown::make_commitment(Place place) {
  return made(officer_, "/api/v1/commitments/companies",
              {{"agency", ward(place)},
               {"name", "Công ty Mạng"},
               {"system", fresh("Hệ thống ")},
               {"paper", "Văn bản 5"},
               {"paper_sha256", std::string(64, 'a')},
               {"signed_on", to_iso(day_of(clock.now()))}});
}

std::string RightsTown::make_contact(Place) {
  return made(admin_, "/api/v1/contacts",
              {{"body", fresh("Công an ")}, {"kind", "police"}, {"channel", "Công văn"}, {"phone", "0237 113"}});
}

std::string RightsTown::make_delegation(Place place) {
  const json::object wanted{{"to", make_account(place)},
                            {"role", "agency_head"},
                            {"agency", ward(place)},
                            {"valid_to", to_iso(day_of(clock.now()) + days(3))}};
  done(head_of(place), "/api/v1/delegations", wanted);
  for (const json::value& one : listed(admin_, "/api/v1/delegations", "delegations")) {
    if (one.at("to") == wanted.at("to")) return text(one.at("id"));
  }
  return {};
}

std::string RightsTown::make_exception(Place place) {
  const json::object wanted{{"agency", ward(place)},
                            {"filter", "message|contains: " + fresh("may-")},
                            {"reason", "Máy thử"},
                            {"expires_at", to_rfc3339(clock.now() + 24h)}};
  return made(officer_, "/api/v1/rules/remote_tool/exceptions", wanted);
}

std::string RightsTown::make_handover(Place place) {
  const std::string path = "/api/v1/incidents/" + object("incident", place);
  const json::object taken{{"taken_by", "Người canbo.thi.xa"},
                           {"taken_at", to_rfc3339(clock.now() - 1min)},
                           {"attachment", object("part", place)}};
  done(officer_, path + "/parts", {{"kind", "evidence"}, {"body", taken}});
  return made(officer_, path + "/handovers", {{"receiver", "Công an tỉnh"}});
}

std::string RightsTown::make_inbound(Place) {
  return made(admin_, "/api/v1/inbound-warnings",
              {{"source", "Cục ATTT"},
               {"title", "Cảnh báo"},
               {"summary", "Có mã độc 198.51.100.7"},
               {"received_at", to_rfc3339(clock.now())}});
}

std::string RightsTown::make_incident(Place place) {
  return made(officer_, "/api/v1/incidents",
              {{"agency", ward(place)}, {"title", "Máy chạy chậm"}, {"discovered_at", to_rfc3339(clock.now() - 5min)}});
}

std::string RightsTown::make_item(Place place) {
  const json::value leave = done(officer_, "/api/v1/leaves/" + object("leave", place) + "/items",
                                 {{"kind", "other_account"}, {"title", "Hòm thư công vụ"}});
  return leave.is_object() ? text(leave.at("items").as_array().back().at("id")) : std::string();
}

std::string RightsTown::make_leave(Place place) {
  return made(officer_, "/api/v1/leaves",
              {{"person", make_person(place)},
               {"kind", "leave"},
               {"last_day", to_iso(day_of(clock.now()) + days(5))},
               {"reason", "Nghỉ hưu"}});
}

std::string RightsTown::make_list(Place) {
  const json::object wanted{
      {"name", fresh("Danh sách ")}, {"format", "csv"}, {"content", "Type,Value\n,198.51.100.9\n"}};
  return made(admin_, "/api/v1/indicator_lists", wanted);
}

std::string RightsTown::make_medium(Place) {
  return made(admin_, "/api/v1/custody/media",
              {{"name", "Ổ"}, {"kind", "disk"}, {"serial", fresh("SR-")}, {"custodian", "An"}, {"place", "Kho"}});
}

std::string RightsTown::make_order(Place place) {
  const json::object wanted{{"type", "collect_now"}, {"reason", "Xem lại máy"}};
  const json::value issued = done(officer_, "/api/v1/devices/" + object("device", place) + "/orders", wanted);
  return issued.is_object() ? text(issued.at("order").at("id")) : std::string();
}

std::string RightsTown::make_paper(Place place) {
  const std::string year = to_iso(day_of(clock.now())).substr(0, 4);
  return made(
      officer_, "/api/v1/papers",
      {{"form", "bao-cao-tong-hop"}, {"agency", ward(place)}, {"from", year + "-01-01"}, {"to", year + "-06-30"}});
}

std::string RightsTown::make_part(Place place) {
  return made(officer_, "/api/v1/incidents/" + object("incident", place) + "/files",
              {{"name", "nhật ký.txt"}, {"content", to_base64("một dòng")}});
}

std::string RightsTown::make_person(Place place) {
  return made(admin_, "/api/v1/persons", {{"agency", ward(place)}, {"name", fresh("Người ")}});
}

std::string RightsTown::make_plan(Place place) {
  const json::object plan{
      {"day", to_iso(day_of(clock.now()) + days(60))},
      {"basis", fresh("Nghị quyết ")},
      {"changes",
       {{{"agency", ward(place)}, {"name", place == Place::own ? "Phường Ba Đình mới" : "Phường Đông Sơn mới"}}}}};
  done(admin_, "/api/v1/agencies/reorganisations", plan);
  for (const json::value& one : listed(admin_, "/api/v1/agencies/plans", "items")) {
    if (one.at("basis") == plan.at("basis")) return text(one.at("id"));
  }
  return {};
}

// Told without an account, each time from another address: one address may tell only so much.
std::string RightsTown::make_report(Place place) {
  Caller anybody = anonymous(++places_);
  const std::string what = fresh("Máy chạy chậm ");
  const json::object body{
      {"agency", ward(place)}, {"sign", "slow"}, {"what", what}, {"seen_at", to_rfc3339(clock.now() - 5min)}};
  const ClientResponse response = anybody.call("POST", "/api/v1/reports", json::serialize(body));
  EXPECT_EQ(response.status, 201) << response.body;
  for (const json::value& one : listed(officer_, "/api/v1/staff-reports?limit=500", "items")) {
    if (text(one.at("what")) == what) return text(one.at("id"));
  }
  return {};
}

std::string RightsTown::make_request(Place place) {
  return made(officer_, "/api/v1/provider-requests",
              {{"agency", ward(place)},
               {"provider", "VNPT Thanh Hóa"},
               {"kind", "records"},
               {"incident", object("incident", place)},
               {"text", "Nhật ký kết nối"},
               {"legal_basis", "Điều 9.2"}});
}

// An agency has one at a time.
std::string RightsTown::make_review(Place place) {
  const json::value open = read(officer_, "/api/v1/reviews?open=true&agency=" + ward(place));
  if (!open.at("items").as_array().empty()) return text(open.at("items").at(0).at("id"));
  return made(officer_, "/api/v1/reviews", {{"agency", ward(place)}, {"due", to_iso(day_of(clock.now()) + days(20))}});
}

std::string RightsTown::make_run(Place place) {
  return made(officer_, "/api/v1/rule_runs",
              {{"rule", "remote_tool"},
               {"agency", ward(place)},
               {"from", to_rfc3339(clock.now() - 1h)},
               {"to", to_rfc3339(clock.now())}});
}

std::string RightsTown::make_search(Place place) {
  return made(officer_, "/api/v1/searches",
              {{"name", fresh("Tìm ")}, {"query", "sshd"}, {"agency", ward(place)}, {"shared", true}});
}

std::string RightsTown::make_sender(Place place) {
  const json::object wanted{
      {"about", fresh("Tường lửa ")}, {"agency", ward(place)}, {"name", fresh("Tường lửa ")}, {"class", "network"}};
  return text(done(officer_, "/api/v1/senders", wanted).at("sender").at("id"));
}

std::string RightsTown::make_source(Place place) {
  const std::string name = fresh("Nguồn ");
  done(admin_, "/api/v1/sources",
       {{"kind", "oidc"},
        {"name", name},
        {"agency", ward(place)},
        {"oidc", {{"issuer", "https://127.0.0.1:1"}, {"client_id", "luy"}, {"scopes", json::array{"openid"}}}}});
  for (const json::value& one : listed(admin_, "/api/v1/sources", "items")) {
    if (text(one.at("name")) == name) return text(one.at("id"));
  }
  return {};
}

std::string RightsTown::make_system(Place place) {
  return made(officer_, "/api/v1/systems",
              {{"agency", ward(place)}, {"name", fresh("Hệ thống ")}, {"manager", "agency"}});
}

std::string RightsTown::make_term(Place place) {
  const json::object wanted{{"agency", ward(place)},
                            {"class", nullptr},
                            {"keep_days", 100},
                            {"erase_after_days", nullptr},
                            {"reason", "Thử"}};
  done(officer_, "/api/v1/custody/retention", wanted);
  for (const json::value& one : listed(officer_, "/api/v1/custody/retention", "rules")) {
    if (one.at("agency").is_object() && text(one.at("agency").at("id")) == ward(place)) return text(one.at("id"));
  }
  return {};
}

std::string RightsTown::make_token(Place place) {
  const json::object wanted{{"name", fresh("Máy ")},
                            {"actions", json::array{"device_read"}},
                            {"expires_at", to_rfc3339(clock.now() + 24h)},
                            {"password", password}};
  return text(done(head_of(place), "/api/v1/tokens", wanted).at("item").at("id"));
}

std::string RightsTown::make_training(Place place) {
  const json::object wanted{{"persons", json::array{object("person", place)}},
                            {"topic", "An toàn thông tin"},
                            {"day", to_iso(day_of(clock.now()))},
                            {"hours", 4},
                            {"by", "Sở KHCN"}};
  return text(done(officer_, "/api/v1/trainings", wanted).at("items").at(0).at("id"));
}

std::string RightsTown::make_version(Place place) {
  const std::string pdf = "%PDF-1.4\n" + fresh("% ") + "\n%%EOF\n";
  const json::value plan = done(officer_, "/api/v1/agencies/" + ward(place) + "/network-plans",
                                {{"name", "so-do.pdf"}, {"content", to_base64(pdf)}});
  return json::serialize(plan.at("version"));
}

std::string RightsTown::make_warning(Place place) {
  return made(admin_, "/api/v1/warnings",
              {{"title", "Mã độc"},
               {"risk", "Mất dữ liệu"},
               {"actions", "Cập nhật"},
               {"due_at", to_rfc3339(clock.now() + 24h)},
               {"agencies", json::array{ward(place)}}});
}

std::string RightsTown::make_webhook(Place place) {
  // The hub holds only so many, and those who were asked to make some did.
  for (const json::value& one : listed(admin_, "/api/v1/webhooks", "items")) {
    const std::string id = text(one.at("id"));
    const bool kept =
        std::any_of(objects_.begin(), objects_.end(), [&](const auto& known) { return known.second == id; });
    if (kept) continue;
    const ClientResponse taken = ask(admin_, "DELETE", "/api/v1/webhooks/" + id, "");
    if (taken.status != 202) continue;
    ask(head_, "POST", "/api/v1/acts/" + text(json::parse(taken.body).at("act")) + "/agree", "");
  }
  const std::string name = fresh("Móc ");
  done(admin_, "/api/v1/webhooks",
       {{"name", name},
        {"agency", ward(place)},
        {"url", "https://192.0.2.9/luy"},
        {"kinds", json::array{"finding"}},
        {"enabled", false}});
  for (const json::value& one : listed(admin_, "/api/v1/webhooks", "items")) {
    if (text(one.at("name")) == name) return text(one.at("id"));
  }
  return {};
}

std::string RightsTown::make_origin(Place) {
  const auto key = evidence::VerifierKey::make(fresh("luy/khac-"), std::string(32, 'k')).value();
  return made(admin_, "/api/v1/witness/origins", {{"name", fresh("Tỉnh ")}, {"vkey", key.vkey()}});
}

// Who asks stands in the ward.
std::string RightsTown::make_wish(Place place) {
  return made(head_of(place), "/api/v1/software-requests",
              {{"product", fresh("Phần mềm ")}, {"why", "Để làm việc"}, {"device", "Máy phòng Văn thư"}});
}

std::string RightsTown::make_witness(Place) {
  const auto key = evidence::WitnessKey::make(fresh("luy/tinh-"), std::string(32, 'k')).value();
  return made(admin_, "/api/v1/witness/witnesses",
              {{"name", fresh("Tỉnh ")}, {"url", "https://192.0.2.9:8443/api/v1/witness"}, {"vkey", key.vkey()}});
}

}  // namespace luy::hub::rights
