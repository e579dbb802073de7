// Goal: a request to a provider goes its way – noted, delayed, answered, sent back, closed – by whose turn it is and by
// nobody else, with each act on the case's timeline and in the audit trail; what is late is said once; the duty to
// cooperate in monitoring rests on it.
// Method: a book over a real database; every act in every state against what should be possible.
#include "incident/provider_book.h"

#include <gtest/gtest.h>

#include <set>

#include "incident/book_fixture.h"
#include "incident/duty_record.h"

namespace luy::incident {
namespace {

using namespace std::chrono_literals;
using directory::Action;

struct ProviderBookTest : BookTest {
  ProviderBookTest()
      : providers({*database, audit, clock, random, *book,
                   [](const AgencyId& where) { return std::vector<AgencyId>{where}; },
                   [this](const AgencyId& where) { changed.insert(where); }}),
        company_account(AccountId::make(clock.now(), random)),
        stranger_account(AccountId::make(clock.now(), random)),
        one(*book->open(officer, wanted())) {
    office = {by(std::nullopt, Action::provider_ask), "Lê Thị Bình"};
    company = {by(company_account, Action::provider_answer), "Viễn thông Bỉm Sơn"};
    stranger = {by(stranger_account, Action::provider_answer), "Công ty khác"};
  }
  // Somebody who may do that and nothing else, there or on what is their own.
  directory::Caller by(std::optional<AccountId> account, Action allowed) {
    directory::Caller out = directory::server_operator();
    out.account = account;
    out.require = [this, account, allowed](Action action, const directory::Object& object) -> Result<void> {
      const bool is_own = account && object.account == account;
      const bool is_here = !account && object.agencies == std::vector<AgencyId>{agency};
      if (action == allowed && (is_own || is_here)) return {};
      return Error(directory::not_allowed, "không", "no");
    };
    return out;
  }
  NewProviderRequest asking(const char* kind = "block") {
    NewProviderRequest out;
    out.agency = agency;
    out.provider = "Viễn thông Bỉm Sơn";
    out.accounts = {company_account};
    out.kind = kind;
    out.about = one;
    out.text = "Chặn địa chỉ 203.0.113.7.";
    out.legal_basis = "Điều 9 QĐ 4448/QĐ-UBND";
    return out;
  }
  ProviderRequest made(const char* kind = "block") {
    const auto out = providers.ask(office, asking(kind));
    EXPECT_TRUE(out) << out.error().text();
    return *out;
  }
  std::vector<std::string> told() {
    std::vector<std::string> out;
    const CaseFile file = *book->file(one.id);
    for (const TimelineEntry& entry : file.timeline) {
      if (entry.kind == "provider") out.push_back(entry.text.vi);
    }
    return out;
  }
  static std::vector<std::string> kinds(const ProviderRequest& request) {
    std::vector<std::string> out;
    for (const ProviderEntry& entry : request.history) out.push_back(entry.kind);
    return out;
  }

