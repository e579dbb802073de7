// Goal: kept compiles are used, replaced when they are not good, and never taken from a folder that others can write.
// Method: one rule in a temporary folder, loaded again and again.
#include "cli/rule_cache.h"

#include <gtest/gtest.h>

#include <sstream>

#include "base/file.h"
#include "cli/rule_files.h"

namespace luy::cli {
namespace {

namespace fs = std::filesystem;

class RuleCache : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::temp_directory_path() / ("luy-rule-cache-" + std::to_string(::getpid()));
    fs::create_directories(folder_);
    write_rule("x");
  }
  void TearDown() override { fs::remove_all(folder_); }

  void write_rule(const std::string& value) {
    write_file_durably(folder_ / "r.yml",
                       "title: t\nid: r\nlogsource: {product: p}\ndetection: {s: {A: " + value + "}, condition: s}\n")
        .value();
  }
  CacheUse load() {
    const auto out = load_rules({folder_ / "r.yml"}, detect::Routing(), folder_ / "cache", notes_).value();
    EXPECT_EQ(out.engine->rules().rules.size(), 1U);
    return out.cache;
  }
  std::vector<fs::path> kept() {
    std::vector<fs::path> out;
    for (const auto& one : fs::directory_iterator(folder_ / "cache")) out.push_back(one.path());
    return out;
  }

  fs::path folder_;
  std::ostringstream notes_;
};

TEST_F(RuleCache, TheSecondLoadUsesWhatTheFirstKept) {
  EXPECT_EQ(load(), CacheUse::written);
  EXPECT_EQ(load(), CacheUse::used);
  write_rule("y");
  EXPECT_EQ(load(), CacheUse::written);
  EXPECT_EQ(load(), CacheUse::used);
  EXPECT_EQ(kept().size(), 2U);
  EXPECT_EQ(notes_.str(), "");
}

TEST_F(RuleCache, ADamagedFileIsReplacedAndSaidSo) {
  load();
  std::string bytes = read_file(kept().front(), 1 << 24).value();
  bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 1);
  write_file_durably(kept().front(), bytes).value();
  EXPECT_EQ(load(), CacheUse::written);
  EXPECT_NE(notes_.str(), "");
  EXPECT_EQ(load(), CacheUse::used);
}

TEST_F(RuleCache, AFolderThatOthersCanWriteIsNotTrusted) {
  load();
  fs::permissions(folder_ / "cache", fs::perms::all);
  EXPECT_EQ(load(), CacheUse::refused);
  EXPECT_NE(notes_.str(), "");
}

TEST_F(RuleCache, OldCompilesMakeRoom) {
  for (std::size_t i = 0; i < cache_files_max + 3; ++i) {
    write_rule("x" + std::to_string(i));
    EXPECT_EQ(load(), CacheUse::written);
  }
  EXPECT_EQ(kept().size(), cache_files_max);
}

}  // namespace
}  // namespace luy::cli
