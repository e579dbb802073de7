// Erasures of single records: what two people decided is to go, and what became of it. The records' content goes by
// writing their day anew (ADR 0199); who carries that out asks for what waits here.
//
// Threads: every function from any thread; they wait for the disk.
#pragma once

#include <boost/json.hpp>
#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/random.h"
#include "base/result.h"
#include "directory/pending.h"
#include "records/database.h"

namespace luy::custody {

inline constexpr ErrorKind erasure_refused{
    "custody.erasure_refused", ErrorClass::conflict,
    "Không xóa được bản ghi số {}. Chỉ xóa được nội dung của bản ghi thuộc đúng cơ quan, ngày đã khóa và không bị lưu "
    "giữ pháp lý.",
    "Record number {} cannot be erased. Only content of the agency's own records goes, of days that are closed and "
    "that "
    "no legal hold keeps."};
inline constexpr ErrorKind erasure_invalid{"custody.erasure_invalid", ErrorClass::invalid,
                                           "Đề nghị xóa không hợp lệ: {}.", "The erasure asked for is not valid: {}."};

inline constexpr std::string_view erase_act = "evidence_erase";
inline constexpr std::size_t erasure_records_max = 200;  // Single records: more is a matter of a rule.

using ErasureId = Id<struct ErasureTag>;

// What may be shown of a record without its content.
struct RecordSummary {
  std::uint64_t seq = 0;
  Time received;
  Day day;  // Whose file holds it.
  std::string source;
  std::uint64_t bytes = 0;
  std::string leaf;  // Hexadecimal.
};
boost::json::object to_json(const RecordSummary& record);

struct Erasure {
  ErasureId id;
  AgencyId agency;
  std::string reason;
  std::string legal_basis;
  std::vector<std::uint64_t> seqs;  // Ascending.
  std::vector<Day> days;            // Ascending.
  std::vector<std::string> decided_by;
  Time decided_at;
  std::vector<Day> done_days;
  std::vector<std::uint64_t> note_seqs;
  std::optional<Time> done_at;
  std::string problem;  // Why it is not done yet.
};

class ErasureBook {
 public:
  struct Dependencies {
    records::Database& database;
    const Clock& clock;
    Random& random;
    // The records, in the order of `seqs`, if all of them are the agency's own, closed, and still there. Called in a
    // transaction of the database: must not ask it. Errors: erasure_refused naming the first that is not.
    std::function<Result<std::vector<RecordSummary>>(const AgencyId&, const std::vector<std::uint64_t>& seqs)> describe;
  };
  explicit ErasureBook(Dependencies dependencies) : d_(std::move(dependencies)) {}

  // Ascending, each once. Errors: erasure_invalid.
  static Result<std::vector<std::uint64_t>> seqs_of(const boost::json::object& body);
  // For PendingActs::add_kind(erase_act). Body: {"agency", "seqs", "reason", "legal_basis", "above", "by"}.
  directory::ActKind act();

  Result<std::vector<Erasure>> list() const;  // Newest first.
  // Those that are to be carried out, oldest first.
  Result<std::vector<Erasure>> waiting() const;
  // A day of it is written anew; `notes`: the records that say so. The erasure is done with its last day.
  Result<void> note_done(const ErasureId& id, Day day, const std::vector<std::uint64_t>& notes);
  Result<void> note_problem(const ErasureId& id, const std::string& problem);

 private:
  const Dependencies d_;
};

}  // namespace luy::custody
