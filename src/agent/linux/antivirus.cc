// ClamAV: whether it is there, answers, how old its signatures are, and when everything was last scanned.
#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "agent/linux/clamav_files.h"
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

std::string socket_path(const Machine& machine) {
  const std::string text = machine.text("etc/clamav/clamd.conf");
  for (const std::string_view line : lines(text)) {
    if (const auto path = after(line, "LocalSocket "); path && path->starts_with('/')) return std::string(*path);
  }
  return "/var/run/clamav/clamd.ctl";
}

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
  std::optional<Time> newest;
  for (const char* name : {"daily.cvd", "daily.cld"}) {
    const UniqueFd fd(::open(machine.path(std::string("var/lib/clamav/") + name).c_str(), O_RDONLY | O_CLOEXEC));
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

}  // namespace

Result<Finding> collect_antivirus(const Machine& machine) {
  fact::Antivirus out;
  const bool present = machine.exists("usr/sbin/clamd") || machine.exists("usr/bin/clamscan");
  if (present) {
    fact::AntivirusProduct product;
    product.name = "ClamAV";
    const std::string socket = machine.path(socket_path(machine).substr(1));
    product.running = ask(socket, "PING") == "PONG";
    if (product.running) product.version = version_in(ask(socket, "VERSION").value_or(""));
    if (product.version.empty()) product.version = installed_version(machine);
    product.signatures_date = signatures_date(machine);
    read_scans(machine, product);
    out.products.push_back(std::move(product));
  }
  return Finding{"clamd, /var/lib/clamav, /var/log/clamav", std::move(out), {}};
}

}  // namespace luy::agent
