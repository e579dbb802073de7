// The two ends of the power-fail rig (tests/campaign/power_fail.py): fills a store on a file system whose block device
// keeps a log of its writes, and says what became of a store that was found after a cut.
//   evidence_power_fail fill FOLDER LOG ACKS BATCHES    FOLDER must be empty; to ACKS goes "<batch> <entries of LOG>"
//   evidence_power_fail check FOLDER BATCH              prints "lost N duplicated N damaged N"; exits 1 unless all are
//   0
// LOG is written by QEMU's blklogwrites in the format of Linux's dm-log-writes: its superblock begins with four
// little-endian numbers of 64, 64, 64 and 32 bits: magic, version, entries, sector size.
#include <fcntl.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <iostream>

#include "base/check.h"
#include "base/file.h"
#include "evidence/crash_rig.h"

namespace {

using luy::evidence::CrashRig;

std::uint64_t entries_of(int log) {
  std::uint64_t entries = 0;
  LUY_CHECK(::pread(log, &entries, sizeof entries, 16) == sizeof entries);
  return entries;
}

int fill(const std::filesystem::path& folder, const char* log_name, const char* acks_name, std::uint64_t batches) {
  const luy::UniqueFd log(::open(log_name, O_RDONLY | O_CLOEXEC));
  LUY_CHECK(log);
  CrashRig rig(folder, 1);
  ::sync();
  std::ofstream acks(acks_name);
  acks << "0 " << entries_of(log.get()) << '\n';
  rig.fill([&](std::uint64_t number) { acks << number << ' ' << entries_of(log.get()) << '\n'; }, batches);
  return acks.flush() ? 0 : 1;
}

int check(const std::filesystem::path& folder, std::uint64_t batch) {
  const CrashRig::Finding found = CrashRig::found(folder, batch).check();
  std::cout << "lost " << found.lost << " duplicated " << found.duplicated << " damaged " << found.damaged << '\n';
  std::cerr << found.what;
  return found.lost + found.duplicated + found.damaged == 0 ? 0 : 1;
}

}  // namespace

int main(int count, char** arguments) {
  const std::string_view what = count > 1 ? arguments[1] : "";
  if (what == "fill" && count == 6) {
    return fill(arguments[2], arguments[3], arguments[4], std::strtoull(arguments[5], nullptr, 10));
  }
  if (what == "check" && count == 4) return check(arguments[2], std::strtoull(arguments[3], nullptr, 10));
  std::cerr << "evidence_power_fail fill FOLDER LOG ACKS BATCHES | check FOLDER BATCH\n";
  return 2;
}
