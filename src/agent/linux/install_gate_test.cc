#include "agent/linux/install_gate.h"

#include <gtest/gtest.h>

#include "agent/linux/apt_history.h"

namespace luy::agent {
namespace {

using device_policy::InstallGate;
const Time now = *from_rfc3339("2026-11-23T08:00:00.000000Z");

// As apt 2.6 writes it.
const std::string transaction =
    "VERSION 3\nAPT::Architecture=amd64\nDir=/\nDir::Cache=var/cache/apt\nDir::Cache::archives=archives/\n"
    "Quoted%3dkey=a%0ab\n\n"
    "app - - none < 1.0 amd64 none /var/cache/apt/archives/app_1.0_amd64.deb\n"
    "libapp - - none < 1.0 amd64 same /var/cache/apt/archives/libapp_1.0_amd64.deb\n"
    "openssl 3.0.14 amd64 foreign < 3.0.15 amd64 foreign /var/cache/apt/archives/openssl_3.0.15_amd64.deb\n"
    "game - - none < 2.0 all none /home/an/tải về/game_2.0_all.deb\n"
    "old 2.0 amd64 none > 1.0 amd64 none /var/cache/apt/archives/old_1.0_amd64.deb\n"
    "gone 1.0 amd64 none > - - none **REMOVE**\n"
    "app - - none < 1.0 amd64 none **CONFIGURE**\n";

std::optional<PackageControl> control(const std::string& file) {
  if (file.find("/app_") != std::string::npos) {
    return read_control("Package: app\nVersion: 1.0\nDepends: libapp (>= 1),\n virtual-thing | other\n");
  }
  if (file.find("game") != std::string::npos) return read_control("Package: game\nProvides: virtual-thing (= 2)\n");
  return read_control("Package: x\n");
}

std::map<std::string, PassedAs> judged(const std::vector<device_policy::ListedProduct>& products) {
  const Transaction read = read_apt_transaction(transaction).value();
  std::map<std::string, PassedAs> out;
  for (const Judged& one : judge(read, {InstallGate::refuse, "", products}, now, control))
    out[one.change->name] = one.as;
  return out;
}

TEST(InstallGate, AptsWordsAreRead) {
  const Transaction read = read_apt_transaction(transaction).value();
  EXPECT_EQ(read.archives, "/var/cache/apt/archives/");
  ASSERT_EQ(read.changes.size(), 5U);
  EXPECT_EQ(read.changes[2].old_version, "3.0.14");
  EXPECT_EQ(read.changes[3].file, "/home/an/tải về/game_2.0_all.deb");
  EXPECT_TRUE(read.changes[4].older);
  for (const std::string& text :
       {std::string(), std::string("VERSION 2\n\n"), std::string("VERSION 3\nDir=/\n"),
        std::string("VERSION 3\n\napp 1 2\n"), transaction.substr(0, transaction.size() - 1)}) {
    const auto wrong = read_apt_transaction(text);
    ASSERT_FALSE(wrong) << text;
    EXPECT_TRUE(wrong.error().is(transaction_malformed));
  }
}

TEST(InstallGate, WhatIsApprovedPassesWithWhatItNeeds) {
  const auto passed = judged({{"app", "1.*", {}}});
  EXPECT_EQ(passed.at("app"), PassedAs::approved);
  EXPECT_EQ(passed.at("libapp"), PassedAs::dependency);
  EXPECT_EQ(passed.at("openssl"), PassedAs::update) << "an update of what is installed, from the machine's sources";
  EXPECT_EQ(passed.at("game"), PassedAs::refused) << "what is needed, but not from the machine's sources";
  EXPECT_EQ(passed.at("old"), PassedAs::refused) << "back to an older version is no update";
}

TEST(InstallGate, WhatNobodyApprovedIsRefused) {
  const auto passed = judged({{"app", "2.*", {}}, {"game", "*", now}});
  EXPECT_EQ(passed.at("app"), PassedAs::refused) << "another version";
  EXPECT_EQ(passed.at("libapp"), PassedAs::refused);
  EXPECT_EQ(passed.at("game"), PassedAs::refused) << "its term has ended";
  EXPECT_EQ(judged({{"game", "*", now + std::chrono::seconds(1)}}).at("game"), PassedAs::approved);
  EXPECT_EQ(judged({{"old", "1.0", {}}}).at("old"), PassedAs::approved);
}

TEST(InstallGate, ThePersonIsToldWhatAndWhomToAsk) {
  const Transaction read = read_apt_transaction(transaction).value();
  const auto all = judge(read, {InstallGate::refuse, "", {{"app", "*", {}}}}, now, control);
  const std::string text = refusal_text(all, "bà Lê Lan, phòng 2");
  EXPECT_NE(text.find("“game” phiên bản 2.0"), std::string::npos);
  EXPECT_NE(text.find("bà Lê Lan, phòng 2"), std::string::npos);
  EXPECT_EQ(text.find("openssl"), std::string::npos);
  EXPECT_NE(refusal_text(all, "").find("cán bộ phụ trách an toàn thông tin"), std::string::npos);
}

TEST(InstallGate, ADamagedFileIsSeen) {
  const GateFile file{InstallGate::refuse, "Lê Lan", {{"app", "1.*", {}}, {"vim", "*", now}}};
  const std::string text = to_text(file, device_policy::list_content(file.products));
  EXPECT_EQ(read_gate_file(text).value(), file);
  for (std::size_t i = 0; i < text.size(); ++i) {
    std::string damaged = text;
    damaged[i] = static_cast<char>(damaged[i] ^ 1);
    EXPECT_FALSE(read_gate_file(damaged)) << i;
    EXPECT_FALSE(read_gate_file(text.substr(0, i))) << i;
  }
}

TEST(InstallGate, WhatWasMetReadsAsItWasWritten) {
  const MetLine met{"install", "hello", "2.10", "", "lan", true, now};
  std::string line = to_line(met);
  line.pop_back();
  EXPECT_EQ(read_met_line(line), met);
  const std::string hostile = to_line({"execute", "/tmp/a\tb\n\x1b[31m", "", "", "an", false, now});
  EXPECT_EQ(std::count(hostile.begin(), hostile.end(), '\n'), 1);
  EXPECT_EQ(std::count(hostile.begin(), hostile.end(), '\t'), 6);
  for (const char* text : {"", "x", "other\ta\t\t\t\t0\t2026-11-23T08:00:00Z", "install\ta\t\t\t\t0\tsoon"}) {
    EXPECT_FALSE(read_met_line(text)) << text;
  }
}

TEST(AptHistory, TellsWhoAskedAndRemembersIt) {
  Installers known;
  read_apt_history(
      "\nStart-Date: 2026-11-20  10:00:00\nCommandline: apt-get install hello\nRequested-By: lan (1000)\n"
      "Install: hello:amd64 (2.10-3), libfoo:amd64 (1.0, automatic)\nEnd-Date: 2026-11-20  10:00:01\n"
      "\nStart-Date: 2026-11-21  10:00:00\nCommandline: apt-get install vim\nInstall: vim:amd64 (9)\n",
      known);
  EXPECT_EQ(known, (Installers{{"hello:amd64", "lan"}, {"vim:amd64", "root"}}));
  EXPECT_EQ(read_installers(to_text(known)), known);
  read_apt_history("Start-Date: x\nRequested-By: an (1001)\nInstall: hello:amd64 (2.11)\n", known);
  EXPECT_EQ(known.at("hello:amd64"), "an");
  for (const char* text : {"Install: ", "Install: a", "Install: a (", "Install: (b)", "Requested-By: ("}) {
    read_apt_history(text, known);
  }
}

}  // namespace
}  // namespace luy::agent
