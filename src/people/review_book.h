// Access reviews as campaigns: lines frozen on the day of opening, an answer for each by somebody who is not the line's
// own holder, and a closing that waits until what was to change or to go is seen to have done so. The hub opens one by
// itself for each agency, in the last part of the pack's period.
//
// Threads: every function from any thread; they wait for the disk.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/random.h"
#include "base/result.h"
#include "directory/audit.h"
#include "people/duty_record.h"
#include "people/review.h"
#include "records/database.h"

namespace luy::people {

inline constexpr ErrorKind review_unknown{"people.review_unknown", ErrorClass::not_found,
                                          "Không tìm thấy đợt rà soát quyền này.", "There is no such access review."};
inline constexpr ErrorKind review_exists{"people.review_exists", ErrorClass::conflict,
                                         "Cơ quan đang có đợt rà soát {} chưa kết thúc.",
                                         "The agency has a review already, {}, that is not closed."};
inline constexpr ErrorKind review_invalid{"people.review_invalid", ErrorClass::invalid,
                                          "Nội dung rà soát không hợp lệ: {}.", "The review is not valid: {}."};
inline constexpr ErrorKind review_over{"people.review_over", ErrorClass::conflict, "Đợt rà soát {} đã kết thúc.",
                                       "The review {} is closed."};
inline constexpr ErrorKind review_open{"people.review_open", ErrorClass::conflict,
                                       "Chưa kết thúc được đợt rà soát: {}.", "The review cannot be closed yet: {}."};
inline constexpr ErrorKind own_line{"people.own_line", ErrorClass::denied,
                                    "Không ai tự rà soát quyền của chính mình: {}.",
                                    "Nobody reviews their own rights: {}."};

inline constexpr std::size_t review_lines_max = 5'000;
inline constexpr days review_days_max{366};  // From the opening to the last day.

using ReviewId = Id<struct ReviewTag>;
using ReviewLineId = Id<struct ReviewLineTag>;

enum class Answer : std::uint8_t { keep, change, remove };  // Names are stored: never renamed.
std::string_view name_of(Answer answer);
std::optional<Answer> answer_from_name(std::string_view name);

struct ReviewLine {
  ReviewLineId id{};
  ReviewSubject subject{};
  std::optional<Answer> answer{};
  std::string reason{};
  Named by{};
  std::optional<Time> at{};
  std::optional<Time> done_at{};  // Of a change or a removal: when it was seen; of what is kept: when it was answered.
  bool owes() const { return answer && *answer != Answer::keep && !done_at; }
};

struct Review {
  ReviewId id{};
  std::string number{};  // "RS-2026-002"
  AgencyId agency{};
  bool below = false;  // With everything below the agency.
  Time opened_at{};
  Time due{};
  Named by{};  // Empty name: the hub opened it.
  std::optional<Time> closed_at{};
  std::string close_act{};
  std::vector<ReviewLine> lines{};
  std::size_t unanswered() const;
  std::size_t undone() const;
};

struct LineAnswer {
  ReviewLineId line;
  Answer answer = Answer::keep;
  std::string reason;
};

class ReviewBook {
 public:
  struct Dependencies {
    records::Database& database;
    directory::AuditTrail& audit;
    const Clock& clock;
    Random& random;
    Duration period{};       // From one review to the end of the next.
    double due_share = 0.2;  // The hub opens one in this last part of it.
    std::function<std::vector<ReviewSubject>(const AgencyId&, bool below)> subjects;  // As they stand now.
    std::function<std::vector<AgencyId>()> agencies;                                  // That exist today.
    std::function<std::vector<AgencyId>(const AgencyId&)> lineage;
    std::function<void(const Review&)> changed;  // After the commit.
  };
  // Errors: those of the database.
  static Result<std::unique_ptr<ReviewBook>> open(Dependencies dependencies);

  using Permit = std::function<Result<void>(const AgencyId&)>;  // Asked in the transaction with the review's agency.
  // Errors: those of `permit`, review_exists, review_invalid (nothing to review, too much, the last day).
  Result<Review> begin(const directory::Caller& caller, const Who& who, const Permit& permit, const AgencyId& agency,
                       bool below, Day due);
  // All or none; an answer may be changed until what it asked for has happened. Errors: those of `permit`,
  // review_unknown, review_over, review_invalid (no such line, a reason is wanted), own_line.
  Result<Review> answer(const directory::Caller& caller, const Who& who, const Permit& permit, const ReviewId& id,
                        const std::vector<LineAnswer>& answers);
  // Errors: those of `permit`, review_unknown, review_over, review_open.
  Result<Review> close(const directory::Caller& caller, const Permit& permit, const ReviewId& id);

  // Sees what has changed or gone, and opens the reviews whose time has come. Called every minute. Errors: those of
  // the database.
  Result<void> settle();

  Result<Review> find(const ReviewId& id) const;                                // Errors: review_unknown.
  Result<std::vector<Review>> list() const;                                     // The newest first.
  Result<std::optional<DutyRecord>> duty_record(const AgencyId& agency) const;  // nullopt: nobody there has rights.
  // Why the one who asks may not answer the line.
  static std::optional<Text> why_not(const Who& who, const ReviewLine& line);

 private:
  explicit ReviewBook(Dependencies dependencies) : d_(std::move(dependencies)) {}
  Result<void> settle_lines(const Review& review);
  bool covers(const Review& review, const AgencyId& agency) const;
  // When the agency's next review must be over.
  Duration ahead() const;  // How long before its end the next one is opened, and due.
  Time next_due(const std::vector<Review>& all, const AgencyId& agency) const;

  const Dependencies d_;
  Time since_{};  // When reviews began to be kept here.
};

}  // namespace luy::people
