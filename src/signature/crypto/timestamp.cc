#include "signature/crypto/timestamp.h"

#include <openssl/err.h>

#include <array>

#include "base/hash.h"

namespace luy::signature {
namespace {

using RequestPtr = Owned<TS_REQ, TS_REQ_free>;
using ResponsePtr = Owned<TS_RESP, TS_RESP_free>;

constexpr std::size_t answer_bytes_max = 64 << 10;

Error wrong_answer() {
  return Error(timestamp_failed, take_openssl_error());
}

RequestPtr request_over(std::string_view stamped, Random& random) {
  Hash digest = sha256(stamped);
  std::array<std::uint8_t, 8> nonce_bytes{};
  random.fill(nonce_bytes);
  nonce_bytes[0] = static_cast<std::uint8_t>((nonce_bytes[0] & 0x7f) | 0x40);  // Positive, always eight bytes.
  RequestPtr request(TS_REQ_new());
  const Owned<TS_MSG_IMPRINT, TS_MSG_IMPRINT_free> imprint(TS_MSG_IMPRINT_new());
  const Owned<X509_ALGOR, X509_ALGOR_free> algorithm(X509_ALGOR_new());
  const Owned<BIGNUM, BN_free> number(BN_bin2bn(nonce_bytes.data(), static_cast<int>(nonce_bytes.size()), nullptr));
  const Owned<ASN1_INTEGER, ASN1_INTEGER_free> nonce(BN_to_ASN1_INTEGER(number.get(), nullptr));
  const bool made = request && imprint && algorithm && nonce &&
                    X509_ALGOR_set0(algorithm.get(), OBJ_nid2obj(NID_sha256), V_ASN1_NULL, nullptr) == 1 &&
                    TS_MSG_IMPRINT_set_algo(imprint.get(), algorithm.get()) == 1 &&
                    TS_MSG_IMPRINT_set_msg(imprint.get(), digest.data(), static_cast<int>(digest.size())) == 1 &&
                    TS_REQ_set_version(request.get(), 1) == 1 &&
                    TS_REQ_set_msg_imprint(request.get(), imprint.get()) == 1 &&
                    TS_REQ_set_nonce(request.get(), nonce.get()) == 1 && TS_REQ_set_cert_req(request.get(), 1) == 1;
  return made ? std::move(request) : nullptr;
}

}  // namespace

Result<std::string> fetch_timestamp(std::string_view stamped, const TimeStamping& stamping) {
  LUY_CHECK(stamping.random != nullptr);
  ERR_clear_error();
  const RequestPtr request = request_over(stamped, *stamping.random);
  if (!request) return wrong_answer();
  LUY_TRY(const std::string answer, stamping.call(encoded<const TS_REQ>(i2d_TS_REQ, request.get())));
  if (answer.size() > answer_bytes_max) return Error(timestamp_failed, std::to_string(answer.size()) + " byte");
  const auto* at = reinterpret_cast<const unsigned char*>(answer.data());
  const ResponsePtr response(d2i_TS_RESP(nullptr, &at, static_cast<long>(answer.size())));
  const Owned<TS_VERIFY_CTX, TS_VERIFY_CTX_free> check(TS_REQ_to_TS_VERIFY_CTX(request.get(), nullptr));
  if (!response || !check || TS_RESP_verify_response(check.get(), response.get()) != 1) return wrong_answer();
  std::string token = encoded<const PKCS7>(i2d_PKCS7, TS_RESP_get_token(response.get()));
  if (token.empty()) return wrong_answer();
  if (token.size() > timestamp_bytes_max) return Error(timestamp_failed, std::to_string(token.size()) + " byte");
  return token;
}

}  // namespace luy::signature
