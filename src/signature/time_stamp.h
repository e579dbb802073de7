// RFC 3161 time-stamps on bytes that are no signature: asked for, and checked. The call blocks as its TimeStampCall
// does; checking is pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "signature/certificate.h"
#include "signature/sign.h"

namespace luy::signature {

// The DER of a TimeStampToken over SHA-256 of `stamped`, checked against what was asked (status, imprint, nonce): at
// most timestamp_bytes_max. `stamping` has a call and a random. Errors: those of the call, timestamp_failed.
Result<std::string> time_stamp(std::string_view stamped, const TimeStamping& stamping);

struct StampReport {
  Time time{};              // That it states.
  std::string authority{};  // Subject of its signer's certificate.
  bool is_trusted = false;  // A chain leads to one of the anchors, valid at that time.
  std::string detail{};     // Why it is not trusted, in technical English.
};
// Errors: timestamp_failed when it is no token over these bytes, or its signature is wrong.
Result<StampReport> check_time_stamp(std::string_view token, std::string_view stamped,
                                     const std::vector<Certificate>& anchors);

}  // namespace luy::signature
