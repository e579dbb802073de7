// The logs of dpkg and apt.
#include "event/parser/fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace luy;
  const std::string_view raw = as_text({data, size});
  for (const std::string_view stream : {"/var/log/dpkg.log", "/var/log/apt/history.log", "/var/log/apt/term.log"}) {
    event::check_sound(event::Transport::file, stream, raw);
  }
  event::check_sound(event::Transport::file, "/var/log/alternatives.log",
                     std::string("update-alternatives ").append(raw));
  return 0;
}
