// The package for the police (article 14): records of the logs with their proofs, the chain of custody, the minutes and
// the files of a case in one ZIP that verifies with plain tools (docs/format/handover.md). Kept in the vault, noted in
// the case and in the audit trail with its hash.
//
// Threads: every function from any thread; one package is made at a time, which may take a minute.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/random.h"
#include "base/result.h"
#include "incident/case_book.h"

namespace luy::incident {

inline constexpr ErrorKind handover_unknown{"incident.handover_unknown", ErrorClass::not_found,
                                            "Không tìm thấy gói bàn giao này của vụ.",
                                            "The case has no such package of evidence."};
inline constexpr ErrorKind handover_empty{
    "incident.handover_empty", ErrorClass::invalid,
    "Chưa có gì để bàn giao. Hãy chọn chứng cứ, biên bản hoặc khoảng thời gian của nhật ký.",
    "There is nothing to hand over. Choose evidence, minutes or a span of the logs."};
inline constexpr ErrorKind handover_paper{
    "incident.handover_paper", ErrorClass::conflict,
    "Văn bản kèm gói phải là biên bản bàn giao chứng cứ đã phát hành của vụ này: {}.",
    "What goes with the package must be minutes of the hand-over of evidence, issued, of this case: {}."};
inline constexpr ErrorKind handover_elsewhere{
    "incident.handover_elsewhere", ErrorClass::conflict,
    "Chứng cứ không ở trong tay người bàn giao: {}. Hãy ghi giao nhận trước.",
    "The evidence is in the hands of somebody else: {}. Record its hand-over first."};
inline constexpr ErrorKind handover_days_missing{
    "incident.handover_days_missing", ErrorClass::conflict,
    "Kho nhật ký không có các ngày: {}. Hãy chọn khoảng thời gian không có những ngày này.",
    "The logs of these days are not in the store: {}. Choose a span without them."};
inline constexpr ErrorKind handover_no_events{
    "incident.handover_no_events", ErrorClass::invalid,
    "Không có bản ghi nhật ký nào trong khoảng thời gian và trên các máy đã chọn. Hãy chọn lại.",
    "No record of the logs lies in the span on these devices. Choose again."};
inline constexpr ErrorKind handover_many_events{
    "incident.handover_many_events", ErrorClass::too_large,
    "Khoảng thời gian có quá nhiều bản ghi ({}). Hãy chia nhỏ, chọn máy, hoặc giao cả tệp nhật ký của ngày.",
    "The span holds too many records ({}). Divide it, choose devices, or hand over the day's whole file."};
inline constexpr ErrorKind handover_unsigned{
    "incident.handover_unsigned", ErrorClass::busy, "{} bản ghi mới nhất chưa được ký số. Hãy thử lại sau 10 giây.",
    "The newest {} records are not covered by a signature yet. Try again in 10 seconds."};
inline constexpr ErrorKind handover_too_large{
    "incident.handover_too_large", ErrorClass::too_large,
    "Gói bàn giao vượt {}. Hãy chia thành nhiều gói: ít chứng cứ hơn hoặc khoảng thời gian ngắn hơn.",
    "The package exceeds {}. Make several: less evidence each, or a shorter span."};
inline constexpr ErrorKind handover_busy{"incident.handover_busy", ErrorClass::busy,
                                         "Hub đang lập một gói bàn giao khác. Hãy thử lại sau một phút.",
                                         "The hub is making another package. Try again in a minute."};

inline constexpr std::size_t handover_bytes_max = document_bytes_max;  // Of the ZIP: it goes into the vault.
inline constexpr std::size_t handover_content_bytes_max = std::size_t{512} << 20;  // Of what lies in it.
inline constexpr std::size_t handover_records_max = 10'000;                        // Of the logs.
inline constexpr std::string_view handover_events_folder = "nhat-ky/";

struct EventSpan {
  Time from;                        // Inclusive, time of receipt.
  Time to;                          // Exclusive.
  std::vector<DeviceId> devices{};  // None: all of the agency's.
};
struct ExportedEvents {
  std::uint64_t records = 0;
  std::uint64_t uncovered = 0;  // Left out, for no signature covers them yet.
  bool complete = true;         // False: there are more than handover_records_max.
};
// Takes the files of an evidence package (evidence/package.h).
using TakeFile = std::function<Result<void>(const std::string& name, std::string_view bytes)>;

struct HandoverWanted {
  std::string receiver;
  std::optional<PaperId> paper{};
  std::vector<PartId> evidence{};  // None: all of the case's, with all its attachments.
  std::optional<EventSpan> events{};
};

class HandoverDesk {
 public:
  struct Dependencies {
    CaseBook& cases;
    const Vault& vault;
    const Clock& clock;
    Random& random;
    std::function<std::string(const AgencyId&)> agency_name;
    std::function<std::string(const DeviceId&)> device_name;
    std::function<std::vector<Day>()> stored_days;  // Of the evidence.
    // Records that an agency sent. Errors: those of evidence::write_package().
    std::function<Result<ExportedEvents>(const AgencyId&, const EventSpan&, const TakeFile&)> export_events;
  };
  explicit HandoverDesk(Dependencies dependencies) : d_(std::move(dependencies)) {}

  // Makes the package and the part `handover` that tells of it, also after the case's end. Who hands over is the actor,
  // or the giver whom the minutes name; what the receiver holds already may be in it. Errors: those above,
  // case_unknown, the policy's, part_unknown, text_missing (receiver), ends_before_start, time_in_future, too_many,
  // zip_failed, those of the vault and of export_events; nothing is kept then.
  Result<Part> make(const Actor& actor, const CaseId& id, const HandoverWanted& wanted);

 private:
  const Dependencies d_;
  std::mutex making_;
};

// What the package says in words; pure. Private to the module and its tests.
struct HandoverContent {
  const Case& one;
  std::string agency;
  std::string receiver;
  std::string by;
  Time at;
  struct Item {
    Part evidence;
    std::string file{};  // In the package; empty when the case holds no file of it.
  };
  std::vector<Item> items{};
  std::vector<Part> parts{};  // All of the case: its hand-overs are among them.
  std::optional<CasePaper> paper{};
  std::string paper_file{};
  std::optional<EventSpan> events{};
  std::vector<std::string> devices{};  // Their names.
  std::uint64_t records = 0;
};
// As one line: whatever ends a line for some program becomes a blank, what turns the writing around is left out.
std::string one_line(std::string_view text);
std::string handover_readme(const HandoverContent& content);  // README.txt; what people wrote is a line each.
std::string handover_custody_json(const HandoverContent& content);
std::string handover_custody_csv(const HandoverContent& content);  // For office programs: BOM, CRLF, no formulas.

}  // namespace luy::incident
