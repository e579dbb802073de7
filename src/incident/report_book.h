// What staff report in one minute, from the LAN and without an account: a number and a secret code to follow it with,
// limits against floods, and the way into a case. docs/adr/0136.
//
// Threads: every function from any thread; they wait for the disk.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "incident/case_book.h"

namespace luy::incident {

using ReportId = Id<struct StaffReportTag>;

inline constexpr ErrorKind poster_address{
    "incident.poster_address", ErrorClass::invalid,
    "Địa chỉ {} không in được lên áp phích. Hãy ghi dạng https://tên-máy hoặc https://tên-máy:cổng.",
    "The address {} cannot be printed on the poster. Write it as https://host or https://host:port."};
inline constexpr ErrorKind report_unknown{"incident.report_unknown", ErrorClass::not_found,
                                          "Không tìm thấy tin báo với số và mã tra cứu này. Hãy kiểm tra lại cả hai.",
                                          "There is no report with this number and code. Check both."};
inline constexpr ErrorKind report_taken{"incident.report_taken", ErrorClass::conflict, "Tin báo {} đã được xử lý.",
                                        "The report {} was dealt with already."};
inline constexpr ErrorKind reports_too_fast{
    "incident.reports_too_fast", ErrorClass::busy,
    "Có quá nhiều tin báo từ {}. Nếu khẩn cấp, hãy gọi điện cho cán bộ phụ trách an toàn thông tin.",
    "There are too many reports from {}. If it is urgent, call the security officer."};

// Of one address: a person who reports, and reports again. Behind one address may sit a whole office.
inline constexpr std::size_t reports_per_address_hour = 6;
// Of everybody together: what an outbreak brings in a town of 2,000 people stays below it.
inline constexpr std::size_t reports_per_hour = 300;
// Wrong codes of one address, before it has to wait.
inline constexpr std::size_t wrong_codes_per_address_hour = 20;
inline constexpr std::size_t addresses_max = 10'000;  // Remembered; beyond it everybody counts as one address.

// Allows `limit` in each hour and key; remembers nothing longer. Thread-safe.
class HourlyLimit {
 public:
  HourlyLimit(std::size_t limit, std::size_t keys_max) : limit_(limit), keys_max_(keys_max) {}
  // Whether one more is allowed now, and counts it.
  bool take(const std::string& key, Time now);
  // Whether one more would be allowed; counts nothing.
  bool allows(const std::string& key, Time now);

 private:
  struct Window {
    Time begins;
    std::size_t count = 0;
  };
  Window& window(const std::string& key, Time now);
  const std::size_t limit_;
  const std::size_t keys_max_;
  std::mutex mutex_;
  std::map<std::string, Window> windows_;
};

struct NewReport {
  AgencyId agency;
  std::string sign;  // Process::signs
  std::string what;  // In plain words.
  std::string where;
  Time seen;             // When it was seen.
  std::string reporter;  // Name and telephone, if they want to be called back.
  std::string photo;     // Bytes of a picture; may be empty.
};

struct StaffReport {
  enum class State : std::uint8_t { fresh, received, in_case, declined };
  ReportId id;
  std::string number;  // "TB-2026-0042"
  AgencyId agency;
  std::string sign, what, where, reporter;
  Time seen;
  std::string photo;  // SHA-256 in the vault; empty.
  Time reported_at;
  std::optional<Time> received_at;  // By the agency itself.
  std::string received_by;
  std::string received_act;  // Under which the audit trail knows the receipt ("proof_of").
  TownSide town;             // The town office's own receipt, and who looks after the report.
  State state = State::fresh;
  std::optional<CaseId> case_id;
  std::string answer;  // Told to the one who reported.
};
std::string_view name_of(StaffReport::State state);

class ReportBook {
 public:
  struct Dependencies {
    records::Database& database;
    directory::AuditTrail& audit;
    const Clock& clock;
    Random& random;
    CaseBook& cases;
    const Vault& vault;
    // After the commit, with the agency concerned. May be empty.
    std::function<void(const AgencyId&)> changed{};
  };
  explicit ReportBook(Dependencies dependencies);

  struct Receipt {
    StaffReport report;
    std::string code;  // Told once; 12 characters in groups of four.
  };
  // `address` is the socket's. Errors: reports_too_fast, unknown_choice, text_missing, those of check_discovered(),
  // file_type_refused and attachment_too_large for the photo, the database's.
  Result<Receipt> take(const NewReport& wanted, const std::string& address);
  // What became of it. Wrong codes take as long as right ones. Errors: report_unknown, reports_too_fast.
  Result<StaffReport> follow(std::string_view number, std::string_view code, const std::string& address);

  Result<StaffReport> find(const ReportId& id) const;  // Errors: report_unknown.
  // Newest first.
  Result<std::vector<StaffReport>> list(const std::function<bool(const AgencyId&)>& visible) const;
  // For the agency, for the town office, or for both, by the roles of who acts (town_office.h); each once. Errors:
  // report_unknown, report_taken, the policy's.
  Result<StaffReport> receive(const Actor& actor, const ReportId& id);
  // `to` may handle cases of the agency: its maker has looked. The note stands in the audit trail. Who has it already
  // keeps it as it is. Errors: report_unknown, report_taken.
  Result<StaffReport> assign(const Actor& actor, const ReportId& id, const std::optional<Assignee>& to,
                             const std::string& note);
  // Received with it, when nobody did before. Errors: also those of CaseBook::open_in() and link_in().
  Result<Case> open_case(const Actor& actor, const ReportId& id, const std::string& title);
  // The case takes the office's receipt and the assignee of the report where it has none.
  Result<Case> join_case(const Actor& actor, const ReportId& id, const CaseId& into);
  // Errors: also text_missing without an answer for the one who reported.
  Result<StaffReport> decline(const Actor& actor, const ReportId& id, const std::string& answer);

 private:
  using Work = std::function<Result<void>(records::Connection&, StaffReport&, const std::string& act)>;
  Result<StaffReport> change(const Actor& actor, const ReportId& id, std::string_view act, const Work& work,
                             const std::string& note = {});
  std::string make_code() const;

  const Dependencies d_;
  HourlyLimit by_address_;
  HourlyLimit together_;
  HourlyLimit wrong_codes_;
};

}  // namespace luy::incident
