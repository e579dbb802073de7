#include "hub/oidc_link.h"

#include <algorithm>
#include <boost/json.hpp>
#include <utility>

#include "base/encoding.h"
#include "seal/http_call.h"

namespace luy::hub {
namespace {

namespace json = boost::json;
using directory::OidcSource;

constexpr std::size_t json_depth_max = 16;

Error silent(const std::string& what) {
  return Error(directory::source_silent, what);
}

std::string key_of(const OidcSource& source, const SourceFiles& files) {
  return source.issuer + " " + source.client_id + " " + files.ca.string();
}

Result<json::object> object_in(std::string_view text, const std::string& where) {
  json::parse_options options;
  options.max_depth = json_depth_max;
  boost::system::error_code bad;
  json::value parsed = json::parse(text, bad, {}, options);
  if (bad || !parsed.is_object()) return silent(where + ": JSON");
  return std::move(parsed.get_object());
}

std::string text_in(const json::object& object, std::string_view name) {
  const json::value* found = object.if_contains(name);
  return found != nullptr && found->is_string() ? std::string(found->get_string()) : std::string();
}

// Whether a list that may be missing holds `wanted`.
bool names(const json::object& object, std::string_view list, std::string_view wanted, bool if_missing) {
  const json::value* found = object.if_contains(list);
  if (found == nullptr || !found->is_array()) return if_missing;
  const json::array& all = found->get_array();
  return std::any_of(all.begin(), all.end(), [&](const json::value& one) {
    return one.is_string() && std::string_view(one.get_string()) == wanted;
  });
}

// RFC 3986 section 2.3: everything else is escaped.
std::string escaped(std::string_view text) {
  constexpr std::string_view hex = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       std::string_view("-._~").find(c) != std::string_view::npos;
    if (plain) {
      out += c;
    } else {
      out += '%';
      out += hex[byte >> 4];
      out += hex[byte & 15];
    }
  }
  return out;
}

std::string form(std::initializer_list<std::pair<std::string_view, std::string_view>> fields) {
  std::string out;
  for (const auto& [name, value] : fields) {
    if (!out.empty()) out += '&';
    out += std::string(name) + "=" + escaped(value);
  }
  return out;
}

Result<seal::HttpQuestion> question(const std::string& url, const SourceFiles& files) {
  const auto to = seal::http_address_of(url);
  if (!to || !to->is_tls) return silent("https: " + url);
  seal::HttpQuestion out;
  out.to = *to;
  out.answer_bytes_max = oidc_answer_bytes_max;
  out.ca_file = files.ca.string();
  return out;
}

}  // namespace

Result<OidcLink::Provider> OidcLink::provider(const OidcSource& source, const SourceFiles& files, bool anew) {
  const std::string key = key_of(source, files);
  const Time now = clock_.now();
  {
    const std::lock_guard lock(mutex_);
    const auto found = providers_.find(key);
    const bool fresh =
        found != providers_.end() && now >= found->second.fetched_at && now - found->second.fetched_at < oidc_kept;
    if (fresh && !anew) return found->second;
  }
  std::string base = source.issuer;
  while (base.ends_with('/')) base.pop_back();
  // OpenID Connect Discovery 1.0 section 4.
  const std::string url = base + "/.well-known/openid-configuration";
  LUY_TRY(const seal::HttpQuestion asked, question(url, files));
  LUY_TRY(const std::string text, seal::http_call(asked, directory::source_silent));
  LUY_TRY(const json::object told, object_in(text, url));
  if (text_in(told, "issuer") != source.issuer) return silent("issuer: " + text_in(told, "issuer").substr(0, 200));
  Provider out;
  out.authorization = text_in(told, "authorization_endpoint");
  out.token = text_in(told, "token_endpoint");
  out.keys = text_in(told, "jwks_uri");
  for (const std::string* one : {&out.authorization, &out.token, &out.keys}) {
    const auto address = seal::http_address_of(*one);
    if (!address || !address->is_tls || one->find('#') != std::string::npos) return silent("https: " + *one);
  }
  if (!names(told, "code_challenge_methods_supported", "S256", true)) return silent("PKCE S256");
  // OpenID Connect Discovery 1.0 section 3: client_secret_basic when nothing is said.
  out.basic = names(told, "token_endpoint_auth_methods_supported", "client_secret_basic", true);
  out.fetched_at = now;
  return with_new_keys(source, files, std::move(out));
}

