// Items and papers of a case: the rest of CaseBook.
#include <algorithm>

#include "base/encoding.h"
#include "incident/case_book.h"
#include "incident/store/tables.h"

namespace luy::incident {
namespace {

namespace json = boost::json;

std::string text_at(const json::object& object, std::string_view key) {
  const json::value* found = object.if_contains(json::string_view(key.data(), key.size()));
  return found != nullptr && found->is_string() ? std::string(found->get_string().c_str()) : std::string();
}

Text title_of(PartKind kind) {
  switch (kind) {
    case PartKind::entity:
      return {"đối tượng liên quan", "entity"};
    case PartKind::task:
      return {"việc", "task"};
    case PartKind::evidence:
      return {"chứng cứ", "evidence"};
    case PartKind::custody:
      return {"giao nhận chứng cứ", "hand-over of evidence"};
    case PartKind::hold:
      return {"lệnh giữ nhật ký", "hold on logs"};
    case PartKind::guidance:
      return {"hướng dẫn của cơ quan cấp tỉnh", "guidance of the province"};
    case PartKind::action:
      return {"hành động phối hợp", "joint action"};
    case PartKind::support:
      return {"đề nghị hỗ trợ", "request for support"};
    case PartKind::handover:
      return {"gói bàn giao chứng cứ", "package of evidence"};
    case PartKind::attachment:
      break;
  }
  return {"tệp đính kèm", "attachment"};
}

std::string label_of(const Part& part) {
  for (const std::string_view key : {"title", "name", "value", "text", "reason", "what"}) {
    std::string text = text_at(part.body, key);
    if (!text.empty()) return text.substr(0, title_bytes_max);
  }
  return text_at(part.body, "from") + " → " + text_at(part.body, "to");
}

// Numbers of papers in the module's own counters, within the transaction that issues the paper.
class CaseNumbers final : public paper::NumberBook {
 public:
  explicit CaseNumbers(records::Connection& c) : c_(c) {}
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

Error wrong_state(const CasePaper& paper) {
  const Text text = state_error(paper);
  return Error(paper_state, text.vi, text.en);
}

}  // namespace

Result<Part> CaseBook::add_part(const Actor& actor, const CaseId& id, PartKind kind, const json::object& body) {
  Part part;
  const auto changed =
      change(actor, id, name_of(kind), [&](records::Connection& c, Case& one, json::object& after) -> Result<void> {
        // What was kept as evidence goes from hand to hand after the end, too.
        if (kind != PartKind::custody && kind != PartKind::hold) LUY_TRY_VOID(demand_open(one));
        LUY_TRY(const std::vector<Part> all, tables::parts(c, id));
        if (all.size() >= parts_max) return Error(too_many, title_of(kind).vi, title_of(kind).en);
        const Time now = d_.clock.now();
        part.id = PartId::make(now, d_.random);
        part.kind = kind;
        part.round = one.round;
        part.at = now;
        part.by = actor.name;
        LUY_TRY(const json::object whole,
                kind == PartKind::evidence ? with_attachment(body, all) : Result<json::object>(body));
        LUY_TRY(part.body, check_part(kind, whole, now));
        if (kind == PartKind::custody) LUY_TRY_VOID(check_custody(part.body, all));
        LUY_TRY_VOID(tables::save(c, id, part));
        after["part"] = part.id.text();
        after["body"] = part.body;
        const Text title = title_of(kind);
        return add_entry(c, id, actor.name, "part",
                         {"Thêm " + title.vi + ": " + label_of(part), "Added " + title.en + ": " + label_of(part)},
                         {{"part", part.id.text()}, {"kind", name_of(kind)}});
      });
  if (!changed) return changed.error();
  return part;
}

Result<Part> CaseBook::change_part(const Actor& actor, const CaseId& id, const PartId& wanted,
                                   const json::object& changes) {
  Part part;
  const auto changed =
      change(actor, id, "part", [&](records::Connection& c, Case& one, json::object& after) -> Result<void> {
        LUY_TRY(const std::vector<Part> all, tables::parts(c, id));
        const auto found = std::find_if(all.begin(), all.end(), [&](const Part& each) { return each.id == wanted; });
        if (found == all.end()) return Error(part_unknown);
        part = *found;
        if (part.kind != PartKind::hold) LUY_TRY_VOID(demand_open(one));
        LUY_TRY(part.body, incident::change_part(part, changes, d_.clock.now()));
        LUY_TRY_VOID(tables::save(c, id, part));
        after["part"] = part.id.text();
        after["changes"] = changes;
        const Text title = title_of(part.kind);
        return add_entry(
            c, id, actor.name, "part",
            {"Cập nhật " + title.vi + ": " + label_of(part), "Changed " + title.en + ": " + label_of(part)},
            {{"part", part.id.text()}, {"changes", changes}});
      });
  if (!changed) return changed.error();
  return part;
}

Result<Part> CaseBook::attach(const Actor& actor, const CaseId& id, const std::string& file_name,
                              std::string_view bytes) {
  LUY_TRY(const Case one, find(id));
  LUY_TRY_VOID(actor.permit(one.agency));
  LUY_TRY_VOID(demand_open(one));
  LUY_TRY(const StoredFile stored, d_.vault.put(bytes));
  json::object body;
  body["name"] = clean_file_name(file_name);
  body["sha256"] = stored.sha256;
  body["type"] = stored.type;
  body["size"] = std::to_string(stored.size);
  return add_part(actor, id, PartKind::attachment, body);
}

Result<Part> CaseBook::add_handover(const Actor& actor, const CaseId& id, json::object body,
                                    const std::function<Result<void>(const std::vector<Part>&)>& still) {
  Part part;
  const auto changed =
      change(actor, id, "handover", [&](records::Connection& c, Case& one, json::object& after) -> Result<void> {
        LUY_TRY(const std::vector<Part> all, tables::parts(c, id));
        const auto made =
            std::count_if(all.begin(), all.end(), [](const Part& each) { return each.kind == PartKind::handover; });
        const Text title = title_of(PartKind::handover);
        if (all.size() >= parts_max || static_cast<std::size_t>(made) >= handovers_max) {
          return Error(too_many, title.vi, title.en);
        }
        LUY_TRY_VOID(still(all));
        const Time now = d_.clock.now();
        part = {PartId::make(now, d_.random), PartKind::handover, one.round, now, actor.name, std::move(body)};
        part.body["act"] = after.at("proof_of");
        LUY_TRY_VOID(tables::save(c, id, part));
        const std::string receiver = text_at(part.body, "receiver");
        const std::string hash = text_at(part.body, "sha256");
        after["part"] = part.id.text();
        for (const char* key : {"receiver", "sha256", "bytes", "records", "days", "paper"})
          after[key] = part.body.at(key);
        return add_entry(c, id, actor.name, "handover",
                         {"Lập gói bàn giao chứng cứ cho " + receiver + ", SHA-256 " + hash,
                          "Made a package of evidence for " + receiver + ", SHA-256 " + hash},
                         {{"part", part.id.text()}, {"sha256", hash}});
      });
  if (!changed) return changed.error();
  return part;
}

Result<std::vector<CaseBook::Held>> CaseBook::held() const {
  return d_.database.read([&](records::Connection& c) -> Result<std::vector<Held>> {
    LUY_TRY(const std::vector<tables::HeldPart> all, tables::parts_of_kind(c, PartKind::hold));
    std::vector<Held> out;
    for (const tables::HeldPart& one : all) {
      const json::object& body = one.part.body;
      if (!text_at(body, "released_at").empty()) continue;
      LUY_TRY(Case of, tables::load(c, one.case_id));
      HoldScope scope;
      scope.agency = of.agency;
      scope.from = *from_rfc3339(text_at(body, "from"));
      scope.to = from_rfc3339(text_at(body, "to")).value_or(Time::max());
      if (const json::value* devices = body.if_contains("devices"); devices != nullptr && devices->is_array()) {
        for (const json::value& device : devices->get_array()) scope.devices.emplace_back(device.get_string().c_str());
      }
      out.push_back({std::move(of), one.part, std::move(scope)});
    }
    return out;
  });
}

Result<std::vector<HoldScope>> CaseBook::holds() const {
  LUY_TRY(std::vector<Held> all, held());
  std::vector<HoldScope> out;
  for (Held& one : all) out.push_back(std::move(one.scope));
  return out;
}

Result<std::optional<Day>> held_from(records::Database& database) {
  return database.read([&](records::Connection& c) -> Result<std::optional<Day>> {
    LUY_TRY(const std::vector<tables::HeldPart> all, tables::parts_of_kind(c, PartKind::hold));
    std::optional<Day> out;
    for (const tables::HeldPart& one : all) {
      const auto from = from_rfc3339(text_at(one.part.body, "from"));
      if (!text_at(one.part.body, "released_at").empty() || !from) continue;
      out = std::min(out.value_or(day_of(*from)), day_of(*from));
    }
    return out;
  });
}

bool CaseBook::is_held(std::span<const HoldScope> holds, const AgencyId& agency, std::string_view device, Day day) {
  return std::any_of(holds.begin(), holds.end(), [&](const HoldScope& hold) {
    if (hold.agency != agency || hold.to < day_begin(day) || hold.from >= day_begin(day + days(1))) return false;
    return hold.devices.empty() || std::find(hold.devices.begin(), hold.devices.end(), device) != hold.devices.end();
  });
}

Result<CasePaper> CaseBook::change_paper(
    const Actor& actor, const PaperId& id, std::string_view act,
    const std::function<Result<void>(records::Connection&, Case&, CasePaper&)>& work) {
  LUY_TRY(const CasePaper before, find_paper(id));
  CasePaper out;
  const auto changed =
      change(actor, before.case_id, act, [&](records::Connection& c, Case& one, json::object& after) -> Result<void> {
        LUY_TRY(out, tables::load_paper(c, id));
        LUY_TRY_VOID(work(c, one, out));
        LUY_TRY_VOID(tables::save(c, out));
        after["paper"] = out.id.text();
        after["form"] = out.form;
        after["paper_state"] = name_of(out.state);
        after["notation"] = out.notation;
        after["pdf"] = out.state == CasePaper::State::signed_ ? out.signed_pdf : out.pdf;
        return {};
      });
  if (!changed) return changed.error();
  return out;
}

Result<CasePaper> CaseBook::find_paper(const PaperId& id) const {
  return d_.database.read([&](records::Connection& c) { return tables::load_paper(c, id); });
}

Result<paper::Document> CaseBook::document(const PaperId& id) const {
  LUY_TRY(const CasePaper paper, find_paper(id));
  return document_of(paper);
}

Result<paper::Document> CaseBook::document_of(const CasePaper& paper) const {
  json::object data = paper.data;
  if (const PaperUse* use = d_.process.paper(paper.form); use != nullptr) name_signatures(*use, data);
  LUY_TRY(const paper::PaperData parsed, paper::parse_paper_data(json::serialize(data)));
  LUY_TRY(const paper::Form* form, form_of(paper));
  return paper::fill_form(*form, parsed);
}

Result<const paper::Form*> CaseBook::form_of(const CasePaper& paper) const {
  const paper::Form* form = d_.forms.find(paper.form, paper.form_version);
  if (form == nullptr) return Error(paper::form_unknown, paper.form + " (" + std::to_string(paper.form_version) + ")");
  return form;
}

Result<CasePaper> CaseBook::draft(const Actor& actor, const CaseId& id, const std::string& form_id,
                                  const json::object& fields) {
  const unsigned version = d_.forms.current_version(form_id);
  const paper::Form* form = d_.forms.find(form_id, version);
  if (form == nullptr) return Error(paper_form_unknown, form_id.substr(0, 60));
  CasePaper out;
  // Who issues is read from the database, which no transaction may be in the way of.
  LUY_TRY(const Case owner, find(id));
  const Issuer issuer = d_.issuer(owner.agency);
  const auto changed =
      change(actor, id, "paper_draft", [&](records::Connection& c, Case& one, json::object& after) -> Result<void> {
        LUY_TRY(const CaseFile file, load_file(c, id));
        if (file.papers.size() >= papers_max) return Error(too_many, "văn bản", "papers");
        const Time now = d_.clock.now();
        out.id = PaperId::make(now, d_.random);
        out.case_id = id;
        out.form = form_id;
        out.form_version = version;
        out.round = one.round;
        out.made_at = now;
        out.data = prefill(*form, {d_.process, one, issuer, file.parts, file.papers, file.timeline, actor.name, now});
        json::object& filled = out.data["fields"].as_object();
        for (const auto& [key, value] : fields) filled[key] = value;
        LUY_TRY_VOID(tables::save(c, out));
        after["paper"] = out.id.text();
        after["form"] = form_id;
        return add_entry(c, id, actor.name, "paper", {"Soạn " + form->title.vi, "Drafted: " + form->title.en},
                         {{"paper", out.id.text()}});
      });
  if (!changed) return changed.error();
  return out;
}

Result<CasePaper> CaseBook::edit(const Actor& actor, const PaperId& id, const json::object& data) {
  return change_paper(actor, id, "paper_edit", [&](records::Connection&, Case&, CasePaper& paper) -> Result<void> {
    if (paper.state != CasePaper::State::draft) return wrong_state(paper);
    if (json::serialize(data).size() > paper::data_bytes_max) return Error(too_many, "dữ liệu văn bản", "data");
    paper.data = data;
    return {};
  });
}

Result<CasePaper> CaseBook::issue(const Actor& actor, const PaperId& id) {
  // The number stands on the page and no number may be lost, so the page is made while the number is held; what fails
  // gives it back.
  return change_paper(
      actor, id, "paper_issue", [&](records::Connection& c, Case& one, CasePaper& paper) -> Result<void> {
        if (paper.state != CasePaper::State::draft) return wrong_state(paper);
        LUY_TRY(const paper::Form* form_used, form_of(paper));
        const paper::Form& form = *form_used;
        const Time now = d_.clock.now();
        CaseNumbers numbers(c);
        LUY_TRY(const unsigned number,
                paper::take_number(numbers, {one.agency.text(), form.kind, paper::number_year(day_of(now))}));
        paper.data["number"] = number;
        paper.data["date"] = to_iso(day_of(now));
        paper.data["created"] = to_rfc3339(now);
        // Only the hub says what the evidence is.
        paper.data.erase("evidence");
        const auto mark = d_.evidence ? d_.evidence() : std::nullopt;
        if (mark) paper.data["evidence"] = json::object{{"payload", mark->payload}, {"caption", mark->caption}};
        if (const PaperUse* use = d_.process.paper(paper.form); use != nullptr) name_signatures(*use, paper.data);
        LUY_TRY(const paper::Document document, document_of(paper));
        LUY_TRY(const std::string pdf, d_.render(document));
        LUY_TRY(const StoredFile stored, d_.vault.put(pdf));
        const json::object& head = paper.data.at("letterhead").as_object();
        const std::string unit = form.kind.empty() ? text_at(head, "unit") : std::string();
        LUY_TRY(paper.notation, paper::notation_of(number, {form.kind, text_at(head, "symbol"), unit}));
        paper.number = number;
        paper.state = CasePaper::State::issued;
        paper.issued_at = now;
        paper.pdf = stored.sha256;
        return add_entry(c, one.id, actor.name, "paper",
                         {"Phát hành " + form.title.vi + ", số " + paper.notation,
                          "Issued: " + form.title.en + ", number " + paper.notation},
                         {{"paper", paper.id.text()}, {"sha256", paper.pdf}});
      });
}

Result<CasePaper> CaseBook::take_signed(const Actor& actor, const PaperId& id, std::string_view pdf) {
  // Verification is slow, too: it looks at the paper as it is now, and the transaction looks once more.
  LUY_TRY(const CasePaper before, find_paper(id));
  LUY_TRY(const Case owner, find(before.case_id));
  LUY_TRY_VOID(actor.permit(owner.agency));
  if (before.state == CasePaper::State::draft) return wrong_state(before);
  LUY_TRY(const std::string issued, d_.vault.get(before.pdf));
  LUY_TRY(const std::vector<Signer> signers, d_.signatures.verify(pdf, issued, owner.agency));
  if (signers.empty()) return Error(not_signed, before.notation);
  LUY_TRY(const StoredFile stored, d_.vault.put(pdf));
  return change_paper(
      actor, id, "paper_signed", [&](records::Connection& c, Case& one, CasePaper& paper) -> Result<void> {
        if (paper.state == CasePaper::State::draft || paper.pdf != before.pdf) return wrong_state(paper);
        // Several sign one after another; a file that fills fewer places, or lacks a role that counted, does not take
        // the place of one with more.
        const std::size_t filled = order_of(paper).filled;
        const std::size_t had = paper.signers.size();
        const bool has_roles = has_roles_of(signers, paper.signers);
        paper.signers = signers;
        const SignOrder order = order_of(paper);
        if (order.too_early) return Error(signed_out_of_turn, order.too_early->vi, order.too_early->en);
        if (order.filled < filled || (order.filled == filled && signers.size() < had) || !has_roles) {
          return Error(not_signed, paper.notation);
        }
        paper.state = order.is_complete() ? CasePaper::State::signed_ : CasePaper::State::issued;
        paper.signed_pdf = stored.sha256;
        std::string names;
        for (const Signer& signer : signers) names += (names.empty() ? "" : ", ") + signer.name;
        Text said{"Đã ký số văn bản " + paper.notation + ": " + names, "Signed " + paper.notation + ": " + names};
        if (!order.awaiting.empty()) {
          const Text waits = joined(order.awaiting);
          said = {said.vi + ". Còn chờ chữ ký của: " + waits.vi, said.en + ". Still to be signed by: " + waits.en};
        }
        return add_entry(c, one.id, actor.name, "paper", said,
                         {{"paper", paper.id.text()}, {"sha256", paper.signed_pdf}});
      });
}

SignOrder CaseBook::order_of(const CasePaper& paper) const {
  const PaperUse* use = d_.process.paper(paper.form);
  const paper::Form* form = d_.forms.find(paper.form, paper.form_version);
  // What the process no longer knows counts for nothing.
  if (use == nullptr || form == nullptr) return {0, {{paper.form, paper.form}}, {}};
  return sign_order(*use, *form, paper.data, paper.signers);
}

Result<CasePaper> CaseBook::deliver(const Actor& actor, const PaperId& id, const Delivery& wanted) {
  return change_paper(
      actor, id, "paper_deliver", [&](records::Connection& c, Case& one, CasePaper& paper) -> Result<void> {
        // Only what is signed is a report (circular 20/2017, article 9.1).
        if (paper.state == CasePaper::State::draft) return wrong_state(paper);
        const SignOrder order = order_of(paper);
        if (paper.state != CasePaper::State::signed_ || !order.is_complete()) {
          const Text waits = joined(order.awaiting);
          return Error(signatures_missing, waits.vi, waits.en);
        }
        if (paper.deliveries.size() >= deliveries_max) return Error(too_many, "lần gửi", "deliveries");
        Delivery delivery{clean_text(wanted.to, title_bytes_max), clean_text(wanted.channel, title_bytes_max),
                          wanted.at};
        if (delivery.to.empty() || delivery.channel.empty()) {
          return Error(text_missing, "nơi nhận, cách gửi", "the recipient, the channel");
        }
        // To the second: people enter when they sent it, the hub knows when it was issued.
        LUY_TRY_VOID(
            check_span(std::chrono::floor<std::chrono::minutes>(*paper.issued_at), delivery.at, d_.clock.now()));
        paper.deliveries.push_back(delivery);
        const PaperUse* use = d_.process.paper(paper.form);
        const bool is_of_round = paper.round == one.round;
        if (use != nullptr && use->moment && is_of_round) one.moments.try_emplace(*use->moment, delivery.at);
        return add_entry(c, one.id, actor.name, "paper",
                         {"Đã gửi " + paper.notation + " đến " + delivery.to + " (" + delivery.channel + ")",
                          "Sent " + paper.notation + " to " + delivery.to + " (" + delivery.channel + ")"},
                         {{"paper", paper.id.text()}, {"at", to_rfc3339(delivery.at)}});
      });
}

}  // namespace luy::incident
