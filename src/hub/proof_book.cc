#include "hub/proof_book.h"

#include <boost/json.hpp>
#include <charconv>

#include "event/batch.h"
#include "hub/source_parts.h"

namespace luy::hub {
namespace {

namespace json = boost::json;

constexpr std::string_view audit_stream = "hub/audit";
constexpr std::string_view watch_stream = "hub/watch";
constexpr std::string_view account_prefix = "account:";
constexpr std::string_view time_field = "__REALTIME_TIMESTAMP=";

constexpr std::size_t depth_max = 16;
constexpr std::string_view names_of_days[] = {"logs", "gap", "dropped"};

bool is_log(std::uint8_t transport) {
  return transport == static_cast<std::uint8_t>(event::Transport::journal) ||
         transport == static_cast<std::uint8_t>(event::Transport::file) ||
         transport == static_cast<std::uint8_t>(event::Transport::syslog);
}

std::optional<json::object> object_of(std::string_view raw) {
  boost::system::error_code error;
  json::parse_options options;
  options.max_depth = depth_max;
  json::value parsed = json::parse(raw, error, {}, options);
  if (error || !parsed.is_object()) return std::nullopt;
  return std::move(parsed.as_object());
}

std::string_view text_in(const json::object& object, std::string_view key) {
  const json::value* value = object.if_contains(key);
  if (value == nullptr || !value->is_string()) return {};
  return {value->get_string().data(), value->get_string().size()};
}

// The day an entry of a journal bears (journal-export-formats: a line at the beginning of a field), if that is likely:
// not after its receipt, and not so long before that no spool can have held it.
Day day_of_entry(const evidence::Record& record) {
  const Day received = day_of(record.received);
  if (record.transport != static_cast<std::uint8_t>(event::Transport::journal)) return received;
  const std::string_view raw = record.raw;
  auto at = raw.find(time_field);
  while (at != std::string_view::npos && at != 0 && raw[at - 1] != '\n') at = raw.find(time_field, at + 1);
  if (at == std::string_view::npos) return received;
  std::int64_t micros = 0;
  const char* begin = raw.data() + at + time_field.size();
  const auto parsed = std::from_chars(begin, raw.data() + raw.size(), micros);
  const auto latest = to_micros(record.received);
  const auto earliest = to_micros(record.received - journal_late_max);
  if (parsed.ec != std::errc() || micros < earliest || micros > latest) return received;
  return day_of(from_micros(micros));
}

}  // namespace

std::string day_key(DayProof proof, const DeviceId& device, Day day) {
  return std::string(names_of_days[static_cast<std::size_t>(proof)]) + ':' + device.text() + ':' + to_iso(day);
}

std::string act_key(std::string_view act, const AccountId& account) {
  return "act:" + std::string(act) + ':' + account.text();
}

std::string service_key(std::string_view service) {
  return "of:service:" + std::string(service);
}

Result<std::unique_ptr<ProofBook>> ProofBook::open(const evidence::Store& store, records::Database& database,
                                                   const Clock& clock, std::chrono::days days_kept) {
  std::unique_ptr<ProofBook> book(new ProofBook(database, clock, std::max(days_kept, proof_days_kept)));
  LUY_TRY_VOID(book->load(store));
  return book;
}

Result<void> ProofBook::load(const evidence::Store& store) {
  const Time oldest = clock_.now() - days_kept_;
  bool read_before = false;
  std::optional<Day> known_before;
  const auto loaded = database_.write([&](records::Connection& c) -> Result<void> {
    LUY_TRY_VOID(c.run("DELETE FROM hub_proof WHERE at_us < $1 AND of_day = 1", {to_micros(oldest)}));
    LUY_TRY_VOID(c.query("SELECT key, seq, at_us, detail FROM hub_proof", {}, [&](const records::Row& row) {
      proofs_[std::string(row.text(0))] = {static_cast<std::uint64_t>(row.integer(1)), from_micros(row.integer(2)),
                                           std::string(row.text(3))};
    }));
    LUY_TRY_VOID(c.query("SELECT value FROM hub_setting WHERE name = 'proofs_from'", {},
                         [&](const records::Row& row) { known_before = day_from_iso(row.text(0)); }));
    return c.query("SELECT value FROM hub_setting WHERE name = 'proofs_read'", {},
                   [&](const records::Row&) { read_before = true; });
  });
  if (!loaded) return loaded.error();
  // What was forgotten once does not come back when more is kept.
  const Day kept_from = day_of(read_before ? clock_.now() - proof_days_kept : clock_.now() - proof_days_read) + days(1);
  known_from_ = std::max(known_before.value_or(kept_from), day_of(oldest) + days(1));
  const std::string known_text = to_iso(known_from_);
  const auto kept = database_.write([&](records::Connection& c) -> Result<void> {
    LUY_TRY_VOID(
        c.run("INSERT INTO hub_setting (name, value) VALUES ('proofs_from', $1) ON CONFLICT (name) DO UPDATE "
              "SET value = excluded.value",
              {std::string_view(known_text)}));
    return {};
  });
  if (!kept) return kept.error();
  if (read_before) return {};
  // A hub of an older version has applied records without noting where they lie.
  LUY_TRY(const auto held, store.days());
  const Day first = day_of(clock_.now()) - proof_days_read;
  std::optional<std::uint64_t> from;
  for (const evidence::DayInfo& day : held) {
    if (day.day >= first && (!from || day.first_seq < *from)) from = day.first_seq;
  }
  if (from) {
    LUY_TRY_VOID(store.replay(*from, [&](const evidence::Record& record) {
      take(record);
      return true;
    }));
  }
  LUY_TRY_VOID(this->store());
  news_ = {};
  return database_.write([&](records::Connection& c) -> Result<void> {
    LUY_TRY_VOID(c.run("INSERT INTO hub_setting (name, value) VALUES ('proofs_read', '1')"));
    return {};
  });
}

void ProofBook::take(const evidence::Record& record) {
  const SourceParts source = split_source(record.source);
  const bool of_hub = record.transport == static_cast<std::uint8_t>(event::Transport::hub);
  if (of_hub && record.source.ends_with(audit_stream)) return take_act(record);
  if (of_hub && record.source.ends_with(watch_stream)) return take_sight(record);
  if (!of_hub && !is_log(record.transport)) return;
  const auto device = DeviceId::parse(source.device);
  if (!device) return;
  if (of_hub) {
    take_note(record, *device);
  } else {
    take_log(record, *device);
  }
}

void ProofBook::take_log(const evidence::Record& record, const DeviceId& device) {
  keep_day(DayProof::logs, device, day_of_entry(record), record);
}

// Notes of the store: {"note":"gap",…}, {"note":"dropped",…} (docs/format/evidence.md).
void ProofBook::take_note(const evidence::Record& record, const DeviceId& device) {
  const auto note = object_of(record.raw);
  if (!note) return;
  const std::string_view name = text_in(*note, "note");
  if (name == "gap") keep_day(DayProof::gap, device, day_of(record.received), record);
  if (name == "dropped") keep_day(DayProof::dropped, device, day_of(record.received), record);
}

// What the hub saw of watched services (hub/signs.h).
void ProofBook::take_sight(const evidence::Record& record) {
  const auto text = object_of(record.raw);
  if (!text || text_in(*text, "event.action") != "service_state") return;
  const Time at = from_rfc3339(text_in(*text, "@timestamp")).value_or(record.received);
  keep(service_key(text_in(*text, "luy.service")), {record.seq, at, {}}, false);
}

// Entries of the audit trail (directory/audit.h). Only what was done proves anything: a refused attempt may be
// anybody's.
void ProofBook::take_act(const evidence::Record& record) {
  const auto entry = object_of(record.raw);
  if (!entry || text_in(*entry, "event.outcome") != "success") return;
  const Time at = from_rfc3339(text_in(*entry, "@timestamp")).value_or(record.received);
  const json::value* found = entry->if_contains("luy.after");
  const json::object* after = found != nullptr ? found->if_object() : nullptr;
  const std::string_view object = text_in(*entry, "luy.object");
  if (object.starts_with(account_prefix)) {
    if (const auto account = AccountId::parse(object.substr(account_prefix.size()))) {
      const std::string_view act = text_in(*entry, "event.action");
      const bool telling = act == two_places_act && after != nullptr;
      keep(act_key(act, *account), {record.seq, at, telling ? json::serialize(*after) : std::string()}, false);
      news_.accounts = true;
    }
  }
  const std::string act = after != nullptr ? std::string(text_in(*after, "proof_of")) : std::string();
  if (act.empty()) return;
  keep("of:" + act, {record.seq, at, {}}, false);
  news_.acts.insert(act);
}

void ProofBook::keep_day(DayProof kind, const DeviceId& device, Day day, const evidence::Record& record) {
  std::string key = day_key(kind, device, day);
  const bool is_logs = kind == DayProof::logs;
  if (is_logs && key == last_logs_) return;
  if (!is_logs || !find(key)) {
    keep(key, {record.seq, record.received, {}}, is_logs);
    news_.days.insert({device, day});
  }
  if (is_logs) last_logs_ = std::move(key);
}

void ProofBook::keep(const std::string& key, FoundProof proof, bool first_only) {
  const std::lock_guard lock(mutex_);
  const auto [known, is_new] = proofs_.try_emplace(key, proof);
  if (!is_new) {
    if (first_only || proof.seq <= known->second.seq) return;
    known->second = std::move(proof);
  }
  unsaved_.insert(key);
}

Result<void> ProofBook::store() {
  if (unsaved_.empty()) return {};
  const auto stored = database_.write([&](records::Connection& c) -> Result<void> {
    for (const std::string& key : unsaved_) {
      const auto proof = find(key);
      if (!proof) continue;
      const bool of_day = !key.starts_with("act:") && !key.starts_with("of:");
      LUY_TRY_VOID(
          c.run("INSERT INTO hub_proof (key, seq, at_us, detail, of_day) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (key) "
                "DO UPDATE SET seq = excluded.seq, at_us = excluded.at_us, detail = excluded.detail",
                {std::string_view(key), static_cast<std::int64_t>(proof->seq), to_micros(proof->at),
                 std::string_view(proof->detail), std::int64_t{of_day ? 1 : 0}}));
    }
    return {};
  });
  if (!stored) return stored.error();
  unsaved_.clear();
  return {};
}

ProofBook::News ProofBook::news() {
  return std::exchange(news_, {});
}

std::optional<FoundProof> ProofBook::find(const std::string& key) const {
  const std::lock_guard lock(mutex_);
  const auto known = proofs_.find(key);
  if (known == proofs_.end()) return std::nullopt;
  return known->second;
}

std::optional<std::uint64_t> ProofBook::seq(const std::string& key) const {
  const auto found = find(key);
  return found ? std::optional(found->seq) : std::nullopt;
}

}  // namespace luy::hub
