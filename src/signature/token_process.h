// A key on a token, used in a process of its own: a PKCS#11 driver is foreign code, and what it breaks or holds up must
// not be the hub. Each operation starts luy-token-worker, logs in and ends it.
#pragma once

#include <chrono>
#include <filesystem>
#include <memory>

#include "signature/signer.h"

namespace luy::signature {

inline constexpr std::chrono::seconds token_time_max{30};  // Of one operation; then the process is killed.

inline constexpr ErrorKind token_silent{
    "signature.token_silent", ErrorClass::unavailable,
    "Thiết bị ký số hoặc trình điều khiển của nó không trả lời ({}); văn bản vẫn như trước. Hãy rút ra cắm lại thiết "
    "bị "
    "rồi ký lại.",
    "The signing token or its driver does not answer ({}); the document is as it was. Plug the token in again and sign "
    "again."};
inline constexpr ErrorKind token_program_missing{
    "signature.token_program_missing", ErrorClass::unavailable,
    "Không chạy được tiến trình dùng thiết bị ký số ({}). Hãy cài lại phần mềm.",
    "The process that uses signing tokens cannot be started ({}). Install the software again."};

// Beside the running program, or where packages put it.
std::filesystem::path token_program();

// The PIN goes through a pipe and is kept as long as the signer lives. The first wrong PIN is the last one tried. The
// signer blocks for as long as the process runs. Errors: those of open_token(), token_silent, token_program_missing.
Result<std::unique_ptr<Signer>> open_token_apart(const std::filesystem::path& program, const TokenOptions& options);

}  // namespace luy::signature
