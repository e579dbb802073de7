// Goal: what leaves the town is decided by two people, and no secret is told twice. Method: the acts over a real
// directory with two who could decide.
#include "notice/setup.h"

#include "notice/fixture.h"

namespace luy::notice {
namespace {

using directory::Action;
using directory::Caller;
using directory::Role;

struct SetupTest : NoticeTest {
  // The second person: from now on the rule of two holds.
  void let_two_hold() {
    const auto issued = add_account("thutruong", Role::agency_head, town_);
    const std::string token = change_issued("thutruong", issued.one_time_password, "gió đưa cành trúc la đà");
    head_ = directory_->sessions().authenticate(token, directory::Touch::no)->actor;
    ASSERT_TRUE(directory_->acts().holds().value());
  }
  Caller head() { return directory::caller_of(head_, "192.0.2.2"); }
  Error refused(const Result<directory::Proposed>& proposed) {
    EXPECT_FALSE(proposed);
    return proposed ? Error(settings_invalid) : proposed.error();
  }
  directory::Actor head_;
};

TEST_F(SetupTest, MailIsSetUpByTwoAndSwitchedOffByOne) {
  let_two_hold();
  const auto asked = setup_->propose(administrator(), wanted());
  ASSERT_TRUE(asked) << asked.error().text();
  EXPECT_FALSE(asked->done);
  EXPECT_FALSE(setup_->standing()->mail_since);
  EXPECT_TRUE(directory_->acts().agree(administrator(), *asked->waiting).error().is(directory::same_person));
  changes_ = 0;
  ASSERT_TRUE(directory_->acts().agree(head(), *asked->waiting));
  EXPECT_EQ(setup_->standing()->settings, wanted());
  EXPECT_EQ(setup_->standing()->mail_since, clock_.now());
  EXPECT_EQ(changes_, 1);
  Settings off = wanted();
  off.mail->enabled = false;
  const auto switched = setup_->propose(administrator(), off);
  ASSERT_TRUE(switched);
  EXPECT_TRUE(switched->done);
  EXPECT_FALSE(setup_->standing()->mail_since);
  open();
  EXPECT_EQ(setup_->standing()->settings, off) << "after a restart";
}

TEST_F(SetupTest, ASmallerChangeThanSwitchingOffTakesTwo) {
  turn_on();
  let_two_hold();
  Settings other = wanted();
  other.mail->enabled = false;
  other.mail->host = "mail.elsewhere.gov.vn";
  EXPECT_FALSE(setup_->propose(administrator(), other)->done);
  Settings wider = wanted();
  wider.domains.push_back("example.com");
  EXPECT_FALSE(setup_->propose(administrator(), wider)->done);
}

TEST_F(SetupTest, AWebhookGoesToAnAllowedHostAlone) {
  turn_on();
  WebhookSettings wrong = hook();
  wrong.url = "https://soc.thanhhoa.gov.vn.evil.vn/";
  const auto refused = setup_->propose_webhook(directory::server_operator(), wrong);
  ASSERT_FALSE(refused);
  EXPECT_TRUE(refused.error().is(host_not_allowed));
  EXPECT_TRUE(setup_->standing()->webhooks.empty());
  let_two_hold();
  const auto asked = setup_->propose_webhook(administrator(), hook());
  ASSERT_TRUE(asked) << asked.error().text();
  EXPECT_FALSE(asked->proposed.done);
  // The host was taken from the list meanwhile, by two.
  Settings fewer = wanted();
  fewer.webhook_hosts.clear();
  ASSERT_TRUE(setup_->propose(directory::server_operator(), fewer));
  EXPECT_TRUE(directory_->acts().agree(head(), *asked->proposed.waiting).error().is(host_not_allowed));
  ASSERT_TRUE(setup_->propose(directory::server_operator(), wanted()));
  ASSERT_TRUE(directory_->acts().agree(head(), *asked->proposed.waiting));
  ASSERT_TRUE(setup_->webhook(asked->webhook));
}

TEST_F(SetupTest, AWebhookIsSwitchedOffByOneAndOnByTwo) {
  turn_on();
  const WebhookId id = add_hook();
  let_two_hold();
  WebhookSettings off = hook();
  off.enabled = false;
  EXPECT_TRUE(setup_->propose_change(administrator(), id, off)->proposed.done);
  EXPECT_FALSE(setup_->webhook(id)->settings.enabled);
  EXPECT_FALSE(setup_->propose_change(administrator(), id, hook())->proposed.done);
  EXPECT_FALSE(setup_->propose_removal(administrator(), id)->done);
  SeededRandom other(1);
  const WebhookId nobody = WebhookId::make(clock_.now(), other);
  EXPECT_TRUE(setup_->propose_change(administrator(), nobody, off).error().is(webhook_unknown));
  EXPECT_TRUE(setup_->propose_removal(administrator(), nobody).error().is(webhook_unknown));
}

TEST_F(SetupTest, ASecretIsToldOnceAndTheOneBeforeCountsForADay) {
  turn_on();
  const WebhookId id = add_hook();
  EXPECT_TRUE(setup_->webhook(id)->secrets(clock_.now()).empty());
  const std::string first = setup_->renew_secret(administrator(), id)->secret;
  EXPECT_TRUE(first.starts_with("luywhs_"));
  EXPECT_EQ(first.size(), 7U + 43U);
  const std::string second = setup_->renew_secret(administrator(), id)->secret;
  EXPECT_NE(first, second);
  EXPECT_EQ(setup_->webhook(id)->secrets(clock_.now()), (std::vector<std::string>{second, first}));
  open();
  EXPECT_EQ(setup_->webhook(id)->secrets(clock_.now()), (std::vector<std::string>{second, first}));
  EXPECT_EQ(setup_->webhook(id)->secrets(clock_.now() + previous_secret_lifetime), std::vector<std::string>{second});
  for (const directory::AuditRecord& record : sink_.records) {
    EXPECT_EQ(record.json.find("luywhs_"), std::string::npos) << record.json;
  }
}

TEST_F(SetupTest, WhoMayNotIsRefusedAndNothingChanges) {
  turn_on();
  const WebhookId id = add_hook();
  const auto issued = add_account("canbo", Role::security_officer, town_);
  const std::string token = change_issued("canbo", issued.one_time_password, "gió đưa cành trúc la đà");
  const directory::Actor officer = directory_->sessions().authenticate(token, directory::Touch::no)->actor;
  const Caller caller = directory::caller_of(officer, "192.0.2.3");
  Settings off = wanted();
  off.mail->enabled = false;
  EXPECT_TRUE(refused(setup_->propose(caller, off)).is(directory::not_allowed));
  EXPECT_TRUE(refused(setup_->propose(caller, Settings())).is(directory::not_allowed));
  WebhookSettings silent = hook();
  silent.enabled = false;
  EXPECT_TRUE(setup_->propose_change(caller, id, silent).error().is(directory::not_allowed));
  EXPECT_TRUE(refused(setup_->propose_removal(caller, id)).is(directory::not_allowed));
  EXPECT_TRUE(setup_->renew_secret(caller, id).error().is(directory::not_allowed));
  EXPECT_EQ(setup_->standing()->settings, wanted());
  EXPECT_TRUE(setup_->webhook(id)->secret.empty());
}

TEST_F(SetupTest, TwentyWebhooksAreEnough) {
  turn_on();
  for (std::size_t i = 0; i < webhooks_max; ++i) add_hook();
  EXPECT_TRUE(setup_->propose_webhook(directory::server_operator(), hook()).error().is(webhooks_too_many));
}

}  // namespace
}  // namespace luy::notice
