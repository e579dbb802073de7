#include "software/request_book.h"

#include "device_policy/software_list.h"
#include "software/fixture.h"
#include "software/list.h"

namespace luy::software {
namespace {

using State = SoftwareRequest::State;
struct RequestBookTest : SoftwareTest {
  inventory::NewApproval approval() const {
    inventory::NewApproval out;
    out.agency = w.ward;
    out.items = {{"libreoffice-writer", "7.4.*"}, {"libreoffice-calc", "*"}};
    out.classes = {inventory::DeviceClass::workstation};
    out.expires_on = day_of(w.clock.now()) + days(90);
    out.licence = inventory::Licence{inventory::LicenceKind::free, 20, {}};
    out.note = "Dùng cho văn thư";
    out.approved_by = "Trần Thị B";
    return out;
  }
};

TEST_F(RequestBookTest, AnApprovedRequestIsInTheCatalogueAndTheAskerSeesIt) {
  const SoftwareRequest asked = book->ask(caller, wish()).value();
  EXPECT_EQ(asked.state, State::waiting);
  ASSERT_EQ(book->all().size(), 1U);
  const SoftwareRequest done = book->approve(caller, *w.inventory, asked.id, approval()).value();
  EXPECT_EQ(done.state, State::approved);
  EXPECT_EQ(done.decided_by, "Trần Thị B");
  ASSERT_EQ(done.approvals.size(), 2U);
  const auto kept = w.inventory->approval(done.approvals.front());
  ASSERT_TRUE(kept);
  EXPECT_EQ(kept->licence->seats, 20);
  EXPECT_EQ(sink.acts(), (std::vector<std::string>{"software_request", "software_request_approved"}));
  reopen();
  const SoftwareRequest again = book->find(asked.id).value();
  EXPECT_EQ(again.state, State::approved);
  EXPECT_EQ(again.approvals, done.approvals);
  EXPECT_EQ(again.decided_at, done.decided_at);
  EXPECT_EQ(again.why, "Soạn văn bản");
  EXPECT_EQ(w.inventory->approval(done.approvals.front())->licence, kept->licence);
}

TEST_F(RequestBookTest, WhatWasDecidedIsOver) {
  const SoftwareRequest asked = book->ask(caller, wish()).value();
  EXPECT_EQ(book->refuse(caller, asked.id, "Trần Thị B", "Đã có phần mềm khác").value().reason, "Đã có phần mềm khác");
  EXPECT_TRUE(book->refuse(caller, asked.id, "Trần Thị B", "lần nữa").error().is(request_over));
  EXPECT_TRUE(book->approve(caller, *w.inventory, asked.id, approval()).error().is(request_over));
  EXPECT_TRUE(book->withdraw(caller, asked.id, staff).error().is(request_over));
  EXPECT_TRUE(w.inventory->approvals().empty());
  reopen();
  EXPECT_EQ(book->find(asked.id)->state, State::refused);
  const RequestId nobody = RequestId::make(w.clock.now(), w.random);
  EXPECT_TRUE(book->refuse(caller, nobody, "Trần Thị B", "không").error().is(request_unknown));
}

TEST_F(RequestBookTest, OnlyTheAskerTakesItBack) {
  const SoftwareRequest asked = book->ask(caller, wish()).value();
  const AccountId other = AccountId::make(w.clock.now(), w.random);
  EXPECT_TRUE(book->withdraw(caller, asked.id, other).error().is(request_unknown));
  EXPECT_EQ(book->find(asked.id)->state, State::waiting);
  EXPECT_TRUE(book->withdraw(caller, asked.id, staff));
  EXPECT_EQ(book->find(asked.id)->state, State::withdrawn);
}

TEST_F(RequestBookTest, AnApprovalThatCannotBeLeavesTheRequestWaiting) {
  const SoftwareRequest asked = book->ask(caller, wish()).value();
  inventory::NewApproval wanted = approval();
  wanted.items.front().versions = "7.*.1";
  EXPECT_TRUE(book->approve(caller, *w.inventory, asked.id, wanted).error().is(inventory::approval_invalid));
  wanted = approval();
  wanted.licence->seats = 0;
  EXPECT_TRUE(book->approve(caller, *w.inventory, asked.id, wanted).error().is(inventory::approval_invalid));
  wanted = approval();
  wanted.licence->expires_on = day_of(w.clock.now()) - days(1);
  EXPECT_TRUE(book->approve(caller, *w.inventory, asked.id, wanted).error().is(inventory::approval_invalid));
  EXPECT_EQ(book->find(asked.id)->state, State::waiting);
  EXPECT_TRUE(w.inventory->approvals().empty());
}

TEST_F(RequestBookTest, BlankAndEndlessRequestsAreRefused) {
  for (const auto field : {&SoftwareRequest::product, &SoftwareRequest::why, &SoftwareRequest::device}) {
    for (const std::string& text : {std::string(), std::string(" \n"), std::string(request_text_bytes_max + 1, 'x'),
                                    std::string("a\0b", 3), std::string("\xff")}) {
      SoftwareRequest wanted = wish();
      wanted.*field = text;
      EXPECT_TRUE(book->ask(caller, wanted).error().is(request_invalid));
    }
  }
  for (std::size_t i = 0; i < requests_open_per_person_max; ++i) ASSERT_TRUE(book->ask(caller, wish()));
  EXPECT_TRUE(book->ask(caller, wish()).error().is(requests_too_many));
  ASSERT_TRUE(book->withdraw(caller, book->all().front().id, staff));
  EXPECT_TRUE(book->ask(caller, wish()));
}

TEST_F(RequestBookTest, ALicenceThatEndsEndsTheApproval) {
  install(device, {{"tool", "1", "lan"}});
  inventory::NewApproval wanted = approval();
  wanted.items = {{"tool", "*"}};
  wanted.expires_on.reset();
  wanted.licence = inventory::Licence{inventory::LicenceKind::subscribed, {}, day_of(w.clock.now()) + days(3)};
  ASSERT_TRUE(w.inventory->approve(wanted));
  EXPECT_TRUE(w.inventory->software(device)->front().approval);
  EXPECT_EQ(w.inventory->software(device)->front().installed_by, "lan");
  w.clock.advance(std::chrono::hours(24 * 5));
  ASSERT_TRUE(w.inventory->expire());
  const auto ended = w.inventory->software(device)->front();
  EXPECT_FALSE(ended.approval);
  ASSERT_TRUE(ended.ended);
  EXPECT_LE(*ended.ended, w.clock.now());
}

TEST_F(RequestBookTest, TheListHoldsWhatReachesTheDevice) {
  allow(w.town, "of-the-town");
  allow(w.ward, "of-the-ward", day_of(w.clock.now()) + days(3));
  allow(w.other_ward, "of-the-other");
  inventory::NewApproval servers = approval();
  servers.classes = {inventory::DeviceClass::server};
  servers.items = {{"of-servers", "*"}};
  ASSERT_TRUE(w.inventory->approve(servers));
  const auto names = [&](Time now) {
    const std::string content =
        list_content_for(w.inventory->approvals(), w.lineage(w.ward), inventory::DeviceClass::workstation, now);
    const std::string whole = device_policy::to_list(device.text(), now, content).value();
    std::vector<std::string> out;
    const auto read = device_policy::read_list(whole).value();
    for (const auto& one : read.products) out.push_back(one.name);
    return out;
  };
  EXPECT_EQ(names(w.clock.now()), (std::vector<std::string>{"of-the-town", "of-the-ward"}));
  EXPECT_EQ(names(w.clock.now() + std::chrono::hours(24 * 5)), std::vector<std::string>{"of-the-town"});
}

}  // namespace
}  // namespace luy::software
