// Goal: orders are signed, numbered upwards, handed to their device alone until their result is known, and end.
// Method: the book on a real database with a clock that this test moves; results as records of evidence.
#include "hub/order_book.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "event/batch.h"

namespace luy::hub {
namespace {

namespace json = boost::json;
using State = KeptOrder::State;
using std::chrono::hours;
using std::chrono::minutes;

const DeviceId device = DeviceId::trusted("01jd0000000000000000000000");
const DeviceId other = DeviceId::trusted("01jd0000000000000000000001");
const AgencyId agency = AgencyId::trusted("01jd0000000000000000000002");
const json::object look{{"type", "collect_volatile"}, {"reason", "Kiểm tra"}};

class OrderBookTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (std::filesystem::temp_directory_path() / "luy-orders-XXXXXX").string();
    folder_ = ::mkdtemp(pattern.data());
    database_ = std::move(records::open_sqlite(folder_ / "records.db", order_migrations()).value());
    ASSERT_TRUE(evidence::Ed25519Key::generate(folder_ / "orders.key"));
    key_.emplace(std::move(evidence::Ed25519Key::load(folder_ / "orders.key").value()));
    open();
  }
  void TearDown() override {
    book_.reset();
    database_.reset();
    std::filesystem::remove_all(folder_);
  }
  void open() {
    book_ = std::move(
        OrderBook::open({*database_, *key_, clock_, random_,
                         [this](const DeviceId&, const AgencyId&, const std::string& id) { changed_.push_back(id); },
                         [this](records::Connection&, const OrderNote& note) -> Result<void> {
                           notes_.push_back(note);
                           return {};
                         }})
            .value());
  }
  Result<std::string> try_issue(const json::object& wanted, const DeviceId& to = device) {
    auto id = database_->write([&](records::Connection& c) {
      return book_->issue_in(
          c, {to, agency, "canbo", "thutruong", wanted, "01jd0000000000000000000009", "SC-1", "Cán bộ", "act-1"});
    });
    EXPECT_TRUE(book_->refresh());
    return id;
  }
  std::string issue(const json::object& wanted = look) { return try_issue(wanted).value(); }
  order::Answer take(const DeviceId& who = device) { return order::read_answer(book_->take(who).value()).value(); }
  State state(const std::string& id) { return book_->find(device, id).value().state; }
  bool cancel(const std::string& id) {
    return database_->write([&](records::Connection& c) { return book_->cancel_in(c, device, id); }).has_value();
  }
  // The record of evidence that `from` sent about an order.
  void settle(const std::string& id, const DeviceId& from = device, order::Outcome outcome = order::Outcome::done) {
    order::OrderResult result;
    result.order = id;
    result.outcome = outcome;
    result.at = clock_.now();
    result.vi = "Xong.";
    result.en = "Done.";
    evidence::Record record;
    record.seq = ++seq_;
    record.received = clock_.now();
    record.transport = static_cast<std::uint8_t>(event::Transport::agent);
    record.source = agency.text() + "/" + from.text() + "/" + std::string(order::result_stream);
    record.raw = order::to_json(result);
    book_->note(record);
    ASSERT_TRUE(book_->settle());
  }

  std::filesystem::path folder_;
  FakeClock clock_{*from_rfc3339("2026-11-22T01:02:03Z")};
  SeededRandom random_{7};
  std::unique_ptr<records::Database> database_;
  std::optional<evidence::Ed25519Key> key_;
  std::unique_ptr<OrderBook> book_;
  std::vector<std::string> changed_;
  std::vector<OrderNote> notes_;
  std::uint64_t seq_ = 40;
};

TEST_F(OrderBookTest, AnOrderIsHandedOutSignedUntilItsResultIsKnown) {
  EXPECT_FALSE(book_->waiting(device));
  const std::string id = issue();
  EXPECT_TRUE(book_->waiting(device));
  EXPECT_FALSE(book_->waiting(other));
  EXPECT_TRUE(take(other).orders.empty());
  EXPECT_EQ(state(id), State::waiting);
  const order::Answer answer = take();
  ASSERT_EQ(answer.orders.size(), 1U);
  const std::string message = order::signed_bytes(answer.orders[0].document);
  EXPECT_TRUE(evidence::ed25519_verify(answer.key, message, answer.orders[0].signature));
  const order::Order order = order::read(answer.orders[0].document).value();
  EXPECT_EQ(order.asked_by, "canbo");
  EXPECT_EQ(order.agreed_by, "thutruong");
  EXPECT_EQ(order.incident, "SC-1");
  EXPECT_EQ(state(id), State::taken);
  EXPECT_EQ(take().orders, answer.orders);
  settle(id);
  const KeptOrder kept = book_->find(device, id).value();
  EXPECT_EQ(kept.state, State::done);
  EXPECT_EQ(kept.proof_seq, 41U);
  EXPECT_EQ(kept.result->en, "Done.");
  EXPECT_FALSE(book_->waiting(device));
  EXPECT_EQ(changed_, (std::vector<std::string>{id, id, id})) << "issued, taken, done";
}

