#include "incident/system_book.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>

#include "base/vietnamese.h"
#include "incident/case_book.h"

namespace luy::incident {
namespace {

namespace json = boost::json;

constexpr std::array<std::string_view, system_manager_count> manager_names = {"agency", "province", "provider"};
constexpr std::size_t domain_bytes_max = 253;  // RFC 1035, 2.3.4, as text.
constexpr std::size_t label_bytes_max = 63;
constexpr std::size_t name_bytes_min = 3;  // A shorter name stands in any text.

// 4 or 16 bytes; empty for what is no address.
std::string address_bytes(const std::string& text) {
  std::array<unsigned char, 16> bytes{};
  if (inet_pton(AF_INET, text.c_str(), bytes.data()) == 1) return {bytes.begin(), bytes.begin() + 4};
  if (inet_pton(AF_INET6, text.c_str(), bytes.data()) == 1) return {bytes.begin(), bytes.end()};
  return {};
}

std::string address_text(const std::string& bytes) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  inet_ntop(bytes.size() == 4 ? AF_INET : AF_INET6, bytes.data(), text.data(), text.size());
  return text.data();
}

struct Network {
  std::string bytes;
  std::size_t bits = 0;
};

std::optional<Network> network_of(const std::string& text) {
  const std::size_t slash = text.find('/');
  Network out{address_bytes(text.substr(0, slash)), 0};
  if (out.bytes.empty()) return std::nullopt;
  out.bits = out.bytes.size() * 8;
  if (slash == std::string::npos) return out;
  const std::string count = text.substr(slash + 1);
  const bool is_number = !count.empty() && count.size() <= 3 &&
                         std::all_of(count.begin(), count.end(), [](char c) { return c >= '0' && c <= '9'; });
  if (!is_number || std::stoul(count) > out.bits) return std::nullopt;
  out.bits = std::stoul(count);
  return out;
}

bool holds(const Network& network, const std::string& address) {
  if (network.bytes.size() != address.size()) return false;
  for (std::size_t bit = 0; bit < network.bits; ++bit) {
    const unsigned mask = 0x80U >> (bit % 8);
    const unsigned differs =
        static_cast<unsigned char>(network.bytes[bit / 8]) ^ static_cast<unsigned char>(address[bit / 8]);
    if ((differs & mask) != 0) return false;
  }
  return true;
}

std::string normal_domain(std::string text) {
  for (char& c : text) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  if (text.ends_with('.')) text.pop_back();
  if (text.empty() || text.size() > domain_bytes_max || text.find('.') == std::string::npos) return {};
  std::size_t label = 0;
  char last = '.';
  for (const char c : text) {
    const bool is_plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
    if (c == '.') {
      if (last == '.' || last == '-') return {};
      label = 0;
    } else if (!is_plain || ++label > label_bytes_max || (c == '-' && last == '.')) {
      return {};
    }
    last = c;
  }
  return last == '-' || last == '.' ? std::string() : text;
}

bool is_below(const std::string& name, const std::string& domain) {
  return name == domain || name.ends_with("." + domain);
}

Error invalid(const char* vi, const char* en, const std::string& value = {}) {
  const std::string detail = value.empty() ? "" : " " + clean_text(value, 80);
  return Error(system_invalid, vi + detail, en + detail);
}

Result<void> check_level(const System& wanted, Time now) {
  if (wanted.level && (*wanted.level < 1 || *wanted.level > system_level_max)) return invalid("cấp độ", "level");
  if (!wanted.level_decision) return {};
  if (!wanted.level) return invalid("quyết định phê duyệt mà chưa có cấp độ", "a decision without a level");
  if (wanted.level_decision->number.empty()) return invalid("số quyết định", "number of the decision");
  if (wanted.level_decision->date > day_of(now)) return invalid("ngày quyết định ở tương lai", "date of the decision");
  return {};
}

template <class T>
void drop_doubles(std::vector<T>& list) {
  std::vector<T> out;
  for (T& one : list) {
    if (std::find(out.begin(), out.end(), one) == out.end()) out.push_back(std::move(one));
  }
  list = std::move(out);
}

std::string text_at(const json::object& object, const char* key) {
  const json::value* found = object.if_contains(key);
  return found != nullptr && found->is_string() ? std::string(found->get_string().c_str()) : std::string();
}

std::vector<std::string> texts_at(const json::object& object, const char* key) {
  std::vector<std::string> out;
  const json::value* found = object.if_contains(key);
  if (found == nullptr || !found->is_array()) return out;
  for (const json::value& one : found->get_array()) {
    if (one.is_string()) out.emplace_back(one.get_string().c_str());
  }
  return out;
}

System system_from(const records::Row& row) {
  System out;
  out.id = SystemId::trusted(row.text(0));
  out.agency = AgencyId::trusted(row.text(1));
  if (!row.null(3)) out.retired_at = from_micros(row.integer(3));
  boost::system::error_code error;
  const json::value parsed = json::parse(row.text(2), error);
  if (error || !parsed.is_object()) return out;
  const json::object& body = parsed.get_object();
  out.name = text_at(body, "name");
  out.purpose = text_at(body, "purpose");
  out.manager = system_manager_from_name(text_at(body, "manager")).value_or(SystemManager::agency);
  out.operated_by = text_at(body, "operator");
  out.place = text_at(body, "place");
  out.addresses = texts_at(body, "addresses");
  out.domains = texts_at(body, "domains");
  for (const std::string& device : texts_at(body, "devices")) out.devices.push_back(DeviceId::trusted(device));
  if (const json::value* level = body.if_contains("level"); level != nullptr && level->is_number()) {
    out.level = level->to_number<unsigned>();
  }
  if (const json::value* given = body.if_contains("level_decision"); given != nullptr && given->is_object()) {
    const auto day = day_from_iso(text_at(given->get_object(), "date"));
    out.level_decision = LevelDecision{text_at(given->get_object(), "number"), day.value_or(Day())};
  }
  const json::value* personal = body.if_contains("personal_data");
  out.personal_data = personal != nullptr && personal->is_bool() && personal->get_bool();
  return out;
}

constexpr std::string_view columns = "SELECT id, agency, body, retired_at FROM incident_system ";

Result<std::vector<System>> all_systems(records::Connection& c) {
  std::vector<System> out;
  LUY_TRY_VOID(c.query(std::string(columns) + "ORDER BY name_key, id", {},
                       [&](const records::Row& row) { out.push_back(system_from(row)); }));
  return out;
}

Result<System> load(records::Connection& c, const SystemId& id) {
  std::optional<System> out;
  LUY_TRY_VOID(c.query(std::string(columns) + "WHERE id = $1", {std::string_view(id.text())},
                       [&](const records::Row& row) { out = system_from(row); }));
  if (!out) return Error(system_unknown);
  return *std::move(out);
}

Result<void> save(records::Connection& c, const System& system) {
  const std::string body = json::serialize(to_json(system));
  const std::string key = fold_vietnamese(system.name);
  const auto retired = system.retired_at ? std::optional(to_micros(*system.retired_at)) : std::nullopt;
  // One name in an agency once, among those in use.
  bool is_taken = false;
  LUY_TRY_VOID(
      c.query("SELECT 1 FROM incident_system WHERE agency = $1 AND name_key = $2 AND id <> $3 AND "
              "retired_at IS NULL LIMIT 1",
              {std::string_view(system.agency.text()), std::string_view(key), std::string_view(system.id.text())},
              [&](const records::Row&) { is_taken = true; }));
  if (is_taken && !retired) return Error(system_taken, system.name);
  LUY_TRY_VOID(
      c.run("INSERT INTO incident_system (id, agency, name_key, body, retired_at) VALUES ($1, $2, $3, $4, $5) "
            "ON CONFLICT (id) DO UPDATE SET name_key = excluded.name_key, body = excluded.body, "
            "retired_at = excluded.retired_at",
            {std::string_view(system.id.text()), std::string_view(system.agency.text()), std::string_view(key),
             std::string_view(body), records::nullable(retired)}));
  return {};
}

}  // namespace

