#include "signature/outside.h"

#include <algorithm>

namespace luy::signature {
namespace {

bool is_by(const SignatureReport& report, const ExpectedSigner& who) {
  return report.signer && report.signer->subject == who.subject && report.signer->serial == who.serial;
}

}  // namespace

Original handed_out(std::string_view pdf) {
  return {pdf.size(), sha256(pdf)};
}

Result<void> check_returned(const Verification& found, const Original& original,
                            const std::vector<ExpectedSigner>& expected) {
  if (!found.original_fault.empty()) return Error(returned_other, found.original_fault);
  std::vector<const SignatureReport*> added;
  for (const SignatureReport& one : found.signatures) {
    if (one.state != State::valid) return Error(returned_invalid, one.vi(), one.en());
    if (one.covers_bytes > original.bytes && !one.is_timestamp) added.push_back(&one);
  }
  for (const SignatureReport* one : added) {
    const bool asked =
        std::any_of(expected.begin(), expected.end(), [&](const ExpectedSigner& who) { return is_by(*one, who); });
    if (!asked) return Error(returned_stranger, one->signer ? one->signer->subject : one->field);
  }
  for (const ExpectedSigner& who : expected) {
    const bool signed_it =
        std::any_of(added.begin(), added.end(), [&](const SignatureReport* one) { return is_by(*one, who); });
    if (!signed_it) return Error(returned_unsigned, who.subject);
  }
  return {};
}

}  // namespace luy::signature
