#include "premises/secret_rows.h"

#include "premises/text.h"

namespace luy::premises {
namespace {

namespace json = boost::json;
using records::Connection;
using records::Row;

std::vector<std::string> words(std::string_view text) {
  std::vector<std::string> out;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find(' ', at), text.size());
    if (end > at) out.emplace_back(text.substr(at, end - at));
    at = end + 1;
  }
  return out;
}
std::string joined(const std::vector<std::string>& list) {
  std::string out;
  for (const std::string& one : list) out += (out.empty() ? "" : " ") + one;
  return out;
}
std::optional<Time> maybe_time(const Row& row, int at) {
  return row.null(at) ? std::optional<Time>() : from_micros(row.integer(at));
}
records::Param micros(const std::optional<Time>& time) {
  return records::nullable(time ? std::optional(to_micros(*time)) : std::nullopt);
}

// The summary as its numbers, in the order of fact::OfflineSummary.
json::array summary_json(const fact::OfflineSummary& s) {
  return {to_iso(s.day),       s.network_up,       s.address_set,
          s.wireless,          s.accounts_unknown, s.antivirus_present,
          s.antivirus_running, s.disks_unknown,    s.volumes,
          s.open_volumes,      s.logins,           s.logins_without_password,
          s.signature_days,    s.serial[0],        s.serial[1],
          s.serial[2]};
}
fact::OfflineSummary summary_from(std::string_view text) {
  const json::value parsed = json::parse(json::string_view(text.data(), text.size()));
  const json::array& a = parsed.as_array();
  const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(a.at(i).to_number<int>()); };
  fact::OfflineSummary s;
  s.day = day_from_iso(std::string_view(a.at(0).as_string())).value_or(Day());
  s.network_up = a.at(1).as_bool();
  s.address_set = a.at(2).as_bool();
  s.wireless = a.at(3).as_bool();
  s.accounts_unknown = a.at(4).as_bool();
  s.antivirus_present = a.at(5).as_bool();
  s.antivirus_running = a.at(6).as_bool();
  s.disks_unknown = a.at(7).as_bool();
  s.volumes = byte(8);
  s.open_volumes = byte(9);
  s.logins = byte(10);
  s.logins_without_password = byte(11);
  s.signature_days = byte(12);
  s.serial = {byte(13), byte(14), byte(15)};
  return s;
}

}  // namespace

Result<std::map<SecretId, SecretBook::Entry>> load_secrets(Connection& c) {
  std::map<SecretId, SecretBook::Entry> out;
  LUY_TRY_VOID(c.query(
      "SELECT id, agency, label, serial, macs, purpose, room, holder, registered_by, registered_at_us, retired_at_us, "
      "retire_reason, version FROM premises_secret",
      {}, [&](const Row& row) {
        SecretDevice one;
        one.id = SecretId::trusted(row.text(0));
        one.agency = AgencyId::trusted(row.text(1));
        one.label = row.text(2);
        one.serial = row.text(3);
        one.macs = words(row.text(4));
        one.purpose = purpose_from_name(row.text(5)).value_or(Purpose::other);
        one.room = row.text(6);
        one.holder = row.text(7);
        one.registered_by = row.text(8);
        one.registered_at = from_micros(row.integer(9));
        one.retired_at = maybe_time(row, 10);
        one.retire_reason = row.text(11);
        one.version = row.integer(12);
        out[one.id].device = std::move(one);
      }));
  LUY_TRY_VOID(c.query(
      "SELECT id, device, state, from_room, from_holder, to_room, to_holder, planned_on, reason, asked_by, "
      "asked_by_account, asked_at_us, decided_by, decided_at_us, decision_note, seal, witness, moved_at_us, signed_on "
      "FROM premises_secret_move ORDER BY id DESC",
      {}, [&](const Row& row) {
        Move one;
        one.id = MoveId::trusted(row.text(0));
        one.device = SecretId::trusted(row.text(1));
        one.state = static_cast<Move::State>(row.integer(2));
        one.from_room = row.text(3);
        one.from_holder = row.text(4);
        one.to_room = row.text(5);
        one.to_holder = row.text(6);
        one.planned_on = day_from_iso(row.text(7)).value_or(Day());
        one.reason = row.text(8);
        one.asked_by = row.text(9);
        one.asked_by_account = AccountId::trusted(row.text(10));
        one.asked_at = from_micros(row.integer(11));
        one.decided_by = row.text(12);
        one.decided_at = maybe_time(row, 13);
        one.decision_note = row.text(14);
        one.seal = row.text(15);
        one.witness = row.text(16);
        one.moved_at = maybe_time(row, 17);
        if (!row.null(18)) one.signed_on = day_from_iso(row.text(18));
        out[one.device].moves.push_back(std::move(one));
      }));
  LUY_TRY_VOID(c.query(
      "SELECT id, device, summary, problems, room, entered_by, at_us FROM premises_secret_check ORDER BY id DESC", {},
      [&](const Row& row) {
        SecretCheck one;
        one.id = SecretCheckId::trusted(row.text(0));
        one.device = SecretId::trusted(row.text(1));
        one.summary = summary_from(row.text(2));
        one.problems = words(row.text(3));
        one.room = row.text(4);
        one.entered_by = row.text(5);
        one.at = from_micros(row.integer(6));
        out[one.device].checks.push_back(std::move(one));
      }));
  LUY_TRY_VOID(c.query(
      "SELECT device, source, by_what, first_us, last_us, first_seq, last_seq, count, closed_at_us, closed_by, reason "
      "FROM premises_secret_sighting ORDER BY last_us DESC",
      {}, [&](const Row& row) {
        Sighting one;
        one.device = SecretId::trusted(row.text(0));
        one.source = row.text(1);
        one.by = row.text(2);
        one.first = from_micros(row.integer(3));
        one.last = from_micros(row.integer(4));
        one.first_seq = static_cast<std::uint64_t>(row.integer(5));
        one.last_seq = static_cast<std::uint64_t>(row.integer(6));
        one.count = static_cast<std::uint64_t>(row.integer(7));
        one.closed_at = maybe_time(row, 8);
        one.closed_by = row.text(9);
        one.reason = row.text(10);
        out[one.device].sightings.push_back(std::move(one));
      }));
  return out;
}