TEST_F(OrderBookTest, TheCaseIsToldOnceOfOrderCancellationAndResult) {
  const std::string cancelled = issue();
  EXPECT_TRUE(cancel(cancelled));
  EXPECT_FALSE(cancel(cancelled));
  clock_.advance(minutes(1));
  const std::string done = issue();
  settle(done, other);
  settle(done);
  settle(done);
  using What = OrderNote::What;
  ASSERT_EQ(notes_.size(), 4U);
  const What expected[] = {What::issued, What::cancelled, What::issued, What::settled};
  for (std::size_t i = 0; i < notes_.size(); ++i) {
    EXPECT_EQ(notes_[i].what, expected[i]) << i;
    EXPECT_EQ(notes_[i].order.id, i < 2 ? cancelled : done) << i;
    EXPECT_EQ(notes_[i].case_id, "01jd0000000000000000000009") << i;
  }
  EXPECT_EQ(notes_[0].act, "act-1");
  EXPECT_EQ(notes_[3].result->en, "Done.");
  EXPECT_EQ(notes_[3].seq, 42U);
  EXPECT_EQ(book_->list_of_case("01jd0000000000000000000009")->size(), 2U);
  EXPECT_EQ(book_->list_of_case("01jd0000000000000000000009")->front().order.id, done) << "newest first";
  EXPECT_TRUE(book_->list_of_case("01jd0000000000000000000008")->empty());
}

TEST_F(OrderBookTest, AnotherDevicesWordAndASecondResultCountForNothing) {
  const std::string id = issue();
  settle(id, other);
  EXPECT_EQ(state(id), State::waiting);
  settle(id, device, order::Outcome::refused);
  settle(id, device, order::Outcome::done);
  EXPECT_EQ(state(id), State::refused);
}

TEST_F(OrderBookTest, SerialsGrowAlsoWhenTheRecordsWereLost) {
  issue();
  issue();
  const order::Answer answer = take();
  const auto serial = [&](std::size_t i) { return order::read(answer.orders[i].document).value().serial; };
  EXPECT_LT(serial(0), serial(1));
  EXPECT_GE(serial(0), to_micros(clock_.now()) / 1'000'000) << "at least the time";
}

TEST_F(OrderBookTest, WhatIsNotTakenExpiresAndWhatIsTakenHasAGrace) {
  const std::string late = issue();
  const std::string taken = issue({{"type", "isolate_network"}, {"reason", "Nghi nhiễm"}, {"seconds", 600}});
  EXPECT_EQ(order::read(take().orders[1].document).value().expires_at, clock_.now() + minutes(10))
      << "an isolation is not begun after its end";
  clock_.advance(minutes(11));
  EXPECT_EQ(state(taken), State::taken);
  clock_.advance(order_grace);
  EXPECT_EQ(state(taken), State::expired);
  clock_.advance(hours(25));
  EXPECT_EQ(state(late), State::expired);
  EXPECT_TRUE(take().orders.empty());
  EXPECT_FALSE(book_->waiting(device));
  settle(late);
  EXPECT_EQ(state(late), State::done) << "it was done in time and told late";
}

TEST_F(OrderBookTest, OnlyWhatWaitsIsCancelled) {
  const std::string first = issue();
  EXPECT_TRUE(cancel(first));
  EXPECT_FALSE(cancel(first));
  EXPECT_EQ(state(first), State::cancelled);
  const std::string second = issue();
  EXPECT_EQ(take().orders.size(), 1U);
  EXPECT_FALSE(cancel(second));
  EXPECT_FALSE(book_->find(other, second)) << "of another device";
}

TEST_F(OrderBookTest, ImpossibleOnesAreRefused) {
  const std::vector<json::object> wrong = {
      {{"type", "collect_now"}, {"reason", ""}},
      {{"type", "block_address"}, {"reason", "r"}, {"address", "10.0.0.0/8"}},
      {{"type", "unblock_address"}, {"reason", "r"}},
      {{"type", "isolate_network"}, {"reason", "r"}, {"seconds", 1'000'000}},
      {{"type", "isolate_network"}, {"reason", "r"}, {"dns", json::array{"dns.example"}}},
      {{"type", "stop_process"}, {"reason", "r"}, {"pid", 4242}, {"start_ticks", 1}}};
  for (const json::object& one : wrong) {
    const auto issued = try_issue(one);
    ASSERT_FALSE(issued) << json::serialize(one);
    EXPECT_TRUE(issued.error().is(order::malformed));
  }
  EXPECT_TRUE(try_issue({{"type", "format_disk"}, {"reason", "r"}}).error().is(order::type_unknown));
  EXPECT_TRUE(book_->list(device)->empty());
  for (std::int64_t i = 0; i < orders_open_max; ++i) issue();
  EXPECT_TRUE(try_issue(look).error().is(orders_full));
  EXPECT_EQ(take().orders.size(), order::orders_per_answer_max);
}

TEST_F(OrderBookTest, ARestartForgetsNothing) {
  const std::string id = issue();
  take();
  open();
  EXPECT_TRUE(book_->waiting(device));
  EXPECT_EQ(state(id), State::taken);
}

}  // namespace
}  // namespace luy::hub
