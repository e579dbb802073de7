// Goal: the weekly scan finds what clamd finds, loses no find and no place through deaths of clamd, of the scanning
// process and of the agent, and never runs twice at once.
// Method: a fake clamd; the scan in this process where its steps are looked at, as the agent's own child process where
// its life is; at the end a real clamd with signatures of the test's own, where one is installed.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <map>

#include "agent/linux/fake_clamd.h"
#include "agent/linux/scan_source.h"
#include "agent/linux/temporary_folder.h"
#include "base/encoding.h"
#include "base/hash.h"
#include "base/json.h"

namespace luy::agent {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using What = ScanTold::What;

const Time start = *from_rfc3339("2026-11-25T05:00:00Z");  // A Wednesday, noon in Vietnam.

device_policy::Antivirus section_of(const std::string& path) {
  device_policy::Antivirus out;
  out.period_days = 7;
  out.weekday = 3;
  out.from_minute = 0;
  out.until_minute = 24 * 60;
  out.paths = {path};
  out.file_bytes_max = 1 << 20;
  out.busy_percent = 100;
  out.pause_load_percent = 1000;
  return out;
}

class ScanTest : public testing::Test {
 protected:
  ScanTest() {
    std::filesystem::create_directory(files_);
    std::filesystem::create_directories(root_ / "proc");
    folder_.write("root/proc/loadavg", "0.10 0.10 0.10 1/100 4242\n");
    folder_.write("root/etc/passwd", "root:x:0:0::/:/bin/sh\n");
  }
  ScanJob job() {
    ScanJob out;
    out.socket = socket_;
    out.root = root_;
    out.quarantine = folder_.path() / "data" / "quarantine";
    out.pace = milliseconds(1);
    out.section = section_of(files_.string());
    return out;
  }
  // Runs it here; `pause` is asked at every wait.
  std::vector<ScanTold> run(
      const ScanJob& one, const std::function<bool()>& pause = [] { return true; }) {
    std::filesystem::create_directories(folder_.path() / "data");
    std::vector<ScanTold> out;
    Clamd clamd(socket_, {milliseconds(300), std::chrono::seconds(30)});
    run_scan(one, {clamd, system_, random_, [&](const ScanTold& told) { out.push_back(told); },
                   [&](Duration) { return pause(); }});
    return out;
  }
  static std::vector<ScanTold> of(const std::vector<ScanTold>& all, What what) {
    std::vector<ScanTold> out;
    for (const ScanTold& one : all) {
      if (one.what == what) out.push_back(one);
    }
    return out;
  }
  void put(const std::string& name, const std::string& text) const { folder_.write("files/" + name, text); }
  bool is_there(const std::string& name) const { return std::filesystem::exists(files_ / name); }

  TemporaryFolder folder_;
  const std::filesystem::path files_ = folder_.path() / "files";
  const std::filesystem::path root_ = folder_.path() / "root";
  const std::string socket_ = folder_.at("clamd.ctl");
  SystemClock system_;
  SeededRandom random_{1};
};

TEST_F(ScanTest, FindsAreToldAndTakenAway) {
  FakeClamd clamd(socket_);
  put("a", "good");
  put("b \n\xff", "an EVIL one");
  put("c", "LOCK");
  put("empty", "");
  put("z", std::string(2 << 20, 'x'));
  const auto told = run(job());
  const auto found = of(told, What::found);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].path, (files_ / "b \n\xff").string());
  EXPECT_EQ(found[0].signature, "Fake.Evil");
  EXPECT_EQ(found[0].sha256, to_hex(sha256("an EVIL one")));
  EXPECT_EQ(found[0].action, "quarantined");
  EXPECT_FALSE(is_there("b \n\xff"));
  ASSERT_EQ(told.back().what, What::ended);
  const ScanCounts counts = of(told, What::progress).back().counts;
  EXPECT_EQ(counts.files, 5);
  EXPECT_EQ(counts.infected, 1);
  EXPECT_EQ(counts.unread, 2) << "what clamd could not read, and what is too large";
  EXPECT_EQ(clamd.files(), 3) << "neither the empty nor the large one";
}

