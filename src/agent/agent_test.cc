// Goal: the whole agent in one thread: logs and facts go in, batches come out, whatever the hub answers and whenever
// the agent is killed.
// Method: real files and a real spool on a temporary folder, a fake clock, hands that do at once what they are asked.
#include "agent/agent.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <deque>
#include <map>

#include "agent/linux/folder_disk.h"
#include "agent/linux/log_files.h"
#include "agent/linux/temporary_folder.h"

namespace luy::agent {
namespace {

class FakeHands final : public Hands {
 public:
  void collect(const Collector& collector, std::string memory) override {
    collected_.push_back({collector.kind, collector.collect(memory)});
  }
  void send(OutgoingBatch batch) override {
    ++sent;
    Delivery delivery{answer, answer == Delivery::Outcome::accepted ? "" : "because", {}};
    if (answer == Delivery::Outcome::accepted || lose_answers) {
      const auto decoded = event::decode_batch(batch.bytes).value();
      const auto [it, fresh] = stored.emplace(std::pair(decoded.spool_id, decoded.number), batch.bytes);
      EXPECT_TRUE(fresh || it->second == batch.bytes);
      if (lose_answers) delivery = {Delivery::Outcome::later, "the answer was lost", {}};
    }
    delivered_.push_back({std::move(batch), delivery});
  }
  void ask_orders(std::string memory) override {
    ++asked;
    taken_.push_back(orders ? orders(memory) : TakenOrders{true, {}, false});
  }
  std::optional<TakenOrders> orders_taken() override { return take(taken_); }
  std::optional<Collected> collected() override { return take(collected_); }
  std::optional<Delivered> delivered() override { return take(delivered_); }
  Duration cpu_time() override { return cpu; }
  std::int64_t rss_bytes() override { return rss; }
  void trim_memory() override { ++trims; }

  // Answers that were under way when the agent was killed.
  void forget() {
    collected_.clear();
    delivered_.clear();
  }

  std::vector<event::BatchRecord> records() const {
    std::vector<event::BatchRecord> out;
    for (const auto& [name, bytes] : stored) {
      const auto decoded = event::decode_batch(bytes).value();
      out.insert(out.end(), decoded.records.begin(), decoded.records.end());
    }
    return out;
  }

  Delivery::Outcome answer = Delivery::Outcome::accepted;
  bool lose_answers = false;
  int sent = 0;
  int trims = 0;
  int asked = 0;
  std::function<TakenOrders(const std::string&)> orders;
  Duration cpu{0};
  std::int64_t rss = 10 << 20;
  std::map<std::pair<std::uint64_t, std::uint64_t>, std::string> stored;

 private:
  template <class T>
  static std::optional<T> take(std::deque<T>& queue) {
    if (queue.empty()) return std::nullopt;
    std::optional<T> out(std::move(queue.front()));
    queue.pop_front();
    return out;
  }
  std::deque<Collected> collected_;
  std::deque<Delivered> delivered_;
  std::deque<TakenOrders> taken_;
};

class AgentTest : public testing::Test {
 protected:
  // Everything an agent is made of, as after exec; what was there before is dropped as by kill -9.
  void start() {
    stop();
    hands_.forget();
    disk_ = std::move(FolderDisk::open_folder(folder_.path() / "spool").value());
    rejected_ = std::move(FolderDisk::open_folder(folder_.path() / "rejected").value());
    spool_ = std::move(Spool::open(*disk_, options_, random_).value());
    courier_ = std::make_unique<Courier>(*spool_, *rejected_, clock_, random_);
    std::vector<Collector> collectors;
    collectors.push_back({fact::Kind::domain, std::chrono::minutes(1), {}, {}, [this](const std::string&) {
                            return Result<Finding>(Finding{"test", domain_, {}});
                          }});
    facts_ = std::make_unique<FactRound>(std::move(collectors), clock_);
    LogFilesOptions logs;
    logs.folder = folder_.at("log");
    files_ = std::make_unique<LogFiles>(logs, spool_->positions(), spool_->positions().empty(), clock_);
    sources_ = {files_.get()};
    agent_ = std::make_unique<Agent>(
        Agent::Parts{*spool_, *courier_, *facts_, hands_, sources_, clock_, {}, {}, {}, "5a5a"});
  }
  void stop() {
    agent_.reset();
    files_.reset();
    facts_.reset();
    courier_.reset();
    spool_.reset();
  }
  // Runs for a time of the fake clock as the loop would.
  void run(Duration time) {
    const Duration end = clock_.monotonic() + time;
    while (clock_.monotonic() < end) {
      const Next next = agent_->step(true).value();
      clock_.advance(std::clamp<Duration>(next.wait, std::chrono::milliseconds(10), std::chrono::milliseconds(500)));
    }
  }
  std::vector<std::string> lines() const {
    std::vector<std::string> out;
    for (const auto& record : hands_.records()) {
      if (record.transport == event::Transport::file) out.push_back(record.raw);
    }
    return out;
  }
  std::size_t count(const std::string& stream) const {
    const auto records = hands_.records();
    return static_cast<std::size_t>(
        std::count_if(records.begin(), records.end(), [&](const auto& r) { return r.stream == stream; }));
  }

