// Goal: what was packed comes back, and neither a bomb nor damage costs more than the bound.
// Method: bodies packed with zlib, whole, cut at every place, flipped, and one that unpacks to a hundred times its
// size.
#include "intake/gzip.h"

#include <gtest/gtest.h>
#include <zlib.h>

namespace luy::intake {
namespace {

std::string pack(const std::string& plain) {
  z_stream z{};
  EXPECT_EQ(deflateInit2(&z, 9, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY), Z_OK);
  std::string out(plain.size() + 1000, '\0');
  std::string in = plain;
  z.next_in = reinterpret_cast<Bytef*>(in.data());
  z.avail_in = static_cast<uInt>(in.size());
  z.next_out = reinterpret_cast<Bytef*>(out.data());
  z.avail_out = static_cast<uInt>(out.size());
  EXPECT_EQ(deflate(&z, Z_FINISH), Z_STREAM_END);
  out.resize(z.total_out);
  deflateEnd(&z);
  return out;
}

TEST(Gzip, WhatWasPackedComesBack) {
  const std::string large(300'000, 'x');
  EXPECT_EQ(gunzip(pack("hello"), 5).value(), "hello");
  EXPECT_EQ(gunzip(pack(""), 0).value(), "");
  EXPECT_EQ(gunzip(pack(large), large.size()).value(), large);
  EXPECT_EQ(gunzip(pack("one ") + pack("two"), 7).value(), "one two");
}

TEST(Gzip, ABombStopsAtTheBound) {
  const auto bomb = gunzip(pack(std::string(20 << 20, '\0')), 1 << 20);
  ASSERT_FALSE(bomb);
  EXPECT_TRUE(bomb.error().is(body_too_large));
}

TEST(Gzip, DamageIsNamed) {
  const std::string good = pack("hello hello hello hello");
  for (std::size_t cut = 0; cut < good.size(); ++cut) {
    const auto read = gunzip(std::string_view(good).substr(0, cut), 1000);
    ASSERT_FALSE(read) << cut;
    EXPECT_TRUE(read.error().is(body_gzip)) << cut;
  }
  EXPECT_FALSE(gunzip(good + "rubbish", 1000));
  EXPECT_FALSE(gunzip("not gzip at all, not at all", 1000));
}

}  // namespace
}  // namespace luy::intake
