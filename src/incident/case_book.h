// The book of cases: opened by people, from reports of staff and from findings; moved only by decide(); with everything
// that belongs to them. Each act is one transaction with its timeline entry and its entry in the audit trail, which
// ends up in the evidence.
//
// Threads: every function from any thread; they wait for the disk.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/random.h"
#include "base/result.h"
#include "directory/audit.h"
#include "directory/pending.h"
#include "finding/book.h"
#include "incident/case.h"
#include "incident/case_paper.h"
#include "incident/form_book.h"
#include "incident/move.h"
#include "incident/paper_life.h"
#include "incident/part.h"
#include "incident/playbook.h"
#include "incident/vault.h"
#include "paper/template.h"
#include "records/database.h"
#include "regulation/calendar.h"

namespace luy::incident {

inline constexpr std::string_view hold_release_act = "hold_release";
inline constexpr ErrorKind hold_takes_two{
    "incident.hold_takes_two", ErrorClass::conflict,
    "Thôi giữ nhật ký cần hai người đồng ý. Hãy dùng chức năng thôi giữ của lệnh giữ này.",
    "Ending a hold on logs takes two people. Use the hold's own function for it."};
inline constexpr ErrorKind hold_over{"incident.hold_over", ErrorClass::conflict, "Lệnh giữ nhật ký này đã thôi giữ.",
                                     "This hold on logs has ended already."};

inline constexpr std::size_t links_per_call_max = 200;
inline constexpr std::size_t handovers_max = 50;  // Packages of evidence of one case.

// Everything of one case at one moment.
struct CaseFile {
  Case one;
  std::vector<TimelineEntry> timeline;
  std::vector<Part> parts;
  std::vector<CasePaper> papers;
  std::vector<Link> links;
};

class CaseBook final : public PaperActs {
 public:
  struct Dependencies {
    records::Database& database;
    directory::AuditTrail& audit;
    const Clock& clock;
    Random& random;
    const Process& process;
    const Playbooks& playbooks;
    const regulation::Calendar& calendar;
    const FormBook& forms;  // Of the process' papers.
    const Vault& vault;
    const PaperLife& life;
    std::function<Issuer(const AgencyId&)> issuer;
    // After the commit, on the thread that acted: "opened", "moved" or "changed". May be empty.
    std::function<void(const Case&, std::string_view change)> changed{};
  };
  explicit CaseBook(Dependencies dependencies) : d_(std::move(dependencies)) {}
  CaseBook(const CaseBook&) = delete;
  CaseBook& operator=(const CaseBook&) = delete;

  // A case in the first step, with the tasks of its playbook. Errors: the policy's, text_missing, those of
  // check_discovered(), unknown_choice, the database's.
  Result<Case> open(const Actor& actor, const NewCase& wanted);
  // The same out of findings, which go to the state in_case with the case's number as the reason, all in one
  // transaction. Findings of several agencies make no case. Errors: also finding.unknown, wrong_agency.
  Result<Case> open_from(const Actor& actor, finding::Book& findings, const NewCase& wanted,
                         const std::vector<finding::FindingId>& found);
  // Findings join a case that is open. Errors: case_unknown, case_over, as open_from().
  Result<Case> join(const Actor& actor, finding::Book& findings, const CaseId& id,
                    const std::vector<finding::FindingId>& found);

  // The only way a state changes. Errors: case_unknown, those of decide(), bad_merge.
  Result<Case> move(const Actor& actor, const CaseId& id, const std::string& event, const std::string& reason,
                    const std::map<std::string, std::string>& fields);
  // What each event that starts from the case's present state still lacks.
  struct WayOn {
    const Transition* transition = nullptr;
    std::vector<Text> missing;
  };
  std::vector<WayOn> ways_on(const CaseFile& file) const;

  // Errors: case_unknown, case_over, those of check_classification().
  Result<Case> classify(const Actor& actor, const CaseId& id, const Classification& found);
  // A moment that people tell: `notified`, `breach_notified`. Others come from moves and papers. Errors: case_unknown,
  // part_field, those of check_span().
  Result<Case> mark(const Actor& actor, const CaseId& id, Moment moment, Time at, const std::string& how);
  Result<void> note(const Actor& actor, const CaseId& id, const std::string& text);
  // Which system is affected, in words and, where it is in the register, by its id, which the caller has checked; while
  // nobody has decided whose it is. Errors: case_unknown, system_decided.
  Result<Case> set_system(const Actor& actor, const CaseId& id, const std::optional<SystemId>& system,
                          const std::string& name);

