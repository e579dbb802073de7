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
#include "agent/linux/linux_orders.h"
#include "agent/linux/signature_install.h"
#include "agent/linux/update.h"
#include "base/encoding.h"

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

UniqueFd stop_signals() {
  sigset_t signals;
  ::sigemptyset(&signals);
  ::sigaddset(&signals, SIGTERM);
  ::sigaddset(&signals, SIGINT);
  ::pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  return UniqueFd(::signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK));
}

bool stopped_within(int stop, int millis) {
  pollfd wanted{stop, POLLIN, 0};
  return ::poll(&wanted, 1, millis) > 0;
}

struct Update {
  std::string own{update_folder};
  std::vector<std::string> dpkg;
  std::vector<std::string> starter;  // Of `run`.
};

int update(const std::filesystem::path& data, const std::filesystem::path& root, const Update& options) {
  const SystemClock clock;
  const UniqueFd stop = stop_signals();
  if (!stop) return 1;
  constexpr int look_millis = 1000;
  UpdateSetup setup{data,         options.own,    {root, options.dpkg},
                    clock,        verify_ed25519, [&stop] { return !stopped_within(stop.get(), look_millis); },
                    own_program()};
  const auto done = update_agent(setup);
  if (!done) {
    std::cerr << "luy-agent-gate: " << done.error().vi() << "\nluy-agent-gate: " << done.error().en() << '\n';
    return 1;
  }
  if (*done) std::cerr << "luy-agent-gate: " << (*done)->to << ' ' << (*done)->result << ' ' << (*done)->why << '\n';
  return 0;
}

int run(const std::filesystem::path& data, const std::filesystem::path& root, std::vector<std::string> marks,
        const Antivirus& antivirus, const Update& update) {
  const SystemClock clock;
  const UniqueFd stop = stop_signals();
  if (!stop) return 1;
  if (marks.empty()) marks = gated_mounts();
  GateService::Setup setup{data, root, own_program(), std::move(marks), clock, antivirus.clamd, antivirus.databases};
  if (!update.starter.empty()) setup.updater = update.starter;
  setup.update_own = update.own;
  GateService service(std::move(setup));
  const auto millis = std::chrono::duration_cast<std::chrono::milliseconds>(GateService::step_period).count();
  for (;;) {
    service.step();
    if (stopped_within(stop.get(), static_cast<int>(millis))) break;
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
  Update release;
  CLI::App* updating = app.add_subcommand("update", "Install the release of luy-agent that the agent fetched");
  app.add_option("--own", release.own, "Where an update keeps its key, its journal and the package to go back to")
      ->capture_default_str();
  app.add_option("--dpkg-option", release.dpkg, "Given to dpkg as it is");
  service->add_option("--updater", release.starter, "Starts an update; else systemctl is asked to");
  CLI::App* key = app.add_subcommand("key", "Print the release key that this machine has pinned, in base 64");
  CLI11_PARSE(app, argc, argv);
  const luy::SystemClock clock;
  if (*apt) {
    const std::string input{std::istreambuf_iterator<char>(std::cin), std::istreambuf_iterator<char>()};
    return apt_hook({data, root, clock}, input);
  }
  if (*dpkg) return dpkg_hook({data, root, clock}, ::getppid());
  if (*signatures) return install(data, root, antivirus);
  if (*key) {
    const std::string pinned = pinned_release_key(release.own);
    std::cout << luy::to_base64(pinned) << '\n';
    return pinned.empty() ? 1 : 0;
  }
  if (*updating) return update(data, root, release);
  return run(data, root, marks, antivirus, release);
}
