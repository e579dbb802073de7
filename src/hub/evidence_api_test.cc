// Goal: the sides that a proof names lead from the leaf to the root, for every leaf of every small tree.
// Method: RFC 9162's recursive definition against the sides, written out again.
#include "hub/evidence_api.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "event/batch.h"
#include "evidence/question.h"
#include "hub/core.h"
#include "hub/setup.h"
#include "hub/test_client.h"

namespace luy::hub {
namespace {

std::string node(const std::string& left, const std::string& right) {
  return "(" + left + right + ")";
}

// The root of leaves [first, end), as text that shows the shape of the tree.
std::string root_of(std::size_t first, std::size_t end) {
  if (end - first == 1) return std::to_string(first) + ",";
  std::size_t half = 1;
  while (half * 2 < end - first) half *= 2;
  return node(root_of(first, first + half), root_of(first + half, end));
}

// RFC 9162 2.1.3.1: from the leaf upward.
void path_of(std::size_t leaf, std::size_t first, std::size_t end, std::vector<std::string>& out) {
  if (end - first == 1) return;
  std::size_t half = 1;
  while (half * 2 < end - first) half *= 2;
  if (leaf < first + half) {
    path_of(leaf, first, first + half, out);
    out.push_back(root_of(first + half, end));
  } else {
    path_of(leaf, first + half, end, out);
    out.push_back(root_of(first, first + half));
  }
}

TEST(Proof, SidesLeadToTheRoot) {
  for (std::size_t size = 1; size <= 70; ++size) {
    for (std::size_t leaf = 0; leaf < size; ++leaf) {
      std::vector<std::string> path;
      path_of(leaf, 0, size, path);
      const std::vector<bool> left = path_sides(leaf, size, path.size());
      std::string at = std::to_string(leaf) + ",";
      for (std::size_t i = 0; i < path.size(); ++i) at = left[i] ? node(path[i], at) : node(at, path[i]);
      ASSERT_EQ(at, root_of(0, size)) << leaf << " of " << size;
    }
  }
}

TEST(EventJson, TellsWhereARecordCameFromAndKeepsItsBytes) {
  evidence::Record record;
  record.seq = 5;
  record.received = *from_rfc3339("2026-11-22T03:04:05Z");
  record.transport = static_cast<std::uint8_t>(event::Transport::file);
  const std::string agency = "01aryz6s410000000000000000";
  const std::string device = "01aryz6s410000000000000001";
  const struct {
    std::string source;
    std::string raw;
    const char* agency;
    bool of_device;
    const char* stream;
    bool exact;
  } table[] = {
      {agency + "/" + device + "//var/log/a", "text", agency.c_str(), true, "/var/log/a", true},
      {agency + "/" + device + "/journal", std::string("\xff\0", 2), agency.c_str(), true, "journal", false},
      {agency + "/hub/audit", "{}", agency.c_str(), false, "audit", true},
      {"hub/evidence", "{}", "", false, "hub/evidence", true},
  };
  for (const auto& row : table) {
    record.source = row.source;
    record.raw = row.raw;
    const boost::json::object event = event_json(record, "máy 1");
    EXPECT_EQ(event.at("agency").as_string(), row.agency) << row.source;
    EXPECT_EQ(event.at("device").is_string(), row.of_device) << row.source;
    EXPECT_EQ(event.at("stream").as_string(), row.stream) << row.source;
    EXPECT_EQ(event.at("raw_base64").is_null(), row.exact) << row.source;
    EXPECT_TRUE(event.at("fields").is_object());
  }
}

// A hub's evidence with a few records of one device, asked as somebody who may search it.
struct SearchApiTest : ::testing::Test {
  SearchApiTest() {
    SetupOptions setup;
    setup.data = folder.path();
    setup.agency_code = "UBND-BS";
    setup.agency_name = "Ủy ban nhân dân thị xã Bỉm Sơn";
    setup.username = "quantri";
    setup.passwords = directory::password_cost_of_tests;
    agency = *AgencyId::parse(set_up(setup, clock, random)->agency);
    Core::Options options;
    options.data = folder.path();
    core = std::move(*Core::open(options, clock, random));
    api.reset(new EvidenceApi{core->store(), core->signer(), core->agencies(), clock, 90,
                              [](const DeviceId&) { return std::string(); }, [](const api::Request&) {}});
    std::vector<OwnedRecord> records;
    const std::string source = agency.text() + "/" + DeviceId::make(clock.now(), random).text() + "/syslog/tcp";
    for (const char* const line :
         {"<34>Nov 22 10:00:00 web1 sshd[7]: Failed password for root from 10.0.0.7 port 1 ssh2",
          "<34>Nov 22 10:00:01 web1 sshd[7]: Failed password for an from 10.0.0.8 port 1 ssh2",
          "<34>Nov 22 10:00:02 web2 sshd[7]: Failed password for root from 192.168.1.1 port 1 ssh2"}) {
      records.push_back({source, static_cast<std::uint8_t>(event::Transport::syslog), line});
    }
    EXPECT_TRUE(core->writer().append(std::nullopt, std::move(records)));
  }
  Result<api::Response> ask(std::string_view operation, std::map<std::string, std::string> query,
                            std::stop_token gone = {}) {
    for (const api::Route& route : evidence_routes(*api)) {
      if (route.operation_id != operation) continue;
      api::Request request;
      request.query = std::move(query);
      request.gone = gone;
      request.actor.emplace();
      request.actor->grants.emplace_back();
      request.actor->grants.back().role = directory::Role::security_officer;
      request.actor->grants.back().agency = agency;
      return route.handler(request);
    }
    return Error(api::not_found, std::string(operation));
  }
  boost::json::object answer(std::string_view operation, std::map<std::string, std::string> query,
                             std::stop_token gone = {}) {
    const auto response = ask(operation, std::move(query), gone);
    EXPECT_TRUE(response) << response.error().text();
    return boost::json::parse(response->body).as_object();
  }
  TempFolder folder;
  SystemClock clock;
  SystemRandom random;
  AgencyId agency;
  std::unique_ptr<Core> core;
  std::unique_ptr<EvidenceApi> api;
};

TEST_F(SearchApiTest, AQuestionIsAskedInTheSearchLanguage) {
  const struct {
    const char* query;
    std::size_t answers;
  } table[] = {
      {"\"failed password\"", 3},     {"\"failed password\" ip:10.0.0.0/8", 2},
      {"user:root AND host:web1", 1}, {"sshd -user:root", 1},
      {"user:an OR host:web2", 2},    {"nothing", 0},
  };
  for (const auto& [query, answers] : table) {
    EXPECT_EQ(answer("searchEvents", {{"query", query}}).at("events").as_array().size(), answers) << query;
    const boost::json::object counts =
        answer("countEvents", {{"query", query},
                               {"from", to_rfc3339(clock.now() - std::chrono::hours(1))},
                               {"until", to_rfc3339(clock.now() + std::chrono::hours(1))}});
    std::uint64_t sum = 0;
    for (const boost::json::value& count : counts.at("counts").as_array()) sum += count.to_number<std::uint64_t>();
    EXPECT_EQ(sum, answers) << query;
  }
  // Both kinds of question together: both must hold.
  EXPECT_EQ(answer("searchEvents", {{"query", "user:root"}, {"q", "web2"}}).at("events").as_array().size(), 1U);
}

TEST_F(SearchApiTest, AWrongQuestionIsToldWhere) {
  const auto wrong = ask("searchEvents", {{"query", "sshd AND (root"}});
  ASSERT_FALSE(wrong);
  EXPECT_TRUE(wrong.error().is(evidence::question_invalid));
  EXPECT_NE(wrong.error().en().find("character 10"), std::string::npos) << wrong.error().en();
}

TEST_F(SearchApiTest, TheMostFrequentValuesComeFirst) {
  const boost::json::object tally = answer("tallyEvents", {{"query", "sshd"}, {"field", "host"}, {"top", "1"}});
  EXPECT_EQ(boost::json::serialize(tally.at("values")), R"([{"value":"web1","count":2}])");
  EXPECT_EQ(tally.at("records").as_int64(), 3);
  EXPECT_TRUE(tally.at("complete").as_bool());
}

// Each look at it is a second later than the budget allows.
struct HastyClock final : Clock {
  Time now() const override { return real.now(); }
  Duration monotonic() const override { return elapsed += search_budget + std::chrono::seconds(1); }
  SystemClock real;
  mutable Duration elapsed{};
};

TEST_F(SearchApiTest, ASearchThatFindsNothingEndsWithItsBudgetAndSaysFromWhereToGoOn) {
  const HastyClock hasty;
  api.reset(new EvidenceApi{core->store(), core->signer(), core->agencies(), hasty, 90,
                            [](const DeviceId&) { return std::string(); }, [](const api::Request&) {}});
  const std::map<std::string, std::string> nowhere{{"q", "==nowhere=="},
                                                   {"field", "host"},
                                                   {"from", to_rfc3339(clock.now() - std::chrono::hours(1))},
                                                   {"until", to_rfc3339(clock.now() + std::chrono::hours(1))}};
  for (const char* operation : {"searchEvents", "countEvents", "tallyEvents"}) {
    EXPECT_FALSE(answer(operation, nowhere).at("complete").as_bool()) << operation;
  }
  EXPECT_EQ(answer("searchEvents", nowhere).at("next").as_int64(), static_cast<std::int64_t>(core->store().size()));
}

TEST_F(SearchApiTest, ASearchEndsWhenNobodyWaitsForItsAnswer) {
  std::stop_source gone;
  gone.request_stop();
  const std::map<std::string, std::string> query{{"q", "==nowhere=="},
                                                 {"field", "host"},
                                                 {"from", to_rfc3339(clock.now() - std::chrono::hours(1))},
                                                 {"until", to_rfc3339(clock.now() + std::chrono::hours(1))}};
  for (const char* operation : {"searchEvents", "countEvents", "tallyEvents"}) {
    EXPECT_FALSE(answer(operation, query, gone.get_token()).at("complete").as_bool()) << operation;
    EXPECT_TRUE(answer(operation, query).at("complete").as_bool()) << operation;
  }
}

TEST(ProveEvent, WhoMayProveButNotSearchSeesTheProofWithoutTheContent) {
  TempFolder folder;
  SystemClock clock;
  SystemRandom random;
  SetupOptions setup;
  setup.data = folder.path();
  setup.agency_code = "UBND-BS";
  setup.agency_name = "Ủy ban nhân dân thị xã Bỉm Sơn";
  setup.username = "quantri";
  const auto agency = AgencyId::parse(set_up(setup, clock, random)->agency);
  Core::Options options;
  options.data = folder.path();
  const auto core = std::move(*Core::open(options, clock, random));
  const EvidenceApi api{core->store(),
                        core->signer(),
                        core->agencies(),
                        clock,
                        90,
                        [](const DeviceId&) { return std::string(); },
                        [](const api::Request&) {}};
  const std::vector<api::Route> routes = evidence_routes(api);
  const auto prove =
      std::find_if(routes.begin(), routes.end(), [](const auto& r) { return r.operation_id == "proveEvent"; });
  ASSERT_NE(prove, routes.end());
  const auto ask = [&](directory::Role role) {
    api::Request request;
    request.path_params["seq"] = "0";
    request.actor.emplace();
    request.actor->grants.emplace_back();
    request.actor->grants.back().role = role;
    request.actor->grants.back().agency = *agency;
    return prove->handler(request);
  };
  const auto officer = boost::json::parse(ask(directory::Role::security_officer)->body);
  const auto office = boost::json::parse(ask(directory::Role::town_office)->body);
  EXPECT_TRUE(officer.at("event").is_object());
  EXPECT_TRUE(officer.at("leaf_data").is_string());
  EXPECT_TRUE(office.at("event").is_null());
  EXPECT_TRUE(office.at("leaf_data").is_null());
  for (const char* const part : {"leaf_hash", "path", "checkpoint", "public_key", "root_key", "certificates"}) {
    EXPECT_EQ(office.at(part), officer.at(part)) << part;
  }
  EXPECT_TRUE(ask(directory::Role::staff).error().is(evidence::record_unknown));
}

}  // namespace
}  // namespace luy::hub
