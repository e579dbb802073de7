// Goal: what is in the evidence reaches the inventory and the engine once, in order, also when writing fails meanwhile
// or the hub starts anew.
// Method: the real inventory, whose database is made to fail by a trigger; a store that is a list; an engine that notes
// what it is told.
#include "hub/pipeline.h"

#include <gtest/gtest.h>

#include <thread>

#include "event/batch.h"
#include "hub/memory_store.h"
#include "inventory/device.h"
#include "inventory/fixture.h"

namespace luy::hub {
namespace {

class NotingEngine final : public duty::Engine {
 public:
  Result<void> on_change(const inventory::Change& change) override {
    const std::lock_guard lock(mutex);
    for (const auto& device : change.devices) changed.push_back(device.device);
    return {};
  }
  Result<void> on_seen(const DeviceId& device, std::uint64_t missing) override {
    const std::lock_guard lock(mutex);
    seen.emplace_back(device, missing);
    return {};
  }
  Result<void> on_day(Day day) override {
    const std::lock_guard lock(mutex);
    verified.push_back(day);
    return {};
  }
  Result<void> on_logs(const DeviceId& device, Day day) override {
    const std::lock_guard lock(mutex);
    logs.emplace_back(device, day);
    return {};
  }
  Result<void> on_log_terms() override {
    ++terms_told;
    return {};
  }
  Result<void> on_agencies(std::vector<duty::AgencyInfo> list) override {
    agencies_told = list.size();
    return {};
  }
  Result<void> on_findings(const AgencyId&) override { return {}; }
  Result<void> on_accounts(std::vector<duty::ProductAccount>) override { return {}; }
  Result<void> on_clock() override { return {}; }
  std::optional<Time> next_change() const override { return std::nullopt; }
  Result<void> judge_all() override { return {}; }
  duty::Page list(const duty::Filter&) const override { return {}; }
  std::optional<duty::Verdict> find(std::string_view, std::string_view) const override { return std::nullopt; }
  Result<std::vector<duty::PastVerdict>> history(std::string_view, std::string_view, std::size_t) const override {
    return std::vector<duty::PastVerdict>{};
  }
  Result<std::vector<duty::PastVerdict>> device_history(const DeviceId&, std::size_t) const override {
    return std::vector<duty::PastVerdict>{};
  }
  std::vector<duty::Cell> cells(const std::function<bool(const AgencyId&)>&) const override { return {}; }
  duty::Counts counts(const DeviceId&) const override { return {}; }
  std::vector<duty::AgencyInfo> agencies() const override { return {}; }
  std::size_t size() const override { return 0; }

  std::mutex mutex;
  std::vector<DeviceId> changed;
  std::vector<std::pair<DeviceId, std::uint64_t>> seen;
  std::vector<Day> verified;
  std::vector<std::pair<DeviceId, Day>> logs;
  std::atomic<std::size_t> agencies_told{0};
  std::atomic<std::size_t> terms_told{0};
};

struct PipelineTest : ::testing::Test {
  PipelineTest() {
    world.open();
    world.inventory.reset();
    world.inventory =
        std::move(inventory::Inventory::open({*world.database, world.clock, world.random,
                                              [this](const AgencyId& agency) { return world.lineage(agency); },
                                              [this](const inventory::Change& change) {
                                                if (pipeline) pipeline->note_change(change);
                                              }})
                      .value());
    device = world.enrol("may-1", world.town);
  }
  ~PipelineTest() override { stop(); }
  void start() {
    Pipeline::Dependencies dependencies{
        store,
        world.clock,
        *world.inventory,
        engine,
        [this] {
          return Result<std::vector<duty::AgencyInfo>>(std::vector<duty::AgencyInfo>{{world.town, {}, "Thị xã"}});
        },
        [] { return Result<std::vector<duty::ProductAccount>>(std::vector<duty::ProductAccount>()); },
        [this](const evidence::Record& record) { published.push_back(record.seq); },
        [this](const DeviceId& changed) { shown.push_back(changed); }};
    pipeline = std::make_unique<Pipeline>(std::move(dependencies));
    pipeline->start();
  }
  void stop() {
    if (pipeline) pipeline->stop();
    pipeline.reset();
  }
  void add_fact(const std::string& kind) {
    fact::Fact fact;
    fact.collected_at = world.clock.now();
    fact.method = "test";
    fact.body = fact::Domain{kind, ""};
    add(event::Transport::fact, "fact/domain", fact::to_json(fact));
  }
  void add(event::Transport transport, const std::string& stream, const std::string& raw) {
    world.clock.advance(std::chrono::seconds(1));
    store.add({store.size(), world.clock.now(), world.town.text() + "/" + device.text() + "/" + stream,
               static_cast<std::uint8_t>(transport), raw});
  }
  void await_applied() {
    while (pipeline->applied() < store.size() || !pipeline->caught_up()) std::this_thread::yield();
  }
  std::string domain() {
    const auto state = world.inventory->state(device);
    return state->domain ? state->domain->value.kind : std::string("none yet");
  }

