// The register of services with what was learnt of each: kept in records, judged in memory, told to whoever opens
// findings. The hub's prober asks for what is due and hands in what it found.
//
// Thread-safe. What probes change is written by flush(), all services in one transaction, so that a hundred services a
// minute are not a hundred commits; a crash loses at most what the last flush_period learnt. Acts of people are durable
// when they return.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/random.h"
#include "base/result.h"
#include "records/database.h"
#include "watch/judge.h"
#include "watch/service.h"

namespace luy::watch {

inline constexpr ErrorKind service_unknown{"watch.service_unknown", ErrorClass::not_found, "Không có dịch vụ {}.",
                                           "There is no service {}."};
inline constexpr ErrorKind service_invalid{"watch.service_invalid", ErrorClass::invalid,
                                           "Thông tin dịch vụ không hợp lệ: {}.",
                                           "The service's particulars are not valid: {}."};
inline constexpr ErrorKind services_too_many{"watch.services_too_many", ErrorClass::too_large,
                                             "Đã đạt số dịch vụ tối đa: {}.", "There may be no more services than {}."};
inline constexpr ErrorKind nothing_shown{"watch.nothing_shown", ErrorClass::conflict,
                                         "Chưa có nội dung nào của dịch vụ để chấp nhận.",
                                         "Nothing of the service's content has been seen that could be accepted."};

inline constexpr ErrorKind content_differs{
    "watch.content_differs", ErrorClass::conflict,
    "Trang đã thay đổi sau khi anh/chị xem. Hãy xem lại nội dung hiện tại rồi mới chấp nhận.",
    "The page has changed since you looked at it. Look at what it shows now, then accept it."};

inline constexpr std::size_t services_max = 2'000;
inline constexpr std::size_t redirect_hosts_max = 10;
inline constexpr std::size_t points_max = 2'000;  // Of an answer; more are thinned out.
inline constexpr std::chrono::hours history_kept{24 * 30};
inline constexpr std::chrono::hours announcement_max{24 * 14};

std::span<const records::Migration> migrations();

// What else belongs into the transaction of an act: its entry in the audit trail. May be empty.
using InTransaction = std::function<Result<void>(records::Connection&)>;

struct ServiceEdit {
  std::optional<std::string> name;
  std::optional<std::string> target;
  std::optional<std::vector<std::string>> redirect_hosts;
  std::optional<int> interval_seconds;
  std::optional<bool> enabled;
};

struct Announcement {
  Time from;
  Time until;
  std::string reason;
  std::string by;
};

// A service as it stands.
struct View {
  Service service;
  State state = State::unknown;
  Time since;
  std::optional<Probe> last;  // Without content.
  std::optional<Baseline::Level> level;
  std::size_t samples = 0;
  bool learning = false;                  // Its content is being learnt.
  std::optional<Announcement> announced;  // That holds now or is to come, the first.
};

struct Content {
  Page before;
  Page after;
  std::vector<Change> changes;
  std::vector<std::string> words;
  Time seen_at;
  std::string fingerprint;  // PageMemory::fingerprint() of what is shown: what accept() asks for.
};

// What an acceptance makes right, for its entry in the audit trail.
struct Acceptance {
  State state = State::unknown;  // Before it.
  std::vector<Change> changes;
  std::vector<std::string> words;
  std::string before;  // Fingerprints; empty where nothing is shown.
  std::string after;
};

struct Point {
  Time at;
  std::optional<Duration> latency;
  State state = State::unknown;
};

class Watch {
 public:
  struct Dependencies {
    records::Database& database;
    const Clock& clock;
    Random& random;
    std::function<void(const Sighting&)> sighted;  // Called without a lock held; must not wait long. May be empty.
    // Its state is another one, by a look or by an act. Must only hand over. May be empty.
    std::function<void(const View&)> changed;
    Pace pace{};
  };
  // Errors: those of the database.
  static Result<std::unique_ptr<Watch>> open(Dependencies dependencies);
  ~Watch();

  // In order of name.
  std::vector<View> list() const;
  std::optional<View> find(const ServiceId& id) const;
  // Errors: those of the database. Oldest first; where there are more than points_max, of each span the worst.
  Result<std::vector<Point>> history(const ServiceId& id, Time from, Time until) const;
  // What was shown last against what is right; nullopt when nothing was seen. Errors: service_unknown.
  Result<std::optional<Content>> content(const ServiceId& id) const;

  // Acts. Errors of all: service_unknown, service_invalid, target_invalid, services_too_many, those of the database and
  // of `also`; then nothing was done.
  Result<View> add(Service service, const InTransaction& also = {});  // Its id and added_at are made here.
  // Another target is another service: what was learnt is forgotten.
  Result<View> edit(const ServiceId& id, const ServiceEdit& edit, const InTransaction& also = {});
  Result<void> remove(const ServiceId& id, const InTransaction& also = {});
  Result<void> announce(const ServiceId& id, const Announcement& announcement, const InTransaction& also = {});
  // What was looked at is right, and the times that are measured now are ordinary. `looked_at`: the fingerprint of
  // content(), nullopt where there is none. Errors also: nothing_shown; content_differs when something else is shown.
  Result<View> accept(const ServiceId& id, const std::optional<std::string>& looked_at,
                      const std::function<Result<void>(records::Connection&, const Acceptance&)>& also = {});

  // For the prober: services whose next look is due and that are not under way, marked as under way until put().
  std::vector<Service> take_due(std::size_t most);
  // `looked_at`: as taken. What was found of a service that has another target since is dropped.
  void put(const Service& looked_at, const Probe& probe);

  // Writes what probes changed; with `ending` all of it. Errors: those of the database; then it will be written the
  // next time.
  Result<void> flush(bool ending = false);
  static constexpr std::chrono::seconds flush_period{30};
  // While a page is learnt every look changes what is known of it; it is written this often.
  static constexpr std::chrono::minutes page_period{10};

 private:
  struct Entry {
    Service service;
    Memory memory;
    std::vector<Announcement> announcements;
    bool under_way = false;
    bool dirty = false;
    std::uint64_t page_written = 0;  // Its revision.
    Duration page_written_at{0};     // Monotonic.
  };
  struct Dirty {
    Service service;
    Memory memory;
    bool with_page = false;
  };
  struct StoredPoint {
    std::string service;
    std::int64_t at = 0;
    std::optional<std::int64_t> micros;
    State state = State::unknown;
  };
  explicit Watch(Dependencies dependencies);
  Result<void> load();
  View view_of(const Entry& entry) const;
  // The end of an act: `change` under the lock, then `changed` where the state is another one.
  View put_in_place(const ServiceId& id, const std::function<void(Entry&)>& change);
  Result<void> write_row(records::Connection& db, const Entry& entry) const;

  Dependencies d_;
  const Words words_;
  mutable std::mutex acts_;   // One act at a time; taken before mutex_.
  mutable std::mutex mutex_;  // Guards what follows.
  std::map<ServiceId, Entry> entries_;
  std::vector<StoredPoint> points_;
  Time trimmed_;
};

}  // namespace luy::watch
