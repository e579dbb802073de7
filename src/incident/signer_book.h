// Which signing certificates belong to which accounts, and who has signed a paper: the signatures of an uploaded PDF,
// checked in the sandboxed worker, made into people and the roles they hold. docs/adr/0136.
//
// Threads: every function from any thread; they wait for the disk and for the worker.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/random.h"
#include "base/result.h"
#include "directory/account.h"
#include "directory/audit.h"
#include "directory/pending.h"
#include "incident/case_paper.h"
#include "records/database.h"
#include "signature/certificate.h"
#include "signature/verify.h"

namespace luy::incident {

inline constexpr std::string_view signer_add_act = "signer_add";

// Whether two names are one person's, however they are spelt: marks, case and blanks apart. A certificate often has
// more in it than the name ("Nguyễn Văn A - UBND phường"): it must begin with it. Pure.
bool same_name(std::string_view person, std::string_view certificate);

using SigningId = Id<struct SigningCertificateTag>;

inline constexpr ErrorKind signing_unknown{"incident.signing_unknown", ErrorClass::not_found,
                                           "Không tìm thấy chứng thư ký này.", "There is no such signing certificate."};
inline constexpr ErrorKind signing_taken{"incident.signing_taken", ErrorClass::conflict,
                                         "Chứng thư {} đã được gắn với một tài khoản.",
                                         "The certificate {} belongs to an account already."};
inline constexpr ErrorKind signing_over{"incident.signing_over", ErrorClass::invalid,
                                        "Chứng thư {} đã hết hạn. Hãy dùng chứng thư còn hiệu lực.",
                                        "The certificate {} has expired. Use a valid one."};
inline constexpr ErrorKind no_trust{
    "incident.no_trust", ErrorClass::unavailable,
    "Chưa có chứng thư gốc để kiểm tra chữ ký số. Hãy đặt tệp chứng thư CA tin cậy (PEM hoặc DER) vào {}.",
    "There is no trust anchor to check signatures with. Put the certificates of trusted authorities (PEM or DER) into "
    "{}."};

inline constexpr std::size_t trust_file_bytes_max = 16 << 20;
inline constexpr std::size_t trust_files_max = 64;  // In each folder.

struct SigningCertificate {
  SigningId id;
  AccountId account;
  std::string fingerprint;  // SHA-256 of the DER, in hexadecimal.
  std::string subject, serial, issuer;
  Time not_before, not_after;
  Time added_at;
  std::string added_by;
};

class SignerBook {
 public:
  struct Dependencies {
    records::Database& database;
    directory::AuditTrail& audit;
    const Clock& clock;
    Random& random;
  };
  explicit SignerBook(Dependencies dependencies) : d_(dependencies) {}

  // The act signer_add, which takes two people: whoever signs with the certificate counts as the account's owner. Its
  // entry names both people, and says so where the certificate bears another name than the account's owner.
  directory::ActKind add_act();
  // The body of that act. `certificate`: PEM or DER, the first of the file.
  static boost::json::object add_body(const AccountId& account, std::string_view certificate,
                                      const std::string& added_by);
  // What the act does. Errors: the policy's of `caller` (account_manage on the account), account_unknown,
  // bad_certificate, signing_taken, signing_over, the database's.
  Result<SigningCertificate> add_in(records::Connection& connection, const directory::Caller& caller,
                                    const boost::json::object& body, directory::AuditEntry& entry);
  // Errors: the policy's, signing_unknown.
  Result<void> remove(const directory::Caller& caller, const directory::Object& place, const SigningId& id);
  Result<SigningCertificate> find(const SigningId& id) const;
  Result<std::vector<SigningCertificate>> list() const;  // Newest first.
  // Whose certificate this is; nullopt: a stranger's.
  Result<std::optional<AccountId>> owner_of(std::string_view der) const;

 private:
  const Dependencies d_;
};

// Roles that count where `lineage` (an agency and its superiors) stands: those the policy lets reach it with `action`.
std::vector<std::string> roles_counting(const std::vector<directory::Grant>& grants, directory::Action action,
                                        const std::vector<AgencyId>& lineage);

// What responders answer about a verified chain (DER, signer first, anchor last), and why one could not be asked.
struct Revocation {
  std::vector<std::string> ocsp_answers;
  std::optional<Error> problem;
};

// Signatures verified in luy-signature-worker against the folders `trust`/anchors, /issuers, /crls and /ocsp, which are
// read each time; what they do not tell, responders are asked for. Where there is any list or answer of revocation, or
// somebody may be asked, an answer is required for every certificate. A claimed time that no time-stamp proves gives
// only roles that are held today, too.
class WorkerSignatures final : public Signatures {
 public:
  struct Dependencies {
    const SignerBook& signers;
    const Clock& clock;
    std::filesystem::path worker;
    std::filesystem::path trust;
    std::function<Result<directory::Account>(const AccountId&)> account;
    std::function<std::vector<AgencyId>(const AgencyId&)> lineage;
    std::function<bool()> is_online{};  // Whether `ask` may address anybody; empty for never.
    std::function<Revocation(const std::vector<std::string>& chain)> ask{};
  };
  explicit WorkerSignatures(Dependencies dependencies) : d_(std::move(dependencies)) {}
  // Errors: no_trust, signature.returned_other, returned_invalid, those of verify_in_worker().
  Result<std::vector<Signer>> verify(std::string_view signed_pdf, std::string_view issued_pdf,
                                     const AgencyId& agency) override;

 private:
  Result<signature::Verification> ask_and_verify(std::string_view signed_pdf, signature::VerifyOptions& options,
                                                 std::optional<Error>& problem) const;

  const Dependencies d_;
};

}  // namespace luy::incident
