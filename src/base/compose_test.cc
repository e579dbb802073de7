// Goal: the ways to write a Vietnamese letter all become one, and nothing else changes. Method: a table of words as one
// character each, as letter and tone, and as letter and two marks in either order.
#include "base/compose.h"

#include <gtest/gtest.h>

namespace luy {

TEST(Compose, MakesOneFormOfEveryWayToWriteALetter) {
  const struct {
    const char* written;
    const char* one;
  } table[] = {
      {"Trường", "Trường"},
      {"Tru\u031Bo\u031B\u0300ng", "Trường"},  // All apart, as macOS names files.
      {"Trươ\u0300ng", "Trường"},              // "Unicode tổ hợp": the letter, then its tone.
      {"e\u0323\u0302", "ệ"},                  // In canonical order,
      {"e\u0302\u0323", "ệ"},                  // and as it is typed.
      {"ẹ\u0302", "ệ"},
      {"A\u0306\u0301", "Ắ"},
      {"U\u031B\u0303", "Ữ"},
      {"Y\u0309", "Ỷ"},
      {"đ", "đ"},
      {"", ""},
  };
  for (const auto& [written, one] : table) {
    EXPECT_EQ(compose_vietnamese(written), one) << written;
    EXPECT_EQ(compose_vietnamese(one), one);
  }
}

TEST(Compose, LeavesEverythingElseAlone) {
  for (const char* text :
       {"n\u0303", "a\u0308", "e\u0301\u0300", "\u0301a", "VP-HĐND&UBND", "中文", "\xff\xfe", "a\xcc"}) {
    std::string before = text;
    if (before == "e\u0301\u0300") before = "é\u0300";  // The first tone is taken, a second one has no place.
    EXPECT_EQ(compose_vietnamese(text), before) << text;
  }
}

}  // namespace luy
