#include "detect/engine/field_index.h"

#include <algorithm>

namespace luy::detect {

void FieldIndex::add_literal(std::string_view text, std::uint32_t id) {
  pending_.push_back({std::string(text), id});
}

Result<void> FieldIndex::finish() {
  for (const auto& [text, ids] : exact_) exact_size_max_ = std::max(exact_size_max_, text.size());
  prefixes_.finish();
  suffixes_.finish();
  std::vector<Database::Literal> plain;
  std::vector<Database::Literal> wide;
  for (const Literal& one : pending_) (has_non_ascii(one.text) ? wide : plain).push_back({one.text, one.id});
  if (!plain.empty()) {
    LUY_TRY(literals_, Database::of_literals(plain));
  }
  if (!wide.empty()) {
    LUY_TRY(wide_literals_, Database::of_literals(wide));
  }
  used_ = !exact_.empty() || !prefixes_.empty() || !suffixes_.empty() || !present_.empty() || is_costly();
  pending_ = {};
  return {};
}

void FieldIndex::fit(Scratch& scratch) const {
  scratch.fit(literals_);
  scratch.fit(wide_literals_);
}

}  // namespace luy::detect
