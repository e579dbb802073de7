// Goal: real apt and dpkg stop before they unpack what nobody approved, say so in Vietnamese, and go on whenever the
// gate cannot work. Method: packages made here, a database of packages in a scratch root, never the machine's own.
#include "agent/linux/install_hook.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>

#include "agent/linux/child.h"
#include "agent/linux/temporary_folder.h"
#include "base/file.h"

namespace luy::agent {
namespace {

namespace fs = std::filesystem;
using device_policy::InstallGate;

struct InstallHookTest : testing::Test {
  InstallHookTest() {
    if (::getuid() != 0) return;
    for (const char* name : {"root/var/lib/dpkg/info", "root/var/lib/dpkg/updates", "root/var/lib/dpkg/triggers",
                             "root/var/log", "root/tmp", "data/software", "debs", "apt/lists/partial",
                             "apt/cache/archives/partial", "apt/log", "apt/etc/apt.conf.d", "apt/etc/preferences.d"}) {
      fs::create_directories(folder.path() / name);
    }
    std::ofstream(folder.path() / "root/var/lib/dpkg/status");
    std::ofstream(folder.path() / "root/var/lib/dpkg/available");
    std::ofstream(folder.path() / "apt/etc/sources.list");
  }
  void SetUp() override {
    if (::getuid() != 0 || !fs::exists("/usr/bin/dpkg-deb") || !fs::exists("/usr/bin/apt-get")) {
      GTEST_SKIP() << "takes root, dpkg and apt";
    }
  }
  std::string deb(const std::string& name, const std::string& version, const std::string& depends = "") const {
    const fs::path tree = folder.path() / "build" / (name + version);
    fs::create_directories(tree / "DEBIAN");
    fs::create_directories(tree / "usr/share/luy-test");
    std::ofstream(tree / "usr/share/luy-test" / name) << version << '\n';
    std::ofstream control(tree / "DEBIAN/control");
    control << "Package: " << name << "\nVersion: " << version
            << "\nArchitecture: all\nMaintainer: Test <test@example.org>\nDescription: made by a test\n";
    if (!depends.empty()) control << "Depends: " << depends << '\n';
    control.close();
    const std::string file = (folder.path() / "debs" / (name + "_" + version + "_all.deb")).string();
    const auto built = run_with_input({"/usr/bin/dpkg-deb", "--build", "--root-owner-group", tree.string(), file}, {},
                                      std::chrono::minutes(2));
    EXPECT_TRUE(built && built->status == 0) << (built ? built->output : built.error().text());
    return file;
  }
  void gate(InstallGate mode, const std::vector<device_policy::ListedProduct>& products) const {
    const std::string content = device_policy::list_content(products);
    ASSERT_TRUE(write_file_durably(software_folder(data()) / "gate", to_text({mode, "bà Lê Lan", {}}, content)));
  }
  fs::path data() const { return folder.path() / "data"; }
  std::string root() const { return (folder.path() / "root").string(); }
  std::string hook(const std::string& which) const {
    return std::string(LUY_GATE_PROGRAM) + " " + which + " --data " + data().string() + " --root " + root() +
           " || test $? -ne 10";
  }
  ChildResult apt(const std::vector<std::string>& files) const {
    const std::string at = folder.path().string() + "/";
    std::vector<std::string> command = {"/usr/bin/apt-get", "-y", "-q", "--allow-downgrades"};
    const std::vector<std::string> options = {"Dir::State=" + at + "apt",
                                              "Dir::State::lists=lists",
                                              "Dir::State::status=" + root() + "/var/lib/dpkg/status",
                                              "Dir::State::extended_states=" + at + "apt/extended_states",
                                              "Dir::Cache=" + at + "apt/cache",
                                              "Dir::Etc=" + at + "apt/etc",
                                              "Dir::Log=" + at + "apt/log",
                                              std::string("APT::Architecture=amd64"),
                                              std::string("APT::Sandbox::User=root"),
                                              "DPkg::Options::=--root=" + root(),
                                              std::string("DPkg::Options::=--force-not-root,script-chrootless"),
                                              "DPkg::Options::=--log=" + at + "root/var/log/dpkg.log",
                                              "DPkg::Options::=--pre-invoke=" + hook("dpkg"),
                                              "DPkg::Pre-Install-Pkgs::=" + hook("apt"),
                                              "DPkg::Tools::Options::" + std::string(LUY_GATE_PROGRAM) + "::Version=3"};
    for (const std::string& option : options) {
      command.push_back("-o");
      command.push_back(option);
    }
    command.push_back("install");
    for (const std::string& file : files) command.push_back(file);
    const auto ran = run_with_input(command, {}, std::chrono::minutes(5));
    EXPECT_TRUE(ran) << ran.error().text();
    return ran ? *ran : ChildResult();
  }
  ChildResult dpkg(const std::vector<std::string>& files) const {
    std::vector<std::string> command = {"/usr/bin/dpkg",
                                        "--root=" + root(),
                                        "--force-not-root,script-chrootless",
                                        "--log=" + root() + "/var/log/dpkg.log",
                                        "--pre-invoke=" + hook("dpkg"),
                                        "-i"};
    command.insert(command.end(), files.begin(), files.end());
    const auto ran = run_with_input(command, {}, std::chrono::minutes(5));
    EXPECT_TRUE(ran) << ran.error().text();
    return ran ? *ran : ChildResult();
  }
  bool is_installed(const std::string& name) const { return fs::exists(root() + "/usr/share/luy-test/" + name); }
  std::vector<std::string> met() const {
    std::vector<std::string> out;
    std::ifstream file(software_folder(data()) / "met");
    for (std::string line; std::getline(file, line);) {
      const auto read = read_met_line(line);
      EXPECT_TRUE(read) << line;
      if (read) out.push_back(read->act + " " + read->name + (read->refused ? " refused" : ""));
    }
    return out;
  }

