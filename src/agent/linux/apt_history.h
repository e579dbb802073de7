// Who asked for a package, by apt's history (/var/log/apt/history.log). Pure.
#pragma once

#include <map>
#include <string>
#include <string_view>

namespace luy::agent {

inline constexpr std::size_t installers_max = 20'000;

// "name:architecture" -> who asked for it by name: the user who ran sudo or pkexec, else "root". Packages that came
// with others are not in it; the newest installation counts.
using Installers = std::map<std::string, std::string>;
void read_apt_history(std::string_view history, Installers& into);

// As a text between two collections: apt's history is compressed after a month, and who asked stays true.
std::string to_text(const Installers& installers);
Installers read_installers(std::string_view text);

}  // namespace luy::agent
