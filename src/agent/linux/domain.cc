// Which directory the machine belongs to: sssd.conf(5) first, then Samba's winbind.
#include "agent/linux/collectors.h"
#include "agent/linux/text.h"

namespace luy::agent {
namespace {

std::string value(const Ini& ini, const std::string& section, const std::string& key) {
  const auto found = ini.find(section);
  if (found == ini.end()) return {};
  const auto entry = found->second.find(key);
  return entry == found->second.end() ? std::string() : entry->second;
}

fact::Domain from_sssd(const Ini& ini) {
  for (const auto& [section, entries] : ini) {
    if (!section.starts_with("domain/")) continue;
    const std::string provider = lower(value(ini, section, "id_provider"));
    std::string name = value(ini, section, provider == "ad" ? "ad_domain" : "ipa_domain");
    if (name.empty()) name = section.substr(7);
    if (provider == "ad") return {"active-directory", name};
    if (provider == "ipa") return {"freeipa", name};
    if (provider == "ldap") return {"ldap", name};
  }
  return {};
}

}  // namespace

Result<Finding> collect_domain(const Machine& machine) {
  fact::Domain domain = from_sssd(parse_ini(machine.text("etc/sssd/sssd.conf")));
  if (!domain.kind.empty()) return Finding{"/etc/sssd/sssd.conf", std::move(domain), {}};
  const Ini samba = parse_ini(machine.text("etc/samba/smb.conf"));
  if (lower(value(samba, "global", "security")) == "ads") {
    domain = {"active-directory", lower(value(samba, "global", "realm"))};
    return Finding{"/etc/samba/smb.conf", std::move(domain), {}};
  }
  return Finding{"/etc/sssd/sssd.conf, /etc/samba/smb.conf", fact::Domain{"none", ""}, {}};
}

}  // namespace luy::agent
