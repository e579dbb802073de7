// What is wrong with what is installed: not approved, no more approved, for remote control, of doubtful origin. Pure
// but for survey(), which asks the inventory.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "inventory/inventory.h"
#include "software/mark.h"

namespace luy::software {

enum class Wrong : std::uint8_t { unapproved, expired, remote_control, pirated };
inline constexpr std::size_t wrong_count = 4;
std::string_view name_of(Wrong wrong);
std::optional<Wrong> wrong_from_name(std::string_view name);

// One installed package with what is wrong with it. A program for remote control is no more wrong once it is approved;
// one of doubtful origin always is: an approval makes no licence.
struct Line {
  inventory::InstalledPackage package;
  const MarkRule* mark = nullptr;  // Into the list of marks.
  std::vector<Wrong> kinds;        // Empty: nothing is.
  bool is(Wrong wrong) const;
};

Line judged(inventory::InstalledPackage package, const MarkList& marks);
// Everything installed on the device, in order of name. Errors: as Inventory::software().
Result<std::vector<Line>> survey(const inventory::Inventory& inventory, const DeviceId& device, const MarkList& marks);

// By names alone, from memory: whether survey() would give a line with that wrong, or with any. `expired` counts as
// unapproved here.
bool may_have(const std::vector<inventory::Inventory::NamedPackage>& names, std::optional<Wrong> wrong,
              const MarkList& marks);

}  // namespace luy::software
