// Goal: CSV of any office program becomes the rows it shows, and nothing that is written becomes a formula. Method:
// tables of texts.
#include "sheet/csv.h"

#include <gtest/gtest.h>

namespace luy::sheet {
namespace {

using Rows = std::vector<std::vector<std::string>>;

Rows cells_of(std::string_view text) {
  Rows out;
  const auto table = parse_csv(text);
  EXPECT_TRUE(table) << text;
  if (!table) return out;
  for (const Row& row : *table) {
    EXPECT_EQ(row.number, out.size() + 1);
    out.push_back(row.cells);
  }
  return out;
}

}  // namespace

TEST(Csv, ReadsWhatSpreadsheetsWrite) {
  EXPECT_EQ(cells_of("\xef\xbb\xbf"
                     "a,b\r\nc,\"d,\"\"e\"\"\r\nf\"\r\n"),
            (Rows{{"a", "b"}, {"c", "d,\"e\"\r\nf"}}));
  EXPECT_EQ(cells_of("a,\nb"), (Rows{{"a", ""}, {"b"}}));
  EXPECT_EQ(cells_of("a,,\"\""), (Rows{{"a", "", ""}}));
  EXPECT_EQ(cells_of("a\n\nb\n"), (Rows{{"a"}, {""}, {"b"}}));
  EXPECT_EQ(cells_of(""), Rows());
}

TEST(Csv, RefusesWhatItCannotRead) {
  std::string rows;
  for (std::size_t i = 0; i <= rows_max; ++i) rows += "a\n";
  for (const std::string& bad : {std::string("\"a"), std::string("\"a\"b"), std::string("a\"b"), std::string("a\xff"),
                                 std::string(text_bytes_max + 1, 'a'), std::string(columns_max, ','), rows}) {
    const auto table = parse_csv(bad);
    ASSERT_FALSE(table) << bad.substr(0, 20);
    EXPECT_TRUE(table.error().is(csv_invalid)) << bad.substr(0, 20);
  }
  EXPECT_TRUE(parse_csv(std::string(columns_max - 1, ','))) << "as many cells as there may be";
}

TEST(Csv, WritesNoFormulas) {
  EXPECT_EQ(csv_cell("=cmd|' /C calc'!A0"), "'=cmd|' /C calc'!A0");
  EXPECT_EQ(csv_cell("@SUM(A1)"), "'@SUM(A1)");
  EXPECT_EQ(csv_cell("a,\"b\""), "\"a,\"\"b\"\"\"");
  EXPECT_EQ(csv_cell("Phòng VH-TT"), "Phòng VH-TT");
  for (const char* text : {"=1", "+84 237", "-", "@a", "'", "'a", "", "a=b"}) {
    EXPECT_EQ(plain_cell(cells_of(csv_cell(text) + "\n")[0][0]), text);
  }
}

TEST(Csv, ComesBackAsItWentOut) {
  const Page page{"Người", {{"id", 10}, {"name", 20}}, {{"1", "Nguyễn Thị \"Lan\", tổ 1"}, {"2", "=2+2"}}};
  const std::string out = to_csv(page);
  EXPECT_TRUE(out.starts_with("\xef\xbb\xbfid,name\r\n"));
  EXPECT_EQ(cells_of(out), (Rows{{"id", "name"}, {"1", "Nguyễn Thị \"Lan\", tổ 1"}, {"2", "'=2+2"}}));
}

}  // namespace luy::sheet
