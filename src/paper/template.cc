#include "paper/template.h"

#include <array>

namespace luy::paper {
namespace {

constexpr std::array<std::string_view, field_type_count> type_names = {
    "text",   "long_text", "date", "time",  "datetime", "number", "flag",
    "choice", "choices",   "list", "table", "person",   "persons"};

}  // namespace

std::string_view name_of(FieldType value) {
  return type_names.at(static_cast<std::size_t>(value));
}

std::optional<FieldType> field_type_from_name(std::string_view name) {
  for (std::size_t i = 0; i < type_names.size(); ++i) {
    if (type_names.at(i) == name) return static_cast<FieldType>(i);
  }
  return std::nullopt;
}

const FormField* Form::field(std::string_view field_id) const {
  for (const FormField& one : fields) {
    if (one.id == field_id) return &one;
  }
  return nullptr;
}

}  // namespace luy::paper
