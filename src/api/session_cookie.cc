#include "api/session_cookie.h"

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

}  // namespace luy::api
