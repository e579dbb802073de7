// One question to a service over HTTP, without redirects, bounded in time and in the size of its answer. Only addresses
// that an administrator wrote down come here.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace luy::seal {

// Connection and answer together; finding the address of the name takes as long as the system's resolver allows.
inline constexpr std::chrono::seconds http_call_time_max{15};

struct HttpAddress {
  std::string url;  // As it was given.
  bool is_tls = false;
  std::string host;
  std::string port;
  std::string target;
};
// "http://host[:port][/path]" or https; an IPv6 address stands in brackets; nullopt for anything else.
std::optional<HttpAddress> http_address_of(std::string_view url);

struct HttpQuestion {
  HttpAddress to;
  bool is_post = false;
  std::string content_type{};  // Of a POST.
  std::string body{};
  std::size_t answer_bytes_max = 0;
  std::string authorization{};  // A header; empty for none.
  std::string ca_file{};        // With https: the only authorities believed; empty for those of the system.
};
// The body of a 200. With https the service is verified against the authorities. Blocks; thread-safe. Errors:
// `failure` with the address and the reason.
Result<std::string> http_call(const HttpQuestion& question, const ErrorKind& failure);

}  // namespace luy::seal
