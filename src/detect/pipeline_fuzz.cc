// Any bytes as a pipeline: refused with a place, or a routing that labels an event without harm.
#include <cstdint>
#include <cstdlib>

#include "detect/flat_event.h"
#include "detect/plain.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace luy::detect;
  Routing routing;
  const auto added = add_pipeline("f.yml", {reinterpret_cast<const char*>(data), size}, routing);
  if (!added) {
    if (!added.error().detail().starts_with("f.yml:")) std::abort();
    return 0;
  }
  const auto event = flatten(routing.shape, R"({"Event":{"System":{"Channel":"x","EventID":1}},"a":[{"b":1}]})");
  if (!event) std::abort();
  labels_of(routing, *event);
  return 0;
}
