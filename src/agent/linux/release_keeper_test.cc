#include "agent/linux/release_keeper.h"

#include <gtest/gtest.h>

#include <map>

#include "agent/linux/temporary_folder.h"
#include "agent/linux/update.h"
#include "base/encoding.h"
#include "base/file.h"
#include "base/hash.h"

namespace luy::agent {
namespace {

namespace fs = std::filesystem;
using device_policy::Release;
using device_policy::WantedRelease;

const std::string key(32, 'k');
std::string sign(std::string_view by, std::string_view text) {
  return to_hex(sha256(std::string(by) + std::string(text)));
}

struct ReleaseKeeperTest : testing::Test {
  ReleaseKeeper::Setup setup() {
    return {data,
            own,
            clock,
            "0.1.0",
            "amd64",
            [](std::string_view by, std::string_view text, std::string_view signature) {
              return signature == sign(by, text);
            },
            [this](const std::string&, const std::string&) -> Result<std::string> {
              ++asked;
              return device_policy::to_json(wanted);
            },
            [this](const std::string& sha256, std::int64_t offset) -> Result<std::string> {
              if (++pieces > pieces_max) return Error(file_failed, "the network");
              return at_hub.at(sha256).substr(static_cast<std::size_t>(offset), piece);
            }};
  }
  void offer(const std::string& version, const std::string& architecture = "amd64") {
    const std::string content = std::string(500, 'p') + version;
    release = {version, architecture, static_cast<std::int64_t>(content.size()), to_hex(sha256(content))};
    at_hub[release.sha256] = content;
    wanted = WantedRelease{
        device_policy::to_statement(release, sign(key, device_policy::release_text(release))), {{key, ""}}, 1, 600};
  }
  std::string handed_over() const {
    const auto text = read_file(release_folder(data) / "wanted", update_text_bytes_max);
    return text ? *text : "";
  }
  std::vector<Item> round() {
    clock.advance(ReleaseKeeper::ask_period);
    return keep.follow();
  }
  static std::string raw(const std::vector<Item>& items) { return items.empty() ? "" : items.back().record.raw; }

  TemporaryFolder folder;
  fs::path data = folder.path() / "data";
  fs::path own = folder.path() / "own";
  FakeClock clock{from_rfc3339("2026-11-24T03:00:00Z").value_or(Time())};
  std::optional<WantedRelease> wanted;
  Release release;
  std::map<std::string, std::string> at_hub;
  std::size_t piece = 100;
  int asked = 0;
  int pieces = 0;
  int pieces_max = 1'000;
  ReleaseKeeper keep{setup(), ""};

  void SetUp() override {
    fs::create_directories(data);
    fs::create_directories(own);
  }
};

TEST_F(ReleaseKeeperTest, ItIsFetchedInPiecesAndHandedOver) {
  EXPECT_TRUE(keep.follow().empty());
  EXPECT_TRUE(fs::is_empty(data)) << "where there is no release nothing is left";
  offer("0.2.0");
  EXPECT_TRUE(keep.follow().empty());
  EXPECT_EQ(asked, 1) << "asked once in its period";
  pieces_max = 2;
  EXPECT_TRUE(round().empty());
  EXPECT_EQ(handed_over(), "");
  pieces_max = 1'000;
  round();
  EXPECT_EQ(pieces, 7) << "two, one refused, and the four that were left";
  EXPECT_EQ(handed_over(), device_policy::to_json(wanted));
  const auto got = read_file(release_folder(data) / "files" / release.sha256, 1 << 20);
  EXPECT_EQ(got.value(), at_hub[release.sha256]);
  EXPECT_EQ(read_file(release_folder(data) / "reported", 64).value(), "0.1.0\n");
}

TEST_F(ReleaseKeeperTest, WhatIsNotSignedIsNotEvenFetched) {
  offer("0.2.0");
  wanted->keys = {{std::string(32, 'x'), ""}};
  EXPECT_NE(raw(round()).find("device_policy.release_not_signed"), std::string::npos);
  EXPECT_TRUE(round().empty()) << "told once";
  EXPECT_EQ(pieces, 0);
  ASSERT_TRUE(write_file_durably(own / "pin", to_hex(as_bytes(std::string(32, 'z'))) + "\n"));
  offer("0.2.0");
  EXPECT_NE(raw(round()).find("device_policy.release_key_foreign"), std::string::npos);
  EXPECT_EQ(pieces, 0);
  EXPECT_EQ(handed_over(), "");
}

TEST_F(ReleaseKeeperTest, OlderAndForeignOnesAreRefused) {
  offer("0.1.0");
  EXPECT_NE(raw(round()).find("agent.release_not_newer"), std::string::npos);
  offer("0.2.0", "arm64");
  EXPECT_NE(raw(round()).find("agent.release_wrong_machine"), std::string::npos);
  EXPECT_EQ(pieces, 0);
}

TEST_F(ReleaseKeeperTest, WhatArrivesChangedIsDroppedAndTold) {
  offer("0.2.0");
  at_hub[release.sha256][7] = 'q';
  EXPECT_NE(raw(round()).find("agent.release_damaged"), std::string::npos);
  EXPECT_TRUE(fs::is_empty(release_folder(data) / "files"));
  at_hub[release.sha256][7] = 'p';
  round();
  EXPECT_EQ(handed_over(), device_policy::to_json(wanted));
}

TEST_F(ReleaseKeeperTest, WhatBecameOfItIsToldOnceAndTheFileGoes) {
  offer("0.2.0");
  round();
  UpdateState state{to_hex(sha256(handed_over())),    clock.now(),        "rolled_back", "0.1.0", "0.2.0",
                    std::string(release_silent.name), "nothing was heard"};
  ASSERT_TRUE(write_file_durably(release_folder(data) / "state", to_text(state)));
  const auto items = round();
  ASSERT_EQ(items.size(), 1U);
  EXPECT_NE(items[0].record.raw.find("release_rolled_back"), std::string::npos);
  EXPECT_NE(items[0].record.raw.find("nothing was heard"), std::string::npos);
  EXPECT_EQ(items[0].position_key, "release/told");
  EXPECT_TRUE(round().empty());
  EXPECT_TRUE(fs::is_empty(release_folder(data) / "files"));
  ReleaseKeeper again(setup(), items[0].position);
  EXPECT_TRUE(again.follow().empty()) << "told before the restart";
  // Another attempt is fetched again.
  wanted->attempt = 2;
  const int before = pieces;
  round();
  EXPECT_GT(pieces, before);
}

}  // namespace
}  // namespace luy::agent
