// What rings, and who has heard it: listAlarms, acknowledgeAlarm, listSealedAccounts. An alarm is a finding of kind
// account (hub/alarm.h) that nobody has acknowledged since it rang last; the one it is about does not acknowledge it.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "api/route.h"
#include "base/clock.h"
#include "directory/directory.h"
#include "finding/book.h"
#include "records/database.h"

namespace luy::hub {

inline constexpr ErrorKind alarm_unknown{"hub.alarm_unknown", ErrorClass::not_found, "Không tìm thấy cảnh báo này.",
                                         "There is no such alarm."};
inline constexpr ErrorKind own_alarm{"hub.own_alarm", ErrorClass::denied,
                                     "Cảnh báo này nói về tài khoản của bạn; người khác phải xác nhận đã biết.",
                                     "This alarm is about your own account; somebody else acknowledges it."};
inline constexpr ErrorKind alarm_heard{"hub.alarm_heard", ErrorClass::conflict, "Cảnh báo này đã được xác nhận.",
                                       "This alarm is acknowledged already."};

inline constexpr std::size_t alarm_note_bytes_max = 2'000;
inline constexpr days reseal_after{365};  // A sealed envelope is opened and sealed anew once a year.

// The tables of alarms, for records::open_sqlite().
std::span<const records::Migration> alarm_migrations();

struct AlarmApi {
  records::Database& database;
  directory::Directory& directory;
  const finding::Book& findings;
  const Clock& clock;
  // The agency and its superiors, nearest first; empty when unknown.
  std::function<std::vector<AgencyId>(const AgencyId&)> lineage;
  std::function<std::string(const AgencyId&)> agency_name;
  // Of the newest act of that name about an account; nullopt until it is there.
  std::function<std::optional<std::uint64_t>(std::string_view act, const AccountId&)> act_seq;
};

std::vector<api::Route> alarm_routes(AlarmApi dependencies);

}  // namespace luy::hub
