// Goal: every order the hub hands out ends in one result, performed at most as often as a crash demands, and none is
// performed that is not genuine, new and in time.
// Method: acts that only count, a signature that is the key before the message, the answers a hub could give.
#include "agent/order_taker.h"

#include <gtest/gtest.h>

#include "base/id.h"

namespace luy::agent {
namespace {

using std::chrono::hours;

constexpr const char* device = "01jd0000000000000000000000";
const std::string key(32, 'k');
const Time start = *from_rfc3339("2026-11-22T01:02:03Z");

class FakeActs final : public OrderActs {
 public:
  Result<Performed> perform(const order::Body& body) override {
    performed.emplace_back(order::type_name(body));
    if (fail) return Error(order::clock_off, "broken");
    return Performed{"Xong.", "Done.", {}, document, std::holds_alternative<order::CollectNow>(body)};
  }
  std::vector<Item> settle() override { return {}; }
  std::vector<std::string> performed;
  std::string document;
  bool fail = false;
};

class OrderTakerTest : public testing::Test {
 protected:
  order::SignedOrder signed_order(int serial, order::Body body = order::ReleaseNetwork{}, const std::string& by = key) {
    order::Order one;
    one.id = std::string("01jd000000000000000000000") + static_cast<char>('a' + serial);
    one.device = device;
    one.serial = serial;
    one.issued_at = start;
    one.expires_at = start + hours(1);
    one.reason = "Kiểm thử";
    one.asked_by = "canbo";
    one.body = std::move(body);
    order::SignedOrder out{order::to_json(one), {}};
    // 64 bytes, as the answer demands: what the fake verification looks at.
    out.signature = by + std::string(32, static_cast<char>(out.document.size() % 100 + 1));
    return out;
  }
  static bool verify(std::string_view with, std::string_view message, std::string_view signature) {
    const std::size_t size = message.size() - order::signed_prefix.size();
    return signature == std::string(with) + std::string(32, static_cast<char>(size % 100 + 1));
  }
  std::string answer(std::vector<order::SignedOrder> orders) const {
    return order::to_json(order::Answer{clock_.now(), key, std::move(orders)});
  }
  OrderTaker taker() {
    return OrderTaker({acts_, clock_, device, verify, [this](const std::string& offered) -> Result<std::string> {
                         if (pinned_.empty()) pinned_ = offered;
                         return pinned_;
                       }});
  }
  // As the agent's main thread does with what came back.
  std::vector<order::OrderResult> keep(const TakenOrders& taken) {
    std::vector<order::OrderResult> out;
    for (const Item& item : taken.items) {
      if (item.record.stream == order::result_stream) out.push_back(order::read_result(item.record.raw).value());
      if (!item.position_key.empty()) memory_ = item.position;
    }
    return out;
  }

