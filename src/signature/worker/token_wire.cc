#include "signature/worker/token_wire.h"

#include <algorithm>
#include <array>

#include "base/encoding.h"

namespace luy::signature {
namespace {

constexpr std::array<const ErrorKind*, 5> kinds = {&token_missing, &token_pin, &key_missing, &key_refused, &token_gone};

void put_text(std::string& out, std::string_view text) {
  put_u32(out, static_cast<std::uint32_t>(text.size()));
  out += text;
}
std::string get_text(ByteReader& in) {
  return std::string(in.bytes(in.u32()));
}

}  // namespace

std::string encode_token_request(const TokenRequest& request) {
  std::string out;
  // Growing would leave copies of the PIN in memory that nobody wipes.
  constexpr std::size_t texts = 5, length_bytes = 4;
  const TokenOptions& options = request.options;
  out.reserve(texts * length_bytes + options.module.string().size() + options.token_label.size() +
              options.key_label.size() + options.pin.size() + request.message.size());
  put_text(out, request.options.module.string());
  put_text(out, request.options.token_label);
  put_text(out, request.options.key_label);
  put_text(out, request.options.pin);
  put_text(out, request.message);
  return out;
}

std::optional<TokenRequest> decode_token_request(std::string_view bytes) {
  ByteReader in(bytes);
  TokenRequest out;
  out.options.module = get_text(in);
  out.options.token_label = get_text(in);
  out.options.key_label = get_text(in);
  out.options.pin = get_text(in);
  out.message = get_text(in);
  if (!in.done()) return std::nullopt;
  return out;
}

std::string encode_token_answer(const Result<TokenAnswer>& answer) {
  std::string out;
  if (!answer) {
    const auto is_kind = [&](const ErrorKind* kind) { return answer.error().is(*kind); };
    const auto found = std::find_if(kinds.begin(), kinds.end(), is_kind);
    // What has no name here is the driver's trouble.
    const auto at = found == kinds.end() ? kinds.size() - 1 : static_cast<std::size_t>(found - kinds.begin());
    out += static_cast<char>(1 + at);
    put_text(out, answer.error().detail());
    return out;
  }
  out += '\0';
  put_text(out, answer->certificate);
  out += static_cast<char>(answer->kind);
  put_text(out, answer->signature);
  return out;
}

std::optional<Result<TokenAnswer>> decode_token_answer(std::string_view bytes) {
  ByteReader in(bytes);
  const std::uint8_t kind = in.u8();
  if (!in.ok() || kind > kinds.size()) return std::nullopt;
  if (kind > 0) {
    const std::string detail = get_text(in);
    if (!in.done()) return std::nullopt;
    return Result<TokenAnswer>(Error(*kinds[kind - 1U], detail));
  }
  TokenAnswer out;
  out.certificate = get_text(in);
  const std::uint8_t key = in.u8();
  out.signature = get_text(in);
  if (!in.done() || key > static_cast<std::uint8_t>(KeyKind::ec_p256)) return std::nullopt;
  out.kind = static_cast<KeyKind>(key);
  return Result<TokenAnswer>(std::move(out));
}

}  // namespace luy::signature
