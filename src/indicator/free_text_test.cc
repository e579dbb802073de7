// Goal: what a warning means is found as it is meant, what only looks alike is left with a reason, hostile text ends
// soon. Method: sentences as letters in Vietnamese and English write them, in a table; then text made to be slow.
#include "indicator/free_text.h"

#include <gtest/gtest.h>

namespace luy::indicator {
namespace {

std::string found(std::string_view text) {
  const auto all = find_in_text(text);
  if (!all) return "error";
  std::string out;
  for (const Atom& one : all->atoms) out += std::string(name_of(one.type)) + " " + one.value + "\n";
  return out;
}

std::string refused(std::string_view text) {
  std::string out;
  const auto all = find_in_text(text);
  if (!all) return "error";
  for (const Refused& one : all->refused) out += one.what + "\n";
  return out;
}

const std::string md5 = "d41d8cd98f00b204e9800998ecf8427e";
const std::string sha256(64, 'a');

TEST(FreeText, FindsWhatIsMeant) {
  const struct {
    std::string text;
    std::string want;
  } table[] = {
      {"Máy chủ điều khiển: 198.51.100[.]7, cổng 443.", "address 198.51.100.7\n"},
      {"mã độc kết nối tới hxxps://evil[.]example/tai-ve.php?id=7 để tải tệp",
       "url https://evil.example/tai-ve.php?id=7\n"},
      {"hXXp[:]//evil(.)example/a.", "url http://evil.example/a\n"},
      {"hxxp[://]evil{.}example", "url http://evil.example\n"},
      {"(http://evil.example/x)", "url http://evil.example/x\n"},
      {"URL:hxxp://evil.example/x", "url http://evil.example/x\n"},
      {"fxp://198.51.100[.]9/x", "url ftp://198.51.100.9/x\n"},
      {"Tên miền “evil[.]example” và «xau[dot]example»…", "domain evil.example\ndomain xau.example\n"},
      {"evil [.] example", "domain evil.example\n"},
      {"evil[.]example:8443; 198.51.100.7:8080", "domain evil.example\naddress 198.51.100.7\n"},
      {"dải 198.51.100[.]0/24", "address 198.51.100.0/24\n"},
      {"2001[:]db8:0:0::1 và 2001:db8::2", "address 2001:db8::1\naddress 2001:db8::2\n"},
      {"MD5:" + md5 + " SHA256=" + sha256, "hash " + md5 + "\nhash " + sha256 + "\n"},
      {"D41D8CD98F00B204E9800998ECF8427E", "hash " + md5 + "\n"},
      {"evil.example; EVIL[.]EXAMPLE;\tevil.example", "domain evil.example\n"},
      {"tai-ve[.]exe", "domain tai-ve.exe\n"},
      {"cong-an-gia[.]gov[.]vn", "domain cong-an-gia.gov.vn\n"},
      {"xn--tn-min-b01c[.]xn--p1ai", "domain xn--tn-min-b01c.xn--p1ai\n"},
      {"c2.evil.example\u00a0và\u200bc3.evil.example", "domain c2.evil.example\ndomain c3.evil.example\n"},
      {"", ""},
  };
  for (const auto& [text, want] : table) EXPECT_EQ(found(text), want) << text;
}

TEST(FreeText, LeavesWhatOnlyLooksAlike) {
  const char* const table[] = {
      "Kính gửi: UBND thị xã Bỉm Sơn, ngày 22/11/2026, lúc 10:30:05.",
      "Quyết định số 05/2017/QĐ-TTg, Điều 9.2.b, TT 20/2017/TT-BTTTT, v.v.",
      "Cảnh báo rất nghiêm trọng.Các đơn vị rà soát ngay; hệ thống độc-hại.vn",
      "phiên bản 10.0.19041.1, 3.10, 2026.11.22",
      "CVE-2026-12345, KB5031455, ID 1234567890abcdef",
      "và/hoặc; 24/7; a/b.c; TCP/443",
      "[sic] (xem phụ lục) {} [] () [",
  };
  for (const char* text : table) {
    EXPECT_EQ(found(text), "") << text;
    EXPECT_EQ(refused(text), "") << text;
  }
}

TEST(FreeText, SaysWhyItDoesNotTakeSomething) {
  const struct {
    std::string text;
    std::string want;
  } table[] = {
      {"chạy tệp svchost32.exe rồi bao-cao.docx", "svchost32.exe\nbao-cao.docx\n"},
      {"C:\\Windows\\Temp\\a.dll", "a.dll\n"},
      {"TP.HCM, PGS.TS, het.Khi", "TP.HCM\nPGS.TS\nhet.Khi\n"},
      {"xem https://ais.gov.vn/canh-bao và ncsc.gov.vn", "https://ais.gov.vn/canh-bao\nncsc.gov.vn\n"},
      {"liên hệ ir@vncert.vn hoặc ke-xau[@]evil.example", "ir@vncert.vn\nke-xau@evil.example\n"},
      {"192.168.1.10, 10.1.2.3, 172.16.0.1, 100.64.0.1, fe80::1",
       "192.168.1.10\n10.1.2.3\n172.16.0.1\n100.64.0.1\nfe80::1\n"},
      {"http://192.168.1.1/x", "http://192.168.1.1/x\n"},
      {"evil.example/tai-ve", "evil.example/tai-ve\n"},
      {"tcp://evil.example", "tcp://evil.example\n"},
      {"http://độc-hại.vn/x http://", "http://độc-hại.vn/x\nhttp://\n"},
      {std::string(128, 'a'), std::string(128, 'a') + "\n"},
  };
  for (const auto& [text, want] : table) {
    EXPECT_EQ(refused(text), want) << text;
    EXPECT_EQ(found(text), "") << text;
  }
  EXPECT_EQ(found("172.15.0.1 172.32.0.1 100.128.0.1"),
            "address 172.15.0.1\naddress 172.32.0.1\naddress 100.128.0.1\n");
}

TEST(FreeText, HostileTextIsBounded) {
  EXPECT_TRUE(find_in_text(std::string(free_text_bytes_max + 1, 'a')).error().is(list_too_large));
  for (const char* piece :
       {"[", "[.", "[.]", "(dot)", "://", "http://", "a.", "a.b@", "1.", ":", "=", "\xff", "\xe2\x80", "[ . ] "}) {
    std::string text;
    while (text.size() + 8 < free_text_bytes_max) text += piece;
    EXPECT_TRUE(find_in_text(text)) << piece;
  }
  std::string many, wrong;
  for (std::size_t i = 0; i <= free_text_atoms_max; ++i) many += "a" + std::to_string(i) + ".example\n";
  EXPECT_TRUE(find_in_text(many).error().is(list_too_large));
  for (std::size_t i = 0; i <= 2 * free_text_refused_max; ++i) wrong += "a" + std::to_string(i) + ".exe\n";
  EXPECT_EQ(find_in_text(wrong)->refused.size(), free_text_refused_max);
  EXPECT_EQ(found(std::string("a\0.example evil[.]example", 25)), "domain evil.example\n");
}

}  // namespace
}  // namespace luy::indicator
