#include <iostream>
#include <string>
#include <vector>

#include "cli/command.h"

int main(int count, char** arguments) {
  const luy::SystemClock clock;
  const std::vector<std::string> words(arguments + 1, arguments + count);
  const luy::cli::ExitCode code = luy::cli::run(words, std::cout, std::cerr, clock);
  std::cout.flush();
  return static_cast<int>(std::cout ? code : luy::cli::ExitCode::io);
}
