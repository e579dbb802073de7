// What an endpoint states about itself, as typed documents. The agent writes them, the hub reads them: one definition,
// so the two cannot drift apart. A fact travels and is kept as JSON; the JSON bytes are the evidence, this is their
// meaning.
//
//   {"fact":"updates","version":1,"collected_at":"2026-11-22T03:04:05.000000Z","method":"libapt-pkg","body":{…}}
//
// Reading is strict: unknown fact, key or version, a key that comes twice, wrong type, missing key (unless optional),
// text over text_bytes_max or a list over items_max is an error; nothing is guessed. Times are UTC.
// docs/format/facts.md is generated from this header's tables (fact/describe.h).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/clock.h"
#include "base/result.h"

namespace luy::fact {

inline constexpr ErrorKind malformed{
    "fact.malformed", ErrorClass::invalid,
    "Dữ liệu do máy trạm gửi không đúng khuôn dạng: {}. Hãy cập nhật phần mềm luy-agent.",
    "An endpoint's fact is malformed: {}. Update luy-agent."};

inline constexpr std::int64_t version = 1;
inline constexpr std::size_t document_bytes_max = 1 << 20;  // The same as one evidence record (event/batch.h).
inline constexpr std::size_t text_bytes_max = 4096;
inline constexpr std::size_t items_max = 20'000;

// Stable identity: the keys are SHA-256 over a fixed label and the machine's own number, so that the numbers themselves
// (which software vendors also use) stay on the machine. `key` is what the hub recognises a machine by.
struct Identity {
  std::string key;  // 64 hexadecimal digits: hash of machine-id and, where readable, product UUID and board serial.
  std::string hostname;
  std::string fqdn;
  bool operator==(const Identity&) const = default;
};

struct Os {
  std::string id;  // os-release ID: "debian".
  std::string version_id;
  std::string pretty_name;
  std::string kernel;
  std::string architecture;
  std::optional<Time> booted_at;
  bool operator==(const Os&) const = default;
};

struct Hardware {
  std::string vendor;
  std::string model;
  std::string
      chassis;  // "server", "desktop", "laptop", "virtual", "other" or "unknown" (SMBIOS type, DMTF DSP0134 7.4.1).
  std::string cpu_model;
  std::int64_t cpus = 0;
  std::int64_t memory_bytes = 0;
  bool battery = false;
  bool operator==(const Hardware&) const = default;
};

struct Package {
  std::string name;
  std::string version;
  std::string architecture;
  std::optional<Time> installed_at;           // From the package manager's log or files, where known.
  std::optional<std::string> installed_by{};  // Who asked for it, by the same log.
  // Of the source package, where it is not the same as name and version: what vulnerabilities are listed by.
  std::optional<std::string> source{};
  std::optional<std::string> source_version{};
  bool operator==(const Package&) const = default;
};
struct Packages {
  std::string manager;  // "dpkg".
  std::vector<Package> packages;
  bool operator==(const Packages&) const = default;
};

struct PendingUpdate {
  std::string package;
  std::string installed;
  std::string offered;
  std::string archive;  // For example "bookworm-security".
  // When this agent first saw this version or a newer one offered, and no later than the date of the list that held it.
  Time first_offered;
  bool operator==(const PendingUpdate&) const = default;
};
// Security updates that the agent itself applies in a maintenance window.
struct PatchWindow {
  std::string state;               // "off", "idle", "waiting", "running", "failed".
  std::string because;             // Of waiting and failed; else empty.
  std::optional<Time> started_at;  // Of the newest.
  std::optional<Time> ended_at;
  std::int64_t installed = 0;  // Packages, by the newest.
  std::string restart;         // "none", "due", "planned".
  std::optional<Time> restart_at;
  bool operator==(const PatchWindow&) const = default;
};
struct Updates {
  bool lists_present = false;
  std::optional<Time> lists_date;         // Newest Date: of the security archive's Release file.
  std::optional<Time> lists_valid_until;  // Its Valid-Until:.
  std::vector<PendingUpdate> security;
  std::int64_t other_count = 0;  // Pending updates that are not security updates.
  bool restart_required = false;
  // Why `security` and `other_count` could not be learnt; then they are empty.
  std::optional<std::string> unknown_because{};
  std::optional<PatchWindow> window{};
  bool operator==(const Updates&) const = default;
};

inline constexpr std::size_t quarantine_told_max = 200;

struct AntivirusProduct {
  std::string name;  // "ClamAV".
  std::string version;
  bool running = false;
  std::optional<Time> signatures_date;  // As the product's own database says.
  std::optional<Time> last_full_scan;   // End of the last finished full scan.
  std::optional<std::int64_t> last_scan_infected;
  std::optional<bool> scans_readable{};  // False: a log of scans could not be read, so there may be later ones.
  bool operator==(const AntivirusProduct&) const = default;
};
// The weekly scan that the agent itself runs with ClamAV.
struct AntivirusScan {
  std::string state;               // "off", "idle", "running", "waiting".
  std::string because;             // Of waiting: "window", "battery", "load", "clamd"; else empty.
  std::optional<Time> started_at;  // Of the one under way, else of the newest.
  std::optional<Time> ended_at;    // Of the newest that went through to its end.
  std::optional<Time> due_at;      // By when the next one ought to have ended.
  // Of the one under way, else of the newest.
  std::int64_t files = 0;
  std::int64_t bytes = 0;
  std::int64_t infected = 0;
  std::int64_t unread = 0;  // Files that could not be scanned: too large, unreadable, gone meanwhile.
  bool operator==(const AntivirusScan&) const = default;
};
struct QuarantinedFile {
  std::string item;  // How orders name it.
  std::string path;  // Where it was found.
  std::string sha256;
  std::string signature;
  std::string owner;  // User name, or its number.
  std::int64_t bytes = 0;
  Time at;
  bool operator==(const QuarantinedFile&) const = default;
};
struct Antivirus {
  std::vector<AntivirusProduct> products;
  std::optional<AntivirusScan> scan{};
  std::optional<std::vector<QuarantinedFile>> quarantine{};  // The newest quarantine_told_max.
  bool operator==(const Antivirus&) const = default;
};

struct Account {
  std::string name;
  std::int64_t uid = 0;
  std::string shell;
  // Has a login shell, is not expired, and its password is not locked or a key lets it in; where shadow(5) cannot be
  // read, only the shell is known.
  bool can_log_in = false;
  std::string password;     // "set", "none" (empty: logs in without one), "locked", "unknown".
  std::string hash_method;  // "yescrypt", "sha512", "sha256", "md5", "des", … or "".
  std::optional<Time> password_changed_at;
  std::optional<std::int64_t> password_days_max;  // shadow(5) maximum age; absent = none set.
  bool must_change_password = false;              // shadow(5) last change = 0.
  std::optional<Time> last_login;
  bool administrator = false;  // uid 0, or member of sudo, wheel or admin.
  // Public keys by which sshd lets it in (AuthorizedKeysFile); absent = they could not be counted.
  std::optional<std::int64_t> login_keys{};
  bool operator==(const Account&) const = default;
};
struct Accounts {
  bool shadow_readable = false;
  std::vector<Account> accounts;
  bool operator==(const Accounts&) const = default;
};

struct Socket {
  std::string protocol;  // "tcp", "tcp6", "udp", "udp6".
  std::string address;
  std::int64_t port = 0;
  std::string process;  // "" where it cannot be known.
  bool operator==(const Socket&) const = default;
};
struct Listening {
  std::vector<Socket> sockets;
  bool operator==(const Listening&) const = default;
};

struct Firewall {
  std::string backend;  // "nftables", "iptables", "none" or "unknown".
  bool active = false;  // A rule or policy that can refuse input is loaded.
  std::int64_t rules = 0;
  bool operator==(const Firewall&) const = default;
};

struct Volume {
  std::string mount;
  std::string device;
  std::string file_system;
  std::int64_t size_bytes = 0;
  std::int64_t free_bytes = 0;
  bool encrypted = false;  // A dm-crypt layer lies below it.
  bool removable = false;
  bool operator==(const Volume&) const = default;
};
struct Disks {
  std::vector<Volume> volumes;
  bool operator==(const Disks&) const = default;
};

struct Interface {
  std::string name;
  std::string kind;  // "ethernet", "wifi", "virtual", "loopback", "other".
  std::string mac;
  bool up = false;
  std::vector<std::string> addresses;  // "192.0.2.2/24".
  bool operator==(const Interface&) const = default;
};
struct Route {
  std::string destination;  // "0.0.0.0/0", "::/0" or a prefix.
  std::string gateway;      // "" on the link.
  std::string interface;
  bool operator==(const Route&) const = default;
};
struct Interfaces {
  std::vector<Interface> interfaces;
  std::vector<Route> routes;
  bool operator==(const Interfaces&) const = default;
};

struct WifiNetwork {
  std::string ssid;
  std::string interface;
  std::string security;  // "open", "wep", "wpa", "wpa2", "wpa3", "unknown".
  bool connected = false;
  std::optional<std::string> key_fingerprint;  // Keyed hash, never the key: changes when the key does.
  std::optional<Time> key_changed_at;          // When this agent saw the fingerprint change.
  std::optional<std::string> bssid{};          // Of the access point it is connected to.
  bool operator==(const WifiNetwork&) const = default;
};
// A network in the air, whether or not the machine knows it.
struct SeenNetwork {
  std::string ssid;  // "" where it is hidden.
  std::string bssid;
  std::string security;  // As WifiNetwork.
  std::optional<std::int64_t> signal_dbm;
  bool operator==(const SeenNetwork&) const = default;
};
struct Wifi {
  bool hardware_present = false;
  std::vector<WifiNetwork> networks;
  std::optional<std::vector<SeenNetwork>> seen{};  // Absent = the air could not be looked at.
  bool operator==(const Wifi&) const = default;
};

struct Domain {
  std::string kind;  // "none", "active-directory", "ldap", "freeipa"; "unknown" where it could not be read.
  std::string name;
  bool operator==(const Domain&) const = default;
};

struct Share {
  std::string service;  // "samba", "nfs".
  std::string name;
  std::string path;
  bool writable = false;
  bool guest = false;
  bool operator==(const Share&) const = default;
};
struct Shares {
  bool server_running = false;
  std::vector<Share> shares;
  bool operator==(const Shares&) const = default;
};

struct TimeSync {
  bool synchronised = false;
  std::string service;  // "systemd-timesyncd", "chrony", "ntpsec", "none".
  bool operator==(const TimeSync&) const = default;
};

// The agent about itself, since its last report of this kind.
struct Agent {
  std::string version;
  Time started_at;
  std::int64_t period_seconds = 0;
  double cpu_percent = 0;  // Of one core, averaged over the period.
  std::int64_t rss_bytes = 0;
  bool throttled = false;
  std::int64_t spool_bytes = 0;
  std::int64_t spool_bytes_max = 0;
  std::int64_t records_dropped = 0;             // Since the agent started: the spool was full.
  std::optional<std::string> program_sha256{};  // Of the program's file as it was when it started.
  // The newest update of the agent by itself: "held" (the version above runs), "rolled_back", "refused".
  std::optional<std::string> update_state{};
  std::optional<std::string> update_version{};  // Which version that was about.
  std::optional<std::string> update_because{};
  bool operator==(const Agent&) const = default;
};

// What one hardening check found (docs/format/checks.md). Never a secret.
struct CheckResult {
  std::string check;                    // Its id.
  std::string state;                    // "right", "wrong", "unknown", "not_applicable".
  std::optional<std::string> found{};   // The value.
  std::optional<std::string> file{};    // Where it stands, or what could not be read.
  std::optional<std::int64_t> line{};   // From 1.
  std::optional<std::string> reason{};  // A word for why it is unknown or does not apply.
  bool operator==(const CheckResult&) const = default;
};
struct Hardening {
  std::string catalogue;  // Digest of the checks that ran; "" when none could.
  std::vector<CheckResult> results;
  // Why no check could run; then there are no results.
  std::optional<std::string> unknown_because{};
  bool operator==(const Hardening&) const = default;
};

inline constexpr std::size_t refused_told_max = 200;

// Software that no approval covers, met by a gate.
struct RefusedSoftware {
  std::string act;       // "install", "execute".
  std::string name;      // The package, or the path of the program.
  std::string version;   // Of a package.
  std::string sha256;    // Of a program's content; "" where it could not be read.
  std::string user;      // Its name, or its number.
  bool refused = false;  // False: seen, and let through.
  std::int64_t times = 0;
  Time at;  // The newest.
  bool operator==(const RefusedSoftware&) const = default;
};
struct SoftwareGate {
  std::string install;                   // "off", "watch", "refuse", "failed".
  std::string execute;                   // "off", "audit", "deny", "fapolicyd", "failed".
  std::optional<std::string> because{};  // Why a gate is not as the policy has it.
  std::int64_t trusted = 0;              // Programs and libraries that may be executed.
  std::vector<RefusedSoftware> refused;  // The newest refused_told_max.
  bool operator==(const SoftwareGate&) const = default;
};

struct RemovableDevice {
  std::string serial;  // "" where it has none.
  std::string vendor;
  std::string model;
  std::int64_t bytes = 0;
  bool present = false;
  std::string decision;  // "allowed", "refused", "watched".
  Time seen_at;          // Last plugged in.
  bool operator==(const RemovableDevice&) const = default;
};
struct Removable {
  std::string mode;                      // "off", "watch", "refuse", "unsupported" (the kernel has no USB).
  std::vector<RemovableDevice> devices;  // The newest refused_told_max.
  bool operator==(const Removable&) const = default;
};

// One backup set at one of its targets.
struct BackupRun {
  std::string set;                   // As the policy names it.
  std::string kind;                  // "logs", "sqlite", "postgresql", "mariadb", "files".
  std::string target;                // "disk", "hub", "medium".
  std::string place;                 // Id of the medium, or of the repository.
  std::string state;                 // "idle", "running", "waiting", "failed".
  std::string because;               // Of waiting and failed: a name of an error or condition; else empty.
  std::int64_t percent = 0;          // Of the one under way.
  std::optional<Time> started_at;    // Of the one under way, else of the newest.
  std::optional<Time> ended_at;      // Of the newest, however it ended.
  std::optional<Time> succeeded_at;  // Of the newest that holds everything and was read back.
  std::optional<Time> due_at;
  std::optional<std::string> snapshot;  // Of the one that succeeded, as its files, bytes.
  std::int64_t files = 0;
  std::int64_t bytes = 0;
  std::int64_t bytes_added = 0;
  std::optional<Time> plugged_at{};    // Of a medium: when it was last there,
  std::optional<Time> unplugged_at{};  // and when it was last seen gone.
  bool operator==(const BackupRun&) const = default;
};
// A restore into a scratch place, compared with what was backed up.
struct RestoreDrill {
  std::string set;
  std::string target;
  std::string place;
  std::string snapshot;
  Time started_at;
  Time ended_at;
  bool passed = false;
  std::string because;     // Why not; else empty.
  std::int64_t files = 0;  // Restored,
  std::int64_t bytes = 0;
  std::int64_t differing = 0;  // and of these not as they were backed up.
  std::int64_t missing = 0;
  std::int64_t databases = 0;  // Opened and checked.
  std::string report_sha256;   // Of the list of files with their hashes, which the agent keeps.
  bool operator==(const RestoreDrill&) const = default;
};
inline constexpr std::size_t drills_told_max = 50;
struct Backup {
  std::string tool;  // "restic 0.14.0"; "" where it is not installed.
  std::vector<BackupRun> runs;
  std::vector<RestoreDrill> drills;  // The newest drills_told_max.
  bool operator==(const Backup&) const = default;
};

// Another machine on a network of this one, with or without an agent.
struct Neighbour {
  std::string address;
  std::string mac;     // "" where it cannot be known.
  std::string name;    // "" where it tells none.
  std::string source;  // "arp", "ndp", "mdns", "snmp".
  std::string interface;
  std::string description;  // What it says of itself (SNMP sysDescr, mDNS service); else empty.
  Time seen_at;
  bool operator==(const Neighbour&) const = default;
};
struct Neighbours {
  std::vector<Neighbour> neighbours;
  bool operator==(const Neighbours&) const = default;
};

// The order is the order of the names in fact.cc and of docs/format/facts.md; `kind()` is the variant's index.
using Body =
    std::variant<Identity, Os, Hardware, Packages, Updates, Antivirus, Accounts, Listening, Firewall, Disks, Interfaces,
                 Wifi, Domain, Shares, TimeSync, Agent, Hardening, SoftwareGate, Removable, Backup, Neighbours>;

enum class Kind : std::uint8_t {
  identity,
  os,
  hardware,
  packages,
  updates,
  antivirus,
  accounts,
  listening,
  firewall,
  disks,
  interfaces,
  wifi,
  domain,
  shares,
  time_sync,
  agent,
  hardening,
  software_gate,
  removable,
  backup,
  neighbours,
};
inline constexpr std::size_t kind_count = std::variant_size_v<Body>;

std::string_view name_of(Kind kind);
std::optional<Kind> kind_from_name(std::string_view name);

struct Fact {
  Time collected_at;
  std::string method;  // How it was learnt, for the proof page: "libapt-pkg", "/etc/shadow", "statvfs".
  Body body;
  Kind kind() const { return static_cast<Kind>(body.index()); }
  bool operator==(const Fact&) const = default;
};

// One line of JSON, keys in the order of the structs, absent optionals left out: equal facts give equal bytes. Always
// valid JSON: ill-formed UTF-8 becomes U+FFFD, texts are cut at text_bytes_max, a number that is not finite becomes 0.
// Lists are not cut: the caller keeps to items_max and checks the size of the result against document_bytes_max.
std::string to_json(const Fact& fact);
// Only the body, for comparing content and for the API.
std::string body_to_json(const Body& body);

// Errors: fact.malformed, naming the place ("body.security[3].offered").
Result<Fact> from_json(std::string_view json);

}  // namespace luy::fact
