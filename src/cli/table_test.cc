// Goal: a table stands straight in a terminal whatever letters are in it, and no line is longer than the terminal.
// Method: tables of texts with their widths; every width from 1 to 60 for one long sentence.
#include "cli/table.h"

#include <gtest/gtest.h>

namespace luy::cli {
namespace {

TEST(Table, WidthIsThatOfTheLettersNotOfTheirBytes) {
  const struct {
    const char* text;
    std::size_t width;
  } table[] = {{"", 0},
               {"abc", 3},
               {"Đạt", 3},
               {"Sắp đến hạn", 11},
               {"Sa\u0306\u0301p", 3},  // Letters put together from marks.
               {"日本", 4},
               {"x\xff\xfey", 4},
               {"zero\u200bwidth", 9}};
  for (const auto& [text, width] : table) EXPECT_EQ(display_width(text), width) << text;
}

TEST(Table, FittedTextHasExactlyTheWidth) {
  EXPECT_EQ(fitted("Đạt", 5), "Đạt  ");
  EXPECT_EQ(fitted("Đạt", 3), "Đạt");
  EXPECT_EQ(fitted("Vi phạm", 5), "Vi p…");
  EXPECT_EQ(fitted("日本語", 4), "日… ");
  EXPECT_EQ(fitted("abc", 0), "");
}

TEST(Table, LinesBreakAtBlanksAndNeverExceedTheWidth) {
  EXPECT_EQ(wrapped("Đã lưu nhật ký 3/30 ngày", 12), (std::vector<std::string>{"Đã lưu nhật", "ký 3/30 ngày"}));
  EXPECT_EQ(wrapped("", 10), std::vector<std::string>{""});
  EXPECT_EQ(wrapped("  a   b ", 10), std::vector<std::string>{"a b"});
  EXPECT_EQ(wrapped("a 0123456789 b", 4), (std::vector<std::string>{"a", "0123", "4567", "89 b"}));
  EXPECT_EQ(wrapped("日", 1), std::vector<std::string>{"日"});
  const std::string sentence =
      "Danh mục bản vá bảo mật phát hành ngày 15/11/2026 đã quá cũ từ 07:00 ngày 22/11/2026; cần cập nhật danh mục.";
  for (std::size_t width = 1; width <= 60; ++width) {
    std::string joined;
    for (const std::string& line : wrapped(sentence, width)) {
      EXPECT_LE(display_width(line), width) << line;
      EXPECT_FALSE(line.empty());
      for (const char c : line) {
        if (c != ' ') joined += c;
      }
    }
    std::string plain = sentence;
    std::erase(plain, ' ');
    EXPECT_EQ(joined, plain) << width;
  }
}

}  // namespace
}  // namespace luy::cli
