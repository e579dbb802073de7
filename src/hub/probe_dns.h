// The bytes of a DNS question and its answer (RFC 1035 section 4). Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>

namespace luy::hub {

inline constexpr std::uint16_t dns_a = 1;
inline constexpr std::uint16_t dns_aaaa = 28;

// Empty when `name` is none.
std::string dns_question(std::uint16_t id, std::string_view name, std::uint16_t type);

struct DnsAnswer {
  unsigned code = 0;  // RCODE: 0 no error, 3 no such name.
  bool cut = false;   // There was more than fits.
  std::set<std::string> addresses;
};
// nullopt unless it is a sound answer to exactly this question.
std::optional<DnsAnswer> dns_answer(std::string_view bytes, std::string_view question);

}  // namespace luy::hub
