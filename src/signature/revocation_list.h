// Certificate revocation lists as values: whose they are, until when they hold, and where certificates say that they
// are found. Pure; the bytes may come from anyone.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "signature/certificate.h"

namespace luy::signature {

inline constexpr std::size_t revocation_list_bytes_max = 16 << 20;
inline constexpr std::size_t distribution_points_max = 8;  // Of one certificate.

inline constexpr ErrorKind bad_revocation_list{
    "signature.bad_revocation_list", ErrorClass::invalid,
    "Không đọc được danh sách thu hồi chứng thư: {}. Hãy dùng tệp CRL (PEM hoặc DER).",
    "The certificate revocation list cannot be read: {}. Use a CRL, PEM or DER."};

struct RevocationList {
  std::string issuer;  // RFC 2253, UTF-8.
  Time this_update{};
  std::optional<Time> next_update;
  std::string der;
  // Whoever issued it has promised another one by then.
  bool is_stale(Time now) const { return next_update && *next_update < now; }
};

// Errors: bad_revocation_list.
Result<RevocationList> read_revocation_list(std::string_view file);
// Whether `issuer` signed it.
bool is_signed_by(const RevocationList& list, const Certificate& issuer);
// The http and https addresses at which the certificate's issuer publishes its list.
std::vector<std::string> distribution_points(const Certificate& certificate);

}  // namespace luy::signature
