// The programs that a device may install, as a signed document of its own: longer than a policy may be, and new with
// every approval, while policies stay. docs/format/software-list.md. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "order/order.h"

namespace luy::device_policy {

inline constexpr ErrorKind list_malformed{"device_policy.list_malformed", ErrorClass::invalid,
                                          "Danh mục phần mềm được phép sai khuôn dạng: {}.",
                                          "The list of approved software is malformed: {}."};
inline constexpr ErrorKind list_too_long{
    "device_policy.list_too_long", ErrorClass::too_large,
    "Danh mục phần mềm được phép của thiết bị dài quá 512 KiB. Hãy thu hồi các phê duyệt không còn dùng.",
    "The device's list of approved software is longer than 512 KiB. Withdraw approvals that are no longer used."};
inline constexpr ErrorKind list_older{"device_policy.list_older", ErrorClass::conflict,
                                      "Danh mục phần mềm được phép cũ hơn danh mục máy đang giữ: {}.",
                                      "The list of approved software is older than the one held: {}."};
inline constexpr ErrorKind list_not_signed{
    "device_policy.list_not_signed", ErrorClass::denied,
    "Chữ ký của danh mục phần mềm không khớp với khóa của hub mà máy này đã ghi nhận.",
    "The list of approved software is not signed with the hub's key that this machine has pinned."};
inline constexpr ErrorKind list_of_other{"device_policy.list_of_other", ErrorClass::denied,
                                         "Danh mục phần mềm dành cho thiết bị khác: {}.",
                                         "The list of approved software is for another device: {}."};

inline constexpr std::string_view list_signed_prefix = "luy-software-list-v1\n";
inline constexpr std::size_t list_bytes_max = 512 << 10;

// One approval that reaches the device. A tab or a line feed in a name is impossible in any package manager's; such an
// approval is left out by to_list().
struct ListedProduct {
  std::string name;
  std::string versions;      // As inventory/approval.h: "*", "1.2.*" or one exact version.
  std::optional<Time> ends;  // First instant at which it no longer covers.
  bool operator==(const ListedProduct&) const = default;
};

struct SoftwareList {
  std::string device;
  Time issued_at;
  std::vector<ListedProduct> products;  // In order of name, then of versions.
  bool operator==(const SoftwareList&) const = default;

  // Whether one of the products covers that version of the package at that time.
  bool covers(std::string_view name, std::string_view version, Time now) const;
};

// The lines of the products alone: what two lists have in common when nothing is different.
std::string list_content(std::vector<ListedProduct> products);
// Errors: list_too_long.
Result<std::string> to_list(std::string_view device, Time issued_at, std::string_view content);
// Errors: list_malformed.
Result<SoftwareList> read_list(std::string_view document);
// The content of a document; empty when it is none.
std::string_view content_of(std::string_view document);

// Whether `versions` of an approval admits `version`.
bool version_admitted(std::string_view versions, std::string_view version);

struct SignedList {
  std::string document;
  std::string signature;  // 64 bytes, Ed25519.
  bool operator==(const SignedList&) const = default;
};
// What an agent knows when it is given a list; errors in this sequence: list_not_signed, list_malformed, list_of_other,
// list_older (issued before `held`).
Result<SoftwareList> accept_list(const SignedList& given, const std::string& key, const std::string& device,
                                 std::optional<Time> held, const order::Verify& verify);

// What the hub answers who asks for the list: its key (raw), and the list when its content is not the one held.
struct ListAnswer {
  std::string key;
  std::optional<SignedList> list;
  bool operator==(const ListAnswer&) const = default;
};
std::string to_json(const ListAnswer& answer);
// Errors: list_malformed.
Result<ListAnswer> read_list_answer(std::string_view json);

}  // namespace luy::device_policy
