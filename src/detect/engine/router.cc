#include "detect/engine/router.h"

#include <algorithm>

#include "base/check.h"
#include "detect/fold.h"

namespace luy::detect {

std::vector<std::string> routing_fields(const Routing& routing) {
  std::vector<std::string> out;
  for (const Route& route : routing.routes) {
    for (const Route::Condition& condition : route.when) out.push_back(condition.field);
  }
  for (const std::string& field : {routing.declared.category, routing.declared.product, routing.declared.service}) {
    if (!field.empty()) out.push_back(field);
  }
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

Router::Router(const Program& program, const Routing& routing, const SlotTable& slots, bool unlabelled_meets_all)
    : program_(program),
      routing_(routing),
      unlabelled_meets_all_(unlabelled_meets_all),
      fields_(routing_fields(routing)) {
  for (const std::string& field : fields_) routing_slots_.push_back(slots.find(field));
  for (const Route& route : routing.routes) {
    const auto found = std::find(program.field_maps.begin(), program.field_maps.end(), route.fields);
    // A map that no rule is under leads to no group.
    route_maps_.push_back(static_cast<std::uint32_t>(found - program.field_maps.begin()));
  }
}

std::size_t Router::index_of(const std::string& field) const {
  return static_cast<std::size_t>(std::lower_bound(fields_.begin(), fields_.end(), field) - fields_.begin());
}

void Router::write_key(const HeldEvent& event) {
  key_.clear();
  for (std::size_t i = 0; i < fields_.size(); ++i) {
    for (const Value& value : event.outermost(i)) {
      key_ += value.kind == ValueKind::null ? '\x01' : '\x02';
      key_ += value.text;
    }
    key_ += '\0';
  }
}

const Partition& Router::route(const HeldEvent& event) {
  write_key(event);
  if (last_ != nullptr && key_ == last_key_) return *last_;
  auto found = known_.find(key_);
  if (found == known_.end()) {
    if (known_.size() >= remembered_max) known_.clear();
    found = known_.emplace(key_, make(event)).first;
  }
  last_key_ = key_;
  last_ = found->second.get();
  return *last_;
}

bool Router::takes(const Route& route, const HeldEvent& event) const {
  return std::all_of(route.when.begin(), route.when.end(), [&](const Route::Condition& condition) {
    const std::vector<Value>& values = event.outermost(index_of(condition.field));
    return std::any_of(values.begin(), values.end(), [&](const Value& value) {
      if (value.kind == ValueKind::null) return false;
      return condition.values.empty() ||
             std::find(condition.values.begin(), condition.values.end(), fold(value.text)) != condition.values.end();
    });
  });
}

std::string Router::stated(const std::string& field, const HeldEvent& event) const {
  if (field.empty()) return {};
  const std::vector<Value>& values = event.outermost(index_of(field));
  if (values.empty() || values.front().kind == ValueKind::null) return {};
  return fold(values.front().text);
}

void Router::activate_group(std::uint32_t number, Partition& out) const {
  if (out.is_active(number)) return;
  out.groups[number >> 6] |= std::uint64_t{1} << (number & 63);
  const Group& group = program_.groups[number];
  for (const std::uint32_t slot : group.slots) out.scanned[slot] = 1;
  out.open.insert(out.open.end(), group.open.begin(), group.open.end());
  if (group.keywords != no_slot &&
      std::find(out.keywords.begin(), out.keywords.end(), group.keywords) == out.keywords.end()) {
    out.keywords.push_back(group.keywords);
  }
  out.empty = false;
}

void Router::activate(const LogSource& label, std::uint32_t field_map, Partition& out) const {
  out.labelled = true;
  if (std::find(out.labels.begin(), out.labels.end(), label) == out.labels.end()) out.labels.push_back(label);
  for (std::uint32_t i = 0; i < program_.groups.size(); ++i) {
    const Group& group = program_.groups[i];
    const std::uint32_t wanted = uses_fields(group.source, label) ? field_map : 0;
    if (group.field_map == wanted && is_for(group.source, label)) activate_group(i, out);
  }
}

std::unique_ptr<Partition> Router::make(const HeldEvent& event) const {
  auto out = std::make_unique<Partition>();
  out->groups.assign(program_.groups.size() / 64 + 1, 0);
  out->scanned.assign(program_.slots.size(), 0);
  for (std::size_t i = 0; i < routing_.routes.size(); ++i) {
    if (takes(routing_.routes[i], event)) activate(routing_.routes[i].logsource, route_maps_[i], *out);
  }
  const LogSource own{stated(routing_.declared.category, event), stated(routing_.declared.product, event),
                      stated(routing_.declared.service, event)};
  if (!own.empty()) activate(own, 0, *out);
  if (!out->labelled && unlabelled_meets_all_) {
    for (std::uint32_t i = 0; i < program_.groups.size(); ++i) {
      if (program_.groups[i].field_map == 0) activate_group(i, *out);
    }
  }
  return out;
}

}  // namespace luy::detect
