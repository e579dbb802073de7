// Small tools the parsers share: taking text apart from its front, telling what an event means, and times without a
// year or zone. Everything is linear and copies nothing.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "event/event.h"
#include "event/parse.h"

namespace luy::event::parser {

// Takes pieces off the front of a text. A piece that is not there leaves the scanner as it was.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : rest_(text) {}
  std::string_view rest() const { return rest_; }
  bool done() const { return rest_.empty(); }
  bool take(char c);
  bool take(std::string_view literal);
  void blanks();
  std::string_view word();  // Up to the next blank or the end; "" when there is none.
  std::optional<std::string_view> until(std::string_view mark);  // The mark is taken too.
  std::optional<std::int64_t> number();                          // 1 to 18 decimal digits.

 private:
  std::string_view rest_;
};

std::string_view trimmed(std::string_view text);  // Without blanks, tabs and line ends on either side.
bool take_suffix(std::string_view& text, std::string_view suffix);

// One "key=value" of a text. A value may stand in quotes, which are not part of it; nothing is unescaped.
struct KeyValue {
  std::string_view key;
  std::string_view value;
  char quote = '\0';
};
// The next pair; words without '=' are passed over. nullopt at the end.
std::optional<KeyValue> next_key_value(Scanner& in);

// What a record tells, in the words of ECS; "" = not said.
struct Meaning {
  std::string_view category;
  std::string_view type;
  std::string_view action;
  std::string_view outcome;
};
void set_meaning(Event& event, const Meaning& meaning);

// An address goes to source.ip, a name to source.domain; "?", "-" and "UNKNOWN" are neither.
void set_source(Event& event, std::string_view host, std::string_view port = {});

// The number in angle brackets: RFC 3164 4.1.1, RFC 5424 6.2.1.
struct Priority {
  int value = 0;  // 0 to 191.
};
std::optional<Priority> take_priority(Scanner& in);
void set_priority(Event& event, Priority priority);
void set_severity(Event& event, int severity);  // 0 to 7.
void set_facility(Event& event, int facility);  // 0 to 23.

// "Nov 22 10:04:05", "Nov  2 10:04:05.123", "Nov 22 2026 10:04:05" in the context's zone (RFC 3164 4.1.2). Without a
// year: the newest one that does not put the time more than a day after receipt, so that December's lines read in
// January, and a clock a little fast on New Year's Eve, come out right.
std::optional<Time> take_bsd_time(std::string_view& text, const ParseContext& context);
// "2026-11-22 10:04:05" or with 'T', two blanks, or a fraction after '.' or ','; in the context's zone.
std::optional<Time> take_local_time(std::string_view& text, const ParseContext& context);

}  // namespace luy::event::parser
