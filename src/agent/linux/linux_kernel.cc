#include "agent/linux/linux_kernel.h"

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <linux/wireless.h>
#include <netinet/in.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/statvfs.h>
#include <sys/timex.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <array>
#include <bit>
#include <cstring>
#include <memory>

#include "base/file.h"

namespace luy::agent {
namespace {

utsname names() {
  utsname out{};
  ::uname(&out);
  return out;
}

// A netmask's length: the number of one bits.
int prefix_of(const sockaddr* mask, int family) {
  int bits = 0;
  if (mask == nullptr) return family == AF_INET ? 32 : 128;
  if (family == AF_INET) {
    sockaddr_in in{};
    std::memcpy(&in, mask, sizeof in);
    return std::popcount(in.sin_addr.s_addr);
  }
  sockaddr_in6 in{};
  std::memcpy(&in, mask, sizeof in);
  for (const std::uint8_t byte : in.sin6_addr.s6_addr) bits += std::popcount(byte);
  return bits;
}

std::string text_of(const sockaddr* address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (address->sa_family == AF_INET) {
    sockaddr_in in{};
    std::memcpy(&in, address, sizeof in);
    ::inet_ntop(AF_INET, &in.sin_addr, text.data(), text.size());
  } else {
    sockaddr_in6 in{};
    std::memcpy(&in, address, sizeof in);
    ::inet_ntop(AF_INET6, &in.sin6_addr, text.data(), text.size());
  }
  return text.data();
}

}  // namespace

std::string LinuxKernel::release() {
  return names().release;
}

std::string LinuxKernel::architecture() {
  return names().machine;
}

std::string LinuxKernel::hostname() {
  return names().nodename;
}

std::optional<Space> LinuxKernel::space(const std::string& path) {
  struct statvfs status {};
  if (::statvfs(path.c_str(), &status) != 0) return std::nullopt;
  const auto block = static_cast<std::int64_t>(status.f_frsize);
  return Space{static_cast<std::int64_t>(status.f_blocks) * block, static_cast<std::int64_t>(status.f_bavail) * block};
}

std::vector<InterfaceAddress> LinuxKernel::addresses() {
  ifaddrs* first = nullptr;
  if (::getifaddrs(&first) != 0) return {};
  const std::unique_ptr<ifaddrs, decltype(&::freeifaddrs)> owner(first, &::freeifaddrs);
  std::vector<InterfaceAddress> out;
  for (const ifaddrs* it = first; it != nullptr; it = it->ifa_next) {
    if (it->ifa_addr == nullptr) continue;
    const int family = it->ifa_addr->sa_family;
    if (family != AF_INET && family != AF_INET6) continue;
    const int prefix = prefix_of(it->ifa_netmask, family);
    out.push_back({it->ifa_name, text_of(it->ifa_addr) + '/' + std::to_string(prefix)});
  }
  return out;
}

bool LinuxKernel::clock_synchronised() {
  timex status{};
  const int state = ::adjtimex(&status);
  return state >= 0 && state != TIME_ERROR && (status.status & STA_UNSYNC) == 0;
}

std::optional<std::string> LinuxKernel::ssid(const std::string& interface) {
  const UniqueFd fd(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  if (!fd || interface.size() >= IFNAMSIZ) return std::nullopt;
  std::array<char, IW_ESSID_MAX_SIZE + 1> name{};
  iwreq request{};
  std::memcpy(request.ifr_ifrn.ifrn_name, interface.data(), interface.size());
  request.u.essid.pointer = name.data();
  request.u.essid.length = IW_ESSID_MAX_SIZE;
  if (::ioctl(fd.get(), SIOCGIWESSID, &request) != 0 || request.u.essid.length == 0) return std::nullopt;
  return std::string(name.data(), ::strnlen(name.data(), IW_ESSID_MAX_SIZE));
}

}  // namespace luy::agent
