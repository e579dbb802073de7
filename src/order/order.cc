#include "order/order.h"

#include <arpa/inet.h>

#include <array>

#include "base/id.h"
#include "base/json.h"
#include "base/utf8.h"

namespace luy::order {
namespace {

constexpr std::array<std::string_view, type_count> type_names = {
    "isolate_network",  "release_network", "block_address",       "unblock_address",    "stop_process",
    "collect_volatile", "collect_now",     "restore_quarantined", "delete_quarantined", "backup_now",
    "drill_restore",    "preview_restore", "restore_backup"};

void add(std::string& out, std::string_view key, std::string_view text) {
  if (out.back() != '{') out += ',';
  append_json_text(out, key);
  out += ':';
  append_json_text(out, text);
}
void add_raw(std::string& out, std::string_view key, std::string_view json) {
  if (out.back() != '{') out += ',';
  append_json_text(out, key);
  out += ':';
  out += json;
}

struct ParametersWriter {
  std::string& out;
  void operator()(const IsolateNetwork& body) const {
    add(out, "until", to_rfc3339(body.until));
    std::string list = "[";
    for (const std::string& address : body.dns) {
      if (list.size() > 1) list += ',';
      append_json_text(list, address);
    }
    add_raw(out, "dns", list + ']');
    add_raw(out, "dhcp", body.dhcp ? "true" : "false");
  }
  void operator()(const BlockAddress& body) const {
    add(out, "address", body.address);
    if (body.until) {
      add(out, "until", to_rfc3339(*body.until));
    } else {
      add_raw(out, "until", "null");
    }
  }
  void operator()(const UnblockAddress& body) const { add(out, "address", body.address); }
  void operator()(const StopProcess& body) const {
    add_raw(out, "pid", std::to_string(body.pid));
    add_raw(out, "start_ticks", std::to_string(body.start_ticks));
    add(out, "path", body.path);
    add(out, "sha256", body.sha256);
  }
  void operator()(const ReleaseNetwork&) const {}
  void operator()(const CollectVolatile&) const {}
  void operator()(const CollectNow&) const {}
  void operator()(const RestoreQuarantined& body) const { item(body.item, body.sha256); }
  void operator()(const DeleteQuarantined& body) const { item(body.item, body.sha256); }
  void operator()(const BackupNow& body) const { set(body.request, body.set); }
  void operator()(const DrillRestore& body) const { set(body.request, body.set); }
  void operator()(const PreviewRestore& body) const { restore(body); }
  void operator()(const RestoreBackup& body) const { restore(body); }
  void set(std::string_view request, std::string_view name) const {
    add(out, "request", request);
    add(out, "set", name);
  }
  void restore(const RestoreWanted& body) const {
    set(body.request, body.set);
    add(out, "snapshot", body.snapshot);
    if (body.at) {
      add(out, "at", to_rfc3339(*body.at));
    } else {
      add_raw(out, "at", "null");
    }
    std::string list = "[";
    for (const std::string& path : body.paths) {
      if (list.size() > 1) list += ',';
      append_json_text(list, path);
    }
    add_raw(out, "paths", list + ']');
    add(out, "destination", body.destination);
  }
  void item(std::string_view id, std::string_view sha256) const {
    add(out, "item", id);
    add(out, "sha256", sha256);
  }
};

bool is_clean(std::string_view text, std::size_t bytes_max) {
  if (text.size() > bytes_max || !is_utf8(text)) return false;
  for (const char c : text) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) return false;
  }
  return true;
}

