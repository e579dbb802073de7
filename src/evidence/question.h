// The language people search logs with, and whether a record answers a question. Pure.
//
//   question   = any ; any = all *( "OR" all ) ; all = part *( ["AND"] part )
//   part       = ( "-" | "!" | "NOT" ) part | "(" any ")" | condition
//   condition  = word | "phrase" | field ":" value | field ( ">" | ">=" | "<" | "<=" ) number
//   value      = word | "phrase" | address "/" bits | "[" number "TO" number "]" | ( ">" | ">=" | "<" | "<=" ) number
//
//   host:web1 AND sshd "failed password" -user:root ip:10.0.0.0/8 dur>5
//
// Words and phrases are whole tokens (evidence/token.h) and ignore case and diacritics: sshd finds "sshd[7]:" but not
// "sshds". '*' stands for any run of bytes of a token, '?' for one: ssh* finds sshd, *ssh* finds it anywhere. A value
// is compared with the whole field. Fields are those of event/field.h, the short names of short_fields(), "source" (the
// record's source) and, for every other name, the record's own labels. AND, OR, NOT and TO are written in capitals; a
// backslash takes the meaning from the character after it.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "event/event.h"
#include "evidence/query.h"
#include "evidence/record.h"

namespace luy::evidence {

inline constexpr std::size_t question_bytes_max = 4096;
inline constexpr std::size_t question_parts_max = 64;
inline constexpr unsigned question_depth_max = 16;

// The detail begins with the number of the character, from 1, where reading stopped.
inline constexpr ErrorKind question_invalid{"evidence.question_invalid", ErrorClass::invalid,
                                            "Câu tìm kiếm sai tại ký tự {}.", "The search is wrong at character {}."};

struct ShortField {
  std::string_view name;
  std::vector<std::string_view> fields;  // Any of these.
};
std::span<const ShortField> short_fields();

// The normalised event of a record; never fails.
event::Event event_of(const Record& record);

class Question {
 public:
  // Empty text asks for everything. Errors: question_invalid.
  static Result<Question> parse(std::string_view text);

  // Lets the store skip what cannot answer: adds to `query` what every answer must hold.
  void narrow(SearchQuery& query) const;
  bool matches(const Record& record) const;
  // Whether a record's event is looked at, which costs more than its bytes.
  bool needs_event() const { return needs_event_; }

  // Private to the parser and the tests of this module.
  enum class Kind : std::uint8_t { all_of, any_of, none_of, text, field, number, network };
  struct Node {
    Kind kind = Kind::all_of;
    std::vector<std::size_t> children{};
    std::string text{};  // Folded; of `field` the pattern, with '*' and '?' as they are and others escaped.
    bool wild = false;   // Holds '*' or '?'.
    std::vector<std::string> fields{};
    double low = 0;  // Of `number`; the bounds count where they are open.
    double high = 0;
    bool low_open = false;
    bool high_open = false;
    std::string network{};  // 4 or 16 bytes.
    unsigned bits = 0;
  };
  const std::vector<Node>& nodes() const { return nodes_; }

 private:
  friend class QuestionParser;
  struct Look;
  bool holds(std::size_t node, Look& look) const;
  bool holds_text(const Node& node, Look& look) const;
  static bool holds_value(const Node& node, std::string_view value);

  std::vector<Node> nodes_;
  std::optional<std::size_t> root_;
  bool needs_event_ = false;
};

// Whether `pattern` describes all of `text`: '*' any run, '?' one byte, '\' the next byte as it is. Linear in practice,
// at most the product of both sizes.
bool glob_matches(std::string_view pattern, std::string_view text);
// Whether folded `text` holds the folded word as whole tokens.
bool holds_whole(std::string_view text, std::string_view word);

}  // namespace luy::evidence
