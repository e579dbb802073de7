// The flow by which a paper is signed outside, with the state's plug-in: it is handed out, comes back signed, and is
// taken only when it is that very document plus good signatures of those who were asked. Pure.
//
// How an incident's papers use it: keep handed_out() and the expected signers with the record of the paper; verify the
// file that comes back through worker.h with VerifyOptions::original; call check_returned(); only then count the step's
// duty as kept, and store the file, the reports and the certificates as evidence.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "signature/verify.h"

namespace luy::signature {

inline constexpr ErrorKind returned_other{
    "signature.returned_other", ErrorClass::conflict,
    "Tệp nộp lại không phải văn bản đã giao cộng chữ ký số ({}). Hãy ký đúng tệp đã tải về, không xuất lại.",
    "The file is not the document that was handed out plus signatures ({}). Sign the very file that was downloaded."};
inline constexpr ErrorKind returned_unsigned{"signature.returned_unsigned", ErrorClass::invalid,
                                             "Văn bản chưa có chữ ký số của {}. Hãy ký rồi nộp lại.",
                                             "The document lacks the signature of {}. Sign it and submit it again."};
inline constexpr ErrorKind returned_stranger{
    "signature.returned_stranger", ErrorClass::denied,
    "Chữ ký của {} không thuộc người được giao ký. Hãy ký bằng chứng thư đã đăng ký với tài khoản.",
    "The signature of {} is not of anybody asked to sign. Sign with the certificate registered with the account."};
inline constexpr ErrorKind returned_invalid{"signature.returned_invalid", ErrorClass::invalid,
                                            "Chữ ký số không được chấp nhận: {}", "The signature is not accepted: {}"};

// What is kept of a document when it is handed out; a prepared or partly signed one as well.
Original handed_out(std::string_view pdf);

// A certificate pinned to an account, as Certificate gives both.
struct ExpectedSigner {
  std::string subject;
  std::string serial;
  bool operator==(const ExpectedSigner&) const = default;
};

// `found` comes from a verification with that original. Signatures that the document had when it was handed out need
// only be valid. Errors: returned_other, returned_invalid, returned_stranger, returned_unsigned.
Result<void> check_returned(const Verification& found, const Original& original,
                            const std::vector<ExpectedSigner>& expected);

}  // namespace luy::signature
