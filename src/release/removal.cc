#include "release/removal.h"

#include <algorithm>

#include "base/encoding.h"
#include "base/hash.h"
#include "base/utf8.h"

namespace luy::release {
namespace {

using CodeId = Id<struct RemovalCodeTag>;

// Without I, L, O and U: nobody mistakes one for another on paper or by telephone.
constexpr std::string_view letters = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
constexpr std::size_t text_bytes_max = 1000;
constexpr std::size_t who_bytes_max = 100;

std::string digest_of(const DeviceId& device, std::string_view code) {
  return to_hex(sha256("luy-removal-v1\n" + device.text() + "\n" + std::string(code)));
}

// As it is compared: what people add for reading or write differently is taken away.
std::string plain(std::string_view text) {
  std::string out;
  for (char c : text) {
    if (c == '-' || c == ' ') continue;
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    if (c == 'O') c = '0';
    if (c == 'I' || c == 'L') c = '1';
    out += c;
  }
  return out;
}

directory::AuditEntry entry_for(const char* act, const DeviceId& device, const AgencyId& agency) {
  directory::AuditEntry entry;
  entry.act = act;
  entry.object = "device:" + device.text();
  entry.after["agency"] = agency.text();
  return entry;
}

}  // namespace

Result<RemovalCode> RemovalBook::issue(const directory::Caller& caller, const DeviceId& device, const AgencyId& agency,
                                       const std::string& reason, const std::string& by) {
  RemovalCode out;
  std::string raw;
  std::array<std::uint8_t, removal_code_letters> bytes{};
  d_.random.fill(bytes);
  for (const std::uint8_t byte : bytes) raw += letters[byte % letters.size()];
  out.code = raw.substr(0, removal_code_letters / 2) + '-' + raw.substr(removal_code_letters / 2);
  const Time now = d_.clock.now();
  out.ends_at = from_millis(to_millis(now + removal_code_lifetime));
  const CodeId id = CodeId::make(now, d_.random);
  const std::string digest = digest_of(device, raw);
  const auto work = [&](records::Connection& c, directory::AuditEntry& noted) -> Result<void> {
    if (reason.empty() || reason.size() > text_bytes_max || !is_utf8(reason)) return Error(removal_reason_missing);
    noted.after["reason"] = reason;
    noted.after["until"] = to_rfc3339(out.ends_at);
    LUY_TRY_VOID(c.run("UPDATE agent_removal_code SET ends_at = $1 WHERE device = $2 AND ends_at > $1",
                       {to_millis(now), std::string_view(device.text())}));
    LUY_TRY_VOID(c.run(
        "INSERT INTO agent_removal_code (id, device, digest, reason, issued_by, issued_at, ends_at, used_at, failures) "
        "VALUES ($1, $2, $3, $4, $5, $6, $7, NULL, 0)",
        {std::string_view(id.text()), std::string_view(device.text()), std::string_view(digest),
         std::string_view(reason), std::string_view(by), to_millis(now), to_millis(out.ends_at)}));
    return {};
  };
  LUY_TRY_VOID(d_.audit.perform(caller, entry_for("agent_removal_code", device, agency), work));
  return out;
}

Result<void> RemovalBook::use(const DeviceId& device, const AgencyId& agency, std::string_view code) {
  const std::int64_t now = to_millis(d_.clock.now());
  const std::string digest = digest_of(device, plain(code.substr(0, text_bytes_max)));
  const auto work = [&](records::Connection& c, directory::AuditEntry&) -> Result<void> {
    LUY_TRY(const std::int64_t used,
            c.run("UPDATE agent_removal_code SET used_at = $1 WHERE device = $2 AND digest = $3 AND ends_at > $1 AND "
                  "used_at IS NULL AND failures < $4",
                  {now, std::string_view(device.text()), std::string_view(digest), removal_failures_max}));
    if (used == 1) return {};
    return Error(removal_code_wrong);
  };
  // By the machine itself: whoever sits there has no name here.
  const auto done =
      d_.audit.perform(directory::server_operator(), entry_for("agent_removal_allowed", device, agency), work);
  if (done || !done.error().is(removal_code_wrong)) return done;
  // A transaction of its own, as the refusal takes the other one back.
  const Result<void> counted = d_.database.write([&](records::Connection& c) -> Result<void> {
    LUY_TRY_VOID(c.run("UPDATE agent_removal_code SET failures = failures + 1 WHERE device = $1 AND ends_at > $2",
                       {std::string_view(device.text()), now}));
    return {};
  });
  if (!counted) return counted;
  return done;
}

Result<void> RemovalBook::forced(const DeviceId& device, const AgencyId& agency, const std::string& who) {
  directory::AuditEntry entry = entry_for("agent_removed_without_code", device, agency);
  std::string name = who.substr(0, who_bytes_max);
  while (!is_utf8(name)) name.pop_back();
  std::replace_if(
      name.begin(), name.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20; }, ' ');
  entry.after["user"] = name;
  entry.alarm = true;
  return d_.audit.record(directory::server_operator(), entry);
}

Result<std::optional<RemovalState>> RemovalBook::state(const DeviceId& device) const {
  return d_.database.read([&](records::Connection& c) -> Result<std::optional<RemovalState>> {
    std::optional<RemovalState> out;
    LUY_TRY_VOID(
        c.query("SELECT issued_by, reason, issued_at, ends_at, used_at FROM agent_removal_code WHERE device = "
                "$1 ORDER BY issued_at DESC, id DESC LIMIT 1",
                {std::string_view(device.text())}, [&](const records::Row& row) {
                  out = RemovalState{std::string(row.text(0)), std::string(row.text(1)), from_millis(row.integer(2)),
                                     from_millis(row.integer(3)),
                                     row.null(4) ? std::nullopt : std::optional(from_millis(row.integer(4)))};
                }));
    return out;
  });
}

}  // namespace luy::release
