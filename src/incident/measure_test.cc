// Goal: figures are exact. Method: cases made by hand, whose figures are counted on paper.
#include "incident/measure.h"

#include <gtest/gtest.h>

#include "incident/fixture.h"
#include "paper/fill.h"

namespace luy::incident {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

const Time start = at("2026-08-03T02:00:00Z");
SeededRandom numbers(5);
const AgencyId first_agency = AgencyId::make(start, numbers);
const AgencyId second_agency = AgencyId::make(start, numbers);

TimelineEntry moved(Time when, const char* from, const char* to) {
  return {0, when, "", "moved", {}, {{"from", from}, {"to", to}}};
}

MeasuredCase made(const char* kind, const char* state, Moments moments, AgencyId agency = first_agency) {
  MeasuredCase out;
  out.one.agency = agency;
  out.one.found.kind = kind;
  out.one.state = state;
  out.one.moments = std::move(moments);
  out.one.moments.try_emplace(Moment::discovered, start);
  out.timeline = {{0, start, "", "opened", {}, {}}};
  return out;
}

TEST(Measure, ASpreadIsMedianAndLongest) {
  EXPECT_EQ(spread_of({}), Spread{});
  EXPECT_EQ(spread_of({minutes(5)}), (Spread{1, minutes(5), minutes(5)}));
  EXPECT_EQ(spread_of({minutes(9), minutes(1), minutes(5), minutes(3)}), (Spread{4, minutes(3), minutes(9)}));
}

TEST(Measure, TimesAreThoseBetweenMomentsAndInSteps) {
  MeasuredCase a =
      made("malware", "closed",
           {{Moment::reported, start}, {Moment::received, start + minutes(10)}, {Moment::triaged, start + hours(1)}});
  a.timeline.push_back(moved(start + hours(1), "step_1", "step_2"));
  a.timeline.push_back(moved(start + hours(5), "step_2", "closed"));
  MeasuredCase b = made("malware", "step_2", {{Moment::triaged, start + hours(3)}}, second_agency);
  b.timeline.push_back(moved(start + hours(3), "step_1", "step_2"));
  const std::vector<MeasuredCase> all = {a, b};
  const Measures together = measures_of(all);
  EXPECT_EQ(together.report_to_receipt, (Spread{1, minutes(10), minutes(10)}));
  EXPECT_EQ(together.receipt_to_triage, (Spread{1, minutes(50), minutes(50)}));
  EXPECT_EQ(together.in_state.at("step_1"), (Spread{2, hours(1), hours(3)}));
  EXPECT_EQ(together.in_state.at("step_2"), (Spread{1, hours(4), hours(4)})) << "the other is still in it";
  EXPECT_EQ(measures_by_agency(all).at(second_agency).in_state.size(), 1U);
}

TEST(HalfYear, WhoWasGivenSupportWasHelped) {
  MeasuredCase ended = made("malware", "closed", {{Moment::ended, start}});
  ended.support_given = 1;
  MeasuredCase open = made("malware", "step_2", {});
  open.support_given = 2;
  const std::vector<MeasuredCase> all = {ended, open, made("malware", "closed", {{Moment::ended, start}})};
  const auto rows = half_year_of(test_process(), all, *day_from_iso("2026-07-01"), *day_from_iso("2026-12-31"));
  const auto row = std::find_if(rows.begin(), rows.end(), [](const KindCount& one) { return one.kind == "malware"; });
  ASSERT_NE(row, rows.end());
  EXPECT_EQ(row->count, 3U);
  EXPECT_EQ(row->own, 1U);
  EXPECT_EQ(row->helped, 2U) << "each once";
}

TEST(HalfYear, CountsCasesByKindAndByWhoHandledThem) {
  const std::vector<MeasuredCase> all = {
      made("malware", "closed", {{Moment::ended, start}}),
      made("malware", "closed", {{Moment::ended, start}, {Moment::escalated, start}}),
      made("malware", "step_2", {}),
      made("denial", "step_3", {{Moment::escalated, start}}),
      made("denial", "dismissed", {}),
      made("denial", "merged", {}),
      made("denial", "closed", {{Moment::discovered, at("2026-06-30T16:59:59Z")}, {Moment::ended, start}}),
      made("other", "closed", {{Moment::discovered, at("2026-06-30T17:00:00Z")}, {Moment::ended, start}}),
  };
  const auto rows = half_year_of(test_process(), all, *day_from_iso("2026-07-01"), *day_from_iso("2026-12-31"));
  ASSERT_EQ(rows.size(), 10U);
  const auto row = [&](std::string_view kind) {
    for (const KindCount& one : rows) {
      if (one.kind == kind) return std::vector<std::size_t>{one.count, one.own, one.helped};
    }
    return std::vector<std::size_t>{};
  };
  EXPECT_EQ(row("malware"), (std::vector<std::size_t>{3, 1, 1}));
  EXPECT_EQ(row("denial"), (std::vector<std::size_t>{1, 0, 1}));
  EXPECT_EQ(row("other"), (std::vector<std::size_t>{1, 1, 0})) << "the first minute of July in Vietnam";
  EXPECT_EQ(row("phishing"), (std::vector<std::size_t>{0, 0, 0}));
  // The form takes the table as it is.
  const auto form = paper::load_form(pack_folder(), "bao-cao-tong-hop");
  paper::PaperData data;
  data.letterhead = {"UBND PHƯỜNG BỈM SƠN", "VĂN PHÒNG", "Văn phòng", "Bỉm Sơn", "VP", "", ""};
  data.date = *day_from_iso("2026-12-15");
  data.fields = {{"period", "half"},    {"from", "2026-07-01"}, {"to", "2026-12-31"},
                 {"organisation", "x"}, {"address", "x"},       {"counts", to_json(rows)}};
  const auto document = paper::fill_form(*form, data);
  EXPECT_TRUE(document) << document.error().text();
}

}  // namespace
}  // namespace luy::incident
