// Signature databases on their way to clamd: fetched in pieces, verified, installed as a whole or not at all.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <string>

#include "agent/linux/fake_clamd.h"
#include "agent/linux/signature_install.h"
#include "agent/linux/signature_keeper.h"
#include "agent/linux/temporary_folder.h"
#include "base/encoding.h"
#include "base/file.h"
#include "base/hash.h"

namespace luy::agent {
namespace {

namespace fs = std::filesystem;
using device_policy::Antivirus;
using device_policy::OfficialSignatures;
using device_policy::SignatureFile;

std::string digest(std::string_view text) {
  return to_hex(sha256(text));
}
std::string database(int version, std::string_view day = "20") {
  std::string head =
      "ClamAV-VDB:" + std::string(day) + " Nov 2026 08-15 +0000:" + std::to_string(version) + ":1:90:x:x:b:1";
  head.resize(512, ' ');
  return head + "content of " + std::to_string(version);
}

struct SignatureTest : testing::Test {
  SignatureTest() {
    fs::create_directories(databases);
    fs::create_directories(data);
  }

  SignatureFile offer(const std::string& name, const std::string& content) {
    SignatureFile file{name, digest(content), static_cast<std::int64_t>(content.size())};
    at_hub[file.sha256] = content;
    section.signatures.push_back(file);
    return file;
  }
  SignatureKeeper::Setup setup() {
    return {data, clock,
            [this](const std::string& sha256, std::int64_t offset) -> Result<std::string> {
              if (++asked > answers) return Error(clamd_silent, "the network");
              return at_hub.at(sha256).substr(static_cast<std::size_t>(offset), piece);
            },
            [this] { return served; }};
  }
  std::string text(const fs::path& file) const {
    const auto read = read_file(file, 1 << 20);
    return read ? *read : "(none)";
  }
  bool fetched() { return text(signature_folder(data) / "wanted") == wanted_text(section.signatures); }
  Result<SignatureState> install() {
    const std::string socket = (folder.path() / "c").string();
    FakeClamd clamd(socket);
    clamd.read_databases(databases);
    return install_signatures({data, databases, socket, clock, [this] { clock.advance(std::chrono::minutes(4)); }});
  }
  // Fetched, and then installed.
  std::string bring() {
    for (int round = 0; round < 5 && !fetched(); ++round) keep.follow(&section);
    EXPECT_TRUE(signatures_wait(data));
    const auto state = install();
    return state ? state->result : state.error().text();
  }

