// JSON of programs, of the agent and of facts.
#include "event/parser/fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace luy;
  const std::string_view raw = as_text({data, size});
  event::check_sound(event::Transport::agent, "agent", raw);
  event::check_sound(event::Transport::fact, "fact/os", raw);
  return 0;
}
