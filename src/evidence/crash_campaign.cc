// kill -9 against the evidence store, as often as wanted:
//   evidence_crash_campaign FOLDER CYCLES [SEED]
// FOLDER must exist and be empty. Prints what was found; exits 1 if anything acknowledged is lost or doubled.
#include <cstdlib>
#include <iostream>

#include "evidence/crash_rig.h"

int main(int count, char** arguments) {
  if (count < 3) {
    std::cerr << "evidence_crash_campaign FOLDER CYCLES [SEED]\n";
    return 2;
  }
  const long cycles = std::atol(arguments[2]);
  const unsigned long seed = count > 3 ? std::strtoul(arguments[3], nullptr, 10) : 1;
  luy::evidence::CrashRig rig(arguments[1], seed);
  for (long i = 1; i <= cycles; ++i) {
    rig.cycle(std::chrono::milliseconds(400));
    const auto found = rig.check();
    if (found.lost + found.duplicated + found.damaged > 0) {
      std::cerr << "cycle " << i << ": lost " << found.lost << ", duplicated " << found.duplicated << ", damaged "
                << found.damaged << "\n"
                << found.what << "\n";
      return 1;
    }
    if (i % 100 == 0) std::cerr << i << " cycles, " << rig.acknowledged() << " batches acknowledged\n";
  }
  std::cout << "cycles " << cycles << " count\nacknowledged " << rig.acknowledged()
            << " batches\nlost 0 records\nduplicated 0 records\n";
  return 0;
}
