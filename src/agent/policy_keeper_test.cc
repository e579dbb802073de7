// Goal: a device follows the newest genuine policy for it and no other, also after a restart without a hub, and the hub
// hears once what became of each.
// Method: a signature that is the key before the message's size, answers a hub could give, a folder of the test's own.
#include "agent/policy_keeper.h"

#include <gtest/gtest.h>

#include "agent/linux/temporary_folder.h"
#include "base/file.h"

namespace luy::agent {
namespace {

using device_policy::Receipt;

constexpr const char* device = "01jd0000000000000000000000";
const std::string key(32, 'k');
const Time start = *from_rfc3339("2026-11-22T01:02:03Z");

std::string sign(std::string_view with, std::string_view message) {
  return std::string(with) + std::string(32, static_cast<char>(message.size() % 100 + 1));
}

class PolicyKeeperTest : public testing::Test {
 protected:
  static std::string document(std::int64_t version, const std::string& section = "", const std::string& of = device) {
    std::map<std::string, std::string> sections;
    if (!section.empty()) sections[section] = "{}";
    return device_policy::to_document(of, version, start, sections);
  }
  void offer(const std::string& text, const std::string& by = key) {
    answer_ = device_policy::to_json(
        device_policy::Answer{key, device_policy::SignedPolicy{text, sign(by, device_policy::signed_bytes(text))}});
  }
  std::unique_ptr<PolicyKeeper> keeper(const std::string& pinned = key) {
    return std::make_unique<PolicyKeeper>(
        PolicyKeeper::Setup{folder_.path() / "policy", clock_, device,
                            [](std::string_view with, std::string_view message, std::string_view signature) {
                              return sign(with, message) == signature;
                            },
                            [pinned](const std::string&) -> Result<std::string> { return pinned; },
                            [this](std::int64_t held) -> Result<std::string> {
                              asked_.push_back(held);
                              if (answer_.empty()) return Error(device_policy::malformed, "away");
                              return answer_;
                            }});
  }
  static std::vector<Receipt> receipts(const std::vector<Item>& items) {
    std::vector<Receipt> out;
    for (const Item& item : items) {
      if (item.record.stream == device_policy::receipt_stream) {
        out.push_back(device_policy::read_receipt(item.record.raw).value());
      }
    }
    return out;
  }
  static std::int64_t in_force(const PolicyKeeper& one) { return one.current() ? one.current()->version : 0; }

