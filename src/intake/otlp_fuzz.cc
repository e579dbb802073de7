// Whatever comes as an OTLP request, in either encoding: lines are bounded and each is one JSON object without a line
// feed.
#include <boost/json.hpp>
#include <cstdint>

#include "base/check.h"
#include "intake/otlp.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view body(reinterpret_cast<const char*>(data) + 1, size - 1);
  const auto logs = data[0] % 2 == 0 ? luy::intake::otlp_from_protobuf(body) : luy::intake::otlp_from_json(body);
  if (!logs) return 0;
  LUY_CHECK(logs->lines.size() + logs->rejected <= luy::intake::otlp_records_max);
  for (const std::string& line : logs->lines) {
    LUY_CHECK(line.size() <= luy::intake::otlp_line_bytes_max && line.find('\n') == std::string::npos);
    boost::json::parse_options deep;
    deep.max_depth = 1000;
    boost::system::error_code error;
    const auto parsed = boost::json::parse(line, error, {}, deep);
    LUY_CHECK(!error && parsed.is_object());
  }
  return 0;
}
