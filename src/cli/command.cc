#include "cli/command.h"

#include <CLI/CLI.hpp>
#include <algorithm>

#include "base/encoding.h"

namespace luy::cli {

void Terminal::fail(const Error& error) {
  err << printable(error.vi()) << "\n" << printable(error.en()) << "\n";
  exit = exit_code_of(error.error_class());
}

std::string printable(std::string_view text) {
  std::string out;
  unsigned char before = 0;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    // U+0080 to U+009F, "C2 80" to "C2 9F", drive a terminal like ESC and what follows it.
    const bool control = byte < 0x20 || byte == 0x7f || (before == 0xc2 && byte < 0xa0);
    before = byte;
    if (!control) {
      out += c;
    } else {
      out += "\\x" + to_hex(as_bytes(std::string_view(&c, 1)));
    }
  }
  return out;
}

ExitCode run(const std::vector<std::string>& arguments, std::ostream& out, std::ostream& err, const Clock& clock,
             std::size_t columns) {
  Terminal terminal{out, err, clock, columns};
  CLI::App app("luy: công cụ dòng lệnh của Lũy / the command line of Lũy", "luy");
  app.require_subcommand(1);
  app.footer(exit_code_help());
  add_check_command(app, terminal);
  add_custody_commands(app, terminal);
  add_detect_command(app, terminal);
  add_events_command(app, terminal);
  add_evidence_commands(app, terminal);
  add_hardening_command(app, terminal);
  add_paper_commands(app, terminal);
  add_rules_commands(app, terminal);
  add_vulnerability_commands(app, terminal);
  try {
    std::vector<std::string> reversed(arguments.rbegin(), arguments.rend());  // As CLI11 wants them.
    app.parse(reversed);
  } catch (const CLI::ParseError& error) {
    return app.exit(error, out, err) == 0 ? ExitCode::ok : ExitCode::usage;
  }
  return terminal.exit;
}

}  // namespace luy::cli
