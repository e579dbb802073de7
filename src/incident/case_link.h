// Which cases something is in: what a finding and the page of a device, an account or an address point at.
#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "incident/case.h"
#include "records/database.h"

namespace luy::incident {

struct NamedCase {
  CaseId id;
  std::string number;
  AgencyId agency;
  std::string title;
  std::string state;
  bool operator==(const NamedCase&) const = default;
};

// Parts that people named entities with, looked through at most; the newest.
inline constexpr std::int64_t entity_parts_max = 5000;

// The case each of them is in, of several that which took the others in; those in none are left out. One read of the
// database. Errors: the database's.
Result<std::map<finding::FindingId, NamedCase>> cases_of_findings(const records::Database& database,
                                                                  std::span<const finding::FindingId> findings);
// Cases in which people named it, or that hold one of the findings; newest first. Errors: the database's.
Result<std::vector<NamedCase>> cases_naming(const records::Database& database, finding::EntityType type,
                                            const std::string& value, std::span<const finding::FindingId> findings);

}  // namespace luy::incident
