// One connection of a look: resolved, checked, connected, perhaps encrypted, all before one deadline. Private to the
// probe's files.
#pragma once

#include <netinet/in.h>
#include <openssl/ssl.h>
#include <sys/socket.h>

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/file.h"
#include "hub/probe.h"

namespace luy::hub {

struct Trouble {
  watch::Failure failure = watch::Failure::none;
  std::string detail;
};
using MaybeTrouble = std::optional<Trouble>;

// What a look may take and what ends it.
class ProbeTime {
 public:
  ProbeTime(const Clock& clock, Duration whole, const std::atomic<bool>& stop)
      : clock_(clock), end_(clock.monotonic() + whole), stop_(stop) {}
  // Waits for the descriptor; false when time is over or the hub stops. `most` bounds this wait alone.
  bool wait(int fd, short events, Duration most = Duration::max()) const;
  // Also for who always has something to read.
  bool is_over() const { return stop_ || clock_.monotonic() >= end_; }
  const Clock& clock() const { return clock_; }

 private:
  const Clock& clock_;
  const Duration end_;
  const std::atomic<bool>& stop_;
};

struct ProbeAddress {
  sockaddr_storage storage{};
  socklen_t size = 0;
  int family() const { return storage.ss_family; }
  std::string_view bytes() const;  // 4 or 16, network order.
  std::string text() const;
};
// Allowed ones only; trouble when there is none.
MaybeTrouble resolve(const std::string& host, std::uint16_t port, const ProbeRules& rules,
                     std::vector<ProbeAddress>& out);
// The failure that errno means.
Trouble trouble_of(int error);

class ProbeLink {
 public:
  ProbeLink(const ProbeRules& rules, const ProbeTime& time) : rules_(rules), time_(time) {}
  ~ProbeLink();
  ProbeLink(const ProbeLink&) = delete;
  ProbeLink& operator=(const ProbeLink&) = delete;

  MaybeTrouble connect(const std::string& host, std::uint16_t port);
  MaybeTrouble start_tls(const std::string& host);
  MaybeTrouble write(std::string_view bytes);
  // Bytes read into `into`; 0 at the end.
  MaybeTrouble read(std::span<char> into, std::size_t& size);
  std::optional<watch::Certificate> certificate() const { return certificate_; }
  const std::string& address() const { return address_; }

 private:
  void keep_certificate(const std::string& host);
  MaybeTrouble wait_tls(int result);

  const ProbeRules& rules_;
  const ProbeTime& time_;
  UniqueFd fd_;
  std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context_{nullptr, &SSL_CTX_free};
  std::unique_ptr<SSL, decltype(&SSL_free)> tls_{nullptr, &SSL_free};
  std::optional<watch::Certificate> certificate_;
  std::string address_;
};

// Each fills `probe` but for its time.
void look_http(const watch::Service& service, const ProbeRules& rules, const ProbeTime& time, watch::Probe& probe);
void look_dns(const watch::Target& target, const ProbeRules& rules, const ProbeTime& time, watch::Probe& probe);
void look_icmp(const watch::Target& target, const ProbeRules& rules, const ProbeTime& time, watch::Probe& probe);

}  // namespace luy::hub
