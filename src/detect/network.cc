#include <arpa/inet.h>

#include <algorithm>
#include <charconv>
#include <cstring>

#include "detect/error.h"
#include "detect/item.h"

namespace luy::detect {
namespace {

constexpr std::size_t address_text_max = 45;  // INET6_ADDRSTRLEN without its end.

void mask(std::uint8_t* bytes, std::size_t size, unsigned bits) {
  for (std::size_t i = 0; i < size; ++i) {
    const unsigned kept = bits > i * 8 ? std::min(8U, bits - static_cast<unsigned>(i) * 8) : 0;
    bytes[i] = static_cast<std::uint8_t>(bytes[i] & (0xFF00U >> kept));
  }
}

}  // namespace

std::size_t parse_address(std::string_view text, std::uint8_t (&bytes)[16]) {
  const std::size_t zone = text.find('%');
  if (zone != std::string_view::npos && text.find(':') < zone) text = text.substr(0, zone);
  if (text.size() > address_text_max || text.size() < 2) return 0;
  char buffer[address_text_max + 1];
  std::memcpy(buffer, text.data(), text.size());
  buffer[text.size()] = '\0';
  if (std::memchr(buffer, '\0', text.size()) != nullptr) return 0;
  const bool six = text.find(':') != std::string_view::npos;
  return inet_pton(six ? AF_INET6 : AF_INET, buffer, bytes) == 1 ? (six ? 16U : 4U) : 0U;
}

Result<Network> parse_network(std::string_view text, std::string_view where) {
  const std::size_t slash = text.find('/');
  Network out;
  const std::size_t size = parse_address(text.substr(0, slash), out.bytes);
  if (size == 0) return Error(bad_network, std::string(where));
  unsigned bits = static_cast<unsigned>(size) * 8;
  if (slash != std::string_view::npos) {
    const std::string_view rest = text.substr(slash + 1);
    const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), bits);
    if (error != std::errc() || end != rest.data() + rest.size() || bits > size * 8) {
      return Error(bad_network, std::string(where));
    }
  }
  out.size = static_cast<std::uint8_t>(size);
  out.bits = static_cast<std::uint8_t>(bits);
  mask(out.bytes, size, bits);
  return out;
}

bool contains(const Network& network, std::string_view address) {
  std::uint8_t bytes[16];
  if (parse_address(address, bytes) != network.size) return false;
  mask(bytes, network.size, network.bits);
  return std::memcmp(bytes, network.bytes, network.size) == 0;
}

}  // namespace luy::detect
