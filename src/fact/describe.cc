#include "fact/describe.h"

#include <type_traits>

#include "fact/codec/members.h"

namespace luy::fact {
namespace {

constexpr std::array<KindInfo, kind_count> table{{
    {Kind::identity, "identity", "Danh tính ổn định và tên của máy.", "The machine's stable identity and names."},
    {Kind::os, "os", "Hệ điều hành, nhân, kiến trúc và thời điểm khởi động.",
     "Operating system, kernel, architecture and time of start."},
    {Kind::hardware, "hardware", "Hãng, kiểu máy, bộ xử lý, bộ nhớ, pin.",
     "Vendor, model, processor, memory, battery."},
    {Kind::packages, "packages", "Phần mềm đã cài đặt và phiên bản.", "Installed software with its versions."},
    {Kind::updates, "updates", "Bản cập nhật đang chờ và độ mới của danh mục gói.",
     "Updates that wait, and how fresh the package lists are."},
    {Kind::antivirus, "antivirus", "Phần mềm chống mã độc: trạng thái, mẫu nhận dạng, lần quét gần nhất.",
     "Antivirus products: state, signatures, last scan."},
    {Kind::accounts, "accounts", "Tài khoản trên máy: mật khẩu, hạn dùng, quyền quản trị.",
     "Accounts of the machine: password state and age, administrator rights."},
    {Kind::listening, "listening", "Cổng mạng đang mở và tiến trình mở cổng.",
     "Open network ports and the process behind each."},
    {Kind::firewall, "firewall", "Tường lửa của máy.", "The machine's own firewall."},
    {Kind::disks, "disks", "Ổ đĩa đang gắn: dung lượng, mã hóa, tháo rời.",
     "Mounted volumes: space, encryption, removable or not."},
    {Kind::interfaces, "interfaces", "Giao diện mạng, địa chỉ và tuyến.", "Network interfaces, addresses and routes."},
    {Kind::wifi, "wifi", "Mạng không dây máy biết hoặc đang nối và cách bảo vệ.",
     "Wireless networks the machine knows or uses, and how they are protected."},
    {Kind::domain, "domain", "Máy có tham gia miền quản lý tập trung hay không.",
     "Whether the machine is a member of a domain."},
    {Kind::shares, "shares", "Thư mục chia sẻ qua mạng.", "Folders shared over the network."},
    {Kind::time_sync, "time_sync", "Đồng bộ thời gian.", "Time synchronisation."},
    {Kind::agent, "agent", "Phần mềm luy-agent tự báo về chính nó.", "The agent about itself."},
    {Kind::hardening, "hardening", "Kết quả kiểm tra cấu hình an toàn.", "What the hardening checks found."},
    {Kind::software_gate, "software_gate", "Kiểm soát cài đặt và chạy phần mềm: mức đang áp dụng, phần mềm bị chặn.",
     "The gates of software: their levels, and what they met."},
    {Kind::removable, "removable", "Thiết bị lưu trữ di động đã cắm vào máy.",
     "Removable storage that was plugged in."},
    {Kind::backup, "backup", "Sao lưu: từng bộ dữ liệu, nơi lưu, lần gần nhất và diễn tập phục hồi.",
     "Backups: each set at each of its targets, and restore drills."},
    {Kind::neighbours, "neighbours", "Máy và thiết bị khác thấy trong mạng.",
     "Other machines and devices seen on the networks."},
}};

// Texts that only take certain values, and what else a reader of the document must know.
struct Note {
  std::string_view path;  // "<kind>.<field>", lists without index.
  std::string_view text;
};
constexpr std::array notes{
    Note{"identity.key", "64 hexadecimal digits"},
    Note{"hardware.chassis", "`server` `desktop` `laptop` `virtual` `other` `unknown`"},
    Note{"packages.manager", "`dpkg`"},
    Note{"updates.lists_date", "newest `Date` of the security archive's Release file"},
    Note{"updates.lists_valid_until", "its `Valid-Until`"},
    Note{"updates.security[].archive", "for example `bookworm-security`"},
    Note{"updates.security[].first_offered",
         "when the agent first saw this version or a newer one, at the latest the date of the list"},
    Note{"updates.other_count", "updates that are not security updates"},
    Note{"updates.unknown_because", "why `security` and `other_count` could not be learnt; then they are empty"},
    Note{"antivirus.products[].last_full_scan", "end of the last finished full scan"},
    Note{"antivirus.products[].scans_readable", "false = a log of scans could not be read, there may be later ones"},
    Note{"antivirus.scan", "the weekly scan that the agent itself runs; absent = it has no policy yet"},
    Note{"antivirus.scan.state", "`off` `idle` `running` `waiting`"},
    Note{"antivirus.scan.because", "of `waiting`: `window` `battery` `load` `clamd`; else empty"},
    Note{"antivirus.scan.ended_at", "of the newest that went through to its end"},
    Note{"antivirus.scan.due_at", "by when the next one ought to have ended"},
    Note{"antivirus.scan.unread", "files that could not be scanned: too large, unreadable, gone meanwhile"},
    Note{"antivirus.quarantine", "the newest 200; absent = the quarantine could not be read"},
    Note{"antivirus.quarantine[].item", "how orders name it"},
    Note{"accounts.accounts[].password", "`set` `none` `locked` `unknown`; `none` = logs in without one"},
    Note{"accounts.accounts[].hash_method", "`yescrypt` `sha512` `sha256` `md5` `des` … or empty"},
    Note{"accounts.accounts[].password_days_max", "days; absent = no limit set"},
    Note{"accounts.accounts[].can_log_in",
         "by password or key; only that it has a login shell where `shadow_readable` is false"},
    Note{"accounts.accounts[].login_keys", "public keys by which sshd lets it in; absent = they could not be counted"},
    Note{"accounts.accounts[].administrator", "uid 0, or member of sudo, wheel or admin"},
    Note{"listening.sockets[].protocol", "`tcp` `tcp6` `udp` `udp6`"},
    Note{"listening.sockets[].process", "empty where it cannot be known"},
    Note{"firewall.backend", "`nftables` `iptables` `none` `unknown`"},
    Note{"firewall.active", "a rule or policy that can refuse input is loaded"},
    Note{"interfaces.interfaces[].kind", "`ethernet` `wifi` `virtual` `loopback` `other`"},
    Note{"interfaces.interfaces[].addresses", "such as `192.0.2.2/24`"},
    Note{"interfaces.routes[].destination", "`0.0.0.0/0`, `::/0` or a prefix"},
    Note{"interfaces.routes[].gateway", "empty on the link"},
    Note{"wifi.networks[].security", "`open` `wep` `wpa` `wpa2` `wpa3` `unknown`"},
    Note{"wifi.networks[].key_fingerprint", "keyed hash, never the key"},
    Note{"domain.kind", "`none` `active-directory` `ldap` `freeipa` `unknown`; `unknown` = could not be read"},
    Note{"shares.shares[].service", "`samba` `nfs`"},
    Note{"time_sync.service", "`systemd-timesyncd` `chrony` `ntpsec` `none`"},
    Note{"agent.cpu_percent", "of one core, averaged over the period"},
    Note{"agent.records_dropped", "since the agent started: the spool was full"},
    Note{"hardening.catalogue", "16 hexadecimal digits: which checks ran"},
    Note{"hardening.unknown_because", "why no check could run; then there are no results"},
    Note{"hardening.results[].check", "its id (docs/format/checks.md)"},
    Note{"hardening.results[].state", "`right` `wrong` `unknown` `not_applicable`"},
    Note{"hardening.results[].found", "the value, never a secret"},
    Note{"hardening.results[].file", "where it stands, or what could not be read"},
    Note{"packages.packages[].installed_by", "who asked for it, by the package manager's log"},
    Note{"packages.packages[].source", "the source package, where it is called otherwise"},
    Note{"packages.packages[].source_version", "its version, where it is another"},
    Note{"updates.window", "security updates that the agent applies itself; absent = it has no policy for that"},
    Note{"updates.window.state", "`off` `idle` `waiting` `running` `failed`"},
    Note{"updates.window.restart", "`none` `due` `planned`"},
    Note{"wifi.networks[].bssid", "of the access point it is connected to"},
    Note{"wifi.seen", "networks in the air; absent = the air could not be looked at"},
    Note{"wifi.seen[].ssid", "empty where it is hidden"},
    Note{"wifi.seen[].security", "as for `networks`"},
    Note{"agent.program_sha256", "of the program's file as it was when it started"},
    Note{"agent.update_state", "`held` `rolled_back` `refused`: the newest update of the agent"},
    Note{"software_gate.install", "`off` `watch` `refuse` `failed`"},
    Note{"software_gate.execute", "`off` `audit` `deny` `fapolicyd` `failed`"},
    Note{"software_gate.because", "why a gate is not as the policy has it"},
    Note{"software_gate.trusted", "programs and libraries that may be executed"},
    Note{"software_gate.refused", "the newest 200"},
    Note{"software_gate.refused[].act", "`install` `execute`"},
    Note{"software_gate.refused[].name", "the package, or the path of the program"},
    Note{"software_gate.refused[].refused", "false = seen, and let through"},
    Note{"removable.mode", "`off` `watch` `refuse` `unsupported`"},
    Note{"removable.devices[].decision", "`allowed` `refused` `watched`"},
    Note{"backup.tool", "empty where none is installed"},
    Note{"backup.runs[].kind", "`logs` `sqlite` `postgresql` `mariadb` `files`"},
    Note{"backup.runs[].target", "`disk` `hub` `medium`"},
    Note{"backup.runs[].place", "id of the medium or of the repository"},
    Note{"backup.runs[].state", "`idle` `running` `waiting` `failed`"},
    Note{"backup.runs[].succeeded_at", "end of the newest that holds everything and was read back"},
    Note{"backup.runs[].unplugged_at", "when a medium was last seen gone"},
    Note{"backup.drills", "the newest 50"},
    Note{"backup.drills[].differing", "restored, but not as they were backed up"},
    Note{"backup.drills[].databases", "opened and checked"},
    Note{"backup.drills[].report_sha256", "of the list of files with their hashes, which the agent keeps"},
    Note{"neighbours.neighbours[].source", "`arp` `ndp` `mdns` `snmp`"},
    Note{"neighbours.neighbours[].description", "what it says of itself"},
    Note{"hardening.results[].reason", "a word for why it is unknown or does not apply"},
};

std::string_view note_of(std::string_view path) {
  for (const Note& note : notes) {
    if (note.path == path) return note.text;
  }
  return {};
}

template <class T>
struct TypeName {
  static constexpr std::string_view text = "object";
};
template <>
struct TypeName<bool> {
  static constexpr std::string_view text = "true or false";
};
template <>
struct TypeName<std::int64_t> {
  static constexpr std::string_view text = "integer";
};
template <>
struct TypeName<double> {
  static constexpr std::string_view text = "number";
};
template <>
struct TypeName<std::string> {
  static constexpr std::string_view text = "text";
};
template <>
struct TypeName<Time> {
  static constexpr std::string_view text = "time";
};
template <class T>
struct TypeName<std::optional<T>> : TypeName<T> {};
template <>
struct TypeName<std::vector<std::string>> {
  static constexpr std::string_view text = "list of texts";
};
template <class T>
struct TypeName<std::vector<T>> {
  static constexpr std::string_view text = "list of objects";
};

template <class T>
struct Bare {
  using Type = T;
};
template <class T>
struct Bare<std::optional<T>> {
  using Type = T;
};

void append_row(std::string& out, const std::string& path, std::string_view type, bool required,
                std::string_view note) {
  out.append("| `").append(path).append("` | ").append(type).append(required ? " | yes | " : " | no | ");
  out.append(note).append(note.empty() ? "|\n" : " |\n");
}

template <class T>
void append_rows(std::string& out, std::string_view kind, const std::string& prefix) {
  codec::for_each_member<T>([&](auto member) {
    using Field = std::remove_reference_t<decltype(std::declval<T&>().*member.pointer)>;
    const std::string path = prefix + member.name;
    append_row(out, path, TypeName<Field>::text, !codec::is_optional<Field>, note_of(std::string(kind) + "." + path));
    using Present = typename Bare<Field>::Type;
    if constexpr (TypeName<Field>::text == "list of objects") {
      append_rows<typename Present::value_type>(out, kind, path + "[].");
    } else if constexpr (TypeName<Field>::text == "object") {
      append_rows<Present>(out, kind, path + ".");
    }
  });
}

constexpr std::string_view introduction = R"(# Facts: what an endpoint states about itself

Generated from `src/fact/describe.cc` and the structs of `src/fact/fact.h`; do not edit. Renew with
`LUY_UPDATE=1 build/dev/src/fact/fact_test`.

A fact is one JSON object in UTF-8. The agent writes it, the hub keeps the bytes as evidence and reads this meaning
from them:

```json
{"fact":"time_sync","version":1,"collected_at":"2026-11-22T03:04:05.000000Z","method":"timedatectl","body":{"synchronised":true,"service":"chrony"}}
```

`fact` names the kind, `version` is 1, `collected_at` is when it was collected, `method` how. Reading is strict: an
unknown kind, version or key, a key that comes twice, a wrong type, or a missing key that is required makes the whole
fact malformed. A key that is not required may be absent or `null`. Times are RFC 3339, written in UTC with six
decimals. Lists may be empty.

Within version 1 a kind may gain keys that are not required, whose absence means "not known"; nothing else changes, and
what an older agent wrote stays readable. A hub refuses keys it does not know, so hubs are updated before their agents.

)";

}  // namespace

const std::array<KindInfo, kind_count>& kinds() {
  return table;
}

std::string facts_markdown() {
  std::string out(introduction);
  out += "Limits: a document is at most " + std::to_string(document_bytes_max) + " bytes, a text " +
         std::to_string(text_bytes_max) + " bytes, a list " + std::to_string(items_max) + " items.\n";
  boost::mp11::mp_for_each<boost::mp11::mp_iota_c<kind_count>>([&](auto index) {
    const KindInfo& info = table[index];
    out.append("\n## ").append(info.name).append("\n\n");
    out.append(info.vi).append("<br>\n").append(info.en).append("\n\n");
    out += "| field | type | required | values |\n|---|---|---|---|\n";
    append_rows<std::variant_alternative_t<index, Body>>(out, info.name, "");
  });
  return out;
}

}  // namespace luy::fact
