#include "detect/correlate.h"

#include <algorithm>
#include <list>
#include <unordered_map>

#include "detect/correlation/window.h"
#include "detect/engine/slot_table.h"
#include "detect/value.h"

namespace luy::detect {
namespace {

constexpr std::int64_t microseconds = 1'000'000;

// How one source of one correlation yields its group and its value.
struct Reading {
  std::vector<std::uint32_t> group;  // Slots.
  std::vector<std::string> names;    // Of the same fields, for sources that are correlations.
  std::vector<std::uint32_t> values;
};

struct Use {
  std::uint32_t correlation;
  std::uint32_t source;  // Place in its list of rules.
};

const std::string& field_for(const Correlation& correlation, const std::string& name, const std::string& rule) {
  for (const Alias& alias : correlation.aliases) {
    if (alias.name != name) continue;
    for (const Alias::Source& source : alias.sources) {
      if (source.rule == rule) return source.field;
    }
  }
  return name;
}

void append_part(std::string& key, std::string_view part) {
  const auto size = static_cast<std::uint32_t>(part.size());
  key.append(reinterpret_cast<const char*>(&size), sizeof size);
  key += part;
}

}  // namespace

std::optional<Time> parse_event_time(std::string_view text) {
  if (text.size() >= 9 && text.find_first_not_of("0123456789.") == std::string_view::npos) {
    const auto number = number_of(text);
    if (!number || *number > 1e14) return std::nullopt;
    constexpr double milliseconds_from = 1e11;  // As seconds, the year 5138.
    const double seconds = *number >= milliseconds_from ? *number / 1000 : *number;
    return Time(Duration(static_cast<std::int64_t>(seconds * 1e6)));
  }
  if (text.size() < 19 || text.size() > 40) return std::nullopt;
  std::string form(text);
  if (form[10] == ' ') form[10] = 'T';
  const bool zoned = form.find_first_of("Zz+", 19) != std::string::npos || form.find('-', 19) != std::string::npos;
  if (!zoned) form += 'Z';
  // Windows writes seven digits of a second, more than a microsecond has.
  const std::size_t dot = form.find('.', 19);
  if (dot != std::string::npos) {
    const std::size_t end = std::min(form.find_first_not_of("0123456789", dot + 1), form.size());
    if (end > dot + 7) form.erase(dot + 7, end - dot - 7);
  }
  return from_rfc3339(form);
}

class Correlator::State {
 public:
  State(std::shared_ptr<const Engine> engine, CorrelationLimits limits) : engine_(std::move(engine)), limits_(limits) {
    const RuleSet& rules = engine_->rules();
    uses_.resize(rules.rules.size() + rules.correlations.size());
    for (std::uint32_t i = 0; i < rules.correlations.size(); ++i) prepare(i);
    for (const std::string& field : engine_->routing().time_fields) time_slots_.push_back(engine_->slot_of(field));
  }

  std::span<const Alert> add(const Matcher& matcher, std::span<const std::uint32_t> rules, std::uint64_t reference) {
    alerts_.clear();
    const bool used = std::any_of(rules.begin(), rules.end(), [&](std::uint32_t rule) { return !uses_[rule].empty(); });
    if (!used) return {};
    now_ = time_of(matcher).value_or(now_);
    reference_ = reference;
    // A rule later in a temporal_ordered list first, so that one event does not follow itself.
    pending_.clear();
    for (const std::uint32_t rule : rules) {
      for (const Use& use : uses_[rule]) pending_.push_back({use, nullptr});
    }
    std::stable_sort(pending_.begin(), pending_.end(), [](const Pending& a, const Pending& b) {
      return a.use.correlation != b.use.correlation ? a.use.correlation < b.use.correlation
                                                    : a.use.source > b.use.source;
    });
    run(matcher);
    return alerts_;
  }

  CorrelationCounts counts() const {
    CorrelationCounts out = counts_;
    out.groups = recent_.size();
    return out;
  }

 private:
  struct Group {
    Window window;
    std::uint32_t correlation;
    const std::string* key = nullptr;
  };
  using Recent = std::list<Group>;
  struct Pending {
    Use use;
    const Alert* inner;  // Of a correlation used by another; else null.
  };

