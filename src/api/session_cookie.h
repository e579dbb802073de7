// What a request proves itself with: the cookie of a session, or an API token. Pure.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace luy::api {

inline constexpr ErrorKind two_credentials{"api.two_credentials", ErrorClass::invalid,
                                           "Gửi phiên làm việc hoặc mã truy cập API, không gửi cả hai.",
                                           "Send the cookie of a session or an API token, not both."};

// The prefix __Host- makes browsers insist on Secure, Path=/ and no Domain, so no sister host can set it.
inline constexpr std::string_view session_cookie_name = "__Host-luy_session";

// Values of Set-Cookie. Without an age, so the cookie goes with the browser; the session ends on the server anyway.
std::string session_cookie(std::string_view token);
std::string ended_session_cookie();

// The token in a Cookie header (RFC 6265 section 4.2); empty when there is none, or more than one.
std::string session_token_of(std::string_view cookie_header);

struct Credential {
  std::string token;    // A session's, or an API token's with its prefix; empty when there is none.
  bool bearer = false;  // An API token: no page of a browser can be made to send it.
};
// Of the headers Cookie and Authorization. Another scheme than Bearer (RFC 6750 section 2.1) is none of ours. An API
// token is taken from the one header only, a session's from the other. Errors: two_credentials.
Result<Credential> credential_of(std::string_view cookie_header, std::string_view authorization_header);

}  // namespace luy::api
