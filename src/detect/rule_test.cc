// Goal: rules do what their authors say, in words an analyst can write without C++.
// Method: each folder of testdata/rules holds rule.yml, events.jsonl and expected.jsonl, one {"event": line, "rule":
// id} per match; all built-in pipelines apply. LUY_UPDATE=1 writes expected.jsonl anew.
#include <gtest/gtest.h>

#include "base/source_dir.h"
#include "detect/builtin.h"
#include "detect/rule_folder.h"

namespace luy::detect {
namespace {

namespace fs = std::filesystem;

TEST(RuleFolders, EachFindsExactlyWhatItExpects) {
  const Routing routing = builtin_routing();
  std::size_t folders = 0;
  for (const auto& entry : fs::directory_iterator(source_dir() + "/src/detect/testdata/rules")) {
    const RuleSet set = rules_of(entry.path(), routing);
    for (const Refusal& one : set.refused) ADD_FAILURE() << entry.path() << one.error.text();
    const std::string found = found_in(set, routing, read_whole(entry.path() / "events.jsonl").value());
    if (std::getenv("LUY_UPDATE") != nullptr) std::ofstream(entry.path() / "expected.jsonl") << found;
    EXPECT_EQ(found, read_whole(entry.path() / "expected.jsonl")) << entry.path();
    ++folders;
  }
  EXPECT_GE(folders, 3U);
}

}  // namespace
}  // namespace luy::detect
