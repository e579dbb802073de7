// Programs that whoever answers for a town's computers wants to hear of, by their names: those for remote control, and
// what names itself an activator or a key generator. The list is data (marks.txt); a name proves nothing, it only asks
// for a look. Pure.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace luy::software {

inline constexpr ErrorKind marks_malformed{"software.marks_malformed", ErrorClass::invalid,
                                           "Danh sách tên phần mềm cần xem xét sai khuôn dạng ở dòng {}.",
                                           "The list of names of programs to look at is malformed in line {}."};

enum class Mark : std::uint8_t { remote_control, pirated };
std::string_view name_of(Mark mark);

struct MarkRule {
  Mark mark = Mark::remote_control;
  std::string label;   // What people call it.
  std::string source;  // Where the names come from.
};

class MarkList {
 public:
  // Errors: marks_malformed.
  static Result<MarkList> read(std::string_view text);

  // The first rule that means this name of a package, or this file name of a program; nullptr: none does.
  const MarkRule* find(std::string_view name) const;
  std::size_t size() const { return rules_.size(); }
  const std::vector<MarkRule>& rules() const { return rules_; }

 private:
  struct Beginning {
    std::string text;
    std::size_t rule = 0;
  };
  std::vector<MarkRule> rules_;
  std::map<std::string, std::size_t, std::less<>> names_;
  std::map<std::string, std::size_t, std::less<>> words_;
  std::vector<Beginning> beginnings_;
};

// What the product brings.
std::string_view builtin_mark_text();
const MarkList& builtin_marks();

}  // namespace luy::software
