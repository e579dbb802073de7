// Questions to OCSP responders (RFC 6960) as values: whom a certificate's issuer names, what is asked, and which
// certificate an answer is about. Whether an answer may be believed, verification says (verify.h). Pure; the bytes may
// come from anyone.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "signature/certificate.h"

namespace luy::signature {

inline constexpr std::size_t ocsp_answer_bytes_max = 64 << 10;
inline constexpr std::size_t ocsp_addresses_max = 4;  // Of one certificate.

inline constexpr ErrorKind bad_ocsp_answer{"signature.bad_ocsp_answer", ErrorClass::invalid,
                                           "Câu trả lời OCSP không dùng được: {}. Hãy báo đơn vị cấp chứng thư số.",
                                           "The OCSP answer cannot be used: {}. Tell the issuer of the certificates."};

// The http and https addresses at which the certificate's issuer answers (authority information access).
std::vector<std::string> ocsp_addresses(const Certificate& certificate);
// A question about one certificate in DER, without a nonce: answers made in advance count (RFC 5019 section 2.1.1).
// Errors: bad_certificate.
Result<std::string> ocsp_question(const Certificate& certificate, const Certificate& issuer);
// Until when the answer holds; nullopt where the responder promises no newer one. Errors: bad_ocsp_answer, also for one
// that is about another certificate.
Result<std::optional<Time>> read_ocsp_answer(std::string_view der, const Certificate& certificate,
                                             const Certificate& issuer);

}  // namespace luy::signature
