#include "agent/linux/apt_history.h"

#include "agent/linux/text.h"
#include "base/utf8.h"

namespace luy::agent {
namespace {

constexpr std::size_t user_bytes_max = 100;

// "hello:amd64 (2.10-3), libfoo:amd64 (1.0, automatic)"
void take_installed(std::string_view list, const std::string& user, Installers& into) {
  while (!list.empty()) {
    const auto open = list.find(" (");
    if (open == std::string_view::npos) return;
    const auto close = list.find(')', open);
    if (close == std::string_view::npos) return;
    const std::string name(trim(list.substr(0, open)));
    const std::string_view inside = list.substr(open + 2, close - open - 2);
    if (inside.ends_with("automatic")) {
      into.erase(name);
    } else if (into.size() < installers_max) {
      into[name] = user;
    }
    list.remove_prefix(close + 1);
    while (!list.empty() && (list.front() == ',' || list.front() == ' ')) list.remove_prefix(1);
  }
}

}  // namespace

void read_apt_history(std::string_view history, Installers& into) {
  std::string user = "root";
  for (const std::string_view line : lines(history)) {
    if (after(line, "Start-Date:")) user = "root";
    // "lan (1000)"
    if (const auto asked = after(line, "Requested-By:")) {
      const std::string name(utf8_front(to_utf8(trim(asked->substr(0, asked->find('(')))), user_bytes_max));
      if (!name.empty()) user = name;
    }
    if (const auto list = after(line, "Install:")) take_installed(*list, user, into);
  }
}

std::string to_text(const Installers& installers) {
  std::string out;
  for (const auto& [name, user] : installers) out += name + '\t' + user + '\n';
  return out;
}

Installers read_installers(std::string_view text) {
  Installers out;
  for (const std::string_view line : lines(text)) {
    const auto tab = line.find('\t');
    if (tab != std::string_view::npos) out.emplace(line.substr(0, tab), line.substr(tab + 1));
  }
  return out;
}

}  // namespace luy::agent
