#include "release/book.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <set>

#include "base/encoding.h"
#include "base/file.h"
#include "base/log.h"
#include "release/book_rows.h"

namespace luy::release {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;
using device_policy::KeyStep;

constexpr std::size_t key_bytes = 32;

bool is_text(const std::string& text) {
  return !text.empty() && text.size() <= text_bytes_max && text.find('\0') == std::string::npos;
}

bool went_wrong(const Told& told) {
  return told.result == "rolled_back" || told.result == "failed" || told.result == "refused";
}

directory::AuditEntry entry_for(const char* act, const AgencyId& town) {
  directory::AuditEntry entry;
  entry.act = act;
  entry.after["agency"] = town.text();
  return entry;
}

Result<void> copy_package(const fs::path& from, const fs::path& to) {
  LUY_TRY(const std::string content, read_file(from, static_cast<std::size_t>(device_policy::release_bytes_max)));
  return write_file_durably(to, content, 0600);
}

std::vector<KeyStep> steps_of(const std::vector<KeptKey>& keys) {
  std::vector<KeyStep> out;
  for (const KeptKey& one : keys) out.push_back(one.step);
  return out;
}

}  // namespace

Result<std::unique_ptr<Book>> Book::open(Dependencies dependencies) {
  std::unique_ptr<Book> book(new Book(std::move(dependencies)));
  LUY_TRY_VOID(make_folder(book->d_.folder));
  LUY_TRY_VOID(book->load());
  book->drop_unused();
  book->d_.acts.add_kind(std::string(agree_act), book->agree_kind());
  book->d_.acts.add_kind(std::string(key_act), book->key_kind());
  return book;
}

Result<void> Book::load() {
  return d_.database.read([&](records::Connection& c) -> Result<void> {
    LUY_TRY(auto releases, load_releases(c));
    LUY_TRY(auto keys, load_keys(c));
    std::map<DeviceId, Runs> runs;
    std::map<DeviceId, std::pair<std::uint64_t, Told>> told;
    LUY_TRY_VOID(
        c.query("SELECT device, version, architecture, at FROM agent_release_runs", {}, [&](const records::Row& row) {
          runs[DeviceId::trusted(row.text(0))] = {std::string(row.text(1)), std::string(row.text(2)),
                                                  from_millis(row.integer(3))};
        }));
    LUY_TRY_VOID(
        c.query("SELECT device, seq, note, taken_at FROM agent_release_told", {}, [&](const records::Row& row) {
          if (auto one = read_told(row.text(2))) {
            one->taken_at = from_millis(row.integer(3));
            told[DeviceId::trusted(row.text(0))] = {static_cast<std::uint64_t>(row.integer(1)), *std::move(one)};
          }
        }));
    const std::lock_guard lock(mutex_);
    releases_ = std::move(releases);
    keys_ = std::move(keys);
    runs_ = std::move(runs);
    told_ = std::move(told);
    return {};
  });
}

// After an act of two people, which the directory carried out.
void Book::forget_memory() {
  if (const auto loaded = load(); !loaded) log(LogLevel::error, "hub", "releases: " + loaded.error().text());
}

// The package of a withdrawn release goes; the register keeps its digest.
void Book::drop_unused() const {
  std::set<std::string> used;
  for (const KeptRelease& one : releases()) {
    if (!one.withdrawn_at) used.insert(one.release.sha256);
  }
  std::error_code error;
  for (fs::directory_iterator it(d_.folder, error), end; !error && it != end; it.increment(error)) {
    std::error_code failed;
    if (it->is_regular_file(failed) && !used.contains(it->path().filename().string())) fs::remove(it->path(), failed);
  }
}

Error Book::refuse(const directory::Caller& caller, const AgencyId& town, const char* act, const std::string& version,
                   const Error& why) const {
  const auto fail = [&](records::Connection&, directory::AuditEntry& noted) -> Result<void> {
    if (!version.empty()) noted.after["version"] = version;
    return why;
  };
  return d_.audit.perform(caller, entry_for(act, town), fail).error();
}

