#include "signature/token_process.h"

#include <openssl/crypto.h>

#include "signature/worker/child.h"
#include "signature/worker/token_wire.h"

namespace luy::signature {
namespace {

constexpr std::size_t token_answer_bytes_max = 64 << 10;  // A certificate and a signature.

Result<TokenAnswer> ask(const std::filesystem::path& program, const TokenRequest& request) {
  // Drivers read where their tokens are from the environment.
  const ChildRules rules{token_time_max, token_answer_bytes_max, &token_program_missing, &token_silent, true};
  std::string bytes = encode_token_request(request);
  const auto answer = ask_child(program, rules, bytes);
  OPENSSL_cleanse(bytes.data(), bytes.size());
  if (!answer) return answer.error();
  auto decoded = decode_token_answer(*answer);
  if (!decoded) return Error(token_silent, "answer");
  return std::move(*decoded);
}

class ApartSigner final : public Signer {
 public:
  ApartSigner(std::filesystem::path program, TokenOptions options, KeyKind kind, Certificate certificate)
      : program_(std::move(program)), options_(std::move(options)), kind_(kind), certificate_(std::move(certificate)) {}
  ~ApartSigner() override { OPENSSL_cleanse(options_.pin.data(), options_.pin.size()); }

  const Certificate& certificate() const override { return certificate_; }
  const std::vector<Certificate>& issuers() const override { return options_.issuers; }
  KeyKind kind() const override { return kind_; }
  Result<std::string> sign(std::string_view message) override {
    LUY_TRY(TokenAnswer answer, ask(program_, {options_, std::string(message)}));
    // Another token may have been plugged in between.
    if (answer.certificate != certificate_.der || answer.signature.empty()) return Error(token_gone, "PKCS#11");
    return std::move(answer.signature);
  }

 private:
  std::filesystem::path program_;
  TokenOptions options_;
  KeyKind kind_;
  Certificate certificate_;
};

}  // namespace

std::filesystem::path token_program() {
  return program_beside("luy-token-worker");
}

Result<std::unique_ptr<Signer>> open_token_apart(const std::filesystem::path& program, const TokenOptions& options) {
  LUY_TRY(const TokenAnswer answer, ask(program, {options, {}}));
  LUY_TRY(Certificate certificate, parse_certificate(answer.certificate));
  return std::unique_ptr<Signer>(std::make_unique<ApartSigner>(program, options, answer.kind, std::move(certificate)));
}

}  // namespace luy::signature
