// Ranges of addresses ("10.56.1.0/24") and what lies in them. Pure.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace luy::premises {

struct Prefix {
  bool is_v6 = false;
  std::array<std::uint8_t, 16> bytes{};  // The first four of an IPv4 address.
  int bits = 0;
  auto operator<=>(const Prefix&) const = default;
};

// An address with or without its length; without one it is the address alone. nullopt: none.
std::optional<Prefix> prefix_of(std::string_view text);
// Without the bits of a host: "10.56.1.7/24" is in "10.56.1.0/24".
Prefix network_of(Prefix one);
std::string text_of(const Prefix& one);
bool contains(const Prefix& range, const Prefix& address);
bool overlaps(const Prefix& a, const Prefix& b);

// Whether the address is one of the Internet: none of a private network (RFC 1918, 6598, 4193), of the machine itself
// or of the link alone.
bool is_public(const Prefix& address);
// Whether it names a machine beyond its link: neither link-local nor of the machine itself.
bool is_routable(const Prefix& address);

}  // namespace luy::premises
