// The CMS of a PAdES signature (RFC 5652, ETSI EN 319 122-1): detached, SHA-256, one signer, signed attributes
// content-type, message-digest and signing-certificate-v2. No signing-time: PAdES keeps the claimed time in the PDF
// (EN 319 142-1, table 1), which is why OpenSSL's own signing call, which always adds it, is not used.
#pragma once

#include <span>

#include "signature/sign.h"

namespace luy::signature {

Result<std::string> build_cms(std::span<const std::string_view> parts, Signer& signer, const TimeStamping& stamping);

}  // namespace luy::signature
