// Requests made to telecom, IT and Internet companies (articles 6.2, 9.2, 10.3 and 16 of the regulation): about a case,
// a system or both, by a day, on a legal basis. The company takes note, asks for more time and answers; who asked
// decides and closes. Kinds and the time to answer stand in the pack (ProviderRules). Each act is one transaction with
// its entry in the audit trail and, where it is about a case, on the case's timeline.
//
// Threads: every function from any thread; they wait for the disk.
#pragma once

#include <boost/json.hpp>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/id.h"
#include "base/random.h"
#include "base/result.h"
#include "directory/audit.h"
#include "incident/case_book.h"
#include "records/database.h"

namespace luy::incident {

using ProviderRequestId = Id<struct ProviderRequestTag>;

inline constexpr ErrorKind provider_request_unknown{"incident.provider_request_unknown", ErrorClass::not_found,
                                                    "Không tìm thấy yêu cầu này.", "There is no such request."};
inline constexpr ErrorKind provider_about_nothing{"incident.provider_about_nothing", ErrorClass::invalid,
                                                  "Hãy chọn vụ hoặc hệ thống mà yêu cầu nói đến.",
                                                  "Choose the incident or the system that the request is about."};
inline constexpr ErrorKind provider_about_other{"incident.provider_about_other", ErrorClass::invalid,
                                                "Vụ {} thuộc cơ quan khác. Hãy chọn cơ quan của vụ.",
                                                "The case {} belongs to another agency. Choose the case's agency."};
inline constexpr ErrorKind provider_account_unknown{
    "incident.provider_account_unknown", ErrorClass::invalid,
    "Tài khoản {} không phải tài khoản doanh nghiệp được giao việc cho cơ quan này.",
    "The account {} is not that of a provider whose role reaches this agency."};
inline constexpr ErrorKind provider_due_over{"incident.provider_due_over", ErrorClass::invalid,
                                             "Hạn trả lời {} đã qua. Hãy chọn thời điểm sau hiện tại.",
                                             "The deadline {} is over. Choose a moment that lies ahead."};
inline constexpr ErrorKind provider_turn{"incident.provider_turn", ErrorClass::conflict,
                                         "Không làm được việc này: yêu cầu {}.",
                                         "This cannot be done: the request {}."};
inline constexpr ErrorKind provider_delay_none{"incident.provider_delay_none", ErrorClass::conflict,
                                               "Doanh nghiệp không có đề nghị gia hạn nào đang chờ.",
                                               "The provider has not asked for more time."};
inline constexpr ErrorKind provider_delay_short{"incident.provider_delay_short", ErrorClass::invalid,
                                                "Thời điểm gia hạn phải sau hạn hiện tại {}.",
                                                "The new moment must lie after the present deadline {}."};
inline constexpr ErrorKind provider_file{"incident.provider_file", ErrorClass::invalid,
                                         "Tệp {} phải có tên và giá trị băm SHA-256 (64 chữ số thập lục phân).",
                                         "The file {} needs a name and a SHA-256 (64 hexadecimal digits)."};

inline constexpr std::size_t provider_accounts_max = 10;  // Of one request.
inline constexpr std::size_t provider_files_max = 50;     // Of one answer.
inline constexpr std::size_t provider_answers_max = 50;   // Of one request: it may be sent back so often.
inline constexpr std::size_t provider_delays_max = 20;    // Asked for in one request.
inline constexpr std::size_t provider_basis_bytes_max = 1000;

// Names are stored. `returned`: answered, and not enough.
enum class ProviderState : std::uint8_t { asked, noted, returned, answered, closed, withdrawn };
inline constexpr std::size_t provider_state_count = 6;
std::string_view name_of(ProviderState state);
std::optional<ProviderState> provider_state_from_name(std::string_view name);
Text title_of(ProviderState state);

struct ProviderFile {
  std::string name;
  std::string sha256;  // Hexadecimal. The file itself goes another way.
};

struct ProviderAnswer {
  Time at;
  std::string by;  // Who wrote it down here.
  std::string text;
  std::string document;  // Number of the letter; empty when the provider answered here.
  std::vector<ProviderFile> files;
  std::string act;  // Under which the audit trail knows it.
};

struct ProviderDelay {
  enum class State : std::uint8_t { waiting, granted, refused };
  Time asked_at;
  std::string by;
  Time until;
  std::string reason;
  State state = State::waiting;
  std::optional<Time> decided_at;
  std::string note;
};
std::string_view name_of(ProviderDelay::State state);

struct ProviderEntry {
  Time at;
  std::string by;  // Display name; empty for the hub itself.
  std::string kind;
  std::string note;
  bool of_provider = false;  // Done by its side.
};

struct ProviderRequest {
  ProviderRequestId id;
  std::string number;  // "YC-2026-0001"
  AgencyId agency;
  std::string provider;             // The company's name.
  std::vector<AccountId> accounts;  // Who may see and answer it.
  std::string kind;                 // ProviderRules::kinds
  std::optional<CaseId> case_id;
  std::string case_number;
  std::string case_title;
  std::optional<SystemId> system;
  std::string system_name;
  std::string text;
  std::string legal_basis;
  Time asked_at;
  std::string asked_by;
  Time due;
  ProviderState state = ProviderState::asked;
  std::optional<Time> noted_at;
  std::optional<ProviderDelay> delay;  // The newest.
  std::size_t delays = 0;              // Asked for in all.
  std::vector<ProviderAnswer> answers;
  std::vector<ProviderEntry> history;
  std::string act;  // The asking, as the audit trail knows it.

