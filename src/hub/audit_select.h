// Which entries of the audit trail fit a filter and may be seen by somebody, newest first: out of the index, and of the
// newest, which the index does not know yet, out of the evidence itself. Private to the routes of the trail.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <stop_token>
#include <vector>

#include "directory/policy.h"
#include "hub/audit_index.h"
#include "hub/evidence_api.h"

namespace luy::hub {

class AuditSelection {
 public:
  // Entries where the actor holds all of `actions`; their own need no more than the reach `own`. Borrows everything.
  AuditSelection(const EvidenceApi& evidence, const AuditIndex& index, AuditFilter filter,
                 const directory::Actor& actor, std::vector<directory::Action> actions);
  // Ends early: when so many entries were looked at, or `enough` says so. Without it nothing does.
  void set_budget(std::size_t rows_max, std::function<bool()> enough);

  using Take = std::function<Result<evidence::Visit>(const AuditPlace&)>;
  // Those below `before`, until `take` says stop. Answers where to go on; nullopt when there is nothing left. Errors:
  // those of `take`, of the store and of the database.
  Result<std::optional<std::uint64_t>> run(std::uint64_t before, std::stop_token gone, const Take& take);

 private:
  using Next = std::optional<std::uint64_t>;
  bool is_visible(const AuditPlace& place);
  // Whether to go on; `next_` is where.
  Result<bool> offer(const AuditPlace& place, const Take& take);
  Result<bool> read_newest(std::uint64_t before, std::uint64_t known, std::stop_token gone, const Take& take);
  bool is_enough() const { return looked_at_ >= rows_max_ || (enough_ && enough_()); }

  const EvidenceApi& evidence_;
  const AuditIndex& index_;
  AuditFilter filter_;
  const directory::Actor& actor_;
  const std::vector<directory::Action> actions_;
  std::map<std::optional<AgencyId>, bool> visible_;
  std::size_t rows_max_ = SIZE_MAX;
  std::function<bool()> enough_;
  std::size_t looked_at_ = 0;
  std::uint64_t next_ = 0;
};

}  // namespace luy::hub
