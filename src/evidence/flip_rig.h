// For tests and the campaign: single bits of a closed day turned over, one at a time, and what the store and the
// verifier make of it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "base/random.h"

namespace luy::evidence {

class FlipRig {
 public:
  // Makes three days in the folder, which is empty; the second one, of some blocks, is the one harmed.
  FlipRig(std::filesystem::path folder, std::uint64_t seed);

  struct Finding {
    std::uint64_t flips = 0;
    std::uint64_t unnoticed = 0;             // The verifier said nothing.
    std::uint64_t unnoticed_undigested = 0;  // Nor would it have without the file's digest; free pages hold nothing.
    std::uint64_t wrong = 0;         // A record was given that was never stored so, or one was given silently not.
    std::uint64_t lost_days = 0;     // Nothing of the day could be read.
    std::uint64_t lost_records = 0;  // Told as damaged, in all.
    std::string what;                // Of the first trouble.
  };
  // Turns `count` random bits over, each put back before the next.
  Finding run(std::uint64_t count);

 private:
  void harm(std::uint64_t bit, Finding& finding);
  void read_all(Finding& finding);
  void trouble(Finding& finding, std::uint64_t bit, const std::string& what);

  const std::filesystem::path folder_;
  SeededRandom random_;
  std::filesystem::path day_;
  std::string vkey_;
  std::string bytes_;
  std::vector<std::string> records_;  // By seq: leaf data.
  std::uint64_t day_first_ = 0;
  std::uint64_t day_end_ = 0;
};

}  // namespace luy::evidence