directory::ActKind Book::key_kind() {
  directory::ActKind kind;
  kind.action = directory::Action::agent_release;
  kind.run = [this](records::Connection& c, const directory::Caller& caller, const json::object& body,
                    directory::AuditEntry& entry) -> Result<json::object> {
    directory::Object where;
    where.agencies.push_back(AgencyId::trusted(std::string(body.at("agency").as_string())));
    LUY_TRY_VOID(caller.require(directory::Action::agent_release, where));
    const std::string text(body.at("key").as_string());
    const std::string signature(body.at("signature").as_string());
    const std::string by(body.at("by").as_string());
    LUY_TRY(const auto keys, load_keys(c));
    const std::string raw = from_base64(text).value_or(std::string());
    // Judged again: another key may have been added meanwhile.
    if (!keys.empty() && !d_.verify(keys.back().step.key, device_policy::key_step_text(raw),
                                    from_base64(signature).value_or(std::string()))) {
      return Error(key_invalid, "chữ ký của khóa trước", "the signature of the key before");
    }
    entry.object = "agent_release_key:" + to_hex(as_bytes(raw));
    entry.after["key"] = to_hex(as_bytes(raw));
    if (!keys.empty()) entry.before["key"] = to_hex(as_bytes(keys.back().step.key));
    LUY_TRY_VOID(
        c.run("INSERT INTO agent_release_key (seq, key, signature, added_by, added_at) VALUES ($1, $2, $3, $4, $5)",
              {static_cast<std::int64_t>(keys.size() + 1), std::string_view(text), std::string_view(signature),
               std::string_view(by), to_millis(d_.clock.now())}));
    return json::object{};
  };
  kind.committed = [this] { forget_memory(); };
  return kind;
}

Result<directory::Proposed> Book::add_key(const directory::Caller& caller, const AgencyId& town, const NewKey& wanted) {
  const auto held = keys();
  const auto judged = [&]() -> Result<void> {
    if (wanted.key.size() != key_bytes) return Error(key_invalid, "32 byte", "32 bytes");
    if (held.size() >= device_policy::key_steps_max) return Error(key_invalid, "quá nhiều khóa", "too many keys");
    const bool known =
        std::any_of(held.begin(), held.end(), [&](const KeptKey& one) { return one.step.key == wanted.key; });
    if (known) return Error(key_invalid, "đã có trong sổ", "it is registered already");
    if (held.empty() && !wanted.signature.empty()) {
      return Error(key_invalid, "khóa đầu tiên không có chữ ký", "the first key has no signature");
    }
    return {};
  };
  if (const auto good = judged(); !good) return refuse(caller, town, key_act.data(), {}, good.error());
  return d_.acts.propose(caller, key_act,
                         {{"agency", town.text()},
                          {"key", to_base64(wanted.key)},
                          {"signature", to_base64(wanted.signature)},
                          {"by", wanted.by}},
                         town);
}

Result<KeptRelease> Book::checked(const NewRelease& wanted) const {
  const auto held_keys = keys();
  if (held_keys.empty()) return Error(key_missing);
  if (wanted.notes.size() > text_bytes_max) return Error(release_invalid, "nội dung", "its notes");
  LUY_TRY(device_policy::Release release,
          device_policy::accept_release(wanted.statement, held_keys.back().step.key, d_.verify));
  if (release.architecture != "amd64" && release.architecture != "arm64") {
    return Error(architecture_unknown, release.architecture);
  }
  for (const KeptRelease& one : releases()) {
    const bool same = one.release.architecture == release.architecture;
    if (same && device_policy::compare_versions(release.version, one.release.version) <= 0) {
      return Error(release_older, one.release.version);
    }
  }
  LUY_TRY(const FileFacts file, facts_of_file(wanted.file));
  if (file.bytes != release.bytes || file.sha256 != release.sha256) return Error(package_invalid, "SHA-256");
  LUY_TRY(const PackageFacts facts, d_.read_package(wanted.file));
  if (facts.name != device_policy::release_package || facts.version != release.version ||
      facts.architecture != release.architecture) {
    return Error(package_invalid, facts.name + ' ' + facts.version + ' ' + facts.architecture);
  }
  KeptRelease out;
  out.release = std::move(release);
  out.statement = wanted.statement;
  out.notes = wanted.notes;
  out.brought_by = wanted.by;
  return out;
}

