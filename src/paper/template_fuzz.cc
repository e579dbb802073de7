// Any bytes as a form: refused with its place, or a form that can be filled with anything its fields allow.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "paper/fill.h"
#include "paper/template.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace luy::paper;
  const luy::Result<Form> form = parse_form("x/a.yaml", {reinterpret_cast<const char*>(data), size});
  if (!form) {
    if (!form.error().detail().starts_with("x/a.yaml:")) std::abort();
    return 0;
  }
  if (form->id != "a" || form->fields.size() > form_fields_max) std::abort();
  PaperData paper;
  paper.letterhead = {"", "A", "a", "b", "C", "", ""};
  paper.date = *luy::day_from_iso("2026-02-05");
  for (const FormField& field : form->fields) {
    if (field.type == FieldType::choice) paper.fields[field.id] = field.options.front().id;
    if (field.type == FieldType::text || field.type == FieldType::long_text) paper.fields[field.id] = "x";
    if (field.type == FieldType::number) paper.fields[field.id] = 7;
    if (field.type == FieldType::list) paper.fields[field.id] = boost::json::array{"x", "y"};
  }
  const luy::Result<Document> document = fill_form(*form, paper);
  if (!document && !document.error().is(missing_fields) && !document.error().is(bad_notation)) std::abort();
  return 0;
}
