// `luy hardening`: the hardening checks on this machine, without a hub: what is right and wrong, where it stands, and
// the script that mends it, which is shown and never run.
#include <CLI/CLI.hpp>
#include <filesystem>
#include <map>
#include <optional>
#include <ostream>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/utf8.h"
#include "cli/command.h"
#include "cli/table.h"
#include "fact/fact.h"
#include "hardening/judge.h"
#include "hardening/load.h"
#include "hardening/machine_source.h"

namespace luy::cli {
namespace {

using hardening::Check;
using hardening::State;
using hardening::Text;

inline constexpr ErrorKind check_unknown{
    "cli.check_unknown", ErrorClass::not_found,
    "Không có kiểm tra cấu hình {}. Xem tên các kiểm tra bằng: luy hardening --all",
    "There is no hardening check {}. Their names: luy hardening --all"};

struct Options {
  std::string root = "/";
  std::string language = "vi";
  std::string group;
  std::string explain;
  bool all = false;
  bool json = false;
};

std::string shown(std::string_view text) {
  return printable(to_utf8(text));
}

class Printer {
 public:
  Printer(std::ostream& out, std::size_t columns, bool vietnamese)
      : out_(out), columns_(std::max<std::size_t>(columns, 40)), vietnamese_(vietnamese) {}

  const std::string& say(const Text& text) const { return vietnamese_ ? text.vi : text.en; }
  void line(const std::string& text, std::size_t indent) const {
    for (const std::string& one : wrapped(text, columns_ - indent)) out_ << std::string(indent, ' ') << one << "\n";
  }

  void result(const Check& check, const fact::CheckResult& result) const {
    line("[" + say(title_of(check.severity)) + "] " + say(check.title) + " (" + check.id + ")", 2);
    std::string where = shown(result.file.value_or(""));
    if (result.line) where += ":" + std::to_string(*result.line);
    const Text reason = hardening::reason_of(result);
    if (!say(reason).empty()) {
      line(shown(say(reason)), 6);
    } else if (result.found || !where.empty()) {
      line(shown(result.found.value_or("")) + (where.empty() ? "" : "  " + where), 6);
    }
  }

  void explain(const Check& check, const fact::CheckResult& result) const {
    line(say(check.title) + " (" + check.id + ")", 0);
    line(say(title_of(hardening::state_from_name(result.state).value_or(State::unknown))), 0);
    this->result(check, result);
    out_ << "\n";
    line(say(check.why), 0);
    out_ << "\n";
    line(check.reads(), 0);
    for (const std::string& reference : check.references) line(reference, 2);
    out_ << "\n"
         << (vietnamese_ ? "Cách khắc phục (chỉ hiển thị, không tự chạy):"
                         : "How to mend it (shown, never run by itself):")
         << "\n\n"
         << check.mend;
  }

 private:
  std::ostream& out_;
  const std::size_t columns_;
  const bool vietnamese_;
};

void print_all(const fact::Hardening& checks, const Options& options, const Printer& printer, std::ostream& out) {
  const auto& catalogue = hardening::builtin_checks();
  for (const State state : {State::wrong, State::unknown, State::right, State::not_applicable}) {
    std::size_t count = 0;
    for (const auto& result : checks.results) count += result.state == name_of(state) ? 1 : 0;
    out << printer.say(title_of(state)) << ": " << count << "\n";
    const bool listed = options.all || state == State::wrong || state == State::unknown;
    for (const auto& result : checks.results) {
      if (listed && result.state == name_of(state)) printer.result(*catalogue.find(result.check), result);
    }
  }
}

void run_hardening(const Options& options, Terminal& terminal) {
  const auto& catalogue = hardening::builtin_checks();
  const hardening::MachineSource source{std::filesystem::path(options.root)};
  const Printer printer(terminal.out, terminal.columns, options.language == "vi");
  if (!options.explain.empty()) {
    const Check* const check = catalogue.find(options.explain);
    if (check == nullptr) return terminal.fail(Error(check_unknown, options.explain));
    return printer.explain(*check, hardening::run_check(*check, source, terminal.clock.now()));
  }
  fact::Hardening checks = hardening::run_checks(catalogue, source, terminal.clock.now());
  if (!options.group.empty()) {
    std::erase_if(checks.results, [&](const fact::CheckResult& result) {
      return name_of(catalogue.find(result.check)->group) != options.group;
    });
  }
  if (options.json) {
    terminal.out << fact::body_to_json(checks) << "\n";
  } else {
    print_all(checks, options, printer, terminal.out);
  }
  for (const fact::CheckResult& result : checks.results) {
    if (result.state == "wrong") terminal.exit = ExitCode::fault;
  }
}

}  // namespace

void add_hardening_command(CLI::App& app, Terminal& terminal) {
  CLI::App* command = app.add_subcommand(
      "hardening", "Kiểm tra cấu hình an toàn của máy này / Run the hardening checks on this machine");
  // shared_ptr: CLI11 copies the callback.
  const auto options = std::make_shared<Options>();
  std::vector<std::string> groups;
  for (std::size_t i = 0; i < hardening::group_count; ++i) {
    groups.emplace_back(name_of(static_cast<hardening::Group>(i)));
  }
  command->add_option("--root", options->root, "Thư mục gốc của máy / Root of the machine")->capture_default_str();
  command->add_option("--lang", options->language, "Ngôn ngữ / Language")
      ->check(CLI::IsMember({"vi", "en"}))
      ->capture_default_str();
  command->add_option("--group", options->group, "Chỉ một nhóm / Only one group")->check(CLI::IsMember(groups));
  command->add_option("--explain", options->explain,
                      "Giải thích một kiểm tra và cách khắc phục / Explain one check and how to mend it");
  command->add_flag("--all", options->all, "Liệt kê cả mục đạt / List what is right, too");
  command->add_flag("--json", options->json, "JSON như trong dữ kiện / JSON as in the fact");
  command->callback([options, &terminal] { run_hardening(*options, terminal); });
}

}  // namespace luy::cli
