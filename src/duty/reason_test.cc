// Goal: every reason can be told, completely and in both languages.
// Method: walk the table; fill one reason with each kind of argument.
#include "duty/reason.h"

#include <gtest/gtest.h>

#include <set>

#include "base/utf8.h"

namespace luy::duty {
namespace {

// The places of a template, "0:time" and so on, each known to the filler.
std::set<std::string> places_of(std::string_view text) {
  std::set<std::string> out;
  while (true) {
    const auto open = text.find('{');
    if (open == std::string_view::npos) return out;
    const auto close = text.find('}', open);
    EXPECT_NE(close, std::string_view::npos) << text;
    out.emplace(text.substr(open + 1, close - open - 1));
    text.remove_prefix(close + 1);
  }
}

TEST(ReasonTable, HoldsEveryCodeOnceInBothLanguages) {
  std::set<std::string_view> names;
  ASSERT_EQ(templates().size(), code_count);
  for (std::size_t i = 0; i < code_count; ++i) {
    const Template& one = templates()[i];
    EXPECT_EQ(static_cast<std::size_t>(one.code), i) << one.name;
    EXPECT_TRUE(names.insert(one.name).second) << one.name;
    EXPECT_EQ(code_from_name(one.name), one.code);
    for (const std::string_view text : {one.vi, one.en}) {
      EXPECT_TRUE(text.ends_with('.')) << text;
      EXPECT_TRUE(is_utf8(text)) << text;
      for (const std::string& place : places_of(text)) {
        EXPECT_TRUE(place.front() >= '0' && place.front() <= '9') << text;
        const std::string format = place.substr(1);
        EXPECT_TRUE(format.empty() || format == ":number" || format == ":day" || format == ":time") << text;
      }
    }
    EXPECT_NE(one.vi, one.en) << one.name;
  }
}

TEST(Reason, ArgumentsAreToldAsEachLanguageWritesThem) {
  const Time time = *from_rfc3339("2026-11-22T20:05:00Z");
  const Reason scan{"scan.due", Arguments::unpack(Arguments().text("ClamAV").time(time).time(time).packed())};
  EXPECT_EQ(
      to_text(scan).vi,
      "ClamAV quét toàn bộ máy lần gần nhất lúc 03:05 ngày 23/11/2026; phải quét lại trước 03:05 ngày 23/11/2026.");
  EXPECT_EQ(to_text(scan).en,
            "ClamAV finished its last full scan at 2026-11-23 03:05; the next is due before 2026-11-23 03:05.");
  const Reason cpu{"budget.cpu_exceeded", Arguments::unpack(Arguments().decimal(1.25).decimal(1).packed())};
  EXPECT_EQ(to_text(cpu).vi, "luy-agent sử dụng 1,2% một lõi xử lý, vượt giới hạn 1,0%.");
  EXPECT_EQ(to_text(cpu).en, "luy-agent uses 1.2% of one core, over its limit of 1.0%.");
}

TEST(Reason, TextFromOutsideCannotBreakTheSentence) {
  const std::string hostile = std::string("a{0}\x1f") + "b\n" + std::string(500, 'x');
  const auto args = Arguments::unpack(Arguments().text(hostile).text("").packed());
  ASSERT_EQ(args.size(), 2U);
  EXPECT_EQ(args[0].substr(0, 7), "a{0}?b?");
  EXPECT_LE(args[0].size(), argument_bytes_max);
  EXPECT_EQ(to_text({"account.locked", args}).en.substr(0, 22), "The account “a{0}?b?");
  EXPECT_EQ(to_text({"from.the_future", {}}).vi, "from.the_future");
  EXPECT_EQ(to_text({"scan.due", {}}).en, " finished its last full scan at ; the next is due before .");
}

}  // namespace
}  // namespace luy::duty
