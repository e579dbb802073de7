// Goal: an order has one form only, and an agent performs none that is not signed by its hub, for it, new and in time.
// Method: each type through writing and reading; a sound order with one thing wrong at a time. The "signature" of these
// tests is the key and the message joined.
#include "order/order.h"

#include <gtest/gtest.h>

namespace luy::order {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

constexpr const char* device = "01jd0000000000000000000000";
constexpr const char* other = "01jd0000000000000000000001";
const Time now = *from_rfc3339("2026-11-22T01:02:03Z");

Order sound(Body body = IsolateNetwork{now + hours(1), {"192.0.2.53", "2001:db8::53"}, true}) {
  Order order;
  order.id = "01jd00000000000000000000aa";
  order.device = device;
  order.serial = 7;
  order.issued_at = now - minutes(1);
  order.expires_at = now + hours(1);
  order.incident = "SC-2026-004";
  order.reason = "Máy gửi dữ liệu ra ngoài \"lạ\"";
  order.asked_by = "canbo";
  order.agreed_by = "quantri";
  order.body = std::move(body);
  return order;
}

std::vector<Body> every_type() {
  return {IsolateNetwork{now + hours(1), {}, false},
          ReleaseNetwork{},
          BlockAddress{"203.0.113.7", std::nullopt},
          BlockAddress{"2001:db8::7", now + hours(2)},
          UnblockAddress{"203.0.113.7"},
          StopProcess{4242, 99887766, "/usr/bin/nc", std::string(64, 'a')},
          StopProcess{4242, 0, "/opt/máy lạ/x", ""},
          CollectVolatile{},
          CollectNow{},
          RestoreQuarantined{"01jd000000000000000000000q", std::string(64, 'a')},
          DeleteQuarantined{"01jd000000000000000000000q", std::string(64, 'b')},
          BackupNow{"01jd000000000000000000000r", "Văn bản"},
          DrillRestore{"01jd000000000000000000000r", "Văn bản"},
          PreviewRestore{{"01jd000000000000000000000r", "Văn bản", "", {}, {}, "/srv/phục hồi"}},
          RestoreBackup{{"01jd000000000000000000000r", "Văn bản", "0a1b2c3d", now, {"/home/an/a.odt"}, ""}}};
}

bool verify(std::string_view key, std::string_view message, std::string_view signature) {
  return signature == std::string(key) + std::string(message);
}
SignedOrder signed_by(const std::string& key, const std::string& document) {
  return {document, key + signed_bytes(document)};
}
Guard guard() {
  return {"key", device, 6, now, now};
}

TEST(Order, EveryTypeReadsAsItWasWritten) {
  for (const Body& body : every_type()) {
    const Order order = sound(body);
    const auto read_back = read(to_json(order));
    ASSERT_TRUE(read_back) << read_back.error().text() << to_json(order);
    EXPECT_EQ(*read_back, order);
    EXPECT_EQ(body_of_type(type_name(body))->index(), body.index());
  }
}

TEST(Order, ItsBytesNeverChange) {
  EXPECT_EQ(to_json(sound()),
            "{\"v\":1,\"id\":\"01jd00000000000000000000aa\",\"device\":\"01jd0000000000000000000000\",\"serial\":7,"
            "\"issued_at\":\"2026-11-22T01:01:03.000000Z\",\"expires_at\":\"2026-11-22T02:02:03.000000Z\","
            "\"case\":\"SC-2026-004\",\"reason\":\"Máy gửi dữ liệu ra ngoài \\\"lạ\\\"\",\"asked_by\":\"canbo\","
            "\"agreed_by\":\"quantri\",\"type\":\"isolate_network\",\"parameters\":{\"until\":"
            "\"2026-11-22T02:02:03.000000Z\",\"dns\":[\"192.0.2.53\",\"2001:db8::53\"],\"dhcp\":true}}");
}

TEST(Order, AnotherFormOfTheSameOrderIsRefused) {
  const std::string json = to_json(sound());
  const auto replaced = [&](std::string_view from, std::string_view to) {
    std::string out = json;
    out.replace(out.find(from), from.size(), to);
    return out;
  };
  for (const std::string& text :
       {json + " ", replaced(",\"serial\"", ", \"serial\""), replaced("{\"v\":1,", "{\"x\":1,\"v\":1,"),
        replaced(".000000Z\",\"expires", "Z\",\"expires"), replaced("\"dhcp\":true", "\"dhcp\":true,\"all\":1"),
        replaced("\"v\":1", "\"v\":2"), replaced("192.0.2.53", "192.0.2.53; drop"),
        replaced("\"dns\":[", "\"dns\":[[]"), replaced("2001:db8::53", "2001:db8:0::53"),
        replaced("\"serial\":7", "\"serial\":\"7\""), std::string("{"), std::string(), std::string("[]"),
        std::string(document_bytes_max + 1, ' ')}) {
    const auto order = read(text);
    ASSERT_FALSE(order) << text;
    EXPECT_TRUE(order.error().is(malformed)) << order.error().text();
  }
}

TEST(Order, ATypeThisVersionDoesNotKnowIsNamed) {
  std::string json = to_json(sound(CollectNow{}));
  json.replace(json.find("collect_now"), 11, "format_disk");
  EXPECT_TRUE(read(json).error().is(type_unknown));
  EXPECT_EQ(claimed_id(json), sound().id);
  EXPECT_EQ(claimed_id("{\"id\":\"../x\"}"), "");
}

TEST(Order, ImpossibleValuesAreRefusedByName) {
  struct Case {
    const char* field;
    std::function<void(Order&)> spoil;
  };
  const Case cases[] = {
      {"item",
       [](Order& o) {
         o.body = RestoreQuarantined{"../x", std::string(64, 'a')};
       }},
      {"sha256",
       [](Order& o) {
         o.body = DeleteQuarantined{"01jd000000000000000000000q", "A"};
       }},
      {"request",
       [](Order& o) {
         o.body = BackupNow{"x", "a"};
       }},
      {"set",
       [](Order& o) {
         o.body = DrillRestore{"01jd000000000000000000000q", ""};
       }},
      {"snapshot",
       [](Order& o) {
         o.body = RestoreBackup{{"01jd000000000000000000000q", "a", "--all", {}, {}, ""}};
       }},
      {"paths",
       [](Order& o) {
         o.body = RestoreBackup{{"01jd000000000000000000000q", "a", "", {}, {"/home/../etc"}, ""}};
       }},
      {"destination",
       [](Order& o) {
         o.body = PreviewRestore{{"01jd000000000000000000000q", "a", "", {}, {}, "srv"}};
       }},
      {"id", [](Order& o) { o.id = "x"; }},
      {"device", [](Order& o) { o.device.clear(); }},
      {"serial", [](Order& o) { o.serial = 0; }},
      {"expires_at", [](Order& o) { o.expires_at = o.issued_at; }},
      {"expires_at", [](Order& o) { o.expires_at = o.issued_at + lifetime_max + minutes(1); }},
      {"reason", [](Order& o) { o.reason.clear(); }},
      {"reason", [](Order& o) { o.reason = "a\nb"; }},
      {"reason", [](Order& o) { o.reason = "\xff"; }},
      {"asked_by", [](Order& o) { o.asked_by.clear(); }},
      {"until",
       [](Order& o) {
         o.body = IsolateNetwork{o.issued_at, {}, true};
       }},
      {"until",
       [](Order& o) {
         o.body = IsolateNetwork{o.issued_at + isolation_max + minutes(1), {}, true};
       }},
      {"dns",
       [](Order& o) {
         o.body = IsolateNetwork{now + hours(1), {"dns.example"}, true};
       }},
      {"address",
       [](Order& o) {
         o.body = BlockAddress{"0.0.0.0/0", {}};
       }},
      {"address", [](Order& o) { o.body = UnblockAddress{""}; }},
      {"pid",
       [](Order& o) {
         o.body = StopProcess{1, 1, "/sbin/init", ""};
       }},
      {"path",
       [](Order& o) {
         o.body = StopProcess{2, 1, "nc", ""};
       }},
      {"sha256",
       [](Order& o) {
         o.body = StopProcess{2, 1, "/bin/nc", "abc"};
       }},
  };
  for (const Case& one : cases) {
    Order order = sound();
    one.spoil(order);
    const auto checked = check(order);
    ASSERT_FALSE(checked) << one.field;
    EXPECT_EQ(checked.error().detail(), one.field);
  }
}

TEST(Order, ASoundOneIsAccepted) {
  const auto accepted = accept(signed_by("key", to_json(sound())), guard(), verify);
  ASSERT_TRUE(accepted) << accepted.error().text();
  EXPECT_EQ(*accepted, sound());
}

TEST(Order, WhatIsWrongWithItIsSaidAndNothingElse) {
  const std::string json = to_json(sound());
  const auto refused = [&](const SignedOrder& given, const Guard& with) {
    const auto accepted = accept(given, with, verify);
    return accepted ? std::string("accepted") : std::string(accepted.error().name());
  };
  EXPECT_EQ(refused(signed_by("another key", json), guard()), signature_wrong.name);
  SignedOrder changed = signed_by("key", json);
  changed.document.replace(changed.document.find("\"serial\":7"), 10, "\"serial\":8");
  EXPECT_EQ(refused(changed, guard()), signature_wrong.name);
  EXPECT_EQ(refused({json, "key" + json}, guard()), signature_wrong.name) << "signed for something else";
  Guard with = guard();
  with.device = other;
  EXPECT_EQ(refused(signed_by("key", json), with), not_for_this_device.name);
  with = guard();
  with.last_serial = 7;
  EXPECT_EQ(refused(signed_by("key", json), with), replayed.name);
  with.last_serial = 8;
  EXPECT_EQ(refused(signed_by("key", json), with), replayed.name);
  with = guard();
  with.now = with.hub_now = now + hours(1);
  EXPECT_EQ(refused(signed_by("key", json), with), expired.name);
  for (const auto off : {minutes(6), minutes(-6)}) {
    with = guard();
    with.now = now + off;
    EXPECT_EQ(refused(signed_by("key", json), with), clock_off.name);
  }
  with = guard();
  with.now = with.hub_now = now - hours(1);
  EXPECT_EQ(refused(signed_by("key", json), with), clock_off.name) << "issued in the future";
}

TEST(Order, OnlyWhatTakesAwayNeedsTwo) {
  std::vector<std::string> two;
  for (const Body& body : every_type()) {
    if (takes_two(body) && (two.empty() || two.back() != type_name(body))) two.emplace_back(type_name(body));
  }
  EXPECT_EQ(two, (std::vector<std::string>{"isolate_network", "block_address", "stop_process", "delete_quarantined",
                                           "restore_backup"}));
}

TEST(Order, AnswersAndResultsReadAsTheyWereWritten) {
  const Answer answer{now, std::string(32, 'k'), {{to_json(sound()), std::string(64, '\x01')}}};
  const auto read_back = read_answer(to_json(answer));
  ASSERT_TRUE(read_back) << read_back.error().text();
  EXPECT_EQ(read_back->orders, answer.orders);
  EXPECT_EQ(read_back->policy, 0);
  Answer more = answer;
  more.policy = 1'795'000'000;
  EXPECT_EQ(read_answer(to_json(more))->policy, more.policy);
  std::string wrong = to_json(more);
  wrong.replace(wrong.find("1795"), 4, "-1");
  EXPECT_FALSE(read_answer(wrong));
  EXPECT_EQ(read_back->key, answer.key);
  const OrderResult result{sound().id,           Outcome::failed, now, "agent.nft_missing", "Không có nft.", "No nft.",
                           std::string(64, 'b'), {{"until", "x"}}};
  const auto result_back = read_result(to_json(result));
  ASSERT_TRUE(result_back) << result_back.error().text();
  EXPECT_EQ(*result_back, result);
}

TEST(Order, AnswersAndResultsBeyondTheirLimitsAreRefusedOrCut) {
  Answer many{now, std::string(32, 'k'), {}};
  for (std::size_t i = 0; i <= orders_per_answer_max; ++i) many.orders.push_back({"{}", std::string(64, 's')});
  EXPECT_TRUE(read_answer(to_json(many)).error().is(malformed));
  EXPECT_TRUE(read_answer("{\"now\":\"x\"}").error().is(malformed));
  OrderResult result{sound().id, Outcome::done, now, "", "", "", "", {}};
  for (int i = 0; i < 100; ++i) result.details.emplace_back("k" + std::to_string(i), std::string(2000, 'x'));
  result.vi = std::string(result_detail_bytes_max - 1, 'a') + "ậ";
  const std::string json = to_json(result);
  EXPECT_LE(json.size(), 2 * result_bytes_max);
  const auto read_back = read_result(json);
  ASSERT_TRUE(read_back) << read_back.error().text();
  EXPECT_EQ(read_back->vi.size(), result_detail_bytes_max - 1) << "no half characters";
  EXPECT_TRUE(read_result("{\"order\":\"01jd00000000000000000000aa\",\"state\":\"perhaps\"}").error().is(malformed));
  for (const char* at : {"9999-12-31T23:59:59-23:59", "0000-01-01T00:00:00+23:59"}) {
    const std::string late =
        R"({"order":"01jd00000000000000000000aa","state":"done","at":")" + std::string(at) + R"(","details":{}})";
    EXPECT_TRUE(read_result(late).error().is(malformed)) << "a time that nobody could read back: " << at;
  }
}

}  // namespace
}  // namespace luy::order