  bool is_open() const { return state <= ProviderState::returned; }  // The provider owes an answer.
  bool is_over() const { return state >= ProviderState::closed; }
  bool is_overdue(Time now) const { return is_open() && now > due; }
  bool is_for(const AccountId& account) const;
};

// What the handlers have checked: that the case and the system are there and seen, that the accounts are providers'.
struct NewProviderRequest {
  AgencyId agency;
  std::string provider;
  std::vector<AccountId> accounts;
  std::string kind;
  std::optional<Case> about{};
  std::optional<SystemId> system{};
  std::string system_name{};
  std::string text;
  std::string legal_basis;
  std::optional<Time> due{};  // Without it the pack's time.
};

struct ProviderDecision {
  enum class Kind : std::uint8_t { grant_delay, refuse_delay, send_back, close, withdraw };
  Kind kind = Kind::close;
  std::string note;
  std::optional<Time> due{};
};

class ProviderBook {
 public:
  struct Dependencies {
    records::Database& database;
    directory::AuditTrail& audit;
    const Clock& clock;
    Random& random;
    const CaseBook& cases;
    std::function<std::vector<AgencyId>(const AgencyId&)> lineage;
    // Of an agency: what its duties are judged by is another now. May be empty.
    std::function<void(const AgencyId&)> changed{};
  };
  explicit ProviderBook(Dependencies dependencies) : d_(std::move(dependencies)) {}

  struct Actor {
    directory::Caller caller;
    std::string name;  // Display name.
  };
  // The asking side; provider_ask in the agency. Errors: the policy's, provider_about_nothing, unknown_choice,
  // text_missing (naming all), too_many, provider_due_over.
  Result<ProviderRequest> ask(const Actor& actor, const NewProviderRequest& wanted);
  // Errors: the policy's, provider_request_unknown, provider_turn, provider_delay_none, provider_due_over,
  // provider_delay_short, text_missing.
  Result<ProviderRequest> decide(const Actor& actor, const ProviderRequestId& id, const ProviderDecision& decision);
  // A letter that came, also from a provider without an account. Errors: also time_in_future, ends_before_start (before
  // it was asked for), provider_file, too_many.
  Result<ProviderRequest> record_letter(const Actor& actor, const ProviderRequestId& id, ProviderAnswer letter);

  // The provider's side: provider_answer on what is one's own; a request made to somebody else is
  // provider_request_unknown.
  Result<ProviderRequest> note(const Actor& actor, const ProviderRequestId& id);  // Errors: provider_turn.
  // Errors: provider_turn, provider_due_over, provider_delay_short, text_missing, too_many.
  Result<ProviderRequest> ask_delay(const Actor& actor, const ProviderRequestId& id, Time until,
                                    const std::string& reason);
  // Errors: provider_turn, text_missing, provider_file, too_many.
  Result<ProviderRequest> answer(const Actor& actor, const ProviderRequestId& id, const std::string& text,
                                 std::vector<ProviderFile> files);

  // Writes down what has become overdue, each once for each deadline; answers it. Call every minute.
  Result<std::vector<ProviderRequest>> remind();

  Result<ProviderRequest> find(const ProviderRequestId& id) const;  // Errors: provider_request_unknown.
  // Those that wait for the provider first, the earliest deadline first; then the answered, then the rest, newest
  // first.
  Result<std::vector<ProviderRequest>> list() const;
  Result<std::vector<ProviderRequest>> list_of(const AccountId& account) const;

  const ProviderRules& rules() const { return d_.cases.process().providers; }

 private:
  using Work = std::function<Result<void>(records::Connection&, ProviderRequest&, directory::AuditEntry&)>;
  enum class Side : std::uint8_t { asking, provider };
  Result<ProviderRequest> change(const Actor& actor, Side side, const ProviderRequestId& id, std::string_view act,
                                 const Work& work);
  Result<void> tell_case(records::Connection& c, const ProviderRequest& request, const std::string& by, Text what,
                         const std::string& act) const;
  void told(const ProviderRequest& request) const;

  const Dependencies d_;
};

}  // namespace luy::incident
