// One conversation with a directory over LDAP, by TLS alone and towards the authorities that the source names. Blocks;
// every step has an end in time. Not thread-safe: one link, one thread.
#pragma once

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "directory/federation.h"
#include "directory/sync.h"

struct ldap;

namespace luy::hub {

inline constexpr std::chrono::seconds ldap_step_time_max{5};      // Connecting, one answer.
inline constexpr std::chrono::seconds ldap_listing_time_max{20};  // One page of people.
inline constexpr int ldap_page_entries = 500;  // Active Directory gives 1,000 at most, OpenLDAP 500 by default.
inline constexpr std::size_t ldap_text_bytes_max = 400;

// What a source keeps on the server. Read for each conversation, so that a new secret needs no restart.
struct SourceFiles {
  std::string secret;        // Empty where the source has none.
  std::filesystem::path ca;  // Empty: what the system believes.
};
inline constexpr ErrorKind source_file{
    "hub.source_file", ErrorClass::unavailable,
    "Không dùng được tệp {} của nguồn đăng nhập. Tệp phải nằm trong thư mục sources của dữ liệu máy chủ; tệp bí mật "
    "phải thuộc người dùng chạy luy-hub với quyền 0600.",
    "The file {} of a sign-in source cannot be used. It must lie in the folder sources of the server's data; a secret "
    "must belong to the user that runs luy-hub, with mode 0600."};
inline constexpr std::size_t source_file_bytes_max = 256 << 10;
// One line: blanks at its end are none of the secret. Errors: source_file.
Result<SourceFiles> read_source_files(const std::filesystem::path& folder, const std::string& secret_file,
                                      const std::string& ca_file);

class LdapLink {
 public:
  // Connects and agrees on TLS; nothing was asked yet. Errors: directory.source_silent.
  static Result<std::unique_ptr<LdapLink>> connect(const directory::LdapSource& source, const SourceFiles& files);
  ~LdapLink();
  LdapLink(const LdapLink&) = delete;
  LdapLink& operator=(const LdapLink&) = delete;

  // As the source's own name. Errors: directory.source_silent.
  Result<void> bind();
  // After bind(): everybody whom the filter names. Errors: directory.source_silent, directory.sync_too_large.
  Result<std::vector<directory::SyncEntry>> people();
  // After bind(): the key of who has that name and password there. Errors: directory.sign_in_failed – a wrong password,
  // nobody or more than one of that name –, directory.source_silent.
  Result<std::string> check(std::string_view username, std::string_view password);

 private:
  struct Found;
  LdapLink(ldap* handle, directory::LdapSource source, SourceFiles files)
      : handle_(handle), source_(std::move(source)), files_(std::move(files)) {}
  int bind_as(const std::string& dn, std::string_view password);

  ldap* handle_;
  const directory::LdapSource source_;
  const SourceFiles files_;
};

}  // namespace luy::hub
