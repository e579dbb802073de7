// Who listens to the live stream, and what each of them may see: verdict changes, device changes, findings, and new
// records that match a query. Publishing never waits for a listener.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/id.h"
#include "base/result.h"
#include "directory/policy.h"
#include "hub/agency_view.h"
#include "hub/event_query.h"
#include "hub/event_stream.h"

namespace luy::hub {

inline constexpr ErrorKind too_many_streams{"hub.too_many_streams", ErrorClass::busy,
                                            "Có quá nhiều trang đang theo dõi trực tiếp. Hãy đóng bớt rồi thử lại.",
                                            "Too many pages follow the live stream. Close some and try again."};

inline constexpr std::size_t streams_max = 500;
inline constexpr std::size_t streams_per_session_max = 12;

struct Subscription {
  std::string session_token;
  directory::Actor actor;
  bool verdicts = true;
  bool devices = true;
  bool events = false;
  bool findings = true;
  bool incidents = true;
  bool orders = true;
  EventQuery query;                // Of events.
  std::optional<AgencyId> agency;  // Only this one's.
  std::optional<DeviceId> device;
};

// Thread-safe.
class LiveFeed {
 public:
  explicit LiveFeed(const AgencyView& agencies) : agencies_(agencies) {}

  // Errors: too_many_streams. Shared with the connection, whichever lives longer.
  Result<std::shared_ptr<EventStream>> subscribe(Subscription subscription);

  // `data` is one line of JSON, made only when somebody listens.
  using MakeData = std::function<std::string()>;
  void publish_verdict(const AgencyId& agency, const std::optional<DeviceId>& device, const MakeData& data);
  void publish_device(const AgencyId& agency, const DeviceId& device, const MakeData& data);
  void publish_finding(const AgencyId& agency, const std::optional<DeviceId>& device, const MakeData& data);
  void publish_order(const AgencyId& agency, const DeviceId& device, const MakeData& data);
  void publish_incident(const AgencyId& agency, const MakeData& data);
  void publish_event(const evidence::Record& record, const MakeData& data);
  bool wants_events() const;

  // Asks `fresh` once per session who is behind it by now: from then on the stream shows what that one may see. Ends
  // the streams whose session is over (session_over) or may do nothing else first, and forgets those that were closed.
  // Called twice a second by the hub's clock thread.
  void sweep(const std::function<Result<directory::Actor>(const std::string& token)>& fresh);
  void close_all();
  std::size_t size() const;

 private:
  struct Listener {
    Subscription subscription;
    std::shared_ptr<EventStream> stream;
  };
  bool allowed(const Listener& listener, directory::Action action, std::string_view agency,
               std::string_view device) const;

  const AgencyView& agencies_;
  mutable std::mutex mutex_;
  std::vector<Listener> listeners_;
};

}  // namespace luy::hub
