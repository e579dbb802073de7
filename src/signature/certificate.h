// Certificates as values: what is shown of them and what pins them to an account. Pure; the bytes may come from anyone.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"

namespace luy::signature {

inline constexpr std::size_t certificate_bytes_max = 64 << 10;
inline constexpr std::size_t certificates_max = 500;  // In one file of trust anchors.

inline constexpr ErrorKind bad_certificate{
    "signature.bad_certificate", ErrorClass::invalid,
    "Không đọc được chứng thư số: {}. Hãy dùng tệp PEM hoặc DER đúng chuẩn X.509.",
    "The certificate cannot be read: {}. Use an X.509 file, PEM or DER."};

struct Certificate {
  std::string der;
  std::string subject;      // RFC 2253, UTF-8.
  std::string common_name;  // Empty when the subject has none.
  std::string issuer;       // RFC 2253, UTF-8.
  std::string serial;       // Hexadecimal, lower case, no leading zeros.
  Time not_before{};
  Time not_after{};
  bool operator==(const Certificate&) const = default;
};

// Errors: bad_certificate.
Result<Certificate> parse_certificate(std::string_view der);
// All certificates of a file: PEM blocks, or one in DER. Errors: bad_certificate, also for none or too many.
Result<std::vector<Certificate>> read_certificates(std::string_view file);

}  // namespace luy::signature
