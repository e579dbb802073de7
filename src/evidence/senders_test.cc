// Goal: what is known of a sender's batches is read back as it was written, from both forms that files hold.
#include "evidence/senders.h"

#include <gtest/gtest.h>

#include "base/encoding.h"
#include "evidence/error.h"

namespace luy::evidence {
namespace {

SpoolRow row_seen_at(Time seen) {
  SpoolRow row;
  row.seen = seen;
  return row;
}

TEST(Senders, ARowIsReadBackAsItWasWritten) {
  const Day day = *day_from_iso("2026-11-22");
  SpoolRow row{"device", 7, 99, {}, {{2, 4, day}, {9, 9, day}}, {{98, {1, 2, 3}}, {99, {4}}}, {{day, 5}}};
  const std::string bytes = encode_spool(row);
  SpoolRow read;
  ASSERT_TRUE(decode_spool(bytes, read));
  EXPECT_EQ(read.missing, row.missing);
  EXPECT_EQ(read.digests, row.digests);
  EXPECT_EQ(read.late, row.late);
  for (std::size_t size = 1; size < bytes.size(); ++size) {
    SpoolRow cut;
    EXPECT_TRUE(decode_spool(std::string_view(bytes).substr(0, size), cut).error().is(store_corrupt)) << size;
  }
}

TEST(Senders, TheFirstFormIsStillRead) {
  std::string bytes;
  for (const std::uint64_t number : {2, 4, 9, 9}) put_u64(bytes, number);
  SpoolRow row = row_seen_at(*from_rfc3339("2026-11-22T00:00:00Z"));
  ASSERT_TRUE(decode_spool(bytes, row));
  const Day day = *day_from_iso("2026-11-22");
  EXPECT_EQ(row.missing, (std::vector<NumberRange>{{2, 4, day}, {9, 9, day}}));
  EXPECT_TRUE(row.digests.empty());
  SpoolRow empty = row_seen_at({});
  EXPECT_TRUE(decode_spool("", empty));
  EXPECT_TRUE(empty.missing.empty());
  SpoolRow descending;
  EXPECT_FALSE(decode_spool(bytes.substr(16) + bytes.substr(0, 16), descending));
}

}  // namespace
}  // namespace luy::evidence
