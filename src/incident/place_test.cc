// Goal: a paper is dated from where its agency sits.
// Method: names and addresses as agencies have them.
#include "incident/place.h"

#include <gtest/gtest.h>

namespace luy::incident {
namespace {

TEST(Place, IsTheUnitInWhichTheAgencySits) {
  const struct {
    const char* name;
    const char* address;
    const char* want;
  } table[] = {
      {"UBND phường Ba Đình", "", "Ba Đình"},
      {"Ủy ban nhân dân xã Quang Trung", "Thôn 2, xã Quang Trung, thị xã Bỉm Sơn", "Quang Trung"},
      {"UBND thị xã Bỉm Sơn", "Số 28 Trần Phú, phường Ba Đình", "Bỉm Sơn"},
      {"Văn phòng HĐND và UBND", "Số 28 Trần Phú, phường Ba Đình, thị xã Bỉm Sơn", "Bỉm Sơn"},
      {"Trường Tiểu học Ngọc Trạo", "Số 3 Lê Lợi, Phường Ngọc Trạo, tỉnh Thanh Hóa", "Ngọc Trạo"},
      {"Trạm Y tế", "Đặc khu Phú Quốc", "Phú Quốc"},
      {"Phòng Nội vụ", "Số 28 Trần Phú", ""},
      {"", "", ""},
  };
  for (const auto& [name, address, want] : table) EXPECT_EQ(place_from(name, address), want) << name;
}

}  // namespace
}  // namespace luy::incident
