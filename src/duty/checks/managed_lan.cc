// managed_lan (6.6): a workstation is joined to a directory server and shares no folders with its peers. Sharing is a
// server's work, so a server breaks the rule only by a share that anybody may open without an account: that is a peer's
// share, whatever the machine is called.
#include <algorithm>

#include "duty/checks/check.h"

namespace luy::duty {
namespace {

Judgement judge_server(const Input& in) {
  const auto& shares = in.device->shares;
  if (!shares) return not_reported(fact::Kind::shares);
  Finding finding;
  finding.rests_on(basis_of("shares", *shares));
  finding.add(State::kept, Code::lan_server);
  if (shares->value.server_running) {
    for (const fact::Share& share : shares->value.shares) {
      if (share.guest) finding.add(State::violated, Code::lan_server_guest, Arguments().text(share.name));
    }
  }
  return std::move(finding).done();
}

Judgement judge_workstation(const Input& in) {
  const auto& domain = in.device->domain;
  const auto& shares = in.device->shares;
  if (!domain) return not_reported(fact::Kind::domain);
  Finding finding;
  finding.rests_on(basis_of("domain", *domain));
  if (domain->value.kind == "unknown" || domain->value.kind.empty()) {
    finding.add(State::unknown, Code::lan_unclear);
  } else if (domain->value.kind == "none") {
    finding.add(State::violated, Code::lan_not_joined);
  } else {
    finding.add(State::kept, Code::lan_joined, Arguments().text(domain->value.name));
  }
  if (!shares) {
    const Judgement missing = not_reported(fact::Kind::shares);
    finding.add(missing.state, missing.code, missing.arguments);
    return std::move(finding).done();
  }
  finding.rests_on(basis_of("shares", *shares));
  if (shares->value.server_running && !shares->value.shares.empty()) {
    finding.add(State::violated, Code::lan_shares,
                Arguments()
                    .number(static_cast<std::int64_t>(shares->value.shares.size()))
                    .text(shares->value.shares.front().name));
  }
  return std::move(finding).done();
}

}  // namespace

Judgement judge_managed_lan(const Input& in) {
  using inventory::DeviceClass;
  switch (in.device->device.device_class) {
    case DeviceClass::workstation:
    case DeviceClass::mobile:
      return judge_workstation(in);
    case DeviceClass::server:
    case DeviceClass::storage:
      return judge_server(in);
    case DeviceClass::network:
    case DeviceClass::other:
      break;
  }
  return class_exempt(in.device->device.device_class);
}

}  // namespace luy::duty
