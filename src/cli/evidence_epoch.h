// `luy evidence epoch`: what the first record of a tree says of the one before it, which was lost (docs/adr/0217).
#pragma once

#include <CLI/CLI.hpp>

#include "cli/command.h"

namespace luy::cli {

void add_epoch_command(CLI::App& family, Terminal& terminal);

}  // namespace luy::cli
