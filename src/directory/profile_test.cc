// Goal: profiles hold only what is well formed, networks contain what they should, sheets come back as they went out
// and refuse line by line. Method: tables over values; a tree written out, changed by hand, and read in again.
#include "directory/profile.h"

#include <algorithm>

#include "directory/agency_sheet.h"
#include "directory/fixture.h"

namespace luy::directory {
namespace {

using boost::json::parse;

class ProfileTest : public DirectoryTest {
 protected:
  ProfileTest() { set_up_town(); }
};

}  // namespace

TEST(Profile, KnowsIdentifiers) {
  for (const char* good :
       {"000.00.00.H56", "000.00.15.H56", "003.12.15.H56", "H56", "H56.10", "H56.10.05", "G11.1.2.3"}) {
    EXPECT_TRUE(is_identifier(good)) << good;
  }
  for (const char* bad : {"", "56", "h56", "H5", "H56.", "H56.a", "00.00.00.H56", "000.00.00.56", "000.00.00.H56.1",
                          "H56.10.05.1.2", "H56.1234", "000.00.00.H56 "}) {
    EXPECT_FALSE(is_identifier(bad)) << bad;
  }
}

TEST(Profile, KnowsWhatLiesInANetwork) {
  const struct {
    const char* network;
    const char* address;
    bool inside;
  } table[] = {{"10.56.4.0/24", "10.56.4.255", true},
               {"10.56.4.0/24", "10.56.5.0", false},
               {"10.56.4.0/23", "10.56.5.0", true},
               {"0.0.0.0/0", "203.0.113.9", true},
               {"192.0.2.7/32", "192.0.2.7", true},
               {"192.0.2.7/32", "192.0.2.6", false},
               {"10.0.0.0/8", "::ffff:10.1.2.3", true},
               {"10.0.0.0/8", "::1", false},
               {"2001:db8::/33", "2001:db8:7fff::1", true},
               {"2001:db8::/33", "2001:db8:8000::1", false},
               {"10.0.0.0/8", "ten", false},
               {"10.0.0.0/8", "", false}};
  for (const auto& [network, address, inside] : table) {
    EXPECT_EQ(Network::parse(network)->contains(address), inside) << network << " " << address;
  }
  for (const char* bad :
       {"", "10.0.0.0", "10.0.0.1/8", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/8x", "x/8", "::1/129", "/8"}) {
    EXPECT_TRUE(Network::parse(bad).error().is(profile_invalid)) << bad;
  }
}

TEST(Profile, RefusesWhatIsNotWellFormed) {
  const char* good =
      R"({"identifier":"000.00.15.H56","superior_header":"UBND TỈNH THANH HÓA","networks":["10.56.4.0/24"],
"contacts":[{"name":"Lê Văn Trực","title":"Trực ban","phone":"0237 3824 123","email":"truc@bimson.gov.vn","always":true}],
"hours":[{"weekday":1,"from":"07:30","to":"11:30"},{"weekday":1,"from":"13:30","to":"17:00"}]})";
  const auto profile = profile_from_json(parse(good));
  ASSERT_TRUE(profile) << profile.error().text();
  EXPECT_EQ(to_json(*profile), to_json(*profile_from_json(to_json(*profile))));
  const struct {
    const char* from;
    const char* to;
  } table[] = {{"000.00.15.H56", "15"},
               {"10.56.4.0/24", "10.56.4.1/24"},
               {"\"weekday\":1", "\"weekday\":0"},
               {"11:30", "07:29"},
               {"17:00", "24:01"},
               {"13:30", "13:60"},
               {"0237 3824 123", "gọi Trực"},
               {"truc@", "truc"},
               {"Lê Văn Trực", ""},
               {"true", "1"},
               {"[\"10.56", "[1,\"10.56"}};
  for (const auto& [from, to] : table) {
    std::string text = good;
    text.replace(text.find(from), std::string_view(from).size(), to);
    const auto bad = profile_from_json(parse(text));
    ASSERT_FALSE(bad) << to;
    EXPECT_TRUE(bad.error().is(profile_invalid)) << to;
  }
}

