// The normalised event: what a record says, under the names of event/field.h. Derived and never stored: the evidence is
// the record's bytes. A value type: no I/O, no clock.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "event/field.h"

namespace luy::event {

inline constexpr std::size_t value_bytes_max = 8192;  // Of every field but `message`, which is as long as the record.
inline constexpr std::size_t labels_max = 64;         // What comes after is not kept as a label.
inline constexpr std::size_t label_name_bytes_max = 128;  // A label with a longer name is not kept.

class Event {
 public:
  Event() = default;
  // Room for about `bytes_expected` bytes of text, so that filling the event seldom allocates.
  Event(Time received_at, std::size_t bytes_expected);

  std::optional<Time> time;  // As the record says; absent when it says nothing.
  Time received;             // By the hub.

  // Sets or replaces a field. Bytes that are not UTF-8 become U+FFFD; long values are cut. Ignored: empty text, an
  // integer field with anything but an integer, an address field with anything but an address, and time fields.
  void set(Field field, std::string_view text);
  void set(Field field, std::int64_t number);
  // Keeps what has no field. The first of a name stays.
  void set_label(std::string_view name, std::string_view text);

  // nullopt when not set, and for the time fields. The view is valid until the next change of the event.
  std::optional<std::string_view> get(Field field) const;
  // "" when not set.
  std::string_view text(Field field) const { return get(field).value_or(std::string_view()); }
  // By name, with the times as RFC 3339 and "labels.<name>"; nullopt when unknown or not set.
  std::optional<std::string> get(std::string_view name) const;

  struct Value {
    Field field;
    std::string_view text;
  };
  std::vector<Value> values() const;  // In the order of Field.

  struct Label {
    std::string_view name;
    std::string_view text;
  };
  std::vector<Label> labels() const;  // In the order of the record.

 private:
  struct Span {
    std::uint32_t begin = 0;
    std::uint32_t size = 0;
  };
  struct Slot {
    Field field;
    Span text;
  };
  struct LabelSlot {
    Span name;
    Span text;
  };
  Span keep(std::string_view text);
  std::string_view view(Span span) const { return std::string_view(bytes_).substr(span.begin, span.size); }
  const Slot* find(Field field) const;

  // All text in one buffer: an event has some twenty short values and is made millions of times.
  std::string bytes_;
  std::vector<Slot> slots_;
  std::vector<LabelSlot> labels_;
};

// One flat JSON object with ECS names as keys, in the order of the table, then the labels: always valid JSON.
// "@timestamp" is the time of receipt when the record has no time of its own.
std::string to_json(const Event& event);

// Whether the field's text equals `pattern`, ASCII case ignored. A '*' at either end of the pattern stands for any
// text;
// "*" alone asks for the field to be set. Times are compared in their RFC 3339 form ("2026-11-22*").
bool matches(const Event& event, Field field, std::string_view pattern);
// The same by name, also for "labels.<name>"; false for an unknown name.
bool matches(const Event& event, std::string_view name, std::string_view pattern);

// Free words: each must occur somewhere in the text; diacritics and case are ignored. Make one per search.
class WordMatcher {
 public:
  explicit WordMatcher(const std::vector<std::string>& words);
  bool matches(std::string_view raw) const;

 private:
  std::vector<std::string> folded_;
};

}  // namespace luy::event
