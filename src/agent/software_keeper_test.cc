#include "agent/software_keeper.h"

#include <gtest/gtest.h>

#include "agent/linux/temporary_folder.h"
#include "base/encoding.h"
#include "base/file.h"
#include "base/hash.h"

namespace luy::agent {
namespace {

const std::string device = "01jd000000000000000000000a";

std::string sign(std::string_view key, std::string_view message) {
  const std::string whole = to_hex(hmac_sha256(key, message));
  return whole.substr(0, 64);
}

struct SoftwareKeeperTest : testing::Test {
  SoftwareKeeperTest() { open(); }
  void open() {
    keeper = std::make_unique<SoftwareKeeper>(
        SoftwareKeeper::Setup{folder.path() / "list", clock, device,
                              [](std::string_view of, std::string_view message, std::string_view signature) {
                                return sign(of, message) == signature;
                              },
                              [this](const std::string&) -> Result<std::string> { return key; },
                              [this](const std::string& held) -> Result<std::string> {
                                asked.push_back(held);
                                return answer;
                              }});
  }
  std::string content(const std::string& product) const { return device_policy::list_content({{product, "*", {}}}); }
  void offer(const std::string& product, const std::string& of = device) {
    const std::string document = device_policy::to_list(of, clock.now(), content(product)).value();
    device_policy::ListAnswer out{key, device_policy::SignedList{document, {}}};
    out.list->signature = sign(key, std::string(device_policy::list_signed_prefix) + document);
    answer = device_policy::to_json(out);
  }
  std::vector<Item> later() {
    clock.advance(SoftwareKeeper::ask_period);
    return keeper->follow(true);
  }
  static std::string note_of(const std::vector<Item>& items) { return items.empty() ? "" : items.front().record.raw; }

  TemporaryFolder folder;
  FakeClock clock{*from_rfc3339("2026-11-23T08:00:00Z")};
  std::string key = std::string(32, 'k');
  std::string answer;
  std::vector<std::string> asked;
  std::unique_ptr<SoftwareKeeper> keeper;
};

TEST_F(SoftwareKeeperTest, TheListIsAskedForNowAndThenAndKept) {
  EXPECT_TRUE(keeper->restore(key).empty());
  EXPECT_TRUE(keeper->follow(false).empty());
  EXPECT_TRUE(asked.empty()) << "no policy wants it";
  offer("vim");
  EXPECT_NE(note_of(keeper->follow(true)).find("software_list_held"), std::string::npos);
  ASSERT_TRUE(keeper->current());
  EXPECT_TRUE(keeper->current()->list.covers("vim", "9", clock.now()));
  EXPECT_TRUE(keeper->follow(true).empty());
  EXPECT_EQ(asked.size(), 1U) << "not before its time";
  answer = device_policy::to_json(device_policy::ListAnswer{key, {}});
  later();
  ASSERT_EQ(asked.size(), 2U);
  EXPECT_EQ(asked[1], to_hex(sha256(content("vim"))));
  open();
  EXPECT_TRUE(keeper->restore(key).empty());
  ASSERT_TRUE(keeper->current());
  EXPECT_EQ(keeper->current()->content, content("vim"));
}

TEST_F(SoftwareKeeperTest, WhatIsNotTheHubsIsRefusedAndTheOneBeforeStays) {
  offer("vim");
  keeper->follow(true);
  offer("game", "01jd000000000000000000000b");
  EXPECT_NE(note_of(later()).find("list_of_other"), std::string::npos);
  EXPECT_TRUE(later().empty()) << "it is told once";
  offer("game");
  answer.replace(answer.find("game"), 4, "gamf");
  EXPECT_NE(note_of(later()).find("list_not_signed"), std::string::npos);
  answer = "nonsense";
  EXPECT_NE(note_of(later()).find("list_malformed"), std::string::npos);
  EXPECT_EQ(keeper->current()->content, content("vim"));
}

TEST_F(SoftwareKeeperTest, AnOlderListIsNotTakenBack) {
  offer("vim");
  const std::string old = answer;
  keeper->follow(true);
  clock.advance(std::chrono::seconds(5));
  offer("game");
  later();
  EXPECT_EQ(keeper->current()->content, content("game"));
  answer = old;
  EXPECT_NE(note_of(later()).find("list_older"), std::string::npos);
  EXPECT_EQ(keeper->current()->content, content("game"));
}

TEST_F(SoftwareKeeperTest, AKeptListThatIsDamagedIsToldAndAskedForAnew) {
  offer("vim");
  keeper->follow(true);
  const auto text = read_file(folder.path() / "list", 1 << 20).value();
  for (const std::string& damaged : {text.substr(0, text.size() - 3), std::string("x"), text + "a\t*\t\n"}) {
    ASSERT_TRUE(write_file_durably(folder.path() / "list", damaged));
    open();
    EXPECT_NE(note_of(keeper->restore(key)).find("software_list_unusable"), std::string::npos);
    EXPECT_FALSE(keeper->current());
  }
  keeper->follow(true);
  EXPECT_EQ(asked.back(), "") << "it holds none";
  EXPECT_TRUE(keeper->current());
}

}  // namespace
}  // namespace luy::agent
