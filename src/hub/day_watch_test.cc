// Goal: a day of evidence that was altered is found, named, told and remembered; a sound one is not accused.
// Method: the real store, two closed days, a byte of a file really flipped; a fake clock, and no thread of its own.
#include "hub/day_watch.h"

#include <gtest/gtest.h>

#include <fstream>

#include "base/random.h"
#include "event/batch.h"
#include "evidence/day_file.h"
#include "evidence/hub_note.h"
#include "evidence/store.h"
#include "hub/migrations.h"
#include "hub/test_client.h"

namespace luy::hub {
namespace {

using std::chrono::hours;

struct DayWatchTest : ::testing::Test {
  DayWatchTest() {
    EXPECT_TRUE(evidence::FileNoteSigner::generate(folder.path() / "key"));
    signer = std::move(evidence::FileNoteSigner::load(folder.path() / "key", "luy/test").value());
    store = std::move(evidence::open_store({files(), 30}, clock, *signer).value());
    writer = std::make_unique<EvidenceWriter>(*store, clock, 30, [](const auto&, const auto&) {});
    writer->start();
    database = std::move(records::open_sqlite(folder.path() / "records.db", migrations()).value());
    first = day_of(clock.now());
    write_day();
    write_day();
    open();
  }
  ~DayWatchTest() override {
    watch.reset();
    writer->stop();
  }
  std::filesystem::path files() const { return folder.path() / "evidence"; }
  std::filesystem::path file(Day day) const { return evidence::day_path(files(), day); }

