// The part of api/openapi.yaml about how the logs are kept (tag custody). Handlers only translate.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "api/route.h"
#include "custody/disk_watch.h"
#include "custody/erasure_book.h"
#include "custody/medium_book.h"
#include "custody/retention_book.h"
#include "custody/silence_book.h"
#include "directory/directory.h"
#include "evidence/query.h"

namespace luy::custody {

// How many records a source sent on a day, as the day's table of coverage has it.
struct SentRecords {
  DeviceId device;
  AgencyId agency;                                 // Of the device today,
  SourceClass source_class = SourceClass::server;  // as is its class.
  std::uint64_t records = 0;
  std::uint64_t missing_batches = 0;
  std::uint64_t dropped_records = 0;
  Time first;
  Time last;
};

// An agency of whose systems a higher level asks for more.
struct LevelFloor {
  AgencyId agency;
  unsigned level = 0;
  int days = 0;
};

// What the handlers need from elsewhere. All functions thread-safe.
struct ApiDependencies {
  MediumBook& media;
  const DiskWatch& disk;
  RetentionBook& rules;
  ErasureBook& erasures;
  const SilenceBook& silences;
  directory::Directory& directory;
  const Clock& clock;
  std::function<directory::Object()> hub_object;  // Where media and files stand: they hold all agencies' days.
  std::function<std::vector<AgencyId>(const AgencyId&)> lineage;
  std::function<std::string(const AgencyId&)> agency_name;
  std::function<std::string(const DeviceId&)> device_name;
  std::function<Result<std::vector<evidence::DayInfo>>()> days;
  std::function<Result<std::vector<SentRecords>>(Day)> sent;
  std::function<bool(Day)> is_damaged;                    // As the newest verification found it.
  std::function<std::vector<SentRecords>()> sources;      // Every living device that has ever sent, without numbers.
  std::function<Result<std::optional<Day>>()> held_from;  // The first day that a legal hold keeps.
  std::function<std::vector<Place>()> places;
  std::function<std::vector<LevelFloor>()> level_floors;
  // As ErasureBook's.
  std::function<Result<std::vector<RecordSummary>>(const AgencyId&, const std::vector<std::uint64_t>&)> describe;
  std::function<std::string()> running;  // What the newest round of erasing could not do.
  int floor_days = 0;                    // The regulation's.
  int default_days = 0;                  // Files are kept at least so long.
  std::optional<int> copy_within_days;   // The regulation's; nullopt: the pack asks for no copies.
};

std::vector<api::Route> routes(ApiDependencies dependencies);

// Closed days that should lie on a medium by now and do not, oldest first. `copies`: of media in use.
std::vector<Day> days_without_copy(const std::vector<evidence::DayInfo>& stored,
                                   const std::map<Day, std::vector<Copy>>& copies, std::optional<int> within_days,
                                   Day today);

}  // namespace luy::custody
