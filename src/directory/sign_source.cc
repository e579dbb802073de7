#include "directory/sign_source.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <set>
#include <utility>

#include "directory/stored/value.h"

namespace luy::directory {
namespace {

using boost::json::array;
using boost::json::object;
using boost::json::value;

Error wrong(std::string vi, std::string en) {
  return Error(source_invalid, std::move(vi), std::move(en));
}
Error wrong(std::string_view member) {
  return wrong("mục " + std::string(member), "the member " + std::string(member));
}

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

Result<std::string> text_in(const object& from, std::string_view name, std::size_t bytes_max) {
  const value* found = from.if_contains(name);
  if (found == nullptr || !found->is_string()) return wrong(name);
  const auto text = checked_text(name, std::string_view(found->get_string()), bytes_max);
  if (!text) return wrong(name);
  return text;
}

// Missing, null and "" are the same: nothing.
Result<std::string> maybe_text_in(const object& from, std::string_view name, std::size_t bytes_max) {
  const value* found = from.if_contains(name);
  if (found == nullptr || found->is_null() || (found->is_string() && found->get_string().empty())) {
    return std::string();
  }
  return text_in(from, name, bytes_max);
}

Result<bool> flag_in(const object& from, std::string_view name, bool fallback) {
  const value* found = from.if_contains(name);
  if (found == nullptr) return fallback;
  if (!found->is_bool()) return wrong(name);
  return found->get_bool();
}

Result<std::vector<std::string>> texts_in(const object& from, std::string_view name, std::size_t count_max) {
  const value* found = from.if_contains(name);
  if (found == nullptr || !found->is_array()) return wrong(name);
  const array& list = found->get_array();
  if (list.empty() || list.size() > count_max) return wrong(name);
  std::vector<std::string> out;
  for (const value& one : list) {
    if (!one.is_string()) return wrong(name);
    const auto text = checked_text(name, std::string_view(one.get_string()), source_text_bytes_max);
    if (!text) return wrong(name);
    out.push_back(*text);
  }
  return out;
}

// A name in the server's folder, so that nobody makes the hub read and send another file.
Result<std::string> file_in(const object& from, std::string_view name, bool needed) {
  LUY_TRY(std::string file, maybe_text_in(from, name, source_file_chars_max));
  if (file.empty() && !needed) return file;
  const bool plain = !file.empty() && !file.starts_with('.') && std::all_of(file.begin(), file.end(), [](char c) {
    return is_letter(c) || is_digit(c) || c == '.' || c == '_' || c == '-';
  });
  if (!plain) {
    return wrong("mục " + std::string(name) + " phải là tên tệp trong thư mục nguồn đăng nhập của máy chủ",
                 std::string(name) + " must be the name of a file in the server's folder of sign-in sources");
  }
  return file;
}

// host or host:port, of letters that need no escaping; an IPv6 address in brackets.
bool is_authority(std::string_view text) {
  std::string_view port;
  if (text.starts_with('[')) {
    const std::size_t end = text.find(']');
    if (end == std::string_view::npos || end < 3) return false;
    const std::string_view inside = text.substr(1, end - 1);
    const bool hex = std::all_of(inside.begin(), inside.end(), [](char c) {
      return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F') || c == ':' || c == '.';
    });
    if (!hex) return false;
    port = text.substr(end + 1);
  } else {
    const std::size_t colon = std::min(text.find(':'), text.size());
    const std::string_view host = text.substr(0, colon);
    const bool plain = !host.empty() && std::all_of(host.begin(), host.end(), [](char c) {
      return is_letter(c) || is_digit(c) || c == '.' || c == '-';
    });
    if (!plain) return false;
    port = text.substr(colon);
  }
  if (port.empty()) return true;
  std::uint16_t number = 0;
  const char* end = port.data() + port.size();
  const auto read = std::from_chars(port.data() + 1, end, number);
  return port.front() == ':' && read.ec == std::errc() && read.ptr == end && number != 0;
}

Result<void> check_url(std::string_view url, bool start_tls) {
  const bool tls = url.starts_with("ldaps://");
  if (!tls && !url.starts_with("ldap://")) return wrong("urls");
  if (tls && start_tls) {
    return wrong("ldaps:// và StartTLS loại trừ nhau", "ldaps:// and StartTLS exclude each other");
  }
  if (!tls && !start_tls) {
    return wrong("mật khẩu không được đi qua LDAP không mã hóa, hãy dùng ldaps:// hoặc StartTLS",
                 "passwords do not go over plain LDAP, use ldaps:// or StartTLS");
  }
  if (!is_authority(url.substr(tls ? 8 : 7))) return wrong("urls");
  return {};
}

bool is_attribute(std::string_view text) {
  return !text.empty() && text.size() <= attribute_chars_max && is_letter(text.front()) &&
         std::all_of(text.begin(), text.end(), [](char c) { return is_letter(c) || is_digit(c) || c == '-'; });
}

// One filter and nothing after it; the rest is the directory's to judge.
bool is_filter(std::string_view text) {
  if (!text.starts_with('(')) return false;
  int depth = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\') {
      i += 2;
      continue;
    }
    if (text[i] == '(') ++depth;
    if (text[i] == ')') --depth;
    if (depth == 0 && i + 1 != text.size()) return false;
  }
  return depth == 0 && text.ends_with(')');
}

