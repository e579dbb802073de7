// Goal: a report says after paper and typing what it said before; every slip of a finger is told by its line, and
// nothing that was changed, or made with another code, is believed.
#include "fact/offline.h"

#include <gtest/gtest.h>

namespace luy::fact {
namespace {

constexpr OfflineCode code{1, 2, 3, 4, 5, 6, 7, 8, 9, 250};

OfflineSummary summary() {
  OfflineSummary s;
  s.day = *day_from_iso("2026-11-23");
  s.wireless = true;
  s.antivirus_present = true;
  s.volumes = 3;
  s.open_volumes = 1;
  s.logins = 2;
  s.signature_days = 12;
  s.serial = serial_mark("PF3ABCDE");
  return s;
}

TEST(Offline, SaysAfterTypingWhatItSaid) {
  const std::string text = report_text(summary(), code);
  EXPECT_EQ(text.size(), offline_lines * 8 - 1);
  const auto read = parse_report(text, code);
  ASSERT_TRUE(read) << read.error().text();
  EXPECT_EQ(*read, summary());
  std::string typed;
  for (const char c : text)
    typed += c == '1' ? 'l' : c == '0' ? 'o' : c == '\n' ? ' ' : static_cast<char>(::tolower(c));
  EXPECT_EQ(*parse_report(typed, code), summary());
  OfflineSummary full = summary();
  full.network_up = full.address_set = full.accounts_unknown = full.antivirus_running = full.disks_unknown = true;
  full.logins_without_password = 255;
  EXPECT_EQ(*parse_report(report_text(full, code), code), full);
}

TEST(Offline, TellsEachSlipByItsLine) {
  const std::string text = report_text(summary(), code);
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '\n') continue;
    for (const char other : std::string_view("0123456789ABCDEFGHJKMNPQRSTVWXYZ")) {
      if (other == text[at]) continue;
      std::string wrong = text;
      wrong[at] = other;
      const auto read = parse_report(wrong, code);
      ASSERT_FALSE(read) << at << other;
      EXPECT_TRUE(read.error().is(offline_line_wrong));
      EXPECT_NE(read.error().en().find("Line " + std::to_string(at / 8 + 1)), std::string::npos);
    }
  }
  EXPECT_TRUE(parse_report(text.substr(0, text.size() - 1), code).error().is(offline_line_wrong));
  EXPECT_TRUE(parse_report(text + "0", code).error().is(offline_line_wrong));
  EXPECT_TRUE(parse_report("", code).error().is(offline_line_wrong));
  EXPECT_TRUE(
      parse_report(text.substr(8, 7) + "\n" + text.substr(0, 7) + text.substr(15), code).error().is(offline_line_wrong))
      << "lines do not change places";
}

TEST(Offline, BelievesNothingOfAnotherCode) {
  OfflineCode other = code;
  other[9] ^= 1;
  EXPECT_TRUE(parse_report(report_text(summary(), other), code).error().is(offline_not_proved));
}

TEST(Offline, PrintsCodesThatPeopleTypeBack) {
  const std::string text = code_text(code);
  EXPECT_EQ(text.size(), 16 + 4 + 1U);
  EXPECT_EQ(*parse_code(text), code);
  EXPECT_TRUE(parse_code(text.substr(1)).error().is(offline_code_wrong));
  EXPECT_TRUE(parse_code("????").error().is(offline_code_wrong));
  std::string wrong = text;
  wrong[0] = wrong[0] == 'Z' ? 'Y' : 'Z';
  EXPECT_TRUE(parse_code(wrong).error().is(offline_code_wrong));
}

}  // namespace
}  // namespace luy::fact
