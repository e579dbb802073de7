#include "incident/handover.h"

#include <algorithm>
#include <fstream>
#include <map>
#include <set>

#include "base/encoding.h"
#include "base/file.h"
#include "base/hash.h"
#include "incident/zip_file.h"

namespace luy::incident {
namespace fs = std::filesystem;
namespace {

namespace json = boost::json;

constexpr std::string_view sums_name = "SHA256SUMS";

std::string text_at(const json::object& object, std::string_view key) {
  const json::value* found = object.if_contains(json::string_view(key.data(), key.size()));
  return found != nullptr && found->is_string() ? std::string(found->get_string().c_str()) : std::string();
}

std::string megabytes(std::size_t bytes) {
  return std::to_string(bytes >> 20U) + " MiB";
}

// The files of a package in a folder of their own, which goes with it.
class Draft {
 public:
  explicit Draft(fs::path folder) : folder_(std::move(folder)) {}
  ~Draft() {
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
  }
  Draft(const Draft&) = delete;
  Draft& operator=(const Draft&) = delete;

  Result<void> put(const std::string& name, std::string_view bytes) {
    content_ += bytes.size();
    if (content_ > handover_content_bytes_max) {
      const std::string limit = megabytes(handover_content_bytes_max);
      return Error(handover_too_large, limit + " khi chưa nén", limit + " before compression");
    }
    const fs::path file = content_folder() / name;
    LUY_TRY_VOID(make_folder(file.parent_path()));
    std::ofstream out(file, std::ios::binary | std::ios::trunc);
    out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    out.close();
    if (!out) return file_error(file.string(), errno);
    const std::string digest = to_hex(sha256_.digest(bytes));
    sums_ += digest + "  " + name + "\n";
    entries_.push_back({name, file});
    // The records are listed by nhat-ky/SHA256SUMS.
    if (!name.starts_with(std::string(handover_events_folder) + "records/")) {
      files_.push_back(json::object{{"name", name}, {"bytes", bytes.size()}, {"sha256", digest}});
    }
    return {};
  }
  // The ZIP's bytes.
  Result<std::string> finish(Time at) {
    LUY_TRY_VOID(put(std::string(sums_name), std::string(sums_)));
    const fs::path archive = folder_ / "goi.zip";
    LUY_TRY_VOID(write_zip(archive, entries_, at));
    Result<std::string> bytes = read_file(archive, handover_bytes_max);
    if (!bytes && bytes.error().is(file_too_large)) return Error(handover_too_large, megabytes(handover_bytes_max));
    return bytes;
  }
  json::array take_files() { return std::move(files_); }

 private:
  fs::path content_folder() const { return folder_ / "content"; }

