// Warnings that come from outside: a register with the paper as it came, the indicators it names, the warning that was
// made of it and what was answered. Each act is one transaction with its entry in the audit trail.
//
// Threads: every function from any thread; they wait for the disk.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/id.h"
#include "base/random.h"
#include "base/result.h"
#include "directory/audit.h"
#include "incident/contact_book.h"
#include "incident/vault.h"
#include "incident/warning_book.h"
#include "indicator/book.h"
#include "indicator/free_text.h"

namespace luy::incident {

using InboundId = Id<struct InboundWarningTag>;

inline constexpr ErrorKind inbound_unknown{"incident.inbound_unknown", ErrorClass::not_found,
                                           "Không tìm thấy cảnh báo đến này.", "There is no such inbound warning."};
inline constexpr ErrorKind inbound_settled{"incident.inbound_settled", ErrorClass::conflict,
                                           "Cảnh báo đến {} đã được xử lý.",
                                           "The inbound warning {} was dealt with already."};
inline constexpr ErrorKind inbound_passed_on{"incident.inbound_passed_on", ErrorClass::conflict,
                                             "Từ cảnh báo đến {} đã phát một cảnh báo.",
                                             "A warning was made of the inbound warning {} already."};
inline constexpr ErrorKind no_indicators{
    "incident.no_indicators", ErrorClass::invalid,
    "Không tìm thấy địa chỉ, tên miền, URL hay giá trị băm nào trong nội dung này.",
    "No address, domain, URL or hash was found in this text."};

struct InboundWarning {
  enum class State : std::uint8_t { fresh, handled, no_action };
  struct File {
    std::string name;
    std::size_t bytes = 0;
    std::string sha256;  // In the vault.
  };
  struct PassedOn {
    WarningId id;
    std::string number;
  };
  struct Indicators {
    std::string id;  // indicator::ListId
    std::string name;
    std::size_t count = 0;
  };
  InboundId id;
  std::string number;     // "CBD-2026-003": of the year it was registered, from 001.
  std::string source;     // Who sent it.
  std::string reference;  // Its number there; may be empty.
  std::optional<Day> dated;
  std::string title;
  std::string summary;
  Time received_at;
  std::string received_by;
  Time registered_at;
  std::string contact;  // ContactId; may be empty.
  std::optional<File> file;
  State state = State::fresh;
  std::optional<Time> handled_at;
  std::string handled_by;
  std::string answer;
  std::optional<PassedOn> warning;
  std::optional<Indicators> indicators;
  std::string act;  // Of the registration, as the audit trail knows it ("proof_of").
};
std::string_view name_of(InboundWarning::State state);
std::optional<InboundWarning::State> inbound_state_from_name(std::string_view name);

struct NewInbound {
  std::string source;
  std::string reference;
  std::optional<Day> dated;
  std::string title;
  std::string summary;
  Time received_at;
  std::string contact;
  std::string file_name;
  std::string file;  // Bytes of a PDF; may be empty.
};

class InboundBook {
 public:
  struct Dependencies {
    records::Database& database;
    directory::AuditTrail& audit;
    const Clock& clock;
    Random& random;
    const Vault& vault;
    indicator::Book& indicators;
  };
  explicit InboundBook(Dependencies dependencies) : d_(dependencies) {}

  // `place` is the town's agency; all need warning_issue on it.
  struct Actor {
    directory::Caller caller;
    std::string name;
    directory::Object place;
  };
  // Errors: the policy's, text_missing (naming all), time_in_future, ends_before_start (received before its date),
  // file_type_refused (a PDF alone), attachment_too_large, the database's.
  Result<InboundWarning> take(const Actor& actor, const NewInbound& wanted);
  // What find_in_text() finds becomes a list under the warning's number; a list that came of it before is replaced.
  // Errors: the policy's, inbound_unknown, no_indicators, indicator.list_too_large.
  Result<InboundWarning> import_indicators(const Actor& actor, const InboundId& id, std::string_view text,
                                           const std::string& name);
  // In the transaction in which the warning is issued. Errors: inbound_unknown, inbound_passed_on.
  Result<void> link_in(records::Connection& c, const Actor& actor, const InboundId& id, const Warning& warning) const;
  // Errors: the policy's, inbound_unknown, inbound_settled, text_missing.
  Result<InboundWarning> settle(const Actor& actor, const InboundId& id, InboundWarning::State as,
                                const std::string& answer);
  Result<InboundWarning> find(const InboundId& id) const;  // Errors: inbound_unknown.
  Result<std::vector<InboundWarning>> list() const;        // Newest first.

 private:
  const Dependencies d_;
};

}  // namespace luy::incident