Result<OidcLink::Provider> OidcLink::with_new_keys(const OidcSource& source, const SourceFiles& files, Provider known) {
  LUY_TRY(const seal::HttpQuestion asked, question(known.keys, files));
  LUY_TRY(const std::string text, seal::http_call(asked, directory::source_silent));
  LUY_TRY(known.key_set, directory::KeySet::parse(text));
  known.keys_at = clock_.now();
  const std::lock_guard lock(mutex_);
  if (providers_.size() > directory::sources_max) providers_.clear();  // Of sources that were changed.
  providers_[key_of(source, files)] = known;
  return known;
}

Result<std::size_t> OidcLink::fetch_keys(const OidcSource& source, const SourceFiles& files) {
  LUY_TRY(const Provider known, provider(source, files, true));
  return known.key_set.size();
}

Result<std::string> OidcLink::sign_in_address(const OidcSource& source, const SourceFiles& files,
                                              const directory::SignInStates::Begun& begun, const std::string& back_to) {
  LUY_TRY(const Provider known, provider(source, files, false));
  std::string scopes;
  for (const std::string& scope : source.scopes) scopes += (scopes.empty() ? "" : " ") + scope;
  const std::string challenge = directory::code_challenge(begun.verifier);
  return known.authorization + (known.authorization.find('?') == std::string::npos ? "?" : "&") +
         form({{"response_type", "code"},
               {"client_id", source.client_id},
               {"redirect_uri", back_to},
               {"scope", scopes},
               {"state", begun.state},
               {"nonce", begun.nonce},
               {"code_challenge", challenge},
               {"code_challenge_method", "S256"}});
}

Result<directory::IdClaims> OidcLink::redeem(const OidcSource& source, const SourceFiles& files, std::string_view code,
                                             const directory::SignInStates::Ended& ended, const std::string& back_to) {
  LUY_TRY(Provider known, provider(source, files, false));
  LUY_TRY(seal::HttpQuestion asked, question(known.token, files));
  asked.is_post = true;
  asked.content_type = "application/x-www-form-urlencoded";
  asked.body = form({{"grant_type", "authorization_code"},
                     {"code", code},
                     {"redirect_uri", back_to},
                     {"code_verifier", ended.verifier}});
  if (files.secret.empty()) {
    asked.body += "&" + form({{"client_id", source.client_id}});
  } else if (known.basic) {
    // RFC 6749 section 2.3.1.
    asked.authorization = "Basic " + to_base64(escaped(source.client_id) + ":" + escaped(files.secret));
  } else {
    asked.body += "&" + form({{"client_id", source.client_id}, {"client_secret", files.secret}});
  }
  LUY_TRY(const std::string text, seal::http_call(asked, directory::source_silent));
  LUY_TRY(const json::object answer, object_in(text, known.token));
  const std::string id_token = text_in(answer, "id_token");
  const std::string access_token = text_in(answer, "access_token");
  if (id_token.empty()) return silent(known.token + ": id_token");
  directory::ExpectedToken expected{source.issuer, source.client_id, ended.nonce, clock_.now()};
  if (!access_token.empty()) expected.access_token = access_token;
  auto claims = directory::check_id_token(id_token, known.key_set, expected);
  // Providers change their keys: one that is not known may be new.
  const bool unknown = !claims && claims.error().is(directory::id_token_refused) && claims.error().detail() == "kid";
  const Time now = clock_.now();
  if (!unknown || (now >= known.keys_at && now - known.keys_at < oidc_keys_again)) return claims;
  LUY_TRY(known, with_new_keys(source, files, std::move(known)));
  return directory::check_id_token(id_token, known.key_set, expected);
}

}  // namespace luy::hub
