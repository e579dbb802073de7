// Commitments to keep information safe (article 11.8) and the officers who answer for it, with their training (11.5).
// A person signs their own commitment by a click with their password; a company's is a paper that somebody files.
//
// Threads: every function from any thread; they wait for the disk.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/random.h"
#include "base/result.h"
#include "directory/audit.h"
#include "people/duty_record.h"
#include "people/person.h"
#include "records/database.h"

namespace luy::people {

inline constexpr ErrorKind commitment_unknown{"people.commitment_unknown", ErrorClass::not_found,
                                              "Không tìm thấy cam kết này.", "There is no such commitment."};
inline constexpr ErrorKind commitment_text_unknown{"people.commitment_text_unknown", ErrorClass::not_found,
                                                   "Không tìm thấy nội dung cam kết {}.",
                                                   "There is no text of a commitment {}."};
inline constexpr ErrorKind commitment_invalid{"people.commitment_invalid", ErrorClass::invalid,
                                              "Cam kết không hợp lệ: {}.", "The commitment is not valid: {}."};
inline constexpr ErrorKind commitment_over{"people.commitment_over", ErrorClass::conflict, "Cam kết đã chấm dứt.",
                                           "The commitment has ended."};

inline constexpr std::size_t commitment_text_bytes_max = 64 << 10;
inline constexpr unsigned commitment_months_max = 120;

using CommitmentId = Id<struct CommitmentTag>;

// What is signed; a new version leaves those that were signed in force until their day.
struct CommitmentText {
  std::string id;  // "ca-nhan": letters, digits and hyphens.
  std::int64_t version = 0;
  std::string title;
  std::string body;
  unsigned months = 12;  // How long a signature holds.
  Named by;
  Time at;
};

struct Commitment {
  CommitmentId id{};
  std::optional<PersonId> person{};  // Nobody: a company's.
  std::string holder{};              // The name, as it was then.
  AgencyId agency{};
  std::string text{};  // Of a company's empty.
  std::int64_t version = 0;
  std::string system{};  // That a company works on.
  std::string paper{};   // Number of a company's paper; with its SHA-256 when it was filed.
  std::string paper_sha256{};
  Day signed_on{};
  Time signed_at{};
  std::optional<Day> until{};  // The last day.
  std::optional<Time> ended_at{};
  std::string end_reason{};
  std::string act{};  // As the audit trail knows it.
  bool in_force(Day day) const { return !ended_at && signed_on <= day && (!until || day <= *until); }
};

struct NewCompanyCommitment {
  AgencyId agency;
  std::string name;
  std::string system;
  std::string paper;
  std::string paper_sha256;
  Day signed_on{};
  std::optional<Day> until{};
};

class CommitmentBook {
 public:
  struct Dependencies {
    records::Database& database;
    directory::AuditTrail& audit;
    const Clock& clock;
    Random& random;
    // People of an agency who can sign in, each with the day they could first.
    struct Member {
      PersonId person;
      std::string name;
      Time since;
    };
    std::function<std::vector<Member>(const AgencyId&)> members;
    std::function<void(const AgencyId&)> changed;  // After the commit; every agency's when empty.
  };
  explicit CommitmentBook(Dependencies dependencies) : d_(std::move(dependencies)) {}

  using Permit = std::function<Result<void>()>;  // Asked in the transaction.
  // A new version. Errors: those of `permit`, commitment_invalid, text_invalid.
  Result<CommitmentText> set_text(const directory::Caller& caller, const Who& who, const Permit& permit,
                                  CommitmentText wanted);
  Result<std::vector<CommitmentText>> texts() const;  // The newest version of each, by id.

  // By the person themselves; that they know their password the caller has seen. Errors: commitment_text_unknown.
  Result<Commitment> sign(const directory::Caller& caller, const Person& person, const std::string& text);
  // Errors: those of `permit`, commitment_invalid, text_invalid.
  Result<Commitment> file(const directory::Caller& caller, const Permit& permit, const NewCompanyCommitment& wanted);
  // Errors: those of `permit`, commitment_unknown, commitment_over, text_invalid.
  Result<Commitment> end(const directory::Caller& caller, const Permit& permit, const CommitmentId& id,
                         const std::string& reason);

  Result<Commitment> find(const CommitmentId& id) const;  // Errors: commitment_unknown.
  Result<std::vector<Commitment>> list() const;           // The newest first.
  // Who of the agency can sign in without a commitment in force.
  Result<std::vector<Dependencies::Member>> missing(const AgencyId& agency) const;
  Result<DutyRecord> duty_record(const AgencyId& agency) const;

 private:
  const Dependencies d_;
};

}  // namespace luy::people
