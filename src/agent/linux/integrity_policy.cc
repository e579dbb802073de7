#include "agent/linux/integrity_policy.h"

#include "agent/linux/text.h"

namespace luy::agent {

Result<IntegrityPolicy> parse_integrity_policy(std::string_view text) {
  if (text.size() > integrity_policy_bytes_max) return Error(integrity_policy_invalid, "too long");
  IntegrityPolicy out;
  std::size_t number = 0;
  for (const std::string_view line : lines(text)) {
    ++number;
    const std::string_view content = trim(line);
    if (content.empty() || content.front() == '#') continue;
    const Error wrong(integrity_policy_invalid, std::to_string(number) + ": " + std::string(content.substr(0, 100)));
    const std::size_t blank = content.find_first_of(" \t");
    if (blank == std::string_view::npos) return wrong;
    const std::string_view verb = content.substr(0, blank);
    std::string path(trim(content.substr(blank)));
    if (verb == "skip") {
      if (path.front() == '/') path.erase(0, 1);
      out.filter.exclude.push_back(std::move(path));
      continue;
    }
    while (path.size() > 1 && path.back() == '/') path.pop_back();
    if (path.size() < 2 || path.front() != '/' || path.find("/..") != std::string::npos) return wrong;
    if (out.guarded.size() >= guarded_max) return wrong;
    if (verb == "file") {
      out.guarded.push_back({Guarded::Reach::file, std::move(path)});
    } else if (verb == "folder") {
      out.guarded.push_back({Guarded::Reach::folder, std::move(path)});
    } else if (verb == "tree") {
      out.guarded.push_back({Guarded::Reach::tree, std::move(path)});
    } else {
      return wrong;
    }
  }
  return out;
}

}  // namespace luy::agent
