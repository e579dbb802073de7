#include "incident/office_book.h"

#include <algorithm>

#include "incident/store/tables.h"

namespace luy::incident {
namespace {

namespace json = boost::json;

std::int64_t cell_of(const json::object& rows, const std::string& row, std::string_view column) {
  const json::value* cells = rows.if_contains(row);
  if (cells == nullptr || !cells->is_object()) return 0;
  const json::value* cell = cells->get_object().if_contains(json::string_view(column.data(), column.size()));
  return cell != nullptr && cell->is_number() ? cell->to_number<std::int64_t>() : 0;
}

json::object fields_of(const json::object& data) {
  const json::value* fields = data.if_contains("fields");
  return fields != nullptr && fields->is_object() ? fields->get_object() : json::object();
}

json::object rows_of(const json::object& data) {
  const json::object fields = fields_of(data);
  const json::value* rows = fields.if_contains("counts");
  return rows != nullptr && rows->is_object() ? rows->get_object() : json::object();
}

// The computed columns as the cases have them, the others as people wrote them.
json::object counted_anew(json::object kept, const std::vector<KindCount>& rows, const PeriodRule& rule) {
  for (const KindCount& row : rows) {
    const json::object exact = to_json(row);
    if (!kept[row.kind].is_object()) kept[row.kind] = json::object();
    for (const std::string& column : rule.computed) kept[row.kind].get_object()[column] = exact.at(column);
  }
  return kept;
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> out;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    std::string line = clean_text(text.substr(begin, end - begin), paper::line_bytes_max);
    if (!line.empty()) out.push_back(std::move(line));
    begin = end + 1;
  }
  return out;
}

// Fields as their owner has them now; what it does not have goes.
void put_exact(const paper::Form& form, const OwnerPage& page, json::object& data) {
  json::object fields = fields_of(data);
  const json::object exact = fitted_fields(form, page.exact);
  for (const auto& [field, value] : page.exact) {
    const json::value* found = exact.if_contains(field);
    if (found != nullptr) {
      fields[field] = *found;
    } else {
      fields.erase(field);
    }
  }
  data["fields"] = std::move(fields);
  if (!page.recipients.empty()) data["recipients"] = json::array(page.recipients.begin(), page.recipients.end());
}

std::string dates_of(const OfficeOwner& owner) {
  return to_vietnamese(owner.from) + " – " + to_vietnamese(owner.to);
}

}  // namespace

Result<const paper::Form*> OfficeBook::form_for(const std::string& form, PaperOwner owner) const {
  const PaperUse* use = d_.process.paper(form);
  const paper::Form* found = d_.forms.current(form);
  if (use == nullptr || use->owner != owner || found == nullptr) {
    return Error(paper_form_unknown, clean_text(form, 60));
  }
  return found;
}

Result<std::vector<KindCount>> OfficeBook::figures(records::Connection& c, const OfficeOwner& owner) const {
  std::vector<MeasuredCase> cases;
  LUY_TRY(const auto supports, CaseBook::supports_in(c));
  LUY_TRY_VOID(tables::each_case(c, [&](Case one) {
    const std::vector<AgencyId> above = d_.lineage(one.agency);
    const bool is_inside =
        one.agency == owner.agency || std::find(above.begin(), above.end(), owner.agency) != above.end();
    if (!is_inside) return;
    const auto support = supports.find(one.id);
    cases.push_back({std::move(one), {}, support != supports.end() ? support->second.given : 0});
  }));
  return half_year_of(d_.process, cases, owner.from, owner.to);
}

// What a summary says of itself.
json::object OfficeBook::page_of(const PeriodRule& rule, const OfficeOwner& owner) const {
  return {{"period", json::object{{"id", owner.to - owner.from < rule.half ? "half" : "year"}}},
          {"from", to_iso(owner.from)},
          {"to", to_iso(owner.to)},
          {"organisation", d_.cases.issuer(owner.agency).name}};
}

