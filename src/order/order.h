// Orders of the hub to an agent: typed, few, signed; and what the agent answers. Pure: no sockets, files, clock or
// cryptography; who signs and who verifies hand in their functions. docs/format/orders.md.
//
// An order is a JSON document of one line with its fields in a fixed sequence; what is not exactly what to_json()
// writes is refused, so a document has one form only and the signature is over its very bytes, after signed_prefix.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/clock.h"
#include "base/result.h"

namespace luy::order {

inline constexpr ErrorKind malformed{"order.malformed", ErrorClass::invalid, "Lệnh sai khuôn dạng: {}.",
                                     "The order is malformed: {}."};
inline constexpr ErrorKind type_unknown{
    "order.type_unknown", ErrorClass::invalid,
    "Phiên bản luy-agent này không biết loại lệnh {}. Hãy cập nhật luy-agent trên máy đó.",
    "This version of luy-agent does not know the type of order {}. Update luy-agent on that machine."};
inline constexpr ErrorKind signature_wrong{
    "order.signature_wrong", ErrorClass::denied,
    "Chữ ký của lệnh không khớp với khóa của hub mà máy này đã ghi nhận. Nếu hub đã đổi khóa, hãy ghi danh lại máy.",
    "The order is not signed with the hub's key that this machine has pinned. If the hub has a new key, enrol the "
    "machine again."};
inline constexpr ErrorKind not_for_this_device{"order.not_for_this_device", ErrorClass::denied,
                                               "Lệnh dành cho thiết bị khác: {}.",
                                               "The order is for another device: {}."};
inline constexpr ErrorKind expired{"order.expired", ErrorClass::conflict,
                                   "Lệnh đã hết hạn trước khi máy nhận được: {}. Hãy ra lệnh mới nếu vẫn cần.",
                                   "The order had expired before the machine got it: {}. Issue a new one if it is "
                                   "still needed."};
inline constexpr ErrorKind replayed{"order.replayed", ErrorClass::conflict,
                                    "Số thứ tự của lệnh không mới hơn lệnh đã thực hiện: {}.",
                                    "The order's serial number is not newer than one that was performed: {}."};
inline constexpr ErrorKind clock_off{
    "order.clock_off", ErrorClass::conflict,
    "Đồng hồ của máy và của hub lệch nhau quá nhiều: {}. Hãy chỉnh giờ rồi ra lệnh lại.",
    "The clocks of the machine and of the hub are too far apart: {}. Set the time, then issue the order again."};

inline constexpr std::string_view signed_prefix = "luy-order-v1\n";
inline constexpr std::size_t document_bytes_max = 16 << 10;
inline constexpr std::size_t reason_bytes_max = 1000;
inline constexpr std::size_t name_bytes_max = 200;   // Of a person or a case.
inline constexpr std::size_t path_bytes_max = 4096;  // PATH_MAX of Linux.
inline constexpr std::size_t dns_max = 8;
inline constexpr std::size_t restore_paths_max = 8;
inline constexpr std::size_t backup_set_bytes_max = 100;  // As the policy's section has it.
inline constexpr std::size_t orders_per_answer_max = 8;
inline constexpr std::size_t result_bytes_max = 16 << 10;
inline constexpr std::size_t result_details_max = 32;
inline constexpr std::size_t result_detail_bytes_max = 1000;
// An order lives between issuing and its end at most this long, so that what a machine must remember stays small.
inline constexpr std::chrono::hours lifetime_max{7 * 24};
inline constexpr std::chrono::hours isolation_max{7 * 24};
inline constexpr std::chrono::minutes clock_skew_max{5};

// Cuts the machine off but for loopback, the hub, and what is named here.
struct IsolateNetwork {
  Time until;                    // Then it ends by itself, whatever has become of agent and hub.
  std::vector<std::string> dns;  // Addresses that may still be asked for names.
  bool dhcp = true;              // Whether leases may still be renewed.
  bool operator==(const IsolateNetwork&) const = default;
};
struct ReleaseNetwork {
  bool operator==(const ReleaseNetwork&) const = default;
};
// Nothing to or from that address any more.
struct BlockAddress {
  std::string address;        // IPv4 or IPv6 in its usual form, no prefix.
  std::optional<Time> until;  // nullopt: until it is unblocked.
  bool operator==(const BlockAddress&) const = default;
};
struct UnblockAddress {
  std::string address;
  bool operator==(const UnblockAddress&) const = default;
};
// The process that had this number, began then and ran this file; never another that got the same number later.
struct StopProcess {
  std::int64_t pid = 0;
  std::int64_t start_ticks = 0;  // Field 22 of /proc/PID/stat, clock ticks since boot.
  std::string path;              // What /proc/PID/exe points to.
  std::string sha256;            // Of that file, lower-case hexadecimal; empty: only the path is compared.
  bool operator==(const StopProcess&) const = default;
};
// Processes, sockets, people logged in, routes, neighbours, newest logins: as one record of evidence.
struct CollectVolatile {
  bool operator==(const CollectVolatile&) const = default;
};
// Every fact at once instead of at its period.
struct CollectNow {
  bool operator==(const CollectNow&) const = default;
};
// A file in the agent's quarantine goes back to where it was found, and is no longer taken for infected there.
struct RestoreQuarantined {
  std::string item;    // As base/id.h; as the agent named it.
  std::string sha256;  // Of the file, lower-case hexadecimal: never another that got the same name.
  bool operator==(const RestoreQuarantined&) const = default;
};
// The same file is gone for good.
struct DeleteQuarantined {
  std::string item;
  std::string sha256;
  bool operator==(const DeleteQuarantined&) const = default;
};
// Backs the set up now, to every target that is there, outside its hours too.
struct BackupNow {
  std::string request;  // As base/id.h, made by the hub: what becomes of it is told under this.
  std::string set;
  bool operator==(const BackupNow&) const = default;
};
// Tries a restore of the set into a scratch place.
struct DrillRestore {
  std::string request;
  std::string set;
  bool operator==(const DrillRestore&) const = default;
};
// What of a set a restore brings back, from when, and to where.
struct RestoreWanted {
  std::string request;
  std::string set;
  std::string snapshot;            // Hexadecimal; empty: the newest,
  std::optional<Time> at;          // not later than this.
  std::vector<std::string> paths;  // Absolute, with everything below; none: the whole set.
  std::string destination;         // Absolute: a new folder is made in it. Empty: in its place, over what is there.
  bool operator==(const RestoreWanted&) const = default;
};
// Which files that would be, and which of them would be written over.
struct PreviewRestore : RestoreWanted {
  bool operator==(const PreviewRestore&) const = default;
};
struct RestoreBackup : RestoreWanted {
  bool operator==(const RestoreBackup&) const = default;
};
// The sequence is that of type_names in order.cc.
using Body =
    std::variant<IsolateNetwork, ReleaseNetwork, BlockAddress, UnblockAddress, StopProcess, CollectVolatile, CollectNow,
                 RestoreQuarantined, DeleteQuarantined, BackupNow, DrillRestore, PreviewRestore, RestoreBackup>;
inline constexpr std::size_t type_count = std::variant_size_v<Body>;
// "isolate_network", …: in documents, in the API, in the audit trail.
std::string_view type_name(const Body& body);
// A body of that type with nothing in it; nullopt for a name that is none.
std::optional<Body> body_of_type(std::string_view name);
// Whether giving it takes a second person: what cuts off, blocks, stops or destroys. What gives back or only looks does
// not.
bool takes_two(const Body& body);

struct Order {
  std::string id;           // As base/id.h.
  std::string device;       // As base/id.h.
  std::int64_t serial = 0;  // From 1; grows with every order to the device, with holes.
  Time issued_at;           // Microseconds, UTC, by the hub's clock.
  Time expires_at;          // Not begun any more from then on.
  std::string incident;     // Number of the case; may be empty.
  std::string reason;
  std::string asked_by;   // User names.
  std::string agreed_by;  // Empty where one person sufficed.
  Body body;
  bool operator==(const Order&) const = default;
};

// Aborts on an order that read() would refuse: check() first what comes from people.
std::string to_json(const Order& order);
// {"until":…}: the parameters alone, as they stand in the document.
std::string parameters_json(const Body& body);
// Whether the values are possible. Errors: malformed, naming the field.
Result<void> check(const Order& order);
// Errors: malformed, type_unknown.
Result<Order> read(std::string_view json);
// The id a document claims to have, even when read() refuses it; empty when there is none.
std::string claimed_id(std::string_view json);

// "192.0.2.1" or "2001:db8::1" in its shortest form; empty for anything else.
std::string normal_address(std::string_view text);

struct SignedOrder {
  std::string document;
  std::string signature;  // 64 bytes, Ed25519 (RFC 8032).
  bool operator==(const SignedOrder&) const = default;
};
// What is signed.
std::string signed_bytes(std::string_view document);
// (public key, message, signature) -> whether it is good.
using Verify = std::function<bool(std::string_view, std::string_view, std::string_view)>;

// What an agent knows when it is given an order.
struct Guard {
  std::string key;     // Of the hub: 32 bytes.
  std::string device;  // Its own id.
  std::int64_t last_serial = 0;
  Time now;      // By the agent's clock.
  Time hub_now;  // As the hub said with the order.
};
// The order, when it may be performed. Errors: signature_wrong, malformed, type_unknown, not_for_this_device,
// clock_off, expired, replayed; in this sequence, the first that is true.
Result<Order> accept(const SignedOrder& given, const Guard& guard, const Verify& verify);

// What the hub answers who asks for orders: its time, its key (raw), what waits, oldest serial first, and
// which policy is the newest.
struct Answer {
  Time now;
  std::string key;
  std::vector<SignedOrder> orders;
  std::int64_t policy = 0;  // Version of the device's policy (docs/format/device-policy.md); 0: there is none.
};
std::string to_json(const Answer& answer);
// Errors: malformed.
Result<Answer> read_answer(std::string_view json);

// What became of an order: a record of transport agent on the stream result_stream.
inline constexpr std::string_view result_stream = "order";
// What collect_volatile found: a record of transport agent on this stream; its hash stands in the result.
inline constexpr std::string_view volatile_stream = "order/volatile";

enum class Outcome : std::uint8_t { done, refused, failed };
std::string_view name_of(Outcome outcome);
struct OrderResult {
  std::string order;  // Its id.
  Outcome outcome = Outcome::done;
  Time at;
  std::string code;    // Name of an ErrorKind; empty when done.
  std::string vi, en;  // Whole sentences.
  std::string sha256;  // Of the order's document, lower-case hexadecimal.
  std::vector<std::pair<std::string, std::string>> details{};
  bool operator==(const OrderResult&) const = default;
};
// Texts beyond the limits are cut.
std::string to_json(const OrderResult& result);
// Errors: malformed.
Result<OrderResult> read_result(std::string_view json);

}  // namespace luy::order
