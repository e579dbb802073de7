// Answers to a question, counted: over time and by value. Bounded in memory. Pure, but for ask().
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <map>
#include <stop_token>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/result.h"
#include "evidence/query.h"
#include "evidence/question.h"

namespace luy::evidence {

// Records per interval, as Counts are (evidence/query.h). `bucket` at least one second.
class TimeTally {
 public:
  explicit TimeTally(Duration bucket) : bucket_(bucket) {}
  // Errors: query_invalid beyond count_buckets_max intervals.
  Result<void> add(Time time);
  Counts counts() const;

 private:
  Duration bucket_;
  std::map<Time, std::uint64_t> buckets_;
};

// The values that a record has of a field: by a name as in the search language; "source" is the record's source.
class FieldValues {
 public:
  explicit FieldValues(std::string_view field);
  std::vector<std::string> of(const Record& record) const;

 private:
  std::vector<std::string> fields_;
};

inline constexpr std::size_t tally_values_max = 100'000;

// The most frequent values of a field. Beyond tally_values_max different ones new values are only counted as `others`,
// and complete() says so.
class ValueTally {
 public:
  explicit ValueTally(std::string_view field) : field_(field) {}
  void add(const Record& record);

  struct Row {
    std::string value;
    std::uint64_t count = 0;
  };
  std::vector<Row> top(std::size_t n) const;          // Most frequent first, then by value.
  std::uint64_t without() const { return without_; }  // Records that have no such field.
  std::uint64_t others() const { return others_; }
  bool complete() const { return others_ == 0; }

 private:
  void count(std::string value);
  FieldValues field_;
  std::unordered_map<std::string, std::uint64_t> values_;
  std::uint64_t without_ = 0;
  std::uint64_t others_ = 0;
};

// Runs a question over a Store or an Archive: `visit` gets each answer, newest first. `query` brings range, sources,
// limit and paging. Errors: query_invalid, store_corrupt.
template <class Source>
Result<SearchStats> ask(const Source& source, const Question& question, SearchQuery query, std::stop_token cancel,
                        const std::function<Visit(const Record&)>& visit) {
  question.narrow(query);
  return source.search(query, std::move(cancel),
                       [&](const Record& record) { return question.matches(record) ? visit(record) : Visit::skip; });
}

}  // namespace luy::evidence
