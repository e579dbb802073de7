// Goal: one officer who is appointed, there and trained keeps the duty; everything else is told by its name, at the
// exact moment.
// Method: a real database; presence is what the test says.
#include "people/officer.h"

#include "people/account_link.h"
#include "people/fixture.h"
#include "people/text.h"

namespace luy::people {
namespace {

struct OfficerTest : PeopleTest {
  OfficerTest()
      : book({*database, audit, clock, random, days(365), 0.2,
              [this](const PersonId& person) {
                return absent == person ? OfficerBook::Presence{false, {"đi vắng", "is away"}}
                                        : OfficerBook::Presence{true, {}};
              },
              [this](const AgencyId& of) { told.push_back(of); }}) {}
  Result<Appointment> appoint(const PersonId& person, std::optional<Day> until = std::nullopt) {
    return book.appoint(caller, permit(), agency, persons.at(person), "12/QĐ-UBND", day(-1), until);
  }
  Result<std::vector<Training>> train(const PersonId& person, Day when) {
    return book.train(caller, permit(), {{persons.at(person)}, "An toàn thông tin", when, 8, "Sở KHCN"});
  }
  OfficerBook::Permit permit() {
    return [this](const AgencyId& where) { return permitted(where); };
  }
  Day day(int from_now) { return day_of(clock.now()) + days(from_now); }
  std::string urgent() { return book.duty_record(agency)->urgent.en; }
  std::optional<PersonId> absent;
  std::vector<AgencyId> told;
  OfficerBook book;
};

TEST_F(OfficerTest, TheDutyWantsAnOfficerWhoIsThereAndTrained) {
  EXPECT_EQ(urgent(), "Appoint an officer for information security");
  EXPECT_LE(*book.duty_record(agency)->due_at, clock.now());
  const Appointment made = *appoint(lan);
  EXPECT_EQ(sink.last().at("luy.after").at("proof_of").as_string(), made.act);
  EXPECT_EQ(urgent(), "Training of Nguyễn Thị Lan");
  EXPECT_LE(*book.duty_record(agency)->due_at, clock.now()) << "there was none";
  const Training training = train(lan, day(0))->front();
  DutyRecord record = *book.duty_record(agency);
  EXPECT_EQ(record.waiting, 0U);
  EXPECT_EQ(record.kept, 1U);
  EXPECT_EQ(record.newest_act, training.act);
  absent = lan;
  EXPECT_EQ(urgent(), "Nguyễn Thị Lan: is away");
  ASSERT_TRUE(appoint(an));
  ASSERT_TRUE(train(an, day(0)));
  EXPECT_EQ(book.duty_record(agency)->waiting, 0U) << "the other one is there";
  absent.reset();
  EXPECT_EQ(told, (std::vector<AgencyId>{agency, agency, agency, agency}));

  const Time ends = day_begin(day(365));
  clock.advance(ends - days(73) - clock.now() - 1us);
  EXPECT_EQ(book.duty_record(agency)->waiting, 0U);
  clock.advance(1us);
  record = *book.duty_record(agency);
  EXPECT_EQ(record.waiting, 2U);
  EXPECT_EQ(record.due_at, ends);
  EXPECT_EQ(record.kept, 2U);
  clock.advance(days(73));
  EXPECT_EQ(book.duty_record(agency)->kept, 0U);
  EXPECT_LE(*book.duty_record(agency)->due_at, clock.now());
  EXPECT_TRUE(book.duty_record(other)->waiting > 0) << "an agency without an officer";
}

TEST_F(OfficerTest, AppointmentsEnd) {
  const Appointment made = *appoint(lan, day(0));
  ASSERT_TRUE(train(lan, day(0)));
  EXPECT_EQ(book.duty_record(agency)->waiting, 0U);
  clock.advance(days(1));
  EXPECT_EQ(urgent(), "Appoint an officer for information security");
  const Appointment next = *appoint(lan);
  EXPECT_EQ(book.duty_record(agency)->waiting, 0U);
  EXPECT_TRUE(book.end(caller, permit(), next.id, "").error().is(text_invalid));
  ASSERT_TRUE(book.end(caller, permit(), next.id, "Chuyển công tác"));
  EXPECT_EQ(book.duty_record(agency)->waiting, 1U);
  EXPECT_TRUE(book.end(caller, permit(), next.id, "x").error().is(appointment_unknown));
  EXPECT_EQ(book.appointments()->size(), 2U);
  EXPECT_EQ(book.appointments()->front().end_reason, "Chuyển công tác");
  static_cast<void>(made);
}

TEST_F(OfficerTest, RefusesWhatCannotBe) {
  persons[an].gone = true;
  EXPECT_TRUE(appoint(an).error().is(person_gone));
  EXPECT_TRUE(appoint(lan, day(-2)).error().is(register_invalid));
  EXPECT_TRUE(
      book.appoint(caller, permit(), other, persons.at(lan), "1", day(0), {}).error().is(directory::not_allowed));
  EXPECT_TRUE(book.appoint(caller, permit(), agency, persons.at(lan), " ", day(0), {}).error().is(text_invalid));
  EXPECT_TRUE(book.appointments()->empty());

  persons[an].agency = other;
  const NewTraining good{{persons.at(lan)}, "An toàn", day(0), 8, "Sở"};
  const struct {
    const char* what;
    std::function<void(NewTraining&)> change;
    ErrorKind kind;
  } table[] = {
      {"nobody", [](NewTraining& t) { t.persons.clear(); }, register_invalid},
      {"no time", [](NewTraining& t) { t.hours = 0; }, register_invalid},
      {"tomorrow", [&](NewTraining& t) { t.day = day(1); }, register_invalid},
      {"nothing", [](NewTraining& t) { t.topic = ""; }, text_invalid},
      {"by nobody", [](NewTraining& t) { t.given_by = ""; }, text_invalid},
      {"somebody elsewhere", [&](NewTraining& t) { t.persons.push_back(persons.at(an)); }, directory::not_allowed},
  };
  for (const auto& row : table) {
    NewTraining bad = good;
    row.change(bad);
    EXPECT_TRUE(book.train(caller, permit(), bad).error().is(row.kind)) << row.what;
    EXPECT_TRUE(book.trainings()->empty()) << row.what << ": all or none";
  }
  const Training made = book.train(caller, permit(), good)->front();
  EXPECT_EQ(book.trained_until(*book.trainings(), lan), day(365));
  EXPECT_FALSE(book.trained_until(*book.trainings(), an));
  EXPECT_TRUE(book.remove_training(caller, permit(), made.id, "").error().is(text_invalid));
  ASSERT_TRUE(book.remove_training(caller, permit(), made.id, "Nhập nhầm"));
  EXPECT_TRUE(book.trainings()->empty());
  EXPECT_TRUE(book.remove_training(caller, permit(), made.id, "x").error().is(training_unknown));
}

}  // namespace
}  // namespace luy::people
