#include "agent/linux/run_agent.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <memory>

#include "agent/agent.h"
#include "agent/linux/backup_key.h"
#include "agent/linux/backup_source.h"
#include "agent/linux/collectors.h"
#include "agent/linux/device_key.h"
#include "agent/linux/folder_disk.h"
#include "agent/linux/install_hook.h"
#include "agent/linux/integrity.h"
#include "agent/linux/journal.h"
#include "agent/linux/linux_kernel.h"
#include "agent/linux/linux_orders.h"
#include "agent/linux/quarantine.h"
#include "agent/linux/release_keeper.h"
#include "agent/linux/run_mark.h"
#include "agent/linux/scan_source.h"
#include "agent/linux/self_meter.h"
#include "agent/linux/signature_install.h"
#include "agent/linux/signature_keeper.h"
#include "agent/linux/software_source.h"
#include "agent/linux/text.h"
#include "agent/linux/tls_link.h"
#include "agent/note.h"
#include "agent/workers.h"
#include "base/encoding.h"
#include "base/hash.h"
#include "base/json.h"
#include "base/log.h"

namespace luy::agent {
namespace {

constexpr Duration status_period = std::chrono::seconds(10);
constexpr std::size_t secret_bytes = 32;
constexpr std::size_t budget_bytes_max = 4096;

Result<UniqueFd> lock_folder(const std::filesystem::path& data) {
  const std::string path = (data / "lock").string();
  UniqueFd fd(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (!fd) return file_error(path, errno);
  if (::flock(fd.get(), LOCK_EX | LOCK_NB) == 0) return fd;
  if (errno == EWOULDBLOCK) return Error(already_running, data.string());
  return file_error(path, errno);
}

// SIGTERM and SIGINT as a descriptor; blocked for all threads made later.
Result<UniqueFd> stop_signals() {
  sigset_t signals;
  ::sigemptyset(&signals);
  ::sigaddset(&signals, SIGTERM);
  ::sigaddset(&signals, SIGINT);
  ::pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  ::signal(SIGPIPE, SIG_IGN);
  UniqueFd fd(::signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK));
  if (!fd) return file_error("signalfd", errno);
  return fd;
}

constexpr const char* status_name = "status.json";
constexpr const char* budget_name = "budget";

// Not durable and not synced: it says how things are now, and is written anew all the time.
void write_present(const std::filesystem::path& data, const char* name, const std::string& text) {
  const std::string path = (data / name).string();
  const std::string temporary = path + ".new";
  {
    const UniqueFd fd(::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
    if (!fd || ::write(fd.get(), text.data(), text.size()) != static_cast<ssize_t>(text.size())) return;
  }
  ::rename(temporary.c_str(), path.c_str());
}

std::string own_program() {
  std::error_code error;
  const auto self = std::filesystem::read_symlink("/proc/self/exe", error);
  return error ? "/usr/bin/luy-agent" : self.string();
}

// Of the file that runs; empty where it cannot be read.
std::string program_digest() {
  const UniqueFd fd(::open("/proc/self/exe", O_RDONLY | O_CLOEXEC));
  if (!fd) return {};
  const auto digest = digest_of(fd.get(), own_program());
  return digest ? *digest : std::string();
}

std::string boot_id() {
  const auto text = read_file("/proc/sys/kernel/random/boot_id", 64);
  const auto fields = text ? words(*text) : std::vector<std::string_view>{};
  return fields.empty() ? std::string() : std::string(fields[0]);
}

// Time asleep included.
Duration since_boot() {
  timespec time{};
  ::clock_gettime(CLOCK_BOOTTIME, &time);
  return std::chrono::seconds(time.tv_sec) +
         std::chrono::duration_cast<Duration>(std::chrono::nanoseconds(time.tv_nsec));
}

// Whether the machine is going down, by systemd; false where it is not there to be asked.
bool machine_stops(Kernel& kernel) {
  const auto said = kernel.run({"systemctl", "show", "--property=SystemState"}, {std::chrono::seconds(3), 256, 0});
  return said && said->find("stopping") != std::string::npos;
}

class Loop {
 public:
  Loop(Agent& agent, std::vector<Source*> sources, const Clock& clock, const std::filesystem::path& data)
      : agent_(agent), sources_(std::move(sources)), clock_(clock), data_(data) {}

  Result<void> run(int stop_fd, int wake_fd) {
    bool awake = true;
    for (;;) {
      LUY_TRY(const Next next, agent_.step(awake));
      tell_status();
      std::vector<pollfd> fds{{stop_fd, POLLIN, 0}, {wake_fd, POLLIN, 0}};
      for (const Source* source : sources_) {
        if (next.watch_sources && source->wake_fd() >= 0) fds.push_back({source->wake_fd(), POLLIN, 0});
      }
      const auto millis = std::chrono::ceil<std::chrono::milliseconds>(next.wait).count();
      const int ready = ::poll(fds.data(), fds.size(), static_cast<int>(millis));
      if (ready < 0 && errno != EINTR) return file_error("poll", errno);
      if (ready > 0 && fds[0].revents != 0) return {};
      drain(wake_fd);
      awake = false;
      for (std::size_t i = 2; i < fds.size(); ++i) awake = awake || fds[i].revents != 0;
    }
  }

 private:
  static void drain(int fd) {
    std::uint64_t count = 0;
    [[maybe_unused]] const ssize_t n = ::read(fd, &count, sizeof count);
  }

  void tell_status() {
    if (clock_.monotonic() < next_status_) return;
    next_status_ = clock_.monotonic() + status_period;
    write_present(data_, status_name, agent_.status());
    write_present(data_, budget_name, agent_.budget());
  }

  Agent& agent_;
  const std::vector<Source*> sources_;
  const Clock& clock_;
  const std::filesystem::path& data_;
  Duration next_status_{0};
};

}  // namespace

Result<std::string> device_secret(const std::filesystem::path& data) {
  const std::filesystem::path path = data / "secret";
  auto secret = read_file(path, 4096);
  if (secret && secret->size() == secret_bytes) return secret;
  if (!secret && !secret.error().is(file_not_found)) return secret.error();
  std::string fresh(secret_bytes, '\0');
  SystemRandom().fill(std::span(reinterpret_cast<std::uint8_t*>(fresh.data()), fresh.size()));
  LUY_TRY_VOID(write_file_durably(path, fresh, 0600));
  return fresh;
}

Result<IntegrityPolicy> integrity_policy(const std::filesystem::path& data) {
  const auto own = read_file(data / "integrity.conf", integrity_policy_bytes_max);
  if (own) return parse_integrity_policy(*own);
  if (!own.error().is(file_not_found)) return own.error();
  return parse_integrity_policy(builtin_integrity_policy());
}

Result<void> run_agent(const RunOptions& options) {
  const SystemClock clock;
  SystemRandom random;
  LUY_TRY(const auto link, TlsLink::open(options.data, clock));
  LUY_TRY(const UniqueFd lock, lock_folder(options.data));
  LUY_TRY(const UniqueFd stop_fd, stop_signals());
  const UniqueFd wake_fd(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  if (!wake_fd) return file_error("eventfd", errno);

  LUY_TRY(const auto spool_disk, FolderDisk::open_folder(options.data / "spool"));
  LUY_TRY(const auto rejected_disk, FolderDisk::open_folder(options.data / "rejected"));
  LUY_TRY(const auto spool, Spool::open(*spool_disk, options.spool, random));
  const Positions& known = spool->positions();
  const bool first_start =
      std::none_of(known.begin(), known.end(), [](const auto& entry) { return entry.first.starts_with("file/"); });
  LUY_TRY_VOID(spool->belong_to(link->hub_key()));
  Courier courier(*spool, *rejected_disk, clock, random);

  PolicyKeeper keeper({options.data / "policy", clock, link->enrolment().device_id, verify_ed25519,
                       [&link](const std::string& offered) { return link->pin_orders_key(offered); },
                       [&link](std::int64_t held) { return link->ask_policy(held); }});
  LUY_TRY_VOID(spool->put(keeper.restore(from_base64(link->enrolment().orders_key).value_or(std::string()),
                                         spool->position(PolicyKeeper::position_key(link->enrolment().device_id)))));

  SoftwareKeeper software({software_folder(options.data) / "list", clock, link->enrolment().device_id, verify_ed25519,
                           [&link](const std::string& offered) { return link->pin_orders_key(offered); },
                           [&link](const std::string& held) { return link->ask_software(held); }});
  LUY_TRY_VOID(spool->put(software.restore(from_base64(link->enrolment().orders_key).value_or(std::string()))));

  const std::filesystem::path databases =
      options.databases.empty() ? database_folder(options.root) : std::filesystem::path(options.databases);
  SignatureKeeper signatures(
      {options.data, clock,
       [&link](const std::string& sha256, std::int64_t offset) { return link->ask_signatures(sha256, offset); },
       [&options, &databases, &clock] { return freshclam_serves(options.root, databases, clock.now()); }},
      spool->position(std::string(SignatureKeeper::position_key)));

  ReleaseKeeper releases(
      {options.data, options.update_own, clock, std::string(agent_version), package_architecture(), verify_ed25519,
       [&link](const std::string& version, const std::string& architecture) {
         return link->ask_release(version, architecture);
       },
       [&link](const std::string& sha256, std::int64_t offset) { return link->ask_release_piece(sha256, offset); }},
      spool->position(std::string(ReleaseKeeper::position_key)));

  LinuxKernel kernel;
  Machine machine{options.root, kernel, clock, {}, options.apt_program, options.clamd};
  machine.check_program = options.check_program;
  machine.databases = options.databases;
  machine.own_signs = {(signature_folder(options.data) / "state").string(), ScanSource::sign_of(options.data).string(),
                       ScanSource::quarantine_of(options.data).string()};
  machine.gate_signs = {SoftwareSource::sign_of(options.data).string()};
  machine.backups_sign = BackupSource::sign_of(options.data).string();
  BackupSource* backups_source = nullptr;  // Made below, before anything is collected.
  machine.backups = [&backups_source] { return backups_source->state(); };
  LUY_TRY(machine.secret, device_secret(options.data));
  FactRound facts(linux_collectors(machine), clock);

  LogFiles files(options.logs, spool->positions(), first_start, clock);
  Journal journal({options.root, options.logs.history}, spool->position(Journal::position_key), clock);
  ScanSource scan({[&keeper] { return keeper.current(); },
                   options.data,
                   options.root,
                   {own_program(), "scan"},
                   options.clamd.empty() ? clamd_socket(options.root) : options.clamd,
                   clock,
                   random},
                  spool->position(std::string(ScanSource::position_key)));
  Quarantine quarantine(ScanSource::quarantine_of(options.data), options.root, clock, random);
  machine.add_own = [&scan, &quarantine](fact::Antivirus& body) { add_own_scan(scan.state(), quarantine, body); };
  SoftwareSource gates(
      {[&keeper] { return keeper.current(); }, [&software] { return software.current(); }, options.data, clock});
  machine.software_gate = [&gates] { return gates.state(); };
  machine.removable = [&gates] { return gates.removable(); };
  BackupRequests requests(BackupSource::folder_of(options.data) / "requests");
  BackupSource backups({[&keeper] { return keeper.current(); },
                        options.data,
                        options.root,
                        {options.backup_program},
                        options.restic,
                        link->enrolment().device_id,
                        requests,
                        clock,
                        random});
  backups_source = &backups;
  std::vector<Source*> sources{&files, &scan, &gates, &backups};
  if (options.journal) sources.push_back(&journal);
  std::unique_ptr<Integrity> integrity;
  if (options.integrity) {
    LUY_TRY(IntegrityPolicy policy, integrity_policy(options.data));
    integrity = std::make_unique<Integrity>(machine, std::move(policy), options.data / "integrity.state");
    sources.push_back(integrity.get());
  }

  const std::string digest = program_digest();
  RunMark mark(options.data, {std::string(agent_version), digest, boot_id()});
  LUY_TRY(std::vector<Item> started, mark.begin(clock.now()));
  started.push_back(make_note("agent_started", clock.now(),
                              {{"version", std::string(agent_version)},
                               {"first_start", static_cast<std::int64_t>(first_start)},
                               {"spool_bytes", static_cast<std::int64_t>(spool->bytes())}}));
  LUY_TRY_VOID(spool->put(std::move(started)));

  const std::string hub_host = link->url().host;
  Containment containment({options.data / "containment", find_nft(), link->url().port,
                           [hub_host] { return addresses_of(hub_host); }, hub_host, clock});
  if (const auto restored = containment.restore(); !restored) {
    log(LogLevel::error, "agent", "containment: " + restored.error().text());
  }
  LinuxOrders acts({containment, machine, quarantine, requests, [&keeper, &link, &options] {
                      keep_backup_key(BackupSource::key_of(options.data), keeper.current().get(),
                                      [&link] { return link->ask_backup_key(); });
                    }});
  OrderTaker taker({acts, clock, link->enrolment().device_id, verify_ed25519,
                    [&link](const std::string& offered) { return link->pin_orders_key(offered); }});

  LinuxSelfMeter meter([&scan, &backups] { return scan.child_time() + backups.child_time(); });
  const auto wake = [&wake_fd] {
    const std::uint64_t one = 1;
    [[maybe_unused]] const ssize_t n = ::write(wake_fd.get(), &one, sizeof one);
  };
  const auto fetch = [&keeper, &signatures, &releases] {
    const auto policy = keeper.current();
    std::vector<Item> items = signatures.follow(policy && policy->antivirus ? &*policy->antivirus : nullptr);
    for (Item& item : releases.follow()) items.push_back(std::move(item));
    return items;
  };
  Workers workers({*link, meter, &taker, &keeper, &software, fetch, wake, lower_thread_priority,
                   [&kernel] { kernel.interrupt(); }});
  const auto budget = read_file(options.data / budget_name, budget_bytes_max);
  Agent agent({*spool, courier, facts, workers, sources, clock, budget ? *budget : std::string(),
               link->enrolment().device_id, since_boot, digest});
  log(LogLevel::info, "agent", "started; hub " + link->enrolment().agent_url);
  Loop loop(agent, sources, clock, options.data);
  auto result = loop.run(stop_fd.get(), wake_fd.get());
  if (result) result = agent.stop(machine_stops(kernel));
  if (result) result = mark.end();
  kernel.interrupt();
  log(LogLevel::info, "agent", result ? "stopped" : "stopped: " + result.error().text());
  return result;
}

Result<std::string> agent_status(const std::filesystem::path& data) {
  LUY_TRY(const Enrolment enrolment, load_enrolment(data));
  LUY_TRY(const Certificate certificate, read_certificate(enrolment.certificate));
  const auto lock = lock_folder(data);
  const bool running = !lock && lock.error().is(already_running);
  std::string json = "{\"device_id\":";
  append_json_text(json, enrolment.device_id);
  json += ",\"hub\":";
  append_json_text(json, enrolment.agent_url);
  json += ",\"certificate_until\":\"" + to_rfc3339(not_after(certificate.get())) + '"';
  json += std::string(",\"running\":") + (running ? "true" : "false") + ",\"last\":";
  const auto last = read_file(data / status_name, 64 << 10);
  json += last ? *last : "null\n";
  if (json.back() == '\n') json.pop_back();
  return json + "}";
}

}  // namespace luy::agent
