// Requests of staff for software, what was decided on them, and what was told of as findings, so that a restart tells
// nothing twice. Threads: every function from any thread; those that write wait for the disk.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <shared_mutex>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/id.h"
#include "base/random.h"
#include "base/result.h"
#include "directory/account.h"
#include "directory/audit.h"
#include "inventory/inventory.h"
#include "records/database.h"

namespace luy::software {

using RequestId = Id<struct SoftwareRequestTag>;

inline constexpr ErrorKind request_unknown{"software.request_unknown", ErrorClass::not_found,
                                           "Không có đề nghị cài phần mềm {}.", "There is no request for software {}."};
inline constexpr ErrorKind request_over{"software.request_over", ErrorClass::conflict,
                                        "Đề nghị này đã được giải quyết hoặc đã rút.",
                                        "This request was decided already, or taken back."};
inline constexpr ErrorKind request_invalid{"software.request_invalid", ErrorClass::invalid,
                                           "Đề nghị cài phần mềm không hợp lệ: {}.",
                                           "The request for software is not valid: {}."};
inline constexpr ErrorKind requests_too_many{
    "software.requests_too_many", ErrorClass::conflict,
    "Bạn có quá nhiều đề nghị đang chờ. Hãy rút bớt hoặc chờ các đề nghị ấy được giải quyết.",
    "Too many of your requests wait. Take some back, or wait until they are decided."};

inline constexpr std::size_t requests_open_per_person_max = 20;  // So that nobody buries the officer.
inline constexpr std::size_t request_text_bytes_max = 4000;      // 1000 characters.

struct SoftwareRequest {
  enum class State : std::uint8_t { waiting, approved, refused, withdrawn };
  RequestId id;
  AgencyId agency;  // The asker's when it was made.
  AccountId account;
  std::string asked_by;  // Display name.
  std::string product;   // In the asker's words, as the next three.
  std::string versions;  // May be empty.
  std::string why;
  std::string device;
  Time asked_at;
  State state = State::waiting;
  std::string decided_by;
  std::optional<Time> decided_at;
  std::string reason;
  std::vector<ApprovalId> approvals;  // What it became.
};
std::string_view name_of(SoftwareRequest::State state);
std::optional<SoftwareRequest::State> request_state_from_name(std::string_view name);

class RequestBook {
 public:
  struct Dependencies {
    records::Database& database;
    directory::AuditTrail& audit;
    const Clock& clock;
    Random& random;
  };
  // Errors: those of the database.
  static Result<std::unique_ptr<RequestBook>> open(Dependencies dependencies);

  // id, asked_at and state are filled in. Errors: request_invalid, requests_too_many; those of the database. Of this
  // and the others: the act is audited in the same transaction.
  Result<SoftwareRequest> ask(const directory::Caller& caller, SoftwareRequest wanted);
  // Errors: request_unknown (also another's), request_over; those of the database.
  Result<void> withdraw(const directory::Caller& caller, const RequestId& id, const AccountId& account);
  // Errors: request_unknown, request_over, request_invalid; those of the database.
  Result<SoftwareRequest> refuse(const directory::Caller& caller, const RequestId& id, const std::string& by,
                                 const std::string& reason);
  // What it was asked for joins the catalogue, and the request is over, in one transaction. Errors: as refuse(), and
  // those of Inventory::approve().
  Result<SoftwareRequest> approve(const directory::Caller& caller, inventory::Inventory& inventory, const RequestId& id,
                                  const inventory::NewApproval& approval);

  std::optional<SoftwareRequest> find(const RequestId& id) const;
  std::vector<SoftwareRequest> all() const;  // The newest first.

  // What a finding told of: names, by the kind of it. A device's set is replaced.
  std::set<std::string> told(const DeviceId& device, std::string_view kind) const;
  Result<void> set_told(const DeviceId& device, std::string_view kind, const std::set<std::string>& names);

 private:
  explicit RequestBook(Dependencies dependencies) : d_(dependencies) {}
  Result<void> load();
  Result<SoftwareRequest> waiting(const RequestId& id) const;
  Result<void> store_decision(records::Connection& c, const SoftwareRequest& request) const;
  void keep(const SoftwareRequest& request);

  const Dependencies d_;
  mutable std::shared_mutex mutex_;  // Guards what follows; not held while the disk works.
  std::map<RequestId, SoftwareRequest> requests_;
  std::map<std::pair<DeviceId, std::string>, std::set<std::string>> told_;
};

// The tables of this module.
std::span<const records::Migration> migrations();

}  // namespace luy::software
