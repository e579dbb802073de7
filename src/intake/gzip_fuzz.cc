// Whatever comes as a gzip body: never more than the bound.
#include <cstdint>

#include "base/check.h"
#include "intake/gzip.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto plain = luy::intake::gunzip({reinterpret_cast<const char*>(data), size}, 100'000);
  if (plain) LUY_CHECK(plain->size() <= 100'000);
  return 0;
}
