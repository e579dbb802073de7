// What readers ask: published values, and rows for the pages that show them.
#include <algorithm>

#include "inventory/store/store.h"

namespace luy::inventory {

StatePointer Store::state(const DeviceId& device) const {
  const std::shared_lock lock(mutex_);
  const auto entry = entries_.find(device);
  return entry == entries_.end() ? nullptr : entry->second.state;
}

std::vector<StatePointer> Store::states() const {
  std::vector<StatePointer> out;
  const std::shared_lock lock(mutex_);
  out.reserve(entries_.size());
  for (const auto& [id, entry] : entries_) {
    if (!entry.state->device.retired_at) out.push_back(entry.state);
  }
  return out;
}

Rejected Store::rejected(const DeviceId& device) const {
  const std::shared_lock lock(mutex_);
  const auto entry = entries_.find(device);
  return entry == entries_.end() ? Rejected{} : entry->second.rejected;
}

std::optional<std::int64_t> Store::number(const DeviceId& device) const {
  const std::shared_lock lock(mutex_);
  const auto entry = entries_.find(device);
  if (entry == entries_.end()) return std::nullopt;
  return entry->second.number;
}

Result<std::vector<StoredFact>> Store::facts(const DeviceId& device) const {
  std::vector<StoredFact> out;
  const auto device_number = number(device);
  if (!device_number) return out;
  LUY_TRY_VOID(deps_.database.read([&](records::Connection& db) {
    return tables::each_fact(db, *device_number, [&](tables::FactRow row) { out.push_back(std::move(row.fact)); });
  }));
  std::sort(out.begin(), out.end(), [](const auto& a, const auto& b) { return a.kind < b.kind; });
  return out;
}

Result<std::vector<HistoryEntry>> Store::history(const DeviceId& device, std::size_t limit) const {
  const auto device_number = number(device);
  if (!device_number) return std::vector<HistoryEntry>();
  return deps_.database.read([&](records::Connection& db) { return tables::history_of(db, *device_number, limit); });
}

Result<std::map<std::string, std::string>> Store::offered(std::int64_t device_number) const {
  std::map<std::string, std::string> out;
  LUY_TRY_VOID(deps_.database.read([&](records::Connection& db) {
    return tables::each_fact(db, device_number, [&](tables::FactRow row) {
      if (row.fact.kind != fact::Kind::updates) return;
      const auto parsed = fact::from_json(as_document(row.fact));
      if (!parsed) return;
      for (const auto& update : std::get<fact::Updates>(parsed->body).security) out[update.package] = update.offered;
    });
  }));
  return out;
}

std::vector<Inventory::NamedPackage> Store::package_names(const DeviceId& device) const {
  std::map<std::string_view, bool> names;
  std::vector<NamedPackage> out;
  const std::shared_lock lock(mutex_);
  const auto entry = entries_.find(device);
  if (entry == entries_.end() || !entry->second.installed) return out;
  for (const std::uint32_t item : *entry->second.installed) {
    const auto known = names.emplace(catalogue_.package(number_of(item)).name, true).first;
    known->second = known->second && (item & unapproved_bit) == 0;
  }
  out.reserve(names.size());
  for (const auto& [name, approved] : names) out.push_back({std::string(name), approved});
  return out;
}

Result<std::vector<InstalledPackage>> Store::software(const DeviceId& device) const {
  StatePointer state;
  InstalledPointer installed;
  std::int64_t device_number = 0;
  {
    const std::shared_lock lock(mutex_);
    const auto entry = entries_.find(device);
    if (entry == entries_.end()) return Error(device_unknown, device.text());
    state = entry->second.state;
    installed = entry->second.installed;
    device_number = entry->second.number;
  }
  std::vector<InstalledPackage> out;
  if (!installed) return out;
  LUY_TRY(const auto updates, offered(device_number));
  LUY_TRY(const auto rows,
          deps_.database.read([&](records::Connection& db) { return tables::installed_of(db, device_number); }));
  const std::vector<AgencyId> lineage = deps_.lineage(state->device.agency);
  const Time at = now();
  const std::shared_lock lock(mutex_);
  for (const std::uint32_t item : *installed) {
    const PackageView package = catalogue_.package(number_of(item));
    InstalledPackage one;
    one.name = package.name;
    one.version = package.version;
    one.architecture = package.architecture;
    one.first_seen = catalogue_.first_seen(number_of(item));
    if (const auto row = rows.find(number_of(item)); row != rows.end()) {
      one.installed_at = row->second.installed_at;
      one.first_seen = row->second.first_seen;
      one.installed_by = row->second.by;
    }
    if (const auto source = catalogue_.source(number_of(item)); !source.name.empty()) {
      one.source = source.name;
      one.source_version = source.version;
    }
    const Approval* approval = catalogue_.covering(number_of(item), lineage, state->device.device_class, at);
    if (approval != nullptr) one.approval = approval->id;
    if (approval == nullptr) one.ended = catalogue_.ended(number_of(item), lineage, state->device.device_class, at);
    if (const auto update = updates.find(one.name); update != updates.end()) {
      one.offered = update->second;
      one.security = true;
    }
    out.push_back(std::move(one));
  }
  std::sort(out.begin(), out.end(), [](const auto& a, const auto& b) {
    return std::tie(a.name, a.architecture, a.version) < std::tie(b.name, b.architecture, b.version);
  });
  return out;
}

std::vector<Product> Store::products(const std::function<bool(const Device&)>& visible) const {
  std::vector<InstalledPointer> lists;
  std::vector<std::uint32_t> product_of;
  std::size_t product_count = 0;
  {
    const std::shared_lock lock(mutex_);
    for (const auto& [id, entry] : entries_) {
      if (!entry.state->device.retired_at && entry.installed && visible(entry.state->device)) {
        lists.push_back(entry.installed);
      }
    }
    product_of.resize(catalogue_.size());
    for (std::size_t i = 0; i < product_of.size(); ++i) {
      product_of[i] = catalogue_.product(static_cast<PackageNumber>(i));
    }
    product_count = catalogue_.product_count();
  }
  // Per product the last device counted, so that several packages of one product count a device once.
  struct Tally {
    std::size_t devices = 0;
    std::size_t unapproved = 0;
    std::size_t counted = 0;
    std::size_t counted_unapproved = 0;
  };
  std::vector<Tally> tallies(product_count);
  std::vector<bool> present(product_of.size());
  for (std::size_t device = 1; device <= lists.size(); ++device) {
    for (const std::uint32_t item : *lists[device - 1]) {
      present[number_of(item)] = true;
      Tally& tally = tallies[product_of[number_of(item)]];
      tally.devices += tally.counted != device ? 1 : 0;
      tally.counted = device;
      if ((item & unapproved_bit) == 0) continue;
      tally.unapproved += tally.counted_unapproved != device ? 1 : 0;
      tally.counted_unapproved = device;
    }
  }
  std::map<std::string_view, Product> by_name;
  const std::shared_lock lock(mutex_);
  for (std::size_t i = 0; i < present.size(); ++i) {
    if (!present[i]) continue;
    const auto package_number = static_cast<PackageNumber>(i);
    const Tally& tally = tallies[product_of[i]];
    Product& product = by_name[catalogue_.product_name(product_of[i])];
    const Time first_seen = catalogue_.first_seen(package_number);
    if (product.versions.empty() || first_seen < product.first_seen) product.first_seen = first_seen;
    product.versions.emplace_back(catalogue_.package(package_number).version);
    product.devices = tally.devices;
    product.approved_devices = tally.devices - tally.unapproved;
  }
  std::vector<Product> out;
  out.reserve(by_name.size());
  for (auto& [name, product] : by_name) {
    product.name = name;
    std::sort(product.versions.begin(), product.versions.end());
    product.versions.erase(std::unique(product.versions.begin(), product.versions.end()), product.versions.end());
    out.push_back(std::move(product));
  }
  return out;
}

std::vector<Approval> Store::approvals() const {
  std::vector<Approval> out;
  const std::shared_lock lock(mutex_);
  for (const auto& [id, approval] : catalogue_.approvals()) out.push_back(approval);
  std::stable_sort(out.begin(), out.end(), [](const auto& a, const auto& b) {
    return std::tie(a.product, a.approved_at) < std::tie(b.product, b.approved_at);
  });
  return out;
}

std::optional<Approval> Store::approval(const ApprovalId& id) const {
  {
    const std::shared_lock lock(mutex_);
    const auto living_one = catalogue_.approvals().find(id);
    if (living_one != catalogue_.approvals().end()) return living_one->second;
  }
  const auto stored = deps_.database.read([&](records::Connection& db) { return tables::find_approval(db, id); });
  return stored ? *stored : std::nullopt;
}

std::vector<WifiNetwork> Store::wifi() const {
  const Time at = now();
  const std::shared_lock lock(mutex_);
  return wifi_.list(at);
}

}  // namespace luy::inventory