Result<KeptRelease> Book::bring(const directory::Caller& caller, const AgencyId& town, const NewRelease& wanted) {
  constexpr const char* act = "agent_release_brought";
  const std::lock_guard one_at_a_time(acts_);
  auto release = checked(wanted);
  if (!release) {
    const auto said = device_policy::read_statement(wanted.statement);
    return refuse(caller, town, act, said ? said->release.version : std::string(), release.error());
  }
  const Time now = d_.clock.now();
  release->id = ReleaseId::make(now, d_.random);
  release->brought_at = from_millis(to_millis(now));
  if (const auto copied = copy_package(wanted.file, d_.folder / release->release.sha256); !copied) {
    return refuse(caller, town, act, release->release.version, copied.error());
  }
  const auto work = [&](records::Connection& c, directory::AuditEntry& noted) -> Result<void> {
    noted.object = "agent_release:" + release->id.text();
    for (auto& [key, value] : as_json(*release)) noted.after[key] = value;
    return insert_release(c, *release);
  };
  const auto done = d_.audit.perform(caller, entry_for(act, town), work);
  forget_memory();
  drop_unused();
  if (!done) return done.error();
  return release;
}

directory::ActKind Book::agree_kind() {
  directory::ActKind kind;
  kind.action = directory::Action::agent_release;
  kind.run = [this](records::Connection& c, const directory::Caller& caller, const json::object& body,
                    directory::AuditEntry& entry) -> Result<json::object> {
    directory::Object where;
    where.agencies.push_back(AgencyId::trusted(std::string(body.at("agency").as_string())));
    LUY_TRY_VOID(caller.require(directory::Action::agent_release, where));
    const std::string id(body.at("release").as_string());
    LUY_TRY(auto release, load_release(c, ReleaseId::trusted(id)));
    if (!release) return Error(release_unknown, id);
    if (release->withdrawn_at) return Error(withdrawn, release->release.version);
    if (release->agreed_at) return Error(directory::act_outdated);
    entry.object = "agent_release:" + id;
    entry.after = as_json(*release);
    release->agreed_at = d_.clock.now();
    release->agreed_by = caller.agreed_by.empty() ? caller.username : caller.agreed_by;
    LUY_TRY_VOID(update_release(c, *release));
    return json::object{};
  };
  kind.committed = [this] { forget_memory(); };
  return kind;
}

Result<directory::Proposed> Book::ask_agreement(const directory::Caller& caller, const AgencyId& town,
                                                const ReleaseId& id, const std::string& by) {
  return d_.acts.propose(caller, agree_act, {{"agency", town.text()}, {"release", id.text()}, {"by", by}}, town);
}

Result<KeptRelease> Book::set_ring(const directory::Caller& caller, const AgencyId& town, const ReleaseId& id,
                                   const NewRing& wanted) {
  const std::lock_guard one_at_a_time(acts_);
  const auto known = find(id);
  KeptRelease after;
  const auto work = [&](records::Connection& c, directory::AuditEntry& noted) -> Result<void> {
    noted.object = "agent_release:" + id.text();
    if (!known) return Error(release_unknown, id.text());
    after = *known;
    if (known->withdrawn_at) return Error(withdrawn, known->release.version);
    if (!known->agreed_at) return Error(not_agreed, known->release.version);
    if (!is_text(wanted.reason)) return Error(release_invalid, "lý do", "the reason");
    const bool places = wanted.ring == Ring::devices || wanted.ring == Ring::agencies;
    if (wanted.ring == Ring::none || places == wanted.places.empty() || wanted.places.size() > places_max) {
      return Error(release_invalid, "máy hoặc cơ quan", "devices or agencies");
    }
    if (wanted.patience_seconds < device_policy::patience_seconds_min ||
        wanted.patience_seconds > device_policy::patience_seconds_max) {
      return Error(release_invalid, "thời gian chờ", "the time to wait");
    }
    if (wanted.ring < known->ring) {
      return Error(ring_unproven, "không thu hẹp, chỉ rút lại", "it is not narrowed, only withdrawn");
    }
    if (wanted.ring > Ring::devices && running(*known) == 0) {
      return Error(ring_unproven, "chưa máy nào chạy " + known->release.version,
                   "no device runs " + known->release.version);
    }
    if (!stopped_by(*known).empty()) ++after.attempt;
    after.ring = wanted.ring;
    after.places = wanted.places;
    after.patience_seconds = wanted.patience_seconds;
    after.ring_reason = wanted.reason;
    after.ring_by = wanted.by;
    after.ring_at = d_.clock.now();
    noted.before = as_json(*known);
    for (auto& [key, value] : as_json(after)) noted.after[key] = value;
    noted.after["reason"] = wanted.reason;
    return update_release(c, after);
  };
  LUY_TRY_VOID(d_.audit.perform(caller, entry_for("agent_release_ring", town), work));
  forget_memory();
  return after;
}

