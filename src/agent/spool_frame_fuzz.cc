// Whatever lies on the disk: a frame is refused or reads back to the same bytes.
#include <algorithm>
#include <string_view>

#include "agent/spool_frame.h"
#include "base/check.h"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  using namespace luy::agent;
  if (size == 0) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  switch (data[0] % 4) {
    case 0:
      if (const auto header = decode_frame_header(bytes)) {
        const std::string_view payload = bytes.substr(std::min(bytes.size(), frame_header_bytes));
        if (frame_is_sound(bytes, *header, payload)) {
          LUY_CHECK(encode_frame(header->sequence, header->type, payload) == bytes);
        }
      }
      break;
    case 1:
      // Keys may come in any order, so bytes may differ; what they mean may not.
      if (const auto records = decode_records(bytes)) {
        const auto again = decode_records(encode_records(*records));
        LUY_CHECK(again && again->records == records->records && again->positions == records->positions);
      }
      break;
    case 2:
      if (const auto state = decode_state(bytes)) {
        const auto again = decode_state(encode_state(*state));
        LUY_CHECK(again && again->cuts == state->cuts && again->positions == state->positions);
      }
      break;
    default:
      if (const auto cut = decode_cut(bytes)) LUY_CHECK(encode_cut(*cut) == bytes);
  }
  return 0;
}
