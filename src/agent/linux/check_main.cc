// luy-agent-check: runs the hardening checks once, writes one fact as a line of JSON and ends. Reads only.
#include <cstdio>
#include <cstring>
#include <string>

#include "base/clock.h"
#include "fact/fact.h"
#include "hardening/judge.h"
#include "hardening/load.h"
#include "hardening/machine_source.h"

int main(int argc, char** argv) {
  std::string root = "/";
  if (argc == 3 && std::strcmp(argv[1], "--root") == 0) {
    root = argv[2];
  } else if (argc != 1) {
    std::fprintf(stderr, "usage: luy-agent-check [--root DIR]\n");
    return 2;
  }
  const luy::SystemClock clock;
  const luy::hardening::MachineSource source(root);
  const luy::fact::Fact fact{clock.now(), "luy-agent-check",
                             luy::hardening::run_checks(luy::hardening::builtin_checks(), source, clock.now())};
  std::printf("%s\n", luy::fact::to_json(fact).c_str());
  return std::fflush(stdout) == 0 ? 0 : 1;
}
