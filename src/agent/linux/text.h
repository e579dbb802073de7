// Taking apart the plain text of /proc, /sys and /etc. Pure; views are borrowed from the text given.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace luy::agent {

std::string_view trim(std::string_view text);
// Lines without their '\n'; a last line without one counts.
std::vector<std::string_view> lines(std::string_view text);
// Fields between runs of blanks and tabs.
std::vector<std::string_view> words(std::string_view line);
// Parts between single separators; "a::b" has three.
std::vector<std::string_view> split(std::string_view line, char separator);
// The views would outlive a temporary: name the text first.
std::vector<std::string_view> lines(std::string&& text) = delete;
std::vector<std::string_view> words(std::string&& line) = delete;
std::vector<std::string_view> split(std::string&& line, char separator) = delete;
std::string lower(std::string_view text);
std::optional<std::int64_t> number(std::string_view text, int base = 10);
// The rest of `line` after `key`, trimmed; nullopt when it does not begin with `key`.
std::optional<std::string_view> after(std::string_view line, std::string_view key);

// "[section]" and "key = value" files: sssd.conf, smb.conf, *.nmconnection. Comments begin with '#' or ';'. Section and
// key names are folded to lower case. What stands before the first section is in section "".
using Ini = std::map<std::string, std::map<std::string, std::string>>;
Ini parse_ini(std::string_view text);

}  // namespace luy::agent
