#include "signature/worker.h"

#include <string>

#include "signature/worker/child.h"
#include "signature/worker/wire.h"

namespace luy::signature {
namespace {

// packaging/systemd/luy-signature-worker.socket
constexpr const char* worker_socket = "/run/luy-signature-worker.sock";

constexpr std::size_t prepared_bytes_max = pdf_bytes_max + (1 << 20);

Result<std::string> ask(const std::filesystem::path& program, std::string_view pdf, std::size_t answer_max,
                        std::string_view request) {
  if (pdf.size() > pdf_bytes_max) return Error(pdf_too_large, std::to_string(pdf.size() >> 20) + " MiB");
  return ask_child(program, {worker_time_max, answer_max, &worker_missing, &worker_limit}, request);
}

}  // namespace

std::filesystem::path worker_program() {
  // Where the unit of the worker listens; who put a socket there has root.
  std::error_code unreadable;
  if (std::filesystem::is_socket(worker_socket, unreadable)) return worker_socket;
  return program_beside("luy-signature-worker");
}

Result<Verification> verify_in_worker(const std::filesystem::path& program, std::string_view pdf,
                                      const VerifyOptions& options) {
  LUY_TRY(const std::string answer, ask(program, pdf, answer_bytes_max, encode_request(pdf, options)));
  auto decoded = decode_answer(answer);
  if (!decoded) return Error(worker_limit, "answer");
  return std::move(*decoded);
}

Result<Prepared> prepare_in_worker(const std::filesystem::path& program, std::string_view pdf,
                                   const SignRequest& request) {
  LUY_TRY(const std::string answer, ask(program, pdf, prepared_bytes_max, encode_preparation(pdf, request)));
  auto decoded = decode_prepared(answer);
  if (!decoded) return Error(worker_limit, "answer");
  return std::move(*decoded);
}

}  // namespace luy::signature
