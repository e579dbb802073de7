// Audit records; the fuzzer supplies what follows the type.
#include "event/parser/fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace luy;
  const std::string_view raw = as_text({data, size});
  event::check_sound(event::Transport::file, "/var/log/audit/audit.log", std::string("type=").append(raw));
  return 0;
}
