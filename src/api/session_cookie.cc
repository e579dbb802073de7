#include "api/session_cookie.h"

#include <algorithm>

#include "directory/token.h"

#include <algorithm>

namespace luy::api {
namespace {

constexpr std::string_view attributes = "; Path=/; Secure; HttpOnly; SameSite=Strict";

std::string_view trimmed(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

}  // namespace

std::string session_cookie(std::string_view token) {
  return std::string(session_cookie_name) + "=" + std::string(token) + std::string(attributes);
}

std::string ended_session_cookie() {
  return session_cookie("") + "; Max-Age=0";
}

std::string session_token_of(std::string_view header) {
  std::string token;
  while (!header.empty()) {
    const std::size_t end = std::min(header.find(';'), header.size());
    const std::string_view pair = trimmed(header.substr(0, end));
    header.remove_prefix(std::min(end + 1, header.size()));
    const std::size_t equals = pair.find('=');
    if (equals == std::string_view::npos || pair.substr(0, equals) != session_cookie_name) continue;
    if (!token.empty()) return {};
    token = pair.substr(equals + 1);
  }
  return token;
}

Result<Credential> credential_of(std::string_view cookie_header, std::string_view authorization_header) {
  constexpr std::string_view scheme = "bearer ";
  std::string start(authorization_header.substr(0, scheme.size()));
  std::transform(start.begin(), start.end(), start.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; });
  std::string session = session_token_of(cookie_header);
  if (start != scheme) {
    // A cookie never carries what only a header may.
    if (session.starts_with(directory::token_prefix)) session.clear();
    return Credential{std::move(session), false};
  }
  if (!session.empty()) return Error(two_credentials);
  std::string_view token = authorization_header.substr(scheme.size());
  while (token.starts_with(' ')) token.remove_prefix(1);
  // Nor does a header carry what only a cookie may: the answer is that of a token that nobody has.
  if (!token.starts_with(directory::token_prefix)) return Credential{std::string(directory::token_prefix), true};
  return Credential{std::string(token), true};
}

}  // namespace luy::api
