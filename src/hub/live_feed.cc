#include "hub/live_feed.h"

#include <algorithm>
#include <map>

#include "directory/session.h"
#include "hub/source_parts.h"

namespace luy::hub {

using directory::Action;

Result<std::shared_ptr<EventStream>> LiveFeed::subscribe(Subscription subscription) {
  const std::lock_guard lock(mutex_);
  std::erase_if(listeners_, [](const Listener& listener) { return listener.stream->closed(); });
  const auto same_session = std::count_if(listeners_.begin(), listeners_.end(), [&](const Listener& listener) {
    return listener.subscription.session_token == subscription.session_token;
  });
  if (listeners_.size() >= streams_max || static_cast<std::size_t>(same_session) >= streams_per_session_max) {
    return Error(too_many_streams);
  }
  auto stream = std::make_shared<EventStream>();
  listeners_.push_back({std::move(subscription), stream});
  return stream;
}

bool LiveFeed::allowed(const Listener& listener, Action action, std::string_view agency,
                       std::string_view device) const {
  const Subscription& wanted = listener.subscription;
  if (wanted.agency && wanted.agency->text() != agency) return false;
  if (wanted.device && wanted.device->text() != device) return false;
  const auto id = AgencyId::parse(agency);
  return directory::may(wanted.actor, action, id ? agencies_.object(*id) : agencies_.hub_object()).allowed;
}

void LiveFeed::publish_verdict(const AgencyId& agency, const std::optional<DeviceId>& device, const MakeData& data) {
  const std::lock_guard lock(mutex_);
  std::string frame;
  for (const Listener& listener : listeners_) {
    const std::string_view of_device = device ? std::string_view(device->text()) : std::string_view{};
    if (!listener.subscription.verdicts || !allowed(listener, Action::verdict_read, agency.text(), of_device)) continue;
    if (frame.empty()) frame = event_frame("verdict", "", data());
    listener.stream->push(frame);
  }
}

void LiveFeed::publish_device(const AgencyId& agency, const DeviceId& device, const MakeData& data) {
  const std::lock_guard lock(mutex_);
  std::string frame;
  for (const Listener& listener : listeners_) {
    if (!listener.subscription.devices || !allowed(listener, Action::device_read, agency.text(), device.text())) {
      continue;
    }
    if (frame.empty()) frame = event_frame("device", "", data());
    listener.stream->push(frame);
  }
}

void LiveFeed::publish_finding(const AgencyId& agency, const std::optional<DeviceId>& device, const MakeData& data) {
  const std::lock_guard lock(mutex_);
  std::string frame;
  for (const Listener& listener : listeners_) {
    const std::string_view of_device = device ? std::string_view(device->text()) : std::string_view{};
    if (!listener.subscription.findings || !allowed(listener, Action::finding_read, agency.text(), of_device)) continue;
    if (frame.empty()) frame = event_frame("finding", "", data());
    listener.stream->push(frame);
  }
}

void LiveFeed::publish_incident(const AgencyId& agency, const MakeData& data) {
  const std::lock_guard lock(mutex_);
  std::string frame;
  for (const Listener& listener : listeners_) {
    if (!listener.subscription.incidents || !allowed(listener, Action::incident_read, agency.text(), {})) continue;
    if (frame.empty()) frame = event_frame("incident", "", data());
    listener.stream->push(frame);
  }
}

void LiveFeed::publish_order(const AgencyId& agency, const DeviceId& device, const MakeData& data) {
  const std::lock_guard lock(mutex_);
  std::string frame;
  for (const Listener& listener : listeners_) {
    if (!listener.subscription.orders || !allowed(listener, Action::device_read, agency.text(), device.text())) {
      continue;
    }
    if (frame.empty()) frame = event_frame("order", "", data());
    listener.stream->push(frame);
  }
}

void LiveFeed::publish_event(const evidence::Record& record, const MakeData& data) {
  const std::lock_guard lock(mutex_);
  const SourceParts source = split_source(record.source);
  std::optional<event::Event> event;
  std::string frame;
  for (const Listener& listener : listeners_) {
    if (!listener.subscription.events || listener.stream->closed()) continue;
    if (!allowed(listener, Action::evidence_search, source.agency, source.device)) continue;
    const EventQuery& query = listener.subscription.query;
    if (query.needs_event() && !event) event = event_of(record);
    if (!(query.needs_event() ? query.matches(record, *event) : query.matches(record))) continue;
    if (frame.empty()) frame = event_frame("event", std::to_string(record.seq), data());
    listener.stream->push(frame);
  }
}

bool LiveFeed::wants_events() const {
  const std::lock_guard lock(mutex_);
  return std::any_of(listeners_.begin(), listeners_.end(),
                     [](const Listener& listener) { return listener.subscription.events; });
}

void LiveFeed::sweep(const std::function<Result<directory::Actor>(const std::string&)>& fresh) {
  // The question goes to the database, so it is asked outside the lock.
  std::map<std::string, std::optional<Result<directory::Actor>>> sessions;
  {
    const std::lock_guard lock(mutex_);
    std::erase_if(listeners_, [](const Listener& listener) { return listener.stream->closed(); });
    for (const Listener& listener : listeners_) sessions.try_emplace(listener.subscription.session_token);
  }
  for (auto& [token, now] : sessions) now.emplace(fresh(token));
  const std::lock_guard lock(mutex_);
  for (Listener& listener : listeners_) {
    const auto found = sessions.find(listener.subscription.session_token);
    if (found == sessions.end()) continue;
    const Result<directory::Actor>& now = *found->second;
    // A database that cannot be asked just now says nothing about the session.
    if (!now && !now.error().is(directory::session_over)) continue;
    if (!now || now->must_change_password || now->must_enrol_factor) {
      listener.stream->close(true);
    } else {
      listener.subscription.actor = *now;
    }
  }
}

void LiveFeed::close_all() {
  const std::lock_guard lock(mutex_);
  for (const Listener& listener : listeners_) listener.stream->close();
}

std::size_t LiveFeed::size() const {
  const std::lock_guard lock(mutex_);
  return listeners_.size();
}

}  // namespace luy::hub
