// Goal: every search stands in the audit trail once, readable to who reads the trail and silent to who searches.
// Method: a directory on a real database, a sink that is a list, a fake clock; the escapes by parsing them back.
#include "hub/search_log.h"

#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "directory/directory.h"
#include "hub/test_client.h"
#include "records/database.h"

namespace luy::hub {
namespace {

namespace json = boost::json;

struct ListSink final : directory::AuditSink {
  Result<void> append(const directory::AuditRecord& record) override {
    lines.push_back(record.json);
    return {};
  }
  std::vector<std::string> lines;
};

struct SearchLogTest : ::testing::Test {
  SearchLogTest() {
    database = std::move(records::open_sqlite(folder.path() / "records.db", directory::migrations()).value());
    audit = std::make_unique<directory::AuditTrail>(*database, sink, clock);
    searches = std::make_unique<SearchLog>(*audit, clock);
    request.actor.emplace();
    request.actor->account = AccountId::make(clock.now(), random);
    request.actor->username = "lan";
    request.client_address = "192.0.2.1";
  }
  TempFolder folder;
  FakeClock clock{*from_rfc3339("2026-11-22T03:00:00Z")};
  SeededRandom random{3};
  ListSink sink;
  std::unique_ptr<records::Database> database;
  std::unique_ptr<directory::AuditTrail> audit;
  std::unique_ptr<SearchLog> searches;
  api::Request request;
};

TEST_F(SearchLogTest, WhoSearchedForWhatIsNotedOncePerSearch) {
  request.query = {{"q", "tuấn"}, {"device", "x"}, {"limit", "10"}};
  searches->note(request, search_act);
  request.query["before"] = "17";  // The next page.
  searches->note(request, search_act);
  ASSERT_EQ(sink.lines.size(), 1U);
  const json::object line = json::parse(sink.lines[0]).as_object();
  EXPECT_EQ(line.at("event.action").as_string(), search_act);
  EXPECT_EQ(line.at("user.name").as_string(), "lan");
  EXPECT_EQ(line.at("source.ip").as_string(), "192.0.2.1");
  EXPECT_EQ(line.at("luy.after"), (json::value{{"q", "tuấn"}, {"device", "x"}}));
  request.query["q"] = "other";
  searches->note(request, search_act);
  searches->note(request, follow_act);
  EXPECT_EQ(sink.lines.size(), 3U);
  clock.advance(same_search);
  searches->note(request, search_act);
  EXPECT_EQ(sink.lines.size(), 4U);
}

TEST_F(SearchLogTest, TheEntryDoesNotHoldTheWordsButMeansThem) {
  for (const std::string q : {"tuấn 10.0.0.1 \"a b\"", "😀 x", "\\", "-no"}) {
    request.query = {{"q", q}, {"query", "host:" + q}};
    sink.lines.clear();
    searches->note(request, search_act);
    const std::string quiet = quiet_search(sink.lines.at(0));
    EXPECT_EQ(json::parse(quiet), json::parse(sink.lines[0])) << quiet;
    EXPECT_EQ(quiet.find(json::serialize(json::value(q))), std::string::npos) << quiet;
    EXPECT_EQ(quiet.find("host:"), std::string::npos) << quiet;
  }
  const std::string other = R"({"event.action":"sign_in","luy.after":{"q":"x"}})";
  EXPECT_EQ(quiet_search(other), other);
  EXPECT_EQ(quiet_search("no json"), "no json");
}

}  // namespace
}  // namespace luy::hub
