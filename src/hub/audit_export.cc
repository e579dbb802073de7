#include "hub/audit_export.h"

#include <fstream>

#include "base/encoding.h"
#include "base/file.h"
#include "base/hash.h"
#include "evidence/package.h"
#include "hub/audit_select.h"
#include "incident/zip_file.h"

namespace luy::hub {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;
using directory::Action;
using evidence::Visit;

constexpr std::string_view folder_in_zip = "nhat-ky-thao-tac/";

// The files of the package in a folder of their own, which goes with it.
class Scratch {
 public:
  explicit Scratch(fs::path folder) : folder_(std::move(folder)) {}
  ~Scratch() {
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;

  Result<void> put(const std::string& name, std::string_view bytes) {
    const fs::path file = folder_ / "content" / name;
    LUY_TRY_VOID(make_folder(file.parent_path()));
    std::ofstream out(file, std::ios::binary | std::ios::trunc);
    out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    out.close();
    if (!out) return file_error(file.string(), errno);
    entries_.push_back({std::string(folder_in_zip) + name, file});
    return {};
  }
  Result<std::string> zip(Time at) const {
    const fs::path archive = folder_ / "goi.zip";
    LUY_TRY_VOID(incident::write_zip(archive, entries_, at));
    Result<std::string> bytes = read_file(archive, audit_export_bytes_max);
    if (!bytes && bytes.error().is(file_too_large)) {
      const std::string limit = std::to_string(audit_export_bytes_max >> 20U) + " MiB";
      return Error(audit_export_many, limit);
    }
    return bytes;
  }

 private:
  const fs::path folder_;
  std::vector<incident::ZipEntry> entries_;
};

std::string text_at(const json::object& body, std::string_view key) {
  const json::value* value = body.if_contains(key);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

bool flag_at(const json::object& body, std::string_view key) {
  const json::value* value = body.if_contains(key);
  return value != nullptr && value->is_bool() && value->get_bool();
}

Result<std::optional<Time>> time_at(const json::object& body, std::string_view key) {
  const std::string text = text_at(body, key);
  if (text.empty()) return std::optional<Time>();
  const auto time = from_rfc3339(text);
  if (!time) return Error(api::bad_request, std::string(key));
  return time;
}

Result<AuditFilter> filter_of(const AuditApi& d, const json::object& body) {
  AuditFilter filter;
  filter.person = text_at(body, "person");
  filter.object = text_at(body, "object");
  filter.object_type = text_at(body, "object_type");
  filter.act = text_at(body, "act");
  filter.outcome = text_at(body, "outcome");
  filter.alarm = flag_at(body, "alarm");
  filter.searches = flag_at(body, "searches");
  LUY_TRY(filter.from, time_at(body, "from"));
  LUY_TRY(filter.until, time_at(body, "until"));
  if (const std::string agency = text_at(body, "agency"); !agency.empty()) {
    filter.agency = AgencyId::parse(agency);
    if (!filter.agency || d.evidence.agencies.lineage(*filter.agency).empty()) return Error(directory::agency_unknown);
  }
  const bool is_narrow = filter.from || !filter.person.empty() || !filter.object.empty() || !filter.object_type.empty();
  if (!is_narrow) return Error(audit_export_all);
  return filter;
}

// As whoever reads the manifest should understand it; the times stand in lines of their own.
std::string question_of(const AuditFilter& filter) {
  std::string out = "nhật ký thao tác / audit trail";
  const auto add = [&](const char* name, const std::string& value) {
    if (!value.empty()) out += std::string(" ") + name + "=" + value;
  };
  add("person", filter.person);
  add("object", filter.object);
  add("object_type", filter.object_type);
  add("act", filter.act);
  add("outcome", filter.outcome);
  add("agency", filter.agency ? filter.agency->text() : std::string());
  add("alarm", filter.alarm ? "yes" : "");
  if (filter.act.empty()) add("searches", filter.searches ? "yes" : "no");
  return out;
}

Result<evidence::PackageChoice> chosen(const AuditApi& d, const api::Request& request, const AuditFilter& filter) {
  evidence::PackageChoice choice{{}, filter.from, filter.until};
  AuditSelection selection(d.evidence, d.index, filter, *request.actor, {Action::audit_read, Action::evidence_export});
  const auto take = [&](const AuditPlace& place) -> Result<Visit> {
    if (choice.seqs.size() == evidence::package_records_max) {
      return Error(audit_export_many, std::to_string(evidence::package_records_max));
    }
    choice.seqs.push_back(place.seq);
    return Visit::keep;
  };
  LUY_TRY_VOID(selection.run(INT64_MAX, request.gone, take));
  if (choice.seqs.empty()) return Error(audit_export_empty);
  return choice;
}

}  // namespace

Result<api::Response> export_audit(const AuditApi& d, const api::Request& request) {
  const json::object& body = request.body.as_object();
  const auto agency = AgencyId::parse(text_at(body, "agency"));
  // On the agency where one is named; entry by entry besides.
  const directory::Object place = agency ? d.evidence.agencies.object(*agency) : directory::Object::anywhere();
  LUY_TRY_VOID(api::authorise(request, Action::audit_read, place));
  LUY_TRY_VOID(api::authorise(request, Action::evidence_export, place));
  LUY_TRY(const AuditFilter filter, filter_of(d, body));
  const std::unique_lock alone(d.exporting, std::try_to_lock);
  if (!alone) return Error(audit_export_busy);
  const evidence::Archive* archive = d.evidence.store.archive();
  if (archive == nullptr) return Error(evidence::store_empty, "archive");
  LUY_TRY(const evidence::PackageChoice choice, chosen(d, request, filter));

  const Time now = d.evidence.clock.now();
  Scratch scratch(d.scratch / make_id_text(now, d.random));
  const evidence::PackageSeal seal{d.signer, now, question_of(filter)};
  const auto done = evidence::write_package(
      *archive, choice, [&](const std::string& name, std::string_view bytes) { return scratch.put(name, bytes); },
      &seal);
  if (!done && done.error().is(evidence::not_covered)) return Error(audit_export_unsigned);
  if (!done) return done.error();
  LUY_TRY(std::string zip, scratch.zip(now));

  directory::AuditEntry entry;
  entry.act = directory::name_of(Action::evidence_export);
  entry.object = "evidence:audit";
  entry.after = {{"question", seal.question},       {"from", text_at(body, "from")},
                 {"until", text_at(body, "until")}, {"records", done->records},
                 {"left_out", done->uncovered},     {"size", done->size},
                 {"sha256", to_hex(sha256(zip))},   {"bytes", zip.size()}};
  // Nothing leaves without its entry.
  LUY_TRY_VOID(d.audit.record(api::caller_of(request), entry));
  request.audited = true;
  api::Response response;
  response.content_type = "application/zip";
  response.headers.emplace_back("Content-Disposition",
                                "attachment; filename=\"nhat-ky-thao-tac-" + to_iso(day_of(now)) + ".zip\"");
  response.body = std::move(zip);
  return response;
}

}  // namespace luy::hub
