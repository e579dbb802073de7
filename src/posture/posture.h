// How devices are set up, measured by the hardening checks: what a device reported, seen with the hub's own catalogue,
// the device's class and the exceptions that somebody granted. Also what of it is worth a finding. Pure; plain values.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/id.h"
#include "fact/fact.h"
#include "finding/finding.h"
#include "hardening/check.h"
#include "inventory/device.h"

namespace luy::posture {

// Accepted for a time that a device does not meet something.
struct Exception {
  DeviceId device;
  std::string subject;  // A check.
  std::string reason;
  Day expires_on{};  // The last day it holds, as counted in Vietnam.
  std::string by;    // Display name at the time.
  Time at{};
  bool holds(Day day) const { return day <= expires_on; }
};
// Of one device: by subject.
using Exceptions = std::map<std::string, Exception, std::less<>>;

// One check on one device.
struct Line {
  const hardening::Check* check = nullptr;  // Of the catalogue given: outlives the line with it.
  hardening::State state = hardening::State::unknown;
  fact::CheckResult result;
  std::optional<Exception> exception;  // Holds today.
};

// Of the device, in the catalogue's order: checks the device did not run are left out, as are those that only a newer
// agent knows. A check that is not for the device's class does not apply. Empty when nothing was reported.
std::vector<Line> lines_of(const inventory::DeviceState& state, const hardening::Catalogue& catalogue,
                           const Exceptions& exceptions, Day today);

// Wrong with an exception counts as excepted and not as wrong.
struct Counts {
  std::size_t right = 0;
  std::size_t wrong = 0;
  std::size_t unknown = 0;
  std::size_t not_applicable = 0;
  std::size_t excepted = 0;
  void add(const Line& line);
};

// Checks of high severity that are wrong and not excepted, in the catalogue's order.
std::vector<const Line*> grave(const std::vector<Line>& lines);

// A finding about `fresh`, which a device got wrong since it was last told about: one finding for each device, of
// medium severity, because nothing has happened yet. `fresh` is not empty.
finding::Report report_of(const inventory::DeviceState& state, const std::vector<const Line*>& fresh, Time now);

}  // namespace luy::posture
