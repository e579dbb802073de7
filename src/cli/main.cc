#include <sys/ioctl.h>
#include <unistd.h>

#include <iostream>
#include <string>
#include <vector>

#include "cli/command.h"

namespace {

std::size_t terminal_columns() {
  winsize size{};
  if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return luy::cli::columns_default;
  return size.ws_col;
}

}  // namespace

int main(int count, char** arguments) {
  const luy::SystemClock clock;
  const std::vector<std::string> words(arguments + 1, arguments + count);
  const luy::cli::ExitCode code = luy::cli::run(words, std::cout, std::cerr, clock, terminal_columns());
  std::cout.flush();
  return static_cast<int>(std::cout ? code : luy::cli::ExitCode::io);
}
