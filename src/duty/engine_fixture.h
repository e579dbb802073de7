// For tests of the engine: an inventory and an engine on a real database, in a town with two wards.
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/source_dir.h"
#include "duty/engine.h"
#include "inventory/fixture.h"
#include "regulation/load.h"

namespace luy::duty {

using namespace std::chrono_literals;
using inventory::World;

class EngineTest : public testing::Test {
 protected:
  EngineTest() : pack_(*regulation::load_pack(source_dir() + "/regulation/4448-2017")) {
    agencies_ = {
        {w.town, std::nullopt, "UBND thị xã"}, {w.ward, w.town, "Phường A"}, {w.other_ward, w.town, "Phường B"}};
    open();
  }

  // Also a restart of the hub.
  void open() {
    engine_.reset();
    std::vector<records::Migration> tables(inventory::migrations().begin(), inventory::migrations().end());
    tables.insert(tables.end(), migrations().begin(), migrations().end());
    w.open(tables);
    w.changes.clear();
    engine_ = std::move(*Engine::open(dependencies(), agencies_, accounts_));
    told_.clear();
  }
  Dependencies dependencies() {
    Dependencies out{
        *w.database,
        w.clock,
        *w.inventory,
        pack_,
        Calendar(),
        [this](const DeviceId& device, Day day) -> Result<std::optional<DayCoverage>> {
          const auto found = coverage_.find({device, day});
          if (found == coverage_.end()) return std::optional<DayCoverage>();
          return std::optional(found->second);
        },
        [this](std::span<const VerdictChange> changes) { told_.insert(told_.end(), changes.begin(), changes.end()); }};
    out.detections = [this](const AgencyId&) { return detections_; };
    out.account_owner = [this](const DeviceId& device, const fact::Account& account) -> std::optional<AccountOwner> {
      const auto found = owners_.find({device, account.name});
      return found == owners_.end() ? std::nullopt : std::optional(found->second);
    };
    out.log_term = [this](const AgencyId& agency) {
      const auto found = log_terms_.find(agency);
      return found == log_terms_.end() ? LogTerm() : found->second;
    };
    return out;
  }

  // What the inventory told goes to the engine, as the hub does it.
  void deliver() {
    for (const auto& change : w.changes) ASSERT_TRUE(engine_->on_change(change));
    w.changes.clear();
  }
  DeviceId enrol(const std::string& name, const AgencyId& agency, const std::string& chassis = "server") {
    const DeviceId id = w.enrol(name, agency, chassis);
    deliver();
    return id;
  }
  void report(const DeviceId& device, fact::Body body) {
    w.report(device, std::move(body));
    deliver();
  }
  void seen(const DeviceId& device, std::uint64_t missing = 0) {
    DayCoverage& day = coverage_[{device, day_of(w.clock.now())}];
    ++day.records;
    day.logs = true;
    day.missing_batches += missing;
    w.inventory->seen(device, w.clock.now(), w.next_seq);
    ASSERT_TRUE(engine_->on_seen(device, missing));
  }
  void judge_row(const DeviceId& device) {
    inventory::TopicSet row;
    row.add(inventory::Topic::row);
    ASSERT_TRUE(engine_->on_change({{{device, row, {}}}, {}}));
  }
  State state(const std::string& obligation, const std::string& subject) {
    const auto verdict = engine_->find(obligation, subject);
    EXPECT_TRUE(verdict.has_value()) << obligation << ' ' << subject;
    return verdict ? verdict->state : State::unknown;
  }
  std::vector<Verdict> all() {
    Filter filter;
    filter.limit = engine_->size();
    return engine_->list(filter).verdicts;
  }

  World w;
  regulation::Pack pack_;
  std::vector<AgencyInfo> agencies_;
  std::vector<ProductAccount> accounts_;
  std::map<std::pair<DeviceId, Day>, DayCoverage> coverage_;
  Detections detections_;
  std::map<AgencyId, LogTerm> log_terms_;
  std::map<std::pair<DeviceId, std::string>, AccountOwner> owners_;
  std::unique_ptr<Engine> engine_;
  std::vector<VerdictChange> told_;
};

inline fact::Antivirus antivirus(bool running, Time signatures) {
  return {{{"ClamAV", "1.0.7", running, signatures, std::nullopt, std::nullopt}}};
}

}  // namespace luy::duty
