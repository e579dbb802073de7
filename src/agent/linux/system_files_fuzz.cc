// Whatever stands in the files of /etc, /proc, /var and what tools print: no reader reads too far or never ends.
#include <string_view>

#include "agent/linux/account_files.h"
#include "agent/linux/clamav_files.h"
#include "agent/linux/dpkg.h"
#include "agent/linux/firewall_rules.h"
#include "agent/linux/journal.h"
#include "agent/linux/log_file.h"
#include "agent/linux/mount_table.h"
#include "agent/linux/release_file.h"
#include "agent/linux/route_table.h"
#include "agent/linux/socket_table.h"
#include "agent/linux/text.h"
#include "agent/name_filter.h"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  using namespace luy::agent;
  if (size == 0) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  switch (data[0] % 12) {
    case 0:
      installed_packages(bytes);
      break;
    case 1:
      parse_passwd(bytes);
      parse_admin_groups(bytes);
      break;
    case 2:
      for (const auto& [name, entry] : parse_shadow(bytes)) hash_method(entry.password);
      break;
    case 3:
      parse_mounts(bytes);
      break;
    case 4:
      parse_socket_table(bytes);
      break;
    case 5:
      parse_routes4(bytes);
      parse_routes6(bytes);
      break;
    case 6:
      parse_release(bytes);
      break;
    case 7:
      parse_scan_log(bytes);
      database_built_at(bytes);
      break;
    case 8:
      static_cast<void>(read_nft(bytes).has_value());
      break;
    case 9:
      read_iptables(bytes);
      break;
    case 10:
      parse_ini(bytes);
      parse_position(bytes);
      wtmp_logins(bytes);
      last_login(bytes, 1);
      break;
    default: {
      std::string out;
      append_export_field(out, bytes);
      const auto half = bytes.size() / 2;
      matches(bytes.substr(0, half), bytes.substr(half));
    }
  }
  return 0;
}
