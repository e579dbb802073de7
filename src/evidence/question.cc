#include "evidence/question.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>

#include "base/vietnamese.h"
#include "event/batch.h"
#include "event/parse.h"
#include "evidence/token.h"

namespace luy::evidence {
namespace {

bool is_token_byte(char c) {
  return is_word_byte(c) || is_joiner_byte(c);
}

bool any_joiner(std::string_view text) {
  return std::ranges::any_of(text, is_joiner_byte);
}

// The longest run of token bytes at the front or, reversed, at the back.
template <class Iterator>
std::size_t run_length(Iterator from, Iterator to) {
  return static_cast<std::size_t>(std::find_if_not(from, to, is_token_byte) - from);
}

bool is_ipv4(const std::string& text) {
  std::array<char, 4> bytes{};
  return ::inet_pton(AF_INET, text.c_str(), bytes.data()) == 1;
}

bool in_network(const Question::Node& node, std::string_view address) {
  std::array<char, 16> bytes{};
  const std::string text(address);
  const int family = node.network.size() == 4 ? AF_INET : AF_INET6;
  if (::inet_pton(family, text.c_str(), bytes.data()) != 1) return false;
  for (unsigned bit = 0; bit < node.bits; bit += 8) {
    const unsigned left = std::min(8U, node.bits - bit);
    const auto difference = static_cast<unsigned char>(bytes[bit / 8] ^ node.network[bit / 8]);
    if ((difference >> (8U - left)) != 0) return false;
  }
  return true;
}

}  // namespace

bool glob_matches(std::string_view pattern, std::string_view text) {
  std::size_t p = 0;
  std::size_t t = 0;
  std::size_t star = std::string_view::npos;
  std::size_t retry = 0;
  while (t < text.size()) {
    const bool escaped = p + 1 < pattern.size() && pattern[p] == '\\';
    if (p < pattern.size() && pattern[p] == '*' && !escaped) {
      star = p++;
      retry = t;
    } else if (escaped ? pattern[p + 1] == text[t]
                       : p < pattern.size() && (pattern[p] == '?' || pattern[p] == text[t])) {
      p += escaped ? 2 : 1;
      ++t;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      t = ++retry;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

bool holds_whole(std::string_view text, std::string_view word) {
  if (word.empty()) return true;
  const bool left_compound = any_joiner(word.substr(0, run_length(word.begin(), word.end())));
  const bool right_compound = any_joiner(word.substr(word.size() - run_length(word.rbegin(), word.rend())));
  for (std::size_t at = text.find(word); at != std::string_view::npos; at = text.find(word, at + 1)) {
    const std::size_t end = at + word.size();
    bool whole = true;
    if (is_word_byte(word.front()) && at > 0) {
      whole = !is_word_byte(text[at - 1]) &&
              !(left_compound && is_joiner_byte(text[at - 1]) && at > 1 && is_word_byte(text[at - 2]));
    }
    if (whole && is_word_byte(word.back()) && end < text.size()) {
      whole = !is_word_byte(text[end]) &&
              !(right_compound && is_joiner_byte(text[end]) && end + 1 < text.size() && is_word_byte(text[end + 1]));
    }
    if (whole) return true;
  }
  return false;
}

event::Event event_of(const Record& record) {
  event::ParseContext context;
  context.received = record.received;
  const auto transport =
      event::is_transport(record.transport) ? static_cast<event::Transport>(record.transport) : event::Transport::hub;
  // "<agency>/<device>/<stream>"; the stream may hold '/'.
  std::string_view stream = record.source;
  for (int i = 0; i < 2; ++i) stream.remove_prefix(std::min(stream.find('/'), stream.size() - 1) + 1);
  return event::parse(transport, stream, record.raw, context);
}

// What is made of a record at most once, when first asked for.
struct Question::Look {
  const Record& record;
  std::optional<std::string> folded{};
  std::optional<event::Event> event{};
};

void Question::narrow(SearchQuery& query) const {
  if (!root_) return;
  std::vector<std::size_t> needed = {*root_};
  for (std::size_t i = 0; i < needed.size(); ++i) {
    const Node& node = nodes_[needed[i]];
    if (node.kind == Kind::all_of) needed.insert(needed.end(), node.children.begin(), node.children.end());
    if (query.folded_words.size() >= question_parts_max) return;
    if (node.kind == Kind::text && !node.wild) query.folded_words.push_back(node.text);
    // An address stands in the record as it stands in the field.
    if (node.kind == Kind::field && !node.wild && node.fields.front().ends_with(".ip") && is_ipv4(node.text)) {
      query.folded_words.push_back(node.text);
    }
  }
}

bool Question::matches(const Record& record) const {
  Look look{record};
  return !root_ || holds(*root_, look);
}

bool Question::holds(std::size_t index, Look& look) const {
  const Node& node = nodes_[index];
  const auto child_holds = [&](std::size_t child) { return holds(child, look); };
  switch (node.kind) {
    case Kind::all_of:
      return std::ranges::all_of(node.children, child_holds);
    case Kind::any_of:
      return std::ranges::any_of(node.children, child_holds);
    case Kind::none_of:
      return std::ranges::none_of(node.children, child_holds);
    case Kind::text:
      return holds_text(node, look);
    case Kind::field:
    case Kind::number:
    case Kind::network:
      break;
  }
  return std::ranges::any_of(node.fields, [&](const std::string& name) {
    if (name == "source") return holds_value(node, look.record.source);
    if (!look.event) look.event = event_of(look.record);
    const auto value = look.event->get(std::string_view(name));
    return value && holds_value(node, *value);
  });
}

bool Question::holds_text(const Node& node, Look& look) const {
  if (!look.folded) look.folded = fold_vietnamese(look.record.raw);
  const std::string& text = *look.folded;
  if (!node.wild) return holds_whole(text, node.text);
  // Each run of token bytes, then each word in it.
  for (std::size_t at = 0; at < text.size();) {
    if (!is_token_byte(text[at])) {
      ++at;
      continue;
    }
    const std::size_t end = at + run_length(text.begin() + static_cast<std::ptrdiff_t>(at), text.end());
    const std::string_view run = std::string_view(text).substr(at, end - at);
    if (glob_matches(node.text, run)) return true;
    for (std::size_t word = 0; word < run.size();) {
      const auto* last = std::find_if_not(run.begin() + word, run.end(), is_word_byte);
      const auto size = static_cast<std::size_t>(last - run.begin()) - word;
      if (size > 0 && size < run.size() && glob_matches(node.text, run.substr(word, size))) return true;
      word += size + 1;
    }
    at = end;
  }
  return false;
}

bool Question::holds_value(const Node& node, std::string_view value) {
  if (node.kind == Kind::network) return in_network(node, value);
  if (node.kind == Kind::number) {
    double number = 0;
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
    if (error != std::errc() || end != value.data() + value.size()) return false;
    return (node.low_open ? number > node.low : number >= node.low) &&
           (node.high_open ? number < node.high : number <= node.high);
  }
  const std::string folded = fold_vietnamese(value);
  return node.wild ? glob_matches(node.text, folded) : folded == node.text;
}

}  // namespace luy::evidence