TEST_F(ScanTest, APolicyMayOnlyReportAndRestoredFilesAreLeftAlone) {
  FakeClamd clamd(socket_);
  put("a", "EVIL");
  ScanJob one = job();
  one.section.infected = device_policy::Infected::report;
  EXPECT_EQ(of(run(one), What::found).at(0).action, "reported");
  EXPECT_TRUE(is_there("a"));
  const ScanTold taken = of(run(job()), What::found).at(0);
  EXPECT_FALSE(is_there("a"));
  Quarantine store(job().quarantine, root_, system_, random_);
  ASSERT_TRUE(store.restore(taken.item, taken.sha256));
  const auto again = run(job());
  EXPECT_EQ(of(again, What::found).at(0).action, "allowed");
  EXPECT_EQ(of(again, What::progress).back().counts.infected, 0);
  EXPECT_TRUE(is_there("a"));
}

TEST_F(ScanTest, ItWaitsForAClamdThatIsDeadAndGoesOn) {
  put("a", "EVIL");
  std::unique_ptr<FakeClamd> clamd;
  int waited = 0;
  const auto told = run(job(), [&] {
    if (++waited == 3) clamd = std::make_unique<FakeClamd>(socket_);
    return true;
  });
  ASSERT_EQ(of(told, What::waiting).size(), 1U);
  EXPECT_EQ(of(told, What::waiting)[0].why, "clamd");
  EXPECT_EQ(of(told, What::going_on).size(), 1U);
  EXPECT_EQ(of(told, What::found).size(), 1U);
  EXPECT_EQ(told.back().what, What::ended);
}

TEST_F(ScanTest, AFileThatClamdFallsOverIsLeftOut) {
  FakeClamd clamd(socket_);
  put("a", "BOOM");
  put("b", "EVIL");
  const auto told = run(job());
  EXPECT_EQ(of(told, What::found).size(), 1U);
  EXPECT_EQ(of(told, What::progress).back().counts.unread, 1);
  EXPECT_EQ(told.back().what, What::ended);
}

