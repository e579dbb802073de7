// Goal: a medium is recognised by what it is and by nothing weaker; a copy is taken down only of the file as it is now,
// with its record in the evidence first; what a check finds stands in the register, whatever the medium says of itself.
// Method: a real database; the evidence is a list, the digests of days a map.
#include "custody/medium_book.h"

#include "custody/api.h"
#include "custody/fixture.h"

namespace luy::custody {
namespace {

const Day first_day = *day_from_iso("2026-10-01");
const std::string digest_a(64, 'a');
const std::string digest_b(64, 'b');

struct MediumBookTest : CustodyTest {
  MediumBookTest()
      : book({*database, audit, clock, random,
              [this](const json::object& note) -> Result<std::uint64_t> {
                if (failing) return Error(disk_full, "evidence");
                notes.push_back(note);
                return 100 + notes.size();
              },
              [this](Day day) -> Result<std::optional<std::string>> {
                const auto found = digests.find(day);
                return found == digests.end() ? std::optional<std::string>() : std::optional(found->second);
              }}) {}
  static MediumBook::Permit anybody() {
    return [] { return Result<void>(); };
  }
  Result<Medium> add(const std::string& name, Identity identity) {
    Medium wanted;
    wanted.name = name;
    wanted.identity = std::move(identity);
    wanted.custodian = "Nguyễn Thị Lan";
    wanted.place = "Két sắt tầng 2";
    return book.add(caller, anybody(), wanted);
  }
  std::vector<json::object> notes;
  std::map<Day, std::string> digests = {{first_day, digest_a}, {first_day + days(1), digest_b}};
  bool failing = false;
  MediumBook book;
};

TEST(Identity, WhatBothKnowDecides) {
  const struct {
    const char* what;
    Identity registered, present;
    bool same;
  } table[] = {
      {"the same", {"S1", "U1", "L"}, {"S1", "U1", "L"}, true},
      {"made anew", {"S1", "U1", "L"}, {"S1", "U2", "L"}, false},
      {"another disk with the same label", {"S1", "U1", "L"}, {"S2", "", "L"}, false},
      {"another label", {"S1", "U1", "L"}, {"S1", "U1", "M"}, false},
      {"the serial is not told here", {"S1", "U1", "L"}, {"", "U1", "L"}, true},
      {"only the label is told here", {"S1", "U1", "L"}, {"", "", "L"}, false},
      {"a disc, known by its volume alone", {"", "", "LUY-2026"}, {"D9", "2026-11-01", "LUY-2026"}, true},
      {"nothing is known", {"", "", "L"}, {"", "", ""}, false},
  };
  for (const auto& row : table) EXPECT_EQ(is_same_medium(row.registered, row.present), row.same) << row.what;
}

TEST_F(MediumBookTest, AMediumStandsInTheRegisterOnce) {
  const Medium made = *add("Ổ số 1", {"S1", "U1", ""});
  EXPECT_EQ(made.registered_by, caller.username);
  EXPECT_TRUE(add("Ổ số 2", {"S1", "U9", ""})) << "formatted anew: another medium";
  EXPECT_TRUE(add("Ổ số 3", {"", "U1", ""}).error().is(medium_taken));
  EXPECT_TRUE(add("Ổ số 4", {"", "", ""}).error().is(medium_invalid));
  EXPECT_TRUE(add("  ", {"S3", "", ""}).error().is(medium_invalid));
  EXPECT_EQ(book.list()->size(), 2U);
  EXPECT_EQ(book.recognise({"S1", "U1", "nhãn"})->id, made.id);
  EXPECT_TRUE(book.recognise({"S7", "U7", ""}).error().is(medium_unknown));
  EXPECT_EQ(sink.records.size(), 5U) << "refusals too";
}

TEST_F(MediumBookTest, AChangeOfWhatSomebodyElseChangedIsRefused) {
  Medium one = *add("Ổ số 1", {"S1", "U1", ""});
  one.place = "Phòng máy chủ";
  EXPECT_EQ(book.change(caller, anybody(), one)->version, 2);
  EXPECT_TRUE(book.change(caller, anybody(), one).error().is(medium_changed));
  EXPECT_EQ(book.find(one.id)->place, "Phòng máy chủ");
  ASSERT_TRUE(book.retire(caller, anybody(), one.id, "hỏng"));
  ASSERT_TRUE(book.retire(caller, anybody(), one.id, "hỏng nữa"));
  EXPECT_EQ(book.find(one.id)->retire_reason, "hỏng");
  one.version = 3;
  EXPECT_TRUE(book.change(caller, anybody(), one).error().is(medium_retired));
  EXPECT_TRUE(book.recognise({"S1", "U1", ""}).error().is(medium_retired));
  EXPECT_TRUE(add("Ổ số 1 dùng lại", {"S1", "U1", ""})) << "of retired ones nothing stands in the way";
}

TEST_F(MediumBookTest, OnlyThePresentFileIsACopy) {
  const Medium one = *add("Ổ số 1", {"S1", "U1", ""});
  EXPECT_TRUE(book.note_copies(caller, one.id, "lan", {{first_day, digest_b, 10}}).error().is(copy_refused));
  EXPECT_TRUE(book.note_copies(caller, one.id, "lan", {{first_day + days(9), digest_b, 10}}).error().is(copy_refused));
  EXPECT_TRUE(book.note_copies(caller, one.id, "lan", {{first_day, "gibberish", 10}}).error().is(copy_refused));
  EXPECT_TRUE(book.note_copies(caller, one.id, "lan", {{first_day, digest_a, 10}, {first_day + days(1), digest_a, 10}})
                  .error()
                  .is(copy_refused))
      << "all or nothing";
  EXPECT_TRUE(book.note_copies(caller, one.id, "", {{first_day, digest_a, 10}}).error().is(medium_invalid));
  EXPECT_TRUE(notes.empty());
  EXPECT_TRUE(book.copies()->empty());
  failing = true;
  EXPECT_TRUE(book.note_copies(caller, one.id, "lan", {{first_day, digest_a, 10}}).error().is(disk_full));
  EXPECT_TRUE(book.copies()->empty()) << "what the evidence does not hold is not claimed";
  failing = false;
  ASSERT_TRUE(
      book.note_copies(caller, one.id, "lan", {{first_day, digest_a, 10}, {first_day + days(1), digest_b, 20}}));
  EXPECT_EQ(notes.back().at("note").as_string(), "copy");
  EXPECT_EQ(notes.back().at("medium").at("serial").as_string(), "S1");
  EXPECT_EQ(notes.back().at("days").as_array().size(), 2U);
  const auto copies = *book.copies();
  EXPECT_EQ(copies.at(first_day).front().seq, 101U);
  EXPECT_EQ(copies.at(first_day).front().copied_by, "lan");
  EXPECT_EQ(book.copies_by_medium()->at(one.id).size(), 2U);
  ASSERT_TRUE(book.retire(caller, anybody(), one.id, "mất"));
  EXPECT_TRUE(book.copies()->empty()) << "a lost medium holds no copy";
  EXPECT_TRUE(book.note_copies(caller, one.id, "lan", {{first_day, digest_a, 10}}).error().is(medium_retired));
}

TEST_F(MediumBookTest, ACheckSaysWhatIsStillThere) {
  const Medium one = *add("Ổ số 1", {"S1", "U1", ""});
  ASSERT_TRUE(
      book.note_copies(caller, one.id, "lan", {{first_day, digest_a, 10}, {first_day + days(1), digest_b, 20}}));
  clock.advance(1h);
  ASSERT_TRUE(
      book.note_check(caller, one.id, "an", {{first_day, digest_a, true}, {first_day + days(1), digest_b, true}}, ""));
  EXPECT_EQ(book.find(one.id)->check_fault, "");
  EXPECT_EQ(book.find(one.id)->last_check_at, clock.now());
  EXPECT_EQ(book.copies()->at(first_day).front().checked_at, clock.now());
  // Another file that agrees with the digest beside it, and a day that is gone.
  ASSERT_TRUE(book.note_check(caller, one.id, "an", {{first_day, digest_b, true}}, ""));
  EXPECT_FALSE(book.copies()->at(first_day).front().sound);
  EXPECT_FALSE(book.copies()->at(first_day + days(1)).front().sound);
  EXPECT_NE(book.find(one.id)->check_fault, "");
  EXPECT_EQ(notes.back().at("damaged").as_array().size(), 2U);
  ASSERT_TRUE(book.note_copies(caller, one.id, "lan", {{first_day, digest_a, 10}}));
  EXPECT_TRUE(book.copies()->at(first_day).front().cosigned_by.empty());
  ASSERT_TRUE(book.note_copies(caller, one.id, "lan", {{first_day, digest_a, 10, {"luy/tinh/witness"}, true}}));
  EXPECT_EQ(book.copies()->at(first_day).front().cosigned_by, std::vector<std::string>{"luy/tinh/witness"});
  EXPECT_TRUE(book.copies()->at(first_day).front().stamped);
  EXPECT_TRUE(book.copies()->at(first_day).front().sound) << "copied anew";
}

TEST(DaysWithoutCopy, AreThoseClosedForTooLongThatLieNowhereSound) {
  const Day today = first_day + days(40);
  std::vector<evidence::DayInfo> stored;
  for (const int after : {0, 1, 2, 9, 10, 40}) {
    evidence::DayInfo one;
    one.day = first_day + days(after);
    one.closed = after != 40;
    stored.push_back(one);
  }
  std::map<Day, std::vector<Copy>> copies;
  Copy copy;
  copy.sound = true;
  copies[first_day + days(1)] = {copy};
  copy.sound = false;
  copies[first_day + days(2)] = {copy};
  EXPECT_EQ(days_without_copy(stored, copies, 30, today),
            (std::vector<Day>{first_day, first_day + days(2), first_day + days(9)}))
      << "the last of the thirty days is not over for the fourth";
  EXPECT_TRUE(days_without_copy(stored, copies, std::nullopt, today).empty()) << "the pack asks for none";
}

}  // namespace
}  // namespace luy::custody
