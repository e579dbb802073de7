#include "agent/linux/gate_service.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>

#include "agent/linux/child.h"
#include "agent/linux/install_hook.h"
#include "agent/linux/signature_install.h"
#include "agent/linux/text.h"
#include "agent/linux/update.h"
#include "base/log.h"

namespace luy::agent {
namespace {

namespace fs = std::filesystem;
using device_policy::ExecuteGate;
using device_policy::InstallGate;

constexpr Duration fapolicyd_period = std::chrono::seconds(30);
constexpr Duration starter_time = std::chrono::seconds(10);

}  // namespace

GateService::~GateService() {
  if (installer_ > 0) ::kill(installer_, SIGTERM);
}

GateService::GateService(Setup setup)
    : setup_(std::move(setup)),
      execution_({setup_.data, setup_.root, setup_.marks, setup_.clock}),
      removable_(setup_.root, setup_.clock) {
  const auto before = read_file(software_folder(setup_.data) / "state", gate_state_bytes_max);
  if (!before) return;
  if (const auto state = read_gate_state(*before)) removable_.remember(state->media);
}

// What is missing or damaged leaves everything as it was: the agent writes it anew.
void GateService::read_wanted() {
  const auto text = read_file(software_folder(setup_.data) / "wanted", gate_wanted_bytes_max);
  if (!text || *text == wanted_text_) return;
  const auto read = read_gate_wanted(*text);
  if (!read) return;
  wanted_ = read->section;
  wanted_text_ = *text;
}

// Two programs that both answer the kernel double every wait, and each may refuse what the other allows.
bool GateService::fapolicyd_runs() const {
  std::error_code error;
  for (fs::directory_iterator at(setup_.root / "proc", error), end; !error && at != end; at.increment(error)) {
    if (!number(at->path().filename().string())) continue;
    const auto name = read_file(at->path() / "comm", 64);
    if (name && trim(*name) == "fapolicyd") return true;
  }
  return false;
}

// clamd may take minutes, for which the gates cannot wait: a process of its own.
void GateService::follow_signatures() {
  const Duration now = setup_.clock.monotonic();
  if (installer_ > 0) {
    int status = 0;
    if (::waitpid(installer_, &status, WNOHANG) == 0) return;
    installer_ = -1;
    signatures_at_ = now + signature_pause;
  }
  if (now < signatures_at_) return;
  signatures_at_ = now + signature_period;
  if (!signatures_wait(setup_.data)) return;
  const UniqueFd nothing(::open("/dev/null", O_RDWR | O_CLOEXEC));
  if (!nothing) return;
  std::vector<std::string> command{setup_.program, "signatures", "--data",     setup_.data,   "--root",
                                   setup_.root,    "--clamd",    setup_.clamd, "--databases", setup_.databases};
  const auto started = spawn_child(command, nothing.get(), STDERR_FILENO, false);
  if (started) installer_ = *started;
  if (!started) log(LogLevel::error, "gate", "signatures: " + started.error().text());
}

// An update that is under way is found so each time, too; one that runs is not started twice.
void GateService::follow_release() {
  const Duration now = setup_.clock.monotonic();
  if (now < release_at_) return;
  release_at_ = now + release_period;
  if (setup_.updater.empty() || !update_waits(setup_.data, setup_.update_own)) return;
  release_at_ = now + release_pause;
  const auto started = run_with_input(setup_.updater, {}, starter_time);
  if (started && started->status == 0) return;
  log(LogLevel::error, "gate", "update: " + (started ? started->output : started.error().text()));
}

void GateService::step() {
  follow_signatures();
  follow_release();
  read_wanted();
  const std::string program = wanted_.install == InstallGate::off ? std::string() : setup_.program;
  if (!hooks_stand(setup_.root, program, setup_.data)) {
    const auto done = install_hooks(setup_.root, program, setup_.data);
    if (!done && hook_trouble_.empty()) log(LogLevel::error, "gate", done.error().text());
    hook_trouble_ = done ? std::string() : std::string(done.error().name());
  }
  const Duration now = setup_.clock.monotonic();
  if (wanted_.execute != ExecuteGate::off && now >= look_at_) {
    fapolicyd_ = fapolicyd_runs();
    look_at_ = now + fapolicyd_period;
  }
  device_policy::Software section = wanted_;
  if (fapolicyd_) section.execute = ExecuteGate::off;
  execution_.step(section);
  removable_.step(wanted_);
  tell();
}

void GateService::stop() {
  execution_.stop();
  device_policy::Software open = wanted_;
  open.removable = device_policy::RemovableGate::off;
  removable_.step(open);
  if (installer_ <= 0) return;
  // What it had begun, the next one undoes.
  ::kill(installer_, SIGTERM);
  int status = 0;
  while (::waitpid(installer_, &status, 0) < 0 && errno == EINTR) {
  }
  installer_ = -1;
}

void GateService::tell() {
  GateState state;
  state.install = hook_trouble_.empty() ? name_of(wanted_.install) : "failed";
  state.execute = execution_.state();
  if (fapolicyd_ && wanted_.execute != ExecuteGate::off) state.execute = "fapolicyd";
  state.because = hook_trouble_.empty() ? execution_.because() : hook_trouble_;
  state.trusted = execution_.trusted();
  state.media = removable_.seen();
  const std::string content = to_text(state);
  const Duration now = setup_.clock.monotonic();
  if (content == told_ && now - told_at_ < tell_period) return;
  told_ = content;
  told_at_ = now;
  state.at = setup_.clock.now();
  // Not durable: it says how things are now.
  const std::string path = (software_folder(setup_.data) / "state").string();
  const std::string fresh = path + ".new";
  const std::string text = to_text(state);
  {
    const UniqueFd fd(::open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (!fd || ::write(fd.get(), text.data(), text.size()) != static_cast<ssize_t>(text.size())) return;
  }
  ::rename(fresh.c_str(), path.c_str());
}

}  // namespace luy::agent
