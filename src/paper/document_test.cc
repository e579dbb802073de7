// Goal: what is not fit to be printed is cleaned or refused before anything renders it.
// Method: tables of hostile texts and of documents with one thing wrong.
#include "paper/document.h"

#include <gtest/gtest.h>

#include <functional>

#include "paper/fixture.h"

namespace luy::paper {
namespace {

TEST(Document, NamesStandInCapitals) {
  EXPECT_EQ(capitals("Văn phòng HĐND&UBND phường Bỉm Sơn"), "VĂN PHÒNG HĐND&UBND PHƯỜNG BỈM SƠN");
  EXPECT_EQ(capitals("Phòng Kinh tế, Hạ tầng và Đô thị"), "PHÒNG KINH TẾ, HẠ TẦNG VÀ ĐÔ THỊ");
  EXPECT_EQ(capitals("\xff"), "\xEF\xBF\xBD");
}

TEST(CleanText, RemovesWhatIsNotSeenAndKeepsWhatIs) {
  const struct {
    const char* name;
    std::string in;
    std::string out;
  } table[] = {
      {"Vietnamese", "Bỉm Sơn – ĐƯỜNG", "Bỉm Sơn – ĐƯỜNG"},
      {"decomposed letters", "e\u0302\u0323", "e\u0302\u0323"},
      {"NUL", std::string("a\0b", 3), "ab"},
      {"escape sequences", "a\x1b[31mb\x07", "a[31mb"},
      {"C1 controls", "a\u0090b", "ab"},
      {"line breaks of every kind", "a\r\nb\rc\u2028d\u2029e", "a\nb\nc\nd\ne"},
      {"tabs", "a\tb", "a b"},
      {"direction override", "exe.\u202Efdp\u202C.pdf", "exe.fdp.pdf"},
      {"isolates and marks", "\u2066a\u2069\u200E\u200F\u061Cb", "ab"},
      {"zero width", "a\u200B\u200C\u200D\u2060\uFEFFb", "ab"},
      {"the character kept for boxes", "a\uFFFCb", "ab"},
      {"tags", "a\U000E0041b", "ab"},
      {"bytes that are not UTF-8", "a\xFF\xC3", "a\uFFFD\uFFFD"},
      {"no-break space stays", "a\u00A0b", "a\u00A0b"},
  };
  for (const auto& [name, in, out] : table) EXPECT_EQ(clean_text(in), out) << name;
  EXPECT_EQ(clean_line("a\nb"), "a b");
}

TEST(Words, AreThoseOfTheDecree) {
  EXPECT_EQ(long_date(*day_from_iso("2026-02-05")), "ngày 05 tháng 02 năm 2026");
  EXPECT_EQ(long_date(*day_from_iso("2026-11-22")), "ngày 22 tháng 11 năm 2026");
  EXPECT_EQ(long_date(*day_from_iso("2026-03-10")), "ngày 10 tháng 3 năm 2026");
  EXPECT_EQ(roman(1), "I");
  EXPECT_EQ(roman(4), "IV");
  EXPECT_EQ(roman(1994), "MCMXCIV");
  EXPECT_STREQ(words_of(Urgency::express), "HỎA TỐC");
  EXPECT_STREQ(words_of(Secrecy::none), "");
}

TEST(CheckDocument, NamesWhatIsWrong) {
  const struct {
    const char* name;
    std::function<void(Document&)> spoil;
    const ErrorKind& kind;
  } table[] = {
      {"issuer", [](Document& one) { one.issuer.clear(); }, bad_document},
      {"place", [](Document& one) { one.place.clear(); }, bad_document},
      {"type_name", [](Document& one) { one.type_name.clear(), one.subject.clear(); }, bad_document},
      {"date", [](Document& one) { one.date = Day(days(-100'000)); }, bad_document},
      {"subject", [](Document& one) { one.subject.assign(line_bytes_max + 1, 'x'); }, over_limit},
      {"paragraph", [](Document& one) { one.body = {Paragraph{{{std::string(text_bytes_max, 'x')}}}}; }, over_limit},
      {"body", [](Document& one) { one.body.assign(blocks_max + 1, PageBreak{}); }, over_limit},
      {"heading.level",
       [](Document& one) {
         one.body = {Heading{"x", 4}};
       },
       bad_document},
      {"list", [](Document& one) { one.body = {List{std::vector<Spans>(items_max + 1)}}; }, over_limit},
      {"choices.columns",
       [](Document& one) {
         one.body = {Choices{{}, 0}};
       },
       bad_document},
      {"table",
       [](Document& one) {
         one.body = {Table{std::vector<Column>(columns_max + 1), {}}};
       },
       over_limit},
      {"table.columns", [](Document& one) { one.body = {Table{}}; }, bad_document},
      {"table.columns.weight",
       [](Document& one) {
         one.body = {Table{{{"a", 0.0}}, {}}};
       },
       bad_document},
      {"table.rows",
       [](Document& one) {
         one.body = {Table{{{"a"}}, {Row{}}}};
       },
       bad_document},
      {"image.png", [](Document& one) { one.body = {Image{"GIF89a"}}; }, bad_document},
      {"image.width_mm",
       [](Document& one) {
         one.body = {Image{small_png(), 500}};
       },
       bad_document},
      {"recipients", [](Document& one) { one.recipients.assign(recipients_max + 1, "x"); }, over_limit},
      {"signatures", [](Document& one) { one.signatures.resize(signatures_max + 1); }, over_limit},
      {"evidence",
       [](Document& one) {
         one.evidence = {{std::string(qr_bytes_max + 1, 'x'), ""}};
       },
       over_limit},
      {"annexes", [](Document& one) { one.annexes.resize(annexes_max + 1); }, over_limit},
  };
  EXPECT_TRUE(check_document(minutes_document()));
  for (const auto& [name, spoil, kind] : table) {
    Document document = minutes_document();
    spoil(document);
    const Result<void> result = check_document(document);
    ASSERT_FALSE(result) << name;
    EXPECT_TRUE(result.error().is(kind)) << name << ": " << result.error().text();
    EXPECT_TRUE(result.error().detail().starts_with(name)) << name << ": " << result.error().text();
  }
}

TEST(CheckDocument, RefusesAPictureThatWouldFillTheMemory) {
  std::string png = small_png();
  png[16] = '\x7F';  // Width in the IHDR chunk: 2^31 pixels.
  Document document = minutes_document();
  document.body = {Image{png}};
  EXPECT_TRUE(check_document(document).error().is(over_limit));
}

}  // namespace
}  // namespace luy::paper
