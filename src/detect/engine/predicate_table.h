// The predicates of a Program while it is being made: each question about one field is kept once, however many rules
// ask it.
#pragma once

#include <map>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/result.h"
#include "detect/engine/program.h"

namespace luy::detect {

class PredicateTable {
 public:
  explicit PredicateTable(Program& program) : program_(program) {}

  // The number of the test's predicate, with the rule's field names replaced after `fields`.
  std::uint32_t intern(const Test& test, const FieldMap& fields);
  // "The field has a value."
  std::uint32_t presence(std::uint32_t slot);

  // Whether a field's index answers it at no cost worth mentioning, needed or not.
  static bool is_always_eager(const Predicate& predicate);
  // Marks those.
  void settle_eager();
  // Makes Program::indexes and Program::regexes. Error: bad_regex.
  Result<void> build_indexes();
  // The number in Program::keywords of the database for these predicates, made where it is new; no_slot for none of
  // them. Error: bad_regex.
  Result<std::uint32_t> keywords(const std::vector<std::uint32_t>& predicates);

 private:
  std::uint32_t slot_of(const std::string& field);
  std::uint32_t keep(const std::string& key, Predicate predicate, const Test* test);
  void put_in_index(const Predicate& predicate, std::uint32_t number);

  Program& program_;
  std::unordered_map<std::string, std::uint32_t> slots_;
  std::unordered_map<std::string, std::uint32_t> numbers_;
  std::map<std::vector<std::uint32_t>, std::uint32_t> keywords_;
};

}  // namespace luy::detect