  TemporaryFolder folder_;
  FakeClock clock_{SystemClock().now()};
  SeededRandom random_{5};
  SpoolOptions options_;
  FakeHands hands_;
  fact::Domain domain_{"none", ""};
  std::unique_ptr<Disk> disk_;
  std::unique_ptr<Disk> rejected_;
  std::unique_ptr<Spool> spool_;
  std::unique_ptr<Courier> courier_;
  std::unique_ptr<FactRound> facts_;
  std::unique_ptr<LogFiles> files_;
  std::vector<Source*> sources_;
  std::unique_ptr<Agent> agent_;
};

TEST_F(AgentTest, LogsAndFactsReachTheHub) {
  folder_.write("log/syslog", "one\ntwo\n");
  start();
  run(std::chrono::seconds(3));
  EXPECT_EQ(lines(), (std::vector<std::string>{"one", "two"}));
  EXPECT_EQ(count("fact/domain"), 1U);
  EXPECT_EQ(count("fact/agent"), 1U);
  folder_.append("log/syslog", "three\n");
  domain_.kind = "ldap";
  run(std::chrono::seconds(70));
  EXPECT_EQ(lines().back(), "three");
  EXPECT_EQ(count("fact/domain"), 2U);
  EXPECT_EQ(count("fact/agent"), 2U) << "the sign of life, once a minute";
}

TEST_F(AgentTest, AnIdleAgentSleeps) {
  folder_.write("log/syslog", "one\n");
  start();
  run(std::chrono::seconds(5));
  int steps = 0;
  const Duration end = clock_.monotonic() + std::chrono::minutes(5);
  for (; clock_.monotonic() < end; ++steps) {
    const Next next = agent_->step(false).value();
    EXPECT_GT(next.wait, Duration{0}) << "step " << steps << " would be a busy loop";
    EXPECT_TRUE(next.watch_sources || next.wait <= Agent::collect_pause_throttled);
    clock_.advance(next.wait);
  }
  EXPECT_LT(steps, 100);
}

TEST_F(AgentTest, WhileTheHubIsAwayEverythingWaitsInTheSpool) {
  hands_.answer = Delivery::Outcome::later;
  folder_.write("log/syslog", "");
  start();
  for (int i = 0; i < 20; ++i) {
    folder_.append("log/syslog", std::to_string(i) + "\n");
    run(std::chrono::seconds(60));
  }
  EXPECT_TRUE(lines().empty());
  EXPECT_LT(hands_.sent, 80) << "pauses between the attempts";
  start();
  hands_.answer = Delivery::Outcome::accepted;
  run(std::chrono::seconds(70));
  ASSERT_EQ(lines().size(), 20U);
  EXPECT_EQ(lines()[19], "19");
}

TEST_F(AgentTest, ADeviceThatIsRefusedKeepsCollecting) {
  hands_.answer = Delivery::Outcome::refused_device;
  folder_.write("log/syslog", "one\n");
  start();
  run(std::chrono::minutes(4));
  const int attempts = hands_.sent;
  EXPECT_LE(attempts, 9);
  EXPECT_NE(agent_->status().find("\"link\":\"refused\""), std::string::npos);
  hands_.answer = Delivery::Outcome::accepted;
  run(std::chrono::minutes(6));
  EXPECT_EQ(lines(), std::vector<std::string>{"one"});
}

TEST_F(AgentTest, ARefusedBatchIsPutAsideAndTheRestGoesOn) {
  folder_.write("log/syslog", "one\n");
  start();
  hands_.answer = Delivery::Outcome::refused_batch;
  agent_->step(true).value();
  agent_->step(true).value();
  hands_.answer = Delivery::Outcome::accepted;
  folder_.append("log/syslog", "two\n");
  run(std::chrono::seconds(5));
  EXPECT_FALSE(rejected_->list().value().empty());
  EXPECT_EQ(lines().back(), "two");
}

TEST_F(AgentTest, KilledAtAnyMomentAndWithLostAnswersNothingIsLostOrDoubled) {
  folder_.write("log/syslog", "");
  start();
  SeededRandom choice(11);
  int written = 0;
  for (int i = 0; i < 100; ++i) {
    for (std::uint64_t n = choice.next() % 6; n > 0; --n) {
      folder_.append("log/syslog", std::to_string(written++) + "\n");
    }
    hands_.lose_answers = choice.next() % 4 == 0;
    run(std::chrono::milliseconds(choice.next() % 2500));
    if (choice.next() % 3 == 0) {
      folder_.rename("log/syslog", "log/syslog.1");
      folder_.write("log/syslog", "");
      if (choice.next() % 2 == 0) run(std::chrono::milliseconds(600));
      if (choice.next() % 2 == 0) start();
      run(std::chrono::seconds(3));
    } else {
      start();
    }
  }
  hands_.lose_answers = false;
  run(std::chrono::minutes(2));
  std::vector<std::string> want;
  for (int i = 0; i < written; ++i) want.push_back(std::to_string(i));
  EXPECT_EQ(lines(), want);
  EXPECT_GT(written, 150);
}

TEST_F(AgentTest, OverItsBudgetItSlowsDownAndSaysSo) {
  folder_.write("log/syslog", "");
  start();
  run(std::chrono::seconds(2));
  hands_.cpu = std::chrono::seconds(10);
  run(std::chrono::seconds(1));
  EXPECT_TRUE(agent_->throttled());
  run(std::chrono::seconds(61));
  const auto records = hands_.records();
  EXPECT_TRUE(std::any_of(records.begin(), records.end(), [](const auto& r) {
    return r.stream == "fact/agent" && r.raw.find("\"throttled\":true") != std::string::npos;
  }));
  run(std::chrono::minutes(11));
  EXPECT_FALSE(agent_->throttled());
}

TEST_F(AgentTest, TooMuchMemoryIsGivenBack) {
  start();
  hands_.rss = Agent::rss_bytes_max + 1;
  run(std::chrono::seconds(61));
  EXPECT_GT(hands_.trims, 0);
}

TEST_F(AgentTest, AFullSpoolIsCountedAndToldWhenThereIsRoom) {
  options_.bytes_max = 64 << 10;
  hands_.answer = Delivery::Outcome::later;
  folder_.write("log/syslog", "");
  start();
  for (int i = 0; i < 100; ++i) {
    folder_.append("log/syslog", std::to_string(i) + std::string(2000, '.') + "\n");
    run(std::chrono::seconds(1));
  }
  EXPECT_GT(spool_->dropped_since_open(), 50U);
  hands_.answer = Delivery::Outcome::accepted;
  run(std::chrono::minutes(3));
  std::uint64_t told = 0;
  for (const auto& [name, bytes] : hands_.stored) told += event::decode_batch(bytes).value().dropped;
  EXPECT_EQ(told, spool_->dropped_since_open());
  const auto records = hands_.records();
  EXPECT_TRUE(std::any_of(records.begin(), records.end(),
                          [](const auto& r) { return r.raw.find("records_dropped\",\"at") != std::string::npos; }));
}

TEST_F(AgentTest, StoppingIsNotedAndDurable) {
  hands_.answer = Delivery::Outcome::later;
  start();
  run(std::chrono::seconds(1));
  agent_->stop().value();
  start();
  hands_.answer = Delivery::Outcome::accepted;
  run(std::chrono::seconds(3));
  const auto records = hands_.records();
  EXPECT_TRUE(std::any_of(records.begin(), records.end(),
                          [](const auto& r) { return r.raw.find("agent_stopped") != std::string::npos; }));
}

TEST_F(AgentTest, AClockThatIsSetIsToldWithTheDirection) {
  start();
  run(std::chrono::seconds(2));
  clock_.set(clock_.now() - std::chrono::hours(3));
  run(std::chrono::seconds(3));
  clock_.set(clock_.now() + std::chrono::hours(5));
  run(std::chrono::seconds(3));
  std::vector<std::string> told;
  for (const auto& record : hands_.records()) {
    if (record.raw.find("clock_set_") != std::string::npos) told.push_back(record.raw);
  }
  ASSERT_EQ(told.size(), 2u);
  EXPECT_NE(told[0].find(R"("note":"clock_set_back")"), std::string::npos) << told[0];
  EXPECT_NE(told[0].find(R"("seconds":10800)"), std::string::npos) << told[0];
  EXPECT_NE(told[1].find(R"("note":"clock_set_forward")"), std::string::npos) << told[1];
}

TEST_F(AgentTest, ItsOwnFileIsPartOfWhatItTellsOfItself) {
  start();
  run(std::chrono::seconds(2));
  const auto records = hands_.records();
  EXPECT_TRUE(std::any_of(records.begin(), records.end(), [](const auto& r) {
    return r.stream == "fact/agent" && r.raw.find(R"("program_sha256":"5a5a")") != std::string::npos;
  }));
}

}  // namespace
}  // namespace luy::agent
