// Keys that sign: on a PKCS#11 token, where they never leave it, or in a file (for tests and trials). RSA from 2048
// bits and EC P-256; SHA-256.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "signature/certificate.h"

namespace luy::signature {

inline constexpr ErrorKind token_missing{
    "signature.token_missing", ErrorClass::unavailable,
    "Không thấy thiết bị ký số: {}. Hãy cắm lại thiết bị và kiểm tra trình điều khiển PKCS#11.",
    "The signing token is not there: {}. Plug it in and check its PKCS#11 driver."};
inline constexpr ErrorKind token_pin{
    "signature.token_pin", ErrorClass::denied,
    "Thiết bị ký số không chấp nhận mã PIN. Hãy kiểm tra lại; nhập sai nhiều lần thiết bị sẽ bị khóa.",
    "The signing token does not accept the PIN. Check it; the token locks after several wrong ones."};
inline constexpr ErrorKind key_missing{"signature.key_missing", ErrorClass::not_found,
                                       "Không có khóa và chứng thư khớp nhau trong {}. Hãy kiểm tra nhãn khóa.",
                                       "There is no key with its certificate in {}. Check the key's label."};
inline constexpr ErrorKind key_refused{
    "signature.key_refused", ErrorClass::invalid,
    "Khóa ký không đạt yêu cầu: {}. Hãy dùng khóa RSA từ 2048 bit hoặc EC P-256.",
    "The signing key is not acceptable: {}. Use an RSA key of 2048 bits or more, or EC P-256."};
inline constexpr ErrorKind token_gone{
    "signature.token_gone", ErrorClass::unavailable,
    "Thiết bị ký số không trả lời khi đang ký ({}); văn bản vẫn như trước khi ký. Hãy cắm lại thiết bị và ký lại.",
    "The signing token failed while signing ({}); the document is as it was. Plug the token in again and sign again."};

enum class KeyKind : std::uint8_t { rsa, ec_p256 };

// Not thread-safe. May block for as long as the token takes.
class Signer {
 public:
  virtual ~Signer() = default;
  virtual const Certificate& certificate() const = 0;
  // Certificates of its issuers, as far as they came with the key; in no order.
  virtual const std::vector<Certificate>& issuers() const = 0;
  virtual KeyKind kind() const = 0;
  // The signature over SHA-256 of `message`: PKCS#1 v1.5, or ECDSA as DER. Errors: token_gone.
  virtual Result<std::string> sign(std::string_view message) = 0;
};

struct TokenOptions {
  std::filesystem::path module;  // The PKCS#11 driver; code that runs in this process.
  std::string token_label;
  std::string key_label;
  std::string pin;                     // Used once; never logged, not kept.
  std::vector<Certificate> issuers{};  // Those that do not lie on the token.
};
// Logs in and finds the key with its certificate. Errors: token_missing, token_pin, key_missing, key_refused.
Result<std::unique_ptr<Signer>> open_token(const TokenOptions& options);

// A PKCS#12 file, or PEM blocks of key and certificates (the key's own first). For tests and trials: a key that can be
// copied is nobody's seal. Errors: those of read_file, key_missing (also for a wrong password), key_refused.
Result<std::unique_ptr<Signer>> open_key_file(const std::filesystem::path& file, std::string_view password);

}  // namespace luy::signature