Result<void> save(Connection& c, const SecretDevice& one) {
  LUY_TRY_VOID(c.run(
      "INSERT INTO premises_secret (id, agency, label, serial, macs, purpose, room, holder, registered_by, "
      "registered_at_us, retired_at_us, retire_reason, version) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, "
      "$12, $13) ON CONFLICT (id) DO UPDATE SET serial = $4, macs = $5, purpose = $6, room = $7, holder = $8, "
      "retired_at_us = $11, retire_reason = $12, version = $13",
      {one.id.text(), one.agency.text(), one.label, one.serial, joined(one.macs), name_of(one.purpose), one.room,
       one.holder, one.registered_by, to_micros(one.registered_at), micros(one.retired_at), one.retire_reason,
       one.version}));
  return {};
}

Result<void> save(Connection& c, const Move& one) {
  LUY_TRY_VOID(c.run(
      "INSERT INTO premises_secret_move (id, device, state, from_room, from_holder, to_room, to_holder, planned_on, "
      "reason, asked_by, asked_by_account, asked_at_us, decided_by, decided_at_us, decision_note, seal, witness, "
      "moved_at_us, signed_on) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, "
      "$18, $19) ON CONFLICT (id) DO UPDATE SET state = $3, decided_by = $13, decided_at_us = $14, decision_note = "
      "$15, "
      "seal = $16, witness = $17, moved_at_us = $18, signed_on = $19",
      {one.id.text(), one.device.text(), static_cast<std::int64_t>(one.state), one.from_room, one.from_holder,
       one.to_room, one.to_holder, to_iso(one.planned_on), one.reason, one.asked_by, one.asked_by_account.text(),
       to_micros(one.asked_at), one.decided_by, micros(one.decided_at), one.decision_note, one.seal, one.witness,
       micros(one.moved_at), records::nullable(one.signed_on ? std::optional(to_iso(*one.signed_on)) : std::nullopt)}));
  return {};
}

Result<void> insert(Connection& c, const SecretCheck& one, std::string_view report) {
  LUY_TRY_VOID(c.run(
      "INSERT INTO premises_secret_check (id, device, summary, problems, room, entered_by, at_us, report) VALUES ($1, "
      "$2, $3, $4, $5, $6, $7, $8)",
      {one.id.text(), one.device.text(), json::serialize(summary_json(one.summary)), joined(one.problems), one.room,
       one.entered_by, to_micros(one.at), report}));
  return {};
}

Result<void> save(Connection& c, const Sighting& one) {
  const auto number = [](std::uint64_t value) { return static_cast<std::int64_t>(value); };
  LUY_TRY_VOID(c.run(
      "INSERT INTO premises_secret_sighting (device, source, by_what, first_us, last_us, first_seq, last_seq, count, "
      "closed_at_us, closed_by, reason) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT (device, "
      "source, first_seq) DO UPDATE SET by_what = $3, last_us = $5, last_seq = $7, count = $8, closed_at_us = $9, "
      "closed_by = $10, reason = $11",
      {one.device.text(), one.source, one.by, to_micros(one.first), to_micros(one.last), number(one.first_seq),
       number(one.last_seq), number(one.count), micros(one.closed_at), one.closed_by, one.reason}));
  return {};
}

// What is written down of an act says no more of the device than the register does.
json::object noted(const SecretDevice& one) {
  return {{"agency", one.agency.text()},
          {"label", one.label},
          {"serial", one.serial},
          {"macs", joined(one.macs)},
          {"room", one.room},
          {"holder", one.holder},
          {"purpose", name_of(one.purpose)},
          {"proof_of", secret_act(one.id)}};
}

json::object noted(const Move& one) {
  return {{"move", one.id.text()},      {"state", name_of(one.state)},          {"to_room", one.to_room},
          {"to_holder", one.to_holder}, {"planned_on", to_iso(one.planned_on)}, {"seal", one.seal},
          {"witness", one.witness},     {"proof_of", move_act(one.id)}};
}

}  // namespace luy::premises
