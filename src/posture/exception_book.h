// Exceptions from what a device ought to meet - hardening checks, updates - kept with who granted them, why and until
// when; and which grave checks were already told of as findings, so that a restart tells nothing twice. Threads: every
// function from any thread; those that write wait for the disk.
#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <shared_mutex>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "directory/audit.h"
#include "posture/posture.h"
#include "records/database.h"

namespace luy::posture {

inline constexpr ErrorKind check_unknown{"posture.check_unknown", ErrorClass::not_found,
                                         "Không có kiểm tra cấu hình {}.", "There is no hardening check {}."};
inline constexpr ErrorKind exception_unknown{"posture.exception_unknown", ErrorClass::not_found,
                                             "Thiết bị này không có ngoại lệ cho {}.",
                                             "The device has no exception for {}."};
inline constexpr ErrorKind exception_invalid{
    "posture.exception_invalid", ErrorClass::invalid,
    "Ngoại lệ không hợp lệ: {}. Hãy ghi lý do và ngày hết hạn từ hôm nay đến tối đa 366 ngày tới.",
    "The exception is not valid: {}. Give a reason, and an end from today on and within 366 days."};

inline constexpr std::chrono::days exception_days_max{366};  // What is accepted is looked at again within a year.
inline constexpr std::size_t reason_bytes_max = 4000;        // 1000 characters.

// From what: where exceptions are kept and how their acts are called. All literals.
struct ExceptionKind {
  const char* table;    // With the columns of posture_exception.
  const char* subject;  // What the trail calls what they are from.
  const char* granted;  // Acts.
  const char* ended;
};
inline constexpr ExceptionKind of_checks{"posture_exception", "check", "check_except", "check_exception_ended"};

class ExceptionBook {
 public:
  struct Dependencies {
    records::Database& database;
    directory::AuditTrail& audit;
    const Clock& clock;
    ExceptionKind kind = of_checks;
  };
  // Errors: those of the database.
  static Result<std::unique_ptr<ExceptionBook>> open(Dependencies dependencies);

  // Grants it, in place of the one there is; the act is audited in the same transaction. Errors: exception_invalid;
  // those of the database.
  Result<Exception> grant(const directory::Caller& caller, const AgencyId& agency, Exception wanted);
  // Errors: exception_unknown; those of the database.
  Result<void> end(const directory::Caller& caller, const AgencyId& agency, const DeviceId& device,
                   const std::string& subject);

  Exceptions of(const DeviceId& device) const;  // Also those that are over.

  // Grave checks of the device that were told of. Only of checks.
  std::set<std::string> told(const DeviceId& device) const;
  Result<void> set_told(const DeviceId& device, const std::set<std::string>& checks);

 private:
  explicit ExceptionBook(Dependencies dependencies) : d_(dependencies) {}
  Result<void> load();
  boost::json::object as_json(const Exception& one) const;

  const Dependencies d_;
  mutable std::shared_mutex mutex_;  // Guards what follows; not held while the disk works.
  std::map<DeviceId, Exceptions> exceptions_;
  std::map<DeviceId, std::set<std::string>> told_;
};

// The tables of this module.
std::span<const records::Migration> migrations();

}  // namespace luy::posture
