#include "detect/engine/matcher.h"

#include <algorithm>
#include <cstring>

#include "detect/item.h"
#include "detect/value.h"

namespace luy::detect {
namespace {

bool contains_text(const std::string& text, const std::string& part) {
  return part.empty() || memmem(text.data(), text.size(), part.data(), part.size()) != nullptr;
}

constexpr std::uint64_t eight_of(unsigned char byte) {
  return 0x0101'0101'0101'0101ULL * byte;
}
// Marks the bytes that are zero; bytes above a zero one may be marked too.
constexpr std::uint64_t zeros(std::uint64_t word) {
  return (word - eight_of(1)) & ~word & eight_of(0x80);
}

// Whether the backslash at `at` begins an escape: an even number of them stands before it.
bool begins_escape(std::string_view line, std::size_t at) {
  const std::size_t other = line.substr(0, at).find_last_not_of('\\');
  return (at - (other == std::string_view::npos ? 0 : other + 1)) % 2 == 0;
}

// Whether the line holds an escape \uXXXX. Paths like "host\\user" look like one and are none.
bool has_unicode_escape(std::string_view line) {
  std::size_t i = 0;
  for (; i + 9 <= line.size(); i += 8) {
    std::uint64_t here = 0;
    std::uint64_t next = 0;
    std::memcpy(&here, line.data() + i, 8);
    std::memcpy(&next, line.data() + i + 1, 8);
    if ((zeros(here ^ eight_of('\\')) & zeros(next ^ eight_of('u'))) == 0) continue;
    for (std::size_t at = i; at < i + 8; ++at) {
      if (line[at] == '\\' && line[at + 1] == 'u' && begins_escape(line, at)) return true;
    }
  }
  for (; i + 1 < line.size(); ++i) {
    if (line[i] == '\\' && line[i + 1] == 'u' && begins_escape(line, i)) return true;
  }
  return false;
}

}  // namespace

Matcher::State::State(std::shared_ptr<const Engine> engine, MatchOptions options)
    : engine_(std::move(engine)),
      program_(engine_->program()),
      options_(options),
      router_(program_, engine_->routing(), engine_->slots(), options.unlabelled_meets_all),
      event_(engine_->slots(), router_.routing_slots()),
      extractor_(engine_->routing().shape),
      all_extractor_(engine_->routing().shape),
      known_(program_.predicates.size()),
      seen_(program_.predicates.size()),
      candidate_of_(program_.instances.size()),
      matched_in_(engine_->rules().rules.size()) {
  if (options.memo) memo_.prepare();
  for (const FieldIndex& index : program_.indexes) index.fit(scratch_);
  for (const Database& one : program_.keywords) scratch_.fit(one);
  for (const Regex& one : program_.regexes) one.fit(scratch_);
}

void Matcher::State::next_epoch() {
  if (++epoch_ != 0) return;
  std::fill(known_.begin(), known_.end(), Known());
  std::fill(candidate_of_.begin(), candidate_of_.end(), 0);
  std::fill(matched_in_.begin(), matched_in_.end(), 0);
  epoch_ = 1;
}

Result<std::span<const std::uint32_t>> Matcher::State::match(std::string_view json, std::size_t capacity) {
  ++counts_.events;
  next_epoch();
  matched_.clear();
  candidates_.clear();
  event_.start();
  places_.clear();
  LUY_TRY_VOID(extractor_.walk(json, capacity, event_));
  partition_ = &router_.route(event_);
  if (partition_->empty) return std::span<const std::uint32_t>();
  line_ = json;
  capacity_ = capacity;
  all_gathered_ = false;
  if (options_.prefilter) {
    announce();
  } else {
    every_candidate();
  }
  for (const std::uint32_t number : candidates_) {
    const Instance& instance = program_.instances[number];
    if (matched_in_[instance.rule] == epoch_) continue;
    ++counts_.evaluated;
    std::uint32_t at = instance.begin;
    if (!evaluate(at)) continue;
    matched_in_[instance.rule] = epoch_;
    matched_.push_back(instance.rule);
  }
  std::sort(matched_.begin(), matched_.end());
  return std::span<const std::uint32_t>(matched_);
}

void Matcher::State::every_candidate() {
  for (std::uint32_t i = 0; i < program_.groups.size(); ++i) {
    if (!partition_->is_active(i)) continue;
    const std::vector<std::uint32_t>& members = program_.groups[i].members;
    candidates_.insert(candidates_.end(), members.begin(), members.end());
  }
}

void Matcher::State::announce() {
  for (const std::uint32_t slot : event_.filled()) {
    if (slot >= partition_->scanned.size() || partition_->scanned[slot] == 0) continue;
    for (std::uint32_t value = event_.first(slot); value != HeldEvent::none; value = event_.next(value)) {
      if (event_.value(value).kind != ValueKind::null) scan_value(slot, value);
    }
  }
  if (!partition_->keywords.empty()) scan_line();
  for (const std::uint32_t instance : partition_->open) add_candidate(instance);
}

void Matcher::State::scan_value(std::uint32_t slot, std::uint32_t value) {
  const std::string_view text = event_.value(value).text;
  const bool remembered = options_.memo && program_.indexes[slot].is_costly() && text.size() <= Memo::value_bytes_max;
  if (!remembered) {
    scan_slowly(slot, value);
    for (const std::uint32_t predicate : found_) mark(predicate);
    return;
  }
  bool known = false;
  Memo::Entry& entry = memo_.place(slot, text, known);
  if (known) {
    ++counts_.memo_hits;
    for (const std::uint32_t predicate : entry.found) mark(predicate);
  } else {
    ++counts_.memo_misses;
    scan_slowly(slot, value);
    for (const std::uint32_t predicate : found_) mark(predicate);
    if (!Memo::remember(entry, slot, text, found_)) return;
  }
  if (places_.size() <= value) places_.resize(value + 1);
  places_[value] = {&entry, entry.generation};
}

void Matcher::State::scan_slowly(std::uint32_t slot, std::uint32_t value) {
  found_.clear();
  next_scan();
  const std::string_view raw = event_.value(value).text;
  const std::string& folded = event_.folded(value);
  program_.indexes[slot].scan(folded, scratch_, [this](std::uint32_t number) { note(number); });
  // Of patterns and expressions only a literal was found; the scan's scratch is free again to ask for the whole.
  std::erase_if(found_, [&](std::uint32_t number) {
    const Predicate& predicate = program_.predicates[number];
    const bool certain = predicate.kind != Predicate::Kind::pattern && predicate.kind != Predicate::Kind::regex;
    return !certain && !confirms(predicate, raw, folded);
  });
}

void Matcher::State::note(std::uint32_t predicate) {
  // A database read back from a cache is Vectorscan's word only; its ids are looked at before they are used.
  if (predicate >= seen_.size() || seen_[predicate] == scan_) return;
  seen_[predicate] = scan_;
  found_.push_back(predicate);
}

bool Matcher::State::confirms(const Predicate& predicate, std::string_view raw, const std::string& folded) {
  if (predicate.kind == Predicate::Kind::regex) return program_.regexes[predicate.regex].matches(raw, scratch_);
  const Test& test = program_.tests[predicate.test];
  return test.cased ? matches(test.pattern, raw) : matches(test.pattern, folded);
}

const AllValues& Matcher::State::all_values() {
  if (!all_gathered_) {
    all_gathered_ = true;
    all_.start();
    // A fault in a field that no rule reads shows only now; what was read up to it still counts.
    const auto walked = all_extractor_.walk(line_, capacity_, all_);
    if (!walked) ++counts_.partly_read;
  }
  return all_;
}

void Matcher::State::scan_line() {
  std::string_view searched = line_;
  if (has_unicode_escape(line_)) {
    // Any letter may hide in an escape: the values themselves must be searched.
    all_values();
    searched = all_.joined();
  } else if (has_non_ascii(line_)) {
    // Two letters beyond ASCII fold into it (U+017F, U+212A), and Vectorscan does not know them.
    fold_into(line_, folded_line_);
    searched = folded_line_;
  }
  found_.clear();
  line_scan_ = next_scan();
  for (const std::uint32_t one : partition_->keywords) {
    scratch_.scan(program_.keywords[one], searched, [this](std::uint32_t number) { note(number); });
  }
  // A literal of a keyword was somewhere; whether the keyword is, its values must say, if any rule here is announced by
  // it.
  for (const std::uint32_t number : found_) {
    if (announces_here(number) && holds(number)) mark(number);
  }
}

bool Matcher::State::announces_here(std::uint32_t predicate) const {
  const auto begin = program_.announcements.begin();
  return std::any_of(begin + program_.announcement_begin[predicate], begin + program_.announcement_begin[predicate + 1],
                     [this](const Announcement& one) { return partition_->is_active(one.group); });
}

std::uint32_t Matcher::State::next_scan() {
  if (++scan_ == 0) {
    std::fill(seen_.begin(), seen_.end(), 0);
    scan_ = 1;
  }
  return scan_;
}

void Matcher::State::mark(std::uint32_t predicate) {
  known_[predicate] = {epoch_, true};
  const std::uint32_t end = program_.announcement_begin[predicate + 1];
  for (std::uint32_t i = program_.announcement_begin[predicate]; i < end; ++i) {
    const Announcement& one = program_.announcements[i];
    if (!partition_->is_active(one.group)) continue;
    for (std::uint32_t j = one.begin; j < one.end; ++j) add_candidate(program_.announced[j]);
  }
}

void Matcher::State::add_candidate(std::uint32_t instance) {
  if (candidate_of_[instance] == epoch_) return;
  candidate_of_[instance] = epoch_;
  candidates_.push_back(instance);
}

bool Matcher::State::evaluate(std::uint32_t& at) {
  const Step& step = program_.steps[at];
  ++at;
  switch (step.kind) {
    case Step::Kind::predicate:
      return holds(step.operand);
    case Step::Kind::negation: {
      const bool out = !evaluate(at);
      at = step.operand;
      return out;
    }
    case Step::Kind::all:
    case Step::Kind::any:
      break;
  }
  const bool stop_at = step.kind == Step::Kind::any;
  while (at < step.operand) {
    if (evaluate(at) == stop_at) {
      at = step.operand;
      return stop_at;
    }
  }
  return !stop_at;
}

bool Matcher::State::holds(std::uint32_t number) {
  Known& known = known_[number];
  if (known.stamp == epoch_) return known.holds;
  const Predicate& predicate = program_.predicates[number];
  // Of a keyword the scan only found a part; whether it is there is worked out when asked.
  const bool unsure = predicate.slot == any_slot && seen_[number] == line_scan_;
  if (predicate.eager && options_.prefilter && !unsure) return false;
  known = {epoch_, compute(number, predicate)};
  return known.holds;
}

bool Matcher::State::compute(std::uint32_t number, const Predicate& predicate) {
  if (predicate.slot == any_slot) {
    const AllValues& all = all_values();
    for (std::size_t i = 0; i < all.size(); ++i) {
      if (value_holds(predicate, all.raw(i), all.folded(i))) return true;
    }
    return false;
  }
  if (predicate.kind == Predicate::Kind::exists) return event_.has(predicate.slot);
  if (predicate.kind == Predicate::Kind::null && !event_.has(predicate.slot)) return true;
  for (std::uint32_t value = event_.first(predicate.slot); value != HeldEvent::none; value = event_.next(value)) {
    const Value& one = event_.value(value);
    if (predicate.kind == Predicate::Kind::null) {
      if (one.kind == ValueKind::null) return true;
    } else if (one.kind != ValueKind::null) {
      const bool yes = predicate.kind == Predicate::Kind::field_ref ? reference_holds(predicate, value)
                                                                    : remembered_holds(number, predicate, value);
      if (yes) return true;
    }
  }
  return false;
}

bool Matcher::State::remembered_holds(std::uint32_t number, const Predicate& predicate, std::uint32_t value) {
  const auto ask = [&] { return value_holds(predicate, event_.value(value).text, event_.folded(value)); };
  // Another value of the same event may have taken the place meanwhile.
  if (value >= places_.size() || !places_[value].is_good()) return ask();
  std::vector<std::uint32_t>& asked = places_[value].entry->asked;
  for (const std::uint32_t one : asked) {
    if (one >> 1 == number) return (one & 1) != 0;
  }
  const bool out = ask();
  if (asked.size() < Memo::asked_max) asked.push_back(number << 1 | (out ? 1 : 0));
  return out;
}

bool Matcher::State::value_holds(const Predicate& predicate, std::string_view raw, const std::string& folded) {
  using enum Predicate::Kind;
  switch (predicate.kind) {
    case exact:
      return folded == predicate.text;
    case prefix:
      return folded.starts_with(predicate.text);
    case suffix:
      return folded.ends_with(predicate.text);
    case contains:
      return contains_text(folded, predicate.text);
    case pattern:
      return contains_text(folded, predicate.text) && confirms(predicate, raw, folded);
    case regex:
      return contains_text(folded, predicate.text) && program_.regexes[predicate.regex].matches(raw, scratch_);
    case network:
      return detect::contains(program_.tests[predicate.test].network, raw);
    case number_kind:
      return number_holds(program_.tests[predicate.test], raw);
    case present:
      return true;
    case field_ref:
    case null:
    case exists:
      break;
  }
  return false;
}

bool Matcher::State::reference_holds(const Predicate& predicate, std::uint32_t value) {
  const Test& test = program_.tests[predicate.test];
  const std::uint32_t first = event_.first(predicate.other_slot);
  for (std::uint32_t other = first; other != HeldEvent::none; other = event_.next(other)) {
    if (event_.value(other).kind == ValueKind::null) continue;
    const bool yes = test.cased ? relation_holds(test.relation, event_.value(value).text, event_.value(other).text)
                                : relation_holds(test.relation, event_.folded(value), event_.folded(other));
    if (yes) return true;
  }
  return false;
}

}  // namespace luy::detect
