// Goal: one person does not make their own certificate count for somebody else, and the second one sees whose name it
// bears. Method: names in their spellings; the act's body tried inside transactions by callers with and without rights.
#include "incident/signer_book.h"

#include <gtest/gtest.h>

namespace luy::incident {
namespace {

TEST(SignerName, IsTheSameHoweverItIsSpelt) {
  const struct {
    const char* person;
    const char* certificate;
    bool same;
  } table[] = {{"Nguyễn Văn An", "NGUYỄN VĂN AN", true},
               {"Nguyễn Văn An", "Nguyen  Van An", true},
               {"Nguyễn Văn An", "Nguyễn Văn An - UBND phường Bỉm Sơn", true},
               {"Nguyễn Văn An", "Nguyễn Văn Anh", false},
               {"Nguyễn Văn An", "Trần Thị Bình", false},
               {"Nguyễn Văn An", "", false},
               {"", "Trần Thị Bình", false}};
  for (const auto& [person, certificate, same] : table) EXPECT_EQ(same_name(person, certificate), same) << certificate;
}

}  // namespace
}  // namespace luy::incident
