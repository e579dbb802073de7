// Goal: a file that comes in parts is the file that was sent, nobody else's, and nothing of it stays.
#include "api/upload_box.h"

#include <gtest/gtest.h>
#include <stdlib.h>

#include "base/file.h"

namespace luy::api {
namespace {

using namespace std::chrono_literals;

class UploadBoxTest : public testing::Test {
 protected:
  UploadBoxTest() : clock_(*from_rfc3339("2026-11-23T03:00:00Z")), random_(3) {
    std::string name = (std::filesystem::temp_directory_path() / "luy-test-XXXXXX").string();
    LUY_CHECK(mkdtemp(name.data()) != nullptr);
    folder_ = name;
    open();
  }
  ~UploadBoxTest() override {
    box_.reset();
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }
  void open() { box_ = std::move(UploadBox::open({folder_ / "box", clock_, random_, 1000}).value()); }
  std::size_t files() const {
    std::size_t out = 0;
    for (const auto& one : std::filesystem::directory_iterator(folder_ / "box")) out += one.exists() ? 1 : 0;
    return out;
  }
  FakeClock clock_;
  SeededRandom random_;
  std::filesystem::path folder_;
  std::unique_ptr<UploadBox> box_;
};

TEST_F(UploadBoxTest, PartsInOrderMakeTheFile) {
  const auto id = box_->begin("an", "a.json", 10);
  ASSERT_TRUE(id);
  EXPECT_EQ(*box_->append("an", *id, 0, "01234"), 5U);
  EXPECT_TRUE(box_->complete("an", *id).error().is(upload_incomplete));
  const auto twice = box_->append("an", *id, 0, "01234");
  EXPECT_TRUE(twice.error().is(upload_out_of_order));
  EXPECT_EQ(twice.error().detail(), "5") << "where to go on";
  EXPECT_TRUE(box_->append("an", *id, 5, "567890").error().is(upload_too_large)) << "more than was announced";
  EXPECT_TRUE(box_->append("binh", *id, 5, "56789").error().is(upload_unknown)) << "another's";
  EXPECT_EQ(*box_->append("an", *id, 5, "56789"), 10U);
  EXPECT_TRUE(box_->complete("binh", *id).error().is(upload_unknown));
  auto file = box_->complete("an", *id);
  ASSERT_TRUE(file);
  box_->drop(*id);
  EXPECT_EQ(*read_file((*file)->file, 100), "0123456789") << "held as long as somebody reads it";
  file = Error(upload_unknown);
  EXPECT_EQ(files(), 0U);
}

TEST_F(UploadBoxTest, LimitsHold) {
  EXPECT_TRUE(box_->begin("an", "a", 1001).error().is(upload_too_large));
  EXPECT_TRUE(box_->begin("an", "a", 0).error().is(bad_request));
  EXPECT_TRUE(box_->begin("an", "", 1).error().is(bad_request));
  const auto first = box_->begin("an", "a", 5);
  clock_.advance(1s);
  for (std::size_t i = 0; i < uploads_of_one_max; ++i) {
    ASSERT_TRUE(box_->append("an", *first, i, "x"));
    clock_.advance(1s);
    ASSERT_TRUE(box_->begin("an", "a", 5));
  }
  EXPECT_TRUE(box_->append("an", *first, uploads_of_one_max, "x").error().is(upload_unknown)) << "given up";
  EXPECT_EQ(files(), uploads_of_one_max);
  for (std::size_t i = uploads_of_one_max; i < uploads_max; ++i) {
    ASSERT_TRUE(box_->begin("an" + std::to_string(i), "a", 5));
  }
  EXPECT_TRUE(box_->begin("binh", "a", 5).error().is(uploads_too_many));
  clock_.advance(upload_lifetime + 1s);
  const auto next = box_->begin("binh", "a", 5);
  ASSERT_TRUE(next) << "what nobody goes on with is gone";
  EXPECT_EQ(files(), 1U);
  open();
  EXPECT_EQ(files(), 0U);
  EXPECT_TRUE(box_->append("binh", *next, 0, "x").error().is(upload_unknown));
}

}  // namespace
}  // namespace luy::api
