// Devices, their facts over time, their software and its approvals, and the wireless networks. Keeps what it is told;
// asks no endpoint anything and judges no duty.
//
// Threads: every function from any thread. Writers wait for one another; readers take published states and never wait
// for the disk. What a call changed is committed (records: fsync) when it returns, and only then told to `changed`.
// Times: `received` is the hub's clock at receipt, everything else says its own.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/id.h"
#include "base/random.h"
#include "base/result.h"
#include "fact/fact.h"
#include "inventory/approval.h"
#include "inventory/device.h"
#include "records/database.h"

namespace luy::inventory {

inline constexpr ErrorKind device_unknown{"inventory.device_unknown", ErrorClass::not_found,
                                          "Không có thiết bị {} trong sổ thiết bị.",
                                          "There is no device {} in the inventory."};
inline constexpr ErrorKind device_in_other_agency{
    "inventory.device_in_other_agency", ErrorClass::conflict,
    "Máy này đã được ghi nhận ở một cơ quan khác: {}. Hãy đề nghị cơ quan đó bàn giao thiết bị trước khi kết nối lại.",
    "This machine is already registered in another agency: {}. Have that agency hand it over before enrolling it "
    "again."};
inline constexpr ErrorKind device_invalid{"inventory.device_invalid", ErrorClass::invalid,
                                          "Thông tin thiết bị không hợp lệ: {}.",
                                          "The device's record is not valid: {}."};
inline constexpr ErrorKind approval_unknown{"inventory.approval_unknown", ErrorClass::not_found,
                                            "Không có phê duyệt phần mềm {}.", "There is no software approval {}."};
inline constexpr ErrorKind approval_invalid{"inventory.approval_invalid", ErrorClass::invalid,
                                            "Phê duyệt phần mềm không hợp lệ: {}.",
                                            "The software approval is not valid: {}."};
inline constexpr ErrorKind nothing_installed{
    "inventory.nothing_installed", ErrorClass::conflict,
    "Thiết bị {} chưa gửi danh sách phần mềm, nên chưa có gì để phê duyệt.",
    "The device {} has not reported its software yet, so there is nothing to approve."};
inline constexpr ErrorKind wifi_invalid{"inventory.wifi_invalid", ErrorClass::invalid,
                                        "Thông tin mạng không dây không hợp lệ: {}.",
                                        "The wireless network's record is not valid: {}."};

// What changed, told after the commit to whoever judges by it.
struct Change {
  struct OfDevice {
    DeviceId device;
    TopicSet topics;   // Newly reported facts, even with the same content: what rests on them is fresher now.
    TopicSet content;  // The part of `topics` whose content is different.
  };
  std::vector<OfDevice> devices;
  std::vector<AgencyId> wifi_agencies;  // Whose list of wireless networks changed.
  bool empty() const { return devices.empty() && wifi_agencies.empty(); }
};

// One fact record as it lies in the evidence.
struct ReceivedFact {
  DeviceId device;  // From the certificate, never from the document.
  std::uint64_t seq = 0;
  Time received;
  std::string_view json;  // As received; a malformed one is counted and skipped.
};

// Facts of one device that were refused.
struct Rejected {
  std::uint64_t count = 0;
  std::uint64_t last_seq = 0;
  std::string last_error;  // English, with the place in the document.
};

struct Enrolled {
  DeviceId device;
  bool existed = false;  // The same machine enrolled before: same id, its facts and verdicts go on.
};

// A device that has no agent: a switch, a firewall, a printer.
struct NewDevice {
  DeviceId id;  // Fresh.
  AgencyId agency;
  std::string name;  // 1 to device_name_bytes_max bytes.
  DeviceClass device_class = DeviceClass::other;
};

struct DeviceEdit {
  std::optional<DeviceClass> device_class;
  std::optional<std::string> place;
  std::optional<std::string> person_in_charge;
  std::optional<std::optional<PersonId>> person{};  // nullopt within: nobody any more.
};

// One installed package with how it stands.
struct InstalledPackage {
  std::string name;
  std::string version;
  std::string architecture;
  std::optional<Time> installed_at;
  Time first_seen;
  std::optional<ApprovalId> approval;  // The one that covers it; nullopt = unapproved.
  std::optional<std::string> offered;  // A newer version that is offered.
  // The source package and its version, where the agent tells them: what vulnerabilities are listed by.
  std::optional<std::string> source{};
  std::optional<std::string> source_version{};
  bool security = false;        // Whether that is a security update.
  std::string installed_by{};   // Who asked for it, by the package manager's log; empty: not known.
  std::optional<Time> ended{};  // Unapproved because the approval that covered it ended then.
};

// One product over a set of devices.
struct Product {
  std::string name;
  std::vector<std::string> versions;  // Sorted as text.
  std::size_t devices = 0;
  std::size_t approved_devices = 0;  // Of these, those on which every installed version is covered.
  Time first_seen;
};

struct NewApproval {
  AgencyId agency;
  struct Item {
    std::string product;
    std::string versions = "*";
  };
  std::vector<Item> items;
  std::vector<DeviceClass> classes;
  std::optional<Day> expires_on;
  std::string note;
  std::string approved_by;
  std::optional<Licence> licence{};
};

// What clients say of a recorded change of a network's key, by the fingerprints of the keys they hold.
enum class KeyProof : std::uint8_t {
  none,      // No change is on record.
  recorded,  // No client could say anything of it.
  proved,    // A client's key was seen to change that day or later, or on the day before.
  unproved,  // Clients hold the key of before, and none another.
};
std::string_view name_of(KeyProof proof);

// A wireless network of an agency: registered by a person, or seen because a device was connected to it.
struct WifiNetwork {
  AgencyId agency;
  std::string ssid;
  bool registered = false;
  std::optional<Time> registered_at;
  std::string
      security;  // What a device saw last; else what was registered: "open", "wep", "wpa", "wpa2", "wpa3", "unknown".
  std::optional<Time> key_changed_at;  // The later of the recorded day and what an agent saw.
  std::vector<DeviceId> seen_on;       // Devices connected within wifi_seen_days.
  std::optional<Time> last_seen;
  std::uint64_t last_seq = 0;  // Evidence number of the fact that saw it; meaningless without last_seen.
  std::string method;          // Of that fact.
  std::string note;
  std::string place;                  // Where its access points stand,
  std::string owner;                  // and who answers for them.
  std::vector<std::string> bssids{};  // Of its access points; empty: not on record.
  // The day on which somebody recorded that the key was changed, and what the clients say of it. One that stays
  // unproved does not count: `key_changed_at` is what was known before it.
  std::optional<Day> recorded_on{};
  KeyProof key_proof = KeyProof::none;
  std::size_t clients_changed = 0;  // Clients whose key was seen to change since that day,
  std::size_t clients_behind = 0;   // and those that have the key of before still.
};
// A network nobody has used for as long as a key may live (article 6.1.d: three months) is no longer listed, unless
// it is registered.
inline constexpr std::chrono::days wifi_seen_days{92};

struct WifiEdit {
  AgencyId agency;
  std::string ssid;
  std::string security;
  std::optional<Day> key_changed_on;
  std::string note;
  std::string place{};
  std::string owner{};
  std::vector<std::string> bssids{};  // "02:00:00:00:00:0a", at most bssids_max.
};
inline constexpr std::size_t bssids_max = 64;

// A device states another identity than the one it was enrolled with.
struct IdentityClaim {
  DeviceId device;
  AgencyId agency;
  std::string enrolled_key;
  std::string claimed_key;
  std::uint64_t seq = 0;  // Of the fact.
};

struct Dependencies {
  records::Database& database;
  const Clock& clock;
  Random& random;
  // The agency itself and its superiors, nearest first. Thread-safe; must not call the inventory.
  std::function<std::vector<AgencyId>(const AgencyId&)> lineage;
  // Called on the calling thread after a commit; must only hand over. May be empty.
  std::function<void(const Change&)> changed;
  // Leaves a claim in the audit trail, within the transaction that stores the fact. May be empty.
  std::function<Result<void>(records::Connection&, const IdentityClaim&)> note_claim{};
};

// The tables of this module, for records::open_sqlite().
std::span<const records::Migration> migrations();

// For a hub whose evidence was lost, while no Inventory is open. How far the evidence was applied:
Result<std::uint64_t> applied_records(records::Connection& connection);
// Forgets what rested on it: facts, lists of software, sightings, how far it was applied. Devices, approvals and
// registered networks stay, and so does the history of changes, without its evidence.
Result<void> forget_evidence(records::Connection& connection);

// The fact as the document it came in, for fact::from_json(); of packages without the list.
std::string as_document(const StoredFact& fact);

// What else belongs into the transaction of an act: its entry in the audit trail. May be empty.
using InTransaction = std::function<Result<void>(records::Connection&)>;

class Inventory {
 public:
  // Loads the present states. Errors: those of the database.
  static Result<std::unique_ptr<Inventory>> open(Dependencies dependencies);
  virtual ~Inventory() = default;

