// Whether a case may move from one state of the process to another: the only way there is, for console, API and import
// alike. Pure.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "incident/process.h"

namespace luy::incident {

inline constexpr ErrorKind event_unknown{"incident.event_unknown", ErrorClass::invalid,
                                         "Quy trình ứng cứu không có việc {}.", "The process has no event {}."};
inline constexpr ErrorKind move_forbidden{
    "incident.move_forbidden", ErrorClass::conflict,
    "Không được chuyển bước như vậy: {}. Hãy làm lần lượt theo Điều 10 (ứng cứu).",
    "The case may not move like this: {}. Follow the second article 10 step by step."};
inline constexpr ErrorKind wrong_role{"incident.wrong_role", ErrorClass::denied,
                                      "Việc này phải do người có vai trò sau thực hiện: {}.",
                                      "This is for somebody in one of these roles: {}."};
// The detail names everything that is lacking.
inline constexpr ErrorKind demands_unmet{"incident.demands_unmet", ErrorClass::conflict,
                                         "Chưa đủ điều kiện chuyển bước. Còn thiếu: {}.",
                                         "The case cannot move yet. Missing: {}."};
inline constexpr ErrorKind unknown_move_field{"incident.unknown_field", ErrorClass::invalid,
                                              "Việc này không nhận thông tin {}.", "This move takes no field {}."};
inline constexpr ErrorKind time_unreadable{"incident.time_unreadable", ErrorClass::invalid,
                                           "Thời điểm không đọc được: {}. Hãy ghi ngày, giờ đầy đủ.",
                                           "A time cannot be read: {}. Give the date and the time."};
inline constexpr ErrorKind discovered_in_future{
    "incident.discovered_in_future", ErrorClass::invalid,
    "Thời điểm phát hiện {} ở tương lai. Hãy kiểm tra lại ngày, giờ.",
    "The time of discovery {} is in the future. Check the date and the time."};
inline constexpr ErrorKind discovered_too_early{
    "incident.discovered_too_early", ErrorClass::invalid,
    "Thời điểm phát hiện {} trước ngày Quy chế có hiệu lực. Hãy kiểm tra lại năm.",
    "The time of discovery {} is before the regulation took effect. Check the year."};
inline constexpr ErrorKind ends_before_start{"incident.ends_before_start", ErrorClass::invalid,
                                             "Thời điểm kết thúc trước thời điểm bắt đầu: {}. Hãy sửa lại.",
                                             "It ends before it begins: {}. Correct the times."};
inline constexpr ErrorKind time_in_future{"incident.time_in_future", ErrorClass::invalid,
                                          "Thời điểm {} ở tương lai; chỉ ghi việc đã xảy ra.",
                                          "The time {} is in the future; only what has happened can be recorded."};

// Clocks of people's devices differ from the hub's; what lies so little ahead counts as now.
inline constexpr std::chrono::minutes skew_max{5};

// A paper of a case as far as moves ask for it.
struct PaperFact {
  std::string form;
  unsigned round = 1;                  // Of the case, in which it was made.
  std::vector<std::string> signed_by;  // Roles whose signature on it was verified and valid. An upload is none.
  std::vector<Text> awaiting;          // Who has to sign still, in their order.
  bool is_delivered = false;           // To a recipient.
  std::map<std::string, std::string> fields;
};

struct CaseFacts {
  std::string state;
  unsigned round = 1;  // 1, and one more with each re-opening. Papers and records of earlier rounds do not count.
  Time discovered;
  std::vector<PaperFact> papers;
  std::size_t guidance = 0;            // Of this round.
  std::size_t joint_actions = 0;       // Of this round,
  std::size_t joint_actions_open = 0;  // and of these, those without owner or outcome.
};

struct Attempt {
  std::string event;
  std::vector<std::string> roles;  // Of the one who acts, where the case lies.
  std::string reason;
  std::map<std::string, std::string> fields;  // Times as RFC 3339, cases by id.
};

struct Move {
  const Transition* transition = nullptr;  // Of the process.
  std::map<std::string, Time> times;       // Fields that are times.
  bool starts_round = false;               // Out of an end: the case is open again.
};

// Errors: event_unknown, move_forbidden (naming both states), wrong_role, unknown_field, time_unreadable,
// ends_before_start, time_in_future, demands_unmet (naming every demand in both languages).
Result<Move> decide(const Process& process, const CaseFacts& facts, const Attempt& attempt, Time now);

// What would still be lacking for `transition`, in whole words; empty when nothing. For the console.
std::vector<Text> missing_for(const Process& process, const Transition& transition, const CaseFacts& facts,
                              const Attempt& attempt);

// A time of discovery that could be true. Errors: discovered_in_future, discovered_too_early.
Result<void> check_discovered(const Process& process, Time discovered, Time now);
// Errors: ends_before_start, time_in_future. `what` names the two for people: "phát hiện – khắc phục xong".
Result<void> check_span(Time start, Time end, Time now);

// "dd/MM/yyyy HH:mm" in Vietnam.
std::string moment_text(Time time);

}  // namespace luy::incident
