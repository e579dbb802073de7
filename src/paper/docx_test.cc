// Goal: the DOCX is well-formed, holds everything the document holds, keeps the decree's measures, and is the same
// every time. Method: its parts read back with libzip; a small checker of XML's nesting; every text of the document
// looked for.
#include "paper/docx.h"

#include <gtest/gtest.h>
#include <zip.h>

#include <map>

#include "paper/fixture.h"
#include "paper/style.h"

namespace luy::paper {
namespace {

std::map<std::string, std::string> parts_of(const std::string& bytes) {
  std::map<std::string, std::string> out;
  zip_source_t* source = zip_source_buffer_create(bytes.data(), bytes.size(), 0, nullptr);
  zip_t* archive = zip_open_from_source(source, ZIP_CHECKCONS, nullptr);
  EXPECT_NE(archive, nullptr);
  if (archive == nullptr) return out;
  for (zip_int64_t i = 0; i < zip_get_num_entries(archive, 0); ++i) {
    const auto index = static_cast<zip_uint64_t>(i);
    zip_stat_t stat;
    EXPECT_EQ(zip_stat_index(archive, index, 0, &stat), 0);
    std::string content(stat.size, '\0');
    zip_file_t* file = zip_fopen_index(archive, index, 0);
    EXPECT_EQ(zip_fread(file, content.data(), content.size()), static_cast<zip_int64_t>(stat.size));
    zip_fclose(file);
    out[stat.name] = content;
  }
  zip_discard(archive);
  return out;
}

// Every element that is opened is closed in order; text holds no bare markup.
bool is_well_formed(std::string_view xml) {
  std::vector<std::string> open;
  while (!xml.empty()) {
    const std::size_t begin = xml.find('<');
    if (begin == std::string_view::npos) return open.empty() && xml.find('>') == std::string_view::npos;
    if (xml.substr(0, begin).find('>') != std::string_view::npos) return false;
    const std::size_t end = xml.find('>', begin);
    if (end == std::string_view::npos) return false;
    const std::string_view tag = xml.substr(begin + 1, end - begin - 1);
    xml.remove_prefix(end + 1);
    if (tag.starts_with('?') || tag.ends_with('/')) continue;
    if (tag.starts_with('/')) {
      if (open.empty() || open.back() != tag.substr(1)) return false;
      open.pop_back();
    } else {
      open.emplace_back(tag.substr(0, tag.find(' ')));
    }
  }
  return open.empty();
}

std::map<std::string, std::string> rendered(const Document& document) {
  const Result<std::string> bytes = to_docx(document);
  EXPECT_TRUE(bytes) << bytes.error().text();
  return bytes ? parts_of(*bytes) : std::map<std::string, std::string>{};
}

TEST(Docx, IsWellFormedAndWhole) {
  Document document = minutes_document();
  document.body.push_back(Image{small_png(), 30, "Ảnh"});
  document.body.push_back(Choices{{{"Có", true}, {"Không"}}, 2});
  document.body.push_back(Field{"Địa chỉ", true});
  document.annexes = {{"DANH SÁCH", {Paragraph{{{"Nội dung."}}}}}};
  const auto parts = rendered(document);
  for (const char* name : {"[Content_Types].xml", "_rels/.rels", "docProps/core.xml", "word/document.xml",
                           "word/styles.xml", "word/header1.xml", "word/footer1.xml", "word/_rels/document.xml.rels"}) {
    ASSERT_TRUE(parts.contains(name)) << name;
    EXPECT_TRUE(is_well_formed(parts.at(name))) << name;
  }
  EXPECT_EQ(parts.at("word/media/image1.png"), small_png());
  EXPECT_TRUE(parts.contains("word/media/image2.png")) << "the QR code";
  const std::string& text = parts.at("word/document.xml");
  for (const char* words :
       {"CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc", "UBND PHƯỜNG BỈM SƠN", "Số: 05/BB-VP",
        "Bỉm Sơn, ngày 05 tháng 02 năm 2026", "BIÊN BẢN", "I. THÀNH PHẦN THAM DỰ", "Ngắt kết nối mạng", "THƯ KÝ",
        "CHỦ TỌA", "Nguyễn Văn An", "Nơi nhận:", "- Lưu: VT, Hồ sơ.", "Mã gốc nhật ký số", "☒\u00A0Có", "☐\u00A0Không",
        "▪ Địa chỉ (*)", "Phụ lục", "DANH SÁCH"}) {
    EXPECT_NE(text.find(words), std::string::npos) << words;
  }
  EXPECT_NE(text.find("<w:tblHeader/>"), std::string::npos) << "the table's head comes again on every page";
}

TEST(Docx, KeepsTheDecreesMeasures) {
  const auto parts = rendered(letter_document());
  const std::string& text = parts.at("word/document.xml");
  EXPECT_NE(text.find("<w:pgSz w:w=\"11906\" w:h=\"16838\"/>"), std::string::npos) << "A4";
  EXPECT_NE(text.find("w:top=\"1134\" w:right=\"850\" w:bottom=\"1134\" w:left=\"1701\""), std::string::npos)
      << "20, 15, 20 and 30 mm";
  EXPECT_NE(text.find("w:firstLine=\"720\""), std::string::npos) << "1,27 cm";
  EXPECT_NE(text.find("<w:titlePg/>"), std::string::npos) << "no number on page 1";
  EXPECT_NE(parts.at("word/header1.xml").find("PAGE"), std::string::npos);
  EXPECT_NE(parts.at("word/styles.xml").find("Times New Roman"), std::string::npos);
  EXPECT_NE(parts.at("word/footer1.xml").find("Trụ sở"), std::string::npos);
}

TEST(Docx, IsTheSameEveryTime) {
  EXPECT_EQ(*to_docx(minutes_document()), *to_docx(minutes_document()));
}

TEST(Docx, EscapesHostileTexts) {
  Document document = minutes_document();
  document.subject = "<w:p>&\"'\x1b";
  document.body = {Paragraph{{{std::string("</w:t>]]>\0\xFF\u202Ex", 15)}}}};
  const auto parts = rendered(document);
  EXPECT_TRUE(is_well_formed(parts.at("word/document.xml")));
  EXPECT_TRUE(is_well_formed(parts.at("docProps/core.xml")));
  EXPECT_EQ(parts.at("word/document.xml").find('\x1b'), std::string::npos);
  EXPECT_EQ(parts.at("word/document.xml").find("\u202E"), std::string::npos);
}

TEST(Docx, RefusesWhatThePdfRefuses) {
  Document document = minutes_document();
  document.issuer.clear();
  EXPECT_TRUE(to_docx(document).error().is(bad_document));
}

}  // namespace
}  // namespace luy::paper