  // The town office takes note of what an agency opened. Errors: case_unknown, wrong_role, case_received.
  Result<Case> receive(const Actor& actor, const CaseId& id);
  // `to` may handle cases of the agency: its maker has looked. Errors: case_unknown, case_over.
  Result<Case> assign(const Actor& actor, const CaseId& id, const std::optional<Assignee>& to, const std::string& note);
  static Support support_of(std::span<const Part> parts);
  Result<std::map<CaseId, Support>> supports() const;  // Of the cases that asked for any.
  static Result<std::map<CaseId, Support>> supports_in(records::Connection& connection);  // In a transaction.

  // Errors: case_unknown, case_over, too_many, those of check_part() and check_custody(). Evidence can be handed over
  // after the end.
  Result<Part> add_part(const Actor& actor, const CaseId& id, PartKind kind, const boost::json::object& body);
  Result<Part> change_part(const Actor& actor, const CaseId& id, const PartId& part,
                           const boost::json::object& changes);
  // Stores the file, then the part "attachment". Errors: those of Vault::put() and add_part().
  Result<Part> attach(const Actor& actor, const CaseId& id, const std::string& file_name, std::string_view bytes);

  // Whether the case takes one more package. Errors: too_many.
  static Result<void> check_room_for_handover(std::span<const Part> parts);
  // Keeps and notes a package that handover.h has made: `still` looks at the parts of the case once more, then `zip`
  // goes into the vault, its hash into body.sha256. Errors: case_unknown, too_many, those of `still` and of
  // Vault::put(); nothing is kept then.
  Result<Part> add_handover(const Actor& actor, const CaseId& id, boost::json::object body, std::string_view zip,
                            const std::function<Result<void>(const std::vector<Part>&)>& still);

  // Papers (case_paper.h). A draft begins with what the case knows, `data` put over it.
  // Errors: paper_form_unknown, case_unknown, too_many.
  Result<CasePaper> draft(const Actor& actor, const CaseId& id, const std::string& form,
                          const boost::json::object& fields);
  // Errors: paper_unknown, paper_state.
  Result<CasePaper> edit(const Actor& actor, const PaperId& id, const boost::json::object& data) override;
  // Gives the paper its number and renders it. Errors: paper_state, those of fill_form() (every mandatory field that is
  // empty is named), of rendering and of PaperLife::tie(); then the paper stays a draft and no number is used.
  Result<CasePaper> issue(const Actor& actor, const PaperId& id, const ChosenAccounts& chosen = {}) override;
  // Takes the signed file back; the paper is signed once everybody who has to has signed, one after another. A file
  // that says less than the one before does not take its place. Errors: paper_state, not_signed, signed_out_of_turn,
  // those of the verifier and of the vault.
  Result<CasePaper> take_signed(const Actor& actor, const PaperId& id, std::string_view pdf) override;
  // Errors: paper_state (a draft), signatures_missing, text_missing, those of check_span().
  Result<CasePaper> deliver(const Actor& actor, const PaperId& id, const Delivery& delivery) override;

  // An information conflict (conflict.h) beside the case. Errors: case_unknown, case_over, conflict_none,
  // conflict_there, those of conflict.h.
  struct ConflictAct {
    enum class Kind : std::uint8_t { begin, trace, condition, advance, close };
    Kind kind = Kind::begin;
    std::map<std::string, std::string> trace{};
    std::string condition{};
    bool holds = false;
    std::string stage{};
    std::string reason{};
  };
  Result<Case> work_conflict(const Actor& actor, const CaseId& id, const ConflictAct& act);

  // What retention must not delete: holds that are not released. Errors: the database's.
  struct Held {
    Case one;
    Part part;
    HoldScope scope;
  };
  Result<std::vector<Held>> held() const;
  Result<std::vector<HoldScope>> holds() const;
  // The end of a hold, also after the case's: takes two people, for retention may then delete what it kept. For
  // PendingActs::add_kind(hold_release_act). Its body: {"case", "part", "above" (the agency and its superiors, nearest
  // first), "by" (display name of who asks), "reason"}. Errors: case_unknown, part_unknown (no hold), hold_over,
  // text_missing, the policy's.
  directory::ActKind release_act();
  // Whether a hold covers the logs of the device of that day.
  static bool is_held(std::span<const HoldScope> holds, const AgencyId& agency, std::string_view device, Day day);

  // The document of a paper as it is now: of a draft under no number. Errors: paper_unknown, those of fill_form().
  Result<paper::Document> document(const PaperId& id) const;
  Result<CasePaper> find_paper(const PaperId& id) const;  // Errors: paper_unknown.
  // Who has to sign a paper, and how far that has come.
  SignOrder order_of(const CasePaper& paper) const { return d_.life.order_of(paper); }

