// Goal: a database is never taken back to an older one, lists reach whose they are, every act is written down, and what
// devices tell is kept.
#include "antivirus/book.h"

#include <gtest/gtest.h>

#include <fstream>

#include "antivirus/fixture.h"
#include "directory/fixture.h"

namespace luy::antivirus {
namespace {

constexpr const char* one_hash = "d41d8cd98f00b204e9800998ecf8427e:5:Luy.Thu";

struct BookTest : testing::Test {
  BookTest() {
    for (const auto part : {directory::migrations(), inventory::migrations(), migrations()}) {
      tables.insert(tables.end(), part.begin(), part.end());
    }
    reopen();
  }
  void reopen() {
    book.reset();
    audit.reset();
    w.open(tables);
    audit = std::make_unique<directory::AuditTrail>(*w.database, sink, w.clock);
    book = std::move(
        Book::open({*w.database, *audit, w.clock, w.random, w.folder.path() / "signatures", Tools()}).value());
  }
  Result<SignatureSet> import(const std::string& content, const std::string& name = "daily.cvd") {
    const auto file = w.folder.path() / "upload";
    std::ofstream(file, std::ios::binary) << content;
    return book->import(caller, w.town, {file, name, "upload", "Trần Thị B"});
  }
  Result<SignatureSet> add(const AgencyId& agency, const std::string& text = one_hash) {
    return book->add(caller, {agency, Kind::hash, "Mẫu nội bộ", "Nguyễn Văn A", "Sự cố tháng 11", text, "Trần Thị B"});
  }
  std::size_t files() const {
    std::size_t out = 0;
    for ([[maybe_unused]] const auto& one : std::filesystem::directory_iterator(w.folder.path() / "signatures")) ++out;
    return out;
  }

  inventory::World w;
  std::vector<records::Migration> tables;
  directory::KeptAudit sink;
  std::unique_ptr<directory::AuditTrail> audit;
  std::unique_ptr<Book> book;
  directory::Caller caller = directory::server_operator();
};

TEST_F(BookTest, ANewerDatabaseTakesThePlaceOfTheOlderAndNeverTheOtherWay) {
  ASSERT_TRUE(import(database(7)).has_value());
  ASSERT_TRUE(import(database(8)).has_value());
  const auto back = import(database(7));
  ASSERT_FALSE(back.has_value());
  EXPECT_TRUE(back.error().is(database_older));
  EXPECT_NE(back.error().vi().find("daily.cvd 8"), std::string::npos);
  EXPECT_FALSE(import(database(8)).has_value()) << "the same is no newer one";
  reopen();
  ASSERT_EQ(book->sets().size(), 1U);
  EXPECT_EQ(book->sets()[0].version, 8);
  const auto history = book->history();
  ASSERT_TRUE(history.has_value());
  ASSERT_EQ(history->size(), 1U);
  EXPECT_EQ((*history)[0].version, 7);
  EXPECT_TRUE((*history)[0].ended_at.has_value());
  EXPECT_EQ(files(), 1U) << "what nobody gets any more is not kept";
  EXPECT_TRUE(book->holds("daily.cld", w.folder.path() / "upload"));
}

TEST_F(BookTest, ADatabaseIsGivenInPieces) {
  const auto set = import(database(7));
  ASSERT_TRUE(set.has_value());
  EXPECT_EQ(book->piece(set->sha256, 0).value(), database(7));
  EXPECT_EQ(book->piece(set->sha256, 500).value(), database(7).substr(500));
  EXPECT_FALSE(book->piece(set->sha256, set->bytes).has_value());
  EXPECT_FALSE(book->piece("../records.db", 0).has_value());
}

TEST_F(BookTest, AListReachesItsAgencyAndThoseBelow) {
  ASSERT_TRUE(import(database(7)).has_value());
  const auto of_ward = add(w.ward);
  ASSERT_TRUE(of_ward.has_value());
  ASSERT_TRUE(add(w.town, "d41d8cd98f00b204e9800998ecf8427e:6:Luy.Thu").has_value());
  EXPECT_EQ(book->files_for(w.lineage(w.ward)).size(), 3U);
  EXPECT_EQ(book->files_for(w.lineage(w.other_ward)).size(), 2U);
  ASSERT_TRUE(book->remove(caller, w.town, of_ward->id, "Hết hạn", "Trần Thị B").has_value());
  EXPECT_EQ(book->files_for(w.lineage(w.ward)).size(), 2U);
  EXPECT_FALSE(book->remove(caller, w.town, of_ward->id, "Hết hạn", "Trần Thị B").has_value());
}

TEST_F(BookTest, WhatIsRefusedLeavesEverythingAsItWasAndIsWrittenDown) {
  EXPECT_FALSE(add(w.ward, "không phải mã băm").has_value());
  EXPECT_FALSE(import("không phải ClamAV").has_value());
  EXPECT_FALSE(book->add(caller, {w.ward, Kind::hash, "x", "", "x", one_hash, "B"}).has_value()) << "no author";
  EXPECT_TRUE(book->sets().empty());
  EXPECT_EQ(files(), 0U);
  EXPECT_EQ(sink.records.size(), 3U);
  for (std::size_t i = 0; i < lists_of_agency_max; ++i) {
    ASSERT_TRUE(add(w.ward, "d41d8cd98f00b204e9800998ecf8427e:" + std::to_string(i + 1) + ":Luy").has_value());
  }
  const auto further = add(w.ward);
  ASSERT_FALSE(further.has_value());
  EXPECT_TRUE(further.error().is(sets_too_many));
}

TEST_F(BookTest, WhatADeviceToldIsKeptAndTheNewestCounts) {
  const DeviceId device = w.enrol("may-1", w.ward, "desktop");
  const std::string note = R"({"note":"signatures_installed","at":"2026-11-23T03:00:00Z","files":)"
                           R"("daily.cld 7 2026-11-20T08:15:00Z installed abc; luy-1.hdb 0 - installed def","why":""})";
  EXPECT_TRUE(book->take(device, note, 9).value());
  EXPECT_TRUE(book->take(device, R"({"note":"signatures_rolled_back","at":"2026-11-23T02:00:00Z"})", 8).value());
  EXPECT_FALSE(book->take(device, R"({"note":"signatures_other","at":"2026-11-23T02:00:00Z"})", 10).value());
  EXPECT_FALSE(book->take(device, "khác", 11).value());
  reopen();
  const auto told = book->told(device);
  ASSERT_TRUE(told.has_value());
  EXPECT_EQ(told->result, "installed");
  ASSERT_EQ(told->files.size(), 2U);
  EXPECT_EQ(told->files[0].version, 7);
  EXPECT_TRUE(told->files[0].built_at.has_value());
  EXPECT_FALSE(told->files[1].built_at.has_value());
}

}  // namespace
}  // namespace luy::antivirus
