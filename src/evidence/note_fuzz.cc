// Notes, checkpoints, keys and proofs come from other people's hands.
#include <cstdint>
#include <string>

#include "base/check.h"
#include "base/encoding.h"
#include "evidence/note.h"

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
  return 0;
}
