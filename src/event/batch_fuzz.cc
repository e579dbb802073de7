// Any bytes are either refused or a batch that encodes to exactly those bytes.
#include <cstddef>
#include <cstdint>

#include "base/check.h"
#include "base/encoding.h"
#include "event/batch.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto batch = luy::event::decode_batch(luy::as_text({data, size}));
  if (batch) LUY_CHECK(luy::event::encode_batch(*batch) == luy::as_text({data, size}));
  return 0;
}