Result<CasePaper> OfficeBook::draft_period(const Actor& actor, const std::string& form, const AgencyId& agency,
                                           Day from, Day to) {
  LUY_TRY_VOID(form_for(form, PaperOwner::period));
  const OfficeOwner owner{PaperOwner::period, agency, from, to, {}, {}, {}, {}};
  const PeriodRule& rule = *d_.process.paper(form)->period;
  if (to < from || to - from >= rule.longest || from > day_of(d_.clock.now())) {
    return Error(bad_period, dates_of(owner));
  }
  LUY_TRY(const std::vector<KindCount> rows,
          d_.database.read([&](records::Connection& c) { return figures(c, owner); }));
  json::object known = page_of(rule, owner);
  known["address"] = d_.cases.issuer(agency).address;
  known["counts"] = to_json(rows);
  const Edition* edition = d_.process.edition_on(to);
  const bool is_addressed = d_.process.paper(form)->is_addressed && edition != nullptr;
  return begin(actor, form, owner, is_addressed ? edition->recipients : std::vector<std::string>(), known);
}

Result<CasePaper> OfficeBook::draft_warning(const Actor& actor, const std::string& form, const AgencyId& agency,
                                            const WarningId& id) {
  LUY_TRY_VOID(form_for(form, PaperOwner::warning));
  LUY_TRY(const Warning warning, d_.warnings.find(id));
  const OfficeOwner owner{PaperOwner::warning, agency, {}, {}, id.text(), warning.number, {}, {}};
  const Issuer issuer = d_.cases.issuer(agency);
  const auto list = [](const std::string& text) {
    const std::vector<std::string> lines = lines_of(text);
    return json::array(lines.begin(), lines.end());
  };
  json::object known;
  known["risk"] = warning.title;
  known["description"] = warning.risk;
  known["affected"] = list(warning.affected);
  known["actions"] = list(warning.actions);
  known["deadline"] = local_text(warning.due);
  known["contact"] = person_of(actor.name, issuer);
  std::vector<std::string> recipients;
  // More than a letter can name are addressed together, as the form has it.
  if (warning.receivers.size() <= paper::recipients_max) {
    for (const Warning::Receiver& one : warning.receivers) {
      if (one.agency != agency) recipients.push_back(d_.agency_name(one.agency));
    }
  }
  return begin(actor, form, owner, recipients, known);
}

Result<CasePaper> OfficeBook::draft_about(const Actor& actor, const std::string& form, PaperOwner kind,
                                          const std::string& about) {
  LUY_TRY_VOID(form_for(form, kind));
  LUY_TRY(const OwnerPage page, this->page(kind, about, actor.name));
  if (page.over) return *page.over;
  const OfficeOwner owner{kind, page.agency, {}, {}, {}, {}, about, page.number};
  json::object known = page.offered;
  for (const auto& [field, value] : page.exact) {
    if (!value.is_null()) known[field] = value;
  }
  return begin(actor, form, owner, page.recipients, known);
}

Result<OwnerPage> OfficeBook::page(PaperOwner kind, const std::string& about, const std::string& by) const {
  if (!d_.page) return Error(paper_about_unknown);
  auto page = d_.page(kind, about, by);
  // Whose it is decides what is said of it: nobody learns from the words whether it is there.
  if (!page && page.error().error_class() == ErrorClass::not_found) return Error(paper_about_unknown);
  return page;
}

Result<std::optional<OwnerPage>> OfficeBook::page_now(const CasePaper& paper, const std::string& by) const {
  const bool says = paper.office && !paper.office->about.empty();
  if (!says || paper.state != CasePaper::State::draft) return std::optional<OwnerPage>();
  LUY_TRY(OwnerPage page, this->page(paper.office->kind, paper.office->about, by));
  return std::optional(std::move(page));
}

Result<std::vector<std::string>> OfficeBook::fixed(const CasePaper& paper) const {
  std::vector<std::string> out;
  // An owner that is gone leaves the draft as it is; issuing says why.
  const auto page = page_now(paper, "");
  if (!page || !*page) return out;
  for (const auto& [field, value] : (*page)->exact) out.emplace_back(field);
  return out;
}

