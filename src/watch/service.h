// A service of an agency that the hub looks at: what it is, where it is, how it stands. Plain values.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/id.h"
#include "base/result.h"

namespace luy::watch {

using ServiceId = Id<struct ServiceTag>;

inline constexpr ErrorKind target_invalid{
    "watch.target_invalid", ErrorClass::invalid,
    "Địa chỉ dịch vụ không hợp lệ: {}. Hãy ghi https://tên-máy/đường-dẫn (http), tên-máy:cổng (tcp, tls), tên-miền "
    "hoặc tên-miền@máy-chủ-DNS (dns), tên-máy (icmp).",
    "The address of the service is not valid: {}. Write https://host/path (http), host:port (tcp, tls), a name or "
    "name@server (dns), a host (icmp)."};

inline constexpr std::size_t target_bytes_max = 1024;
inline constexpr std::size_t host_bytes_max = 253;  // RFC 1035 section 2.3.4, as text.

enum class Kind : std::uint8_t { http, tcp, dns, tls, icmp };
std::string_view name_of(Kind kind);
std::optional<Kind> kind_from_name(std::string_view name);

enum class State : std::uint8_t {
  unknown,  // Not looked at yet, or it cannot be known; the last probe says why.
  up,
  slow,     // Answers, abnormally late for this service at this hour.
  down,     // Does not answer.
  changed,  // Answers, and shows something else than it used to.
};
std::string_view name_of(State state);

// A service's address taken apart.
struct Target {
  bool tls = false;
  std::string host;  // Without the brackets of an IPv6 address; lower case.
  std::uint16_t port = 0;
  std::string path;    // http: with the query; at least "/".
  std::string server;  // dns: whom to ask, an address; empty = the machine's own resolver.
  std::uint16_t server_port = 53;
  bool operator==(const Target&) const = default;
};
// Errors: target_invalid, saying what is wrong.
Result<Target> parse_target(Kind kind, std::string_view text);
// "host" or "host:port" as in a Host header and in `target`.
std::string authority_of(const Target& target);

// Where a redirect leads: absolute, from the server's root or relative. Errors: target_invalid.
Result<Target> resolve_redirect(const Target& from, std::string_view location);

// Whether an address, as bytes in network order (4 or 16), may be probed at all: not the hub itself (loopback), nothing
// that is no single machine (unspecified, multicast, broadcast), nothing that answers for the machine's own link only
// (169.254.0.0/16, where clouds keep their secrets, and fe80::/10). IPv4 in IPv6 counts as what it holds.
bool may_be_probed(std::string_view address_bytes, bool loopback_allowed);

struct Certificate {
  Time expires_at;
  std::string subject;
  std::string issuer;
  std::string problem;  // Why it would not be trusted by a browser with this machine's authorities; empty when it is.
  bool operator==(const Certificate&) const = default;
};

enum class Failure : std::uint8_t {
  none,
  unresolved,       // The name has no address.
  address_refused,  // It leads to where the hub may not look (may_be_probed, or the hub's own ports).
  unreachable,      // No way to the machine.
  refused,          // The machine refuses the connection.
  timed_out,
  tls_failed,
  bad_answer,       // Not the protocol.
  http_error,       // Status 500 and above, or 404 and 410.
  redirected_away,  // To a host that is not registered.
  too_many_redirects,
  not_permitted,  // This hub may not send such packets (ICMP).
};
std::string_view name_of(Failure failure);
struct Text {
  std::string vi;
  std::string en;
  bool operator==(const Text&) const = default;
};
// A sentence for people.
Text meaning_of(Failure failure);
// Whether it says something about the service; otherwise about the hub or the registration.
bool is_outage(Failure failure);

// What one look at a service found.
struct Probe {
  Time at;
  Failure failure = Failure::none;
  std::string detail;               // Of the failure: a system error's text, a status, where a redirect leads.
  std::optional<Duration> latency;  // From the first packet to the first byte of the answer; absent on failure.
  std::optional<Certificate> certificate;
  // http: what was shown; dns: one address a line, sorted.
  std::optional<std::string> content;
  std::string content_type;
  bool content_cut = false;  // There was more than is read.
};

inline constexpr int interval_seconds_min = 10;
inline constexpr int interval_seconds_max = 24 * 3600;
inline constexpr int interval_seconds_default = 60;

struct Service {
  ServiceId id;
  AgencyId agency;
  std::string name;
  Kind kind = Kind::http;
  std::string target;
  std::vector<std::string> redirect_hosts;  // Besides the target's own host.
  std::chrono::seconds interval{interval_seconds_default};
  bool enabled = true;
  Time added_at;
};

}  // namespace luy::watch
