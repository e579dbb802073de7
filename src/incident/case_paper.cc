#include "incident/case_paper.h"

#include <algorithm>
#include <array>
#include <cstdio>

#include "paper/sentence.h"

namespace luy::incident {
namespace {

namespace json = boost::json;

constexpr std::string_view head_role = "agency_head";
constexpr std::array<std::string_view, 3> state_names = {"draft", "issued", "signed"};

std::string text_at(const json::object& object, std::string_view key) {
  const json::value* found = object.if_contains(json::string_view(key.data(), key.size()));
  return found != nullptr && found->is_string() ? std::string(found->get_string().c_str()) : std::string();
}

std::string people_time(const json::object& body, std::string_view key) {
  const auto time = from_rfc3339(text_at(body, key));
  return time ? moment_text(*time) : std::string();
}

json::array texts_of(const std::vector<std::string>& all) {
  return json::array(all.begin(), all.end());
}

// The answer to a question that names its answers: never a text, so that it cannot get into a field of text.
json::object answer(std::string_view option) {
  return {{"id", option}};
}

// What is done in this round: finished tasks, then joint actions.
json::array actions_of(const PaperSources& from) {
  json::array out;
  for (const PartKind kind : {PartKind::task, PartKind::action}) {
    for (const Part& part : from.parts) {
      if (part.kind != kind || part.round != from.one.round) continue;
      if (kind == PartKind::task && text_at(part.body, "done_at").empty()) continue;
      const std::string what = paper::without_end_marks(text_at(part.body, "title"));
      const std::string done = people_time(part.body, "done_at");
      json::object row;
      row["action"] = what;
      row["measure"] = what;
      row["owner"] = text_at(part.body, "owner");
      row["result"] = text_at(part.body, "outcome");
      row["time"] = done;
      row["done"] = done;
      row["deadline"] = people_time(part.body, "due");
      out.push_back(std::move(row));
    }
  }
  return out;
}

json::array tasks_of(const PaperSources& from, bool done) {
  std::vector<std::string> out;
  for (const Part& part : from.parts) {
    if (part.kind != PartKind::task || part.round != from.one.round) continue;
    if (text_at(part.body, "done_at").empty() != done) {
      out.push_back(paper::without_end_marks(text_at(part.body, "title")));
    }
  }
  return texts_of(out);
}

json::array evidence_of(const PaperSources& from) {
  json::array out;
  for (const Part& part : from.parts) {
    if (part.kind != PartKind::evidence) continue;
    const std::string description = text_at(part.body, "description");
    json::object row;
    row["what"] = text_at(part.body, "name") + (description.empty() ? "" : ": " + description);
    row["taken"] = text_at(part.body, "taken_by") + ", " + people_time(part.body, "taken_at");
    row["hash"] = text_at(part.body, "sha256");
    row["seal"] = text_at(part.body, "seal");
    out.push_back(std::move(row));
  }
  return out;
}

// Entries of the timeline that are the course of a case; the others are how its file is kept.
bool is_of_the_course(const TimelineEntry& entry) {
  constexpr std::array<std::string_view, 8> kinds = {"opened",     "joined",   "moved",    "note",
                                                     "classified", "notified", "received", "conflict"};
  return std::find(kinds.begin(), kinds.end(), entry.kind) != kinds.end();
}

// What happened and what was done about it, by time.
json::array events_of(const PaperSources& from) {
  constexpr std::size_t events_max = 60;
  std::vector<std::pair<Time, std::string>> all;
  for (const TimelineEntry& entry : from.timeline) {
    if (is_of_the_course(entry)) all.emplace_back(entry.at, entry.text.vi);
  }
  for (const Part& part : from.parts) {
    const bool is_work = part.kind == PartKind::task || part.kind == PartKind::action;
    const auto done = from_rfc3339(text_at(part.body, is_work ? "done_at" : "given_at"));
    if (!done || (!is_work && part.kind != PartKind::guidance)) continue;
    std::string words = is_work ? paper::without_end_marks(text_at(part.body, "title"))
                                : "Nhận hướng dẫn của " + text_at(part.body, "given_by");
    const std::string outcome = is_work ? text_at(part.body, "outcome") : text_at(part.body, "document");
    if (!outcome.empty()) words += ": " + outcome;
    all.emplace_back(*done, std::move(words));
  }
  std::stable_sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  json::array out;
  for (const auto& [at, words] : all) {
    if (out.size() == events_max) break;
    out.push_back(json::object{{"time", moment_text(at)}, {"event", words}});
  }
  return out;
}

std::string guidance_of(const PaperSources& from) {
  std::string out;
  for (const Part& part : from.parts) {
    if (part.kind != PartKind::guidance || part.round != from.one.round) continue;
    const std::string document = text_at(part.body, "document");
    const std::string given = text_at(part.body, "given_by");
    const std::string one =
        (document.empty() ? given : document + " (" + given + ")") + ", " + people_time(part.body, "given_at");
    out += (out.empty() ? "" : "; ") + one;
  }
  return out;
}

// Every field that some form has and the case can answer.
json::object known_fields(const PaperSources& from) {
  const Case& one = from.one;
  json::object out;
  out["incident"] = one.number + " – " + paper::without_end_marks(one.title);
  out["system"] = one.system;
  out["discovered"] = local_text(one.discovered());
  out["description"] = one.description;
  out["situation"] = one.description;
  out["operator"] = from.issuer.name;
  out["reporter_name"] = from.issuer.name;
  out["reporter_address"] = from.issuer.address;
  out["reporter_phone"] = from.issuer.phone;
  out["reporter_email"] = from.issuer.email;
  out["organisation"] = from.issuer.name;
  out["owner"] = from.issuer.superior;
  if (!from.contact_name.empty()) {
    out["contact_name"] = from.contact_name;
    out["contact_phone"] = from.issuer.phone;
    out["contact_email"] = from.issuer.email;
    out["contact"] = person_of(from.contact_name, from.issuer);
    out["secretary"] = person_of(from.contact_name, from.issuer);
    out["giver"] = person_of(from.contact_name, from.issuer);
  }
  if (!from.issuer.head.empty()) out["chair"] = person_of(from.issuer.head, from.issuer);
  if (one.found.level) out["level"] = answer(std::to_string(*one.found.level));
  out["until"] = local_text(from.now);
  out["reported"] = local_text(from.now);
  out["state"] = answer(one.moments.contains(Moment::ended) ? "handled" : "open");
  out["actions"] = actions_of(from);
  out["measures"] = actions_of(from);
  out["done"] = tasks_of(from, true);
  out["next"] = tasks_of(from, false);
  out["items"] = evidence_of(from);
  out["events"] = events_of(from);
  out["guidance"] = guidance_of(from);
  for (const CasePaper& paper : from.papers) {
    const PaperUse* use = from.process.paper(paper.form);
    if (use == nullptr || use->moment != Moment::initial_report) continue;
    if (paper.round != one.round || !paper.issued_at) continue;
    out["initial_report"] = paper.notation;
    out["initial_report_date"] = to_iso(day_of(*paper.issued_at));
  }
  return out;
}

// The line at the foot of a letter.
std::string contact_line(const Issuer& issuer) {
  std::string out = issuer.address;
  const auto add = [&](const char* what, const std::string& value) {
    if (!value.empty()) out += (out.empty() ? "" : "; ") + std::string(what) + value;
  };
  add("Điện thoại: ", issuer.phone);
  add("Email: ", issuer.email);
  return out;
}

// One for each place, the head's as the pack says; what the form prints beyond that follows.
json::array signatures_of(const paper::Form& form, const Process& process, const Issuer& by) {
  const PaperUse* use = process.paper(form.id);
  const std::size_t places = use == nullptr ? 0 : use->signed_by.size();
  json::array out;
  for (std::size_t i = 0; i < std::max(places, form.signers.size()); ++i) {
    json::object one{{"authority", json::array()}, {"note", ""}, {"name", ""}};
    if (i < form.signers.size()) one["authority"].as_array().emplace_back(form.signers[i]);
    if (i < places && use->signed_by[i].role == head_role) {
      const std::string& issuer = by.letterhead.issuer;
      for (const HeadTitle& title : process.heads) {
        if (!issuer.starts_with(title.issuer)) continue;
        one["authority"] = texts_of(title.authority);
        break;
      }
      one["name"] = by.head;
    }
    out.push_back(std::move(one));
  }
  return out;
}

bool is_empty(const json::value& value) {
  if (value.is_string()) return value.get_string().empty();
  return value.is_array() && value.get_array().empty();
}

// Keeps of a table's rows the columns that this form's table has.
json::value fitted(const paper::FormField& field, const json::value& value) {
  if (field.type != paper::FieldType::table || !value.is_array()) return value;
  json::array rows;
  for (const json::value& row : value.get_array()) {
    json::object kept;
    for (const paper::TableField& column : field.columns) {
      const json::value* cell = row.get_object().if_contains(column.id);
      if (cell != nullptr && !is_empty(*cell)) kept[column.id] = *cell;
    }
    rows.push_back(std::move(kept));
  }
  return rows;
}

bool is_shape(const paper::FormField& field, const json::value& value) {
  switch (field.type) {
    case paper::FieldType::table:
      return field.rows.empty() ? value.is_array() : value.is_object();
    case paper::FieldType::list:
    case paper::FieldType::persons:
    case paper::FieldType::choices:
      return value.is_array();
    case paper::FieldType::person:
      return value.is_object() && value.get_object().contains("name");
    case paper::FieldType::choice:
      return value.is_object() && value.get_object().contains("id");
    case paper::FieldType::number:
      return value.is_int64();
    default:
      return value.is_string();
  }
}

// The option that `value` is the answer of, by its id; empty when the field has no such option.
std::string option_in(const paper::FormField& field, const json::value& value) {
  const std::string id = value.is_object() ? text_at(value.get_object(), "id") : std::string();
  const bool is_known = std::any_of(field.options.begin(), field.options.end(),
                                    [&](const paper::Option& option) { return option.id == id; });
  return is_known ? id : std::string();
}

// Nobody writes to themselves.
json::array others_among(const std::vector<std::string>& recipients, const Issuer& issuer) {
  json::array out;
  for (const std::string& one : recipients) {
    if (one != issuer.name) out.emplace_back(one);
  }
  return out;
}

}  // namespace

std::string_view name_of(CasePaper::State state) {
  return state_names.at(static_cast<std::size_t>(state));
}

std::optional<CasePaper::State> paper_state_from_name(std::string_view name) {
  const auto found = std::find(state_names.begin(), state_names.end(), name);
  if (found == state_names.end()) return std::nullopt;
  return static_cast<CasePaper::State>(found - state_names.begin());
}

PaperFact fact_of(const CasePaper& paper, const SignOrder& order) {
  PaperFact out;
  out.form = paper.form;
  out.round = paper.round;
  out.awaiting = order.awaiting;
  if (paper.state == CasePaper::State::signed_ && order.is_complete()) {
    for (const Signer& signer : paper.signers) {
      out.signed_by.insert(out.signed_by.end(), signer.roles.begin(), signer.roles.end());
    }
  }
  out.is_delivered = !paper.deliveries.empty();
  const json::value* fields = paper.data.if_contains("fields");
  if (fields == nullptr || !fields->is_object()) return out;
  for (const auto& [key, value] : fields->get_object()) {
    if (value.is_string()) out.fields[std::string(key)] = std::string(value.get_string().c_str());
  }
  return out;
}

json::object fitted_fields(const paper::Form& form, const json::object& known) {
  json::object fields;
  for (const auto& [key, value] : known) {
    const paper::FormField* field = form.field(std::string_view(key.data(), key.size()));
    if (field == nullptr || is_empty(value) || !is_shape(*field, value)) continue;
    if (field->type == paper::FieldType::choice) {
      const std::string option = option_in(*field, value);
      if (!option.empty()) fields[key] = option;
      continue;
    }
    if (field->type == paper::FieldType::choices) {
      // The form asks for some of its own words; what was done stands in other words.
      json::array chosen;
      for (const json::value& one : value.get_array()) {
        const std::string option = option_in(*field, one);
        if (!option.empty()) chosen.emplace_back(option);
      }
      if (!chosen.empty()) fields[key] = std::move(chosen);
      continue;
    }
    fields[key] = fitted(*field, value);
  }
  return fields;
}

json::object frame_of(const paper::Form& form, const Process& process, const Issuer& issuer,
                      const std::vector<std::string>& recipients, Time now) {
  const paper::Letterhead& head = issuer.letterhead;
  json::object letterhead;
  letterhead["superior"] = head.superior;
  letterhead["issuer"] = head.issuer;
  letterhead["agency"] = head.agency;
  letterhead["place"] = head.place;
  letterhead["symbol"] = head.symbol;
  if (form.kind.empty() && !head.unit.empty()) letterhead["unit"] = head.unit;
  if (form.type_name.empty()) letterhead["contact"] = contact_line(issuer);
  json::object out;
  out["letterhead"] = std::move(letterhead);
  // Minutes and plans are addressed to nobody: they have no such line.
  if (!recipients.empty()) out["recipients"] = others_among(recipients, issuer);
  out["copies"] = texts_of(form.copies);
  out["signatures"] = signatures_of(form, process, issuer);
  out["date"] = to_iso(day_of(now));
  return out;
}

json::object prefill(const paper::Form& form, const PaperSources& from) {
  const PaperUse* use = from.process.paper(form.id);
  const Edition* edition = from.process.edition(from.one.edition);
  const bool is_addressed = use != nullptr && use->is_addressed && edition != nullptr;
  json::object out =
      frame_of(form, from.process, from.issuer, is_addressed ? edition->recipients : form.recipients, from.now);
  out["fields"] = fitted_fields(form, known_fields(from));
  return out;
}

void name_signatures(const PaperUse& use, json::object& data) {
  json::value* all = data.if_contains("signatures");
  if (all == nullptr || !all->is_array()) return;
  json::array& signatures = all->get_array();
  for (std::size_t i = 0; i < std::min(use.signed_by.size(), signatures.size()); ++i) {
    if (!signatures[i].is_object() || use.signed_by[i].person.empty()) continue;
    json::object& one = signatures[i].get_object();
    const std::string name = person_in(data, use.signed_by[i].person);
    if (!name.empty() && text_at(one, "name").empty()) one["name"] = name;
  }
}

std::string local_text(Time time) {
  const Day day = day_of(time);
  const auto minutes = std::chrono::duration_cast<std::chrono::minutes>(time - day_begin(day)).count();
  char clock[16];
  std::snprintf(clock, sizeof clock, "T%02d:%02d", static_cast<int>(minutes / 60), static_cast<int>(minutes % 60));
  return to_iso(day) + clock;
}

json::object person_of(const std::string& name, const Issuer& issuer) {
  json::object out;
  out["name"] = name;
  out["unit"] = issuer.name;
  if (!issuer.phone.empty()) out["phone"] = issuer.phone;
  if (!issuer.email.empty()) out["email"] = issuer.email;
  return out;
}

json::object to_json(const Ties& ties) {
  json::object out;
  for (const auto& [field, tie] : ties) out[field] = json::object{{"account", tie.account}, {"name", tie.name}};
  return out;
}

Ties ties_from(const json::object& all) {
  Ties out;
  for (const auto& [field, tie] : all) {
    if (!tie.is_object()) continue;
    out[std::string(field)] = {text_at(tie.get_object(), "account"), text_at(tie.get_object(), "name")};
  }
  return out;
}

json::object to_json(const OfficeOwner& owner) {
  json::object out{{"kind", name_of(owner.kind)}, {"agency", owner.agency.text()}};
  if (owner.kind == PaperOwner::period) {
    out["from"] = to_iso(owner.from);
    out["to"] = to_iso(owner.to);
  } else if (owner.kind == PaperOwner::warning) {
    out["warning"] = owner.warning;
    out["warning_number"] = owner.warning_number;
  } else {
    out["about"] = owner.about;
    out["about_number"] = owner.about_number;
  }
  return out;
}

OfficeOwner owner_from(const json::object& object) {
  OfficeOwner out;
  out.kind = paper_owner_from_name(text_at(object, "kind")).value_or(PaperOwner::period);
  out.agency = AgencyId::trusted(text_at(object, "agency"));
  out.from = day_from_iso(text_at(object, "from")).value_or(Day());
  out.to = day_from_iso(text_at(object, "to")).value_or(Day());
  out.warning = text_at(object, "warning");
  out.warning_number = text_at(object, "warning_number");
  out.about = text_at(object, "about");
  out.about_number = text_at(object, "about_number");
  return out;
}

json::array to_json(const std::vector<Signer>& signers) {
  json::array out;
  for (const Signer& one : signers) {
    out.push_back(json::object{{"name", one.name},
                               {"roles", texts_of(one.roles)},
                               {"at", to_rfc3339(one.at)},
                               {"account", one.account.empty() ? json::value(nullptr) : json::value(one.account)}});
  }
  return out;
}

std::vector<Signer> signers_from(const json::array& all) {
  std::vector<Signer> out;
  for (const json::value& value : all) {
    if (!value.is_object()) continue;
    const json::object& object = value.get_object();
    Signer one;
    one.name = text_at(object, "name");
    one.account = text_at(object, "account");
    if (const json::value* roles = object.if_contains("roles"); roles != nullptr && roles->is_array()) {
      for (const json::value& role : roles->get_array()) {
        if (role.is_string()) one.roles.emplace_back(role.get_string().c_str());
      }
    }
    if (const auto at = from_rfc3339(text_at(object, "at"))) one.at = *at;
    out.push_back(std::move(one));
  }
  return out;
}

json::array to_json(const std::vector<Delivery>& deliveries) {
  json::array out;
  for (const Delivery& one : deliveries) {
    out.push_back(json::object{{"to", one.to},
                               {"channel", one.channel},
                               {"at", to_rfc3339(one.at)},
                               {"contact", one.contact.empty() ? json::value(nullptr) : json::value(one.contact)},
                               {"verified", one.is_verified}});
  }
  return out;
}

std::vector<Delivery> deliveries_from(const json::array& all) {
  std::vector<Delivery> out;
  for (const json::value& value : all) {
    if (!value.is_object()) continue;
    const json::object& object = value.get_object();
    const auto at = from_rfc3339(text_at(object, "at"));
    const json::value* verified = object.if_contains("verified");
    const bool is_verified = verified != nullptr && verified->is_bool() && verified->get_bool();
    if (at)
      out.push_back({text_at(object, "to"), text_at(object, "channel"), *at, text_at(object, "contact"), is_verified});
  }
  return out;
}

}  // namespace luy::incident
