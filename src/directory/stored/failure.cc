#include "directory/stored/failure.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>

#include "base/encoding.h"
#include "base/hash.h"
#include "directory/stored/value.h"

namespace luy::directory {
namespace {

using records::Connection;
using records::Row;

struct Failures {
  std::int64_t count = 0;
  Time last_at;
};

// Either way: a clock that was put back must not lengthen a pause, and gives one more attempt at most.
Duration distance(Time a, Time b) {
  return a < b ? b - a : a - b;
}

// What still counts: nothing after `memory` without another.
Result<Failures> load(Connection& c, const std::string& subject, const PauseRule& rule, Time now) {
  Failures found;
  LUY_TRY_VOID(c.query("SELECT failures, last_at FROM sign_in_failure WHERE subject = $1", {std::string_view(subject)},
                       [&](const Row& row) {
                         found = {row.integer(0), from_millis(row.integer(1))};
                       }));
  if (distance(now, found.last_at) > rule.memory) return Failures();
  return found;
}

}  // namespace

std::string failure_subject_of_account(std::string_view username) {
  return "account:" + to_hex(sha256(to_lower(username)));
}

std::string failure_subject_of_address(std::string_view address) {
  // One machine has as many IPv6 addresses as it likes, all in one /64 (RFC 8981); ::ffff:192.0.2.1 is IPv4.
  constexpr std::size_t network_bytes = 8;
  constexpr std::string_view mapped("\0\0\0\0\0\0\0\0\0\0\xff\xff", 12);
  std::array<char, 16> bytes{};
  const std::string text(address);
  const bool six = inet_pton(AF_INET6, text.c_str(), bytes.data()) == 1;
  const std::string_view six_bytes(bytes.data(), bytes.size());
  if (!six || six_bytes.starts_with(mapped)) return "address:" + text;
  return "address:" + to_hex(as_bytes(six_bytes.substr(0, network_bytes))) + "/64";
}

Result<Duration> pause_left(Connection& c, const std::string& subject, const PauseRule& rule, Time now) {
  LUY_TRY(const Failures failures, load(c, subject, rule, now));
  if (failures.count < rule.free) return Duration(0);
  Duration pause = rule.first;
  for (std::int64_t i = rule.free; i < failures.count && pause < rule.longest; ++i) pause *= 2;
  pause = std::min(pause, rule.longest);
  return std::max(Duration(0), pause - distance(now, failures.last_at));
}

Result<void> count_failure(Connection& c, const std::string& subject, const PauseRule& rule, Time now) {
  LUY_TRY(const Failures failures, load(c, subject, rule, now));
  LUY_TRY_VOID(
      c.run("INSERT INTO sign_in_failure (subject, failures, last_at) VALUES ($1, $2, $3)"
            " ON CONFLICT (subject) DO UPDATE SET failures = excluded.failures, last_at = excluded.last_at",
            {std::string_view(subject), failures.count + 1, to_millis(now)}));
  const Duration longest_memory = std::max(pause_per_account.memory, pause_per_address.memory);
  LUY_TRY_VOID(c.run("DELETE FROM sign_in_failure WHERE last_at < $1", {to_millis(now - longest_memory)}));
  LUY_TRY_VOID(
      c.run("DELETE FROM sign_in_failure WHERE subject IN"
            " (SELECT subject FROM sign_in_failure ORDER BY last_at DESC LIMIT 100 OFFSET $1)",
            {sign_in_failures_max}));
  return {};
}

Result<void> forget_failures(Connection& c, const std::string& subject) {
  LUY_TRY_VOID(c.run("DELETE FROM sign_in_failure WHERE subject = $1", {std::string_view(subject)}));
  return {};
}

}  // namespace luy::directory
