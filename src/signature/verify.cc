#include "signature/verify.h"

#include <algorithm>
#include <array>

#include "signature/crypto/chain.h"
#include "signature/crypto/cms_check.h"
#include "signature/pdf/difference.h"
#include "signature/pdf/raw.h"
#include "signature/pdf/signature_value.h"

namespace luy::signature {
namespace {

// The file behind its first signed revision, update by update.
struct History {
  std::size_t begin = 0;
  std::vector<std::size_t> ends;                   // Of each update, and of what `begin` names first.
  std::vector<std::optional<std::string>> faults;  // Of the update that ends there; the first is none.
  bool complete = true;                            // Whether the updates could be read to the end of the file.
};

std::size_t text_end(std::string_view bytes, std::size_t end) {
  while (end > 0 && is_pdf_space(bytes[end - 1])) --end;
  return end;
}

History read_history(std::string_view bytes, Document& whole, std::size_t begin) {
  History out{begin, {begin}, {std::nullopt}, true};
  const Increments increments =
      read_increments(bytes, begin, [&](unsigned number) { return length_in(whole, number); });
  out.complete = increments.complete;
  if (increments.list.empty()) return out;
  auto before = Document::open(bytes.substr(0, begin));
  for (const Increment& increment : increments.list) {
    auto after = Document::open(bytes.substr(0, increment.end));
    out.ends.push_back(increment.end);
    if (!before || !after) {
      out.faults.emplace_back("a revision cannot be read");
    } else {
      out.faults.push_back(forbidden_change(**before, **after, increment));
    }
    before = std::move(after);
  }
  return out;
}

// Why what stands behind `end` is more than signatures; empty when it is not.
std::string fault_behind(const History& history, std::string_view bytes, std::size_t end) {
  const std::size_t own = text_end(bytes, end);
  const std::size_t last = text_end(bytes, bytes.size());
  if (own == last) return {};
  if (!history.complete) return "there is something behind it that is no proper update";
  bool found = false;
  for (std::size_t i = 0; i < history.ends.size(); ++i) {
    if (found && history.faults[i]) return *history.faults[i];
    found = found || text_end(bytes, history.ends[i]) == own;
  }
  return found ? std::string() : "it does not cover a whole revision";
}

void set_state(SignatureReport& report, State state, std::string detail) {
  report.state = state;
  report.detail = std::move(detail);
}

// The certificate of a signature with no proof of its time: at the time claimed, and now.
void judge_unproven(SignatureReport& report, const ChainQuestion& now, const VerifyOptions& options) {
  ChainFacts facts = check_chain(now, options);
  if (facts.state == State::expired && report.time < now.at) {
    ChainQuestion then = now;
    then.at = report.time;
    const ChainFacts claimed = check_chain(then, options);
    if (claimed.state == State::valid || claimed.state == State::revocation_unknown) {
      facts.state = State::expired_unproven;
    } else if (claimed.state != State::not_yet_valid) {
      facts = claimed;
    }
  }
  report.chain = facts.chain;
  report.revocation_checked = facts.revocation_checked;
  set_state(report, facts.state, facts.detail);
}

void judge_certificate(SignatureReport& report, X509* signer, STACK_OF(X509) * carried, const VerifyOptions& options) {
  ChainQuestion question{signer, carried, report.time, report.is_timestamp};
  if (!report.time_proved) {
    question.at = options.existed_at ? std::min(*options.existed_at, options.now) : options.now;
    judge_unproven(report, question, options);
  } else {
    const ChainFacts facts = check_chain(question, options);
    report.chain = facts.chain;
    report.revocation_checked = facts.revocation_checked;
    set_state(report, facts.state, facts.detail);
  }
  // A claim from before the certificate is false whatever else holds.
  if (report.state == State::valid && report.signer && report.time < report.signer->not_before) {
    set_state(report, State::not_yet_valid, "claimed time");
  }
}

// Whether the token is good and trusted; then `report` has its time.
void take_timestamp(SignatureReport& report, const CmsFacts& facts, const VerifyOptions& options) {
  const std::array<std::string_view, 1> stamped = {facts.value};
  const TokenFacts token = check_token(facts.timestamp, stamped);
  if (!token.fault.empty() || !token.weak.empty()) return;
  const ChainFacts chain = check_chain({token.signer.get(), token.certificates.get(), token.time, true}, options);
  if (chain.state != State::valid && chain.state != State::revocation_unknown) return;
  report.time = token.time;
  report.time_proved = true;
}

void describe_signer(SignatureReport& report, const X509* signer) {
  if (auto certificate = parse_certificate(der_of(signer))) report.signer = std::move(*certificate);
}

using Parts = std::array<std::string_view, 2>;

// What the CMS says; false when the bytes are not what was signed.
bool judge_signature(SignatureReport& report, const SignatureValue& value, const Parts& parts,
                     const VerifyOptions& options) {
  const CmsFacts facts = check_cms(value.cms, parts, value.sub_filter == "ETSI.CAdES.detached");
  if (facts.signer) describe_signer(report, facts.signer.get());
  report.time = value.claimed ? *value.claimed : facts.claimed.value_or(options.now);
  if (!facts.fault.empty()) {
    set_state(report, State::broken, facts.fault);
    return false;
  }
  if (!facts.timestamp.empty()) take_timestamp(report, facts, options);
  judge_certificate(report, facts.signer.get(), facts.certificates.get(), options);
  if (!facts.weak.empty()) set_state(report, State::weak, facts.weak);
  return true;
}

bool judge_timestamp(SignatureReport& report, const SignatureValue& value, const Parts& parts,
                     const VerifyOptions& options) {
  const TokenFacts facts = check_token(value.cms, parts);
  if (facts.signer) describe_signer(report, facts.signer.get());
  if (!facts.fault.empty()) {
    set_state(report, State::broken, facts.fault);
    return false;
  }
  report.time = facts.time;
  report.time_proved = true;
  judge_certificate(report, facts.signer.get(), facts.certificates.get(), options);
  if (!facts.weak.empty()) set_state(report, State::weak, facts.weak);
  return true;
}

// The revision it covers is a document in which this very field holds this very signature.
bool stands_in_own_revision(std::string_view bytes, const SignatureValue& value) {
  const std::string_view revision = bytes.substr(0, value.end);
  if (!last_revision_end(revision)) return false;
  const auto document = Document::open(revision);
  if (!document) return false;
  const auto values = signature_values(revision, **document);
  if (!values) return false;
  return std::any_of(values->begin(), values->end(), [&](const SignatureValue& one) {
    return one.fault.empty() && one.field == value.field && one.object == value.object && one.end == value.end &&
           one.room_begin == value.room_begin && one.room_end == value.room_end;
  });
}

SignatureReport judge(std::string_view bytes, const SignatureValue& value, const History& history,
                      const VerifyOptions& options) {
  SignatureReport report;
  report.field = value.field;
  report.is_timestamp = value.is_timestamp;
  if (!value.fault.empty()) {
    report.detail = value.fault;
    return report;
  }
  report.covers_bytes = value.end;
  report.whole_file = text_end(bytes, value.end) == text_end(bytes, bytes.size());
  const Parts parts = {bytes.substr(0, value.room_begin), bytes.substr(value.room_end, value.end - value.room_end)};
  const bool intact = value.is_timestamp ? judge_timestamp(report, value, parts, options)
                                         : judge_signature(report, value, parts, options);
  if (!intact) return report;
  if (!stands_in_own_revision(bytes, value)) {
    set_state(report, State::broken, "it does not stand in the revision it covers");
    return report;
  }
  if (std::string fault = fault_behind(history, bytes, value.end); !fault.empty()) {
    set_state(report, State::altered, std::move(fault));
  }
  return report;
}

std::string original_fault(std::string_view bytes, const Original& original, const History& history) {
  if (bytes.size() < original.bytes || sha256(bytes.substr(0, original.bytes)) != original.hash) {
    return "the file does not begin with the document that was handed out";
  }
  return fault_behind(history, bytes, original.bytes);
}

}  // namespace

Result<Verification> verify_pdf(std::string_view pdf, const VerifyOptions& options) {
  if (pdf.size() > pdf_bytes_max) return Error(pdf_too_large, std::to_string(pdf.size() >> 20) + " MiB");
  if (pdf.substr(0, 5) != "%PDF-") return Error(bad_pdf, "%PDF-");
  LUY_TRY(const std::unique_ptr<Document> document, Document::open(pdf));
  LUY_TRY(const std::vector<SignatureValue> values, signature_values(pdf, *document));
  std::size_t begin = pdf.size();
  for (const SignatureValue& value : values) {
    if (value.fault.empty()) begin = std::min(begin, value.end);
  }
  if (options.original) begin = std::min(begin, options.original->bytes);
  const History history = read_history(pdf, *document, begin);
  Verification out;
  for (const SignatureValue& value : values) out.signatures.push_back(judge(pdf, value, history, options));
  if (options.original) out.original_fault = original_fault(pdf, *options.original, history);
  return out;
}

}  // namespace luy::signature
