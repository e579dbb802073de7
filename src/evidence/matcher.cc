#include "evidence/matcher.h"

#include <algorithm>

#include "base/vietnamese.h"
#include "evidence/error.h"

namespace luy::evidence {

Result<Matcher> Matcher::compile(const SearchQuery& query) {
  Matcher out;
  if (query.words.size() + query.substrings.size() + query.folded_words.size() > query_words_max)
    return Error(query_invalid, "words");
  if (query.from && query.until && *query.from >= *query.until) return Error(query_invalid, "from >= until");
  if (query.limit == 0) return Error(query_invalid, "limit 0");
  for (const auto* list : {&query.words, &query.substrings}) {
    for (const std::string& word : *list) {
      if (word.empty() || word.size() > query_word_bytes_max) return Error(query_invalid, "word length");
      out.needles_.push_back(ascii_lower(word));
      if (list == &query.words) out.tokenizer_.add_tokens(word, out.scratch_);
    }
  }
  out.tokens_ = out.scratch_.values();
  out.exact_tokens_ = out.tokens_;
  out.all_tokens_ = out.tokens_;
  for (const std::string& word : query.folded_words) {
    if (word.empty() || word.size() > query_word_bytes_max) return Error(query_invalid, "word length");
    out.folded_.push_back(word);
    out.scratch_.clear();
    out.tokenizer_.add_tokens(word, out.scratch_);
    const auto& tokens = out.scratch_.values();
    out.folded_tokens_.insert(out.folded_tokens_.end(), tokens.begin(), tokens.end());
    // What holds no letter has one spelling.
    const bool letters = std::ranges::any_of(word, [](char c) { return is_word_byte(c) && !(c >= '0' && c <= '9'); });
    if (!letters) out.exact_tokens_.insert(out.exact_tokens_.end(), tokens.begin(), tokens.end());
  }
  out.all_tokens_.insert(out.all_tokens_.end(), out.folded_tokens_.begin(), out.folded_tokens_.end());
  const auto by_length = [](const auto& a, const auto& b) { return a.size() > b.size(); };
  std::ranges::stable_sort(out.needles_, by_length);
  std::ranges::stable_sort(out.folded_, by_length);
  out.choose_needle();
  out.from_ = query.from;
  out.until_ = query.until;
  out.source_prefix_ = query.source_prefix;
  out.source_prefixes_ = query.source_prefixes;
  return out;
}

// A run within what is looked for lies within a run of each record that has it.
void Matcher::choose_needle() {
  for (const auto* list : {&needles_, &folded_}) {
    for (const std::string& text : *list) {
      for (std::size_t begin = 0; begin < text.size();) {
        std::size_t end = begin;
        while (end < text.size() && (is_word_byte(text[end]) || is_joiner_byte(text[end]))) ++end;
        if (end - begin > needle_.run.size()) needle_ = {text.substr(begin, end - begin), list == &folded_};
        begin = end + 1;
      }
    }
  }
}

bool Matcher::source(std::string_view source) const {
  if (!source.starts_with(source_prefix_)) return false;
  return source_prefixes_.empty() ||
         std::ranges::any_of(source_prefixes_, [&](const std::string& prefix) { return source.starts_with(prefix); });
}

bool Matcher::time_overlaps(const SegmentHead& head) const {
  return (!from_ || head.received_last >= *from_) && (!until_ || head.received_first < *until_);
}

bool Matcher::within_range(const SegmentHead& head) const {
  return in_time(head.received_first) && in_time(head.received_last);
}

std::vector<bool> Matcher::sources(const std::vector<std::string>& list) const {
  std::vector<bool> out;
  out.reserve(list.size());
  for (const std::string& entry : list) out.push_back(source(entry));
  return out;
}

bool Matcher::record(const RecordView& record) {
  if (!in_time(record.received)) return false;
  for (const std::string& needle : needles_) {
    if (find_ignoring_case(record.raw, needle) == std::string_view::npos) return false;
  }
  if (!folded(record.raw)) return false;
  if (tokens_.empty()) return true;
  scratch_.clear();
  tokenizer_.add_tokens(record.raw, scratch_);
  return std::ranges::all_of(tokens_, [&](std::uint64_t token) { return scratch_.has(token); });
}

bool Matcher::folded(std::string_view raw) {
  if (folded_.empty()) return true;
  std::string folded;
  if (find_other_than_ascii(raw, 0) < raw.size()) {
    folded = fold_vietnamese(raw);
    raw = folded;
  }
  for (const std::string& word : folded_) {
    if (find_ignoring_case(raw, word) == std::string_view::npos) return false;
  }
  if (folded_tokens_.empty()) return true;
  scratch_.clear();
  tokenizer_.add_tokens(raw, scratch_);
  return std::ranges::all_of(folded_tokens_, [&](std::uint64_t token) { return scratch_.has(token); });
}

std::vector<std::uint64_t> Matcher::matches(const Segment& segment, std::uint64_t first, std::uint64_t end) {
  std::vector<std::uint64_t> out;
  const std::vector<bool> allowed = sources(segment.sources());
  if (std::ranges::find(allowed, true) == allowed.end()) return out;
  const std::string_view all = segment.all_raw();
  // Among nothing but ASCII a folded word is found as it is.
  const std::string* needle = needles_.empty() ? nullptr : &needles_.front();
  if (needle == nullptr && !folded_.empty() && find_other_than_ascii(all, 0) == all.size()) needle = &folded_.front();
  const auto may_be = [&](std::uint64_t seq) { return allowed[segment.source_at(seq)] && !segment.is_withheld(seq); };
  if (needle == nullptr) {
    for (std::uint64_t seq = first; seq < end; ++seq) {
      if (may_be(seq) && record(segment.at(seq))) out.push_back(seq);
    }
    return out;
  }
  // The bytes of all records lie together: look for the rarest word there first, then at the record it stands in.
  for (std::uint64_t seq = first; seq < end; ++seq) {
    const std::size_t begin = segment.offset_of(seq);
    const std::size_t found = find_ignoring_case(all.substr(begin), *needle);
    if (found == std::string_view::npos) break;
    seq = segment.seq_at(begin + found);
    if (seq < end && may_be(seq) && record(segment.at(seq))) out.push_back(seq);
  }
  return out;
}

}  // namespace luy::evidence