  // A machine joins an agency. Recognised by identity.key among devices that are not retired.
  // Errors: device_in_other_agency; those of the database.
  virtual Result<Enrolled> enrol(const AgencyId& agency, const fact::Identity& identity, const fact::Os& os,
                                 const fact::Hardware& hardware) = 0;

  // Stores facts in the order given, in one transaction with `next_seq`: the number of the first evidence record that
  // this and all earlier calls do not cover. Facts below the stored next_seq() were applied before and are skipped,
  // so that a replay changes nothing; a fact collected before the one held is skipped too; one of an unknown or
  // retired device and a malformed one are skipped and counted. With no facts nothing is written until the next
  // call that writes, or flush().
  // Errors: those of the database; then nothing of the call is stored.
  virtual Result<Change> apply(std::span<const ReceivedFact> facts, std::uint64_t next_seq) = 0;
  virtual std::uint64_t next_seq() const = 0;

  // Something arrived from the device: kept in memory at once, on disk with the next write or flush(). Not told to
  // `changed`: the caller knows.
  virtual void seen(const DeviceId& device, Time received, std::uint64_t seq) = 0;
  // Writes what apply() and seen() hold back, if the last write is flush_period ago; call it from a timer and, with
  // `now_please`, before the end.
  virtual Result<void> flush(bool now_please = false) = 0;
  static constexpr std::chrono::seconds flush_period{30};

