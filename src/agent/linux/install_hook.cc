#include "agent/linux/install_hook.h"

#include <fcntl.h>
#include <pwd.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <iostream>
#include <map>

#include "agent/linux/child.h"
#include "agent/linux/dpkg.h"
#include "agent/linux/text.h"
#include "agent/linux/update_files.h"
#include "base/file.h"

namespace luy::agent {
namespace {

namespace fs = std::filesystem;
using device_policy::InstallGate;

constexpr std::size_t gate_bytes_max = device_policy::list_bytes_max + 4096;
constexpr std::size_t status_bytes_max = 64 << 20;
constexpr std::size_t command_bytes_max = 4 << 20;
constexpr off_t met_bytes_max = 1 << 20;  // What the agent does not fetch for so long is a machine that it left.
constexpr Duration control_time = std::chrono::seconds(20);
constexpr const char* apt_file = "etc/apt/apt.conf.d/90luy-agent";
constexpr const char* dpkg_file = "etc/dpkg/dpkg.cfg.d/90luy-agent";
constexpr int parents_max = 16;

std::string name_of_user(long uid) {
  if (const passwd* entry = ::getpwuid(static_cast<uid_t>(uid)); entry != nullptr) return entry->pw_name;
  return std::to_string(uid);
}

// Who sits at the keyboard, as far as the kernel or sudo remembers; root is nobody in particular.
std::string user_at_work() {
  if (const auto text = read_file("/proc/self/loginuid", 64)) {
    const auto uid = number(trim(*text));
    if (uid && *uid != 4294967295LL) return name_of_user(static_cast<long>(*uid));
  }
  if (const char* user = std::getenv("SUDO_USER"); user != nullptr && *user != '\0') return user;
  if (const char* uid = std::getenv("PKEXEC_UID"); uid != nullptr) {
    if (const auto known = number(uid)) return name_of_user(static_cast<long>(*known));
  }
  return name_of_user(static_cast<long>(::getuid()));
}

// For the agent, which fetches the file. What cannot be written is not worth stopping for.
void append(const HookSetup& setup, const std::string& text) {
  const std::string path = (software_folder(setup.data) / "met").string();
  const UniqueFd fd(::open(path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
  struct stat about {};
  if (!fd || ::fstat(fd.get(), &about) != 0 || about.st_size > met_bytes_max) return;
  [[maybe_unused]] const ssize_t n = ::write(fd.get(), text.data(), text.size());
}

int let_through(const HookSetup& setup, const Error& why) {
  std::cerr << "luy-agent: " << why.vi() << '\n';
  append(setup, to_line({"open", std::string(why.name()) + ": " + why.detail(), "", "", user_at_work(), false,
                         setup.clock.now()}));
  return 0;
}

Result<GateFile> gate_of(const HookSetup& setup) {
  const auto text = read_file(software_folder(setup.data) / "gate", gate_bytes_max);
  if (!text) return Error(gate_unusable, text.error().detail());
  return read_gate_file(*text);
}

std::optional<PackageControl> control_of(const std::string& file) {
  const auto ran = run_with_input(
      {"/usr/bin/dpkg-deb", "--field", file, "Package", "Version", "Pre-Depends", "Depends", "Recommends", "Provides"},
      {}, control_time);
  if (!ran || ran->status != 0) return std::nullopt;
  return read_control(ran->output);
}

// "size mtime inode path" of a package's file: what apt's hook admitted, dpkg's need not judge again, and apt hands
// dpkg what belongs together in several calls.
std::string mark_of(const std::string& file) {
  struct stat about {};
  if (::stat(file.c_str(), &about) != 0) return {};
  return std::to_string(about.st_dev) + ' ' + std::to_string(about.st_ino) + ' ' + std::to_string(about.st_size) + ' ' +
         std::to_string(about.st_mtim.tv_sec) + '.' + std::to_string(about.st_mtim.tv_nsec);
}

void admit(const HookSetup& setup, const Transaction& transaction) {
  std::string text;
  for (const PackageChange& change : transaction.changes) text += mark_of(change.file) + '\n';
  const fs::path path = software_folder(setup.data) / "admitted";
  // Not durable: after a power cut the packages are judged again.
  const std::string fresh = path.string() + ".new";
  {
    const UniqueFd fd(::open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (!fd || ::write(fd.get(), text.data(), text.size()) != static_cast<ssize_t>(text.size())) return;
  }
  ::rename(fresh.c_str(), path.c_str());
}

int decide(const HookSetup& setup, const GateFile& gate, const Transaction& transaction) {
  const std::vector<Judged> judged = judge(transaction, gate, setup.clock.now(), control_of);
  const bool refuses = gate.mode == InstallGate::refuse;
  const std::string user = user_at_work();
  std::string met;
  for (const Judged& one : judged) {
    if (one.as != PassedAs::refused) continue;
    met += to_line({"install", one.change->name, one.change->new_version, "", user, refuses, setup.clock.now()});
  }
  if (!met.empty()) append(setup, met);
  if (met.empty() || !refuses) return 0;
  std::cerr << refusal_text(judged, gate.contact);
  return hook_refuses;
}

// The nearest process called dpkg at or above `process`; 0: there is none.
int dpkg_above(int process) {
  for (int i = 0; i < parents_max && process > 1; ++i) {
    const std::string folder = "/proc/" + std::to_string(process);
    const auto name = read_file(folder + "/comm", 64);
    if (name && trim(*name) == "dpkg") return process;
    const auto status = read_file(folder + "/status", 16 << 10);
    if (!status) return 0;
    std::optional<std::int64_t> parent;
    for (const std::string_view line : lines(*status)) {
      if (const auto text = after(line, "PPid:")) parent = number(*text);
    }
    process = static_cast<int>(parent.value_or(0));
  }
  return 0;
}

void add_package_files(const fs::path& path, bool into, std::vector<std::string>& out) {
  std::error_code error;
  if (fs::is_directory(path, error)) {
    if (!into) return;
    for (fs::recursive_directory_iterator at(path, error), end; !error && at != end; at.increment(error)) {
      std::error_code unknown;
      if (at->path().extension() == ".deb" && at->is_regular_file(unknown)) out.push_back(at->path().string());
    }
    return;
  }
  if (fs::is_regular_file(path, error)) out.push_back(path.string());
}

// The files that dpkg was given. An option's argument that is a file is none of them: dpkg's are written with '='.
std::vector<std::string> package_files(int dpkg) {
  const std::string folder = "/proc/" + std::to_string(dpkg);
  std::vector<std::string> out;
  const auto command = read_file(folder + "/cmdline", command_bytes_max);
  if (!command) return out;
  std::error_code error;
  const fs::path here = fs::read_symlink(folder + "/cwd", error);
  bool into = false;
  for (const std::string_view one : split(*command, '\0')) {
    into = into || one == "-R" || one == "--recursive";
    if (one.empty() || one.front() == '-') continue;
    add_package_files(here / one, into, out);
  }
  return out;
}

std::string apt_text(const std::string& program, const fs::path& data) {
  // apt finds the version by what stands before the first blank. Whatever happens to the program but the one answer,
  // the packages go on.
  return "// Made by luy-agent: unapproved software is refused before it is unpacked.\n"
         "DPkg::Pre-Install-Pkgs { \"" +
         program + " apt --data " + data.string() + " || test $? -ne " + std::to_string(hook_refuses) +
         "\"; };\nDPkg::Tools::Options::" + program + "::Version \"3\";\n";
}

std::string dpkg_text(const std::string& program, const fs::path& data) {
  return "# Made by luy-agent: unapproved software is refused before it is unpacked.\npre-invoke=" + program +
         " dpkg --data " + data.string() + " || test $? -ne " + std::to_string(hook_refuses) + "\n";
}

}  // namespace

fs::path software_folder(const fs::path& data) {
  return data / "software";
}

int apt_hook(const HookSetup& setup, std::string_view input) {
  const auto gate = gate_of(setup);
  if (!gate) return let_through(setup, gate.error());
  if (gate->mode == InstallGate::off) return 0;
  const auto transaction = read_apt_transaction(input);
  if (!transaction) return let_through(setup, transaction.error());
  const int answer = decide(setup, *gate, *transaction);
  if (answer == 0) admit(setup, *transaction);
  return answer;
}

int dpkg_hook(const HookSetup& setup, int process) {
  const char* action = std::getenv("DPKG_HOOK_ACTION");
  const std::string_view wanted = action == nullptr ? std::string_view() : action;
  if (wanted != "unpack" && wanted != "install") return 0;
  const auto gate = gate_of(setup);
  if (!gate) return let_through(setup, gate.error());
  if (gate->mode == InstallGate::off) return 0;
  const int dpkg = dpkg_above(process);
  if (dpkg == 0) return let_through(setup, Error(transaction_malformed, "dpkg"));
  std::set<std::string> admitted;
  if (const auto text = read_file(software_folder(setup.data) / "admitted", command_bytes_max)) {
    for (const std::string_view line : lines(*text)) admitted.emplace(line);
  }
  const auto status = read_file(setup.root / "var/lib/dpkg/status", status_bytes_max);
  std::map<std::string, std::string> installed;
  if (status) {
    for (const DpkgPackage& one : installed_packages(*status)) installed[one.name] = one.version;
  }
  Transaction transaction;
  // A file given by hand came from no source of the machine: no update, no dependency, only what is approved.
  transaction.archives = "//";
  for (const std::string& file : package_files(dpkg)) {
    if (admitted.contains(mark_of(file))) continue;
    const auto control = control_of(file);
    if (!control) continue;  // dpkg will not take it either.
    // An update of luy-agent itself, signed by the release key: only root writes there.
    if (control->name == "luy-agent" && fs::path(file).parent_path() == update_folder) continue;
    const auto known = installed.find(control->name);
    transaction.changes.push_back(
        {control->name, known == installed.end() ? "" : known->second, control->version, false, file});
  }
  return decide(setup, *gate, transaction);
}

Result<void> install_hooks(const fs::path& root, const std::string& program, const fs::path& data) {
  // Both stand in a line of a shell.
  constexpr std::string_view plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/._+-";
  if ((program + data.string()).find_first_not_of(plain) != std::string::npos) return file_error(data.string(), EINVAL);
  std::error_code error;
  for (const auto& [name, text] : {std::pair<const char*, std::string>{apt_file, apt_text(program, data)},
                                   {dpkg_file, dpkg_text(program, data)}}) {
    const fs::path path = root / name;
    if (program.empty()) {
      fs::remove(path, error);
      if (error) return file_error(path.string(), error.value());
      continue;
    }
    // A machine without apt or dpkg has no such folder, and nothing to ask.
    if (!fs::is_directory(path.parent_path(), error)) continue;
    const auto there = read_file(path, 16 << 10);
    if (there && *there == text) continue;
    LUY_TRY_VOID(write_file_durably(path, text, 0644));
  }
  return {};
}

bool hooks_stand(const fs::path& root, const std::string& program, const fs::path& data) {
  std::error_code error;
  for (const auto& [name, text] : {std::pair<const char*, std::string>{apt_file, apt_text(program, data)},
                                   {dpkg_file, dpkg_text(program, data)}}) {
    const fs::path path = root / name;
    if (program.empty()) {
      if (fs::exists(path, error)) return false;
      continue;
    }
    if (!fs::is_directory(path.parent_path(), error)) continue;
    const auto there = read_file(path, 16 << 10);
    if (!there || *there != text) return false;
  }
  return true;
}

}  // namespace luy::agent
