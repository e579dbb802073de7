// Sign-in sources as values: where people may sign in from besides here, a directory asked by LDAP or a provider of
// OpenID Connect, and what such a source must be to be believed. Pure. No secret is in here: a source names files of a
// folder on the server (docs/format/admin.md), and never a path.
#pragma once

#include <boost/json.hpp>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/id.h"
#include "base/result.h"

namespace luy::directory {

// The detail is a sentence that names the setting.
inline constexpr ErrorKind source_invalid{"directory.source_invalid", ErrorClass::invalid,
                                          "Cấu hình nguồn đăng nhập không hợp lệ: {}.",
                                          "The sign-in source is not set up right: {}."};

inline constexpr std::size_t source_name_bytes_max = 200;
inline constexpr std::size_t source_text_bytes_max = 1000;  // A base, a filter, an address.
inline constexpr std::size_t source_urls_max = 4;
inline constexpr std::size_t source_scopes_max = 16;
inline constexpr std::size_t source_file_chars_max = 64;
inline constexpr std::size_t attribute_chars_max = 64;
inline constexpr std::size_t username_source_chars_max = 100;

using SourceId = Id<struct SignSourceTag>;

enum class SourceKind : std::uint8_t { ldap, oidc };
std::string_view name_of(SourceKind kind);

// Which attribute of an entry says what; those that may be empty are then not read.
struct AttributeMap {
  std::string username;
  std::string name;
  std::string mail{};
  std::string position{};
  std::string department{};  // Code or name of an agency: where somebody new works.
  bool operator==(const AttributeMap&) const = default;
};

struct LdapSource {
  std::vector<std::string> urls;  // ldaps://host[:port], or ldap:// where start_tls says so; asked in turn.
  bool start_tls = false;
  std::string base;
  std::string filter;  // Who is a person that may sign in (RFC 4515).
  std::string key;     // The attribute that stays when name and place change: entryUUID or objectGUID.
  std::string bind_dn;
  std::string secret_file;  // Holds the password of bind_dn.
  std::string ca_file;      // Certificates of the only authorities believed.
  AttributeMap map;
  bool operator==(const LdapSource&) const = default;
};

struct OidcSource {
  std::string issuer;  // https://…, exactly as the provider writes itself.
  std::string client_id;
  std::vector<std::string> scopes;  // With "openid".
  std::string secret_file{};        // Empty: a public client, which proves itself by PKCE alone.
  std::string ca_file{};            // Empty: the authorities that the system believes.
  // Whether its word for a second factor (amr, RFC 8176) spares ours.
  bool second_factor = false;
  bool operator==(const OidcSource&) const = default;
};

struct SourceSettings {
  std::string name;  // On the button of the sign-in page.
  AgencyId agency;   // People in it and below it may sign in.
  bool enabled = true;
  std::optional<LdapSource> ldap{};  // Exactly one of the two.
  std::optional<OidcSource> oidc{};
  SourceKind kind() const { return ldap ? SourceKind::ldap : SourceKind::oidc; }
  bool operator==(const SourceSettings&) const = default;
};

// As the API has it: {name, agency, enabled, kind, ldap|oidc}.
boost::json::object to_json(const SourceSettings& settings);
// Checked. Errors: source_invalid.
Result<SourceSettings> source_from_json(const boost::json::value& value);

// Whether the methods a provider names (amr) are two factors: "mfa", or two of different sorts – something known, held,
// and of the body.
bool are_two_factors(const std::vector<std::string>& methods);

// A value in a filter (RFC 4515 section 3): nothing of it is read as part of the filter.
std::string ldap_escaped(std::string_view value);
// What finds one person by the name they typed.
std::string ldap_filter_for(const LdapSource& source, std::string_view username);
// What people may type as a name for a source: letters without marks, digits and . _ - @. A directory takes many
// spellings for one name – case, blanks, marks – and each would have guesses of its own.
bool is_source_username(std::string_view text);

}  // namespace luy::directory