Result<AttributeMap> map_from(const object& from) {
  const value* found = from.if_contains("map");
  if (found == nullptr || !found->is_object()) return wrong("map");
  const object& map = found->get_object();
  AttributeMap out;
  LUY_TRY(out.username, text_in(map, "username", attribute_chars_max));
  LUY_TRY(out.name, text_in(map, "name", attribute_chars_max));
  LUY_TRY(out.mail, maybe_text_in(map, "mail", attribute_chars_max));
  LUY_TRY(out.position, maybe_text_in(map, "position", attribute_chars_max));
  LUY_TRY(out.department, maybe_text_in(map, "department", attribute_chars_max));
  for (const std::string* one : {&out.username, &out.name, &out.mail, &out.position, &out.department}) {
    const bool may_be_empty = one != &out.username && one != &out.name;
    if (!(may_be_empty && one->empty()) && !is_attribute(*one)) return wrong("map");
  }
  return out;
}

Result<LdapSource> ldap_from(const object& from) {
  LdapSource out;
  LUY_TRY(out.urls, texts_in(from, "urls", source_urls_max));
  LUY_TRY(out.start_tls, flag_in(from, "start_tls", false));
  for (const std::string& url : out.urls) LUY_TRY_VOID(check_url(url, out.start_tls));
  LUY_TRY(out.base, text_in(from, "base", source_text_bytes_max));
  LUY_TRY(out.filter, text_in(from, "filter", source_text_bytes_max));
  if (!is_filter(out.filter)) return wrong("filter");
  LUY_TRY(out.key, text_in(from, "key", attribute_chars_max));
  if (out.key != "entryUUID" && out.key != "objectGUID") return wrong("key");
  // Without a name of its own the hub would ask as nobody, and see what everybody sees.
  LUY_TRY(out.bind_dn, text_in(from, "bind_dn", source_text_bytes_max));
  LUY_TRY(out.secret_file, file_in(from, "secret_file", true));
  LUY_TRY(out.ca_file, file_in(from, "ca_file", true));
  LUY_TRY(out.map, map_from(from));
  return out;
}

bool is_issuer(std::string_view text) {
  constexpr std::string_view scheme = "https://";
  if (!text.starts_with(scheme) || text.find_first_of("?#@ \"<>\\") != std::string_view::npos) return false;
  text.remove_prefix(scheme.size());
  const bool plain = std::all_of(text.begin(), text.end(), [](char c) { return c > 0x20 && c < 0x7f; });
  return plain && is_authority(text.substr(0, text.find('/')));
}

Result<OidcSource> oidc_from(const object& from) {
  OidcSource out;
  LUY_TRY(out.issuer, text_in(from, "issuer", source_text_bytes_max));
  if (!is_issuer(out.issuer)) {
    return wrong("issuer phải là địa chỉ https, không có ? và #", "issuer must be an https address without ? and #");
  }
  LUY_TRY(out.client_id, text_in(from, "client_id", source_text_bytes_max));
  LUY_TRY(out.scopes, texts_in(from, "scopes", source_scopes_max));
  for (const std::string& scope : out.scopes) {
    const bool plain =
        std::all_of(scope.begin(), scope.end(), [](char c) { return c > 0x20 && c < 0x7f && c != '"' && c != '\\'; });
    if (!plain) return wrong("scopes");
  }
  if (std::find(out.scopes.begin(), out.scopes.end(), "openid") == out.scopes.end()) return wrong("scopes: openid");
  LUY_TRY(out.secret_file, file_in(from, "secret_file", false));
  LUY_TRY(out.ca_file, file_in(from, "ca_file", false));
  LUY_TRY(out.second_factor, flag_in(from, "second_factor", false));
  return out;
}

value text_or_null(const std::string& text) {
  return text.empty() ? value(nullptr) : value(text);
}

