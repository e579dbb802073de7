#include "detect/engine/field_index.h"

#include <algorithm>

namespace luy::detect {

void FieldIndex::add_literal(std::string_view text, std::uint32_t id) {
  pending_.push_back({std::string(text), id});
}

Result<void> FieldIndex::finish() {
  exact_.finish();
  prefixes_.finish();
  suffixes_.finish();
  std::vector<Database::Literal> plain;
  std::vector<Database::Literal> wide;
  for (const Literal& one : pending_) (has_non_ascii(one.text) ? wide : plain).push_back({one.text, one.id});
  if (!plain.empty()) {
    LUY_TRY(literals_, Database::of_literals(plain, Case::heeded));
  }
  if (!wide.empty()) {
    LUY_TRY(wide_literals_, Database::of_literals(wide, Case::heeded));
  }
  pending_ = {};
  return {};
}

void FieldIndex::fit(Scratch& scratch) const {
  scratch.fit(literals_);
  scratch.fit(wide_literals_);
}

bool FieldIndex::is_sound(std::uint32_t ids) const {
  return exact_.is_sound(ids) && prefixes_.is_sound(ids) && suffixes_.is_sound(ids) &&
         std::all_of(present_.begin(), present_.end(), [ids](std::uint32_t id) { return id < ids; });
}

}  // namespace luy::detect