  // Fills a day and waits until it is closed, which the writer's thread does.
  void write_day() {
    const Day day = day_of(clock.now());
    std::vector<OwnedRecord> records;
    for (int i = 0; i < 300; ++i)
      records.push_back({"a/b/log", 2, "sshd: accepted password number " + std::to_string(i)});
    ASSERT_TRUE(writer->append(std::nullopt, std::move(records)));
    clock.advance(hours(24));
    for (int polls = 1;; ++polls) {
      // A day that was being read when its turn came is closed a minute later.
      constexpr int polls_a_minute = 100;
      if (polls % polls_a_minute == 0) clock.advance(std::chrono::minutes(1));
      const std::vector<evidence::DayInfo> present = store->days().value();
      for (const evidence::DayInfo& one : present) {
        if (one.day == day && one.closed && !one.sha256.empty()) return;
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
  }
  void open() {
    DayWatch::Dependencies dependencies{*store,
                                        *writer,
                                        *database,
                                        clock,
                                        files(),
                                        {evidence::VerifierKey::parse(signer->vkey()).value()},
                                        [this] {
                                          return std::vector<AgencyId>{agency, other_agency};
                                        },
                                        [this](Day day) { told.push_back(day); }};
    watch.reset();
    watch = std::move(DayWatch::open(std::move(dependencies)).value());
  }
  void check_all() {
    while (watch->check_next().value()) {
    }
  }
  // Flips one bit in the middle of the file; again = puts it back.
  void flip(Day day) {
    std::filesystem::permissions(file(day), std::filesystem::perms::owner_all, std::filesystem::perm_options::add);
    std::fstream stream(file(day), std::ios::in | std::ios::out | std::ios::binary);
    const auto bytes = std::filesystem::file_size(file(day));
    std::string content(bytes, '\0');
    stream.read(content.data(), static_cast<std::streamsize>(bytes));
    const std::size_t at = bytes / 2;
    content[at] = static_cast<char>(content[at] ^ 0x10);
    stream.seekp(static_cast<std::streamoff>(at));
    stream.put(content[at]);
  }
  bool sound(Day day) const { return watch->find(day) && watch->find(day)->sound(); }

  TempFolder folder;
  FakeClock clock{*from_rfc3339("2026-11-20T03:00:00Z")};
  SeededRandom random{5};
  AgencyId agency = AgencyId::make(clock.now(), random);
  AgencyId other_agency = AgencyId::make(clock.now(), random);
  std::unique_ptr<evidence::FileNoteSigner> signer;
  std::unique_ptr<evidence::Store> store;
  std::unique_ptr<EvidenceWriter> writer;
  std::unique_ptr<records::Database> database;
  std::unique_ptr<DayWatch> watch;
  std::vector<Day> told;
  Day first;
};

TEST_F(DayWatchTest, ClosedDaysAreVerifiedOnceAndNotedForEveryAgency) {
  EXPECT_FALSE(watch->find(first));
  check_all();
  EXPECT_TRUE(sound(first));
  EXPECT_TRUE(sound(first + days(1)));
  EXPECT_FALSE(watch->find(first + days(2))) << "today is still being written";
  EXPECT_TRUE(watch->received(first));
  EXPECT_FALSE(watch->received(first - days(1)));
  EXPECT_EQ(told.size(), 2U);
  const DayCheck check = *watch->find(first);
  ASSERT_EQ(check.notes.size(), 2U);
  const evidence::Record note = store->read(check.notes.at(agency)).value();
  EXPECT_EQ(note.source, agency.text() + "/hub/evidence");
  EXPECT_NE(note.raw.find("\"day_verified\""), std::string::npos);
  EXPECT_NE(note.raw.find(to_iso(first)), std::string::npos);
  open();
  EXPECT_FALSE(watch->check_next().value()) << "a restart begins nothing anew";
  EXPECT_EQ(watch->find(first)->notes, check.notes);
}

TEST_F(DayWatchTest, ADayOnWhichTheHubRanIsNeverWithoutARecord) {
  clock.advance(days(1));
  const Day today = day_of(clock.now());
  check_all();
  check_all();
  EXPECT_TRUE(watch->received(today));
  EXPECT_FALSE(watch->received(today - days(1))) << "off";
  std::size_t notes = 0;
  ASSERT_TRUE(store->replay(0, [&](const evidence::Record& record) {
    notes += record.raw.find("hub_running") != std::string::npos ? 1 : 0;
    return true;
  }));
  EXPECT_EQ(notes, 1U);
}

TEST_F(DayWatchTest, AFlippedBitIsFoundNamedAndRemembered) {
  check_all();
  told.clear();
  flip(first);
  EXPECT_TRUE(watch->check_next().value()) << "the file looks different";
  EXPECT_FALSE(watch->check_next().value());
  ASSERT_FALSE(sound(first));
  EXPECT_TRUE(sound(first + days(1)));
  EXPECT_EQ(told, std::vector<Day>{first});
  EXPECT_EQ(watch->damaged(), 1U);
  EXPECT_NE(watch->find(first)->fault_en.find(to_iso(first)), std::string::npos) << watch->find(first)->fault_en;
  const evidence::Record note = store->read(watch->find(first)->notes.at(other_agency)).value();
  EXPECT_NE(note.raw.find("\"day_damaged\""), std::string::npos);
  open();
  EXPECT_FALSE(sound(first));
  flip(first);
  check_all();
  EXPECT_TRUE(sound(first)) << "restored from a copy";
  EXPECT_EQ(watch->damaged(), 0U);
}

TEST_F(DayWatchTest, DamageWithoutATraceIsFoundWithinTheRecheckPeriod) {
  check_all();
  const auto time = std::filesystem::last_write_time(file(first));
  flip(first);
  std::filesystem::last_write_time(file(first), time);
  check_all();
  EXPECT_TRUE(sound(first)) << "nothing to see yet";
  clock.advance(recheck_after);
  check_all();
  EXPECT_FALSE(sound(first));
}

TEST_F(DayWatchTest, ADayThatVanishedIsMissedHoweverOldItIs) {
  check_all();
  std::filesystem::remove(file(first));
  std::filesystem::remove(file(first).string() + ".sha256");
  check_all();
  ASSERT_FALSE(sound(first));
  // After a restart the store does not know the day any more; the watch does.
  watch.reset();
  writer->stop();
  store.reset();
  store = std::move(evidence::open_store({files(), 30}, clock, *signer).value());
  writer = std::make_unique<EvidenceWriter>(*store, clock, 30, [](const auto&, const auto&) {});
  writer->start();
  open();
  check_all();
  EXPECT_FALSE(sound(first));
  clock.advance(days(400));
  check_all();
  ASSERT_TRUE(watch->find(first)) << "no record says that it was deleted by right";
  EXPECT_FALSE(sound(first));
}

TEST_F(DayWatchTest, ADayThatARecordOfTheRetentionNamesIsForgotten) {
  check_all();
  const std::string note = evidence::retention_note({{first, 0, 300, "", ""}});
  ASSERT_TRUE(writer->append(std::nullopt, {{"hub/evidence", static_cast<std::uint8_t>(event::Transport::hub), note}}));
  check_all();
  EXPECT_TRUE(sound(first)) << "it is still there, and watched";
  std::filesystem::remove(file(first));
  std::filesystem::remove(file(first).string() + ".sha256");
  watch.reset();
  writer->stop();
  store.reset();
  store = std::move(evidence::open_store({files(), 30}, clock, *signer).value());
  writer = std::make_unique<EvidenceWriter>(*store, clock, 30, [](const auto&, const auto&) {});
  writer->start();
  open();
  check_all();
  EXPECT_FALSE(watch->find(first));
  open();
  EXPECT_FALSE(watch->find(first)) << "also after a restart";
}

TEST_F(DayWatchTest, AnotherTreeIsNotTheDayThatWasVerified) {
  check_all();
  // Somebody with the signing key writes the day anew.
  const std::filesystem::path forged = folder.path() / "forged";
  FakeClock then(*from_rfc3339("2026-11-20T03:00:00Z"));
  {
    auto other = std::move(evidence::open_store({forged, 30}, then, *signer).value());
    evidence::Store::Batch batch;
    batch.records.push_back({"a/b/log", 2, "nothing happened"});
    ASSERT_TRUE(other->append({&batch, 1}));
    then.advance(hours(24));
    ASSERT_TRUE(other->close_days_before(first + days(1)));
  }
  for (const char* suffix : {"", ".sha256"}) {
    std::filesystem::remove(file(first).string() + suffix);
    std::filesystem::copy_file(evidence::day_path(forged, first).string() + suffix, file(first).string() + suffix);
  }
  check_all();
  EXPECT_FALSE(sound(first));
}

}  // namespace
}  // namespace luy::hub
