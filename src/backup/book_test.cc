// Goal: keys come out of the escrow as they went in and not otherwise; outcomes and hand-overs are kept and told once.
#include <gtest/gtest.h>

#include <filesystem>

#include "backup/key_book.h"
#include "backup/log_book.h"
#include "base/file.h"
#include "directory/fixture.h"

namespace luy::backup {
namespace {

const DeviceId device = DeviceId::trusted("01jd0000000000000000000002");

TEST(Escrow, OpensWhatItSealedAndNothingElse) {
  const std::string key(32, 'k');
  const std::string sealed = seal_key(key, std::string(12, 'n'), "device", "secret");
  EXPECT_EQ(open_key(key, "device", sealed).value(), "secret");
  EXPECT_EQ(sealed.find("secret"), std::string::npos);
  EXPECT_TRUE(open_key(key, "another", sealed).error().is(key_damaged));
  EXPECT_TRUE(open_key(std::string(32, 'x'), "device", sealed).error().is(key_damaged));
  for (std::size_t i = 0; i < sealed.size(); ++i) {
    std::string spoilt = sealed;
    spoilt[i] = static_cast<char>(spoilt[i] ^ 1);
    EXPECT_FALSE(open_key(key, "device", spoilt)) << i;
    EXPECT_FALSE(open_key(key, "device", sealed.substr(0, i))) << i;
  }
}

class BookTest : public testing::Test {
 protected:
  static std::vector<records::Migration> tables() {
    std::vector<records::Migration> out;
    for (const auto part : {directory::migrations(), migrations()}) out.insert(out.end(), part.begin(), part.end());
    return out;
  }
  BookTest() {
    std::string name = (std::filesystem::temp_directory_path() / "luy-backup-XXXXXX").string();
    LUY_CHECK(::mkdtemp(name.data()) != nullptr);
    folder_ = name;
    database_ = *records::open_sqlite(folder_ / "records.db", tables());
    audit_.emplace(*database_, sink_, clock_);
  }
  ~BookTest() override {
    audit_.reset();
    database_.reset();
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }
  auto keys() { return KeyBook::open({*database_, clock_, random_}, folder_ / "escrow.key"); }
  LogBook log() { return LogBook({*database_, *audit_, clock_, random_}); }

  std::filesystem::path folder_;
  FakeClock clock_{*from_rfc3339("2026-11-23T03:00:00Z")};
  SeededRandom random_{7};
  directory::KeptAudit sink_;
  std::unique_ptr<records::Database> database_;
  std::optional<directory::AuditTrail> audit_;
  directory::Caller caller_ = directory::server_operator();
};

TEST_F(BookTest, AKeyIsMadeOnceAndIsTheDevicesOwn) {
  auto book = keys();
  ASSERT_TRUE(book) << book.error().text();
  const std::string mine = (*book)->give(device).value();
  EXPECT_EQ(mine.size(), 64U);
  EXPECT_EQ((*book)->give(device).value(), mine);
  EXPECT_NE((*book)->give(DeviceId::trusted("01jd0000000000000000000003")).value(), mine);
  std::string stored;
  ASSERT_TRUE(database_->read([&](records::Connection& c) {
    return c.query("SELECT sealed FROM backup_key", {}, [&](const records::Row& row) { stored += row.text(0); });
  }));
  EXPECT_EQ(stored.find(mine), std::string::npos);
  EXPECT_EQ((*keys())->give(device).value(), mine) << "after a restart";
}

TEST_F(BookTest, OnlyADeviceWithAKeyCanHaveItRevealed) {
  auto book = *keys();
  const auto reveal = [&] {
    return database_->write([&](records::Connection& c) { return book->reveal_in(c, device); });
  };
  EXPECT_TRUE(reveal().error().is(key_unknown));
  const std::string mine = book->give(device).value();
  EXPECT_EQ(reveal().value(), mine);
}

TEST_F(BookTest, ALostEscrowKeyIsNotReplaced) {
  ASSERT_TRUE((*keys())->give(device));
  std::filesystem::remove(folder_ / "escrow.key");
  EXPECT_TRUE(keys().error().is(key_damaged));
  EXPECT_FALSE(std::filesystem::exists(folder_ / "escrow.key"));
  ASSERT_TRUE(write_file_durably(folder_ / "escrow.key", std::string(32, 'x')));
  EXPECT_TRUE((*keys())->give(device).error().is(key_damaged));
}

TEST_F(BookTest, AnOutcomeIsKeptOnceAndTheNewestHolds) {
  LogBook book = log();
  const std::string request = "01jd0000000000000000000009";
  const std::string told = "{\"request\":\"" + request + "\",\"files\":1}";
  ASSERT_TRUE(book.take(device, clock_.now(), 5, told));
  ASSERT_TRUE(book.take(device, clock_.now(), 5, told));
  ASSERT_TRUE(book.take(device, clock_.now(), 4, "{\"request\":\"" + request + "\",\"files\":9}"));
  EXPECT_EQ(book.outcomes(device).value().size(), 1U);
  EXPECT_EQ(book.outcomes(device).value().at(0).told.at("files").as_int64(), 1);
  for (const char* bad : {"", "[]", "{", "{\"request\":\"x\"}", "{\"request\":5}"}) {
    ASSERT_TRUE(book.take(device, clock_.now(), 6, bad)) << bad;
  }
  EXPECT_EQ(book.outcomes(device).value().size(), 1U);
}

TEST_F(BookTest, AHandOverNamesBothAndThePlaceAndIsAudited) {
  LogBook book = log();
  Handover wanted;
  wanted.medium = "01jd0000000000000000000001";
  wanted.given_by = "Nguyễn Văn An";
  wanted.taken_by = "Lê Thị Bình";
  wanted.place = "Két sắt phòng Văn thư";
  wanted.at = clock_.now();
  const auto made = book.hand_over(caller_, wanted);
  ASSERT_TRUE(made) << made.error().text();
  EXPECT_EQ(sink_.last().at("event.action").as_string(), "media_handover");
  wanted.taken_by = "  ";
  EXPECT_TRUE(book.hand_over(caller_, wanted).error().is(handover_invalid));
  wanted.taken_by = "Lê Thị Bình";
  wanted.at = clock_.now() + std::chrono::hours(1);
  EXPECT_TRUE(book.hand_over(caller_, wanted).error().is(handover_invalid)) << "it has not happened yet";
  EXPECT_EQ(book.handovers(std::nullopt).value().size(), 1U);
  EXPECT_EQ(book.handovers(wanted.medium).value().size(), 1U);
  EXPECT_EQ(book.handovers("01jd0000000000000000000004").value().size(), 0U);
}

}  // namespace
}  // namespace luy::backup
