// disk_encryption (8.1): what holds data is encrypted at rest: every fixed volume but those a machine starts from.
// Removable media are another duty (5.6). The duty also asks for encryption in transit, signatures and a backup set,
// which nothing measures yet: a plain volume breaks it, encrypted ones alone do not keep it
// (docs/adr/0076-part-of-a-duty-measured.md).
#include <algorithm>
#include <array>

#include "duty/checks/check.h"

namespace luy::duty {
namespace {

// Kernel and boot loader only; they must be readable before any key is there.
constexpr std::array<std::string_view, 4> boot_mounts = {"/boot", "/boot/efi", "/efi", "/boot/firmware"};

bool holds_data(const fact::Volume& volume) {
  return !volume.removable && volume.size_bytes > 0 &&
         std::find(boot_mounts.begin(), boot_mounts.end(), volume.mount) == boot_mounts.end();
}

}  // namespace

Judgement judge_disk_encryption(const Input& in) {
  const auto& part = in.device->disks;
  if (!part) return not_reported(fact::Kind::disks);
  std::int64_t total = 0;
  std::int64_t plain = 0;
  const fact::Volume* example = nullptr;
  for (const fact::Volume& volume : part->value.volumes) {
    if (!holds_data(volume)) continue;
    ++total;
    if (volume.encrypted) continue;
    ++plain;
    if (example == nullptr || volume.size_bytes > example->size_bytes) example = &volume;
  }
  Finding finding;
  finding.rests_on(basis_of("disks", *part));
  if (total == 0) {
    finding.add(State::unknown, Code::disk_none);
  } else if (plain == 0) {
    finding.add(State::unknown, Code::disk_encrypted, Arguments().number(total));
  } else {
    finding.add(State::violated, Code::disk_plain, Arguments().number(plain).number(total).text(example->mount));
  }
  return std::move(finding).done();
}

}  // namespace luy::duty
