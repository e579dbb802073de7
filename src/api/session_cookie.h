// The cookie that carries a session's token. Pure.
#pragma once

#include <string>
#include <string_view>

namespace luy::api {

// The prefix __Host- makes browsers insist on Secure, Path=/ and no Domain, so no sister host can set it.
inline constexpr std::string_view session_cookie_name = "__Host-luy_session";

// Values of Set-Cookie. Without an age, so the cookie goes with the browser; the session ends on the server anyway.
std::string session_cookie(std::string_view token);
std::string ended_session_cookie();

// The token in a Cookie header (RFC 6265 section 4.2); empty when there is none, or more than one.
std::string session_token_of(std::string_view cookie_header);

}  // namespace luy::api