  std::set<AgencyId> changed;
  ProviderBook providers;
  AccountId company_account;
  AccountId stranger_account;
  Case one;
  ProviderBook::Actor office, company, stranger;
};

using Kind = ProviderDecision::Kind;
using Strings = std::vector<std::string>;

TEST_F(ProviderBookTest, GoesItsWayAndEveryStepIsOnTheCasesTimeline) {
  const ProviderRequest asked = made();
  EXPECT_EQ(asked.number, "YC-2026-0001");
  EXPECT_EQ(made().number, "YC-2026-0002");
  EXPECT_EQ(asked.due, book->end_of({5, regulation::Unit::working_days}, asked.asked_at)) << "the pack's time";
  clock.advance(1h);
  const auto noted = providers.note(company, asked.id);
  ASSERT_TRUE(noted) << noted.error().text();
  EXPECT_EQ(noted->state, ProviderState::noted);
  EXPECT_EQ(noted->noted_at, clock.now());
  clock.advance(1h);
  EXPECT_EQ(providers.note(company, asked.id)->noted_at, noted->noted_at) << "twice does no harm";

  const Time later = asked.due + 48h;
  const auto wanted_delay = providers.ask_delay(company, asked.id, later, "Chờ đối tác");
  ASSERT_TRUE(wanted_delay) << wanted_delay.error().text();
  EXPECT_EQ(wanted_delay->due, asked.due) << "until it is granted";
  const auto granted = providers.decide(office, asked.id, {Kind::grant_delay, "", {}});
  ASSERT_TRUE(granted) << granted.error().text();
  EXPECT_EQ(granted->due, later);
  EXPECT_EQ(granted->delay->state, ProviderDelay::State::granted);
  EXPECT_TRUE(providers.decide(office, asked.id, {Kind::refuse_delay, "", {}}).error().is(provider_delay_none));

  const std::string hash(64, 'A');
  const auto answered = providers.answer(company, asked.id, "Đã chặn.", {{"nhat-ky.zip", hash}});
  ASSERT_TRUE(answered) << answered.error().text();
  EXPECT_EQ(answered->state, ProviderState::answered);
  EXPECT_EQ(answered->answers.back().files.at(0).sha256, std::string(64, 'a'));
  EXPECT_FALSE(answered->answers.back().act.empty());
  EXPECT_TRUE(providers.decide(office, asked.id, {Kind::send_back, "Thiếu giờ", {}}).error().is(text_missing));
  const auto back = providers.decide(office, asked.id, {Kind::send_back, "Thiếu giờ", clock.now() + 24h});
  ASSERT_TRUE(back) << back.error().text();
  EXPECT_EQ(back->state, ProviderState::returned);
  EXPECT_EQ(back->due, clock.now() + 24h);
  ASSERT_TRUE(providers.answer(company, asked.id, "Lúc 08:00.", {}));
  const auto closed = providers.decide(office, asked.id, {Kind::close, "Đủ", {}});
  ASSERT_TRUE(closed) << closed.error().text();
  EXPECT_EQ(closed->answers.size(), 2U);
  EXPECT_EQ(kinds(*closed),
            (Strings{"asked", "noted", "delay_asked", "delay_granted", "answered", "returned", "answered", "closed"}));
  const ProviderRequest kept = *providers.find(asked.id);
  EXPECT_EQ(kinds(kept), kinds(*closed)) << "as it is stored";
  EXPECT_EQ(kept.delay->until, later);
  EXPECT_TRUE(kept.history.at(1).of_provider);
  EXPECT_FALSE(kept.history.at(3).of_provider);
  EXPECT_EQ(told().size(), 9U) << "both askings, and each step";
  EXPECT_EQ(changed, std::set<AgencyId>{agency});
  const Strings acts = sink.acts();
  for (const char* act : {"provider_ask", "provider_note", "provider_delay", "provider_decide", "provider_answer"}) {
    EXPECT_NE(std::find(acts.begin(), acts.end(), act), acts.end()) << act;
  }
}

TEST_F(ProviderBookTest, EachActIsPossibleInItsStatesAlone) {
  const auto in = [&](ProviderState state) {
    const ProviderRequest request = made();
    if (state == ProviderState::noted) {
      EXPECT_TRUE(providers.note(company, request.id));
    }
    if (state == ProviderState::withdrawn) {
      EXPECT_TRUE(providers.decide(office, request.id, {Kind::withdraw, "Nhầm", {}}));
    }
    if (state == ProviderState::answered || state == ProviderState::returned || state == ProviderState::closed) {
      EXPECT_TRUE(providers.answer(company, request.id, "Rồi", {}));
    }
    if (state == ProviderState::returned) {
      EXPECT_TRUE(providers.decide(office, request.id, {Kind::send_back, "Thiếu", clock.now() + 24h}));
    }
    if (state == ProviderState::closed) {
      EXPECT_TRUE(providers.decide(office, request.id, {Kind::close, "", {}}));
    }
    EXPECT_EQ(providers.find(request.id)->state, state);
    return request;
  };
  for (std::size_t i = 0; i < provider_state_count; ++i) {
    const auto state = static_cast<ProviderState>(i);
    const bool is_open =
        state == ProviderState::asked || state == ProviderState::noted || state == ProviderState::returned;
    const bool is_answered = state == ProviderState::answered;
    const std::string name(name_of(state));
    EXPECT_EQ(provider_state_from_name(name), state);
    const auto check = [&](const char* act, bool is_possible, const auto& result) {
      EXPECT_EQ(bool(result), is_possible) << act << " when " << name;
      if (!result) {
        EXPECT_TRUE(result.error().is(provider_turn)) << act << " when " << name << ": " << result.error().text();
      }
    };
    check("answer", is_open, providers.answer(company, in(state).id, "x", {}));
    const ProviderRequest late = in(state);
    check("delay", is_open, providers.ask_delay(company, late.id, clock.now() + 24h * 30, "x"));
    ProviderAnswer letter;
    letter.document = "12/CV";
    letter.text = "x";
    letter.at = clock.now();
    check("letter", is_open, providers.record_letter(office, in(state).id, letter));
    check("close", is_answered, providers.decide(office, in(state).id, {Kind::close, "", {}}));
    check("return", is_answered, providers.decide(office, in(state).id, {Kind::send_back, "x", clock.now() + 1h}));
    check("withdraw", is_open || is_answered, providers.decide(office, in(state).id, {Kind::withdraw, "x", {}}));
    const auto noted = providers.note(company, in(state).id);
    const bool was_noted = state != ProviderState::withdrawn;
    check("note", was_noted, noted);
  }
}

TEST_F(ProviderBookTest, NobodyElseSeesOrActs) {
  const ProviderRequest asked = made();
  EXPECT_TRUE(providers.note(stranger, asked.id).error().is(provider_request_unknown));
  EXPECT_TRUE(providers.answer(stranger, asked.id, "x", {}).error().is(provider_request_unknown));
  EXPECT_TRUE(providers.note(office, asked.id).error().is(provider_request_unknown)) << "who asked does not answer";
  EXPECT_TRUE(providers.decide(company, asked.id, {Kind::withdraw, "x", {}}).error().is(directory::not_allowed));
  ProviderBook::Actor retired = company;
  retired.caller.require = [](Action, const directory::Object&) -> Result<void> {
    return Error(directory::not_allowed, "không", "no");
  };
  EXPECT_TRUE(providers.note(retired, asked.id).error().is(directory::not_allowed)) << "the role is over";
  NewProviderRequest elsewhere = asking();
  elsewhere.agency = other;
  EXPECT_TRUE(providers.ask(office, elsewhere).error().is(directory::not_allowed));
  EXPECT_EQ(providers.list_of(company_account)->size(), 1U);
  EXPECT_TRUE(providers.list_of(stranger_account)->empty());
  EXPECT_EQ(kinds(*providers.find(asked.id)), Strings{"asked"}) << "and nothing has changed";
}

TEST_F(ProviderBookTest, BadInputIsNamedAndChangesNothing) {
  const auto fails = [&](const auto& edit, const ErrorKind& kind) {
    NewProviderRequest bad = asking();
    edit(bad);
    const auto refused = providers.ask(office, bad);
    ASSERT_FALSE(refused) << kind.name;
    EXPECT_TRUE(refused.error().is(kind)) << kind.name << " " << refused.error().text();
  };
  fails([](auto& bad) { bad.about.reset(); }, provider_about_nothing);
  fails([&](auto& bad) { bad.about->agency = other; }, provider_about_other);
  fails([](auto& bad) { bad.kind = "sing"; }, unknown_choice);
  fails([](auto& bad) { bad.text = " \n"; }, text_missing);
  fails([](auto& bad) { bad.legal_basis = ""; }, text_missing);
  fails([](auto& bad) { bad.provider = ""; }, text_missing);
  fails([&](auto& bad) { bad.due = clock.now(); }, provider_due_over);
  fails([&](auto& bad) { bad.accounts.resize(provider_accounts_max + 1, AccountId::make(clock.now(), random)); },
        too_many);
  EXPECT_TRUE(providers.list()->empty());
  const ProviderRequest asked = made();
  EXPECT_EQ(asked.number, "YC-2026-0001") << "no number was used up";
  EXPECT_TRUE(providers.answer(company, asked.id, " ", {}).error().is(text_missing));
  EXPECT_TRUE(providers.answer(company, asked.id, "x", {{"tệp", "abc"}}).error().is(provider_file));
  EXPECT_TRUE(providers.answer(company, asked.id, "x", {{" ", std::string(64, 'a')}}).error().is(provider_file));
  const ProviderFile file{"tệp", std::string(64, 'a')};
  EXPECT_TRUE(providers.answer(company, asked.id, "x", std::vector(provider_files_max + 1, file)).error().is(too_many));
  EXPECT_TRUE(providers.ask_delay(company, asked.id, clock.now() - 1s, "x").error().is(provider_due_over));
  EXPECT_TRUE(providers.ask_delay(company, asked.id, asked.due, "x").error().is(provider_delay_short));
  EXPECT_TRUE(providers.ask_delay(company, asked.id, asked.due + 1h, " ").error().is(text_missing));
  EXPECT_TRUE(providers.decide(office, asked.id, {Kind::withdraw, " ", {}}).error().is(text_missing));
  EXPECT_TRUE(providers.decide(office, asked.id, {Kind::grant_delay, "", {}}).error().is(provider_delay_none));
  ProviderAnswer letter;
  letter.document = "12/CV";
  letter.text = "x";
  letter.at = asked.asked_at - 1h;
  EXPECT_TRUE(providers.record_letter(office, asked.id, letter).error().is(ends_before_start));
  letter.at = clock.now() + 24h;
  EXPECT_TRUE(providers.record_letter(office, asked.id, letter).error().is(time_in_future));
  const auto missing = ProviderRequestId::make(clock.now(), random);
  EXPECT_TRUE(providers.find(missing).error().is(provider_request_unknown));
  EXPECT_TRUE(providers.note(company, missing).error().is(provider_request_unknown));
  EXPECT_EQ(kinds(*providers.find(asked.id)), Strings{"asked"});
}

TEST_F(ProviderBookTest, WhatIsLateIsSaidOnceForEachDeadline) {
  const ProviderRequest asked = made();
  EXPECT_TRUE(providers.remind()->empty());
  clock.set(asked.due + 1s);
  EXPECT_TRUE(providers.find(asked.id)->is_overdue(clock.now()));
  ASSERT_EQ(providers.remind()->size(), 1U);
  EXPECT_TRUE(providers.remind()->empty()) << "once";
  EXPECT_EQ(told().size(), 2U);
  ASSERT_TRUE(providers.answer(company, asked.id, "Muộn", {}));
  EXPECT_FALSE(providers.find(asked.id)->is_overdue(clock.now()));
  const Time again = clock.now() + 24h;
  ASSERT_TRUE(providers.decide(office, asked.id, {Kind::send_back, "Thiếu", again}));
  EXPECT_TRUE(providers.remind()->empty());
  clock.set(again + 1s);
  EXPECT_EQ(providers.remind()->size(), 1U) << "the new deadline was missed, too";
  EXPECT_TRUE(providers.remind()->empty());
}

TEST_F(ProviderBookTest, TheMostUrgentComeFirst) {
  NewProviderRequest soon = asking();
  soon.due = clock.now() + 1h;
  const auto late = made(), closed = made();
  const auto first = *providers.ask(office, soon);
  const auto answered = made();
  ASSERT_TRUE(providers.answer(company, answered.id, "x", {}));
  ASSERT_TRUE(providers.decide(office, closed.id, {Kind::withdraw, "x", {}}));
  Strings order;
  const auto all = *providers.list();
  for (const ProviderRequest& each : all) order.push_back(each.number);
  EXPECT_EQ(order, (Strings{first.number, late.number, answered.number, closed.number}));
}

TEST_F(ProviderBookTest, TheDutyToJoinInMonitoringRestsOnTheAnswers) {
  const auto record = [&] {
    std::map<std::string, DutyRecord> all;
    EXPECT_TRUE(add_provider_records(providers, agency, clock.now(), all));
    EXPECT_EQ(all.size(), 1U);
    return all.at("provider_answer");
  };
  EXPECT_EQ(record().waiting, 0U);
  made("block");
  EXPECT_EQ(record().waiting, 0U) << "not what that duty asks";
  const ProviderRequest asked = made("monitor");
  EXPECT_EQ(record().waiting, 1U);
  EXPECT_EQ(record().due_at, asked.due);
  EXPECT_EQ(record().act, asked.act);
  ASSERT_TRUE(providers.answer(company, asked.id, "Đã cử người", {}));
  EXPECT_EQ(record().waiting, 0U);
  EXPECT_EQ(record().kept, 1U);
  EXPECT_EQ(record().newest, clock.now());
  EXPECT_FALSE(record().newest_act.empty());
  const ProviderRequest dropped = made("monitor");
  ASSERT_TRUE(providers.decide(office, dropped.id, {Kind::withdraw, "Nhầm", {}}));
  EXPECT_EQ(record().waiting, 0U) << "withdrawn is nothing";
  clock.advance(duty_days + 24h);
  EXPECT_EQ(record().kept, 0U) << "of late";
}

}  // namespace
}  // namespace luy::incident
