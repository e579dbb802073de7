#include "hub/agency_view.h"

#include <utility>

namespace luy::hub {

Result<void> AgencyView::refresh() {
  LUY_TRY(std::vector<directory::Agency> list, agencies_.list());
  auto fresh = std::make_shared<const std::vector<directory::Agency>>(std::move(list));
  const std::lock_guard lock(mutex_);
  snapshot_ = std::move(fresh);
  return {};
}

AgencyView::Snapshot AgencyView::snapshot() const {
  const std::lock_guard lock(mutex_);
  return snapshot_;
}

std::vector<directory::Agency> AgencyView::all() const {
  return *snapshot();
}

std::optional<directory::Agency> AgencyView::find(const AgencyId& agency) const {
  const Snapshot list = snapshot();
  for (const directory::Agency& one : *list) {
    if (one.id == agency) return one;
  }
  return std::nullopt;
}

std::vector<AgencyId> AgencyView::lineage(const AgencyId& agency) const {
  return agencies_.lineage(agency);
}

directory::Object AgencyView::object(const AgencyId& agency) const {
  directory::Object object;
  object.agencies = lineage(agency);
  return object;
}

directory::Object AgencyView::hub_object() const {
  const Snapshot list = snapshot();
  const directory::Agency* top = nullptr;
  for (const directory::Agency& one : *list) {
    if (!one.superior && (top == nullptr || one.id < top->id)) top = &one;
  }
  return top != nullptr ? object(top->id) : directory::Object{};
}

std::vector<AgencyId> AgencyView::visible(const directory::Actor& actor, directory::Action action) const {
  std::vector<AgencyId> out;
  const Snapshot list = snapshot();
  for (const directory::Agency& one : *list) {
    directory::Object object;
    object.agencies = agencies_.lineage(one.id);
    if (directory::may(actor, action, object).allowed) out.push_back(one.id);
  }
  return out;
}

}  // namespace luy::hub
