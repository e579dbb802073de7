#include "hub/intake_desk.h"

#include <array>

#include "base/log.h"

namespace luy::hub {

IntakeDesk::IntakeDesk(EvidenceWriter& writer, Random& random) : writer_(writer), random_(random) {}

std::size_t IntakeDesk::bytes_of(const Delivery& delivery) {
  std::size_t bytes = sizeof(Delivery);
  for (const OwnedRecord& record : delivery.records) bytes += record.raw.size() + record.source.size() + sizeof record;
  return bytes;
}

std::size_t IntakeDesk::waiting_bytes() const {
  const std::lock_guard lock(mutex_);
  return bytes_;
}

bool IntakeDesk::take(Delivery& delivery) {
  const std::size_t bytes = bytes_of(delivery);
  const std::lock_guard lock(mutex_);
  Lane& lane = lanes_[delivery.device];
  if (lane.spool_id == 0) {
    // Random, so that the batches of every run of the hub count from 1 under a name of their own.
    std::array<std::uint8_t, 8> id{};
    random_.fill(id);
    for (const std::uint8_t byte : id) lane.spool_id = lane.spool_id << 8U | byte;
  }
  const std::size_t room = delivery.done ? lane_bytes_max : lane_bytes_unacknowledged;
  if (lane.bytes > 0 && (lane.bytes + bytes > room || bytes_ + bytes > desk_bytes_max)) return false;
  lane.bytes += bytes;
  bytes_ += bytes;
  const DeviceId device = delivery.device;
  lane.waiting.push_back(std::move(delivery));
  send(device, lane);
  return true;
}

void IntakeDesk::send(const DeviceId& device, Lane& lane) {
  if (!lane.under_way.empty() || lane.waiting.empty() || lane.again) return;
  Submission submission;
  submission.key = evidence::BatchKey{device.text(), lane.spool_id, lane.number + 1, std::nullopt};
  std::size_t bytes = 0;
  while (!lane.waiting.empty()) {
    const Delivery& next = lane.waiting.front();
    const std::size_t more = bytes_of(next);
    const bool fits =
        bytes + more <= lane_batch_bytes && submission.records.size() + next.records.size() <= lane_batch_records;
    if (!fits && !lane.under_way.empty()) break;
    bytes += more;
    const std::string prefix = next.agency.text() + "/" + device.text() + "/";
    // Copied, because a batch that fails is tried again.
    for (const OwnedRecord& record : next.records) {
      submission.records.push_back({prefix + record.source, record.transport, record.raw});
    }
    submission.dropped += next.dropped;
    lane.under_way.push_back(std::move(lane.waiting.front()));
    lane.waiting.pop_front();
  }
  submission.done = [this, device](const Result<evidence::Appended>& result) { answered(device, result); };
  if (writer_.submit(std::move(submission))) return;
  // The writer has enough for now: back to where it was.
  while (!lane.under_way.empty()) {
    lane.waiting.push_front(std::move(lane.under_way.back()));
    lane.under_way.pop_back();
  }
  lane.again = true;
}

std::vector<Delivery> IntakeDesk::failed(Lane& lane, const Error& error) {
  std::vector<Delivery> told;
  // What the store will never take must not stop what comes behind it.
  const bool hopeless = error.error_class() == ErrorClass::invalid;
  while (!lane.under_way.empty()) {
    Delivery delivery = std::move(lane.under_way.back());
    lane.under_way.pop_back();
    if (!delivery.done && !hopeless) {
      lane.waiting.push_front(std::move(delivery));
      continue;
    }
    const std::size_t bytes = bytes_of(delivery);
    lane.bytes -= bytes;
    bytes_ -= bytes;
    if (hopeless) refused_ += delivery.records.size();
    told.push_back(std::move(delivery));
  }
  lane.again = true;
  return told;
}

void IntakeDesk::answered(const DeviceId& device, const Result<evidence::Appended>& result) {
  std::vector<Delivery> told;
  {
    const std::lock_guard lock(mutex_);
    Lane& lane = lanes_.at(device);
    if (result) {
      ++lane.number;
      told = std::exchange(lane.under_way, {});
      for (const Delivery& delivery : told) {
        const std::size_t bytes = bytes_of(delivery);
        lane.bytes -= bytes;
        bytes_ -= bytes;
      }
    } else {
      told = failed(lane, result.error());
    }
    send(device, lane);
    if (bytes_ == 0) emptied_.notify_all();
  }
  for (Delivery& delivery : told) {
    if (delivery.done) delivery.done(result ? Result<void>() : Result<void>(result.error()));
  }
}

void IntakeDesk::tick() {
  const std::lock_guard lock(mutex_);
  for (auto& [device, lane] : lanes_) {
    lane.again = false;
    send(device, lane);
  }
}

bool IntakeDesk::drain(Duration within) {
  std::unique_lock lock(mutex_);
  return emptied_.wait_for(lock, within, [&] { return bytes_ == 0; });
}

}  // namespace luy::hub