std::string_view name_of(SystemManager manager) {
  return manager_names.at(static_cast<std::size_t>(manager));
}

std::optional<SystemManager> system_manager_from_name(std::string_view name) {
  const auto found = std::find(manager_names.begin(), manager_names.end(), name);
  if (found == manager_names.end()) return std::nullopt;
  return static_cast<SystemManager>(found - manager_names.begin());
}

Text title_of(SystemManager manager) {
  switch (manager) {
    case SystemManager::agency:
      return {"cơ quan tự quản lý", "the agency itself"};
    case SystemManager::province:
      return {"Trung tâm Dữ liệu tỉnh quản lý", "the provincial data centre"};
    case SystemManager::provider:
      break;
  }
  return {"thuê nhà cung cấp vận hành", "a provider, for the agency"};
}

json::object to_json(const System& system) {
  json::array devices;
  for (const DeviceId& device : system.devices) devices.emplace_back(device.text());
  json::object out;
  out["name"] = system.name;
  out["purpose"] = system.purpose;
  out["manager"] = name_of(system.manager);
  out["operator"] = system.operated_by;
  out["place"] = system.place;
  out["addresses"] = json::array(system.addresses.begin(), system.addresses.end());
  out["domains"] = json::array(system.domains.begin(), system.domains.end());
  out["devices"] = std::move(devices);
  out["level"] = system.level ? json::value(*system.level) : json::value(nullptr);
  out["level_decision"] = nullptr;
  if (system.level_decision) {
    out["level_decision"] =
        json::object{{"number", system.level_decision->number}, {"date", to_iso(system.level_decision->date)}};
  }
  out["personal_data"] = system.personal_data;
  return out;
}

