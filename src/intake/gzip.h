// A gzip body (RFC 1952) unpacked within a bound. Pure.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace luy::intake {

inline constexpr ErrorKind body_gzip{"intake.body_gzip", ErrorClass::invalid, "Nội dung nén gzip bị hỏng: {}.",
                                     "The gzip body is damaged: {}."};
inline constexpr ErrorKind body_too_large{"intake.body_too_large", ErrorClass::too_large,
                                          "Nội dung sau khi giải nén vượt {} byte. Hãy gửi các lô nhỏ hơn.",
                                          "The unpacked body exceeds {} bytes. Send smaller batches."};

// Errors: body_gzip, body_too_large; both before more than `bytes_max` bytes and one buffer were held.
Result<std::string> gunzip(std::string_view packed, std::size_t bytes_max);

}  // namespace luy::intake
