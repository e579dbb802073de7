#include "agent/linux/socket_table.h"

#include <arpa/inet.h>

#include <array>
#include <cstring>

#include "agent/linux/text.h"

namespace luy::agent {

// The kernel prints each 32-bit word of the address as a number of its own byte order.
std::string hex_address(std::string_view hex) {
  if (hex.size() != 8 && hex.size() != 32) return {};
  std::array<std::uint32_t, 4> parts{};
  for (std::size_t i = 0; i < hex.size() / 8; ++i) {
    const auto value = number(hex.substr(i * 8, 8), 16);
    if (!value || *value < 0) return {};
    parts[i] = static_cast<std::uint32_t>(*value);
  }
  std::array<char, INET6_ADDRSTRLEN> text{};
  ::inet_ntop(hex.size() == 8 ? AF_INET : AF_INET6, parts.data(), text.data(), text.size());
  return text.data();
}

//   sl  local_address rem_address   st tx_queue:rx_queue tr:tm->when retrnsmt uid timeout inode …
std::vector<SocketRow> parse_socket_table(std::string_view text) {
  std::vector<SocketRow> out;
  for (const std::string_view line : lines(text)) {
    const auto fields = words(line);
    if (fields.size() < 10) continue;
    const auto local = split(fields[1], ':');
    const auto remote = split(fields[2], ':');
    if (local.size() != 2 || remote.size() != 2) continue;
    const auto port = number(local[1], 16);
    const auto remote_port = number(remote[1], 16);
    const auto state = number(fields[3], 16);
    const auto inode = number(fields[9]);
    std::string address = hex_address(local[0]);
    if (!port || !remote_port || !state || !inode || address.empty()) continue;
    if (*port < 0 || *port > 65535) continue;
    out.push_back({std::move(address), *port, *remote_port, *state, *inode});
  }
  return out;
}

bool is_waiting(const SocketRow& row, bool tcp) {
  constexpr std::int64_t tcp_close = 7;
  constexpr std::int64_t tcp_listen = 10;
  if (tcp) return row.state == tcp_listen;
  return row.state == tcp_close && row.remote_port == 0 && row.port != 0;
}

}  // namespace luy::agent
