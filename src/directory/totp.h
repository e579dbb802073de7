// One-time codes by time (RFC 6238: HMAC-SHA-1, six digits, 30 seconds) and the secret as authenticator apps take it.
// Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"

namespace luy::directory {

inline constexpr std::size_t totp_secret_bytes = 20;  // RFC 4226 section 4 recommends 160 bits.
inline constexpr std::chrono::seconds totp_step{30};
// A code is taken one step early or late, for clocks and slow typists.
inline constexpr std::int64_t totp_window = 1;

std::int64_t totp_step_of(Time time);
std::string totp_code(std::string_view secret, std::int64_t step);
// The step whose code this is, within the window around `now` and after `last_used`; nullopt for any other text. So a
// code works once.
std::optional<std::int64_t> totp_match(std::string_view secret, std::string_view code, Time now,
                                       std::int64_t last_used);

std::string to_base32(std::string_view bytes);  // RFC 4648, without padding.
// "otpauth://totp/…", for a QR code.
std::string totp_uri(std::string_view secret, std::string_view username, std::string_view issuer);

}  // namespace luy::directory
