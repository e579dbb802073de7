// Conversations with providers of OpenID Connect: what they say of themselves, their keys, and codes redeemed for ID
// tokens. HTTPS alone, no redirects, bounded answers. Blocks. Thread-safe; what was fetched is shared.
#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"
#include "directory/oidc.h"
#include "directory/sign_source.h"
#include "hub/ldap_link.h"

namespace luy::hub {

inline constexpr std::size_t oidc_answer_bytes_max = 64 << 10;
inline constexpr std::chrono::hours oidc_kept{1};           // What a provider says of itself, and its keys.
inline constexpr std::chrono::seconds oidc_keys_again{30};  // At most so often for a key that is not known.
inline constexpr std::size_t oidc_code_bytes_max = 4096;

class OidcLink {
 public:
  explicit OidcLink(const Clock& clock) : clock_(clock) {}

  // Where the browser goes to sign in. Errors: directory.source_silent, directory.key_set_invalid.
  Result<std::string> sign_in_address(const directory::OidcSource& source, const SourceFiles& files,
                                      const directory::SignInStates::Begun& begun, const std::string& back_to);
  // Who came back with a code. Errors: directory.source_silent, directory.id_token_refused.
  Result<directory::IdClaims> redeem(const directory::OidcSource& source, const SourceFiles& files,
                                     std::string_view code, const directory::SignInStates::Ended& ended,
                                     const std::string& back_to);
  // What sign-in needs, fetched anew. Errors: as above.
  Result<std::size_t> fetch_keys(const directory::OidcSource& source, const SourceFiles& files);

 private:
  struct Provider {
    std::string authorization;
    std::string token;
    std::string keys;
    bool basic = true;  // How it wants the client's secret.
    directory::KeySet key_set;
    Time fetched_at{};
    Time keys_at{};
  };
  Result<Provider> provider(const directory::OidcSource& source, const SourceFiles& files, bool anew);
  Result<Provider> with_new_keys(const directory::OidcSource& source, const SourceFiles& files, Provider known);

  const Clock& clock_;
  std::mutex mutex_;                           // Not held while something is fetched.
  std::map<std::string, Provider> providers_;  // By issuer, client and authorities.
};

}  // namespace luy::hub
