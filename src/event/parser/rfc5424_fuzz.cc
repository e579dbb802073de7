// RFC 5424 records; the fuzzer supplies what follows the version.
#include "event/parser/fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace luy;
  const std::string_view raw = as_text({data, size});
  event::check_sound(event::Transport::syslog, "syslog", std::string("<13>1 ").append(raw));
  return 0;
}
