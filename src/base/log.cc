#include "base/log.h"

#include <unistd.h>

#include <string>

#include "base/clock.h"

namespace luy {

void log(LogLevel level, std::string_view part, std::string_view text) {
  constexpr std::string_view names[] = {" info ", " warning ", " error "};
  std::string line = to_rfc3339(SystemClock().now());
  line += names[static_cast<std::size_t>(level)];
  line += part;
  line += ": ";
  for (const char c : text) line += static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? '?' : c;
  line += '\n';
  // One write per line: lines of several threads do not mix. There is nowhere to report that standard error is gone.
  [[maybe_unused]] const ssize_t written = ::write(STDERR_FILENO, line.data(), line.size());
}

}  // namespace luy