  Result<Case> find(const CaseId& id) const;
  Result<CaseFile> file(const CaseId& id) const;
  Result<std::vector<Case>> list(const std::function<bool(const AgencyId&)>& visible) const;  // Newest first.
  std::vector<LegalClock> clocks(const Case& one) const;
  bool owes(const Case& one) const;  // Whether its clocks count.
  // When the time from one moment to another ends for what begins at `at`, by the law of that day; nullopt when it
  // names none.
  std::optional<Time> limit_of(Moment from, Moment until, Time at) const;
  // When the limit of a conflict's present stage ends; nullopt: it has none, or the record is closed.
  std::optional<Time> due_of(const Conflict& conflict) const;
  Time end_of(const Limit& limit, Time from) const;  // By the calendar of the cases (legal_clock.h).
  // Notes on the timeline what the clocks remind of and was not noted yet, of each clock the latest; answers it with
  // the case. Call every minute.
  struct Told {
    Case one;
    std::string clock;  // ClockRule::id
    Reminder reminder;
    Time due;
  };
  Result<std::vector<Told>> remind();
  // Tells `changed`. For who opened a case in a transaction of their own.
  void tell(const Case& one, std::string_view change) const;

  const Process& process() const { return d_.process; }
  Issuer issuer(const AgencyId& agency) const { return d_.issuer(agency); }
  // In a caller's transaction: for reports of staff (report_book.h).
  // `act` is new_act(), which the caller's entry in the audit trail names as "proof_of".
  std::string new_act() const;
  Result<Case> open_in(records::Connection& c, const Actor& actor, const NewCase& wanted,
                       const std::vector<Link>& links, const std::string& act) const;
  // An entry about what happened elsewhere for the case; `act` as above, empty where there is none. Errors:
  // case_unknown.
  Result<void> note_in(records::Connection& c, const CaseId& id, const std::string& by, std::string kind, Text text,
                       boost::json::object data, const std::string& act) const;
  Result<Case> link_in(records::Connection& c, const Actor& actor, const CaseId& id, const Link& link,
                       const std::string& act) const;

 private:
  using Work = std::function<Result<void>(records::Connection&, Case&, boost::json::object& after)>;
  // Loads the case, asks the policy, runs, saves the case, with one audit entry "incident_<act>".
  Result<Case> change(const Actor& actor, const CaseId& id, std::string_view act, const Work& work);
  Result<CasePaper> change_paper(const Actor& actor, const PaperId& id, std::string_view act,
                                 const std::function<Result<void>(records::Connection&, Case&, CasePaper&)>& work);
  Result<void> enter_state(records::Connection& c, const Case& one, const std::string& by) const;
  Result<void> merge_into(records::Connection& c, const Actor& actor, const Case& from, const CaseId& into,
                          const std::string& act) const;
  Result<CaseFile> load_file(records::Connection& c, const CaseId& id) const;
  CaseFacts facts_of(const CaseFile& file) const;
  Result<void> add_entry(records::Connection& c, const CaseId& id, const std::string& by, std::string kind, Text text,
                         boost::json::object data = {}, std::string act = {}) const;
  Result<void> demand_open(const Case& one) const;
  Result<void> demand_time_of(const Case& one, const CasePaper& paper) const;  // Errors: paper_too_early.

  const Dependencies d_;
};

// The first day that a hold keeps; nullopt when none is in force. Retention deletes whole days of everybody, so what it
// may delete ends before it. Errors: the database's.
Result<std::optional<Day>> held_from(records::Database& database);

// The tables of this module, for records::open_sqlite().
std::span<const records::Migration> migrations();

inline constexpr ErrorKind conflict_none{"incident.conflict_none", ErrorClass::not_found,
                                         "Vụ này chưa được xác định là xung đột thông tin.",
                                         "This case is no information conflict yet."};
inline constexpr ErrorKind conflict_there{"incident.conflict_there", ErrorClass::conflict,
                                          "Vụ này đã có hồ sơ xung đột thông tin.",
                                          "This case has a record of an information conflict already."};
inline constexpr ErrorKind system_decided{
    "incident.system_decided", ErrorClass::conflict,
    "Vụ {} đã qua Bước 1 nên không đổi được hệ thống bị ảnh hưởng. Hãy ghi chú vào vụ.",
    "The case {} is beyond step 1, so its system cannot be changed. Add a note to the case."};
inline constexpr ErrorKind wrong_agency{"incident.wrong_agency", ErrorClass::invalid,
                                        "Các phát hiện thuộc cơ quan khác với vụ việc. Hãy chọn lại.",
                                        "The findings belong to another agency than the case. Choose again."};

}  // namespace luy::incident
