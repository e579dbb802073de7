// What the desk of sign-in sources and its routes share. Private to them.
#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "directory/oidc.h"
#include "directory/sync.h"
#include "hub/ask_thread.h"
#include "hub/ldap_link.h"
#include "hub/oidc_link.h"
#include "hub/source_desk.h"

namespace luy::hub {

inline constexpr std::chrono::seconds sign_in_wait_max{15};
inline constexpr std::chrono::seconds listing_wait_max{60};
inline constexpr std::chrono::minutes code_lifetime{5};  // Between a provider's answer and our second factor.
inline constexpr std::size_t codes_waiting_max = 1000;
// Cookies of a sign-in under way. The first comes back from the provider's page, so it is Lax, and it alone.
inline constexpr std::string_view oidc_cookie = "__Host-luy_sign_in";
inline constexpr std::string_view code_cookie = "__Host-luy_code";

// Whom a provider vouched for, while our second factor is asked for.
struct WaitingCode {
  std::string source;
  std::string subject;
  bool public_place = false;
  Time until{};
};

struct SourceDesk::Parts {
  explicit Parts(Dependencies dependencies);

  // Settings and files of a source that may be asked. Errors: directory.source_unknown, hub.source_file.
  struct Asked {
    directory::SignSource source;
    SourceFiles files;
  };
  Result<Asked> asked(const directory::SourceId& id) const;
  // What asking came to, for the list of sources; logged when it cannot be written.
  void note(const directory::SourceId& id, const std::optional<Error>& problem);
  Result<std::string> check_password(const directory::SignSource& source, std::string_view username,
                                     std::string_view password);
  // A case for everybody whom a sync let leave and who has none.
  void open_leaves();
  std::string back_to(const directory::SourceId& id) const;

  // Said once; nullopt when it is over or nobody's.
  std::string keep_code(WaitingCode waiting);
  std::optional<WaitingCode> waiting_code(const std::string& key);
  void forget_code(const std::string& key);

  const Dependencies d;
  directory::Syncs syncs;
  directory::SignInStates states;
  OidcLink oidc;
  std::mutex mutex;
  std::map<std::string, WaitingCode> codes;  // By the hash of the cookie.
  AskThread sign_ins;
  AskThread listings;
};

// {"name":…, "ok":…, "text":{…}} of one step of a test.
struct TestStep {
  std::string name;
  bool ok = false;
  std::string vi, en;
};
std::vector<TestStep> test_ldap(const directory::LdapSource& source, const SourceFiles& files);
std::vector<TestStep> test_oidc(OidcLink& link, const directory::OidcSource& source, const SourceFiles& files);

// The value of a cookie in a Cookie header; empty when there is none, or more than one.
std::string cookie_value(std::string_view header, std::string_view name);

}  // namespace luy::hub
