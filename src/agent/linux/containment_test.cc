// Goal: isolation cuts off every host but the hub, ends by itself at its time even when the agent is dead, and what is
// not ours stays untouched.
// Method: the rules as text and the state file everywhere; with root and nft, a network namespace of this test's own
// with a "hub" and a "stranger" behind a bridge, spoken to over TCP.
#include "agent/linux/containment.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <thread>

#include "agent/linux/child.h"
#include "agent/linux/linux_kernel.h"
#include "agent/linux/linux_orders.h"
#include "agent/linux/machine.h"
#include "agent/linux/stop_process.h"
#include "agent/linux/temporary_folder.h"
#include "agent/linux/text.h"
#include "agent/linux/volatile_state.h"
#include "base/encoding.h"
#include "base/file.h"
#include "base/hash.h"

namespace luy::agent {
namespace {

using std::chrono::hours;
using std::chrono::seconds;

const Time start = *from_rfc3339("2026-11-22T01:02:03Z");

Contained everything() {
  Contained out;
  out.isolation = Isolation{start + hours(1), {"192.0.2.1", "2001:db8::1"}, 8444, {"192.0.2.53"}, true};
  out.blocked = {{"203.0.113.7", std::nullopt}, {"2001:db8::7", start + hours(2)}, {"203.0.113.8", start}};
  return out;
}

TEST(Containment, TheRulesKeepTheHubAndNamedServersOnly) {
  const std::string script = nft_script(everything(), start);
  for (const char* part :
       {"elements = { ipv4 timeout 3600s, ipv6 timeout 3600s }", "ip saddr 192.0.2.1 tcp sport 8444 accept",
        "ip6 daddr 2001:db8::1 tcp dport 8444 accept", "ip daddr 192.0.2.53 udp dport 53 accept",
        "elements = { 203.0.113.7 }", "elements = { 2001:db8::7 timeout 7200s }", "udp sport 68 udp dport 67 accept"}) {
    EXPECT_NE(script.find(part), std::string::npos) << part << "\n" << script;
  }
  EXPECT_EQ(script.find("203.0.113.8"), std::string::npos) << "has run out";
  EXPECT_EQ(script.find("flush ruleset"), std::string::npos);
  const std::string over = nft_script(everything(), start + hours(3));
  EXPECT_EQ(over.find("held"), std::string::npos);
  EXPECT_NE(over.find("203.0.113.7"), std::string::npos);
  EXPECT_EQ(nft_script({}, start), "table inet luy_containment {}\ndelete table inet luy_containment\n");
}

TEST(Containment, TheStateReadsAsItWasWrittenAndDamageIsSeen) {
  const std::string text = encode(everything());
  EXPECT_EQ(decode(text), everything());
  EXPECT_EQ(decode(encode({})), Contained{});
  for (std::size_t i = 0; i < text.size(); ++i) {
    std::string damaged = text;
    damaged[i] = static_cast<char>(damaged[i] ^ 1);
    EXPECT_EQ(decode(damaged), std::nullopt) << i;
  }
  EXPECT_EQ(decode(""), std::nullopt);
}

class ContainmentTest : public testing::Test {
 protected:
  Containment containment(const std::string& nft) {
    return Containment({folder_.path() / "containment", nft, 8444, [this] { return hub_; }, "hub.example", clock_});
  }
  TemporaryFolder folder_;
  FakeClock clock_{start};
  std::vector<std::string> hub_{"10.77.0.1"};
};

TEST_F(ContainmentTest, WithoutNftTheReasonIsSaidAndNothingIsKept) {
  Containment one = containment("");
  EXPECT_TRUE(one.isolate({start + hours(1), {}, true}).error().is(nft_missing));
  EXPECT_TRUE(one.contained().empty());
  EXPECT_EQ(decode(read_file(folder_.at("containment"), 4096).value()), Contained{});
}

TEST_F(ContainmentTest, WhatTheKernelRefusesIsSaidAndNotKept) {
  folder_.write("nft", "#!/bin/sh\necho 'Error: Operation not permitted' >&2\nexit 1\n");
  ::chmod(folder_.at("nft").c_str(), 0700);
  Containment one = containment(folder_.at("nft"));
  const auto done = one.block({"203.0.113.7", std::nullopt});
  ASSERT_FALSE(done);
  EXPECT_TRUE(done.error().is(nft_failed));
  EXPECT_EQ(done.error().detail(), "Error: Operation not permitted");
  EXPECT_TRUE(one.contained().empty());
}

TEST_F(ContainmentTest, TheHubItselfIsNeverBlockedAndMustBeKnown) {
  Containment one = containment("/bin/true");
  EXPECT_TRUE(one.block({"10.77.0.1", std::nullopt}).error().is(would_cut_hub));
  hub_.clear();
  EXPECT_TRUE(one.isolate({start + hours(1), {}, true}).error().is(hub_unnamed));
}

TEST_F(ContainmentTest, ItIsRestoredAfterARestartAndEndsAtItsTime) {
  // Keeps the last script it was given, as the kernel would.
  folder_.write("nft", "#!/bin/sh\ncat > " + folder_.at("script") + "\n");
  ::chmod(folder_.at("nft").c_str(), 0700);
  ASSERT_TRUE(containment(folder_.at("nft")).isolate({start + hours(1), {}, true}));
  folder_.remove("script");
  clock_.advance(seconds(600));
  Containment again = containment(folder_.at("nft"));
  ASSERT_TRUE(again.restore());
  EXPECT_NE(read_file(folder_.at("script"), 9999).value().find("timeout 3000s"), std::string::npos);
  EXPECT_TRUE(again.settle().empty());
  clock_.advance(hours(1));
  const auto notes = again.settle();
  ASSERT_EQ(notes.size(), 1U);
  EXPECT_NE(notes[0].record.raw.find("isolation_ended"), std::string::npos);
  EXPECT_EQ(read_file(folder_.at("script"), 9999).value(), nft_script({}, start));
  EXPECT_TRUE(again.settle().empty());
  Containment later = containment("");
  EXPECT_TRUE(later.restore()) << "nothing stands, so nft is not needed";
}

TEST_F(ContainmentTest, AProgramThatHangsIsEnded) {
  const auto done = run_with_input({"/bin/sleep", "60"}, "", std::chrono::milliseconds(50));
  ASSERT_FALSE(done);
  EXPECT_EQ(run_with_input({"/bin/cat"}, "words", seconds(20)).value().output, "words");
}

// --- a network of this test's own -------------------------------------------------------------------------------

void shell(const std::string& script) {
  const auto done = run_with_input({"/bin/sh", "-e"}, script, seconds(30));
  ASSERT_TRUE(done);
  ASSERT_EQ(done->status, 0) << script << done->output;
}

// Answers nothing, but the kernel completes the handshake.
UniqueFd listen_at(const std::string& address) {
  UniqueFd fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in name{};
  name.sin_family = AF_INET;
  name.sin_port = htons(8444);
  ::inet_pton(AF_INET, address.c_str(), &name.sin_addr);
  EXPECT_EQ(::bind(fd.get(), reinterpret_cast<sockaddr*>(&name), sizeof name), 0) << strerror(errno);
  EXPECT_EQ(::listen(fd.get(), 8), 0);
  return fd;
}

bool reaches(const std::string& address) {
  const UniqueFd fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  sockaddr_in name{};
  name.sin_family = AF_INET;
  name.sin_port = htons(8444);
  ::inet_pton(AF_INET, address.c_str(), &name.sin_addr);
  if (::connect(fd.get(), reinterpret_cast<sockaddr*>(&name), sizeof name) == 0) return true;
  if (errno != EINPROGRESS) return false;
  pollfd done{fd.get(), POLLOUT, 0};
  if (::poll(&done, 1, 700) != 1) return false;
  int error = 0;
  socklen_t size = sizeof error;
  ::getsockopt(fd.get(), SOL_SOCKET, SO_ERROR, &error, &size);
  return error == 0;
}

// Everything below runs in a child in two fresh namespaces: the test's own network is never touched. "There" has the
// hub's and the stranger's address on one end of a pair of interfaces, "here" has the other end.
void in_own_network(const std::function<void()>& test) {
  if (::geteuid() != 0) GTEST_SKIP() << "making a network namespace needs root";
  if (find_nft().empty()) GTEST_SKIP() << "the program nft (package nftables) is not installed";
  std::array<int, 2> ready{};
  std::array<int, 2> end{};
  ASSERT_EQ(::pipe2(ready.data(), O_CLOEXEC), 0);
  ASSERT_EQ(::pipe2(end.data(), O_CLOEXEC), 0);
  const int before = ::open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);
  if (::unshare(CLONE_NEWNET) != 0) {
    ::close(before);
    GTEST_SKIP() << "this system lets root make no network namespace: " << strerror(errno);
  }
  shell(
      "ip link set lo up; ip link add here type veth peer name there; ip addr add 10.77.0.2/24 dev here; ip link set "
      "here up");
  std::atomic<bool> stop{false};
  std::atomic<pid_t> thread_id{0};
  std::atomic<bool> listening{false};
  std::thread there([&] {
    EXPECT_EQ(::unshare(CLONE_NEWNET), 0);
    thread_id = static_cast<pid_t>(::gettid());
    while (::access("/sys/class/net", F_OK) == 0 && !stop && !listening) {
      const auto seen = run_with_input({"/bin/sh", "-c", "ip link show there"}, "", seconds(5));
      if (seen && seen->status == 0) break;
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    shell(
        "ip link set lo up; ip addr add 10.77.0.1/24 dev there; ip addr add 10.77.0.3/24 dev there; ip link set there "
        "up");
    const UniqueFd hub = listen_at("10.77.0.1");
    const UniqueFd stranger = listen_at("10.77.0.3");
    listening = true;
    while (!stop) std::this_thread::sleep_for(std::chrono::milliseconds(10));
  });
  while (thread_id == 0) std::this_thread::sleep_for(std::chrono::milliseconds(5));
  shell("ip link set there netns " + std::to_string(thread_id));
  while (!listening) std::this_thread::sleep_for(std::chrono::milliseconds(5));
  test();
  stop = true;
  there.join();
  EXPECT_EQ(::setns(before, CLONE_NEWNET), 0);
  ::close(before);
}

// Until the interfaces are up the first packets are lost.
bool reaches_soon(const std::string& address) {
  for (int i = 0; i < 30; ++i) {
    if (reaches(address)) return true;
  }
  return false;
}

TEST_F(ContainmentTest, IsolationCutsEveryoneButTheHubAndReleaseRestores) {
  in_own_network([this] {
    ASSERT_TRUE(reaches_soon("10.77.0.1"));
    ASSERT_TRUE(reaches_soon("10.77.0.3"));
    shell(find_nft() + " add table inet somebody_elses");
    Containment one = containment(find_nft());
    ASSERT_TRUE(one.isolate({clock_.now() + hours(1), {}, true}));
    EXPECT_TRUE(reaches_soon("10.77.0.1")) << "the hub is kept";
    EXPECT_FALSE(reaches("10.77.0.3")) << "the stranger is cut off";
    ASSERT_TRUE(one.isolate({clock_.now() + hours(2), {}, true})) << "again";
    ASSERT_TRUE(one.release());
    EXPECT_TRUE(reaches_soon("10.77.0.3"));
    const auto tables = run_with_input({find_nft(), "list", "tables"}, "", seconds(20));
    EXPECT_EQ(std::string(trim(tables.value().output)), "table inet somebody_elses");
  });
}

TEST_F(ContainmentTest, IsolationEndsInTheKernelWithoutAnAgent) {
  in_own_network([this] {
    ASSERT_TRUE(reaches_soon("10.77.0.3"));
    ASSERT_TRUE(containment(find_nft()).isolate({clock_.now() + seconds(3), {}, true}));
    EXPECT_FALSE(reaches("10.77.0.3"));
    EXPECT_TRUE(reaches_soon("10.77.0.3")) << "nobody lifted it, its time was over";
  });
}

TEST_F(ContainmentTest, ABlockedAddressIsBlockedAloneAndEnds) {
  in_own_network([this] {
    hub_ = {"10.77.0.9"};
    ASSERT_TRUE(reaches_soon("10.77.0.3"));
    Containment one = containment(find_nft());
    ASSERT_TRUE(one.block({"10.77.0.3", std::nullopt}));
    EXPECT_FALSE(reaches("10.77.0.3"));
    EXPECT_TRUE(reaches_soon("10.77.0.1"));
    ASSERT_TRUE(one.unblock("10.77.0.3"));
    EXPECT_TRUE(reaches_soon("10.77.0.3"));
    ASSERT_TRUE(one.block({"10.77.0.1", clock_.now() + seconds(2)}));
    EXPECT_FALSE(reaches("10.77.0.1"));
    EXPECT_TRUE(reaches_soon("10.77.0.1"));
  });
}

// --- processes and volatile state -------------------------------------------------------------------------------

class Sleeper {
 public:
  Sleeper() {
    std::string name = "/bin/sleep";
    std::string time = "300";
    std::array<char*, 3> argv{name.data(), time.data(), nullptr};
    EXPECT_EQ(::posix_spawn(&pid_, name.c_str(), nullptr, nullptr, argv.data(), nullptr), 0);
  }
  ~Sleeper() {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }
  order::StopProcess order() const {
    const std::string folder = "/proc/" + std::to_string(pid_);
    const std::string stat = read_file(folder + "/stat", 4096).value();
    const auto fields = words(std::string_view(stat).substr(stat.rfind(')') + 1));
    const std::string path = std::filesystem::read_symlink(folder + "/exe").string();
    return {pid_, *number(fields[19]), path, to_hex(sha256(read_file(path, 64 << 20).value()))};
  }
  bool alive() const { return ::kill(pid_, 0) == 0 && ::waitpid(pid_, nullptr, WNOHANG) == 0; }

