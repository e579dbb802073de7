// Whatever comes over a stream, cut wherever the reads cut it: messages are bounded, what is held is bounded, and the
// messages are the same as when all comes at once.
#include <cstdint>
#include <string>
#include <vector>

#include "base/check.h"
#include "intake/frame.h"

namespace {

std::vector<std::string> read(std::string_view stream, std::size_t step) {
  luy::intake::FrameReader reader;
  std::vector<std::string> out;
  for (std::size_t at = 0; at < stream.size(); at += step) {
    reader.feed(stream.substr(at, step));
    while (const auto frame = reader.next()) {
      LUY_CHECK(frame->message.size() <= luy::intake::message_bytes_max && !frame->message.empty());
      out.emplace_back(frame->message);
    }
    LUY_CHECK(reader.held() <= luy::intake::message_bytes_max + step + 16);
  }
  if (const auto last = reader.rest()) out.emplace_back(last->message);
  return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view stream(reinterpret_cast<const char*>(data) + 1, size - 1);
  const std::size_t step = std::size_t{1} + data[0];
  LUY_CHECK(read(stream, step) == read(stream, stream.size() + 1));
  return 0;
}
