#include "incident/form_book.h"

#include <algorithm>

#include "base/encoding.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/log.h"
#include "incident/case.h"
#include "incident/sign_order.h"
#include "regulation/load.h"

namespace luy::incident {
namespace {

constexpr std::string_view nobody = "luy-hub";

FormVersion read_row(const records::Row& row) {
  FormVersion out;
  out.number = static_cast<unsigned>(row.integer(1));
  out.yaml = row.text(2);
  out.is_own = row.integer(3) != 0;
  out.at = from_micros(row.integer(4));
  out.by = row.text(5);
  out.reason = row.text(6);
  return out;
}

std::unique_ptr<const paper::Form> form_of(const std::string& id, const std::string& yaml) {
  auto parsed = paper::parse_own_form(id, yaml);
  return parsed ? std::make_unique<const paper::Form>(*std::move(parsed)) : nullptr;
}

}  // namespace

std::vector<paper::NeededField> needed_fields(const Process& process, const paper::Form& form) {
  std::vector<paper::NeededField> out;
  const auto add = [&](const std::string& id, const std::string& option) {
    const paper::FormField* field = form.field(id);
    if (field != nullptr) out.push_back({id, field->type, option});
  };
  if (const PaperUse* use = process.paper(form.id); use != nullptr) {
    for (const SignPlace& place : use->signed_by) {
      if (!place.person.empty()) add(place.person, {});
    }
  }
  for (const Transition& one : process.transitions) {
    for (const PaperDemand& demand : one.papers) {
      if (demand.form == form.id && !demand.field.empty()) add(demand.field, demand.is);
    }
  }
  return out;
}

Result<std::unique_ptr<FormBook>> FormBook::open(Dependencies dependencies) {
  std::unique_ptr<FormBook> book(new FormBook(std::move(dependencies)));
  LUY_TRY_VOID(book->load());
  return book;
}

Result<void> FormBook::load() {
  std::map<std::string, paper::Form> packs;
  for (const PaperUse& use : d_.process.papers) {
    const std::filesystem::path path = d_.pack_folder / "forms" / (use.form + ".yaml");
    LUY_TRY(packs[use.form], paper::load_form(d_.pack_folder, use.form));
    LUY_TRY(std::string yaml, read_file(path, regulation::file_bytes_max));
    entries_[use.form] = {std::move(yaml), packs[use.form], needed_fields(d_.process, packs[use.form]), {}};
  }
  LUY_TRY_VOID(check_places(d_.process, packs));
  return d_.database.write([this](records::Connection& c) -> Result<void> {
    LUY_TRY_VOID(c.query("SELECT id, version, yaml, own, at, by_name, reason FROM incident_form ORDER BY id, version",
                         {}, [this](const records::Row& row) {
                           const auto found = entries_.find(row.text(0));
                           if (found == entries_.end()) return;
                           FormVersion version = read_row(row);
                           auto form = form_of(found->first, version.yaml);
                           found->second.versions.push_back({std::move(version), std::move(form)});
                         }));
    for (auto& [id, one] : entries_) {
      const Kept* last = one.versions.empty() ? nullptr : &one.versions.back();
      std::string why;
      if (last != nullptr && last->version.is_own) {
        const bool holds = last->form != nullptr && paper::check_own_form(one.pack, *last->form, one.needs).has_value();
        if (holds) continue;
        why = "Bản sửa không còn đủ nội dung mà gói quy chế mới bắt buộc; dùng lại bản gốc.";
        log(LogLevel::warning, "incident", "form " + id + ": the hub's own text lacks what the pack needs now");
      } else if (last != nullptr && last->version.yaml == one.pack_yaml) {
        continue;
      }
      const unsigned number = last == nullptr ? 1 : last->version.number + 1;
      FormVersion version{number, d_.clock.now(), std::string(nobody), why, false, one.pack_yaml};
      LUY_TRY_VOID(put(c, id, version));
      one.versions.push_back({std::move(version), std::make_unique<const paper::Form>(one.pack)});
    }
    return {};
  });
}

Result<void> FormBook::put(records::Connection& c, const std::string& id, const FormVersion& version) const {
  LUY_TRY_VOID(
      c.run("INSERT INTO incident_form (id, version, yaml, own, at, by_name, reason) "
            "VALUES ($1, $2, $3, $4, $5, $6, $7)",
            {std::string_view(id), static_cast<std::int64_t>(version.number), std::string_view(version.yaml),
             static_cast<std::int64_t>(version.is_own), to_micros(version.at), std::string_view(version.by),
             std::string_view(version.reason)}));
  return {};
}

const FormBook::Entry* FormBook::entry(std::string_view id) const {
  const auto found = entries_.find(id);
  return found == entries_.end() ? nullptr : &found->second;
}

const paper::Form* FormBook::current(std::string_view id) const {
  const std::lock_guard lock(reading_);
  const Entry* one = entry(id);
  return one == nullptr ? nullptr : one->versions.back().form.get();
}

const paper::Form* FormBook::find(std::string_view id, unsigned version) const {
  const std::lock_guard lock(reading_);
  const Entry* one = entry(id);
  if (one == nullptr) return nullptr;
  const auto found = std::find_if(one->versions.begin(), one->versions.end(),
                                  [&](const Kept& each) { return each.version.number == version; });
  return found == one->versions.end() ? nullptr : found->form.get();
}

unsigned FormBook::current_version(std::string_view id) const {
  const std::lock_guard lock(reading_);
  const Entry* one = entry(id);
  return one == nullptr ? 0 : one->versions.back().version.number;
}

std::vector<std::string> FormBook::ids() const {
  std::vector<std::string> out;
  for (const PaperUse& use : d_.process.papers) out.push_back(use.form);
  return out;
}

std::vector<FormVersion> FormBook::versions(std::string_view id) const {
  const std::lock_guard lock(reading_);
  std::vector<FormVersion> out;
  const Entry* one = entry(id);
  if (one == nullptr) return out;
  for (const Kept& each : one->versions) out.push_back(each.version);
  return out;
}

std::string FormBook::pack_yaml(std::string_view id) const {
  const Entry* one = entry(id);
  return one == nullptr ? std::string() : one->pack_yaml;
}

Result<paper::Form> FormBook::read(std::string_view id, std::string_view yaml) const {
  const Entry* one = entry(id);
  if (one == nullptr) return Error(paper::form_unknown, std::string(id.substr(0, 60)));
  LUY_TRY(paper::Form form, paper::parse_own_form(id, yaml));
  LUY_TRY_VOID(paper::check_own_form(one->pack, form, one->needs));
  return form;
}

Result<void> FormBook::change(const directory::Caller& caller, const directory::Object& top, const std::string& by,
                              const std::string& id, unsigned from, const std::string& yaml,
                              const std::string& reason) {
  return act(caller, top, id, {0, {}, by, reason, true, yaml}, from);
}

Result<void> FormBook::reset(const directory::Caller& caller, const directory::Object& top, const std::string& by,
                             const std::string& id, const std::string& reason) {
  return act(caller, top, id, {0, {}, by, reason, false, pack_yaml(id)}, current_version(id));
}

Result<void> FormBook::act(const directory::Caller& caller, const directory::Object& top, const std::string& id,
                           FormVersion wanted, unsigned from) {
  directory::AuditEntry noted;
  noted.act = wanted.is_own ? "form_change" : "form_reset";
  noted.object = "form:" + id.substr(0, 60);
  std::unique_ptr<const paper::Form> form;
  const auto done = d_.audit.perform(
      caller, std::move(noted), [&](records::Connection& c, directory::AuditEntry& entry_out) -> Result<void> {
        LUY_TRY_VOID(caller.require(directory::Action::form_manage, top));
        LUY_TRY(paper::Form read_in, read(id, wanted.yaml));
        wanted.reason = clean_text(wanted.reason, title_bytes_max);
        if (wanted.reason.empty()) return Error(text_missing, "lý do", "the reason");
        std::optional<FormVersion> last;
        std::int64_t count = 0;
        LUY_TRY_VOID(c.query(
            "SELECT id, version, yaml, own, at, by_name, reason FROM incident_form WHERE id = $1 ORDER BY version",
            {std::string_view(id)}, [&](const records::Row& row) {
              last = read_row(row);
              ++count;
            }));
        const std::string present = std::to_string(last->number);
        if (last->number != from) return Error(paper::form_moved_on, present);
        if (last->yaml == wanted.yaml) return Error(paper::form_same, present);
        if (count >= static_cast<std::int64_t>(form_versions_max)) return Error(form_versions, id);
        wanted.number = last->number + 1;
        wanted.at = d_.clock.now();
        LUY_TRY_VOID(put(c, id, wanted));
        entry_out.before["version"] = last->number;
        entry_out.before["sha256"] = to_hex(sha256(last->yaml));
        entry_out.after["version"] = wanted.number;
        entry_out.after["sha256"] = to_hex(sha256(wanted.yaml));
        entry_out.after["reason"] = wanted.reason;
        form = std::make_unique<const paper::Form>(std::move(read_in));
        return {};
      });
  if (!done) return done;
  const std::lock_guard lock(reading_);
  std::vector<Kept>& all = entries_.find(id)->second.versions;
  // Two acts may come back from the database in the other order than they went in.
  const auto place =
      std::find_if(all.begin(), all.end(), [&](const Kept& one) { return one.version.number > wanted.number; });
  all.insert(place, {std::move(wanted), std::move(form)});
  return {};
}

}  // namespace luy::incident
