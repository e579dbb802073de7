// Goal: a question finds what a reader of it would expect, says where it is wrong, and the store skips nothing that
// answers it.
// Method: tables of question, record, answer; the same questions through a store with sealed blocks.
#include "evidence/question.h"

#include <gtest/gtest.h>

#include "base/random.h"

#include "evidence/tally.h"
#include "evidence/test_store.h"

namespace luy::evidence {
namespace {

using namespace std::chrono_literals;

const std::string ssh = "Nov 22 10:00:00 web1 sshd[42]: Failed password for root from 10.1.2.3 port 2222 ssh2";

Record record(std::string raw) {
  return {0, test_start(), "agency/device//var/log/auth.log", 2, std::move(raw)};
}

TEST(Question, FindsWhatItAsksFor) {
  const struct {
    std::string_view question;
    std::string_view raw;
    bool found;
  } table[] = {
      {"", ssh, true},
      {"sshd", ssh, true},
      {"SSHD", ssh, true},
      {"ssh", ssh, false},
      {"ssh*", ssh, true},
      {"*shd", ssh, true},
      {"*sh*", ssh, true},
      {"s?hd", ssh, true},
      {"s?d", ssh, false},
      {"\"failed password\"", ssh, true},
      {"\"failed pass\"", ssh, false},
      {"\"password failed\"", ssh, false},
      {"failed AND root", ssh, true},
      {"failed root", ssh, true},
      {"failed admin", ssh, false},
      {"failed OR admin", ssh, true},
      {"admin OR (failed AND (root OR x))", ssh, true},
      {"failed -root", ssh, false},
      {"failed NOT admin", ssh, true},
      {"failed !(admin OR x)", ssh, true},
      {"10.1.2.3", ssh, true},
      {"10.1.2", ssh, false},
      {"10.1.2.30", ssh, false},
      {"10.1.*", ssh, true},
      {"web1", "at web1.xa2 x", true},
      {"web1.xa", "at web1.xa.vn x", false},
      {"web1.xa.vn", "at -web1.xa.vn. x", true},
      {"host:web1", ssh, true},
      {"host:web*", ssh, true},
      {"host:web", ssh, false},
      {"-user:root sshd", ssh, false},
      {"user:root", ssh, true},
      {"ip:10.1.2.3", ssh, true},
      {"ip:10.0.0.0/8", ssh, true},
      {"ip:10.2.0.0/16", ssh, false},
      {"ip:10.1.2.2/31", ssh, true},
      {"source.ip:10.1.2.3", ssh, true},
      {"port>2000", ssh, true},
      {"port>2222", ssh, false},
      {"port:>=2222", ssh, true},
      {"port<=2221", ssh, false},
      {"port:[1 TO 5000]", ssh, true},
      {"source:agency/*", ssh, true},
      {"source:other/*", ssh, false},
      {"dur>5", R"({"dur":7.5,"m":"x"})", true},
      {"dur>8", R"({"dur":7.5,"m":"x"})", false},
      {"bim", "Thị xã Bỉm Sơn", true},
      {"BỈM", "thi xa bim son", true},
      {"\"bỉm sơn\"", "THI XA BIM SON", true},
      {"duong", "ĐƯỜNG dây", true},
      {"a\\*b", "x a*b y", true},
      {"a\\*b", "x aab y", false},
      {"host:web1 AND sshd \"failed password\" -user:admin ip:10.0.0.0/8 port>5", ssh, true},
  };
  for (const auto& row : table) {
    const auto question = Question::parse(row.question);
    ASSERT_TRUE(question) << row.question << ": " << question.error().text();
    EXPECT_EQ(question->matches(record(std::string(row.raw))), row.found) << row.question << " | " << row.raw;
  }
}

TEST(Question, ErrorsPointAtTheCharacter) {
  const struct {
    std::string_view question;
    std::string_view at;
  } table[] = {
      {"\"open", "1:"},       {"a \"open", "3:"},       {"(a OR b", "1:"},    {"a)", "2:"},    {"a OR", "5:"},
      {"AND a", "1:"},        {"a AND OR b", "7:"},     {"user:", "6:"},      {"dur>x", "5:"}, {"port:[1 5]", "9:"},
      {"port:[1 TO 5", "6:"}, {"ip:10.0.0.0/33", "4:"}, {"sơn \"open", "5:"}, {"()", "2:"},    {"-", "2:"},
      {"\"\"", "1:"},
  };
  for (const auto& row : table) {
    const auto question = Question::parse(row.question);
    ASSERT_FALSE(question) << row.question;
    EXPECT_TRUE(question.error().is(question_invalid));
    EXPECT_TRUE(question.error().detail().starts_with(row.at)) << row.question << " -> " << question.error().detail();
  }
  EXPECT_FALSE(Question::parse(std::string(question_bytes_max + 1, 'x')));
  EXPECT_FALSE(Question::parse(std::string(200, '(')));
  EXPECT_FALSE(Question::parse(std::string(200, '-') + "a"));
  std::string many;
  for (int i = 0; i < 100; ++i) many += "a ";
  EXPECT_FALSE(Question::parse(many));
}

TEST(Question, GlobsMatchWholeTexts) {
  EXPECT_TRUE(glob_matches("*", ""));
  EXPECT_TRUE(glob_matches("a*b*c", "axxbxxbc"));
  EXPECT_FALSE(glob_matches("a*b*c", "axxbxxcb"));
  EXPECT_TRUE(glob_matches("\\*", "*"));
  EXPECT_FALSE(glob_matches("\\*", "a"));
  EXPECT_FALSE(glob_matches("", "a"));
  EXPECT_FALSE(glob_matches(std::string(40, '*') + "b", std::string(5000, 'a')));
}

struct AskTest : testing::Test, TestStore {
  void SetUp() override {
    TestStore::open();
    SeededRandom random(5);
    // Noise, so that there is a sealed block too.
    std::string noise;
    while (noise.size() < 250'000) noise += std::to_string(random.next()) + " ";
    for (int i = 0; i < 40; ++i) {
      std::vector<std::string> lines = {noise + std::to_string(i)};
      for (int k = 0; k < 50; ++k) {
        lines.push_back("Nov 22 10:00:00 web" + std::to_string(i % 3) + " sshd[4]: Failed password for nv" +
                        std::to_string(k % 4) + " from 10.1.2." + std::to_string(i) + " port 99 ssh2");
        if (k == 7) lines.back() = "Nov 22 10:00:00 web1 app[1]: Bỉm Sơn " + std::to_string(i);
      }
      Store::Batch batch;
      for (const std::string& line : lines) batch.records.push_back({"agency/device//var/log/auth.log", 2, line});
      ASSERT_TRUE(store->append({&batch, 1}));
      clock.advance(1min);
    }
  }
  std::uint64_t count(std::string_view text, SearchStats* stats = nullptr) const {
    const auto question = Question::parse(text);
    EXPECT_TRUE(question);
    std::uint64_t out = 0;
    const auto found =
        ask(*store, *question, {.limit = 100'000}, {}, [&](const Record&) { return ++out, Visit::keep; });
    EXPECT_TRUE(found);
    if (stats != nullptr) *stats = *found;
    return out;
  }
};

TEST_F(AskTest, TheStoreSkipsNothingThatAnswers) {
  EXPECT_EQ(count(""), 2040U);
  EXPECT_EQ(count("sshd"), 1960U);
  EXPECT_EQ(count("ssh*"), 1960U);
  EXPECT_EQ(count("bim"), 40U);
  EXPECT_EQ(count("\"bỉm son\""), 40U);
  EXPECT_EQ(count("10.1.2.7"), 49U);
  EXPECT_EQ(count("ip:10.1.2.7"), 49U);
  EXPECT_EQ(count("ip:10.1.2.0/29"), 8U * 49);
  EXPECT_EQ(count("bim OR 10.1.2.7"), 89U);
  EXPECT_EQ(count("user:nv0 -ip:10.1.2.7"), 39U * 13);
  SearchStats stats;
  EXPECT_EQ(count("khongco", &stats), 0U);
  EXPECT_GE(stats.blocks_skipped, 1U) << "by the filter";
  EXPECT_EQ(count("khôngcó", &stats), 0U);
  EXPECT_GE(stats.blocks_skipped, 1U);
}

TEST_F(AskTest, AnswersAreCountedOverTimeAndByValue) {
  const auto question = Question::parse("sshd");
  TimeTally times(10min);
  ValueTally values("user");
  ASSERT_TRUE(ask(*store, *question, {.limit = 100'000}, {}, [&](const Record& record) {
    EXPECT_TRUE(times.add(record.received));
    values.add(record);
    return Visit::skip;
  }));
  const Counts counts = times.counts();
  EXPECT_EQ(counts.total, 1960U);
  EXPECT_EQ(counts.buckets.size(), 4U);
  EXPECT_EQ(counts.buckets.front().begin, test_start());
  EXPECT_EQ(counts.buckets.front().count, 490U);
  const auto top = values.top(3);
  ASSERT_EQ(top.size(), 3U);
  EXPECT_EQ(top[0].value, "nv0");
  EXPECT_EQ(top[0].count, 520U);
  EXPECT_EQ(top[1].value, "nv1");
  EXPECT_TRUE(values.complete());
}

}  // namespace
}  // namespace luy::evidence
