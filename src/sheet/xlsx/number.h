// Numbers of a workbook as the text a person sees: which formats are dates, and what a number says as one.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace luy::sheet::xlsx {

// Days are counted from two different ends of the last century; those of old Macintosh files from the later one.
enum class Epoch : std::uint8_t { year_1900, year_1904 };

// Whether a format's code shows a day or a time (ECMA-376 part 1, 18.8.31).
bool is_date_code(std::string_view code);
// The same of a format that has a number and no code (18.8.30).
bool is_date_format(unsigned number);

// A decimal number as XML writes it; nullopt for anything else and for what is not finite.
std::optional<double> number_of(std::string_view text);
// "123456789012", "0.1"; at most 15 digits, as office programs show.
std::string number_text(double value);
// "2026-11-23", "2026-11-23T07:30:00", or "07:30:00" of less than a day. nullopt for what is no day: before 1900, after
// 9999, and 29/02/1900, which the format has and the calendar has not.
std::optional<std::string> date_text(double serial, Epoch epoch);

}  // namespace luy::sheet::xlsx
