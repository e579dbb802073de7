#include "directory/totp.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>

#include "base/check.h"
#include "base/encoding.h"
#include "base/hash.h"

namespace luy::directory {
namespace {

constexpr std::size_t digits = 6;

std::string percent_encoded(std::string_view text) {
  constexpr std::string_view plain = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
  constexpr std::string_view hex = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    if (plain.find(c) != std::string_view::npos) {
      out += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    out += '%';
    out += hex[byte >> 4U];
    out += hex[byte & 15U];
  }
  return out;
}

}  // namespace

std::int64_t totp_step_of(Time time) {
  return std::chrono::floor<std::chrono::seconds>(time.time_since_epoch()) / totp_step;
}

std::string totp_code(std::string_view secret, std::int64_t step) {
  std::string message;
  put_u64(message, static_cast<std::uint64_t>(step));
  std::array<unsigned char, EVP_MAX_MD_SIZE> mac{};
  unsigned size = 0;
  LUY_CHECK(HMAC(EVP_sha1(), secret.data(), static_cast<int>(secret.size()),
                 reinterpret_cast<const unsigned char*>(message.data()), message.size(), mac.data(), &size) != nullptr);
  // RFC 4226 section 5.3: four bytes from where the last nibble points, without the sign.
  const std::size_t at = mac[size - 1] & 15U;
  std::uint32_t number = (mac[at] & 0x7fU) << 24U | static_cast<std::uint32_t>(mac[at + 1]) << 16U |
                         static_cast<std::uint32_t>(mac[at + 2]) << 8U | mac[at + 3];
  std::string out(digits, '0');
  for (std::size_t i = digits; i-- > 0; number /= 10) out[i] = static_cast<char>('0' + number % 10);
  return out;
}

std::optional<std::int64_t> totp_match(std::string_view secret, std::string_view code, Time now,
                                       std::int64_t last_used) {
  if (code.size() != digits) return std::nullopt;
  const std::int64_t present = totp_step_of(now);
  std::optional<std::int64_t> found;
  for (std::int64_t step = present - totp_window; step <= present + totp_window; ++step) {
    const bool same = equal_constant_time(totp_code(secret, step), code);
    if (same && step > last_used && !found) found = step;
  }
  return found;
}

std::string to_base32(std::string_view bytes) {
  constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  std::string out;
  std::uint32_t bits = 0;
  unsigned held = 0;
  for (const char c : bytes) {
    bits = bits << 8U | static_cast<unsigned char>(c);
    for (held += 8; held >= 5; held -= 5) out += alphabet[bits >> (held - 5) & 31U];
  }
  if (held > 0) out += alphabet[bits << (5 - held) & 31U];
  return out;
}

std::string totp_uri(std::string_view secret, std::string_view username, std::string_view issuer) {
  return "otpauth://totp/" + percent_encoded(issuer) + ":" + percent_encoded(username) +
         "?secret=" + to_base32(secret) + "&issuer=" + percent_encoded(issuer) + "&algorithm=SHA1&digits=6&period=30";
}

}  // namespace luy::directory
