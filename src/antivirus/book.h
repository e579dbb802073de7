// The sets of signatures that the hub hands out: ClamAV's own databases, one of each for all agencies, and lists of
// hashes or rules of single agencies, kept as files by their SHA-256, with who brought them in, why, and what was
// before. What devices told of their installing stands here, too.
//
// Thread-safe. Checking a large database takes its time; no lock is held meanwhile but against a second import.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "antivirus/database.h"
#include "base/clock.h"
#include "base/id.h"
#include "base/random.h"
#include "device_policy/antivirus.h"
#include "directory/audit.h"
#include "records/database.h"

namespace luy::antivirus {

using SetId = Id<struct SignatureSetTag>;

inline constexpr ErrorKind set_unknown{"antivirus.set_unknown", ErrorClass::not_found, "Không có bộ mẫu nhận dạng {}.",
                                       "There is no set of signatures {}."};
inline constexpr ErrorKind database_older{"antivirus.database_older", ErrorClass::conflict,
                                          "Không lùi phiên bản: máy chủ đang giữ {}. Chỉ nhập bản mới hơn.",
                                          "There is no way back: the hub holds {}. Import a newer one only."};
inline constexpr ErrorKind set_invalid{
    "antivirus.set_invalid", ErrorClass::invalid, "Bộ mẫu chưa hợp lệ: {}. Hãy ghi tên, người lập và lý do.",
    "The set of signatures is not valid: {}. Give it a name, an author and a reason."};
inline constexpr ErrorKind sets_too_many{"antivirus.sets_too_many", ErrorClass::conflict,
                                         "Đơn vị đã có {} danh sách mẫu. Hãy bỏ bớt danh sách cũ.",
                                         "The agency has {} lists already. Take an old one away."};

inline constexpr std::size_t lists_of_agency_max = 12;  // Of four levels, with ClamAV's, below signatures_max.
inline constexpr std::size_t set_text_bytes_max = 2000;
inline constexpr std::size_t piece_bytes = 512 << 10;  // An answer of the hub to an agent.
inline constexpr std::size_t history_max = 500;

struct SignatureSet {
  SetId id;
  std::optional<AgencyId> agency;  // Whose list it is; none: ClamAV's, for everybody.
  Kind kind = Kind::official;
  std::string file;  // As it is called on devices: "daily.cvd", "luy-<id>.hdb".
  std::string title;
  std::string author;
  std::string reason;
  std::int64_t version = 0;      // ClamAV's; 0 of a list.
  std::optional<Time> built_at;  // ClamAV's.
  std::int64_t functionality = 0;
  std::int64_t signatures = 0;
  std::int64_t bytes = 0;
  std::string sha256;
  std::string verified;  // As Checked.
  std::string source;    // "upload", "folder".
  std::string imported_by;
  Time imported_at{};
  std::optional<Time> ended_at;  // It was taken away, or another took its place.
  std::string ended_by;
  std::string end_reason;
};

// What a device told of what it was given last.
struct Told {
  Time at{};           // By the device's clock.
  std::string result;  // "installed", "rolled_back", "waiting", "failed".
  std::string why;
  struct File {
    std::string name;
    std::string sha256;
    std::int64_t version = 0;
    std::optional<Time> built_at;
    std::string outcome;
  };
  std::vector<File> files;
};

class Book {
 public:
  struct Dependencies {
    records::Database& database;
    directory::AuditTrail& audit;
    const Clock& clock;
    Random& random;
    std::filesystem::path folder;  // Of the files; the book's own.
    Tools tools;
  };
  // Errors: those of the database; file errors.
  static Result<std::unique_ptr<Book>> open(Dependencies dependencies);

  struct NewDatabase {
    std::filesystem::path file;
    std::string name;  // "daily.cvd"
    std::string source = "upload";
    std::string by;  // Display name.
  };
  // The act "signature_set_imported"; takes the place of the same database. Errors: those of check_database(),
  // database_older (also of the same version), those of the database. Then everything is as before.
  Result<SignatureSet> import(const directory::Caller& caller, const std::optional<AgencyId>& town,
                              const NewDatabase& wanted);
  struct NewList {
    AgencyId agency;
    Kind kind = Kind::hash;
    std::string title;
    std::string author;
    std::string reason;
    std::string text;
    std::string by;
  };
  // The act "signature_set_added". Errors: set_invalid, sets_too_many, those of check_list() and of ClamAV's reading.
  Result<SignatureSet> add(const directory::Caller& caller, const NewList& wanted);
  // The act "signature_set_removed". Errors: set_unknown, set_invalid (no reason).
  Result<void> remove(const directory::Caller& caller, const std::optional<AgencyId>& town, const SetId& id,
                      const std::string& reason, const std::string& by);

  // Whether the database in force is of this version or newer, by the file's head alone.
  bool holds(const std::string& name, const std::filesystem::path& file) const;
  std::vector<SignatureSet> sets() const;  // Those in force, ClamAV's first.
  std::optional<SignatureSet> find(const SetId& id) const;
  // Those that ended, the newest first, at most history_max. Errors: the database's.
  Result<std::vector<SignatureSet>> history() const;
  // What a device gets whose agency, and those above it, these are.
  std::vector<device_policy::SignatureFile> files_for(const std::vector<AgencyId>& lineage) const;
  // The bytes from there on, at most piece_bytes. Errors: set_unknown, api-independent file errors.
  Result<std::string> piece(const std::string& sha256, std::int64_t offset) const;

  // {"note":"signatures_installed", …} of an agent (docs/format/signatures.md). False: it is none. Twice does no harm.
  // Errors: the database's.
  Result<bool> take(const DeviceId& device, std::string_view note, std::uint64_t seq);
  std::optional<Told> told(const DeviceId& device) const;

 private:
  explicit Book(Dependencies dependencies) : d_(std::move(dependencies)) {}
  Result<void> load();
  Result<void> save(const directory::Caller& caller, const std::optional<AgencyId>& agency, const char* act,
                    const SignatureSet& set, const std::optional<SignatureSet>& before);
  Error refuse(const directory::Caller& caller, const std::optional<AgencyId>& agency, const char* act,
               const std::string& name, const Error& why) const;
  void drop_unused() const;

  const Dependencies d_;
  std::mutex acts_;
  mutable std::mutex mutex_;  // Guards what follows.
  std::map<SetId, SignatureSet> sets_;
  std::map<DeviceId, std::pair<std::uint64_t, Told>> told_;
};

// The tables of this module.
std::span<const records::Migration> migrations();

}  // namespace luy::antivirus
