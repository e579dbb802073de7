#include "hub/enrolment.h"

#include <array>

#include "base/encoding.h"
#include "base/hash.h"
#include "base/log.h"

namespace luy::hub {
namespace {

std::string hash_of(std::string_view token) {
  return to_hex(sha256(token));
}

}  // namespace

Result<std::unique_ptr<Enrolment>> Enrolment::open(records::Database& database, const Ca& ca, const Clock& clock,
                                                   Random& random, Register register_device) {
  std::unique_ptr<Enrolment> out(new Enrolment(database, ca, clock, random, std::move(register_device)));
  LUY_TRY_VOID(out->load());
  return out;
}

Result<void> Enrolment::load() {
  return database_.read([&](records::Connection& c) {
    return c.query("SELECT serial, device FROM hub_certificate WHERE revoked_at IS NULL AND expires_at > $1",
                   {to_millis(clock_.now())}, [&](const records::Row& row) {
                     living_.emplace(std::string(row.text(0)), std::string(row.text(1)));
                   });
  });
}

Result<IssuedToken> Enrolment::issue_token(const AgencyId& agency, std::string_view issued_by) {
  return database_.write([&](records::Connection& c) { return issue_token_in(c, agency, issued_by); });
}

Result<IssuedToken> Enrolment::issue_token_in(records::Connection& c, const AgencyId& agency,
                                              std::string_view issued_by) {
  std::array<std::uint8_t, 26> bytes{};
  random_.fill(bytes);
  const Time now = clock_.now();
  IssuedToken issued{to_hex(bytes), now + token_lifetime};
  // Tokens that can no longer be used are of no further use; who issued them is in the audit trail.
  LUY_TRY_VOID(c.run("DELETE FROM hub_token WHERE expires_at < $1", {to_millis(now - days(30))}));
  LUY_TRY_VOID(
      c.run("INSERT INTO hub_token (hash, agency, issued_by, issued_at, expires_at) VALUES ($1, $2, $3, $4, $5)",
            {hash_of(issued.token), agency.text(), issued_by, to_millis(now), to_millis(issued.expires_at)}));
  return issued;
}

// Uses the token up; whose it was.
Result<AgencyId> Enrolment::claim(std::string_view hash) {
  return database_.write([&](records::Connection& c) -> Result<AgencyId> {
    LUY_TRY(const std::int64_t used,
            c.run("UPDATE hub_token SET used_at = $1 WHERE hash = $2 AND used_at IS NULL AND expires_at > $1",
                  {to_millis(clock_.now()), hash}));
    if (used != 1) return Error(token_refused);
    AgencyId agency;
    LUY_TRY_VOID(c.query("SELECT agency FROM hub_token WHERE hash = $1", {hash},
                         [&](const records::Row& row) { agency = AgencyId::trusted(row.text(0)); }));
    return agency;
  });
}

// Where this fails the token stays used, which is the safe side.
void Enrolment::give_back(std::string_view hash) {
  const auto given = database_.write([&](records::Connection& c) {
    return c.run("UPDATE hub_token SET used_at = NULL WHERE hash = $1 AND device IS NULL", {hash});
  });
  if (!given) log(LogLevel::warning, "hub", "an unused enrolment token is lost: " + given.error().text());
}

bool Enrolment::over_limit(const std::string& address) {
  const std::lock_guard lock(mutex_);
  const auto found = failures_.find(address);
  if (found == failures_.end()) return false;
  if (clock_.monotonic() - found->second.since > enrol_failures_period) {
    failures_.erase(found);
    return false;
  }
  return found->second.count >= enrol_failures_max;
}

void Enrolment::note_failure(const std::string& address) {
  const std::lock_guard lock(mutex_);
  // Addresses cost little, but an attacker has many (IPv6): forgetting all of them is better than growing.
  if (failures_.size() >= enrol_addresses_max) failures_.clear();
  Failures& failures = failures_.emplace(address, Failures{clock_.monotonic(), 0}).first->second;
  ++failures.count;
}

Result<EnrolmentResult> Enrolment::enrol(const EnrolmentRequest& request, const Note& note) {
  if (over_limit(request.address)) return Error(enrol_too_often, "10 min");
  const std::string hash = hash_of(request.token);
  if (const auto good = Ca::check_request(request.csr); !good) {
    note_failure(request.address);
    return good.error();
  }
  const auto agency = claim(hash);
  if (!agency) {
    if (agency.error().is(token_refused)) note_failure(request.address);
    return agency.error();
  }
  auto out = enrol_claimed(request, *agency, hash, note);
  if (!out) give_back(hash);
  return out;
}

Result<EnrolmentResult> Enrolment::enrol_claimed(const EnrolmentRequest& request, const AgencyId& agency,
                                                 std::string_view hash, const Note& note) {
  EnrolmentResult out;
  out.agency = agency;
  LUY_TRY(const Registered registered, register_(agency, request.identity, request.os, request.hardware));
  out.device = registered.device;
  out.existed = registered.existed;
  LUY_TRY(out.certificate, ca_.issue_device(request.csr, out.device));
  const auto kept = database_.write([&](records::Connection& c) -> Result<void> {
    LUY_TRY_VOID(c.run("UPDATE hub_token SET device = $1 WHERE hash = $2", {out.device.text(), hash}));
    LUY_TRY(out.revoked, revoke_in(c, out.device, "", "enrolled again"));
    LUY_TRY_VOID(keep_in(c, out.certificate, out.device));
    return note ? note(c, out) : Result<void>();
  });
  if (!kept) return kept.error();
  forget(out.revoked);
  remember(out.certificate.serial, out.device);
  return out;
}

Result<IssuedCertificate> Enrolment::renew(const DeviceId& device, std::string_view serial, std::string_view csr) {
  if (!accepts(serial, device.text())) return Error(certificate_revoked);
  LUY_TRY(const IssuedCertificate certificate, ca_.issue_device(csr, device));
  std::vector<std::string> revoked;
  LUY_TRY_VOID(database_.write([&](records::Connection& c) -> Result<void> {
    // The one just shown stays: the answer may be lost on its way.
    LUY_TRY(revoked, revoke_in(c, device, serial, "renewed"));
    return keep_in(c, certificate, device);
  }));
  forget(revoked);
  remember(certificate.serial, device);
  return certificate;
}

Result<std::vector<std::string>> Enrolment::revoke(const DeviceId& device, std::string_view reason) {
  LUY_TRY(std::vector<std::string> revoked,
          database_.write([&](records::Connection& c) { return revoke_in(c, device, "", reason); }));
  forget(revoked);
  return revoked;
}

Result<std::vector<std::string>> Enrolment::revoke_in(records::Connection& connection, const DeviceId& device,
                                                      std::string_view keep_serial, std::string_view reason) {
  std::vector<std::string> serials;
  LUY_TRY_VOID(connection.query(
      "SELECT serial FROM hub_certificate WHERE device = $1 AND revoked_at IS NULL AND serial <> $2",
      {device.text(), keep_serial}, [&](const records::Row& row) { serials.emplace_back(row.text(0)); }));
  LUY_TRY(const std::int64_t changed, connection.run("UPDATE hub_certificate SET revoked_at = $1, revoked_why = $2 "
                                                     "WHERE device = $3 AND revoked_at IS NULL AND serial <> $4",
                                                     {to_millis(clock_.now()), reason, device.text(), keep_serial}));
  LUY_CHECK(changed == static_cast<std::int64_t>(serials.size()));
  return serials;
}

Result<void> Enrolment::keep_in(records::Connection& connection, const IssuedCertificate& certificate,
                                const DeviceId& device) {
  LUY_TRY(
      const std::int64_t added,
      connection.run("INSERT INTO hub_certificate (serial, device, issued_at, expires_at) VALUES ($1, $2, $3, $4)",
                     {certificate.serial, device.text(), to_millis(clock_.now()), to_millis(certificate.not_after)}));
  static_cast<void>(added);
  return {};
}

void Enrolment::forget(const std::vector<std::string>& serials) {
  const std::lock_guard lock(mutex_);
  for (const std::string& serial : serials) living_.erase(serial);
}

void Enrolment::remember(const std::string& serial, const DeviceId& device) {
  const std::lock_guard lock(mutex_);
  living_.emplace(serial, device.text());
}

bool Enrolment::accepts(std::string_view serial, std::string_view device) const {
  const std::lock_guard lock(mutex_);
  const auto found = living_.find(serial);
  return found != living_.end() && found->second == device;
}

std::size_t Enrolment::living() const {
  const std::lock_guard lock(mutex_);
  return living_.size();
}

}  // namespace luy::hub
