#include "custody/medium.h"

namespace luy::custody {
namespace {

constexpr std::string_view disk_name = "disk";
constexpr std::string_view disc_name = "disc";

}  // namespace

std::string_view name_of(MediumKind kind) {
  return kind == MediumKind::disk ? disk_name : disc_name;
}

std::optional<MediumKind> medium_kind_from_name(std::string_view name) {
  if (name == disk_name) return MediumKind::disk;
  if (name == disc_name) return MediumKind::disc;
  return std::nullopt;
}

bool is_same_medium(const Identity& registered, const Identity& present) {
  const auto both_know = [](const std::string& a, const std::string& b) { return !a.empty() && !b.empty(); };
  const auto differs = [&](const std::string& a, const std::string& b) { return both_know(a, b) && a != b; };
  if (differs(registered.serial, present.serial) || differs(registered.uuid, present.uuid) ||
      differs(registered.label, present.label)) {
    return false;
  }
  if (both_know(registered.serial, present.serial) || both_know(registered.uuid, present.uuid)) return true;
  // A label is quickly given to another disk: it counts where nothing better was known on registration.
  return registered.serial.empty() && registered.uuid.empty() && both_know(registered.label, present.label);
}

}  // namespace luy::custody
