// luy-agent: the program on the endpoint.
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <span>
#include <string>

#include "agent/agent.h"
#include "agent/linux/collectors.h"
#include "agent/linux/linux_kernel.h"
#include "agent/linux/offline.h"
#include "agent/linux/removal.h"
#include "agent/linux/run_agent.h"
#include "agent/linux/scan_child.h"
#include "agent/linux/self_meter.h"
#include "agent/linux/tls_link.h"
#include "base/random.h"

namespace luy::agent {
namespace {

int fail(const Error& error) {
  std::cerr << "luy-agent: " << error.vi() << "\nluy-agent: " << error.en() << '\n';
  return 1;
}

// Beside this program, or where the package puts it.
std::string helper(const std::string& name) {
  std::error_code error;
  const auto self = std::filesystem::read_symlink("/proc/self/exe", error);
  const auto beside = self.parent_path() / name;
  if (!error && std::filesystem::exists(beside, error)) return beside.string();
  return "/usr/lib/luy/" + name;
}

int do_enrol(EnrolRequest request) {
  LinuxKernel kernel;
  const SystemClock clock;
  const Machine machine{"/", kernel, clock, {}, {}};
  const auto identity = collect_identity(machine);
  if (!identity) return fail(identity.error());
  const auto os = collect_os(machine);
  if (!os) return fail(os.error());
  const auto hardware = collect_hardware(machine);
  if (!hardware) return fail(hardware.error());
  request.identity = std::get<fact::Identity>(identity->body);
  request.os = std::get<fact::Os>(os->body);
  request.hardware = std::get<fact::Hardware>(hardware->body);
  const auto enrolment = enrol(request);
  if (!enrolment) return fail(enrolment.error());
  std::cout << "Đã ghi danh. Enrolled: device " << enrolment->device_id << ", hub " << enrolment->agent_url << '\n';
  return 0;
}

int do_facts(const std::string& only) {
  LinuxKernel kernel;
  const SystemClock clock;
  // The device's own secret stays in its data folder: fingerprints printed here compare with nothing.
  std::string secret(32, '\0');
  SystemRandom().fill(std::span(reinterpret_cast<std::uint8_t*>(secret.data()), secret.size()));
  Machine machine{"/", kernel, clock, std::move(secret), helper("luy-agent-apt")};
  machine.check_program = helper("luy-agent-check");
  int status = 0;
  for (const Collector& collector : linux_collectors(machine)) {
    if (!only.empty() && fact::name_of(collector.kind) != only) continue;
    const auto finding = collector.collect("");
    if (finding) {
      std::cout << fact::to_json({clock.now(), finding->method, finding->body}) << '\n';
    } else {
      status = fail(finding.error());
    }
  }
  return status;
}

int do_offline(const std::string& typed) {
  const auto code = fact::parse_code(typed);
  if (!code) return fail(code.error());
  LinuxKernel kernel;
  const SystemClock clock;
  const Machine machine{"/", kernel, clock, {}, {}};
  const fact::OfflineSummary seen = look_offline(machine);
  const std::string lines = fact::report_text(seen, *code);
  std::cout << offline_page(seen, lines, qr_blocks(lines));
  return 0;
}

std::optional<std::string> ask_person() {
  if (::isatty(STDIN_FILENO) != 1) return std::nullopt;
  std::cerr << "Mã gỡ cài đặt luy-agent (Removal code): ";
  std::string typed;
  if (!std::getline(std::cin, typed)) return std::nullopt;
  return typed;
}

int do_removal(const std::filesystem::path& data) {
  const auto given = [](const char* name) {
    const char* value = std::getenv(name);
    return value == nullptr ? std::optional<std::string>() : std::optional<std::string>(value);
  };
  const SystemClock clock;
  const auto link = TlsLink::open(data, clock);
  RemovalSetup setup;
  setup.forced = given("LUY_REMOVE_WITHOUT_CODE") == "1";
  setup.user = given("SUDO_USER").value_or("root");
  setup.code = given("LUY_REMOVAL_CODE");
  setup.prompt = ask_person;
  setup.ask = [&link](const std::string& body) -> Result<std::string> {
    if (!link) return link.error();
    return (*link)->ask_removal(body);
  };
  const auto allowed = allow_removal(setup);
  return allowed ? 0 : fail(allowed.error());
}

int do_status(const std::filesystem::path& data) {
  const auto status = agent_status(data);
  if (!status) return fail(status.error());
  std::cout << *status << '\n';
  return 0;
}

}  // namespace
}  // namespace luy::agent

