// Passkeys: what a browser hands back after creating or using one (WebAuthn level 2), checked. ES256 and RS256; the
// attestation is not looked at ("none": the town trusts the person who registers, not the maker of the key). Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace luy::directory {

// The detail is for the log and the person; it gives nothing away.
inline constexpr ErrorKind passkey_refused{"directory.passkey_refused", ErrorClass::unauthenticated,
                                           "Không chấp nhận khóa đăng nhập này: {}.",
                                           "This passkey is not accepted: {}."};

inline constexpr std::size_t passkey_id_bytes_max = 1023;  // WebAuthn section 4: a credential id.
inline constexpr std::size_t passkey_part_bytes_max = 16 << 10;

// Who relies on the key: the host name the console is opened under, and its whole origin.
struct RelyingParty {
  std::string id;      // "luy.bimson.gov.vn"
  std::string origin;  // "https://luy.bimson.gov.vn:8443"
};
// From a request's Host header; nullopt for what is no host name (an address cannot have passkeys).
std::optional<RelyingParty> relying_party_of(std::string_view host);

enum class PasskeyAlgorithm : std::int32_t { es256 = -7, rs256 = -257 };  // COSE's numbers.

struct PasskeyKey {
  PasskeyAlgorithm algorithm = PasskeyAlgorithm::es256;
  std::string der;  // SubjectPublicKeyInfo.
};

struct NewPasskey {
  std::string credential_id;
  PasskeyKey key;
  std::uint32_t sign_count = 0;
};

// Checks what navigator.credentials.create() answered: type, challenge, origin, relying party, presence and
// verification of the person, the key. All parts are bytes. Errors: passkey_refused.
Result<NewPasskey> check_registration(const RelyingParty& party, std::string_view challenge,
                                      std::string_view client_data, std::string_view attestation_object);

struct PasskeyUse {
  std::string_view client_data;
  std::string_view authenticator_data;
  std::string_view signature;
};
// Checks what navigator.credentials.get() answered by the key registered; answers the new counter. A counter that does
// not grow means a copy of the key, unless both are zero, which means that it does not count. Errors: passkey_refused.
Result<std::uint32_t> check_use(const RelyingParty& party, std::string_view challenge, const PasskeyKey& key,
                                std::uint32_t sign_count, const PasskeyUse& use);

}  // namespace luy::directory
