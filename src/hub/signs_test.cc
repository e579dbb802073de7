// Goal: what was seen of a service and what the inventory holds becomes a report that says everything; the folder of
// lists is followed file by file.
// Method: values made by hand; a real book of indicators and a folder, a store in memory.
#include "hub/signs.h"

#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <fstream>

#include "finding/sign_text.h"
#include "hub/memory_store.h"
#include "hub/test_client.h"

namespace luy::hub {
namespace {

const Time noon = *from_rfc3339("2026-11-23T05:00:00Z");

TEST(Signs, ASightingShowsBeforeAndAfter) {
  SeededRandom random(1);
  watch::Sighting sighting;
  sighting.sign = watch::Sign::defaced;
  sighting.service = watch::ServiceId::make(noon, random);
  sighting.agency = AgencyId::make(noon, random);
  sighting.severity = watch::Severity::critical;
  sighting.title = {"Nghi bị sửa", "Defaced"};
  sighting.story = {"Trang đổi.", "The page changed."};
  sighting.host = "bimson.example";
  sighting.at = noon;
  std::string accents;
  while (accents.size() < 119) accents += "ế";  // 3 bytes each: the cut falls within one.
  sighting.changes.assign(
      60, {watch::PartKind::title, watch::ChangeKind::changed, "html/head/title", accents + "đuôi", "x"});
  const finding::Report report = report_of(sighting);
  EXPECT_EQ(report.kind, finding::Kind::probe);
  EXPECT_EQ(report.severity, finding::Severity::critical);
  EXPECT_EQ(report.agency, sighting.agency);
  EXPECT_EQ(report.first, noon);
  EXPECT_NE(report.story.vi.find("html/head/title: “" + accents + "…” → “x”"), std::string::npos);
  EXPECT_EQ(report.entities[0].value, sighting.service.text());
  EXPECT_EQ(report.entities[1].value, "bimson.example");

  EXPECT_EQ(report_of(sighting).group_key, report.group_key);
  sighting.changes[0].after = "y";
  EXPECT_NE(report_of(sighting).group_key, report.group_key) << "it shows something else";

  const OwnedRecord record = record_of(sighting);
  EXPECT_EQ(record.source, sighting.agency.text() + "/hub/watch");
  const auto text = boost::json::parse(record.raw);
  EXPECT_EQ(text.at("event.action").as_string(), "service_defaced");
  EXPECT_EQ(text.at("luy.changes").as_array().size(), 50U);
  EXPECT_EQ(text.at("luy.changes").as_array()[0].at("before").as_string(), accents + "đuôi");
}

finding::Finding as_finding(const finding::Report& report) {
  finding::Finding out;
  out.kind = report.kind;
  out.group_key = report.group_key;
  out.entities = report.entities;
  return out;
}

TEST(Signs, EverySignOfAServiceHasItsOwnWords) {
  SeededRandom random(1);
  watch::Sighting sighting;
  sighting.service = watch::ServiceId::make(noon, random);
  for (const watch::Sign sign :
       {watch::Sign::down, watch::Sign::slow, watch::Sign::changed, watch::Sign::defaced, watch::Sign::certificate}) {
    sighting.sign = sign;
    EXPECT_EQ(finding::sign_of(as_finding(report_of(sighting)), false), "service_" + std::string(name_of(sign)));
  }
}

std::unique_ptr<indicator::Book> book_of(records::Database& database, const Clock& clock, Random& random) {
  return std::move(*indicator::Book::open({database, clock, random}));
}

struct SignsBookTest : ::testing::Test {
  TempFolder folder;
  FakeClock clock{noon};
  SeededRandom random{5};
  std::unique_ptr<records::Database> database =
      std::move(*records::open_sqlite(folder.path() / "records.db", indicator::migrations()));
  std::unique_ptr<indicator::Book> book = book_of(*database, clock, random);
};

TEST_F(SignsBookTest, AddressesGatewaysAndNamesOfTheInventoryAreCompared) {
  indicator::Book::NewList list;
  list.name = "Danh sách";
  list.format = indicator::Format::csv;
  list.content =
      "value,comment\n203.0.113.7,C2\n203.0.113.0/28,dải\n198.51.100.1,cổng giả\nevil.example,\n203.0.113.250,\n";
  ASSERT_TRUE(book->import(list));
  inventory::DeviceState state;
  state.device.id = DeviceId::make(noon, random);
  state.device.agency = AgencyId::make(noon, random);
  state.device.name = "may1.evil.example";
  state.addresses = {"203.0.113.7/24", "10.0.0.9"};
  inventory::Learnt<fact::Interfaces> interfaces;
  interfaces.seq = 42;
  interfaces.value.routes.push_back({"0.0.0.0/0", "198.51.100.1", "eth0"});
  state.interfaces = std::make_shared<const inventory::Learnt<fact::Interfaces>>(interfaces);
  const auto reports = inventory_reports(state, *book->matching(), noon);
  std::set<std::string> keys;
  for (const finding::Report& one : reports) {
    keys.insert(one.group_key);
    EXPECT_EQ(one.device, state.device.id);
    EXPECT_EQ(one.seqs, std::vector<std::uint64_t>{42});
    EXPECT_NE(one.story.vi.find("“Danh sách” (csv, upload)"), std::string::npos) << one.story.vi;
  }
  const std::string end = "|inventory|" + state.device.id.text();
  EXPECT_EQ(keys, (std::set<std::string>{"indicator|203.0.113.7" + end, "indicator|203.0.113.0/28" + end,
                                         "indicator|198.51.100.1" + end, "indicator|evil.example" + end}));
  state.device.name = "may1";
  state.addresses.clear();
  state.interfaces.reset();
  EXPECT_TRUE(inventory_reports(state, *book->matching(), noon).empty());
}

struct IndicatorFolderTest : SignsBookTest {
  IndicatorFolderTest() {
    std::filesystem::create_directory(path);
    writer.start();
  }
  void put(const std::string& name, const std::string& text) const { std::ofstream(path / name) << text; }
  std::string lists() const {
    std::set<std::string> lines;
    for (const indicator::List& one : book->lists()) lines.insert(one.source + " " + std::to_string(one.count) + "\n");
    std::string out;
    for (const std::string& line : lines) out += line;
    return out;
  }
  const std::filesystem::path path = folder.path() / "indicators";
  MemoryStore store;
  SystemClock now;
  EvidenceWriter writer{store, now, 90, [](const auto&, const auto&) {}};
  std::unique_ptr<indicator::Book> of_now = book_of(*database, now, random);
};

TEST_F(IndicatorFolderTest, FilesComeChangeAndGo) {
  book = std::move(of_now);
  IndicatorFolder watched(path, *book, writer, now);
  put("a.csv", "value\n203.0.113.7\n");
  put("b.json", R"({"Event":{"info":"x","Attribute":[{"type":"domain","value":"evil.example","to_ids":true}]}})");
  put("c.json", "not a list");
  put("d.txt", "value\n203.0.113.8\n");
  std::filesystem::create_symlink(path / "a.csv", path / "link.csv");
  watched.look();
  EXPECT_EQ(lists(), "folder:a.csv 1\nfolder:b.json 1\n");
  watched.look();
  EXPECT_EQ(book->lists().size(), 2U);
  // A later start reads nothing again.
  const auto before = book->lists()[0].id;
  IndicatorFolder later(path, *book, writer, now);
  later.look();
  EXPECT_EQ(book->lists()[0].id, before);
  put("a.csv", "value\n203.0.113.7\n203.0.113.8\n");
  std::filesystem::last_write_time(path / "a.csv",
                                   std::filesystem::file_time_type::clock::now() + std::chrono::hours(1));
  std::filesystem::remove(path / "b.json");
  later.look();
  EXPECT_EQ(lists(), "folder:a.csv 2\n");
  writer.stop();
  EXPECT_EQ(store.sources.size(), 6U) << "two imported, one refused at each start, one replaced, one removed";
  EXPECT_EQ(store.sources[0], "hub/watch");
}

TEST_F(IndicatorFolderTest, AFileIsTriedAgainWhenTheDatabaseCouldNotTakeIt) {
  book = std::move(of_now);
  const auto rename = [&](const std::string& from, const std::string& to) {
    ASSERT_TRUE(database->write([&](records::Connection& c) -> Result<void> {
      LUY_TRY_VOID(c.run("ALTER TABLE " + from + " RENAME TO " + to, {}));
      return {};
    }));
  };
  put("a.csv", "value\n203.0.113.7\n");
  IndicatorFolder watched(path, *book, writer, now);
  rename("indicator_entry", "elsewhere");
  watched.look();
  EXPECT_EQ(lists(), "");
  rename("elsewhere", "indicator_entry");
  watched.look();
  EXPECT_EQ(lists(), "folder:a.csv 1\n");
}

TEST_F(IndicatorFolderTest, AFolderThatCannotBeReadTakesNothingAway) {
  book = std::move(of_now);
  put("a.csv", "value\n203.0.113.7\n");
  IndicatorFolder(path, *book, writer, now).look();
  IndicatorFolder(path / "gone", *book, writer, now).look();
  EXPECT_EQ(lists(), "folder:a.csv 1\n");
}

}  // namespace
}  // namespace luy::hub
