// RFC 3161 time-stamps: asked for when signing, read when verifying.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "signature/crypto/openssl.h"
#include "signature/sign.h"

namespace luy::signature {

// A token over SHA-256 of `stamped`, checked against the request (status, imprint, nonce). Errors: those of the call,
// timestamp_failed.
Result<std::string> fetch_timestamp(std::string_view stamped, const TimeStamping& stamping);

}  // namespace luy::signature