  TemporaryFolder folder;
  fs::path data = folder.path() / "data";
  fs::path databases = folder.path() / "db";
  FakeClock clock{from_rfc3339("2026-11-22T03:00:00Z").value_or(Time())};
  Antivirus section;
  std::map<std::string, std::string> at_hub;
  std::size_t piece = 100;
  int asked = 0;
  int answers = 1'000'000;
  bool served = false;
  SignatureKeeper keep{setup(), ""};
};

TEST_F(SignatureTest, ADatabaseComesInPiecesAndGoesOnWhereItWasCutOff) {
  const SignatureFile file = offer("daily.cld", database(7));
  answers = 2;
  keep.follow(&section);
  EXPECT_FALSE(fetched());
  EXPECT_EQ(fs::file_size(signature_folder(data) / "files" / (file.sha256 + ".part")), 200U);
  answers = 1'000'000;
  SignatureKeeper again(setup(), "");
  again.follow(&section);
  EXPECT_TRUE(fetched());
  EXPECT_EQ(asked, 7) << "two pieces, one refused, four that were left of 524 bytes";
  EXPECT_EQ(text(signature_folder(data) / "files" / file.sha256), at_hub[file.sha256]);
}

TEST_F(SignatureTest, WhatIsNotWhatThePolicySignedIsDroppedAndTold) {
  const SignatureFile file = offer("daily.cld", database(7));
  at_hub[file.sha256][520] ^= 1;
  const auto items = keep.follow(&section);
  ASSERT_EQ(items.size(), 1U);
  EXPECT_NE(items[0].record.raw.find("agent.signature_damaged"), std::string::npos);
  EXPECT_FALSE(fetched());
  EXPECT_TRUE(fs::is_empty(signature_folder(data) / "files"));
}

TEST_F(SignatureTest, ASetIsInstalledUsedAndToldOnce) {
  offer("daily.cld", database(7));
  offer("luy-1.hdb", "d41d8cd98f00b204e9800998ecf8427e:5:Luy.Test\n");
  ASSERT_EQ(bring(), "installed");
  EXPECT_EQ(text(databases / "daily.cld"), database(7));
  EXPECT_FALSE(signatures_wait(data));
  const auto items = keep.follow(&section);
  ASSERT_EQ(items.size(), 1U);
  EXPECT_NE(items[0].record.raw.find("signatures_installed"), std::string::npos);
  EXPECT_NE(items[0].record.raw.find("daily.cld 7 2026-11-20T08:15:00"), std::string::npos);
  EXPECT_TRUE(keep.follow(&section).empty());
  SignatureKeeper again(setup(), items[0].position);
  EXPECT_TRUE(again.follow(&section).empty()) << "also after a restart";
  EXPECT_TRUE(fs::is_empty(signature_folder(data) / "files")) << "it is not kept twice";
}

TEST_F(SignatureTest, WhatClamdDoesNotTakeIsAsItWas) {
  offer("daily.cld", database(7));
  ASSERT_EQ(bring(), "installed");
  section.signatures.clear();
  offer("daily.cld", database(8) + FakeClamd::deadly_text);
  offer("luy-1.hdb", "d41d8cd98f00b204e9800998ecf8427e:5:Luy.Test\n");
  EXPECT_EQ(bring(), "rolled_back");
  EXPECT_EQ(text(databases / "daily.cld"), database(7));
  EXPECT_EQ(text(databases / "luy-1.hdb"), "(none)");
  EXPECT_FALSE(signatures_wait(data)) << "the same is not tried again";
  const auto items = keep.follow(&section);
  ASSERT_EQ(items.size(), 1U);
  EXPECT_NE(items[0].record.raw.find("signatures_rolled_back"), std::string::npos);
}

TEST_F(SignatureTest, ANewerOneThatFreshclamBroughtStays) {
  std::ofstream(databases / "daily.cvd", std::ios::binary) << database(9);
  offer("daily.cld", database(7));
  ASSERT_EQ(bring(), "installed");
  EXPECT_EQ(text(databases / "daily.cvd"), database(9));
  EXPECT_EQ(text(databases / "daily.cld"), "(none)");
  const auto items = keep.follow(&section);
  ASSERT_EQ(items.size(), 1U);
  EXPECT_NE(items[0].record.raw.find("newer_present"), std::string::npos);
}

TEST_F(SignatureTest, AnOlderFormOfTheSameDatabaseMakesRoom) {
  std::ofstream(databases / "daily.cvd", std::ios::binary) << database(5);
  offer("daily.cld", database(7));
  ASSERT_EQ(bring(), "installed");
  EXPECT_EQ(text(databases / "daily.cvd"), "(none)");
  EXPECT_EQ(text(databases / "daily.cvd.luy-former"), database(5)) << "the former one is kept";
}

TEST_F(SignatureTest, AListThatWasTakenBackGoesFromTheMachine) {
  offer("luy-1.hdb", "d41d8cd98f00b204e9800998ecf8427e:5:Luy.Test\n");
  ASSERT_EQ(bring(), "installed");
  section.signatures.clear();
  ASSERT_EQ(bring(), "installed");
  EXPECT_EQ(text(databases / "luy-1.hdb"), "(none)");
  EXPECT_NE(text(databases / std::string(mark_name)), "(none)");
}

TEST_F(SignatureTest, FreshclamIsLeftAloneUnlessThePolicyWantsOtherwise) {
  offer("daily.cld", database(7));
  served = true;
  keep.follow(&section);
  EXPECT_EQ(asked, 0);
  section.official_signatures = OfficialSignatures::always;
  keep.follow(&section);
  EXPECT_TRUE(fetched());
  section.official_signatures = OfficialSignatures::never;
  served = false;
  const int before = asked;
  keep.follow(&section);
  EXPECT_EQ(asked, before);
}

TEST_F(SignatureTest, WithoutClamdItWaits) {
  offer("daily.cld", database(7));
  keep.follow(&section);
  const auto state = install_signatures({data, databases, (folder.path() / "none").string(), clock, [] {}});
  ASSERT_TRUE(state.has_value());
  EXPECT_EQ(state->result, "waiting");
  EXPECT_TRUE(signatures_wait(data));
  EXPECT_TRUE(fs::is_empty(databases));
  EXPECT_EQ(install().value().result, "installed");
}

TEST_F(SignatureTest, AnInstallationThatWasCutOffIsUndoneBeforeTheNext) {
  std::ofstream(databases / "daily.cld", std::ios::binary) << database(5);
  offer("daily.cld", database(7));
  keep.follow(&section);
  // Ended after the new one was put in its place.
  std::ofstream(signature_folder(data) / "installing") << "daily.cld was\nluy-1.hdb none\n";
  fs::rename(databases / "daily.cld", databases / "daily.cld.luy-former");
  std::ofstream(databases / "daily.cld", std::ios::binary) << "half";
  std::ofstream(databases / "luy-1.hdb") << "half";
  const auto state = install_signatures({data, databases, (folder.path() / "none").string(), clock, [] {}});
  ASSERT_TRUE(state.has_value());
  EXPECT_EQ(text(databases / "daily.cld"), database(5));
  EXPECT_EQ(text(databases / "luy-1.hdb"), "(none)");
}

TEST_F(SignatureTest, NothingElseIsEverReplacedOrRemoved) {
  fs::create_directories(signature_folder(data));
  std::ofstream(folder.path() / "kept") << "kept";
  std::ofstream(databases / "clamd.conf") << "kept";
  std::ofstream(signature_folder(data) / "installing") << "../kept none\nclamd.conf none\n";
  const std::string digest(64, 'a');
  for (const char* name : {"../kept", "clamd.conf", "local.ign2", ".hidden"}) {
    std::ofstream(signature_folder(data) / "wanted") << "luy-signatures 1\n" << name << ' ' << digest << " 5\n";
    EXPECT_FALSE(install().has_value()) << name;
  }
  std::ofstream(signature_folder(data) / "wanted") << "luy-signatures 1\n";
  EXPECT_TRUE(install().has_value());
  EXPECT_EQ(text(folder.path() / "kept"), "kept");
  EXPECT_EQ(text(databases / "clamd.conf"), "kept");
}

}  // namespace
}  // namespace luy::agent
