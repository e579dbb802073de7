// Goal: the poster holds all it has to say on one page, also with long names.
// Method: what poppler reads back.
#include "paper/poster.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>

#include "paper/fixture.h"

namespace luy::paper {
namespace {

TEST(Poster, HoldsAddressAndNotesOnOnePage) {
  Poster poster;
  poster.issuer = "VĂN PHÒNG HỘI ĐỒNG NHÂN DÂN VÀ ỦY BAN NHÂN DÂN THỊ XÃ BỈM SƠN, TỈNH THANH HÓA";
  poster.title = "BÁO SỰ CỐ MÁY TÍNH";
  poster.lines = {"Máy chậm bất thường, không truy cập được, nội dung bị thay đổi, hoặc có dấu hiệu lạ?",
                  "Quét mã và kể lại trong 01 phút. Không cần tài khoản."};
  poster.address = "https://luy.bimson.thanhhoa.gov.vn:8443/bao/VP-HDND-UBND";
  poster.notes = {"Hoặc gọi Nguyễn Thị Phương Thảo, điện thoại 0237 3770 000.",
                  "Điện thoại, máy tính dùng để báo phải đang nối vào mạng của cơ quan (dây mạng hoặc Wi-Fi).",
                  "Lần đầu mở, trình duyệt có thể cảnh báo về chứng thư vì đây là máy chủ nội bộ: chỉ tiếp tục khi địa "
                  "chỉ đúng như trên."};
  poster.foot = "Điều 10 (ứng cứu sự cố) Quy chế ban hành kèm theo Quyết định số 4448/QĐ-UBND ngày 08/12/2017";
  const Result<std::string> sheet = render_poster(poster);
  ASSERT_TRUE(sheet) << sheet.error().text();
  if (!has_tool("pdftotext")) GTEST_SKIP() << "poppler-utils is not installed";
  const TempFolder folder;
  write_bytes(folder / "poster.pdf", *sheet);
  if (const char* keep = std::getenv("LUY_KEEP_POSTER")) write_bytes(keep, *sheet);
  const std::vector<Word> words = words_of_pdf(folder / "poster.pdf");
  for (const char* phrase : {"/bao/VP-HDND-UBND", "0237 3770 000.", "Wi-Fi).", "4448/QĐ-UBND"}) {
    const auto found = std::find_if(words.begin(), words.end(), [&](const Word& word) {
      return word.text.find(std::string(phrase).substr(std::string(phrase).rfind(' ') + 1)) != std::string::npos;
    });
    ASSERT_NE(found, words.end()) << phrase;
    EXPECT_EQ(found->page, 1U);
    EXPECT_LT(found->y_max, 292) << phrase;
  }
}

}  // namespace
}  // namespace luy::paper
