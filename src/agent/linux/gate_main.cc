// luy-agent-gate: the gates before packages and programs. `run` is a service of its own; apt and dpkg run the others.
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <iostream>
#include <iterator>

#include "agent/agent.h"
#include "agent/linux/gate_service.h"
#include "agent/linux/install_hook.h"
#include "agent/linux/signature_install.h"

namespace luy::agent {
namespace {

std::string own_program() {
  std::error_code error;
  const auto self = std::filesystem::read_symlink("/proc/self/exe", error);
  return error ? "/usr/lib/luy/luy-agent-gate" : self.string();
}

struct Antivirus {
  std::string clamd;  // Empty, as the next: where clamd.conf says.
  std::string databases;
};

int install(const std::filesystem::path& data, const std::filesystem::path& root, const Antivirus& antivirus) {
  const SystemClock clock;
  // Nothing is lost when it is ended by the service that started it and is gone.
  ::prctl(PR_SET_PDEATHSIG, SIGTERM);
  SignatureInstall setup{
      data, antivirus.databases.empty() ? database_folder(root) : std::filesystem::path(antivirus.databases),
      antivirus.clamd.empty() ? clamd_socket(root) : antivirus.clamd, clock, [] { ::poll(nullptr, 0, 500); }};
  const auto done = install_signatures(setup);
  if (!done) {
    std::cerr << "luy-agent-gate: " << done.error().vi() << "\nluy-agent-gate: " << done.error().en() << '\n';
    return 1;
  }
  std::cerr << "luy-agent-gate: signatures " << done->result << (done->why.empty() ? "" : ": ") << done->why << '\n';
  return done->result == "installed" ? 0 : 1;
}

int run(const std::filesystem::path& data, const std::filesystem::path& root, std::vector<std::string> marks,
        const Antivirus& antivirus) {
  const SystemClock clock;
  sigset_t signals;
  ::sigemptyset(&signals);
  ::sigaddset(&signals, SIGTERM);
  ::sigaddset(&signals, SIGINT);
  ::pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  const UniqueFd stop(::signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK));
  if (!stop) return 1;
  if (marks.empty()) marks = gated_mounts();
  GateService service({data, root, own_program(), std::move(marks), clock, antivirus.clamd, antivirus.databases});
  const auto millis = std::chrono::duration_cast<std::chrono::milliseconds>(GateService::step_period).count();
  for (;;) {
    service.step();
    pollfd wanted{stop.get(), POLLIN, 0};
    if (::poll(&wanted, 1, static_cast<int>(millis)) > 0) break;
  }
  service.stop();
  return 0;
}

}  // namespace
}  // namespace luy::agent

int main(int argc, char** argv) {
  using namespace luy::agent;
  CLI::App app("luy-agent-gate: refuses software that nobody approved.");
  app.set_version_flag("--version", std::string(agent_version));
  app.require_subcommand(1);
  std::string data = "/var/lib/luy-agent";
  std::string root = "/";
  std::vector<std::string> marks;
  app.add_option("--data", data, "The agent's data folder")->capture_default_str();
  app.add_option("--root", root, "Where the machine's files are")->capture_default_str();
  app.fallthrough();
  CLI::App* apt = app.add_subcommand("apt", "Judge what apt is about to unpack; apt writes it to standard input");
  CLI::App* dpkg = app.add_subcommand("dpkg", "Judge what dpkg is about to unpack");
  CLI::App* service = app.add_subcommand("run", "Keep the gates as the agent hands them over");
  service->add_option("--mark", marks, "A path on each file system whose programs are gated; else all local ones");
  Antivirus antivirus;
  CLI::App* signatures = app.add_subcommand("signatures", "Install the signature databases that the agent fetched");
  app.add_option("--clamd", antivirus.clamd, "Socket of clamd; else the one in /etc/clamav/clamd.conf");
  app.add_option("--databases", antivirus.databases,
                 "ClamAV's folder of databases; else the one in /etc/clamav/clamd.conf");
  CLI11_PARSE(app, argc, argv);
  const luy::SystemClock clock;
  if (*apt) {
    const std::string input{std::istreambuf_iterator<char>(std::cin), std::istreambuf_iterator<char>()};
    return apt_hook({data, root, clock}, input);
  }
  if (*dpkg) return dpkg_hook({data, root, clock}, ::getppid());
  if (*signatures) return install(data, root, antivirus);
  return run(data, root, marks, antivirus);
}
