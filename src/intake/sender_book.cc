#include "intake/sender_book.h"

#include <algorithm>

#include "base/encoding.h"
#include "base/hash.h"
#include "base/utf8.h"

namespace luy::intake {
namespace {

constexpr std::array<std::string_view, 3> kinds = {"address", "certificate", "token"};
constexpr std::array<std::string_view, 3> states = {"waiting", "approved", "refused"};

template <class Enum, std::size_t n>
Enum enum_of(const std::array<std::string_view, n>& names, std::string_view name) {
  const auto at = std::find(names.begin(), names.end(), name);
  LUY_CHECK(at != names.end());
  return static_cast<Enum>(at - names.begin());
}

// As a person may see it: UTF-8 without control characters, short.
std::string readable(std::string_view text, std::size_t bytes_max) {
  std::string out(utf8_front(to_utf8(text.substr(0, bytes_max)), bytes_max));
  for (char& c : out) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = ' ';
  }
  return out;
}

constexpr std::string_view columns =
    "id, kind, key, about, state, device, first_seen, last_seen, records, dropped, decided_by, decided_at";

Sender sender_of(const records::Row& row) {
  Sender out;
  out.id = SenderId::trusted(row.text(0));
  out.kind = enum_of<SenderKind>(kinds, row.text(1));
  out.key = row.text(2);
  out.about = row.text(3);
  out.state = enum_of<SenderState>(states, row.text(4));
  if (const auto device = row.maybe_text(5)) out.device = DeviceId::trusted(*device);
  out.first_seen = from_millis(row.integer(6));
  if (const auto seen = row.maybe_integer(7)) out.last_seen = from_millis(*seen);
  out.records = static_cast<std::uint64_t>(row.integer(8));
  out.dropped = static_cast<std::uint64_t>(row.integer(9));
  out.decided_by = row.text(10);
  if (const auto at = row.maybe_integer(11)) out.decided_at = from_millis(*at);
  return out;
}

Result<void> insert(records::Connection& c, const Sender& s) {
  const std::optional<std::string> device = s.device ? std::optional(s.device->text()) : std::nullopt;
  const std::optional<std::int64_t> decided = s.decided_at ? std::optional(to_millis(*s.decided_at)) : std::nullopt;
  LUY_TRY_VOID(
      c.run("INSERT INTO intake_sender (id, kind, key, about, state, device, first_seen, last_seen, records, dropped, "
            "decided_by, decided_at, held_dropped) VALUES ($1, $2, $3, $4, $5, $6, $7, NULL, 0, 0, $8, $9, 0)",
            {s.id.text(), name_of(s.kind), s.key, s.about, name_of(s.state), records::nullable(device),
             to_millis(s.first_seen), s.decided_by, records::nullable(decided)}));
  return {};
}

}  // namespace

std::string_view name_of(SenderKind kind) {
  return kinds[static_cast<std::size_t>(kind)];
}
std::string_view name_of(SenderState state) {
  return states[static_cast<std::size_t>(state)];
}

std::string token_key(std::string_view token) {
  return to_hex(sha256(token));
}

Result<std::unique_ptr<SenderBook>> SenderBook::open(records::Database& database, const Clock& clock, Random& random) {
  std::unique_ptr<SenderBook> book(new SenderBook(database, clock, random));
  std::vector<Sender> all;
  LUY_TRY_VOID(database.read([&](records::Connection& c) { return book->load(c, std::nullopt, all); }));
  for (Sender& sender : all) book->put(std::move(sender));
  return book;
}

Result<void> SenderBook::load(records::Connection& c, const std::optional<SenderId>& only,
                              std::vector<Sender>& out) const {
  const auto take = [&](const records::Row& row) { out.push_back(sender_of(row)); };
  const std::string sql = "SELECT " + std::string(columns) + " FROM intake_sender";
  return only ? c.query(sql + " WHERE id = $1", {only->text()}, take) : c.query(sql, {}, take);
}

