// For tests and campaigns: a child process that fills a store and says what was acknowledged, is killed, and what is
// found afterwards.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/random.h"

namespace luy::evidence {

// Batch `number` of the rig's sender: its lines are a function of the number.
std::vector<std::string> rig_lines(std::uint64_t number);

class CrashRig {
 public:
  // `folder` must exist; the store and its key are made in it.
  CrashRig(std::filesystem::path folder, std::uint64_t seed);
  // A folder that another rig filled, for check() and fill().
  static CrashRig found(std::filesystem::path folder, std::uint64_t acknowledged);

  // Forks a child that goes on from the last acknowledged batch, lets it live for a random time of up to `life_max`,
  // and kills it with SIGKILL.
  void cycle(Duration life_max);

  // Runs the child with `prepare` before it opens the store, until it ends by itself; answers its wait status.
  int run_to_end(const std::function<void()>& prepare, std::uint64_t batches_max);
  // In this process, from the last acknowledged batch on; `acknowledged` hears of each.
  void fill(const std::function<void(std::uint64_t)>& acknowledged, std::uint64_t batches_max) const;

  struct Finding {
    std::uint64_t lost = 0;        // Acknowledged and not there.
    std::uint64_t duplicated = 0;  // There more than once.
    std::uint64_t damaged = 0;     // Other bytes, another order, a failed open or verification.
    std::string what;
  };
  // Opens the store, reads everything, verifies the folder.
  Finding check();

  std::uint64_t acknowledged() const { return acknowledged_; }

 private:
  CrashRig(std::filesystem::path folder, std::uint64_t seed, std::uint64_t acknowledged)
      : folder_(std::move(folder)), random_(seed), acknowledged_(acknowledged) {}
  int spawn(const std::function<void()>& prepare, std::uint64_t batches_max, int& acks);
  void take_acks(int fd);

  std::filesystem::path folder_;
  SeededRandom random_;
  std::uint64_t acknowledged_ = 0;
};

}  // namespace luy::evidence
