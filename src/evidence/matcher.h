// A search query compiled for testing sources, token filters and records. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "evidence/query.h"
#include "evidence/segment.h"
#include "evidence/token.h"

namespace luy::evidence {

class Matcher {
 public:
  // Errors: query_invalid (empty or over-long words, too many, an empty time range, limit 0).
  static Result<Matcher> compile(const SearchQuery& query);

  bool source(std::string_view source) const;
  // Whether any record of a segment may match, as far as its head tells.
  bool time_overlaps(const SegmentHead& head) const;
  bool before_range(const SegmentHead& head) const { return from_ && head.received_last < *from_; }
  bool within_range(const SegmentHead& head) const;
  // One flag per source of the list.
  std::vector<bool> sources(const std::vector<std::string>& list) const;

  // What a record must hold that matches; nullptr where nothing can be said.
  const Needle* needle() const { return needle_.run.empty() ? nullptr : &needle_; }
  bool needs_text() const { return !needles_.empty() || !folded_.empty(); }
  // All must be in the filter of a block of this kind.
  const std::vector<std::uint64_t>& filter_tokens(int kind) const {
    return kind >= segment_kind_columns ? all_tokens_ : exact_tokens_;
  }

  // Seqs of matching records in [first, end), ascending.
  std::vector<std::uint64_t> matches(const Segment& segment, std::uint64_t first, std::uint64_t end);

 private:
  void choose_needle();
  bool record(const RecordView& record);
  bool folded(std::string_view raw);
  bool in_time(Time received) const { return (!from_ || received >= *from_) && (!until_ || received < *until_); }

  std::optional<Time> from_;
  std::optional<Time> until_;
  std::string source_prefix_;
  std::vector<std::string> source_prefixes_;
  std::vector<std::string> needles_;   // Lower case; the longest, which is likely the rarest, first.
  Needle needle_;                      // The longest run of them; empty: there is none.
  std::vector<std::string> folded_;    // Likewise; to be looked for in folded bytes.
  std::vector<std::uint64_t> tokens_;  // Of the words.
  std::vector<std::uint64_t> folded_tokens_;
  std::vector<std::uint64_t> exact_tokens_;  // Those that stand in every filter.
  std::vector<std::uint64_t> all_tokens_;    // Those that stand in filters with folded tokens.
  Tokenizer tokenizer_;
  TokenSet scratch_;
};

}  // namespace luy::evidence
