// Whatever arrives as a head: find_head_end() and parse_head() end, and what they accept keeps their promises.
#include <cstdint>

#include "base/check.h"
#include "hub/http.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  auto end = luy::hub::find_head_end(bytes.substr(0, luy::hub::head_bytes_max), 0);
  if (const auto* found = std::get_if<std::optional<std::size_t>>(&end); found != nullptr && *found) {
    LUY_CHECK(**found <= bytes.size());
    auto parsed = luy::hub::parse_head(bytes.substr(0, **found));
    if (const auto* head = std::get_if<luy::hub::Head>(&parsed)) {
      LUY_CHECK(!head->path.empty() && head->path.front() == '/');
      LUY_CHECK(head->path.find('\0') == std::string::npos);
      LUY_CHECK(head->header("transfer-encoding").empty());
    }
  }
  return 0;
}
