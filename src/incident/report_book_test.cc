// Goal: whoever sees something can report it and follow it, nobody else can read it, and a flood is held off.
// Method: reports over a real database with a clock that stands still.
#include "incident/report_book.h"

#include <gtest/gtest.h>

#include "incident/book_fixture.h"

namespace luy::incident {
namespace {

using namespace std::chrono_literals;

struct ReportBookTest : BookTest {
  ReportBookTest() : reports({*database, audit, clock, random, *book, vault}) {}
  NewReport slow() {
    NewReport out;
    out.agency = agency;
    out.sign = "slow";
    out.what = "Máy chạy rất chậm từ sáng";
    out.where = "Bộ phận một cửa";
    out.seen = clock.now() - 30min;
    return out;
  }
  ReportBook reports;
};

TEST_F(ReportBookTest, IsFollowedByItsNumberAndCodeAlone) {
  const auto receipt = reports.take(slow(), "192.0.2.7");
  ASSERT_TRUE(receipt) << receipt.error().text();
  EXPECT_EQ(receipt->report.number, "TB-2026-0001");
  EXPECT_EQ(receipt->code.size(), 14U);
  std::string spoken = receipt->code;
  std::erase(spoken, '-');
  for (char& c : spoken) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  EXPECT_TRUE(reports.follow("TB-2026-0001", spoken, "192.0.2.8"));
  EXPECT_TRUE(reports.follow("TB-2026-0001", "AAAA-AAAA-AAAA", "192.0.2.8").error().is(report_unknown));
  EXPECT_TRUE(reports.follow("TB-2026-0002", receipt->code, "192.0.2.8").error().is(report_unknown));
}

TEST_F(ReportBookTest, ACaseIsNamedByTheBeginningOfWhatWasTold) {
  const std::pair<std::string, std::string> table[] = {
      {"Máy chạy rất chậm. Từ sáng đến giờ không mở được tệp.", "Máy chạy rất chậm"},
      {"Bấm vào thì ra trang cá độ.\nĐã tắt máy.", "Bấm vào thì ra trang cá độ"},
      {"Tôi nhận được thư lạ, mở ra thì máy tự tải tệp về, sau đó các tệp trên màn hình đổi tên và không mở được nữa, "
       "máy bên cạnh cũng bị như vậy",
       "Tôi nhận được thư lạ, mở ra thì máy tự tải tệp về, sau đó các tệp trên màn hình đổi tên và không mở được…"},
  };
  for (const auto& [what, want] : table) {
    NewReport told = slow();
    told.what = what;
    const auto receipt = reports.take(told, "192.0.2.7");
    ASSERT_TRUE(receipt) << receipt.error().text();
    const auto one = reports.open_case(officer, receipt->report.id, "");
    ASSERT_TRUE(one) << one.error().text();
    EXPECT_EQ(one->title, want);
    EXPECT_EQ(one->description, what) << "nothing is lost";
  }
}

TEST_F(ReportBookTest, GuessingCodesIsHeldOff) {
  const auto receipt = reports.take(slow(), "192.0.2.7");
  for (std::size_t i = 0; i < wrong_codes_per_address_hour; ++i) {
    EXPECT_TRUE(reports.follow("TB-2026-0001", "x", "192.0.2.9").error().is(report_unknown));
  }
  EXPECT_TRUE(reports.follow("TB-2026-0001", receipt->code, "192.0.2.9").error().is(reports_too_fast));
  EXPECT_TRUE(reports.follow("TB-2026-0001", receipt->code, "192.0.2.7")) << "others are not held off";
  clock.advance(61min);
  EXPECT_TRUE(reports.follow("TB-2026-0001", receipt->code, "192.0.2.9"));
}

TEST_F(ReportBookTest, AFloodIsHeldOffByAddressAndAltogether) {
  for (std::size_t i = 0; i < reports_per_address_hour; ++i) EXPECT_TRUE(reports.take(slow(), "192.0.2.7"));
  EXPECT_TRUE(reports.take(slow(), "192.0.2.7").error().is(reports_too_fast));
  EXPECT_TRUE(reports.take(slow(), "192.0.2.8"));
  HourlyLimit limit(2, 3);
  const Time t = clock.now();
  for (const char* key : {"a", "b", "c", "d", "e"}) EXPECT_TRUE(limit.take(key, t)) << key;
  EXPECT_FALSE(limit.take("f", t)) << "whoever comes when the table is full shares one window";
  EXPECT_TRUE(limit.take("f", t + 1h));
}

TEST_F(ReportBookTest, ImpossibleOrEmptyReportsAreRefusedByName) {
  const auto error = [&](auto&& edit) {
    NewReport wanted = slow();
    edit(wanted);
    const auto taken = reports.take(wanted, "192.0.2.7");
    return taken ? std::string() : std::string(taken.error().name());
  };
  EXPECT_EQ(error([](NewReport& r) { r.what = " "; }), text_missing.name);
  EXPECT_EQ(error([](NewReport& r) { r.sign = "ghost"; }), unknown_choice.name);
  EXPECT_EQ(error([&](NewReport& r) { r.seen = clock.now() + 1h; }), discovered_in_future.name);
  EXPECT_EQ(error([](NewReport& r) { r.photo = "%PDF-1.7"; }), photo_type_refused.name);
  EXPECT_EQ(error([](NewReport& r) { r.photo = "\xff\xd8\xff\xe0"; }), "");
}

TEST_F(ReportBookTest, BecomesACaseThatCountsFromWhenItWasSeen) {
  const auto receipt = *reports.take(slow(), "192.0.2.7");
  clock.advance(20min);
  ASSERT_TRUE(reports.receive(officer, receipt.report.id));
  EXPECT_TRUE(reports.receive(officer, receipt.report.id).error().is(report_taken));
  clock.advance(10min);
  const auto one = reports.open_case(officer, receipt.report.id, "Máy một cửa chậm");
  ASSERT_TRUE(one) << one.error().text();
  const Case stored = *book->find(one->id);
  EXPECT_EQ(stored.discovered(), receipt.report.seen);
  EXPECT_EQ(stored.moments.at(Moment::reported), clock.now() - 30min);
  EXPECT_EQ(stored.moments.at(Moment::received), clock.now() - 10min);
  EXPECT_TRUE(reports.open_case(officer, receipt.report.id, "").error().is(report_taken));
  const auto second = *reports.take(slow(), "192.0.2.8");
  ASSERT_TRUE(reports.join_case(officer, second.report.id, one->id));
  EXPECT_EQ(book->file(one->id)->links.size(), 2U);
  const auto third = *reports.take(slow(), "192.0.2.9");
  EXPECT_TRUE(reports.decline(officer, third.report.id, " ").error().is(text_missing));
  ASSERT_TRUE(reports.decline(officer, third.report.id, "Đứt cáp, đã nối lại"));
  EXPECT_EQ(reports.follow(third.report.number, third.code, "x")->answer, "Đứt cáp, đã nối lại");
}

}  // namespace
}  // namespace luy::incident