  // Re-evaluates approvals whose term ended since the last call; tells `changed`, too.
  virtual Result<Change> expire() = 0;

  virtual StatePointer state(const DeviceId& device) const = 0;  // Null when unknown; retired ones are known.
  virtual std::vector<StatePointer> states() const = 0;          // Living devices, in order of id.
  virtual Rejected rejected(const DeviceId& device) const = 0;
  // Errors of both: those of the database. Newest first, at most `limit`.
  virtual Result<std::vector<StoredFact>> facts(const DeviceId& device) const = 0;
  virtual Result<std::vector<HistoryEntry>> history(const DeviceId& device, std::size_t limit) const = 0;
  // The names of its packages in order, each once, with whether approvals cover all versions of it; from memory. Empty
  // where nothing was told.
  struct NamedPackage {
    std::string name;
    bool approved = false;
  };
  virtual std::vector<NamedPackage> package_names(const DeviceId& device) const = 0;
  // All of the device's packages in order of name. Errors: device_unknown; those of the database.
  virtual Result<std::vector<InstalledPackage>> software(const DeviceId& device) const = 0;
  // All products on the devices for which `visible` is true, in order of name.
  virtual std::vector<Product> products(const std::function<bool(const Device&)>& visible) const = 0;

  // Takes down a device that has no agent: what is known of it is what people say. Errors: device_invalid; those of the
  // database.
  // Of this and all acts below: `also` runs in the transaction of the act, and when it fails nothing was done.
  virtual Result<StatePointer> add(const NewDevice& device, const InTransaction& also = {}) = 0;
  // Errors: device_unknown; those of the database.
  virtual Result<StatePointer> edit(const DeviceId& device, const DeviceEdit& edit, const InTransaction& also = {}) = 0;
  virtual Result<void> retire(const DeviceId& device, const InTransaction& also = {}) = 0;
  // From now on the device is another agency's: its approvals are those that hold there. What it reported before stays
  // filed under the agency that it was. Nothing happens when it is there already. Errors: as edit().
  virtual Result<StatePointer> hand_over(const DeviceId& device, const AgencyId& agency,
                                         const InTransaction& also = {}) = 0;

  // Living approvals, in order of product, then of age.
  virtual std::vector<Approval> approvals() const = 0;
  virtual std::optional<Approval> approval(const ApprovalId& id) const = 0;  // Also a withdrawn one.
  // Errors: approval_invalid (a version pattern, a term that has ended); those of the database.
  using ApprovalsInTransaction = std::function<Result<void>(records::Connection&, const std::vector<Approval>&)>;
  virtual Result<std::vector<Approval>> approve(const NewApproval& approval,
                                                const ApprovalsInTransaction& also = {}) = 0;
  // Approves, in the device's agency and at the installed version's name with any version, everything on the device
  // that no approval covers, but for the products in `except`. Errors: device_unknown, nothing_installed; as approve().
  virtual Result<std::vector<Approval>> approve_baseline(const DeviceId& device, const std::string& note,
                                                         std::optional<Day> expires_on, const std::string& approved_by,
                                                         const ApprovalsInTransaction& also = {},
                                                         const std::set<std::string>& except = {}) = 0;
  // Errors: approval_unknown (also when withdrawn already); those of the database.
  virtual Result<void> withdraw(const ApprovalId& id, const InTransaction& also = {}) = 0;

  // Registered or seen, in order of agency, then of name.
  virtual std::vector<WifiNetwork> wifi() const = 0;
  // Registers a network or changes its record. Errors: wifi_invalid; those of the database.
  virtual Result<void> record_wifi(const WifiEdit& edit, const InTransaction& also = {}) = 0;
};

}  // namespace luy::inventory
