// ClamAV and others: whether it is there, answers, how old its signatures are, and when everything was last scanned.
#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "agent/linux/clamav_files.h"
#include "agent/linux/clamd.h"
#include "agent/linux/collectors.h"
#include "agent/linux/dpkg.h"
#include "agent/linux/text.h"
#include "base/file.h"

namespace luy::agent {
namespace {

// A scan that went through fewer folders than this was not one of the whole machine: the smallest Debian has about
// 2,500 outside /proc and /sys.
constexpr std::int64_t full_scan_folders_min = 1000;
constexpr int answer_millis = 2000;

// One question in clamd(8)'s "z" form; nullopt when nobody answers.
std::optional<std::string> ask(const std::string& path, std::string_view command) {
  const UniqueFd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  sockaddr_un address{};
  if (!fd || path.size() >= sizeof address.sun_path) return std::nullopt;
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, path.data(), path.size());
  if (::connect(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) return std::nullopt;
  std::string question = "z" + std::string(command);
  question += '\0';
  if (::send(fd.get(), question.data(), question.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(question.size())) {
    return std::nullopt;
  }
  std::string answer;
  std::array<char, 1024> buffer{};
  for (;;) {
    pollfd wait{fd.get(), POLLIN, 0};
    if (::poll(&wait, 1, answer_millis) <= 0) return std::nullopt;
    const ssize_t n = ::read(fd.get(), buffer.data(), buffer.size());
    if (n <= 0) return answer.empty() ? std::nullopt : std::optional(answer);
    answer.append(buffer.data(), static_cast<std::size_t>(n));
    if (const auto end = answer.find('\0'); end != std::string::npos) return answer.substr(0, end);
    if (answer.size() > buffer.size()) return std::nullopt;
  }
}

// "ClamAV 1.0.7/27468/Sat Nov 21 09:39:00 2026" -> "1.0.7"
std::string version_in(std::string_view answer) {
  const auto rest = after(answer, "ClamAV ");
  return rest ? std::string(rest->substr(0, rest->find('/'))) : std::string();
}

std::string installed_version(const Machine& machine) {
  std::string version;
  for (const DpkgPackage& package : installed_packages(machine.text("var/lib/dpkg/status"))) {
    if (package.name == "clamav-daemon" || (package.name == "clamav" && version.empty())) version = package.version;
  }
  return version;
}

std::optional<Time> signatures_date(const Machine& machine) {
  const std::filesystem::path folder =
      machine.databases.empty() ? database_folder(machine.root) : std::filesystem::path(machine.databases);
  std::optional<Time> newest;
  for (const char* name : {"daily.cvd", "daily.cld"}) {
    const UniqueFd fd(::open((folder / name).c_str(), O_RDONLY | O_CLOEXEC));
    std::array<char, 512> head{};
    const ssize_t n = fd ? ::read(fd.get(), head.data(), head.size()) : 0;
    if (n <= 0) continue;
    const auto built = database_built_at({head.data(), static_cast<std::size_t>(n)});
    if (built && (!newest || *built > *newest)) newest = built;
  }
  return newest;
}

void read_scans(const Machine& machine, fact::AntivirusProduct& product) {
  const auto names = machine.folder("var/log/clamav");
  bool readable = names.has_value();
  for (const std::string& name : names ? *names : std::vector<std::string>()) {
    if (!name.ends_with(".log")) continue;
    const auto log = machine.look("var/log/clamav/" + name);
    readable = readable && log;
    const std::string text = log ? log->value_or("") : std::string();
    for (const ScanSummary& scan : parse_scan_log(text)) {
      if (scan.folders < full_scan_folders_min) continue;
      if (product.last_full_scan && *product.last_full_scan >= scan.ended_at) continue;
      product.last_full_scan = scan.ended_at;
      product.last_scan_infected = scan.infected;
    }
  }
  product.scans_readable = readable;
}

// Products that are known by their packages and processes alone. When they were last updated and scanned they say to
// their own consoles, in forms that differ by version: not known here, which the duty says, too.
struct OtherProduct {
  std::string_view name;
  std::array<std::string_view, 3> packages;   // Beginnings of the packages' names.
  std::array<std::string_view, 3> processes;  // Whole names, at most 15 characters (/proc/PID/comm).
};
constexpr std::array<OtherProduct, 6> other_products = {{
    {"Kaspersky Endpoint Security", {"kesl", "kaspersky", "kav4fs"}, {"kesl", "kesl-supervisor", "kav4fs"}},
    {"ESET", {"eea", "efs", "esets"}, {"oaeventd", "odfeeder", "esets_daemon"}},
    {"Microsoft Defender", {"mdatp", "", ""}, {"wdavdaemon", "mdatp_audisp_pl", ""}},
    {"Bkav", {"bkav", "", ""}, {"bkav", "bkavservice", "BkavService"}},
    {"CMC Antivirus", {"cmc-antivirus", "cmcav", "cmc-endpoint"}, {"cmcav", "cmc-antivirus", "cmcagent"}},
    {"Viettel Endpoint Security", {"ajiant", "vcs-ajiant", "viettel-endpoint"}, {"ajiant", "vcs-ajiant", "VESagent"}},
}};

// "kesl" and "kesl-gui", but not "keslic".
bool is_package_of(std::string_view package, std::string_view beginning) {
  if (beginning.empty() || !package.starts_with(beginning)) return false;
  return package.size() == beginning.size() || package[beginning.size()] == '-';
}

void add_others(const Machine& machine, fact::Antivirus& out) {
  const auto packages = installed_packages(machine.text("var/lib/dpkg/status"));
  const std::map<int, std::string> running = processes(machine);
  for (const OtherProduct& other : other_products) {
    fact::AntivirusProduct product;
    product.name = other.name;
    bool present = false;
    for (const DpkgPackage& package : packages) {
      for (const std::string_view beginning : other.packages) {
        if (!is_package_of(package.name, beginning)) continue;
        // The product itself rather than its window or its language.
        if (!present || package.name == beginning) product.version = package.version;
        present = true;
      }
    }
    for (const auto& [pid, name] : running) {
      const auto& names = other.processes;
      if (std::find(names.begin(), names.end(), name) != names.end()) product.running = true;
    }
    if (present || product.running) out.products.push_back(std::move(product));
  }
}

}  // namespace

Result<Finding> collect_antivirus(const Machine& machine) {
  fact::Antivirus out;
  const bool present = !machine.clamd.empty() || machine.exists("usr/sbin/clamd") || machine.exists("usr/bin/clamscan");
  if (present) {
    fact::AntivirusProduct product;
    product.name = "ClamAV";
    const std::string socket = machine.clamd.empty() ? clamd_socket(machine.root) : machine.clamd;
    product.running = ask(socket, "PING") == "PONG";
    if (product.running) product.version = version_in(ask(socket, "VERSION").value_or(""));
    if (product.version.empty()) product.version = installed_version(machine);
    product.signatures_date = signatures_date(machine);
    read_scans(machine, product);
    out.products.push_back(std::move(product));
  }
  add_others(machine, out);
  if (machine.add_own) machine.add_own(out);
  return Finding{"clamd, /var/lib/clamav, /var/log/clamav", std::move(out), {}};
}

}  // namespace luy::agent