  void prepare(std::uint32_t index) {
    const RuleSet& rules = engine_->rules();
    const ResolvedCorrelation& one = rules.correlations[index];
    std::vector<Reading> readings;
    for (std::uint32_t i = 0; i < one.sources.size(); ++i) {
      Reading reading;
      for (const std::string& name : one.correlation.group_by) {
        const std::string& field = field_for(one.correlation, name, one.correlation.rules[i]);
        reading.group.push_back(engine_->slot_of(field));
        reading.names.push_back(field);
      }
      for (const std::string& name : one.correlation.fields) {
        reading.values.push_back(engine_->slot_of(field_for(one.correlation, name, one.correlation.rules[i])));
      }
      readings.push_back(std::move(reading));
      uses_[one.sources[i]].push_back({index, i});
    }
    readings_.push_back(std::move(readings));
    groups_.emplace_back();
  }

  std::optional<std::int64_t> time_of(const Matcher& matcher) const {
    for (const std::uint32_t slot : time_slots_) {
      const auto text = matcher.text(slot);
      if (!text) continue;
      if (const auto time = parse_event_time(*text); time) return time->time_since_epoch().count();
    }
    return std::nullopt;
  }

  // What an alert adds is taken up in the same pass: a correlation stands after those it uses.
  void run(const Matcher& matcher) {
    raised_.clear();
    for (std::size_t i = 0; i < pending_.size(); ++i) {
      const Pending one = pending_[i];
      const std::size_t before = raised_.size();
      take(matcher, one);
      if (raised_.size() == before) continue;
      const std::size_t rules = engine_->rules().rules.size();
      for (const Use& use : uses_[rules + one.use.correlation]) {
        const Pending next{use, &raised_.back()};
        const auto place =
            std::upper_bound(pending_.begin() + static_cast<std::ptrdiff_t>(i) + 1, pending_.end(), next,
                             [](const Pending& a, const Pending& b) { return a.use.correlation < b.use.correlation; });
        pending_.insert(place, next);
      }
    }
    alerts_.assign(std::make_move_iterator(raised_.begin()), std::make_move_iterator(raised_.end()));
  }

  // One match of one rule, for one correlation.
  void take(const Matcher& matcher, const Pending& one) {
    const Correlation& correlation = definition(one.use.correlation);
    const Reading& reading = readings_[one.use.correlation][one.use.source];
    if (!write_key(matcher, reading, one.inner)) return;
    double number = 0;
    if (!write_value(matcher, correlation, reading, number)) return;
    Group& group = group_of(one.use.correlation);
    Window& window = group.window;
    const std::int64_t newest = window.empty() ? now_ : std::max(window.newest(), now_);
    const std::int64_t begin = newest - correlation.timespan_seconds * microseconds;
    counts_.entries -= window.expire(begin);
    if (now_ < begin || newest - now_ > limits_.lateness.count()) {
      ++counts_.late;
      return;
    }
    if (window.fired && !window.holds(newest)) window.fired = false;
    window.add(now_, reference_, one.use.source, value_, number);
    ++counts_.entries;
    const bool holds = window.holds(newest);
    if (holds && !window.fired) raise(one.use.correlation, group, newest);
    group.window.fired = holds;
    keep_bounds(group);
  }

  const Correlation& definition(std::uint32_t index) const { return engine_->rules().correlations[index].correlation; }

  // False where a field of the group is missing: such an event belongs to no group.
  bool write_key(const Matcher& matcher, const Reading& reading, const Alert* inner) {
    key_.clear();
    for (std::size_t i = 0; i < reading.group.size(); ++i) {
      auto text = matcher.text(reading.group[i]);
      if (!text && inner != nullptr) {
        for (const auto& [name, value] : inner->group) {
          if (name == reading.names[i]) text = value;
        }
      }
      if (!text) return false;
      append_part(key_, *text);
    }
    return true;
  }

