#include "watch/watch.h"

#include <algorithm>
#include <array>

#include "watch/stored.h"

namespace luy::watch {
namespace {

constexpr std::size_t points_held_max = 100'000;  // While the database cannot be written.

Error invalid(std::string vi, std::string en) {
  return Error(service_invalid, std::move(vi), std::move(en));
}

Result<void> check(const Service& service) {
  LUY_TRY(const Target target, parse_target(service.kind, service.target));
  static_cast<void>(target);
  if (service.name.empty() || service.name.size() > 200) return invalid("tên", "the name");
  const auto seconds = service.interval.count();
  if (seconds < interval_seconds_min || seconds > interval_seconds_max) return invalid("chu kỳ", "the interval");
  if (service.redirect_hosts.size() > redirect_hosts_max) return invalid("máy chuyển hướng", "the redirect hosts");
  for (const std::string& host : service.redirect_hosts) {
    LUY_TRY(const Target redirect, parse_target(Kind::icmp, host));
    static_cast<void>(redirect);
  }
  return {};
}

bool holds(const std::vector<Announcement>& announcements, Time at) {
  return std::any_of(announcements.begin(), announcements.end(),
                     [&](const Announcement& one) { return one.from <= at && at < one.until; });
}

}  // namespace

Watch::Watch(Dependencies dependencies)
    : d_(std::move(dependencies)), words_(Words::builtin()), trimmed_(d_.clock.now()) {}

Watch::~Watch() {
  static_cast<void>(flush(true));
}

Result<std::unique_ptr<Watch>> Watch::open(Dependencies dependencies) {
  std::unique_ptr<Watch> watch(new Watch(std::move(dependencies)));
  LUY_TRY_VOID(watch->load());
  return watch;
}

Result<void> Watch::load() {
  return d_.database.read([&](records::Connection& db) -> Result<void> {
    LUY_TRY_VOID(stored::each_service(db, [&](Service service, Memory memory) {
      Entry entry;
      const ServiceId id = service.id;
      entry.service = std::move(service);
      entry.memory = std::move(memory);
      entries_.emplace(id, std::move(entry));
    }));
    return stored::each_announcement(db, d_.clock.now(), [&](const ServiceId& id, Announcement announcement) {
      const auto found = entries_.find(id);
      if (found != entries_.end()) found->second.announcements.push_back(std::move(announcement));
    });
  });
}

View Watch::view_of(const Entry& entry) const {
  View out;
  out.service = entry.service;
  out.state = entry.memory.state;
  out.since = entry.memory.since;
  out.last = entry.memory.last;
  const Time now = d_.clock.now();
  out.level = entry.memory.baseline.level(now);
  out.samples = entry.memory.baseline.samples();
  out.learning = entry.memory.page.known() && entry.memory.page.learning();
  for (const Announcement& one : entry.announcements) {
    if (one.until > now && (!out.announced || one.from < out.announced->from)) out.announced = one;
  }
  return out;
}

std::vector<View> Watch::list() const {
  std::vector<View> out;
  {
    const std::lock_guard lock(mutex_);
    for (const auto& [id, entry] : entries_) out.push_back(view_of(entry));
  }
  std::stable_sort(out.begin(), out.end(),
                   [](const View& a, const View& b) { return a.service.name < b.service.name; });
  return out;
}

std::optional<View> Watch::find(const ServiceId& id) const {
  const std::lock_guard lock(mutex_);
  const auto found = entries_.find(id);
  if (found == entries_.end()) return std::nullopt;
  return view_of(found->second);
}

Result<std::vector<Point>> Watch::history(const ServiceId& id, Time from, Time until) const {
  std::vector<Point> points;
  const auto stored_all = d_.database.read([&](records::Connection& db) {
    return stored::each_point(db, id, to_millis(from), to_millis(until),
                              [&](const Point& point) { points.push_back(point); });
  });
  if (!stored_all) return stored_all.error();
  {
    const std::lock_guard lock(mutex_);
    for (const StoredPoint& one : points_) {
      const Time at = from_millis(one.at);
      if (one.service != id.text() || at < from || at >= until) continue;
      points.push_back({at, one.micros ? std::optional(Duration(*one.micros)) : std::nullopt, one.state});
    }
  }
  if (points.size() <= points_max) return points;
  // Of each span its worst: down before changed before slow, then the latest answer.
  const auto rank = [](const Point& point) {
    constexpr std::array<int, 5> ranks = {1, 0, 2, 4, 3};  // In the order of State.
    return std::pair(ranks[static_cast<std::size_t>(point.state)], point.latency.value_or(Duration{0}));
  };
  std::vector<Point> thin;
  const std::size_t step = (points.size() + points_max - 1) / points_max;
  for (std::size_t i = 0; i < points.size(); i += step) {
    const auto begin = points.begin() + static_cast<std::ptrdiff_t>(i);
    const auto end = points.begin() + static_cast<std::ptrdiff_t>(std::min(i + step, points.size()));
    thin.push_back(*std::max_element(begin, end, [&](const auto& a, const auto& b) { return rank(a) < rank(b); }));
  }
  return thin;
}

Result<std::optional<Content>> Watch::content(const ServiceId& id) const {
  const std::lock_guard lock(mutex_);
  const auto found = entries_.find(id);
  if (found == entries_.end()) return Error(service_unknown, id.text());
  const Memory& memory = found->second.memory;
  if (!memory.shown_at) return std::optional<Content>();
  return std::optional(Content{memory.page.page(), memory.shown, memory.changes, memory.words, *memory.shown_at,
                               memory.page.fingerprint(memory.shown, words_)});
}

Result<View> Watch::add(Service service, const InTransaction& also) {
  LUY_TRY_VOID(check(service));
  const std::lock_guard act(acts_);
  {
    const std::lock_guard lock(mutex_);
    if (entries_.size() >= services_max) return Error(services_too_many, std::to_string(services_max));
  }
  Entry entry;
  service.added_at = d_.clock.now();
  service.id = ServiceId::make(service.added_at, d_.random);
  entry.service = std::move(service);
  entry.memory.since = entry.service.added_at;
  const auto stored_all = d_.database.write([&](records::Connection& db) -> Result<void> {
    LUY_TRY_VOID(stored::save_service(db, entry.service, entry.memory));
    return also ? also(db) : Result<void>();
  });
  if (!stored_all) return stored_all.error();
  const std::lock_guard lock(mutex_);
  const auto added = entries_.emplace(entry.service.id, std::move(entry)).first;
  return view_of(added->second);
}

Result<View> Watch::edit(const ServiceId& id, const ServiceEdit& edit, const InTransaction& also) {
  const std::lock_guard act(acts_);
  Service changed;
  Memory memory;
  bool forget = false;
  {
    const std::lock_guard lock(mutex_);
    const auto found = entries_.find(id);
    if (found == entries_.end()) return Error(service_unknown, id.text());
    changed = found->second.service;
    if (edit.name) changed.name = *edit.name;
    if (edit.redirect_hosts) changed.redirect_hosts = *edit.redirect_hosts;
    if (edit.interval_seconds) changed.interval = std::chrono::seconds(*edit.interval_seconds);
    if (edit.enabled) changed.enabled = *edit.enabled;
    forget = edit.target && *edit.target != changed.target;
    if (edit.target) changed.target = *edit.target;
    if (!forget) memory = found->second.memory;
  }
  LUY_TRY_VOID(check(changed));
  if (forget) memory.since = d_.clock.now();
  if (!changed.enabled) {
    memory.state = State::unknown;
    memory.since = d_.clock.now();
  }
  const auto stored_all = d_.database.write([&](records::Connection& db) -> Result<void> {
    LUY_TRY_VOID(stored::save_service(db, changed, memory));
    return also ? also(db) : Result<void>();
  });
  if (!stored_all) return stored_all.error();
  return put_in_place(id, [&](Entry& entry) {
    entry.service = changed;
    if (forget || !changed.enabled) entry.memory = memory;
  });
}

View Watch::put_in_place(const ServiceId& id, const std::function<void(Entry&)>& change) {
  View out;
  State before = State::unknown;
  {
    const std::lock_guard lock(mutex_);
    Entry& entry = entries_.at(id);
    before = entry.memory.state;
    change(entry);
    out = view_of(entry);
  }
  if (out.state != before && d_.changed) d_.changed(out);
  return out;
}

Result<void> Watch::remove(const ServiceId& id, const InTransaction& also) {
  const std::lock_guard act(acts_);
  if (!find(id)) return Error(service_unknown, id.text());
  const auto stored_all = d_.database.write([&](records::Connection& db) -> Result<void> {
    LUY_TRY_VOID(stored::remove_service(db, id));
    return also ? also(db) : Result<void>();
  });
  if (!stored_all) return stored_all.error();
  const std::lock_guard lock(mutex_);
  entries_.erase(id);
  std::erase_if(points_, [&](const StoredPoint& point) { return point.service == id.text(); });
  return {};
}

Result<void> Watch::announce(const ServiceId& id, const Announcement& announcement, const InTransaction& also) {
  if (announcement.until <= announcement.from || announcement.until - announcement.from > announcement_max) {
    return invalid("thời gian thông báo phải từ trước đến sau, không quá 14 ngày",
                   "the announced time must end after it begins and last no more than 14 days");
  }
  const std::lock_guard act(acts_);
  if (!find(id)) return Error(service_unknown, id.text());
  const auto stored_all = d_.database.write([&](records::Connection& db) -> Result<void> {
    LUY_TRY_VOID(stored::save_announcement(db, id, announcement));
    return also ? also(db) : Result<void>();
  });
  if (!stored_all) return stored_all.error();
  const std::lock_guard lock(mutex_);
  auto& list = entries_.at(id).announcements;
  std::erase_if(list, [&](const Announcement& one) { return one.until <= d_.clock.now(); });
  list.push_back(announcement);
  return {};
}

Result<View> Watch::accept(const ServiceId& id, const std::optional<std::string>& looked_at,
                           const std::function<Result<void>(records::Connection&, const Acceptance&)>& also) {
  const std::lock_guard act(acts_);
  Service service;
  Memory memory;
  {
    const std::lock_guard lock(mutex_);
    const auto found = entries_.find(id);
    if (found == entries_.end()) return Error(service_unknown, id.text());
    service = found->second.service;
    memory = found->second.memory;
  }
  if (memory.state != State::slow && !memory.shown_at) return Error(nothing_shown);
  Acceptance made{memory.state, memory.changes, memory.words, {}, {}};
  if (memory.shown_at) {
    made.before = memory.page.fingerprint(memory.page.page(), words_);
    made.after = memory.page.fingerprint(memory.shown, words_);
  }
  if (looked_at.value_or(std::string()) != made.after) return Error(content_differs);
  if (memory.state == State::slow) memory.baseline = Baseline();
  if (memory.shown_at) memory.page.accept(memory.shown, words_, d_.clock.now());
  memory.changes.clear();
  memory.words.clear();
  memory.changed = memory.slow = 0;
  if (memory.state == State::slow || memory.state == State::changed) {
    memory.state = State::up;
    memory.since = d_.clock.now();
  }
  const auto stored_all = d_.database.write([&](records::Connection& db) -> Result<void> {
    LUY_TRY_VOID(stored::save_service(db, service, memory));
    return also ? also(db, made) : Result<void>();
  });
  if (!stored_all) return stored_all.error();
  return put_in_place(id, [&](Entry& entry) { entry.memory = std::move(memory); });
}

std::vector<Service> Watch::take_due(std::size_t most) {
  const Time now = d_.clock.now();
  const std::lock_guard lock(mutex_);
  std::vector<std::pair<Time, Entry*>> due;
  for (auto& [id, entry] : entries_) {
    if (!entry.service.enabled || entry.under_way) continue;
    const Time next = next_look(entry.service, entry.memory, d_.pace);
    // A clock that was put back must not stop all looking.
    const bool from_future = entry.memory.last && entry.memory.last->at > now;
    if (next <= now || from_future) due.emplace_back(next, &entry);
  }
  std::sort(due.begin(), due.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<Service> out;
  for (const auto& [next, entry] : due) {
    if (out.size() >= most) break;
    entry->under_way = true;
    out.push_back(entry->service);
  }
  return out;
}

void Watch::put(const Service& looked_at, const Probe& probe) {
  const ServiceId& id = looked_at.id;
  std::vector<Sighting> sightings;
  std::optional<View> changed;
  {
    const std::lock_guard act(acts_);
    const std::lock_guard lock(mutex_);
    const auto found = entries_.find(id);
    if (found == entries_.end()) return;  // Removed meanwhile.
    Entry& entry = found->second;
    entry.under_way = false;
    if (!entry.service.enabled) return;
    if (entry.service.target != looked_at.target || entry.service.redirect_hosts != looked_at.redirect_hosts) return;
    const State before = entry.memory.state;
    sightings = judge(entry.service, words_, holds(entry.announcements, probe.at), probe, entry.memory, d_.pace);
    entry.dirty = true;
    std::optional<std::int64_t> micros;
    if (probe.latency) micros = probe.latency->count();
    points_.push_back({id.text(), to_millis(probe.at), micros, entry.memory.state});
    if (points_.size() > points_held_max) points_.erase(points_.begin(), points_.begin() + points_held_max / 2);
    if (entry.memory.state != before) changed = view_of(entry);
  }
  if (changed && d_.changed) d_.changed(*changed);
  for (const Sighting& sighting : sightings) {
    if (d_.sighted) d_.sighted(sighting);
  }
}

Result<void> Watch::flush(bool ending) {
  std::vector<Dirty> rows;
  std::vector<StoredPoint> points;
  const Time now = d_.clock.now();
  const std::lock_guard act(acts_);
  {
    const std::lock_guard lock(mutex_);
    for (auto& [id, entry] : entries_) {
      if (!entry.dirty) continue;
      Dirty row{entry.service, entry.memory, false};
      const std::uint64_t revision = entry.memory.page.revision();
      const Duration monotonic = d_.clock.monotonic();
      if (revision != entry.page_written && (!entry.memory.page.learning() || ending || entry.page_written == 0 ||
                                             monotonic - entry.page_written_at >= page_period)) {
        row.with_page = true;
        entry.page_written = revision;
        entry.page_written_at = monotonic;
      }
      rows.push_back(std::move(row));
      entry.dirty = false;
    }
    points.swap(points_);
  }
  const bool trim = now - trimmed_ >= std::chrono::hours(1);
  if (rows.empty() && points.empty() && !trim) return {};
  auto done = d_.database.write([&](records::Connection& db) -> Result<void> {
    for (const Dirty& row : rows) {
      LUY_TRY_VOID(row.with_page ? stored::save_service(db, row.service, row.memory)
                                 : stored::save_standing(db, row.service, row.memory));
    }
    for (const StoredPoint& point : points) {
      LUY_TRY_VOID(stored::save_point(db, point.service, point.at, point.micros, point.state));
    }
    return trim ? stored::trim(db, to_millis(now - history_kept), to_millis(now)) : Result<void>();
  });
  if (done) {
    if (trim) trimmed_ = now;
    return {};
  }
  const std::lock_guard lock(mutex_);
  for (const Dirty& row : rows) {
    const auto found = entries_.find(row.service.id);
    if (found == entries_.end()) continue;
    found->second.dirty = true;
    if (row.with_page) found->second.page_written = 0;
  }
  points_.insert(points_.begin(), points.begin(), points.end());
  return done;
}

}  // namespace luy::watch
