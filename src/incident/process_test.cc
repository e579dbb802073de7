// Goal: the process we ship is the second article 10, and a file that is not sound is refused with its line.
// Method: the pack's file, whole and with one thing changed.
#include "incident/process.h"

#include <gtest/gtest.h>

#include "base/file.h"
#include "incident/fixture.h"
#include "paper/template.h"
#include "regulation/load.h"

namespace luy::incident {
namespace {

std::string shipped() {
  return *read_file(pack_folder() / "process.yaml", regulation::file_bytes_max);
}

std::string with(std::string text, const std::string& old, const std::string& now) {
  const std::size_t at = text.find(old);
  EXPECT_NE(at, std::string::npos) << old;
  return text.replace(at, old.size(), now);
}

TEST(Process, IsThatOfTheSecondArticle10) {
  const Process& process = test_process();
  EXPECT_EQ(process.start, "step_1");
  std::vector<unsigned> steps;
  for (const ProcessState& state : process.states) {
    if (!state.is_end) steps.push_back(state.step);
  }
  EXPECT_EQ(steps, (std::vector<unsigned>{1, 2, 3, 4, 5}));
}

TEST(Process, HasTheTenKindsOfForm05InItsOrder) {
  const auto form = paper::load_form(pack_folder(), "bao-cao-tong-hop");
  ASSERT_TRUE(form) << form.error().text();
  const auto& rows = form->field("counts")->rows;
  const auto& kinds = test_process().kinds;
  ASSERT_EQ(kinds.size(), 10U);
  ASSERT_EQ(rows.size(), kinds.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    EXPECT_EQ(kinds[i].id, rows[i].id);
    EXPECT_EQ(kinds[i].title.vi, rows[i].text);
  }
}

TEST(Process, NamesOnlyPapersThatTheirFormsExistFor) {
  for (const PaperUse& paper : test_process().papers) {
    EXPECT_TRUE(paper::load_form(pack_folder(), paper.form)) << paper.form;
  }
  EXPECT_TRUE(paper::load_form(pack_folder(), test_process().conflict.plan_form));
  EXPECT_TRUE(paper::load_form(pack_folder(), test_process().conflict.result_form));
}

TEST(Process, AsksPapersOnlyForFieldsAndValuesThatTheirFormsHave) {
  for (const Transition& transition : test_process().transitions) {
    for (const PaperDemand& demand : transition.papers) {
      if (demand.field.empty()) continue;
      const auto form = paper::load_form(pack_folder(), demand.form);
      ASSERT_TRUE(form);
      const paper::FormField* field = form->field(demand.field);
      ASSERT_NE(field, nullptr) << demand.field;
      const auto& options = field->options;
      EXPECT_TRUE(std::any_of(options.begin(), options.end(), [&](const auto& one) { return one.id == demand.is; }));
    }
  }
}

TEST(Process, TheEditionIsThatOfTheDayOfDiscovery) {
  const Process& process = test_process();
  const auto id = [&](const char* day) {
    const Edition* found = process.edition_on(*day_from_iso(day));
    return found == nullptr ? std::string() : found->id;
  };
  EXPECT_EQ(id("2017-12-31"), "");
  EXPECT_EQ(id("2018-01-01"), "2017");
  EXPECT_EQ(id("2026-06-30"), "2017");
  EXPECT_EQ(id("2026-07-01"), "2026");
  EXPECT_EQ(id("2040-01-01"), "2026");
}

TEST(Process, TakesLimitsFromTheObligations) {
  const Edition* edition = test_process().edition("2017");
  const auto limit = [&](std::string_view id) {
    for (const ClockRule& clock : edition->clocks) {
      if (clock.id == id) return clock.limit;
    }
    return Limit{};
  };
  EXPECT_EQ(limit("notice"), (Limit{5 * 24 * 60, regulation::Unit::minutes}));
  EXPECT_EQ(limit("initial_report"), (Limit{24 * 60, regulation::Unit::minutes}));
  EXPECT_EQ(limit("closing_report"), (Limit{5 * 24 * 60, regulation::Unit::minutes}));
}

TEST(Process, FaultsAreNamedWithTheirLine) {
  const struct {
    const char* what;
    const char* old;
    const char* now;
    const ErrorKind& want;
  } table[] = {
      {"unknown key", "start: step_1\n", "start: step_1\nhurry: true\n", regulation::unknown_key},
      {"unknown start", "start: step_1", "start: step_9", regulation::unknown_name},
      {"unknown target", "to: step_2", "to: step_7", regulation::unknown_name},
      {"unknown role", "roles: [security_officer, agency_head]", "roles: [mayor]", regulation::unknown_name},
      {"unknown form", "{form: bien-ban-tu-xu-ly, signed_by", "{form: giay-moi, signed_by", regulation::unknown_name},
      {"nobody awaited", "{person: giver}, ", "", regulation::missing_key},
      {"limit of no stage", "{stage: monitoring, limit: 4 hours}", "{stage: sleeping, limit: 4 hours}",
       regulation::unknown_name},
      {"two limits of a stage", "{stage: detection, limit: 4 hours}", "{stage: monitoring, limit: 8 hours}",
       regulation::duplicate},
      {"hand-over of no harm", "harms: [secret_disclosure, control_loss, national_security]", "harms: [boredom]",
       regulation::unknown_name},
      {"hand-over of nothing", "  harms: [secret_disclosure, control_loss, national_security]\n", "",
       regulation::missing_key},
      {"receipt in no role", "  roles: [town_office]\n", "", regulation::missing_key},
      {"receipt in an unknown role", "roles: [town_office]", "roles: [mayor]", regulation::unknown_name},
      {"contacts verified by the hour", "  limit: 365 days\n", "  limit: 24 hours\n", regulation::wrong_unit},
      {"contacts of no kind", "    - {id: town, title", "    - {id: Town, title", regulation::bad_value},
      {"an answer of no record", "record: provider_answer", "record: hope", regulation::unknown_name},
      {"two kinds of requests alike", "    - {id: restore, title", "    - {id: block, title", regulation::duplicate},
      {"no time to answer", "9.3-provider-monitoring:answer_days", "9.3-provider-monitoring:patience",
       regulation::unknown_name},
      {"heads without the rest", "  - {authority: [\"THỦ TRƯỞNG CƠ QUAN\"]}\n", "", regulation::missing_key},
      {"nobody to sign", ", signed_by: [{role: agency_head}]}", "}", regulation::missing_key},
      {"unknown signer", "signed_by: [{role: agency_head}]", "signed_by: [{role: mayor}]", regulation::unknown_name},
      {"a summary without its period", "period: {half: 184 days, longest: 366 days, computed: [count, own, helped]}, ",
       "", regulation::missing_key},
      {"half a year longer than the longest", "half: 184 days", "half: 400 days", regulation::bad_value},
      {"a column that cases do not count", "computed: [count, own, helped]", "computed: [damage]",
       regulation::unknown_name},
      {"unknown need", "needs: [guidance]", "needs: [prayer]", regulation::unknown_name},
      {"state out of reach", "to: step_4", "to: step_3", regulation::bad_value},
      {"an end without a paper", "    papers:\n      - {form: bien-ban-ket-thuc, signed_by: [agency_head]}\n", "",
       regulation::bad_value},
      {"two events of one name", "event: provincial_system", "event: own_system", regulation::duplicate},
      {"editions with a gap", "valid_to: 2026-06-30", "valid_to: 2026-06-29", regulation::bad_value},
      {"unknown parameter", "10b.3-report-up:notice_days", "10b.3-report-up:weeks", regulation::unknown_name},
      {"limit without unit", "limit: 72 hours", "limit: 72", regulation::bad_value},
      {"unknown moment", "until: received", "until: dawn", regulation::unknown_name},
      {"missing translation", ", en: \"Ordinary\"", "", regulation::missing_translation},
  };
  for (const auto& [what, old, now, want] : table) {
    const auto read = parse_process("process.yaml", with(shipped(), old, now), test_pack());
    ASSERT_FALSE(read) << what;
    EXPECT_TRUE(read.error().is(want)) << what << ": " << read.error().text();
    EXPECT_TRUE(read.error().detail().starts_with("process.yaml:")) << read.error().detail();
  }
}

}  // namespace
}  // namespace luy::incident
