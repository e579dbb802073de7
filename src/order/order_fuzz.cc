// Whatever comes instead of an order, an answer or a result ends in an error or in something that writes the same.
#include "order/order.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace luy::order;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto order = read(text)) LUY_CHECK(to_json(*order) == text);
  if (const auto answer = read_answer(text)) LUY_CHECK(read_answer(to_json(*answer)));
  if (const auto result = read_result(text)) LUY_CHECK(read_result(to_json(*result)));
  static_cast<void>(claimed_id(text));
  return 0;
}
