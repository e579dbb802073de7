// The registers of address plans and links, with what is owed for them, and what on the networks is not as they say.
//
// Threads: every function from any thread; those that write wait for the disk, the others read what is in memory.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <shared_mutex>
#include <string>
#include <vector>

#include "base/random.h"
#include "directory/audit.h"
#include "premises/drift.h"
#include "premises/duty_record.h"
#include "premises/line.h"
#include "premises/watch.h"
#include "records/database.h"

namespace luy::premises {

class LineBook {
 public:
  struct Dependencies {
    records::Database& database;
    directory::AuditTrail& audit;
    const Clock& clock;
    Random& random;
    // Of an agency: what its duties 6.11 and 6.12 are judged by is another now. May be empty.
    std::function<void(const AgencyId&)> changed;
  };
  // Errors: those of the database.
  static Result<std::unique_ptr<LineBook>> open(Dependencies dependencies);

  std::vector<Subnet> subnets() const;              // Those of the plans, in order of agency and range.
  std::vector<Line> lines(bool with_ended) const;   // In order of agency and name.
  Result<Subnet> subnet(const SubnetId& id) const;  // Errors: subnet_unknown.
  Result<Line> line(const LineId& id) const;        // Errors: line_unknown.
  // When the agency's plan last changed; nullopt: it never had one.
  std::optional<Time> plan_changed_at(const AgencyId& agency) const;
  // Ranges of the dedicated data network, by the agency's plan.
  std::vector<std::string> dedicated_ranges(const AgencyId& agency) const;
  // Whether a living link of the agency to the dedicated network has no terms of use on record.
  bool misses_terms(const AgencyId& agency) const;

  // The acts are "subnet_put", "subnet_remove", "line_put", "line_end" and "line_notice". Errors of all that write:
  // text_invalid, holds_secret, those of the database. An empty id is a new entry.
  // Errors: subnet_unknown, subnet_invalid, subnet_taken, lines_changed, lines_too_many.
  Result<Subnet> put(const directory::Caller& caller, Subnet wanted);
  Result<void> remove(const directory::Caller& caller, const SubnetId& id, std::string_view reason);
  // Errors: line_unknown, line_ended, line_invalid, lines_changed, lines_too_many.
  Result<Line> put(const directory::Caller& caller, Line wanted);
  Result<Line> end(const directory::Caller& caller, const LineId& id, std::string_view reason);
  // The province was told. Errors: line_unknown, line_ended, line_not_internet, line_invalid.
  Result<Line> note_notice(const directory::Caller& caller, const LineId& id, Day day, std::string_view document);

  // What was found beside the registers just now; whose agencies' duties differ by it is told to `changed`.
  void set_drifts(std::vector<Drift> drifts);
  std::vector<Drift> drifts() const;

  // internet_notice (6.12).
  DutyRecord notice_record(const AgencyId& agency) const;
  Conditions conditions() const;

 private:
  explicit LineBook(Dependencies dependencies) : d_(std::move(dependencies)) {}
  Result<void> load();
  void tell(const AgencyId& agency) const;
  Result<Line> living(const LineId& id) const;
  Result<Line> act(const directory::Caller& caller, const char* name, Line before, Line after);

  const Dependencies d_;
  mutable std::shared_mutex mutex_;     // Guards what follows; not held while the disk works.
  std::map<SubnetId, Subnet> subnets_;  // Also what was removed.
  std::map<LineId, Line> lines_;        // Also what ended.
  std::vector<Drift> drifts_;
};

}  // namespace luy::premises
