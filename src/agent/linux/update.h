// `luy-agent-gate update`: installs the release of luy-agent that the agent fetched, waits until the new agent was
// answered by the hub, and brings the version before back when that does not happen. A service of its own, since what
// it installs starts agent and gate anew, and since it does what dpkg does. docs/format/release.md, docs/adr/0249.
//
// Whatever ends it between two steps, the next start goes on from the journal in `own`, which only root can write;
// there lie the pinned release key, the package to go back to, and a copy of this program for a boot after the package
// of the new version cannot even be started.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include "agent/linux/update_files.h"
#include "agent/linux/update_package.h"
#include "base/clock.h"
#include "base/result.h"
#include "order/order.h"

namespace luy::agent {

inline constexpr ErrorKind release_wrong_machine{"agent.release_wrong_machine", ErrorClass::invalid,
                                                 "Gói cập nhật dành cho kiến trúc khác: {}.",
                                                 "The package of the update is for another architecture: {}."};
inline constexpr ErrorKind release_not_newer{"agent.release_not_newer", ErrorClass::conflict,
                                             "Không lùi phiên bản luy-agent: {}.",
                                             "luy-agent does not go back to an older version: {}."};
inline constexpr ErrorKind release_damaged{
    "agent.release_damaged", ErrorClass::corrupt,
    "Gói luy-agent tải về không đúng với bản phát hành đã ký: {}. Tệp bị bỏ và được tải lại.",
    "The package of luy-agent that arrived is not that of the signed release: {}. It is dropped and fetched again."};
inline constexpr ErrorKind release_no_room{"agent.release_no_room", ErrorClass::unavailable,
                                           "Không đủ chỗ trên đĩa để cập nhật luy-agent {}. Hãy giải phóng chỗ trống.",
                                           "The disk has no room to update luy-agent to {}. Make room on it."};
inline constexpr ErrorKind release_silent{
    "agent.release_silent", ErrorClass::unavailable,
    "Bản luy-agent mới không báo về hub trong thời gian cho phép: {}. Máy đã trở lại bản trước.",
    "The new luy-agent did not report to the hub in time: {}. The machine went back to the version before."};

struct UpdateSetup {
  std::filesystem::path data;  // Of the agent.
  std::filesystem::path own = std::filesystem::path(update_folder);
  PackageSetup package;
  const Clock& clock;
  order::Verify verify;
  // Between two looks for the new agent's report; false: stop now, the next start goes on.
  std::function<bool()> pause;
  std::filesystem::path program;  // Copied for a boot after which the package's own cannot be started.
  // Stays free on the disks of `own` and of /usr beside ten times the package: former, new, and both unpacked.
  std::int64_t spare_bytes = 128 << 20;
  // A phase that was begun so often without an end is given up: rolled back, or told as failed.
  std::int64_t starts_max = 3;
};

// One look: does what is to be done now. nullopt: nothing is, or it was told to stop. Errors: those of base/file.h for
// what it could not even write down.
Result<std::optional<UpdateState>> update_agent(const UpdateSetup& setup);

// Whether update_agent() has something to do.
bool update_waits(const std::filesystem::path& data, const std::filesystem::path& own);

// The newest release key this machine trusts, 32 bytes; empty: none is pinned yet.
std::string pinned_release_key(const std::filesystem::path& own);

}  // namespace luy::agent
