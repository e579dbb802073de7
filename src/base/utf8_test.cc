// Goal: only well-formed UTF-8 passes, and repair never yields anything else.
// Method: a table of the edges of RFC 3629, then every two-byte input.
#include "base/utf8.h"

#include <gtest/gtest.h>

namespace luy {
namespace {

TEST(Utf8, EdgesOfTheEncodingAreTold) {
  const struct {
    const char* what;
    std::string_view bytes;
    bool good;
    std::string_view repaired;
  } table[] = {
      {"empty", "", true, ""},
      {"Vietnamese", "Bỉm Sơn", true, "Bỉm Sơn"},
      {"last of two bytes", "\xDF\xBF", true, "\xDF\xBF"},
      {"first of four bytes", "\xF0\x90\x80\x80", true, "\xF0\x90\x80\x80"},
      {"last code point", "\xF4\x8F\xBF\xBF", true, "\xF4\x8F\xBF\xBF"},
      {"above the last code point", "\xF4\x90\x80\x80", false, "\uFFFD\uFFFD\uFFFD\uFFFD"},
      {"overlong slash", "\xC0\xAF", false, "\uFFFD\uFFFD"},
      {"overlong of three", "\xE0\x80\xAF", false, "\uFFFD\uFFFD\uFFFD"},
      {"surrogate", "\xED\xA0\x80", false, "\uFFFD\uFFFD\uFFFD"},
      {"lone continuation", "a\x80z", false, "a\uFFFDz"},
      {"cut character", "\xE1\xBB", false, "\uFFFD"},
      {"cut character before text", "\xE1\xBB-", false, "\uFFFD-"},
      {"latin-1", "caf\xE9", false, "caf\uFFFD"},
      {"never a lead", "\xFF\xFE", false, "\uFFFD\uFFFD"},
  };
  for (const auto& [what, bytes, good, repaired] : table) {
    EXPECT_EQ(is_utf8(bytes), good) << what;
    EXPECT_EQ(to_utf8(bytes), repaired) << what;
  }
}

TEST(Utf8, RepairAlwaysGivesWellFormedText) {
  for (int a = 0; a < 256; ++a) {
    for (int b = 0; b < 256; ++b) {
      const std::string pair{static_cast<char>(a), static_cast<char>(b)};
      EXPECT_TRUE(is_utf8(to_utf8(pair))) << a << ' ' << b;
      EXPECT_EQ(is_utf8(pair), to_utf8(pair) == pair) << a << ' ' << b;
    }
  }
}

TEST(Utf8, FaultsAreSeenAtEveryPlaceOfLongText) {
  for (std::size_t at = 0; at < 40; ++at) {
    std::string text(40, 'a');
    text[at] = '\x80';
    EXPECT_FALSE(is_utf8(text)) << at;
    text.replace(at, 1, "\u1EC9");
    EXPECT_TRUE(is_utf8(text)) << at;
  }
}

TEST(Utf8, CuttingKeepsCharactersWhole) {
  const std::string text = "ab\u1EC9z";
  EXPECT_EQ(utf8_front(text, 9), text);
  EXPECT_EQ(utf8_front(text, 5), "ab\u1EC9");
  EXPECT_EQ(utf8_front(text, 4), "ab");
  EXPECT_EQ(utf8_front(text, 3), "ab");
  EXPECT_EQ(utf8_front(text, 2), "ab");
  EXPECT_EQ(utf8_front(text, 0), "");
  EXPECT_EQ(utf8_front("\x80\x80\x80\x80\x80\x80", 5).size(), 5U);
}

}  // namespace
}  // namespace luy
