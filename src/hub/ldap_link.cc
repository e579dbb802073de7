#include "hub/ldap_link.h"

#include <fcntl.h>
#include <ldap.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>

#include "base/encoding.h"
#include "base/file.h"
#include "base/utf8.h"

namespace luy::hub {
namespace {

using directory::SyncEntry;

template <auto Free>
struct Freed {
  template <class T>
  void operator()(T* what) const {
    Free(what);
  }
};
using Message = std::unique_ptr<LDAPMessage, Freed<ldap_msgfree>>;
using Control = std::unique_ptr<LDAPControl, Freed<ldap_control_free>>;
using Controls = std::unique_ptr<LDAPControl*, Freed<ldap_controls_free>>;
using Values = std::unique_ptr<berval*, Freed<ldap_value_free_len>>;
using Text = std::unique_ptr<char, Freed<ldap_memfree>>;

Error silent(std::string_view step, int code) {
  return Error(directory::source_silent, std::string(step) + ": " + ldap_err2string(code));
}

std::string joined(const std::vector<std::string>& urls) {
  std::string out;
  for (const std::string& url : urls) out += (out.empty() ? "" : " ") + url;
  return out;
}

timeval time_of(std::chrono::seconds limit) {
  return {static_cast<time_t>(limit.count()), 0};
}

// Everything is said on the handle itself: what ldap.conf(5) and the environment say counts for nothing.
int set_up(LDAP* handle, const std::string& ca) {
  const int version = LDAP_VERSION3;
  const int never = LDAP_DEREF_NEVER;
  const int demand = LDAP_OPT_X_TLS_HARD;
  const int tls12 = LDAP_OPT_X_TLS_PROTOCOL_TLS1_2;
  const int client = 0;
  const timeval limit = time_of(ldap_step_time_max);
  const std::pair<int, const void*> options[] = {
      {LDAP_OPT_PROTOCOL_VERSION, &version},
      {LDAP_OPT_DEREF, &never},
      // A directory that sends us on to another would choose who learns the password.
      {LDAP_OPT_REFERRALS, LDAP_OPT_OFF},
      {LDAP_OPT_NETWORK_TIMEOUT, &limit},
      {LDAP_OPT_TIMEOUT, &limit},
      {LDAP_OPT_X_TLS_REQUIRE_CERT, &demand},
      {LDAP_OPT_X_TLS_PROTOCOL_MIN, &tls12},
      {LDAP_OPT_X_TLS_CACERTFILE, ca.c_str()},
      {LDAP_OPT_X_TLS_NEWCTX, &client},  // Last: makes the context of what was said before.
  };
  for (const auto& [option, value] : options) {
    if (const int code = ldap_set_option(handle, option, value); code != LDAP_OPT_SUCCESS) return code;
  }
  return LDAP_SUCCESS;
}

// The first value of an attribute as it stands.
std::string raw_value(LDAP* handle, LDAPMessage* entry, const std::string& attribute) {
  if (attribute.empty()) return {};
  const Values values(ldap_get_values_len(handle, entry, attribute.c_str()));
  if (!values || *values == nullptr) return {};
  const berval* first = *values.get();
  return {first->bv_val, first->bv_len};
}

// As a text that may be shown and stored, whatever the directory holds.
std::string text_value(LDAP* handle, LDAPMessage* entry, const std::string& attribute) {
  std::string text = to_utf8(raw_value(handle, entry, attribute).substr(0, ldap_text_bytes_max));
  std::erase_if(text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
  return text;
}

// entryUUID is text, objectGUID 16 octets.
std::string key_value(LDAP* handle, LDAPMessage* entry, const std::string& attribute) {
  std::string key = raw_value(handle, entry, attribute);
  if (attribute == "objectGUID") return to_hex(as_bytes(key));
  std::transform(key.begin(), key.end(), key.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; });
  const bool plain = std::all_of(key.begin(), key.end(), [](char c) { return c > 0x20 && c < 0x7f; });
  return plain ? key : std::string();
}

std::vector<std::string> wanted_attributes(const directory::LdapSource& source) {
  std::vector<std::string> out = {source.key};
  for (const std::string* one :
       {&source.map.username, &source.map.name, &source.map.mail, &source.map.position, &source.map.department}) {
    if (!one->empty() && std::find(out.begin(), out.end(), *one) == out.end()) out.push_back(*one);
  }
  return out;
}

// libldap wants a list of pointers that it does not change.
std::vector<char*> pointers_to(std::vector<std::string>& texts) {
  std::vector<char*> out;
  for (std::string& text : texts) out.push_back(text.data());
  out.push_back(nullptr);
  return out;
}

Result<std::string> read_secret(const std::filesystem::path& file) {
  const UniqueFd fd(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
  struct stat what {};
  if (!fd || ::fstat(fd.get(), &what) != 0 || !S_ISREG(what.st_mode) || (what.st_mode & 077) != 0 ||
      what.st_uid != ::geteuid()) {
    return Error(source_file, file.filename().string());
  }
  auto text = read_file(file, source_file_bytes_max);
  if (!text) return Error(source_file, file.filename().string());
  while (!text->empty() && (text->back() == '\n' || text->back() == '\r' || text->back() == ' ')) text->pop_back();
  if (text->empty()) return Error(source_file, file.filename().string());
  return text;
}

}  // namespace

Result<SourceFiles> read_source_files(const std::filesystem::path& folder, const std::string& secret_file,
                                      const std::string& ca_file) {
  SourceFiles out;
  if (!secret_file.empty()) {
    LUY_TRY(out.secret, read_secret(folder / secret_file));
  }
  if (!ca_file.empty()) {
    out.ca = folder / ca_file;
    const auto readable = read_file(out.ca, source_file_bytes_max);
    if (!readable || readable->find("-----BEGIN CERTIFICATE-----") == std::string::npos) {
      return Error(source_file, ca_file);
    }
  }
  return out;
}

Result<std::unique_ptr<LdapLink>> LdapLink::connect(const directory::LdapSource& source, const SourceFiles& files) {
  LDAP* handle = nullptr;
  const std::string urls = joined(source.urls);
  if (const int code = ldap_initialize(&handle, urls.c_str()); code != LDAP_SUCCESS) return silent(urls, code);
  std::unique_ptr<LdapLink> link(new LdapLink(handle, source, files));
  if (const int code = set_up(handle, files.ca.string()); code != LDAP_SUCCESS) return silent("TLS", code);
  if (source.start_tls) {
    const int code = ldap_start_tls_s(handle, nullptr, nullptr);
    if (code != LDAP_SUCCESS) return silent(urls, code);
  } else if (const int code = ldap_connect(handle); code != LDAP_SUCCESS) {
    return silent(urls, code);
  }
  // Whatever the library made of it: not a word without TLS.
  if (ldap_tls_inplace(handle) != 1) return silent("TLS", LDAP_CONNECT_ERROR);
  return link;
}

LdapLink::~LdapLink() {
  ldap_unbind_ext_s(handle_, nullptr, nullptr);
}

int LdapLink::bind_as(const std::string& dn, std::string_view password) {
  // Without a password or a name it would be a bind as nobody, which succeeds (RFC 4513 section 5.1).
  if (dn.empty() || password.empty()) return LDAP_INVALID_CREDENTIALS;
  std::string copy(password);
  berval credentials{copy.size(), copy.data()};
  const int code = ldap_sasl_bind_s(handle_, dn.c_str(), LDAP_SASL_SIMPLE, &credentials, nullptr, nullptr, nullptr);
  std::fill(copy.begin(), copy.end(), '\0');
  return code;
}

Result<void> LdapLink::bind() {
  if (const int code = bind_as(source_.bind_dn, files_.secret); code != LDAP_SUCCESS) {
    return silent(source_.bind_dn, code);
  }
  return {};
}

Result<std::vector<SyncEntry>> LdapLink::people() {
  std::vector<SyncEntry> out;
  std::vector<std::string> names = wanted_attributes(source_);
  std::vector<char*> attributes = pointers_to(names);
  std::string cookie;
  do {
    berval place{cookie.size(), cookie.data()};
    LDAPControl* made = nullptr;
    int code = ldap_create_page_control(handle_, ldap_page_entries, cookie.empty() ? nullptr : &place, 1, &made);
    const Control page(made);
    if (code != LDAP_SUCCESS) return silent("pages", code);
    std::array<LDAPControl*, 2> controls = {page.get(), nullptr};
    timeval limit = time_of(ldap_listing_time_max);
    LDAPMessage* got = nullptr;
    code = ldap_search_ext_s(handle_, source_.base.c_str(), LDAP_SCOPE_SUBTREE, source_.filter.c_str(),
                             attributes.data(), 0, controls.data(), nullptr, &limit, LDAP_NO_LIMIT, &got);
    const Message answer(got);
    // A part of the people is no listing of them: whoever is missing would leave.
    if (code != LDAP_SUCCESS) return silent(source_.base, code);
    for (LDAPMessage* one = ldap_first_entry(handle_, got); one != nullptr; one = ldap_next_entry(handle_, one)) {
      if (out.size() == directory::sync_entries_max) {
        return Error(directory::sync_too_large, "> " + std::to_string(directory::sync_entries_max));
      }
      const directory::AttributeMap& map = source_.map;
      out.push_back({key_value(handle_, one, source_.key), text_value(handle_, one, map.username),
                     text_value(handle_, one, map.name), text_value(handle_, one, map.mail),
                     text_value(handle_, one, map.position), text_value(handle_, one, map.department)});
    }
    LDAPControl** told = nullptr;
    code = ldap_parse_result(handle_, got, nullptr, nullptr, nullptr, nullptr, &told, 0);
    const Controls owner(told);
    LDAPControl* paged = ldap_control_find(LDAP_CONTROL_PAGEDRESULTS, told, nullptr);
    if (code != LDAP_SUCCESS || paged == nullptr) return silent("pages", LDAP_CONTROL_NOT_FOUND);
    ber_int_t estimate = 0;
    berval next{};
    if (code = ldap_parse_pageresponse_control(handle_, paged, &estimate, &next); code != LDAP_SUCCESS) {
      return silent("pages", code);
    }
    cookie.assign(next.bv_val == nullptr ? "" : next.bv_val, next.bv_len);
    ber_memfree(next.bv_val);
  } while (!cookie.empty());
  return out;
}

Result<std::string> LdapLink::check(std::string_view username, std::string_view password) {
  const std::string filter = directory::ldap_filter_for(source_, username);
  std::vector<std::string> names = {source_.key};
  std::vector<char*> attributes = pointers_to(names);
  timeval limit = time_of(ldap_step_time_max);
  LDAPMessage* got = nullptr;
  constexpr int enough_to_see_two = 2;
  const int code = ldap_search_ext_s(handle_, source_.base.c_str(), LDAP_SCOPE_SUBTREE, filter.c_str(),
                                     attributes.data(), 0, nullptr, nullptr, &limit, enough_to_see_two, &got);
  const Message answer(got);
  if (code == LDAP_SIZELIMIT_EXCEEDED) return Error(directory::sign_in_failed);
  if (code != LDAP_SUCCESS) return silent(source_.base, code);
  if (ldap_count_entries(handle_, got) != 1) return Error(directory::sign_in_failed);
  LDAPMessage* entry = ldap_first_entry(handle_, got);
  const std::string key = key_value(handle_, entry, source_.key);
  const Text dn(ldap_get_dn(handle_, entry));
  if (key.empty() || !dn) return Error(directory::sign_in_failed);
  const int bound = bind_as(dn.get(), password);
  if (bound == LDAP_SUCCESS) return key;
  const bool wrong = bound == LDAP_INVALID_CREDENTIALS || bound == LDAP_INAPPROPRIATE_AUTH ||
                     bound == LDAP_UNWILLING_TO_PERFORM || bound == LDAP_CONSTRAINT_VIOLATION ||
                     bound == LDAP_INSUFFICIENT_ACCESS;
  if (wrong) return Error(directory::sign_in_failed);
  return silent("bind", bound);
}

}  // namespace luy::hub
