// Goal: the poster says what one needs to report from a telephone.
// Method: contacts and codes as agencies have them.
#include "incident/poster_words.h"

#include <gtest/gtest.h>

namespace luy::incident {
namespace {

TEST(PosterWords, NameWhomToCallAndWhatOneMustKnow) {
  const directory::Contact mail{"Trần Văn Thư", "", "", "thu@bimson.gov.vn", true};
  const directory::Contact day{"Lê Thị Hạnh", "", "0237 3770 000", "", false};
  const directory::Contact night{"Phạm Quốc Tuấn", "", "0237 3770 111", "", true};
  using Contacts = std::vector<directory::Contact>;
  EXPECT_EQ(poster_notes({mail, day}).front(), "Hoặc gọi Lê Thị Hạnh, điện thoại 0237 3770 000.");
  EXPECT_EQ(poster_notes({mail, day, night, day}).front(), "Hoặc gọi Phạm Quốc Tuấn, điện thoại 0237 3770 111.");
  for (const Contacts& contacts : {Contacts{}, Contacts{mail}}) {
    const auto notes = poster_notes(contacts);
    ASSERT_EQ(notes.size(), 2U);
    EXPECT_NE(notes[0].find("mạng của cơ quan"), std::string::npos);
    EXPECT_NE(notes[1].find("chứng thư"), std::string::npos);
  }
}

TEST(PosterWords, TheAddressCanBeTyped) {
  EXPECT_EQ(report_address("https://luy.bimson.vn", "UBND-BD", "01m8"), "https://luy.bimson.vn/bao/UBND-BD");
  EXPECT_EQ(report_address("https://10.0.0.1:8443", "VP_1", "01m8"), "https://10.0.0.1:8443/bao/VP_1");
  for (const char* code : {"", "UBND/BĐ", "A B", "a?b"}) {
    EXPECT_EQ(report_address("https://a", code, "01m8"), "https://a/bao/01m8") << code;
  }
}

}  // namespace
}  // namespace luy::incident
