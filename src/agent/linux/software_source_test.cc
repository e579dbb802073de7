#include "agent/linux/software_source.h"

#include <gtest/gtest.h>

#include <fstream>

#include "agent/linux/install_hook.h"
#include "agent/linux/temporary_folder.h"
#include "base/file.h"

namespace luy::agent {
namespace {

namespace fs = std::filesystem;
using device_policy::InstallGate;

struct SoftwareSourceTest : testing::Test {
  SoftwareSourceTest() { open(); }
  void open() {
    source = std::make_unique<SoftwareSource>(
        SoftwareSource::Setup{[this] { return policy; }, [this] { return list; }, folder.path(), clock});
  }
  void want(InstallGate gate) {
    device_policy::Policy fresh;
    fresh.software = device_policy::Software();
    fresh.software->install = gate;
    fresh.software->contact = "Lê Lan";
    policy = std::make_shared<const device_policy::Policy>(fresh);
  }
  void allow(const std::string& product) {
    list = std::make_shared<const KeptList>(KeptList{{}, device_policy::list_content({{product, "*", {}}})});
  }
  std::vector<std::string> collect() {
    Slice slice;
    source->collect(slice);
    std::vector<std::string> out;
    for (Item& item : slice.take()) out.push_back(item.record.raw);
    return out;
  }
  GateFile gate() const {
    return read_gate_file(read_file(software_folder(folder.path()) / "gate", 1 << 20).value()).value();
  }
  void say(GateState state) {
    state.at = clock.now();
    ASSERT_TRUE(write_file_durably(software_folder(folder.path()) / "state", to_text(state)));
  }
  void meet(const MetLine& met) const {
    std::ofstream(software_folder(folder.path()) / "met", std::ios::app) << to_line(met);
  }
  MetLine hello() const { return {"install", "hello", "2.10", "", "lan", true, clock.now()}; }

  TemporaryFolder folder;
  FakeClock clock{*from_rfc3339("2026-11-23T08:00:00Z")};
  std::shared_ptr<const device_policy::Policy> policy;
  std::shared_ptr<const KeptList> list;
  std::unique_ptr<SoftwareSource> source;
};

TEST_F(SoftwareSourceTest, TheGatesGetThePolicyAndTheList) {
  collect();
  EXPECT_FALSE(source->state());
  want(InstallGate::refuse);
  collect();
  EXPECT_EQ(gate().mode, InstallGate::off) << "no list yet: nothing is shut";
  allow("vim");
  collect();
  EXPECT_EQ(gate().mode, InstallGate::refuse);
  EXPECT_EQ(gate().contact, "Lê Lan");
  EXPECT_EQ(gate().products.front().name, "vim");
  const auto wanted = read_gate_wanted(read_file(software_folder(folder.path()) / "wanted", 1 << 20).value());
  ASSERT_TRUE(wanted);
  EXPECT_EQ(wanted->section, *policy->software);
  allow("emacs");
  collect();
  EXPECT_EQ(gate().products.front().name, "emacs");
}

TEST_F(SoftwareSourceTest, AGateThatSaysNothingHasFailed) {
  want(InstallGate::refuse);
  allow("vim");
  collect();
  EXPECT_EQ(source->state()->install, "failed");
  EXPECT_EQ(source->state()->because, "gate_not_running");
  GateState told;
  told.install = "refuse";
  told.execute = "deny";
  told.trusted = 9;
  told.media = {"watch", {{"4C53", "", "Ultra 2", 5, true, "watched", clock.now()}}};
  say(told);
  collect();
  EXPECT_EQ(source->state()->install, "refuse");
  EXPECT_EQ(source->state()->execute, "deny");
  EXPECT_EQ(source->state()->trusted, 9);
  EXPECT_FALSE(source->state()->because);
  EXPECT_EQ(source->removable(), told.media);
  clock.advance(gate_state_age_max);
  collect();
  EXPECT_EQ(source->state()->because, "gate_not_running") << "what it said is old";
  want(InstallGate::off);
  collect();
  EXPECT_FALSE(source->state()->because) << "nothing is wanted of it";
}

TEST_F(SoftwareSourceTest, WhatWasMetIsToldAndCounted) {
  want(InstallGate::refuse);
  allow("vim");
  meet(hello());
  meet({"open", "agent.gate_unusable: sha256", "", "", "an", false, clock.now()});
  const auto told = collect();
  ASSERT_EQ(told.size(), 2U);
  EXPECT_NE(told[0].find("software_met"), std::string::npos);
  EXPECT_NE(told[1].find("software_gate_open"), std::string::npos);
  EXPECT_TRUE(collect().empty());
  EXPECT_FALSE(fs::exists(software_folder(folder.path()) / "met.taken"));
  meet(hello());
  collect();
  ASSERT_EQ(source->state()->refused.size(), 1U);
  EXPECT_EQ(source->state()->refused[0].times, 2);
  open();
  collect();
  EXPECT_EQ(source->state()->refused[0].times, 2) << "also after a restart";
}

TEST_F(SoftwareSourceTest, AfterACrashWhatWasMetIsToldAgainAndNotLost) {
  want(InstallGate::watch);
  allow("vim");
  meet(hello());
  EXPECT_EQ(collect().size(), 1U);
  open();
  EXPECT_EQ(collect().size(), 1U) << "its records may not have reached the spool";
  EXPECT_TRUE(collect().empty());
}

TEST_F(SoftwareSourceTest, DamagedLinesArePassedOver) {
  want(InstallGate::watch);
  std::ofstream(software_folder(folder.path()) / "met") << "x\n\t\t\t\t\t\t\n" << to_line(hello()) << "install\thalf";
  EXPECT_EQ(collect().size(), 1U);
}

TEST(GateFiles, ReadAsTheyAreWritten) {
  GateState state;
  state.at = *from_rfc3339("2026-11-23T08:00:00Z");
  state.because = "worker silent";
  state.media = {"refuse", {{"", "SanDisk", "Ultra Fit", 5, false, "refused", state.at}}};
  const auto read = read_gate_state(to_text(state));
  ASSERT_TRUE(read);
  EXPECT_EQ(read->because, state.because);
  EXPECT_EQ(read->media, state.media);
  EXPECT_FALSE(read_gate_state("x"));
  EXPECT_FALSE(read_gate_state("luy-gate-state 1 2026-11-23T08:00:00Z\noff off - x off\n"));
  const std::string wanted = to_text(GateWanted{});
  EXPECT_TRUE(read_gate_wanted(wanted));
  EXPECT_FALSE(read_gate_wanted(wanted + " "));
  EXPECT_FALSE(read_gate_wanted(wanted.substr(3)));
}

}  // namespace
}  // namespace luy::agent