Result<void> Book::withdraw(const directory::Caller& caller, const AgencyId& town, const ReleaseId& id,
                            const std::string& reason, const std::string& by) {
  const std::lock_guard one_at_a_time(acts_);
  const auto known = find(id);
  const auto work = [&](records::Connection& c, directory::AuditEntry& noted) -> Result<void> {
    noted.object = "agent_release:" + id.text();
    if (!known) return Error(release_unknown, id.text());
    if (known->withdrawn_at) return Error(withdrawn, known->release.version);
    if (!is_text(reason)) return Error(release_invalid, "lý do", "the reason");
    KeptRelease after = *known;
    after.withdrawn_at = d_.clock.now();
    after.withdrawn_by = by;
    after.withdraw_reason = reason;
    noted.before = as_json(*known);
    noted.after["reason"] = reason;
    return update_release(c, after);
  };
  LUY_TRY_VOID(d_.audit.perform(caller, entry_for("agent_release_withdrawn", town), work));
  forget_memory();
  drop_unused();
  return {};
}

std::vector<KeptKey> Book::keys() const {
  const std::lock_guard lock(mutex_);
  return keys_;
}

std::vector<KeptRelease> Book::releases() const {
  const std::lock_guard lock(mutex_);
  return releases_;
}

std::optional<KeptRelease> Book::find(const ReleaseId& id) const {
  const std::lock_guard lock(mutex_);
  const auto found = std::find_if(releases_.begin(), releases_.end(), [&](const auto& one) { return one.id == id; });
  return found == releases_.end() ? std::nullopt : std::optional(*found);
}

std::vector<DeviceId> Book::stopped_by(const KeptRelease& release) const {
  std::vector<DeviceId> out;
  const std::lock_guard lock(mutex_);
  for (const auto& [device, told] : told_) {
    const bool since = release.ring_at && told.second.taken_at >= *release.ring_at;
    if (since && told.second.to == release.release.version && went_wrong(told.second)) out.push_back(device);
  }
  return out;
}

std::size_t Book::running(const KeptRelease& release) const {
  const std::lock_guard lock(mutex_);
  return static_cast<std::size_t>(std::count_if(runs_.begin(), runs_.end(), [&](const auto& one) {
    return one.second.version == release.release.version && one.second.architecture == release.release.architecture;
  }));
}

std::optional<KeptRelease> Book::meant_for(const DeviceId& device, const std::vector<AgencyId>& above,
                                           const std::string& architecture) const {
  const auto covers = [&](const KeptRelease& one) {
    if (one.ring == Ring::all) return true;
    return std::any_of(one.places.begin(), one.places.end(), [&](const std::string& place) {
      if (one.ring == Ring::devices) return place == device.text();
      return one.ring == Ring::agencies &&
             std::any_of(above.begin(), above.end(), [&](const AgencyId& agency) { return agency.text() == place; });
    });
  };
  std::optional<KeptRelease> out;
  for (KeptRelease& one : releases()) {
    if (!one.agreed_at || one.withdrawn_at || one.release.architecture != architecture || !covers(one)) continue;
    const bool newer = !out || device_policy::compare_versions(one.release.version, out->release.version) > 0;
    if (newer) out = std::move(one);
  }
  return out;
}

