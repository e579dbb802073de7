// Messages of network devices and of a local network's servers: the first byte chooses whose.
#include <array>

#include "event/parser/fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace luy;
  constexpr std::array<std::string_view, 14> fronts{"CEF:0|a|b|c|d|e|5|",   "date=2026-11-22 time=10:04:05 devname=",
                                                    "%ASA-4-106023: ",      "%ASA-6-302013: ",
                                                    "%SYS-5-CONFIG_I: ",    "%SEC-6-IPACCESSLOGP: ",
                                                    "system,info ",         "firewall,info ",
                                                    "postfix/smtpd: ",      "dnsmasq: ",
                                                    "named: client ",       "openvpn: ",
                                                    "arpwatch: flip flop ", "nxlog: {"};
  if (size == 0) return 0;
  std::string line = "<134>Nov 22 10:04:05 fw-01 ";
  line.append(fronts[data[0] % fronts.size()]).append(as_text({data + 1, size - 1}));
  event::check_sound(event::Transport::syslog, "syslog", line);
  return 0;
}