bool is_sha256(std::string_view text) {
  return text.size() == 64 && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

// Absolute, and leading nowhere but where it says.
bool is_plain_path(std::string_view path) {
  if (!path.starts_with('/') || path == "/" || path.back() == '/' || !is_clean(path, path_bytes_max)) return false;
  const std::string closed = std::string(path) + '/';
  return closed.find("//") == std::string::npos && closed.find("/./") == std::string::npos &&
         closed.find("/../") == std::string::npos;
}

// What the parameters must be for; answers the field that is not right, or nothing.
struct ParametersCheck {
  const Order& order;
  std::string_view operator()(const IsolateNetwork& body) const {
    if (body.until <= order.issued_at || body.until - order.issued_at > isolation_max) return "until";
    if (body.dns.size() > dns_max) return "dns";
    for (const std::string& address : body.dns) {
      if (normal_address(address) != address || address.empty()) return "dns";
    }
    return {};
  }
  std::string_view operator()(const BlockAddress& body) const {
    if (normal_address(body.address) != body.address || body.address.empty()) return "address";
    if (body.until && *body.until <= order.issued_at) return "until";
    return {};
  }
  std::string_view operator()(const UnblockAddress& body) const {
    return normal_address(body.address) != body.address || body.address.empty() ? "address" : std::string_view{};
  }
  std::string_view operator()(const StopProcess& body) const {
    if (body.pid < 2 || body.pid > (std::int64_t{1} << 22)) return "pid";  // PID_MAX_LIMIT; 1 is the system itself.
    if (body.start_ticks < 0) return "start_ticks";
    if (!body.path.starts_with('/') || !is_clean(body.path, path_bytes_max)) return "path";
    if (!body.sha256.empty() && !is_sha256(body.sha256)) return "sha256";
    return {};
  }
  std::string_view operator()(const ReleaseNetwork&) const { return {}; }
  std::string_view operator()(const CollectVolatile&) const { return {}; }
  std::string_view operator()(const CollectNow&) const { return {}; }
  std::string_view operator()(const RestoreQuarantined& body) const { return item(body.item, body.sha256); }
  std::string_view operator()(const DeleteQuarantined& body) const { return item(body.item, body.sha256); }
  std::string_view operator()(const BackupNow& body) const { return set(body.request, body.set); }
  std::string_view operator()(const DrillRestore& body) const { return set(body.request, body.set); }
  std::string_view operator()(const PreviewRestore& body) const { return restore(body); }
  std::string_view operator()(const RestoreBackup& body) const { return restore(body); }
  static std::string_view set(std::string_view request, std::string_view name) {
    if (!is_id_text(request)) return "request";
    return name.empty() || !is_clean(name, backup_set_bytes_max) ? "set" : std::string_view{};
  }
  static std::string_view restore(const RestoreWanted& body) {
    const std::string_view of_set = set(body.request, body.set);
    if (!of_set.empty()) return of_set;
    const bool is_hex = body.snapshot.find_first_not_of("0123456789abcdef") == std::string::npos;
    if (!is_hex || (!body.snapshot.empty() && (body.snapshot.size() < 8 || body.snapshot.size() > 64))) {
      return "snapshot";
    }
    if (body.paths.size() > restore_paths_max) return "paths";
    for (const std::string& path : body.paths) {
      if (!is_plain_path(path)) return "paths";
    }
    return body.destination.empty() || is_plain_path(body.destination) ? std::string_view{} : "destination";
  }
  static std::string_view item(std::string_view id, std::string_view sha256) {
    if (!is_id_text(id)) return "item";
    return is_sha256(sha256) ? std::string_view{} : "sha256";
  }
};

}  // namespace

std::string_view type_name(const Body& body) {
  return type_names[body.index()];
}

std::optional<Body> body_of_type(std::string_view name) {
  static_assert(type_count == 13, "a case for each type");
  if (name == type_names[0]) return IsolateNetwork{};
  if (name == type_names[1]) return ReleaseNetwork{};
  if (name == type_names[2]) return BlockAddress{};
  if (name == type_names[3]) return UnblockAddress{};
  if (name == type_names[4]) return StopProcess{};
  if (name == type_names[5]) return CollectVolatile{};
  if (name == type_names[6]) return CollectNow{};
  if (name == type_names[7]) return RestoreQuarantined{};
  if (name == type_names[8]) return DeleteQuarantined{};
  if (name == type_names[9]) return BackupNow{};
  if (name == type_names[10]) return DrillRestore{};
  if (name == type_names[11]) return PreviewRestore{};
  if (name == type_names[12]) return RestoreBackup{};
  return std::nullopt;
}

