// What cases, reports and warnings say of the duties of the second article 10 and of articles 12 and 15.2.b in one
// agency, by the record types of the pack: incident_triage, incident_minutes, incident_report, joint_remedy,
// incident_closing (steps 1 to 5), incident_receipt, staff_report, warning, conflict_case (10.3), evidence_handover
// (14.1); provider_answer (9.2).
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "incident/case_book.h"
#include "incident/provider_book.h"
#include "incident/report_book.h"
#include "incident/warning_book.h"

namespace luy::incident {

// How far back done work counts.
inline constexpr std::chrono::days duty_days{365};

struct DutyRecord {
  std::size_t waiting = 0;  // Under way.
  std::size_t kept = 0;     // Done, of late.
  // Of those under way the one whose time ends first; those without a time come last.
  Text urgent{};
  std::optional<Time> due_at{};
  std::optional<Time> since{};
  std::string act{};  // That began it, as the audit trail knows it.
  // The newest of those done.
  std::optional<Time> newest{};
  std::string newest_act{};
};

// Everything of the agency, by record type; also those of which there is nothing. Warnings are the town's duty: of
// those the answers of every agency count that `is_below` the agency or is it. Errors: the database's.
using IsBelow = std::function<bool(const AgencyId& one, const AgencyId& agency)>;
Result<std::map<std::string, DutyRecord>> duty_records(const CaseBook& cases, const ReportBook& reports,
                                                       const WarningBook& warnings, const AgencyId& agency,
                                                       const IsBelow& is_below, Time now);

// What was asked of providers in the agency, for the kinds whose answers are such a record (ProviderRules::records).
// Errors: the database's.
Result<void> add_provider_records(const ProviderBook& providers, const AgencyId& agency, Time now,
                                  std::map<std::string, DutyRecord>& records);

}  // namespace luy::incident
