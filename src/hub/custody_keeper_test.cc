// Goal: content goes when two people or a rule say so, and only that content; nothing goes below the floor, under a
// hold or by a clock that is not believed; everything still verifies. Method: a store with its writer on a clock of the
// test's; rules and erasures in a real database.
#include "hub/custody_keeper.h"

#include <algorithm>
#include <thread>

#include "custody/fixture.h"
#include "event/batch.h"
#include "evidence/error.h"
#include "evidence/test_store.h"
#include "evidence/verify.h"

namespace luy::hub {
namespace {

namespace json = boost::json;

using namespace std::chrono_literals;
using custody::RetentionRule;
using custody::SourceClass;

struct KeeperTest : custody::CustodyTest, evidence::TestStore {
  KeeperTest() {
    ward = AgencyId::make(time().now(), random);
    other = AgencyId::make(time().now(), random);
    desk_pc = DeviceId::make(time().now(), random);
    server = DeviceId::make(time().now(), random);
    caller.require = [](directory::Action, const directory::Object&) { return Result<void>(); };
  }
  FakeClock& time() { return evidence::TestStore::clock; }
  void SetUp() override {
    evidence::TestStore::open();
    // Files stay longer than the rules of these tests.
    writer.emplace(*store, time(), 90, [](const auto&, const auto&) {});
    writer->start();
    rules.emplace(custody::RetentionBook::Dependencies{*database, time(), random, [this] { return places(); }, 30});
    erasures.emplace(custody::ErasureBook::Dependencies{
        *database, time(), random, [this](const AgencyId& agency, const std::vector<std::uint64_t>& seqs) {
          return keeper->describe(agency, seqs);
        }});
    keeper.emplace(CustodyKeeper::Dependencies{
        *store, *writer, time(), *rules, *erasures, [this] { return places(); },
        [this](const DeviceId& device) { return device == desk_pc ? SourceClass::workstation : SourceClass::server; },
        [this]() -> Result<std::optional<Day>> { return held; }});
  }
  void TearDown() override {
    if (writer) writer->stop();
  }
  std::vector<custody::Place> places() const { return {{ward, {ward}, 30}, {other, {other}, 30}}; }
  std::uint64_t put(const AgencyId& agency, const DeviceId& device, const std::string& raw,
                    const std::string& stream = "journal") {
    std::vector<OwnedRecord> records;
    records.push_back({agency.text() + "/" + device.text() + "/" + stream, 1, raw});
    const auto done = writer->append(std::nullopt, std::move(records));
    EXPECT_TRUE(done) << done.error().text();
    return done ? done->first_seq : 0;
  }
  // The days pass one by one, as they do; each is closed by the writer when it is over.
  void pass(int count) {
    for (int i = 0; i < count; ++i) {
      time().advance(24h);
      put(other, server, "a day later");
    }
    wait_for([&] {
      const auto days = *store->days();
      return std::all_of(days.begin(), days.end() - 1,
                         [](const auto& one) { return one.closed && !one.sha256.empty(); });
    });
  }
  template <class Condition>
  void wait_for(const Condition& condition) {
    for (int i = 0; i < 6'000; ++i) {
      if (condition()) return;
      std::this_thread::sleep_for(20ms);
    }
    FAIL() << "what was waited for did not come";
  }
  void settle() {
    wait_for([&] { return writer->retention_settled(); });
  }
  void decide(const directory::ActKind& kind, json::object body) {
    body["above"] = json::array{ward.text()};
    body["by"] = "Lan";
    directory::AuditEntry entry;
    const auto done = database->write(
        [&](records::Connection& c) -> Result<json::object> { return kind.run(c, caller, body, entry); });
    ASSERT_TRUE(done) << done.error().text();
  }
  void set_rule(const AgencyId& agency, SourceClass of_class, int keep, int erase) {
    RetentionRule rule;
    rule.agency = agency;
    rule.source_class = of_class;
    rule.keep_days = keep;
    rule.erase_after_days = erase;
    rule.reason = "dữ liệu cá nhân";
    decide(rules->set_act(), custody::RetentionBook::body_of(rule));
  }
  void ask_erasure(const std::vector<std::uint64_t>& seqs) {
    decide(erasures->act(), {{"agency", ward.text()},
                             {"seqs", json::array(seqs.begin(), seqs.end())},
                             {"reason", "yêu cầu số 7"},
                             {"legal_basis", "Điều 14"}});
  }
  int steps() {
    int out = 0;
    for (;; ++out) {
      const auto done = keeper->step({});
      EXPECT_TRUE(done) << done.error().text();
      if (!done || !*done) return out;
    }
  }
  bool is_gone(std::uint64_t seq) {
    const auto read = store->read(seq);
    return !read && read.error().is(evidence::record_withheld);
  }
  void expect_sound() {
    evidence::VerifyOptions options{.keys = {*evidence::VerifierKey::parse(signer->vkey())}};
    std::vector<std::string> faults;
    time().advance(11s);
    options.report = [&](const evidence::Finding& finding) {
      if (finding.is_fault) faults.push_back(finding.error.text());
    };
    wait_for([&] { return store->last_checkpoint() && store->last_checkpoint()->size == store->size(); });
    ASSERT_TRUE(evidence::verify_path(store_folder(), options));
    EXPECT_TRUE(faults.empty()) << faults.front();
  }
  AgencyId ward, other;
  DeviceId desk_pc, server;
  std::optional<Day> held;
  std::optional<EvidenceWriter> writer;
  std::optional<custody::RetentionBook> rules;
  std::optional<custody::ErasureBook> erasures;
  std::optional<CustodyKeeper> keeper;
};

TEST_F(KeeperTest, WhatTwoPeopleDecidedGoesAndNothingElse) {
  const std::uint64_t first = put(ward, desk_pc, "số điện thoại 0912");
  const std::uint64_t second = put(ward, desk_pc, "dòng ở lại");
  const std::uint64_t third = put(ward, desk_pc, "số điện thoại 0913");
  pass(1);
  ask_erasure({first, third});
  EXPECT_FALSE(is_gone(first)) << "decided, not yet carried out";
  EXPECT_EQ(steps(), 1);
  EXPECT_TRUE(is_gone(first));
  EXPECT_TRUE(is_gone(third));
  EXPECT_EQ(store->read(second)->raw, "dòng ở lại");
  const custody::Erasure done = erasures->list()->front();
  EXPECT_TRUE(done.done_at);
  ASSERT_EQ(done.note_seqs.size(), 1U);
  EXPECT_NE(store->read(done.note_seqs.front())->raw.find("yêu cầu số 7"), std::string::npos);
  EXPECT_EQ(store->days()->front().withheld, 2U);
  EXPECT_EQ(steps(), 0);
  expect_sound();
}

TEST_F(KeeperTest, WhatMustStayIsRefused) {
  const std::uint64_t own = put(ward, desk_pc, "của phường");
  const std::uint64_t foreign = put(other, server, "của nơi khác");
  const std::uint64_t note = put(ward, desk_pc, "gap", "hub");
  std::vector<OwnedRecord> trail;
  trail.push_back({ward.text() + "/hub/audit", 6, "{}"});
  const std::uint64_t audit_entry = writer->append(std::nullopt, std::move(trail))->first_seq;
  EXPECT_TRUE(keeper->describe(ward, {own}).error().is(custody::erasure_refused)) << "the day is open";
  pass(1);
  const auto shown = keeper->describe(ward, {own});
  ASSERT_TRUE(shown);
  EXPECT_EQ(shown->front().bytes, std::string("của phường").size());
  for (const std::uint64_t seq : {foreign, note, audit_entry, std::uint64_t{999'999}}) {
    EXPECT_TRUE(keeper->describe(ward, {own, seq}).error().is(custody::erasure_refused)) << seq;
  }
  ask_erasure({own});
  held = store->days()->front().day;
  EXPECT_EQ(steps(), 0);
  EXPECT_FALSE(is_gone(own)) << "a hold set after the decision counts";
  EXPECT_NE(erasures->waiting()->front().problem, "");
  held.reset();
  EXPECT_EQ(steps(), 1);
  EXPECT_TRUE(is_gone(own));
  EXPECT_TRUE(keeper->describe(ward, {own}).error().is(custody::erasure_refused)) << "it is gone already";
}

TEST_F(KeeperTest, ARuleErasesItsClassAndAgencyAfterItsTimeAndNotADayEarlier) {
  const std::uint64_t private_line = put(ward, desk_pc, "người dùng mở trang");
  const std::uint64_t server_line = put(ward, server, "sshd");
  const std::uint64_t foreign_line = put(other, desk_pc, "của nơi khác");
  set_rule(ward, SourceClass::workstation, 30, 40);
  pass(40);
  settle();
  EXPECT_EQ(steps(), 0) << "it is kept for 40 days, the last of them among them";
  EXPECT_TRUE(store->read(private_line));
  pass(1);
  settle();
  held = store->days()->front().day;
  EXPECT_EQ(steps(), 0) << "held";
  held.reset();
  EXPECT_EQ(steps(), 1);
  EXPECT_TRUE(is_gone(private_line));
  EXPECT_TRUE(store->read(server_line));
  EXPECT_TRUE(store->read(foreign_line));
  EXPECT_EQ(steps(), 0) << "a day is written anew once";
  expect_sound();
  // A stricter rule for others finds the day again.
  set_rule(other, SourceClass::workstation, 30, 35);
  pass(0);
  EXPECT_GE(steps(), 1);
  EXPECT_TRUE(is_gone(foreign_line));
  EXPECT_TRUE(store->read(server_line));
  expect_sound();
}

TEST_F(KeeperTest, ByAClockThatJumpedNothingGoes) {
  const std::uint64_t line = put(ward, desk_pc, "người dùng mở trang");
  set_rule(ward, SourceClass::workstation, 30, 30);
  pass(2);
  settle();
  time().set(time().now() + std::chrono::days(29) + 1h);
  put(ward, desk_pc, "sau khi chỉnh giờ");
  // The next round of retention sees the jump.
  time().advance(2min);
  wait_for([&] { return !writer->retention_settled(); });
  EXPECT_EQ(steps(), 0);
  EXPECT_TRUE(store->read(line)) << "whoever set the clock forward must not have logs erased";
}

}  // namespace
}  // namespace luy::hub
