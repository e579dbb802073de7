#include "premises/prefix.h"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>

namespace luy::premises {
namespace {

bool is_in(const Prefix& address, std::initializer_list<std::string_view> ranges) {
  return std::any_of(ranges.begin(), ranges.end(), [&](std::string_view text) {
    const auto range = prefix_of(text);
    return range && contains(*range, address);
  });
}

}  // namespace

std::optional<Prefix> prefix_of(std::string_view text) {
  const auto slash = text.find('/');
  const std::string host(text.substr(0, slash));
  Prefix out;
  out.is_v6 = host.find(':') != std::string::npos;
  if (inet_pton(out.is_v6 ? AF_INET6 : AF_INET, host.c_str(), out.bytes.data()) != 1) return std::nullopt;
  const int bits_max = out.is_v6 ? 128 : 32;
  out.bits = bits_max;
  if (slash == std::string_view::npos) return out;
  const char* end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data() + slash + 1, end, out.bits);
  if (parsed.ec != std::errc() || parsed.ptr != end || out.bits < 0 || out.bits > bits_max) return std::nullopt;
  return out;
}

Prefix network_of(Prefix one) {
  for (int bit = one.bits; bit < 128; ++bit) {
    auto& byte = one.bytes[static_cast<std::size_t>(bit / 8)];
    byte = static_cast<std::uint8_t>(byte & ~(0x80 >> (bit % 8)));
  }
  return one;
}

std::string text_of(const Prefix& one) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  inet_ntop(one.is_v6 ? AF_INET6 : AF_INET, one.bytes.data(), text.data(), text.size());
  const std::string address = text.data();
  return one.bits == (one.is_v6 ? 128 : 32) ? address : address + "/" + std::to_string(one.bits);
}

bool contains(const Prefix& range, const Prefix& address) {
  if (range.is_v6 != address.is_v6) return false;
  Prefix cut = address;
  cut.bits = range.bits;
  return network_of(cut).bytes == network_of(range).bytes;
}

bool overlaps(const Prefix& a, const Prefix& b) {
  return a.bits <= b.bits ? contains(a, b) : contains(b, a);
}

bool is_routable(const Prefix& address) {
  return !is_in(address, {"127.0.0.0/8", "169.254.0.0/16", "0.0.0.0/8", "fe80::/10", "::/127"});
}

bool is_public(const Prefix& address) {
  return is_routable(address) &&
         !is_in(address, {"10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7"});
}

}  // namespace luy::premises
