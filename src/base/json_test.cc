// Goal: whatever the bytes, the result is a JSON string that says the same text.
// Method: a table of what RFC 8259 section 7 asks; every byte value read back by a JSON library.
#include "base/json.h"

#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "base/utf8.h"

namespace luy {
namespace {

std::string written(std::string_view text) {
  std::string out;
  append_json_text(out, text);
  return out;
}

TEST(JsonText, IsEscapedAsTheStandardAsks) {
  EXPECT_EQ(written(""), R"("")");
  EXPECT_EQ(written("Bỉm Sơn"), R"("Bỉm Sơn")");
  EXPECT_EQ(written("a\"b\\c/d"), R"("a\"b\\c/d")");
  EXPECT_EQ(written("\n\r\t\x01\x1f\x7f"), R"("\n\r\t\u0001\u001f\u007f")");
  EXPECT_EQ(written(std::string_view("\0z", 2)), R"("\u0000z")");
  EXPECT_EQ(written("\xff!"), "\"\uFFFD!\"");
}

TEST(JsonText, EveryByteReadsBack) {
  for (int byte = 0; byte < 256; ++byte) {
    const std::string text{'<', static_cast<char>(byte), '>'};
    EXPECT_EQ(boost::json::parse(written(text)).as_string(), to_utf8(text)) << byte;
  }
}

}  // namespace
}  // namespace luy
