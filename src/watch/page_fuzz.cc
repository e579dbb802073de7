// Whatever a server sends becomes parts within the limits, and comparing and keeping them never fails.
#include "watch/page_memory.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace luy;
  using namespace luy::watch;
  static const Words words = Words::builtin();
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const std::string_view front = bytes.substr(0, size / 2);
  const Page one = read_page(bytes, "text/html");
  const Page other = read_page(front, "text/html; charset=windows-1258");
  LUY_CHECK(one.parts.size() <= page_parts_max);
  PageMemory memory;
  memory.visit(one, words, Time{});
  memory.visit(other, words, Time{} + std::chrono::minutes(1));
  memory.accept(one, words, Time{} + std::chrono::minutes(2));
  LUY_CHECK(!memory.visit(one, words, Time{} + std::chrono::minutes(3)).any());
  LUY_CHECK(PageMemory::restored(memory.saved()).saved() == memory.saved());
  return 0;
}
