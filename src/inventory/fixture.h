// For tests: an inventory over a database in a folder of its own, a small tree of agencies, and facts to feed it.
#pragma once

#include <stdlib.h>

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/random.h"
#include "inventory/inventory.h"
#include "records/database.h"

namespace luy::inventory {

class TestFolder {
 public:
  TestFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "luy-test-XXXXXX").string();
    LUY_CHECK(mkdtemp(name.data()) != nullptr);
    path_ = name;
  }
  ~TestFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TestFolder(const TestFolder&) = delete;
  TestFolder& operator=(const TestFolder&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

inline Time test_start() {
  return *from_rfc3339("2026-11-23T03:00:00Z");  // A Monday, 10 o'clock in Vietnam.
}

// A town with two wards below it.
struct World {
  World() : World(test_start()) {}
  explicit World(Time start) : clock(start), random(7) {
    town = AgencyId::make(start, random);
    ward = AgencyId::make(start, random);
    other_ward = AgencyId::make(start, random);
    superior = {{ward, town}, {other_ward, town}};
  }

  std::vector<AgencyId> lineage(AgencyId agency) const {
    std::vector<AgencyId> out;
    for (auto at = superior.find(agency);; at = superior.find(agency)) {
      out.push_back(agency);
      if (at == superior.end()) return out;
      agency = at->second;
    }
  }

  // Opens the database and the inventory; again = a restart of the hub.
  void open(std::span<const records::Migration> tables = migrations()) {
    inventory.reset();
    database.reset();
    database = std::move(*records::open_sqlite(folder.path() / "records.db", tables));
    inventory = std::move(*Inventory::open({*database, clock, random, [this](const AgencyId& a) { return lineage(a); },
                                            [this](const Change& change) { changes.push_back(change); },
                                            [this](records::Connection&, const IdentityClaim& claim) -> Result<void> {
                                              claims.push_back(claim);
                                              return {};
                                            }}));
  }

  DeviceId enrol(const std::string& name, const AgencyId& agency, const std::string& chassis = "server") {
    fact::Identity identity;
    identity.key = std::string(64 - key_of(name).size(), '0') + key_of(name);
    identity.hostname = name;
    fact::Os os;
    os.id = "debian";
    os.pretty_name = "Debian GNU/Linux 12 (bookworm)";
    fact::Hardware hardware;
    hardware.chassis = chassis;
    return inventory->enrol(agency, identity, os, hardware)->device;
  }

  // Hands the fact in as the next evidence record, collected and received now.
  Change report(const DeviceId& device, fact::Body body) { return report_at(device, std::move(body), clock.now()); }
  Change report_at(const DeviceId& device, fact::Body body, Time collected_at) {
    const std::string json = fact::to_json({collected_at, "test", std::move(body)});
    const std::uint64_t seq = next_seq++;
    const ReceivedFact received{device, seq, clock.now(), json};
    return *inventory->apply({&received, 1}, next_seq);
  }

  static std::string key_of(const std::string& name) {
    std::string out;
    for (const char c : name) out += "0123456789abcdef"[static_cast<unsigned char>(c) % 16];
    return out;
  }

  static fact::Packages packages(const std::vector<std::pair<std::string, std::string>>& list) {
    fact::Packages out;
    out.manager = "dpkg";
    for (const auto& [name, version] : list) out.packages.push_back({name, version, "amd64", std::nullopt});
    return out;
  }

  TestFolder folder;
  FakeClock clock;
  SeededRandom random;
  AgencyId town;
  AgencyId ward;
  AgencyId other_ward;
  std::map<AgencyId, AgencyId> superior;
  std::unique_ptr<records::Database> database;
  std::unique_ptr<Inventory> inventory;
  std::vector<Change> changes;
  std::vector<IdentityClaim> claims;
  std::uint64_t next_seq = 100;
};

}  // namespace luy::inventory
