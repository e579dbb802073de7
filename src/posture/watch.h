// Tells the book of findings what devices newly fail: looks at every device's newest report when it is called. One
// thread.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <span>

#include "finding/finding.h"
#include "hardening/check.h"
#include "inventory/inventory.h"
#include "posture/exception_book.h"

namespace luy::posture {

class Watch {
 public:
  struct Dependencies {
    inventory::Inventory& inventory;
    ExceptionBook& exceptions;
    const hardening::Catalogue& catalogue;
    const Clock& clock;
    std::function<Result<void>(const finding::Report&)> report;
  };
  explicit Watch(Dependencies dependencies) : d_(std::move(dependencies)) {}

  // What was wrong and told stays told until it is right, excepted or no longer applies. Errors: those of `report` and
  // of the database; the device is looked at again then. Devices whose report is the one seen before, on the same day
  // and with the same exceptions, are passed over.
  Result<void> look();

 private:
  Result<void> look_at(const inventory::DeviceState& state, const Exceptions& exceptions);

  struct Seen {
    std::uint64_t seq = 0;
    Day day{};
    std::size_t exceptions = 0;
  };
  const Dependencies d_;
  std::map<DeviceId, Seen> seen_;
};

}  // namespace luy::posture
