// Which accounts sshd(8) lets in by a public key: the parts of sshd_config(5) that say where keys are looked for, and
// how many of them an account has. The keys themselves are not looked at.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agent/linux/account_files.h"
#include "agent/linux/machine.h"

namespace luy::agent {

struct SshServer {
  bool present = false;
  // False: a file of its settings could not be read, or it asks a program for keys (AuthorizedKeysCommand), or a Match
  // block looks elsewhere: then the files below are not the whole truth.
  bool known = true;
  bool keys_allowed = true;        // PubkeyAuthentication.
  bool root_allowed = true;        // PermitRootLogin.
  bool uses_pam = false;           // Without PAM a password field that begins with '!' keeps keys out, too (sshd(8)).
  std::vector<std::string> files;  // AuthorizedKeysFile, with its tokens.
};
SshServer read_ssh_server(const Machine& machine);

// Lines that hold a key: neither empty nor a comment.
std::int64_t count_keys(std::string_view authorized_keys);

// How many keys open the account; nullopt: they cannot be counted.
std::optional<std::int64_t> login_keys(const Machine& machine, const SshServer& server, const PasswdEntry& account);

}  // namespace luy::agent
