// The packet filter that is loaded, as its own tools tell it.
#include "agent/linux/collectors.h"
#include "agent/linux/firewall_rules.h"
#include "agent/linux/text.h"

namespace luy::agent {
namespace {

constexpr RunLimits limits{std::chrono::seconds(10), 8 << 20};

std::string program(const Machine& machine, std::string_view name) {
  for (const char* folder : {"usr/sbin/", "sbin/", "usr/bin/"}) {
    const std::string path = folder + std::string(name);
    if (machine.exists(path)) return machine.path(path);
  }
  return {};
}

// Neither module loaded nor built in: the kernel filters nothing, whatever is installed.
bool kernel_has_filter(const Machine& machine) {
  const std::string text = machine.text("proc/modules");
  for (const std::string_view line : lines(text)) {
    const std::string_view name = line.substr(0, line.find(' '));
    if (name == "nf_tables" || name == "ip_tables" || name == "ip6_tables" || name == "x_tables") return true;
  }
  return machine.exists("sys/module/nf_tables") || machine.exists("sys/module/ip_tables") ||
         machine.exists("proc/net/ip_tables_names") || machine.exists("proc/net/netfilter/nf_log");
}

}  // namespace

Result<Finding> collect_firewall(const Machine& machine) {
  std::optional<fact::Firewall> nft;
  if (const std::string path = program(machine, "nft"); !path.empty()) {
    if (const auto json = machine.kernel.run({path, "-j", "list", "ruleset"}, limits)) {
      LUY_TRY(nft, read_nft(*json));
      if (nft->active) return Finding{"nft -j list ruleset", *nft, {}};
    }
  }
  std::optional<fact::Firewall> tables;
  for (const char* name : {"iptables-legacy-save", "iptables-save"}) {
    const std::string path = program(machine, name);
    if (path.empty() || tables) continue;
    if (const auto text = machine.kernel.run({path}, limits)) tables = read_iptables(*text);
  }
  if (tables && (tables->active || tables->rules > 0)) return Finding{"iptables-save", *tables, {}};
  if (nft) return Finding{"nft -j list ruleset", *nft, {}};
  if (tables) return Finding{"iptables-save", *tables, {}};
  if (!kernel_has_filter(machine)) return Finding{"/proc/modules", fact::Firewall{"none", false, 0}, {}};
  return Finding{"/proc/modules", fact::Firewall{"unknown", false, 0}, {}};
}

}  // namespace luy::agent
