// Texts with places for values.
#pragma once

#include <string>
#include <string_view>
#include <variant>

#include "base/result.h"
#include "paper/template.h"

namespace luy::paper {

// What names may stand in braces.
struct PhraseScope {
  const Form* form = nullptr;
  const FormField* repeated = nullptr;  // Inside a repeat: its field, which "item" stands for.
};

// The values of the letterhead and the document that every form may use.
bool is_letterhead_name(std::string_view name);

struct PhraseFault {
  enum class Kind { syntax, unknown_name };
  Kind kind;
  std::string what;
};
// "{{" and "}}" stand for the braces themselves. The phrase, or what is wrong with it.
std::variant<Phrase, PhraseFault> parse_phrase(std::string_view text, const PhraseScope& scope);

}  // namespace luy::paper
