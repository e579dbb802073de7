// A form and what was entered make a document. Nothing is guessed: a mandatory field that is empty, a value of the
// wrong kind and a field the form does not have are errors by the names people know them by.
#pragma once

#include <boost/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "paper/document.h"
#include "paper/number.h"
#include "paper/template.h"

namespace luy::paper {

inline constexpr std::size_t data_bytes_max = 8 << 20;
inline constexpr std::size_t data_depth_max = 16;

inline constexpr ErrorKind bad_data{"paper.bad_data", ErrorClass::invalid,
                                    "Dữ liệu của văn bản không đọc được: {}. Hãy kiểm tra tệp JSON.",
                                    "The document's data cannot be read: {}. Check the JSON."};
inline constexpr ErrorKind missing_fields{"paper.missing_fields", ErrorClass::invalid,
                                          "Còn thiếu thông tin bắt buộc: {}. Hãy điền đủ rồi làm lại.",
                                          "Mandatory information is missing: {}. Fill it in and try again."};
inline constexpr ErrorKind unknown_field{"paper.unknown_field", ErrorClass::invalid,
                                         "Biểu mẫu không có trường {}. Hãy bỏ hoặc sửa tên trường.",
                                         "The form has no field {}. Remove it or correct its name."};
inline constexpr ErrorKind bad_field{"paper.bad_field", ErrorClass::invalid, "Giá trị không hợp lệ: {}. Hãy sửa lại.",
                                     "A value is not valid: {}. Correct it."};

// Who issues the paper, as it stands at its head.
struct Letterhead {
  std::string superior;  // Capitals; may be empty (F-7.28).
  std::string issuer;    // Capitals.
  std::string agency;    // The issuer's name in a sentence.
  std::string place;
  std::string symbol;  // "UBND"
  std::string unit;    // Of letters: "VP".
  std::string contact;
  bool operator==(const Letterhead&) const = default;
};

// Everything of one paper that is not in its form.
struct PaperData {
  Letterhead letterhead;
  unsigned number = 0;  // 0: not numbered yet.
  Day date{};
  Time created{};                       // Of the file; the day's beginning where none is given.
  std::vector<std::string> recipients;  // Empty: the form's.
  std::vector<std::string> copies;      // Empty: the form's.
  std::vector<Signature> signatures;    // Empty: the form's signers without names.
  std::vector<EvidenceMark> evidence;
  Urgency urgency = Urgency::none;
  std::string circulation;
  boost::json::object fields;
};

// {"letterhead": {…}, "number": 5, "date": "2026-02-05", "signatures": [{"authority": […], "name": …}], "fields": {…},
// …}; docs/format/forms.md. Errors: bad_data, with the path of what is wrong.
Result<PaperData> parse_paper_data(std::string_view json);

// Errors: missing_fields (all of them, by their labels), unknown_field, bad_field, bad_notation (number.h).
Result<Document> fill_form(const Form& form, const PaperData& data);

}  // namespace luy::paper
