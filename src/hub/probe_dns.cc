// A look at a name: one question each for A and AAAA (RFC 1035, RFC 3596), over UDP. What is shown is the list of
// addresses, so that a name that suddenly leads elsewhere is a change.
#include <arpa/inet.h>
#include <poll.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <set>

#include "base/encoding.h"
#include "base/random.h"
#include "hub/probe_dns.h"
#include "hub/probe_link.h"

namespace luy::hub {
namespace {

using watch::Failure;

constexpr std::size_t message_bytes_max = 4096;
constexpr auto ask_again_after = std::chrono::seconds(2);
constexpr int questions_max = 3;

std::string encoded_name(std::string_view name) {
  std::string out;
  while (!name.empty()) {
    const std::size_t end = std::min(name.find('.'), name.size());
    const std::string_view label = name.substr(0, end);
    name.remove_prefix(std::min(end + 1, name.size()));
    if (label.empty() || label.size() > 63) return {};
    out += static_cast<char>(label.size());
    out += label;
  }
  return out.empty() || out.size() > 254 ? std::string() : out + '\0';
}

std::string first_name_server() {
  const auto text = read_file("/etc/resolv.conf", 64 << 10);
  if (!text) return "127.0.0.1";
  std::string_view rest = *text;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    std::string_view line = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    constexpr std::string_view key = "nameserver ";
    if (!line.starts_with(key)) continue;
    line.remove_prefix(key.size());
    return std::string(line.substr(0, line.find_first_of(" \t\r")));
  }
  return "127.0.0.1";
}

// Passes over a name, compressed or not.
bool skip_name(ByteReader& reader) {
  for (int labels = 0; labels < 128 && reader.ok(); ++labels) {
    const std::uint8_t size = reader.u8();
    if (size == 0) return reader.ok();
    if ((size & 0xc0U) == 0xc0) {
      static_cast<void>(reader.u8());
      return reader.ok();
    }
    static_cast<void>(reader.bytes(size));
  }
  return false;
}

struct Asked {
  MaybeTrouble trouble;
  DnsAnswer answer;
};

Asked ask(int fd, const std::string& name, std::uint16_t type, const ProbeTime& time) {
  std::array<std::uint8_t, 2> id{};
  SystemRandom().fill(id);
  const auto number = static_cast<std::uint16_t>(id[0] << 8U | id[1]);
  const std::string question = dns_question(number, name, type);
  if (question.empty()) return {Trouble{Failure::unresolved, name}, {}};
  std::array<char, message_bytes_max> buffer{};
  for (int i = 0; i < questions_max; ++i) {
    if (::send(fd, question.data(), question.size(), MSG_NOSIGNAL) < 0) return {trouble_of(errno), {}};
    while (time.wait(fd, POLLIN, ask_again_after)) {
      const ssize_t n = ::recv(fd, buffer.data(), buffer.size(), 0);
      if (n < 0) return {trouble_of(errno), {}};
      const auto answer = dns_answer({buffer.data(), static_cast<std::size_t>(n)}, question);
      if (!answer) continue;  // Not to this question.
      if (answer->code == 3) return {Trouble{Failure::unresolved, "NXDOMAIN"}, {}};
      if (answer->code != 0) return {Trouble{Failure::bad_answer, "RCODE " + std::to_string(answer->code)}, {}};
      return {std::nullopt, *answer};
    }
  }
  return {Trouble{Failure::timed_out, ""}, {}};
}

}  // namespace

std::string dns_question(std::uint16_t id, std::string_view name, std::uint16_t type) {
  const std::string encoded = encoded_name(name);
  if (encoded.empty()) return {};
  std::string out;
  put_u16(out, id);
  put_u16(out, 0x0100);  // Recursion desired.
  put_u16(out, 1);
  put_u16(out, 0);
  put_u32(out, 0);
  out += encoded;
  put_u16(out, type);
  put_u16(out, 1);
  return out;
}

std::optional<DnsAnswer> dns_answer(std::string_view bytes, std::string_view question) {
  ByteReader reader(bytes);
  const std::uint16_t id = reader.u16();
  const std::uint16_t flags = reader.u16();
  const std::uint16_t questions = reader.u16();
  const std::uint16_t answers = reader.u16();
  static_cast<void>(reader.u32());
  const std::string_view asked = question.substr(12);
  // Names come back as they were sent, so the question is compared byte by byte.
  if (!reader.ok() || id != ByteReader(question).u16() || (flags & 0x8000U) == 0 || questions != 1 ||
      reader.bytes(asked.size()) != asked) {
    return std::nullopt;
  }
  DnsAnswer out;
  out.code = flags & 0x0fU;
  out.cut = (flags & 0x0200U) != 0;
  for (std::uint16_t i = 0; i < answers; ++i) {
    if (!skip_name(reader)) return std::nullopt;
    const std::uint16_t type = reader.u16();
    static_cast<void>(reader.u16());
    static_cast<void>(reader.u32());
    const std::string_view data = reader.bytes(reader.u16());
    if (!reader.ok()) return std::nullopt;
    const bool v4 = type == dns_a && data.size() == 4;
    const bool v6 = type == dns_aaaa && data.size() == 16;
    if (!v4 && !v6) continue;
    std::array<char, INET6_ADDRSTRLEN> text{};
    ::inet_ntop(v4 ? AF_INET : AF_INET6, data.data(), text.data(), text.size());
    out.addresses.insert(text.data());
  }
  return out;
}

void look_dns(const watch::Target& target, const ProbeRules& rules, const ProbeTime& time, watch::Probe& probe) {
  // The machine's own resolver may be on loopback; a registered server may not.
  ProbeRules own = rules;
  const bool registered = !target.server.empty();
  if (!registered) own.loopback = true;
  const std::string system = rules.name_server.empty() ? first_name_server() : rules.name_server;
  const std::uint16_t port = registered ? target.server_port : rules.name_server_port;
  std::vector<ProbeAddress> servers;
  MaybeTrouble trouble = resolve(registered ? target.server : system, port, own, servers);
  UniqueFd fd;
  if (!trouble) {
    fd = UniqueFd(::socket(servers.front().family(), SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    if (!fd ||
        ::connect(fd.get(), reinterpret_cast<const sockaddr*>(&servers.front().storage), servers.front().size) != 0) {
      trouble = trouble_of(errno);
    }
  }
  std::set<std::string> addresses;
  bool cut = false;
  const Duration begun = time.clock().monotonic();
  for (const std::uint16_t type : {dns_a, dns_aaaa}) {
    if (trouble) break;
    Asked asked = ask(fd.get(), target.host, type, time);
    trouble = std::move(asked.trouble);
    if (!probe.latency) probe.latency = time.clock().monotonic() - begun;
    addresses.merge(asked.answer.addresses);
    cut = cut || asked.answer.cut;
  }
  if (!trouble && addresses.empty()) trouble = Trouble{Failure::unresolved, "no address"};
  if (trouble) {
    probe.failure = trouble->failure;
    probe.detail = trouble->detail;
    probe.latency.reset();
    return;
  }
  if (cut) return;  // Not all of them: no content to compare.
  std::string lines;
  for (const std::string& address : addresses) lines += address + "\n";
  probe.content = std::move(lines);
  probe.content_type = "text/plain";
}

}  // namespace luy::hub
