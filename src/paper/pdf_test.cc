// Goal: a rendered page keeps the measures of decree 30, breaks where a typesetter would, and never lies about its
// text. Method: what poppler reads back from the PDF – words with their places, fonts, properties – in millimetres,
// beside the placements the renderer reports; hostile and oversized texts.
#include "paper/pdf.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <sstream>

#include "paper/fixture.h"
#include "paper/style.h"

namespace luy::paper {
namespace {

#define NEED_POPPLER() \
  if (!has_tool("pdftotext")) GTEST_SKIP() << "poppler-utils is not installed"

Pdf rendered(const Document& document) {
  const Result<PdfRenderer> renderer = PdfRenderer::open();
  EXPECT_TRUE(renderer) << renderer.error().text();
  Result<Pdf> pdf = renderer->render(document);
  EXPECT_TRUE(pdf) << pdf.error().text();
  return pdf ? *std::move(pdf) : Pdf{};
}

std::vector<Word> words_of(const Pdf& pdf) {
  const TempFolder folder;
  write_bytes(folder / "a.pdf", pdf.bytes);
  return words_of_pdf(folder / "a.pdf");
}

// Poppler's word boxes are as high as the font's ascent and descent: 1.1074 em in Tinos.
double points_of(const Word& word) {
  return (word.y_max - word.y_min) * style::pt_per_mm / 1.1074;
}

Paragraph paragraph(std::string text) {
  return Paragraph{{{std::move(text)}}};
}

std::string sentence(int count) {
  std::string out;
  for (int i = 0; i < count; ++i) out += "Cán bộ phụ trách đã kiểm tra, ghi nhận và xử lý theo quy định. ";
  return out;
}

TEST(Pdf, KeepsTheDecreesMargins) {
  NEED_POPPLER();
  for (const Document& document : {minutes_document(), letter_document()}) {
    const Pdf pdf = rendered(document);
    const TempFolder folder;
    write_bytes(folder / "a.pdf", pdf.bytes);
    EXPECT_NE(output_of({"pdfinfo", (folder / "a.pdf").string()}).find("(A4)"), std::string::npos);
    double left = 210;
    double right = 0;
    for (const Word& word : words_of_pdf(folder / "a.pdf")) {
      left = std::min(left, word.x_min);
      right = std::max(right, word.x_max);
      // Page numbers stand in the top margin.
      if (word.text != std::to_string(word.page)) {
        EXPECT_GE(word.y_min, 20 - 0.1) << word.text;
      }
      EXPECT_LE(word.y_max, 297 - 20 + 0.1) << word.text;
    }
    EXPECT_GE(left, 30 - 0.1);
    EXPECT_LE(left, 35);
    EXPECT_LE(right, 210 - 15 + 0.1);
    EXPECT_GE(right, 210 - 20);
  }
}

TEST(Pdf, SetsEachComponentInItsPlaceAndSize) {
  NEED_POPPLER();
  Document letter = letter_document();
  const std::vector<Word> minutes = words_of(rendered(minutes_document()));
  const std::vector<Word> letters = words_of(rendered(letter));
  const struct {
    const std::vector<Word>& words;
    const char* phrase;
    double points_min;
    double points_max;
    double x_min;  // Millimetres; where the words must lie.
    double x_max;
  } table[] = {
      {minutes, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", 12, 13, 98, 195},
      {minutes, "Độc lập - Tự do - Hạnh phúc", 13, 14, 98, 195},
      {minutes, "UBND PHƯỜNG BỈM SƠN", 12, 13, 30, 96},
      {minutes, "VĂN PHÒNG HĐND VÀ UBND", 12, 13, 30, 96},
      {minutes, "Số: 05/BB-VP", 13, 13, 30, 96},
      {minutes, "Bỉm Sơn, ngày 05 tháng 02 năm 2026", 13, 14, 98, 195},
      {minutes, "BIÊN BẢN", 13, 14, 60, 165},
      {minutes, "I. THÀNH PHẦN THAM DỰ", 13, 14, 42, 195},
      {minutes, "THƯ KÝ", 13, 14, 30, 112.5},
      {minutes, "CHỦ TỌA", 13, 14, 112.5, 195},
      {minutes, "Trần Thị Bích", 13, 14, 30, 112.5},
      {minutes, "Nguyễn Văn An", 13, 14, 112.5, 195},
      {minutes, "Nơi nhận:", 12, 12, 30, 112.5},
      {minutes, "- Phòng Văn hóa - Xã hội;", 11, 11, 30, 112.5},
      {minutes, "- Lưu: VT, Hồ sơ.", 11, 11, 30, 112.5},
      {letters, "V/v cảnh báo nguy cơ mất an toàn", 12, 13, 30, 96},
      {letters, "Kính gửi:", 13, 14, 30, 100},
      {letters, "PHÓ CHỦ TỊCH", 13, 14, 112.5, 195},
      {letters, "- Như trên;", 11, 11, 30, 112.5},
  };
  for (const auto& [words, phrase, points_min, points_max, x_min, x_max] : table) {
    const std::optional<Word> found = find_phrase(words, phrase);
    ASSERT_TRUE(found) << phrase;
    EXPECT_GE(points_of(*found), points_min - 0.15) << phrase;
    EXPECT_LE(points_of(*found), points_max + 0.15) << phrase;
    EXPECT_GE(found->x_min, x_min - 0.1) << phrase;
    EXPECT_LE(found->x_max, x_max + 0.1) << phrase;
  }
  // Number and date in one line, national name above the motto, the letter's subject under its number.
  const auto y = [](const std::vector<Word>& words, const char* phrase) { return find_phrase(words, phrase)->y_min; };
  EXPECT_NEAR(y(minutes, "Số: 05/BB-VP"), y(minutes, "Bỉm Sơn, ngày 05 tháng 02 năm 2026"), 0.1);
  EXPECT_LT(y(minutes, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"), y(minutes, "Độc lập - Tự do - Hạnh phúc"));
  EXPECT_GT(y(letters, "V/v cảnh báo nguy cơ mất an toàn"), y(letters, "Số: 12/UBND-VP"));
}

TEST(Pdf, DrawsTheRulesOfTheHeaderInTheirLengths) {
  const Pdf pdf = rendered(minutes_document());
  const auto width = [&](Component component) { return pdf.find(component)->width_mm; };
  EXPECT_NEAR(width(Component::motto_rule), width(Component::motto), 0.01);
  for (const auto& [rule, text] :
       {std::pair{Component::issuer_rule, Component::issuer}, std::pair{Component::subject_rule, Component::subject}}) {
    EXPECT_GE(width(rule), width(text) / 3);
    EXPECT_LE(width(rule), width(text) / 2);
  }
}

TEST(Pdf, EmbedsTinosAndNothingElse) {
  NEED_POPPLER();
  const TempFolder folder;
  write_bytes(folder / "a.pdf", rendered(minutes_document()).bytes);
  std::istringstream lines(output_of({"pdffonts", (folder / "a.pdf").string()}));
  std::string line;
  std::getline(lines, line);
  std::getline(lines, line);
  int fonts = 0;
  while (std::getline(lines, line)) {
    ++fonts;
    EXPECT_NE(line.find("+Tinos"), std::string::npos) << line;
    EXPECT_NE(line.find(" yes yes yes "), std::string::npos) << "embedded, subset, Unicode: " << line;
  }
  EXPECT_GE(fonts, 3);
}

TEST(Pdf, IsTheSameEveryTime) {
  const Document document = minutes_document();
  const Pdf first = rendered(document);
  const Result<PdfRenderer> renderer = PdfRenderer::open();
  ASSERT_TRUE(renderer);
  for (int i = 0; i < 2; ++i) {
    const Result<Pdf> again = renderer->render(document);
    ASSERT_TRUE(again);
    EXPECT_EQ(again->bytes, first.bytes);
    EXPECT_EQ(again->placements, first.placements);
  }
}

TEST(Pdf, StatesItsProperties) {
  NEED_POPPLER();
  const TempFolder folder;
  write_bytes(folder / "a.pdf", rendered(minutes_document()).bytes);
  const std::string info = output_of({"pdfinfo", "-isodates", (folder / "a.pdf").string()});
  EXPECT_NE(info.find("BIÊN BẢN Về việc xử lý sự cố"), std::string::npos) << info;
  EXPECT_NE(info.find("VĂN PHÒNG HĐND VÀ UBND"), std::string::npos) << info;
  EXPECT_NE(info.find("2026-02-05T02:00:00Z"), std::string::npos) << info;
}

TEST(Pdf, NumbersPagesFromTheSecondInTheMiddleOfTheTopMargin) {
  NEED_POPPLER();
  Document document = letter_document();
  for (int i = 0; i < 20; ++i) document.body.push_back(paragraph(sentence(6)));
  const Pdf pdf = rendered(document);
  ASSERT_GE(pdf.pages, 3U);
  std::vector<unsigned> numbered;
  for (const Word& word : words_of(pdf)) {
    if (word.y_max > 20) continue;
    EXPECT_EQ(word.text, std::to_string(word.page));
    EXPECT_NEAR((word.x_min + word.x_max) / 2, 30 + 165.0 / 2, 0.2);
    EXPECT_GE(points_of(word), 13 - 0.15);
    numbered.push_back(word.page);
  }
  EXPECT_EQ(numbered.size(), pdf.pages - 1);
  EXPECT_EQ(std::count(numbered.begin(), numbered.end(), 1U), 0);
}

TEST(Pdf, LeavesNoLineOfAParagraphAlone) {
  NEED_POPPLER();
  // Paragraphs of every length around the end of the page.
  for (int before = 4; before < 16; ++before) {
    Document document = minutes_document();
    document.body.assign(static_cast<std::size_t>(before), paragraph(sentence(3)));
    for (int i = 0; i < 6; ++i) document.body.push_back(paragraph(sentence(5)));
    const Pdf pdf = rendered(document);
    for (std::size_t block = 0; block < document.body.size(); ++block) {
      std::vector<double> heights;
      for (const Placement& one : pdf.placements) {
        if (one.component == Component::body_block && one.index == block) heights.push_back(one.height_mm);
      }
      if (heights.size() < 2) continue;
      for (const double height : heights) EXPECT_GE(height, 2 * 5.9) << "two lines of 14 pt; before " << before;
    }
  }
}

TEST(Pdf, KeepsTheLastLinesWithTheSignatures) {
  for (int lines = 1; lines < 40; ++lines) {
    Document document = letter_document();
    document.contact.clear();
    document.body.assign(static_cast<std::size_t>(lines), paragraph("Một dòng."));
    const Pdf pdf = rendered(document);
    const Placement* authority = pdf.find(Component::authority);
    ASSERT_NE(authority, nullptr);
    const Placement& last = *std::find_if(pdf.placements.begin(), pdf.placements.end(), [&](const Placement& one) {
      return one.component == Component::body_block && one.index + 1 == document.body.size();
    });
    EXPECT_EQ(last.page, authority->page) << lines;
    EXPECT_EQ(pdf.find(Component::signer_name)->page, authority->page) << lines;
  }
}

TEST(Pdf, BreaksNoSymbolAndNoTelephoneNumber) {
  NEED_POPPLER();
  // Pushed along the line, so that each would have to break somewhere.
  for (const std::string whole : {"20/2017/TT-BTTTT", "0237 3770 000"}) {
    for (int shift = 0; shift < 40; ++shift) {
      Document document = letter_document();
      const std::string filler(static_cast<std::size_t>(40 + shift), 'm');
      document.body = {paragraph(filler.substr(0, 24) + " " + filler.substr(24) + " " + whole + " của Bộ")};
      const std::vector<Word> words = words_of(rendered(document));
      const std::optional<Word> found = find_phrase(words, whole);
      ASSERT_TRUE(found) << whole << " " << shift;
      EXPECT_LT(found->y_max - found->y_min, 8) << whole << " " << shift << ": two lines";
    }
  }
  // Too long for a narrow column, it breaks instead of running over its edge.
  Document narrow = letter_document();
  Table table{{{"Số", 1}, {"Nội dung", 11}}, {{{{{"20/2017/TT-BTTTT"}}, {{"x"}}}}}};
  narrow.body = {table};
  double right = 0;
  for (const Word& word : words_of(rendered(narrow))) {
    if (word.text.starts_with("20/")) right = std::max(right, word.x_max);
  }
  EXPECT_GT(right, 30);
  EXPECT_LT(right, 30 + 165.0 / 12);
}

TEST(Pdf, TellsWhereTheSignatureGoes) {
  const Pdf pdf = rendered(minutes_document());
  for (const std::size_t index : {std::size_t{0}, std::size_t{1}}) {
    const Placement* title = pdf.find(Component::authority, index);
    const Placement* space = pdf.find(Component::signature_space, index);
    const Placement* name = pdf.find(Component::signer_name, index);
    ASSERT_TRUE(title != nullptr && space != nullptr && name != nullptr);
    EXPECT_LE(title->y_mm + title->height_mm, space->y_mm + 0.01);
    EXPECT_LE(space->y_mm + space->height_mm, name->y_mm + 0.01);
    EXPECT_GE(space->height_mm, 25);
  }
  EXPECT_LT(pdf.find(Component::signature_space, 0)->x_mm, pdf.find(Component::signature_space, 1)->x_mm);
}

TEST(Pdf, RepeatsTheHeadOfATableAndCutsNoRow) {
  NEED_POPPLER();
  Document document = letter_document();
  document.contact.clear();
  Table table{{{"STT", 1, Align::center}, {"Tên thiết bị", 5}, {"Tình trạng", 3}}, {}};
  for (int i = 1; i <= 150; ++i) {
    table.rows.push_back({{{{std::to_string(i)}},
                           {{"Máy trạm của bộ phận một cửa, dòng đầu\ndòng cuối" + std::to_string(i)}},
                           {{i % 2 == 0 ? "Đã vá" : "Chưa vá"}}}});
  }
  document.body = {table};
  const Pdf pdf = rendered(document);
  ASSERT_GE(pdf.pages, 4U);
  const auto heads = std::count_if(pdf.placements.begin(), pdf.placements.end(),
                                   [](const Placement& one) { return one.component == Component::table_head; });
  const std::vector<Word> words = words_of(pdf);
  for (int i = 1; i <= 150; ++i) {
    const std::optional<Word> number =
        find_phrase(words, std::to_string(i) + " Máy trạm của bộ phận một cửa, dòng đầu");
    const std::optional<Word> last = find_phrase(words, "cuối" + std::to_string(i));
    ASSERT_TRUE(last) << i;
    if (number) {
      EXPECT_EQ(number->page, last->page) << i;
    }
  }
  unsigned pages_with_rows = 0;
  for (unsigned page = 1; page <= pdf.pages; ++page) {
    pages_with_rows += std::any_of(words.begin(), words.end(),
                                   [&](const Word& one) { return one.page == page && one.text.starts_with("cuối"); });
  }
  EXPECT_EQ(static_cast<unsigned>(heads), pages_with_rows);
}

TEST(Pdf, CutsARowThatIsTallerThanAPage) {
  NEED_POPPLER();
  Document document = minutes_document();
  std::string text;
  for (int i = 0; i < 120; ++i) text += "dòng" + std::to_string(i) + "\n";
  document.body = {Table{{{"Một"}, {"Hai"}}, {Row{{{{text}}, {{"ngắn"}}}}}}};
  const std::vector<Word> words = words_of(rendered(document));
  for (int i = 0; i < 120; ++i) EXPECT_TRUE(find_phrase(words, "dòng" + std::to_string(i))) << i;
  for (const Word& word : words) EXPECT_LE(word.y_max, 277.1) << word.text;
}

TEST(Pdf, SetsHostileTextsHarmlessly) {
  NEED_POPPLER();
  Document document = minutes_document();
  document.body = {paragraph(std::string("a\0b", 3) + "\x1b[31mc \u202Efdp.exe\u202C x\xFFy"),
                   paragraph("<b>&amp;</b> {issuer} %s \\n"), paragraph(""),
                   paragraph("e\u0302\u0323n va\u0300 ti\u00EAng")};
  const std::vector<Word> words = words_of(rendered(document));
  EXPECT_TRUE(find_phrase(words, "ab[31mc fdp.exe x\uFFFDy")) << "what is printed is what is there";
  EXPECT_TRUE(find_phrase(words, "<b>&amp;</b> {issuer} %s \\n"));
}

TEST(Pdf, SetsAHundredThousandLettersAndWordsWiderThanThePage) {
  NEED_POPPLER();
  Document document = minutes_document();
  std::string longest;
  while (longest.size() < 100'000) longest += "abcdefghij";
  std::string words_text;
  while (words_text.size() < 120'000) words_text += "Bỉm Sơn ";
  document.body = {paragraph(longest), paragraph(words_text)};
  const Pdf pdf = rendered(document);
  EXPECT_GT(pdf.pages, 20U);
  for (const Word& word : words_of(pdf)) ASSERT_LE(word.x_max, 195.2) << word.page;
}

TEST(Pdf, PutsNoHyphenIntoADigest) {
  NEED_POPPLER();
  Document document = minutes_document();
  document.body = {paragraph(std::string(300, 'a') + std::string(300, 'f'))};
  for (const Word& word : words_of(rendered(document))) {
    if (word.text.starts_with("aaaa")) {
      EXPECT_EQ(word.text.find('-'), std::string::npos);
    }
  }
}

TEST(Pdf, RefusesACharacterThatTheFontDoesNotHave) {
  const Result<PdfRenderer> renderer = PdfRenderer::open();
  ASSERT_TRUE(renderer);
  for (const char* text : {"tệp 中文.docx", "\U0001F600", "\u0627\u0644"}) {
    Document document = minutes_document();
    document.body = {paragraph(text)};
    const Result<Pdf> pdf = renderer->render(document);
    ASSERT_FALSE(pdf) << text;
    EXPECT_TRUE(pdf.error().is(glyph_missing)) << pdf.error().text();
    EXPECT_TRUE(pdf.error().detail().starts_with("U+")) << pdf.error().detail();
  }
}

TEST(Pdf, NamesTheFontThatIsMissing) {
  const TempFolder folder;
  const Result<PdfRenderer> renderer = PdfRenderer::open(folder / "absent");
  ASSERT_FALSE(renderer);
  EXPECT_TRUE(renderer.error().is(font_missing));
  EXPECT_NE(renderer.error().detail().find("Tinos-Regular.ttf"), std::string::npos);
}

TEST(Pdf, RefusesAPictureThatIsCutOff) {
  const Result<PdfRenderer> renderer = PdfRenderer::open();
  ASSERT_TRUE(renderer);
  Document document = minutes_document();
  document.body = {Image{small_png(), 40, "Ảnh chụp màn hình"}};
  EXPECT_TRUE(renderer->render(document));
  document.body = {Image{small_png().substr(0, 40), 40, ""}};
  EXPECT_TRUE(renderer->render(document).error().is(bad_image));
}

TEST(Pdf, MarksCheckBoxesWhereTheyStand) {
  Document document = minutes_document();
  document.body = {Choices{{{"Có", true}, {"Không", false}, {"Khác", true, "ghi rõ"}}, 3}};
  const Pdf pdf = rendered(document);
  EXPECT_NE(pdf.find(Component::checked_box, 0), nullptr);
  EXPECT_NE(pdf.find(Component::empty_box, 1), nullptr);
  EXPECT_NE(pdf.find(Component::checked_box, 2), nullptr);
  EXPECT_EQ(pdf.find(Component::checked_box, 3), nullptr);
}

TEST(Pdf, SetsStampsInTheSizesOfTheDecree) {
  const struct {
    Urgency urgency;
    double width_mm;
  } table[] = {{Urgency::urgent, 20}, {Urgency::very_urgent, 40}, {Urgency::express, 30}};
  for (const auto& [urgency, width_mm] : table) {
    Document document = letter_document();
    document.urgency = urgency;
    const Pdf pdf = rendered(document);
    const Placement* stamp = pdf.find(Component::stamp, 1);
    ASSERT_NE(stamp, nullptr);
    EXPECT_NEAR(stamp->width_mm, width_mm, 0.01);
    EXPECT_NEAR(stamp->height_mm, 8, 0.01);
  }
}

TEST(Pdf, BeginsEachAnnexOnItsOwnPageWithARomanNumber) {
  NEED_POPPLER();
  Document document = minutes_document();
  document.annexes = {{"DANH SÁCH THIẾT BỊ", {paragraph("Nội dung một.")}}, {"NHẬT KÝ", {paragraph("Nội dung hai.")}}};
  const Pdf pdf = rendered(document);
  const std::vector<Word> words = words_of(pdf);
  const auto first = find_phrase(words, "Phụ lục I");
  const auto second = find_phrase(words, "Phụ lục II");
  ASSERT_TRUE(first && second);
  EXPECT_EQ(first->page + 1, second->page);
  EXPECT_EQ(second->page, pdf.pages);
  ASSERT_NE(pdf.find(Component::annex_corner, 1), nullptr);
  EXPECT_EQ(pdf.find(Component::annex_corner, 1)->page, second->page);
}

TEST(Pdf, RefusesASignatureBlockTallerThanAPage) {
  Document document = letter_document();
  document.copies.assign(recipients_max, std::string(line_bytes_max / 2, 'x'));
  const Result<PdfRenderer> renderer = PdfRenderer::open();
  ASSERT_TRUE(renderer);
  EXPECT_TRUE(renderer->render(document).error().is(over_limit));
}

}  // namespace
}  // namespace luy::paper
