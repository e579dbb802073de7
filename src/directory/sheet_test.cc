// Goal: sheets come back as they went out, in both formats, are refused line by line and then whole, and are no way
// round a right. Method: a tree written out, changed by hand, and read in again; workbooks made by our own writer.
#include <algorithm>

#include "directory/fixture.h"
#include "sheet/csv.h"
#include "sheet/xlsx.h"

namespace luy::directory {
namespace {

SheetFile csv(std::string_view bytes) {
  return {SheetFormat::csv, bytes};
}

class SheetTest : public DirectoryTest {
 protected:
  SheetTest() { set_up_town(); }

  static sheet::Page agencies(std::vector<std::vector<std::string>> rows) {
    sheet::Page page{"Cơ quan", {}, std::move(rows)};
    for (const char* head : {"code", "name", "header_name", "kind", "superior", "valid_from", "valid_to", "identifier",
                             "superior_header", "networks"}) {
      page.columns.push_back({head});
    }
    return page;
  }
  Result<ImportedSheet> import(const sheet::Page& page, Preview preview = Preview::no) {
    const std::string bytes = *sheet::to_xlsx(page);
    return directory_->sheets().read(administrator(), {SheetFormat::xlsx, bytes}, preview);
  }
};

bool everything(const Agency&) {
  return true;
}

}  // namespace

TEST_F(SheetTest, ComeBackAsTheyWentOut) {
  add_agency("VP", town_);
  clock_.advance(days(2));
  const std::string out = *directory_->sheets().write(SheetFormat::csv, everything);
  const auto same = directory_->sheets().read(administrator(), csv(out), Preview::no);
  ASSERT_TRUE(same);
  EXPECT_EQ(same->refused, 0U);
  for (const SheetLine& line : same->lines) EXPECT_EQ(line.does, SheetLine::Does::nothing) << line.code << line.en;

  std::string changed = out;
  changed.replace(changed.find("Cơ quan VP"), std::string("Cơ quan VP").size(), "Văn phòng");
  changed += "TO,Tổ một cửa,,unit,VP,,,H56.10,,10.1.0.0/16 10.2.0.0/16\r\n";
  const auto seen = directory_->sheets().read(administrator(), csv(changed), Preview::yes);
  ASSERT_TRUE(seen);
  EXPECT_FALSE(seen->applied);
  EXPECT_EQ(directory_->agencies().list()->size(), 2U);
  const auto done = directory_->sheets().read(administrator(), csv(changed), Preview::no);
  ASSERT_TRUE(done && done->applied);
  EXPECT_EQ(directory_->agencies().list()->size(), 3U);
  const auto list = directory_->agencies().list();
  EXPECT_EQ(list->at(2).name, "Văn phòng");
  EXPECT_EQ(directory_->profiles().find(list->at(0).id)->networks.size(), 2U);
  EXPECT_EQ(directory_->agencies().lineage(list->at(0).id).size(), 3U);
}

TEST_F(SheetTest, AreRefusedLineByLineAndThenWhole) {
  const Agency office = add_agency("VP", town_);
  clock_.advance(days(2));
  const std::string head =
      "code,name,header_name,kind,superior,valid_from,valid_to,identifier,superior_header,networks\r\n";
  const std::string from = to_iso(office.valid_from);
  const std::string lines = "VP,Văn phòng,Văn phòng,department,UBND," + from +
                            ",,,,\r\n"                                     // A change that would be right.
                            "X1,Không có cấp trên,,unit,NOWHERE,,,,,\r\n"  //
                            "X2,Loại lạ,,castle,UBND,,,,,\r\n"             //
                            "X3,Mã định danh sai,,unit,UBND,,,abc,,\r\n"   //
                            "X4,Thiếu cột,,unit\r\n"                       //
                            "vp,Trùng mã,,unit,UBND,,,,,\r\n"              //
                            "UBND,Kết thúc,Kết thúc,town,," +
                            from + ",2026-12-31,,,\r\n";  // Ending is not for sheets.
  const std::string text = head + lines;
  const auto result = directory_->sheets().read(administrator(), csv(text), Preview::no);
  ASSERT_TRUE(result) << result.error().text();
  EXPECT_FALSE(result->applied);
  EXPECT_EQ(result->refused, 6U);
  EXPECT_EQ(result->lines.front().does, SheetLine::Does::change);
  EXPECT_NE(result->lines[2].vi.find("town, department, commune, unit"), std::string::npos)
      << "what the column takes: " << result->lines[2].vi;
  EXPECT_EQ(directory_->agencies().find(office.id)->name, "Cơ quan VP");
  EXPECT_TRUE(directory_->sheets().read(administrator(), csv("a,b\r\n"), Preview::yes).error().is(sheet_invalid));
  Actor officer = actor_;
  officer.grants = {{Role::security_officer, town_}};
  EXPECT_TRUE(directory_->sheets().read(caller_of(officer, ""), csv(head), Preview::no).error().is(not_allowed));
}

TEST_F(SheetTest, AreTheSameInAWorkbook) {
  add_agency("VP", town_);
  clock_.advance(days(2));
  const std::string out = *directory_->sheets().write(SheetFormat::xlsx, everything);
  const std::string text = *directory_->sheets().write(SheetFormat::csv, everything);
  const auto table = *sheet::read_xlsx(out);
  const auto lines = *sheet::parse_csv(text);
  ASSERT_EQ(table.size(), lines.size());
  for (std::size_t i = 0; i < table.size(); ++i) {
    auto cells = table[i].cells;
    cells.resize(lines[i].cells.size());
    EXPECT_EQ(cells, lines[i].cells);
  }
  const auto same = directory_->sheets().read(administrator(), {SheetFormat::xlsx, out}, Preview::no);
  ASSERT_TRUE(same) << same.error().text();
  EXPECT_TRUE(same->applied);
  for (const SheetLine& line : same->lines) EXPECT_EQ(line.does, SheetLine::Does::nothing) << line.code << line.en;
  EXPECT_TRUE(directory_->sheets()
                  .read(administrator(), {SheetFormat::xlsx, out, "Không có"}, Preview::yes)
                  .error()
                  .is(sheet::sheet_unknown));
  EXPECT_TRUE(
      directory_->sheets().read(administrator(), {SheetFormat::xlsx, text}, Preview::yes).error().is(sheet::not_xlsx));
}

TEST_F(SheetTest, TakesWorkbooksWithDaysAsPeopleWriteThemAndLettersInEveryForm) {
  const auto looked =
      import(agencies({{"TH", "Tru\u031bo\u031b\u0300ng Ba \u0110i\u0300nh", "", "unit", "UBND", "05/01/2026"},
                       {},
                       {"=X", "Tổ =1+1", "", "unit", "TH"}}),
             Preview::yes);
  ASSERT_TRUE(looked) << looked.error().text();
  ASSERT_EQ(looked->lines.size(), 2U);
  EXPECT_EQ(looked->refused, 2U) << "no school before the town, and nothing under a school that is none";
  EXPECT_EQ(looked->lines[1].line, 4U) << "empty rows count";
  ASSERT_TRUE(import(agencies({{"TH", "Tru\u031bo\u031b\u0300ng Ba \u0110i\u0300nh", "", "unit", "UBND", "2026-11-22"},
                               {"=X", "Tổ =1+1", "", "unit", "TH", "22/11/2026"}}))
                  ->applied);
  const auto list = *directory_->agencies().list();
  const auto school = std::find_if(list.begin(), list.end(), [](const Agency& one) { return one.code == "TH"; });
  ASSERT_NE(school, list.end());
  EXPECT_EQ(school->name, "Trường Ba Đình");
  EXPECT_TRUE(std::any_of(list.begin(), list.end(), [](const Agency& one) { return one.code == "=X"; }));
}

TEST_F(SheetTest, SaysWhichCellLiesBeyondTheColumns) {
  sheet::Page page = agencies({{"TH", "Trường", "", "unit", "UBND", "", "", "", "", "", "thừa"}});
  const auto wider = import(page);
  ASSERT_TRUE(wider) << wider.error().text();
  EXPECT_EQ(wider->refused, 1U);
  EXPECT_NE(wider->lines[0].vi.find("ô K2"), std::string::npos) << wider->lines[0].vi;
  page.columns.pop_back();
  EXPECT_TRUE(import(page).error().is(sheet_invalid));
}

TEST_F(SheetTest, OfPeopleComeBackToo) {
  const auto bytes = *directory_->person_sheets().write(SheetFormat::xlsx, [](const Person&) { return true; });
  const auto same = directory_->person_sheets().read(administrator(), {SheetFormat::xlsx, bytes}, Preview::no);
  ASSERT_TRUE(same && same->applied);
  EXPECT_EQ(same->lines.at(0).does, SheetLine::Does::nothing);
  EXPECT_EQ(sink_.acts().back(), "person_import");
  sheet::Page page{"Người", {{"id"}, {"name"}, {"agency"}, {"position"}, {"email"}, {"phone"}, {"since"}}, {}};
  page.rows = {{"", "Le\u0302 Thi\u0323 Mo\u031b\u0301i", "UBND", "", "", "0237 3824 123", "5/1/2026"}};
  const std::string added = *sheet::to_xlsx(page);
  ASSERT_TRUE(directory_->person_sheets().read(administrator(), {SheetFormat::xlsx, added}, Preview::no)->applied);
  const auto people = *directory_->people().list();
  const auto found =
      std::find_if(people.begin(), people.end(), [](const Person& one) { return one.name == "Lê Thị Mới"; });
  ASSERT_NE(found, people.end());
  EXPECT_EQ(found->since, day_from_iso("2026-01-05"));
}

}  // namespace luy::directory
