// All predicates of one field that a value can announce by itself, so that one pass over the value finds those that
// hold. Immutable once made.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "detect/engine/affix_trie.h"
#include "detect/engine/database.h"
#include "detect/engine/exact_table.h"
#include "detect/fold.h"

namespace luy::detect {

class FieldIndex {
 public:
  // What goes in; texts are folded.
  void add_exact(std::string_view text, std::uint32_t id) { exact_.add(text, id); }
  void add_prefix(std::string_view text, std::uint32_t id) { prefixes_.add(text, id); }
  void add_suffix(std::string_view text, std::uint32_t id) { suffixes_.add(text, id); }
  void add_literal(std::string_view text, std::uint32_t id);  // Anywhere in the value.
  void add_present(std::uint32_t id) { present_.push_back(id); }
  // Compiles. Error: bad_regex.
  Result<void> finish();

  // Whether a pass costs enough for its result to be worth remembering.
  bool is_costly() const { return literals_ || wide_literals_; }
  void fit(Scratch& scratch) const;

  // Calls found(id) for each predicate announced; one may come more than once.
  template <class Found>
  void scan(std::string_view folded, const Scratch& scratch, Found&& found) const {
    for (const std::uint32_t id : present_) found(id);
    exact_.find(folded, found);
    if (!prefixes_.empty()) prefixes_.walk(folded, found);
    if (!suffixes_.empty()) suffixes_.walk(folded, found);
    if (literals_ && !folded.empty()) scratch.scan(literals_, folded, found);
    // Literals beyond ASCII, thousands in some rules, are looked for only where they can be.
    if (wide_literals_ && has_non_ascii(folded)) scratch.scan(wide_literals_, folded, found);
  }

  // For the cache (archive.h). Whether what was read names only predicates below `ids`; those that Vectorscan reports
  // are checked when it does.
  template <class Archive>
  void describe(Archive& archive) {
    exact_.describe(archive);
    prefixes_.describe(archive);
    suffixes_.describe(archive);
    archive.numbers(present_);
    archive.database(literals_);
    archive.database(wide_literals_);
  }
  bool is_sound(std::uint32_t ids) const;

 private:
  struct Literal {
    std::string text;
    std::uint32_t id;
  };

  ExactTable exact_;
  AffixTrie prefixes_{AffixTrie::End::front};
  AffixTrie suffixes_{AffixTrie::End::back};
  std::vector<std::uint32_t> present_;
  std::vector<Literal> pending_;
  Database literals_;
  Database wide_literals_;
};

}  // namespace luy::detect
