// The releases of luy-agent that the hub holds: packages that the release key signed, the key and those after it, which
// ring of devices each goes to, what devices run and what became of updates. docs/format/release.md, docs/adr/0249.
//
// A release is brought in by one person and agreed by another; then it goes to single devices, and further only when
// one of those runs it. The first device that went back stops it until a person says otherwise.
//
// Thread-safe.
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

#include "base/clock.h"
#include "base/id.h"
#include "base/random.h"
#include "device_policy/release.h"
#include "directory/audit.h"
#include "directory/pending.h"
#include "records/database.h"
#include "release/package.h"

namespace luy::release {

using ReleaseId = Id<struct AgentReleaseTag>;

inline constexpr ErrorKind release_unknown{"release.unknown", ErrorClass::not_found,
                                           "Không có bản phát hành luy-agent {}.",
                                           "There is no release of luy-agent {}."};
inline constexpr ErrorKind release_older{
    "release.older", ErrorClass::conflict, "Không lùi phiên bản: máy chủ đã giữ luy-agent {}. Chỉ nhập bản mới hơn.",
    "There is no way back: the hub holds luy-agent {} already. Bring in a newer one only."};
inline constexpr ErrorKind key_missing{
    "release.key_missing", ErrorClass::conflict,
    "Chưa khai báo khóa phát hành nên chưa nhận được bản luy-agent nào. Hãy khai báo khóa và nhờ người thứ hai đồng ý.",
    "No release key is registered yet, so no release can be taken. Register it, and have a second person agree."};
inline constexpr ErrorKind key_invalid{"release.key_invalid", ErrorClass::invalid, "Khóa phát hành chưa hợp lệ: {}.",
                                       "The release key is not valid: {}."};
inline constexpr ErrorKind architecture_unknown{
    "release.architecture_unknown", ErrorClass::invalid,
    "Không có máy nào dùng kiến trúc {}. luy-agent có cho amd64 và arm64.",
    "No machine has the architecture {}. luy-agent is made for amd64 and arm64."};
inline constexpr ErrorKind release_invalid{"release.invalid", ErrorClass::invalid, "Bản phát hành chưa hợp lệ: {}.",
                                           "The release is not valid: {}."};
inline constexpr ErrorKind not_agreed{"release.not_agreed", ErrorClass::conflict,
                                      "Bản luy-agent {} chưa được người thứ hai đồng ý.",
                                      "The release of luy-agent {} was not agreed to by a second person yet."};
inline constexpr ErrorKind ring_unproven{
    "release.ring_unproven", ErrorClass::conflict,
    "Chưa mở rộng được: {}. Hãy chạy trên một vài máy trước và chờ máy báo đã cập nhật.",
    "It cannot go further yet: {}. Begin with a few devices, and wait until one of them runs it."};
inline constexpr ErrorKind withdrawn{"release.withdrawn", ErrorClass::conflict, "Bản luy-agent {} đã được rút lại.",
                                     "The release of luy-agent {} was withdrawn."};

inline constexpr std::string_view agree_act = "agent_release_agreed";
inline constexpr std::string_view key_act = "agent_release_key";
inline constexpr std::size_t piece_bytes = 512 << 10;  // An answer of the hub to an agent.
inline constexpr std::size_t places_max = 200;         // Devices or agencies of a ring.
inline constexpr std::size_t text_bytes_max = 2000;
inline constexpr std::int64_t patience_seconds_default = 15 * 60;
inline constexpr std::size_t releases_listed_max = 200;

// From the fewest to all; nothing goes back but by withdrawing.
enum class Ring : std::uint8_t { none, devices, agencies, all };
std::string_view name_of(Ring ring);
std::optional<Ring> ring_from_name(std::string_view name);

struct KeptRelease {
  ReleaseId id;
  device_policy::Release release;
  std::string statement;
  std::string notes;  // What is new, as who brought it in says.
  std::string brought_by;
  Time brought_at{};
  std::string agreed_by;  // Empty: nobody yet.
  std::optional<Time> agreed_at;
  Ring ring = Ring::none;
  std::vector<std::string> places;  // Ids of devices or agencies, by the ring.
  std::string ring_by;
  std::string ring_reason;
  std::optional<Time> ring_at;
  std::int64_t attempt = 1;  // Grows when a stopped roll-out goes on.
  std::int64_t patience_seconds = patience_seconds_default;
  std::optional<Time> withdrawn_at;
  std::string withdrawn_by;
  std::string withdraw_reason;
};

struct KeptKey {
  device_policy::KeyStep step;
  std::string added_by;
  Time added_at{};
};

// What a device said last of the version it runs.
struct Runs {
  std::string version;
  std::string architecture;
  Time at{};  // By the hub's clock.
};
// What a device told of an update: {"note":"release_installed", …}.
struct Told {
  std::string result;  // "installing", "installed", "rolled_back", "refused", "waiting", "failed", "not_fetched".
  std::string from;
  std::string to;  // Empty where it was refused before it was known.
  std::string code;
  std::string why;
  Time at{};        // By the device's clock.
  Time taken_at{};  // By the hub's.
};

class Book {
 public:
  struct Dependencies {
    records::Database& database;
    directory::AuditTrail& audit;
    directory::PendingActs& acts;
    const Clock& clock;
    Random& random;
    std::filesystem::path folder;  // Of the packages; the book's own.
    order::Verify verify;
    ReadPackage read_package;
  };
  // Registers its kinds of acts. Errors: those of the database; file errors.
  static Result<std::unique_ptr<Book>> open(Dependencies dependencies);

