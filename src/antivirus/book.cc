#include "antivirus/book.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <cerrno>
#include <set>

#include "base/file.h"
#include "base/log.h"

namespace luy::antivirus {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

constexpr std::array<records::Migration, 1> tables = {{{"antivirus", 1, R"sql(
CREATE TABLE signature_set (
  id TEXT NOT NULL PRIMARY KEY, agency TEXT NOT NULL,  -- Empty: ClamAV's own, for everybody.
  kind TEXT NOT NULL, file TEXT NOT NULL, title TEXT NOT NULL, author TEXT NOT NULL, reason TEXT NOT NULL,
  version BIGINT NOT NULL, built_at BIGINT, functionality BIGINT NOT NULL, signatures BIGINT NOT NULL,
  bytes BIGINT NOT NULL, sha256 TEXT NOT NULL, verified TEXT NOT NULL, source TEXT NOT NULL,
  imported_by TEXT NOT NULL, imported_at BIGINT NOT NULL,
  ended_at BIGINT, ended_by TEXT NOT NULL, end_reason TEXT NOT NULL);
CREATE TABLE signature_told (                          -- What devices told of what they were given, the newest of each.
  device TEXT NOT NULL PRIMARY KEY, seq BIGINT NOT NULL, note TEXT NOT NULL);
)sql"}}};

constexpr const char* columns =
    "id, agency, kind, file, title, author, reason, version, built_at, functionality, signatures, bytes, sha256, "
    "verified, source, imported_by, imported_at, ended_at, ended_by, end_reason";

SignatureSet set_from(const records::Row& row) {
  SignatureSet out;
  out.id = SetId::trusted(row.text(0));
  if (!row.text(1).empty()) out.agency = AgencyId::trusted(row.text(1));
  out.kind = kind_from_name(row.text(2)).value_or(Kind::official);
  out.file = row.text(3);
  out.title = row.text(4);
  out.author = row.text(5);
  out.reason = row.text(6);
  out.version = row.integer(7);
  if (!row.null(8)) out.built_at = from_millis(row.integer(8));
  out.functionality = row.integer(9);
  out.signatures = row.integer(10);
  out.bytes = row.integer(11);
  out.sha256 = row.text(12);
  out.verified = row.text(13);
  out.source = row.text(14);
  out.imported_by = row.text(15);
  out.imported_at = from_millis(row.integer(16));
  if (!row.null(17)) out.ended_at = from_millis(row.integer(17));
  out.ended_by = row.text(18);
  out.end_reason = row.text(19);
  return out;
}

json::object as_json(const SignatureSet& set) {
  json::object out{{"file", set.file},     {"kind", name_of(set.kind)}, {"title", set.title},
                   {"author", set.author}, {"reason", set.reason},      {"signatures", set.signatures},
                   {"sha256", set.sha256}, {"verified", set.verified},  {"source", set.source}};
  if (set.version > 0) out["version"] = set.version;
  return out;
}

directory::AuditEntry entry_for(const char* act, const std::optional<AgencyId>& agency) {
  directory::AuditEntry entry;
  entry.act = act;
  if (agency) entry.after["agency"] = agency->text();
  return entry;
}

bool is_text(const std::string& text) {
  return !text.empty() && text.size() <= set_text_bytes_max && text.find('\0') == std::string::npos;
}

std::vector<std::string> split(std::string_view text, std::string_view at) {
  std::vector<std::string> out;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(at), text.size());
    if (end > 0) out.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + at.size(), text.size()));
  }
  return out;
}

std::optional<Told> read_note(std::string_view note) {
  boost::system::error_code error;
  const json::value parsed = json::parse(note, error);
  const json::object* object = error ? nullptr : parsed.if_object();
  const auto text = [&](const char* key) -> std::string {
    const json::value* one = object->if_contains(key);
    return one != nullptr && one->is_string() ? std::string(one->get_string()) : std::string();
  };
  constexpr std::string_view beginning = "signatures_";
  constexpr std::array<std::string_view, 4> results = {"installed", "rolled_back", "waiting", "failed"};
  if (object == nullptr) return std::nullopt;
  const std::string name = text("note");
  if (!name.starts_with(beginning)) return std::nullopt;
  Told out;
  out.result = name.substr(beginning.size());
  const auto at = from_rfc3339(text("at"));
  if (!at || std::find(results.begin(), results.end(), out.result) == results.end()) return std::nullopt;
  out.at = *at;
  out.why = text("why").substr(0, set_text_bytes_max);
  for (const std::string& one : split(text("files"), "; ")) {
    const auto fields = split(one, " ");
    const bool counts = fields.size() == 5 && !fields[1].empty() && fields[1].size() < 16 &&
                        fields[1].find_first_not_of("0123456789") == std::string::npos;
    if (!counts || out.files.size() >= device_policy::signatures_max) continue;
    out.files.push_back({fields[0], fields[4], std::stoll(fields[1]), from_rfc3339(fields[2]), fields[3]});
  }
  return out;
}

