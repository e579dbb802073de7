// What becomes of a message from the network: whose it is, whether its sender is too fast, waits for approval or was
// refused; then it is gathered and handed over with others a few times a second. Knows no socket.
//
// Threads: one, that of the ports.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "hub/intake_desk.h"
#include "intake/sender_book.h"

namespace luy::hub {

inline constexpr std::chrono::milliseconds reception_period{100};
// Gathered of one sender between two hand-overs; of all, so much brings the next hand-over forward. What is gathered is
// what kill -9 loses, so it is little.
inline constexpr std::size_t guest_bytes_max = 256 << 10;
inline constexpr std::size_t hand_over_bytes = 128 << 10;
inline constexpr std::size_t gathered_bytes_max = 16 << 20;  // Of all.
inline constexpr std::size_t guests_max = 4'096;             // Senders heard lately; datagrams can name any address.
inline constexpr std::chrono::minutes guest_forgotten_after{5};
// A town's peak is 5,000 events a second from all its machines.
inline constexpr std::uint64_t rate_default = 20'000;  // Messages a second of one sender, for two seconds at once.

// One sender as the ports know it.
struct Guest {
  intake::SenderKind kind = intake::SenderKind::address;
  std::string key;
  std::string about;
  std::vector<intake::HeldLine> gathered;
  std::size_t bytes = 0;
  std::uint64_t dropped = 0;  // Since the last hand-over.
  double allowance = 0;       // Messages it may send right now.
  Duration filled{};          // When the allowance was last added to.
  Duration heard{};
  std::size_t connections = 0;
  bool refused = false;  // At the last hand-over.
};

class Reception {
 public:
  struct Dependencies {
    intake::SenderBook& book;
    IntakeDesk& desk;
    const Clock& clock;
    // The agency a living device belongs to. Thread-safe.
    std::function<std::optional<AgencyId>(const DeviceId&)> agency_of;
    std::uint64_t rate = rate_default;
  };
  explicit Reception(Dependencies dependencies) : d_(std::move(dependencies)) {}

  // nullptr: too many are known just now. The guest stays where it is while it has connections or gathered lines.
  Guest* guest(intake::SenderKind kind, const std::string& key, std::string_view about);

  // Whether a stream of this sender should be read now; asked again after the next hand-over.
  bool has_room(Guest& guest);
  // A message of a stream: never lost here, so stop reading when has_room() says no.
  void take(Guest& guest, std::string_view stream, std::string_view raw);
  // A datagram: dropped and counted where there is no room.
  void take_datagram(Guest& guest, std::string_view stream, std::string_view raw);

  // Hands over what was gathered; every reception_period.
  void hand_over();
  std::size_t gathered_bytes() const { return gathered_bytes_; }

  struct Counters {
    std::atomic<std::uint64_t> messages{0};
    std::atomic<std::uint64_t> dropped_rate{0};     // Datagrams of senders that were too fast, or no room.
    std::atomic<std::uint64_t> dropped_refused{0};  // Of refused senders, and of more than may wait.
    std::atomic<std::uint64_t> held{0};             // Of senders that wait; those without room among them.
  };
  const Counters& counters() const { return counters_; }

 private:
  using Key = std::pair<intake::SenderKind, std::string>;
  void fill(Guest& guest) const;
  void hand_over(Guest& guest, std::map<SenderId, std::vector<intake::HeldLine>>& waiting);
  void deliver(Guest& guest, const intake::Sender& sender, const AgencyId& agency);
  void drop(Guest& guest, const SenderId* sender);
  void clear(Guest& guest);
  void forget_idle();

  Dependencies d_;
  std::map<Key, Guest> guests_;
  std::size_t gathered_bytes_ = 0;
  Counters counters_;
  Duration told_{-1'000'000'000};  // When a trouble was last logged.
};

}  // namespace luy::hub