TEST_F(ScanTest, AClamdThatGetsNoDescriptorIsSentTheContent) {
  FakeClamd clamd(socket_);
  clamd.lose_descriptors(300'000);
  put("a-good", std::string(200'000, 'g'));
  put("b-bad", std::string(150'000, 'g') + FakeClamd::infected_text);
  put("c-large", std::string(400'000, 'g'));
  put("d-good", "good");
  const auto told = run(job());
  ASSERT_EQ(of(told, What::ended).size(), 1U);
  ASSERT_EQ(of(told, What::found).size(), 1U);
  EXPECT_TRUE(of(told, What::found)[0].path.ends_with("b-bad"));
  EXPECT_FALSE(is_there("b-bad"));
  const ScanCounts counts = of(told, What::progress).back().counts;
  EXPECT_EQ(counts.files, 4);
  EXPECT_EQ(counts.unread, 1) << "more than clamd takes";
  EXPECT_EQ(clamd.streamed(), 3);
  EXPECT_EQ(clamd.files(), 0);
}

TEST_F(ScanTest, ItWaitsOnBatteryAndUnderLoad) {
  FakeClamd clamd(socket_);
  put("a", "good");
  folder_.write("root/sys/class/power_supply/BAT0/type", "Battery\n");
  folder_.write("root/sys/class/power_supply/BAT0/status", "Discharging\n");
  folder_.write("root/proc/loadavg", "9999 1 1 1/1 1\n");
  int waited = 0;
  const auto told = run(job(), [&] {
    if (++waited == 2) folder_.write("root/sys/class/power_supply/BAT0/status", "Charging\n");
    if (waited == 4) folder_.write("root/proc/loadavg", "0.00 1 1 1/1 1\n");
    return true;
  });
  const auto why = of(told, What::waiting);
  ASSERT_EQ(why.size(), 2U);
  EXPECT_EQ(why[0].why, "battery");
  EXPECT_EQ(why[1].why, "load");
  EXPECT_EQ(told.back().what, What::ended);
  device_policy::Antivirus section = section_of("/");
  folder_.write("root/sys/class/power_supply/BAT0/status", "Discharging\n");
  EXPECT_EQ(hold_reason(root_, section), "battery");
  folder_.write("root/sys/class/power_supply/AC/type", "Mains\n");
  folder_.write("root/sys/class/power_supply/AC/online", "1\n");
  EXPECT_EQ(hold_reason(root_, section), "");
}

TEST_F(ScanTest, JobsAndLinesReadAsTheyAreWritten) {
  ScanJob one = job();
  one.after = "/a \n\xff";
  one.excludes = {"/data", "/x y"};
  one.counts = {1, 2, 3, 4};
  const auto again = read_scan_job(to_text(one));
  ASSERT_TRUE(again) << again.error().text();
  EXPECT_EQ(to_text(*again), to_text(one));
  EXPECT_EQ(again->after, one.after);
  EXPECT_EQ(again->section, one.section);
  for (const std::string& bad : {std::string(), std::string("luy-scan 2\n"), std::string("luy-scan 1\n"),
                                 to_text(one) + "shell rm\n", std::string("luy-scan 1\nafter zz\n")}) {
    EXPECT_TRUE(read_scan_job(bad).error().is(scan_job_malformed)) << bad;
  }
  ScanTold told;
  told.what = What::found;
  told.path = "/\n\xff";
  told.signature = "A b";
  told.action = "failed";
  told.why = "disk full";
  told.bytes = 7;
  const std::string line = to_line(told);
  EXPECT_EQ(line.find('\n'), line.size() - 1);
  const auto read = read_scan_line(std::string_view(line).substr(0, line.size() - 1));
  ASSERT_TRUE(read);
  EXPECT_EQ(to_line(*read), line);
  EXPECT_FALSE(read_scan_line("p 00 1 2"));
  EXPECT_FALSE(read_scan_line("x"));
  EXPECT_FALSE(read_scan_line(""));
}

// The source with the agent's program as its child, and a clock of the test's own.
class ScanSourceTest : public ScanTest {
 protected:
  ScanSourceTest() {
    std::filesystem::create_directory(data_);
    put_in_force(section_of(files_.string()));
  }
  void put_in_force(const device_policy::Antivirus& section) {
    auto policy = std::make_shared<device_policy::Policy>();
    policy->version = ++version_;
    policy->antivirus = section;
    policy_ = policy;
  }
  std::unique_ptr<ScanSource> source(std::vector<std::string> command = {LUY_AGENT_PROGRAM, "scan"}) {
    return std::make_unique<ScanSource>(ScanSource::Setup{[this] { return policy_; }, data_, root_, std::move(command),
                                                          socket_, clock_, random_, milliseconds(20)},
                                        position_);
  }
  // As the agent's main thread does.
  void step(ScanSource& one) {
    Slice slice;
    while (one.collect(slice)) {
    }
    for (const Item& item : slice.take()) {
      if (!item.only_position) notes_.push_back(item.record.raw);
      if (!item.position_key.empty()) position_ = item.position;
    }
  }
  bool until(ScanSource& one, const std::function<bool()>& condition) {
    for (int i = 0; i < 3000; ++i) {
      step(one);
      if (condition()) return true;
      ::usleep(10'000);
    }
    return false;
  }
  int noted(const std::string& name) const {
    int count = 0;
    for (const std::string& note : notes_) count += note.find("\"note\":\"" + name + "\"") != std::string::npos ? 1 : 0;
    return count;
  }

  const std::filesystem::path data_ = folder_.path() / "data";
  FakeClock clock_{start};
  std::shared_ptr<const device_policy::Policy> policy_;
  std::int64_t version_ = 0;
  std::string position_;
  std::vector<std::string> notes_;
};

TEST_F(ScanSourceTest, AScanRunsOnceInItsWeekAndTellsWhatItFound) {
  FakeClamd clamd(socket_);
  put("a", "EVIL");
  put("b", "good");
  const auto one = source();
  ASSERT_TRUE(until(*one, [&] { return noted("antivirus_scan_ended") == 1; }));
  EXPECT_EQ(noted("antivirus_scan_started"), 1);
  EXPECT_EQ(noted("malware_found"), 1);
  EXPECT_FALSE(is_there("a"));
  const auto state = one->state();
  ASSERT_TRUE(state);
  EXPECT_EQ(state->state, "idle");
  EXPECT_EQ(state->files, 2);
  EXPECT_EQ(state->infected, 1);
  EXPECT_EQ(state->due_at, start + days(7));

  fact::Antivirus body;
  body.products.push_back({"ClamAV", "1", true, std::nullopt, std::nullopt, std::nullopt, {}});
  add_own_scan(state, Quarantine(ScanSource::quarantine_of(data_), root_, clock_, random_), body);
  EXPECT_EQ(body.products[0].last_full_scan, start);
  EXPECT_EQ(body.products[0].last_scan_infected, 1);
  EXPECT_EQ(body.quarantine->size(), 1U);

  const int files = clamd.files();
  clock_.advance(hours(24));
  step(*one);
  EXPECT_EQ(noted("antivirus_scan_started"), 1);
  clock_.advance(days(6));
  ASSERT_TRUE(until(*one, [&] { return noted("antivirus_scan_ended") == 2; }));
  EXPECT_GT(clamd.files(), files);
}

TEST_F(ScanSourceTest, AfterADeathOfTheAgentItGoesOnBehindTheLastFile) {
  for (int i = 0; i < 50; ++i) put("f" + std::to_string(100 + i), "good");
  ScanMemory half;
  half.scan = "01jd0000000000000000000000";
  half.started_at = half.since = start - hours(1);
  half.place = (files_ / "f139").string();
  half.counts = {40, 160, 0, 0};
  position_ = to_text(half);
  FakeClamd clamd(socket_);
  const auto one = source();
  ASSERT_TRUE(until(*one, [&] { return noted("antivirus_scan_ended") == 1; }));
  EXPECT_EQ(clamd.files(), 10);
  EXPECT_EQ(noted("antivirus_scan_started"), 0);
  EXPECT_EQ(one->state()->files, 50);
  EXPECT_EQ(one->state()->started_at, half.started_at);
}

TEST_F(ScanSourceTest, WhatWasTakenAwayButNotToldIsToldAfterTheStart) {
  put("a", "EVIL");
  FakeClamd clamd(socket_);
  ASSERT_EQ(of(run(job()), What::found).size(), 1U);
  device_policy::Antivirus off = section_of(files_.string());
  off.scan = false;
  put_in_force(off);
  step(*source());
  EXPECT_EQ(noted("malware_found"), 1);
  step(*source());
  EXPECT_EQ(noted("malware_found"), 1) << "once";
}

TEST_F(ScanSourceTest, ADeadClamdIsToldAndWhenTheWeekIsOverTheScanCountsAsMissed) {
  put("a", "good");
  folder_.write("root/usr/sbin/clamd", "");
  const auto one = source();
  ASSERT_TRUE(until(*one, [&] { return noted("antivirus_scan_waiting") == 1; }));
  EXPECT_EQ(one->state()->state, "waiting");
  EXPECT_EQ(one->state()->because, "clamd");
  clock_.advance(days(7));
  step(*one);
  EXPECT_EQ(noted("antivirus_scan_missed"), 1);
  EXPECT_NE(notes_.back().find("\"because\":\"clamd\""), std::string::npos) << notes_.back();
  step(*one);
  EXPECT_EQ(noted("antivirus_scan_missed"), 1) << "once for each due day";
  FakeClamd clamd(socket_);
  ASSERT_TRUE(until(*one, [&] { return noted("antivirus_scan_ended") == 1; }));
}

TEST_F(ScanSourceTest, OutsideItsHoursItIsStoppedAndGoesOnLater) {
  put("a", "good");
  folder_.write("root/usr/sbin/clamd", "");
  device_policy::Antivirus noon = section_of(files_.string());
  noon.from_minute = 11 * 60;
  noon.until_minute = 14 * 60;
  put_in_force(noon);
  const auto one = source();
  ASSERT_TRUE(until(*one, [&] { return noted("antivirus_scan_waiting") == 1; }));
  EXPECT_GE(one->wake_fd(), 0);
  clock_.advance(hours(3));
  step(*one);
  EXPECT_EQ(one->wake_fd(), -1) << "its process is gone";
  EXPECT_EQ(one->state()->because, "window");
  FakeClamd clamd(socket_);
  clock_.advance(hours(21));
  ASSERT_TRUE(until(*one, [&] { return noted("antivirus_scan_ended") == 1; })) << "a Thursday, but it had begun";
  EXPECT_EQ(noted("antivirus_scan_started"), 1);
}

TEST_F(ScanSourceTest, AProcessThatGoesAwayIsStartedAgainButNotAtOnce) {
  FakeClamd clamd(socket_);
  put("a", "good");
  auto one = source({"/bin/false"});
  ASSERT_TRUE(until(*one, [&] { return noted("antivirus_scan_broken") == 1; }));
  step(*one);
  EXPECT_EQ(one->wake_fd(), -1);
  clock_.advance(ScanSource::again_pause);
  ASSERT_TRUE(until(*one, [&] { return noted("antivirus_scan_broken") == 2; }));
  one = source();
  ASSERT_TRUE(until(*one, [&] { return noted("antivirus_scan_ended") == 1; }));
  EXPECT_EQ(noted("antivirus_scan_started"), 1) << "still the same scan";
}

TEST_F(ScanSourceTest, WithoutPolicyOrClamAvNothingRuns) {
  put("a", "good");
  const auto one = source();
  step(*one);
  EXPECT_FALSE(one->state()) << "no ClamAV";
  FakeClamd clamd(socket_);
  policy_ = nullptr;
  step(*one);
  EXPECT_FALSE(one->state());
  device_policy::Antivirus off = section_of(files_.string());
  off.scan = false;
  put_in_force(off);
  step(*one);
  EXPECT_EQ(one->state()->state, "off");
  EXPECT_TRUE(notes_.empty());
}

TEST_F(ScanSourceTest, AnotherPolicyHasTheProcessToldAnew) {
  put("a", "good");
  put("b", "EVIL");
  folder_.write("root/usr/sbin/clamd", "");
  const auto one = source();
  ASSERT_TRUE(until(*one, [&] { return noted("antivirus_scan_waiting") == 1; }));
  device_policy::Antivirus less = section_of(files_.string());
  less.excludes = {(files_ / "b").string()};
  put_in_force(less);
  FakeClamd clamd(socket_);
  ASSERT_TRUE(until(*one, [&] { return noted("antivirus_scan_ended") == 1; }));
  EXPECT_EQ(noted("malware_found"), 0);
  EXPECT_TRUE(is_there("b"));
}

// The real thing, with signatures of the test's own: those of the Internet are not there on a machine without it.
class RealClamd {
 public:
  RealClamd(const TemporaryFolder& folder, const std::string& socket) {
    std::filesystem::create_directory(folder.path() / "db");
    // The test file of EICAR, put together so that no scanner takes this program away.
    const std::string eicar = text();
    folder.write("db/luy.ndb", "Luy.Test.Body:0:0:" + to_hex(as_bytes(eicar)) + "\n");
    folder.write("clamd.conf", "LocalSocket " + socket + "\nDatabaseDirectory " + folder.at("db") +
                                   "\nForeground yes\nLogFile " + folder.at("clamd.log") + "\nUser root\n");
    const std::string config = "--config-file=" + folder.at("clamd.conf");
    pid_ = ::fork();
    if (pid_ == 0) {
      const int null = ::open("/dev/null", O_RDWR);
      ::dup2(null, 1);
      ::dup2(null, 2);
      ::execl("/usr/sbin/clamd", "clamd", config.c_str(), nullptr);
      ::_exit(1);
    }
  }
  ~RealClamd() {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }
  static std::string text() {
    return std::string("X5O!P%@AP[4\\PZX54(P^)7CC)7}$") + "EICAR-STANDARD-" + "ANTIVIRUS-TEST-FILE!$H+H*";
  }

 private:
  pid_t pid_ = -1;
};

TEST_F(ScanSourceTest, ARealClamdFindsEicarInTheWeeklyScan) {
  if (::access("/usr/sbin/clamd", X_OK) != 0) GTEST_SKIP() << "clamd (package clamav-daemon) is not installed";
  if (::getuid() != 0) GTEST_SKIP() << "clamd is started as root here";
  RealClamd real(folder_, socket_);
  put("thư mục/e.com", RealClamd::text());
  put("good", "good");
  folder_.write("root/usr/sbin/clamd", "");
  const auto one = source();
  ASSERT_TRUE(until(*one, [&] { return noted("antivirus_scan_ended") == 1; }));
  EXPECT_EQ(noted("malware_found"), 1);
  EXPECT_FALSE(is_there("thư mục/e.com"));
  EXPECT_TRUE(is_there("good"));
  EXPECT_EQ(Quarantine(ScanSource::quarantine_of(data_), root_, clock_, random_).list()->at(0).signature,
            "Luy.Test.Body.UNOFFICIAL");
}

}  // namespace
}  // namespace luy::agent
