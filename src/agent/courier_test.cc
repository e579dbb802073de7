// Goal: every answer of a hub leads to the right next step, and nothing is lost by it.
// Method: a spool on a temporary folder, a fake clock, answers from a table.
#include "agent/courier.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "agent/linux/folder_disk.h"
#include "base/file.h"

namespace luy::agent {
namespace {

using Outcome = Delivery::Outcome;

class CourierTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (std::filesystem::temp_directory_path() / "luy-courier-XXXXXX").string();
    folder_ = ::mkdtemp(pattern.data());
    disk_ = std::move(FolderDisk::open_folder(folder_ / "spool").value());
    rejected_ = std::move(FolderDisk::open_folder(folder_ / "rejected").value());
    spool_ = std::move(Spool::open(*disk_, {}, random_).value());
    courier_.emplace(*spool_, *rejected_, clock_, random_);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  void put(const std::string& raw) {
    std::vector<Item> items(1);
    items[0].record = {event::Transport::file, "a", raw};
    spool_->put(std::move(items)).value();
  }
  std::optional<OutgoingBatch> take() { return courier_->take().value(); }
  void settle(const OutgoingBatch& batch, Outcome outcome, std::chrono::seconds retry = std::chrono::seconds(0)) {
    courier_->settle(batch, {outcome, outcome == Outcome::accepted ? "" : "why", retry}).value();
  }

  std::filesystem::path folder_;
  FakeClock clock_{from_millis(1'795'000'000'000)};
  SeededRandom random_{3};
  std::unique_ptr<Disk> disk_;
  std::unique_ptr<Disk> rejected_;
  std::unique_ptr<Spool> spool_;
  std::optional<Courier> courier_;
};

TEST_F(CourierTest, OneBatchIsUnderWayAtATime) {
  put("a");
  const auto batch = take();
  ASSERT_TRUE(batch);
  put("b");
  EXPECT_FALSE(take());
  settle(*batch, Outcome::accepted);
  EXPECT_FALSE(take()) << "the next one waits for company";
  clock_.advance(Courier::linger);
  EXPECT_EQ(take()->number, 2U);
}

TEST_F(CourierTest, PausesGrowToAMinuteAndEndWithTheFirstSuccess) {
  put("a");
  Duration longest{0};
  for (int i = 0; i < 12; ++i) {
    const auto batch = take();
    ASSERT_TRUE(batch) << i;
    EXPECT_EQ(batch->number, 1U);
    settle(*batch, Outcome::later);
    EXPECT_FALSE(take());
    const Duration pause = courier_->next_attempt() - clock_.monotonic();
    EXPECT_GE(pause, Courier::backoff_first / 2);
    EXPECT_LE(pause, Courier::backoff_max);
    longest = std::max(longest, pause);
    clock_.advance(pause);
  }
  EXPECT_GE(longest, Courier::backoff_max / 2);
  settle(*take(), Outcome::accepted);
  EXPECT_EQ(courier_->trouble(), "");
  put("b");
  clock_.advance(Courier::linger);
  settle(*take(), Outcome::later);
  EXPECT_LE(courier_->next_attempt() - clock_.monotonic(), Courier::backoff_first);
}

TEST_F(CourierTest, TheHubsWishForALaterTimeIsKeptWithinBounds) {
  put("a");
  settle(*take(), Outcome::later, std::chrono::seconds(20));
  EXPECT_GE(courier_->next_attempt() - clock_.monotonic(), std::chrono::seconds(20));
  clock_.advance(std::chrono::seconds(20));
  settle(*take(), Outcome::later, std::chrono::hours(5));
  EXPECT_LE(courier_->next_attempt() - clock_.monotonic(), Courier::backoff_max);
}

TEST_F(CourierTest, ARefusedBatchIsPutAsideWholeAndTheNextOneGoes) {
  put("bad");
  const auto bad = take();
  settle(*bad, Outcome::refused_batch);
  EXPECT_EQ(courier_->batches_rejected(), 1U);
  const auto names = rejected_->list().value();
  ASSERT_EQ(names.size(), 1U);
  EXPECT_EQ(read_file(folder_ / "rejected" / names[0], 1 << 20).value(), bad->bytes);
  clock_.advance(Courier::linger);
  const auto next = take();
  ASSERT_TRUE(next);
  const auto decoded = event::decode_batch(next->bytes).value();
  EXPECT_EQ(decoded.number, 2U);
  ASSERT_EQ(decoded.records.size(), 1U) << "the note about it";
  EXPECT_EQ(decoded.records[0].transport, event::Transport::agent);
  EXPECT_NE(decoded.records[0].raw.find("batch_rejected"), std::string::npos);
}

TEST_F(CourierTest, ANumberTheHubKnowsOtherwiseIsSentAgainFromANewSpool) {
  put("first");
  settle(*take(), Outcome::accepted);
  put("second");
  clock_.advance(Courier::linger);
  const auto taken = take();
  settle(*taken, Outcome::number_taken);
  clock_.advance(Courier::linger);
  const auto again = take();
  ASSERT_TRUE(again);
  const auto before = event::decode_batch(taken->bytes).value();
  const auto after = event::decode_batch(again->bytes).value();
  EXPECT_NE(after.spool_id, before.spool_id);
  EXPECT_EQ(after.number, 1U);
  ASSERT_EQ(after.records.size(), 2U);
  EXPECT_EQ(after.records[0].raw, "second");
  EXPECT_NE(after.records[1].raw.find("spool_renewed"), std::string::npos);
  settle(*again, Outcome::accepted);
  spool_ = std::move(Spool::open(*disk_, {}, random_).value());
  EXPECT_EQ(spool_->id(), after.spool_id) << "also after a restart";
  EXPECT_FALSE(spool_->has_unsent());
}

TEST_F(CourierTest, AFullFolderOfRefusedBatchesStopsTheSendingAndLosesNothing) {
  rejected_->open("old.batch").value();
  std::filesystem::resize_file(folder_ / "rejected" / "old.batch", Courier::rejected_bytes_max);
  put("bad");
  settle(*take(), Outcome::refused_batch);
  EXPECT_EQ(courier_->state(), Courier::State::refused);
  EXPECT_EQ(courier_->batches_rejected(), 0U);
  std::filesystem::remove(folder_ / "rejected" / "old.batch");
  clock_.advance(Courier::refused_pause);
  settle(*take(), Outcome::refused_batch);
  EXPECT_EQ(courier_->batches_rejected(), 1U);
}

TEST_F(CourierTest, ARefusedDeviceKeepsItsRecordsAndAsksAgainNowAndThen) {
  put("a");
  settle(*take(), Outcome::refused_device);
  EXPECT_EQ(courier_->state(), Courier::State::refused);
  EXPECT_EQ(courier_->trouble(), "why");
  EXPECT_FALSE(take());
  put("b");
  clock_.advance(Courier::refused_pause);
  const auto again = take();
  ASSERT_TRUE(again);
  EXPECT_EQ(again->number, 1U);
  settle(*again, Outcome::accepted);
  EXPECT_EQ(courier_->state(), Courier::State::idle);
}

}  // namespace
}  // namespace luy::agent
