// Goal: a complete pack is read as it is written, and everything else is refused with kind, file, line and column.
// Method: a small good pack read back field by field; files of testdata/broken, each of which takes the place of one
// file of the good pack and states in its first line what must be said about it; limits built in memory.
#include "regulation/load.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "base/source_dir.h"
#include "regulation/yaml_node.h"

namespace luy::regulation {
namespace {

namespace fs = std::filesystem;

const fs::path testdata = fs::path(source_dir()) / "src/regulation/testdata";

std::string bytes_of(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  EXPECT_TRUE(in) << path;
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

PackFiles good_files() {
  return {"good", bytes_of(testdata / "good/pack.yaml"), bytes_of(testdata / "good/articles.yaml"),
          bytes_of(testdata / "good/obligations.yaml")};
}

TEST(Load, ReadsAPackAsItIsWritten) {
  const Result<Pack> pack = load_pack(testdata / "good");
  ASSERT_TRUE(pack) << pack.error().text();
  EXPECT_EQ(pack->id, "good");
  EXPECT_EQ(pack->title, (Text{"Quy chế thử", "Test regulation"}));
  EXPECT_EQ(to_iso(pack->valid_from), "2018-01-01");
  EXPECT_TRUE(pack->in_force(*day_from_iso("2018-12-31")));
  EXPECT_FALSE(pack->in_force(*day_from_iso("2019-01-01")));
  EXPECT_FALSE(pack->in_force(*day_from_iso("2017-12-31")));
  EXPECT_EQ(pack->title_of(Holder::provider).vi, "i");
  EXPECT_DOUBLE_EQ(pack->due_share(), 0.2);
  EXPECT_EQ(pack->fact_fresh(), days(7));
  ASSERT_EQ(pack->acts.size(), 2U);
  EXPECT_EQ(pack->acts[1].superseded_by, (Text{"Luật 3", "Law 3"}));
  ASSERT_EQ(pack->articles.size(), 2U);
  EXPECT_EQ(pack->articles[0].quote, "Vá lỗi");
  EXPECT_EQ(pack->articles[1].quote, "");

  const Obligation* patching = pack->obligation("5.2-patching");
  ASSERT_NE(patching, nullptr);
  EXPECT_EQ(patching->article, "5");
  EXPECT_EQ(patching->holder, Holder::security_officer);
  EXPECT_EQ(patching->subject, Subject::device);
  EXPECT_EQ(patching->cadence, Cadence::continuous);
  EXPECT_EQ(patching->evidence, (std::vector{EvidenceKind::measured, EvidenceKind::enforced}));
  EXPECT_EQ(patching->check, Check::patches);
  EXPECT_EQ(patching->record, std::nullopt);
  EXPECT_EQ(pack->obligations_of("10b").size(), 1U);
  EXPECT_EQ(pack->obligation("5.3-antivirus"), nullptr);
}

TEST(Load, CitesSourcesInBothLanguages) {
  const Result<Pack> pack = parse_pack(good_files());
  ASSERT_TRUE(pack) << pack.error().text();
  const std::vector<Source>& sources = pack->obligation("5.2-patching")->sources;
  ASSERT_EQ(sources.size(), 3U);
  EXPECT_EQ(sources[0].text, (Text{"Điều 5.a QĐ 1", "Decision 1, article 5.a"}));
  EXPECT_EQ(sources[1].text, (Text{"Điều 24.1 Luật 2", "Law 2, article 24.1"}));
  EXPECT_EQ(sources[2].text, (Text{"Luật 2", "Law 2"}));
  const Source& step = pack->obligation("10b.3-report-up")->sources.at(0);
  EXPECT_EQ(step.text, (Text{"Điều 10 (ứng cứu) khoản 3 QĐ 1", "Decision 1, Article 10 (response) clause 3"}));
}

TEST(Load, TypesParametersByTheirUnit) {
  const Result<Pack> pack = parse_pack(good_files());
  ASSERT_TRUE(pack) << pack.error().text();
  const Parameters& patching = pack->obligation("5.2-patching")->parameters;
  EXPECT_EQ(*patching.duration("critical_days"), Duration(days(7)));
  EXPECT_TRUE(patching.duration("absent").error().is(no_parameter));
  EXPECT_TRUE(patching.count("critical_days").error().is(no_parameter));
  const Parameters& report = pack->obligation("10b.3-report-up")->parameters;
  EXPECT_EQ(report.working_days("answer_days")->days, 3);
  EXPECT_TRUE(report.duration("answer_days").error().is(no_parameter));
  EXPECT_DOUBLE_EQ(*report.percent("share_percent"), 2.5);
  EXPECT_EQ(*report.count("size_max"), 25);
  EXPECT_EQ(*report.count("tries"), 5);
  EXPECT_EQ(*report.texts("methods"), (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(report.find("answer_days")->basis, Basis::law);
}

// "# obligations.yaml regulation.unknown_key 7:5" in the first line: the file it replaces, the error, and where.
struct Expectation {
  std::string file;
  std::string kind;
  std::string place;
};

Expectation expectation_of(const std::string& bytes) {
  std::istringstream line(bytes.substr(0, bytes.find('\n')));
  std::string hash;
  Expectation out;
  line >> hash >> out.file >> out.kind >> out.place;
  return out;
}

TEST(Load, NamesEveryFaultWithFileLineAndColumn) {
  std::set<std::string> kinds;
  std::size_t cases = 0;
  for (const auto& entry : fs::directory_iterator(testdata / "broken")) {
    const std::string bytes = bytes_of(entry.path());
    const Expectation want = expectation_of(bytes);
    PackFiles files = good_files();
    if (want.file == "pack.yaml") files.pack = bytes;
    if (want.file == "articles.yaml") files.articles = bytes;
    if (want.file == "obligations.yaml") files.obligations = bytes;
    const Result<Pack> pack = parse_pack(files);
    ++cases;
    if (pack) {
      ADD_FAILURE() << entry.path().filename() << ": accepted, expected " << want.kind;
      continue;
    }
    EXPECT_EQ(pack.error().name(), want.kind) << entry.path().filename() << ": " << pack.error().text();
    const std::string prefix = "good/" + want.file + ":" + want.place + ": ";
    EXPECT_TRUE(pack.error().detail().starts_with(prefix)) << entry.path().filename() << ": " << pack.error().detail();
    kinds.insert(want.kind);
  }
  EXPECT_GE(cases, 40U);
  for (const ErrorKind* kind : {&bad_syntax, &not_allowed_yaml, &over_limit, &wrong_type, &unknown_key, &missing_key,
                                &missing_translation, &duplicate, &unknown_name, &wrong_unit, &bad_value}) {
    EXPECT_TRUE(kinds.contains(std::string(kind->name))) << "no broken file shows " << kind->name;
  }
}

TEST(Load, ErrorsSpeakBothLanguages) {
  PackFiles files = good_files();
  files.obligations = "obligations:\n  - cadense: weekly\n";
  const Result<Pack> pack = parse_pack(files);
  ASSERT_FALSE(pack);
  EXPECT_NE(pack.error().vi().find("good/obligations.yaml:2:5: 'cadense' [id, ref, holder"), std::string::npos)
      << pack.error().vi();
  EXPECT_NE(pack.error().en().find("good/obligations.yaml:2:5: 'cadense' [id, ref, holder"), std::string::npos);
}

TEST(Load, RefusesWhatIsTooLarge) {
  PackFiles files = good_files();
  files.pack = std::string(file_bytes_max + 1, ' ');
  EXPECT_TRUE(parse_pack(files).error().is(over_limit));

  files = good_files();
  files.articles = "chapters: |\n";
  while (files.articles.size() <= 2 * text_bytes_max) files.articles += "  " + std::string(60, 'x') + "\n";
  EXPECT_TRUE(parse_pack(files).error().is(over_limit));

  files = good_files();
  files.articles += "# " + std::string(yaml_line_bytes_max, 'x') + "\n";
  EXPECT_TRUE(parse_pack(files).error().is(over_limit));

  files = good_files();
  files.articles = "chapters:\n";
  for (std::size_t i = 0; i <= yaml_nodes_max / 900; ++i) {
    files.articles += "- [";
    for (std::size_t j = 0; j < 900; ++j) files.articles += "x,";
    files.articles += "]\n";
  }
  EXPECT_TRUE(parse_pack(files).error().is(over_limit));

  files = good_files();
  files.articles.clear();
  for (std::size_t i = 0; i <= list_items_max; ++i) files.articles += "key_" + std::to_string(i) + ": x\n";
  EXPECT_TRUE(parse_pack(files).error().is(over_limit));

  files = good_files();
  files.obligations = "obligations:\n";
  for (std::size_t i = 0; i <= list_items_max; ++i) files.obligations += " - {}\n";
  EXPECT_TRUE(parse_pack(files).error().is(over_limit));

  for (const std::size_t depth : {std::size_t{17}, std::size_t{5000}, std::size_t{200'000}}) {
    files = good_files();
    files.obligations.clear();
    for (std::size_t i = 0; i < depth; ++i) files.obligations += "[\n";
    for (std::size_t i = 0; i < depth; ++i) files.obligations += "]\n";
    EXPECT_TRUE(parse_pack(files).error().is(over_limit)) << parse_pack(files).error().text();
  }
}

TEST(Load, RefusesBytesThatAreNotUtf8) {
  PackFiles files = good_files();
  files.pack = "id: good\ntitle: \xff\n";
  const Result<Pack> pack = parse_pack(files);
  ASSERT_FALSE(pack);
  EXPECT_TRUE(pack.error().is(bad_value));
  EXPECT_TRUE(pack.error().detail().starts_with("good/pack.yaml:2:1: ")) << pack.error().detail();
}

TEST(Load, NamesAMissingFile) {
  const Result<Pack> pack = load_pack(testdata / "absent");
  ASSERT_FALSE(pack);
  EXPECT_EQ(pack.error().name(), "file.not_found");
  EXPECT_NE(pack.error().detail().find("absent/pack.yaml"), std::string::npos);
}

TEST(Load, EveryCutOfAFileIsRefusedOrComplete) {
  const PackFiles whole = good_files();
  for (std::size_t size = 0; size < whole.obligations.size(); size += 7) {
    PackFiles files = whole;
    files.obligations.resize(size);
    const Result<Pack> pack = parse_pack(files);
    // A cut between two obligations leaves a pack that is complete in itself; any other cut must be refused.
    if (pack) {
      EXPECT_EQ(pack->obligations.at(0), parse_pack(whole)->obligations.at(0)) << size;
    }
  }
}

}  // namespace
}  // namespace luy::regulation
