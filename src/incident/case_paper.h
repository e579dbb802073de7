// A paper of a case: a draft is filled from the case, issued under its number, signed, delivered. A move that wants a
// signed paper asks for valid signatures, never for the file.
#pragma once

#include <boost/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/id.h"
#include "base/result.h"
#include "incident/case.h"
#include "incident/move.h"
#include "incident/part.h"
#include "incident/sign_order.h"
#include "paper/fill.h"

namespace luy::incident {

using PaperId = Id<struct CasePaperTag>;

inline constexpr ErrorKind paper_unknown{"incident.paper_unknown", ErrorClass::not_found,
                                         "Không tìm thấy văn bản này của vụ.", "The case has no such paper."};
inline constexpr ErrorKind paper_form_unknown{"incident.paper_form_unknown", ErrorClass::invalid,
                                              "Vụ việc không dùng biểu mẫu {}.", "Cases do not use the form {}."};
inline constexpr ErrorKind paper_state{
    "incident.paper_state", ErrorClass::conflict,
    "Văn bản đang ở trạng thái không cho phép việc này: {}. Văn bản đã phát hành không sửa được; hãy lập văn bản mới.",
    "The paper's state does not allow this: {}. What was issued cannot be changed; make a new paper."};
inline constexpr ErrorKind paper_too_early{
    "incident.paper_too_early", ErrorClass::conflict,
    "Chưa phát hành được văn bản này: vụ việc phải ở {}. Bản soạn vẫn được giữ.",
    "The paper cannot be issued yet: the case must have come to {}. The draft is kept."};
inline constexpr ErrorKind not_signed{"incident.not_signed", ErrorClass::invalid,
                                      "Tệp không có chữ ký số hợp lệ trên đúng văn bản này: {}.",
                                      "The file holds no valid digital signature on this very paper: {}."};

inline constexpr ErrorKind not_to_seal{
    "incident.not_to_seal", ErrorClass::conflict,
    "Văn bản {} chưa đủ chữ ký số hợp lệ của người có thẩm quyền nên chưa đóng dấu được. Hãy ký đủ rồi đóng dấu.",
    "The paper {} lacks valid signatures of those who must sign, so it cannot be sealed. Have it signed first."};
inline constexpr ErrorKind already_sealed{"incident.already_sealed", ErrorClass::conflict,
                                          "Văn bản {} đã được đóng dấu số của cơ quan.",
                                          "The paper {} carries the agency's seal already."};

inline constexpr std::size_t papers_max = 200;      // Of one case.
inline constexpr std::size_t deliveries_max = 100;  // Of one paper.

inline constexpr ErrorKind signer_unknown{
    "incident.signer_unknown", ErrorClass::invalid,
    "Không có tài khoản đang dùng nào của cơ quan hoặc cơ quan cấp trên mang tên người phải ký: {}. Hãy ghi đúng họ "
    "tên "
    "hoặc lập tài khoản trước khi phát hành.",
    "No account in use, of the agency or of those above it, has the name of who must sign: {}. Write the name as the "
    "account has it, or create the account before issuing."};
inline constexpr ErrorKind signer_ambiguous{
    "incident.signer_ambiguous", ErrorClass::conflict,
    "Có nhiều tài khoản cùng tên người phải ký: {}. Hãy chọn đúng tài khoản khi phát hành.",
    "Several accounts have the name of who must sign: {}. Say which one when issuing."};

// Who verifies signatures. Implemented above this module.
class Signatures {
 public:
  virtual ~Signatures() = default;
  // The valid signatures of `signed_pdf`, which must show exactly what `issued_pdf` shows; empty when there is none.
  // Roles are those that count in `agency`. Errors: those of the verifier: forged, changed after signing, unreadable.
  virtual Result<std::vector<Signer>> verify(std::string_view signed_pdf, std::string_view issued_pdf,
                                             const AgencyId& agency) = 0;
};

struct Delivery {
  std::string to;
  std::string channel;  // "Trục liên thông", "thư công vụ", "trực tiếp" …
  Time at;
  std::string contact{};     // ContactId of the book of contacts; empty.
  bool is_verified = false;  // The contact's channel was verified on that day.
};

// What a paper that is no case's belongs to.
struct OfficeOwner {
  PaperOwner kind = PaperOwner::period;
  AgencyId agency;      // That issues it.
  Day from{}, to{};     // Of a period, both inclusive.
  std::string warning;  // Its id, and its number.
  std::string warning_number;
  std::string about{};  // Id and number of the access review or of the request to a provider.
  std::string about_number{};
};

// Somebody who may be the person that a paper names.
struct NamedAccount {
  std::string account;
  std::string name;
  std::string username;
};
// A place in the signature order that a field of the paper names.
struct NamedPlace {
  std::string field;
  std::string name;                      // Empty while the draft names nobody.
  std::string account;                   // Tied when it was issued; empty before.
  std::vector<NamedAccount> candidates;  // Of a draft.
};
using ChosenAccounts = std::map<std::string, std::string>;  // Account ids by field.

struct CasePaper {
  enum class State : std::uint8_t { draft, issued, signed_ };  // Signed by everybody who has to, in their order.
  PaperId id;
  CaseId case_id;
  std::string form;
  unsigned form_version = 1;  // It was begun with (form_book.h).
  unsigned round = 1;
  State state = State::draft;
  unsigned number = 0;
  std::string notation;      // "05/BB-UBND"
  boost::json::object data;  // Of paper::PaperData (docs/format/forms.md).
  Time made_at;
  std::optional<Time> issued_at;
  std::string pdf;              // SHA-256, in the vault.
  std::string signed_pdf;       // SHA-256, in the vault.
  std::vector<Signer> signers;  // In the order in which they signed.
  std::vector<Delivery> deliveries;
  std::optional<Ties> ties;           // Since it was issued.
  std::optional<OfficeOwner> office;  // When it belongs to no case; then case_id is empty.
};
std::string_view name_of(CasePaper::State state);
std::optional<CasePaper::State> paper_state_from_name(std::string_view name);

// As far as moves ask for it; `order` is the paper's.
PaperFact fact_of(const CasePaper& paper, const SignOrder& order);

// What is known of an agency that issues papers.
struct Issuer {
  paper::Letterhead letterhead;
  std::string name;
  std::string superior;
  std::string address, phone, email;
  std::string head{};  // Who signs for it; empty where nobody or several could.
};

// Everything a case knows that a form can ask for.
struct PaperSources {
  const Process& process;
  const Case& one;
  const Issuer& issuer;
  const std::vector<Part>& parts;
  const std::vector<CasePaper>& papers;
  const std::vector<TimelineEntry>& timeline;
  std::string contact_name;  // The officer.
  Time now;
};
// The data of a draft without its fields: letterhead, recipients, copies, signature block, day.
boost::json::object frame_of(const paper::Form& form, const Process& process, const Issuer& issuer,
                             const std::vector<std::string>& recipients, Time now);
// Of `known` what the form has fields for, in the shape they take.
boost::json::object fitted_fields(const paper::Form& form, const boost::json::object& known);
// The data of a draft: letterhead, recipients, signature block and the fields of `form` that the case can answer.
// Nothing is guessed; what is unknown stays away and is named when the paper is issued.
boost::json::object prefill(const paper::Form& form, const PaperSources& from);
// Where the signature block names nobody for a place of a person, the name that the paper's field has.
void name_signatures(const PaperUse& use, boost::json::object& data);

// "2026-02-05T08:30" in Vietnam, and a person of the issuer's, as fields of forms take them.
std::string local_text(Time time);
boost::json::object person_of(const std::string& name, const Issuer& issuer);

boost::json::object to_json(const Ties& ties);
Ties ties_from(const boost::json::object& json);
boost::json::object to_json(const OfficeOwner& owner);
OfficeOwner owner_from(const boost::json::object& json);
boost::json::array to_json(const std::vector<Signer>& signers);
std::vector<Signer> signers_from(const boost::json::array& json);
boost::json::array to_json(const std::vector<Delivery>& deliveries);
std::vector<Delivery> deliveries_from(const boost::json::array& json);

}  // namespace luy::incident
