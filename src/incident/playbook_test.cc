// Goal: every kind of incident has a playbook that an officer can follow in order. Method: the files we ship, and files
// with one fault.
#include "incident/playbook.h"

#include <gtest/gtest.h>

#include <set>

#include "incident/fixture.h"

namespace luy::incident {
namespace {

TEST(Playbook, EveryKindHasOneWithTasksInEachStep) {
  const auto books = load_playbooks(pack_folder(), test_process());
  ASSERT_TRUE(books) << books.error().text();
  EXPECT_EQ(books->size(), 10U);
  for (const auto& [kind, book] : *books) {
    std::set<std::string> ids;
    for (const PlaybookTask& task : book.tasks) {
      EXPECT_TRUE(ids.insert(task.id).second) << kind << " " << task.id;
      EXPECT_NE(task.detail.vi, task.detail.en);
      EXPECT_GT(task.detail.vi.size(), 40U) << "concrete: " << task.id;
    }
    for (const ProcessState& state : test_process().states) {
      EXPECT_EQ(tasks_of(book, state.id).empty(), state.is_end) << kind << " " << state.id;
    }
    std::size_t own = 0;
    for (const PlaybookTask& task : book.tasks) own += task.id.starts_with("common_") ? 0U : 1U;
    EXPECT_GE(own, 4U) << kind;
  }
}

TEST(Playbook, AFaultStopsTheReadingWithItsLine) {
  const std::string good =
      "kind: malware\nversion: 1\ntitle: {vi: \"Mã độc\", en: \"Malware\"}\ntasks:\n"
      "  - {id: isolate, state: step_2, title: {vi: \"a\", en: \"b\"}, detail: {vi: \"a\", en: \"b\"}, "
      "role: security_officer, within: 30 minutes}\n";
  ASSERT_TRUE(parse_playbook("m.yaml", good, test_process()));
  const struct {
    const char* old;
    const char* now;
    const ErrorKind& want;
  } table[] = {
      {"kind: malware", "kind: flood", regulation::unknown_name},
      {"version: 1", "version: one", regulation::bad_value},
      {"step_2", "closed", regulation::unknown_name},
      {"security_officer", "provider", regulation::unknown_name},
      {"30 minutes", "soon", regulation::bad_value},
      {"isolate", "common_isolate", regulation::bad_value},
      {", en: \"Malware\"", "", regulation::missing_translation},
  };
  for (const auto& [old, now, want] : table) {
    std::string text = good;
    text.replace(text.find(old), std::string(old).size(), now);
    const auto read = parse_playbook("m.yaml", text, test_process());
    ASSERT_FALSE(read) << now;
    EXPECT_TRUE(read.error().is(want)) << read.error().text();
    EXPECT_TRUE(read.error().detail().starts_with("m.yaml:"));
  }
}

}  // namespace
}  // namespace luy::incident
