#include "detect/engine/regex.h"

#include <re2/re2.h>

#include <algorithm>
#include <cstdlib>

#include "detect/error.h"

namespace luy::detect {
namespace {

unsigned flags_of(bool cased, bool dot_all, bool multi_line) {
  return (cased ? 0U : HS_FLAG_CASELESS) | (dot_all ? HS_FLAG_DOTALL : 0U) | (multi_line ? HS_FLAG_MULTILINE : 0U);
}

unsigned hs_flags(bool cased, bool dot_all, bool multi_line) {
  return flags_of(cased, dot_all, multi_line) | HS_FLAG_UTF8 | HS_FLAG_ALLOWEMPTY;
}

std::unique_ptr<re2::RE2> searcher_for(const std::string& text, bool cased, bool dot_all, bool multi_line) {
  RE2::Options options(RE2::Quiet);
  options.set_case_sensitive(cased);
  options.set_dot_nl(dot_all);
  return std::make_unique<re2::RE2>((multi_line ? "(?m)" : "") + text, options);
}

// The expression as RE2 has to read it to mean the same: a '$' at the end stands before a last line break too, as in
// PCRE and Vectorscan. "" when it holds '$' elsewhere.
std::string for_re2(const std::string& regex) {
  const std::size_t at = regex.find('$');
  if (at == std::string::npos) return regex;
  const std::string head = regex.substr(0, at);
  if (at + 1 != regex.size() || head.ends_with('\\')) return {};
  return head + "(?:\\n?\\z)";
}

}  // namespace

Regex::Regex() = default;
Regex::~Regex() = default;
Regex::Regex(Regex&&) noexcept = default;

Regex::Regex(const Test& test)
    : text_(test.text), cased_(test.cased), dot_all_(test.dot_all), multi_line_(test.multi_line) {
  hs_expr_info_t* info = nullptr;
  hs_compile_error_t* error = nullptr;
  if (hs_expression_info(text_.c_str(), hs_flags(cased_, dot_all_, multi_line_), &info, &error) == HS_SUCCESS) {
    bytes_min_ = info->min_width;
    std::free(info);
  } else {
    hs_free_compile_error(error);
  }
  const std::string same = multi_line_ ? text_ : for_re2(text_);
  if (!same.empty()) {
    searcher_ = searcher_for(same, cased_, dot_all_, multi_line_);
    if (searcher_->ok()) {
      text_ = same;
      return;
    }
    searcher_.reset();
  }
  auto database = Database::of_expressions({{text_, 0, flags_of(cased_, dot_all_, multi_line_)}});
  if (database) {
    database_ = *std::move(database);
  } else {
    make_searcher();
  }
}

void Regex::make_searcher() {
  if (searcher_ == nullptr) searcher_ = searcher_for(text_, cased_, dot_all_, multi_line_);
}

bool Regex::matches(std::string_view text, Scratch& scratch) const {
  if (text.size() < bytes_min_) return false;
  if (searcher_ != nullptr) return RE2::PartialMatch({text.data(), text.size()}, *searcher_);
  return scratch.any(database_, text);
}

Result<void> check_regex(const Test& test) {
  hs_expr_info_t* info = nullptr;
  hs_compile_error_t* error = nullptr;
  const unsigned flags = hs_flags(test.cased, test.dot_all, test.multi_line);
  if (hs_expression_info(test.text.c_str(), flags, &info, &error) != HS_SUCCESS) {
    const std::string why = error != nullptr ? error->message : "Vectorscan";
    hs_free_compile_error(error);
    return Error(bad_regex, why);
  }
  std::free(info);
  if (searcher_for(test.text, test.cased, test.dot_all, test.multi_line)->ok()) return {};
  const auto database = Database::of_expressions({{test.text, 0, flags_of(test.cased, test.dot_all, test.multi_line)}});
  return database ? Result<void>() : Result<void>(database.error());
}

}  // namespace luy::detect
