// In memory: every package ever seen, under a number, and the living approvals by product. One device's list of 1,500
// packages is then 6 KB of numbers, and matching it is 1,500 look-ups in a vector. Not thread-safe: the store locks.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "base/clock.h"
#include "base/id.h"
#include "inventory/approval.h"
#include "inventory/device.h"

namespace luy::inventory {

using PackageNumber = std::uint32_t;
// A package on a device: its number, and in the highest bit whether no approval covers it there. Sorted by number.
using Installed = std::vector<std::uint32_t>;
inline constexpr std::uint32_t unapproved_bit = 1U << 31;
constexpr PackageNumber number_of(std::uint32_t installed) {
  return installed & ~unapproved_bit;
}

struct PackageView {
  std::string_view name;
  std::string_view version;
  std::string_view architecture;
};

class Catalogue {
 public:
  Catalogue();
  Catalogue(const Catalogue&) = delete;
  Catalogue& operator=(const Catalogue&) = delete;

  // The package's number; a new package gets the next one. Views stay valid for the catalogue's lifetime.
  PackageNumber intern(const PackageView& package, Time first_seen);
  PackageView package(PackageNumber number) const;
  // Whether that is news.
  bool set_source(PackageNumber number, std::string_view source, std::string_view version);
  struct SourceView {
    std::string_view name;  // Empty: no agent has told.
    std::string_view version;
  };
  SourceView source(PackageNumber number) const;
  Time first_seen(PackageNumber number) const { return packages_[number].first_seen; }
  std::uint32_t product(PackageNumber number) const { return packages_[number].product; }
  std::size_t size() const { return packages_.size(); }
  std::size_t product_count() const { return products_.size(); }
  std::string_view product_name(std::uint32_t product) const { return *products_[product].name; }

  void add(Approval approval);
  void remove(const ApprovalId& id);
  const std::map<ApprovalId, Approval>& approvals() const { return approvals_; }

  // The approval that covers the package for longest; nullptr when none does. `lineage`: the device's agency and its
  // superiors.
  const Approval* covering(PackageNumber number, const std::vector<AgencyId>& lineage, DeviceClass device_class,
                           Time now) const;

  // When the newest of those that covered it and do so no more ended; nullopt: there was none.
  std::optional<Time> ended(PackageNumber number, const std::vector<AgencyId>& lineage, DeviceClass device_class,
                            Time now) const;

  // Sets the bits of `installed` anew and tells how it stands.
  SoftwareSummary judge(Installed& installed, const std::vector<AgencyId>& lineage, DeviceClass device_class,
                        Time now) const;

  // Marks[n] = whether package n belongs to one of the products.
  std::vector<bool> packages_of(const std::vector<std::string>& products) const;

 private:
  struct Product {
    const std::string* name = nullptr;         // The key in by_name_.
    std::vector<const Approval*> approvals{};  // Into approvals_.
  };
  struct Package {
    std::uint32_t product = 0;
    std::string version{};
    const std::string* architecture = nullptr;  // In architectures_: a handful of different ones.
    Time first_seen{};
    const std::string* source = nullptr;  // In sources_: many packages are built from one.
    std::string source_version{};         // Empty where it is the package's own.
  };
  // Finds a package by its parts although the set holds only numbers.
  struct PackageHash {
    using is_transparent = void;
    const Catalogue* owner;
    std::size_t operator()(PackageNumber number) const { return (*this)(owner->package(number)); }
    std::size_t operator()(const PackageView& package) const;
  };
  struct PackageEqual {
    using is_transparent = void;
    const Catalogue* owner;
    bool operator()(PackageNumber a, PackageNumber b) const { return a == b; }
    bool operator()(const PackageView& a, PackageNumber b) const;
    bool operator()(PackageNumber a, const PackageView& b) const { return (*this)(b, a); }
  };

  std::uint32_t product_number(std::string_view name);

  std::vector<Product> products_;
  std::deque<Package> packages_;  // Deque: views into it stay valid while it grows.
  std::unordered_map<std::string, std::uint32_t> by_name_;
  std::unordered_set<std::string> architectures_;
  std::unordered_set<std::string> sources_;
  std::unordered_set<PackageNumber, PackageHash, PackageEqual> index_;
  std::map<ApprovalId, Approval> approvals_;
};

}  // namespace luy::inventory