Result<CasePaper> OfficeBook::begin(const Actor& actor, const std::string& form_id, const OfficeOwner& owner,
                                    const std::vector<std::string>& recipients, const json::object& known) {
  const unsigned version = d_.forms.current_version(form_id);
  const paper::Form* form = d_.forms.find(form_id, version);
  if (form == nullptr) return Error(paper_form_unknown, form_id);
  CasePaper out;
  out.form = form_id;
  out.form_version = version;
  out.office = owner;
  const Time now = d_.clock.now();
  out.made_at = now;
  out.data = frame_of(*form, d_.process, d_.cases.issuer(owner.agency),
                      recipients.empty() ? form->recipients : recipients, now);
  out.data["fields"] = fitted_fields(*form, known);
  directory::AuditEntry entry;
  entry.act = "paper_draft";
  return d_.audit.perform(actor.caller, std::move(entry),
                          [&](records::Connection& c, directory::AuditEntry& done) -> Result<CasePaper> {
                            LUY_TRY_VOID(actor.permit(owner.agency));
                            LUY_TRY(const std::vector<CasePaper> all, tables::office_papers(c));
                            if (all.size() >= office_papers_max) return Error(too_many, "văn bản", "papers");
                            out.id = PaperId::make(now, d_.random);
                            LUY_TRY_VOID(tables::save(c, out));
                            done.object = "paper:" + out.id.text();
                            done.after["form"] = form_id;
                            done.after["agency"] = owner.agency.text();
                            return out;
                          });
}

Result<CasePaper> OfficeBook::change(const Actor& actor, const PaperId& id, std::string_view act, const Work& work) {
  directory::AuditEntry entry;
  entry.act = std::string(act);
  entry.object = "paper:" + id.text();
  return d_.audit.perform(actor.caller, std::move(entry),
                          [&](records::Connection& c, directory::AuditEntry& done) -> Result<CasePaper> {
                            LUY_TRY(CasePaper paper, tables::load_paper(c, id));
                            if (!paper.office) return Error(paper_unknown);
                            LUY_TRY_VOID(actor.permit(paper.office->agency));
                            done.before["state"] = name_of(paper.state);
                            LUY_TRY(const Text said, work(c, paper));
                            LUY_TRY_VOID(tables::save(c, paper));
                            done.after["agency"] = paper.office->agency.text();
                            done.after["form"] = paper.form;
                            done.after["state"] = name_of(paper.state);
                            done.after["notation"] = paper.notation;
                            done.after["what"] = said.vi;
                            done.after["pdf"] = paper.state == CasePaper::State::signed_ ? paper.signed_pdf : paper.pdf;
                            return paper;
                          });
}

Result<CasePaper> OfficeBook::edit(const Actor& actor, const PaperId& id, const json::object& data) {
  return change(actor, id, "paper_edit", [&](records::Connection&, CasePaper& paper) -> Result<Text> {
    LUY_TRY_VOID(d_.life.edit(paper, data));
    return Text{};
  });
}

Result<CasePaper> OfficeBook::issue(const Actor& actor, const PaperId& id, const ChosenAccounts& chosen) {
  LUY_TRY(const CasePaper before, find(id));
  const OfficeOwner owner = *before.office;
  LUY_TRY(const Ties ties, d_.life.tie(owner.agency, before, chosen));
  const PaperUse* use = d_.process.paper(before.form);
  const PeriodRule* rule = use != nullptr && use->period ? &*use->period : nullptr;
  // Names come from another book: not within the transaction.
  const json::object page = rule != nullptr ? page_of(*rule, owner) : json::object();
  LUY_TRY(const std::optional<OwnerPage> says, page_now(before, actor.name));
  return change(actor, id, "paper_issue", [&](records::Connection& c, CasePaper& paper) -> Result<Text> {
    if (rule != nullptr && paper.state == CasePaper::State::draft) {
      if (owner.to >= day_of(d_.clock.now())) return Error(bad_period, dates_of(owner));
      LUY_TRY(const std::vector<KindCount> rows, figures(c, owner));
      LUY_TRY(const paper::Form* form, d_.life.form_of(paper));
      json::object fields = fields_of(paper.data);
      for (const auto& [field, exact] : fitted_fields(*form, page)) fields[field] = exact;
      fields["counts"] = counted_anew(rows_of(paper.data), rows, *rule);
      paper.data["fields"] = std::move(fields);
    }
    if (says && paper.state == CasePaper::State::draft) {
      if (says->over) return *says->over;
      LUY_TRY(const paper::Form* form, d_.life.form_of(paper));
      put_exact(*form, *says, paper.data);
    }
    return d_.life.issue(c, owner.agency, paper, ties);
  });
}

