// Goal: one act ends what a leaver has here and makes an item of everything they hold elsewhere; an item is over when
// the inventory says so or, where it cannot see, when somebody answers for it; nothing is closed before.
// Method: the real directory, inventory and links over one database; the clock moved past the last day.
#include "people/leave_book.h"

#include "people/fixture.h"
#include "people/text.h"

namespace luy::people {
namespace {

using directory::Role;

struct LeaveTest : testing::Test {
  LeaveTest() : w(inventory::test_start()) {
    w.open(all_migrations());
    directory::Options options;
    options.passwords = directory::password_cost_of_tests;
    directory = *directory::Directory::open(*w.database, sink, w.clock, w.random, options);
    directory::FirstSetup setup;
    setup.agency_code = "UBND";
    setup.agency_name = "Ủy ban nhân dân phường Bỉm Sơn";
    setup.person_name = "Nguyễn Thị Lan";
    setup.username = "quantri";
    agency = directory->set_up(setup)->agency;
    const auto ward = directory->agencies().create(
        caller, {"VHTT", "Phòng Văn hóa", "", directory::AgencyKind::department, agency, std::nullopt});
    other = ward->id;
    leaver = account("an", Role::staff);
    links = *LinkBook::open({*w.database, directory->audit(), w.clock, {}});
    book = std::make_unique<LeaveBook>(LeaveBook::Dependencies{
        *w.database, directory->audit(), w.clock, w.random, directory->people(), *w.inventory, *links,
        [this](ItemKind kind, const PersonId&) {
          std::vector<LeaveBook::Holding> out;
          std::copy_if(held.begin(), held.end(), std::back_inserter(out),
                       [&](const auto& one) { return one.kind == kind; });
          return out;
        },
        [this](const Leave& one) { told.push_back(one.agency); }});
  }
  directory::Account account(const std::string& username, Role role) {
    return directory->accounts().create(caller, {agency, "Trần Văn " + username, username, {{role, agency}}})->account;
  }
  Person person(const directory::Account& one) { return {one.person, one.display_name, "", agency}; }
  void report(const DeviceId& device, std::vector<fact::Account> accounts) {
    fact::Accounts body;
    body.shadow_readable = true;
    body.accounts = std::move(accounts);
    w.clock.advance(1s);
    w.report(device, body);
  }
  static fact::Account login(const std::string& name, std::int64_t uid = 1000) {
    fact::Account out;
    out.name = name;
    out.uid = uid;
    out.can_log_in = true;
    out.password = "set";
    out.login_keys = 0;
    return out;
  }
  void link(const DeviceId& device, const std::string& name, const Person& to) {
    WantedLink wanted;
    wanted.key = {device, name};
    wanted.uid = 1000;
    wanted.agency = agency;
    wanted.person = to;
    ASSERT_TRUE(links->link(caller, who, permit, {&wanted, 1}, "x"));
  }
  NewLeave wanted(int days_from_now) {
    NewLeave out;
    out.person = leaver.person;
    out.last_day = day_of(w.clock.now()) + days(days_from_now);
    out.reason = "Nghỉ hưu";
    return out;
  }
  Leave now(const Leave& one) { return *book->find(one.id); }
  static const LeaveItem& item(const Leave& leave, ItemKind kind) {
    for (const LeaveItem& one : leave.items) {
      if (one.kind == kind) return one;
    }
    LUY_CHECK_MSG(false, name_of(kind));
    return leave.items.front();
  }
  bool enabled() { return directory->accounts().find(leaver.id)->enabled; }
  std::vector<std::string> acts() const { return sink.acts(); }

