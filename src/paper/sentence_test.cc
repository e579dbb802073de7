// Goal: what people entered reads well where a sentence goes on or a list ends, and what is one word is known as one.
// Method: tables of texts.
#include "paper/sentence.h"

#include <gtest/gtest.h>

namespace luy::paper {
namespace {

TEST(Sentence, LosesTheMarksThatCloseIt) {
  const std::pair<const char*, const char*> table[] = {
      {"ra trang cá độ.", "ra trang cá độ"},
      {"ra trang cá độ. \n", "ra trang cá độ"},
      {"Sao vậy?!", "Sao vậy"},
      {"Máy chủ FS-01", "Máy chủ FS-01"},
      {"máy in, máy quét…", "máy in, máy quét…"},
      {"v.v...", "v.v..."},
      {"Cô lập máy;", "Cô lập máy"},
      {"...", "..."},
      {"", ""},
      {"?", "?"},
  };
  for (const auto& [text, want] : table) EXPECT_EQ(without_end_marks(text), want) << text;
}

TEST(Sentence, AnItemEndsAsItsPlaceInTheListDemands) {
  const struct {
    const char* text;
    const char* inner;
    const char* last;
  } table[] = {
      {"Báo cáo thủ trưởng cơ quan;", "Báo cáo thủ trưởng cơ quan;", "Báo cáo thủ trưởng cơ quan."},
      {"Cô lập máy", "Cô lập máy;", "Cô lập máy."},
      {"Cô lập máy.", "Cô lập máy.", "Cô lập máy."},
      {"Đổi mật khẩu,", "Đổi mật khẩu;", "Đổi mật khẩu."},
      {"Gồm các máy:", "Gồm các máy:", "Gồm các máy:"},
      {"", "", ""},
  };
  for (const auto& [text, inner, last] : table) {
    EXPECT_EQ(as_item(text, false), inner) << text;
    EXPECT_EQ(as_item(text, true), last) << text;
  }
}

TEST(Sentence, KnowsWhatIsReadAsOneWord) {
  const struct {
    std::string text;
    std::vector<std::string> want;
  } table[] = {
      {"Thông tư số 20/2017/TT-BTTTT của Bộ", {"20/2017/TT-BTTTT"}},
      {"(Quyết định số 4448/QĐ-UBND).", {"4448/QĐ-UBND"}},
      {"ngày 23/11/2026, số 05/BC-VP;", {"23/11/2026", "05/BC-VP"}},
      {"điện thoại 0237 3770 000; thư điện tử a@b.vn", {"0237 3770 000"}},
      {"(0237) 3770.000 hoặc +84 987 654 321.", {"(0237) 3770.000", "+84 987 654 321"}},
      {"0987654321", {"0987654321"}},
      {"HĐND/UBND, và/hoặc, 12 giờ 12 phút, 0237", {}},
      {"https://bimson.example/bao/2026 a/b@c", {}},
      {"0237 3770 000 000 000", {}},
      {"0123456789abcdef", {}},
      {"1/" + std::string(40, '2'), {}},
  };
  for (const auto& [text, want] : table) {
    std::vector<std::string> found;
    for (const TextRange& one : unbroken_ranges(text)) found.push_back(text.substr(one.begin, one.end - one.begin));
    EXPECT_EQ(found, want) << text;
  }
  EXPECT_EQ(unbroken_ranges("4448/QĐ-UBND").at(0).characters, 12U);
}

}  // namespace
}  // namespace luy::paper