Result<System> checked(System wanted, Time now) {
  wanted.name = clean_text(wanted.name, system_name_bytes_max);
  if (wanted.name.empty()) return Error(text_missing, "tên hệ thống", "the system's name");
  wanted.purpose = clean_text(wanted.purpose, text_bytes_max);
  wanted.operated_by = clean_text(wanted.operated_by, system_name_bytes_max);
  wanted.place = clean_text(wanted.place, system_name_bytes_max);
  if (wanted.addresses.size() > system_lines_max) return invalid("quá nhiều địa chỉ", "too many addresses");
  if (wanted.domains.size() > system_lines_max) return invalid("quá nhiều tên miền", "too many domains");
  if (wanted.devices.size() > system_devices_max) return invalid("quá nhiều máy", "too many devices");
  for (std::string& address : wanted.addresses) {
    const auto network = network_of(address);
    if (!network) return invalid("địa chỉ", "address", address);
    const bool is_one = address.find('/') == std::string::npos;
    address = address_text(network->bytes) + (is_one ? "" : "/" + std::to_string(network->bits));
  }
  for (std::string& domain : wanted.domains) {
    std::string normal = normal_domain(domain);
    if (normal.empty()) return invalid("tên miền", "domain", domain);
    domain = std::move(normal);
  }
  drop_doubles(wanted.addresses);
  drop_doubles(wanted.domains);
  drop_doubles(wanted.devices);
  if (wanted.level_decision) {
    wanted.level_decision->number = clean_text(wanted.level_decision->number, system_name_bytes_max);
  }
  LUY_TRY_VOID(check_level(wanted, now));
  return wanted;
}

Result<System> SystemBook::add(const directory::Caller& caller, const Permit& permit, const System& wanted) {
  directory::AuditEntry entry;
  entry.act = "system_add";
  const auto work = [&](records::Connection& c, directory::AuditEntry& done) -> Result<System> {
    LUY_TRY_VOID(permit(wanted.agency));
    LUY_TRY(System made, checked(wanted, d_.clock.now()));
    LUY_TRY(const std::vector<System> all, all_systems(c));
    if (all.size() >= systems_max) return Error(too_many, "hệ thống", "systems");
    made.id = SystemId::make(d_.clock.now(), d_.random);
    made.retired_at.reset();
    LUY_TRY_VOID(save(c, made));
    done.object = "system:" + made.id.text();
    done.after = to_json(made);
    done.after["agency"] = made.agency.text();
    return made;
  };
  return d_.audit.perform(caller, std::move(entry), work);
}

