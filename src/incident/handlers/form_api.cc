// listForms, getForm, previewForm, changeForm, resetForm.
#include <algorithm>
#include <charconv>

#include "incident/handlers/values.h"
#include "paper/docx.h"

namespace luy::incident {
namespace {

namespace json = boost::json;
using api::Method;
using api::Request;
using api::Response;
using directory::Action;

// A text and values to look at it with, as JSON.
constexpr std::size_t form_body_bytes_max = 2 << 20;

json::object field_json(const paper::FormField& field) {
  json::array options;
  for (const paper::Option& one : field.options) {
    options.push_back(json::object{{"id", one.id}, {"text", one.text}, {"detail", one.has_detail}});
  }
  json::array columns;
  for (const paper::TableField& one : field.columns) {
    columns.push_back(json::object{
        {"id", one.id}, {"label", text_json(one.label)}, {"number", one.is_number}, {"required", one.is_mandatory}});
  }
  json::array rows;
  for (const paper::FixedRow& one : field.rows) rows.push_back(json::object{{"id", one.id}, {"text", one.text}});
  json::object out;
  out["id"] = field.id;
  out["type"] = paper::name_of(field.type);
  out["required"] = field.is_mandatory;
  out["label"] = text_json(field.label);
  out["hint"] = field.hint;
  out["options"] = std::move(options);
  out["columns"] = std::move(columns);
  out["rows"] = std::move(rows);
  out["when"] = nullptr;
  if (field.when) {
    out["when"] =
        json::object{{"field", field.when->field}, {"is", list_json(field.when->is)}, {"not", field.when->negated}};
  }
  return out;
}

Result<std::string> form_of(const ApiDependencies& d, const Request& request) {
  const std::string id = request.param("form").value_or("");
  if (d.forms.current_version(id) == 0) return Error(paper::form_unknown, id.substr(0, 60));
  return id;
}

json::object version_json(const FormVersion& one) {
  return {
      {"version", one.number}, {"at", to_rfc3339(one.at)}, {"by", one.by}, {"reason", one.reason}, {"own", one.is_own}};
}

Result<Response> list(const ApiDependencies& d, const Request& request) {
  LUY_TRY_VOID(api::authorise(request, Action::incident_read, directory::Object::anywhere()));
  json::array items;
  for (const std::string& id : d.forms.ids()) {
    const std::vector<FormVersion> versions = d.forms.versions(id);
    const paper::Form* form = d.forms.current(id);
    const FormVersion& last = versions.back();
    json::object one;
    one["id"] = id;
    one["title"] = text_json(form != nullptr ? form->title : Text{id, id});
    one["kind"] = form != nullptr ? form->kind : std::string();
    one["version"] = last.number;
    one["own"] = last.is_own;
    // The first text came with the pack: nobody changed anything.
    one["changed_at"] = versions.size() > 1 ? json::value(to_rfc3339(last.at)) : json::value(nullptr);
    one["changed_by"] = versions.size() > 1 ? json::value(last.by) : json::value(nullptr);
    items.push_back(std::move(one));
  }
  return api::json(json::object{{"items", std::move(items)}});
}

Result<Response> detail(const ApiDependencies& d, const std::string& id, unsigned wanted) {
  const std::vector<FormVersion> versions = d.forms.versions(id);
  const auto found =
      std::find_if(versions.begin(), versions.end(), [&](const FormVersion& one) { return one.number == wanted; });
  if (found == versions.end()) return Error(paper::form_unknown, id + " " + std::to_string(wanted));
  const paper::Form* form = d.forms.find(id, wanted);
  json::array all;
  for (const FormVersion& one : versions) all.push_back(version_json(one));
  json::object out;
  out["id"] = id;
  out["title"] = text_json(form != nullptr ? form->title : Text{id, id});
  out["version"] = found->number;
  out["own"] = found->is_own;
  out["yaml"] = found->yaml;
  out["pack_yaml"] = d.forms.pack_yaml(id);
  out["versions"] = std::move(all);
  out["sample"] = form != nullptr ? paper::sample_fields(*form) : json::object();
  return api::json(out);
}

Result<Response> get(const ApiDependencies& d, const Request& request) {
  LUY_TRY_VOID(api::authorise(request, Action::incident_read, directory::Object::anywhere()));
  LUY_TRY(const std::string id, form_of(d, request));
  unsigned wanted = d.forms.current_version(id);
  if (const auto asked = request.param("version")) {
    const auto read = std::from_chars(asked->data(), asked->data() + asked->size(), wanted);
    if (read.ec != std::errc() || read.ptr != asked->data() + asked->size()) return Error(api::bad_request, "version");
  }
  return detail(d, id, wanted);
}

// As a draft of the asker's own agency would look. Nothing is kept.
Result<Response> preview(const ApiDependencies& d, const Request& request) {
  LUY_TRY_VOID(api::authorise(request, Action::form_manage, town_object(d)));
  LUY_TRY(const std::string id, form_of(d, request));
  const json::object& body = request.body.as_object();
  LUY_TRY(const paper::Form form, d.forms.read(id, text_at(body, "yaml")));
  const AgencyId agency = request.actor->grants.empty() ? AgencyId() : request.actor->grants.front().agency;
  json::object data = frame_of(form, d.cases.process(), d.cases.issuer(agency), form.recipients, d.clock.now());
  json::object fields = paper::sample_fields(form);
  for (const auto& [key, value] : object_at(body, "data")) fields[key] = value;
  data["fields"] = std::move(fields);
  LUY_TRY(const paper::PaperData parsed, paper::parse_paper_data(json::serialize(data)));
  LUY_TRY(const paper::Document document, paper::fill_form(form, parsed));
  if (text_at(body, "as") == "docx") {
    LUY_TRY(std::string bytes, paper::to_docx(document));
    return file_response(std::move(bytes), std::string(docx_type), id + ".docx");
  }
  LUY_TRY(std::string bytes, d.pdf(document));
  return file_response(std::move(bytes), std::string(pdf_type), id + ".pdf");
}

Result<Response> change(const ApiDependencies& d, const Request& request) {
  LUY_TRY(const std::string id, form_of(d, request));
  const json::object& body = request.body.as_object();
  const auto from = static_cast<unsigned>(body.at("version").to_number<std::int64_t>());
  request.audited = true;
  LUY_TRY_VOID(d.forms.change(api::caller_of(request), town_object(d), request.actor->display_name, id, from,
                              text_at(body, "yaml"), text_at(body, "reason")));
  return detail(d, id, d.forms.current_version(id));
}

Result<Response> reset(const ApiDependencies& d, const Request& request) {
  LUY_TRY(const std::string id, form_of(d, request));
  request.audited = true;
  LUY_TRY_VOID(d.forms.reset(api::caller_of(request), town_object(d), request.actor->display_name, id,
                             text_at(request.body.as_object(), "reason")));
  return detail(d, id, d.forms.current_version(id));
}

}  // namespace

json::array fields_json(const paper::Form& form) {
  json::array out;
  for (const paper::FormField& field : form.fields) out.push_back(field_json(field));
  return out;
}

std::vector<api::Route> form_routes(const Shared& d) {
  constexpr const char* one = "/api/v1/forms/{form}";
  const std::string base = one;
  return {
      route(d, Method::get, "/api/v1/forms", "listForms", Action::incident_read, list),
      route(d, Method::get, one, "getForm", Action::incident_read, get),
      route(d, Method::put, one, "changeForm", Action::form_manage, change, form_body_bytes_max),
      route(d, Method::post, (base + "/preview").c_str(), "previewForm", Action::form_manage, preview,
            form_body_bytes_max),
      route(d, Method::post, (base + "/reset").c_str(), "resetForm", Action::form_manage, reset),
  };
}

}  // namespace luy::incident
