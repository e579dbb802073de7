// A look at a machine: an echo request over Linux's unprivileged ping socket (icmp(7), ping_group_range).
#include <netinet/icmp6.h>
#include <netinet/ip_icmp.h>
#include <poll.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "hub/probe_link.h"

namespace luy::hub {
namespace {

using watch::Failure;

MaybeTrouble echo(const watch::Target& target, const ProbeRules& rules, const ProbeTime& time, watch::Probe& probe) {
  std::vector<ProbeAddress> addresses;
  if (auto trouble = resolve(target.host, 0, rules, addresses)) return trouble;
  const ProbeAddress& to = addresses.front();
  const bool v4 = to.family() == AF_INET;
  const int protocol = v4 ? int{IPPROTO_ICMP} : int{IPPROTO_ICMPV6};
  const UniqueFd fd(::socket(to.family(), SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, protocol));
  if (!fd && (errno == EACCES || errno == EPERM)) return Trouble{Failure::not_permitted, ""};
  if (!fd) return trouble_of(errno);
  std::array<unsigned char, 16> packet{};  // Type, code, checksum (the kernel's), id (the kernel's), sequence 1.
  packet[0] = v4 ? ICMP_ECHO : ICMP6_ECHO_REQUEST;
  packet[7] = 1;
  const Duration begun = time.clock().monotonic();
  if (::sendto(fd.get(), packet.data(), packet.size(), 0, reinterpret_cast<const sockaddr*>(&to.storage), to.size) <
      0) {
    return trouble_of(errno);
  }
  const unsigned char reply = v4 ? ICMP_ECHOREPLY : ICMP6_ECHO_REPLY;
  while (time.wait(fd.get(), POLLIN, rules.connect)) {
    std::array<unsigned char, 256> answer{};
    const ssize_t n = ::recv(fd.get(), answer.data(), answer.size(), 0);
    if (n < 0) return trouble_of(errno);
    if (n < 8 || answer[0] != reply) continue;
    probe.latency = time.clock().monotonic() - begun;
    return std::nullopt;
  }
  return Trouble{Failure::timed_out, to.text()};
}

}  // namespace

void look_icmp(const watch::Target& target, const ProbeRules& rules, const ProbeTime& time, watch::Probe& probe) {
  if (auto trouble = echo(target, rules, time, probe)) {
    probe.failure = trouble->failure;
    probe.detail = std::move(trouble->detail);
  }
}

}  // namespace luy::hub
