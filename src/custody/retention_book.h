// The rules of retention as two people set them, and the days whose content they have erased already.
//
// Threads: every function from any thread; they wait for the disk.
#pragma once

#include <boost/json.hpp>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/random.h"
#include "base/result.h"
#include "custody/retention.h"
#include "directory/pending.h"
#include "records/database.h"

namespace luy::custody {

inline constexpr std::string_view retention_set_act = "retention_set";
inline constexpr std::string_view retention_remove_act = "retention_remove";

// The longest time that any rule keeps; 0 without rules. Reads the table alone: for whoever deletes before anything
// else of the module is there. Errors: those of the database.
Result<int> longest_rule(records::Database& database);

// Every rule, oldest first. Errors: those of the database.
Result<std::vector<RetentionRule>> rules_in_force(records::Database& database);

// Of a rule without its id: for the acts and the audit trail.
boost::json::object to_json(const RetentionRule& rule);

class RetentionBook {
 public:
  struct Dependencies {
    records::Database& database;
    const Clock& clock;
    Random& random;
    std::function<std::vector<Place>()> places;  // Called in a transaction: touches memory only.
    int floor_days = 0;                          // Of the regulation, for all.
  };
  explicit RetentionBook(Dependencies dependencies) : d_(std::move(dependencies)) {}

  Result<std::vector<RetentionRule>> list() const;     // Oldest first.
  Result<RetentionRule> find(const RuleId& id) const;  // Errors: rule_unknown.
  // `rules` with the wanted one in the place of that of the same agency and class. Errors: those of check_rule().
  Result<std::vector<RetentionRule>> with(std::vector<RetentionRule> rules, const RetentionRule& wanted) const;

  // For PendingActs::add_kind(). Bodies: {"agency", "class", "keep_days", "erase_after_days", "reason", "above" (where
  // it is decided: the agency and its superiors), "by"}; {"rule", "reason", "above", "by"}. Errors: the policy's,
  // those of check_rule(), rule_unknown.
  directory::ActKind set_act();
  directory::ActKind remove_act();
  // The body of the first act, and back. Errors: rule_invalid.
  static boost::json::object body_of(const RetentionRule& rule);
  static Result<RetentionRule> rule_of(const boost::json::object& body);

  // What was erased of a day: a text that names agencies and classes; empty when nothing was.
  Result<std::map<Day, std::string>> erased() const;
  Result<void> note_erased(Day day, const std::string& what);
  Result<void> forget_before(Day first);  // Of days that are gone.

 private:
  const Dependencies d_;
};

}  // namespace luy::custody
