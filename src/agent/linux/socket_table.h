// The kernel's socket tables /proc/net/{tcp,tcp6,udp,udp6} (proc(5)). Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace luy::agent {

struct SocketRow {
  std::string address;  // "127.0.0.1", "::1"
  std::int64_t port = 0;
  std::int64_t remote_port = 0;
  std::int64_t state = 0;  // include/net/tcp_states.h
  std::int64_t inode = 0;
};

// Rows that are not of the expected form are passed over.
std::vector<SocketRow> parse_socket_table(std::string_view text);

// Listening (TCP), or bound and connected to nobody (UDP).
bool is_waiting(const SocketRow& row, bool tcp);

// "0100007F" -> "127.0.0.1"; 32 digits -> IPv6; empty for anything else.
std::string hex_address(std::string_view hex);

}  // namespace luy::agent