Result<Sender> SenderBook::loaded(records::Connection& c, const SenderId& sender) const {
  std::vector<Sender> found;
  LUY_TRY_VOID(load(c, sender, found));
  if (found.empty()) return Error(sender_unknown, sender.text());
  return std::move(found.front());
}

void SenderBook::put(Sender sender) {
  by_key_.insert_or_assign({sender.kind, sender.key}, sender.id);
  const SenderId id = sender.id;
  senders_.insert_or_assign(id, std::move(sender));
}

void SenderBook::forget(const SenderId& sender) {
  const auto at = senders_.find(sender);
  if (at == senders_.end()) return;
  by_key_.erase({at->second.kind, at->second.key});
  senders_.erase(at);
  counted_.erase(sender);
}

std::optional<Sender> SenderBook::find(SenderKind kind, const std::string& key) const {
  const std::lock_guard lock(mutex_);
  const auto id = by_key_.find({kind, key});
  if (id == by_key_.end()) return std::nullopt;
  return senders_.at(id->second);
}

std::optional<Sender> SenderBook::find(const SenderId& id) const {
  const std::lock_guard lock(mutex_);
  const auto at = senders_.find(id);
  return at == senders_.end() ? std::nullopt : std::optional(at->second);
}

std::vector<Sender> SenderBook::all() const {
  const std::lock_guard lock(mutex_);
  std::vector<Sender> out;
  for (const auto& [id, sender] : senders_) out.push_back(sender);
  return out;
}

Result<void> SenderBook::make_room() {
  std::size_t waiting = 0;
  std::optional<Sender> oldest;
  for (const Sender& sender : all()) {
    if (sender.state != SenderState::waiting) continue;
    ++waiting;
    const Time seen = sender.last_seen.value_or(sender.first_seen);
    if (!oldest || seen < oldest->last_seen.value_or(oldest->first_seen)) oldest = sender;
  }
  if (waiting < senders_waiting_max) {
    const std::lock_guard lock(mutex_);
    if (senders_.size() < senders_max) return {};
    return Error(senders_full, std::to_string(senders_.size()));
  }
  if (oldest->last_seen.value_or(oldest->first_seen) + forgotten_after > clock_.now()) {
    return Error(senders_full, std::to_string(waiting));
  }
  LUY_TRY_VOID(database_.write([&](records::Connection& c) { return remove_in(c, oldest->id); }));
  const std::lock_guard lock(mutex_);
  forget(oldest->id);
  return {};
}

Result<Sender> SenderBook::meet(SenderKind kind, const std::string& key, std::string_view about) {
  if (auto known = find(kind, key)) return *std::move(known);
  LUY_TRY_VOID(make_room());
  Sender sender;
  sender.first_seen = std::chrono::floor<std::chrono::milliseconds>(clock_.now());
  sender.id = SenderId::make(sender.first_seen, random_);
  sender.kind = kind;
  sender.key = key;
  sender.about = readable(about, about_bytes_max);
  LUY_TRY_VOID(database_.write([&](records::Connection& c) { return insert(c, sender); }));
  const std::lock_guard lock(mutex_);
  put(sender);
  return sender;
}

void SenderBook::count(const SenderId& sender, std::uint64_t received, std::uint64_t dropped) {
  const std::lock_guard lock(mutex_);
  const auto at = senders_.find(sender);
  if (at == senders_.end()) return;
  at->second.records += received;
  at->second.dropped += dropped;
  at->second.last_seen = std::chrono::floor<std::chrono::milliseconds>(clock_.now());
  counted_.insert(sender);
}

Result<void> SenderBook::flush() {
  std::vector<Sender> changed;
  {
    const std::lock_guard lock(mutex_);
    for (const SenderId& id : counted_) changed.push_back(senders_.at(id));
    counted_.clear();
  }
  if (changed.empty()) return {};
  return database_.write([&](records::Connection& c) -> Result<void> {
    for (const Sender& s : changed) {
      LUY_TRY_VOID(c.run("UPDATE intake_sender SET last_seen = $1, records = $2, dropped = $3 WHERE id = $4",
                         {to_millis(*s.last_seen), static_cast<std::int64_t>(s.records),
                          static_cast<std::int64_t>(s.dropped), s.id.text()}));
    }
    return {};
  });
}

