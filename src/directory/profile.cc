#include "directory/profile.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>

#include "directory/stored/four_eyes.h"
#include "directory/stored/profile.h"
#include "directory/stored/value.h"

namespace luy::directory {
namespace {

using boost::json::array;
using boost::json::object;
using boost::json::value;
using records::Connection;
using records::Row;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool all_digits(std::string_view text, std::size_t least, std::size_t most) {
  return text.size() >= least && text.size() <= most && std::all_of(text.begin(), text.end(), is_digit);
}
// "H56": a province's or ministry's code.
bool is_root_code(std::string_view text) {
  return text.size() == 3 && text[0] >= 'A' && text[0] <= 'Z' && is_digit(text[1]) && is_digit(text[2]);
}

std::vector<std::string_view> split(std::string_view text, char at) {
  std::vector<std::string_view> out;
  while (true) {
    const std::size_t end = text.find(at);
    out.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return out;
    text.remove_prefix(end + 1);
  }
}

bool is_clock(std::string_view text) {
  return text.size() == 5 && is_digit(text[0]) && is_digit(text[1]) && text[2] == ':' && is_digit(text[3]) &&
         is_digit(text[4]) && text <= "24:00" && text.substr(3) < "60";
}

std::string address_bytes(std::string_view text) {
  std::array<char, 16> out{};
  const std::string zero_ended(text);
  if (inet_pton(AF_INET, zero_ended.c_str(), out.data()) == 1) return {out.data(), 4};
  if (inet_pton(AF_INET6, zero_ended.c_str(), out.data()) != 1) return {};
  // ::ffff:192.0.2.1 is the IPv4 address in it.
  const std::string six(out.data(), 16);
  if (six.starts_with(std::string(10, '\0') + "\xff\xff")) return six.substr(12);
  return six;
}

// An optional text of an object, short and clean.
Result<std::string> text_in(const object& from, std::string_view name) {
  const value* found = from.if_contains(name);
  if (found == nullptr || found->is_null()) return std::string();
  const auto* text = found->if_string();
  if (text == nullptr) return Error(profile_invalid, std::string(name));
  if (text->empty()) return std::string();
  auto checked = checked_text(name, std::string_view(*text), name_bytes_max);
  if (!checked) return Error(profile_invalid, std::string(name));
  return checked;
}

Result<const array*> list_in(const object& from, std::string_view name, std::size_t most) {
  static const array none;
  const value* found = from.if_contains(name);
  if (found == nullptr || found->is_null()) return &none;
  const array* list = found->if_array();
  if (list == nullptr || list->size() > most) return Error(profile_invalid, std::string(name));
  return list;
}

Result<Contact> contact_of(const value& from) {
  const object* one = from.if_object();
  if (one == nullptr) return Error(profile_invalid, "contacts");
  Contact out;
  LUY_TRY(out.name, text_in(*one, "name"));
  LUY_TRY(out.title, text_in(*one, "title"));
  LUY_TRY(out.phone, text_in(*one, "phone"));
  LUY_TRY(out.email, text_in(*one, "email"));
  if (out.name.empty() || (out.phone.empty() && out.email.empty())) return Error(profile_invalid, "contacts");
  const bool phone = std::all_of(out.phone.begin(), out.phone.end(), [](char c) {
    return is_digit(c) || std::string_view("+ .-()").find(c) != std::string_view::npos;
  });
  if (!phone) return Error(profile_invalid, "phone");
  if (!out.email.empty() && std::count(out.email.begin(), out.email.end(), '@') != 1) {
    return Error(profile_invalid, "email");
  }
  const value* always = one->if_contains("always");
  if (always != nullptr && !always->is_bool()) return Error(profile_invalid, "always");
  out.always = always != nullptr && always->get_bool();
  return out;
}

Result<WorkingSpan> span_of(const value& from) {
  const object* one = from.if_object();
  if (one == nullptr) return Error(profile_invalid, "hours");
  WorkingSpan out;
  const value* weekday = one->if_contains("weekday");
  if (weekday == nullptr || !weekday->is_int64() || weekday->get_int64() < 1 || weekday->get_int64() > 7) {
    return Error(profile_invalid, "weekday");
  }
  out.weekday = static_cast<int>(weekday->get_int64());
  LUY_TRY(out.from, text_in(*one, "from"));
  LUY_TRY(out.to, text_in(*one, "to"));
  if (!is_clock(out.from) || !is_clock(out.to) || out.from >= out.to) return Error(profile_invalid, "hours");
  return out;
}

}  // namespace

bool is_identifier(std::string_view text) {
  const auto parts = split(text, '.');
  if (parts.size() == 4 && all_digits(parts[0], 3, 3) && all_digits(parts[1], 2, 2) && all_digits(parts[2], 2, 2)) {
    return is_root_code(parts[3]);
  }
  return parts.size() <= 4 && is_root_code(parts[0]) &&
         std::all_of(parts.begin() + 1, parts.end(), [](std::string_view part) { return all_digits(part, 1, 3); });
}

Result<Network> Network::parse(std::string_view text) {
  const Error wrong(profile_invalid, std::string(text.substr(0, 64)));
  const std::size_t slash = text.find('/');
  if (slash == std::string_view::npos || !all_digits(text.substr(slash + 1), 1, 3)) return wrong;
  Network out;
  out.bytes_ = address_bytes(text.substr(0, slash));
  out.bits_ = static_cast<unsigned>(std::stoul(std::string(text.substr(slash + 1))));
  if (out.bytes_.empty() || out.bits_ > out.bytes_.size() * 8) return wrong;
  for (std::size_t bit = out.bits_; bit < out.bytes_.size() * 8; ++bit) {
    if ((static_cast<unsigned char>(out.bytes_[bit / 8]) >> (7 - bit % 8)) & 1U) return wrong;
  }
  return out;
}

bool Network::contains(const Network& other) const {
  if (other.bytes_.size() != bytes_.size() || other.bits_ < bits_) return false;
  for (std::size_t bit = 0; bit < bits_; ++bit) {
    const auto differs = static_cast<unsigned char>(other.bytes_[bit / 8] ^ bytes_[bit / 8]);
    if ((differs >> (7 - bit % 8)) & 1U) return false;
  }
  return true;
}

bool Network::too_wide() const {
  constexpr std::size_t v4 = 4;
  return bits_ < (bytes_.size() == v4 ? network_bits_min_v4 : network_bits_min_v6);
}

bool Network::contains(std::string_view address) const {
  const std::string other = address_bytes(address);
  if (other.size() != bytes_.size()) return false;
  for (std::size_t bit = 0; bit < bits_; ++bit) {
    const auto differs = static_cast<unsigned char>(other[bit / 8] ^ bytes_[bit / 8]);
    if ((differs >> (7 - bit % 8)) & 1U) return false;
  }
  return true;
}

object to_json(const AgencyProfile& profile) {
  array contacts;
  for (const Contact& one : profile.contacts) {
    contacts.push_back(
        {{"name", one.name}, {"title", one.title}, {"phone", one.phone}, {"email", one.email}, {"always", one.always}});
  }
  array networks;
  for (const std::string& one : profile.networks) networks.emplace_back(one);
  array hours;
  for (const WorkingSpan& one : profile.hours) {
    hours.push_back({{"weekday", one.weekday}, {"from", one.from}, {"to", one.to}});
  }
  return {{"identifier", profile.identifier},
          {"address", profile.address},
          {"superior_header", profile.superior_header},
          {"contacts", std::move(contacts)},
          {"networks", std::move(networks)},
          {"hours", std::move(hours)}};
}

Result<AgencyProfile> profile_from_json(const value& from) {
  const object* body = from.if_object();
  if (body == nullptr) return Error(profile_invalid, "body");
  AgencyProfile out;
  LUY_TRY(out.identifier, text_in(*body, "identifier"));
  if (!out.identifier.empty() && !is_identifier(out.identifier)) return Error(profile_invalid, "identifier");
  LUY_TRY(out.address, text_in(*body, "address"));
  LUY_TRY(out.superior_header, text_in(*body, "superior_header"));
  LUY_TRY(const array* contacts, list_in(*body, "contacts", contacts_max));
  for (const value& one : *contacts) {
    LUY_TRY(Contact contact, contact_of(one));
    out.contacts.push_back(std::move(contact));
  }
  LUY_TRY(const array* networks, list_in(*body, "networks", networks_max));
  for (const value& one : *networks) {
    const auto* text = one.if_string();
    if (text == nullptr) return Error(profile_invalid, "networks");
    LUY_TRY_VOID(Network::parse(std::string_view(*text)));
    out.networks.emplace_back(*text);
  }
  LUY_TRY(const array* hours, list_in(*body, "hours", hours_max));
  for (const value& one : *hours) {
    LUY_TRY(WorkingSpan span, span_of(one));
    out.hours.push_back(std::move(span));
  }
  return out;
}

Result<AgencyProfile> load_profile(Connection& c, const AgencyId& agency) {
  LUY_TRY_VOID(load_superiors(c, agency));
  std::string body;
  LUY_TRY_VOID(c.query("SELECT body FROM agency_profile WHERE agency = $1", {std::string_view(agency.text())},
                       [&](const Row& row) { body = row.text(0); }));
  return stored_profile(body);
}

Result<void> check_networks(const std::vector<std::string>& networks) {
  for (const std::string& one : networks) {
    LUY_TRY(const Network network, Network::parse(one));
    if (network.too_wide()) return Error(profile_invalid, one);
  }
  return {};
}

Result<bool> widens(Connection& c, const AgencyId& agency, const std::vector<std::string>& networks) {
  LUY_TRY(const auto chain, load_superiors(c, agency));
  std::vector<Network> named;
  bool others = false;  // Whether superiors name any.
  for (const AgencyId& one : chain) {
    LUY_TRY(const AgencyProfile profile, load_profile(c, one));
    others = others || (one != agency && !profile.networks.empty());
    for (const std::string& text : profile.networks) {
      LUY_TRY(Network network, Network::parse(text));
      named.push_back(std::move(network));
    }
  }
  // Where none is named, the private ranges count.
  if (networks.empty()) return !named.empty() && !others;
  for (const std::string& text : networks) {
    LUY_TRY(const Network wanted, Network::parse(text));
    if (std::none_of(named.begin(), named.end(), [&](const Network& one) { return one.contains(wanted); })) return true;
  }
  return false;
}

Result<AgencyProfile> Profiles::set_in(Connection& c, const Caller& caller, const AgencyId& agency,
                                       const AgencyProfile& profile, AuditEntry& entry) {
  LUY_TRY(const auto chain, load_superiors(c, agency));
  LUY_TRY_VOID(caller.require(Action::agency_manage, {chain, std::nullopt, false}));
  LUY_TRY(AgencyProfile checked, profile_from_json(to_json(profile)));
  LUY_TRY(const AgencyProfile before, load_profile(c, agency));
  if (checked.networks != before.networks) LUY_TRY_VOID(check_networks(checked.networks));
  entry.object = "agency:" + agency.text();
  entry.before = to_json(before);
  entry.after = to_json(checked);
  LUY_TRY_VOID(store_profile(c, caller, clock_.now(), agency, checked));
  return checked;
}

Result<AgencyProfile> Profiles::set(const Caller& caller, const AgencyId& agency, const AgencyProfile& profile) {
  return audit_.perform(caller, {"agency_profile", "agency:" + agency.text(), Outcome::done, "", {}, {}},
                        [&](Connection& c, AuditEntry& entry) -> Result<AgencyProfile> {
                          LUY_TRY(const bool wider, widens(c, agency, profile.networks));
                          LUY_TRY(AgencyProfile after, set_in(c, caller, agency, profile, entry));
                          if (wider) LUY_TRY_VOID(check_alone(c, caller, clock_.now()));
                          return after;
                        });
}

Result<AgencyProfile> Profiles::find(const AgencyId& agency) const {
  return database_.read([&](Connection& c) { return load_profile(c, agency); });
}

}  // namespace luy::directory