bool takes_two(const Body& body) {
  return std::holds_alternative<IsolateNetwork>(body) || std::holds_alternative<BlockAddress>(body) ||
         std::holds_alternative<StopProcess>(body) || std::holds_alternative<DeleteQuarantined>(body) ||
         std::holds_alternative<RestoreBackup>(body);
}

std::string normal_address(std::string_view text) {
  if (text.size() >= INET6_ADDRSTRLEN) return {};
  const std::string whole(text);
  if (whole.find('\0') != std::string::npos) return {};
  std::array<unsigned char, 16> bytes{};
  std::array<char, INET6_ADDRSTRLEN> out{};
  for (const int family : {AF_INET, AF_INET6}) {
    if (::inet_pton(family, whole.c_str(), bytes.data()) != 1) continue;
    if (::inet_ntop(family, bytes.data(), out.data(), out.size()) == nullptr) return {};
    return out.data();
  }
  return {};
}

std::string parameters_json(const Body& body) {
  std::string out = "{";
  std::visit(ParametersWriter{out}, body);
  return out + '}';
}

Result<void> check(const Order& order) {
  const auto wrong = [](std::string_view field) { return Error(malformed, std::string(field)); };
  if (!is_id_text(order.id)) return wrong("id");
  if (!is_id_text(order.device)) return wrong("device");
  if (order.serial < 1) return wrong("serial");
  if (order.expires_at <= order.issued_at || order.expires_at - order.issued_at > lifetime_max) {
    return wrong("expires_at");
  }
  if (!is_clean(order.incident, name_bytes_max)) return wrong("case");
  if (order.reason.empty() || !is_clean(order.reason, reason_bytes_max)) return wrong("reason");
  if (order.asked_by.empty() || !is_clean(order.asked_by, name_bytes_max)) return wrong("asked_by");
  if (!is_clean(order.agreed_by, name_bytes_max)) return wrong("agreed_by");
  const std::string_view field = std::visit(ParametersCheck{order}, order.body);
  if (!field.empty()) return wrong(field);
  return {};
}

std::string to_json(const Order& order) {
  LUY_CHECK(check(order));
  std::string out = "{";
  add_raw(out, "v", "1");
  add(out, "id", order.id);
  add(out, "device", order.device);
  add_raw(out, "serial", std::to_string(order.serial));
  add(out, "issued_at", to_rfc3339(order.issued_at));
  add(out, "expires_at", to_rfc3339(order.expires_at));
  add(out, "case", order.incident);
  add(out, "reason", order.reason);
  add(out, "asked_by", order.asked_by);
  add(out, "agreed_by", order.agreed_by);
  add(out, "type", type_name(order.body));
  add_raw(out, "parameters", parameters_json(order.body));
  return out + '}';
}

std::string signed_bytes(std::string_view document) {
  return std::string(signed_prefix) + std::string(document);
}

Result<Order> accept(const SignedOrder& given, const Guard& guard, const Verify& verify) {
  if (!verify(guard.key, signed_bytes(given.document), given.signature)) return Error(signature_wrong);
  LUY_TRY(Order order, read(given.document));
  if (order.device != guard.device) return Error(not_for_this_device, order.device);
  const auto apart = guard.now > guard.hub_now ? guard.now - guard.hub_now : guard.hub_now - guard.now;
  if (apart > clock_skew_max || order.issued_at - guard.now > clock_skew_max) {
    const Time other = apart > clock_skew_max ? guard.hub_now : order.issued_at;
    return Error(clock_off, to_rfc3339(guard.now) + " / " + to_rfc3339(other));
  }
  if (guard.now >= order.expires_at) return Error(expired, to_rfc3339(order.expires_at));
  if (order.serial <= guard.last_serial) {
    return Error(replayed, std::to_string(order.serial) + " ≤ " + std::to_string(guard.last_serial));
  }
  return order;
}

}  // namespace luy::order
