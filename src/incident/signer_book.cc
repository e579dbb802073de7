#include "incident/signer_book.h"

#include <algorithm>

#include "base/encoding.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/vietnamese.h"
#include "incident/case_book.h"
#include "signature/outside.h"
#include "signature/revocation_list.h"
#include "signature/worker.h"

namespace luy::incident {
namespace {

constexpr std::string_view columns =
    "id, account, fingerprint, subject, serial, issuer, not_before, not_after, added_at, added_by";

SigningCertificate read(const records::Row& row) {
  SigningCertificate out;
  out.id = SigningId::trusted(row.text(0));
  out.account = AccountId::trusted(row.text(1));
  out.fingerprint = row.text(2);
  out.subject = row.text(3);
  out.serial = row.text(4);
  out.issuer = row.text(5);
  out.not_before = from_micros(row.integer(6));
  out.not_after = from_micros(row.integer(7));
  out.added_at = from_micros(row.integer(8));
  out.added_by = row.text(9);
  return out;
}

// Every regular file of a folder, by name; none when the folder is not there.
Result<std::vector<std::string>> files_of(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> names;
  std::error_code error;
  for (std::filesystem::directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
    if (at->is_regular_file(error) && names.size() < trust_files_max) names.push_back(at->path());
  }
  std::sort(names.begin(), names.end());
  std::vector<std::string> out;
  for (const std::filesystem::path& name : names) {
    LUY_TRY(std::string bytes, read_file(name, trust_file_bytes_max));
    out.push_back(std::move(bytes));
  }
  return out;
}

Result<std::vector<signature::Certificate>> certificates_of(const std::filesystem::path& folder) {
  LUY_TRY(const std::vector<std::string> files, files_of(folder));
  std::vector<signature::Certificate> out;
  for (const std::string& file : files) {
    LUY_TRY(std::vector<signature::Certificate> some, signature::read_certificates(file));
    out.insert(out.end(), std::make_move_iterator(some.begin()), std::make_move_iterator(some.end()));
  }
  return out;
}

// Why nobody says that a certificate was not revoked: the lists that are over, by their issuers, and whom nobody could
// ask.
Text unknown_because(signature::State state, const signature::VerifyOptions& options,
                     const std::optional<Error>& problem) {
  if (state != signature::State::revocation_unknown) return {};
  Text out;
  if (problem) out = {" " + problem->vi(), " " + problem->en()};
  std::string names;
  for (const std::string& bytes : options.crls) {
    const auto list = signature::read_revocation_list(bytes);
    if (list && list->is_stale(options.now)) names += (names.empty() ? "" : "; ") + list->issuer;
  }
  if (names.empty()) return out;
  out.vi += " Danh sách thu hồi đã quá hạn: " + names + ".";
  out.en += " Revocation lists that are over: " + names + ".";
  return out;
}

std::vector<directory::Grant> grants_on(const std::vector<directory::Grant>& all, Day day) {
  std::vector<directory::Grant> out;
  std::copy_if(all.begin(), all.end(), std::back_inserter(out),
               [&](const directory::Grant& one) { return one.valid_on(day); });
  return out;
}

}  // namespace

bool same_name(std::string_view person, std::string_view certificate) {
  const auto plain = [](std::string_view text) {
    std::string out;
    for (const char c : fold_vietnamese(text)) {
      if (c != ' ' || (!out.empty() && out.back() != ' ')) out += c;
    }
    while (!out.empty() && out.back() == ' ') out.pop_back();
    return out;
  };
  const std::string one = plain(person);
  const std::string other = plain(certificate);
  if (one.empty() || !other.starts_with(one)) return false;
  const auto next = other.substr(one.size());
  return next.empty() || next.front() == ' ' || next.front() == ',' || next.front() == '(';
}

boost::json::object SignerBook::add_body(const AccountId& account, std::string_view certificate,
                                         const std::string& added_by) {
  return {{"account", account.text()}, {"certificate", to_base64(certificate)}, {"added_by", added_by}};
}

directory::ActKind SignerBook::add_act() {
  using boost::json::object;
  const auto account_of = [](const object& body) {
    return AccountId::trusted(std::string(body.at("account").as_string()));
  };
  directory::ActKind kind;
  // Not the administrator's own act alone: whoever gives roles answers for who is whom.
  kind.action = directory::Action::role_grant;
  kind.run = [this](records::Connection& c, const directory::Caller& caller, const object& body,
                    directory::AuditEntry& entry) -> Result<object> {
    LUY_TRY(const SigningCertificate added, add_in(c, caller, body, entry));
    return object{{"id", added.id.text()}};
  };
  // In a small town the head is the only other one; that it is theirs is what they are asked.
  kind.owner_may_agree = true;
  kind.places = [account_of](records::Connection& c, const object& body) {
    return directory::deciding_places(c, account_of(body));
  };
  return kind;
}

Result<SigningCertificate> SignerBook::add_in(records::Connection& c, const directory::Caller& caller,
                                              const boost::json::object& body, directory::AuditEntry& entry) {
  const auto id = AccountId::trusted(std::string(body.at("account").as_string()));
  entry.object = "account:" + id.text();
  LUY_TRY(const directory::Account account, directory::account_in(c, id));
  LUY_TRY(auto chain, directory::load_superiors(c, account.agency));
  LUY_TRY_VOID(caller.require(directory::Action::account_manage, {std::move(chain), id, false}));
  const auto file = from_base64(std::string_view(body.at("certificate").as_string()));
  if (!file) return Error(signature::bad_certificate, "base64");
  LUY_TRY(const std::vector<signature::Certificate> read_in, signature::read_certificates(*file));
  const signature::Certificate& first = read_in.front();
  SigningCertificate out;
  const Time now = d_.clock.now();
  if (first.not_after < now) return Error(signing_over, first.subject);
  out.id = SigningId::make(now, d_.random);
  out.account = account.id;
  out.fingerprint = to_hex(sha256(first.der));
  out.subject = first.subject;
  out.serial = first.serial;
  out.issuer = first.issuer;
  out.not_before = first.not_before;
  out.not_after = first.not_after;
  out.added_at = now;
  out.added_by = std::string(body.at("added_by").as_string());
  LUY_TRY(const std::int64_t added,
          c.run("INSERT INTO incident_signer (id, account, fingerprint, subject, serial, issuer, not_before, "
                "not_after, added_at, added_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) "
                "ON CONFLICT (fingerprint) DO NOTHING",
                {std::string_view(out.id.text()), std::string_view(out.account.text()),
                 std::string_view(out.fingerprint), std::string_view(out.subject), std::string_view(out.serial),
                 std::string_view(out.issuer), to_micros(out.not_before), to_micros(out.not_after),
                 to_micros(out.added_at), std::string_view(out.added_by)}));
  if (added == 0) return Error(signing_taken, out.subject);
  entry.after["person"] = account.display_name;
  entry.after["common_name"] = first.common_name;
  if (!same_name(account.display_name, first.common_name)) entry.after["name_differs"] = true;
  entry.after["subject"] = out.subject;
  entry.after["serial"] = out.serial;
  entry.after["fingerprint"] = out.fingerprint;
  return out;
}

Result<void> SignerBook::remove(const directory::Caller& caller, const directory::Object& place, const SigningId& id) {
  directory::AuditEntry entry;
  entry.act = "signing_certificate_remove";
  const auto work = [&](records::Connection& c, directory::AuditEntry& done) -> Result<void> {
    LUY_TRY_VOID(caller.require(directory::Action::account_manage, place));
    std::optional<SigningCertificate> known;
    LUY_TRY_VOID(c.query("SELECT " + std::string(columns) + " FROM incident_signer WHERE id = $1",
                         {std::string_view(id.text())}, [&](const records::Row& row) { known = read(row); }));
    if (!known) return Error(signing_unknown);
    LUY_TRY_VOID(c.run("DELETE FROM incident_signer WHERE id = $1", {std::string_view(id.text())}));
    done.object = "account:" + known->account.text();
    done.before["subject"] = known->subject;
    done.before["fingerprint"] = known->fingerprint;
    return {};
  };
  return d_.audit.perform(caller, std::move(entry), work);
}

Result<SigningCertificate> SignerBook::find(const SigningId& id) const {
  return d_.database.read([&](records::Connection& c) -> Result<SigningCertificate> {
    std::optional<SigningCertificate> out;
    LUY_TRY_VOID(c.query("SELECT " + std::string(columns) + " FROM incident_signer WHERE id = $1",
                         {std::string_view(id.text())}, [&](const records::Row& row) { out = read(row); }));
    if (!out) return Error(signing_unknown);
    return *std::move(out);
  });
}

Result<std::vector<SigningCertificate>> SignerBook::list() const {
  return d_.database.read([&](records::Connection& c) -> Result<std::vector<SigningCertificate>> {
    std::vector<SigningCertificate> out;
    LUY_TRY_VOID(c.query("SELECT " + std::string(columns) + " FROM incident_signer ORDER BY added_at DESC, id DESC", {},
                         [&](const records::Row& row) { out.push_back(read(row)); }));
    return out;
  });
}

Result<std::optional<AccountId>> SignerBook::owner_of(std::string_view der) const {
  const std::string fingerprint = to_hex(sha256(der));
  return d_.database.read([&](records::Connection& c) -> Result<std::optional<AccountId>> {
    std::optional<AccountId> out;
    LUY_TRY_VOID(c.query("SELECT account FROM incident_signer WHERE fingerprint = $1", {std::string_view(fingerprint)},
                         [&](const records::Row& row) { out = AccountId::trusted(row.text(0)); }));
    return out;
  });
}

std::vector<std::string> roles_counting(const std::vector<directory::Grant>& grants, directory::Action action,
                                        const std::vector<AgencyId>& lineage) {
  std::vector<std::string> out;
  if (lineage.empty()) return out;
  for (const directory::Grant& grant : grants) {
    const directory::Reach reach = directory::reach_of(grant.role, action);
    const bool above = std::find(lineage.begin(), lineage.end(), grant.agency) != lineage.end();
    const bool counts = (reach == directory::Reach::agency && grant.agency == lineage.front()) ||
                        (reach == directory::Reach::subtree && above) ||
                        (reach == directory::Reach::town && grant.town() == lineage.back());
    const std::string name(directory::name_of(grant.role));
    if (counts && std::find(out.begin(), out.end(), name) == out.end()) out.push_back(name);
  }
  return out;
}

// Verifies, asks responders about the chains that nobody here knows enough of, and verifies once more.
Result<signature::Verification> WorkerSignatures::ask_and_verify(std::string_view signed_pdf,
                                                                 signature::VerifyOptions& options,
                                                                 std::optional<Error>& problem) const {
  LUY_TRY(signature::Verification found, signature::verify_in_worker(d_.worker, signed_pdf, options));
  if (!d_.ask) return found;
  const std::size_t before = options.ocsp_answers.size();
  for (const signature::SignatureReport& one : found.signatures) {
    if (one.revocation_checked || one.chain.size() < 2) continue;
    if (one.state != signature::State::revocation_unknown && one.state != signature::State::valid) continue;
    Revocation said = d_.ask(one.chain);
    if (said.problem && !problem) problem = std::move(said.problem);
    for (std::string& answer : said.ocsp_answers) {
      if (options.ocsp_answers.size() < signature::revocation_files_max) {
        options.ocsp_answers.push_back(std::move(answer));
      }
    }
  }
  if (options.ocsp_answers.size() == before) return found;
  return signature::verify_in_worker(d_.worker, signed_pdf, options);
}

Result<std::vector<Signer>> WorkerSignatures::verify(std::string_view signed_pdf, std::string_view issued_pdf,
                                                     const AgencyId& agency) {
  const Time now = d_.clock.now();
  signature::VerifyOptions options;
  options.now = now;
  LUY_TRY(options.anchors, certificates_of(d_.trust / "anchors"));
  if (options.anchors.empty()) return Error(no_trust, (d_.trust / "anchors").string());
  LUY_TRY(options.issuers, certificates_of(d_.trust / "issuers"));
  LUY_TRY(options.crls, files_of(d_.trust / "crls"));
  LUY_TRY(options.ocsp_answers, files_of(d_.trust / "ocsp"));
  options.require_revocation =
      !options.crls.empty() || !options.ocsp_answers.empty() || (d_.is_online && d_.is_online());
  options.original = signature::handed_out(issued_pdf);
  std::optional<Error> problem;
  LUY_TRY(const signature::Verification found, ask_and_verify(signed_pdf, options, problem));
  if (!found.original_fault.empty()) {
    return Error(signature::returned_other, "đã bị sửa, xuất lại, hoặc là tệp của văn bản khác", found.original_fault);
  }
  std::vector<Signer> out;
  for (const signature::SignatureReport& one : found.signatures) {
    if (one.state != signature::State::valid) {
      const Text why = unknown_because(one.state, options, problem);
      return Error(signature::returned_invalid, one.vi() + why.vi, one.en() + why.en);
    }
    if (one.is_timestamp || !one.signer) continue;
    Signer signer;
    signer.name = one.signer->common_name.empty() ? one.signer->subject : one.signer->common_name;
    signer.at = one.time;
    LUY_TRY(const auto owner, d_.signers.owner_of(one.signer->der));
    const auto account = owner ? std::optional(d_.account(*owner)) : std::nullopt;
    // A stranger's signature is kept by name and counts for no role; so does one of an account that was locked.
    if (account && *account && (*account)->enabled) {
      signer.name = (*account)->display_name;
      signer.account = owner->text();
      std::vector<directory::Grant> grants = grants_on((*account)->grants, day_of(one.time));
      if (!one.time_proved) grants = grants_on(grants, day_of(now));
      signer.roles = roles_counting(grants, directory::Action::incident_handle, d_.lineage(agency));
    }
    out.push_back(std::move(signer));
  }
  return out;
}

}  // namespace luy::incident
