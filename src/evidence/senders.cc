#include "evidence/senders.h"

#include <algorithm>
#include <limits>
#include <optional>
#include <utility>

#include "base/hash.h"
#include "evidence/error.h"

namespace luy::evidence {
namespace {

constexpr std::uint64_t number_max = std::numeric_limits<std::int64_t>::max();

// Takes `number` out of the ranges; nullopt when it is in none, else since when it was.
std::optional<Day> fill(std::vector<NumberRange>& missing, std::uint64_t number) {
  const auto at =
      std::ranges::find_if(missing, [&](const NumberRange& r) { return r.first <= number && number <= r.last; });
  if (at == missing.end()) return std::nullopt;
  const NumberRange range = *at;
  auto next = missing.erase(at);
  if (range.last > number) next = missing.insert(next, {number + 1, range.last, range.day});
  if (range.first < number) missing.insert(next, {range.first, number - 1, range.day});
  return range.day;
}

// The count of a day that is over stands in a closed file; what came since is counted beside it.
void count_late(std::vector<LateBatches>& late, Day day) {
  const auto at = std::ranges::find(late, day, &LateBatches::day);
  if (at != late.end()) {
    ++at->count;
    return;
  }
  late.push_back({day, 1});
  if (late.size() > late_days_max) late.erase(late.begin());
}

void keep_digest(SpoolRow& spool, std::uint64_t number, const BatchDigest& digest) {
  spool.digests.push_back({number, digest});
  if (spool.digests.size() > digests_per_spool_max) spool.digests.erase(spool.digests.begin());
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
    found = spools_.emplace(at, SpoolRow{key.sender, key.spool_id, 0, now, {}, {}, {}}).first;
  }
  SpoolRow& spool = found->second;
  Admission out;
  if (key.number > spool.number) {
    if (key.number > spool.number + 1) {
      out.skipped = {spool.number + 1, key.number - 1, day_of(now)};
      spool.missing.push_back(out.skipped);
    }
    spool.number = key.number;
  } else if (const auto since = fill(spool.missing, key.number)) {
    out.late = true;
    out.missing_since = *since;
    if (*since != day_of(now)) count_late(spool.late, *since);
  } else {
    const auto known = std::ranges::find(spool.digests, key.number, &NumberedDigest::number);
    out.conflict = key.digest && (known == spool.digests.end() || known->digest != *key.digest);
    out.duplicate = !out.conflict;
  }
  if (out.conflict) {
    std::uint64_t& told = conflicts_[at];
    out.conflict_new = std::exchange(told, key.number) != key.number;
    return out;
  }
  if (spool.missing.size() > missing_ranges_max) spool.missing.erase(spool.missing.begin());
  if (!out.duplicate) {
    if (key.digest) keep_digest(spool, key.number, *key.digest);
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
  conflicts_.erase(oldest->first);
  spools_.erase(oldest);
}

BatchDigest Senders::digest_of(std::string_view bytes) {
  const Hash whole = sha256(bytes);
  BatchDigest out{};
  std::copy_n(whole.begin(), out.size(), out.begin());
  return out;
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
