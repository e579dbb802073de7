#include "premises/stranger.h"

#include "premises/fixture.h"
#include "premises/text.h"

namespace luy::premises {
namespace {

namespace json = boost::json;
using api::Method;
using std::chrono::hours;

constexpr const char* printer = "00:11:22:33:44:55";
constexpr const char* telephone = "da:a1:19:00:00:01";

struct StrangerTest : PremisesApiTest {
  StrangerTest() {
    first = w.enrol("may-1", w.ward);
    second = w.enrol("may-2", w.ward);
  }
  static fact::Interface card(const std::string& name, const std::string& kind, const std::string& mac) {
    fact::Interface out;
    out.name = name;
    out.kind = kind;
    out.mac = mac;
    out.up = true;
    return out;
  }
  fact::Neighbour beside(const std::string& mac, const std::string& address, const std::string& interface = "eth0") {
    return {address, mac, "", "arp", interface, "", w.clock.now()};
  }
  void look() {
    const auto states = w.inventory->states();
    const KnownMachines known = known_machines(states, equipment->list(false), w.inventory->wifi(), {});
    ASSERT_TRUE(strangers->look(strangers_seen(states, known, w.clock.now()), known));
  }
  Result<void> say(const std::vector<std::string>& macs, StrangerKind kind,
                   const std::string& reason = "Đã hỏi phòng") {
    return strangers->decide(caller, w.ward, macs, StrangerDecision{kind, reason, "An", {}});
  }
  Conditions now() const { return conditions_of(strangers->list(), w.clock.now()); }

