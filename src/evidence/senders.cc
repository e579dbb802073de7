#include "evidence/senders.h"

#include <algorithm>
#include <limits>

#include "evidence/error.h"

namespace luy::evidence {
namespace {

constexpr std::uint64_t number_max = std::numeric_limits<std::int64_t>::max();

// Takes `number` out of the ranges; false when it is in none.
bool fill(std::vector<NumberRange>& missing, std::uint64_t number) {
  const auto at =
      std::ranges::find_if(missing, [&](const NumberRange& r) { return r.first <= number && number <= r.last; });
  if (at == missing.end()) return false;
  const NumberRange range = *at;
  auto next = missing.erase(at);
  if (range.last > number) next = missing.insert(next, {number + 1, range.last});
  if (range.first < number) missing.insert(next, {range.first, number - 1});
  return true;
}

}  // namespace

Senders::Senders(std::vector<SpoolRow> rows) {
  for (SpoolRow& row : rows) {
    Key key(row.sender, row.spool_id);
    spools_.insert_or_assign(std::move(key), std::move(row));
  }
}

Result<Admission> Senders::admit(const BatchKey& key, Time now) {
  if (key.sender.empty() || key.sender.size() > sender_bytes_max) return Error(record_invalid, "sender");
  if (key.number == 0 || key.number > number_max) {
    return Error(record_invalid, key.sender + ": batch number " + std::to_string(key.number));
  }
  const Key at(key.sender, key.spool_id);
  auto found = spools_.find(at);
  if (found == spools_.end()) {
    make_room(key.sender);
    found = spools_.emplace(at, SpoolRow{key.sender, key.spool_id, 0, now, {}}).first;
  }
  SpoolRow& spool = found->second;
  Admission out;
  if (key.number > spool.number) {
    if (key.number > spool.number + 1) {
      out.skipped = {spool.number + 1, key.number - 1};
      spool.missing.push_back(out.skipped);
    }
    spool.number = key.number;
  } else {
    out.late = fill(spool.missing, key.number);
    out.duplicate = !out.late;
  }
  if (spool.missing.size() > missing_ranges_max) spool.missing.erase(spool.missing.begin());
  if (!out.duplicate) {
    spool.seen = now;
    changed_.insert(at);
    removed_.erase(at);
  }
  return out;
}

void Senders::make_room(const std::string& sender) {
  const auto first = spools_.lower_bound({sender, 0});
  std::size_t count = 0;
  auto oldest = first;
  for (auto at = first; at != spools_.end() && at->first.first == sender; ++at, ++count) {
    if (at->second.seen < oldest->second.seen) oldest = at;
  }
  if (count < spools_per_sender_max) return;
  changed_.erase(oldest->first);
  removed_.insert(oldest->first);
  spools_.erase(oldest);
}

Senders::Changes Senders::take_changes() {
  Changes out;
  for (const Key& key : changed_) out.put.push_back(spools_.at(key));
  out.removed.assign(removed_.begin(), removed_.end());
  changed_.clear();
  removed_.clear();
  return out;
}

std::vector<SpoolRow> Senders::all() const {
  std::vector<SpoolRow> out;
  out.reserve(spools_.size());
  for (const auto& [key, row] : spools_) out.push_back(row);
  return out;
}

}  // namespace luy::evidence
