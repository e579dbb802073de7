// Turns random bits of a closed day over, one at a time: each must be noticed, and what is not hit stays readable.
//   evidence_flips FOLDER [FLIPS] [SEED]
#include <cstdlib>
#include <iostream>

#include "evidence/flip_rig.h"

int main(int count, char** arguments) {
  if (count < 2) {
    std::cerr << "evidence_flips FOLDER [FLIPS] [SEED]\n";
    return 2;
  }
  const std::uint64_t flips = count > 2 ? std::strtoull(arguments[2], nullptr, 10) : 10'000;
  const std::uint64_t seed = count > 3 ? std::strtoull(arguments[3], nullptr, 10) : 1;
  luy::evidence::FlipRig rig(arguments[1], seed);
  const auto found = rig.run(flips);
  std::cout << "flips " << found.flips << "\nunnoticed " << found.unnoticed << "\nunnoticed_without_digest "
            << found.unnoticed_undigested << "\nwrong " << found.wrong << "\nlost_days " << found.lost_days
            << "\nlost_records " << found.lost_records << '\n';
  if (!found.what.empty()) std::cout << found.what << '\n';
  return found.unnoticed == 0 && found.wrong == 0 ? 0 : 1;
}
