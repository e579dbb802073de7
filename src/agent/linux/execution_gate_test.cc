// Goal: what no package brought does not run; and whatever happens to the gate, the machine runs on. Method: the real
// kernel, asked about one small file system in a mount namespace of the test's own; never about the machine's.
#include "agent/linux/execution_gate.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sched.h>
#include <signal.h>
#include <sys/fanotify.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>

#include "agent/linux/child.h"
#include "agent/linux/install_hook.h"
#include "agent/linux/temporary_folder.h"
#include "base/encoding.h"

namespace luy::agent {
namespace {

namespace fs = std::filesystem;
using device_policy::ExecuteGate;

// Waits for what must come; a machine under load may take its time.
bool soon(const std::function<bool()>& done) {
  for (int i = 0; i < 12'000; ++i) {
    if (done()) return true;
    ::usleep(10'000);
  }
  return false;
}

// Why the kernel does not ask; empty when it does.
std::string missing(const std::string& mount_point) {
  if (::getuid() != 0) return "takes root";
  if (::unshare(CLONE_NEWNS) != 0) return "takes a mount namespace";
  if (::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0) return "takes a private mount namespace";
  if (::mount("luy-test", mount_point.c_str(), "tmpfs", 0, "size=64m") != 0) return "takes a file system of its own";
  const UniqueFd fan(::fanotify_init(FAN_CLASS_CONTENT | FAN_CLOEXEC, O_RDONLY));
  if (!fan) return "the kernel gives no permission events";
  if (::fanotify_mark(fan.get(), FAN_MARK_ADD | FAN_MARK_FILESYSTEM, FAN_OPEN_EXEC_PERM, AT_FDCWD,
                      mount_point.c_str()) != 0) {
    return "the kernel does not ask before programs run";
  }
  return {};
}

struct ExecutionGateTest : testing::Test {
  void SetUp() override {
    fs::create_directories(root());
    fs::create_directories(software_folder(data()));
    if (const std::string why = missing(root().string()); !why.empty()) GTEST_SKIP() << why;
    for (const char* name : {"usr/bin", "home/an", "var/lib/dpkg/info", "etc", "opt"}) {
      fs::create_directories(root() / name);
    }
    std::ofstream(root() / "etc/passwd") << "root:x:0:0::/root:/bin/sh\n";
    std::ofstream(root() / "var/lib/dpkg/lock");
    packages("first");
    program("usr/bin/good", "good");
    program("home/an/game", "game");
    std::ofstream(root() / "var/lib/dpkg/info/good.list") << "/.\n/usr\n/usr/bin\n/usr/bin/good\n";
    ExecutionSetup setup{data(), root(), {root().string()}, clock};
    gate = std::make_unique<ExecutionGate>(setup);
  }
  void TearDown() override {
    gate.reset();
    ::umount2(root().c_str(), MNT_DETACH);
  }
  fs::path root() const { return folder.path() / "root"; }
  fs::path data() const { return folder.path() / "data"; }
  // Another text is another time and content of dpkg's database.
  void packages(const std::string& text) const { std::ofstream(root() / "var/lib/dpkg/status") << text << '\n'; }
  // A program that does nothing, unlike any other.
  void program(const std::string& name, const std::string& mark) const {
    fs::remove(root() / name);
    fs::copy_file("/bin/true", root() / name);
    std::ofstream(root() / name, std::ios::app) << mark;
    fs::permissions(root() / name, fs::perms(0755));
  }
  // Whether it could be executed.
  bool runs(const std::string& name) const {
    const auto pid = start(name);
    if (!pid) return false;
    int status = 0;
    return ::waitpid(*pid, &status, 0) == *pid && WIFEXITED(status) && WEXITSTATUS(status) == 0;
  }
  Result<pid_t> start(const std::string& name) const {
    const UniqueFd null(::open("/dev/null", O_RDWR | O_CLOEXEC));
    return spawn_child({(root() / name).string()}, null.get(), null.get(), true);
  }
  bool ready(const std::string& state) {
    return soon([&] {
             gate->step(section);
             return gate->state() == state && gate->worker() > 0 && gate->is_fresh();
           }) &&
           answers();
  }
  // It has gone round once since it began: the marks stand.
  bool answers() {
    const auto before = gate->shared().beats.load();
    return soon([&] { return gate->shared().beats.load() > before; });
  }
  std::string to_hex_of(const std::string& name) const {
    return to_hex(sha256(read_file(root() / name, 64 << 20).value()));
  }
  std::vector<std::string> met() const {
    std::vector<std::string> out;
    std::ifstream file(software_folder(data()) / "met");
    for (std::string line; std::getline(file, line);) {
      const auto read = read_met_line(line);
      EXPECT_TRUE(read) << line;
      if (read) out.push_back(fs::path(read->name).filename().string() + (read->refused ? " refused" : " noted"));
    }
    return out;
  }

  TemporaryFolder folder;
  FakeClock clock{*from_rfc3339("2026-11-23T08:00:00Z")};
  device_policy::Software section;
  std::unique_ptr<ExecutionGate> gate;
};

TEST_F(ExecutionGateTest, AuditNotesAndRefusesNothing) {
  section.execute = ExecuteGate::audit;
  ASSERT_TRUE(ready("audit")) << gate->because();
  EXPECT_EQ(gate->trusted(), 1);
  EXPECT_TRUE(runs("usr/bin/good"));
  EXPECT_TRUE(runs("home/an/game"));
  ASSERT_TRUE(soon([&] { return !met().empty(); }));
  EXPECT_EQ(met(), std::vector<std::string>{"game noted"});
  EXPECT_EQ(gate->shared().refused.load(), 0U);
}

TEST_F(ExecutionGateTest, WhatNoPackageBroughtIsDenied) {
  section.execute = ExecuteGate::deny;
  ASSERT_TRUE(ready("deny")) << gate->because();
  EXPECT_TRUE(runs("usr/bin/good"));
  EXPECT_FALSE(runs("home/an/game"));
  program("home/an/renamed", "good");
  EXPECT_TRUE(runs("home/an/renamed")) << "it is the content that is trusted";
  program("usr/bin/good", "changed");
  EXPECT_FALSE(runs("usr/bin/good")) << "and no name";
  ASSERT_TRUE(soon([&] { return met().size() == 2; }));
  EXPECT_EQ(met()[0], "game refused");
  const auto failed = start("home/an/game");
  ASSERT_FALSE(failed);
  std::printf("--- %s executed: %s\n--- the gate wrote: %s---\n", (root() / "home/an/game").c_str(),
              failed.error().en().c_str(), read_file(software_folder(data()) / "met", 4096).value().c_str());
  section.execute = ExecuteGate::off;
  gate->step(section);
  EXPECT_TRUE(runs("home/an/game")) << "the switch opens it at once";
}

TEST_F(ExecutionGateTest, AnOfficersListAndRootsSettingsRun) {
  section.execute = ExecuteGate::deny;
  section.programs = {{"game", to_hex_of("home/an/game")}};
  program("etc/script", "settings");
  ASSERT_TRUE(ready("deny"));
  EXPECT_TRUE(runs("home/an/game"));
  program("opt/other", "other");
  EXPECT_FALSE(runs("opt/other"));
}

TEST_F(ExecutionGateTest, AnUpgradeBreaksNothing) {
  section.execute = ExecuteGate::deny;
  ASSERT_TRUE(ready("deny"));
  program("usr/bin/good", "second version");
  EXPECT_FALSE(runs("usr/bin/good"));
  {
    // As dpkg holds it while it unpacks and runs the packages' scripts.
    const UniqueFd lock(::open((root() / "var/lib/dpkg/lock").c_str(), O_RDWR | O_CLOEXEC));
    const pid_t holder = ::fork();
    if (holder == 0) {
      struct flock wanted {};
      wanted.l_type = F_WRLCK;
      if (::fcntl(lock.get(), F_SETLK, &wanted) != 0) ::_exit(1);
      for (;;) ::pause();
    }
    ASSERT_TRUE(soon([&] { return database_busy(root()); }));
    EXPECT_TRUE(runs("usr/bin/good"));
    EXPECT_TRUE(runs("home/an/game")) << "while packages change nothing is refused";
    packages("second, longer");
    ::kill(holder, SIGKILL);
    int status = 0;
    ::waitpid(holder, &status, 0);
  }
  EXPECT_TRUE(runs("usr/bin/good")) << "the list is older than the packages";
  ASSERT_TRUE(ready("deny"));
  EXPECT_TRUE(runs("usr/bin/good"));
  EXPECT_FALSE(runs("home/an/game"));
}

TEST_F(ExecutionGateTest, AWorkerThatIsKilledLeavesTheMachineRunning) {
  section.execute = ExecuteGate::deny;
  ASSERT_TRUE(ready("deny"));
  const pid_t first = gate->worker();
  ::kill(first, SIGKILL);
  ASSERT_TRUE(soon([&] {
    gate->step(section);
    return gate->state() == "failed";
  }));
  EXPECT_EQ(gate->because(), "worker_ended");
  EXPECT_TRUE(runs("home/an/game"));
  clock.advance(ExecutionGate::again_pause);
  ASSERT_TRUE(ready("deny"));
  EXPECT_NE(gate->worker(), first);
  EXPECT_FALSE(runs("home/an/game"));
}

TEST_F(ExecutionGateTest, AWorkerThatIsStoppedIsEndedAndWhoWaitedGoesOn) {
  section.execute = ExecuteGate::deny;
  ASSERT_TRUE(ready("deny"));
  ::kill(gate->worker(), SIGSTOP);
  // posix_spawn() waits for the child's exec: from a process of its own.
  const pid_t waiting = ::fork();
  if (waiting == 0) {
    ::execl((root() / "usr/bin/good").c_str(), "good", nullptr);
    ::_exit(9);
  }
  ASSERT_TRUE(soon([&] {
    clock.advance(std::chrono::seconds(1));
    gate->step(section);
    return gate->state() == "failed";
  }));
  EXPECT_EQ(gate->because(), "worker_silent");
  int status = 0;
  ASSERT_EQ(::waitpid(waiting, &status, 0), waiting);
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0);
  EXPECT_TRUE(runs("home/an/game")) << "nobody asks meanwhile";
}

TEST_F(ExecutionGateTest, TheWorkerGoesWithItsWatcher) {
  std::array<int, 2> ends{};
  ASSERT_EQ(::pipe(ends.data()), 0);
  section.execute = ExecuteGate::deny;
  const pid_t watcher = ::fork();
  if (watcher == 0) {
    ::close(ends[0]);
    const bool shut = ready("deny") && !runs("home/an/game");
    [[maybe_unused]] const ssize_t n = ::write(ends[1], shut ? "y" : "n", 1);
    for (;;) ::pause();
  }
  ::close(ends[1]);
  char said = 0;
  EXPECT_EQ(::read(ends[0], &said, 1), 1);
  ::close(ends[0]);
  EXPECT_EQ(said, 'y');
  EXPECT_FALSE(runs("home/an/game"));
  ::kill(watcher, SIGKILL);
  int status = 0;
  ::waitpid(watcher, &status, 0);
  EXPECT_TRUE(soon([&] { return runs("home/an/game"); }));
}

TEST_F(ExecutionGateTest, AWorkerThatDiesAllTheTimeStaysAway) {
  section.execute = ExecuteGate::deny;
  ASSERT_TRUE(ready("deny"));
  for (int i = 0; i < ExecutionGate::deaths_max; ++i) {
    ASSERT_TRUE(soon([&] {
      gate->step(section);
      if (gate->worker() < 0) clock.advance(ExecutionGate::again_pause);
      return gate->worker() > 0;
    }));
    const pid_t worker = gate->worker();
    ::kill(worker, SIGKILL);
    ASSERT_TRUE(soon([&] {
      gate->step(section);
      return gate->worker() != worker;
    }));
  }
  clock.advance(ExecutionGate::again_pause);
  gate->step(section);
  EXPECT_LT(gate->worker(), 0);
  EXPECT_EQ(gate->state(), "failed");
  clock.advance(ExecutionGate::deaths_period);
  EXPECT_TRUE(ready("deny"));
}

TEST(Trust, ReadsAsItIsWrittenAndDamageIsSeen) {
  TemporaryFolder folder;
  folder.write("var/lib/dpkg/status", "x");
  folder.write("var/lib/dpkg/diversions", "/usr/bin/moved\n/usr/bin/moved.distrib\nother\n");
  folder.write("usr/bin/one", "one");
  folder.write("usr/bin/moved", "another's");
  folder.write("usr/bin/moved.distrib", "two");
  folder.write("usr/share/text", "text");
  folder.write("var/lib/dpkg/info/p.list",
               "/usr/bin/one\n/usr/share/text\n/usr/bin/moved\n/usr/bin/missing\n/usr/bin\n");
  folder.write("var/lib/dpkg/info/p.postinst", "#!/bin/sh\n");
  for (const char* name : {"usr/bin/one", "usr/bin/moved", "usr/bin/moved.distrib", "var/lib/dpkg/info/p.postinst"}) {
    fs::permissions(folder.path() / name, fs::perms(0755));
  }
  const Trust built = Trust::build(folder.path(), Trust()).value();
  EXPECT_EQ(built.size(), 4U);
  EXPECT_TRUE(built.has(sha256("two")));
  EXPECT_TRUE(built.has(sha256("#!/bin/sh\n"))) << "scripts that dpkg runs";
  EXPECT_FALSE(built.has(sha256("text")));
  EXPECT_EQ(built.stamp(), stamp_of(folder.path()));
  const std::string text = built.to_text();
  const Trust again = Trust::read(text).value();
  EXPECT_EQ(again.to_text(), text);
  EXPECT_EQ(Trust::build(folder.path(), again)->to_text(), text);
  EXPECT_FALSE(Trust::read(""));
  EXPECT_FALSE(Trust::read(text + "x\n"));
  EXPECT_FALSE(Trust::read(text.substr(0, text.rfind('\n', text.size() - 2) + 1))) << "a line is missing";
  EXPECT_FALSE(Trust::build(folder.path() / "nowhere", Trust()));
  EXPECT_FALSE(database_busy(folder.path()));
}

}  // namespace
}  // namespace luy::agent
