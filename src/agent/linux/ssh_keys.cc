#include "agent/linux/ssh_keys.h"

#include <algorithm>
#include <set>

#include "agent/linux/text.h"

namespace luy::agent {
namespace {

constexpr int include_depth_max = 8;  // Far below sshd's 16; nobody nests them.

// sshd takes the first value of each keyword; what stands in a Match block holds for some connections only.
class Reader {
 public:
  Reader(const Machine& machine, SshServer& server) : machine_(machine), server_(server) {}

  void read(const std::string& name, int depth) {
    const auto text = machine_.look(name);
    if (!text) server_.known = false;
    if (!text || !*text) return;
    bool in_match = false;
    for (const std::string_view raw : lines(**text)) {
      const std::string_view line = trim(raw);
      if (line.empty() || line.front() == '#') continue;
      const auto end = line.find_first_of(" \t=");
      const std::string key = lower(line.substr(0, end));
      const std::string_view rest = end == std::string_view::npos ? std::string_view() : line.substr(end + 1);
      const std::string_view value = trim(rest.substr(std::min(rest.size(), rest.find_first_not_of(" \t="))));
      if (key == "match") in_match = lower(value) != "all";
      if (key == "include") {
        include(value, depth);
      } else if (in_match) {
        if (key.starts_with("authorizedkeys")) server_.known = false;
      } else if (seen_.insert(key).second) {
        apply(key, value);
      }
    }
  }

 private:
  void apply(const std::string& key, std::string_view value) {
    const std::string word = lower(value);
    if (key == "pubkeyauthentication") server_.keys_allowed = word != "no";
    if (key == "permitrootlogin") server_.root_allowed = word != "no";
    if (key == "usepam") server_.uses_pam = word == "yes";
    if (key == "authorizedkeyscommand" && word != "none") server_.known = false;
    if (key != "authorizedkeysfile") return;
    server_.files.clear();
    if (word == "none") return;
    for (const std::string_view file : words(value)) server_.files.emplace_back(file);
  }

  // "sshd_config.d/*.conf": a star in the last part only, as everybody writes it.
  void include(std::string_view patterns, int depth) {
    for (const std::string_view pattern : words(patterns)) {
      const std::string path =
          pattern.starts_with('/') ? std::string(pattern.substr(1)) : "etc/ssh/" + std::string(pattern);
      const auto star = path.find_first_of("*?[");
      if (depth >= include_depth_max) {
        server_.known = false;
      } else if (star == std::string::npos) {
        read(path, depth + 1);
      } else {
        include_folder(path, star, depth);
      }
    }
  }

  void include_folder(const std::string& path, std::size_t star, int depth) {
    const auto slash = path.rfind('/');
    const std::string ending = path.substr(star + 1);
    const auto names = machine_.folder(path.substr(0, slash));
    if (slash == std::string::npos || slash + 1 != star || ending.find_first_of("*?[") != std::string::npos || !names) {
      server_.known = false;
      return;
    }
    for (const std::string& name : *names) {
      if (!name.starts_with('.') && name.ends_with(ending)) read(path.substr(0, slash + 1) + name, depth + 1);
    }
  }

  const Machine& machine_;
  SshServer& server_;
  std::set<std::string> seen_;
};

// sshd_config(5), TOKENS.
std::string expanded(std::string_view pattern, const PasswdEntry& account) {
  std::string out;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] != '%' || i + 1 == pattern.size()) {
      out += pattern[i];
      continue;
    }
    switch (pattern[++i]) {
      case 'h':
        out += account.home;
        break;
      case 'u':
        out += account.name;
        break;
      case 'U':
        out += std::to_string(account.uid);
        break;
      default:
        out += pattern[i];
    }
  }
  if (!out.starts_with('/')) out = account.home + '/' + out;
  return out.substr(std::min(out.size(), out.find_first_not_of('/')));
}

}  // namespace

SshServer read_ssh_server(const Machine& machine) {
  SshServer server;
  server.files = {".ssh/authorized_keys", ".ssh/authorized_keys2"};
  server.present = machine.exists("usr/sbin/sshd");
  if (server.present) Reader(machine, server).read("etc/ssh/sshd_config", 0);
  return server;
}

std::int64_t count_keys(std::string_view authorized_keys) {
  const auto all = lines(authorized_keys);
  return std::count_if(all.begin(), all.end(), [](std::string_view line) {
    const std::string_view text = trim(line);
    return !text.empty() && text.front() != '#';
  });
}

std::optional<std::int64_t> login_keys(const Machine& machine, const SshServer& server, const PasswdEntry& account) {
  if (!server.present || (server.known && !server.keys_allowed)) return 0;
  if (server.known && !server.root_allowed && account.uid == 0) return 0;
  std::int64_t keys = 0;
  bool all = server.known;
  for (const std::string& file : server.files) {
    const auto text = machine.look(expanded(file, account));
    if (!text) {
      all = false;
    } else if (*text) {
      keys += count_keys(**text);
    }
  }
  // One key is enough to let somebody in, whatever the unreadable places hold.
  if (all || keys > 0) return keys;
  return std::nullopt;
}

}  // namespace luy::agent
