#include "paper/number.h"

#include <chrono>

#include "base/utf8.h"

namespace luy::paper {
namespace {

// Capitals of the Vietnamese alphabet and its digits; Đ is the one letter outside ASCII that symbols use ("CĐ", "NĐ").
bool is_symbol(std::string_view text) {
  if (text.empty() || text.starts_with('-') || text.ends_with('-')) return false;
  constexpr std::string_view d_with_stroke = "Đ";
  while (!text.empty()) {
    if (text.starts_with(d_with_stroke)) {
      text.remove_prefix(d_with_stroke.size());
      continue;
    }
    const char c = text.front();
    if (!((c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '&')) {
      // "TTr" and "TrS" have one small letter.
      if (c != 'r') return false;
    }
    text.remove_prefix(1);
  }
  return true;
}

std::size_t characters(std::string_view text) {
  std::size_t count = 0;
  for (std::size_t size = utf8_character(text); size != 0; size = utf8_character(text)) {
    text.remove_prefix(size);
    ++count;
  }
  return count;
}

}  // namespace

Result<std::string> notation_of(unsigned number, const Symbol& symbol) {
  if (number > number_max) return Error(bad_notation, std::to_string(number));
  std::string groups;
  for (const std::string& group : {symbol.kind, symbol.issuer, symbol.kind.empty() ? symbol.unit : std::string()}) {
    if (group.empty()) continue;
    if (!is_symbol(group)) return Error(bad_notation, "'" + std::string(utf8_front(to_utf8(group), 80)) + "'");
    groups += (groups.empty() ? "" : "-") + group;
  }
  if (symbol.issuer.empty()) return Error(bad_notation, "'" + groups + "'");
  if (characters(groups) > notation_characters_max) return Error(bad_notation, "'" + groups.substr(0, 80) + "'");
  const std::string digits = number == 0 ? "" : (number < 10 ? "0" : "") + std::to_string(number);
  return digits + "/" + groups;
}

int number_year(Day day) {
  return static_cast<int>(std::chrono::year_month_day(day).year());
}

Result<unsigned> take_number(NumberBook& book, const NumberSeries& series) {
  LUY_TRY(const unsigned last, book.last(series));
  if (last >= number_max) {
    return Error(numbers_used_up, series.kind + " " + std::to_string(series.year) + ": " + std::to_string(last));
  }
  LUY_TRY_VOID(book.take(series, last + 1));
  return last + 1;
}

}  // namespace luy::paper
