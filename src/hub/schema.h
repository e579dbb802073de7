// The part of JSON Schema (2020-12) that api/openapi.yaml uses, compiled once and checked without recursion limits of a
// peer's choosing: the depth of a value is bounded by the JSON parser, patterns run in RE2. A keyword that is not known
// here is an error when compiling, so that no rule of the contract is silently ignored.
#pragma once

#include <boost/json.hpp>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace luy::hub {

inline constexpr ErrorKind contract_invalid{
    "hub.contract_invalid", ErrorClass::invalid,
    "Tệp mô tả API không hợp lệ: {}. Hãy dùng tệp api/openapi.yaml đi kèm phiên bản này.",
    "The API contract is not valid: {}. Use the api/openapi.yaml that came with this version."};

// What is wrong with a value, for people: "items[3].name: at most 40 characters".
struct Fault {
  std::string vi;
  std::string en;
};

// One compiled schema. Owned by its SchemaSet, immutable.
class Schema {
 public:
  virtual ~Schema() = default;
  // nullopt when nothing is wrong. `place` begins the path.
  virtual std::optional<Fault> fault(const boost::json::value& value, const std::string& place) const = 0;
  // Whether plain text from a query should be read as a whole number before it is checked.
  virtual bool takes_integer() const = 0;
};

// Compiles schemas of one document; $ref to "#/components/schemas/…" is resolved once and shared, and may be recursive.
class SchemaSet {
 public:
  explicit SchemaSet(const boost::json::value& document);
  ~SchemaSet();
  SchemaSet(SchemaSet&&) noexcept;
  // Errors: contract_invalid with the place. The schema lives as long as the set.
  Result<const Schema*> compile(const boost::json::value& schema, const std::string& place);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace luy::hub
