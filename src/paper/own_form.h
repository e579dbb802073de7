// A form as people change it on the hub: its text read with faults named for who edits it, what the pack's form binds
// it to, and values to look at it with. Pure.
#pragma once

#include <boost/json.hpp>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"
#include "paper/template.h"

namespace luy::paper {

inline constexpr std::size_t own_form_bytes_max = 256 << 10;  // Ten times the largest form we ship.

// The detail names line and column, both from 1, and what is wrong there.
inline constexpr ErrorKind form_bad{"paper.form_bad", ErrorClass::invalid,
                                    "Biểu mẫu có lỗi tại {}. Hãy sửa rồi làm lại.",
                                    "The form is not right at {}. Correct it and try again."};
inline constexpr ErrorKind form_binding{
    "paper.form_binding", ErrorClass::conflict,
    "Không được bỏ hoặc đổi trong biểu mẫu vì quy trình hoặc pháp luật cần: {}. Hãy giữ nguyên như bản gốc.",
    "The process or the law needs this as it stands in the original form: {}. Leave it as it was."};
inline constexpr ErrorKind form_moved_on{
    "paper.form_moved_on", ErrorClass::conflict,
    "Biểu mẫu vừa được người khác sửa (phiên bản hiện hành: {}). Hãy mở lại rồi sửa tiếp.",
    "Somebody else has changed the form meanwhile (its version is {}). Open it again and go on from there."};
inline constexpr ErrorKind form_unknown{"paper.form_unknown", ErrorClass::not_found,
                                        "Không có biểu mẫu hoặc phiên bản này: {}.",
                                        "There is no such form, or no such version: {}."};
inline constexpr ErrorKind form_same{"paper.form_same", ErrorClass::conflict,
                                     "Nội dung biểu mẫu không thay đổi so với phiên bản {}.",
                                     "The form's text is that of version {} already."};

// A field that a process looks into.
struct NeededField {
  std::string id;
  FieldType type = FieldType::text;
  std::string option{};  // Of a choice; empty: any.
};

// `id` is the form's, which its text must repeat. Errors: form_bad, form_binding (another id).
Result<Form> parse_own_form(std::string_view id, std::string_view yaml);

// Number and kind, what `needs` names, and every field that the pack's form makes mandatory – with its options,
// columns, rows, condition and the places where it is printed – must be there still; a place under a `when` that the
// pack's form does not have is none. Errors: form_binding, naming all of them.
Result<void> check_own_form(const Form& pack, const Form& own, std::span<const NeededField> needs);

// A value for each field, as PaperData::fields has them, with which the form can be filled.
boost::json::object sample_fields(const Form& form);

}  // namespace luy::paper
