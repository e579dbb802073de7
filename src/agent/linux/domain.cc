// Which directory the machine belongs to: sssd.conf(5) first, then Samba's winbind. sssd.conf is for root's eyes only,
// so an agent without rights cannot say "none".
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
  bool unreadable = false;
  const auto look = [&](const std::string& name) {
    auto text = machine.look(name);
    unreadable = unreadable || !text;
    return text ? std::move(*text).value_or("") : std::string();
  };
  // sssd.conf(5): the files of conf.d are read after it, in their order.
  std::string sssd = look("etc/sssd/sssd.conf");
  const auto snippets = machine.folder("etc/sssd/conf.d");
  unreadable = unreadable || !snippets;
  for (const std::string& name : snippets ? *snippets : std::vector<std::string>()) {
    if (name.ends_with(".conf") && !name.starts_with('.')) sssd += '\n' + look("etc/sssd/conf.d/" + name);
  }
  fact::Domain domain = from_sssd(parse_ini(sssd));
  if (!domain.kind.empty()) return Finding{"/etc/sssd/sssd.conf", std::move(domain), {}};
  const Ini samba = parse_ini(look("etc/samba/smb.conf"));
  if (lower(value(samba, "global", "security")) == "ads") {
    domain = {"active-directory", lower(value(samba, "global", "realm"))};
    return Finding{"/etc/samba/smb.conf", std::move(domain), {}};
  }
  return Finding{"/etc/sssd/sssd.conf, /etc/samba/smb.conf", fact::Domain{unreadable ? "unknown" : "none", ""}, {}};
}

}  // namespace luy::agent
