// The ports for syslog: datagrams (RFC 5426), streams (RFC 6587) and streams under TLS (RFC 5425), read by one thread
// that never waits for the disk but to keep lines of senders that wait for approval (docs/adr/0117).
//
// No protocol here has an acknowledgement: a sender takes for delivered what the kernel took. What was read is durable
// within a few hundred milliseconds; what lies between is lost when the hub is killed, and only the sender could know.
// Where records cannot be stored as fast as they come, streams are not read, so that their senders keep them, and
// datagrams are dropped and counted.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "base/clock.h"
#include "base/result.h"
#include "hub/reception.h"
#include "hub/tls.h"

namespace luy::hub {

struct SyslogOptions {
  std::string listen = "127.0.0.1";
  // nullopt: off. 0: any free port.
  std::optional<std::uint16_t> udp;
  std::optional<std::uint16_t> tcp;
  std::optional<std::uint16_t> tls;
  TlsContext context;  // Of profile inputs; needed with `tls`.
  std::size_t connections_max = 512;
  std::size_t connections_per_address_max = 64;
  Duration handshake = std::chrono::seconds(10);
};

struct SyslogCounters {
  std::atomic<std::uint64_t> connections{0};
  std::atomic<std::uint64_t> refused_full{0};
  std::atomic<std::uint64_t> handshakes_failed{0};
  std::atomic<std::uint64_t> cut{0};           // Messages longer than message_bytes_max, and those ended within.
  std::atomic<std::uint64_t> kernel_drops{0};  // Datagrams the kernel had no room for.
  std::atomic<std::int64_t> open{0};
};

class SyslogPorts {
 public:
  // Opens the ports and starts the thread. `reception` is that thread's from here on; it and the clock must outlive
  // the ports. Errors: port_in_use, listen_failed (hub/server.h).
  static Result<std::unique_ptr<SyslogPorts>> start(const SyslogOptions& options, Reception& reception,
                                                    const Clock& clock);
  ~SyslogPorts();
  // Reads no more, hands over what was read, joins.
  void stop();

  std::optional<std::uint16_t> udp_port() const;
  std::optional<std::uint16_t> tcp_port() const;
  std::optional<std::uint16_t> tls_port() const;
  const SyslogCounters& counters() const;
  // New connections use it. Thread-safe.
  void set_tls(TlsContext context);

 private:
  struct State;
  explicit SyslogPorts(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace luy::hub
