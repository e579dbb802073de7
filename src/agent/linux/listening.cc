// Sockets that wait for strangers: /proc/net, and whose they are.
#include <algorithm>
#include <array>
#include <set>
#include <tuple>

#include "agent/linux/collectors.h"
#include "agent/linux/socket_table.h"
#include "agent/linux/text.h"

namespace luy::agent {
namespace {

// "socket:[12345]" -> 12345
std::optional<std::int64_t> inode_of(std::string_view link) {
  if (!link.starts_with("socket:[") || !link.ends_with("]")) return std::nullopt;
  return number(link.substr(8, link.size() - 9));
}

// Looks through the open files of all processes until every socket has its owner.
std::map<std::int64_t, std::string> owners(const Machine& machine, std::set<std::int64_t> wanted) {
  std::map<std::int64_t, std::string> out;
  for (const auto& [pid, name] : processes(machine)) {
    if (wanted.empty()) break;
    const std::string folder = "proc/" + std::to_string(pid) + "/fd";
    for (const std::string& fd : machine.list(folder)) {
      const auto inode = inode_of(machine.link(folder + '/' + fd));
      if (!inode || wanted.erase(*inode) == 0) continue;
      out[*inode] = name;
    }
  }
  return out;
}

}  // namespace

Result<Finding> collect_listening(const Machine& machine) {
  std::vector<std::pair<std::string, SocketRow>> rows;
  bool any = false;
  for (const std::string protocol : {"tcp", "tcp6", "udp", "udp6"}) {
    const auto table = machine.read("proc/net/" + protocol);
    if (!table) continue;
    any = true;
    for (SocketRow& row : parse_socket_table(*table)) {
      if (is_waiting(row, protocol.starts_with("tcp"))) rows.emplace_back(protocol, std::move(row));
    }
  }
  if (!any) return Error(collector_failed, "/proc/net/tcp");
  std::set<std::int64_t> inodes;
  for (const auto& [protocol, row] : rows) inodes.insert(row.inode);
  const auto names = owners(machine, std::move(inodes));

  fact::Listening listening;
  for (const auto& [protocol, row] : rows) {
    const auto name = names.find(row.inode);
    listening.sockets.push_back({protocol, row.address, row.port, name == names.end() ? "" : name->second});
  }
  const auto key = [](const fact::Socket& s) { return std::tie(s.protocol, s.port, s.address, s.process); };
  std::sort(listening.sockets.begin(), listening.sockets.end(),
            [&](const auto& a, const auto& b) { return key(a) < key(b); });
  // Several processes may share one port (SO_REUSEPORT).
  listening.sockets.erase(std::unique(listening.sockets.begin(), listening.sockets.end()), listening.sockets.end());
  if (listening.sockets.size() > fact::items_max) listening.sockets.resize(fact::items_max);
  return Finding{"/proc/net, /proc/*/fd", std::move(listening), {}};
}

}  // namespace luy::agent
