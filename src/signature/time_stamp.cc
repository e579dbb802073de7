#include "signature/time_stamp.h"

#include <array>

#include "signature/crypto/chain.h"
#include "signature/crypto/cms_check.h"
#include "signature/crypto/timestamp.h"

namespace luy::signature {

Result<std::string> time_stamp(std::string_view stamped, const TimeStamping& stamping) {
  LUY_CHECK(stamping.call != nullptr);
  return fetch_timestamp(stamped, stamping);
}

Result<StampReport> check_time_stamp(std::string_view token, std::string_view stamped,
                                     const std::vector<Certificate>& anchors) {
  if (token.size() > timestamp_bytes_max) return Error(timestamp_failed, std::to_string(token.size()) + " byte");
  const std::array<std::string_view, 1> parts = {stamped};
  const TokenFacts facts = check_token(token, parts);
  if (!facts.fault.empty()) return Error(timestamp_failed, facts.fault);
  StampReport out;
  out.time = facts.time;
  if (facts.signer) {
    std::array<char, 256> name{};
    X509_NAME_oneline(X509_get_subject_name(facts.signer.get()), name.data(), static_cast<int>(name.size()));
    out.authority = name.data();
  }
  if (!facts.weak.empty()) {
    out.detail = facts.weak;
    return out;
  }
  VerifyOptions options;
  options.now = facts.time;
  options.anchors = anchors;
  const ChainFacts chain = check_chain({facts.signer.get(), facts.certificates.get(), facts.time, true}, options);
  out.is_trusted = chain.state == State::valid;
  out.detail = out.is_trusted ? std::string() : chain.detail.empty() ? std::string(name_of(chain.state)) : chain.detail;
  return out;
}

}  // namespace luy::signature