Result<void> copy_durably(const fs::path& from, const fs::path& to) {
  const UniqueFd in(::open(from.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  if (!in) return file_error(from.string(), errno);
  const fs::path fresh = to.string() + ".new";
  const UniqueFd out(::open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!out) return file_error(fresh.string(), errno);
  std::string buffer(256 << 10, '\0');
  for (;;) {
    const ssize_t n = ::read(in.get(), buffer.data(), buffer.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return file_error(from.string(), errno);
    if (n == 0) break;
    for (ssize_t at = 0; at < n;) {
      const ssize_t put = ::write(out.get(), buffer.data() + at, static_cast<std::size_t>(n - at));
      if (put < 0 && errno == EINTR) continue;
      if (put <= 0) return file_error(fresh.string(), errno);
      at += put;
    }
  }
  if (::fsync(out.get()) != 0) return file_error(fresh.string(), errno);
  if (::rename(fresh.c_str(), to.c_str()) != 0) return file_error(to.string(), errno);
  return sync_folder(to.parent_path());
}

}  // namespace

std::span<const records::Migration> migrations() {
  return tables;
}

Result<std::unique_ptr<Book>> Book::open(Dependencies dependencies) {
  std::unique_ptr<Book> book(new Book(std::move(dependencies)));
  LUY_TRY_VOID(make_folder(book->d_.folder));
  LUY_TRY_VOID(book->load());
  book->drop_unused();
  return book;
}

Result<void> Book::load() {
  return d_.database.read([&](records::Connection& c) -> Result<void> {
    LUY_TRY_VOID(c.query("SELECT " + std::string(columns) + " FROM signature_set WHERE ended_at IS NULL", {},
                         [&](const records::Row& row) {
                           SignatureSet one = set_from(row);
                           sets_.emplace(one.id, std::move(one));
                         }));
    return c.query("SELECT device, seq, note FROM signature_told", {}, [&](const records::Row& row) {
      if (auto told = read_note(row.text(2))) {
        told_[DeviceId::trusted(row.text(0))] = {static_cast<std::uint64_t>(row.integer(1)), *std::move(told)};
      }
    });
  });
}

// What no set in force needs goes; the history keeps its digest.
void Book::drop_unused() const {
  std::set<std::string> used;
  for (const SignatureSet& one : sets()) used.insert(one.sha256);
  std::error_code error;
  for (fs::directory_iterator it(d_.folder, error), end; !error && it != end; it.increment(error)) {
    std::error_code failed;
    if (it->is_regular_file(failed) && !used.contains(it->path().filename().string())) fs::remove(it->path(), failed);
  }
}

Error Book::refuse(const directory::Caller& caller, const std::optional<AgencyId>& agency, const char* act,
                   const std::string& name, const Error& why) const {
  const auto fail = [&](records::Connection&, directory::AuditEntry& noted) -> Result<void> {
    noted.after["file"] = name;
    return why;
  };
  return d_.audit.perform(caller, entry_for(act, agency), fail).error();
}

Result<void> Book::save(const directory::Caller& caller, const std::optional<AgencyId>& agency, const char* act,
                        const SignatureSet& set, const std::optional<SignatureSet>& before) {
  const auto work = [&](records::Connection& c, directory::AuditEntry& noted) -> Result<void> {
    noted.object = "signature_set:" + set.id.text();
    if (before) noted.before = as_json(*before);
    for (auto& [key, value] : as_json(set)) noted.after[key] = value;
    const std::int64_t now = to_millis(set.imported_at);
    if (before) {
      LUY_TRY_VOID(c.run("UPDATE signature_set SET ended_at = $1, ended_by = $2, end_reason = '' WHERE id = $3",
                         {now, std::string_view(set.imported_by), std::string_view(before->id.text())}));
    }
    const std::string owner = set.agency ? set.agency->text() : std::string();
    const auto built = set.built_at ? std::optional<std::int64_t>(to_millis(*set.built_at)) : std::nullopt;
    LUY_TRY_VOID(
        c.run("INSERT INTO signature_set (" + std::string(columns) +
                  ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, NULL, '', '')",
              {std::string_view(set.id.text()), std::string_view(owner), name_of(set.kind), std::string_view(set.file),
               std::string_view(set.title), std::string_view(set.author), std::string_view(set.reason), set.version,
               records::nullable(built), set.functionality, set.signatures, set.bytes, std::string_view(set.sha256),
               std::string_view(set.verified), std::string_view(set.source), std::string_view(set.imported_by), now}));
    return {};
  };
  LUY_TRY_VOID(d_.audit.perform(caller, entry_for(act, agency), work));
  {
    const std::lock_guard lock(mutex_);
    if (before) sets_.erase(before->id);
    sets_.emplace(set.id, set);
  }
  drop_unused();
  return {};
}

Result<SignatureSet> Book::import(const directory::Caller& caller, const std::optional<AgencyId>& town,
                                  const NewDatabase& wanted) {
  constexpr const char* act = "signature_set_imported";
  const std::lock_guard one_at_a_time(acts_);
  const Time now = d_.clock.now();
  const auto checked = check_database(wanted.file, wanted.name, d_.tools, now);
  if (!checked) return refuse(caller, town, act, wanted.name, checked.error());
  SignatureSet set;
  set.id = SetId::make(now, d_.random);
  set.file = wanted.name;
  set.title = "ClamAV " + std::string(official_base(wanted.name));
  set.author = "ClamAV";
  set.version = checked->head->version;
  set.built_at = checked->head->built_at;
  set.functionality = checked->head->functionality;
  set.signatures = checked->signatures;
  set.bytes = checked->bytes;
  set.sha256 = checked->sha256;
  set.verified = checked->verified;
  set.source = wanted.source;
  set.imported_by = wanted.by;
  set.imported_at = from_millis(to_millis(now));
  std::optional<SignatureSet> before;
  for (SignatureSet& one : sets()) {
    if (one.kind == Kind::official && official_base(one.file) == official_base(set.file)) before = std::move(one);
  }
  if (before && before->version >= set.version) {
    const std::string held = before->file + ' ' + std::to_string(before->version);
    return refuse(caller, town, act, wanted.name, Error(database_older, held));
  }
  LUY_TRY_VOID(copy_durably(wanted.file, d_.folder / set.sha256));
  LUY_TRY_VOID(save(caller, town, act, set, before));
  return set;
}

Result<SignatureSet> Book::add(const directory::Caller& caller, const NewList& wanted) {
  constexpr const char* act = "signature_set_added";
  const std::lock_guard one_at_a_time(acts_);
  const Time now = d_.clock.now();
  SignatureSet set;
  set.id = SetId::make(now, d_.random);
  const auto prepared = [&]() -> Result<void> {
    if (!is_text(wanted.title)) return Error(set_invalid, "tên", "its name");
    if (!is_text(wanted.author)) return Error(set_invalid, "người lập", "its author");
    if (!is_text(wanted.reason)) return Error(set_invalid, "lý do", "the reason");
    if (wanted.kind == Kind::official) return Error(set_invalid, "loại", "its kind");
    const auto held = sets();
    const auto own =
        std::count_if(held.begin(), held.end(), [&](const auto& one) { return one.agency == wanted.agency; });
    if (static_cast<std::size_t>(own) >= lists_of_agency_max) return Error(sets_too_many, std::to_string(own));
    LUY_TRY(const Checked checked, check_list(wanted.kind, wanted.text));
    set.file = "luy-" + set.id.text() + std::string(wanted.kind == Kind::yara ? ".yar" : hash_list_ending(wanted.text));
    set.signatures = checked.signatures;
    set.bytes = checked.bytes;
    set.sha256 = checked.sha256;
    set.verified = checked.verified;
    LUY_TRY_VOID(write_file_durably(d_.folder / set.sha256, wanted.text));
    if (!d_.tools.load) return {};
    LUY_TRY_VOID(d_.tools.load(d_.folder / set.sha256, set.file));
    set.verified = "loaded";
    return {};
  };
  if (const auto done = prepared(); !done) {
    drop_unused();
    return refuse(caller, wanted.agency, act, wanted.title.substr(0, 200), done.error());
  }
  set.agency = wanted.agency;
  set.kind = wanted.kind;
  set.title = wanted.title;
  set.author = wanted.author;
  set.reason = wanted.reason;
  set.source = "upload";
  set.imported_by = wanted.by;
  set.imported_at = from_millis(to_millis(now));
  LUY_TRY_VOID(save(caller, wanted.agency, act, set, std::nullopt));
  return set;
}

Result<void> Book::remove(const directory::Caller& caller, const std::optional<AgencyId>& town, const SetId& id,
                          const std::string& reason, const std::string& by) {
  const std::lock_guard one_at_a_time(acts_);
  const auto set = find(id);
  const auto work = [&](records::Connection& c, directory::AuditEntry& noted) -> Result<void> {
    noted.object = "signature_set:" + id.text();
    if (!set) return Error(set_unknown, id.text());
    if (!is_text(reason)) return Error(set_invalid, "lý do", "the reason");
    noted.before = as_json(*set);
    noted.after["reason"] = reason;
    LUY_TRY_VOID(c.run(
        "UPDATE signature_set SET ended_at = $1, ended_by = $2, end_reason = $3 WHERE id = $4",
        {to_millis(d_.clock.now()), std::string_view(by), std::string_view(reason), std::string_view(id.text())}));
    return {};
  };
  const auto agency = set && set->agency ? set->agency : town;
  LUY_TRY_VOID(d_.audit.perform(caller, entry_for("signature_set_removed", agency), work));
  {
    const std::lock_guard lock(mutex_);
    sets_.erase(id);
  }
  drop_unused();
  return {};
}

bool Book::holds(const std::string& name, const fs::path& file) const {
  const auto head = head_of(file);
  const auto held = sets();
  return head && std::any_of(held.begin(), held.end(), [&](const SignatureSet& one) {
           return one.kind == Kind::official && official_base(one.file) == official_base(name) &&
                  one.version >= head->version;
         });
}

std::vector<SignatureSet> Book::sets() const {
  std::vector<SignatureSet> out;
  {
    const std::lock_guard lock(mutex_);
    for (const auto& [id, one] : sets_) out.push_back(one);
  }
  std::stable_sort(out.begin(), out.end(), [](const auto& a, const auto& b) { return a.kind < b.kind; });
  return out;
}

std::optional<SignatureSet> Book::find(const SetId& id) const {
  const std::lock_guard lock(mutex_);
  const auto found = sets_.find(id);
  return found == sets_.end() ? std::nullopt : std::optional(found->second);
}

Result<std::vector<SignatureSet>> Book::history() const {
  return d_.database.read([&](records::Connection& c) -> Result<std::vector<SignatureSet>> {
    std::vector<SignatureSet> out;
    LUY_TRY_VOID(c.query("SELECT " + std::string(columns) +
                             " FROM signature_set WHERE ended_at IS NOT NULL ORDER BY ended_at DESC, id DESC LIMIT $1",
                         {static_cast<std::int64_t>(history_max)},
                         [&](const records::Row& row) { out.push_back(set_from(row)); }));
    return out;
  });
}

std::vector<device_policy::SignatureFile> Book::files_for(const std::vector<AgencyId>& lineage) const {
  std::vector<device_policy::SignatureFile> out;
  for (const SignatureSet& one : sets()) {
    const bool theirs = !one.agency || std::find(lineage.begin(), lineage.end(), *one.agency) != lineage.end();
    if (theirs && out.size() < device_policy::signatures_max) out.push_back({one.file, one.sha256, one.bytes});
  }
  return out;
}

Result<std::string> Book::piece(const std::string& sha256, std::int64_t offset) const {
  const auto held = sets();
  const auto set = std::find_if(held.begin(), held.end(), [&](const auto& one) { return one.sha256 == sha256; });
  if (set == held.end() || offset < 0 || offset >= set->bytes) return Error(set_unknown, sha256.substr(0, 64));
  const fs::path file = d_.folder / sha256;
  const UniqueFd fd(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  if (!fd) return file_error(file.string(), errno);
  std::string out(static_cast<std::size_t>(std::min<std::int64_t>(piece_bytes, set->bytes - offset)), '\0');
  for (std::size_t at = 0; at < out.size();) {
    const ssize_t n = ::pread(fd.get(), out.data() + at, out.size() - at, offset + static_cast<off_t>(at));
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return file_error(file.string(), n < 0 ? errno : EIO);
    at += static_cast<std::size_t>(n);
  }
  return out;
}

Result<bool> Book::take(const DeviceId& device, std::string_view note, std::uint64_t seq) {
  auto told = read_note(note);
  if (!told) return false;
  {
    const std::lock_guard lock(mutex_);
    const auto known = told_.find(device);
    if (known != told_.end() && known->second.first >= seq) return true;
  }
  const Result<void> stored = d_.database.write([&](records::Connection& c) -> Result<void> {
    LUY_TRY_VOID(
        c.run("INSERT INTO signature_told (device, seq, note) VALUES ($1, $2, $3) ON CONFLICT (device) DO UPDATE SET "
              "seq = $2, note = $3 WHERE signature_told.seq < $2",
              {std::string_view(device.text()), static_cast<std::int64_t>(seq), note}));
    return {};
  });
  if (!stored) return stored.error();
  const std::lock_guard lock(mutex_);
  told_[device] = {seq, *std::move(told)};
  return true;
}

std::optional<Told> Book::told(const DeviceId& device) const {
  const std::lock_guard lock(mutex_);
  const auto found = told_.find(device);
  return found == told_.end() ? std::nullopt : std::optional(found->second.second);
}

}  // namespace luy::antivirus
