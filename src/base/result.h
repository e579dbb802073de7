// Result<T>: a value or an Error, shaped like std::expected (has_value, *, ->, error) so that a newer compiler's type
// can take its place. Errors are what input, network, disk and peers cause; broken invariants abort instead
// (base/check.h).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "base/check.h"

namespace luy {

// What a caller can do about an error. Decides the HTTP status (api/error.h) and the exit code (cli).
enum class ErrorClass {
  invalid,  // The input is wrong; sending it again changes nothing.
  unauthenticated,
  denied,
  not_found,
  conflict,  // Right in itself, but the present state refuses it.
  too_large,
  busy,         // Try again later.
  unavailable,  // Something this needs is missing or out of order.
  corrupt,      // Stored data fails its own checks.
  io,
  internal,
};

// One kind of error: a stable name ("evidence.retention_floor") and what the administrator is told and should do, in
// Vietnamese and English; "{}" marks where the detail goes. Kinds are constants in their module's headers:
//   inline constexpr ErrorKind day_closed{"evidence.day_closed", ErrorClass::conflict, "Ngày {} đã khóa…", "Day {} is
//   closed…"};
struct ErrorKind {
  std::string_view name;
  ErrorClass error_class;
  std::string_view vi;
  std::string_view en;
};

// An error that happened: its kind and the particulars (a path, a field, a limit, an errno text), never a secret.
class Error {
 public:
  explicit Error(const ErrorKind& kind, std::string detail = {}) : kind_(&kind), detail_(std::move(detail)) {}
  // For a detail that is itself a sentence, in both languages.
  Error(const ErrorKind& kind, std::string detail_vi, std::string detail_en)
      : kind_(&kind), detail_(std::move(detail_en)), detail_vi_(std::move(detail_vi)) {}

  const ErrorKind& kind() const { return *kind_; }
  std::string_view name() const { return kind_->name; }
  ErrorClass error_class() const { return kind_->error_class; }
  const std::string& detail() const { return detail_; }

  // Whole sentences, the detail in its place (or after a colon where the kind has no place for it).
  std::string vi() const { return sentence(kind_->vi, detail_vi_ ? *detail_vi_ : detail_); }
  std::string en() const { return sentence(kind_->en, detail_); }

  // For logs and test output: "name: English sentence".
  std::string text() const { return std::string(kind_->name) + ": " + en(); }

  bool is(const ErrorKind& kind) const { return kind_->name == kind.name; }

 private:
  static std::string sentence(std::string_view pattern, const std::string& detail);

  const ErrorKind* kind_;
  std::string detail_;
  std::optional<std::string> detail_vi_;  // Only where it differs.
};

template <class T>
class [[nodiscard]] Result {
 public:
  using value_type = T;

  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}  // NOLINT: implicit, like std::expected.
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}

  bool has_value() const { return state_.index() == 0; }
  explicit operator bool() const { return has_value(); }

  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(value()); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

  // Aborts with the error's text when there is no value: for tests and for what was just checked.
  T& value() {
    LUY_CHECK_MSG(has_value(), std::get<1>(state_).text());
    return std::get<0>(state_);
  }
  const T& value() const {
    LUY_CHECK_MSG(has_value(), std::get<1>(state_).text());
    return std::get<0>(state_);
  }
  const Error& error() const {
    LUY_CHECK(!has_value());
    return std::get<1>(state_);
  }

 private:
  std::variant<T, Error> state_;
};

template <>
class [[nodiscard]] Result<void> {
 public:
  using value_type = void;

  Result() = default;
  Result(Error error) : error_(std::move(error)) {}

  bool has_value() const { return !error_; }
  explicit operator bool() const { return has_value(); }
  void value() const { LUY_CHECK_MSG(has_value(), error_->text()); }
  const Error& error() const {
    LUY_CHECK(!has_value());
    return *error_;
  }

 private:
  std::optional<Error> error_;
};

}  // namespace luy

#define LUY_CONCAT_INNER(a, b) a##b
#define LUY_CONCAT(a, b) LUY_CONCAT_INNER(a, b)

// LUY_TRY(auto x, f());  declares x from f()'s value, or returns f()'s error.
#define LUY_TRY(declaration, ...) LUY_TRY_INNER(LUY_CONCAT(luy_result_, __LINE__), declaration, __VA_ARGS__)
#define LUY_TRY_INNER(result, declaration, ...) \
  auto result = (__VA_ARGS__);                  \
  if (!result) return result.error();           \
  declaration = *std::move(result)

// LUY_TRY_VOID(f());  returns f()'s error, if there is one.
#define LUY_TRY_VOID(...)                                                           \
  do {                                                                              \
    if (auto luy_result_ = (__VA_ARGS__); !luy_result_) return luy_result_.error(); \
  } while (false)
