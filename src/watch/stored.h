// The SQL of the register of services: rows in, rows out, no decisions. Times are milliseconds.
#pragma once

#include <functional>

#include "watch/watch.h"

namespace luy::watch::stored {

Result<void> save_service(records::Connection& db, const Service& service, const Memory& memory);
// The same without what is known of the page, which is large and seldom changes.
Result<void> save_standing(records::Connection& db, const Service& service, const Memory& memory);
Result<void> remove_service(records::Connection& db, const ServiceId& id);
Result<void> save_point(records::Connection& db, const std::string& service, std::int64_t at,
                        const std::optional<std::int64_t>& micros, State state);
Result<void> save_announcement(records::Connection& db, const ServiceId& id, const Announcement& announcement);
// Forgets points before the first and announcements that ended before the second.
Result<void> trim(records::Connection& db, std::int64_t points_before, std::int64_t announcements_before);

Result<void> each_service(records::Connection& db, const std::function<void(Service, Memory)>& visit);
// Those that have not ended at `now`.
Result<void> each_announcement(records::Connection& db, Time now,
                               const std::function<void(const ServiceId&, Announcement)>& visit);
// In order of time, from <= at < until.
Result<void> each_point(records::Connection& db, const ServiceId& id, std::int64_t from, std::int64_t until,
                        const std::function<void(const Point&)>& visit);

}  // namespace luy::watch::stored
