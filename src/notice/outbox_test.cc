// Goal: everybody concerned is told once, when they want it, and nothing is lost or doubled by a restart or a server
// that is away. Method: the outbox over a real database, the clock moved by hand.
#include "notice/outbox.h"

#include <algorithm>

#include "notice/fixture.h"

namespace luy::notice {
namespace {

using namespace std::chrono_literals;

struct OutboxTest : NoticeTest {
  OutboxTest() {
    turn_on();
    lan_ = person("Lan", "lan@bimson.gov.vn");
  }
  std::vector<Notice> due() const { return outbox_->due_mail().value(); }
  Error away() const { return Error(mail_failed, "connect"); }
  std::size_t audited(const std::string& act) const {
    const auto acts = sink_.acts();
    return static_cast<std::size_t>(
        std::count_if(acts.begin(), acts.end(), [&](const std::string& one) { return one.starts_with(act); }));
  }
  PersonId lan_;
};

TEST_F(OutboxTest, TheSameIsToldOnce) {
  EXPECT_EQ(tell(event("finding:1", Kind::finding, {lan_, lan_})), 1U);
  EXPECT_EQ(tell(event("finding:1", Kind::finding, {lan_})), 0U);
  open();
  EXPECT_EQ(tell(event("finding:1", Kind::finding, {lan_})), 0U) << "after a restart";
  ASSERT_EQ(due().size(), 1U);
  ASSERT_TRUE(outbox_->sent(due()));
  EXPECT_TRUE(due().empty());
  open();
  EXPECT_TRUE(due().empty());
  EXPECT_EQ(outbox_->counts(Channel::mail, std::nullopt)->last_sent, clock_.now());
}

TEST_F(OutboxTest, NothingWaitsWhileNothingIsSetUp) {
  Settings off = wanted();
  off.mail->enabled = false;
  EXPECT_EQ(tell(event("finding:1", Kind::finding, {lan_})), 1U);
  ASSERT_TRUE(setup_->propose(directory::server_operator(), off));
  EXPECT_EQ(waiting(Channel::mail), 0U) << "what waited is told to nobody any more";
  EXPECT_EQ(outbox_->list({}, [](const Notice&) { return true; })->front().state, State::failed);
  EXPECT_EQ(tell(event("finding:2", Kind::finding, {lan_})), 0U);
  clock_.advance(1h);
  const Event early = event("finding:3", Kind::finding, {lan_});
  clock_.advance(1h);
  turn_on();
  EXPECT_EQ(tell(early), 0U) << "it happened before mail was on";
  EXPECT_EQ(tell(event("finding:4", Kind::finding, {lan_})), 1U);
}

TEST_F(OutboxTest, OnlyOfficialAddressesAreWrittenTo) {
  const PersonId elsewhere = person("Minh", "minh@gmail.com");
  const PersonId without = person("Hoa", "");
  EXPECT_EQ(tell(event("finding:1", Kind::finding, {lan_, elsewhere, without})), 1U);
  EXPECT_EQ(due().front().person, lan_);
}

TEST_F(OutboxTest, EachKindGoesAsItWasChosen) {
  const auto by = administrator();
  ASSERT_TRUE(outbox_->choose(by, lan_, {{Kind::finding, How::none}, {Kind::incident, How::digest}}));
  EXPECT_EQ(tell(event("finding:1", Kind::finding, {lan_})), 0U);
  EXPECT_EQ(tell(event("incident:1", Kind::incident, {lan_})), 1U);
  EXPECT_TRUE(due().empty()) << "it waits for the digest";
  EXPECT_EQ(tell(event("act:1", Kind::act, {lan_})), 1U);
  EXPECT_EQ(due().size(), 1U);
  const auto refused = outbox_->choose(by, lan_, {{Kind::warning, How::none}, {Kind::account, How::none}});
  ASSERT_FALSE(refused);
  EXPECT_TRUE(refused.error().is(kind_fixed));
  const auto choices = outbox_->choices(lan_).value();
  ASSERT_EQ(choices.size(), kind_count);
  EXPECT_EQ(choices[static_cast<std::size_t>(Kind::warning)].how, How::at_once) << "nothing of it was kept";
  EXPECT_EQ(choices[static_cast<std::size_t>(Kind::break_glass)].how, How::at_once);
  EXPECT_EQ(choices[static_cast<std::size_t>(Kind::incident)].how, How::digest);
  EXPECT_EQ(audited("notice_choose"), 2U);
}

TEST_F(OutboxTest, ALanguageIsChosenByEachAndKeptOverARestart) {
  EXPECT_EQ(*outbox_->language(lan_), Language::vi) << "who chose nothing";
  ASSERT_TRUE(outbox_->choose(administrator(), lan_, Language::en));
  EXPECT_EQ(*outbox_->language(person("Minh", "minh@bimson.gov.vn")), Language::vi);
  open();
  EXPECT_EQ(*outbox_->language(lan_), Language::en);
  ASSERT_TRUE(outbox_->choose(administrator(), lan_, Language::vi));
  EXPECT_EQ(*outbox_->language(lan_), Language::vi);
  EXPECT_EQ(audited("notice_choose"), 2U);
}

TEST_F(OutboxTest, ADigestHoldsTheDayAndGoesWhenWorkBegins) {
  // 22/11/2026 is a Sunday, ten in the morning in Viet Nam.
  ASSERT_TRUE(outbox_->choose(administrator(), lan_, {{Kind::finding, How::digest}}));
  tell(event("finding:1", Kind::finding, {lan_}));
  clock_.advance(1h);
  tell(event("finding:2", Kind::finding, {lan_}));
  EXPECT_TRUE(due().empty());
  EXPECT_EQ(outbox_->next_due(Channel::mail).value(), from_rfc3339("2026-11-23T00:30:00Z"));
  EXPECT_EQ(outbox_->next_digest(lan_).value(), *from_rfc3339("2026-11-23T00:30:00Z"));
  clock_.set(*from_rfc3339("2026-11-23T00:30:00Z"));
  const auto batch = due();
  ASSERT_EQ(batch.size(), 2U);
  EXPECT_TRUE(batch[0].digest);
  ASSERT_TRUE(outbox_->sent(batch));
  EXPECT_TRUE(due().empty());
}

TEST_F(OutboxTest, AFloodIsOneMailAMinute) {
  tell(event("finding:1", Kind::finding, {lan_}));
  ASSERT_EQ(due().size(), 1U);
  ASSERT_TRUE(outbox_->sent(due()));
  for (int i = 2; i < 40; ++i) tell(event("finding:" + std::to_string(i), Kind::finding, {lan_}));
  EXPECT_TRUE(due().empty());
  tell(event("act:1", Kind::act, {lan_}));
  EXPECT_EQ(due().size(), 1U) << "what waits for a person does not wait for the flood";
  ASSERT_TRUE(outbox_->sent(due()));
  clock_.advance(1min);
  EXPECT_EQ(due().size(), 38U);
}

TEST_F(OutboxTest, AServerThatIsAwayCostsNothing) {
  tell(event("finding:1", Kind::finding, {lan_}));
  Duration waited{};
  Duration last{};
  for (int attempt = 1; attempt <= 6; ++attempt) {
    const auto batch = due();
    ASSERT_EQ(batch.size(), 1U) << attempt;
    ASSERT_TRUE(outbox_->failed(batch, away(), false));
    EXPECT_TRUE(due().empty());
    const Duration pause = outbox_->next_due(Channel::mail).value().value() - clock_.now();
    EXPECT_GT(pause, last);
    last = pause;
    waited += pause;
    clock_.advance(pause);
    open();
  }
  ASSERT_EQ(due().size(), 1U) << "a restart loses nothing";
  EXPECT_EQ(due().front().attempts, 6);
  EXPECT_EQ(outbox_->counts(Channel::mail, std::nullopt)->problem.en, away().en());
  EXPECT_EQ(audited("notice_give_up"), 0U);
}

TEST_F(OutboxTest, AfterADayItIsGivenUpAndSaid) {
  tell(event("finding:1", Kind::finding, {lan_}));
  ASSERT_TRUE(outbox_->failed(due(), away(), false));
  clock_.advance(24h);
  ASSERT_TRUE(outbox_->failed(due(), away(), false));
  EXPECT_EQ(waiting(Channel::mail), 0U);
  EXPECT_EQ(audited("notice_give_up notice.mail_failed"), 1U);
  const Notice over = outbox_->list({State::failed, {}, 10}, [](const Notice&) { return true; })->front();
  const auto may = [](const Notice&) { return Result<void>(); };
  ASSERT_TRUE(outbox_->retry(administrator(), over.id, may));
  EXPECT_EQ(due().size(), 1U);
  EXPECT_TRUE(outbox_->retry(administrator(), over.id, may).error().is(not_given_up));
  SeededRandom other(1);
  EXPECT_TRUE(outbox_->retry(administrator(), NoticeId::make(clock_.now(), other), may).error().is(notice_unknown));
}

TEST_F(OutboxTest, ARefusedAddressIsGivenUpAtOnce) {
  tell(event("finding:1", Kind::finding, {lan_}));
  ASSERT_TRUE(outbox_->failed(due(), Error(mail_refused, "550"), true));
  EXPECT_EQ(waiting(Channel::mail), 0U);
  EXPECT_EQ(audited("notice_give_up notice.mail_refused"), 1U);
}

TEST_F(OutboxTest, AChannelThatIsAwayWaitsAndComesBackWhole) {
  const PersonId minh = person("Minh", "minh@bimson.gov.vn");
  ASSERT_TRUE(outbox_->choose(administrator(), minh, {{Kind::act, How::digest}}));
  tell(event("act:1", Kind::act, {lan_, minh}));
  tell(event("act:2", Kind::act, {lan_}));
  ASSERT_TRUE(outbox_->postpone(Channel::mail, std::nullopt, clock_.now() + 1h));
  EXPECT_TRUE(due().empty());
  clock_.advance(1min);
  ASSERT_TRUE(outbox_->resume(Channel::mail, std::nullopt));
  EXPECT_EQ(due().size(), 2U);
  ASSERT_TRUE(outbox_->sent(due()));
  EXPECT_TRUE(due().empty()) << "the digest waits for its hour";
}

TEST_F(OutboxTest, AWebhookIsToldOfItsAgencyAndItsKinds) {
  const directory::Agency below = add_agency("VH", town_);
  WebhookSettings of_below = hook();
  of_below.agency = below.id;
  const auto second = setup_->propose_webhook(directory::server_operator(), of_below);
  ASSERT_TRUE(second) << second.error().text();
  const WebhookId town = add_hook();
  EXPECT_EQ(tell(event("finding:0", Kind::finding, {})), 0U) << "without a secret it calls nobody";
  ASSERT_TRUE(setup_->renew_secret(administrator(), town));
  ASSERT_TRUE(setup_->renew_secret(administrator(), second->webhook));
  EXPECT_EQ(tell(event("finding:1", Kind::finding, {})), 1U) << "the town's alone";
  EXPECT_EQ(tell(event("incident:1", Kind::incident, {})), 0U) << "a kind it did not ask for";
  clock_.advance(1s);
  Event in_below = event("finding:2", Kind::finding, {});
  in_below.agency = below.id;
  EXPECT_EQ(tell(in_below), 2U);
  ASSERT_EQ(outbox_->due_call()->size(), 1U);
  EXPECT_EQ(outbox_->due_call()->front().webhook, town) << "in the order in which it happened";
  ASSERT_TRUE(outbox_->postpone(Channel::webhook, town, clock_.now() + 1h));
  EXPECT_EQ(outbox_->due_call()->front().webhook, second->webhook) << "one that is away keeps no other waiting";
  ASSERT_TRUE(setup_->propose_removal(directory::server_operator(), town));
  EXPECT_EQ(waiting(Channel::webhook), 1U);
}

TEST_F(OutboxTest, APlaceIsNewOnce) {
  const auto come_from = [&](const char* address) {
    const bool fresh = outbox_->is_new_place(administrator_, address).value();
    EXPECT_TRUE(outbox_->remember_place(administrator_, address));
    return fresh;
  };
  EXPECT_FALSE(come_from("192.0.2.1")) << "the first place of an account is none that is new";
  EXPECT_FALSE(come_from("192.0.2.99"));
  EXPECT_TRUE(come_from("198.51.100.7"));
  EXPECT_FALSE(come_from("198.51.100.8"));
  EXPECT_FALSE(come_from("::ffff:198.51.100.9"));
  EXPECT_TRUE(come_from("2405:4800:1:2::7"));
  EXPECT_FALSE(come_from("2405:4800:1:2:3:4:5:6"));
  EXPECT_TRUE(come_from("2405:4800:1:3::7"));
  EXPECT_FALSE(come_from(""));
}

TEST_F(OutboxTest, WhatIsOverIsForgottenAndWhatWaitsIsNot) {
  const PersonId minh = person("Minh", "minh@bimson.gov.vn");
  tell(event("act:1", Kind::act, {lan_}));
  ASSERT_TRUE(outbox_->sent(due()));
  tell(event("act:2", Kind::act, {minh}));
  clock_.advance(kept_days + 1h);
  ASSERT_TRUE(outbox_->purge());
  const auto all = outbox_->list({}, [](const Notice&) { return true; }).value();
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all.front().person, minh);
}

TEST(DigestTime, IsWhereWorkBegins) {
  const auto at = [](const char* text) { return *from_rfc3339(text); };
  // Monday 23/11/2026, 07:30 in Viet Nam.
  EXPECT_EQ(digest_time(at("2026-11-22T17:00:00Z"), {}), at("2026-11-23T00:30:00Z"));
  EXPECT_EQ(digest_time(at("2026-11-23T00:30:00Z"), {}), at("2026-11-23T00:30:00Z"));
  EXPECT_EQ(digest_time(at("2026-11-23T00:30:01Z"), {}), at("2026-11-24T00:30:00Z"));
  EXPECT_EQ(digest_time(at("2026-11-27T03:00:00Z"), {}), at("2026-11-30T00:30:00Z")) << "over the week's end";
  const std::vector<directory::WorkingSpan> hours = {{6, "13:00", "17:00"}, {6, "08:15", "11:30"}};
  EXPECT_EQ(digest_time(at("2026-11-23T00:00:00Z"), hours), at("2026-11-28T01:15:00Z")) << "Saturdays alone";
}

}  // namespace
}  // namespace luy::notice
