// Where devices for state secrets were seen on a network, and what their duties are judged by.
#include <algorithm>

#include "base/vietnamese.h"
#include "premises/secret_rows.h"
#include "premises/text.h"

namespace luy::premises {
namespace {

using directory::AuditEntry;
using directory::Caller;
using records::Connection;
using regulation::Text;

// Sightings by one source go on being one while they come at least so often.
constexpr std::chrono::hours sighting_quiet{24};

bool is_open(const Sighting& one) {
  return !one.closed_at;
}

const Sighting* open_sighting(const SecretBook::Entry& entry) {
  const auto found = std::find_if(entry.sightings.begin(), entry.sightings.end(), is_open);
  return found == entry.sightings.end() ? nullptr : &*found;
}

bool is_hex(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

// A MAC address that begins here: six pairs with ":" or "-" between them, or three fours with ".". Empty: none.
std::string_view mac_at(std::string_view raw, std::size_t at) {
  const auto fits = [&](std::size_t group, char sign, std::size_t length) {
    if (at + length > raw.size()) return false;
    for (std::size_t i = 0; i < length; ++i) {
      const bool between = i % (group + 1) == group;
      if (between ? raw[at + i] != sign : !is_hex(raw[at + i])) return false;
    }
    return at + length == raw.size() || !is_hex(raw[at + length]);
  };
  if (fits(2, ':', 17) || fits(2, '-', 17)) return raw.substr(at, 17);
  return fits(4, '.', 14) ? raw.substr(at, 14) : std::string_view();
}

}  // namespace

std::optional<NamedSecret> named_in(std::string_view raw, const SecretBook::Needles& needles) {
  if (!needles.macs.empty()) {
    for (std::size_t at = 0; at + 14 <= raw.size(); ++at) {
      if (!is_hex(raw[at]) || (at > 0 && is_hex(raw[at - 1]))) continue;
      const std::string_view found = mac_at(raw, at);
      const auto mac = found.empty() ? std::nullopt : plain_mac(found);
      const auto known = mac ? needles.macs.find(*mac) : needles.macs.end();
      if (known != needles.macs.end()) return NamedSecret{known->second, "mac"};
    }
  }
  if (needles.serials.empty()) return std::nullopt;
  const std::string folded = fold_vietnamese(raw);
  const auto is_word = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z'); };
  for (const auto& [serial, device] : needles.serials) {
    for (std::size_t at = folded.find(serial); at != std::string::npos; at = folded.find(serial, at + 1)) {
      const std::size_t end = at + serial.size();
      const bool stands_alone =
          (at == 0 || !is_word(folded[at - 1])) && (end == folded.size() || !is_word(folded[end]));
      if (stands_alone) return NamedSecret{device, "serial"};
    }
  }
  return std::nullopt;
}

SecretBook::Needles SecretBook::needles() const {
  Needles out;
  const std::shared_lock lock(mutex_);
  for (const auto& [id, entry] : entries_) {
    if (entry.device.retired_at) continue;
    for (const std::string& mac : entry.device.macs) out.macs.emplace(mac, id);
    if (!entry.device.serial.empty()) out.serials.emplace_back(fold_vietnamese(entry.device.serial), id);
  }
  return out;
}

Result<void> SecretBook::note_sighting(const SecretId& id, const std::string& source, const std::string& by, Time at,
                                       std::uint64_t seq) {
  LUY_TRY(const Entry entry, find(id));
  Sighting one;
  bool is_new = true;
  for (const Sighting& held : entry.sightings) {
    if (held.source != source || !is_open(held) || at - held.last > sighting_quiet) continue;
    one = held;
    is_new = false;
  }
  if (is_new) {
    one.device = id;
    one.source = source;
    one.first = at;
    one.first_seq = seq;
  }
  if (!is_new && seq <= one.last_seq) return {};
  one.by = by;
  one.last = at;
  one.last_seq = seq;
  ++one.count;
  LUY_TRY_VOID(d_.database.write([&](Connection& c) { return save(c, one); }));
  {
    const std::unique_lock lock(mutex_);
    std::vector<Sighting>& all = entries_[id].sightings;
    const auto same = std::find_if(all.begin(), all.end(), [&](const Sighting& held) {
      return held.source == one.source && held.first_seq == one.first_seq;
    });
    if (same != all.end()) all.erase(same);
    all.insert(all.begin(), one);
  }
  if (is_new && d_.changed) d_.changed(entry.device.agency);
  return {};
}

Result<SecretBook::Entry> SecretBook::close_sightings(const Caller& caller, const Actor& actor, const SecretId& id,
                                                      std::string_view reason) {
  LUY_TRY(const Entry known, find(id));
  return act(caller, "secret_sighting_close", known.device, [&](Connection& c, AuditEntry& entry) -> Result<void> {
    LUY_TRY(const std::string why, clean_text(reason, {"reason", note_bytes_max, false, Suspect::mixed}));
    entry.after["reason"] = why;
    LUY_TRY(const Entry now, find(id));
    for (Sighting one : now.sightings) {
      if (!is_open(one)) continue;
      one.closed_at = d_.clock.now();
      one.closed_by = actor.name;
      one.reason = why;
      LUY_TRY_VOID(save(c, one));
    }
    return {};
  });
}

Result<std::uint64_t> SecretBook::read_until() const {
  std::uint64_t out = 0;
  LUY_TRY_VOID(d_.database.read([&](Connection& c) {
    return c.query("SELECT seq FROM premises_progress WHERE reader = 'secrets'", {},
                   [&](const records::Row& row) { out = static_cast<std::uint64_t>(row.integer(0)); });
  }));
  return out;
}

Result<void> SecretBook::set_read_until(std::uint64_t seq) {
  return d_.database.write([&](Connection& c) -> Result<void> {
    const auto done = c.run(
        "INSERT INTO premises_progress (reader, seq) VALUES ('secrets', $1) ON CONFLICT (reader) DO UPDATE SET seq = "
        "$1",
        {static_cast<std::int64_t>(seq)});
    return done ? Result<void>() : Result<void>(done.error());
  });
}

DutyRecord SecretBook::device_record(const AgencyId& agency) const {
  DutyRecord out;
  const Time now = d_.clock.now();
  for (const Entry& entry : list(false)) {
    const SecretDevice& one = entry.device;
    if (one.agency != agency) continue;
    if (const Sighting* seen = open_sighting(entry)) {
      out.wait({"thiết bị " + one.label + " bị thấy trên mạng", "the device " + one.label + " was seen on a network"},
               seen->first, seen->first, secret_act(one.id));
      continue;
    }
    if (!is_computer(one.purpose)) {
      out.keep(one.registered_at, secret_act(one.id));
      continue;
    }
    if (entry.checks.empty()) {
      out.wait(
          {"thiết bị " + one.label + " chưa được kiểm tra lần nào", "the device " + one.label + " was never checked"},
          one.registered_at + secret_first_check_within, one.registered_at, secret_act(one.id));
      continue;
    }
    const SecretCheck& newest = entry.checks.front();
    if (!newest.problems.empty()) {
      const Text problem = title_of_problem(newest.problems.front());
      out.wait({"thiết bị " + one.label + ": " + problem.vi, "the device " + one.label + ": " + problem.en}, newest.at,
               newest.at, secret_check_act(one.id));
    } else if (newest.at + secret_check_period - std::chrono::days(14) <= now) {
      out.wait({"thiết bị " + one.label + " đến hạn kiểm tra lại", "the device " + one.label + " is due for a check"},
               newest.at + secret_check_period, newest.at, secret_check_act(one.id));
    } else {
      out.keep(newest.at, secret_check_act(one.id));
    }
  }
  return out;
}

DutyRecord SecretBook::handover_record(const AgencyId& agency) const {
  DutyRecord out;
  const Time now = d_.clock.now();
  for (const Entry& entry : list(false)) {
    const SecretDevice& device = entry.device;
    if (device.agency != agency) continue;
    // It was found elsewhere, and no hand-over since then explains it.
    if (!entry.checks.empty()) {
      const SecretCheck& newest = entry.checks.front();
      if (newest.room != device.room) {
        out.wait({"thiết bị " + device.label + " không ở phòng trong sổ mà không có bàn giao",
                  "the device " + device.label + " was moved without a hand-over"},
                 newest.at, newest.at, secret_check_act(device.id));
      }
    }
    for (const Move& one : entry.moves) {
      switch (one.state) {
        case Move::State::asked:
          out.wait(
              {"chờ duyệt di chuyển thiết bị " + device.label, "the move of " + device.label + " waits for approval"},
              day_begin(one.planned_on + std::chrono::days(1)), one.asked_at, move_act(one.id));
          break;
        case Move::State::approved:
          out.wait(
              {"thiết bị " + device.label + " chưa bàn giao", "the device " + device.label + " is not handed over yet"},
              day_begin(one.planned_on + std::chrono::days(1)), one.decided_at, move_act(one.id));
          break;
        case Move::State::moved:
          out.wait({"biên bản bàn giao thiết bị " + device.label + " chưa ký",
                    "the minutes of the hand-over of " + device.label + " are not signed"},
                   *one.moved_at + minutes_signed_within, one.moved_at, move_act(one.id));
          break;
        case Move::State::signed_off:
          if (now - *one.moved_at <= duty_days) out.keep(*one.moved_at, move_act(one.id));
          break;
        case Move::State::refused:
          break;
      }
    }
  }
  return out;
}

Conditions SecretBook::conditions() const {
  Conditions out;
  for (const Entry& entry : list(false)) {
    for (const Sighting& one : entry.sightings) {
      if (!is_open(one)) continue;
      finding::Report report;
      report.kind = finding::Kind::premises;
      report.group_key = "premises|secret|" + entry.device.id.text();
      report.severity = finding::Severity::critical;
      // Neither room nor holder: findings are read by more people than the register.
      report.title = {"Thiết bị bí mật nhà nước " + entry.device.label + " bị thấy trên mạng",
                      "The device for state secrets " + entry.device.label + " was seen on a network"};
      report.story = {"Bản ghi nhật ký có " + std::string(one.by == "mac" ? "địa chỉ MAC" : "số sê-ri") +
                          " của thiết bị. Rút mạng ngay và báo thủ trưởng cơ quan.",
                      "A record holds the device's " + std::string(one.by == "mac" ? "MAC address" : "serial number") +
                          ". Take it off the network at once and tell the head of the agency."};
      report.agency = entry.device.agency;
      report.seqs = {one.first_seq};
      report.first = one.first;
      report.last = one.last;
      out.emplace("secret|" + entry.device.id.text() + "|" + std::to_string(one.first_seq), std::move(report));
    }
  }
  return out;
}

}  // namespace luy::premises
