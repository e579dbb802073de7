// For tests and campaigns: a child process that fills a store and says what was acknowledged, is killed, and what is
// found afterwards. Among the batches, checkpoints are signed, days end and are closed, old days are deleted, a closed
// day is written anew, and packages of records and of days are made; now and then a batch is more than a block.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/random.h"
#include "evidence/store.h"
#include "evidence/verify.h"

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
    // Other bytes, another order, a failed open or verification; a package that was finished and does not verify, or
    // was not and does.
    std::uint64_t damaged = 0;
    std::string what;
  };
  // Opens the store, reads everything, verifies the folder and the packages beside it.
  Finding check();

  std::uint64_t acknowledged() const { return acknowledged_; }

 private:
  CrashRig(std::filesystem::path folder, std::uint64_t seed, std::uint64_t acknowledged)
      : folder_(std::move(folder)), random_(seed), acknowledged_(acknowledged) {}
  int spawn(const std::function<void()>& prepare, std::uint64_t batches_max, int& acks);
  void take_acks(int fd);
  void keep_house(Store& store, const FakeClock& clock, NoteSigner& signer, std::uint64_t number) const;
  void check_records(const Store& store, Day today, Finding& out) const;
  static void check_deleted(std::uint64_t first, Day today, Finding& out);
  void check_exports(VerifyOptions options, Finding& out) const;

  std::filesystem::path folder_;
  SeededRandom random_;
  std::uint64_t acknowledged_ = 0;
};

}  // namespace luy::evidence
