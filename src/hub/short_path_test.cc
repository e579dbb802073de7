// Goal: what is typed off a poster leads to the report page and nowhere else.
#include "hub/short_path.h"

#include <gtest/gtest.h>

namespace luy::hub {
namespace {

TEST(ShortPath, LeadsToTheReportPageAndNowhereElse) {
  const struct {
    std::string path;
    std::string target;  // Empty: no short path.
  } table[] = {
      {"/bao", "/bao-su-co"},
      {"/bao/", "/bao-su-co"},
      {"/bao/UBND-BD", "/bao-su-co?agency=UBND-BD"},
      {"/bao/ubnd-bd/", "/bao-su-co?agency=ubnd-bd"},
      {"/bao//evil.example", "/bao-su-co"},
      {"/bao/a&b=c", "/bao-su-co"},
      {"/bao/x\r\nSet-Cookie: a", "/bao-su-co"},
      {"/bao/" + std::string(short_name_bytes_max + 1, 'a'), "/bao-su-co"},
      {"/bao-su-co", ""},
      {"/bao-su-co/theo-doi", ""},
      {"/baox", ""},
      {"/", ""},
  };
  for (const auto& [path, target] : table) {
    const auto response = short_path(path);
    ASSERT_EQ(response.has_value(), !target.empty()) << path;
    if (!response) continue;
    EXPECT_EQ(response->status, 302) << path;
    ASSERT_EQ(response->headers.size(), 1U) << path;
    EXPECT_EQ(response->headers[0].second, target) << path;
  }
}

}  // namespace
}  // namespace luy::hub
