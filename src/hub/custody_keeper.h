// Erases content: what two people decided on, and what rules of retention say has been kept for long enough. One day is
// written anew at a time, beside the evidence; only taking its place is the evidence thread's (ADR 0199). Holds are
// asked for before and after the slow half. Rules do nothing while the clock is not to be believed.
#pragma once

#include <functional>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "custody/erasure_book.h"
#include "custody/retention_book.h"
#include "evidence/archive.h"
#include "evidence/store.h"
#include "hub/evidence_writer.h"

namespace luy::hub {

inline constexpr ErrorKind day_held{"custody.day_held", ErrorClass::conflict,
                                    "Ngày {} đang bị lưu giữ pháp lý nên nội dung không được xóa.",
                                    "A legal hold keeps the day {}, so its content must stay."};

class CustodyKeeper {
 public:
  struct Dependencies {
    const evidence::Store& store;
    EvidenceWriter& writer;
    const Clock& clock;
    custody::RetentionBook& rules;
    custody::ErasureBook& erasures;
    std::function<std::vector<custody::Place>()> places;
    custody::ClassOfDevice class_of_device;
    std::function<Result<std::optional<Day>>()> held_from;
  };
  explicit CustodyKeeper(Dependencies dependencies) : d_(std::move(dependencies)) {}

  // Writes at most one day anew; true when something was done and more may be. On one thread. Errors: of what stands in
  // the way of everything; what stands in the way of one erasure is noted with it.
  Result<bool> step(const std::stop_token& stop);
  // Which classes of which agencies have been kept for long enough on that day: a text, empty for none.
  Result<std::string> due(Day day, Day today) const;

  // For ErasureBook. Touches the evidence alone.
  Result<std::vector<custody::RecordSummary>> describe(const AgencyId& agency,
                                                       const std::vector<std::uint64_t>& seqs) const;

 private:
  using Due = std::vector<std::pair<AgencyId, custody::SourceClass>>;
  static Due due_on(Day day, Day today, const std::vector<custody::RetentionRule>& rules,
                    const std::vector<custody::Place>& places);
  static std::string text_of(const Due& due);
  Result<bool> erase_decided(const std::stop_token& stop);
  Result<bool> erase_by_rules(const std::stop_token& stop);
  Result<void> carry_out(const custody::Erasure& erasure, Day day, const std::stop_token& stop);
  Result<std::vector<std::uint64_t>> withhold(const evidence::RewritePlan& plan, const std::stop_token& stop);
  Result<std::vector<evidence::SeqRange>> ranges(const evidence::DayInfo& day, const Due& due,
                                                 const std::stop_token& stop) const;
  Result<void> check_hold(Day day) const;

  const Dependencies d_;
};

}  // namespace luy::hub
