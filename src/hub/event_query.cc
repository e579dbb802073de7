#include "hub/event_query.h"

#include <algorithm>

#include "event/batch.h"
#include "event/field.h"
#include "event/parse.h"
#include "evidence/error.h"
#include "hub/source_parts.h"

namespace luy::hub {
namespace {

bool is_field(std::string_view name) {
  return event::field_from_name(name).has_value() || (name.starts_with("labels.") && name.size() > 7);
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_ipv4(std::string_view word) {
  const bool clean = !word.empty() && is_digit(word.front()) && is_digit(word.back()) &&
                     std::all_of(word.begin(), word.end(), [](char c) { return is_digit(c) || c == '.'; });
  return clean && std::count(word.begin(), word.end(), '.') == 3 && word.find("..") == std::string_view::npos;
}

// No letter of any script: folding leaves it as it is.
bool has_one_spelling(std::string_view word) {
  return word.size() >= 2 && std::all_of(word.begin(), word.end(), [](char c) {
           return c > ' ' && c < 0x7f && !(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z');
         });
}

// Whether `address` stands in `raw` on its own: 10.1.2.3 is not in 110.1.2.30.
bool holds_address(std::string_view raw, std::string_view address) {
  for (std::size_t at = raw.find(address); at != std::string_view::npos; at = raw.find(address, at + 1)) {
    const std::size_t end = at + address.size();
    const bool left = at == 0 || !(is_digit(raw[at - 1]) || raw[at - 1] == '.');
    const bool right = end == raw.size() || !is_digit(raw[end]);
    if (left && right) return true;
  }
  return false;
}

// Takes one quoted or bare run off the front; false on an open quotation mark.
bool take(std::string_view& rest, std::string& out) {
  out.clear();
  if (!rest.empty() && rest.front() == '"') {
    const std::size_t end = rest.find('"', 1);
    if (end == std::string_view::npos) return false;
    out = rest.substr(1, end - 1);
    rest.remove_prefix(end + 1);
    return true;
  }
  const std::size_t end = std::min(rest.find(' '), rest.size());
  out = rest.substr(0, end);
  rest.remove_prefix(end);
  return true;
}

}  // namespace

event::Event event_of(const evidence::Record& record) {
  event::ParseContext context;
  context.received = record.received;
  const auto transport =
      event::is_transport(record.transport) ? static_cast<event::Transport>(record.transport) : event::Transport::hub;
  return event::parse(transport, split_source(record.source).stream, record.raw, context);
}

Result<EventQuery> EventQuery::parse(std::string_view q) {
  EventQuery query;
  std::size_t terms = 0;
  for (;;) {
    while (!q.empty() && q.front() == ' ') q.remove_prefix(1);
    if (q.empty()) break;
    if (++terms > query_terms_max) return Error(evidence::query_invalid, "nhiều hơn 32 từ", "more than 32 terms");
    const bool wanted = !(q.front() == '-' && q.size() > 1 && q[1] != ' ');
    if (!wanted) q.remove_prefix(1);
    const std::size_t colon = q.find(':');
    std::string text;
    if (q.front() != '"' && colon < q.find(' ') && is_field(q.substr(0, colon))) {
      FieldTerm term{std::string(q.substr(0, colon)), {}, wanted};
      q.remove_prefix(colon + 1);
      if (!take(q, term.pattern)) return Error(evidence::query_invalid, "\"");
      if (term.pattern.empty()) term.pattern = "*";
      query.fields_.push_back(std::move(term));
      continue;
    }
    if (!take(q, text)) return Error(evidence::query_invalid, "\"");
    if (!text.empty()) query.add(std::move(text), wanted);
  }
  if (!query.words_.empty()) query.wanted_.emplace(query.words_);
  for (const std::string& word : query.unwanted_words_) query.unwanted_.emplace_back(std::vector<std::string>{word});
  return query;
}

void EventQuery::add(std::string text, bool wanted) {
  if (!wanted) {
    unwanted_words_.push_back(std::move(text));
  } else if (is_ipv4(text)) {
    addresses_.push_back(std::move(text));
  } else if (has_one_spelling(text)) {
    plain_.push_back(std::move(text));
  } else {
    words_.push_back(std::move(text));
  }
}

void EventQuery::narrow(evidence::SearchQuery& query) const {
  query.words.insert(query.words.end(), addresses_.begin(), addresses_.end());
  query.substrings.insert(query.substrings.end(), plain_.begin(), plain_.end());
}

bool EventQuery::answered_by_store() const {
  return words_.empty() && unwanted_words_.empty() && fields_.empty();
}

bool EventQuery::text_matches(std::string_view raw) const {
  if (wanted_ && !wanted_->matches(raw)) return false;
  for (const std::string& word : plain_) {
    if (raw.find(word) == std::string_view::npos) return false;
  }
  for (const std::string& address : addresses_) {
    if (!holds_address(raw, address)) return false;
  }
  return std::none_of(unwanted_.begin(), unwanted_.end(),
                      [&](const event::WordMatcher& word) { return word.matches(raw); });
}

bool EventQuery::matches(const evidence::Record& record) const {
  if (!text_matches(record.raw)) return false;
  return fields_.empty() || matches(record, event_of(record));
}

bool EventQuery::matches(const evidence::Record& record, const event::Event& event) const {
  return text_matches(record.raw) && std::all_of(fields_.begin(), fields_.end(), [&](const FieldTerm& term) {
           return event::matches(event, term.name, term.pattern) == term.wanted;
         });
}

}  // namespace luy::hub
