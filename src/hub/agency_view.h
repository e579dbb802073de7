// The tree of agencies as the hub needs it on every request: a snapshot in memory, renewed when the directory changed.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/id.h"
#include "base/result.h"
#include "directory/agency.h"
#include "directory/policy.h"

namespace luy::hub {

// Thread-safe.
class AgencyView {
 public:
  explicit AgencyView(const directory::Agencies& agencies) : agencies_(agencies) {}
  // Errors: those of the database; the snapshot before stays.
  Result<void> refresh();

  // All there ever were.
  std::vector<directory::Agency> all() const;
  std::optional<directory::Agency> find(const AgencyId& agency) const;
  // The agency itself, then its superiors, nearest first; empty when unknown.
  std::vector<AgencyId> lineage(const AgencyId& agency) const;
  directory::Object object(const AgencyId& agency) const;
  // Where what is the hub's own stands (its audit trail, gaps, day closings): at the top of the tree, with the agency
  // that answers for the hub. Of several tops, the oldest. Belongs to no agency while there is none.
  directory::Object hub_object() const;
  // The agencies on which the actor may do it.
  std::vector<AgencyId> visible(const directory::Actor& actor, directory::Action action) const;

 private:
  // shared_ptr: readers keep a snapshot while a newer one is put in place.
  using Snapshot = std::shared_ptr<const std::vector<directory::Agency>>;
  Snapshot snapshot() const;
  const directory::Agencies& agencies_;
  mutable std::mutex mutex_;
  Snapshot snapshot_ = std::make_shared<const std::vector<directory::Agency>>();
};

}  // namespace luy::hub
