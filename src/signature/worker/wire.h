// What goes through the pipes between worker.h and the worker. One version of both is installed together.
#pragma once

#include <string>
#include <string_view>

#include "signature/verify.h"

namespace luy::signature {

inline constexpr std::size_t answer_bytes_max = 8 << 20;

std::string encode_request(std::string_view pdf, const VerifyOptions& options);
struct Request {
  std::string_view pdf;  // Borrowed from the encoded bytes.
  VerifyOptions options;
};
std::optional<Request> decode_request(std::string_view bytes);  // nullopt also for a preparation.

std::string encode_answer(const Result<Verification>& answer);
std::optional<Result<Verification>> decode_answer(std::string_view bytes);

std::string encode_preparation(std::string_view pdf, const SignRequest& request);
struct Preparation {
  std::string_view pdf;  // Borrowed from the encoded bytes.
  SignRequest request;
};
std::optional<Preparation> decode_preparation(std::string_view bytes);  // nullopt also for a verification.

std::string encode_prepared(const Result<Prepared>& answer);
std::optional<Result<Prepared>> decode_prepared(std::string_view bytes);

}  // namespace luy::signature
