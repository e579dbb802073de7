// What goes through the pipes between token_process.h and luy-token-worker.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "signature/signer.h"

namespace luy::signature {

struct TokenRequest {
  TokenOptions options{};  // Without issuers.
  std::string message{};   // Empty: only the key's certificate is wanted.
};
std::string encode_token_request(const TokenRequest& request);
std::optional<TokenRequest> decode_token_request(std::string_view bytes);

struct TokenAnswer {
  std::string certificate{};  // DER.
  KeyKind kind = KeyKind::rsa;
  std::string signature{};
};
std::string encode_token_answer(const Result<TokenAnswer>& answer);
std::optional<Result<TokenAnswer>> decode_token_answer(std::string_view bytes);

}  // namespace luy::signature
