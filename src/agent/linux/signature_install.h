// Puts signature databases where clamd reads them, all of a set or none of it: a process of luy-agent-gate's, since it
// writes outside the agent's folder and may have to wait for clamd for minutes. docs/format/signatures.md.
#pragma once

#include <filesystem>
#include <functional>
#include <string>

#include "agent/linux/clamd.h"
#include "agent/linux/signature_files.h"

namespace luy::agent {

inline constexpr ErrorKind signatures_not_there{"agent.signatures_not_there", ErrorClass::unavailable,
                                                "Chưa thể cài mẫu nhận dạng: {}.",
                                                "The signatures cannot be installed yet: {}."};

struct SignatureInstall {
  std::filesystem::path data;    // Of the agent.
  std::filesystem::path folder;  // clamd's DatabaseDirectory.
  std::string socket;            // Of clamd.
  const Clock& clock;
  std::function<void()> pause;  // Between two questions to clamd while it reads.
  // clamd reads main.cvd and daily.cvd in under a minute on a machine of today; a slow one gets ten times that.
  Duration patience = std::chrono::minutes(10);
};

// What "wanted" names becomes the state "installed", or everything is as before: "rolled_back" when clamd did not take
// it, "waiting" when it could not be tried. Writes the state. Errors: file errors; then nothing is known of it yet.
Result<SignatureState> install_signatures(const SignatureInstall& setup);

// Whether there is something to install that no state tells of, or that waited.
bool signatures_wait(const std::filesystem::path& data);

// Whether freshclam runs and has kept "daily" in that folder no older than three days: it is made anew every day, and a
// freshclam without the Internet runs as well.
bool freshclam_serves(const std::filesystem::path& root, const std::filesystem::path& folder, Time now);

}  // namespace luy::agent
