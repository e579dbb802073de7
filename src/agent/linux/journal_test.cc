// Goal: every journal entry is taken once, in export form, from where the spool says, through restarts and failures.
// Method: a made-up libsystemd: functions over a list of entries that tests fill.
#include "agent/linux/journal.h"

#include <gtest/gtest.h>

#include <cerrno>
#include <cstring>

#include "agent/linux/temporary_folder.h"

namespace luy::agent {
namespace {

struct Entry {
  std::string cursor;
  std::uint64_t realtime = 0;
  std::vector<std::string> fields;
};

// What stands behind the functions; one journal at a time.
struct FakeJournal {
  std::vector<Entry> entries;
  std::size_t at = 0;  // One past the entry under the read pointer.
  std::size_t next_at = 0;
  std::size_t field = 0;
  int next_error = 0;
  int opened = 0;
  const Entry& current() const { return entries[at - 1]; }
};
FakeJournal fake;

JournalLibrary library() {
  JournalLibrary out;
  out.open = [](sd_journal** journal, int) {
    ++fake.opened;
    fake.next_at = 0;
    *journal = reinterpret_cast<sd_journal*>(&fake);
    return 0;
  };
  out.open_directory = [](sd_journal** journal, const char*, int flags) { return library().open(journal, flags); };
  out.close = [](sd_journal*) {};
  out.get_fd = [](sd_journal*) { return -1; };
  out.process = [](sd_journal*) { return 0; };
  out.next = [](sd_journal*) {
    if (fake.next_error != 0) return fake.next_error;
    if (fake.next_at >= fake.entries.size()) return 0;
    fake.at = ++fake.next_at;
    return 1;
  };
  out.seek_cursor = [](sd_journal*, const char* cursor) {
    fake.next_at = 0;
    while (fake.next_at < fake.entries.size() && fake.entries[fake.next_at].cursor < cursor) ++fake.next_at;
    return 0;
  };
  out.test_cursor = [](sd_journal*, const char* cursor) { return fake.current().cursor == cursor ? 1 : 0; };
  out.seek_realtime_usec = [](sd_journal*, std::uint64_t usec) {
    fake.next_at = 0;
    while (fake.next_at < fake.entries.size() && fake.entries[fake.next_at].realtime < usec) ++fake.next_at;
    return 0;
  };
  out.get_cursor = [](sd_journal*, char** cursor) {
    *cursor = ::strdup(fake.current().cursor.c_str());
    return 0;
  };
  out.get_realtime_usec = [](sd_journal*, std::uint64_t* usec) {
    *usec = fake.current().realtime;
    return 0;
  };
  out.restart_data = [](sd_journal*) { fake.field = 0; };
  out.enumerate_data = [](sd_journal*, const void** data, std::size_t* size) {
    if (fake.field >= fake.current().fields.size()) return 0;
    const std::string& field = fake.current().fields[fake.field++];
    *data = field.data();
    *size = field.size();
    return 1;
  };
  return out;
}

class JournalTest : public testing::Test {
 protected:
  void SetUp() override {
    fake = {};
    folder_.write("var/log/journal/0123/system.journal", "");
  }
  void add(const std::string& message) {
    const std::string number = std::to_string(1000 + fake.entries.size());
    fake.entries.push_back({"c" + number, static_cast<std::uint64_t>(to_micros(clock_.now())), {"MESSAGE=" + message}});
  }
  void start(bool with_library = true) {
    JournalOptions options;
    options.root = folder_.path();
    journal_.emplace(options, cursor_, clock_, with_library ? std::optional(library()) : std::nullopt);
  }
  void collect() {
    for (bool more = true; more;) {
      Slice slice;
      more = journal_->collect(slice);
      for (Item& item : slice.take()) {
        if (item.position_key == Journal::position_key) cursor_ = item.position;
        if (item.only_position) continue;
        (item.record.transport == event::Transport::agent ? notes_ : entries_).push_back(item.record.raw);
      }
    }
  }