  inventory::World w;
  directory::KeptAudit sink;
  std::unique_ptr<directory::Directory> directory;
  directory::Caller caller = directory::server_operator();
  Who who{std::nullopt, std::nullopt, "Nguyễn Thị Lan"};
  LeaveBook::Permit permit = [](const AgencyId&) -> Result<void> { return {}; };
  AgencyId agency, other;
  directory::Account leaver;
  std::unique_ptr<LinkBook> links;
  std::vector<LeaveBook::Holding> held;  // That the inventory does not see.
  std::vector<AgencyId> told;
  std::unique_ptr<LeaveBook> book;
};

TEST_F(LeaveTest, OneActEndsTheAccountAndListsEverythingElse) {
  const DeviceId server = w.enrol("may-1", agency);
  const DeviceId laptop = w.enrol("may-2", agency);
  inventory::DeviceEdit edit;
  edit.person = leaver.person;
  ASSERT_TRUE(w.inventory->edit(laptop, edit));
  report(server, {login("an"), login("root", 0)});
  link(server, "an", person(leaver));
  held = {{ItemKind::signature, "chungthu", "CN=Trần Văn An"}};
  told.clear();

  const Leave made = *book->open(caller, who, wanted(0));
  EXPECT_EQ(made.number, "NV-2026-001");
  EXPECT_EQ(made.state, LeaveState::open);
  EXPECT_FALSE(enabled());
  EXPECT_EQ(told, std::vector<AgencyId>{agency});
  const json::object entry = sink.last();
  EXPECT_EQ(entry.at("event.action").as_string(), "leave_open");
  EXPECT_EQ(entry.at("luy.after").at("proof_of").as_string(), made.id.text());
  ASSERT_EQ(made.items.size(), 4U);
  EXPECT_EQ(now(made).items.size(), 4U) << "and comes back whole";
  EXPECT_EQ(item(made, ItemKind::product_account).state, ItemState::done);
  EXPECT_EQ(item(made, ItemKind::device_account).name, "an@may-1");
  EXPECT_EQ(made.open_items(), 3U);
  EXPECT_TRUE(book->open(caller, who, wanted(0)).error().is(leave_exists));

  // By hand only what the inventory does not see.
  const LeaveItemId account_item = item(made, ItemKind::device_account).id;
  EXPECT_TRUE(book->done(caller, who, permit, made.id, account_item, "Đã khóa").error().is(still_alive));
  EXPECT_TRUE(book->close(caller, permit, made.id).error().is(people::leave_open));
  ASSERT_TRUE(book->settle());
  EXPECT_EQ(now(made).open_items(), 3U);
  report(server, {login("root", 0)});
  const std::uint64_t proof = w.next_seq - 1;
  ASSERT_TRUE(book->settle());
  const LeaveItem seen = item(now(made), ItemKind::device_account);
  EXPECT_EQ(seen.state, ItemState::done);
  EXPECT_EQ(seen.seq, proof);
  EXPECT_TRUE(seen.done_by.name.empty());
  // It comes back to life, and the item with it.
  report(server, {login("an")});
  ASSERT_TRUE(book->settle());
  EXPECT_EQ(item(now(made), ItemKind::device_account).state, ItemState::open);
  report(server, {});
  ASSERT_TRUE(w.inventory->hand_over(laptop, other));
  held.clear();
  ASSERT_TRUE(book->settle());
  EXPECT_EQ(now(made).open_items(), 0U);

  const Leave closed = *book->close(caller, permit, made.id);
  EXPECT_EQ(closed.state, LeaveState::closed);
  EXPECT_EQ(directory->people().find(leaver.person)->state, directory::PersonState::gone);
  EXPECT_TRUE(book->close(caller, permit, made.id).error().is(leave_over));
  EXPECT_TRUE(book->done(caller, who, permit, made.id, account_item, "x").error().is(leave_over));
}

TEST_F(LeaveTest, WhatIsWaivedSaysWhyAndNamesBoth) {
  held = {{ItemKind::signature, "chungthu", "CN=Trần Văn An"}};
  const Leave made = *book->open(caller, who, wanted(0));
  const LeaveItemId lost = item(made, ItemKind::signature).id;
  const directory::Account second = account("binh", Role::agency_head);
  directory::Caller decider = caller;
  bool allowed = true;
  decider.require = [&](directory::Action action, const directory::Object& where) -> Result<void> {
    EXPECT_EQ(action, directory::Action::leave_manage);
    EXPECT_EQ(where.agencies, std::vector<AgencyId>{agency});
    if (!allowed) return Error(directory::not_allowed, "thử");
    return {};
  };
  decider.agreed_by = "binh";
  json::object body{{"leave", made.id.text()},
                    {"item", lost.text()},
                    {"above", json::array{agency.text()}},
                    {"by", "Nguyễn Thị Lan"},
                    {"reason", "Thiết bị đã hỏng, đã lập biên bản"}};
  directory::AuditEntry entry;
  const directory::ActKind act = book->waive_act();
  ASSERT_TRUE(w.database->read([&](records::Connection& c) -> Result<void> {
    EXPECT_EQ(*act.places(c, body), std::vector<AgencyId>{agency});
    return {};
  }));
  const auto waive = [&] {
    return w.database->write(
        [&](records::Connection& c) -> Result<json::object> { return act.run(c, decider, body, entry); });
  };
  allowed = false;
  EXPECT_TRUE(waive().error().is(directory::not_allowed));
  allowed = true;
  body["reason"] = " ";
  EXPECT_FALSE(waive());
  body["item"] = LeaveItemId::make(w.clock.now(), w.random).text();
  EXPECT_TRUE(waive().error().is(leave_item_unknown));
  EXPECT_EQ(now(made).open_items(), 1U);
  body["item"] = lost.text();
  body["reason"] = "Thiết bị đã hỏng, đã lập biên bản";
  ASSERT_TRUE(waive());
  const LeaveItem over = item(now(made), ItemKind::signature);
  EXPECT_EQ(over.state, ItemState::waived);
  EXPECT_EQ(over.how, "Thiết bị đã hỏng, đã lập biên bản");
  EXPECT_EQ(over.done_by.name, "Nguyễn Thị Lan, " + second.display_name);
  EXPECT_EQ(entry.object, "person:" + leaver.person.text());
  EXPECT_EQ(entry.after.at("number").as_string(), made.number);
  EXPECT_TRUE(waive().error().is(leave_over)) << "once";
  EXPECT_EQ(now(made).open_items(), 0U);
}

TEST_F(LeaveTest, APlannedLeaveEndsAccessWithTheLastDay) {
  const Leave made = *book->open(caller, who, wanted(3));
  EXPECT_EQ(made.state, LeaveState::planned);
  EXPECT_TRUE(enabled());
  EXPECT_TRUE(book->close(caller, permit, made.id).error().is(leave_over));
  w.clock.advance(made.due() - w.clock.now() - 1us);
  ASSERT_TRUE(book->settle());
  EXPECT_TRUE(enabled());
  EXPECT_FALSE(now(made).overdue(w.clock.now()));
  w.clock.advance(1us);
  EXPECT_TRUE(now(made).overdue(w.clock.now()));
  ASSERT_TRUE(book->settle());
  EXPECT_FALSE(enabled());
  EXPECT_EQ(now(made).state, LeaveState::open);
  EXPECT_FALSE(now(made).overdue(w.clock.now()));
  EXPECT_TRUE(book->withdraw(caller, permit, made.id, "Ở lại").error().is(leave_over));
  ASSERT_TRUE(book->close(caller, permit, made.id));
}

TEST_F(LeaveTest, AWithdrawnLeaveNeverWas) {
  const Leave made = *book->open(caller, who, wanted(3));
  EXPECT_TRUE(book->withdraw(caller, permit, made.id, " ").error().is(text_invalid));
  ASSERT_TRUE(book->withdraw(caller, permit, made.id, "Ở lại"));
  EXPECT_TRUE(book->find(made.id).error().is(leave_unknown));
  EXPECT_EQ(directory->people().find(leaver.person)->state, directory::PersonState::active);
  w.clock.advance(days(5));
  ASSERT_TRUE(book->settle());
  EXPECT_TRUE(enabled());
  EXPECT_EQ(book->open(caller, who, wanted(3))->number, "NV-2026-002") << "a number is given once";
}

TEST_F(LeaveTest, WhoMovesKeepsTheirAccountAndLosesTheirRoles) {
  NewLeave move = wanted(-1);
  EXPECT_TRUE(book->open(caller, who, move));
  const directory::Account mover = account("binh", Role::staff);
  move.person = mover.person;
  move.kind = LeaveKind::move;
  EXPECT_TRUE(book->open(caller, who, move).error().is(leave_invalid)) << "where to";
  move.to = other;
  const Leave made = *book->open(caller, who, move);
  EXPECT_EQ(made.agency, agency) << "the case is of the agency that was left";
  const directory::Account after = *directory->accounts().find(mover.id);
  EXPECT_TRUE(after.enabled);
  EXPECT_EQ(after.agency, other);
  const Day today = day_of(w.clock.now());
  for (const directory::Grant& grant : after.grants) EXPECT_FALSE(grant.valid_on(today));
  EXPECT_TRUE(book->close(caller, permit, made.id));
  EXPECT_EQ(directory->people().find(mover.person)->state, directory::PersonState::active);

  const directory::Account later = account("chi", Role::staff);
  move.person = later.person;
  move.last_day = today + days(2);
  const Leave planned = *book->open(caller, who, move);
  EXPECT_EQ(directory->accounts().find(later.id)->agency, agency) << "only tried, and taken back";
  w.clock.advance(days(3));
  ASSERT_TRUE(book->settle());
  EXPECT_EQ(directory->accounts().find(later.id)->agency, other);
  EXPECT_EQ(now(planned).state, LeaveState::open);
}

TEST_F(LeaveTest, WhatComesToLightLaterJoinsTheCase) {
  const Leave made = *book->open(caller, who, wanted(0));
  EXPECT_EQ(made.open_items(), 0U);
  const DeviceId server = w.enrol("may-1", agency);
  report(server, {login("an")});
  link(server, "an", person(leaver));
  ASSERT_TRUE(book->settle());
  EXPECT_EQ(now(made).open_items(), 1U);
  ASSERT_TRUE(book->settle());
  EXPECT_EQ(now(made).open_items(), 1U) << "once";
  // Handed over to somebody else.
  link(server, "an", person(account("binh", Role::staff)));
  ASSERT_TRUE(book->settle());
  EXPECT_EQ(now(made).open_items(), 0U);

  NewLeaveItem mail;
  mail.name = "Hòm thư công vụ";
  mail.system = "Thư điện tử tỉnh";
  const Leave with = *book->add_item(caller, permit, made.id, mail);
  const LeaveItemId task = item(with, ItemKind::other_account).id;
  ASSERT_TRUE(book->settle());
  EXPECT_EQ(now(made).open_items(), 1U) << "nobody can see it from here";
  EXPECT_TRUE(book->done(caller, who, permit, made.id, task, "").error().is(text_invalid));
  ASSERT_TRUE(book->done(caller, who, permit, made.id, task, "Sở KHCN xác nhận đã khóa"));
  ASSERT_TRUE(book->settle());
  EXPECT_EQ(now(made).open_items(), 0U);
  mail.kind = ItemKind::signature;
  EXPECT_TRUE(book->add_item(caller, permit, made.id, mail).error().is(leave_invalid));
}

TEST_F(LeaveTest, AnUnreadableDeviceProvesNothing) {
  const DeviceId server = w.enrol("may-1", agency);
  report(server, {login("an")});
  link(server, "an", person(leaver));
  const Leave made = *book->open(caller, who, wanted(0));
  fact::Accounts body;
  body.shadow_readable = false;
  w.report(server, body);
  ASSERT_TRUE(book->settle());
  EXPECT_EQ(now(made).open_items(), 1U);
  body.shadow_readable = true;
  fact::Account locked = login("an");
  locked.can_log_in = false;
  locked.password = "locked";
  locked.login_keys.reset();
  body.accounts = {locked};
  w.report(server, body);
  ASSERT_TRUE(book->settle());
  EXPECT_EQ(now(made).open_items(), 1U) << "a key may still let them in";
  body.accounts.front().login_keys = 0;
  w.report(server, body);
  ASSERT_TRUE(book->settle());
  EXPECT_EQ(now(made).open_items(), 0U);
}

TEST_F(LeaveTest, TokensEndWithTheAccountAndWhatWasNeverSignedIsAskedFor) {
  held = {{ItemKind::api_token, "token", "Máy quét đêm"},
          {ItemKind::commitment, leaver.person.text(), "Trần Văn an"},
          {ItemKind::appointment, "phancong", "12/QĐ-UBND"}};
  const Leave planned = *book->open(caller, who, wanted(3));
  EXPECT_EQ(planned.open_items(), 4U) << "the account too";
  held.erase(held.begin());  // Revoked before the day.
  held.push_back({ItemKind::api_token, "token-2", "Máy in"});
  ASSERT_TRUE(book->settle());
  EXPECT_EQ(now(planned).items.size(), 5U) << "what came to light";
  for (const LeaveItem& one : now(planned).items) {
    EXPECT_EQ(one.state == ItemState::done, one.ref == "token") << title_of(one).en;
  }
  w.clock.set(planned.due());
  ASSERT_TRUE(book->settle());
  const Leave begun = now(planned);
  EXPECT_EQ(begun.state, LeaveState::open);
  for (const LeaveItem& one : begun.items) {
    const bool is_ended = one.kind == ItemKind::product_account || one.kind == ItemKind::api_token;
    EXPECT_EQ(one.state, is_ended ? ItemState::done : ItemState::open) << title_of(one).en;
  }
  // The directory has revoked it.
  std::erase_if(held, [](const auto& one) { return one.kind == ItemKind::api_token; });
  const LeaveItemId appointment = item(begun, ItemKind::appointment).id;
  EXPECT_TRUE(book->done(caller, who, permit, begun.id, appointment, "Đã thu hồi").error().is(still_alive));
  const LeaveItemId commitment = item(begun, ItemKind::commitment).id;
  ASSERT_TRUE(book->done(caller, who, permit, begun.id, commitment, "Đã ký bản giấy ngày 25/11/2026"));
  ASSERT_TRUE(book->settle());
  EXPECT_EQ(item(now(begun), ItemKind::commitment).state, ItemState::done) << "and stays so";
  held.erase(
      std::remove_if(held.begin(), held.end(), [](const auto& one) { return one.kind == ItemKind::appointment; }),
      held.end());
  ASSERT_TRUE(book->settle());
  EXPECT_EQ(now(begun).open_items(), 0U);
  EXPECT_TRUE(book->close(caller, permit, begun.id));
}

TEST_F(LeaveTest, ACommitmentIsSeenToBeSigned) {
  held = {{ItemKind::commitment, leaver.person.text(), "Trần Văn an"}};
  const Leave planned = *book->open(caller, who, wanted(3));
  EXPECT_EQ(item(planned, ItemKind::commitment).state, ItemState::open);
  held.clear();
  ASSERT_TRUE(book->settle());
  EXPECT_EQ(item(now(planned), ItemKind::commitment).state, ItemState::done);
}

TEST_F(LeaveTest, WhoMovesKeepsWhatTheyCommittedThemselvesTo) {
  held = {{ItemKind::api_token, "token", "Máy quét đêm"},
          {ItemKind::commitment, leaver.person.text(), "Trần Văn an"},
          {ItemKind::signature, "chungthu", "CN=Trần Văn An"},
          {ItemKind::appointment, "phancong", "12/QĐ-UBND"}};
  NewLeave move = wanted(0);
  move.kind = LeaveKind::move;
  move.to = other;
  const Leave made = *book->open(caller, who, move);
  ASSERT_EQ(made.items.size(), 2U);
  EXPECT_EQ(item(made, ItemKind::api_token).state, ItemState::done);
  EXPECT_EQ(item(made, ItemKind::appointment).state, ItemState::open);
}

TEST_F(LeaveTest, TheDutyIsLateFromTheEndOfTheLastDay) {
  EXPECT_EQ(book->duty_record(agency)->waiting, 0U);
  const DeviceId server = w.enrol("may-1", agency);
  report(server, {login("an")});
  link(server, "an", person(leaver));
  const Leave made = *book->open(caller, who, wanted(0));
  DutyRecord record = *book->duty_record(agency);
  EXPECT_EQ(record.waiting, 1U);
  EXPECT_EQ(record.due_at, made.due());
  EXPECT_EQ(record.act, made.id.text());
  EXPECT_EQ(book->duty_record(other)->waiting, 0U);
  report(server, {});
  ASSERT_TRUE(book->settle());
  record = *book->duty_record(agency);
  EXPECT_EQ(record.waiting, 1U) << "it waits to be closed";
  EXPECT_FALSE(record.due_at) << "and nobody is late";
  ASSERT_TRUE(book->close(caller, permit, made.id));
  record = *book->duty_record(agency);
  EXPECT_EQ(record.waiting, 0U);
  EXPECT_EQ(record.kept, 1U);
  EXPECT_EQ(record.newest_act, now(made).close_act);
  w.clock.advance(duty_days);
  EXPECT_EQ(book->duty_record(agency)->kept, 0U);
}

TEST_F(LeaveTest, ARefusedActChangesNothing) {
  const auto nobody = [](const AgencyId&) -> Result<void> { return Error(directory::not_allowed, "không"); };
  const Leave made = *book->open(caller, who, wanted(3));
  EXPECT_TRUE(book->close(caller, nobody, made.id).error().is(directory::not_allowed));
  EXPECT_TRUE(book->withdraw(caller, nobody, made.id, "x").error().is(directory::not_allowed));
  EXPECT_TRUE(book->add_item(caller, nobody, made.id, {ItemKind::other_account, "a", "", {}})
                  .error()
                  .is(directory::not_allowed));
  EXPECT_EQ(acts().back(), "leave_item_add directory.not_allowed");
  EXPECT_EQ(now(made).items.size(), 1U);
  NewLeave bad = wanted(367);
  EXPECT_TRUE(book->open(caller, who, bad).error().is(leave_invalid));
  bad = wanted(-367);
  EXPECT_TRUE(book->open(caller, who, bad).error().is(leave_invalid));
}

}  // namespace
}  // namespace luy::people
