// For tests: an evidence store in memory that can be made slow or full. The real one is tested in its own module.
#pragma once

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <string>
#include <vector>

#include "base/file.h"
#include "evidence/store.h"

namespace luy::hub {

class MemoryStore final : public evidence::Store {
 public:
  Result<std::vector<evidence::Appended>> append(std::span<const Batch> batches) override {
    std::unique_lock lock(mutex);
    changed.wait(lock, [&] { return !held; });
    ++calls;
    for (const Batch& batch : batches) {
      for (const evidence::NewRecord& record : batch.records) {
        if (record.raw == "bad") return Error(evidence::record_invalid, "bad");
      }
    }
    if (full) return Error(disk_full, "/data");
    std::vector<evidence::Appended> out;
    for (const Batch& batch : batches) {
      evidence::Appended one;
      one.first_seq = sources.size();
      one.count = batch.records.size();
      for (const evidence::NewRecord& record : batch.records) sources.emplace_back(record.source);
      out.push_back(one);
    }
    return out;
  }
  Result<evidence::Checkpoint> checkpoint() override { return Error(evidence::store_empty, ""); }
  std::optional<evidence::Checkpoint> last_checkpoint() const override { return std::nullopt; }
  Result<void> close_days_before(Day) override { return {}; }
  Result<std::size_t> delete_before(Day before, const HeldFrom& held_from) override {
    LUY_TRY(const auto kept_from, held_from ? held_from() : Result<std::optional<Day>>(std::nullopt));
    const std::lock_guard lock(mutex);
    deletions.push_back(kept_from ? std::min(before, *kept_from) : before);
    changed.notify_all();
    return std::size_t{0};
  }
  // The first day that the next deletion would have spared; waits for one.
  Day deleted_before() {
    std::unique_lock lock(mutex);
    changed.wait(lock, [&] { return !deletions.empty(); });
    return deletions.front();
  }
  std::uint64_t size() const override {
    const std::lock_guard lock(mutex);
    return sources.size() + records.size();
  }
  Result<evidence::Record> read(std::uint64_t) const override { return Error(evidence::record_unknown, ""); }
  Result<void> replay(std::uint64_t from, const std::function<bool(const evidence::Record&)>& visit) const override {
    std::vector<evidence::Record> present;
    {
      const std::lock_guard lock(mutex);
      present = records;
    }
    for (const evidence::Record& record : present) {
      if (record.seq >= from && !visit(record)) break;
    }
    return {};
  }
  Result<evidence::SearchStats> search(const evidence::SearchQuery&, std::stop_token,
                                       const std::function<evidence::Visit(const evidence::Record&)>&) const override {
    return evidence::SearchStats{};
  }
  Result<evidence::Counts> counts(const evidence::SearchQuery&, Duration, std::stop_token) const override {
    return evidence::Counts{};
  }
  Result<evidence::InclusionProof> prove(std::uint64_t) const override { return Error(evidence::record_unknown, ""); }
  Result<std::vector<Hash>> prove_consistency(std::uint64_t, std::uint64_t) const override {
    return Error(evidence::record_unknown, "");
  }
  Result<std::vector<evidence::StoredCheckpoint>> checkpoints(std::uint64_t, std::size_t) const override {
    return std::vector<evidence::StoredCheckpoint>{};
  }
  Result<std::vector<evidence::DayInfo>> days() const override { return std::vector<evidence::DayInfo>{}; }
  Result<std::optional<evidence::Coverage>> coverage(std::string_view, Day) const override {
    return std::optional<evidence::Coverage>();
  }

  void hold(bool on) {
    const std::lock_guard lock(mutex);
    held = on;
    changed.notify_all();
  }
  void add(evidence::Record record) {
    const std::lock_guard lock(mutex);
    records.push_back(std::move(record));
  }

  mutable std::mutex mutex;
  std::condition_variable changed;
  bool held = false;
  std::atomic<bool> full{false};
  std::atomic<int> calls{0};
  std::vector<Day> deletions;             // Days before which it was told to delete.
  std::vector<std::string> sources;       // Of what was appended.
  std::vector<evidence::Record> records;  // What replay() tells.
};

}  // namespace luy::hub
