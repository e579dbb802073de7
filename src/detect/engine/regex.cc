#include "detect/engine/regex.h"

#include <re2/re2.h>

#include <cstdlib>

#include "detect/error.h"

namespace luy::detect {
namespace {

unsigned flags_of(bool cased, bool dot_all, bool multi_line) {
  return (cased ? 0U : HS_FLAG_CASELESS) | (dot_all ? HS_FLAG_DOTALL : 0U) | (multi_line ? HS_FLAG_MULTILINE : 0U);
}

std::unique_ptr<re2::RE2> make_stand_in(const std::string& text, bool cased, bool dot_all, bool multi_line) {
  RE2::Options options(RE2::Quiet);
  options.set_case_sensitive(cased);
  options.set_dot_nl(dot_all);
  return std::make_unique<re2::RE2>((multi_line ? "(?m)" : "") + text, options);
}

}  // namespace

Regex::Regex(const Test& test)
    : text_(test.text), cased_(test.cased), dot_all_(test.dot_all), multi_line_(test.multi_line) {}
Regex::~Regex() = default;

void Regex::compile() const {
  auto database = Database::of_expressions({{text_, 0, flags_of(cased_, dot_all_, multi_line_)}});
  if (database) {
    database_ = *std::move(database);
  } else {
    stand_in_ = make_stand_in(text_, cased_, dot_all_, multi_line_);
  }
}

bool Regex::matches(std::string_view text, Scratch& scratch) const {
  std::call_once(once_, [this] { compile(); });
  if (stand_in_ != nullptr) return RE2::PartialMatch({text.data(), text.size()}, *stand_in_);
  return scratch.any(database_, text);
}

Result<void> check_regex(const Test& test) {
  hs_expr_info_t* info = nullptr;
  hs_compile_error_t* error = nullptr;
  const unsigned flags = flags_of(test.cased, test.dot_all, test.multi_line) | HS_FLAG_UTF8 | HS_FLAG_ALLOWEMPTY;
  if (hs_expression_info(test.text.c_str(), flags, &info, &error) != HS_SUCCESS) {
    const std::string why = error != nullptr ? error->message : "Vectorscan";
    hs_free_compile_error(error);
    return Error(bad_regex, why);
  }
  std::free(info);
  if (make_stand_in(test.text, test.cased, test.dot_all, test.multi_line)->ok()) return {};
  const auto database = Database::of_expressions({{test.text, 0, flags_of(test.cased, test.dot_all, test.multi_line)}});
  return database ? Result<void>() : Result<void>(database.error());
}

}  // namespace luy::detect
