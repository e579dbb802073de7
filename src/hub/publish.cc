// What the hub tells to the open consoles: changes of devices, verdicts and findings.
#include "base/log.h"
#include "duty/api.h"
#include "hub/state.h"
#include "inventory/api.h"

namespace luy::hub {

void Hub::State::publish_device(const DeviceId& device) {
  const inventory::StatePointer state = inventory->state(device);
  if (!state) return;
  if (state->device.retired_at) {
    auto revoked = enrolment->revoke(device, "retired");
    if (!revoked) log(LogLevel::error, "hub", "certificates: " + revoked.error().text());
    server->cut_device(device.text());
  }
  feed->publish_device(state->device.agency, device, [&] {
    return boost::json::serialize(inventory::device_json(*state, duty::counts_json(engine->counts(device))));
  });
}

void Hub::State::publish_verdicts(std::span<const duty::VerdictChange> changes) {
  notice_verdicts(changes);
  for (const duty::VerdictChange& change : changes) {
    if (change.gone) continue;
    feed->publish_verdict(change.verdict.agency, change.verdict.device,
                          [&] { return boost::json::serialize(duty::verdict_json(change.verdict)); });
  }
}

void Hub::State::publish_findings(std::span<const finding::Change> changes) {
  notice_findings(changes);
  for (const finding::Change& change : changes) {
    const finding::Finding& f = *change.finding;
    if (pipeline) pipeline->note_findings(f.agency);
    feed->publish_finding(f.agency, f.device, [&] {
      return boost::json::serialize(
          boost::json::object{{"id", f.id.text()}, {"change", finding::name_of(change.kind)}});
    });
  }
}

}  // namespace luy::hub
