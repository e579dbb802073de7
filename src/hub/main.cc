// luy-hub: the server. `setup` prepares a data folder, `serve` runs it until SIGTERM or SIGINT.
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <iostream>

#include "base/log.h"
#include "base/random.h"
#include "hub/accept_loss.h"
#include "hub/hub.h"
#include "hub/hub_api.h"
#include "hub/setup.h"
#include "signer/signer_process.h"
#include "watch/judge.h"

namespace {

using luy::Error;
using luy::ErrorClass;

// Exit codes of both commands (docs/format/admin.md).
constexpr int exit_usage = 2;
constexpr int exit_configuration = 3;  // A file given by the administrator is wrong: pack, contract, calendar.
constexpr int exit_surroundings = 4;   // Port, disk, permissions, another process.
constexpr int exit_damaged = 5;        // Stored data fails its own checks.

int exit_code_of(const Error& error) {
  switch (error.error_class()) {
    case ErrorClass::invalid:
    case ErrorClass::too_large:
      return exit_configuration;
    case ErrorClass::corrupt:
      return exit_damaged;
    default:
      return exit_surroundings;
  }
}

int fail(const Error& error) {
  std::cerr << "luy-hub: " << error.vi() << "\nluy-hub: " << error.en() << "  [" << error.name() << "]\n";
  return exit_code_of(error);
}

int setup(const luy::hub::SetupOptions& options, bool json) {
  luy::SystemClock clock;
  luy::SystemRandom random;
  const auto result = luy::hub::set_up(options, clock, random);
  if (!result) return fail(result.error());
  std::cout << (json ? luy::hub::to_json(*result) : luy::hub::to_text(*result));
  return 0;
}

// Of a command that answers with something to_text() knows.
template <class Command>
int print(const Command& command) {
  luy::SystemClock clock;
  luy::SystemRandom random;
  const auto result = command(clock, random);
  if (!result) return fail(result.error());
  std::cout << luy::hub::to_text(*result);
  return 0;
}

int serve(luy::hub::HubOptions options) {
  options.signer_program = luy::signer::signer_program();
  // Blocked before any thread is made, so that only sigwait() below receives them.
  sigset_t ends;
  sigemptyset(&ends);
  sigaddset(&ends, SIGTERM);
  sigaddset(&ends, SIGINT);
  pthread_sigmask(SIG_BLOCK, &ends, nullptr);
  ::umask(0077);
  // Keys are in memory: no core files.
  const rlimit none{0, 0};
  ::setrlimit(RLIMIT_CORE, &none);
  luy::SystemClock clock;
  luy::SystemRandom random;
  auto hub = luy::hub::Hub::start(options, clock, random);
  if (!hub) return fail(hub.error());
  luy::log(luy::LogLevel::info, "hub",
           "console " + (*hub)->console_url() + ", agents " + (*hub)->agent_url() + ", administration " +
               (*hub)->admin_url());
  int signal = 0;
  sigwait(&ends, &signal);
  luy::log(luy::LogLevel::info, "hub", "stopping");
  (*hub)->stop();
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Lũy hub: máy chủ giám sát thực hiện quy chế / the server");
  app.set_version_flag("--version", std::string(luy::hub::version()));
  app.require_subcommand(1);

  luy::hub::SetupOptions setup_options;
  bool json = false;
  CLI::App* const setup_command = app.add_subcommand("setup", "Khởi tạo thư mục dữ liệu / prepare a data folder");
  setup_command->add_option("--data", setup_options.data, "Data folder")->required();
  setup_command->add_option("--agency-code", setup_options.agency_code, "Code of the first agency")->required();
  setup_command->add_option("--agency-name", setup_options.agency_name, "Name of the first agency")->required();
  setup_command->add_option("--admin-username", setup_options.username, "First administrator")->required();
  setup_command->add_option("--admin-name", setup_options.person_name, "The administrator's own name");
  setup_command->add_flag("--json", json, "Print one JSON object");

  luy::hub::HubOptions options;
  CLI::App* const serve_command = app.add_subcommand("serve", "Chạy máy chủ / run the server");
  serve_command->add_option("--data", options.data, "Data folder")->required();
  serve_command->add_option("--listen", options.listen, "Address of the console and agent ports")
      ->capture_default_str();
  serve_command->add_option("--port", options.port, "Console port; 0 = any")->capture_default_str();
  serve_command->add_option("--agent-port", options.agent_port, "Agent port; 0 = any")->capture_default_str();
  serve_command->add_option("--admin-port", options.admin_port, "Administration port, loopback; 0 = any")
      ->capture_default_str();
  serve_command
      ->add_option("--inputs-listen", options.inputs_listen, "Address of the ports for senders without an agent")
      ->capture_default_str();
  serve_command->add_option("--inputs-port", options.inputs_port,
                            "Port for HTTP senders (Elasticsearch bulk, OTLP): 9200; off");
  serve_command->add_option("--syslog-udp", options.syslog_udp, "Port for syslog datagrams (RFC 5426: 514); off");
  serve_command->add_option("--syslog-tcp", options.syslog_tcp, "Port for syslog streams (RFC 6587: 601); off");
  serve_command->add_option("--syslog-tls", options.syslog_tls, "Port for syslog under TLS (RFC 5425: 6514); off");
  serve_command->add_option("--syslog-rate", options.syslog_rate, "Messages a second of one sender, at least 1")
      ->capture_default_str()
      ->check(CLI::Range(std::uint64_t{1}, std::uint64_t{1'000'000}));
  serve_command->add_option("--pack", options.pack, "Folder of the regulation pack")->required();
  serve_command->add_option("--openapi", options.openapi, "api/openapi.yaml")->required();
  serve_command->add_option("--rules", options.rules, "Folder of the detection rules that come with the hub");
  serve_command->add_option("--console", options.console, "Folder of the built console");
  serve_command->add_option("--holidays", options.holidays, "File of holidays, one day per line");
  serve_command->add_option("--name", options.names, "DNS name of this server; may be given again");
  serve_command->add_option("--retention-days", options.retention_days, "Days the evidence is kept, at least 30")
      ->capture_default_str();
  serve_command
      ->add_option("--rule-run-cpu", options.rule_run_cpu_percent,
                   "Percent of one processor for runs of rules over kept evidence")
      ->capture_default_str()
      ->check(CLI::Range(1, 100));
  serve_command->add_flag("--check-responses", options.check_responses, "Log answers that break the API contract");

  serve_command->add_flag("--probe-loopback", options.probe_loopback,
                          "For tests: watched services may be on this machine");
  serve_command
      ->add_option("--watch-pace", options.watch_pace,
                   "For tests: services are looked at and learnt so many times as fast")
      ->check(CLI::Range(1, luy::watch::pace_max));

  luy::hub::ResetPassword reset;
  CLI::App* const reset_command = app.add_subcommand(
      "reset-password", "Cấp lại mật khẩu một lần / issue a new one-time password; stop the hub first");
  reset_command->add_option("--data", reset.data, "Data folder")->required();
  reset_command->add_option("--username", reset.username, "Whose")->required();
  reset_command->add_flag("--enable", reset.enable, "Also unlock the account if it is disabled");
  reset_command->add_flag("--remove-factors", reset.factors, "Also take away its app, passkeys and recovery codes");

  std::filesystem::path lost_data;
  std::string reason;
  CLI::App* const loss_command = app.add_subcommand(
      "accept-loss", "Ghi nhận việc mất chứng cứ rồi chạy tiếp / go on after evidence was lost, on record");
  loss_command->add_option("--data", lost_data, "Data folder")->required();
  loss_command->add_option("--reason", reason, "What happened and who decided")->required();

  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : exit_usage;
  }
  if (reset_command->parsed()) {
    return print([&](auto& clock, auto& random) { return luy::hub::reset_password(reset, clock, random); });
  }
  if (loss_command->parsed()) {
    return print([&](auto& clock, auto& random) { return luy::hub::accept_loss(lost_data, reason, clock, random); });
  }
  return setup_command->parsed() ? setup(setup_options, json) : serve(options);
}