  struct NewKey {
    std::string key;        // 32 bytes.
    std::string signature;  // By the key before; empty of the first.
    std::string by;         // Display name.
  };
  // Takes two people. Errors: key_invalid, those of the act.
  Result<directory::Proposed> add_key(const directory::Caller& caller, const AgencyId& town, const NewKey& wanted);
  std::vector<KeptKey> keys() const;  // The first one first; the last one signs.

  struct NewRelease {
    std::filesystem::path file;
    std::string statement;
    std::string notes;
    std::string by;
  };
  // The act "agent_release_brought". Errors: key_missing, device_policy::release_malformed, release_not_signed,
  // release_invalid, architecture_unknown, release_older, package_invalid, those of the database. Then everything is as
  // before.
  Result<KeptRelease> bring(const directory::Caller& caller, const AgencyId& town, const NewRelease& wanted);
  // Asks for the second person's agreement. Errors: release_unknown, withdrawn, those of the act.
  Result<directory::Proposed> ask_agreement(const directory::Caller& caller, const AgencyId& town, const ReleaseId& id,
                                            const std::string& by);

  struct NewRing {
    Ring ring = Ring::none;
    std::vector<std::string> places;
    std::int64_t patience_seconds = patience_seconds_default;
    std::string reason;
    std::string by;
  };
  // The act "agent_release_ring"; goes on with a roll-out that stopped, too. Errors: release_unknown, not_agreed,
  // withdrawn, ring_unproven, release_invalid.
  Result<KeptRelease> set_ring(const directory::Caller& caller, const AgencyId& town, const ReleaseId& id,
                               const NewRing& wanted);
  // The act "agent_release_withdrawn": goes to nobody any more. Errors: release_unknown, withdrawn, release_invalid.
  Result<void> withdraw(const directory::Caller& caller, const AgencyId& town, const ReleaseId& id,
                        const std::string& reason, const std::string& by);

  std::vector<KeptRelease> releases() const;  // The newest first.
  std::optional<KeptRelease> find(const ReleaseId& id) const;
  // Devices whose update to it went wrong since its ring was set: while there are any, nobody else begins.
  std::vector<DeviceId> stopped_by(const KeptRelease& release) const;
  std::size_t running(const KeptRelease& release) const;  // Devices that said they run it.

  // What a device that runs `version` is to run, and notes that it asked. `above`: its agency and those above. Errors:
  // those of the database.
  Result<std::optional<device_policy::WantedRelease>> wanted_by(const DeviceId& device,
                                                                const std::vector<AgencyId>& above,
                                                                const std::string& version,
                                                                const std::string& architecture);
  // The bytes from there on, at most piece_bytes, of a package that a device may get. Errors: release_unknown, file
  // errors.
  Result<std::string> piece(const std::string& sha256, std::int64_t offset) const;
  // Of an agent's note (docs/format/release.md). False: it is none. Twice does no harm. Errors: the database's.
  Result<bool> take(const DeviceId& device, std::string_view note, std::uint64_t seq);

  std::optional<Runs> runs(const DeviceId& device) const;
  std::optional<Told> told(const DeviceId& device) const;
  // The newest agreed release that its ring gives to such a device, whatever it runs.
  std::optional<KeptRelease> meant_for(const DeviceId& device, const std::vector<AgencyId>& above,
                                       const std::string& architecture) const;

 private:
  explicit Book(Dependencies dependencies) : d_(std::move(dependencies)) {}
  Result<void> load();
  Error refuse(const directory::Caller& caller, const AgencyId& town, const char* act, const std::string& version,
               const Error& why) const;
  Result<KeptRelease> checked(const NewRelease& wanted) const;
  void drop_unused() const;
  void forget_memory();
  directory::ActKind agree_kind();
  directory::ActKind key_kind();

  const Dependencies d_;
  std::mutex acts_;           // One import or ring at a time.
  mutable std::mutex mutex_;  // Guards what follows.
  std::vector<KeptRelease> releases_;
  std::vector<KeptKey> keys_;
  std::map<DeviceId, Runs> runs_;
  std::map<DeviceId, std::pair<std::uint64_t, Told>> told_;
};

// What an agent's note says; nullopt: it is not one of a release.
std::optional<Told> read_told(std::string_view note);

// The tables of this module.
std::span<const records::Migration> migrations();

}  // namespace luy::release
