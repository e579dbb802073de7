// Goal: changed files and indicators in evidence become findings with their proof, once; what cannot be told is read
// again.
// Method: a store in memory with made-up records, a real book of indicators.
#include "hub/sign_reader.h"

#include <gtest/gtest.h>

#include "event/batch.h"
#include "finding/sign_text.h"
#include "hub/memory_store.h"
#include "hub/test_client.h"

namespace luy::hub {
namespace {

class SignReaderTest : public ::testing::Test {
 protected:
  SignReaderTest() {
    database = std::move(*records::open_sqlite(folder.path() / "records.db", indicator::migrations()));
    book = std::move(*indicator::Book::open({*database, clock, random}));
    agency = AgencyId::make(clock.now(), random);
    device = DeviceId::make(clock.now(), random);
    reader = std::make_unique<SignReader>(SignReader::Dependencies{
        store, clock, *book, [](const DeviceId&) { return std::string("may-chu"); },
        [this](std::span<const finding::Report> reports, finding::Progress progress) -> Result<void> {
          if (broken) return Error(records::database_failed, "x");
          told.insert(told.end(), reports.begin(), reports.end());
          next = progress.next_seq;
          return {};
        },
        0});
  }
  void add(event::Transport transport, const std::string& stream, const std::string& raw) {
    evidence::Record record;
    record.seq = store.size();
    record.received = clock.now();
    record.source = agency.text() + "/" + device.text() + "/" + stream;
    record.transport = static_cast<std::uint8_t>(transport);
    record.raw = raw;
    store.add(record);
  }
  static std::string change(const std::string& action, const std::string& path, const std::string& more = "") {
    return R"({"@timestamp":"2026-11-23T01:00:00Z","event.action":")" + action + R"(","file.path":")" + path +
           R"(","before.type":"file","before.sha256":"aa","after.type":"file","after.sha256":"bb")" + more + "}";
  }

  TempFolder folder;
  FakeClock clock{*from_rfc3339("2026-11-23T01:00:00Z")};
  SeededRandom random{3};
  MemoryStore store;
  std::unique_ptr<records::Database> database;
  std::unique_ptr<indicator::Book> book;
  AgencyId agency;
  DeviceId device;
  bool broken = false;
  std::vector<finding::Report> told;
  std::uint64_t next = 0;
  std::unique_ptr<SignReader> reader;
};

std::string_view sign_of(const finding::Report& report) {
  finding::Finding out;
  out.kind = report.kind;
  out.group_key = report.group_key;
  out.entities = report.entities;
  return finding::sign_of(out, false);
}

TEST_F(SignReaderTest, ChangedFilesBecomeFindingsWithTheirProof) {
  using finding::Severity;
  add(event::Transport::agent, "integrity", change("file_modified", "/etc/shadow", R"(,"user.name":"lan")"));
  add(event::Transport::agent, "integrity", change("file_created", "/etc/cron.d/x"));
  add(event::Transport::agent, "integrity",
      change("file_modified", "/etc/cron.d/y", R"(,"package.as_shipped":"true")"));
  add(event::Transport::agent, "agent", R"({"note":"integrity_baseline","at":"2026-11-23T01:00:00Z","count":5})");
  add(event::Transport::file, "integrity", change("file_modified", "/etc/shadow"));
  add(event::Transport::agent, "integrity", R"({"event.action":"mass_file_change","count":300})");
  add(event::Transport::agent, "integrity", change("file_created", "/var/www/html/a.php"));
  reader->read();
  ASSERT_EQ(told.size(), 4U);
  EXPECT_EQ(told[0].severity, Severity::high);
  EXPECT_EQ(told[0].agency, agency);
  EXPECT_EQ(told[0].device, device);
  EXPECT_EQ(told[0].seqs, std::vector<std::uint64_t>{0});
  EXPECT_EQ(told[0].title.vi, "Tệp /etc/shadow bị sửa đổi trên may-chu");
  EXPECT_NE(told[0].story.en.find("Done by lan."), std::string::npos);
  EXPECT_NE(told[1].story.en.find("not known"), std::string::npos);
  EXPECT_EQ(told[1].severity, Severity::medium);
  EXPECT_EQ(told[2].severity, Severity::high);
  EXPECT_EQ(told[3].severity, Severity::high) << "a program in a web root";
  const char* signs[] = {"file_changed", "file_changed", "files_mass_changed", "web_file_changed"};
  for (std::size_t i = 0; i < told.size(); ++i) EXPECT_EQ(sign_of(told[i]), signs[i]);
  EXPECT_EQ(next, 7U);
  EXPECT_FALSE(reader->read());
  EXPECT_EQ(told.size(), 4U);
}

TEST_F(SignReaderTest, IndicatorsBecomeFindingsWithTheirSource) {
  indicator::Book::NewList list;
  list.name = "Cục ATTT";
  list.format = indicator::Format::csv;
  list.content = "value,comment\nevil.example,C2 server\n";
  ASSERT_TRUE(book->import(list));
  add(event::Transport::file, "/var/log/x.log", "Nov 23 01:00:00 a named[1]: query: x.evil.example IN A");
  add(event::Transport::file, "/var/log/x.log", "Nov 23 01:00:00 a named[1]: query: good.example IN A");
  add(event::Transport::hub, "hub", "evil.example");
  reader->read();
  ASSERT_EQ(told.size(), 1U);
  EXPECT_EQ(told[0].kind, finding::Kind::indicator);
  EXPECT_EQ(told[0].seqs, std::vector<std::uint64_t>{0});
  EXPECT_EQ(sign_of(told[0]), "indicator_in_logs");
  EXPECT_NE(told[0].story.vi.find("Cục ATTT"), std::string::npos);
  EXPECT_NE(told[0].story.vi.find("C2 server"), std::string::npos);
}

TEST_F(SignReaderTest, WhatCouldNotBeToldIsReadAgain) {
  add(event::Transport::agent, "integrity", change("file_modified", "/etc/shadow"));
  broken = true;
  reader->read();
  EXPECT_EQ(reader->next_seq(), 0U);
  broken = false;
  reader->read();
  EXPECT_EQ(told.size(), 1U);
  EXPECT_EQ(reader->next_seq(), 1U);
}

TEST_F(SignReaderTest, WhereAYoungHubBeginsIsOnRecordBeforeAnythingHappens) {
  add(event::Transport::file, "/var/log/x.log", "before the hub looked");
  std::optional<std::uint64_t> stored;
  SignReader young(
      SignReader::Dependencies{store, clock, *book, [](const DeviceId&) { return std::string(); },
                               [&](std::span<const finding::Report>, finding::Progress progress) -> Result<void> {
                                 if (broken) return Error(records::database_failed, "x");
                                 stored = progress.next_seq;
                                 return {};
                               },
                               std::nullopt});
  broken = true;
  young.read();
  EXPECT_FALSE(stored);
  broken = false;
  young.read();
  EXPECT_EQ(stored, 1U);
}

}  // namespace
}  // namespace luy::hub
