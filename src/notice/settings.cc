#include "notice/settings.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>

#include "directory/profile.h"

namespace luy::notice {
namespace {

namespace json = boost::json;
using directory::Network;

constexpr std::array<std::string_view, 3> security_names = {"tls", "starttls", "none"};

bool is_alnum(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return out;
}

bool is_numeric(std::string_view host) {
  std::array<unsigned char, 16> bytes{};
  const std::string text(host);
  return ::inet_pton(AF_INET, text.c_str(), bytes.data()) == 1 ||
         ::inet_pton(AF_INET6, text.c_str(), bytes.data()) == 1;
}

bool is_domain(std::string_view text) {
  if (text.empty() || text.size() > host_chars_max) return false;
  while (!text.empty()) {
    const std::size_t dot = std::min(text.find('.'), text.size());
    const std::string_view label = text.substr(0, dot);
    const auto fits = [](char c) { return is_alnum(c) || c == '-'; };
    if (label.empty() || label.size() > 63 || label.front() == '-' || label.back() == '-') return false;
    if (!std::all_of(label.begin(), label.end(), fits)) return false;
    if (dot + 1 == text.size()) return false;
    text.remove_prefix(std::min(dot + 1, text.size()));
  }
  return true;
}

// A name whose last part begins with a digit would be read as an address by some (0x7f000001) and as a name by others.
bool is_host(std::string_view text) {
  if (is_numeric(text)) return true;
  const std::size_t last = text.rfind('.');
  const std::string_view top = last == std::string_view::npos ? text : text.substr(last + 1);
  return is_domain(text) && (top.front() < '0' || top.front() > '9');
}

bool is_loopback(std::string_view host) {
  return host == "127.0.0.1" || host == "::1" || host == "localhost";
}

// Of the folder, never a path.
bool is_file_name(std::string_view text) {
  const auto fits = [](char c) { return is_alnum(c) || c == '.' || c == '-' || c == '_'; };
  return !text.empty() && text.size() <= file_chars_max && text.front() != '.' &&
         std::all_of(text.begin(), text.end(), fits);
}

Error bad(std::string vi, std::string en) {
  return Error(settings_invalid, std::move(vi), std::move(en));
}

std::string text_in(const json::object& object, std::string_view name) {
  const json::value* value = object.if_contains(name);
  return value != nullptr && value->is_string() ? std::string(value->get_string().c_str()) : std::string();
}
bool flag_in(const json::object& object, std::string_view name) {
  const json::value* value = object.if_contains(name);
  return value != nullptr && value->is_bool() && value->get_bool();
}
json::value text_or_null(const std::string& text) {
  return text.empty() ? json::value(nullptr) : json::value(text);
}
json::array list_in(const json::object& object, std::string_view name) {
  const json::value* value = object.if_contains(name);
  return value != nullptr && value->is_array() ? value->get_array() : json::array();
}

Result<MailServer> mail_from_json(const json::object& object) {
  MailServer out;
  out.enabled = flag_in(object, "enabled");
  out.host = lower(text_in(object, "host"));
  if (!is_host(out.host)) return bad("tên máy chủ thư", "the name of the mail server");
  const json::value* port = object.if_contains("port");
  const std::int64_t number = port != nullptr && port->is_int64() ? port->get_int64() : 0;
  if (number < 1 || number > 65'535) return bad("cổng của máy chủ thư", "the port of the mail server");
  out.port = static_cast<std::uint16_t>(number);
  const std::string security = text_in(object, "security");
  const auto found = std::find(security_names.begin(), security_names.end(), security);
  if (found == security_names.end()) return bad("cách bảo vệ đường truyền", "security");
  out.security = static_cast<Security>(found - security_names.begin());
  if (out.security == Security::none && !is_loopback(out.host)) {
    return bad("chỉ máy chủ thư trên chính máy này mới được dùng không mã hóa",
               "only a mail server on this very machine may be used without encryption");
  }
  out.username = text_in(object, "username");
  out.secret_file = text_in(object, "secret_file");
  out.ca_file = text_in(object, "ca_file");
  const auto plain = [](char c) { return c > 0x20 && c < 0x7f; };
  if (out.username.size() > address_bytes_max || !std::all_of(out.username.begin(), out.username.end(), plain)) {
    return bad("tên đăng nhập máy chủ thư", "the user name for the mail server");
  }
  if (out.username.empty() != out.secret_file.empty()) {
    return bad("tên đăng nhập và tệp mật khẩu phải đi cùng nhau",
               "a user name and the file of its password go together");
  }
  if (!out.secret_file.empty() && !is_file_name(out.secret_file)) return bad("tên tệp mật khẩu", "secret_file");
  if (!out.ca_file.empty() && !is_file_name(out.ca_file)) return bad("tên tệp chứng thư", "ca_file");
  out.sender = text_in(object, "sender");
  if (!is_address(out.sender)) return bad("địa chỉ người gửi", "the sender's address");
  return out;
}

Result<WebhookHost> host_from_json(const json::value& value) {
  WebhookHost out;
  if (!value.is_object()) return bad("máy chủ của webhook", "a host of webhooks");
  out.host = lower(text_in(value.get_object(), "host"));
  if (!is_host(out.host)) return bad("tên máy chủ của webhook", "the name of a host of webhooks");
  for (const json::value& one : list_in(value.get_object(), "networks")) {
    const std::string text = one.is_string() ? std::string(one.get_string().c_str()) : std::string();
    if (!Network::parse(text)) return bad("mạng " + text, "the network " + text);
    out.networks.push_back(text);
  }
  if (out.networks.size() > host_networks_max) return bad("quá nhiều mạng", "too many networks");
  return out;
}

bool in_any(std::string_view address, std::initializer_list<std::string_view> networks) {
  return std::any_of(networks.begin(), networks.end(), [&](std::string_view text) {
    const auto network = Network::parse(text);
    return network && network->contains(address);
  });
}

// What an address of IPv4 written as one of IPv6 stands for.
std::string plain_address(std::string_view address) {
  std::array<unsigned char, 16> bytes{};
  const std::string text(address);
  if (::inet_pton(AF_INET6, text.c_str(), bytes.data()) != 1) return text;
  const bool mapped = std::all_of(bytes.begin(), bytes.begin() + 10, [](unsigned char b) { return b == 0; }) &&
                      bytes[10] == 0xff && bytes[11] == 0xff;
  if (!mapped) return text;
  std::array<char, INET_ADDRSTRLEN> out{};
  return ::inet_ntop(AF_INET, bytes.data() + 12, out.data(), out.size()) != nullptr ? std::string(out.data()) : text;
}

}  // namespace

std::string_view name_of(Security security) {
  return security_names.at(static_cast<std::size_t>(security));
}

bool is_address(std::string_view text) {
  constexpr std::string_view signs = "!#$%&'*+-/=?^_`{|}~.";
  const std::size_t at = text.find('@');
  if (text.size() > address_bytes_max || at == std::string_view::npos || at == 0 || at > 64) return false;
  const std::string_view local = text.substr(0, at);
  const std::string_view domain = text.substr(at + 1);
  const auto fits = [&](char c) { return is_alnum(c) || signs.find(c) != std::string_view::npos; };
  if (local.front() == '.' || local.back() == '.' || local.find("..") != std::string_view::npos) return false;
  return std::all_of(local.begin(), local.end(), fits) && is_domain(domain) &&
         domain.find('.') != std::string_view::npos;
}

bool is_official(const Settings& settings, std::string_view address) {
  if (!is_address(address)) return false;
  const std::string domain = lower(address.substr(address.find('@') + 1));
  return std::any_of(settings.domains.begin(), settings.domains.end(),
                     [&](const std::string& one) { return domain == one || domain.ends_with("." + one); });
}

json::object to_json(const Settings& settings) {
  json::object out;
  out["mail"] = nullptr;
  if (settings.mail) {
    const MailServer& mail = *settings.mail;
    out["mail"] = {{"enabled", mail.enabled},
                   {"host", mail.host},
                   {"port", std::int64_t{mail.port}},
                   {"security", name_of(mail.security)},
                   {"username", text_or_null(mail.username)},
                   {"secret_file", text_or_null(mail.secret_file)},
                   {"ca_file", text_or_null(mail.ca_file)},
                   {"sender", mail.sender}};
  }
  out["domains"] = json::array(settings.domains.begin(), settings.domains.end());
  json::array hosts;
  for (const WebhookHost& one : settings.webhook_hosts) {
    hosts.push_back({{"host", one.host}, {"networks", json::array(one.networks.begin(), one.networks.end())}});
  }
  out["webhook_hosts"] = std::move(hosts);
  return out;
}

Result<Settings> settings_from_json(const json::value& value) {
  if (!value.is_object()) return bad("không phải đối tượng JSON", "no JSON object");
  const json::object& object = value.get_object();
  Settings out;
  for (const json::value& one : list_in(object, "domains")) {
    std::string domain = one.is_string() ? lower(one.get_string().c_str()) : std::string();
    // A domain of one label would be everybody's.
    if (!is_domain(domain) || domain.find('.') == std::string::npos)
      return bad("tên miền " + domain, "the domain " + domain);
    out.domains.push_back(std::move(domain));
  }
  if (out.domains.size() > domains_max) return bad("quá nhiều tên miền", "too many domains");
  for (const json::value& one : list_in(object, "webhook_hosts")) {
    LUY_TRY(WebhookHost host, host_from_json(one));
    if (allowed_host(out, host.host) != nullptr) return bad("máy chủ ghi hai lần", "a host named twice");
    out.webhook_hosts.push_back(std::move(host));
  }
  if (out.webhook_hosts.size() > hosts_max) return bad("quá nhiều máy chủ của webhook", "too many hosts of webhooks");
  if (const json::value* mail = object.if_contains("mail"); mail != nullptr && mail->is_object()) {
    LUY_TRY(out.mail, mail_from_json(mail->get_object()));
    if (!is_official(out, out.mail->sender)) return Error(address_not_official, out.mail->sender);
  }
  return out;
}

std::optional<WebhookUrl> webhook_url(std::string_view url) {
  constexpr std::string_view scheme = "https://";
  const auto plain = [](char c) {
    return c > 0x20 && c < 0x7f && std::string_view("\"<>\\^`{|}#").find(c) == std::string_view::npos;
  };
  if (!url.starts_with(scheme) || url.size() > url_chars_max || !std::all_of(url.begin(), url.end(), plain)) {
    return std::nullopt;
  }
  std::string_view rest = url.substr(scheme.size());
  std::string_view authority = rest.substr(0, std::min(rest.find_first_of("/?"), rest.size()));
  WebhookUrl out;
  if (authority.starts_with('[')) {
    const std::size_t end = authority.find(']');
    if (end == std::string_view::npos) return std::nullopt;
    out.host = lower(authority.substr(1, end - 1));
    if (out.host.find(':') == std::string::npos) return std::nullopt;
    authority.remove_prefix(end + 1);
  } else {
    const std::size_t end = std::min(authority.find(':'), authority.size());
    out.host = lower(authority.substr(0, end));
    authority.remove_prefix(end);
  }
  if (!is_host(out.host)) return std::nullopt;
  if (authority.empty()) return out;
  if (authority.front() != ':') return std::nullopt;
  authority.remove_prefix(1);
  const auto [end, error] = std::from_chars(authority.data(), authority.data() + authority.size(), out.port);
  if (error != std::errc() || end != authority.data() + authority.size() || out.port == 0) return std::nullopt;
  return out;
}

const WebhookHost* allowed_host(const Settings& settings, std::string_view host) {
  const auto found = std::find_if(settings.webhook_hosts.begin(), settings.webhook_hosts.end(),
                                  [&](const WebhookHost& one) { return one.host == host; });
  return found == settings.webhook_hosts.end() ? nullptr : &*found;
}

// IANA's registries of special-purpose addresses (RFC 6890 and what came later).
bool is_public(std::string_view address) {
  const std::string plain = plain_address(address);
  if (!is_numeric(plain)) return false;
  if (plain.find(':') == std::string::npos) {
    return !in_any(plain, {"0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12",
                           "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15",
                           "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4"});
  }
  // Global unicast, less what carries other addresses within: documentation, Teredo, 6to4.
  return in_any(plain, {"2000::/3"}) && !in_any(plain, {"2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"});
}

bool may_reach(const WebhookHost& host, std::string_view address) {
  if (host.networks.empty()) return is_public(address);
  const std::string plain = plain_address(address);
  return std::any_of(host.networks.begin(), host.networks.end(), [&](const std::string& text) {
    const auto network = Network::parse(text);
    return network && network->contains(plain);
  });
}

json::object to_json(const WebhookSettings& webhook) {
  json::array kinds;
  for (const Kind kind : webhook.kinds) kinds.emplace_back(name_of(kind));
  return {{"name", webhook.name},      {"agency", webhook.agency.text()},
          {"url", webhook.url},        {"ca_file", text_or_null(webhook.ca_file)},
          {"kinds", std::move(kinds)}, {"enabled", webhook.enabled}};
}

Result<WebhookSettings> webhook_from_json(const json::value& value) {
  if (!value.is_object()) return bad("không phải đối tượng JSON", "no JSON object");
  const json::object& object = value.get_object();
  WebhookSettings out;
  out.name = text_in(object, "name");
  if (out.name.empty() || out.name.size() > webhook_name_bytes_max) return bad("tên webhook", "the name");
  const auto agency = AgencyId::parse(text_in(object, "agency"));
  if (!agency) return bad("cơ quan", "the agency");
  out.agency = *agency;
  out.url = text_in(object, "url");
  if (!webhook_url(out.url)) return bad("địa chỉ phải có dạng https://máy-chủ/…", "the URL must be https://host/…");
  out.ca_file = text_in(object, "ca_file");
  if (!out.ca_file.empty() && !is_file_name(out.ca_file)) return bad("tên tệp chứng thư", "ca_file");
  for (const json::value& one : list_in(object, "kinds")) {
    const auto kind = one.is_string() ? kind_from_name(one.get_string().c_str()) : std::nullopt;
    if (!kind) return bad("loại thông báo", "a kind of notice");
    if (std::find(out.kinds.begin(), out.kinds.end(), *kind) == out.kinds.end()) out.kinds.push_back(*kind);
  }
  if (out.kinds.empty()) return bad("cần ít nhất một loại thông báo", "it needs a kind of notice");
  out.enabled = flag_in(object, "enabled");
  return out;
}

}  // namespace luy::notice
