// All predicates of one field that a value can announce by itself, so that one pass over the value finds those that
// hold. Immutable once made.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "detect/engine/affix_trie.h"
#include "detect/engine/database.h"
#include "detect/fold.h"

namespace luy::detect {

class FieldIndex {
 public:
  // What goes in; texts are folded.
  void add_exact(std::string_view text, std::uint32_t id) { exact_[std::string(text)].push_back(id); }
  void add_prefix(std::string_view text, std::uint32_t id) { prefixes_.add(text, id); }
  void add_suffix(std::string_view text, std::uint32_t id) { suffixes_.add(text, id); }
  void add_literal(std::string_view text, std::uint32_t id);  // Anywhere in the value.
  void add_present(std::uint32_t id) { present_.push_back(id); }
  // Compiles. Error: bad_regex.
  Result<void> finish();

  bool empty() const { return !used_; }
  // Whether a pass costs enough for its result to be worth remembering.
  bool is_costly() const { return literals_ || wide_literals_; }
  void fit(Scratch& scratch) const;

  // Calls found(id) for each predicate announced; one may come more than once.
  template <class Found>
  void scan(std::string_view folded, const Scratch& scratch, Found&& found) const {
    for (const std::uint32_t id : present_) found(id);
    if (folded.size() <= exact_size_max_ && !exact_.empty()) {
      if (const auto same = exact_.find(folded); same != exact_.end()) {
        for (const std::uint32_t id : same->second) found(id);
      }
    }
    if (!prefixes_.empty()) prefixes_.walk(folded, found);
    if (!suffixes_.empty()) suffixes_.walk(folded, found);
    if (literals_ && !folded.empty()) scratch.scan(literals_, folded, found);
    // Literals beyond ASCII, thousands in some rules, are looked for only where they can be.
    if (wide_literals_ && has_non_ascii(folded)) scratch.scan(wide_literals_, folded, found);
  }

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
  };
  struct Literal {
    std::string text;
    std::uint32_t id;
  };

  bool used_ = false;
  std::size_t exact_size_max_ = 0;
  std::unordered_map<std::string, std::vector<std::uint32_t>, Hash, std::equal_to<>> exact_;
  AffixTrie prefixes_{AffixTrie::End::front};
  AffixTrie suffixes_{AffixTrie::End::back};
  std::vector<std::uint32_t> present_;
  std::vector<Literal> pending_;
  Database literals_;
  Database wide_literals_;
};

}  // namespace luy::detect
