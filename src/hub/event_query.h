// What people type to search the logs, and whether a record answers it. Pure.
//
//   q      = *term
//   term   = ["-"] ( word | '"' phrase '"' | field ":" ( value | '"' value '"' ) )
//
// All terms must hold; "-" turns one round. Words and phrases ignore case and diacritics; a value is compared as
// event::matches() does ("203.0.113.*"). A word before ':' that names no field (event/field.h, or labels.…) is text.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "event/event.h"
#include "evidence/query.h"
#include "evidence/record.h"

namespace luy::hub {

inline constexpr std::size_t query_terms_max = 32;

class EventQuery {
 public:
  // Errors: evidence.query_invalid (an open quotation mark, too many terms).
  static Result<EventQuery> parse(std::string_view q);

  // Narrows the store's own search where that loses nothing: what holds no letter has no second spelling, and an IPv4
  // address is a token, which the filters find without reading.
  void narrow(evidence::SearchQuery& query) const;
  // Whether the store's search alone already answers the query.
  bool answered_by_store() const;

  bool matches(const evidence::Record& record) const;
  // The same when the record was parsed already.
  bool matches(const evidence::Record& record, const event::Event& event) const;
  bool needs_event() const { return !fields_.empty(); }

 private:
  struct FieldTerm {
    std::string name;
    std::string pattern;
    bool wanted = true;
  };
  void add(std::string text, bool wanted);
  bool text_matches(std::string_view raw) const;

  std::vector<std::string> words_;      // Wanted, as typed.
  std::vector<std::string> addresses_;  // Wanted, IPv4: tokens of the store.
  std::vector<std::string> plain_;      // Wanted, without letters: substrings of the store.
  std::vector<std::string> unwanted_words_;
  std::vector<FieldTerm> fields_;
  std::optional<event::WordMatcher> wanted_;
  std::vector<event::WordMatcher> unwanted_;
};

// The normalised event of a record.
event::Event event_of(const evidence::Record& record);

}  // namespace luy::hub