  TemporaryFolder folder_;
  FakeClock clock_{start};
  std::string answer_;
  std::vector<std::int64_t> asked_;
};

TEST_F(PolicyKeeperTest, ANewerPolicyIsTakenToldAndKept) {
  const auto one = keeper();
  EXPECT_TRUE(one->restore(key, "").empty());
  EXPECT_TRUE(one->follow(0).empty());
  EXPECT_TRUE(asked_.empty()) << "the hub has none";
  offer(document(7, "later"));
  const auto items = one->follow(7);
  ASSERT_EQ(receipts(items).size(), 1U);
  EXPECT_TRUE(receipts(items)[0].held);
  EXPECT_EQ(receipts(items)[0].held_version, 7);
  EXPECT_EQ(receipts(items)[0].unknown, std::vector<std::string>{"later"});
  EXPECT_EQ(items[0].position_key, PolicyKeeper::position_key(device));
  EXPECT_EQ(in_force(*one), 7);
  EXPECT_TRUE(one->follow(7).empty());
  EXPECT_EQ(asked_, std::vector<std::int64_t>{0});

  const auto again = keeper();
  EXPECT_TRUE(again->restore(key, items[0].position).empty()) << "the hub knows";
  EXPECT_EQ(in_force(*again), 7) << "without asking anybody";
}

TEST_F(PolicyKeeperTest, WhatWasKeptButNotToldIsToldAtTheNextStart) {
  offer(document(7));
  ASSERT_EQ(keeper()->follow(7).size(), 1U);
  const auto items = keeper()->restore(key, "6");
  ASSERT_EQ(receipts(items).size(), 1U);
  EXPECT_EQ(receipts(items)[0].version, 7);
}

TEST_F(PolicyKeeperTest, RefusedOnesAreToldOnceAndTheOneBeforeStaysInForce) {
  const auto one = keeper();
  offer(document(7));
  one->follow(7);
  const std::vector<std::tuple<std::string, std::string, std::string>> cases = {
      {document(8), std::string(32, 'x'), std::string(device_policy::signature_wrong.name)},
      {document(9, "antivirus"), key, std::string(device_policy::malformed.name)},
      {document(10, "", "01jd000000000000000000000b"), key, std::string(device_policy::not_for_this_device.name)},
      {document(6), key, std::string(device_policy::older.name)}};
  std::int64_t number = 20;
  for (const auto& [text, by, code] : cases) {
    offer(text, by);
    const auto items = one->follow(++number);
    ASSERT_EQ(receipts(items).size(), 1U) << code;
    EXPECT_FALSE(receipts(items)[0].held);
    EXPECT_EQ(receipts(items)[0].code, code);
    EXPECT_EQ(receipts(items)[0].held_version, 7);
    EXPECT_FALSE(receipts(items)[0].vi.empty());
    EXPECT_TRUE(items[0].position_key.empty());
    EXPECT_EQ(in_force(*one), 7);
  }
  const std::size_t asked = asked_.size();
  EXPECT_TRUE(one->follow(number).empty());
  EXPECT_EQ(asked_.size(), asked) << "not at every asking for orders";
  clock_.advance(PolicyKeeper::refused_pause);
  EXPECT_TRUE(one->follow(number).empty()) << "told already";
  EXPECT_EQ(asked_.size(), asked + 1);
  offer(document(number + 1));
  EXPECT_EQ(receipts(one->follow(number + 1)).size(), 1U);
  EXPECT_EQ(in_force(*one), number + 1);
}

TEST_F(PolicyKeeperTest, WhatIsDamagedOnDiskIsSetAsideAndAskedForAnew) {
  offer(document(7));
  keeper()->follow(7);
  const auto file = folder_.path() / "policy";
  const std::string good = read_file(file, 1 << 20).value();
  for (const std::string& bad :
       {std::string(), std::string("luy-policy 1\n"), good.substr(0, good.size() / 2), good + " "}) {
    ASSERT_TRUE(write_file_durably(file, bad));
    const auto one = keeper();
    const auto items = one->restore(key, "7");
    ASSERT_EQ(items.size(), 1U);
    EXPECT_EQ(items[0].record.stream, "agent");
    EXPECT_EQ(in_force(*one), 0);
    asked_.clear();
    EXPECT_EQ(receipts(one->follow(7)).size(), 1U);
    EXPECT_EQ(asked_, std::vector<std::int64_t>{0});
  }
  ASSERT_TRUE(write_file_durably(file, good));
  EXPECT_EQ(in_force(*keeper()), 0) << "nothing is in force unread";
  const auto other = keeper();
  EXPECT_EQ(other->restore(std::string(32, 'z'), "7").size(), 1U) << "enrolled at another hub";
  EXPECT_EQ(in_force(*other), 0);
}

TEST_F(PolicyKeeperTest, AHubThatIsAwayOrAnswersNonsenseChangesNothing) {
  const auto one = keeper();
  EXPECT_TRUE(one->follow(3).empty());
  answer_ = "{}";
  EXPECT_TRUE(one->follow(3).empty());
  answer_ = device_policy::to_json(device_policy::Answer{key, std::nullopt});
  EXPECT_TRUE(one->follow(3).empty());
  EXPECT_EQ(in_force(*one), 0);
  EXPECT_EQ(asked_.size(), 3U);
}

TEST_F(PolicyKeeperTest, APolicyThatCannotBeKeptIsNotInForce) {
  const auto one = keeper();
  std::filesystem::create_directory(folder_.path() / "policy");
  offer(document(7));
  EXPECT_TRUE(one->follow(7).empty());
  EXPECT_EQ(in_force(*one), 0);
}

}  // namespace
}  // namespace luy::agent
