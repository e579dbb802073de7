// Goal: a workbook becomes the text that an office program shows, hostile ones are refused within bounds and with the
// cell's name, and what is written is read again. Method: workbooks put together part by part; tables of cells.
#include "sheet/xlsx.h"

#include <gtest/gtest.h>

#include "sheet/fixture.h"
#include "sheet/xlsx/book.h"

namespace luy::sheet {
namespace {

using Rows = std::vector<std::vector<std::string>>;

Rows cells_of(const Result<Table>& table) {
  Rows out;
  EXPECT_TRUE(table) << table.error().text();
  if (!table) return out;
  for (const Row& row : *table) out.push_back(row.cells);
  return out;
}

std::string row_of(const std::string& cells) {
  return "<sheetData><row r=\"7\">" + cells + "</row></sheetData>";
}

Result<Table> read(const std::string& sheet) {
  return read_xlsx(book_with(sheet));
}

}  // namespace

TEST(Xlsx, ReadsEveryKindOfCellAsText) {
  const struct {
    const char* cell;
    const char* text;
  } table[] = {
      {"<c r=\"A7\" t=\"s\"><v>0</v></c>", "không"},
      {"<c r=\"A7\" t=\"s\"><v>1</v></c>", "một hai"},
      {"<c t=\"inlineStr\"><is><t>Bỉm Sơn &amp; nơi khác</t></is></c>", "Bỉm Sơn & nơi khác"},
      {"<c r=\"A7\" t=\"inlineStr\"><is><r><t>a</t></r><r><t>b</t></r><rPh><t>c</t></rPh></is></c>", "ab"},
      {"<c r=\"A7\" t=\"inlineStr\"><is><t>một_x0009_hai_x005F_x000D_</t></is></c>", "một\thai_x000D_"},
      {"<c r=\"A7\" t=\"inlineStr\"><is><t><![CDATA[<b>]]></t></is></c>", "<b>"},
      {"<c r=\"A7\"><v>12</v></c>", "12"},
      {"<c r=\"A7\"><v>-0.5</v></c>", "-0.5"},
      {"<c r=\"A7\"><v>0.30000000000000004</v></c>", "0.3"},
      {"<c r=\"A7\"><v>3.8123456789E+10</v></c>", "38123456789"},
      {"<c r=\"A7\" t=\"n\"><v>037301001234</v></c>", "37301001234"},
      {"<c r=\"A7\" t=\"b\"><v>1</v></c>", "TRUE"},
      {"<c r=\"A7\" t=\"b\"><v>0</v></c>", "FALSE"},
      {"<c r=\"A7\" s=\"1\"><v>46349</v></c>", "2026-11-23"},
      {"<c r=\"A7\" s=\"2\"><v>46349.3125</v></c>", "2026-11-23T07:30:00"},
      {"<c r=\"A7\" s=\"2\"><v>0.3125</v></c>", "07:30:00"},
      {"<c r=\"A7\" s=\"3\"><v>46349</v></c>", "46349"},
      {"<c r=\"A7\" s=\"1\"><v>59</v></c>", "1900-02-28"},
      {"<c r=\"A7\" s=\"1\"><v>61</v></c>", "1900-03-01"},
      {"<c r=\"A7\" s=\"1\"><v>1</v></c>", "1900-01-01"},
      {"<c r=\"A7\" t=\"d\"><v>2026-11-23T00:00:00.000Z</v></c>", "2026-11-23"},
      {"<c r=\"A7\" t=\"d\"><v>2026-11-23T07:30:00Z</v></c>", "2026-11-23T07:30:00"},
      {"<c r=\"A7\"><f>1+1</f><v>2</v></c>", "2"},
      {"<c r=\"A7\" t=\"str\"><f>A1</f><v>=không phải công thức</v></c>", "=không phải công thức"},
  };
  for (const auto& [cell, text] : table) EXPECT_EQ(cells_of(read(row_of(cell))), (Rows{{text}})) << cell;
}

TEST(Xlsx, CountsDaysFromTheLaterEndOfTheCenturyWhereTheBookSaysSo) {
  const Parts parts = with_part(parts_with(row_of("<c r=\"A7\" s=\"1\"><v>44887</v></c>")), "xl/workbook.xml",
                                "<workbook><workbookPr date1904=\"1\"/><sheets><sheet name=\"Một\" r:id=\"s1\" "
                                "xmlns:r=\"r\"/></sheets></workbook>");
  EXPECT_EQ(cells_of(read_xlsx(zip_of(parts))), (Rows{{"2026-11-23"}}));
}

TEST(Xlsx, KeepsPlacesAndLeavesOutWhatIsEmpty) {
  const auto table = read(
      "<sheetData><row r=\"1\"><c r=\"B1\"><v>1</v></c><c r=\"D1\" s=\"2\"/></row><row r=\"2\"/>"
      "<row><c t=\"inlineStr\"><is><t>x</t></is></c><c><v>2</v></c></row>"
      "<row r=\"1048576\" hidden=\"1\"><c r=\"A1048576\"><v>3</v></c></row></sheetData>");
  ASSERT_EQ(cells_of(table), (Rows{{"", "1"}, {"x", "2"}, {"3"}}));
  EXPECT_EQ((*table)[0].number, 1U);
  EXPECT_EQ((*table)[1].number, 3U);
  EXPECT_EQ((*table)[2].number, 1'048'576U);
  EXPECT_EQ(cells_of(read("<sheetData/>")), Rows());
  EXPECT_EQ(cells_of(read(row_of("<c r=\"A7\" t=\"str\"><f>\"\"</f><v/></c>"))), Rows()) << "an empty result";
}

TEST(Xlsx, ReadsOnlyTheFirstCellOfMergedOnes) {
  EXPECT_EQ(cells_of(read("<sheetData><row r=\"1\"><c r=\"A1\"><v>1</v></c><c r=\"B1\"><v>2</v></c><c r=\"C1\"><v>3</v>"
                          "</c></row><row r=\"2\"><c r=\"A2\"><v>4</v></c></row></sheetData>"
                          "<mergeCells><mergeCell ref=\"A1:B2\"/></mergeCells>")),
            (Rows{{"1", "", "3"}}));
  EXPECT_EQ(cells_of(read("<sheetData><row r=\"1\"><c r=\"A1\"><v>1</v></c><c r=\"C1\"><v>3</v></c></row></sheetData>"
                          "<mergeCells><mergeCell ref=\"A1:D9\"/></mergeCells>")),
            (Rows{{"1"}}));
}

TEST(Xlsx, ReadsTheFirstVisibleSheetOrTheOneAskedFor) {
  const std::string office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/";
  Parts parts = parts_with(row_of("<c r=\"A7\"><v>1</v></c>"));
  parts = with_part(parts, "xl/workbook.xml",
                    "<workbook xmlns:r=\"r\"><sheets><sheet name=\"Ẩn\" state=\"hidden\" r:id=\"s1\"/>"
                    "<sheet name=\"Rất ẩn\" state=\"veryHidden\" r:id=\"s1\"/><sheet name=\"Biểu đồ\" r:id=\"s3\"/>"
                    "<sheet name=\"Hai &amp; ba\" r:id=\"s2\"/><sheet name=\"Bốn\" r:id=\"s1\"/></sheets></workbook>");
  parts = with_part(parts, "xl/_rels/workbook.xml.rels",
                    "<Relationships><Relationship Id=\"s1\" Type=\"" + office +
                        "worksheet\" Target=\"worksheets/sheet1.xml\"/><Relationship Id=\"s2\" Type=\"" + office +
                        "worksheet\" Target=\"../xl/./two.xml\"/><Relationship Id=\"s3\" Type=\"" + office +
                        "chartsheet\" Target=\"chart.xml\"/></Relationships>");
  parts = with_part(parts, "xl/two.xml", "<worksheet>" + row_of("<c r=\"A7\"><v>2</v></c>") + "</worksheet>");
  const std::string bytes = zip_of(parts);
  EXPECT_EQ(cells_of(read_xlsx(bytes)), (Rows{{"2"}}));
  EXPECT_EQ(cells_of(read_xlsx(bytes, "Hai & ba")), (Rows{{"2"}}));
  EXPECT_EQ(cells_of(read_xlsx(bytes, "Bốn")), (Rows{{"1"}}));
  for (const char* name : {"Ẩn", "Rất ẩn", "Biểu đồ", "Không có"}) {
    const auto table = read_xlsx(bytes, name);
    ASSERT_FALSE(table) << name;
    EXPECT_TRUE(table.error().is(sheet_unknown)) << name;
  }
}

TEST(Xlsx, NamesTheCellThatCannotBeRead) {
  const std::string long_text(cell_bytes_max + 1, 'a');
  const struct {
    std::string cells;
    const char* name;
  } table[] = {
      {"<c r=\"C7\"><f>1+1</f></c>", "C7"},
      {"<c r=\"C7\"><f>1+1</f><v/></c>", "C7"},
      {"<c r=\"C7\" t=\"e\"><v>#N/A</v></c>", "C7"},
      {"<c r=\"C7\"><v>mười</v></c>", "C7"},
      {"<c r=\"C7\"><v>1e999</v></c>", "C7"},
      {"<c r=\"C7\" t=\"s\"><v>2</v></c>", "C7"},
      {"<c r=\"C7\" t=\"s\"><v>-1</v></c>", "C7"},
      {"<c r=\"C7\" t=\"x\"><v>1</v></c>", "C7"},
      {"<c r=\"AB7\" s=\"1\"><v>60</v></c>", "AB7"},
      {"<c r=\"C7\" s=\"1\"><v>-1</v></c>", "C7"},
      {"<c r=\"C7\" s=\"1\"><v>2958466</v></c>", "C7"},
      {"<c r=\"C7\" t=\"inlineStr\"><is><t>" + long_text + "</t></is></c>", "C7"},
      {"<c r=\"AG7\"><v>1</v></c>", "AG7"},
  };
  for (const auto& [cells, name] : table) {
    const auto bad = read(row_of(cells));
    ASSERT_FALSE(bad) << cells.substr(0, 60);
    EXPECT_TRUE(bad.error().is(cell_invalid)) << bad.error().text();
    EXPECT_NE(bad.error().vi().find(std::string("ô ") + name), std::string::npos) << bad.error().vi();
    EXPECT_NE(bad.error().en().find(std::string("cell ") + name), std::string::npos) << bad.error().en();
  }
}

TEST(Xlsx, RefusesWhatIsNoWorkbook) {
  const std::string good = book_with(row_of("<c r=\"A7\"><v>1</v></c>"));
  const auto sheet = [](const std::string& content) {
    return zip_of(with_part(parts_with(""), "xl/worksheets/sheet1.xml", content));
  };
  const std::string entity = "<!DOCTYPE worksheet [<!ENTITY a \"b\">]><worksheet>&a;</worksheet>";
  const std::string outside = "<!DOCTYPE worksheet SYSTEM \"file:///etc/passwd\"><worksheet/>";
  std::string attributes = "<worksheet ";
  for (int i = 0; i < 20'000; ++i) attributes += "a" + std::to_string(i) + "=\"\" ";
  Parts without_book = parts_with("");
  without_book.erase(without_book.begin() + 1);
  const struct {
    const char* what;
    std::string bytes;
  } table[] = {
      {"nothing", ""},
      {"text", "id,name"},
      {"an old or encrypted workbook", "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1" + std::string(600, 'x')},
      {"half of it", good.substr(0, good.size() / 2)},
      {"another ZIP", zip_of({{"a.txt", "a"}})},
      {"no book", zip_of(without_book)},
      {"entities", sheet(entity)},
      {"an outside document type", sheet(outside)},
      {"an entity nobody declared", sheet("<worksheet>&b;</worksheet>")},
      {"no end", sheet("<worksheet><sheetData>")},
      {"two ends", sheet("<worksheet></worksheet></worksheet>")},
      {"not UTF-8", sheet("<worksheet>\xff</worksheet>")},
      {"UTF-16", sheet(std::string("\xff\xfe<\0w\0/\0>\0", 10))},
      {"a tag without end", sheet(attributes + "/>")},
      {"too deep", sheet("<worksheet>" + std::string(600, ' ').replace(0, 600,
                                                                       [] {
                                                                         std::string deep;
                                                                         for (int i = 0; i < 300; ++i) deep += "<a>";
                                                                         return deep;
                                                                       }()))},
      {"rows out of order", book_with("<sheetData><row r=\"2\"/><row r=\"2\"/></sheetData>")},
      {"row 0", book_with("<sheetData><row r=\"0\"/></sheetData>")},
      {"cells out of order", book_with(row_of("<c r=\"B7\"/><c r=\"A7\"/>"))},
      {"a cell of another row", book_with(row_of("<c r=\"B8\"/>"))},
      {"a place that is none", book_with(row_of("<c r=\"7B\"/>"))},
      {"a wrong merge", book_with("<sheetData/><mergeCells><mergeCell ref=\"A1:B\"/></mergeCells>")},
  };
  for (const auto& [what, bytes] : table) {
    const auto bad = read_xlsx(bytes);
    ASSERT_FALSE(bad) << what;
    EXPECT_TRUE(bad.error().is(not_xlsx)) << what << ": " << bad.error().text();
  }
}

TEST(Xlsx, RefusesWhatIsTooLarge) {
  std::string rows = "<sheetData>";
  for (std::size_t i = 0; i <= rows_max; ++i) rows += "<row><c><v>1</v></c></row>";
  std::string cells;
  for (std::size_t i = 0; i < columns_max; ++i) {
    cells += "<c t=\"inlineStr\"><is><t>" + std::string(cell_bytes_max, 'a') + "</t></is></c>";
  }
  std::string full = "<sheetData>";
  for (std::size_t i = 0; i * columns_max * cell_bytes_max <= text_bytes_max; ++i) full += "<row>" + cells + "</row>";
  std::string merges = "<sheetData/><mergeCells>";
  for (std::size_t i = 0; i <= xlsx_merges_max; ++i) merges += "<mergeCell ref=\"A1:B2\"/>";
  Parts many = parts_with("");
  for (std::size_t i = 0; i < xlsx_parts_max; ++i) many.emplace_back("a" + std::to_string(i), "");
  std::string strings = "<sst>";
  for (std::size_t i = 0; i <= xlsx_shared_strings_max; ++i) strings += "<si/>";
  const struct {
    const char* what;
    std::string bytes;
  } table[] = {
      {"the file", std::string(xlsx_bytes_max + 1, 'a')},
      {"rows", book_with(rows + "</sheetData>")},
      {"text", book_with(full + "</sheetData>")},
      {"merged cells", book_with(merges + "</mergeCells>")},
      {"parts", zip_of(many)},
      {"texts", zip_of(with_part(parts_with(""), "xl/sharedStrings.xml", strings + "</sst>"))},
      {"a bomb", book_with(std::string(4 << 20, ' '))},
      {"a part of 16 MiB", book_with(std::string(xlsx_part_bytes_max, ' '))},
  };
  for (const auto& [what, bytes] : table) {
    const auto bad = read_xlsx(bytes);
    ASSERT_FALSE(bad) << what;
    EXPECT_TRUE(bad.error().is(xlsx_too_large)) << what << ": " << bad.error().text();
  }
}

TEST(Xlsx, ComesBackAsItWentOut) {
  Page page{"Người", {{"id", 10}, {"name", 30}, {"note", 20}}, {}};
  page.rows = {{"001", "Nguyễn Thị Lan", ""},
               {"", "=1+1", "+84"},
               {"0012", " hai  dấu cách ", "dòng 1\ndòng 2\r\n\tba"},
               {"<&>\"'", "_x0041_", std::string("một\x01hai")},
               {"e\u0302\u0301", "ế", "🙂"}};
  const auto bytes = to_xlsx(page);
  ASSERT_TRUE(bytes);
  EXPECT_EQ(*bytes, *to_xlsx(page)) << "the same page gives the same bytes";
  Rows wanted = {{"id", "name", "note"}};
  wanted.insert(wanted.end(), page.rows.begin(), page.rows.end());
  wanted[1].pop_back();  // Empty cells at the end are not there.
  EXPECT_EQ(cells_of(read_xlsx(*bytes)), wanted);
  EXPECT_EQ(cells_of(read_xlsx(*bytes, "Người")), wanted);
}

TEST(Xlsx, NamesCells) {
  EXPECT_EQ(cell_name(0, 1), "A1");
  EXPECT_EQ(cell_name(25, 7), "Z7");
  EXPECT_EQ(cell_name(26, 7), "AA7");
  EXPECT_EQ(cell_name(702, 9), "AAA9");
}

}  // namespace luy::sheet
