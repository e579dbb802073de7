// Where notices may go, as values: the mail server, the domains whose addresses are official, the hosts that webhooks
// may call, and webhooks themselves. Pure. No secret is in here: passwords and authorities are files of a folder on
// the server, named and never with a path.
#pragma once

#include <boost/json.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "notice/notice.h"

namespace luy::notice {

inline constexpr std::size_t address_bytes_max = 254;  // RFC 5321 section 4.5.3.1, less the brackets.
inline constexpr std::size_t domains_max = 20;
inline constexpr std::size_t hosts_max = 20;
inline constexpr std::size_t host_networks_max = 8;
inline constexpr std::size_t host_chars_max = 253;
inline constexpr std::size_t url_chars_max = 1000;
inline constexpr std::size_t file_chars_max = 64;
inline constexpr std::size_t webhook_name_bytes_max = 200;
inline constexpr std::size_t webhooks_max = 20;

enum class Security : std::uint8_t { tls, starttls, none };
std::string_view name_of(Security security);

struct MailServer {
  bool enabled = false;
  std::string host;
  std::uint16_t port = 0;
  Security security = Security::starttls;  // None: only to loopback.
  std::string username{};                  // Empty: it asks for none.
  std::string secret_file{};
  std::string ca_file{};  // Empty: the authorities that the system believes.
  std::string sender;
  bool operator==(const MailServer&) const = default;
};

struct WebhookHost {
  std::string host;                   // Lower case.
  std::vector<std::string> networks;  // Empty: any address that is public.
  bool operator==(const WebhookHost&) const = default;
};

struct Settings {
  std::optional<MailServer> mail{};
  std::vector<std::string> domains{};
  std::vector<WebhookHost> webhook_hosts{};
  bool operator==(const Settings&) const = default;
  bool sends_mail() const { return mail && mail->enabled; }
};

// NoticeSettings of the contract.
boost::json::object to_json(const Settings& settings);
// Checked: names, addresses, an encrypted way to any server but on loopback, a sender of an official domain. Errors:
// settings_invalid, address_not_official.
Result<Settings> settings_from_json(const boost::json::value& value);

// A mailbox as officials have them: letters without marks, digits and a few signs; no quoting, no comment.
bool is_address(std::string_view text);
// Of one of the domains, or of one below it.
bool is_official(const Settings& settings, std::string_view address);

struct WebhookUrl {
  std::string host;  // Lower case; of an IPv6 address without brackets.
  std::uint16_t port = 443;
};
// "https://host[:port]/…" without a user and without a fragment; nullopt for anything else.
std::optional<WebhookUrl> webhook_url(std::string_view url);

// nullptr when the host is not on the list.
const WebhookHost* allowed_host(const Settings& settings, std::string_view host);
// Whether a call to the host may go to this numeric address. One of IPv4 within IPv6 counts as what it stands for.
bool may_reach(const WebhookHost& host, std::string_view address);
// Of nobody's own network: routed on the Internet.
bool is_public(std::string_view address);

struct WebhookSettings {
  std::string name;
  AgencyId agency;  // Told of what happens in it and below it.
  std::string url;
  std::string ca_file{};
  std::vector<Kind> kinds;
  bool enabled = true;
  bool operator==(const WebhookSettings&) const = default;
};
// NewWebhook of the contract.
boost::json::object to_json(const WebhookSettings& webhook);
// Checked, but for whether its host is allowed. Errors: settings_invalid.
Result<WebhookSettings> webhook_from_json(const boost::json::value& value);

}  // namespace luy::notice
