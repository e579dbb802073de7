#include "inventory/store/catalogue.h"

#include <algorithm>
#include <functional>
#include <iterator>
#include <set>
#include <utility>

#include "base/check.h"

namespace luy::inventory {

std::size_t Catalogue::PackageHash::operator()(const PackageView& package) const {
  const std::hash<std::string_view> hash;
  // Boost's hash_combine constant: spreads equal parts in different places.
  std::size_t all = hash(package.name);
  all ^= hash(package.version) + 0x9e3779b97f4a7c15ULL + (all << 6) + (all >> 2);
  all ^= hash(package.architecture) + 0x9e3779b97f4a7c15ULL + (all << 6) + (all >> 2);
  return all;
}

bool Catalogue::PackageEqual::operator()(const PackageView& a, PackageNumber b) const {
  const PackageView other = owner->package(b);
  return a.name == other.name && a.version == other.version && a.architecture == other.architecture;
}

Catalogue::Catalogue() : index_(0, PackageHash{this}, PackageEqual{this}) {}

PackageView Catalogue::package(PackageNumber number) const {
  const Package& package = packages_[number];
  return {*products_[package.product].name, package.version, *package.architecture};
}

std::uint32_t Catalogue::product_number(std::string_view name) {
  const auto [entry, is_new] = by_name_.try_emplace(std::string(name), static_cast<std::uint32_t>(products_.size()));
  if (is_new) products_.push_back({&entry->first, {}});
  return entry->second;
}

PackageNumber Catalogue::intern(const PackageView& package, Time first_seen) {
  if (const auto known = index_.find(package); known != index_.end()) return *known;
  LUY_CHECK_MSG(packages_.size() < unapproved_bit, "more packages than numbers");
  const auto number = static_cast<PackageNumber>(packages_.size());
  const std::uint32_t product = product_number(package.name);
  const std::string* architecture = &*architectures_.emplace(package.architecture).first;
  packages_.push_back({product, std::string(package.version), architecture, first_seen});
  index_.insert(number);
  return number;
}

bool Catalogue::set_source(PackageNumber number, std::string_view source, std::string_view version) {
  const SourceView known = this->source(number);
  if (known.name == source && known.version == version) return false;
  Package& package = packages_[number];
  package.source = &*sources_.emplace(source).first;
  package.source_version = version == package.version ? std::string() : std::string(version);
  return true;
}

Catalogue::SourceView Catalogue::source(PackageNumber number) const {
  const Package& package = packages_[number];
  if (package.source == nullptr) return {};
  return {*package.source, package.source_version.empty() ? package.version : package.source_version};
}

void Catalogue::add(Approval approval) {
  const std::uint32_t product = product_number(approval.product);
  const ApprovalId id = approval.id;
  const auto [entry, is_new] = approvals_.emplace(id, std::move(approval));
  LUY_CHECK_MSG(is_new, "an approval is added once");
  products_[product].approvals.push_back(&entry->second);
}

void Catalogue::remove(const ApprovalId& id) {
  const auto entry = approvals_.find(id);
  LUY_CHECK_MSG(entry != approvals_.end(), "a living approval");
  std::erase(products_[product_number(entry->second.product)].approvals, &entry->second);
  approvals_.erase(entry);
}

const Approval* Catalogue::covering(PackageNumber number, const std::vector<AgencyId>& lineage,
                                    DeviceClass device_class, Time now) const {
  const Package& package = packages_[number];
  const Approval* best = nullptr;
  for (const Approval* approval : products_[package.product].approvals) {
    if (!covers(*approval, package.version, device_class, now)) continue;
    if (std::find(lineage.begin(), lineage.end(), approval->agency) == lineage.end()) continue;
    const auto end = ends_at(*approval);
    if (!end) return approval;
    if (best == nullptr || *end > *ends_at(*best)) best = approval;
  }
  return best;
}

std::optional<Time> Catalogue::ended(PackageNumber number, const std::vector<AgencyId>& lineage,
                                     DeviceClass device_class, Time now) const {
  const Package& package = packages_[number];
  std::optional<Time> newest;
  for (const Approval* approval : products_[package.product].approvals) {
    const auto end = ends_at(*approval);
    if (!end || *end > now || !covers(*approval, package.version, device_class, approval->approved_at)) continue;
    if (std::find(lineage.begin(), lineage.end(), approval->agency) == lineage.end()) continue;
    if (!newest || *end > *newest) newest = end;
  }
  return newest;
}

SoftwareSummary Catalogue::judge(Installed& installed, const std::vector<AgencyId>& lineage, DeviceClass device_class,
                                 Time now) const {
  SoftwareSummary summary;
  summary.total = installed.size();
  std::vector<std::string_view> examples;
  std::set<std::pair<Time, AgencyId>, std::greater<>> acts;
  const Approval* last = nullptr;  // Neighbours were mostly approved together.
  for (std::uint32_t& item : installed) {
    const PackageNumber number = number_of(item);
    const Approval* approval = covering(number, lineage, device_class, now);
    item = approval == nullptr ? number | unapproved_bit : number;
    const std::string_view name = *products_[packages_[number].product].name;
    if (approval != nullptr && (last == nullptr || last->approved_at != approval->approved_at)) {
      last = approval;
      acts.emplace(approval->approved_at, approval->agency);
      if (acts.size() > approval_acts_max) acts.erase(std::prev(acts.end()));
    }
    if (approval == nullptr) {
      ++summary.unapproved;
      const auto place = std::lower_bound(examples.begin(), examples.end(), name);
      if (place == examples.end() || *place != name) examples.insert(place, name);
      if (examples.size() > software_examples_max) examples.pop_back();
    } else if (const auto end = ends_at(*approval);
               end && (!summary.first_ending || *end < summary.first_ending->ends)) {
      summary.first_ending = {std::string(name), approval->approved_at, *end};
    }
  }
  summary.examples.assign(examples.begin(), examples.end());
  for (const auto& [at, agency] : acts) summary.acts.push_back({agency, at});
  return summary;
}

std::vector<bool> Catalogue::packages_of(const std::vector<std::string>& products) const {
  std::vector<bool> wanted(products_.size());
  for (const std::string& name : products) {
    if (const auto known = by_name_.find(name); known != by_name_.end()) wanted[known->second] = true;
  }
  std::vector<bool> marks(packages_.size());
  for (std::size_t i = 0; i < packages_.size(); ++i) marks[i] = wanted[packages_[i].product];
  return marks;
}

}  // namespace luy::inventory