Result<System> SystemBook::change(const directory::Caller& caller, const Permit& permit, const SystemId& id,
                                  const System& wanted) {
  directory::AuditEntry entry;
  entry.act = "system_change";
  entry.object = "system:" + id.text();
  const auto work = [&](records::Connection& c, directory::AuditEntry& done) -> Result<System> {
    LUY_TRY(const System before, load(c, id));
    LUY_TRY_VOID(permit(before.agency));
    if (before.retired_at) return Error(system_retired, before.name);
    LUY_TRY(System made, checked(wanted, d_.clock.now()));
    made.id = id;
    made.agency = before.agency;
    made.retired_at.reset();
    LUY_TRY_VOID(save(c, made));
    done.before = to_json(before);
    done.after = to_json(made);
    return made;
  };
  return d_.audit.perform(caller, std::move(entry), work);
}

Result<void> SystemBook::retire(const directory::Caller& caller, const Permit& permit, const SystemId& id) {
  directory::AuditEntry entry;
  entry.act = "system_retire";
  entry.object = "system:" + id.text();
  const auto work = [&](records::Connection& c, directory::AuditEntry& done) -> Result<void> {
    LUY_TRY(System system, load(c, id));
    LUY_TRY_VOID(permit(system.agency));
    if (!system.retired_at) system.retired_at = d_.clock.now();
    done.after["name"] = system.name;
    done.after["retired_at"] = to_rfc3339(*system.retired_at);
    return save(c, system);
  };
  return d_.audit.perform(caller, std::move(entry), work);
}

Result<std::map<AgencyId, unsigned>> system_levels(const records::Database& database) {
  LUY_TRY(const std::vector<System> all, database.read([](records::Connection& c) { return all_systems(c); }));
  std::map<AgencyId, unsigned> out;
  for (const System& one : all) {
    if (!one.retired_at && one.level) out[one.agency] = std::max(out[one.agency], *one.level);
  }
  return out;
}

Result<System> SystemBook::find(const SystemId& id) const {
  return d_.database.read([&](records::Connection& c) { return load(c, id); });
}

Result<std::vector<System>> SystemBook::list() const {
  return d_.database.read([&](records::Connection& c) { return all_systems(c); });
}

std::optional<SystemMatch> match_system(std::span<const System> systems, const Whereabouts& where) {
  if (where.system) {
    for (const System& one : systems) {
      if (one.id == *where.system) return SystemMatch{&one, {}};
    }
  }
  const auto by_device = [&](const System& one) -> std::optional<Text> {
    for (const DeviceId& device : where.devices) {
      if (std::find(one.devices.begin(), one.devices.end(), device) != one.devices.end()) {
        return Text{"máy của hệ thống", "a device of the system"};
      }
    }
    return std::nullopt;
  };
  const auto by_domain = [&](const System& one) -> std::optional<Text> {
    for (const std::string& written : where.domains) {
      const std::string name = normal_domain(written);
      for (const std::string& domain : one.domains) {
        if (is_below(name, domain)) return Text{"tên miền " + name, "the domain " + name};
      }
    }
    return std::nullopt;
  };
  const auto by_address = [&](const System& one) -> std::optional<Text> {
    for (const std::string& written : where.addresses) {
      const std::string address = address_bytes(written);
      for (const std::string& own : one.addresses) {
        const auto network = network_of(own);
        if (network && !address.empty() && holds(*network, address)) {
          return Text{"địa chỉ " + written, "the address " + written};
        }
      }
    }
    return std::nullopt;
  };
  const std::string text = fold_vietnamese(where.text);
  const auto by_name = [&](const System& one) -> std::optional<Text> {
    const std::string name = fold_vietnamese(one.name);
    if (name.size() < name_bytes_min || text.find(name) == std::string::npos) return std::nullopt;
    return Text{"tên gọi", "its name"};
  };
  const std::array<std::function<std::optional<Text>(const System&)>, 4> ways = {by_device, by_domain, by_address,
                                                                                 by_name};
  for (const auto& way : ways) {
    for (const AgencyId& agency : where.agencies) {
      for (const System& one : systems) {
        if (one.agency != agency || one.retired_at) continue;
        if (const auto by = way(one)) return SystemMatch{&one, *by};
      }
    }
  }
  return std::nullopt;
}

}  // namespace luy::incident
