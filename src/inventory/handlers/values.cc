#include "inventory/handlers/values.h"

#include "api/route.h"
#include "inventory/api.h"

namespace luy::inventory {
namespace {

namespace json = boost::json;

json::value time_or_null(const std::optional<Time>& time) {
  if (!time) return nullptr;
  return json::value(to_rfc3339(*time));
}

json::value day_or_null(const std::optional<Day>& day) {
  if (!day) return nullptr;
  return json::value(to_iso(*day));
}

json::array texts(const std::vector<std::string>& list) {
  json::array out;
  for (const std::string& text : list) out.emplace_back(text);
  return out;
}

}  // namespace

json::object device_json(const DeviceState& state, json::object counts) {
  const Device& d = state.device;
  return {{"id", d.id.text()},
          {"agency", d.agency.text()},
          {"name", d.name},
          {"class", name_of(d.device_class)},
          {"os", state.os},
          {"addresses", texts(state.addresses)},
          {"enrolled_at", to_rfc3339(d.enrolled_at)},
          {"last_seen", time_or_null(d.last_seen)},
          {"agent_version", state.agent_version},
          {"place", d.place},
          {"person_in_charge", d.person_in_charge},
          {"person_id", d.person ? json::value(d.person->text()) : json::value(nullptr)},
          {"counts", std::move(counts)}};
}

json::object fact_json(const StoredFact& fact) {
  // Our own writing, bounded by the size of a fact document.
  boost::system::error_code error;
  json::value body = json::parse(fact.body, error);
  if (error || !body.is_object()) body = json::object();
  if (fact.kind == fact::Kind::packages) body.as_object().erase("packages");
  return {{"kind", fact::name_of(fact.kind)},
          {"collected_at", to_rfc3339(fact.collected_at)},
          {"received_at", to_rfc3339(fact.received_at)},
          {"changed_at", to_rfc3339(fact.changed_at)},
          {"method", fact.method},
          {"seq", fact.seq},
          {"body", std::move(body)}};
}

json::object software_json(const InstalledPackage& package) {
  json::value approval;
  if (package.approval) approval = package.approval->text();
  json::value offered;
  if (package.offered) offered = *package.offered;
  return {{"name", package.name},
          {"version", package.version},
          {"architecture", package.architecture},
          {"installed_at", time_or_null(package.installed_at)},
          {"first_seen", to_rfc3339(package.first_seen)},
          {"approved", package.approval.has_value()},
          {"approval", std::move(approval)},
          {"offered", std::move(offered)},
          {"security", package.security},
          {"installed_by", package.installed_by},
          {"ended", time_or_null(package.ended)}};
}

json::object product_json(const Product& product) {
  return {{"name", product.name},
          {"versions", texts(product.versions)},
          {"devices", product.devices},
          {"approved_devices", product.approved_devices},
          {"first_seen", to_rfc3339(product.first_seen)}};
}

json::object licence_json(const Licence& licence) {
  return {{"kind", name_of(licence.kind)},
          {"seats", licence.seats ? json::value(*licence.seats) : json::value(nullptr)},
          {"expires_on", day_or_null(licence.expires_on)}};
}

Result<std::optional<Licence>> licence_of(const json::object& body) {
  const json::value* const given = body.if_contains("licence");
  if (given == nullptr || given->is_null()) return std::optional<Licence>();
  const json::object& from = given->as_object();
  Licence out;
  const auto kind = licence_kind_from_name(text_of(from.at("kind")));
  if (!kind) return Error(api::bad_request, "licence.kind");
  out.kind = *kind;
  if (const auto* seats = from.if_contains("seats"); seats != nullptr && seats->is_int64())
    out.seats = seats->as_int64();
  LUY_TRY(out.expires_on, day_of(from, "expires_on"));
  return std::optional(out);
}

json::object approval_json(const Approval& approval) {
  json::array classes;
  for (const DeviceClass one : approval.classes) classes.push_back(json::value(name_of(one)));
  return {{"id", approval.id.text()},
          {"agency", approval.agency.text()},
          {"product", approval.product},
          {"versions", approval.versions},
          {"classes", std::move(classes)},
          {"expires_on", day_or_null(approval.expires_on)},
          {"note", approval.note},
          {"approved_by", approval.approved_by},
          {"approved_at", to_rfc3339(approval.approved_at)},
          {"ends_at", time_or_null(ends_at(approval))},
          {"licence", approval.licence ? json::value(licence_json(*approval.licence)) : json::value(nullptr)}};
}

json::object network_json(const WifiNetwork& network) {
  json::array seen_on;
  for (const DeviceId& device : network.seen_on) seen_on.emplace_back(device.text());
  json::array bssids;
  for (const std::string& one : network.bssids) bssids.emplace_back(one);
  return {{"ssid", network.ssid},
          {"agency", network.agency.text()},
          {"registered", network.registered},
          {"security", network.security},
          {"key_changed_at", time_or_null(network.key_changed_at)},
          {"seen_on", std::move(seen_on)},
          {"last_seen", time_or_null(network.last_seen)},
          {"note", network.note},
          {"place", network.place},
          {"owner", network.owner},
          {"bssids", std::move(bssids)},
          {"recorded_on", network.recorded_on ? json::value(to_iso(*network.recorded_on)) : json::value(nullptr)},
          {"key_proof", name_of(network.key_proof)},
          {"clients_changed", network.clients_changed},
          {"clients_behind", network.clients_behind}};
}

json::object history_json(const HistoryEntry& entry) {
  const KindTitle kind = title_of(entry.kind);
  std::string vi = (entry.first ? "Ghi nhận lần đầu: " : "Thay đổi: ") + std::string(kind.vi);
  std::string en = (entry.first ? "First report: " : "Changed: ") + std::string(kind.en);
  if (entry.kind == fact::Kind::packages && !entry.first) {
    const std::string added = std::to_string(entry.added);
    const std::string removed = std::to_string(entry.removed);
    const std::string updated = std::to_string(entry.updated);
    vi += " (cài thêm " + added + ", gỡ bỏ " + removed + ", đổi phiên bản " + updated + ")";
    en += " (" + added + " installed, " + removed + " removed, " + updated + " with another version)";
  }
  return {{"at", to_rfc3339(entry.at)}, {"kind", "fact"}, {"title", {{"vi", vi}, {"en", en}}}, {"seq", entry.seq}};
}

json::object enrolled_json(const Device& device) {
  return {{"at", to_rfc3339(device.enrolled_at)},
          {"kind", "enrolled"},
          {"title", {{"vi", "Thiết bị được kết nối vào Lũy"}, {"en", "The device was enrolled"}}},
          {"seq", nullptr}};
}

std::string text_of(const json::value& value) {
  return std::string(value.as_string());
}

Result<std::optional<Day>> day_of(const json::object& body, std::string_view key) {
  const json::value* value = body.if_contains(key);
  if (value == nullptr || value->is_null()) return std::optional<Day>();
  const auto day = day_from_iso(text_of(*value));
  if (!day) return Error(api::bad_request, std::string(key));
  return day;
}

bool NamePage::admits(const std::string& name) {
  ++total_;
  if (name <= after_ && !after_.empty()) return false;
  if (items.size() >= limit_ && name != last_) {
    more_ = true;
    return false;
  }
  last_ = name;
  return true;
}

json::object NamePage::finish(const char* key, std::int64_t unapproved) {
  json::value next;
  if (more_) next = last_;
  return {{key, std::move(items)}, {"total", total_}, {"unapproved", unapproved}, {"next", std::move(next)}};
}

}  // namespace luy::inventory
