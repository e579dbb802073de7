// The verdict engine at the size of a province's town: 10,000 devices, the whole pack. Prints medians:
//   judge_one_fact    one fact of one device arrives: CPU time until its verdicts are right in memory and stored
//   judge_all         every verdict judged again
//   verdicts, rss     how many there are, and the memory of the whole process above that of an empty one
// CPU time of the calling thread, so that a busy machine does not lie; storing runs on the database's own thread.
#include <sys/resource.h>
#include <time.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "base/random.h"
#include "duty/engine.h"
#include "inventory/inventory.h"
#include "records/database.h"
#include "regulation/load.h"

namespace {

using namespace luy;

constexpr int agency_count = 40;
constexpr std::size_t devices_per_call = 100;

double cpu_seconds() {
  timespec t{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_nsec) / 1e9;
}

double rss_mebibytes() {
  std::ifstream statm("/proc/self/statm");
  double total = 0;
  double resident = 0;
  statm >> total >> resident;
  return resident * 4096 / (1 << 20);
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

void print(const char* name, double value, const char* unit) {
  std::printf("%s %.6g %s\n", name, value, unit);
}

// What one machine says of itself.
std::vector<fact::Body> facts_of(std::size_t machine, int packages, Time now) {
  std::vector<fact::Body> out;
  fact::Packages software;
  software.manager = "dpkg";
  for (int i = 0; i < packages; ++i) {
    software.packages.push_back({"package-" + std::to_string(i), "1." + std::to_string(machine % 3), "amd64", {}});
  }
  out.emplace_back(std::move(software));
  fact::Updates updates;
  updates.lists_present = true;
  updates.lists_date = now - days(1);
  out.emplace_back(std::move(updates));
  out.emplace_back(fact::Antivirus{{{"ClamAV", "1.0.7", true, now - days(2), now - days(3), 0}}});
  fact::Accounts accounts;
  accounts.shadow_readable = true;
  for (int i = 0; i < 30; ++i) {
    fact::Account account;
    account.name = "user" + std::to_string(i);
    account.can_log_in = i < 2;
    account.password = i < 2 ? "set" : "locked";
    account.hash_method = "yescrypt";
    account.password_changed_at = now - days(20);
    accounts.accounts.push_back(std::move(account));
  }
  out.emplace_back(std::move(accounts));
  out.emplace_back(fact::Disks{{{"/", "/dev/vda1", "ext4", 1 << 30, 1 << 29, true, false}}});
  fact::Interfaces network;
  network.interfaces = {{"eth0", "ethernet", "52:54:00:00:00:01", true, {"10.1.2.3/24"}}};
  network.routes = {{"0.0.0.0/0", "10.1.2.1", "eth0"}};
  out.emplace_back(std::move(network));
  out.emplace_back(fact::Domain{"active-directory", "ubnd.local"});
  out.emplace_back(fact::Shares{});
  out.emplace_back(fact::Wifi{});
  fact::Agent agent;
  agent.version = "0.1.0";
  agent.cpu_percent = 0.2;
  agent.rss_bytes = 12 << 20;
  agent.period_seconds = 600;
  out.emplace_back(std::move(agent));
  return out;
}

class Town {
 public:
  Town(const std::filesystem::path& folder, regulation::Pack pack, std::size_t machines, int packages)
      : pack_(std::move(pack)), clock_(*from_rfc3339("2026-11-23T03:00:00Z")), random_(1), packages_(packages) {
    for (int i = 0; i < agency_count; ++i) {
      agencies_.push_back({AgencyId::make(clock_.now(), random_),
                           i == 0 ? std::nullopt : std::optional(agencies_.front().id), "Agency"});
    }
    std::vector<records::Migration> tables(inventory::migrations().begin(), inventory::migrations().end());
    tables.insert(tables.end(), duty::migrations().begin(), duty::migrations().end());
    database_ = std::move(*records::open_sqlite(folder / "records.db", tables));
    inventory_ = std::move(*inventory::Inventory::open(
        {*database_, clock_, random_, [this](const AgencyId& id) { return lineage(id); }, {}}));
    for (std::size_t i = 0; i < machines; i += devices_per_call) enrol(i, std::min(devices_per_call, machines - i));
    engine_ = std::move(*duty::Engine::open({*database_,
                                             clock_,
                                             *inventory_,
                                             pack_,
                                             duty::Calendar(),
                                             [](const DeviceId&, Day) -> Result<std::optional<duty::DayCoverage>> {
                                               return std::optional(duty::DayCoverage{.records = 1000, .logs = true});
                                             },
                                             {}},
                                            agencies_, {}));
  }

  duty::Engine& engine() { return *engine_; }

  // The antivirus stops or starts again: two duties turn.
  double one_fact() {
    clock_.advance(std::chrono::seconds(1));
    const DeviceId& device = devices_[next_ * 7919 % devices_.size()];
    const bool running = ++next_ % 2 == 0;
    const std::string json = fact::to_json(
        {clock_.now(), "bench", fact::Antivirus{{{"ClamAV", "1.0.7", running, clock_.now(), clock_.now(), 0}}}});
    const inventory::ReceivedFact received{device, seq_++, clock_.now(), json};
    const auto change = inventory_->apply({&received, 1}, seq_);
    const double start = cpu_seconds();
    engine_->on_change(*change).value();
    return cpu_seconds() - start;
  }

  double everything() {
    clock_.advance(std::chrono::seconds(1));
    const double start = cpu_seconds();
    engine_->judge_all().value();
    return cpu_seconds() - start;
  }

 private:
  std::vector<AgencyId> lineage(const AgencyId& id) const {
    if (id == agencies_.front().id) return {id};
    return {id, agencies_.front().id};
  }

  void enrol(std::size_t first, std::size_t count) {
    std::vector<std::string> texts;
    std::vector<inventory::ReceivedFact> facts;
    std::vector<DeviceId> owners;
    for (std::size_t i = first; i < first + count; ++i) {
      fact::Identity identity;
      char key[65];
      std::snprintf(key, sizeof key, "%064zx", i);
      identity.key = key;
      identity.hostname = "may-" + std::to_string(i);
      fact::Os os;
      os.id = "debian";
      fact::Hardware hardware;
      hardware.chassis = i % 4 == 0 ? "server" : "desktop";
      const DeviceId device = inventory_->enrol(agencies_[i % agencies_.size()].id, identity, os, hardware)->device;
      devices_.push_back(device);
      for (fact::Body& body : facts_of(i, packages_, clock_.now())) {
        texts.push_back(fact::to_json({clock_.now(), "bench", std::move(body)}));
        owners.push_back(device);
      }
      inventory_->seen(device, clock_.now(), seq_);
    }
    for (std::size_t i = 0; i < texts.size(); ++i) facts.push_back({owners[i], seq_++, clock_.now(), texts[i]});
    inventory_->apply(facts, seq_).value();
  }

  regulation::Pack pack_;
  FakeClock clock_;
  SeededRandom random_;
  int packages_;
  std::vector<duty::AgencyInfo> agencies_;
  std::unique_ptr<records::Database> database_;
  std::unique_ptr<inventory::Inventory> inventory_;
  std::unique_ptr<duty::Engine> engine_;
  std::vector<DeviceId> devices_;
  std::uint64_t seq_ = 1;
  std::size_t next_ = 0;
};

void measure(const std::filesystem::path& folder, regulation::Pack pack, std::size_t machines, int packages) {
  const double empty = rss_mebibytes();
  Town town(folder, std::move(pack), machines, packages);
  std::vector<double> one;
  for (int i = 0; i < 301; ++i) one.push_back(town.one_fact());
  std::vector<double> all;
  for (int i = 0; i < 5; ++i) all.push_back(town.everything());
  print("judge_one_fact", median(one) * 1e3, "ms");
  print("judge_all", median(all) * 1e3, "ms");
  print("verdicts", static_cast<double>(town.engine().size()), "verdicts");
  print("rss", rss_mebibytes() - empty, "MiB");
}

}  // namespace

// duty_bench FOLDER [DEVICES] [PACKAGES]: works in a folder of its own below FOLDER. The pack is the one of the tree in
// which the program was built (build/<preset>/bin).
int main(int argc, char** argv) {
  if (argc < 2) {
    std::fprintf(stderr, "usage: duty_bench FOLDER [DEVICES] [PACKAGES]\n");
    return 2;
  }
  const auto machines = static_cast<std::size_t>(argc > 2 ? std::atol(argv[2]) : 10'000);
  const int packages = argc > 3 ? std::atoi(argv[3]) : 300;
  const auto program = std::filesystem::canonical("/proc/self/exe");
  auto pack = regulation::load_pack(program.parent_path() / "../../../regulation/4448-2017");
  if (!pack) {
    std::fprintf(stderr, "%s\n", pack.error().text().c_str());
    return 1;
  }
  std::string folder = std::string(argv[1]) + "/duty-XXXXXX";
  if (mkdtemp(folder.data()) == nullptr) {
    std::perror(folder.c_str());
    return 1;
  }
  measure(folder, std::move(*pack), machines, packages);
  std::filesystem::remove_all(folder);
  return 0;
}