  DeviceId first, second;
};

TEST_F(StrangerTest, IsOneForEachHardwareAddressWhoeverSeesIt) {
  w.report(first, fact::Neighbours{{beside(printer, "10.0.0.9"), beside(telephone, "10.0.0.20")}});
  const Time begin = w.clock.now();
  w.clock.advance(hours(2));
  w.report(second, fact::Neighbours{{beside("00-11-22-33-44-55", "fe80::1")}});
  look();
  const auto all = strangers->list();
  ASSERT_EQ(all.size(), 2U);
  const Stranger& one = all[0].key.mac == printer ? all[0] : all[1];
  EXPECT_EQ(one.seen_by, (std::set<DeviceId>{first, second}));
  EXPECT_EQ(one.addresses, (std::set<std::string>{"10.0.0.9", "fe80::1"}));
  EXPECT_EQ(one.first_seen, begin);
  EXPECT_EQ(one.last_seen, begin + hours(2));
  EXPECT_FALSE(is_random(printer));
  EXPECT_TRUE(is_random(telephone));
  reopen();
  EXPECT_EQ(strangers->list().size(), 2U);
  EXPECT_EQ(strangers->list()[0].first_seen, begin);
}

TEST_F(StrangerTest, LeavesOutWhatStandsSomewhereAndWhatIsInsideAMachine) {
  fact::Interfaces network;
  network.interfaces = {card("eth0", "ethernet", "02:00:00:00:00:01"), card("docker0", "virtual", "02:42:00:00:00:01")};
  w.report(first, network);
  Equipment with_mac = a_switch();
  with_mac.mac = "02:00:00:00:00:02";
  ASSERT_TRUE(equipment->add(caller, with_mac));
  Equipment with_address = a_switch("sw-2");
  with_address.address = "10.0.0.3";
  ASSERT_TRUE(equipment->add(caller, with_address));
  w.report(first, fact::Neighbours{{beside("02:00:00:00:00:02", "10.0.0.2"), beside("02:00:00:00:00:03", "10.0.0.3"),
                                    beside("02:42:00:00:00:09", "172.17.0.2", "docker0"),
                                    beside("01:00:5e:00:00:01", "224.0.0.1"), beside("", "10.0.0.5")}});
  w.report(second, fact::Neighbours{{beside("02:00:00:00:00:01", "10.0.0.1")}});
  look();
  EXPECT_TRUE(strangers->list().empty());
}

TEST_F(StrangerTest, IsGoneOnceItIsRegistered) {
  w.report(first, fact::Neighbours{{beside(printer, "10.0.0.9")}});
  look();
  ASSERT_TRUE(say({printer}, StrangerKind::network_device));
  Equipment one = a_switch();
  one.mac = printer;
  ASSERT_TRUE(equipment->add(caller, one));
  look();
  EXPECT_TRUE(strangers->list().empty());
  reopen();
  EXPECT_TRUE(strangers->list().empty());
  EXPECT_TRUE(say({printer}, StrangerKind::guest).error().is(stranger_unknown));
}

TEST_F(StrangerTest, ForgetsMadeUpAddressesBeforeOthers) {
  w.report(first, fact::Neighbours{{beside(printer, "10.0.0.9"), beside(telephone, "10.0.0.20")}});
  look();
  w.clock.advance(stranger_random_kept + hours(1));
  look();
  ASSERT_EQ(strangers->list().size(), 1U);
  EXPECT_EQ(strangers->list()[0].key.mac, printer);
  w.clock.advance(stranger_kept);
  look();
  EXPECT_TRUE(strangers->list().empty());
}

TEST_F(StrangerTest, KeepsWhatWasSaidAndMayBeSaidAnew) {
  w.report(first, fact::Neighbours{{beside(printer, "10.0.0.9"), beside(telephone, "10.0.0.20")}});
  look();
  ASSERT_TRUE(say({printer, telephone}, StrangerKind::phone));
  w.clock.advance(hours(3));
  w.report(first, fact::Neighbours{{beside(printer, "10.0.0.9")}});
  look();
  reopen();
  for (const Stranger& one : strangers->list()) {
    ASSERT_TRUE(one.decision);
    EXPECT_EQ(one.decision->kind, StrangerKind::phone);
    EXPECT_EQ(one.decision->reason, "Đã hỏi phòng");
  }
  ASSERT_TRUE(say({printer}, StrangerKind::printer));
  ASSERT_TRUE(strangers->decide(caller, w.ward, {telephone}, std::nullopt));
  const auto all = strangers->list();
  ASSERT_EQ(all.size(), 2U);
  EXPECT_FALSE(all[0].decision);
  EXPECT_EQ(all[1].decision->kind, StrangerKind::printer);
  EXPECT_TRUE(say({printer, "00:11:22:33:44:99"}, StrangerKind::guest).error().is(stranger_unknown));
  EXPECT_TRUE(say({printer}, StrangerKind::guest, "").error().is(text_invalid));
  EXPECT_TRUE(say({printer}, StrangerKind::guest, "mật khẩu: a1").error().is(holds_secret));
  EXPECT_EQ(strangers->list()[1].decision->kind, StrangerKind::printer);
}

TEST_F(StrangerTest, TellsOfForeignOnesAndOfThoseNobodyDecidedOn) {
  w.report(first, fact::Neighbours{{beside(printer, "10.0.0.9"), beside(telephone, "10.0.0.20")}});
  look();
  EXPECT_TRUE(now().empty());
  ASSERT_TRUE(say({telephone}, StrangerKind::foreign));
  Conditions told = now();
  ASSERT_EQ(told.size(), 1U);
  EXPECT_EQ(told.begin()->second.severity, finding::Severity::high);
  EXPECT_FALSE(told.begin()->second.seqs.empty());
  ASSERT_TRUE(say({telephone}, StrangerKind::guest));
  EXPECT_TRUE(now().empty());
  w.clock.advance(stranger_decide_within);
  told = now();
  ASSERT_EQ(told.size(), 1U);
  EXPECT_EQ(told.begin()->second.group_key, "premises|network|undecided");
  EXPECT_NE(told.begin()->second.story.vi.find(printer), std::string::npos);
  EXPECT_EQ(told.begin()->second.story.vi.find(telephone), std::string::npos);
}

TEST_F(StrangerTest, IsShownToWhoReadsTheNetworkAndDecidedByWhoKeepsIt) {
  w.report(first, fact::Neighbours{{beside(printer, "10.0.0.9")}});
  look();
  const auto list = [&] { return done(Method::get, "/api/v1/network/strangers").at("items").as_array(); };
  const json::object said{
      {"agency", w.ward.text()}, {"macs", json::array{printer}}, {"kind", "printer"}, {"reason", "Máy in tầng 2"}};
  EXPECT_EQ(call(Method::post, "/api/v1/network/strangers", said).status, 204);
  ASSERT_EQ(list().size(), 1U);
  EXPECT_EQ(list()[0].at("decision").at("kind").as_string(), "printer");
  EXPECT_EQ(list()[0].at("decision").at("by").as_string(), "Trần Thị B");
  grant(directory::Role::security_officer, w.other_ward);
  EXPECT_TRUE(list().empty());
  EXPECT_EQ(refused(Method::post, "/api/v1/network/strangers", said), "directory.not_allowed");
  grant(directory::Role::auditor, w.ward);
  EXPECT_EQ(list().size(), 1U);
  EXPECT_EQ(refused(Method::post, "/api/v1/network/strangers", said), "directory.not_allowed");
}

}  // namespace
}  // namespace luy::premises
