#include "incident/sign_order.h"

#include <algorithm>
#include <iterator>

#include "directory/policy.h"
#include "regulation/load.h"

namespace luy::incident {
namespace json = boost::json;

std::string same_blanks(std::string_view name) {
  std::string out;
  for (const char c : name) {
    const bool is_blank = c == ' ' || c == '\t' || c == '\n';
    if (is_blank && (out.empty() || out.back() == ' ')) continue;
    out += is_blank ? ' ' : c;
  }
  if (!out.empty() && out.back() == ' ') out.pop_back();
  return out;
}

std::string person_in(const json::object& data, const std::string& field) {
  const json::value* fields = data.if_contains("fields");
  if (fields == nullptr || !fields->is_object()) return {};
  const json::value* person = fields->get_object().if_contains(field);
  if (person == nullptr || !person->is_object()) return {};
  const json::value* name = person->get_object().if_contains("name");
  return name != nullptr && name->is_string() ? same_blanks(name->get_string().c_str()) : std::string();
}

namespace {

bool fills(const SignPlace& place, const json::object& data, const Signer& signer, const std::optional<Ties>& ties) {
  if (signer.account.empty()) return false;
  if (!place.role.empty()) return std::find(signer.roles.begin(), signer.roles.end(), place.role) != signer.roles.end();
  if (ties) {
    const auto tie = ties->find(place.person);
    return tie != ties->end() && tie->second.account == signer.account;
  }
  const std::string named = person_in(data, place.person);
  return !named.empty() && named == same_blanks(signer.name);
}

Text title_of(const SignPlace& place, const paper::Form& form, const json::object& data) {
  if (!place.role.empty()) {
    const auto role = directory::role_from_name(place.role);
    if (!role) return {place.role, place.role};
    return {std::string(directory::title_of(*role).vi), std::string(directory::title_of(*role).en)};
  }
  const paper::FormField* field = form.field(place.person);
  const std::string name = person_in(data, place.person);
  const std::string behind = name.empty() ? "" : " – " + name;
  if (field == nullptr) return {place.person + behind, place.person + behind};
  return {field->label.vi + behind, field->label.en + behind};
}

}  // namespace

Text joined(const std::vector<Text>& all) {
  Text out;
  for (const Text& one : all) {
    out.vi += (out.vi.empty() ? "" : "; ") + one.vi;
    out.en += (out.en.empty() ? "" : "; ") + one.en;
  }
  return out;
}

Result<void> check_places(const Process& process, const std::map<std::string, paper::Form>& forms) {
  for (const PaperUse& use : process.papers) {
    const auto form = forms.find(use.form);
    for (const SignPlace& place : use.signed_by) {
      if (place.person.empty()) continue;
      const paper::FormField* field = form == forms.end() ? nullptr : form->second.field(place.person);
      if (field == nullptr || field->type != paper::FieldType::person) {
        return Error(regulation::unknown_name, use.form + ": " + place.person);
      }
    }
  }
  return {};
}

SignOrder sign_order(const PaperUse& use, const paper::Form& form, const json::object& data,
                     const std::vector<Signer>& signers, const std::optional<Ties>& ties) {
  SignOrder out;
  std::vector<SignPlace> places;
  std::copy_if(use.signed_by.begin(), use.signed_by.end(), std::back_inserter(places),
               [](const SignPlace& place) { return place.is_awaited; });
  for (const Signer& signer : signers) {
    if (out.filled == places.size()) break;
    if (fills(places.at(out.filled), data, signer, ties)) {
      ++out.filled;
      continue;
    }
    // Who had a turn before may sign once more; who has one later was too early.
    const auto turn = places.begin() + static_cast<std::ptrdiff_t>(out.filled);
    const auto may = [&](const SignPlace& place) { return fills(place, data, signer, ties); };
    if (std::any_of(places.begin(), turn, may)) continue;
    const auto later = std::find_if(turn, places.end(), may);
    if (later == places.end() || out.too_early) continue;
    const Text first = title_of(*turn, form, data), second = title_of(*later, form, data);
    out.too_early = {second.vi + " đã ký trước " + first.vi, second.en + " signed before " + first.en};
  }
  for (std::size_t i = out.filled; i < places.size(); ++i) out.awaiting.push_back(title_of(places[i], form, data));
  return out;
}

}  // namespace luy::incident
