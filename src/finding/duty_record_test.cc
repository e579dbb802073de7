// Goal: a finding counts for the duties it belongs to, on the machines it names, until somebody has dealt with it; a
// device is watched where a rule reads what it sends. Method: our own rules against the table, real books.
#include "finding/duty_record.h"

#include <gtest/gtest.h>

#include "base/source_dir.h"
#include "detect/builtin.h"
#include "finding/fixture.h"
#include "regulation/load.h"

namespace luy::finding {
namespace {

using namespace std::chrono_literals;

constexpr const char* scan_rule = R"(title: Port scan
id: scan
level: high
tags: [attack.discovery, attack.t1046]
logsource: {product: linux, service: sshd}
detection: {x: {message|contains: scan}, condition: x}
luy: {title_vi: Dò quét, articles: [10.1.a]}
)";

constexpr const char* pair_rule = R"(title: Pair
id: pair
level: high
tags: [attack.t1046]
correlation: {type: event_count, rules: [of_cron, of_windows], group-by: [luy.device], timespan: 1m, condition: {gte: 2}}
luy: {title_vi: Cặp, articles: [10.1.a]}
---
title: Of cron
id: of_cron
logsource: {product: linux, service: cron}
detection: {x: {message|contains: scan}, condition: x}
---
title: Of Windows
id: of_windows
logsource: {product: windows}
detection: {x: {message|contains: scan}, condition: x}
)";

struct DutyRecordTest : ::testing::Test {
  DutyRecordTest() : clock(test_start()), random(7) {
    agency = AgencyId::make(clock.now(), random);
    device = DeviceId::make(clock.now(), random);
    other = DeviceId::make(clock.now(), random);
    book = std::move(*Book::open({*records.database, clock, random, Duration(4h), Severity::high, {}}));
    sources = std::move(*SourceBook::open(*records.database, clock));
    rules = std::move(*RuleBook::open({*records.database,
                                       clock,
                                       random,
                                       {{"rule.yml", scan_rule}, {"pair.yml", pair_rule}},
                                       records.folder / "rules",
                                       detect::builtin_routing(),
                                       {},
                                       sources.get()}));
    detections = std::make_unique<DutyDetections>(*book, *rules, *sources, clock);
  }
  DeviceDetections of(const DeviceId& one, const std::string& record) {
    const std::vector<DeviceId> devices = {device, other};
    return detections->of(agency, devices).at(one).at(record);
  }
  Report scan() const {
    Report out;
    out.rule = RuleName{"scan", "Port scan", Origin::own};
    out.group_key = device.text();
    out.severity = Severity::high;
    out.title = {"Dò quét", "Scan"};
    out.agency = agency;
    out.device = device;
    out.seqs = {5};
    out.first = out.last = clock.now();
    return out;
  }
  void set(State state, const std::string& reason) {
    ASSERT_TRUE(book->set_state({{book->all().front()->id}, state, "Lan", reason, "act"}));
  }

  FakeClock clock;
  SeededRandom random;
  AgencyId agency;
  DeviceId device;
  DeviceId other;
  TestRecords records;
  std::unique_ptr<Book> book;
  std::unique_ptr<SourceBook> sources;
  std::unique_ptr<RuleBook> rules;
  std::unique_ptr<DutyDetections> detections;
};

TEST_F(DutyRecordTest, AFindingWaitsUntilSomebodySaysWhatWasDone) {
  ASSERT_TRUE(book->report(scan()));
  EXPECT_EQ(of(device, "outbound_detection").waiting, 1U);
  EXPECT_EQ(of(device, "outbound_detection").urgent->first_seq, 5U);
  EXPECT_EQ(of(device, "lan_detection").waiting, 0U) << "its article is another";
  EXPECT_EQ(of(other, "outbound_detection").waiting, 0U);
  set(State::acknowledged, "");
  EXPECT_EQ(of(device, "outbound_detection").waiting, 1U) << "seen, and nothing said of what was done";
  set(State::acknowledged, "Đã cách ly máy");
  EXPECT_EQ(of(device, "outbound_detection").waiting, 0U);
  EXPECT_EQ(of(device, "outbound_detection").handled, 1U);
  EXPECT_EQ(of(device, "outbound_detection").newest->act, "act");
  clock.advance(detection_days + 1h);
  EXPECT_EQ(of(device, "outbound_detection").handled, 0U);
}

TEST_F(DutyRecordTest, AFindingOfSeveralMachinesCountsForEachItNames) {
  Report both = scan();
  both.kind = Kind::correlation;
  both.device.reset();
  both.entities = {{EntityType::device, device.text()}, {EntityType::device, other.text()}};
  ASSERT_TRUE(book->report(both));
  EXPECT_EQ(of(device, "outbound_detection").waiting, 1U);
  EXPECT_EQ(of(other, "outbound_detection").waiting, 1U);
}

