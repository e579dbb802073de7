#include "custody/medium_book.h"

#include <algorithm>

#include "custody/text.h"

namespace luy::custody {
namespace {

namespace json = boost::json;
using directory::AuditEntry;
using directory::Caller;

constexpr std::size_t hex_digest_chars = 64;
constexpr std::size_t fault_bytes_max = 500;
constexpr std::string_view columns =
    "SELECT id, name, kind, serial, uuid, label, custodian, place, registered_by, registered_at, retired_at, "
    "retire_reason, last_check_at, check_fault, version FROM custody_medium ";

Medium medium_of(const records::Row& row) {
  Medium out;
  out.id = MediumId::trusted(row.text(0));
  out.name = row.text(1);
  out.kind = medium_kind_from_name(row.text(2)).value_or(MediumKind::disk);
  out.identity = {std::string(row.text(3)), std::string(row.text(4)), std::string(row.text(5))};
  out.custodian = row.text(6);
  out.place = row.text(7);
  out.registered_by = row.text(8);
  out.registered_at = from_micros(row.integer(9));
  if (!row.null(10)) out.retired_at = from_micros(row.integer(10));
  out.retire_reason = row.text(11);
  if (!row.null(12)) out.last_check_at = from_micros(row.integer(12));
  out.check_fault = row.text(13);
  out.version = row.integer(14);
  return out;
}

Result<std::vector<Medium>> all_media(records::Connection& c) {
  std::vector<Medium> out;
  LUY_TRY_VOID(c.query(std::string(columns) + "ORDER BY id DESC", {},
                       [&](const records::Row& row) { out.push_back(medium_of(row)); }));
  return out;
}

Result<Medium> load(records::Connection& c, const MediumId& id) {
  std::optional<Medium> out;
  LUY_TRY_VOID(c.query(std::string(columns) + "WHERE id = $1", {std::string_view(id.text())},
                       [&](const records::Row& row) { out = medium_of(row); }));
  if (!out) return Error(medium_unknown, id.text());
  return *std::move(out);
}

Result<void> save(records::Connection& c, const Medium& one) {
  const auto micros = [](const std::optional<Time>& time) {
    return records::nullable(time ? std::optional(to_micros(*time)) : std::nullopt);
  };
  LUY_TRY_VOID(c.run(
      "INSERT INTO custody_medium (id, name, kind, serial, uuid, label, custodian, place, registered_by, "
      "registered_at, "
      "retired_at, retire_reason, last_check_at, check_fault, version) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, "
      "$10, "
      "$11, $12, $13, $14, $15) ON CONFLICT (id) DO UPDATE SET name = excluded.name, custodian = excluded.custodian, "
      "place = excluded.place, retired_at = excluded.retired_at, retire_reason = excluded.retire_reason, "
      "last_check_at = excluded.last_check_at, check_fault = excluded.check_fault, version = excluded.version",
      {std::string_view(one.id.text()), std::string_view(one.name), name_of(one.kind),
       std::string_view(one.identity.serial), std::string_view(one.identity.uuid), std::string_view(one.identity.label),
       std::string_view(one.custodian), std::string_view(one.place), std::string_view(one.registered_by),
       to_micros(one.registered_at), micros(one.retired_at), std::string_view(one.retire_reason),
       micros(one.last_check_at), std::string_view(one.check_fault), one.version}));
  return {};
}

Result<std::vector<Copy>> all_copies(records::Connection& c) {
  std::vector<Copy> out;
  LUY_TRY_VOID(c.query(
      "SELECT k.medium, k.day, k.sha256, k.bytes, k.copied_at, k.copied_by, k.checked_at, k.sound, k.seq, "
      "k.cosigned_by, k.stamped FROM custody_copy k JOIN custody_medium m ON m.id = k.medium WHERE m.retired_at IS "
      "NULL ORDER BY k.copied_at DESC",
      {}, [&](const records::Row& row) {
        const auto day = day_from_iso(row.text(1));
        if (!day) return;
        out.push_back({MediumId::trusted(row.text(0)), *day, std::string(row.text(2)),
                       static_cast<std::uint64_t>(row.integer(3)), from_micros(row.integer(4)),
                       std::string(row.text(5)), from_micros(row.integer(6)), row.integer(7) != 0,
                       static_cast<std::uint64_t>(row.integer(8)), texts_of(row.text(9)), row.integer(10) != 0});
      }));
  return out;
}

json::object identity_json(const Medium& one) {
  return {{"id", one.id.text()},           {"name", one.name},          {"kind", name_of(one.kind)},
          {"serial", one.identity.serial}, {"uuid", one.identity.uuid}, {"label", one.identity.label}};
}

json::object entry_json(const Medium& one) {
  json::object out = identity_json(one);
  out["custodian"] = one.custodian;
  out["place"] = one.place;
  return out;
}

Result<Medium> checked(Medium wanted) {
  const auto clean = [](std::string_view field, std::string& text, bool may_be_empty) -> Result<void> {
    LUY_TRY(text, clean_text(medium_invalid, field, text, medium_name_bytes_max, may_be_empty));
    return {};
  };
  LUY_TRY_VOID(clean("name", wanted.name, false));
  LUY_TRY_VOID(clean("serial", wanted.identity.serial, true));
  LUY_TRY_VOID(clean("uuid", wanted.identity.uuid, true));
  LUY_TRY_VOID(clean("label", wanted.identity.label, true));
  LUY_TRY_VOID(clean("custodian", wanted.custodian, false));
  LUY_TRY_VOID(clean("place", wanted.place, false));
  if (wanted.identity.empty()) return Error(medium_invalid, "serial | uuid | label");
  return wanted;
}

bool is_digest(const std::string& text) {
  const auto is_hex = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); };
  return text.size() == hex_digest_chars && std::all_of(text.begin(), text.end(), is_hex);
}

}  // namespace

