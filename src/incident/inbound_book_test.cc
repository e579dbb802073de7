// Goal: what comes from outside is registered once, with its paper, its indicators and what came of it; what is lacking
// or impossible is named. Method: the book over a real database with the real book of indicators.
#include "incident/inbound_book.h"

#include <gtest/gtest.h>

#include "incident/book_fixture.h"

namespace luy::incident {
namespace {

std::vector<records::Migration> with_indicators() {
  std::vector<records::Migration> out = all_migrations();
  const auto more = indicator::migrations();
  out.insert(out.end(), more.begin(), more.end());
  return out;
}

struct InboundBookTest : BookTest {
  InboundBookTest()
      : own(*records::open_sqlite(folder.path / "inbound.db", with_indicators())),
        trail(*own, sink, clock),
        indicators(*indicator::Book::open({*own, clock, random})),
        inbound({*own, trail, clock, random, vault, *indicators}),
        warnings({*own, trail, clock, random}) {}
  NewInbound letter() {
    NewInbound out;
    out.source = "Công an tỉnh Thanh Hóa (PA05)";
    out.reference = "1234/PA05-Đ2";
    out.dated = day_of(clock.now()) - days(1);
    out.title = "Cảnh báo mã độc tống tiền";
    out.summary = "Chiến dịch gửi thư lừa đảo tới cơ quan nhà nước.";
    out.received_at = clock.now() - 1h;
    out.file_name = "../công văn 1234.pdf";
    out.file = "%PDF-1.7\n…";
    return out;
  }
  std::string error_of(const NewInbound& wanted) {
    const auto taken = inbound.take(clerk, wanted);
    return taken ? std::string() : std::string(taken.error().name());
  }
  std::unique_ptr<records::Database> own;
  directory::AuditTrail trail;
  std::unique_ptr<indicator::Book> indicators;
  InboundBook inbound;
  WarningBook warnings;
  InboundBook::Actor clerk{directory::server_operator(), "Trần Thị Dung", {}};
};

TEST_F(InboundBookTest, IsNumberedByYearAndKeepsItsPaper) {
  const auto first = inbound.take(clerk, letter());
  ASSERT_TRUE(first) << first.error().text();
  EXPECT_EQ(first->number, "CBD-2026-001");
  EXPECT_EQ(inbound.take(clerk, letter())->number, "CBD-2026-002");
  const InboundWarning kept = *inbound.find(first->id);
  EXPECT_EQ(kept.reference, "1234/PA05-Đ2");
  EXPECT_EQ(kept.dated, letter().dated);
  EXPECT_EQ(kept.received_at, letter().received_at);
  EXPECT_EQ(kept.received_by, "Trần Thị Dung");
  EXPECT_EQ(kept.file->name.find('/'), std::string::npos) << kept.file->name;
  EXPECT_EQ(*vault.get(kept.file->sha256), letter().file);
  EXPECT_EQ(kept.state, InboundWarning::State::fresh);
  EXPECT_EQ(inbound.list()->front().number, "CBD-2026-002") << "newest first";
  clock.advance(days(60));
  EXPECT_EQ(inbound.take(clerk, letter())->number, "CBD-2027-001");
}

TEST_F(InboundBookTest, WhatIsLackingOrImpossibleIsNamed) {
  NewInbound empty;
  empty.received_at = clock.now();
  const auto refused = inbound.take(clerk, empty);
  ASSERT_FALSE(refused);
  for (const char* named : {"nơi gửi", "trích yếu", "nội dung chính"}) {
    EXPECT_NE(refused.error().vi().find(named), std::string::npos) << named;
  }
  NewInbound wrong = letter();
  wrong.received_at = clock.now() + 1h;
  EXPECT_EQ(error_of(wrong), time_in_future.name);
  wrong = letter();
  wrong.dated = day_of(clock.now()) + days(1);
  EXPECT_EQ(error_of(wrong), ends_before_start.name) << "received before it was written";
  for (const char* bytes : {"PK\x03\x04", "\xff\xd8\xff\xe0", "MZ\x90", "chữ thuần"}) {
    wrong = letter();
    wrong.file = bytes;
    EXPECT_EQ(error_of(wrong), file_type_refused.name) << bytes;
  }
  EXPECT_TRUE(inbound.list()->empty());
  EXPECT_EQ(inbound.take(clerk, letter())->number, "CBD-2026-001") << "no number is lost";
}

TEST_F(InboundBookTest, ItsIndicatorsBecomeOneListUnderItsNumber) {
  const InboundWarning one = *inbound.take(clerk, letter());
  EXPECT_TRUE(inbound.import_indicators(clerk, one.id, "không có gì", "").error().is(no_indicators));
  const auto with = inbound.import_indicators(clerk, one.id, "hxxp://evil[.]example/a và 198.51.100[.]7", "");
  ASSERT_TRUE(with) << with.error().text();
  EXPECT_EQ(with->indicators->count, 2U);
  EXPECT_EQ(with->indicators->name, "CBD-2026-001 Cảnh báo mã độc tống tiền");
  EXPECT_EQ(inbound.find(one.id)->indicators->id, with->indicators->id);
  ASSERT_EQ(indicators->lists().size(), 1U);
  EXPECT_EQ(indicators->lists().front().source, "inbound:CBD-2026-001");
  EXPECT_EQ(indicators->lists().front().refused_count, 0U);
  ASSERT_TRUE(inbound.import_indicators(clerk, one.id, "xau[.]example", "Danh sách mới"));
  ASSERT_EQ(indicators->lists().size(), 1U) << "in place of the one before";
  EXPECT_EQ(indicators->lists().front().name, "Danh sách mới");
  EXPECT_EQ(indicators->lists().front().count, 1U);
  const InboundId nobody = InboundId::make(clock.now(), random);
  EXPECT_TRUE(inbound.import_indicators(clerk, nobody, "xau[.]example", "").error().is(inbound_unknown));
}

TEST_F(InboundBookTest, AWarningIsMadeOfItOnceOrNotAtAll) {
  const InboundWarning one = *inbound.take(clerk, letter());
  NewWarning wanted;
  wanted.title = "Mã độc tống tiền";
  wanted.risk = "Mất dữ liệu";
  wanted.actions = "Cập nhật bản vá";
  wanted.due = clock.now() + 48h;
  wanted.agencies = {agency};
  const auto pass_on = [&](const InboundId& id) {
    return warnings.issue(
        clerk.caller, clerk.name, wanted, [](const AgencyId&) { return directory::Object(); },
        [&](records::Connection& c, const Warning& made) { return inbound.link_in(c, clerk, id, made); });
  };
  const auto made = pass_on(one.id);
  ASSERT_TRUE(made) << made.error().text();
  EXPECT_EQ(inbound.find(one.id)->warning->number, made->number);
  EXPECT_TRUE(pass_on(one.id).error().is(inbound_passed_on));
  EXPECT_TRUE(pass_on(InboundId::make(clock.now(), random)).error().is(inbound_unknown));
  EXPECT_EQ(warnings.list()->size(), 1U) << "both or nothing";
}

TEST_F(InboundBookTest, IsAnsweredOnceAndWithWords) {
  using State = InboundWarning::State;
  const InboundWarning one = *inbound.take(clerk, letter());
  EXPECT_TRUE(inbound.settle(clerk, one.id, State::handled, " ").error().is(text_missing));
  clock.advance(2h);
  const auto done = inbound.settle(clerk, one.id, State::no_action, "Thị xã không dùng sản phẩm này");
  ASSERT_TRUE(done) << done.error().text();
  EXPECT_EQ(inbound.find(one.id)->state, State::no_action);
  EXPECT_EQ(inbound.find(one.id)->handled_at, clock.now());
  EXPECT_TRUE(inbound.settle(clerk, one.id, State::handled, "Đã xử lý").error().is(inbound_settled));
}

}  // namespace
}  // namespace luy::incident
