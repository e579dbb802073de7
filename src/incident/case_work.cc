// Items, papers and the system of a case: the rest of CaseBook.
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

bool ends_hold(const json::object& body) {
  return body.contains("released_at") || body.contains("release_reason") || body.contains("released_by");
}
}  // namespace

Result<Part> CaseBook::add_part(const Actor& actor, const CaseId& id, PartKind kind, const json::object& body) {
  if (kind == PartKind::hold && ends_hold(body)) return Error(hold_takes_two);
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
        if (part.kind == PartKind::hold && ends_hold(changes)) return Error(hold_takes_two);
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

Result<void> CaseBook::check_room_for_handover(std::span<const Part> parts) {
  const auto made =
      std::count_if(parts.begin(), parts.end(), [](const Part& each) { return each.kind == PartKind::handover; });
  if (parts.size() < parts_max && static_cast<std::size_t>(made) < handovers_max) return {};
  const Text title = title_of(PartKind::handover);
  return Error(too_many, title.vi, title.en);
}

Result<Part> CaseBook::add_handover(const Actor& actor, const CaseId& id, json::object body, std::string_view zip,
                                    const std::function<Result<void>(const std::vector<Part>&)>& still) {
  Part part;
  const auto changed =
      change(actor, id, "handover", [&](records::Connection& c, Case& one, json::object& after) -> Result<void> {
        LUY_TRY(const std::vector<Part> all, tables::parts(c, id));
        LUY_TRY_VOID(check_room_for_handover(all));
        LUY_TRY_VOID(still(all));
        LUY_TRY(const StoredFile stored, d_.vault.put(zip));
        const Time now = d_.clock.now();
        part = {PartId::make(now, d_.random), PartKind::handover, one.round, now, actor.name, std::move(body)};
        part.body["act"] = after.at("proof_of");
        part.body["sha256"] = stored.sha256;
        LUY_TRY_VOID(tables::save(c, id, part));
        const std::string receiver = text_at(part.body, "receiver");
        const std::string hash = text_at(part.body, "sha256");
        after["part"] = part.id.text();
        for (const char* key : {"receiver", "sha256", "bytes", "records", "days", "paper", "events"})
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
  return d_.life.document_of(paper);
}

Result<CasePaper> CaseBook::draft(const Actor& actor, const CaseId& id, const std::string& form_id,
                                  const json::object& fields) {
  const unsigned version = d_.forms.current_version(form_id);
  const paper::Form* form = d_.forms.find(form_id, version);
  const PaperUse* use = d_.process.paper(form_id);
  const bool is_of_case = use != nullptr && use->owner == PaperOwner::a_case;
  if (form == nullptr || !is_of_case) return Error(paper_form_unknown, form_id.substr(0, 60));
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
  return change_paper(actor, id, "paper_edit",
                      [&](records::Connection&, Case&, CasePaper& paper) { return d_.life.edit(paper, data); });
}

// Minutes tell what was done; they cannot come before it.
Result<void> CaseBook::demand_time_of(const Case& one, const CasePaper& paper) const {
  const PaperUse* use = d_.process.paper(paper.form);
  if (use == nullptr || use->from.empty()) return {};
  const auto& states = d_.process.states;
  const auto place = [&](const std::string& id) {
    return std::find_if(states.begin(), states.end(), [&](const ProcessState& state) { return state.id == id; });
  };
  const auto wanted = place(use->from);
  if (place(one.state) >= wanted) return {};
  return Error(paper_too_early, wanted->title.vi, wanted->title.en);
}

Result<CasePaper> CaseBook::issue(const Actor& actor, const PaperId& id, const ChosenAccounts& chosen) {
  LUY_TRY(const CasePaper before, find_paper(id));
  LUY_TRY(const Case owner, find(before.case_id));
  LUY_TRY(const Ties ties, d_.life.tie(owner.agency, before, chosen));
  return change_paper(
      actor, id, "paper_issue", [&](records::Connection& c, Case& one, CasePaper& paper) -> Result<void> {
        LUY_TRY_VOID(demand_time_of(one, paper));
        LUY_TRY(const Text said, d_.life.issue(c, one.agency, paper, ties));
        return add_entry(c, one.id, actor.name, "paper", said, {{"paper", paper.id.text()}, {"sha256", paper.pdf}});
      });
}

Result<CasePaper> CaseBook::take_signed(const Actor& actor, const PaperId& id, std::string_view pdf) {
  // Verification is slow: it looks at the paper as it is now, and the transaction looks once more.
  LUY_TRY(const CasePaper before, find_paper(id));
  LUY_TRY(const Case owner, find(before.case_id));
  LUY_TRY_VOID(actor.permit(owner.agency));
  LUY_TRY(const PaperLife::SignedFile file, d_.life.check_signed(owner.agency, before, pdf));
  return change_paper(actor, id, "paper_signed",
                      [&](records::Connection& c, Case& one, CasePaper& paper) -> Result<void> {
                        LUY_TRY(const Text said, d_.life.take_signed(paper, file));
                        return add_entry(c, one.id, actor.name, "paper", said,
                                         {{"paper", paper.id.text()}, {"sha256", paper.signed_pdf}});
                      });
}

Result<CasePaper> CaseBook::deliver(const Actor& actor, const PaperId& id, const Delivery& wanted) {
  return change_paper(
      actor, id, "paper_deliver", [&](records::Connection& c, Case& one, CasePaper& paper) -> Result<void> {
        LUY_TRY(const Text said, d_.life.deliver(paper, wanted));
        const Time at = paper.deliveries.back().at;
        const PaperUse* use = d_.process.paper(paper.form);
        const bool is_of_round = paper.round == one.round;
        if (use != nullptr && use->moment && is_of_round) one.moments.try_emplace(*use->moment, at);
        return add_entry(c, one.id, actor.name, "paper", said, {{"paper", paper.id.text()}, {"at", to_rfc3339(at)}});
      });
}

Result<Case> CaseBook::set_system(const Actor& actor, const CaseId& id, const std::optional<SystemId>& system,
                                  const std::string& name) {
  return change(actor, id, "system", [&](records::Connection& c, Case& one, json::object& after) -> Result<void> {
    if (one.state != d_.process.start) return Error(system_decided, one.number);
    one.system_id = system;
    one.system = clean_text(name, title_bytes_max);
    after["system"] = one.system;
    after["system_id"] = system ? json::value(system->text()) : json::value(nullptr);
    const std::string told = one.system.empty() ? "–" : one.system;
    return add_entry(c, id, actor.name, "system", {"Hệ thống bị ảnh hưởng: " + told, "The affected system: " + told},
                     {{"system_id", after.at("system_id")}});
  });
}

}  // namespace luy::incident
