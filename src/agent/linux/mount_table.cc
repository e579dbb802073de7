#include "agent/linux/mount_table.h"

#include <algorithm>

#include "agent/linux/text.h"

namespace luy::agent {
namespace {

// The kernel writes blank, tab, newline and backslash as three octal digits.
std::string unescaped(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\' && i + 3 < text.size()) {
      const auto code = number(text.substr(i + 1, 3), 8);
      if (code && *code > 0 && *code < 256) {
        out += static_cast<char>(*code);
        i += 3;
        continue;
      }
    }
    out += text[i];
  }
  return out;
}

}  // namespace

// 36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3 /dev/root rw,errors=continue
std::vector<Mount> parse_mounts(std::string_view mountinfo) {
  std::vector<Mount> out;
  for (const std::string_view line : lines(mountinfo)) {
    const auto fields = words(line);
    const auto dash = std::find(fields.begin(), fields.end(), "-");
    if (fields.size() < 7 || dash - fields.begin() < 6 || fields.end() - dash < 3) continue;
    out.push_back(
        {std::string(fields[2]), unescaped(fields[3]), unescaped(fields[4]), std::string(dash[1]), unescaped(dash[2])});
  }
  return out;
}

}  // namespace luy::agent