  TemporaryFolder folder;
};

TEST_F(InstallHookTest, AptRefusesWhatNobodyApproved) {
  const std::string hello = deb("luy-hello", "2.10");
  gate(InstallGate::refuse, {{"luy-other", "*", {}}});
  const ChildResult refused = apt({hello});
  EXPECT_NE(refused.status, 0);
  EXPECT_NE(refused.output.find("Không cài phần mềm “luy-hello” phiên bản 2.10"), std::string::npos) << refused.output;
  EXPECT_NE(refused.output.find("bà Lê Lan"), std::string::npos);
  EXPECT_FALSE(is_installed("luy-hello"));
  EXPECT_EQ(met(), std::vector<std::string>{"install luy-hello refused"});
  std::printf("--- apt-get install luy-hello, not approved:\n%s---\n", refused.output.c_str());

  gate(InstallGate::refuse, {{"luy-hello", "2.*", {}}});
  const ChildResult done = apt({hello});
  EXPECT_EQ(done.status, 0) << done.output;
  EXPECT_TRUE(is_installed("luy-hello"));
  EXPECT_EQ(met().size(), 1U) << "dpkg's hook does not judge again what apt's has";
}

TEST_F(InstallHookTest, DpkgRefusesToo) {
  const std::string hello = deb("luy-hello", "2.10");
  gate(InstallGate::refuse, {});
  const ChildResult refused = dpkg({hello});
  EXPECT_NE(refused.status, 0);
  EXPECT_NE(refused.output.find("“luy-hello”"), std::string::npos) << refused.output;
  EXPECT_FALSE(is_installed("luy-hello"));
  gate(InstallGate::refuse, {{"luy-hello", "2.10", {}}});
  EXPECT_EQ(dpkg({hello}).status, 0);
  EXPECT_TRUE(is_installed("luy-hello"));
  const std::string newer = deb("luy-hello", "2.11");
  EXPECT_NE(dpkg({newer}).status, 0) << "a file given by hand is no update from the machine's sources";
}

TEST_F(InstallHookTest, WatchingNotesAndLetsThrough) {
  const std::string hello = deb("luy-hello", "2.10");
  gate(InstallGate::watch, {});
  EXPECT_EQ(apt({hello}).status, 0);
  EXPECT_TRUE(is_installed("luy-hello"));
  EXPECT_EQ(met(), std::vector<std::string>{"install luy-hello"});
}

TEST_F(InstallHookTest, AGateThatCannotWorkKeepsNobodyFromInstalling) {
  const auto gate_file = software_folder(data()) / "gate";
  const std::string first = deb("luy-first", "1");
  EXPECT_EQ(apt({first}).status, 0) << "there is no file";
  EXPECT_TRUE(is_installed("luy-first"));
  gate(InstallGate::refuse, {});
  std::ofstream(gate_file, std::ios::app) << "rot";
  const std::string second = deb("luy-second", "1");
  const ChildResult open = apt({second});
  EXPECT_EQ(open.status, 0) << open.output;
  EXPECT_TRUE(is_installed("luy-second"));
  const auto noted = met();
  ASSERT_FALSE(noted.empty());
  EXPECT_EQ(noted.front().substr(0, 5), "open ");
  gate(InstallGate::off, {});
  EXPECT_EQ(apt({deb("luy-third", "1")}).status, 0);
}

TEST_F(InstallHookTest, AMissingProgramKeepsNobodyFromInstalling) {
  gate(InstallGate::refuse, {});
  const std::string hello = deb("luy-hello", "2.10");
  const auto ran = run_with_input({"/usr/bin/dpkg", "--root=" + root(), "--force-not-root,script-chrootless",
                                   "--log=" + root() + "/var/log/dpkg.log",
                                   "--pre-invoke=/nowhere/luy-agent-gate dpkg || test $? -ne 10", "-i", hello},
                                  {}, std::chrono::minutes(5));
  ASSERT_TRUE(ran);
  EXPECT_EQ(ran->status, 0) << ran->output;
  EXPECT_TRUE(is_installed("luy-hello"));
}

TEST_F(InstallHookTest, AnUpdateFromTheMachinesSourcesPassesWithWhatItNeeds) {
  gate(InstallGate::refuse, {{"luy-app", "1", {}}, {"luy-lib", "*", {}}});
  EXPECT_EQ(apt({deb("luy-app", "1")}).status, 0);
  gate(InstallGate::refuse, {});
  // As apt leaves what it fetched.
  const fs::path archives = folder.path() / "apt/cache/archives";
  fs::copy(deb("luy-app", "2", "luy-lib"), archives / "luy-app_2_all.deb");
  fs::copy(deb("luy-lib", "1"), archives / "luy-lib_1_all.deb");
  const ChildResult update =
      apt({(archives / "luy-app_2_all.deb").string(), (archives / "luy-lib_1_all.deb").string()});
  EXPECT_EQ(update.status, 0) << update.output;
  EXPECT_TRUE(is_installed("luy-lib"));
}

TEST_F(InstallHookTest, TheHooksAreWrittenAndTakenAway) {
  const fs::path machine = folder.path() / "machine";
  EXPECT_TRUE(install_hooks(machine, "/usr/lib/luy/luy-agent-gate", "/var/lib/luy-agent")) << "no apt, no hook";
  fs::create_directories(machine / "etc/apt/apt.conf.d");
  fs::create_directories(machine / "etc/dpkg/dpkg.cfg.d");
  EXPECT_FALSE(hooks_stand(machine, "/usr/lib/luy/luy-agent-gate", "/var/lib/luy-agent"));
  ASSERT_TRUE(install_hooks(machine, "/usr/lib/luy/luy-agent-gate", "/var/lib/luy-agent"));
  EXPECT_TRUE(hooks_stand(machine, "/usr/lib/luy/luy-agent-gate", "/var/lib/luy-agent"));
  std::ofstream(machine / "etc/dpkg/dpkg.cfg.d/90luy-agent") << "# nothing\n";
  EXPECT_FALSE(hooks_stand(machine, "/usr/lib/luy/luy-agent-gate", "/var/lib/luy-agent")) << "somebody changed it";
  ASSERT_TRUE(install_hooks(machine, "", "/var/lib/luy-agent"));
  EXPECT_TRUE(hooks_stand(machine, "", "/var/lib/luy-agent"));
  EXPECT_FALSE(fs::exists(machine / "etc/apt/apt.conf.d/90luy-agent"));
  EXPECT_FALSE(install_hooks(machine, "/usr/lib/luy/luy-agent-gate", "/var/lib/a; reboot"));
}

}  // namespace
}  // namespace luy::agent