Result<CasePaper> OfficeBook::take_signed(const Actor& actor, const PaperId& id, std::string_view pdf) {
  LUY_TRY(const CasePaper before, find(id));
  LUY_TRY_VOID(actor.permit(before.office->agency));
  LUY_TRY(const PaperLife::SignedFile file, d_.life.check_signed(before.office->agency, before, pdf));
  return change(actor, id, "paper_signed",
                [&](records::Connection&, CasePaper& paper) { return d_.life.take_signed(paper, file); });
}

Result<CasePaper> OfficeBook::deliver(const Actor& actor, const PaperId& id, const Delivery& delivery) {
  return change(actor, id, "paper_deliver",
                [&](records::Connection&, CasePaper& paper) { return d_.life.deliver(paper, delivery); });
}

Result<CasePaper> OfficeBook::find(const PaperId& id) const {
  LUY_TRY(CasePaper paper, d_.database.read([&](records::Connection& c) { return tables::load_paper(c, id); }));
  if (!paper.office) return Error(paper_unknown);
  return paper;
}

Result<std::vector<CasePaper>> OfficeBook::list() const {
  return d_.database.read([](records::Connection& c) { return tables::office_papers(c); });
}

Result<std::vector<OfficeBook::Difference>> OfficeBook::differences(const CasePaper& paper) const {
  std::vector<Difference> out;
  const auto page = page_now(paper, "");
  if (page && *page) {
    LUY_TRY(const paper::Form* form, d_.life.form_of(paper));
    const json::object fields = fields_of(paper.data);
    json::object exact{{"fields", fields}};
    put_exact(*form, **page, exact);
    for (const auto& [field, value] : (*page)->exact) {
      const json::value* there = fields.if_contains(field);
      const json::value* right = exact.at("fields").as_object().if_contains(field);
      const json::value nothing;
      if ((there != nullptr ? *there : nothing) == (right != nullptr ? *right : nothing)) continue;
      out.push_back({"", std::string(field), there != nullptr ? *there : nothing, right != nullptr ? *right : nothing});
    }
    return out;
  }
  const PaperUse* use = d_.process.paper(paper.form);
  const bool is_counted = paper.office && use != nullptr && use->period;
  if (!is_counted || paper.state != CasePaper::State::draft) return out;
  LUY_TRY(const paper::Form* form, d_.life.form_of(paper));
  const json::object fields = fields_of(paper.data);
  for (const auto& [field, exact] : fitted_fields(*form, page_of(*use->period, *paper.office))) {
    const json::value* there = fields.if_contains(field);
    if (there == nullptr || *there != exact) {
      out.push_back({"", std::string(field), there != nullptr ? *there : json::value(nullptr), exact});
    }
  }
  LUY_TRY(const std::vector<KindCount> rows,
          d_.database.read([&](records::Connection& c) { return figures(c, *paper.office); }));
  const json::object written = rows_of(paper.data);
  for (const KindCount& row : rows) {
    const json::object exact{{row.kind, to_json(row)}};
    for (const std::string& column : use->period->computed) {
      const std::int64_t there = cell_of(written, row.kind, column), right = cell_of(exact, row.kind, column);
      if (there != right) out.push_back({row.kind, column, there, right});
    }
  }
  return out;
}

}  // namespace luy::incident