object json_of(const LdapSource& ldap) {
  object map{{"username", ldap.map.username},
             {"name", ldap.map.name},
             {"mail", text_or_null(ldap.map.mail)},
             {"position", text_or_null(ldap.map.position)},
             {"department", text_or_null(ldap.map.department)}};
  return {{"urls", array(ldap.urls.begin(), ldap.urls.end())},
          {"start_tls", ldap.start_tls},
          {"base", ldap.base},
          {"filter", ldap.filter},
          {"key", ldap.key},
          {"bind_dn", ldap.bind_dn},
          {"secret_file", ldap.secret_file},
          {"ca_file", ldap.ca_file},
          {"map", std::move(map)}};
}

object json_of(const OidcSource& oidc) {
  return {{"issuer", oidc.issuer},
          {"client_id", oidc.client_id},
          {"scopes", array(oidc.scopes.begin(), oidc.scopes.end())},
          {"secret_file", text_or_null(oidc.secret_file)},
          {"ca_file", text_or_null(oidc.ca_file)},
          {"second_factor", oidc.second_factor}};
}

}  // namespace

std::string_view name_of(SourceKind kind) {
  return kind == SourceKind::ldap ? "ldap" : "oidc";
}

object to_json(const SourceSettings& settings) {
  object out{{"name", settings.name},
             {"agency", settings.agency.text()},
             {"enabled", settings.enabled},
             {"kind", name_of(settings.kind())}};
  if (settings.ldap) out["ldap"] = json_of(*settings.ldap);
  if (settings.oidc) out["oidc"] = json_of(*settings.oidc);
  return out;
}

Result<SourceSettings> source_from_json(const value& given) {
  const object* from = given.if_object();
  if (from == nullptr) return wrong("kind");
  SourceSettings out;
  LUY_TRY(out.name, text_in(*from, "name", source_name_bytes_max));
  LUY_TRY(const std::string agency, text_in(*from, "agency", id_chars));
  const auto id = AgencyId::parse(agency);
  if (!id) return wrong("agency");
  out.agency = *id;
  LUY_TRY(out.enabled, flag_in(*from, "enabled", true));
  LUY_TRY(const std::string kind, text_in(*from, "kind", source_name_bytes_max));
  const value* ldap = from->if_contains("ldap");
  const value* oidc = from->if_contains("oidc");
  const bool has_ldap = ldap != nullptr && ldap->is_object();
  const bool has_oidc = oidc != nullptr && oidc->is_object();
  if (has_ldap == has_oidc || kind != (has_ldap ? "ldap" : "oidc")) return wrong("kind");
  if (has_ldap) {
    LUY_TRY(out.ldap, ldap_from(ldap->get_object()));
  } else {
    LUY_TRY(out.oidc, oidc_from(oidc->get_object()));
  }
  return out;
}

bool are_two_factors(const std::vector<std::string>& methods) {
  constexpr std::array<std::pair<std::string_view, int>, 13> sorts = {{{"pwd", 0},
                                                                       {"pin", 0},
                                                                       {"kba", 0},
                                                                       {"otp", 1},
                                                                       {"hwk", 1},
                                                                       {"swk", 1},
                                                                       {"pop", 1},
                                                                       {"sc", 1},
                                                                       {"fpt", 2},
                                                                       {"face", 2},
                                                                       {"iris", 2},
                                                                       {"retina", 2},
                                                                       {"vbm", 2}}};
  std::set<int> seen;
  for (const std::string& method : methods) {
    if (method == "mfa") return true;
    for (const auto& [name, sort] : sorts) {
      if (method == name) seen.insert(sort);
    }
  }
  return seen.size() >= 2;
}

std::string ldap_escaped(std::string_view value) {
  constexpr std::string_view hex = "0123456789abcdef";
  std::string out;
  for (const char c : value) {
    const auto byte = static_cast<unsigned char>(c);
    // What needs it, and everything that is no letter of ASCII: octets as they are, whatever the text's form.
    if (byte > 0x20 && byte < 0x7f && std::string_view("*()\\").find(c) == std::string_view::npos) {
      out += c;
      continue;
    }
    out += '\\';
    out += hex[byte >> 4];
    out += hex[byte & 15];
  }
  return out;
}

std::string ldap_filter_for(const LdapSource& source, std::string_view username) {
  return "(&" + source.filter + "(" + source.map.username + "=" + ldap_escaped(username) + "))";
}

bool is_source_username(std::string_view text) {
  return !text.empty() && text.size() <= username_source_chars_max && std::all_of(text.begin(), text.end(), [](char c) {
    return is_letter(c) || is_digit(c) || std::string_view("._-@").find(c) != std::string_view::npos;
  });
}

}  // namespace luy::directory
