// Goal: what was put is sent exactly once under its number, whatever is cut off, flipped or refused on the way.
// Method: a disk in memory that can be copied at any moment (what a crash leaves), damaged at any byte, and told to
// fail its n-th write.
#include "agent/spool.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "base/file.h"

namespace luy::agent {
namespace {

using Files = std::map<std::string, std::string>;

struct MemoryState {
  Files files;
  int writes_left = -1;  // Below zero: no limit.
  const ErrorKind* failure = &disk_full;
};

class MemoryFile final : public DiskFile {
 public:
  MemoryFile(MemoryState& state, std::string name) : state_(state), name_(std::move(name)) {}
  Result<void> append(std::string_view bytes) override {
    if (state_.writes_left == 0) {
      state_.files[name_] += bytes.substr(0, bytes.size() / 2);  // A part lands, as on a real disk.
      return Error(*state_.failure, name_);
    }
    if (state_.writes_left > 0) --state_.writes_left;
    state_.files[name_] += bytes;
    return {};
  }
  Result<void> sync() override { return {}; }
  Result<std::size_t> read(std::uint64_t offset, std::span<char> into) override {
    const std::string& bytes = state_.files[name_];
    if (offset >= bytes.size()) return std::size_t{0};
    return bytes.copy(into.data(), into.size(), static_cast<std::size_t>(offset));
  }
  Result<void> truncate(std::uint64_t size) override {
    state_.files[name_].resize(static_cast<std::size_t>(size));
    return {};
  }
  Result<std::uint64_t> size() override { return std::uint64_t{state_.files[name_].size()}; }

 private:
  MemoryState& state_;
  std::string name_;
};

class MemoryDisk final : public Disk {
 public:
  MemoryState state;
  Result<std::vector<std::string>> list() override {
    std::vector<std::string> names;
    for (const auto& [name, bytes] : state.files) names.push_back(name);
    return names;
  }
  Result<std::unique_ptr<DiskFile>> open(const std::string& name) override {
    state.files[name];
    return std::unique_ptr<DiskFile>(new MemoryFile(state, name));
  }
  Result<void> remove(const std::string& name) override {
    state.files.erase(name);
    return {};
  }
  Result<void> sync() override { return {}; }
};

Item record(const std::string& raw, const std::string& position = {}) {
  Item item;
  item.record = {event::Transport::file, "/var/log/a.log", raw};
  if (!position.empty()) {
    item.position_key = "file/a";
    item.position = position;
  }
  return item;
}

std::vector<Item> records(const std::vector<std::string>& raws, const std::string& position = {}) {
  std::vector<Item> items;
  for (const std::string& raw : raws) items.push_back(record(raw));
  if (!items.empty() && !position.empty()) items.back() = record(raws.back(), position);
  return items;
}

std::vector<std::string> raws_of(const OutgoingBatch& batch) {
  std::vector<std::string> out;
  const auto decoded = event::decode_batch(batch.bytes).value();
  for (const auto& r : decoded.records) out.push_back(r.raw);
  return out;
}

// What a hub has: by (spool, number), each stored once.
struct FakeHub {
  std::map<std::pair<std::uint64_t, std::uint64_t>, std::string> batches;
  void take(const OutgoingBatch& batch) {
    const auto decoded = event::decode_batch(batch.bytes).value();
    EXPECT_EQ(decoded.number, batch.number);
    const auto [it, fresh] = batches.emplace(std::pair(decoded.spool_id, decoded.number), batch.bytes);
    if (!fresh) {
      EXPECT_EQ(it->second, batch.bytes) << "batch " << batch.number << " came twice with other bytes";
    }
  }
  std::vector<std::string> raws() const {
    std::vector<std::string> out;
    for (const auto& [name, bytes] : batches) {
      const auto decoded = event::decode_batch(bytes).value();
      for (const auto& r : decoded.records) out.push_back(r.raw);
    }
    return out;
  }
};

class SpoolTest : public testing::Test {
 protected:
  std::unique_ptr<Spool> open(MemoryDisk& disk) { return std::move(Spool::open(disk, options_, random_).value()); }
  void drain(Spool& spool, FakeHub& hub) {
    while (auto batch = spool.next().value()) {
      hub.take(*batch);
      spool.acknowledge(batch->number).value();
    }
  }

