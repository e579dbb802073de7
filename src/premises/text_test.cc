// Goal: what looks like a password is refused and what numbers, models and sentences look like is not; addresses are
// written one way.
#include "premises/text.h"

#include <gtest/gtest.h>

namespace luy::premises {
namespace {

TEST(Text, RefusesWhatLooksLikeAPassword) {
  for (const char* const text : {"mật khẩu: cong12", "Mật khẩu là congty", "password = abc", "PSK:hoa-sen", "pass: x",
                                 "pwd=1", "đã đổi, mk: 123", "Tr0ng!2026xy", "admin/Tr0ng@2026", "community: public"}) {
    EXPECT_TRUE(seems_secret(text, Suspect::words)) << text;
    EXPECT_TRUE(seems_secret(text, Suspect::mixed)) << text;
  }
  EXPECT_TRUE(seems_secret("đổi thành Hoasen2026 rồi", Suspect::mixed));
}

TEST(Text, TakesModelsSerialsVersionsAndSentences) {
  for (const char* const text :
       {"", "CRS326-24G-2S+RM", "FOC1234X0AB", "RouterOS 7.14.3 (stable)", "DSM 7.2.1-69057 Update 5",
        "WS-C2960X-48TS-L", "Phòng Văn thư, tầng 2", "Nguyễn Văn An", "https://hang.example/Ab12?c=1",
        "an.nv2@phuong.example", "Chưa đặt mật khẩu", "đổi mật khẩu quản trị", "hAPac3"}) {
    EXPECT_FALSE(seems_secret(text, Suspect::words)) << text;
  }
  for (const char* const text :
       {"Đổi theo kế hoạch quý IV/2026", "admin, SNMP, tài khoản của nhà mạng", "Lý do: hết hạn"}) {
    EXPECT_FALSE(seems_secret(text, Suspect::mixed)) << text;
  }
}

TEST(Text, CleansAndNamesTheFieldThatIsWrong) {
  EXPECT_EQ(*clean_text("  Kho\n tầng 1 ", {"place"}), "Kho  tầng 1");
  EXPECT_EQ(*clean_text(" ", {"place"}), "");
  EXPECT_TRUE(clean_text(" ", {"place", name_bytes_max, false}).error().is(text_invalid));
  EXPECT_TRUE(clean_text(std::string(name_bytes_max + 1, 'a'), {"place"}).error().is(text_invalid));
  EXPECT_TRUE(clean_text("\xff", {"place"}).error().is(text_invalid));
  EXPECT_TRUE(clean_text("mk: 1", {"place"}).error().is(holds_secret));
}

TEST(Text, WritesAddressesOneWay) {
  EXPECT_EQ(plain_address("192.0.2.9"), "192.0.2.9");
  EXPECT_EQ(plain_address("2001:DB8:0::1"), "2001:db8::1");
  EXPECT_FALSE(plain_address("192.0.2.999"));
  EXPECT_FALSE(plain_address("192.0.2.0/24"));
  for (const char* const text : {"02:00:00:00:00:0A", "02-00-00-00-00-0a", "0200.0000.000a", "02000000000A"}) {
    EXPECT_EQ(plain_mac(text), "02:00:00:00:00:0a") << text;
  }
  EXPECT_FALSE(plain_mac("02:00:00:00:00"));
  EXPECT_FALSE(plain_mac("02:00:00:00:00:0g"));
}

}  // namespace
}  // namespace luy::premises
