// Who searched the logs for what: an entry in the audit trail, and with it in the evidence, for every search.
#pragma once

#include <map>
#include <mutex>
#include <string>
#include <string_view>

#include "api/route.h"
#include "base/clock.h"
#include "directory/audit.h"

namespace luy::hub {

inline constexpr std::string_view search_act = "evidence_search";
inline constexpr std::string_view follow_act = "evidence_follow";

// The further pages of a search, and its histogram, are the same search while they come within this time.
inline constexpr std::chrono::minutes same_search{5};
inline constexpr std::size_t searches_remembered_max = 1'000;

// Thread-safe.
class SearchLog {
 public:
  SearchLog(directory::AuditTrail& audit, const Clock& clock) : audit_(audit), clock_(clock) {}

  // To be called once the search is done, so that it does not find its own entry. `request` has an actor. An entry that
  // cannot be written is logged: a full disk must not hide the logs from who has to mend it.
  void note(const api::Request& request, std::string_view act);

 private:
  bool is_new(const std::string& key);
  directory::AuditTrail& audit_;
  const Clock& clock_;
  std::mutex mutex_;
  std::map<std::string, Duration> noted_;  // When, on the monotonic clock.
};

// The same JSON with the text that was searched for spelt in \uXXXX: who searches for a word finds the logs that hold
// it, not the entries of everybody who searched for it before. Entries of other acts stay as they are.
std::string quiet_search(const std::string& entry);

}  // namespace luy::hub
