// Goal: digests match the published vectors.
#include "base/hash.h"

#include <gtest/gtest.h>

#include "base/encoding.h"

namespace luy {

TEST(Sha256, MatchesFips180Vectors) {
  EXPECT_EQ(to_hex(sha256("")), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(to_hex(sha256("abc")), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  Sha256 context;
  EXPECT_EQ(context.digest({"a", "", "bc"}), sha256("abc"));
  EXPECT_EQ(context.digest("abc"), sha256("abc")) << "the context starts afresh each time";
}

TEST(Hmac, MatchesRfc4231Case2) {
  EXPECT_EQ(to_hex(hmac_sha256("Jefe", "what do ya want for nothing?")),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

TEST(EqualConstantTime, ComparesLikeEquality) {
  EXPECT_TRUE(equal_constant_time("", ""));
  EXPECT_TRUE(equal_constant_time("ab", "ab"));
  EXPECT_FALSE(equal_constant_time("ab", "ac"));
  EXPECT_FALSE(equal_constant_time("ab", "abc"));
}

}  // namespace luy
