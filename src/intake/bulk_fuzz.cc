// Whatever comes as a bulk request: every document taken is a part of it, and items are bounded.
#include <cstdint>

#include "base/check.h"
#include "intake/bulk.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view body(reinterpret_cast<const char*>(data), size);
  const auto items = luy::intake::parse_bulk(body, "index");
  if (!items) return 0;
  LUY_CHECK(!items->empty() && items->size() <= luy::intake::bulk_items_max);
  for (const auto& item : *items) {
    LUY_CHECK((item.status == 0) == !item.document.empty());
    if (item.status != 0) continue;
    LUY_CHECK(item.document.data() >= body.data() && item.document.data() + item.document.size() <= body.data() + size);
    LUY_CHECK(item.document.find('\n') == std::string_view::npos);
  }
  return 0;
}
