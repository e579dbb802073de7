// Goal: a bit of a closed day that turns over is noticed whichever it is, and costs no more than what it hits.
// Method: random bits of a day with two blocks; the verifier, and everything read back, after each. The campaign
// (evidence_flips) does ten thousand.
#include <gtest/gtest.h>

#include "evidence/flip_rig.h"
#include "evidence/test_store.h"

namespace luy::evidence {
namespace {

TEST(Flip, RandomBitsAreNoticedAndCostOnlyWhatTheyHit) {
  const TemporaryFolder folder;
  FlipRig rig(folder.path(), 29);
  const FlipRig::Finding found = rig.run(120);
  EXPECT_EQ(found.unnoticed, 0U) << found.what;
  EXPECT_EQ(found.wrong, 0U) << found.what;
  // Most hit one of the two blocks.
  EXPECT_LT(found.lost_days, 12U);
  EXPECT_GT(found.lost_records, 0U);
}

}  // namespace
}  // namespace luy::evidence
