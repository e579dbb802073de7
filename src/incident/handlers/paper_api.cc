// draftPaper, getPaper, editPaper, issuePaper, takeSignedPaper, sealPaper, deliverPaper, getPaperFile, and the same of
// papers that belong to no case (…OfficePaper…); listSigners, addSigner, removeSigner.
#include <algorithm>

#include "incident/handlers/values.h"
#include "paper/docx.h"
#include "paper/file_name.h"

namespace luy::incident {
namespace {

namespace json = boost::json;
using api::Method;
using api::Request;
using api::Response;
using directory::Action;

// Minutes of a review name whoever holds rights: they are for those who review, and who may read of it.
bool is_of_review(const CasePaper& paper) {
  return paper.office && paper.office->kind == PaperOwner::review;
}

Action reading(const CasePaper& paper) {
  return is_of_review(paper) ? Action::account_control_read : Action::incident_read;
}

Actor actor_on(const ApiDependencies& d, const Request& request, const CasePaper& paper) {
  return is_of_review(paper) ? actor_of(d, request, Action::access_review) : actor_of(d, request);
}

// The paper of the path: of the case of the path, or of no case where the path names none.
Result<CasePaper> visible_paper(const ApiDependencies& d, const Request& request) {
  LUY_TRY(const auto id, request.id_param<PaperId>("paper", "paper"));
  if (!request.param("incident")) {
    LUY_TRY(CasePaper paper, d.office.find(id));
    const AgencyId& agency = paper.office->agency;
    const Action read = reading(paper);
    if (!may(d, request, read, agency)) {
      return api::hide(request, read, "paper:" + id.text(), Error(paper_unknown));
    }
    LUY_TRY_VOID(api::authorise(request, read, object_of(d, agency)));
    return paper;
  }
  LUY_TRY(const Case one, visible_case(d, request));
  LUY_TRY(CasePaper paper, d.cases.find_paper(id));
  if (paper.case_id != one.id) return Error(paper_unknown);
  return paper;
}

PaperActs& acts_on(const ApiDependencies& d, const CasePaper& paper) {
  if (paper.office) return d.office;
  return d.cases;
}

Result<AgencyId> agency_of(const ApiDependencies& d, const CasePaper& paper) {
  if (paper.office) return paper.office->agency;
  LUY_TRY(const Case one, d.cases.find(paper.case_id));
  return one.agency;
}

// Somebody without an account signed under the seal's name: the agency itself.
bool is_sealed(const CasePaper& paper, std::string_view name) {
  return std::any_of(paper.signers.begin(), paper.signers.end(),
                     [&](const Signer& one) { return one.account.empty() && one.name == name; });
}

bool is_to_seal(const ApiDependencies& d, const CasePaper& paper) {
  return paper.state == CasePaper::State::signed_ && d.life.order_of(paper).is_complete();
}

// What the seal's button needs to know; null where there is none.
Result<json::value> seal_json(const ApiDependencies& d, const CasePaper& paper) {
  if (!is_to_seal(d, paper)) return json::value(nullptr);
  LUY_TRY(const AgencyId agency, agency_of(d, paper));
  const auto known = d.seal_name(agency);
  if (known && (known->empty() || is_sealed(paper, *known))) return json::value(nullptr);
  json::object out{{"problem", nullptr}};
  if (!known) out["problem"] = text_json({known.error().vi(), known.error().en()});
  return json::value(std::move(out));
}

json::array places_json(const std::vector<NamedPlace>& places) {
  json::array out;
  for (const NamedPlace& one : places) {
    json::array candidates;
    for (const NamedAccount& each : one.candidates) {
      candidates.push_back(json::object{{"account", each.account}, {"name", each.name}, {"username", each.username}});
    }
    out.push_back(json::object{{"field", one.field},
                               {"name", one.name},
                               {"account", one.account.empty() ? json::value(nullptr) : json::value(one.account)},
                               {"candidates", std::move(candidates)}});
  }
  return out;
}

// What a difference is about: a row of figures, or a field of the page.
Text title_of(const ApiDependencies& d, const CasePaper& paper, const OfficeBook::Difference& one) {
  if (const Choice* kind = find_choice(d.cases.process().kinds, one.row); kind != nullptr) return kind->title;
  const paper::Form* form = d.forms.find(paper.form, paper.form_version);
  const paper::FormField* field = form != nullptr ? form->field(one.column) : nullptr;
  return field != nullptr ? field->label : Text{one.column, one.column};
}

// As people read it: a day as dd/MM/yyyy, an option as the form prints it.
json::value shown(const ApiDependencies& d, const CasePaper& paper, const std::string& column,
                  const json::value& value) {
  if (value.is_number()) return value;
  if (value.is_array()) {
    const std::string count = std::to_string(value.get_array().size());
    return json::value(count + " dòng");
  }
  if (!value.is_string()) return "";
  const std::string text = text_of(value);
  const paper::Form* form = d.forms.find(paper.form, paper.form_version);
  const paper::FormField* field = form != nullptr ? form->field(column) : nullptr;
  if (field == nullptr) return value;
  if (const auto day = day_from_iso(text); day && field->type == paper::FieldType::date) {
    return json::value(to_vietnamese(*day));
  }
  for (const paper::Option& option : field->options) {
    if (option.id == text) return json::value(option.text);
  }
  return value;
}

Result<json::array> differences_json(const ApiDependencies& d, const CasePaper& paper) {
  LUY_TRY(const std::vector<OfficeBook::Difference> all, d.office.differences(paper));
  json::array out;
  for (const OfficeBook::Difference& one : all) {
    out.push_back(json::object{{"row", one.row.empty() ? json::value(nullptr) : json::value(one.row)},
                               {"title", text_json(title_of(d, paper, one))},
                               {"column", one.column},
                               {"written", shown(d, paper, one.column, one.written)},
                               {"exact", shown(d, paper, one.column, one.exact)}});
  }
  return out;
}

Result<Response> detail(const ApiDependencies& d, const CasePaper& paper, int status = 200) {
  json::object out = paper_json(d, paper);
  const paper::Form* form = d.forms.find(paper.form, paper.form_version);
  out["form_fields"] = form != nullptr ? fields_json(*form) : json::array();
  LUY_TRY(out["seal"], seal_json(d, paper));
  LUY_TRY(const AgencyId agency, agency_of(d, paper));
  out["places"] = places_json(d.life.places(agency, paper));
  if (paper.office) {
    LUY_TRY(out["differences"], differences_json(d, paper));
    LUY_TRY(const std::vector<std::string> fixed, d.office.fixed(paper));
    out["fixed"] = json::array(fixed.begin(), fixed.end());
  }
  out["data"] = paper.data;
  out["problem"] = nullptr;
  if (paper.state == CasePaper::State::draft) {
    const auto document = d.life.document_of(paper);
    if (!document) out["problem"] = text_json({document.error().vi(), document.error().en()});
  }
  return api::json(out, status);
}

Result<Response> draft(const ApiDependencies& d, const Request& request) {
  LUY_TRY(const Case one, visible_case(d, request));
  const Actor actor = actor_of(d, request);
  LUY_TRY_VOID(actor.permit(one.agency));  // Before anything is said of the form.
  const json::object& body = request.body.as_object();
  request.audited = true;
  LUY_TRY(const CasePaper paper, d.cases.draft(actor, one.id, text_at(body, "form"), object_at(body, "fields")));
  return detail(d, paper, 201);
}

Result<Response> get(const ApiDependencies& d, const Request& request) {
  LUY_TRY(const CasePaper paper, visible_paper(d, request));
  return detail(d, paper);
}

Result<Response> edit(const ApiDependencies& d, const Request& request) {
  LUY_TRY(const CasePaper paper, visible_paper(d, request));
  request.audited = true;
  LUY_TRY(const CasePaper changed,
          acts_on(d, paper).edit(actor_on(d, request, paper), paper.id, object_at(request.body.as_object(), "data")));
  return detail(d, changed);
}

Result<Response> issue(const ApiDependencies& d, const Request& request) {
  LUY_TRY(const CasePaper paper, visible_paper(d, request));
  request.audited = true;
  ChosenAccounts chosen;
  if (request.body.is_object()) {
    for (const auto& [field, account] : object_at(request.body.as_object(), "signers")) {
      chosen[std::string(field)] = text_of(account);
    }
  }
  LUY_TRY(const CasePaper issued, acts_on(d, paper).issue(actor_on(d, request, paper), paper.id, chosen));
  return detail(d, issued);
}

Result<Response> take_signed(const ApiDependencies& d, const Request& request) {
  LUY_TRY(const CasePaper paper, visible_paper(d, request));
  LUY_TRY(const std::string pdf, bytes_at(request.body.as_object(), "content", upload_bytes_max));
  // The book refuses before its transaction, which would write of it: so the router has to.
  LUY_TRY(const AgencyId agency, agency_of(d, paper));
  const Actor actor = actor_on(d, request, paper);
  LUY_TRY_VOID(actor.permit(agency));
  request.audited = true;
  LUY_TRY(const CasePaper taken, acts_on(d, paper).take_signed(actor, paper.id, pdf));
  return detail(d, taken);
}

// The agency's seal comes after the signature of who may sign for it (decree 30/2020, article 5), and once.
Result<Response> seal(const ApiDependencies& d, const Request& request) {
  LUY_TRY(const CasePaper paper, visible_paper(d, request));
  LUY_TRY(const AgencyId agency, agency_of(d, paper));
  const Actor actor = actor_on(d, request, paper);
  LUY_TRY_VOID(actor.permit(agency));
  if (!is_to_seal(d, paper)) return Error(not_to_seal, paper.notation.empty() ? paper.form : paper.notation);
  LUY_TRY(const std::string name, d.seal_name(agency));
  if (!name.empty() && is_sealed(paper, name)) return Error(already_sealed, paper.notation);
  LUY_TRY(const paper::Document document, d.life.document_of(paper));
  LUY_TRY(const std::string pdf, d.vault.get(paper.signed_pdf));
  LUY_TRY(const std::string sealed, d.seal(agency, pdf, document));
  request.audited = true;
  LUY_TRY(const CasePaper taken, acts_on(d, paper).take_signed(actor, paper.id, sealed));
  return detail(d, taken);
}

Result<Response> deliver(const ApiDependencies& d, const Request& request) {
  LUY_TRY(const CasePaper paper, visible_paper(d, request));
  const json::object& body = request.body.as_object();
  LUY_TRY(const Delivery wanted, delivery_at(d, body));
  request.audited = true;
  LUY_TRY(const CasePaper delivered, acts_on(d, paper).deliver(actor_on(d, request, paper), paper.id, wanted));
  return detail(d, delivered);
}

Result<Response> file(const ApiDependencies& d, const Request& request) {
  LUY_TRY(const CasePaper paper, visible_paper(d, request));
  const std::string as = request.param("as").value_or("pdf");
  const std::string name = paper.notation.empty() ? paper.form + "-du-thao" : paper::file_name_of(paper.notation);
  if (as == "docx" || as == "pdfa") {
    LUY_TRY(const paper::Document document, d.life.document_of(paper));
    LUY_TRY(std::string bytes, paper::to_docx(document));
    if (as == "pdfa") {
      LUY_TRY(std::string pdfa, d.pdfa(bytes));
      return file_response(std::move(pdfa), std::string(pdf_type), name + "-pdfa.pdf");
    }
    return file_response(std::move(bytes), std::string(docx_type), name + ".docx");
  }
  if (as == "signed") {
    if (paper.signed_pdf.empty()) return Error(not_signed, paper.notation.empty() ? paper.form : paper.notation);
    LUY_TRY(std::string bytes, d.vault.get(paper.signed_pdf));
    return file_response(std::move(bytes), std::string(pdf_type), name + "-da-ky.pdf");
  }
  std::string bytes;
  if (paper.state == CasePaper::State::draft) {
    LUY_TRY(const paper::Document document, d.life.document_of(paper));
    LUY_TRY(bytes, d.pdf(document));
  } else {
    LUY_TRY(bytes, d.vault.get(paper.pdf));
  }
  return file_response(std::move(bytes), std::string(pdf_type), name + ".pdf");
}

Result<Response> list_office(const ApiDependencies& d, const Request& request) {
  LUY_TRY_VOID(api::authorise(request, Action::incident_read, directory::Object::anywhere()));
  std::optional<AgencyId> only;
  if (request.param("agency")) {
    LUY_TRY(only, request.id_param<AgencyId>("agency", "agency"));
    LUY_TRY_VOID(api::authorise(request, Action::incident_read, object_of(d, *only)));
  }
  const auto kind = paper_owner_from_name(request.param("kind").value_or(""));
  const auto about = request.param("about");
  LUY_TRY(const std::vector<CasePaper> all, d.office.list());
  json::array items;
  for (const CasePaper& one : all) {
    const OfficeOwner& owner = *one.office;
    if ((only && owner.agency != *only) || (kind && owner.kind != *kind)) continue;
    if (about && owner.about != *about) continue;
    if (may(d, request, reading(one), owner.agency)) items.push_back(paper_json(d, one));
  }
  return api::json(json::object{{"items", std::move(items)}});
}

// Who issues the letter of a warning: the agency for which the asker may issue warnings.
Result<AgencyId> warning_agency(const Request& request) {
  for (const directory::Grant& grant : request.actor->grants) {
    if (directory::reach_of(grant.role, Action::warning_issue) != directory::Reach::none) return grant.agency;
  }
  return api::authorise(request, Action::warning_issue, directory::Object()).error();
}

Result<Response> draft_letter(const ApiDependencies& d, const Request& request, const std::string& form) {
  const auto id = WarningId::parse(text_at(request.body.as_object(), "warning"));
  if (!id) return Error(api::bad_request, "warning");
  LUY_TRY(const AgencyId agency, warning_agency(request));
  LUY_TRY_VOID(api::authorise(request, Action::warning_issue, object_of(d, agency)));
  LUY_TRY(const Warning warning, visible_warning(d, request, *id));
  request.audited = true;
  LUY_TRY(const CasePaper paper, d.office.draft_warning(actor_of(d, request), form, agency, warning.id));
  return detail(d, paper, 201);
}

// The minutes of a review, the letter of a request.
Result<Response> draft_about(const ApiDependencies& d, const Request& request, const std::string& form,
                             PaperOwner kind) {
  const std::string about = text_at(request.body.as_object(), name_of(kind));
  if (about.empty()) return Error(api::bad_request, std::string(name_of(kind)));
  const bool is_review = kind == PaperOwner::review;
  const Action read = is_review ? Action::account_control_read : Action::incident_read;
  LUY_TRY(const OwnerPage page, d.office.page(kind, about, request.actor->display_name));
  if (!may(d, request, read, page.agency)) {
    return api::hide(request, read, std::string(name_of(kind)) + ":" + about, Error(paper_about_unknown));
  }
  const Actor actor = actor_of(d, request, is_review ? Action::access_review : Action::provider_ask);
  LUY_TRY_VOID(actor.permit(page.agency));
  request.audited = true;
  LUY_TRY(const CasePaper paper, d.office.draft_about(actor, form, kind, about));
  return detail(d, paper, 201);
}

Result<Response> draft_office(const ApiDependencies& d, const Request& request) {
  const json::object& body = request.body.as_object();
  const std::string form = text_at(body, "form");
  const PaperUse* use = d.cases.process().paper(form);
  if (use == nullptr || use->owner == PaperOwner::a_case) return Error(paper_form_unknown, form.substr(0, 60));
  if (use->owner == PaperOwner::warning) return draft_letter(d, request, form);
  if (use->owner != PaperOwner::period) return draft_about(d, request, form, use->owner);
  const auto agency = AgencyId::parse(text_at(body, "agency"));
  const auto from = day_from_iso(text_at(body, "from")), to = day_from_iso(text_at(body, "to"));
  if (!agency || !from || !to) return Error(api::bad_request, "agency, from, to");
  if (!d.agency_exists(*agency)) return Error(directory::agency_unknown);
  LUY_TRY_VOID(api::authorise(request, Action::incident_handle, object_of(d, *agency)));
  request.audited = true;
  LUY_TRY(const CasePaper paper, d.office.draft_period(actor_of(d, request), form, *agency, *from, *to));
  return detail(d, paper, 201);
}

json::object signer_json(const SigningCertificate& one, const std::string& name) {
  return {{"id", one.id.text()},
          {"account", one.account.text()},
          {"name", name},
          {"subject", one.subject},
          {"serial", one.serial},
          {"issuer", one.issuer},
          {"fingerprint", one.fingerprint},
          {"not_before", to_rfc3339(one.not_before)},
          {"not_after", to_rfc3339(one.not_after)},
          {"added_at", to_rfc3339(one.added_at)},
          {"added_by", one.added_by}};
}

directory::Object place_of(const ApiDependencies& d, const directory::Account& account) {
  directory::Object out = object_of(d, account.agency);
  out.account = account.id;
  return out;
}

Result<directory::Account> account_of(const ApiDependencies& d, const AccountId& id) {
  return std::as_const(d.directory).accounts().find(id);
}

Result<Response> list_signers(const ApiDependencies& d, const Request& request) {
  LUY_TRY_VOID(api::authorise(request, Action::account_read, directory::Object::anywhere()));
  LUY_TRY(const std::vector<SigningCertificate> all, d.signers.list());
  json::array items;
  for (const SigningCertificate& one : all) {
    const auto account = account_of(d, one.account);
    if (!account || !directory::may(*request.actor, Action::account_read, place_of(d, *account)).allowed) continue;
    items.push_back(signer_json(one, account->display_name));
  }
  return api::json(json::object{{"items", std::move(items)}});
}

Result<Response> add_signer(const ApiDependencies& d, const Request& request) {
  const json::object& body = request.body.as_object();
  const auto id = AccountId::parse(text_at(body, "account"));
  if (!id) return Error(directory::account_unknown);
  LUY_TRY(const directory::Account account, account_of(d, *id));
  request.audited = true;
  LUY_TRY(const directory::Proposed asked,
          d.directory.acts().propose(
              api::caller_of(request), signer_add_act,
              SignerBook::add_body(*id, text_at(body, "certificate"), request.actor->display_name), account.agency));
  if (asked.waiting) {
    return api::json(json::object{{"done", false}, {"act", asked.waiting->text()}, {"one_time_password", nullptr}},
                     202);
  }
  LUY_TRY(const SigningCertificate added,
          d.signers.find(SigningId::trusted(std::string(asked.result.at("id").as_string()))));
  return api::json(signer_json(added, account.display_name), 201);
}

Result<Response> remove_signer(const ApiDependencies& d, const Request& request) {
  LUY_TRY(const auto id, request.id_param<SigningId>("signer", "signer"));
  LUY_TRY(const SigningCertificate known, d.signers.find(id));
  LUY_TRY(const directory::Account account, account_of(d, known.account));
  request.audited = true;
  LUY_TRY_VOID(d.signers.remove(api::caller_of(request), place_of(d, account), id));
  return api::no_content();
}

}  // namespace

std::vector<api::Route> paper_routes(const Shared& d) {
  constexpr auto handle = Action::incident_handle;
  constexpr const char* one = "/api/v1/incidents/{incident}/papers/{paper}";
  const std::string base = one;
  constexpr const char* other = "/api/v1/papers/{paper}";
  const std::string other_base = other;
  return {
      route(d, Method::get, "/api/v1/papers", "listOfficePapers", Action::incident_read, list_office),
      route(d, Method::post, "/api/v1/papers", "draftOfficePaper", handle, draft_office),
      route(d, Method::get, other, "getOfficePaper", Action::incident_read, get),
      route(d, Method::put, other, "editOfficePaper", handle, edit),
      route(d, Method::post, (other_base + "/issue").c_str(), "issueOfficePaper", handle, issue),
      route(d, Method::post, (other_base + "/signed").c_str(), "takeSignedOfficePaper", handle, take_signed,
            upload_body_bytes_max),
      route(d, Method::post, (other_base + "/seal").c_str(), "sealOfficePaper", handle, seal),
      route(d, Method::post, (other_base + "/deliveries").c_str(), "deliverOfficePaper", handle, deliver),
      route(d, Method::get, (other_base + "/file").c_str(), "getOfficePaperFile", Action::incident_read, file),
      route(d, Method::post, "/api/v1/incidents/{incident}/papers", "draftPaper", handle, draft),
      route(d, Method::get, one, "getPaper", Action::incident_read, get),
      route(d, Method::put, one, "editPaper", handle, edit),
      route(d, Method::post, (base + "/issue").c_str(), "issuePaper", handle, issue),
      route(d, Method::post, (base + "/signed").c_str(), "takeSignedPaper", handle, take_signed, upload_body_bytes_max),
      route(d, Method::post, (base + "/seal").c_str(), "sealPaper", handle, seal),
      route(d, Method::post, (base + "/deliveries").c_str(), "deliverPaper", handle, deliver),
      route(d, Method::get, (base + "/file").c_str(), "getPaperFile", Action::incident_read, file),
      route(d, Method::get, "/api/v1/signers", "listSigners", Action::account_read, list_signers),
      route(d, Method::post, "/api/v1/signers", "addSigner", Action::account_manage, add_signer),
      route(d, Method::del, "/api/v1/signers/{signer}", "removeSigner", Action::account_manage, remove_signer),
  };
}

}  // namespace luy::incident
