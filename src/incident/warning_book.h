// Warnings of the town office (article 12.3): written once, sent to agencies, each of which reads, acts and reports by
// a day. Each act is one transaction with its entry in the audit trail.
//
// Threads: every function from any thread; they wait for the disk.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/random.h"
#include "base/result.h"
#include "directory/audit.h"
#include "incident/case.h"
#include "records/database.h"

namespace luy::incident {

using WarningId = Id<struct WarningTag>;

inline constexpr ErrorKind warning_unknown{"incident.warning_unknown", ErrorClass::not_found,
                                           "Không tìm thấy cảnh báo này.", "There is no such warning."};
inline constexpr ErrorKind warning_order{
    "incident.warning_order", ErrorClass::conflict,
    "Cơ quan phải đọc, thực hiện rồi mới báo cáo, mỗi việc một lần; chưa hoặc không còn làm được: {}.",
    "An agency reads, acts and reports, in this order and once each; not now: {}."};
inline constexpr ErrorKind warning_due_over{"incident.warning_due_over", ErrorClass::invalid,
                                            "Hạn thực hiện {} đã qua. Hãy chọn thời điểm sau hiện tại.",
                                            "The time {} is over already. Choose a later one."};

inline constexpr std::size_t receivers_max = 2000;

enum class WarningStep : std::uint8_t { read, acted, reported };
inline constexpr std::size_t warning_step_count = 3;
std::string_view name_of(WarningStep step);
std::optional<WarningStep> warning_step_from_name(std::string_view name);

struct Warning {
  struct Answer {
    Time at;
    std::string by;
    std::string act;  // Under which the audit trail knows it ("proof_of").
  };
  struct Receiver {
    AgencyId agency;
    std::optional<Answer> answers[warning_step_count];  // By WarningStep.
    std::string report;

    bool is_done() const { return answers[warning_step_count - 1].has_value(); }
  };
  WarningId id;
  std::string number;  // "CB-2026-003"
  std::string title, risk, affected, actions;
  Time due;
  Time issued_at;
  std::string issued_by;
  std::string act;
  std::vector<Receiver> receivers;
};

struct NewWarning {
  std::string title;
  std::string risk;
  std::string affected;  // Products, systems.
  std::string actions;   // What to do.
  Time due;
  std::vector<AgencyId> agencies;
};

class WarningBook {
 public:
  struct Dependencies {
    records::Database& database;
    directory::AuditTrail& audit;
    const Clock& clock;
    Random& random;
    // After the commit, with each agency concerned. May be empty.
    std::function<void(const std::vector<AgencyId>&)> changed{};
  };
  explicit WarningBook(Dependencies dependencies) : d_(std::move(dependencies)) {}

  // `place` of an agency, for the policy: warning_issue on each receiver. Errors: the policy's, text_missing, too_many,
  // warning_due_over.
  using Place = std::function<directory::Object(const AgencyId&)>;
  // `also` runs in the same transaction; what it refuses is not issued.
  using Also = std::function<Result<void>(records::Connection&, const Warning&)>;
  Result<Warning> issue(const directory::Caller& caller, const std::string& by, const NewWarning& wanted,
                        const Place& place, const Also& also = {});
  // warning_answer on the agency. Errors: the policy's, warning_unknown, warning_order, text_missing (a report without
  // words).
  Result<Warning> answer(const directory::Caller& caller, const std::string& by, const WarningId& id,
                         const AgencyId& agency, WarningStep step, const std::string& text, const Place& place);
  Result<Warning> find(const WarningId& id) const;
  Result<std::vector<Warning>> list() const;  // Newest first.

 private:
  const Dependencies d_;
};

}  // namespace luy::incident
