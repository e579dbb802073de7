// Goal: a device for state secrets changes room and keeper by an approved hand-over alone; a look at it counts when the
// report fits the code that was issued for it, once; a record that names it is a sighting; the duties follow.
#include "premises/secret_book.h"

#include "premises/fixture.h"
#include "premises/text.h"

namespace luy::premises {
namespace {

using namespace std::chrono_literals;

class SecretTest : public PremisesTest {
 protected:
  SecretTest() {
    officer = {"Trần Thị B", AccountId::make(w.clock.now(), w.random)};
    head = {"Phạm Văn Dũng", AccountId::make(w.clock.now(), w.random)};
  }
  SecretId add(const std::string& label = "BM-01") {
    SecretDevice wanted;
    wanted.agency = w.ward;
    wanted.label = label;
    wanted.serial = "PF3ABC" + label;
    wanted.macs = {"02-00-00-00-00-0A"};
    if (label != "BM-01") wanted.macs.clear();
    wanted.room = "Phòng 105";
    wanted.holder = "Nguyễn Văn An";
    const auto made = secrets->add(caller, wanted);
    EXPECT_TRUE(made) << made.error().text();
    return made ? made->device.id : SecretId();
  }
  fact::OfflineSummary sound() const {
    fact::OfflineSummary s;
    s.day = today();
    s.volumes = 2;
    s.logins = 1;
    s.antivirus_present = s.antivirus_running = true;
    s.signature_days = 3;
    s.serial = fact::serial_mark("PF3ABCBM-01");
    return s;
  }
  Result<SecretBook::Entry> check(const SecretId& id, const fact::OfflineSummary& summary,
                                  const std::string& room = "Phòng 105") {
    w.clock.advance(1s);  // The newest look is the one that came last.
    const auto code = secrets->issue_code(caller, id);
    EXPECT_TRUE(code) << code.error().text();
    return secrets->enter_report(caller, officer, id, fact::report_text(summary, *code), room);
  }
  Move move(const SecretId& id) const {
    Move wanted;
    wanted.device = id;
    wanted.to_room = "Phòng 201";
    wanted.to_holder = "Trần Thị Bình";
    wanted.planned_on = today();
    wanted.reason = "Sửa phòng";
    return wanted;
  }
  SecretBook::Actor officer, head;
};

TEST_F(SecretTest, ChangesRoomAndKeeperByAnApprovedHandOverAlone) {
  const SecretId id = add();
  SecretDevice change = secrets->find(id)->device;
  change.room = "Phòng khác";
  ASSERT_TRUE(secrets->change(caller, change));
  EXPECT_EQ(secrets->find(id)->device.room, "Phòng 105");
  const auto asked = secrets->ask_move(caller, officer, move(id));
  ASSERT_TRUE(asked) << asked.error().text();
  EXPECT_TRUE(secrets->ask_move(caller, officer, move(id)).error().is(move_open));
  const MoveId moving = asked->moves.front().id;
  EXPECT_TRUE(secrets->decide_move(caller, officer, moving, true, "").error().is(move_own));
  EXPECT_TRUE(secrets->finish_move(caller, moving, "NP-1", "Cường", w.clock.now()).error().is(move_state));
  EXPECT_EQ(secrets->handover_record(w.ward).waiting, 1U);
  ASSERT_TRUE(secrets->decide_move(caller, head, moving, true, "Đồng ý"));
  w.clock.advance(1h);
  EXPECT_TRUE(secrets->finish_move(caller, moving, "", "Cường", w.clock.now()).error().is(text_invalid));
  EXPECT_TRUE(secrets->finish_move(caller, moving, "NP-1", "Cường", w.clock.now() + 1h).error().is(secret_invalid));
  EXPECT_EQ(secrets->find(id)->device.room, "Phòng 105");
  ASSERT_TRUE(secrets->finish_move(caller, moving, "NP-1", "Cường", w.clock.now()));
  reopen();
  EXPECT_EQ(secrets->find(id)->device.room, "Phòng 201");
  EXPECT_EQ(secrets->find(id)->device.holder, "Trần Thị Bình");
  EXPECT_EQ(secrets->handover_record(w.ward).waiting, 1U) << "the minutes are to be signed";
  EXPECT_TRUE(secrets->sign_move(caller, moving, today() + days(1)).error().is(secret_invalid));
  ASSERT_TRUE(secrets->sign_move(caller, moving, today()));
  const DutyRecord record = secrets->handover_record(w.ward);
  EXPECT_EQ(record.waiting, 0U);
  EXPECT_EQ(record.kept, 1U);
}

TEST_F(SecretTest, LetsARefusedMoveBeForgotten) {
  const SecretId id = add();
  const auto asked = secrets->ask_move(caller, officer, move(id));
  ASSERT_TRUE(asked);
  ASSERT_TRUE(secrets->decide_move(caller, head, asked->moves.front().id, false, "Chưa cần"));
  EXPECT_EQ(secrets->find(id)->device.room, "Phòng 105");
  EXPECT_EQ(secrets->handover_record(w.ward).waiting, 0U);
  EXPECT_TRUE(secrets->ask_move(caller, officer, move(id)));
}

TEST_F(SecretTest, CountsAReportThatFitsItsCodeOnce) {
  const SecretId id = add();
  EXPECT_EQ(secrets->device_record(w.ward).waiting, 1U) << "it was never checked";
  const auto code = secrets->issue_code(caller, id);
  ASSERT_TRUE(code);
  const std::string report = fact::report_text(sound(), *code);
  reopen();
  const auto enter = [&](const std::string& text) {
    return secrets->enter_report(caller, officer, id, text, "Phòng 105");
  };
  fact::OfflineCode other = *code;
  other[0] ^= 1;
  EXPECT_TRUE(enter(fact::report_text(sound(), other)).error().is(fact::offline_not_proved));
  EXPECT_TRUE(enter(report.substr(1)).error().is(fact::offline_line_wrong));
  EXPECT_TRUE(secrets->find(id)->checks.empty());
  const auto done = enter(report);
  ASSERT_TRUE(done) << done.error().text();
  EXPECT_TRUE(done->checks.front().problems.empty());
  EXPECT_TRUE(enter(report).error().is(check_code_unknown)) << "a code is spent";
  EXPECT_EQ(secrets->device_record(w.ward).kept, 1U);
  reopen();
  EXPECT_EQ(secrets->find(id)->checks.front().summary, sound());
  w.clock.advance(secret_check_period + days(1));
  const DutyRecord late = secrets->device_record(w.ward);
  EXPECT_EQ(late.waiting, 1U);
  EXPECT_LT(*late.due_at, w.clock.now());
}

TEST_F(SecretTest, TakesNoReportForACodeOfLongAgo) {
  const SecretId id = add();
  const auto code = secrets->issue_code(caller, id);
  ASSERT_TRUE(code);
  w.clock.advance(check_code_lifetime + 1s);
  EXPECT_TRUE(secrets->enter_report(caller, officer, id, fact::report_text(sound(), *code), "Phòng 105")
                  .error()
                  .is(check_code_unknown));
}

TEST_F(SecretTest, NamesWhatIsNotAsItMustBe) {
  const SecretId id = add();
  const auto problems = [&](const std::function<void(fact::OfflineSummary&)>& change, const char* room = "Phòng 105") {
    fact::OfflineSummary s = sound();
    change(s);
    const auto done = check(id, s, room);
    EXPECT_TRUE(done) << done.error().text();
    return done ? done->checks.front().problems : std::vector<std::string>();
  };
  using List = std::vector<std::string>;
  EXPECT_EQ(problems([](auto& s) { s.open_volumes = 1; }), List{"disk_open"});
  EXPECT_EQ(problems([](auto& s) { s.disks_unknown = true; }), List{"disk_unknown"});
  EXPECT_EQ(problems([](auto& s) { s.address_set = true; }), List{"network"});
  EXPECT_EQ(problems([](auto& s) { s.logins_without_password = 1; }), List{"account_open"});
  EXPECT_EQ(problems([](auto& s) { s.accounts_unknown = true; }), List{"account_unknown"});
  EXPECT_EQ(problems([](auto& s) { s.logins = 0; }), List{"no_account"});
  EXPECT_EQ(problems([](auto& s) { s.antivirus_running = false; }), List{"antivirus"});
  EXPECT_EQ(problems([](auto& s) { s.serial = fact::serial_mark("KHAC"); }), List{"other_machine"});
  EXPECT_EQ(secrets->handover_record(w.ward).waiting, 0U);
  EXPECT_EQ(problems([](auto&) {}, "Phòng 300"), List{"elsewhere"});
  const DutyRecord moved = secrets->handover_record(w.ward);
  EXPECT_EQ(moved.waiting, 1U) << "it stands elsewhere without a hand-over";
  EXPECT_LE(*moved.due_at, w.clock.now());
}

TEST_F(SecretTest, FindsItsNumbersInWhateverIsReceived) {
  const SecretId id = add();
  const auto by = [&](const char* raw) {
    const auto found = named_in(raw, secrets->needles());
    EXPECT_TRUE(!found || found->device == id);
    return found ? found->by : std::string();
  };
  EXPECT_EQ(by("dhcpd: DHCPACK on 192.0.2.9 to 02:00:00:00:00:0A via eth0"), "mac");
  EXPECT_EQ(by(R"({"mac":"02:00:00:00:00:0a"})"), "mac");
  EXPECT_EQ(by("MAC 0200.0000.000a learned on Gi0/3"), "mac");
  EXPECT_EQ(by("02-00-00-00-00-0a"), "mac");
  EXPECT_EQ(by("usb 1-1: SerialNumber: pf3abcbm-01"), "serial");
  EXPECT_EQ(by("02:00:00:00:00:0a:01 is longer"), "mac");
  EXPECT_EQ(by("a02:00:00:00:00:0a"), "");
  EXPECT_EQ(by("02:00:00:00:00:0ab"), "");
  EXPECT_EQ(by("PF3ABCBM-012"), "");
  EXPECT_EQ(by(""), "");
}

TEST_F(SecretTest, IsViolatedBySightingsUntilSomebodySaysWhatWasBehindThem) {
  const SecretId id = add();
  ASSERT_TRUE(check(id, sound()));
  ASSERT_TRUE(secrets->note_sighting(id, "ward/pc-1/syslog", "mac", w.clock.now(), 7));
  ASSERT_TRUE(secrets->note_sighting(id, "ward/pc-1/syslog", "mac", w.clock.now() + 1min, 8));
  ASSERT_TRUE(secrets->note_sighting(id, "ward/pc-1/syslog", "mac", w.clock.now() + 1min, 8)) << "read again";
  reopen();
  const auto entry = secrets->find(id);
  ASSERT_EQ(entry->sightings.size(), 1U);
  EXPECT_EQ(entry->sightings[0].count, 2U);
  EXPECT_EQ(entry->sightings[0].first_seq, 7U);
  const Conditions told = secrets->conditions();
  ASSERT_EQ(told.size(), 1U);
  EXPECT_EQ(told.begin()->second.severity, finding::Severity::critical);
  EXPECT_EQ(told.begin()->second.story.vi.find("Phòng"), std::string::npos) << "a finding says nothing of rooms";
  EXPECT_EQ(secrets->device_record(w.ward).waiting, 1U);
  EXPECT_TRUE(secrets->close_sightings(caller, officer, id, " ").error().is(text_invalid));
  ASSERT_TRUE(secrets->close_sightings(caller, officer, id, "Ghi nhầm MAC, đã đối chiếu tận nơi"));
  EXPECT_TRUE(secrets->conditions().empty());
  EXPECT_EQ(secrets->device_record(w.ward).kept, 1U);
  w.clock.advance(1h);
  ASSERT_TRUE(secrets->note_sighting(id, "ward/pc-1/syslog", "mac", w.clock.now(), 30));
  EXPECT_EQ(secrets->conditions().size(), 1U) << "seen again after it was closed";
}

TEST_F(SecretTest, RefusesWhatIsWrongAndStaysAsItWas) {
  const SecretId id = add();
  SecretDevice bad = secrets->find(id)->device;
  EXPECT_TRUE(secrets->add(caller, bad).error().is(secret_taken));
  bad.label = "BM-02";
  bad.serial = "123";
  EXPECT_TRUE(secrets->add(caller, bad).error().is(secret_invalid));
  bad.serial.clear();
  bad.macs.clear();
  EXPECT_TRUE(secrets->add(caller, bad).error().is(secret_invalid));
  bad.macs = {"02:00"};
  EXPECT_TRUE(secrets->add(caller, bad).error().is(secret_invalid));
  bad.macs = {"02:00:00:00:00:0b"};
  bad.room = "mk: hoa-sen";
  EXPECT_TRUE(secrets->add(caller, bad).error().is(holds_secret));
  ASSERT_TRUE(secrets->retire(caller, id, "Hủy"));
  EXPECT_TRUE(secrets->issue_code(caller, id).error().is(secret_retired));
  EXPECT_TRUE(secrets->needles().empty());
  EXPECT_TRUE(secrets->list(false).empty());
}

}  // namespace
}  // namespace luy::premises
