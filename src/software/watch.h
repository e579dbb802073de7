// Tells the book of findings what is newly wrong with what is installed, and what the gates newly met: looks at every
// device's newest reports when it is called. One thread.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "finding/finding.h"
#include "inventory/inventory.h"
#include "software/mark.h"
#include "software/request_book.h"
#include "software/survey.h"

namespace luy::software {

class Watch {
 public:
  struct Dependencies {
    inventory::Inventory& inventory;
    RequestBook& book;
    const MarkList& marks;
    const Clock& clock;
    std::function<Result<void>(const finding::Report&)> report;
  };
  explicit Watch(Dependencies dependencies) : d_(std::move(dependencies)) {}

  // What was wrong and told stays told until it is no more. Errors: those of `report` and of the database; the device
  // is looked at again then. Devices that stand as they did before are passed over.
  Result<void> look();

 private:
  Result<void> look_at(const inventory::DeviceState& state);
  Result<void> look_at_gate(const inventory::DeviceState& state);
  Result<void> tell(const inventory::DeviceState& state, std::string_view kind, const std::set<std::string>& hold,
                    const std::function<Result<void>(const std::set<std::string>& fresh)>& report);

  struct Seen {
    std::uint64_t seq = 0;
    std::uint64_t gate_seq = 0;
    std::size_t unapproved = 0;
    std::size_t living = 0;  // Approvals: one more or less may change what is covered.
    bool operator==(const Seen&) const = default;
  };
  const Dependencies d_;
  std::map<DeviceId, Seen> seen_;
};

}  // namespace luy::software