  const fs::path folder_;
  std::size_t content_ = 0;
  Sha256 sha256_;
  std::string sums_;
  std::vector<ZipEntry> entries_;
  json::array files_;
};

// What is chosen of the case. Errors: part_unknown.
Result<std::vector<Part>> chosen_evidence(const CaseFile& file, const std::vector<PartId>& wanted) {
  std::vector<Part> out;
  for (const Part& part : file.parts) {
    const bool is_wanted = wanted.empty() || std::find(wanted.begin(), wanted.end(), part.id) != wanted.end();
    if (part.kind == PartKind::evidence && is_wanted) out.push_back(part);
  }
  const std::set<PartId> different(wanted.begin(), wanted.end());
  if (!wanted.empty() && out.size() != different.size()) return Error(part_unknown);
  return out;
}

// The minutes are of this kind by the process, not by their name.
Result<std::optional<CasePaper>> chosen_paper(const Process& process, const CaseFile& file,
                                              const std::optional<PaperId>& wanted) {
  if (!wanted) return std::optional<CasePaper>();
  for (const CasePaper& paper : file.papers) {
    if (paper.id != *wanted) continue;
    const PaperUse* use = process.paper(paper.form);
    if (use == nullptr || use->moment != Moment::evidence_handed) return Error(handover_paper, paper.form);
    if (paper.state == CasePaper::State::draft) return Error(handover_paper, "còn là dự thảo", "it is a draft");
    return std::optional(paper);
  }
  return Error(paper_unknown);
}

std::string giver_of(const CasePaper& paper) {
  const json::value* fields = paper.data.if_contains("fields");
  const json::value* giver =
      fields != nullptr && fields->is_object() ? fields->get_object().if_contains("giver") : nullptr;
  return giver != nullptr && giver->is_object() ? text_at(giver->get_object(), "name") : std::string();
}

Result<void> check_holders(const std::vector<Part>& evidence, const std::vector<Part>& all,
                           const std::set<std::string>& hands) {
  std::string vi, en;
  for (const Part& part : evidence) {
    const std::string holder = holder_of(part, all);
    if (hands.contains(holder)) continue;
    vi += (vi.empty() ? "" : "; ") + text_at(part.body, "name") + " – " + holder + " đang giữ";
    en += (en.empty() ? "" : "; ") + text_at(part.body, "name") + " – held by " + holder;
  }
  if (!vi.empty()) return Error(handover_elsewhere, vi, en);
  return {};
}

Result<std::vector<std::string>> check_days(const EventSpan& span, Time now, const std::vector<Day>& stored) {
  LUY_TRY_VOID(check_span(span.from, span.to, now));
  const Day first = day_of(span.from);
  // The end is exclusive: at midnight it is no part of the day that begins. An empty span is of one day.
  const Day last = day_of(std::max(span.from, std::min(span.to, now) - Duration(1)));
  std::vector<std::string> out;
  std::string missing;
  constexpr std::size_t named_max = 10;
  std::size_t absent = 0;
  // Nobody keeps logs for longer, and the loop must end.
  constexpr days span_max{5000};
  if (last - first > span_max) return Error(handover_days_missing, moment_text(span.from));
  for (Day day = first; day <= last; day += days(1)) {
    if (std::find(stored.begin(), stored.end(), day) != stored.end()) {
      out.push_back(to_iso(day));
    } else if (++absent <= named_max) {
      missing += (missing.empty() ? "" : ", ") + moment_text(day_begin(day)).substr(0, 10);
    }
  }
  if (absent > named_max) missing += ", …";
  if (absent > 0) return Error(handover_days_missing, missing);
  return out;
}

std::string numbered(std::size_t number, const std::string& name) {
  return "tep-dinh-kem/" + std::string(number < 10 ? "0" : "") + std::to_string(number) + "-" + name;
}

// The files of the evidence chosen; of all attachments where everything is.
Result<void> put_attachments(const Vault& vault, const CaseFile& file, bool all, HandoverContent& content,
                             Draft& draft) {
  std::size_t number = 0;
  for (const Part& part : file.parts) {
    if (part.kind != PartKind::attachment) continue;
    std::vector<HandoverContent::Item*> of;
    for (HandoverContent::Item& item : content.items) {
      if (text_at(item.evidence.body, "attachment") == part.id.text()) of.push_back(&item);
    }
    if (of.empty() && !all) continue;
    const std::string name = numbered(++number, clean_file_name(text_at(part.body, "name")));
    LUY_TRY(const std::string bytes, vault.get(text_at(part.body, "sha256")));
    LUY_TRY_VOID(draft.put(name, bytes));
    for (HandoverContent::Item* item : of) item->file = name;
  }
  return {};
}

Result<void> put_events(const HandoverDesk::Dependencies& d, HandoverContent& content, Draft& draft) {
  if (!content.events) return {};
  const auto take = [&](const std::string& name, std::string_view bytes) {
    return draft.put(std::string(handover_events_folder) + name, bytes);
  };
  LUY_TRY(const ExportedEvents done, d.export_events(content.one.agency, *content.events, take));
  if (!done.complete) return Error(handover_many_events, "> " + std::to_string(handover_records_max));
  if (done.uncovered > 0) return Error(handover_unsigned, std::to_string(done.uncovered));
  content.records = done.records;
  for (const DeviceId& device : content.events->devices) {
    const std::string name = d.device_name(device);
    content.devices.push_back(name.empty() ? device.text() : name);
  }
  return {};
}

json::object body_of(const HandoverContent& content, std::string_view zip, std::vector<std::string> days_told,
                     json::array files) {
  json::object out;
  out["receiver"] = content.receiver;
  out["paper"] = content.paper ? json::value(content.paper->id.text()) : json::value(nullptr);
  out["bytes"] = zip.size();
  out["days"] = json::array(days_told.begin(), days_told.end());
  out["records"] = content.records;
  out["files"] = std::move(files);
  out["events"] = nullptr;
  if (!content.events) return out;
  json::array devices;
  for (const DeviceId& device : content.events->devices) devices.emplace_back(device.text());
  out["events"] = json::object{{"from", to_rfc3339(content.events->from)},
                               {"to", to_rfc3339(content.events->to)},
                               {"devices", std::move(devices)}};
  return out;
}

}  // namespace

Result<Part> HandoverDesk::make(const Actor& actor, const CaseId& id, const HandoverWanted& wanted) {
  LUY_TRY(const CaseFile file, d_.cases.file(id));
  LUY_TRY_VOID(actor.permit(file.one.agency));
  // Before a minute's work.
  LUY_TRY_VOID(CaseBook::check_room_for_handover(file.parts));
  const std::unique_lock alone(making_, std::try_to_lock);
  if (!alone) return Error(handover_busy);
  const Time now = d_.clock.now();
  HandoverContent content{file.one, d_.agency_name(file.one.agency),
                          one_line(clean_text(wanted.receiver, title_bytes_max)), actor.name, now};
  if (content.receiver.empty()) return Error(text_missing, "bên nhận", "the receiver");
  LUY_TRY(const std::vector<Part> evidence, chosen_evidence(file, wanted.evidence));
  LUY_TRY(content.paper, chosen_paper(d_.cases.process(), file, wanted.paper));
  if (evidence.empty() && !content.paper && !wanted.events) return Error(handover_empty);
  std::set<std::string> hands{actor.name, content.receiver};
  if (content.paper) hands.insert(giver_of(*content.paper));
  LUY_TRY_VOID(check_holders(evidence, file.parts, hands));
  std::vector<std::string> days_told;
  if (wanted.events) {
    LUY_TRY(days_told, check_days(*wanted.events, now, d_.stored_days()));
  }
  for (const Part& part : evidence) content.items.push_back({part});
  content.parts = file.parts;
  content.events = wanted.events;

  Draft draft(d_.vault.scratch() / make_id_text(now, d_.random));
  LUY_TRY_VOID(put_attachments(d_.vault, file, wanted.evidence.empty(), content, draft));
  if (content.paper) {
    const CasePaper& paper = *content.paper;
    LUY_TRY(const std::string pdf, d_.vault.get(paper.signed_pdf.empty() ? paper.pdf : paper.signed_pdf));
    content.paper_file = "bien-ban/" + paper.form + "-" + std::to_string(paper.number) + ".pdf";
    LUY_TRY_VOID(draft.put(content.paper_file, pdf));
  }
  LUY_TRY_VOID(put_events(d_, content, draft));
  LUY_TRY_VOID(draft.put("chuoi-giao-nhan.csv", handover_custody_csv(content)));
  LUY_TRY_VOID(draft.put("chuoi-giao-nhan.json", handover_custody_json(content)));
  LUY_TRY_VOID(draft.put("README.txt", handover_readme(content)));
  LUY_TRY(const std::string zip, draft.finish(now));
  json::object body = body_of(content, zip, std::move(days_told), draft.take_files());
  // The chain may have moved on while the package was made.
  const auto still = [&](const std::vector<Part>& parts) { return check_holders(evidence, parts, hands); };
  return d_.cases.add_handover(actor, id, std::move(body), zip, still);
}

}  // namespace luy::incident
