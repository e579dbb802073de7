// Papers that belong to no case: the summary of an agency's period (form 05), the letter of a warning, the minutes of
// an access review, the letter of a request to a provider. They live as papers of cases do (paper_life.h); each act is
// one transaction with its entry in the audit trail. docs/adr/0161, 0218.
//
// Threads: every function from any thread; they wait for the disk.
#pragma once

#include <boost/json.hpp>
#include <functional>
#include <optional>
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

inline constexpr ErrorKind bad_period{"incident.bad_period", ErrorClass::invalid,
                                      "Kỳ báo cáo không hợp lệ: {}. Ngày đầu không sau ngày cuối và không sau hôm nay, "
                                      "kỳ không quá một năm; chỉ phát hành khi kỳ đã hết.",
                                      "This is no period: {}. It has begun, begins before it ends and is a year at "
                                      "most; its summary is issued when it is over."};

// What an access review or a request to a provider says of itself in its paper.
struct OwnerPage {
  AgencyId agency;     // That issues it.
  std::string number;  // Of the owner.
  // Fields that nobody types over: said again when the paper is issued. Null: nothing stands there now.
  boost::json::object exact;
  boost::json::object offered{};          // Of a draft alone.
  std::vector<std::string> recipients{};  // Empty: the form's. Nobody types over them, either.
  std::optional<Error> over{};            // Why nothing is written about it any more.
};

inline constexpr ErrorKind paper_about_unknown{"incident.paper_about_unknown", ErrorClass::not_found,
                                               "Không tìm thấy đợt rà soát hoặc yêu cầu mà văn bản nói đến.",
                                               "There is no such review or request to make a paper of."};

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
    // What a paper of a review or of a request says, by the owner's id, for somebody of that name. Errors: of the
    // class not_found, those of the database.
    std::function<Result<OwnerPage>(PaperOwner kind, const std::string& about, const std::string& by)> page{};
  };
  explicit OfficeBook(Dependencies dependencies) : d_(std::move(dependencies)) {}

  // A draft with the figures of the agency and of those below it. Errors: the policy's, paper_form_unknown, bad_period
  // (too long, or not begun), too_many.
  Result<CasePaper> draft_period(const Actor& actor, const std::string& form, const AgencyId& agency, Day from, Day to);
  // A draft to the warning's receivers. Errors: the policy's, paper_form_unknown, warning_unknown, too_many.
  Result<CasePaper> draft_warning(const Actor& actor, const std::string& form, const AgencyId& agency,
                                  const WarningId& warning);
  // What a review or a request says now. Errors: paper_about_unknown, those of the database.
  Result<OwnerPage> page(PaperOwner kind, const std::string& about, const std::string& by) const;
  // A draft of what `kind`, a review or a request to a provider, says of itself. Errors: the policy's,
  // paper_form_unknown, paper_about_unknown, OwnerPage::over, too_many.
  Result<CasePaper> draft_about(const Actor& actor, const std::string& form, PaperOwner kind, const std::string& about);

  Result<CasePaper> edit(const Actor& actor, const PaperId& id, const boost::json::object& data) override;
  // A summary says of itself what its owner says (period, from, to, organisation), and its figures are counted in the
  // transaction that gives the number: what stands on the page is what the cases say at that moment. What a review or
  // a request says is read just before. Errors: also bad_period while the period is not over,
  // paper_about_unknown, OwnerPage::over.
  Result<CasePaper> issue(const Actor& actor, const PaperId& id, const ChosenAccounts& chosen) override;
  Result<CasePaper> take_signed(const Actor& actor, const PaperId& id, std::string_view pdf) override;
  Result<CasePaper> deliver(const Actor& actor, const PaperId& id, const Delivery& delivery) override;

  Result<CasePaper> find(const PaperId& id) const;  // Errors: paper_unknown, also for a case's.
  Result<std::vector<CasePaper>> list() const;      // Newest first.

  // Of a draft of a summary: where it is not what its owner and the cases say now.
  struct Difference {
    std::string row;             // KindCount::kind; empty: of the page.
    std::string column;          // PeriodRule::computed; of the page a field of the form.
    boost::json::value written;  // A number; of the page what stands in the field, null: nothing.
    boost::json::value exact;
  };
  Result<std::vector<Difference>> differences(const CasePaper& paper) const;
  // Fields of a draft that nobody types over.
  Result<std::vector<std::string>> fixed(const CasePaper& paper) const;

 private:
  using Work = std::function<Result<Text>(records::Connection&, CasePaper&)>;
  Result<CasePaper> begin(const Actor& actor, const std::string& form, const OfficeOwner& owner,
                          const std::vector<std::string>& recipients, const boost::json::object& known);
  Result<CasePaper> change(const Actor& actor, const PaperId& id, std::string_view act, const Work& work);
  Result<std::vector<KindCount>> figures(records::Connection& c, const OfficeOwner& owner) const;
  boost::json::object page_of(const PeriodRule& rule, const OfficeOwner& owner) const;
  // nullopt: what owns it says nothing that could differ.
  Result<std::optional<OwnerPage>> page_now(const CasePaper& paper, const std::string& by) const;
  Result<const paper::Form*> form_for(const std::string& form, PaperOwner owner) const;

  const Dependencies d_;
};

}  // namespace luy::incident
