// What reads foreign PDFs, in a process of its own, once per file: no files, no sockets, no other processes, bounded
// memory and time, so that a PDF made to break the parser breaks only that.
#pragma once

#include <chrono>
#include <filesystem>
#include <string_view>

#include "signature/verify.h"

namespace luy::signature {

inline constexpr std::size_t worker_memory_bytes = 256 << 20;
inline constexpr std::chrono::seconds worker_time_max{10};

inline constexpr ErrorKind worker_missing{
    "signature.worker_missing", ErrorClass::unavailable,
    "Không chạy được tiến trình kiểm tra chữ ký ({}). Hãy cài lại phần mềm.",
    "The process that checks signatures cannot be started ({}). Install the software again."};
inline constexpr ErrorKind worker_limit{
    "signature.worker_limit", ErrorClass::invalid,
    "Tệp PDF làm tiến trình kiểm tra vượt giới hạn hoặc dừng bất thường ({}). Không chấp nhận tệp này.",
    "The PDF made the checking process exceed its limits or fail ({}). Do not accept this file."};

// Beside the running program, or where packages put it.
std::filesystem::path worker_program();

// As verify_pdf(); blocks until the worker ends. Thread-safe. Errors: those of verify_pdf, worker_missing,
// worker_limit.
Result<Verification> verify_in_worker(const std::filesystem::path& program, std::string_view pdf,
                                      const VerifyOptions& options);

// As prepare(); blocks until the worker ends. Thread-safe. Errors: those of prepare(), worker_missing, worker_limit.
Result<Prepared> prepare_in_worker(const std::filesystem::path& program, std::string_view pdf,
                                   const SignRequest& request);

}  // namespace luy::signature