Result<void> SenderBook::hold_one(records::Connection& c, const SenderId& sender, const std::vector<HeldLine>& lines,
                                  std::uint64_t& dropped) {
  std::int64_t number = 0;
  std::int64_t bytes = 0;
  LUY_TRY_VOID(
      c.query("SELECT COALESCE(MAX(number), 0), COALESCE(SUM(LENGTH(raw)), 0) FROM intake_held "
              "WHERE sender = $1",
              {sender.text()}, [&](const records::Row& row) {
                number = row.integer(0);
                bytes = row.integer(1);
              }));
  for (const HeldLine& line : lines) {
    bytes += static_cast<std::int64_t>(line.raw.size());
    if (number >= static_cast<std::int64_t>(held_lines_max) || bytes > static_cast<std::int64_t>(held_bytes_max)) {
      // Nothing that comes later goes in before what had no room: the held lines are the first ones, without a hole.
      bytes = static_cast<std::int64_t>(held_bytes_max) + 1;
      ++dropped;
      continue;
    }
    LUY_TRY_VOID(
        c.run("INSERT INTO intake_held (sender, number, received, transport, stream, raw) "
              "VALUES ($1, $2, $3, $4, $5, $6)",
              {sender.text(), ++number, to_micros(line.received), std::int64_t{line.transport}, line.stream,
               as_bytes(line.raw)}));
  }
  LUY_TRY_VOID(c.run("UPDATE intake_sender SET held_dropped = held_dropped + $1 WHERE id = $2",
                     {static_cast<std::int64_t>(dropped), sender.text()}));
  return {};
}

Result<void> SenderBook::hold(std::map<SenderId, std::vector<HeldLine>>& batch) {
  std::map<SenderId, std::uint64_t> dropped;
  const auto keep = [&](records::Connection& c) -> Result<void> {
    dropped.clear();
    for (const auto& [id, lines] : batch) {
      const auto sender = loaded(c, id);
      if (!sender && !sender.error().is(sender_unknown)) return sender.error();
      if (!sender || sender->state != SenderState::waiting) continue;
      LUY_TRY_VOID(hold_one(c, id, lines, dropped[id]));
    }
    return {};
  };
  LUY_TRY_VOID(database_.write(keep));
  for (const auto& [id, lost] : dropped) {
    count(id, batch.at(id).size(), lost);
    batch.erase(id);
  }
  return {};
}

Result<Held> SenderBook::held(const SenderId& sender) const {
  Held out;
  const auto look = [&](records::Connection& c) -> Result<void> {
    LUY_TRY_VOID(c.query("SELECT held_dropped FROM intake_sender WHERE id = $1", {sender.text()},
                         [&](const records::Row& row) { out.dropped = static_cast<std::uint64_t>(row.integer(0)); }));
    return c.query("SELECT received, transport, stream, raw FROM intake_held WHERE sender = $1 ORDER BY number",
                   {sender.text()}, [&](const records::Row& row) {
                     out.lines.push_back({from_micros(row.integer(0)), static_cast<std::uint8_t>(row.integer(1)),
                                          std::string(row.text(2)), std::string(row.blob(3))});
                   });
  };
  LUY_TRY_VOID(database_.read(look));
  return out;
}

Result<std::vector<std::string>> SenderBook::samples(const SenderId& sender) const {
  std::vector<std::string> out;
  LUY_TRY_VOID(database_.read([&](records::Connection& c) {
    return c.query("SELECT raw FROM intake_held WHERE sender = $1 ORDER BY number DESC LIMIT $2",
                   {sender.text(), static_cast<std::int64_t>(samples_max)},
                   [&](const records::Row& row) { out.push_back(readable(row.blob(0), sample_bytes_max)); });
  }));
  return out;
}

