// The command tree of `luy`. Each family of commands is one file with one function that adds it to the tree; run()
// lists the families.
#pragma once

#include <ostream>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "cli/exit_code.h"

namespace CLI {
class App;
}

namespace luy::cli {

// What a command talks to. Lives as long as run().
struct Terminal {
  std::ostream& out;
  std::ostream& err;
  const Clock& clock;
  std::size_t columns = 0;       // Of the terminal; tables are made to fit.
  ExitCode exit = ExitCode::ok;  // Set by the command that ran.

  // Writes the error in Vietnamese and English and sets the exit code.
  void fail(const Error& error);
};

// For output that goes into a file or to another program.
inline constexpr std::size_t columns_default = 120;

// Parses the arguments (without the program's name) and runs the command they name.
ExitCode run(const std::vector<std::string>& arguments, std::ostream& out, std::ostream& err, const Clock& clock,
             std::size_t columns = columns_default);

// Text from records and files as it may be shown: control characters become \xHH, so that nothing stored can drive the
// terminal.
std::string printable(std::string_view text);

void add_check_command(CLI::App& app, Terminal& terminal);
void add_custody_commands(CLI::App& app, Terminal& terminal);
void add_custody_disc_commands(CLI::App& family, Terminal& terminal);  // Below `luy custody`.
void add_detect_command(CLI::App& app, Terminal& terminal);
void add_events_command(CLI::App& app, Terminal& terminal);
void add_evidence_commands(CLI::App& app, Terminal& terminal);
void add_evidence_data_commands(CLI::App& family, Terminal& terminal);  // Below `luy evidence`.
void add_hardening_command(CLI::App& app, Terminal& terminal);
void add_paper_commands(CLI::App& app, Terminal& terminal);
void add_rules_hub_commands(CLI::App& family, Terminal& terminal);  // Below `luy rules`.
void add_rules_commands(CLI::App& app, Terminal& terminal);
void add_vulnerability_commands(CLI::App& app, Terminal& terminal);
void add_signature_commands(CLI::App& family, Terminal& terminal);  // Below `luy paper`.

}  // namespace luy::cli
