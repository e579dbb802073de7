// What an agency wants its machines to do by themselves, as a signed document for each device that holds while the hub
// is away; and what the agent answers. Pure: no sockets, files, clock or cryptography; who signs and who verifies hand
// in their functions. docs/format/device-policy.md.
//
// Sections are typed and optional. What a reader does not know it ignores and names, so a hub may be newer than an
// agent; what it knows must be right, or the whole document is refused.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "device_policy/antivirus.h"
#include "device_policy/backup.h"
#include "device_policy/software.h"
#include "order/order.h"

namespace luy::device_policy {

inline constexpr ErrorKind signature_wrong{
    "device_policy.signature_wrong", ErrorClass::denied,
    "Chữ ký của chính sách không khớp với khóa của hub mà máy này đã ghi nhận. Nếu hub đã đổi khóa, hãy ghi danh lại "
    "máy.",
    "The policy is not signed with the hub's key that this machine has pinned. If the hub has a new key, enrol the "
    "machine again."};
inline constexpr ErrorKind not_for_this_device{"device_policy.not_for_this_device", ErrorClass::denied,
                                               "Chính sách dành cho thiết bị khác: {}.",
                                               "The policy is for another device: {}."};
inline constexpr ErrorKind older{
    "device_policy.older", ErrorClass::conflict,
    "Phiên bản chính sách không mới hơn phiên bản máy đang giữ: {}. Nếu hub vừa được phục hồi từ bản sao lưu, hãy lưu "
    "lại cài đặt để có phiên bản mới.",
    "The policy's version is not newer than the one this machine holds: {}. If the hub was just restored from a "
    "backup, save the settings again to get a new version."};

inline constexpr std::string_view signed_prefix = "luy-device-policy-v1\n";
// Of the answer that carries it an agent takes at most 256 KiB, and there every quote is two bytes.
inline constexpr std::size_t document_bytes_max = 96 << 10;
inline constexpr std::size_t unknown_max = 32;  // Names that are told; more are only ignored.
inline constexpr std::size_t unknown_bytes_max = 100;
inline constexpr std::size_t receipt_bytes_max = 16 << 10;

struct Policy {
  std::string device;        // As base/id.h.
  std::int64_t version = 0;  // From 1; grows with every policy of the device, with holes.
  Time issued_at;            // Microseconds, UTC, by the hub's clock.
  std::optional<Antivirus> antivirus;
  std::optional<Software> software;
  std::optional<Backup> backup;
  std::vector<std::string> unknown;  // Sections, and fields of known ones ("antivirus.x"), that this reader skipped.
  bool operator==(const Policy&) const = default;
};

// A section as the hub handles it, without knowing what is in it. A new section adds a row to section_kinds() and a
// member to Policy.
struct SectionKind {
  std::string_view name;
  // The section as it stands in documents. Errors: malformed, naming the field ("antivirus.day").
  Result<std::string> (*normal)(std::string_view json);
  // The fields by which `after` protects less than `before`, both normal; these take two people.
  std::vector<std::string> (*weakened)(std::string_view before, std::string_view after);
};
std::span<const SectionKind> section_kinds();
const SectionKind* section_kind(std::string_view name);  // nullptr for a name that is none.

// The document of sections that are normal already, by name. Aborts on a device or version that read() would refuse.
std::string to_document(std::string_view device, std::int64_t version, Time issued_at,
                        const std::map<std::string, std::string>& sections);
// Errors: malformed.
Result<Policy> read(std::string_view document);
// The version a document claims to have, even when read() refuses it; 0 when there is none.
std::int64_t claimed_version(std::string_view document);

struct SignedPolicy {
  std::string document;
  std::string signature;  // 64 bytes, Ed25519 (RFC 8032).
  bool operator==(const SignedPolicy&) const = default;
};
std::string signed_bytes(std::string_view document);

// What an agent knows when it is given a policy.
struct Guard {
  std::string key;     // Of the hub: 32 bytes.
  std::string device;  // Its own id.
  std::int64_t held_version = 0;
};
// Errors: signature_wrong, malformed, not_for_this_device, older; in this sequence, the first that is true.
Result<Policy> accept(const SignedPolicy& given, const Guard& guard, const order::Verify& verify);

// What the hub answers who asks for the policy: its key (raw), and the policy when it is newer than the one held.
struct Answer {
  std::string key;
  std::optional<SignedPolicy> policy;
  bool operator==(const Answer&) const = default;
};
std::string to_json(const Answer& answer);
// Errors: malformed.
Result<Answer> read_answer(std::string_view json);

// What became of a policy: a record of transport agent on the stream receipt_stream.
inline constexpr std::string_view receipt_stream = "policy";
struct Receipt {
  std::int64_t version = 0;       // As the document claims; 0: it claims none.
  bool held = false;              // Else refused, and the one before stays in force.
  std::int64_t held_version = 0;  // In force after this; 0: none.
  Time at;
  std::string code;  // Name of an ErrorKind; empty when held.
  std::string vi, en;
  std::string sha256;  // Of the document, lower-case hexadecimal.
  std::vector<std::string> unknown;
  bool operator==(const Receipt&) const = default;
};
// Texts beyond the limits are cut.
std::string to_json(const Receipt& receipt);
// Errors: malformed.
Result<Receipt> read_receipt(std::string_view json);

}  // namespace luy::device_policy