Result<void> SenderBook::release(const SenderId& sender) {
  LUY_TRY_VOID(database_.write([&](records::Connection& c) { return drop_held_in(c, sender); }));
  return {};
}

Result<std::vector<SenderId>> SenderBook::unreleased() const {
  std::vector<SenderId> out;
  LUY_TRY_VOID(database_.read([&](records::Connection& c) {
    return c.query(
        "SELECT DISTINCT h.sender FROM intake_held h JOIN intake_sender s ON s.id = h.sender "
        "WHERE s.state = 'approved'",
        {}, [&](const records::Row& row) { out.push_back(SenderId::trusted(row.text(0))); });
  }));
  return out;
}

Result<std::uint64_t> SenderBook::drop_held_in(records::Connection& c, const SenderId& sender) {
  LUY_TRY(const std::int64_t lines, c.run("DELETE FROM intake_held WHERE sender = $1", {sender.text()}));
  return static_cast<std::uint64_t>(lines);
}

Result<Sender> SenderBook::approve_in(records::Connection& c, const SenderId& sender, const DeviceId& device,
                                      std::string_view by) {
  LUY_TRY(Sender s, loaded(c, sender));
  if (s.state != SenderState::waiting) return Error(sender_decided, std::string(name_of(s.state)));
  LUY_TRY_VOID(
      c.run("UPDATE intake_sender SET state = 'approved', device = $1, decided_by = $2, decided_at = $3 "
            "WHERE id = $4",
            {device.text(), by, to_millis(clock_.now()), sender.text()}));
  return s;
}

Result<std::uint64_t> SenderBook::refuse_in(records::Connection& c, const SenderId& sender, std::string_view by) {
  LUY_TRY(const Sender s, loaded(c, sender));
  if (s.state != SenderState::waiting) return Error(sender_decided, std::string(name_of(s.state)));
  LUY_TRY_VOID(c.run("UPDATE intake_sender SET state = 'refused', decided_by = $1, decided_at = $2 WHERE id = $3",
                     {by, to_millis(clock_.now()), sender.text()}));
  return drop_held_in(c, sender);
}

Result<std::uint64_t> SenderBook::remove_in(records::Connection& c, const SenderId& sender) {
  LUY_TRY(const std::int64_t removed, c.run("DELETE FROM intake_sender WHERE id = $1", {sender.text()}));
  if (removed == 0) return Error(sender_unknown, sender.text());
  return drop_held_in(c, sender);
}

Result<SenderBook::Issued> SenderBook::issue_token_in(records::Connection& c, const DeviceId& device,
                                                      std::string_view about, std::string_view by) {
  {
    const std::lock_guard lock(mutex_);
    if (senders_.size() >= senders_max) return Error(senders_full, std::to_string(senders_.size()));
  }
  std::array<std::uint8_t, 26> bytes{};
  random_.fill(bytes);
  const std::string token = to_hex(bytes);
  Sender sender;
  sender.first_seen = clock_.now();
  sender.id = SenderId::make(sender.first_seen, random_);
  sender.kind = SenderKind::token;
  sender.key = token_key(token);
  sender.about = readable(about, about_bytes_max);
  sender.state = SenderState::approved;
  sender.device = device;
  sender.decided_by = by;
  sender.decided_at = sender.first_seen;
  LUY_TRY_VOID(insert(c, sender));
  return Issued{sender.id, token};
}

Result<void> SenderBook::refresh(const SenderId& sender) {
  std::vector<Sender> found;
  LUY_TRY_VOID(database_.read([&](records::Connection& c) { return load(c, sender, found); }));
  const std::lock_guard lock(mutex_);
  if (found.empty()) {
    forget(sender);
    return {};
  }
  // What was counted since the last flush is newer than the row.
  const auto known = senders_.find(sender);
  if (known != senders_.end()) {
    found.front().records = known->second.records;
    found.front().dropped = known->second.dropped;
    found.front().last_seen = known->second.last_seen;
  }
  put(std::move(found.front()));
  return {};
}

}  // namespace luy::intake