Result<Medium> MediumBook::add(const Caller& caller, const Permit& permit, Medium wanted) {
  AuditEntry entry;
  entry.act = "medium_register";
  const auto work = [&](records::Connection& c, AuditEntry& done) -> Result<Medium> {
    LUY_TRY_VOID(permit());
    LUY_TRY(Medium made, checked(wanted));
    LUY_TRY(const std::vector<Medium> all, all_media(c));
    if (all.size() >= media_max) return Error(media_too_many, std::to_string(media_max));
    for (const Medium& one : all) {
      if (!one.retired_at && is_same_medium(one.identity, made.identity)) return Error(medium_taken, one.name);
    }
    made.id = MediumId::make(d_.clock.now(), d_.random);
    made.registered_at = d_.clock.now();
    made.registered_by = caller.username;
    made.retired_at.reset();
    made.last_check_at.reset();
    made.check_fault.clear();
    made.version = 1;
    LUY_TRY_VOID(save(c, made));
    done.object = "medium:" + made.id.text();
    done.after = entry_json(made);
    return made;
  };
  return d_.audit.perform(caller, std::move(entry), work);
}

Result<Medium> MediumBook::change(const Caller& caller, const Permit& permit, const Medium& wanted) {
  AuditEntry entry;
  entry.act = "medium_change";
  entry.object = "medium:" + wanted.id.text();
  const auto work = [&](records::Connection& c, AuditEntry& done) -> Result<Medium> {
    LUY_TRY_VOID(permit());
    LUY_TRY(const Medium before, load(c, wanted.id));
    if (before.retired_at) return Error(medium_retired, before.name);
    if (before.version != wanted.version) return Error(medium_changed);
    Medium made = before;
    made.name = wanted.name;
    made.custodian = wanted.custodian;
    made.place = wanted.place;
    LUY_TRY(made, checked(std::move(made)));
    ++made.version;
    LUY_TRY_VOID(save(c, made));
    done.before = entry_json(before);
    done.after = entry_json(made);
    return made;
  };
  return d_.audit.perform(caller, std::move(entry), work);
}

