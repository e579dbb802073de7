// Feeds verify_pdf() with anything: neither crash nor hang, and nothing unsigned is ever valid.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "signature/verify.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto found = luy::signature::verify_pdf(bytes, {});
  // Without a trust anchor nothing can be valid.
  if (found && found->all_valid()) __builtin_trap();
  return 0;
}
