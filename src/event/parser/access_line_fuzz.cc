// Access lines of web servers and proxies.
#include "event/parser/fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace luy;
  const std::string_view raw = as_text({data, size});
  event::check_sound(event::Transport::file, "/var/log/nginx/access.log", raw);
  event::check_sound(event::Transport::file, "/var/log/squid/access.log", raw);
  return 0;
}
