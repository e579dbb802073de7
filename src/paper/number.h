// Numbers of official documents: from 01 on 1 January to 31 December, per agency and kind (decree 30/2020, article 15;
// F-7.22), and the notation they stand in (F-7.6, F-7.23). Pure, but for the book that remembers, which others
// implement.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"

namespace luy::paper {

inline constexpr unsigned number_max = 99'999;              // Metadata field CodeNumber holds 11 characters (F-7.27).
inline constexpr std::size_t notation_characters_max = 30;  // Metadata field CodeNotation (F-7.27).

inline constexpr ErrorKind bad_notation{
    "paper.bad_notation", ErrorClass::invalid,
    "Số, ký hiệu văn bản không hợp lệ: {}. Ký hiệu gồm chữ in hoa, chữ số và dấu gạch nối, không quá 30 ký tự.",
    "The number or symbol of the document is not valid: {}. Symbols are capitals, digits and hyphens, at most 30 "
    "characters."};
inline constexpr ErrorKind numbers_used_up{
    "paper.numbers_used_up", ErrorClass::conflict,
    "Đã hết số văn bản trong năm: {}. Hãy kiểm tra sổ đăng ký văn bản đi.",
    "The numbers of the year are used up: {}. Check the register of outgoing documents."};

// What stands behind the number: kind "BB" and issuer "UBND" make "BB-UBND"; a letter has no kind and may name the
// drafting unit: "UBND-VP".
struct Symbol {
  std::string kind;    // F-7.23; empty for a letter.
  std::string issuer;  // "UBND", "VP"; may itself hold hyphens.
  std::string unit;    // Of letters only; may be empty.
  bool operator==(const Symbol&) const = default;
};

// "05/BB-UBND"; with number 0, for a document that has not got its own yet, "/BB-UBND". Numbers below 10 have a leading
// 0. Errors: bad_notation.
Result<std::string> notation_of(unsigned number, const Symbol& symbol);

// The year a document counts in: of its day in Vietnam.
int number_year(Day day);

// Which row of numbers a document belongs to.
struct NumberSeries {
  std::string agency;  // Id.
  std::string kind;    // "BB"; empty for letters, which have a row of their own.
  int year = 0;
  bool operator==(const NumberSeries&) const = default;
};

// Remembers the last number given of each series. Implementations store durably; take() is atomic.
class NumberBook {
 public:
  virtual ~NumberBook() = default;
  // 0 when none was given yet.
  virtual Result<unsigned> last(const NumberSeries& series) = 0;
  // Makes `number` the last one; paper.number_taken (number.h) when it is not the one after the present last.
  virtual Result<void> take(const NumberSeries& series, unsigned number) = 0;
};

inline constexpr ErrorKind number_taken{
    "paper.number_taken", ErrorClass::conflict, "Số văn bản {} vừa được cấp cho văn bản khác. Hãy cấp lại.",
    "Document number {} has just been given to another document. Take the next one."};

// Takes the next number of the series. Errors: number_taken (only when another taker was faster), numbers_used_up, and
// those of the book.
Result<unsigned> take_number(NumberBook& book, const NumberSeries& series);

}  // namespace luy::paper
