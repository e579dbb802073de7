// Syslog lines without and with a priority.
#include "event/parser/fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace luy;
  const std::string_view raw = as_text({data, size});
  event::check_sound(event::Transport::file, "/var/log/auth.log", raw);
  event::check_sound(event::Transport::syslog, "syslog", raw);
  return 0;
}
