// What somebody holds, and whether it can still be used: from the inventory, the directory and the books beside.
#include <algorithm>

#include "people/leave_book.h"

namespace luy::people {
namespace {

std::string account_ref(const DeviceId& device, const fact::Account& account) {
  return device.text() + "/" + std::to_string(account.uid) + "/" + account.name;
}

// What a reference to an account on a device names.
struct DeviceAccountRef {
  DeviceId device;
  std::string uid;
  std::string name;
};
std::optional<DeviceAccountRef> device_account_of(const std::string& ref) {
  const std::size_t first = ref.find('/');
  const std::size_t second = first == std::string::npos ? first : ref.find('/', first + 1);
  if (second == std::string::npos) return std::nullopt;
  const auto device = DeviceId::parse(ref.substr(0, first));
  if (!device) return std::nullopt;
  return DeviceAccountRef{*device, ref.substr(first + 1, second - first - 1), ref.substr(second + 1)};
}

// What d_.held() knows of.
bool is_held(ItemKind kind) {
  return kind == ItemKind::signature || kind == ItemKind::api_token || kind == ItemKind::commitment ||
         kind == ItemKind::appointment;
}

}  // namespace

Sight LeaveBook::sight_of(const LeaveItem& item, const PersonId& person) const {
  if (item.kind == ItemKind::product_account) {
    const auto accounts = d_.people.accounts(person);
    if (!accounts) return {};
    const auto is_alive = [&](const directory::Account& one) { return one.id.text() == item.ref && one.enabled; };
    return {std::any_of(accounts->begin(), accounts->end(), is_alive), true, d_.clock.now(), {}};
  }
  if (is_held(item.kind)) {
    const std::vector<Holding> held = d_.held(item.kind, person);
    const auto is_it = [&](const Holding& one) { return one.ref == item.ref; };
    const bool is_there = std::any_of(held.begin(), held.end(), is_it);
    // On paper it may be signed all the same.
    if (item.kind == ItemKind::commitment && is_there) return {};
    return {is_there, true, d_.clock.now(), {}};
  }
  if (item.kind == ItemKind::device && !item.ref.empty()) {
    const auto state = d_.inventory.state(DeviceId::trusted(item.ref));
    const bool is_theirs = state && !state->device.retired_at && state->device.person == person;
    return {is_theirs, true, state ? state->device.last_seen : std::nullopt, {}};
  }
  if (item.kind != ItemKind::device_account) return {};
  const auto ref = device_account_of(item.ref);
  const auto state = ref ? d_.inventory.state(ref->device) : nullptr;
  if (!state || state->device.retired_at) return {false, true, {}, {}};
  const auto link = d_.links.find({ref->device, ref->name});
  const bool is_other = link && link->person && *link->person != person && std::to_string(link->uid) == ref->uid;
  if (is_other) return {false, true, link->at, {}};
  const auto& part = state->accounts;
  // Without shadow(5), or keys that cannot be counted, nobody can say what is locked.
  if (!part) return {};
  for (const fact::Account& account : part->value.relevant) {
    if (account.can_log_in && account_ref(ref->device, account) == item.ref) {
      return {true, true, part->received_at, part->seq};
    }
  }
  if (!part->value.shadow_readable || part->value.keys_unknown > 0) return {};
  return {false, true, part->received_at, part->seq};
}

Result<std::vector<LeaveItem>> LeaveBook::holdings(const PersonId& person, LeaveKind kind) const {
  std::vector<LeaveItem> out;
  const auto add = [&](ItemKind of, std::string ref, std::string name) {
    LeaveItem item;
    item.kind = of;
    item.ref = std::move(ref);
    item.name = std::move(name);
    out.push_back(std::move(item));
  };
  const auto add_held = [&](ItemKind of) {
    for (Holding& one : d_.held(of, person)) add(of, std::move(one.ref), std::move(one.name));
  };
  // Who moves keeps their account, their signature and what they committed themselves to; roles end with the move
  // itself.
  if (kind == LeaveKind::leave) {
    LUY_TRY(const std::vector<directory::Account> accounts, d_.people.accounts(person));
    for (const directory::Account& one : accounts) {
      if (one.enabled) add(ItemKind::product_account, one.id.text(), one.username);
    }
    add_held(ItemKind::signature);
    // Who cannot sign in was never asked.
    if (std::any_of(accounts.begin(), accounts.end(), [](const auto& one) { return one.enabled && !one.sealed; })) {
      add_held(ItemKind::commitment);
    }
  }
  add_held(ItemKind::api_token);
  add_held(ItemKind::appointment);
  for (const inventory::StatePointer& state : d_.inventory.states()) {
    const inventory::Device& device = state->device;
    if (device.person == person) add(ItemKind::device, device.id.text(), device.name);
    if (!state->accounts) continue;
    for (const fact::Account& account : state->accounts->value.relevant) {
      const auto link = d_.links.find({device.id, account.name});
      const bool is_theirs = link && link->uid == account.uid && link->person == person;
      if (!account.can_log_in || !is_theirs) continue;
      add(ItemKind::device_account, account_ref(device.id, account), account.name + "@" + device.name);
    }
  }
  if (out.size() > leave_items_max) out.resize(leave_items_max);
  return out;
}

}  // namespace luy::people
