#include "incident/provider_page.h"

namespace luy::incident {
namespace {

namespace json = boost::json;

// The form says "Căn cứ" itself.
std::string basis_of(const std::string& text) {
  constexpr std::string_view word = "Căn cứ ";
  return text.starts_with(word) ? text.substr(word.size()) : text;
}

json::value text_or_null(const std::string& text) {
  return text.empty() ? json::value(nullptr) : json::value(text);
}

}  // namespace

OwnerPage page_of(const ProviderRequest& request, const ProviderRules& rules, const Issuer& issuer,
                  const std::string& by) {
  OwnerPage out;
  out.agency = request.agency;
  out.number = request.number;
  const Choice* kind = find_choice(rules.kinds, request.kind);
  // Of a case a company learns the number alone.
  out.exact = {{"request", request.number},
               {"matter", kind != nullptr ? kind->title.vi : request.kind},
               {"incident", text_or_null(request.case_number)},
               {"system", text_or_null(request.system_name)},
               {"legal_basis", basis_of(request.legal_basis)},
               {"text", request.text},
               {"deadline", local_text(request.due)}};
  out.offered = {{"contact", person_of(by, issuer)}};
  out.recipients = {request.provider};
  if (request.is_over()) {
    const Text state = title_of(request.state);
    out.over = Error(provider_turn, request.number + " " + state.vi, request.number + " is " + state.en);
  }
  return out;
}

}  // namespace luy::incident
