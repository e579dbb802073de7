#include "hub/reception.h"

#include <algorithm>

#include "base/log.h"
#include "event/batch.h"

namespace luy::hub {
namespace {

constexpr auto transport = static_cast<std::uint8_t>(event::Transport::syslog);
constexpr double burst_seconds = 2;
constexpr std::size_t line_overhead = sizeof(intake::HeldLine) + 16;

}  // namespace

Guest* Reception::guest(intake::SenderKind kind, const std::string& key, std::string_view about) {
  const auto at = guests_.find({kind, key});
  if (at != guests_.end()) return &at->second;
  if (guests_.size() >= guests_max) forget_idle();
  if (guests_.size() >= guests_max) {
    ++counters_.dropped_refused;
    return nullptr;
  }
  Guest fresh;
  fresh.kind = kind;
  fresh.key = key;
  fresh.about = about;
  fresh.allowance = static_cast<double>(d_.rate) * burst_seconds;
  fresh.filled = fresh.heard = d_.clock.monotonic();
  return &guests_.emplace(Key(kind, key), std::move(fresh)).first->second;
}

void Reception::forget_idle() {
  const Duration now = d_.clock.monotonic();
  std::erase_if(guests_, [&](const auto& one) {
    const Guest& guest = one.second;
    return guest.connections == 0 && guest.gathered.empty() && guest.dropped == 0 &&
           now - guest.heard > guest_forgotten_after;
  });
}

void Reception::fill(Guest& guest) const {
  const Duration now = d_.clock.monotonic();
  const double seconds = std::chrono::duration<double>(now - guest.filled).count();
  const auto rate = static_cast<double>(d_.rate);
  guest.allowance = std::min(guest.allowance + seconds * rate, rate * burst_seconds);
  guest.filled = now;
}

bool Reception::has_room(Guest& guest) {
  if (guest.bytes >= guest_bytes_max || gathered_bytes_ >= gathered_bytes_max) return false;
  if (guest.allowance >= 1) return true;
  fill(guest);
  return guest.allowance >= 1;
}

void Reception::take(Guest& guest, std::string_view stream, std::string_view raw) {
  guest.allowance -= 1;
  guest.heard = d_.clock.monotonic();
  guest.gathered.push_back({d_.clock.now(), transport, std::string(stream), std::string(raw)});
  const std::size_t bytes = raw.size() + line_overhead;
  guest.bytes += bytes;
  gathered_bytes_ += bytes;
  ++counters_.messages;
}

void Reception::take_datagram(Guest& guest, std::string_view stream, std::string_view raw) {
  if (has_room(guest)) return take(guest, stream, raw);
  ++guest.dropped;
  guest.heard = d_.clock.monotonic();
  ++counters_.dropped_rate;
}

void Reception::clear(Guest& guest) {
  guest.gathered.clear();
  gathered_bytes_ -= guest.bytes;
  guest.bytes = 0;
}

void Reception::drop(Guest& guest, const SenderId* sender) {
  const std::uint64_t lines = guest.gathered.size();
  counters_.dropped_refused += lines;
  if (sender != nullptr) d_.book.count(*sender, lines + guest.dropped, lines + guest.dropped);
  guest.dropped = 0;
  clear(guest);
}

void Reception::deliver(Guest& guest, const intake::Sender& sender, const AgencyId& agency) {
  Delivery delivery;
  delivery.agency = agency;
  delivery.device = *sender.device;
  delivery.dropped = guest.dropped;
  delivery.records.reserve(guest.gathered.size());
  for (const intake::HeldLine& line : guest.gathered) {
    delivery.records.push_back({line.stream, line.transport, line.raw});
  }
  // What there is no room for stays gathered, and its connections are not read.
  if (!d_.desk.take(delivery)) return;
  d_.book.count(sender.id, guest.gathered.size() + guest.dropped, guest.dropped);
  guest.dropped = 0;
  clear(guest);
}

void Reception::hand_over(Guest& guest, std::map<SenderId, std::vector<intake::HeldLine>>& waiting) {
  // Losses alone are told with the next line: a note needs a record to stand beside.
  if (guest.gathered.empty()) return;
  auto sender = d_.book.find(guest.kind, guest.key);
  if (!sender) {
    auto met = d_.book.meet(guest.kind, guest.key, guest.about);
    if (!met) {
      if (d_.clock.monotonic() - told_ > std::chrono::seconds(60)) {
        told_ = d_.clock.monotonic();
        log(LogLevel::warning, "hub", "sender " + guest.key + ": " + met.error().text());
      }
      return drop(guest, nullptr);
    }
    sender = *std::move(met);
  }
  guest.refused = sender->state == intake::SenderState::refused;
  if (guest.refused) return drop(guest, &sender->id);
  if (sender->state == intake::SenderState::approved) {
    const auto agency = sender->device ? d_.agency_of(*sender->device) : std::nullopt;
    // Its device was retired: it is nobody's until somebody removes the sender and decides anew.
    return agency ? deliver(guest, *sender, *agency) : drop(guest, &sender->id);
  }
  counters_.held += guest.gathered.size();
  auto& lines = waiting[sender->id];
  std::move(guest.gathered.begin(), guest.gathered.end(), std::back_inserter(lines));
  if (guest.dropped > 0) d_.book.count(sender->id, guest.dropped, guest.dropped);
  guest.dropped = 0;
  clear(guest);
}

void Reception::hand_over() {
  std::map<SenderId, std::vector<intake::HeldLine>> waiting;
  for (auto& [key, guest] : guests_) hand_over(guest, waiting);
  if (waiting.empty()) return;
  if (auto held = d_.book.hold(waiting); !held) {
    log(LogLevel::warning, "hub", "lines of senders that wait are lost: " + held.error().text());
    for (const auto& [id, lines] : waiting) d_.book.count(id, lines.size(), lines.size());
    return;
  }
  // Decided on between the look and the write: they go the way of the decision.
  for (auto& [id, lines] : waiting) {
    if (auto fresh = d_.book.refresh(id); !fresh) log(LogLevel::warning, "hub", fresh.error().text());
    const auto sender = d_.book.find(id);
    const auto agency = sender && sender->device ? d_.agency_of(*sender->device) : std::nullopt;
    const auto at = sender ? guests_.find({sender->kind, sender->key}) : guests_.end();
    if (!agency || at == guests_.end()) {
      d_.book.count(id, lines.size(), lines.size());
      counters_.dropped_refused += lines.size();
      continue;
    }
    Guest& guest = at->second;
    for (const intake::HeldLine& line : lines) guest.bytes += line.raw.size() + line_overhead;
    for (const intake::HeldLine& line : lines) gathered_bytes_ += line.raw.size() + line_overhead;
    guest.gathered.insert(guest.gathered.begin(), std::make_move_iterator(lines.begin()),
                          std::make_move_iterator(lines.end()));
    deliver(guest, *sender, *agency);
  }
}

}  // namespace luy::hub