TEST_F(DutyRecordTest, OnlyWhereARulesSourceComesIsTheDeviceWatched) {
  EXPECT_EQ(of(device, "outbound_detection").rules, 0U);
  const detect::LogSource cron{"", "linux", "cron"};
  sources->saw(agency, device, {&cron, 1}, clock.now(), 1);
  EXPECT_EQ(of(device, "outbound_detection").rules, 0U);
  const detect::LogSource sshd{"", "linux", "sshd"};
  sources->saw(agency, device, {&sshd, 1}, clock.now(), 2);
  EXPECT_EQ(of(device, "outbound_detection").rules, 1U);
  EXPECT_EQ(of(device, "outbound_detection").log->seq, 2U);
  EXPECT_EQ(of(other, "outbound_detection").rules, 0U);
  ASSERT_TRUE(rules->set_enabled("scan", {false, "thử", "Lan", clock.now()}));
  EXPECT_EQ(of(device, "outbound_detection").rules, 0U);
}

TEST_F(DutyRecordTest, ARuleThatMissesASourceReadsNothing) {
  const auto saw = [&](const detect::LogSource& label, std::uint64_t seq) {
    sources->saw(agency, device, {&label, 1}, clock.now(), seq);
  };
  saw({"", "linux", "sshd"}, 1);
  const Time began = clock.now();
  clock.advance(source_days - 24h);
  saw({"", "linux", "cron"}, 2);
  EXPECT_EQ(of(device, "outbound_detection").rules, 1U);
  EXPECT_EQ(of(device, "outbound_detection").log->seq, 1U) << "no rule that is armed reads cron";
  EXPECT_EQ(of(device, "outbound_detection").log->last, began);
  saw({"", "windows", ""}, 3);
  clock.advance(1h);
  saw({"", "linux", "cron"}, 4);
  EXPECT_EQ(of(device, "outbound_detection").rules, 2U);
  EXPECT_EQ(of(device, "outbound_detection").log->seq, 3U) << "what it needs and came least recently";
  ASSERT_TRUE(rules->set_enabled("pair", {false, "thử", "Lan", clock.now()}));
  EXPECT_EQ(of(device, "outbound_detection").log->seq, 1U);
  clock.advance(48h);
  EXPECT_FALSE(of(device, "outbound_detection").log.has_value());
}

TEST(DutyKinds, OurOwnRulesBelongWhereTheyShould) {
  auto folder = read_rule_folder(source_dir() + "/rules");
  ASSERT_TRUE(folder);
  for (detect::RuleFile& file : folder->rules) file.name = "own/" + file.name;
  const LibraryPointer library = make_library(folder->rules, folder->routing);
  const std::vector<DutyKind> kinds = builtin_duty_kinds();
  const auto records_of = [&](const std::string& name) {
    std::string out;
    for (const RuleInfo& rule : library->rules) {
      if (rule.file.find("/" + name + "/") == std::string::npos) continue;
      for (const DutyKind& kind : kinds) {
        if (kind.takes({rule.severity, rule.articles, rule.techniques, rule.tactics})) out += kind.record + " ";
      }
    }
    return out;
  };
  EXPECT_EQ(records_of("network/outbound-port-scan"), "outbound_detection lan_detection ");
  EXPECT_EQ(records_of("network/control-port-called"), "outbound_detection ");
  EXPECT_EQ(records_of("network/public-mail"), "traffic_observation ");
  EXPECT_EQ(records_of("linux/credential-tool"), "lan_detection ");
  EXPECT_EQ(records_of("web/sql-injection"), "") << "it comes from outside";
  EXPECT_EQ(records_of("linux/new-administrator"), "");
  EXPECT_EQ(records_of("linux/remote-control-running"), "") << "software nobody approved, another duty";
}

TEST(DutyKinds, EveryRecordIsOneOfThePackWithThatCheck) {
  const auto pack = regulation::load_pack(source_dir() + "/regulation/4448-2017");
  ASSERT_TRUE(pack);
  std::vector<std::string> wanted;
  for (const regulation::Obligation& one : pack->obligations) {
    if (one.check == regulation::Check::detections) wanted.push_back(*one.record);
  }
  std::vector<std::string> known;
  for (const DutyKind& kind : builtin_duty_kinds()) known.push_back(kind.record);
  std::sort(wanted.begin(), wanted.end());
  std::sort(known.begin(), known.end());
  EXPECT_EQ(known, wanted);
}

}  // namespace
}  // namespace luy::finding