 private:
  pid_t pid_ = -1;
};

TEST(StopProcess, OnlyTheOneThatIsMeantIsStopped) {
  const Sleeper sleeper;
  const order::StopProcess meant = sleeper.order();
  order::StopProcess other = meant;
  other.start_ticks += 1;
  EXPECT_TRUE(stop_process(other).error().is(process_other)) << "the number was used again";
  other = meant;
  other.path = "/usr/bin/nc";
  EXPECT_TRUE(stop_process(other).error().is(process_other));
  other = meant;
  other.sha256 = std::string(64, '0');
  EXPECT_TRUE(stop_process(other).error().is(process_other));
  EXPECT_TRUE(sleeper.alive());
  const auto done = stop_process(meant);
  EXPECT_TRUE(done) << done.error().text();
  EXPECT_FALSE(sleeper.alive());
  EXPECT_TRUE(stop_process({(1 << 22) - 1, 1, "/bin/nc", ""}).error().is(process_gone));
}

TEST(VolatileState, ItHoldsThisProcessWithinItsBounds) {
  LinuxKernel kernel;
  const SystemClock clock;
  const Machine machine{"/", kernel, clock, {}, {}};
  const std::string json = collect_volatile(machine);
  EXPECT_LE(json.size(), volatile_bytes_max + 4096);
  EXPECT_NE(json.find("\"pid\":\"" + std::to_string(::getpid()) + "\""), std::string::npos);
  for (const char* part : {"\"sockets\":[", "\"users\":[", "\"routes\":[", "\"neighbours\":[", "\"logins\":["}) {
    EXPECT_NE(json.find(part), std::string::npos) << part;
  }
}

}  // namespace
}  // namespace luy::agent
