// Searching and counting: newest day first, newest block first, what a block's head, sources and filter exclude is
// never decompressed.
#include <algorithm>
#include <functional>
#include <map>

#include "evidence/archive.h"
#include "evidence/error.h"
#include "evidence/matcher.h"

namespace luy::evidence {
namespace {

struct Walk {
  Matcher matcher;
  const std::function<bool()>& enough;
  std::uint64_t before = 0;  // Only seqs below.
  SearchStats stats{};
  Segment segment{};  // The one at hand; its memory serves all.
};

// Handles a segment without its body; true when that was enough.
using OnRow = std::function<Result<bool>(DayReader&, const SegmentRow&, const std::vector<std::string>& sources)>;
// Handles the matching seqs of a decoded segment, ascending; false ends the walk.
using OnMatches = std::function<bool(const Segment&, const std::vector<std::uint64_t>&)>;

void add_damage(Damage& to, Day day, std::uint64_t first, std::uint64_t end) {
  if (first == end) return;
  to.records += end - first;
  if (!to.ranges.empty() && to.ranges.back().day == day && to.ranges.back().first_seq == end) {
    to.ranges.back().first_seq = first;
    to.ranges.back().count += end - first;
  } else if (to.ranges.size() < damaged_ranges_max) {
    to.ranges.push_back({day, first, end - first});
  }
}

// Where to go on below the record that cannot be read: the begin of its block, or the end of the one before a gap.
std::uint64_t begin_of_damage(const Archive& archive, const std::shared_ptr<ArchiveDay>& day, std::uint64_t seq) {
  const std::uint64_t lowest = day->first_seq;
  const auto reader = Lease::take(archive, day);
  if (!reader) return lowest;
  const auto begin = (*reader)->begin_at(seq);
  if (!begin || !*begin) return lowest;
  const auto row = (*reader)->head_at(seq);
  const bool before_a_gap = row && *row && (*row)->head.first_seq + (*row)->head.count <= seq;
  return std::max(before_a_gap ? (*row)->head.first_seq + (*row)->head.count : **begin, lowest);
}

// As a segment that may hold anything of the day.
SegmentHead head_of(Day day) {
  SegmentHead out;
  out.received_first = day_begin(day);
  out.received_last = day_begin(day + std::chrono::days(1)) - Duration(1);
  return out;
}

struct Step {
  std::uint64_t first = 0;  // Where the segment begins: the walk goes on below it.
  bool past_range = false;  // Everything older is older than the query.
  bool loaded = false;      // Whether walk.segment is to be looked at.
};

// One segment: the one that holds the seq before walk.before. The connection is given back before any caller's code
// runs.
Result<Step> take_step(const Archive& archive, const std::shared_ptr<ArchiveDay>& day, Walk& walk,
                       const OnRow& on_row) {
  LUY_TRY(const Lease reader, Lease::take(archive, day));
  LUY_TRY(auto row, reader->head_at(walk.before - 1));
  if (!row || row->head.first_seq + row->head.count < walk.before) {
    return Error(store_corrupt, day->file.string() + ": record " + std::to_string(walk.before - 1) + " is absent");
  }
  Step step{row->head.first_seq, walk.matcher.before_range(row->head), false};
  if (step.past_range) return step;
  ++walk.stats.blocks_skipped;
  if (!walk.matcher.time_overlaps(row->head)) return step;
  const auto may_have = reader->may_have(*row, walk.matcher.filter_tokens(row->head.kind));
  if (!may_have && !is_damage(may_have.error())) return may_have.error();
  if (may_have && !*may_have) return step;  // A damaged filter excludes nothing.
  LUY_TRY(row, reader->segment_at(step.first));
  if (!row || row->head.first_seq != step.first) return Error(store_corrupt, day->file.string());
  LUY_TRY(const auto sources, decode_sources(row->head.sources));
  if (std::ranges::none_of(sources, [&](const auto& source) { return walk.matcher.source(source); })) return step;
  if (on_row) {
    const auto done = on_row(*reader, *row, sources);
    if (!done && !is_damage(done.error())) return done.error();
    if (done && *done) return step;
  }
  --walk.stats.blocks_skipped;
  ++walk.stats.blocks_read;
  LUY_TRY_VOID(reader->load(*row, walk.segment, walk.matcher.needle()));
  step.loaded = true;
  return step;
}

Result<void> walk_newest_first(const Archive& archive, Walk& walk, const std::stop_token& cancel, const OnRow& on_row,
                               const OnMatches& on_matches) {
  const auto days = archive.list();
  for (auto day = days.rbegin(); day != days.rend(); ++day) {
    walk.before = std::min(walk.before, (*day)->end_seq.load());
    while (walk.before > (*day)->first_seq) {
      if (cancel.stop_requested() || (walk.enough && walk.enough())) {
        walk.stats.complete = false;
        return {};
      }
      const auto taken = take_step(archive, *day, walk, on_row);
      if (!taken) {
        if (!is_damage(taken.error())) return taken.error();
        if (walk.matcher.before_range(head_of((*day)->day))) return {};
        const std::uint64_t first = begin_of_damage(archive, *day, walk.before - 1);
        if (walk.matcher.time_overlaps(head_of((*day)->day))) {
          add_damage(walk.stats.damaged, (*day)->day, first, walk.before);
        }
        walk.before = first;
        walk.stats.reached = first;
        continue;
      }
      const Step& step = *taken;
      if (step.past_range) return {};
      if (step.loaded) {
        const std::uint64_t end = std::min(walk.before, walk.segment.end_seq());
        if (!on_matches(walk.segment, walk.matcher.matches(walk.segment, step.first, end))) {
          walk.stats.complete = false;
          return {};
        }
      }
      walk.before = step.first;
      walk.stats.reached = step.first;
    }
  }
  return {};
}

Time bucket_of(Time time, Duration bucket) {
  const Duration local = time.time_since_epoch() + vietnam_offset;
  const auto n = local.count() / bucket.count() - (local.count() % bucket.count() < 0 ? 1 : 0);
  return Time(Duration(n * bucket.count()) - vietnam_offset);
}

}  // namespace

Result<SearchStats> Archive::search(const SearchQuery& query, std::stop_token cancel,
                                    const std::function<Visit(const Record&)>& visit) const {
  LUY_TRY(Matcher matcher, Matcher::compile(query));
  Walk walk{std::move(matcher), query.enough, query.before_seq.value_or(size())};
  walk.stats.reached = walk.before;
  std::size_t kept = 0;
  const auto deliver = [&](const Segment& segment, const std::vector<std::uint64_t>& seqs) {
    for (auto seq = seqs.rbegin(); seq != seqs.rend(); ++seq) {
      if (cancel.stop_requested()) return false;
      ++walk.stats.records_read;
      const Visit answer = visit(to_record(segment.at(*seq)));
      if (answer == Visit::stop) return false;
      walk.stats.reached = *seq;
      if (answer == Visit::keep && ++kept >= query.limit) return false;
    }
    return true;
  };
  LUY_TRY_VOID(walk_newest_first(*this, walk, cancel, nullptr, deliver));
  return walk.stats;
}

Result<Counts> Archive::counts(const SearchQuery& query, Duration bucket, std::stop_token cancel) const {
  if (bucket < std::chrono::seconds(1)) return Error(query_invalid, "interval below one second");
  LUY_TRY(Matcher matcher, Matcher::compile(query));
  Walk walk{std::move(matcher), query.enough, query.before_seq.value_or(size())};
  std::map<Time, std::uint64_t> buckets;
  const auto add = [&](Time time, std::uint64_t count) { buckets[bucket_of(time, bucket)] += count; };
  // A block whose records all match is counted by its histogram, if that is fine enough.
  const auto by_histogram = [&](DayReader& reader, const SegmentRow& row,
                                const std::vector<std::string>& sources) -> Result<bool> {
    if (row.in_tail || walk.matcher.needs_text() || !walk.matcher.within_range(row.head)) return false;
    if (row.head.first_seq + row.head.count > walk.before) return false;
    LUY_TRY(const std::string bytes, reader.histogram(row));
    LUY_TRY(const Histogram histogram, decode_histogram(bytes, sources.size()));
    if (bucket % histogram.resolution != Duration::zero()) return false;
    std::uint64_t all = 0;
    for (const HistogramEntry& entry : histogram.entries) all += entry.count;
    if (all != row.head.count) return false;  // It is damaged; the records themselves are counted.
    const std::vector<bool> allowed = walk.matcher.sources(sources);
    for (const HistogramEntry& entry : histogram.entries) {
      if (allowed[entry.source]) add(entry.begin, entry.count);
    }
    return true;
  };
  const auto one_by_one = [&](const Segment& segment, const std::vector<std::uint64_t>& seqs) {
    for (const std::uint64_t seq : seqs) add(segment.at(seq).received, 1);
    return buckets.size() <= count_buckets_max;
  };
  LUY_TRY_VOID(walk_newest_first(*this, walk, cancel, by_histogram, one_by_one));
  if (buckets.size() > count_buckets_max) return Error(query_invalid, "more than 10,000 intervals");
  Counts out;
  out.complete = walk.stats.complete;
  out.damaged = walk.stats.damaged;
  for (const auto& [begin, count] : buckets) {
    out.buckets.push_back({begin, count});
    out.total += count;
  }
  return out;
}

}  // namespace luy::evidence