  inventory::World world;
  DeviceId device;
  MemoryStore store;
  NotingEngine engine;
  std::vector<std::uint64_t> published;
  std::vector<DeviceId> shown;
  std::unique_ptr<Pipeline> pipeline;
};

TEST_F(PipelineTest, WhatWasStoredBeforeIsAppliedBeforeTheHubIsReady) {
  add_fact("none");
  add(event::Transport::file, "/var/log/a", "line");
  add_fact("ldap");
  start();
  await_applied();
  EXPECT_EQ(domain(), "ldap");
  stop();
  EXPECT_TRUE(published.empty()) << "old records are no live events";
  EXPECT_EQ(engine.changed.size(), 1U) << "both facts came in one change";
  ASSERT_EQ(engine.seen.size(), 1U);
  EXPECT_EQ(shown, std::vector<DeviceId>{device});
}

TEST_F(PipelineTest, NewRecordsAreAppliedAndPublishedOnce) {
  start();
  await_applied();
  add_fact("none");
  add(event::Transport::file, "/var/log/a", "line");
  pipeline->note_grown(device.text(), 0);
  await_applied();
  EXPECT_EQ(domain(), "none");
  stop();
  EXPECT_EQ(published, (std::vector<std::uint64_t>{0, 1}));
}

TEST_F(PipelineTest, ARestartAppliesNothingTwice) {
  add_fact("ldap");
  start();
  await_applied();
  stop();
  engine.changed.clear();
  start();
  await_applied();
  stop();
  EXPECT_TRUE(engine.changed.empty());
}

TEST_F(PipelineTest, WhatCouldNotBeWrittenIsReadAgain) {
  const auto run = [&](const char* sql) {
    world.database
        ->write([&](records::Connection& c) -> Result<void> {
          LUY_TRY_VOID(c.run(sql));
          return {};
        })
        .value();
  };
  run("CREATE TRIGGER refuse BEFORE INSERT ON inventory_fact BEGIN SELECT RAISE(ABORT, 'on purpose'); END");
  add_fact("ldap");
  start();
  add_fact("none");
  pipeline->note_grown(device.text(), 0);
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  EXPECT_FALSE(pipeline->caught_up());
  EXPECT_EQ(domain(), "none yet");
  run("DROP TRIGGER refuse");
  await_applied();
  EXPECT_EQ(domain(), "none");
}

TEST_F(PipelineTest, MissingBatchesAreToldWithTheNextSignOfLife) {
  start();
  await_applied();
  add(event::Transport::file, "/var/log/a", "line");
  pipeline->note_grown(device.text(), 3);
  await_applied();
  stop();
  ASSERT_EQ(engine.seen.size(), 1U);
  EXPECT_EQ(engine.seen.front(), (std::pair<DeviceId, std::uint64_t>(device, 3)));
}

TEST_F(PipelineTest, AGapToldAfterItsRecordsWereReadIsNotForgotten) {
  start();
  await_applied();
  add(event::Transport::file, "/var/log/a", "line");
  pipeline->note_grown("", 0);
  await_applied();
  pipeline->note_grown(device.text(), 2);
  const auto told = [&] {
    const std::lock_guard lock(engine.mutex);
    return engine.seen.size() > 1;
  };
  for (int i = 0; i < 6000 && !told(); ++i) std::this_thread::sleep_for(std::chrono::milliseconds(10));
  stop();
  ASSERT_EQ(engine.seen.size(), 2U);
  EXPECT_EQ(engine.seen.back(), (std::pair<DeviceId, std::uint64_t>(device, 2)));
}

TEST_F(PipelineTest, TheHubsOwnNotesAreNoSignOfLife) {
  add(event::Transport::hub, "hub", R"({"note":"gap"})");
  start();
  await_applied();
  stop();
  EXPECT_TRUE(engine.seen.empty());
}

TEST_F(PipelineTest, AChangeOfTheDirectoryIsPassedOnOnce) {
  start();
  await_applied();
  pipeline->note_directory();
  while (engine.agencies_told == 0) std::this_thread::yield();
  engine.agencies_told = 0;
  pipeline->note_directory();
  add(event::Transport::file, "/var/log/a", "line");
  pipeline->note_grown(device.text(), 0);
  await_applied();
  EXPECT_EQ(engine.agencies_told, 0U) << "nothing was different";
}

TEST_F(PipelineTest, AChangeOfTheTermsIsPassedOn) {
  start();
  await_applied();
  EXPECT_EQ(engine.terms_told, 0U);
  pipeline->note_log_terms();
  while (engine.terms_told == 0) std::this_thread::yield();
}

}  // namespace
}  // namespace luy::hub
