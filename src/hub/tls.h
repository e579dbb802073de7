// TLS settings of the encrypted listeners (docs/adr/0061, 0117). The console port speaks TLS 1.3 only; the agent port
// also 1.2 with ECDHE and AEAD, because WinHTTP of Windows 10 has nothing newer, and demands a certificate of our own
// authority.
#pragma once

#include <openssl/types.h>

#include <filesystem>
#include <memory>

#include "base/result.h"

namespace luy::hub {

inline constexpr ErrorKind tls_setup{"hub.tls_setup", ErrorClass::internal, "Không thiết lập được TLS: {}.",
                                     "TLS could not be set up: {}."};

// inputs: syslog and HTTP senders, some of them old appliances: as agent, but a client certificate is optional and may
// be anybody's. It proves a key; whose that is, people decide.
enum class TlsProfile { console, agent, inputs };

struct TlsFiles {
  std::filesystem::path certificate_chain;
  std::filesystem::path key;
  std::filesystem::path client_ca;  // Used by the agent profile only.
};

// Shared by every connection that was opened with it: a renewed certificate is a new context, and the old one lives as
// long as its last connection.
using TlsContext = std::shared_ptr<SSL_CTX>;

Result<TlsContext> make_tls_context(TlsProfile profile, const TlsFiles& files);

}  // namespace luy::hub
