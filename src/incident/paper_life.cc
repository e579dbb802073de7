#include "incident/paper_life.h"

#include <algorithm>

#include "incident/store/tables.h"

namespace luy::incident {
namespace {

namespace json = boost::json;

std::string text_at(const json::object& object, std::string_view key) {
  const json::value* found = object.if_contains(json::string_view(key.data(), key.size()));
  return found != nullptr && found->is_string() ? std::string(found->get_string().c_str()) : std::string();
}

// Numbers of papers in the module's own counters, within the transaction that issues the paper.
class PaperNumbers final : public paper::NumberBook {
 public:
  explicit PaperNumbers(records::Connection& c) : c_(c) {}
  Result<unsigned> last(const paper::NumberSeries& series) override {
    unsigned out = 0;
    LUY_TRY_VOID(c_.query("SELECT last FROM incident_counter WHERE name = $1", {std::string_view(name_of(series))},
                          [&](const records::Row& row) { out = static_cast<unsigned>(row.integer(0)); }));
    return out;
  }
  Result<void> take(const paper::NumberSeries& series, unsigned number) override {
    LUY_TRY(const std::uint64_t given, tables::next_number(c_, name_of(series)));
    if (given != number) return Error(paper::number_taken, std::to_string(number));
    return {};
  }

 private:
  static std::string name_of(const paper::NumberSeries& series) {
    return "paper|" + series.agency + "|" + series.kind + "|" + std::to_string(series.year);
  }
  records::Connection& c_;
};

Text state_error(const CasePaper& paper) {
  switch (paper.state) {
    case CasePaper::State::draft:
      return {"còn là dự thảo", "it is a draft"};
    case CasePaper::State::issued:
      return {"đã phát hành", "it was issued"};
    case CasePaper::State::signed_:
      break;
  }
  return {"đã ký", "it was signed"};
}

bool has_roles_of(const std::vector<Signer>& these, const std::vector<Signer>& those) {
  const auto holds = [&](const std::string& role) {
    return std::any_of(these.begin(), these.end(), [&](const Signer& one) {
      return std::find(one.roles.begin(), one.roles.end(), role) != one.roles.end();
    });
  };
  return std::all_of(those.begin(), those.end(),
                     [&](const Signer& one) { return std::all_of(one.roles.begin(), one.roles.end(), holds); });
}

// Whether everybody who signed `before` has signed `after`, too: the seal of an agency is a signature without an
// account, and a file without it does not take the place of one with it.
bool keeps_all(const std::vector<Signer>& after, const std::vector<Signer>& before) {
  return std::all_of(before.begin(), before.end(), [&](const Signer& one) {
    return std::any_of(after.begin(), after.end(), [&](const Signer& other) {
      return other.account == one.account && (!one.account.empty() || other.name == one.name);
    });
  });
}

Error wrong_state(const CasePaper& paper) {
  const Text text = state_error(paper);
  return Error(paper_state, text.vi, text.en);
}

}  // namespace

Result<const paper::Form*> PaperLife::form_of(const CasePaper& paper) const {
  const paper::Form* form = d_.forms.find(paper.form, paper.form_version);
  if (form == nullptr) return Error(paper::form_unknown, paper.form + " (" + std::to_string(paper.form_version) + ")");
  return form;
}

Result<paper::Document> PaperLife::document_of(const CasePaper& paper) const {
  json::object data = paper.data;
  if (const PaperUse* use = d_.process.paper(paper.form); use != nullptr) name_signatures(*use, data);
  LUY_TRY(const paper::PaperData parsed, paper::parse_paper_data(json::serialize(data)));
  LUY_TRY(const paper::Form* form, form_of(paper));
  return paper::fill_form(*form, parsed);
}

SignOrder PaperLife::order_of(const CasePaper& paper) const {
  const PaperUse* use = d_.process.paper(paper.form);
  const paper::Form* form = d_.forms.find(paper.form, paper.form_version);
  // What the process no longer knows counts for nothing.
  if (use == nullptr || form == nullptr) return {0, {{paper.form, paper.form}}, {}};
  return sign_order(*use, *form, paper.data, paper.signers, paper.ties);
}

std::vector<NamedPlace> PaperLife::places(const AgencyId& agency, const CasePaper& paper) const {
  std::vector<NamedPlace> out;
  const PaperUse* use = d_.process.paper(paper.form);
  if (use == nullptr) return out;
  for (const SignPlace& place : use->signed_by) {
    if (place.person.empty() || !place.is_awaited) continue;
    NamedPlace one{place.person, person_in(paper.data, place.person), {}, {}};
    if (paper.ties) {
      const auto tie = paper.ties->find(place.person);
      if (tie != paper.ties->end()) one.account = tie->second.account;
    } else if (paper.state == CasePaper::State::draft && d_.accounts && !one.name.empty()) {
      for (NamedAccount& account : d_.accounts(agency)) {
        if (same_blanks(account.name) == one.name) one.candidates.push_back(std::move(account));
      }
    }
    out.push_back(std::move(one));
  }
  return out;
}

Result<Ties> PaperLife::tie(const AgencyId& agency, const CasePaper& paper, const ChosenAccounts& chosen) const {
  if (paper.state != CasePaper::State::draft) return wrong_state(paper);
  Ties out;
  if (!d_.accounts) return out;
  const std::vector<NamedPlace> all = places(agency, paper);
  for (const auto& [field, account] : chosen) {
    const bool is_place =
        std::any_of(all.begin(), all.end(), [&](const NamedPlace& place) { return place.field == field; });
    if (!is_place) return Error(signer_unknown, field);
  }
  for (const NamedPlace& place : all) {
    const auto pick = chosen.find(place.field);
    std::vector<NamedAccount> fits = place.candidates;
    if (pick != chosen.end()) std::erase_if(fits, [&](const NamedAccount& one) { return one.account != pick->second; });
    // A field that is empty is named with the others by the form itself.
    if (place.name.empty()) continue;
    if (fits.empty()) return Error(signer_unknown, place.name);
    if (fits.size() > 1) {
      std::string names;
      for (const NamedAccount& one : fits) names += (names.empty() ? "" : ", ") + one.username;
      return Error(signer_ambiguous, place.name + " (" + names + ")");
    }
    out[place.field] = {fits.front().account, place.name};
  }
  return out;
}

Result<void> PaperLife::edit(CasePaper& paper, const json::object& data) const {
  if (paper.state != CasePaper::State::draft) return wrong_state(paper);
  if (json::serialize(data).size() > paper::data_bytes_max) return Error(too_many, "dữ liệu văn bản", "data");
  paper.data = data;
  return {};
}

Result<Text> PaperLife::issue(records::Connection& c, const AgencyId& agency, CasePaper& paper,
                              const Ties& ties) const {
  if (paper.state != CasePaper::State::draft) return wrong_state(paper);
  for (const auto& [field, tie] : ties) {
    // Somebody named another person meanwhile.
    if (person_in(paper.data, field) != tie.name) return Error(signer_unknown, person_in(paper.data, field));
  }
  const PaperUse* use = d_.process.paper(paper.form);
  if (d_.accounts && use != nullptr) {
    // Or named somebody where nobody was named when the places were tied.
    for (const SignPlace& place : use->signed_by) {
      if (place.person.empty() || !place.is_awaited || ties.contains(place.person)) continue;
      const std::string name = person_in(paper.data, place.person);
      if (!name.empty()) return Error(signer_unknown, name);
    }
  }
  LUY_TRY(const paper::Form* form, form_of(paper));
  const Time now = d_.clock.now();
  PaperNumbers numbers(c);
  LUY_TRY(const unsigned number,
          paper::take_number(numbers, {agency.text(), form->kind, paper::number_year(day_of(now))}));
  paper.data["number"] = number;
  paper.data["date"] = to_iso(day_of(now));
  paper.data["created"] = to_rfc3339(now);
  // Only the hub says what the evidence is.
  paper.data.erase("evidence");
  const auto mark = d_.evidence ? d_.evidence() : std::nullopt;
  if (mark) paper.data["evidence"] = json::object{{"payload", mark->payload}, {"caption", mark->caption}};
  if (use != nullptr) name_signatures(*use, paper.data);
  LUY_TRY(const paper::Document document, document_of(paper));
  LUY_TRY(const std::string pdf, d_.render(document));
  LUY_TRY(const StoredFile stored, d_.vault.put(pdf));
  const json::object& head = paper.data.at("letterhead").as_object();
  const std::string unit = form->kind.empty() ? text_at(head, "unit") : std::string();
  LUY_TRY(paper.notation, paper::notation_of(number, {form->kind, text_at(head, "symbol"), unit}));
  paper.number = number;
  paper.state = CasePaper::State::issued;
  paper.issued_at = now;
  paper.pdf = stored.sha256;
  if (d_.accounts) paper.ties = ties;
  return Text{"Phát hành " + form->title.vi + ", số " + paper.notation,
              "Issued: " + form->title.en + ", number " + paper.notation};
}

Result<PaperLife::SignedFile> PaperLife::check_signed(const AgencyId& agency, const CasePaper& paper,
                                                      std::string_view pdf) const {
  if (paper.state == CasePaper::State::draft) return wrong_state(paper);
  LUY_TRY(const std::string issued, d_.vault.get(paper.pdf));
  LUY_TRY(std::vector<Signer> signers, d_.signatures.verify(pdf, issued, agency));
  if (signers.empty()) return Error(not_signed, paper.notation);
  LUY_TRY(const StoredFile stored, d_.vault.put(pdf));
  return SignedFile{paper.pdf, stored.sha256, std::move(signers)};
}

Result<Text> PaperLife::take_signed(CasePaper& paper, const SignedFile& file) const {
  if (paper.state == CasePaper::State::draft || paper.pdf != file.issued) return wrong_state(paper);
  // Several sign one after another; a file that fills fewer places, or lacks a role that counted, does not take
  // the place of one with more.
  const std::size_t filled = order_of(paper).filled;
  const std::size_t had = paper.signers.size();
  const bool was_signed = paper.state == CasePaper::State::signed_;
  const bool has_roles =
      has_roles_of(file.signers, paper.signers) && (!was_signed || keeps_all(file.signers, paper.signers));
  paper.signers = file.signers;
  const SignOrder order = order_of(paper);
  if (order.too_early) return Error(signed_out_of_turn, order.too_early->vi, order.too_early->en);
  if (order.filled < filled || (order.filled == filled && file.signers.size() < had) || !has_roles) {
    return Error(not_signed, paper.notation);
  }
  paper.state = order.is_complete() ? CasePaper::State::signed_ : CasePaper::State::issued;
  paper.signed_pdf = file.sha256;
  std::string names;
  for (const Signer& signer : file.signers) names += (names.empty() ? "" : ", ") + signer.name;
  Text said{"Đã ký số văn bản " + paper.notation + ": " + names, "Signed " + paper.notation + ": " + names};
  if (order.awaiting.empty()) return said;
  const Text waits = joined(order.awaiting);
  return Text{said.vi + ". Còn chờ chữ ký của: " + waits.vi, said.en + ". Still to be signed by: " + waits.en};
}

Result<Text> PaperLife::deliver(CasePaper& paper, const Delivery& wanted) const {
  // Only what is signed is a report (circular 20/2017, article 9.1).
  if (paper.state == CasePaper::State::draft) return wrong_state(paper);
  const SignOrder order = order_of(paper);
  if (paper.state != CasePaper::State::signed_ || !order.is_complete()) {
    const Text waits = joined(order.awaiting);
    return Error(signatures_missing, waits.vi, waits.en);
  }
  if (paper.deliveries.size() >= deliveries_max) return Error(too_many, "lần gửi", "deliveries");
  Delivery delivery{clean_text(wanted.to, title_bytes_max), clean_text(wanted.channel, title_bytes_max), wanted.at,
                    wanted.contact, wanted.is_verified};
  if (delivery.to.empty() || delivery.channel.empty()) {
    return Error(text_missing, "nơi nhận, cách gửi", "the recipient, the channel");
  }
  // To the second: people enter when they sent it, the hub knows when it was issued.
  LUY_TRY_VOID(check_span(std::chrono::floor<std::chrono::minutes>(*paper.issued_at), delivery.at, d_.clock.now()));
  const Text said{"Đã gửi " + paper.notation + " đến " + delivery.to + " (" + delivery.channel + ")",
                  "Sent " + paper.notation + " to " + delivery.to + " (" + delivery.channel + ")"};
  paper.deliveries.push_back(std::move(delivery));
  return said;
}

}  // namespace luy::incident
