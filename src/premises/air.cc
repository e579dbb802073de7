#include "premises/air.h"

#include <algorithm>
#include <array>

#include "premises/text.h"

namespace luy::premises {
namespace {

using directory::AuditEntry;
using inventory::WifiNetwork;

// Days before a key is due on which somebody is told.
constexpr std::array<int, 3> reminders = {14, 7, 1};
constexpr std::size_t named_max = 20;  // A finding's story names so many.

AirStanding standing_of(const AirNetwork& one, const std::vector<WifiNetwork>& registered, bool is_marked) {
  for (const WifiNetwork& network : registered) {
    if (!network.registered || network.agency != one.key.agency || network.ssid != one.key.ssid) continue;
    const auto& bssids = network.bssids;
    if (!bssids.empty() && std::find(bssids.begin(), bssids.end(), one.key.bssid) == bssids.end()) {
      return is_marked ? AirStanding::known : AirStanding::impostor;
    }
    const bool is_strong = one.security == "wpa2" || one.security == "wpa3";
    return is_strong ? AirStanding::registered : AirStanding::weak;
  }
  // An access point of the register that hides its name.
  const bool is_own = std::any_of(registered.begin(), registered.end(), [&](const WifiNetwork& network) {
    return network.registered && network.agency == one.key.agency &&
           std::find(network.bssids.begin(), network.bssids.end(), one.key.bssid) != network.bssids.end();
  });
  if (is_own && one.key.ssid.empty()) return AirStanding::registered;
  return is_marked ? AirStanding::known : AirStanding::unknown;
}

int gravity(AirStanding standing) {
  switch (standing) {
    case AirStanding::impostor:
      return 0;
    case AirStanding::weak:
      return 1;
    case AirStanding::unknown:
      return 2;
    case AirStanding::registered:
      return 3;
    case AirStanding::known:
      break;
  }
  return 4;
}

std::string shown(const std::string& ssid, const char* hidden) {
  return ssid.empty() ? std::string(hidden) : "“" + ssid + "”";
}

finding::Report report_of(const AirNetwork& one, Time now) {
  const std::string vi = shown(one.key.ssid, "(ẩn tên)");
  const std::string en = shown(one.key.ssid, "(hidden)");
  finding::Report out;
  out.kind = finding::Kind::premises;
  out.agency = one.key.agency;
  out.first = out.last = now;
  out.seqs.push_back(one.seq);
  for (std::size_t i = 0; i < one.seen_by.size() && i < named_max; ++i) {
    out.entities.push_back({finding::EntityType::device, one.seen_by[i].text()});
  }
  const std::string where = " (BSSID " + one.key.bssid + ", " + one.security + ")";
  out.story = {"Thấy mạng " + vi + where + " từ " + std::to_string(one.seen_by.size()) + " máy.",
               "The network " + en + where + " was seen by " + std::to_string(one.seen_by.size()) + " devices."};
  switch (one.standing) {
    case AirStanding::impostor:
      out.group_key = "premises|wifi|impostor|" + one.key.ssid;
      out.severity = finding::Severity::high;
      out.title = {"Mạng không dây lạ mang tên " + vi + " của cơ quan",
                   "A strange access point has the agency's name " + en};
      break;
    case AirStanding::weak:
      out.group_key = "premises|wifi|weak|" + one.key.ssid;
      out.severity = finding::Severity::medium;
      out.title = {"Mạng không dây " + vi + " mã hóa yếu", "The wireless network " + en + " is weakly encrypted"};
      break;
    case AirStanding::registered:
    case AirStanding::known:
    case AirStanding::unknown:
      // One finding for the agency: a town hall has dozens of neighbours.
      out.group_key = "premises|wifi|unknown";
      out.severity = finding::Severity::low;
      out.title = {"Thấy mạng không dây chưa rõ của ai", "Wireless networks of unknown owners were seen"};
  }
  return out;
}

void add_reminder(const WifiNetwork& network, std::chrono::days key_age, Time now, Conditions& out) {
  if (!network.registered) return;
  const Time begin = network.key_changed_at.value_or(network.registered_at.value_or(now));
  const Day due = day_of(begin) + key_age;
  const auto left = (due - day_of(now)).count();
  std::optional<int> stage;
  for (const int days_left : reminders) {
    if (left <= days_left) stage = days_left;
  }
  if (!stage || left <= 0) return;  // What is overdue, the verdict tells.
  finding::Report report;
  report.kind = finding::Kind::premises;
  const std::string key = network.agency.text() + "|" + network.ssid + "|" + std::to_string(*stage);
  report.group_key = "premises|wifi|due|" + network.ssid + "|" + std::to_string(*stage);
  report.severity = *stage == 1 ? finding::Severity::medium : finding::Severity::low;
  const std::string count = std::to_string(left);
  report.title = {"Còn " + count + " ngày để đổi mật mã mạng không dây “" + network.ssid + "”",
                  "The key of the wireless network “" + network.ssid + "” is due in " + count + " days"};
  report.story = {"Mật mã phải đổi trước ngày " + to_vietnamese(due) +
                      ". Nơi đặt: " + (network.place.empty() ? "chưa ghi" : network.place) + ".",
                  "It must be changed before " + to_iso(due) +
                      ". Place: " + (network.place.empty() ? "not recorded" : network.place) + "."};
  report.agency = network.agency;
  report.first = report.last = now;
  out.emplace("wifi_due|" + key, std::move(report));
}

}  // namespace

std::string_view name_of(AirStanding standing) {
  constexpr std::array<std::string_view, 5> names = {"registered", "weak", "impostor", "known", "unknown"};
  return names[static_cast<std::size_t>(standing)];
}

Result<std::unique_ptr<AirBook>> AirBook::open(records::Database& database, directory::AuditTrail& audit,
                                               const Clock& clock) {
  std::unique_ptr<AirBook> book(new AirBook(database, audit, clock));
  LUY_TRY_VOID(database.read([&](records::Connection& c) {
    return c.query(
        "SELECT agency, ssid, bssid, note, by_name, at_us FROM premises_air_mark", {}, [&](const records::Row& row) {
          book->marks_[{AgencyId::trusted(row.text(0)), std::string(row.text(1)), std::string(row.text(2))}] = {
              std::string(row.text(3)), std::string(row.text(4)), from_micros(row.integer(5))};
        });
  }));
  return book;
}

Result<void> AirBook::mark(const directory::Caller& caller, AirKey key, std::optional<AirMark> mark) {
  AuditEntry entry;
  entry.act = "wifi_mark";
  entry.object = "agency:" + key.agency.text();
  entry.after["agency"] = key.agency.text();
  const auto work = [&](records::Connection& c, AuditEntry& noted) -> Result<void> {
    const auto bssid = plain_mac(key.bssid);
    if (!bssid) return Error(air_invalid, "bssid");
    key.bssid = *bssid;
    noted.after["ssid"] = key.ssid;
    noted.after["bssid"] = key.bssid;
    noted.after["known"] = mark.has_value();
    if (!mark) {
      LUY_TRY_VOID(c.run("DELETE FROM premises_air_mark WHERE agency = $1 AND ssid = $2 AND bssid = $3",
                         {key.agency.text(), key.ssid, key.bssid}));
      return {};
    }
    if (marks().size() >= air_marks_max) return Error(air_too_many, std::to_string(air_marks_max));
    LUY_TRY(mark->note, clean_text(mark->note, {"note", 800, true, Suspect::mixed}));
    mark->at = clock_.now();
    noted.after["note"] = mark->note;
    LUY_TRY_VOID(c.run(
        "INSERT INTO premises_air_mark (agency, ssid, bssid, note, by_name, at_us) VALUES ($1, $2, $3, $4, $5, $6) ON "
        "CONFLICT (agency, ssid, bssid) DO UPDATE SET note = $4, by_name = $5, at_us = $6",
        {key.agency.text(), key.ssid, key.bssid, mark->note, mark->by, to_micros(mark->at)}));
    return {};
  };
  LUY_TRY_VOID(audit_.perform(caller, std::move(entry), work));
  const std::unique_lock lock(mutex_);
  if (mark) {
    marks_[key] = *mark;
  } else {
    marks_.erase(key);
  }
  return {};
}

std::map<AirKey, AirMark> AirBook::marks() const {
  const std::shared_lock lock(mutex_);
  return marks_;
}

std::vector<AirNetwork> networks_in_air(const std::vector<inventory::StatePointer>& devices,
                                        const std::vector<WifiNetwork>& registered,
                                        const std::map<AirKey, AirMark>& marks, Time now) {
  std::map<AirKey, AirNetwork> all;
  for (const inventory::StatePointer& state : devices) {
    const auto& part = state->wifi;
    if (!part || !part->value.seen || now - part->collected_at > air_fresh) continue;
    for (const fact::SeenNetwork& seen : *part->value.seen) {
      const auto bssid = plain_mac(seen.bssid);
      if (!bssid) continue;
      const AirKey key{state->device.agency, seen.ssid, *bssid};
      AirNetwork& one = all[key];
      one.key = key;
      if (!one.signal_dbm || (seen.signal_dbm && *seen.signal_dbm > *one.signal_dbm)) one.signal_dbm = seen.signal_dbm;
      const bool has_device = std::find(one.seen_by.begin(), one.seen_by.end(), state->device.id) != one.seen_by.end();
      if (!has_device) one.seen_by.push_back(state->device.id);
      if (one.seq != 0 && part->collected_at <= one.last_seen) continue;
      one.last_seen = part->collected_at;
      one.seq = part->seq;
      one.security = seen.security;
    }
  }
  std::vector<AirNetwork> out;
  for (auto& [key, one] : all) {
    if (const auto mark = marks.find(key); mark != marks.end()) one.mark = mark->second;
    one.standing = standing_of(one, registered, one.mark.has_value());
    out.push_back(std::move(one));
  }
  std::stable_sort(out.begin(), out.end(), [](const AirNetwork& a, const AirNetwork& b) {
    if (a.key.agency != b.key.agency) return a.key.agency < b.key.agency;
    if (a.standing != b.standing) return gravity(a.standing) < gravity(b.standing);
    return a.signal_dbm.value_or(-1000) > b.signal_dbm.value_or(-1000);
  });
  return out;
}

Conditions conditions_of(const std::vector<AirNetwork>& air, const std::vector<WifiNetwork>& registered,
                         std::chrono::days key_age, Time now) {
  Conditions out;
  for (const AirNetwork& one : air) {
    if (one.standing == AirStanding::registered || one.standing == AirStanding::known) continue;
    out.emplace("wifi_seen|" + one.key.agency.text() + "|" + std::string(name_of(one.standing)) + "|" + one.key.bssid +
                    "|" + one.key.ssid,
                report_of(one, now));
  }
  for (const WifiNetwork& network : registered) add_reminder(network, key_age, now, out);
  return out;
}

}  // namespace luy::premises
