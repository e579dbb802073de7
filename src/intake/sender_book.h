// Who sends to the hub without an agent, and whose records that makes: each sender is one device of an agency. What is
// not known yet waits: its first lines are kept, bounded, until somebody says whose it is or that it is nobody's
// (docs/adr/0118).
//
// Threads: any. find() and count() touch memory only, so that the thread of the ports may ask for every batch.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/id.h"
#include "base/random.h"
#include "base/result.h"
#include "records/database.h"

namespace luy::intake {

inline constexpr ErrorKind sender_unknown{"intake.sender_unknown", ErrorClass::not_found, "Không có nguồn gửi {}.",
                                          "There is no sender {}."};
inline constexpr ErrorKind sender_decided{"intake.sender_decided", ErrorClass::conflict,
                                          "Nguồn gửi này đã được quyết định: {}. Hãy xóa nguồn gửi rồi quyết định lại.",
                                          "This sender was decided on already: {}. Remove it and decide anew."};
inline constexpr ErrorKind senders_full{
    "intake.senders_full", ErrorClass::busy,
    "Đã có {} nguồn gửi đang chờ phê duyệt; nguồn mới không được ghi nhận. Hãy phê duyệt hoặc từ chối bớt.",
    "{} senders are waiting for approval already; a new one is not taken down. Approve or refuse some."};

inline constexpr std::size_t senders_waiting_max = 256;
inline constexpr std::size_t senders_max = 10'000;
// Of one sender that waits. All together: senders_waiting_max times as much, 64 MiB.
inline constexpr std::size_t held_lines_max = 1'000;
inline constexpr std::size_t held_bytes_max = 256 << 10;
inline constexpr std::size_t samples_max = 5;
inline constexpr std::size_t sample_bytes_max = 400;
inline constexpr std::size_t about_bytes_max = 300;

// What a sender is recognised by; names are stored: never renamed.
enum class SenderKind : std::uint8_t {
  address,      // The address a datagram or an unproven connection comes from. Of UDP it can be forged.
  certificate,  // SHA-256 of the public key (SubjectPublicKeyInfo) that a TLS client proved to hold, hexadecimal.
  token,        // SHA-256 of the token that an HTTP sender shows, hexadecimal.
};
enum class SenderState : std::uint8_t { waiting, approved, refused };
std::string_view name_of(SenderKind kind);
std::string_view name_of(SenderState state);

struct Sender {
  SenderId id;
  SenderKind kind = SenderKind::address;
  std::string key;
  std::string about;  // For people: subject of the certificate, the name given with a token.
  SenderState state = SenderState::waiting;
  std::optional<DeviceId> device;  // Of an approved one.
  Time first_seen;
  std::optional<Time> last_seen;
  std::uint64_t records = 0;  // Received since the first; of a waiting one the held lines are among them.
  std::uint64_t dropped = 0;  // Of these not kept: no room while waiting, too fast, refused.
  std::string decided_by;
  std::optional<Time> decided_at;
};

// One line of a sender that waits.
struct HeldLine {
  Time received;
  std::uint8_t transport = 0;
  std::string stream;
  std::string raw;
};
struct Held {
  std::vector<HeldLine> lines;  // Oldest first.
  std::uint64_t dropped = 0;    // That came while there was no room.
};

class SenderBook {
 public:
  // Errors: those of the database.
  static Result<std::unique_ptr<SenderBook>> open(records::Database& database, const Clock& clock, Random& random);

  std::optional<Sender> find(SenderKind kind, const std::string& key) const;
  std::optional<Sender> find(const SenderId& id) const;
  std::vector<Sender> all() const;  // In order of id.

  // Takes down a sender that nobody knows, as waiting. Errors: senders_full, unless one that waited was not heard of
  // for `forgotten_after`: it makes room, and its lines go; those of the database.
  Result<Sender> meet(SenderKind kind, const std::string& key, std::string_view about);
  static constexpr std::chrono::hours forgotten_after{24};

  // Of what came just now; kept in memory, on disk with the next flush().
  void count(const SenderId& sender, std::uint64_t records, std::uint64_t dropped);
  Result<void> flush();

  // Keeps lines of senders that wait, in one transaction. What has no room is counted as dropped. Lines of a sender
  // that has meanwhile been decided on are left in `batch`; the others are taken out of it.
  Result<void> hold(std::map<SenderId, std::vector<HeldLine>>& batch);
  Result<Held> held(const SenderId& sender) const;
  // The newest lines of a waiting sender, readable and short.
  Result<std::vector<std::string>> samples(const SenderId& sender) const;
  // The lines are where they belong now.
  Result<void> release(const SenderId& sender);
  // Approved senders whose lines are still held: the hub ended between the decision and the delivery.
  Result<std::vector<SenderId>> unreleased() const;

  // Acts, each in the caller's transaction, which also holds the entry of the audit trail; refresh() once it is
  // committed. Errors: sender_unknown, sender_decided.
  Result<Sender> approve_in(records::Connection& c, const SenderId& sender, const DeviceId& device,
                            std::string_view by);
  // Drops what is held; answers how many lines.
  Result<std::uint64_t> refuse_in(records::Connection& c, const SenderId& sender, std::string_view by);
  Result<std::uint64_t> remove_in(records::Connection& c, const SenderId& sender);
  struct Issued {
    SenderId sender;
    std::string token;  // 52 hexadecimal characters; shown once.
  };
  Result<Issued> issue_token_in(records::Connection& c, const DeviceId& device, std::string_view about,
                                std::string_view by);
  Result<void> refresh(const SenderId& sender);

 private:
  SenderBook(records::Database& database, const Clock& clock, Random& random)
      : database_(database), clock_(clock), random_(random) {}
  Result<void> load(records::Connection& c, const std::optional<SenderId>& only, std::vector<Sender>& out) const;
  Result<Sender> loaded(records::Connection& c, const SenderId& sender) const;
  Result<std::uint64_t> drop_held_in(records::Connection& c, const SenderId& sender);
  Result<void> make_room();
  Result<void> hold_one(records::Connection& c, const SenderId& sender, const std::vector<HeldLine>& lines,
                        std::uint64_t& dropped);
  void put(Sender sender);
  void forget(const SenderId& sender);

  records::Database& database_;
  const Clock& clock_;
  Random& random_;

  mutable std::mutex mutex_;  // Guards what follows.
  std::map<SenderId, Sender> senders_;
  std::map<std::pair<SenderKind, std::string>, SenderId> by_key_;
  std::set<SenderId> counted_;  // Since the last flush.
};

// What a token's sender is known by.
std::string token_key(std::string_view token);

std::span<const records::Migration> migrations();

}  // namespace luy::intake
