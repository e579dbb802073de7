// What looking for indicators costs: events per second of processor time against 100, 10,000 and 200,000 indicators.
#include <ctime>
#include <iostream>

#include "base/random.h"
#include "event/parse.h"
#include "indicator/matcher.h"

namespace {

using namespace luy;
using namespace luy::indicator;

double cpu_seconds() {
  return static_cast<double>(std::clock()) / CLOCKS_PER_SEC;
}

std::string address(SeededRandom& random) {
  const std::uint64_t n = random.next();
  return std::to_string(11 + n % 100) + "." + std::to_string((n >> 8U) % 256) + "." + std::to_string((n >> 16U) % 256) +
         "." + std::to_string(1 + (n >> 24U) % 250);
}

std::vector<Indicator> many(std::size_t count, SeededRandom& random) {
  std::vector<Indicator> out;
  for (std::size_t i = 0; i < count; ++i) {
    auto atom = i % 2 == 0 ? make_atom(Type::address, address(random))
                           : make_atom(Type::domain, "c2-" + std::to_string(random.next()) + ".example");
    out.push_back({atom.value(), {}, {}, std::nullopt});
  }
  return out;
}

}  // namespace

int main() {
  SeededRandom random(2026);
  std::vector<event::Event> events;
  for (int i = 0; i < 20'000; ++i) {
    const std::string line = "Nov 22 10:00:00 maychu sshd[" + std::to_string(i) +
                             "]: Failed password for invalid user nv" + std::to_string(i) + " from " + address(random) +
                             " port " + std::to_string(1024 + i) + " ssh2";
    events.push_back(event::parse(event::Transport::file, "/var/log/auth.log", line, {Time{}}));
  }
  for (const std::size_t count : {std::size_t{100}, std::size_t{10'000}, std::size_t{200'000}}) {
    const Matcher matcher(many(count, random));
    const double begun = cpu_seconds();
    std::size_t hits = 0;
    int rounds = 0;
    while (cpu_seconds() - begun < 1) {
      for (const event::Event& one : events) hits += matcher.match(one, Time{}).size();
      ++rounds;
    }
    const double spent = cpu_seconds() - begun;
    std::cout << "indicators_" << count << " " << static_cast<double>(events.size()) * rounds / spent << " events/s\n";
    if (hits == 12345) std::cout << "";  // The work is not thrown away.
  }
}
