// Values as they were entered: whether they fit their field, and how they read in a document.
#pragma once

#include <boost/json.hpp>
#include <string>
#include <string_view>

#include "base/result.h"
#include "paper/template.h"

namespace luy::paper {

// Nothing was entered: null, "", [] and {} alike.
bool is_empty(const boost::json::value* value);

// Errors: bad_field (fill.h), with the field's label in both languages and what would fit.
Result<void> check_value(const FormField& field, const boost::json::value& value);

// The rest takes values that check_value() let pass.

// As it stands in a sentence; empty for a value that is not there. Lists are joined by "; ". Filters: "boxes" of a
// choice; "long" of a date ("ngày 05 tháng 02 năm 2026"), "short" of a time ("08 giờ 30 phút, ngày 05/02/2026"), which
// is long without it.
Spans words_of_value(const FormField& field, const boost::json::value* value, std::string_view part,
                     std::string_view filter);
// One cell of a row, or one part of a person; empty when it is not there.
std::string cell_of(const boost::json::value& row, std::string_view part);
// "Nguyễn Văn An, Chánh Văn phòng, UBND phường Bỉm Sơn".
std::string person_words(const boost::json::value& person);
// Options with their boxes, in the form's order.
std::vector<Choice> boxes_of(const FormField& field, const boost::json::value* value);
// The ids chosen; for a flag "true" when it is set.
std::vector<std::string> ids_of(const FormField& field, const boost::json::value* value);
// "1.250.000".
std::string grouped(std::uint64_t number);
// A whole number of a cell; 0 when it is not there.
std::uint64_t number_of(const boost::json::value& row, std::string_view column);

}  // namespace luy::paper
