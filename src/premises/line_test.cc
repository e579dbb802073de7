#include "premises/line_book.h"

#include "premises/fixture.h"
#include "premises/text.h"

namespace luy::premises {
namespace {

namespace json = boost::json;
using api::Method;
using std::chrono::hours;

struct LineTest : PremisesApiTest {
  LineTest() {
    first = w.enrol("may-1", w.ward);
    second = w.enrol("may-2", w.ward);
  }
  Subnet subnet(const std::string& range, const std::string& gateway = "") const {
    Subnet one;
    one.agency = w.ward;
    one.range = prefix_of(range).value();
    one.purpose = "Máy trạm";
    one.gateway = gateway;
    one.changed_by = "An";
    return one;
  }
  Line internet(const std::string& exit = "203.0.113.7") const {
    Line one;
    one.agency = w.ward;
    one.name = "Cáp quang tầng 1";
    one.provider = "VNPT";
    one.exits = {prefix_of(exit).value()};
    one.changed_by = "An";
    return one;
  }
  void tell(const DeviceId& device, std::vector<std::string> addresses, const std::string& gateway,
            const std::string& gateway_mac = "") {
    fact::Interfaces out;
    for (std::size_t i = 0; i < addresses.size(); ++i) {
      fact::Interface card;
      card.name = "eth" + std::to_string(i);
      card.kind = "ethernet";
      card.up = true;
      card.addresses = {addresses[i]};
      out.interfaces.push_back(std::move(card));
    }
    if (!gateway.empty()) out.routes.push_back({"0.0.0.0/0", gateway, "eth0"});
    w.report(device, std::move(out));
    if (!gateway_mac.empty()) {
      w.report(device, fact::Neighbours{{{gateway, gateway_mac, "", "arp", "eth0", "", w.clock.now()}}});
    }
  }
  std::map<std::string, std::string> found(const std::map<DeviceId, Exit>& exits = {}) const {
    std::map<std::string, std::string> out;
    for (const Drift& one : drifts_of(w.inventory->states(), lines->subnets(), lines->lines(false), exits)) {
      EXPECT_FALSE(one.devices.empty());
      out[std::string(name_of(one.kind))] += (out[std::string(name_of(one.kind))].empty() ? "" : " ") + one.what;
    }
    return out;
  }
  DeviceId first, second;
};

TEST_F(LineTest, KnowsRangesOfAddresses) {
  EXPECT_EQ(text_of(network_of(prefix_of("10.56.1.7/24").value())), "10.56.1.0/24");
  EXPECT_EQ(text_of(prefix_of("2001:db8::7").value()), "2001:db8::7");
  EXPECT_FALSE(prefix_of("10.56.1.0/33"));
  EXPECT_FALSE(prefix_of("10.56.1/24"));
  EXPECT_FALSE(prefix_of(""));
  const auto range = prefix_of("10.56.0.0/22").value();
  EXPECT_TRUE(contains(range, prefix_of("10.56.3.255").value()));
  EXPECT_FALSE(contains(range, prefix_of("10.56.4.0").value()));
  EXPECT_FALSE(contains(range, prefix_of("2001:db8::7").value()));
  EXPECT_TRUE(overlaps(range, prefix_of("10.0.0.0/8").value()));
  EXPECT_TRUE(is_public(prefix_of("203.0.113.7").value()));
  for (const char* text : {"10.1.1.1", "172.31.0.1", "192.168.1.1", "100.64.0.1", "127.0.0.1", "169.254.1.1", "::1",
                           "fe80::1", "fd00::1"}) {
    EXPECT_FALSE(is_public(prefix_of(text).value())) << text;
  }
}

TEST_F(LineTest, KeepsAPlanWithoutOverlaps) {
  const auto made = lines->put(caller, subnet("10.56.1.0/24", "10.56.1.1"));
  ASSERT_TRUE(made);
  EXPECT_TRUE(lines->put(caller, subnet("10.56.0.0/16")).error().is(subnet_taken));
  EXPECT_TRUE(lines->put(caller, subnet("10.56.2.7/24")).error().is(subnet_invalid));
  EXPECT_TRUE(lines->put(caller, subnet("10.56.2.0/24", "10.56.1.1")).error().is(subnet_invalid));
  Subnet wrong = subnet("10.56.2.0/24");
  wrong.vlan = 4095;
  EXPECT_TRUE(lines->put(caller, wrong).error().is(subnet_invalid));
  wrong.vlan = 20;
  wrong.agreed_on = today() + days(1);
  EXPECT_TRUE(lines->put(caller, wrong).error().is(subnet_invalid));
  wrong.agreed_on = today();
  wrong.document = "mật khẩu: abc";
  EXPECT_TRUE(lines->put(caller, wrong).error().is(holds_secret));
  ASSERT_EQ(lines->subnets().size(), 1U);

  Subnet edited = *made;
  edited.purpose = "Máy chủ";
  ASSERT_TRUE(lines->put(caller, edited));
  EXPECT_TRUE(lines->put(caller, edited).error().is(lines_changed));
  reopen();
  ASSERT_EQ(lines->subnets().size(), 1U);
  EXPECT_EQ(lines->subnets()[0].purpose, "Máy chủ");
  EXPECT_EQ(lines->subnets()[0].gateway, "10.56.1.1");
  w.clock.advance(hours(1));
  ASSERT_TRUE(lines->remove(caller, made->id, "Gộp mạng"));
  EXPECT_TRUE(lines->remove(caller, made->id, "Gộp mạng").error().is(subnet_unknown));
  reopen();
  EXPECT_TRUE(lines->subnets().empty());
  EXPECT_EQ(lines->plan_changed_at(w.ward), w.clock.now());
  EXPECT_EQ(lines->plan_changed_at(w.other_ward), std::nullopt);
}

TEST_F(LineTest, FindsWhatIsNotAsPlanned) {
  tell(first, {"192.168.9.7/24"}, "192.168.9.1");
  EXPECT_TRUE(found().empty()) << "an agency without a plan has no drift";
  ASSERT_TRUE(lines->put(caller, subnet("10.56.1.0/24", "10.56.1.1")));
  ASSERT_TRUE(lines->put(caller, subnet("10.56.2.0/24")));
  EXPECT_EQ(found(),
            (std::map<std::string, std::string>{{"outside_plan", "192.168.9.7"}, {"unknown_gateway", "192.168.9.1"}}));
  tell(first, {"10.56.1.7/24"}, "10.56.1.1");
  EXPECT_TRUE(found().empty());
  tell(first, {"10.56.1.7/24", "10.56.2.7/24"}, "10.56.1.1");
  EXPECT_EQ(found(), (std::map<std::string, std::string>{{"dual_homed", "10.56.1.0/24, 10.56.2.0/24"}}));
}

TEST_F(LineTest, TellsTwoHoldersFromTwoSitesWithOneRange) {
  ASSERT_TRUE(lines->put(caller, subnet("10.56.1.0/24", "10.56.1.1")));
  tell(first, {"10.56.1.7/24"}, "10.56.1.1", "02:00:00:00:00:01");
  tell(second, {"10.56.1.7/24"}, "10.56.1.1", "02:00:00:00:00:01");
  EXPECT_EQ(found(), (std::map<std::string, std::string>{{"two_holders", "10.56.1.7"}}));
  tell(second, {"10.56.1.7/24"}, "10.56.1.1", "02:00:00:00:00:02");
  EXPECT_TRUE(found().empty());
}

TEST_F(LineTest, FindsExitsThatAreNoLinks) {
  const std::map<DeviceId, Exit> outside{{first, {"203.0.113.7", w.clock.now()}}};
  const std::map<std::string, std::string> unknown{{"unknown_exit", "203.0.113.7"}};
  EXPECT_EQ(found(outside), unknown);
  EXPECT_TRUE(found({{first, {"10.56.1.7", w.clock.now()}}}).empty());
  const auto made = lines->put(caller, internet("203.0.113.0/29"));
  ASSERT_TRUE(made);
  EXPECT_TRUE(found(outside).empty());
  ASSERT_TRUE(lines->end(caller, made->id, "Hết hợp đồng"));
  EXPECT_EQ(found(outside), unknown);
}

TEST_F(LineTest, OwesANoticeForALinkAndForWhatChangesOfIt) {
  EXPECT_EQ(lines->notice_record(w.ward).waiting, 0U);
  const auto made = lines->put(caller, internet());
  ASSERT_TRUE(made);
  DutyRecord record = lines->notice_record(w.ward);
  EXPECT_EQ(record.waiting, 1U);
  EXPECT_EQ(record.due_at, w.clock.now() + notice_within);
  EXPECT_EQ(record.act, line_act(made->id));
  EXPECT_EQ(lines->conditions().size(), 1U);
  EXPECT_EQ(lines->notice_record(w.other_ward).waiting, 0U);

  w.clock.advance(days(1));
  EXPECT_TRUE(lines->note_notice(caller, made->id, today() + days(1), "12/TB").error().is(line_invalid));
  EXPECT_TRUE(lines->note_notice(caller, made->id, today(), "").error().is(text_invalid));
  ASSERT_TRUE(lines->note_notice(caller, made->id, today(), "12/TB-UBND"));
  record = lines->notice_record(w.ward);
  EXPECT_EQ(record.waiting, 0U);
  EXPECT_EQ(record.kept, 1U);
  EXPECT_TRUE(lines->conditions().empty());

  w.clock.advance(days(1));
  Line edited = lines->line(made->id).value();
  edited.note = "Gia hạn";
  edited = lines->put(caller, edited).value();
  EXPECT_EQ(lines->notice_record(w.ward).waiting, 0U) << "a note is nothing that a notice tells";
  edited.router = "RB4011, tầng 1";
  ASSERT_TRUE(lines->put(caller, edited));
  EXPECT_EQ(lines->notice_record(w.ward).waiting, 1U);
  w.clock.advance(days(1));
  ASSERT_TRUE(lines->note_notice(caller, made->id, today(), "15/TB-UBND"));
  w.clock.advance(days(1));
  ASSERT_TRUE(lines->put(caller, subnet("10.56.1.0/24")));
  record = lines->notice_record(w.ward);
  EXPECT_EQ(record.waiting, 1U) << "the plan is part of the notice";
  EXPECT_EQ(record.since, w.clock.now());
  reopen();
  EXPECT_EQ(lines->notice_record(w.ward).waiting, 1U);

  Line dedicated = internet();
  dedicated.kind = LineKind::dedicated;
  const auto other = lines->put(caller, dedicated);
  ASSERT_TRUE(other);
  EXPECT_TRUE(lines->misses_terms(w.ward));
  EXPECT_EQ(lines->notice_record(w.ward).waiting, 1U);
  EXPECT_TRUE(lines->note_notice(caller, other->id, today(), "1/TB").error().is(line_not_internet));
}

TEST_F(LineTest, JudgesDriftFromWhenItWasFirstSeen) {
  ASSERT_TRUE(lines->put(caller, subnet("10.56.1.0/24")));
  tell(first, {"192.168.9.7/24"}, "");
  const Time begin = w.clock.now();
  const auto look = [&] { lines->set_drifts(drifts_of(w.inventory->states(), lines->subnets(), {}, {})); };
  look();
  w.clock.advance(hours(5));
  tell(first, {"192.168.9.7/24"}, "");
  look();
  const DutyRecord record = lines->notice_record(w.ward);
  EXPECT_EQ(record.waiting, 1U);
  EXPECT_EQ(record.due_at, begin);
  const Conditions told = lines->conditions();
  ASSERT_EQ(told.size(), 1U);
  EXPECT_EQ(told.begin()->second.group_key, "premises|network|outside_plan");
  EXPECT_FALSE(told.begin()->second.seqs.empty());
}

TEST_F(LineTest, IsShownAndKeptByWhoMayAndPrintedAsANotice) {
  const json::object range{{"agency", w.ward.text()},
                           {"range", "10.56.1.0/24"},
                           {"purpose", "Máy trạm"},
                           {"gateway", "10.56.1.1"},
                           {"vlan", 10},
                           {"dedicated", true}};
  const json::object made = done(Method::post, "/api/v1/network/plan", range);
  EXPECT_EQ(refused(Method::post, "/api/v1/network/plan", range), "premises.subnet_taken");
  EXPECT_EQ(lines->dedicated_ranges(w.ward), std::vector<std::string>{"10.56.1.0/24"});
  const json::object line{{"agency", w.ward.text()},
                          {"kind", "internet"},
                          {"name", "Cáp quang"},
                          {"exits", json::array{"203.0.113.7"}},
                          {"router", "RB4011"}};
  const json::object link = done(Method::post, "/api/v1/network/lines", line);
  const std::string at = "/api/v1/network/lines/" + std::string(link.at("id").as_string());
  EXPECT_FALSE(link.at("notice_due_on").is_null());
  EXPECT_EQ(call(Method::get, at + "/notice").status, 200);
  ASSERT_EQ(papers.size(), 1U);
  EXPECT_EQ(papers[0].form, "thong-bao-duong-truyen");
  EXPECT_EQ(papers[0].fields.at("plan").as_string(), "10.56.1.0/24: Máy trạm; cổng ra 10.56.1.1; VLAN 10");
  const json::object notice{{"noticed_on", to_iso(today())}, {"document", "12/TB-UBND"}};
  EXPECT_TRUE(done(Method::post, at + "/notice", notice).at("notice_due_on").is_null());
  json::object wrong = line;
  wrong["exits"] = json::array{"tầng 1"};
  EXPECT_EQ(refused(Method::post, "/api/v1/network/lines", wrong), "premises.line_invalid");

  grant(directory::Role::auditor, w.ward);
  EXPECT_EQ(done(Method::get, "/api/v1/network/plan").at("items").as_array().size(), 1U);
  EXPECT_EQ(done(Method::get, "/api/v1/network/lines").at("items").as_array().size(), 1U);
  EXPECT_EQ(refused(Method::post, at + "/notice", notice), "directory.not_allowed");
  EXPECT_EQ(refused(Method::post, at + "/end", json::object{{"reason", "Thôi"}}), "directory.not_allowed");
  grant(directory::Role::security_officer, w.other_ward);
  EXPECT_TRUE(done(Method::get, "/api/v1/network/plan").at("items").as_array().empty());
  EXPECT_EQ(call(Method::get, at + "/notice").status, 403);
  grant(directory::Role::security_officer, w.ward);
  const std::string of_plan = "/api/v1/network/plan/" + std::string(made.at("id").as_string());
  EXPECT_EQ(call(Method::post, of_plan + "/removal", json::object{{"reason", "Gộp mạng"}}).status, 204);
  EXPECT_FALSE(done(Method::post, at + "/end", json::object{{"reason", "Hết hợp đồng"}}).at("ended_at").is_null());
}

}  // namespace
}  // namespace luy::premises
