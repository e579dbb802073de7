// Any bytes are either refused or a fact that reads back from its own JSON.
#include <cstddef>
#include <cstdint>

#include "base/check.h"
#include "base/encoding.h"
#include "fact/fact.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto fact = luy::fact::from_json(luy::as_text({data, size}));
  if (!fact) return 0;
  const auto again = luy::fact::from_json(luy::fact::to_json(*fact));
  LUY_CHECK(again && *again == *fact);
  return 0;
}
