// What the fact documents look like, for people: the one table of kinds, and docs/format/facts.md made from it and
// from the members of the structs.
#pragma once

#include <array>
#include <string>
#include <string_view>

#include "fact/fact.h"

namespace luy::fact {

struct KindInfo {
  Kind kind;
  std::string_view name;  // As in the document's "fact" and in the stream "fact/<name>".
  std::string_view vi;
  std::string_view en;
};

// In the order of Kind.
const std::array<KindInfo, kind_count>& kinds();

// The whole text of docs/format/facts.md.
std::string facts_markdown();

}  // namespace luy::fact
