// Which numbered batches of each sender are stored: what makes a repeated batch harmless and a skipped one visible.
// Pure; the store keeps the rows in the day file, in the same transaction as the records.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "evidence/day_file.h"

namespace luy::evidence {

// Names a batch for ever: the same key again is acknowledged again but stored once.
struct BatchKey {
  std::string sender;  // The device id from the certificate.
  std::uint64_t spool_id = 0;
  std::uint64_t number = 0;  // From 1.
  // Of the content. With it, a number that comes again is acknowledged only when its content is known to be the same.
  std::optional<BatchDigest> digest{};
};

inline constexpr std::size_t sender_bytes_max = 200;
// A sender that invents spools or skips numbers pushes out its own oldest entries, nobody else's.
inline constexpr std::size_t spools_per_sender_max = 8;
inline constexpr std::size_t missing_ranges_max = 64;
// A sender has one batch under way; it repeats that one, after a crash perhaps the one before it.
inline constexpr std::size_t digests_per_spool_max = 16;
inline constexpr std::size_t late_days_max = 64;

struct Admission {
  bool duplicate = false;
  bool late = false;    // Fills a number that was missing.
  Day missing_since{};  // When late.
  // The number was stored with other content, or so long ago that nobody can say: nothing is stored. `conflict_new`:
  // not told of this number yet.
  bool conflict = false;
  bool conflict_new = false;
  NumberRange skipped;  // Numbers skipped just now, when count() > 0.
  std::uint64_t count() const {
    return skipped.last >= skipped.first && skipped.first > 0 ? skipped.last - skipped.first + 1 : 0;
  }
};

class Senders {
 public:
  Senders() = default;
  explicit Senders(std::vector<SpoolRow> rows);

  // Errors: record_invalid (number 0 or above 2^63 - 1, sender empty or over-long); the state is as it was.
  Result<Admission> admit(const BatchKey& key, Time now);

  // What changed since the last take_changes(), to be written with the records.
  struct Changes {
    std::vector<SpoolRow> put;
    std::vector<std::pair<std::string, std::uint64_t>> removed;
  };
  Changes take_changes();
  std::vector<SpoolRow> all() const;
  static BatchDigest digest_of(std::string_view bytes);

 private:
  using Key = std::pair<std::string, std::uint64_t>;
  void make_room(const std::string& sender);
  std::map<Key, SpoolRow> spools_;
  std::set<Key> changed_;
  std::set<Key> removed_;
  std::map<Key, std::uint64_t> conflicts_;  // The number told last.
};

}  // namespace luy::evidence