Result<std::optional<device_policy::WantedRelease>> Book::wanted_by(const DeviceId& device,
                                                                    const std::vector<AgencyId>& above,
                                                                    const std::string& version,
                                                                    const std::string& architecture) {
  const Time now = d_.clock.now();
  const auto before = runs(device);
  if (!before || before->version != version || before->architecture != architecture) {
    const Result<void> stored = d_.database.write([&](records::Connection& c) -> Result<void> {
      LUY_TRY_VOID(
          c.run("INSERT INTO agent_release_runs (device, version, architecture, at) VALUES ($1, $2, $3, $4) ON "
                "CONFLICT (device) DO UPDATE SET version = $2, architecture = $3, at = $4",
                {std::string_view(device.text()), std::string_view(version), std::string_view(architecture),
                 to_millis(now)}));
      return {};
    });
    if (!stored) return stored.error();
    const std::lock_guard lock(mutex_);
    runs_[device] = {version, architecture, now};
  }
  const auto release = meant_for(device, above, architecture);
  std::optional<device_policy::WantedRelease> out;
  if (!release || device_policy::compare_versions(release->release.version, version) <= 0) return out;
  // Who has begun goes on: what stops a roll-out is no reason to stop half-way on a machine.
  const auto last = told(device);
  const bool begun = last && last->to == release->release.version && last->result == "installing";
  if (!begun && !stopped_by(*release).empty()) return out;
  out = device_policy::WantedRelease{release->statement, steps_of(keys()), release->attempt, release->patience_seconds};
  return out;
}

Result<std::string> Book::piece(const std::string& sha256, std::int64_t offset) const {
  const auto held = releases();
  const auto one = std::find_if(held.begin(), held.end(), [&](const KeptRelease& release) {
    return release.release.sha256 == sha256 && release.agreed_at && !release.withdrawn_at && release.ring != Ring::none;
  });
  if (one == held.end() || offset < 0 || offset >= one->release.bytes) {
    return Error(release_unknown, sha256.substr(0, 64));
  }
  const fs::path file = d_.folder / one->release.sha256;
  const UniqueFd fd(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  if (!fd) return file_error(file.string(), errno);
  std::string out(static_cast<std::size_t>(std::min<std::int64_t>(piece_bytes, one->release.bytes - offset)), '\0');
  for (std::size_t at = 0; at < out.size();) {
    const ssize_t n = ::pread(fd.get(), out.data() + at, out.size() - at, offset + static_cast<off_t>(at));
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return file_error(file.string(), n < 0 ? errno : EIO);
    at += static_cast<std::size_t>(n);
  }
  return out;
}

Result<bool> Book::take(const DeviceId& device, std::string_view note, std::uint64_t seq) {
  auto told = read_told(note);
  if (!told) return false;
  {
    const std::lock_guard lock(mutex_);
    const auto known = told_.find(device);
    if (known != told_.end() && known->second.first >= seq) return true;
  }
  told->taken_at = d_.clock.now();
  const Result<void> stored = d_.database.write([&](records::Connection& c) -> Result<void> {
    LUY_TRY_VOID(
        c.run("INSERT INTO agent_release_told (device, seq, note, taken_at) VALUES ($1, $2, $3, $4) ON CONFLICT "
              "(device) DO UPDATE SET seq = $2, note = $3, taken_at = $4 WHERE agent_release_told.seq < $2",
              {std::string_view(device.text()), static_cast<std::int64_t>(seq), note, to_millis(told->taken_at)}));
    return {};
  });
  if (!stored) return stored.error();
  const std::lock_guard lock(mutex_);
  told_[device] = {seq, *std::move(told)};
  return true;
}

std::optional<Runs> Book::runs(const DeviceId& device) const {
  const std::lock_guard lock(mutex_);
  const auto found = runs_.find(device);
  return found == runs_.end() ? std::nullopt : std::optional(found->second);
}

std::optional<Told> Book::told(const DeviceId& device) const {
  const std::lock_guard lock(mutex_);
  const auto found = told_.find(device);
  return found == told_.end() ? std::nullopt : std::optional(found->second.second);
}

}  // namespace luy::release
