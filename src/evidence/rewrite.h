// Writing a closed day anew: the content of records that have to go is removed and their hashes stay, so that every
// root and every proof of what is kept stays; and small blocks become large ones. The new file is made beside the old
// one, read back and compared with what was signed, and takes its place in one rename.
#pragma once

#include <sys/stat.h>

#include <filesystem>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "evidence/archive.h"
#include "evidence/hub_note.h"
#include "evidence/record.h"

namespace luy::evidence {

struct RewritePlan {
  Day day;  // A closed day that is not damaged.
  std::vector<SeqRange>
      withhold{};  // Of this day; ascending, disjoint. Empty: blocks are packed anew, no note is made.
  // What the note says, a record that stays: nothing personal.
  std::string reason{};
  std::string act{};              // The act of two people, or the rule.
  std::vector<std::string> by{};  // Who decided.
};

struct Rewritten {
  std::optional<std::uint64_t> note_seq{};  // The first record that says so.
  std::uint64_t withheld = 0;               // Records whose content was removed now.
  std::uint64_t bytes_before = 0;           // Of the file.
  std::uint64_t bytes_after = 0;
  std::string sha256{};  // Hex, of the new file.
};

// A day written anew that has not taken its place yet. Destroyed before that, it removes its file.
class PreparedRewrite {
 public:
  // Slow: reads the day and writes it. From any thread; changes nothing that others see; one at a time for a day.
  // Errors: rewrite_refused, store_corrupt, file errors.
  static Result<std::unique_ptr<PreparedRewrite>> make(const Archive& archive, const RewritePlan& plan,
                                                       const std::stop_token& stop);
  ~PreparedRewrite();
  PreparedRewrite(const PreparedRewrite&) = delete;
  PreparedRewrite& operator=(const PreparedRewrite&) = delete;

  const RewritePlan& plan() const { return plan_; }
  // Whether the file is still the one that was read. Errors: rewrite_refused, file errors.
  Result<void> check_unchanged() const;
  // What is to be stored and signed before the file takes its place; none when nothing is withheld.
  std::vector<std::string> notes() const;
  // The writer's thread. `notes`: where notes() was stored. Waits for whoever reads the day. Errors: file errors; then
  // either file may be there, whole.
  Result<Rewritten> take_place(Archive& archive, const std::vector<std::uint64_t>& notes);

 private:
  PreparedRewrite(RewritePlan plan, std::shared_ptr<ArchiveDay> day);
  Result<void> write(const std::stop_token& stop);
  Result<void> read_back(const std::stop_token& stop);
  void remove_file();

  const RewritePlan plan_;
  const std::shared_ptr<ArchiveDay> day_;
  const std::filesystem::path file_;  // The new one.
  struct stat before_ {};             // Of the old one.
  bool made_ = false;                 // The file is ours to remove.
  DayMeta meta_;
  std::uint64_t withheld_ = 0;      // Now,
  std::uint64_t all_withheld_ = 0;  // and with what was before.
  Frontier end_;
};

}  // namespace luy::evidence
