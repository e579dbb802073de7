// Which files below the log folder are read. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace luy::agent {

// '*' stands for any run of characters but '/', "**" for any run, '?' for one character but '/'.
bool matches(std::string_view pattern, std::string_view path);

struct NameFilter {
  // Patterns are matched against the path below the log folder ("apt/history.log"). A path is read when one of
  // `include` matches and none of `exclude` does.
  std::vector<std::string> include;
  std::vector<std::string> exclude;
  bool reads(std::string_view path) const;
};

// Everything named *.log and the known names without an ending; not what is rotated, compressed, binary, or comes by
// another way (journal).
NameFilter default_filter();

}  // namespace luy::agent
