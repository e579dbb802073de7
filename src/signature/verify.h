// Verification of the signatures of any PDF: what each covers, whether its bytes are as signed, what was done to the
// file behind it, who signed and whether that was right at the time. Behind a signature only further signatures,
// time-stamps and stores of their certificates are allowed; everything else counts as altered (attacks: universal
// signature forgery, incremental saving, signature wrapping, shadow). Pure, but for hostile files: call it through
// worker.h.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/hash.h"
#include "base/result.h"
#include "signature/certificate.h"
#include "signature/sign.h"

namespace luy::signature {

inline constexpr std::size_t signatures_max = 32;
inline constexpr std::size_t revocation_files_max = 64;
// A signature added later may not hide more of a page than this.
inline constexpr double widget_share_max = 0.25;

enum class State : std::uint8_t {
  valid,
  unknown_issuer,      // Intact, but no chain to a trust anchor.
  revocation_unknown,  // Intact and trusted, but nobody says that it was not revoked, and that is required.
  expired_unproven,    // Valid at the time it claims; expired since, and nothing proves that time.
  expired,
  not_yet_valid,
  revoked,
  wrong_usage,  // The certificate is not for signing.
  weak,         // SHA-1, MD5, RSA below 2048 bits and the like.
  altered,      // The signed revision is intact; the file was changed behind it.
  broken,       // Not what was signed, or no proper signature at all.
};
inline constexpr std::size_t states = 11;

struct SignatureReport {
  std::string field;  // Name of the field.
  State state = State::broken;
  std::string detail;         // What exactly, in technical English; empty when valid.
  bool is_timestamp = false;  // A document time-stamp, not a person's or agency's signature.
  bool whole_file = false;    // Nothing stands behind what it covers.
  std::size_t covers_bytes = 0;
  Time time{};  // Proved by a time-stamp, or claimed.
  bool time_proved = false;
  bool revocation_checked = false;  // For each certificate below the anchor.
  std::optional<Certificate> signer;
  // The chain found, signer first, as DER: what a caller needs to fetch revocation for.
  std::vector<std::string> chain;

  std::string vi() const;
  std::string en() const;
};

// The document that was handed out for signing elsewhere: its size and SHA-256.
struct Original {
  std::size_t bytes = 0;
  Hash hash{};
  bool operator==(const Original&) const = default;
};

struct VerifyOptions {
  Time now{};
  std::vector<Certificate> anchors{};
  std::vector<Certificate> issuers{};       // Not trusted in themselves.
  std::vector<std::string> crls{};          // DER or PEM.
  std::vector<std::string> ocsp_answers{};  // DER.
  bool require_revocation = false;
  std::optional<Time> existed_at{};    // When the caller had the file already, by its own evidence.
  std::optional<Original> original{};  // The file must begin with this and be changed by signatures alone.
};

struct Verification {
  std::vector<SignatureReport> signatures;  // In the order in which they were made.
  // Only with VerifyOptions::original: why the file is not the original plus signatures; empty when it is.
  std::string original_fault;

  // At least one signature, all of them valid, and no fault.
  bool all_valid() const;
};

// Errors: bad_pdf, pdf_encrypted, pdf_too_large.
Result<Verification> verify_pdf(std::string_view pdf, const VerifyOptions& options);

// "valid", "altered", …: for JSON and logs. Sentences for people, without particulars.
std::string_view name_of(State state);
std::optional<State> state_from(std::string_view name);
std::string_view sentence_vi(State state);
std::string_view sentence_en(State state);

}  // namespace luy::signature
