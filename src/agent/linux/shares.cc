// Folders this machine shares: smb.conf(5) with its user shares, and exports(5). A file that cannot be read makes the
// whole fact fail: a list without it would say that nothing is shared.
#include <algorithm>
#include <array>

#include "agent/linux/collectors.h"
#include "agent/linux/text.h"

namespace luy::agent {
namespace {

bool is_yes(std::string_view value) {
  const std::string folded = lower(value);
  return folded == "yes" || folded == "true" || folded == "1" || folded == "on";
}

using Section = std::map<std::string, std::string>;

std::string first_of(const Section& section, std::initializer_list<const char*> keys) {
  for (const char* key : keys) {
    const auto found = section.find(key);
    if (found != section.end()) return found->second;
  }
  return {};
}

fact::Share samba_share(const std::string& name, const Section& section) {
  fact::Share share{"samba", name, first_of(section, {"path", "directory"}), false, false};
  const std::string read_only = first_of(section, {"read only"});
  const std::string writable = first_of(section, {"writable", "writeable", "write ok"});
  share.writable = is_yes(writable) || (!read_only.empty() && !is_yes(read_only));
  share.guest = is_yes(first_of(section, {"guest ok", "public"}));
  return share;
}

Result<void> read_samba(const Machine& machine, fact::Shares& out) {
  LUY_TRY(const auto settings, machine.look("etc/samba/smb.conf"));
  for (const auto& [name, section] : parse_ini(settings.value_or(""))) {
    if (name.empty() || name == "global" || name == "printers" || name == "print$") continue;
    out.shares.push_back(samba_share(name, section));
  }
  // net usershare: files of "path=…", "usershare_acl=S-1-1-0:F", "guest_ok=y" (source3/param/loadparm.c).
  const std::string folder = "var/lib/samba/usershares";
  LUY_TRY(const auto files, machine.folder(folder));
  for (const std::string& file : files) {
    fact::Share share{"samba", file, "", false, false};
    LUY_TRY(const auto text, machine.look(folder + '/' + file));
    for (const std::string_view line : lines(std::string_view(text ? *text : std::string_view()))) {
      if (const auto path = after(line, "path=")) share.path = *path;
      if (const auto acl = after(line, "usershare_acl=")) share.writable = acl->find(":F") != std::string_view::npos;
      if (const auto guest = after(line, "guest_ok=")) share.guest = *guest == "y";
    }
    if (!share.path.empty()) out.shares.push_back(std::move(share));
  }
  return {};
}

// /srv/data 192.0.2.0/24(rw,sync) *(ro)
void read_exports(std::string_view text, fact::Shares& out) {
  for (const std::string_view line : lines(text)) {
    const auto fields = words(line.substr(0, line.find('#')));
    if (fields.empty() || !fields[0].starts_with('/')) continue;
    fact::Share share{"nfs", std::string(fields[0]), std::string(fields[0]), false, false};
    for (std::size_t i = 1; i < fields.size(); ++i) {
      const std::string_view client = fields[i];
      share.guest = share.guest || client.starts_with('*') || client.starts_with('(');
      const auto open = client.find('(');
      if (open == std::string_view::npos) continue;
      const auto options = split(client.substr(open + 1, client.size() - open - 2), ',');
      share.writable = share.writable || std::find(options.begin(), options.end(), "rw") != options.end();
    }
    out.shares.push_back(std::move(share));
  }
}

}  // namespace

Result<Finding> collect_shares(const Machine& machine) {
  fact::Shares out;
  LUY_TRY_VOID(read_samba(machine, out));
  LUY_TRY(const auto exports, machine.look("etc/exports"));
  read_exports(exports.value_or(""), out);
  LUY_TRY(const auto files, machine.folder("etc/exports.d"));
  for (const std::string& file : files) {
    if (!file.ends_with(".exports")) continue;
    LUY_TRY(const auto more, machine.look("etc/exports.d/" + file));
    read_exports(more.value_or(""), out);
  }
  out.server_running = is_running(machine, {"smbd", "nfsd"});
  if (out.shares.size() > fact::items_max) out.shares.resize(fact::items_max);
  return Finding{"/etc/samba/smb.conf, /etc/exports", std::move(out), {}};
}

}  // namespace luy::agent
