// Notes, checkpoints, keys, proofs and requests for cosignatures come from other people's hands.
#include <cstdint>
#include <string>

#include "base/check.h"
#include "base/encoding.h"
#include "evidence/cosignature.h"
#include "evidence/note.h"
#include "evidence/witness_file.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace luy;
  using namespace luy::evidence;
  static const VerifierKey key =
      *VerifierKey::parse("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW");
  const std::string_view text = as_text({data, size});
  static_cast<void>(verify_note(text, {key}));
  if (const auto body = parse_body(text)) LUY_CHECK(text.starts_with(format_body(*body)));
  if (const auto other = VerifierKey::parse(text)) LUY_CHECK(VerifierKey::parse(other->vkey()).has_value());
  if (const auto proof = parse_proof(text)) LUY_CHECK(parse_proof(format_proof(*proof)).has_value());
  if (const auto asked = parse_submission(text)) LUY_CHECK(format_submission(*asked) == text);
  if (const auto witness = WitnessKey::parse(text)) LUY_CHECK(WitnessKey::parse(witness->vkey()).has_value());
  static const WitnessKey known = *WitnessKey::make("w", key.public_key);
  static_cast<void>(verify_cosignatures(text, {known}));
  if (const auto notes = parse_cosigned(text)) {
    LUY_CHECK(format_cosigned(*notes) == text);
    std::vector<std::string> kept;
    for (const std::string& one : *notes) kept = with_cosigned(std::move(kept), one);
    LUY_CHECK(parse_cosigned(format_cosigned(kept)).has_value());
  }
  return 0;
}
