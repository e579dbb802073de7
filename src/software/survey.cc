#include "software/survey.h"

#include <algorithm>

namespace luy::software {
namespace {

constexpr std::array<std::string_view, wrong_count> wrong_names = {"unapproved", "expired", "remote_control",
                                                                   "pirated"};

}  // namespace

std::string_view name_of(Wrong wrong) {
  return wrong_names.at(static_cast<std::size_t>(wrong));
}

std::optional<Wrong> wrong_from_name(std::string_view name) {
  const auto* const found = std::find(wrong_names.begin(), wrong_names.end(), name);
  if (found == wrong_names.end()) return std::nullopt;
  return static_cast<Wrong>(found - wrong_names.begin());
}

bool Line::is(Wrong wrong) const {
  return std::find(kinds.begin(), kinds.end(), wrong) != kinds.end();
}

Line judged(inventory::InstalledPackage package, const MarkList& marks) {
  Line line{std::move(package), nullptr, {}};
  line.mark = marks.find(line.package.name);
  if (!line.package.approval) line.kinds.push_back(line.package.ended ? Wrong::expired : Wrong::unapproved);
  if (line.mark == nullptr) return line;
  if (line.mark->mark == Mark::pirated) line.kinds.push_back(Wrong::pirated);
  if (line.mark->mark == Mark::remote_control && !line.package.approval) line.kinds.push_back(Wrong::remote_control);
  return line;
}

Result<std::vector<Line>> survey(const inventory::Inventory& inventory, const DeviceId& device, const MarkList& marks) {
  LUY_TRY(auto installed, inventory.software(device));
  std::vector<Line> out;
  out.reserve(installed.size());
  for (inventory::InstalledPackage& package : installed) out.push_back(judged(std::move(package), marks));
  return out;
}

bool may_have(const std::vector<inventory::Inventory::NamedPackage>& names, std::optional<Wrong> wrong,
              const MarkList& marks) {
  return std::any_of(names.begin(), names.end(), [&](const inventory::Inventory::NamedPackage& one) {
    if (!wrong) return !one.approved || marks.find(one.name) != nullptr;
    switch (*wrong) {
      case Wrong::unapproved:
      case Wrong::expired:
        return !one.approved;
      case Wrong::remote_control:
      case Wrong::pirated: {
        const MarkRule* const rule = marks.find(one.name);
        if (rule == nullptr) return false;
        return *wrong == Wrong::pirated ? rule->mark == Mark::pirated
                                        : rule->mark == Mark::remote_control && !one.approved;
      }
    }
    return false;
  });
}

}  // namespace luy::software
