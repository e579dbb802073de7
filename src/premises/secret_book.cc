#include "premises/secret_book.h"

#include <algorithm>

#include "base/encoding.h"
#include "premises/secret_rows.h"
#include "premises/text.h"

namespace luy::premises {
namespace {

using directory::AuditEntry;
using directory::Caller;
using records::Connection;

Result<SecretDevice> checked(SecretDevice wanted) {
  LUY_TRY(wanted.label, clean_text(wanted.label, {"label", 80, false}));
  LUY_TRY(wanted.serial, clean_text(wanted.serial, {"serial"}));
  LUY_TRY(wanted.room, clean_text(wanted.room, {"room", name_bytes_max, false}));
  LUY_TRY(wanted.holder, clean_text(wanted.holder, {"holder", name_bytes_max, false}));
  if (!wanted.serial.empty() && wanted.serial.size() < serial_bytes_min) {
    return Error(secret_invalid, "số sê-ri quá ngắn", "the serial number is too short");
  }
  if (wanted.macs.size() > macs_max) return Error(secret_invalid, "địa chỉ MAC", "the MAC addresses");
  for (std::string& one : wanted.macs) {
    const auto mac = plain_mac(one);
    if (!mac) return Error(secret_invalid, "địa chỉ MAC", "the MAC addresses");
    one = *mac;
  }
  if (wanted.serial.empty() && wanted.macs.empty()) {
    return Error(secret_invalid, "cần số sê-ri hoặc địa chỉ MAC", "a serial number or a MAC address is needed");
  }
  return wanted;
}

Result<void> check_unique(const std::vector<SecretBook::Entry>& all, const SecretDevice& wanted) {
  for (const SecretBook::Entry& entry : all) {
    const SecretDevice& one = entry.device;
    if (one.id == wanted.id) continue;
    if (one.agency == wanted.agency && one.label == wanted.label) return Error(secret_taken, "số hiệu", "label");
    if (!wanted.serial.empty() && one.serial == wanted.serial) return Error(secret_taken, "số sê-ri", "serial number");
    for (const std::string& mac : wanted.macs) {
      if (std::find(one.macs.begin(), one.macs.end(), mac) != one.macs.end()) return Error(secret_taken, "MAC", "MAC");
    }
  }
  return {};
}

}  // namespace

std::string secret_act(const SecretId& id) {
  return "secret:" + id.text();
}
std::string move_act(const MoveId& id) {
  return "secret_move:" + id.text();
}
std::string secret_check_act(const SecretId& id) {
  return "secret_check:" + id.text();
}

Result<std::unique_ptr<SecretBook>> SecretBook::open(Dependencies dependencies) {
  std::unique_ptr<SecretBook> book(new SecretBook(std::move(dependencies)));
  LUY_TRY_VOID(book->load());
  return book;
}

Result<void> SecretBook::load() {
  std::map<SecretId, Entry> fresh;
  LUY_TRY_VOID(d_.database.read([&](Connection& c) -> Result<void> {
    LUY_TRY(fresh, load_secrets(c));
    return {};
  }));
  const std::unique_lock lock(mutex_);
  entries_ = std::move(fresh);
  return {};
}

std::vector<SecretBook::Entry> SecretBook::list(bool with_retired) const {
  std::vector<Entry> out;
  {
    const std::shared_lock lock(mutex_);
    for (const auto& [id, entry] : entries_) {
      if (with_retired || !entry.device.retired_at) out.push_back(entry);
    }
  }
  std::sort(out.begin(), out.end(), [](const Entry& a, const Entry& b) {
    return std::tie(a.device.label, a.device.id) < std::tie(b.device.label, b.device.id);
  });
  return out;
}

Result<SecretBook::Entry> SecretBook::find(const SecretId& id) const {
  const std::shared_lock lock(mutex_);
  const auto found = entries_.find(id);
  if (found == entries_.end()) return Error(secret_unknown);
  return found->second;
}

Result<SecretBook::Entry> SecretBook::of_move(const MoveId& id) const {
  const std::shared_lock lock(mutex_);
  for (const auto& [device, entry] : entries_) {
    for (const Move& one : entry.moves) {
      if (one.id == id) return entry;
    }
  }
  return Error(move_unknown);
}

Result<SecretDevice> SecretBook::living(const SecretId& id) const {
  LUY_TRY(const Entry entry, find(id));
  if (entry.device.retired_at) return Error(secret_retired);
  return entry.device;
}

Result<SecretBook::Entry> SecretBook::act(const Caller& caller, const char* name, const SecretDevice& about,
                                          const std::function<Result<void>(Connection&, AuditEntry&)>& work) {
  AuditEntry entry;
  entry.act = name;
  entry.object = "secret_device:" + about.id.text();
  entry.after["agency"] = about.agency.text();
  LUY_TRY_VOID(d_.audit.perform(caller, std::move(entry), work));
  LUY_TRY_VOID(load());
  if (d_.changed) d_.changed(about.agency);
  return find(about.id);
}

Result<SecretBook::Entry> SecretBook::add(const Caller& caller, SecretDevice wanted) {
  wanted.id = SecretId::make(d_.clock.now(), d_.random);
  wanted.registered_at = d_.clock.now();
  wanted.version = 1;
  return act(caller, "secret_add", wanted, [&](Connection& c, AuditEntry& entry) -> Result<void> {
    LUY_TRY(const SecretDevice one, checked(wanted));
    const std::vector<Entry> all = list(false);
    if (all.size() >= secrets_max) return Error(secret_invalid, "sổ đã đầy", "the register is full");
    LUY_TRY_VOID(check_unique(all, one));
    entry.after = noted(one);
    return save(c, one);
  });
}

Result<SecretBook::Entry> SecretBook::change(const Caller& caller, SecretDevice wanted) {
  LUY_TRY(const Entry known, find(wanted.id));
  return act(caller, "secret_change", known.device, [&](Connection& c, AuditEntry& entry) -> Result<void> {
    LUY_TRY(const SecretDevice before, living(wanted.id));
    if (before.version != wanted.version) return Error(secret_changed);
    SecretDevice next = before;
    next.serial = wanted.serial;
    next.macs = wanted.macs;
    next.purpose = wanted.purpose;
    ++next.version;
    LUY_TRY(next, checked(std::move(next)));
    LUY_TRY_VOID(check_unique(list(false), next));
    entry.before = noted(before);
    entry.after = noted(next);
    return save(c, next);
  });
}

Result<SecretBook::Entry> SecretBook::retire(const Caller& caller, const SecretId& id, std::string_view reason) {
  LUY_TRY(const Entry known, find(id));
  return act(caller, "secret_retire", known.device, [&](Connection& c, AuditEntry& entry) -> Result<void> {
    LUY_TRY(SecretDevice one, living(id));
    const bool is_moving = !known.moves.empty() && (known.moves.front().state == Move::State::asked ||
                                                    known.moves.front().state == Move::State::approved);
    if (is_moving) return Error(move_open);
    LUY_TRY(one.retire_reason, clean_text(reason, {"reason", note_bytes_max, false, Suspect::mixed}));
    one.retired_at = d_.clock.now();
    ++one.version;
    entry.after["reason"] = one.retire_reason;
    return save(c, one);
  });
}

Result<fact::OfflineCode> SecretBook::issue_code(const Caller& caller, const SecretId& id) {
  LUY_TRY(const Entry known, find(id));
  fact::OfflineCode code{};
  d_.random.fill(code);
  const Time now = d_.clock.now();
  const auto work = [&](Connection& c, AuditEntry&) -> Result<void> {
    LUY_TRY(const SecretDevice one, living(id));
    if (!is_computer(one.purpose)) return Error(secret_invalid, "không phải máy tính", "it is no computer");
    LUY_TRY_VOID(c.run(
        "INSERT INTO premises_secret_code (device, code, issued_at_us) VALUES ($1, $2, $3) ON CONFLICT (device) DO "
        "UPDATE SET code = $2, issued_at_us = $3",
        {id.text(), to_hex(code), to_micros(now)}));
    return {};
  };
  LUY_TRY_VOID(act(caller, "secret_code", known.device, work));
  return code;
}

Result<SecretBook::Entry> SecretBook::enter_report(const Caller& caller, const Actor& actor, const SecretId& id,
                                                   std::string_view text, std::string_view room) {
  LUY_TRY(const Entry known, find(id));
  return act(caller, "secret_check", known.device, [&](Connection& c, AuditEntry& entry) -> Result<void> {
    LUY_TRY(const SecretDevice device, living(id));
    std::optional<fact::OfflineCode> code;
    Time issued;
    LUY_TRY_VOID(c.query("SELECT code, issued_at_us FROM premises_secret_code WHERE device = $1", {id.text()},
                         [&](const records::Row& row) {
                           const auto bytes = from_hex(row.text(0));
                           if (!bytes || bytes->size() != fact::OfflineCode().size()) return;
                           code.emplace();
                           std::copy(bytes->begin(), bytes->end(), code->begin());
                           issued = from_micros(row.integer(1));
                         }));
    if (!code || d_.clock.now() - issued > check_code_lifetime) {
      LUY_TRY_VOID(fact::check_lines(text));
      return Error(check_code_unknown);
    }
    SecretCheck one;
    LUY_TRY(one.summary, fact::parse_report(text, *code));
    LUY_TRY(one.room, clean_text(room, {"room", name_bytes_max, false}));
    one.id = SecretCheckId::make(d_.clock.now(), d_.random);
    one.device = id;
    one.problems = problems_of(one.summary, device.serial, one.room == device.room);
    one.entered_by = actor.name;
    one.at = d_.clock.now();
    boost::json::array problems;
    for (const std::string& problem : one.problems) problems.emplace_back(problem);
    entry.after["problems"] = std::move(problems);
    entry.after["proof_of"] = secret_check_act(id);
    LUY_TRY_VOID(insert(c, one, text));
    LUY_TRY_VOID(c.run("DELETE FROM premises_secret_code WHERE device = $1", {id.text()}));
    return {};
  });
}

}  // namespace luy::premises
