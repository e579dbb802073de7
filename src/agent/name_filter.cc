#include "agent/name_filter.h"

#include <algorithm>

namespace luy::agent {

// Linear in the path for each star that matters: the last star is the only one worth going back to.
bool matches(std::string_view pattern, std::string_view path) {
  std::size_t p = 0;
  std::size_t i = 0;
  std::size_t star = std::string_view::npos;  // In the pattern, after the star.
  std::size_t star_at = 0;                    // In the path.
  bool star_crosses = false;
  while (i < path.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star_crosses = pattern.substr(p, 2) == "**";
      p += star_crosses ? 2 : 1;
      star = p;
      star_at = i;
    } else if (p < pattern.size() && (pattern[p] == path[i] || (pattern[p] == '?' && path[i] != '/'))) {
      ++p;
      ++i;
    } else if (star != std::string_view::npos && (star_crosses || path[star_at] != '/')) {
      p = star;
      i = ++star_at;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

bool NameFilter::reads(std::string_view path) const {
  const auto match = [&](const std::string& pattern) { return matches(pattern, path); };
  return std::any_of(include.begin(), include.end(), match) && std::none_of(exclude.begin(), exclude.end(), match);
}

NameFilter default_filter() {
  return {{"**.log", "*.log", "syslog", "messages", "secure", "maillog", "debug", "cron", "boot", "dmesg",
           "**/error_log", "**/access_log", "**/syslog", "**/messages"},
          {"journal/**", "private/**", "**/journal/**", "**.gz", "**.xz", "**.bz2", "**.zst", "**.old", "**.tmp",
           "**.swp", "installer/**"}};
}

}  // namespace luy::agent