Result<Medium> MediumBook::retire(const Caller& caller, const Permit& permit, const MediumId& id,
                                  std::string_view reason) {
  AuditEntry entry;
  entry.act = "medium_retire";
  entry.object = "medium:" + id.text();
  const auto work = [&](records::Connection& c, AuditEntry& done) -> Result<Medium> {
    LUY_TRY_VOID(permit());
    LUY_TRY(Medium one, load(c, id));
    if (!one.retired_at) {
      LUY_TRY(one.retire_reason, clean_text(medium_invalid, "reason", reason, 2'000));
      one.retired_at = d_.clock.now();
      ++one.version;
      LUY_TRY_VOID(save(c, one));
    }
    done.after = entry_json(one);
    done.after["reason"] = one.retire_reason;
    return one;
  };
  return d_.audit.perform(caller, std::move(entry), work);
}

Result<std::vector<Medium>> MediumBook::list() const {
  return d_.database.read([](records::Connection& c) { return all_media(c); });
}

Result<Medium> MediumBook::find(const MediumId& id) const {
  return d_.database.read([&](records::Connection& c) { return load(c, id); });
}

Result<Medium> MediumBook::recognise(const Identity& present) const {
  LUY_TRY(const std::vector<Medium> all, list());
  std::vector<const Medium*> in_use;
  const Medium* retired = nullptr;
  for (const Medium& one : all) {
    if (!is_same_medium(one.identity, present)) continue;
    if (one.retired_at) {
      retired = &one;
    } else {
      in_use.push_back(&one);
    }
  }
  if (in_use.size() == 1) return *in_use.front();
  if (in_use.empty() && retired != nullptr) return Error(medium_retired, retired->name);
  const std::string known = "serial \"" + present.serial + "\", UUID \"" + present.uuid + "\", label \"" +
                            present.label + "\"" + (in_use.size() > 1 ? " (2)" : "");
  return Error(medium_unknown, known);
}

Result<std::map<Day, std::vector<Copy>>> MediumBook::copies() const {
  LUY_TRY(std::vector<Copy> all, d_.database.read([](records::Connection& c) { return all_copies(c); }));
  std::map<Day, std::vector<Copy>> out;
  for (Copy& one : all) out[one.day].push_back(std::move(one));
  return out;
}

Result<std::map<MediumId, std::vector<Copy>>> MediumBook::copies_by_medium() const {
  LUY_TRY(std::vector<Copy> all, d_.database.read([](records::Connection& c) { return all_copies(c); }));
  std::map<MediumId, std::vector<Copy>> out;
  for (Copy& one : all) out[one.medium].push_back(std::move(one));
  return out;
}

Result<std::uint64_t> MediumBook::note_copies(const Caller& caller, const MediumId& id, const std::string& by,
                                              const std::vector<ReadBack>& days) {
  LUY_TRY(const Medium medium, find(id));
  if (medium.retired_at) return Error(medium_retired, medium.name);
  LUY_TRY(const std::string who, clean_text(medium_invalid, "by", by, medium_name_bytes_max));
  if (days.empty() || days.size() > copies_per_call_max) return Error(copy_refused, std::to_string(days.size()));
  json::array list;
  for (const ReadBack& one : days) {
    LUY_TRY(const auto present, d_.digest_of(one.day));
    if (!is_digest(one.sha256) || !present || *present != one.sha256) return Error(copy_refused, to_iso(one.day));
    if (one.cosigned_by.size() > witness_names_max) return Error(medium_invalid, "cosigned_by");
    for (const std::string& name : one.cosigned_by) {
      LUY_TRY_VOID(clean_text(medium_invalid, "cosigned_by", name, medium_name_bytes_max));
    }
    list.push_back(json::object{{"day", to_iso(one.day)},
                                {"sha256", one.sha256},
                                {"bytes", one.bytes},
                                {"cosigned_by", json::array(one.cosigned_by.begin(), one.cosigned_by.end())},
                                {"stamped", one.stamped}});
  }
  json::object note{{"note", "copy"}, {"medium", identity_json(medium)}, {"custodian", medium.custodian}};
  note["place"] = medium.place;
  note["by"] = who;
  note["days"] = std::move(list);
  LUY_TRY(const std::uint64_t seq, d_.note(note));
  const Time now = d_.clock.now();
  AuditEntry entry;
  entry.act = "custody_copy";
  entry.object = "medium:" + id.text();
  const auto work = [&](records::Connection& c, AuditEntry& done) -> Result<std::uint64_t> {
    for (const ReadBack& one : days) {
      const std::string day = to_iso(one.day);
      const std::string names = json::serialize(json::array(one.cosigned_by.begin(), one.cosigned_by.end()));
      LUY_TRY_VOID(
          c.run("INSERT INTO custody_copy (medium, day, sha256, bytes, copied_at, copied_by, checked_at, sound, seq, "
                "cosigned_by, stamped) VALUES ($1, $2, $3, $4, $5, $6, $5, 1, $7, $8, $9) ON CONFLICT (medium, day) DO "
                "UPDATE "
                "SET sha256 = excluded.sha256, bytes = excluded.bytes, copied_at = excluded.copied_at, copied_by = "
                "excluded.copied_by, checked_at = excluded.checked_at, sound = 1, seq = excluded.seq, cosigned_by = "
                "excluded.cosigned_by, stamped = excluded.stamped",
                {std::string_view(id.text()), std::string_view(day), std::string_view(one.sha256),
                 static_cast<std::int64_t>(one.bytes), to_micros(now), std::string_view(who),
                 static_cast<std::int64_t>(seq), std::string_view(names), std::int64_t{one.stamped ? 1 : 0}}));
    }
    done.after = {{"medium", medium.name}, {"days", days.size()}, {"by", who}, {"seq", seq}};
    return seq;
  };
  return d_.audit.perform(caller, std::move(entry), work);
}

Result<std::uint64_t> MediumBook::note_check(const Caller& caller, const MediumId& id, const std::string& by,
                                             const std::vector<Checked>& days, const std::string& fault) {
  LUY_TRY(Medium medium, find(id));
  if (medium.retired_at) return Error(medium_retired, medium.name);
  LUY_TRY(const std::string who, clean_text(medium_invalid, "by", by, medium_name_bytes_max));
  if (days.size() > copies_per_call_max) return Error(copy_refused, std::to_string(days.size()));
  LUY_TRY(const std::string told,
          clean_text(medium_invalid, "fault", fault.substr(0, fault_bytes_max), fault_bytes_max, true));
  std::string wrong = told;
  LUY_TRY(const auto copies, copies_by_medium());
  const auto own = copies.find(id);
  json::array sound;
  json::array damaged;
  std::vector<Day> whole;
  for (const Copy& copy : own == copies.end() ? std::vector<Copy>() : own->second) {
    const auto same = [&](const Checked& one) { return one.day == copy.day && one.sound && one.sha256 == copy.sha256; };
    const bool is_whole = std::any_of(days.begin(), days.end(), same);
    (is_whole ? sound : damaged).emplace_back(to_iso(copy.day));
    if (is_whole) whole.push_back(copy.day);
    if (!is_whole && wrong.empty()) wrong = to_iso(copy.day) + ".sqlite: SHA-256";
  }
  json::object note{{"note", "copy_checked"}, {"medium", identity_json(medium)}, {"by", who}};
  note["sound"] = std::move(sound);
  note["damaged"] = std::move(damaged);
  note["fault"] = wrong;
  LUY_TRY(const std::uint64_t seq, d_.note(note));
  const Time now = d_.clock.now();
  AuditEntry entry;
  entry.act = "custody_check";
  entry.object = "medium:" + id.text();
  const auto work = [&](records::Connection& c, AuditEntry& done) -> Result<std::uint64_t> {
    LUY_TRY(medium, load(c, id));
    medium.last_check_at = now;
    medium.check_fault = wrong;
    LUY_TRY_VOID(save(c, medium));
    LUY_TRY_VOID(c.run("UPDATE custody_copy SET sound = 0, checked_at = $1 WHERE medium = $2",
                       {to_micros(now), std::string_view(id.text())}));
    for (const Day one : whole) {
      const std::string day = to_iso(one);
      LUY_TRY_VOID(c.run("UPDATE custody_copy SET sound = 1 WHERE medium = $1 AND day = $2",
                         {std::string_view(id.text()), std::string_view(day)}));
    }
    done.after = {{"medium", medium.name}, {"days", days.size()}, {"by", who}, {"fault", wrong}, {"seq", seq}};
    return seq;
  };
  return d_.audit.perform(caller, std::move(entry), work);
}

}  // namespace luy::custody
