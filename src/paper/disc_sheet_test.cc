// Goal: the sheet of a disc holds what names the disc on one page, its label stays in its circle, and its code says
// what was asked. Method: what poppler reads back.
#include "paper/disc_sheet.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>

#include "paper/fixture.h"

namespace luy::paper {
namespace {

DiscSheet sheet_of_a_town() {
  DiscSheet sheet;
  sheet.issuer = "VĂN PHÒNG HỘI ĐỒNG NHÂN DÂN VÀ ỦY BAN NHÂN DÂN THỊ XÃ BỈM SƠN";
  sheet.title = "PHIẾU ĐĨA BẢN SAO NHẬT KÝ";
  sheet.name = "LUY_20261101_20261130_12";
  sheet.span = "01/11/2026 – 30/11/2026";
  sheet.facts = {{"Nhật ký các ngày", "01/11/2026 – 30/11/2026 (30 ngày)"},
                 {"Kho nhật ký", "luy/0123456789abcdef"},
                 {"Loại đĩa", "DVD 4,7 GB, đĩa 1/2"},
                 {"UUID của đĩa", "2026-12-01-02-03-04-05"},
                 {"SHA-256 của ảnh đĩa", std::string(32, 'a') + " " + std::string(32, 'b')},
                 {"Người giữ", ""},
                 {"Nơi để", ""},
                 {"Ngày ghi đĩa, người ghi", ""}};
  sheet.code =
      "LUY-DISC/1 " + sheet.name + " 2026-12-01-02-03-04-05 luy/0123456789abcdef sha256:" + std::string(64, 'c');
  sheet.notes = {"Kiểm tra: gắn đĩa, chạy sha256sum -c SHA256SUMS tại thư mục gốc."};
  sheet.foot = "Nhật ký – không xóa, không ghi thêm";
  return sheet;
}

TEST(DiscSheet, HoldsTheFactsAndTheLabelOnOnePage) {
  const auto pdf = render_disc_sheet(sheet_of_a_town());
  ASSERT_TRUE(pdf) << pdf.error().text();
  EXPECT_EQ(*pdf, *render_disc_sheet(sheet_of_a_town())) << "the same sheet, the same bytes";
  if (!has_tool("pdftotext")) GTEST_SKIP() << "poppler-utils is not installed";
  const TempFolder folder;
  write_bytes(folder / "disc.pdf", *pdf);
  if (const char* keep = std::getenv("LUY_KEEP_DISC_SHEET")) write_bytes(keep, *pdf);
  const std::vector<Word> words = words_of_pdf(folder / "disc.pdf");
  const auto count = [&](const std::string& text) {
    return std::count_if(words.begin(), words.end(), [&](const Word& word) { return word.text == text; });
  };
  EXPECT_EQ(count("LUY_20261101_20261130_12"), 2) << "on the sheet and on the label";
  EXPECT_EQ(count("luy/0123456789abcdef"), 1);
  for (const Word& word : words) {
    EXPECT_EQ(word.page, 1U) << word.text;
    EXPECT_LT(word.y_max, 285) << word.text;
  }
}

TEST(DiscSheet, WhatDoesNotFitIsRefused) {
  DiscSheet many = sheet_of_a_town();
  many.facts.resize(disc_facts_max + 1);
  EXPECT_TRUE(render_disc_sheet(many).error().is(over_limit));
  DiscSheet code = sheet_of_a_town();
  code.code.append(qr_bytes_max, 'x');
  EXPECT_TRUE(render_disc_sheet(code).error().is(over_limit));
  DiscSheet issuer = sheet_of_a_town();
  for (int i = 0; i < 5; ++i) issuer.issuer += " " + issuer.issuer;
  EXPECT_TRUE(render_disc_sheet(issuer).error().is(over_limit));
}

}  // namespace
}  // namespace luy::paper
