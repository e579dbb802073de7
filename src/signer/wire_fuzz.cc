// Requests and answers of the signer from any bytes: no crash, and what is read is written as it was.
#include <cstddef>
#include <cstdint>

#include "base/check.h"
#include "signer/wire.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto request = luy::signer::decode_request(text)) {
    LUY_CHECK(luy::signer::decode_request(luy::signer::encode_request(*request)).has_value());
  }
  static_cast<void>(luy::signer::decode_answer(text));
  return 0;
}
