// Goal: the pack we ship is whole: every duty of the register, in both languages, every number with its source.
// Method: read regulation/4448-2017 and compare it with the register and the printed text where they lie beside the
// project (../shared/regulation).
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include "base/source_dir.h"
#include "base/vietnamese.h"
#include "regulation/load.h"

namespace luy::regulation {
namespace {

namespace fs = std::filesystem;

const fs::path folder = fs::path(source_dir()) / "regulation/4448-2017";

const Pack& shipped() {
  static const Result<Pack> pack = load_pack(folder);
  return pack.value();
}

// A file of ../shared/regulation; nothing where the project stands alone.
std::optional<std::string> beside(const std::string& name) {
  const fs::path path = fs::path(source_dir()) / ".." / "shared" / "regulation" / name;
  std::ifstream in(path, std::ios::binary);
  if (!in) return std::nullopt;
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

std::string one_line(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool space = c == ' ' || c == '\n' || c == '\r' || c == '\t';
    if (!space) {
      out += c;
    } else if (!out.empty() && out.back() != ' ') {
      out += ' ';
    }
  }
  return out;
}

// The value of "key: x," in one line of the register.
std::string field(std::string_view line, std::string_view key) {
  const std::string start = std::string(key) + ": ";
  const std::size_t at = line.find(start);
  if (at == std::string_view::npos) return {};
  const std::string_view rest = line.substr(at + start.size());
  return std::string(rest.substr(0, rest.find_first_of(",}")));
}

TEST(Pack4448, HoldsThe57DutiesInEveryArticleButTheOneForCompanies) {
  EXPECT_EQ(shipped().obligations.size(), 57U);
  EXPECT_EQ(shipped().articles.size(), 15U);
  for (const Article& article : shipped().articles) {
    EXPECT_EQ(shipped().obligations_of(article.number).empty(), article.number == "16") << article.number;
  }
}

TEST(Pack4448, AgreesWithTheRegisterBesideTheProject) {
  const auto text = beside("obligations.yaml");
  if (!text) GTEST_SKIP() << "the register of obligations (../shared/regulation/obligations.yaml) is not here";
  std::set<std::string> ids;
  std::istringstream lines(*text);
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with("- {id:")) continue;
    const std::string id = field(line, "id");
    ids.insert(id);
    const Obligation* ours = shipped().obligation(id);
    ASSERT_NE(ours, nullptr) << id;
    EXPECT_EQ(name_of(ours->holder), field(line, "holder")) << id;
    EXPECT_EQ(name_of(ours->subject), field(line, "subject")) << id;
    EXPECT_EQ(name_of(ours->cadence), field(line, "cadence")) << id;
    std::string evidence;
    for (const EvidenceKind kind : ours->evidence) {
      evidence += (evidence.empty() ? "" : "+") + std::string(name_of(kind));
    }
    EXPECT_EQ(evidence, field(line, "evidence")) << id;
  }
  EXPECT_EQ(ids.size(), shipped().obligations.size());
}

TEST(Pack4448, QuotesTheRegulationAsPrinted) {
  const auto text = beside("000_1d552c401108d8fd.txt");
  if (!text) GTEST_SKIP() << "the text of the regulation (../shared/regulation) is not here";
  const std::string printed = one_line(*text);
  for (const Article& article : shipped().articles) {
    EXPECT_FALSE(article.quote.empty()) << article.number;
    EXPECT_NE(printed.find(one_line(article.quote)), std::string::npos) << article.number << ": " << article.quote;
  }
}

// English keeps Vietnamese names (Lũy, Bỉm Sơn, QĐ-UBND); a text that is the same in both languages was not translated.
TEST(Pack4448, IsTranslated) {
  const auto differ = [](const Text& text, const std::string& where) {
    EXPECT_FALSE(text.vi.empty()) << where;
    EXPECT_FALSE(text.en.empty()) << where;
    EXPECT_NE(text.vi, text.en) << where;
    EXPECT_NE(fold_vietnamese(text.vi), text.vi) << where << ": the Vietnamese has no diacritics";
  };
  for (const Article& one : shipped().articles) {
    differ(one.title, one.number);
    differ(one.summary, one.number);
  }
  for (const Obligation& one : shipped().obligations) {
    differ(one.title, one.id);
    differ(one.requirement, one.id);
    differ(one.violated_when, one.id);
    differ(one.ref, one.id);
    for (const Parameter& parameter : one.parameters.all()) {
      differ(parameter.title, one.id + "." + parameter.id);
      differ(parameter.source, one.id + "." + parameter.id);
    }
  }
  for (const RecordType& one : shipped().records) differ(one.title, one.id);
}

TEST(Pack4448, NamesTheBasisOfEveryNumberInItsSource) {
  for (const Obligation& one : shipped().obligations) {
    for (const Parameter& parameter : one.parameters.all()) {
      const bool says_default = parameter.source.vi.starts_with("Mặc định của Lũy");
      EXPECT_EQ(says_default, parameter.basis == Basis::product) << one.id << "." << parameter.id;
    }
  }
}

TEST(Pack4448, ImplementsEveryCheckAndUsesEveryRecord) {
  std::map<Check, int> checks;
  std::set<std::string> waiting;
  for (const Obligation& one : shipped().obligations) {
    ++checks[one.check];
    if (one.record) waiting.insert(*one.record);
  }
  for (std::size_t i = 1; i < check_count; ++i) {
    const int wanted = static_cast<Check>(i) == Check::detections ? 3 : 1;
    EXPECT_EQ(checks[static_cast<Check>(i)], wanted) << name_of(static_cast<Check>(i));
  }
  EXPECT_EQ(checks[Check::record], 37);
  EXPECT_EQ(waiting.size(), shipped().records.size());
}

TEST(Pack4448, SaysWhatTheRegulationSays) {
  const auto days_of = [](const char* obligation, const char* parameter) {
    return std::chrono::duration_cast<days>(*shipped().obligation(obligation)->parameters.duration(parameter)).count();
  };
  EXPECT_EQ(days_of("5.4-weekly-scan", "period_days"), 7);
  EXPECT_EQ(days_of("5.5-monthly-backup", "period_days"), 30);
  EXPECT_EQ(days_of("6.8-wifi-rotation", "key_age_days"), 90);
  EXPECT_EQ(days_of("9.2-log-30-days", "keep_days"), 30);
  EXPECT_EQ(shipped().obligation("9.2-log-30-days")->parameters.find("keep_days")->stricter, Stricter::higher);
  EXPECT_EQ(to_iso(shipped().valid_from), "2018-01-01");
  EXPECT_EQ(to_iso(shipped().issued_on), "2017-12-08");
}

}  // namespace
}  // namespace luy::regulation