  bool write_value(const Matcher& matcher, const Correlation& correlation, const Reading& reading, double& number) {
    if (reading.values.empty()) return true;
    value_.clear();
    for (const std::uint32_t slot : reading.values) {
      const auto text = matcher.text(slot);
      if (!text) return false;
      if (correlation.kind == CorrelationKind::value_count) {
        reading.values.size() == 1 ? void(value_.assign(*text)) : append_part(value_, *text);
        continue;
      }
      const auto parsed = number_of(*text);
      if (!parsed) return false;
      number = *parsed;
    }
    return true;
  }

  // The group of key_, made where it is new, and now the most recent one.
  Group& group_of(std::uint32_t correlation) {
    auto& known = groups_[correlation];
    const auto [place, fresh] = known.try_emplace(key_);
    if (fresh) {
      recent_.push_front({Window(definition(correlation)), correlation, &place->first});
      place->second = recent_.begin();
      if (recent_.size() > limits_.groups_max) forget(std::prev(recent_.end()));
    } else if (place->second != recent_.begin()) {
      recent_.splice(recent_.begin(), recent_, place->second);
    }
    return recent_.front();
  }

  void forget(Recent::iterator group) {
    counts_.entries -= group->window.size();
    ++counts_.evicted_groups;
    auto& known = groups_[group->correlation];
    known.erase(known.find(*group->key));
    recent_.erase(group);
  }

  // Other groups go first; a single one that fills the memory alone loses its oldest entries.
  void keep_bounds(Group& current) {
    while (counts_.entries > limits_.entries_max && recent_.size() > 1) forget(std::prev(recent_.end()));
    while (counts_.entries > limits_.entries_max) {
      current.window.drop_oldest();
      --counts_.entries;
      ++counts_.evicted_entries;
    }
  }

  void raise(std::uint32_t index, const Group& group, std::int64_t newest) {
    const std::span<const Window::Entry> entries = group.window.entries();
    Alert alert;
    alert.correlation = index;
    alert.first = Time(Duration(entries.front().at));
    alert.last = Time(Duration(entries.back().at));
    alert.value = group.window.value(newest);
    alert.member_count = entries.size();
    const std::size_t begin = entries.size() > limits_.members_max ? entries.size() - limits_.members_max : 0;
    for (const Window::Entry& entry : entries.subspan(begin)) {
      if (alert.members.empty() || alert.members.back() != entry.reference) alert.members.push_back(entry.reference);
    }
    std::string_view key = *group.key;
    for (const std::string& name : definition(index).group_by) {
      std::uint32_t size = 0;
      std::copy_n(key.data(), sizeof size, reinterpret_cast<char*>(&size));
      alert.group.emplace_back(name, key.substr(sizeof size, size));
      key.remove_prefix(sizeof size + size);
    }
    raised_.push_back(std::move(alert));
  }

  std::shared_ptr<const Engine> engine_;
  CorrelationLimits limits_;
  std::vector<std::vector<Use>> uses_;  // By rule, then by correlation.
  std::vector<std::vector<Reading>> readings_;
  std::vector<std::uint32_t> time_slots_;
  std::vector<std::unordered_map<std::string, Recent::iterator>> groups_;  // By correlation.
  Recent recent_;                                                          // The group touched last first.
  CorrelationCounts counts_;
  std::int64_t now_ = 0;
  std::uint64_t reference_ = 0;
  std::string key_;
  std::string value_;
  std::vector<Pending> pending_;
  std::list<Alert> raised_;  // Stays where it is while pending matches point to it.
  std::vector<Alert> alerts_;
};

Correlator::Correlator(std::shared_ptr<const Engine> engine, CorrelationLimits limits)
    : state_(std::make_unique<State>(std::move(engine), limits)) {}
Correlator::~Correlator() = default;
Correlator::Correlator(Correlator&&) noexcept = default;

std::span<const Alert> Correlator::add(const Matcher& matcher, std::span<const std::uint32_t> rules,
                                       std::uint64_t reference) {
  return state_->add(matcher, rules, reference);
}

CorrelationCounts Correlator::counts() const {
  return state_->counts();
}

}  // namespace luy::detect