int main(int argc, char** argv) {
  using namespace luy::agent;
  keep_memory_small();
  CLI::App app("luy-agent: tells the hub what this machine is and what happens on it.");
  app.set_version_flag("--version", std::string(agent_version));
  app.require_subcommand(1);
  std::string data = "/var/lib/luy-agent";

  EnrolRequest request;
  CLI::App* enrol_command = app.add_subcommand("enrol", "Join a hub with a one-time token");
  enrol_command->add_option("--hub", request.hub, "Address of the hub: https://host:port")->required();
  enrol_command->add_option("--token", request.token, "One-time token from the administrator")->required();
  enrol_command
      ->add_option("--fingerprint", request.fingerprint, "SHA-256 of the hub's certificate authority, hexadecimal")
      ->required();
  enrol_command->add_option("--data", data, "Data folder")->capture_default_str();

  RunOptions run;
  std::uint64_t spool_mib = run.spool.bytes_max >> 20;
  int history_days = 30;
  CLI::App* run_command = app.add_subcommand("run", "Collect and send until stopped");
  run_command->add_option("--data", data, "Data folder")->capture_default_str();
  run_command->add_option("--spool-mib", spool_mib, "Most that is kept while the hub is away, MiB")
      ->check(CLI::Range(16, 1 << 20))
      ->capture_default_str();
  run_command->add_option("--logs", run.logs.folder, "Folder whose log files are read")->capture_default_str();
  run_command->add_option("--include", run.logs.filter.include, "Patterns of files to read, below the folder");
  run_command->add_option("--exclude", run.logs.filter.exclude, "Patterns of files not to read");
  run_command->add_option("--history-days", history_days, "At the first start, read files written to since then")
      ->check(CLI::Range(0, 3650))
      ->capture_default_str();

  bool no_journal = false;
  run_command->add_flag("--no-journal", no_journal, "Do not read the systemd journal");

  bool no_integrity = false;
  run_command->add_flag("--no-integrity", no_integrity, "Do not guard files");

  std::string kind;
  CLI::App* facts_command = app.add_subcommand("facts", "Collect facts once and print them, one JSON line each");
  facts_command->add_option("--kind", kind, "Only this kind, for example \"accounts\"");

  std::string code;
  bool offline = false;
  CLI::App* collect_command =
      app.add_subcommand("collect", "Look at a stand-alone machine and print a report for paper");
  collect_command->add_flag("--offline", offline, "Read only, write nothing, reach no network")->required();
  collect_command->add_option("--code", code, "Code that the hub issued for this look")->required();

  app.add_subcommand("scan", "")->group("");  // Of the agent's own; its job comes on standard input.
  run_command->add_option("--databases", run.databases,
                          "ClamAV's folder of databases; else the one in /etc/clamav/clamd.conf");
  run_command->add_option("--update-own", run.update_own,
                          "Where luy-agent-gate keeps what belongs to updates of luy-agent");
  run_command->add_option("--clamd", run.clamd, "Socket of clamd; else the one in /etc/clamav/clamd.conf");

  CLI::App* status_command = app.add_subcommand("status", "Show enrolment, connection and spool as JSON");
  status_command->add_option("--data", data, "Data folder")->capture_default_str();

  CLI::App* removal_command =
      app.add_subcommand("removal", "Ask whether this package may be removed; its script does so");
  removal_command->add_option("--data", data, "Data folder")->capture_default_str();

  CLI11_PARSE(app, argc, argv);
  if (app.got_subcommand("scan")) return scan_main();
  if (*enrol_command) {
    request.folder = data;
    return do_enrol(std::move(request));
  }
  if (*facts_command) return do_facts(kind);
  if (*collect_command) return do_offline(code);
  if (*removal_command) return do_removal(data);
  if (*status_command) return do_status(data);
  run.data = data;
  run.journal = !no_journal;
  run.integrity = !no_integrity;
  run.apt_program = helper("luy-agent-apt");
  run.check_program = helper("luy-agent-check");
  run.backup_program = helper("luy-agent-backup");
  run.spool.bytes_max = spool_mib << 20;
  run.logs.history = std::chrono::hours(24) * history_days;
  const auto result = run_agent(run);
  return result ? 0 : fail(result.error());
}
