// A release of luy-agent: the statement that the release key signs, how a machine follows from the key it has pinned to
// the newest, and what the hub answers who asks which release it is to run. Pure: no sockets, files, clock or
// cryptography; who verifies hands in the function. docs/format/release.md, docs/adr/0249.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "order/order.h"

namespace luy::device_policy {

inline constexpr ErrorKind release_malformed{
    "device_policy.release_malformed", ErrorClass::invalid,
    "Bản phát hành luy-agent sai khuôn dạng: {}. Hãy ký lại gói bằng tools/sign-release.",
    "The release of luy-agent is malformed: {}. Sign the package again with tools/sign-release."};
inline constexpr ErrorKind release_not_signed{
    "device_policy.release_not_signed", ErrorClass::denied,
    "Chữ ký của bản phát hành luy-agent {} không phải của khóa phát hành. Gói không được dùng.",
    "The release of luy-agent {} is not signed with the release key. The package is not used."};
inline constexpr ErrorKind release_key_foreign{"device_policy.release_key_foreign", ErrorClass::denied,
                                               "Khóa phát hành mà hub đưa không nối được từ khóa máy này đã ghi nhận: "
                                               "{}. Chỉ người có quyền root trên máy mới đổi "
                                               "được khóa đã ghi nhận.",
                                               "The release key that the hub names does not follow from the one that "
                                               "this machine has pinned: {}. Only root of the "
                                               "machine can change what is pinned."};

inline constexpr std::string_view release_package = "luy-agent";
inline constexpr std::string_view key_step_prefix = "luy-release-key-v1\n";
inline constexpr std::int64_t release_bytes_max = 64
                                                  << 20;  // The package is 7 MB; with the programs of a worse day ten.
inline constexpr std::size_t statement_bytes_max = 1024;
inline constexpr std::size_t release_version_bytes_max = 40;
inline constexpr std::size_t key_steps_max = 16;  // Changes of the release key that a machine can follow at once.
inline constexpr std::size_t release_answer_bytes_max = 16 << 10;
// How long a machine waits for its new agent to have reported; the hub sends the number, this is what a machine takes.
inline constexpr std::int64_t patience_seconds_min = 30;
inline constexpr std::int64_t patience_seconds_max = 86'400;

struct Release {
  std::string version;       // Numbers with dots between, at most four: "0.2.0".
  std::string architecture;  // As dpkg calls it: "amd64".
  std::int64_t bytes = 0;    // Of the package.
  std::string sha256;        // The same; lower-case hexadecimal.
  bool operator==(const Release&) const = default;
};
// Before 0, the same 0, after above 0: numbers one by one; dpkg sees versions of this form in the same sequence.
int compare_versions(std::string_view a, std::string_view b);
bool is_release_version(std::string_view text);

// What the release key signs.
std::string release_text(const Release& release);
// With the signature (64 bytes) as a last line: the file that is carried beside the package.
std::string to_statement(const Release& release, std::string_view signature);
struct SignedRelease {
  Release release;
  std::string signature;
};
// Exactly what to_statement() writes. Errors: release_malformed, naming the line.
Result<SignedRelease> read_statement(std::string_view text);
// Errors: release_malformed, release_not_signed.
Result<Release> accept_release(std::string_view statement, std::string_view key, const order::Verify& verify);

// A release key (32 bytes, Ed25519), and what the key before it signed about it; nothing of the first.
struct KeyStep {
  std::string key;
  std::string signature;
  bool operator==(const KeyStep&) const = default;
};
// What the key before signs.
std::string key_step_text(std::string_view key);
// The newest key of the chain: every step after the pinned key, or every step when nothing is pinned, is signed by the
// one before it. Errors: release_key_foreign.
Result<std::string> follow_keys(const std::vector<KeyStep>& chain, std::string_view pinned,
                                const order::Verify& verify);

// What a machine is to run now. The hub names none to one that runs it already.
struct WantedRelease {
  std::string statement;
  std::vector<KeyStep> keys;
  std::int64_t attempt = 1;  // A machine tries each attempt at a release once.
  std::int64_t patience_seconds = 600;
  bool operator==(const WantedRelease&) const = default;
};
// {"release":null} or {"release":{…}}.
std::string to_json(const std::optional<WantedRelease>& wanted);
// Errors: release_malformed.
Result<std::optional<WantedRelease>> read_release_answer(std::string_view json);

}  // namespace luy::device_policy