TEST_F(ProfileTest, IsKeptWithItsHistoryInTheAuditTrail) {
  EXPECT_TRUE(directory_->profiles().find(town_)->identifier.empty());
  AgencyProfile profile;
  profile.identifier = "000.00.15.H56";
  profile.networks = {"192.0.2.0/24"};
  ASSERT_TRUE(directory_->profiles().set(administrator(), town_, profile));
  EXPECT_EQ(directory_->profiles().find(town_)->identifier, "000.00.15.H56");
  EXPECT_TRUE(sink_.last().contains("luy.after"));
  profile.identifier = "x";
  EXPECT_TRUE(directory_->profiles().set(administrator(), town_, profile).error().is(profile_invalid));
  Actor officer = actor_;
  officer.grants = {{Role::security_officer, town_}};
  EXPECT_TRUE(directory_->profiles().set(caller_of(officer, ""), town_, {}).error().is(not_allowed));
}

TEST(Sheet, ReadsWhatSpreadsheetsWrite) {
  using Rows = std::vector<std::vector<std::string>>;
  EXPECT_EQ(*parse_csv("\xef\xbb\xbf"
                       "a,b\r\nc,\"d,\"\"e\"\"\r\nf\"\r\n"),
            (Rows{{"a", "b"}, {"c", "d,\"e\"\r\nf"}}));
  EXPECT_EQ(*parse_csv("a,\nb"), (Rows{{"a", ""}, {"b"}}));
  EXPECT_EQ(*parse_csv(""), Rows());
  for (const char* bad : {"\"a", "\"a\"b", "a\"b", "a\xff"}) {
    EXPECT_TRUE(parse_csv(bad).error().is(sheet_invalid)) << bad;
  }
  EXPECT_TRUE(parse_csv(std::string(sheet_bytes_max + 1, 'a')).error().is(sheet_invalid));
  EXPECT_TRUE(parse_csv(std::string(40, ',')).error().is(sheet_invalid));
}

TEST(Sheet, WritesNoFormulas) {
  EXPECT_EQ(csv_cell("=cmd|' /C calc'!A0"), "'=cmd|' /C calc'!A0");
  EXPECT_EQ(csv_cell("@SUM(A1)"), "'@SUM(A1)");
  EXPECT_EQ(csv_cell("a,\"b\""), "\"a,\"\"b\"\"\"");
  EXPECT_EQ(csv_cell("Phòng VH-TT"), "Phòng VH-TT");
}

TEST_F(ProfileTest, SheetsComeBackAsTheyWentOut) {
  add_agency("VP", town_);
  clock_.advance(days(2));
  const auto everything = [](const Agency&) { return true; };
  const std::string out = *directory_->sheets().write(everything);
  const auto same = directory_->sheets().read(administrator(), out, Preview::no);
  ASSERT_TRUE(same);
  EXPECT_EQ(same->refused, 0U);
  for (const SheetLine& line : same->lines) EXPECT_EQ(line.does, SheetLine::Does::nothing) << line.code << line.en;

  std::string changed = out;
  changed.replace(changed.find("Cơ quan VP"), std::string("Cơ quan VP").size(), "Văn phòng");
  changed += "TO,Tổ một cửa,,unit,VP,,,H56.10,,10.1.0.0/16 10.2.0.0/16\r\n";
  const auto seen = directory_->sheets().read(administrator(), changed, Preview::yes);
  ASSERT_TRUE(seen);
  EXPECT_FALSE(seen->applied);
  EXPECT_EQ(directory_->agencies().list()->size(), 2U);
  const auto done = directory_->sheets().read(administrator(), changed, Preview::no);
  ASSERT_TRUE(done && done->applied);
  EXPECT_EQ(directory_->agencies().list()->size(), 3U);
  const auto list = directory_->agencies().list();
  EXPECT_EQ(list->at(2).name, "Văn phòng");
  EXPECT_EQ(directory_->profiles().find(list->at(0).id)->networks.size(), 2U);
  EXPECT_EQ(directory_->agencies().lineage(list->at(0).id).size(), 3U);
}

TEST_F(ProfileTest, SheetsAreRefusedLineByLineAndThenWhole) {
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
  const auto result = directory_->sheets().read(administrator(), head + lines, Preview::no);
  ASSERT_TRUE(result) << result.error().text();
  EXPECT_FALSE(result->applied);
  EXPECT_EQ(result->refused, 6U);
  EXPECT_EQ(result->lines.front().does, SheetLine::Does::change);
  EXPECT_EQ(directory_->agencies().find(office.id)->name, "Cơ quan VP");
  EXPECT_TRUE(directory_->sheets().read(administrator(), "a,b\r\n", Preview::yes).error().is(sheet_invalid));
  Actor officer = actor_;
  officer.grants = {{Role::security_officer, town_}};
  EXPECT_TRUE(directory_->sheets().read(caller_of(officer, ""), head, Preview::no).error().is(not_allowed));
}

}  // namespace luy::directory
