#include "posture/exception_book.h"

#include <array>
#include <utility>

namespace luy::posture {
namespace {

namespace json = boost::json;

constexpr std::array<records::Migration, 1> tables = {{{"posture", 1, R"sql(
CREATE TABLE posture_exception (          -- Accepted for a time that a check is not met on a device.
  device TEXT NOT NULL,
  check_id TEXT NOT NULL,
  reason TEXT NOT NULL,
  expires_on TEXT NOT NULL,               -- Day, inclusive.
  by_name TEXT NOT NULL,
  at_us BIGINT NOT NULL,                  -- Microseconds UTC.
  PRIMARY KEY (device, check_id)
);
CREATE TABLE posture_told (               -- Grave checks that a finding told of and that are wrong since.
  device TEXT NOT NULL,
  check_id TEXT NOT NULL,
  PRIMARY KEY (device, check_id)
);
)sql"}}};

directory::AuditEntry entry_for(const char* act, const AgencyId& agency, const DeviceId& device) {
  directory::AuditEntry entry;
  entry.act = act;
  entry.object = "device:" + device.text();
  entry.after["agency"] = agency.text();
  return entry;
}

bool is_blank(const std::string& text) {
  return text.find_first_not_of(" \t\r\n") == std::string::npos;
}

}  // namespace

std::span<const records::Migration> migrations() {
  return tables;
}

Result<std::unique_ptr<ExceptionBook>> ExceptionBook::open(Dependencies dependencies) {
  std::unique_ptr<ExceptionBook> book(new ExceptionBook(dependencies));
  LUY_TRY_VOID(book->load());
  return book;
}

json::object ExceptionBook::as_json(const Exception& one) const {
  return {
      {d_.kind.subject, one.subject}, {"reason", one.reason}, {"expires_on", to_iso(one.expires_on)}, {"by", one.by}};
}

Result<void> ExceptionBook::load() {
  const std::string table = d_.kind.table;
  return d_.database.read([&](records::Connection& c) -> Result<void> {
    LUY_TRY_VOID(c.query("SELECT device, check_id, reason, expires_on, by_name, at_us FROM " + table, {},
                         [&](const records::Row& row) {
                           Exception one{DeviceId::trusted(row.text(0)), std::string(row.text(1)),
                                         std::string(row.text(2)),       day_from_iso(row.text(3)).value_or(Day()),
                                         std::string(row.text(4)),       from_micros(row.integer(5))};
                           auto& of_device = exceptions_[one.device];
                           const std::string subject = one.subject;
                           of_device.insert_or_assign(subject, std::move(one));
                         }));
    LUY_TRY_VOID(c.query("SELECT device, check_id FROM posture_told", {},
                         [&](const records::Row& row) { told_[DeviceId::trusted(row.text(0))].emplace(row.text(1)); }));
    return {};
  });
}

Result<Exception> ExceptionBook::grant(const directory::Caller& caller, const AgencyId& agency, Exception wanted) {
  wanted.at = d_.clock.now();
  const Day today = day_of(wanted.at);
  const auto work = [&](records::Connection& c, directory::AuditEntry& noted) -> Result<Exception> {
    if (is_blank(wanted.reason) || wanted.reason.size() > reason_bytes_max) {
      return Error(exception_invalid, "lý do", "the reason");
    }
    if (wanted.expires_on < today || wanted.expires_on > today + exception_days_max) {
      return Error(exception_invalid, "ngày hết hạn", "the end");
    }
    const Exceptions before = of(wanted.device);
    if (const auto found = before.find(wanted.subject); found != before.end()) noted.before = as_json(found->second);
    for (auto& [key, value] : as_json(wanted)) noted.after[key] = value;
    const std::string expires_on = to_iso(wanted.expires_on);
    LUY_TRY_VOID(c.run(
        "INSERT INTO " + std::string(d_.kind.table) +
            " (device, check_id, reason, expires_on, by_name, at_us) VALUES ($1, $2, $3, "
            "$4, $5, $6) ON CONFLICT (device, check_id) DO UPDATE SET reason = excluded.reason, "
            "expires_on = excluded.expires_on, by_name = excluded.by_name, at_us = excluded.at_us",
        {std::string_view(wanted.device.text()), std::string_view(wanted.subject), std::string_view(wanted.reason),
         std::string_view(expires_on), std::string_view(wanted.by), to_micros(wanted.at)}));
    return wanted;
  };
  LUY_TRY(const Exception done, d_.audit.perform(caller, entry_for(d_.kind.granted, agency, wanted.device), work));
  const std::unique_lock lock(mutex_);
  exceptions_[done.device].insert_or_assign(done.subject, done);
  return done;
}

Result<void> ExceptionBook::end(const directory::Caller& caller, const AgencyId& agency, const DeviceId& device,
                                const std::string& subject) {
  const auto work = [&](records::Connection& c, directory::AuditEntry& noted) -> Result<void> {
    const Exceptions before = of(device);
    const auto found = before.find(subject);
    if (found == before.end()) return Error(exception_unknown, subject);
    noted.before = as_json(found->second);
    noted.after[d_.kind.subject] = subject;
    LUY_TRY_VOID(c.run("DELETE FROM " + std::string(d_.kind.table) + " WHERE device = $1 AND check_id = $2",
                       {std::string_view(device.text()), std::string_view(subject)}));
    return {};
  };
  LUY_TRY_VOID(d_.audit.perform(caller, entry_for(d_.kind.ended, agency, device), work));
  const std::unique_lock lock(mutex_);
  exceptions_[device].erase(subject);
  return {};
}

Exceptions ExceptionBook::of(const DeviceId& device) const {
  const std::shared_lock lock(mutex_);
  const auto found = exceptions_.find(device);
  return found == exceptions_.end() ? Exceptions() : found->second;
}

std::set<std::string> ExceptionBook::told(const DeviceId& device) const {
  const std::shared_lock lock(mutex_);
  const auto found = told_.find(device);
  return found == told_.end() ? std::set<std::string>() : found->second;
}

Result<void> ExceptionBook::set_told(const DeviceId& device, const std::set<std::string>& checks) {
  const std::string of = device.text();
  const auto stored = d_.database.write([&](records::Connection& c) -> Result<void> {
    LUY_TRY_VOID(c.run("DELETE FROM posture_told WHERE device = $1", {std::string_view(of)}));
    for (const std::string& check : checks) {
      LUY_TRY_VOID(c.run("INSERT INTO posture_told (device, check_id) VALUES ($1, $2)",
                         {std::string_view(of), std::string_view(check)}));
    }
    return {};
  });
  if (!stored) return stored.error();
  const std::unique_lock lock(mutex_);
  told_[device] = checks;
  return {};
}

}  // namespace luy::posture
