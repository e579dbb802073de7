// Who has to sign a paper, one after another, and how far that has come. A place is filled by a signature whose
// certificate is registered: of somebody in the place's role, or of the very person whom the paper names in a field.
// Everybody else's signature is kept and fills none. Pure.
#pragma once

#include <boost/json.hpp>
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "incident/process.h"
#include "paper/template.h"

namespace luy::incident {

inline constexpr ErrorKind signed_out_of_turn{
    "incident.signed_out_of_turn", ErrorClass::invalid,
    "Ký không đúng thứ tự: {}. Hãy tải lại tệp đang có chữ ký của những người ký trước, rồi ký trên tệp đó.",
    "Signed out of turn: {}. Download the file that carries the signatures made so far, and sign that."};
inline constexpr ErrorKind signatures_missing{"incident.signatures_missing", ErrorClass::conflict,
                                              "Văn bản chưa đủ chữ ký số, còn thiếu: {}.",
                                              "The paper is not signed by everybody yet. Missing: {}."};

// Somebody whose signature on a paper was verified and valid.
struct Signer {
  std::string name;
  std::vector<std::string> roles;  // Of directory::Role, as held on the day of signing; none for a stranger.
  Time at;
  std::string account;  // Whose certificate it is; empty for a stranger, whose name is what the certificate says.
};

struct SignOrder {
  std::size_t filled = 0;         // Places, from the first on.
  std::vector<Text> awaiting;     // Who has to sign the others, in their order.
  std::optional<Text> too_early;  // Who signed before whom, when somebody did.
  bool is_complete() const { return awaiting.empty() && !too_early; }
};

// Whose account stands in the place of the person that a field names; chosen when the paper was issued. docs/adr/0162.
struct Tie {
  std::string account;
  std::string name;  // As the paper has it.
  bool operator==(const Tie&) const = default;
};
using Ties = std::map<std::string, Tie>;  // By field.

// `data`: of the paper, with its fields. `ties`: nullopt for papers issued before places were tied to accounts, whose
// places whoever has the name fills. `signers` in the order in which they signed.
SignOrder sign_order(const PaperUse& use, const paper::Form& form, const boost::json::object& data,
                     const std::vector<Signer>& signers, const std::optional<Ties>& ties = std::nullopt);

// People write the same name with one blank or two.
std::string same_blanks(std::string_view name);

// The name of the person whom the field of the paper names; empty when it names nobody.
std::string person_in(const boost::json::object& data, const std::string& field);

// Whether the forms have the fields that places name. Errors: regulation::unknown_name, naming form and field.
Result<void> check_places(const Process& process, const std::map<std::string, paper::Form>& forms);

// "a; b" in both languages.
Text joined(const std::vector<Text>& all);

}  // namespace luy::incident
