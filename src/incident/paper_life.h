// What a paper goes through, whoever owns it: a draft is edited, issued under a number, signed by those who have to in
// their order, sent. Books of papers (case_book.h, office_book.h) load and save it, ask the policy and write the audit
// trail around these functions.
//
// Threads: every function from any thread; they wait for the disk and for the worker that checks signatures.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "incident/case_paper.h"
#include "incident/form_book.h"
#include "incident/vault.h"
#include "paper/fill.h"
#include "records/database.h"

namespace luy::incident {

// What one does to a paper, whoever owns it.
class PaperActs {
 public:
  virtual ~PaperActs() = default;
  virtual Result<CasePaper> edit(const Actor& actor, const PaperId& id, const boost::json::object& data) = 0;
  virtual Result<CasePaper> issue(const Actor& actor, const PaperId& id, const ChosenAccounts& chosen) = 0;
  virtual Result<CasePaper> take_signed(const Actor& actor, const PaperId& id, std::string_view pdf) = 0;
  virtual Result<CasePaper> deliver(const Actor& actor, const PaperId& id, const Delivery& delivery) = 0;
};

class PaperLife {
 public:
  struct Dependencies {
    const Clock& clock;
    const Process& process;
    const FormBook& forms;
    const Vault& vault;
    // Makes the PDF of a document: in the transaction that gives the number, so within a second.
    std::function<Result<std::string>(const paper::Document&)> render;
    Signatures& signatures;
    // What a paper that is issued now shows of the evidence; may be empty.
    std::function<std::optional<paper::EvidenceMark>()> evidence{};
    // The accounts in use of an agency and of those above it; may be empty: then names are not tied to accounts.
    std::function<std::vector<NamedAccount>(const AgencyId&)> accounts{};
  };
  explicit PaperLife(Dependencies dependencies) : d_(std::move(dependencies)) {}

  // Errors: form_unknown.
  Result<const paper::Form*> form_of(const CasePaper& paper) const;
  Result<paper::Document> document_of(const CasePaper& paper) const;  // Errors: also those of fill_form().
  SignOrder order_of(const CasePaper& paper) const;

  // Each answers what is to be said of it, and changes `paper`; after an error the paper is not to be saved.
  // Errors: paper_state, too_many.
  Result<void> edit(CasePaper& paper, const boost::json::object& data) const;
  // The places that fields of the paper name, and who they are or could be.
  std::vector<NamedPlace> places(const AgencyId& agency, const CasePaper& paper) const;
  // Before the transaction: whose account stands in each named place. `chosen` decides between people of one name.
  // Errors: paper_state, signer_unknown, signer_ambiguous.
  Result<Ties> tie(const AgencyId& agency, const CasePaper& paper, const ChosenAccounts& chosen) const;
  // Within it: the number stands on the page and none may be lost, so the page is made while the number is held; what
  // fails gives it back. Errors: paper_state, signer_unknown (somebody was named meanwhile), those of fill_form()
  // (every mandatory field that is empty is named) and of rendering.
  Result<Text> issue(records::Connection& c, const AgencyId& agency, CasePaper& paper, const Ties& ties) const;
  struct SignedFile {
    std::string issued;  // The file that it was made of.
    std::string sha256;  // In the vault.
    std::vector<Signer> signers;
  };
  // Slow: before the transaction. Errors: paper_state, not_signed, those of the verifier and of the vault.
  Result<SignedFile> check_signed(const AgencyId& agency, const CasePaper& paper, std::string_view pdf) const;
  // A file that says less than the one before does not take its place. Errors: paper_state, not_signed,
  // signed_out_of_turn.
  Result<Text> take_signed(CasePaper& paper, const SignedFile& file) const;
  // Errors: paper_state (a draft), signatures_missing, too_many, text_missing, those of check_span().
  Result<Text> deliver(CasePaper& paper, const Delivery& wanted) const;

 private:
  const Dependencies d_;
};

}  // namespace luy::incident
