// `luy-hub accept-loss`: going on after evidence was lost, deliberately and on record. What is left of the old evidence
// is moved aside as it is, a new tree begins under a new origin, what rested on the old one is forgotten, and the first
// audit entry in the new tree says who accepted which loss and why (docs/adr/0125).
#pragma once

#include <filesystem>
#include <string>

#include "base/clock.h"
#include "base/random.h"
#include "base/result.h"

namespace luy::hub {

inline constexpr ErrorKind nothing_lost{
    "hub.nothing_lost", ErrorClass::conflict,
    "Kho chứng cứ khớp với sổ ghi, không có gì bị mất. Hãy chạy 'luy-hub serve' như thường lệ.",
    "The evidence agrees with the records: nothing was lost. Run 'luy-hub serve' as usual."};
inline constexpr ErrorKind reason_missing{"hub.reason_missing", ErrorClass::invalid,
                                          "Hãy ghi lý do (--reason), tối đa 1000 byte.",
                                          "Give a reason (--reason), at most 1000 bytes."};
inline constexpr std::size_t loss_reason_bytes_max = 1000;

struct AcceptedLoss {
  std::filesystem::path moved_to;  // Empty when there was nothing left to move.
  std::string public_key;          // Of the new origin; to be written down as at installation.
};

// With the hub stopped. A crash in between leaves a hub that refuses to start as before: the command can be repeated.
// Errors: not_set_up, reason_missing, nothing_lost, data_in_use, those of every part.
Result<AcceptedLoss> accept_loss(const std::filesystem::path& data, const std::string& reason, const Clock& clock,
                                 Random& random);
std::string to_text(const AcceptedLoss& loss);

}  // namespace luy::hub
