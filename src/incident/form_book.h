// The forms of papers as they hold on this hub: the pack's, and over them what people made of them. Each text is kept
// as a version, from 1 in each form, and none is ever lost: a paper keeps the version it was begun with. Each act is
// one transaction with its entry in the audit trail. docs/adr/0160.
//
// Threads: every function from any thread; those that change wait for the disk.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "directory/audit.h"
#include "incident/process.h"
#include "paper/own_form.h"
#include "records/database.h"

namespace luy::incident {

inline constexpr std::size_t form_versions_max = 500;  // Of one form.

inline constexpr ErrorKind form_versions{
    "incident.form_versions", ErrorClass::too_large,
    "Biểu mẫu {} đã có quá nhiều phiên bản. Hãy đưa nội dung vào gói quy chế.",
    "The form {} has too many versions already. Put its text into the regulation pack."};

struct FormVersion {
  unsigned number = 1;
  Time at;
  std::string by;
  std::string reason;
  bool is_own = false;  // Not the pack's text.
  std::string yaml;
};

class FormBook {
 public:
  struct Dependencies {
    records::Database& database;
    directory::AuditTrail& audit;
    const Clock& clock;
    const Process& process;  // Names the forms.
    std::filesystem::path pack_folder;
  };
  // A pack's text that is new becomes the version in force, unless people changed the form and their text still has all
  // that is needed. Errors: those of load_form(), check_places(), the database's.
  static Result<std::unique_ptr<FormBook>> open(Dependencies dependencies);

  // In force, and as it was; nullptr when there is none (or, of an old version, none that can be read any more). They
  // live as long as the book.
  const paper::Form* current(std::string_view id) const;
  const paper::Form* find(std::string_view id, unsigned version) const;
  unsigned current_version(std::string_view id) const;  // 0 when there is no such form.

  std::vector<std::string> ids() const;                          // In the order of the process.
  std::vector<FormVersion> versions(std::string_view id) const;  // Oldest first; empty when there is no such form.
  std::string pack_yaml(std::string_view id) const;

  // The form that `yaml` is, as change() would take it. Errors: form_unknown, form_bad, form_binding.
  Result<paper::Form> read(std::string_view id, std::string_view yaml) const;
  // A new version for papers begun from now on. `top` is the agency above all others: every agency's papers are made of
  // it. `from` is the version it was made of. Errors: those of read() and of the policy (form_manage at `top`),
  // form_moved_on, form_same, form_versions, text_missing (the reason).
  Result<void> change(const directory::Caller& caller, const directory::Object& top, const std::string& by,
                      const std::string& id, unsigned from, const std::string& yaml, const std::string& reason);
  // The pack's text again, as a new version. Errors: as change().
  Result<void> reset(const directory::Caller& caller, const directory::Object& top, const std::string& by,
                     const std::string& id, const std::string& reason);

 private:
  struct Kept {
    FormVersion version;
    std::unique_ptr<const paper::Form> form;  // nullptr: cannot be read any more.
  };
  struct Entry {
    std::string pack_yaml;
    paper::Form pack;
    std::vector<paper::NeededField> needs;
    std::vector<Kept> versions;
  };
  explicit FormBook(Dependencies dependencies) : d_(std::move(dependencies)) {}
  Result<void> load();
  Result<void> put(records::Connection& c, const std::string& id, const FormVersion& version) const;
  Result<void> act(const directory::Caller& caller, const directory::Object& top, const std::string& id,
                   FormVersion wanted, unsigned from);
  const Entry* entry(std::string_view id) const;

  const Dependencies d_;
  mutable std::mutex reading_;                         // Guards what follows.
  std::map<std::string, Entry, std::less<>> entries_;  // Only their versions change, and only grow.
};

// What the process looks into.
std::vector<paper::NeededField> needed_fields(const Process& process, const paper::Form& form);

}  // namespace luy::incident
