// Messages of programs: the first byte chooses the program.
#include <array>

#include "event/parser/fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace luy;
  constexpr std::array<std::string_view, 11> programs{
      "sshd", "sudo", "su", "CRON", "useradd", "login", "systemd", "systemd-logind", "kernel", "clamd", "%ASA-6-1"};
  if (size == 0) return 0;
  const std::string_view program = programs[data[0] % programs.size()];
  std::string line = "Nov 22 10:04:05 may-01 ";
  line.append(program).append(": ").append(as_text({data + 1, size - 1}));
  event::check_sound(event::Transport::file, "/var/log/auth.log", line);
  return 0;
}
