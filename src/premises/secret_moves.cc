// Moves of devices for state secrets: asked for, approved by the head, handed over under seal before a witness, signed.
#include <algorithm>

#include "premises/secret_rows.h"
#include "premises/text.h"

namespace luy::premises {

using directory::AuditEntry;
using directory::Caller;
using records::Connection;

Result<SecretBook::Entry> SecretBook::ask_move(const Caller& caller, const Actor& actor, Move wanted) {
  LUY_TRY(const Entry known, find(wanted.device));
  return act(caller, "secret_move_ask", known.device, [&](Connection& c, AuditEntry& entry) -> Result<void> {
    LUY_TRY(const SecretDevice device, living(wanted.device));
    const bool is_moving = std::any_of(known.moves.begin(), known.moves.end(), [](const Move& one) {
      return one.state == Move::State::asked || one.state == Move::State::approved;
    });
    if (is_moving) return Error(move_open);
    LUY_TRY(wanted.to_room, clean_text(wanted.to_room, {"to_room", name_bytes_max, false}));
    LUY_TRY(wanted.to_holder, clean_text(wanted.to_holder, {"to_holder", name_bytes_max, false}));
    LUY_TRY(wanted.reason, clean_text(wanted.reason, {"reason", note_bytes_max, false, Suspect::mixed}));
    if (wanted.to_room == device.room && wanted.to_holder == device.holder) {
      return Error(secret_invalid, "phòng và người giữ không đổi", "neither room nor holder changes");
    }
    if (wanted.planned_on < day_of(d_.clock.now())) return Error(secret_invalid, "ngày dự kiến", "the planned day");
    wanted.id = MoveId::make(d_.clock.now(), d_.random);
    wanted.state = Move::State::asked;
    wanted.from_room = device.room;
    wanted.from_holder = device.holder;
    wanted.asked_by = actor.name;
    wanted.asked_by_account = actor.account;
    wanted.asked_at = d_.clock.now();
    for (auto& [key, value] : noted(wanted)) entry.after[key] = value;
    return save(c, wanted);
  });
}

Result<std::pair<SecretBook::Entry, Move>> SecretBook::move_at(const MoveId& id, Move::State state) const {
  LUY_TRY(const Entry entry, of_move(id));
  for (const Move& one : entry.moves) {
    if (one.id != id) continue;
    if (one.state != state) return Error(move_state, std::string(name_of(one.state)));
    return std::pair(entry, one);
  }
  return Error(move_unknown);
}

Result<SecretBook::Entry> SecretBook::decide_move(const Caller& caller, const Actor& actor, const MoveId& id,
                                                  bool approved, std::string_view note) {
  LUY_TRY(const Entry known, of_move(id));
  const char* const name = approved ? "secret_move_approve" : "secret_move_refuse";
  return act(caller, name, known.device, [&](Connection& c, AuditEntry& entry) -> Result<void> {
    LUY_TRY(auto found, move_at(id, Move::State::asked));
    Move& one = found.second;
    if (one.asked_by_account == actor.account) return Error(move_own);
    LUY_TRY(one.decision_note, clean_text(note, {"note", note_bytes_max, true, Suspect::mixed}));
    one.state = approved ? Move::State::approved : Move::State::refused;
    one.decided_by = actor.name;
    one.decided_at = d_.clock.now();
    for (auto& [key, value] : noted(one)) entry.after[key] = value;
    return save(c, one);
  });
}

Result<SecretBook::Entry> SecretBook::finish_move(const Caller& caller, const MoveId& id, std::string_view seal,
                                                  std::string_view witness, Time moved_at) {
  LUY_TRY(const Entry known, of_move(id));
  return act(caller, "secret_move_finish", known.device, [&](Connection& c, AuditEntry& entry) -> Result<void> {
    LUY_TRY(auto found, move_at(id, Move::State::approved));
    Move& one = found.second;
    LUY_TRY(one.seal, clean_text(seal, {"seal", 200, false}));
    LUY_TRY(one.witness, clean_text(witness, {"witness", name_bytes_max, false}));
    if (moved_at > d_.clock.now() || moved_at < *one.decided_at) {
      return Error(secret_invalid, "thời điểm bàn giao", "the moment of the hand-over");
    }
    one.state = Move::State::moved;
    one.moved_at = moved_at;
    SecretDevice device = found.first.device;
    device.room = one.to_room;
    device.holder = one.to_holder;
    ++device.version;
    entry.before = noted(found.first.device);
    for (auto& [key, value] : noted(one)) entry.after[key] = value;
    LUY_TRY_VOID(save(c, device));
    return save(c, one);
  });
}

Result<SecretBook::Entry> SecretBook::sign_move(const Caller& caller, const MoveId& id, Day signed_on) {
  LUY_TRY(const Entry known, of_move(id));
  return act(caller, "secret_move_sign", known.device, [&](Connection& c, AuditEntry& entry) -> Result<void> {
    LUY_TRY(auto found, move_at(id, Move::State::moved));
    Move& one = found.second;
    if (signed_on < day_of(*one.moved_at) || signed_on > day_of(d_.clock.now())) {
      return Error(secret_invalid, "ngày ký biên bản", "the day of the signatures");
    }
    one.state = Move::State::signed_off;
    one.signed_on = signed_on;
    for (auto& [key, value] : noted(one)) entry.after[key] = value;
    return save(c, one);
  });
}

}  // namespace luy::premises
