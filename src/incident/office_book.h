// Papers that belong to no case: the summary of an agency's period (form 05) and the letter of a warning. They live as
// papers of cases do (paper_life.h); each act is one transaction with its entry in the audit trail. docs/adr/0161.
//
// Threads: every function from any thread; they wait for the disk.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/random.h"
#include "base/result.h"
#include "incident/case_book.h"
#include "incident/measure.h"
#include "incident/paper_life.h"
#include "incident/warning_book.h"

namespace luy::incident {

inline constexpr std::size_t office_papers_max = 10'000;
inline constexpr days period_max{366};

inline constexpr ErrorKind bad_period{"incident.bad_period", ErrorClass::invalid,
                                      "Kỳ báo cáo không hợp lệ: {}. Ngày đầu không sau ngày cuối, không quá một năm.",
                                      "This is no period: {}. It begins before it ends and is a year at most."};

class OfficeBook final : public PaperActs {
 public:
  struct Dependencies {
    records::Database& database;
    directory::AuditTrail& audit;
    const Clock& clock;
    Random& random;
    const Process& process;
    const FormBook& forms;
    const PaperLife& life;
    const CaseBook& cases;
    const WarningBook& warnings;
    std::function<std::string(const AgencyId&)> agency_name;
    // The agency and its superiors, nearest first.
    std::function<std::vector<AgencyId>(const AgencyId&)> lineage;
  };
  explicit OfficeBook(Dependencies dependencies) : d_(std::move(dependencies)) {}

  // A draft with the figures of the agency and of those below it. Errors: the policy's, paper_form_unknown, bad_period,
  // too_many.
  Result<CasePaper> draft_period(const Actor& actor, const std::string& form, const AgencyId& agency, Day from, Day to);
  // A draft to the warning's receivers. Errors: the policy's, paper_form_unknown, warning_unknown, too_many.
  Result<CasePaper> draft_warning(const Actor& actor, const std::string& form, const AgencyId& agency,
                                  const WarningId& warning);

  Result<CasePaper> edit(const Actor& actor, const PaperId& id, const boost::json::object& data) override;
  // A summary's figures are counted anew: what stands on the page is what the cases say at that moment.
  Result<CasePaper> issue(const Actor& actor, const PaperId& id, const ChosenAccounts& chosen) override;
  Result<CasePaper> take_signed(const Actor& actor, const PaperId& id, std::string_view pdf) override;
  Result<CasePaper> deliver(const Actor& actor, const PaperId& id, const Delivery& delivery) override;

  Result<CasePaper> find(const PaperId& id) const;  // Errors: paper_unknown, also for a case's.
  Result<std::vector<CasePaper>> list() const;      // Newest first.

  // Of a draft: where its figures are not what the cases say now.
  struct Difference {
    std::string row;     // KindCount::kind
    std::string column;  // "count", "own", "helped"
    std::int64_t written = 0;
    std::int64_t exact = 0;
  };
  Result<std::vector<Difference>> differences(const CasePaper& paper) const;

 private:
  using Work = std::function<Result<Text>(records::Connection&, CasePaper&)>;
  Result<CasePaper> begin(const Actor& actor, const std::string& form, const OfficeOwner& owner,
                          const std::vector<std::string>& recipients, const boost::json::object& known);
  Result<CasePaper> change(const Actor& actor, const PaperId& id, std::string_view act, const Work& work);
  Result<std::vector<KindCount>> figures(const OfficeOwner& owner) const;
  Result<const paper::Form*> form_for(const std::string& form, PaperOwner owner) const;

  const Dependencies d_;
};

}  // namespace luy::incident
