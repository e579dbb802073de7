// luy evidence salvage: what is left of a damaged day.
#pragma once

#include "cli/command.h"

namespace CLI {
class App;
}

namespace luy::cli {

void add_salvage_command(CLI::App& family, Terminal& terminal);

}  // namespace luy::cli
