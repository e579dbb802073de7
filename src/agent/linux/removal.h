// `luy-agent removal`, which the package's script runs before luy-agent is taken off an enrolled machine: without a
// code of the hub the removal is refused. Root can force it; then the hub is told, where it can be reached.
// docs/adr/0250.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "base/result.h"

namespace luy::agent {

inline constexpr ErrorKind removal_code_missing{
    "agent.removal_code_missing", ErrorClass::denied,
    "Máy này do Lũy giám sát: gỡ luy-agent cần mã gỡ cài đặt {}. Hãy xin mã ở quản trị viên (trang Thiết bị) rồi chạy: "
    "LUY_REMOVAL_CODE=<mã> apt remove luy-agent",
    "This machine is watched by Lũy: taking luy-agent off takes a removal code {}. Ask the administrator for one (page "
    "Devices), then run: LUY_REMOVAL_CODE=<code> apt remove luy-agent"};
inline constexpr ErrorKind removal_not_checked{
    "agent.removal_not_checked", ErrorClass::unavailable,
    "Chưa hỏi được hub về mã gỡ cài đặt: {}. Hãy thử lại khi có mạng. Nếu hub không còn, root có thể gỡ bằng "
    "LUY_REMOVE_WITHOUT_CODE=1; việc này được báo về hub nếu liên lạc được.",
    "The hub could not be asked about the removal code: {}. Try again when there is a network. Where the hub is gone, "
    "root can remove with LUY_REMOVE_WITHOUT_CODE=1; the hub is told where it can be reached."};

struct RemovalSetup {
  bool forced = false;
  std::string user;                 // Who asks for it, as far as it is known.
  std::optional<std::string> code;  // Given beforehand.
  // Asks a person for it; nullopt: there is nobody to ask.
  std::function<std::optional<std::string>()> prompt;
  // POST /agent/v1/removal with that body. Errors: the network's, the hub's refusal.
  std::function<Result<std::string>(const std::string& body)> ask;
};
// Errors: removal_code_missing, removal_not_checked with what the hub or the network said. Never one when it is forced.
Result<void> allow_removal(const RemovalSetup& setup);

}  // namespace luy::agent