  FakeActs acts_;
  FakeClock clock_{start};
  std::string pinned_;
  std::string memory_;
};

TEST_F(OrderTakerTest, AnOrderIsPerformedOnceAndAnsweredOnce) {
  OrderTaker one = taker();
  const std::string text = answer({signed_order(1), signed_order(2, order::CollectNow{})});
  const TakenOrders taken = one.take(text, memory_);
  EXPECT_TRUE(taken.reached);
  EXPECT_TRUE(taken.collect_now);
  const auto results = keep(taken);
  ASSERT_EQ(results.size(), 2U);
  EXPECT_EQ(results[0].outcome, order::Outcome::done);
  EXPECT_EQ(results[0].en, "Done.");
  // The hub offers them until it has read the results; after a restart too.
  EXPECT_TRUE(one.take(text, memory_).items.empty());
  EXPECT_TRUE(taker().take(text, memory_).items.empty());
  EXPECT_EQ(acts_.performed, (std::vector<std::string>{"release_network", "collect_now"}));
}

TEST_F(OrderTakerTest, WhatWasNotKeptIsPerformedAgain) {
  const std::string text = answer({signed_order(1)});
  static_cast<void>(taker().take(text, memory_));  // Killed before the spool had it.
  EXPECT_EQ(keep(taker().take(text, memory_)).size(), 1U);
  EXPECT_EQ(acts_.performed.size(), 2U);
}

TEST_F(OrderTakerTest, AnOlderOrderIsRefusedWithAReason) {
  OrderTaker one = taker();
  keep(one.take(answer({signed_order(5)}), memory_));
  const auto results = keep(one.take(answer({signed_order(4)}), memory_));
  ASSERT_EQ(results.size(), 1U);
  EXPECT_EQ(results[0].outcome, order::Outcome::refused);
  EXPECT_EQ(results[0].code, order::replayed.name);
  EXPECT_NE(results[0].vi, results[0].en);
  EXPECT_TRUE(one.take(answer({signed_order(4)}), memory_).items.empty()) << "told once";
  EXPECT_EQ(acts_.performed.size(), 1U);
}

TEST_F(OrderTakerTest, AForeignSignatureIsToldOnceAndBlocksNothing) {
  OrderTaker one = taker();
  const auto forged = signed_order(3, order::ReleaseNetwork{}, std::string(32, 'x'));
  const auto results = keep(one.take(answer({forged}), memory_));
  ASSERT_EQ(results.size(), 1U);
  EXPECT_EQ(results[0].code, order::signature_wrong.name);
  EXPECT_TRUE(one.take(answer({forged}), memory_).items.empty());
  EXPECT_TRUE(acts_.performed.empty());
  // The genuine order of that id and serial still counts.
  EXPECT_EQ(keep(one.take(answer({signed_order(3)}), memory_)).at(0).outcome, order::Outcome::done);
}

TEST_F(OrderTakerTest, TheFirstKeyStays) {
  OrderTaker one = taker();
  keep(one.take(answer({}), memory_));
  EXPECT_EQ(pinned_, key);
  const std::string other(32, 'o');
  const auto by_other = signed_order(1, order::ReleaseNetwork{}, other);
  const auto results = keep(one.take(order::to_json(order::Answer{start, other, {by_other}}), memory_));
  EXPECT_EQ(results.at(0).code, order::signature_wrong.name);
}

TEST_F(OrderTakerTest, FailuresAndLateOnesAreAnswered) {
  OrderTaker one = taker();
  acts_.fail = true;
  EXPECT_EQ(keep(one.take(answer({signed_order(1)}), memory_)).at(0).outcome, order::Outcome::failed);
  clock_.advance(hours(2));
  EXPECT_EQ(keep(one.take(answer({signed_order(2)}), memory_)).at(0).code, order::expired.name);
}

TEST_F(OrderTakerTest, WhatWasCollectedTravelsBesideItsHash) {
  acts_.document = "{\"volatile\":1}";
  const TakenOrders taken = taker().take(answer({signed_order(1, order::CollectVolatile{})}), memory_);
  ASSERT_EQ(taken.items.size(), 2U);
  EXPECT_EQ(taken.items[0].record.stream, order::volatile_stream);
  EXPECT_EQ(taken.items[1].position_key, OrderTaker::position_key(device));
  const auto result = order::read_result(taken.items[1].record.raw).value();
  EXPECT_EQ(result.details.back().first, "document_sha256");
  EXPECT_EQ(result.details.back().second.size(), 64U);
}

TEST_F(OrderTakerTest, WithoutAHubOrWithNonsenseNothingHappens) {
  OrderTaker one = taker();
  for (const Result<std::string>& bad :
       {Result<std::string>(Error(order::clock_off)), Result<std::string>(std::string("{}"))}) {
    const TakenOrders taken = one.take(bad, memory_);
    EXPECT_FALSE(taken.reached);
    EXPECT_TRUE(taken.items.empty());
  }
  EXPECT_EQ(pinned_, "");
}

TEST_F(OrderTakerTest, TheMemoryIsBounded) {
  SeededRandom random(3);
  OrderTaker one = taker();
  for (int i = 0; i < 200; ++i) {
    auto given = signed_order(1);
    order::Order renamed = order::read(given.document).value();
    renamed.serial = i + 1;
    renamed.id = make_id_text(start + std::chrono::milliseconds(i), random);
    given.document = order::to_json(renamed);
    given.signature = key + std::string(32, static_cast<char>(given.document.size() % 100 + 1));
    keep(one.take(answer({given}), memory_));
  }
  EXPECT_EQ(acts_.performed.size(), 200U);
  EXPECT_LE(memory_.size(), 20 + OrderTaker::remembered_max * 27);
}

}  // namespace
}  // namespace luy::agent