  SpoolOptions options_{1 << 20, 16 << 10, 4 << 10};
  SeededRandom random_{1};
  MemoryDisk disk_;
};

TEST_F(SpoolTest, SendsWhatWasPutInOrderUnderRisingNumbers) {
  auto spool = open(disk_);
  EXPECT_FALSE(spool->has_unsent());
  spool->put(records({"one", "two"})).value();
  const auto first = spool->next().value();
  ASSERT_TRUE(first);
  EXPECT_EQ(first->number, 1U);
  EXPECT_EQ(raws_of(*first), (std::vector<std::string>{"one", "two"}));
  spool->put(records({"three"})).value();
  EXPECT_EQ(spool->next().value()->bytes, first->bytes) << "not acknowledged: the same batch again";
  spool->acknowledge(1).value();
  const auto second = spool->next().value();
  EXPECT_EQ(second->number, 2U);
  EXPECT_EQ(raws_of(*second), (std::vector<std::string>{"three"}));
  spool->acknowledge(2).value();
  EXPECT_FALSE(spool->next().value());
}

TEST_F(SpoolTest, ABatchIsTheSameBytesAfterARestart) {
  std::string before;
  {
    auto spool = open(disk_);
    spool->put(records({"one"})).value();
    before = spool->next().value()->bytes;
    spool->put(records({"later"})).value();
  }
  auto spool = open(disk_);
  const auto again = spool->next().value();
  EXPECT_EQ(again->bytes, before);
  spool->acknowledge(again->number).value();
  EXPECT_EQ(raws_of(*spool->next().value()), std::vector<std::string>{"later"});
}

TEST_F(SpoolTest, PositionsSurviveAndAreForgottenWhenEmpty) {
  {
    auto spool = open(disk_);
    spool->put(records({"one"}, "10")).value();
    EXPECT_EQ(spool->position("file/a"), "10");
  }
  {
    auto spool = open(disk_);
    EXPECT_EQ(spool->position("file/a"), "10");
    Item forget;
    forget.only_position = true;
    forget.position_key = "file/a";
    std::vector<Item> items;
    items.push_back(forget);
    spool->put(std::move(items)).value();
  }
  EXPECT_EQ(open(disk_)->position("file/a"), "");
}

TEST_F(SpoolTest, APositionAloneIsNotABatch) {
  auto spool = open(disk_);
  Item item;
  item.only_position = true;
  item.position_key = "memory/updates";
  item.position = "x";
  std::vector<Item> items;
  items.push_back(item);
  spool->put(std::move(items)).value();
  EXPECT_FALSE(spool->has_unsent());
  EXPECT_FALSE(spool->next().value());
}

TEST_F(SpoolTest, ABacklogIsCutIntoBatchesAndItsSegmentsAreFreed) {
  auto spool = open(disk_);
  std::vector<std::string> all;
  for (int i = 0; i < 500; ++i) {
    all.push_back("line " + std::to_string(i) + std::string(200, 'x'));
    spool->put(records({all.back()})).value();
  }
  EXPECT_GT(disk_.state.files.size(), 5U);
  FakeHub hub;
  drain(*spool, hub);
  EXPECT_GT(hub.batches.size(), 20U);
  EXPECT_EQ(hub.raws(), all);
  EXPECT_LE(disk_.state.files.size(), 3U) << "one or two segments and the reserve";
  EXPECT_LT(spool->bytes(), 2 * options_.segment_bytes) << "nothing but what is being written is left";
}

// Cut the newest segment at every length: what a crash during a write can leave.
TEST_F(SpoolTest, ATornTailLosesNeitherRecordsNorTheirPositions) {
  auto spool = open(disk_);
  spool->put(records({"first", "second"}, "20")).value();
  const Files before = disk_.state.files;
  spool->put(records({"third"}, "30")).value();
  const auto cut = spool->next().value();
  const Files after = disk_.state.files;
  const auto name = std::prev(after.end(), after.rbegin()->first == reserve_name ? 2 : 1)->first;
  for (std::size_t size = before.at(name).size(); size <= after.at(name).size(); ++size) {
    MemoryDisk disk;
    disk.state.files = after;
    disk.state.files[name].resize(size);
    auto again = open(disk);
    const std::string position = again->position("file/a");
    std::vector<std::string> want{"first", "second"};
    if (position == "30") want.push_back("third");
    ASSERT_TRUE(position == "20" || position == "30") << size;
    FakeHub hub;
    drain(*again, hub);
    EXPECT_EQ(hub.raws(), want) << "cut at " << size;
    EXPECT_EQ(hub.batches.begin()->first.first, spool->id()) << "cut at " << size;
    for (const SpoolDamage& damage : again->take_damage()) EXPECT_TRUE(damage.torn_tail) << size;
  }
}

// Flip every byte of the segment in turn: everything else is still sent, and the damage is told.
TEST_F(SpoolTest, ADamagedFrameIsSkippedAndTheRestIsSent) {
  {
    auto spool = open(disk_);
    for (const char* raw : {"one", "two", "three", "four"}) spool->put(records({raw})).value();
  }
  const Files whole = disk_.state.files;
  const auto name = whole.begin()->first;
  for (std::size_t at = 0; at < whole.at(name).size(); ++at) {
    MemoryDisk disk;
    disk.state.files = whole;
    disk.state.files[name][at] = static_cast<char>(disk.state.files[name][at] ^ 0x20);
    auto spool = open(disk);
    EXPECT_EQ(spool->take_damage().size(), 1U) << at;
    FakeHub hub;
    drain(*spool, hub);
    EXPECT_GE(hub.raws().size(), 3U) << at;
  }
}

TEST_F(SpoolTest, ALostStateMeansANewSpoolIdSoThatNumbersAreNotReused) {
  std::uint64_t id = 0;
  {
    auto spool = open(disk_);
    id = spool->id();
    spool->put(records({"one"})).value();
    spool->next().value();
  }
  disk_.state.files.begin()->second[30] ^= 1;  // In the first frame: the state.
  auto spool = open(disk_);
  EXPECT_NE(spool->id(), id);
  EXPECT_EQ(raws_of(*spool->next().value()), std::vector<std::string>{"one"});
}

TEST_F(SpoolTest, AnotherHubIsToldEverythingUnderNewNumbers) {
  auto spool = open(disk_);
  spool->belong_to("hub a").value();
  const std::uint64_t id = spool->id();
  Item fact = record("fact", "hash");
  fact.position_key = "fact/os";
  std::vector<Item> items;
  items.push_back(fact);
  spool->put(std::move(items)).value();
  spool->acknowledge(spool->next().value()->number).value();
  spool->put(records({"not sent"}, "10")).value();
  spool->next().value();
  spool = open(disk_);
  spool->belong_to("hub a").value();
  EXPECT_EQ(spool->id(), id);
  EXPECT_EQ(spool->position("fact/os"), "hash");
  spool->belong_to("hub b").value();
  for (int i = 0; i < 2; ++i) {
    EXPECT_NE(spool->id(), id);
    EXPECT_EQ(spool->position("fact/os"), "");
    EXPECT_EQ(spool->position("file/a"), "10") << "logs are not read again";
    const auto batch = spool->next().value();
    EXPECT_EQ(batch->number, 1U);
    EXPECT_EQ(raws_of(*batch), std::vector<std::string>{"not sent"});
    spool = open(disk_);
  }
}

TEST_F(SpoolTest, AFullSpoolKeepsTheOldAndCountsTheNew) {
  options_.bytes_max = 32 << 10;
  auto spool = open(disk_);
  std::vector<std::string> kept;
  for (int i = 0; i < 100; ++i) {
    const std::string raw = std::to_string(i) + std::string(1000, 'y');
    spool->put(records({raw}, std::to_string(i))).value();
    if (spool->dropped_since_open() == 0) kept.push_back(raw);
  }
  const std::uint64_t dropped = spool->dropped_since_open();
  EXPECT_GT(dropped, 50U);
  EXPECT_EQ(kept.size() + dropped, 100U);
  EXPECT_LE(spool->bytes(), options_.bytes_max);
  FakeHub hub;
  drain(*spool, hub);
  EXPECT_EQ(hub.raws(), kept);
  spool->put(records({"room again"}, "100")).value();
  const auto batch = spool->next().value();
  EXPECT_EQ(event::decode_batch(batch->bytes).value().dropped, dropped);
  EXPECT_EQ(spool->position("file/a"), "100");
}

TEST_F(SpoolTest, ARestartBeforeThereIsRoomReadsTheDroppedRecordsAgain) {
  options_.bytes_max = 8 << 10;
  {
    auto spool = open(disk_);
    spool->put(records({"kept"}, "1")).value();
    spool->put(records({std::string(9000, 'z')}, "2")).value();
    EXPECT_EQ(spool->dropped_since_open(), 1U);
  }
  EXPECT_EQ(open(disk_)->position("file/a"), "1");
}

TEST_F(SpoolTest, ADroppedFactIsNotTakenForSent) {
  options_.bytes_max = 1 << 10;
  auto spool = open(disk_);
  Item item = record(std::string(2000, 'f'));
  item.position_key = "fact/os";
  item.position = "hash";
  std::vector<Item> items;
  items.push_back(item);
  spool->put(std::move(items)).value();
  spool->put(records({"x"})).value();
  EXPECT_EQ(spool->position("fact/os"), "");
}

// Every write in turn fails with a full disk: nothing that was put successfully is lost, and sending goes on.
TEST_F(SpoolTest, AFullDiskAtAnyWriteLosesOnlyWhatIsCounted) {
  for (int allowed = 3; allowed < 60; ++allowed) {
    MemoryDisk disk;
    auto spool = open(disk);
    FakeHub hub;
    disk.state.writes_left = allowed;
    std::vector<std::string> kept;
    for (int i = 0; i < 20; ++i) {
      const auto before = spool->dropped_since_open();
      const std::string raw = "line " + std::to_string(i) + std::string(900, 'q');
      spool->put(records({raw})).value();
      if (spool->dropped_since_open() == before) kept.push_back(raw);
      const auto batch = spool->next();
      if (!batch) {
        EXPECT_TRUE(batch.error().is(disk_full)) << batch.error().text();
        disk.state.writes_left = -1;  // The administrator makes room.
        continue;
      }
      if (!*batch) continue;
      hub.take(**batch);
      spool->acknowledge((*batch)->number).value();
    }
    disk.state.writes_left = -1;
    drain(*spool, hub);
    EXPECT_EQ(hub.raws(), kept) << "failing write " << allowed;
    auto again = open(disk);
    drain(*again, hub);
    EXPECT_EQ(hub.raws(), kept) << "failing write " << allowed << ", after a restart";
  }
}

TEST_F(SpoolTest, AFailingDiskIsAnErrorAndNotALoss) {
  auto spool = open(disk_);
  disk_.state.failure = &file_failed;
  disk_.state.writes_left = 0;
  const auto put = spool->put(records({"x"}));
  ASSERT_FALSE(put);
  EXPECT_TRUE(put.error().is(spool_unusable));
}

// Crash (copy of the disk) after every single step of a longer run: the hub ends with every record exactly once.
TEST_F(SpoolTest, ACrashAtAnyStepLosesAndDoublesNothing) {
  options_ = {1 << 20, 2 << 10, 600};
  SeededRandom choice(7);
  FakeHub hub;
  auto spool = open(disk_);
  int written = 0;  // The log file: numbers 0 .. written - 1; the position says how many were read.
  for (int step = 0; step < 3000; ++step) {
    switch (choice.next() % 5) {
      case 0:
      case 1: {
        const std::string position = spool->position("file/a");
        const int from = position.empty() ? 0 : std::stoi(position);
        written = std::max(written, from + static_cast<int>(choice.next() % 4));
        std::vector<std::string> raws;
        for (int i = from; i < written; ++i) raws.push_back(std::to_string(i));
        spool->put(records(raws, std::to_string(written))).value();
        break;
      }
      case 2:
      case 3:
        if (auto batch = spool->next().value()) {
          hub.take(*batch);
          if (choice.next() % 3 != 0) spool->acknowledge(batch->number).value();  // Else the answer is lost.
        }
        break;
      default:
        spool = open(disk_);
    }
  }
  drain(*spool, hub);
  const std::string position = spool->position("file/a");
  std::vector<std::string> want;
  for (int i = 0; i < std::stoi(position); ++i) want.push_back(std::to_string(i));
  EXPECT_EQ(hub.raws(), want);
  EXPECT_GT(want.size(), 1000U);
}

}  // namespace
}  // namespace luy::agent
