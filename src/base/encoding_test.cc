// Goal: encodings match their RFC's vectors, refuse what is not theirs, and the reader never runs past its end.
#include "base/encoding.h"

#include <gtest/gtest.h>

namespace luy {

TEST(Base64, MatchesRfc4648Section10) {
  const struct {
    const char* plain;
    const char* encoded;
  } table[] = {{"", ""},
               {"f", "Zg=="},
               {"fo", "Zm8="},
               {"foo", "Zm9v"},
               {"foob", "Zm9vYg=="},
               {"fooba", "Zm9vYmE="},
               {"foobar", "Zm9vYmFy"}};
  for (const auto& row : table) {
    EXPECT_EQ(to_base64(row.plain), row.encoded);
    EXPECT_EQ(from_base64(row.encoded), row.plain);
  }
  EXPECT_EQ(to_base64url("\xfb\xff"), "-_8");
}

TEST(Base64, RefusesWhatIsNotCanonical) {
  for (const char* text : {"Z", "Zg=", "Zg", "Zh==", "Zm9=", "Zg==Zg==", "Zm 9", "====", "Zm9v\n", "Zg=g"}) {
    EXPECT_EQ(from_base64(text), std::nullopt) << text;
  }
}

TEST(Hex, RoundTripsAndRefuses) {
  EXPECT_EQ(to_hex(as_bytes(std::string_view("\x00\xff\x1a", 3))), "00ff1a");
  EXPECT_EQ(from_hex("00FF1a"), std::string("\x00\xff\x1a", 3));
  EXPECT_EQ(from_hex("0"), std::nullopt);
  EXPECT_EQ(from_hex("0g"), std::nullopt);
}

TEST(ByteReader, ReadsBigEndianAndStopsAtTheEnd) {
  std::string bytes;
  put_u16(bytes, 0x0102);
  put_u32(bytes, 0x03040506);
  put_u64(bytes, 0x0708090a0b0c0d0eULL);
  EXPECT_EQ(to_hex(as_bytes(bytes)), "0102030405060708090a0b0c0d0e");
  ByteReader reader(bytes);
  EXPECT_EQ(reader.u16(), 0x0102);
  EXPECT_EQ(reader.u32(), 0x03040506U);
  EXPECT_FALSE(reader.done());
  EXPECT_EQ(reader.u64(), 0x0708090a0b0c0d0eULL);
  EXPECT_TRUE(reader.done());
  EXPECT_EQ(reader.u8(), 0);
  EXPECT_FALSE(reader.ok());
  EXPECT_EQ(reader.bytes(0), "") << "after a shortfall nothing more is read";
}

TEST(Crc32c, MatchesRfc3720AppendixB4) {
  EXPECT_EQ(crc32c(std::string(32, '\0')), 0x8a9136aaU);
  EXPECT_EQ(crc32c(std::string(32, '\xff')), 0x62a8ab43U);
  EXPECT_EQ(crc32c("123456789"), 0xe3069283U);
  EXPECT_EQ(crc32c("6789", crc32c("12345")), crc32c("123456789")) << "may be computed in pieces";
}

}  // namespace luy
