// Cutting this machine off the network, and single addresses off this machine, by an nftables table of our own.
//
// The table is replaced as a whole in one transaction of the kernel; no other table is touched. What it does ends by
// itself: isolation is a rule that counts while an element of a set lives, and the kernel lets that element go at its
// time, whether or not an agent still runs. DIR/containment says what must stand after a restart.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agent/source.h"
#include "base/clock.h"
#include "base/result.h"
#include "order/order.h"

namespace luy::agent {

inline constexpr ErrorKind nft_missing{
    "agent.nft_missing", ErrorClass::unavailable,
    "Máy này không có chương trình nft nên không cô lập hay chặn được. Hãy cài gói nftables rồi ra lệnh lại.",
    "This machine has no program nft, so nothing can be isolated or blocked. Install the package nftables, then issue "
    "the order again."};
inline constexpr ErrorKind nft_failed{
    "agent.nft_failed", ErrorClass::unavailable,
    "Nhân hệ điều hành không nhận bộ lọc gói: {}. Luy-agent cần quyền CAP_NET_ADMIN và nhân có nf_tables.",
    "The kernel did not take the packet filter: {}. luy-agent needs CAP_NET_ADMIN and a kernel with nf_tables."};
inline constexpr ErrorKind would_cut_hub{"agent.would_cut_hub", ErrorClass::conflict,
                                         "{} là địa chỉ của hub: chặn nó thì không gỡ chặn được nữa.",
                                         "{} is the hub's address: once blocked, nothing could unblock it."};
inline constexpr ErrorKind hub_unnamed{"agent.hub_unnamed", ErrorClass::unavailable,
                                       "Không tìm được địa chỉ của hub {}, nên cô lập sẽ cắt luôn hub.",
                                       "The address of the hub {} is not known, so isolating would cut off the hub."};
inline constexpr ErrorKind containment_full{"agent.containment_full", ErrorClass::too_large,
                                            "Đã chặn quá nhiều địa chỉ: {}. Hãy bỏ chặn bớt.",
                                            "Too many addresses are blocked: {}. Unblock some."};

inline constexpr std::size_t blocked_max = 1000;

struct Blocked {
  std::string address;
  std::optional<Time> until;
  bool operator==(const Blocked&) const = default;
};
struct Isolation {
  Time until;
  std::vector<std::string> hub;  // Addresses that stay reachable,
  std::uint16_t port = 0;        // at this TCP port.
  std::vector<std::string> dns;
  bool dhcp = true;
  bool operator==(const Isolation&) const = default;
};
struct Contained {
  std::optional<Isolation> isolation;
  std::vector<Blocked> blocked;
  bool empty() const { return !isolation && blocked.empty(); }
  bool operator==(const Contained&) const = default;
};

// What is given to `nft -f -`. Pure. Addresses must be normal_address()'s. What has run out is left away.
std::string nft_script(const Contained& contained, Time now);
// The bytes of DIR/containment: lines, the last one with the CRC-32C of all before.
std::string encode(const Contained& contained);
// nullopt for anything but what encode() wrote.
std::optional<Contained> decode(std::string_view text);

// Not thread-safe: belongs to the sender's thread once restore() has returned.
class Containment {
 public:
  static constexpr Duration nft_time_max = std::chrono::seconds(10);

  struct Setup {
    std::filesystem::path file;
    std::string nft;  // Empty: there is none.
    std::uint16_t hub_port = 0;
    // Addresses of the hub, asked for when isolation begins.
    std::function<std::vector<std::string>()> hub;
    std::string hub_name;
    const Clock& clock;
  };
  explicit Containment(Setup setup) : setup_(std::move(setup)) {}

  // What stood before a restart, as far as it has not run out. Errors: those of base/file.h, of nft. What could not be
  // restored is tried again by settle().
  Result<void> restore();
  // Each leaves everything as it was after an error. Errors: the kinds above, those of base/file.h.
  Result<void> isolate(const order::IsolateNetwork& wanted);
  Result<void> release();
  Result<void> block(const order::BlockAddress& wanted);
  Result<void> unblock(const std::string& address);
  // Ends what has run out; answers notes about it.
  std::vector<Item> settle();

  const Contained& contained() const { return contained_; }

 private:
  Result<void> become(const Contained& wanted);
  Result<void> apply(const Contained& wanted) const;

  Setup setup_;
  Contained contained_;
  bool owed_ = false;  // The kernel does not hold yet what `contained_` says.
  std::string told_;
};

}  // namespace luy::agent