  TemporaryFolder folder_;
  FakeClock clock_{*from_rfc3339("2026-11-22T03:00:00Z")};
  std::string cursor_;
  std::optional<Journal> journal_;
  std::vector<std::string> entries_;
  std::vector<std::string> notes_;
};

TEST_F(JournalTest, EntriesComeInExportFormAndOnce) {
  add("one");
  add("two");
  start();
  collect();
  collect();
  ASSERT_EQ(entries_.size(), 2U);
  EXPECT_EQ(entries_[0], "__CURSOR=c1000\n__REALTIME_TIMESTAMP=1795316400000000\nMESSAGE=one\n");
  EXPECT_EQ(cursor_, "c1001");
  add("three");
  collect();
  EXPECT_EQ(entries_.size(), 3U);
}

TEST_F(JournalTest, ARestartGoesOnAfterTheLastEntryTaken) {
  add("one");
  start();
  collect();
  add("two");
  start();
  collect();
  EXPECT_EQ(entries_.size(), 2U);
  EXPECT_TRUE(notes_.empty());
}

TEST_F(JournalTest, EntriesThatWereRotatedAwayMeanwhileAreAGapThatIsTold) {
  for (const char* message : {"one", "two", "three"}) add(message);
  cursor_ = "c0999";
  start();
  collect();
  EXPECT_EQ(entries_.size(), 3U) << "the first entry that is left is not passed over";
  ASSERT_EQ(notes_.size(), 1U);
  EXPECT_NE(notes_[0].find("journal_gap"), std::string::npos);
}

TEST_F(JournalTest, TheFirstStartLeavesOldEntriesOut) {
  clock_.advance(-std::chrono::hours(24 * 40));
  add("old");
  clock_.advance(std::chrono::hours(24 * 40));
  add("new");
  start();
  collect();
  ASSERT_EQ(entries_.size(), 1U);
  EXPECT_NE(entries_[0].find("new"), std::string::npos);
}

TEST_F(JournalTest, AMachineWithoutAJournalCostsNothingUntilThereIsOne) {
  folder_.remove("var/log/journal/0123/system.journal");
  add("one");
  start();
  collect();
  EXPECT_EQ(fake.opened, 0);
  EXPECT_TRUE(notes_.empty());
  folder_.write("run/log/journal/0123/system.journal", "");
  clock_.advance(Journal::retry);
  collect();
  EXPECT_EQ(entries_.size(), 1U);
}

TEST_F(JournalTest, AFailureIsToldOnceAndReadingIsTakenUpAgain) {
  add("one");
  start();
  collect();
  fake.next_error = -EBADMSG;
  add("two");
  for (int i = 0; i < 3; ++i) {
    collect();
    clock_.advance(Journal::retry);
  }
  EXPECT_LE(notes_.size(), 2U);
  EXPECT_GE(notes_.size(), 1U);
  fake.next_error = 0;
  clock_.advance(Journal::retry);
  collect();
  EXPECT_EQ(entries_.size(), 2U);
}

TEST_F(JournalTest, ALargeBacklogComesInSlices) {
  for (int i = 0; i < 5000; ++i) add("message " + std::to_string(i));
  start();
  collect();
  EXPECT_EQ(entries_.size(), 5000U);
}

TEST_F(JournalTest, AnEntryBeyondTheLimitLosesFieldsAndSaysSo) {
  add("one");
  fake.entries[0].fields.push_back("COREDUMP=" + std::string(Journal::entry_bytes_max, 'x'));
  fake.entries[0].fields.push_back("LAST=1");
  start();
  collect();
  ASSERT_EQ(entries_.size(), 1U);
  EXPECT_NE(entries_[0].find("LAST=1"), std::string::npos);
  EXPECT_LT(entries_[0].size(), 1000U);
  EXPECT_EQ(notes_.size(), 1U);
}

TEST(JournalExport, ValuesThatAreNotPlainTextCarryTheirLength) {
  std::string out;
  append_export_field(out, "MESSAGE=two\nlines");
  append_export_field(out, "A=tab\tis plain");
  append_export_field(out, "no equals sign");
  append_export_field(out, "EMPTY=");
  EXPECT_EQ(out, std::string("MESSAGE\n\x09\0\0\0\0\0\0\0two\nlines\n", 26) + "A=tab\tis plain\nEMPTY=\n");
}

TEST(JournalLibraryTest, IsFoundWhereSystemdIsInstalled) {
  const auto loaded = JournalLibrary::load();
  if (!loaded) GTEST_SKIP() << "libsystemd.so.0 is not installed";
  EXPECT_NE(loaded->enumerate_data, nullptr);
}

}  // namespace
}  // namespace luy::agent
