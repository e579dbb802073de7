// Goal: what witnesses cosigned is kept with all its lines and does not grow without end, and is read back as written.
// Method: notes of one day with lines of several witnesses at several times.
#include "evidence/witness_file.h"

#include <gtest/gtest.h>

#include "evidence/cosignature.h"
#include "evidence/error.h"
#include "evidence/signature.h"
#include "evidence/test_store.h"

namespace luy::evidence {
namespace {

struct WitnessFileTest : testing::Test {
  std::string note(std::uint64_t size) {
    const std::string body = format_body({test_origin, size, sha256(std::to_string(size))});
    const auto key = VerifierKey::make(test_origin, log.public_key()).value();
    return format_note(body, key, log.sign(body).value());
  }
  std::string line(std::uint64_t size, char witness, std::uint64_t seconds) {
    const Ed25519Key secret = Ed25519Key::from_seed(std::string(32, witness));
    const std::string body = format_body({test_origin, size, sha256(std::to_string(size))});
    return format_cosignature(key(witness), seconds, secret.sign(cosigned_message(body, seconds)).value());
  }
  WitnessKey key(char witness) {
    return WitnessKey::make(std::string("w/") + witness, Ed25519Key::from_seed(std::string(32, witness)).public_key())
        .value();
  }
  Ed25519Key log = Ed25519Key::from_seed(std::string(32, 'l'));
};

TEST_F(WitnessFileTest, EachHourKeepsTheNewestOfEachWitness) {
  std::vector<std::string> notes;
  const std::uint64_t hour = 3600 * 100;
  // Every minute of two hours; witness b is away most of the time.
  for (std::uint64_t minute = 0; minute < 120; ++minute) {
    const std::uint64_t at = hour + minute * 60;
    notes = with_cosigned(std::move(notes), note(minute + 1) + line(minute + 1, 'a', at));
    if (minute % 50 == 7) notes = with_cosigned(std::move(notes), note(minute + 1) + line(minute + 1, 'b', at));
  }
  std::vector<std::uint64_t> sizes;
  for (const std::string& one : notes) sizes.push_back(parse_body(one)->size);
  EXPECT_EQ(sizes, (std::vector<std::uint64_t>{58, 60, 108, 120}));
  for (const std::string& one : notes) {
    const std::size_t both = parse_body(one)->size % 50 == 8 ? 2 : 1;
    EXPECT_EQ(verify_cosignatures(one, {key('a'), key('b')})->size(), both) << one;
    EXPECT_TRUE(verify_note(one, {VerifierKey::make(test_origin, log.public_key()).value()}));
  }
}

TEST_F(WitnessFileTest, TheSameCheckpointCosignedAgainStandsOnceWithTheNewerTime) {
  std::vector<std::string> notes;
  for (const std::uint64_t at : {3600U, 3660U, 3720U})
    notes = with_cosigned(std::move(notes), note(5) + line(5, 'a', at));
  ASSERT_EQ(notes.size(), 1U);
  const auto found = verify_cosignatures(notes[0], {key('a')});
  ASSERT_TRUE(found && found->size() == 1);
  EXPECT_EQ(found->front().seconds, 3720U);
}

TEST_F(WitnessFileTest, IsReadAsItWasWrittenAndNothingElseIs) {
  const std::vector<std::string> notes = {note(1) + line(1, 'a', 10), note(2) + line(2, 'a', 20) + line(2, 'b', 21)};
  const std::string text = format_cosigned(notes);
  EXPECT_EQ(parse_cosigned(text).value(), notes);
  EXPECT_TRUE(parse_cosigned(format_cosigned({}))->empty());
  for (const std::string& bad :
       {std::string(), text.substr(1), text + "x", text.substr(0, text.size() - 1), text + "origin\n1\n"}) {
    EXPECT_TRUE(parse_cosigned(bad).error().is(note_malformed)) << bad;
  }
}

TEST_F(WitnessFileTest, StandsBesideTheDayOfItsNewestRecord) {
  TestStore test;
  test.open();
  ASSERT_TRUE(test.add({"a", "b", "c"}));
  const Archive& archive = *test.store->archive();
  ASSERT_TRUE(keep_cosigned(archive, 2, note(2) + line(2, 'a', 10)));
  ASSERT_TRUE(keep_cosigned(archive, 3, note(3) + line(3, 'b', 20)));
  EXPECT_EQ(read_cosigned(archive.list().front()->file)->size(), 2U);
  EXPECT_EQ(parse_body(**newest_cosigned(archive))->size, 3U);
  EXPECT_TRUE(keep_cosigned(archive, 4000, note(4000)).error().is(record_unknown));
}

}  // namespace
}  // namespace luy::evidence
