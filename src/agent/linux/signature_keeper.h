// Signature databases that the hub hands out, at the agent: which ones this machine takes, fetched in pieces that a
// broken connection does not lose, verified against the signed policy, handed to luy-agent-gate, which alone may write
// where clamd reads. docs/format/signatures.md.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "agent/linux/signature_files.h"
#include "agent/source.h"
#include "base/result.h"

namespace luy::agent {

inline constexpr ErrorKind signature_damaged{
    "agent.signature_damaged", ErrorClass::corrupt,
    "Mẫu nhận dạng {} tải về không đúng với chính sách đã ký. Tệp bị bỏ và được tải lại.",
    "The signatures {} that arrived are not those of the signed policy. They are dropped and fetched again."};
inline constexpr ErrorKind signature_no_room{"agent.signature_no_room", ErrorClass::unavailable,
                                             "Không đủ chỗ trên đĩa để tải mẫu nhận dạng {}. Hãy giải phóng chỗ trống.",
                                             "The disk has no room for the signatures {}. Make room on it."};

class SignatureKeeper {
 public:
  static constexpr std::string_view position_key = "signatures/told";
  // Fetched while nothing else is sent: batches and orders wait for no more than this.
  static constexpr std::int64_t round_bytes_max = 16 << 20;
  // Stays free on the disk beside the database itself, twice: as fetched, and as installed.
  static constexpr std::int64_t spare_bytes = 256 << 20;

  struct Setup {
    std::filesystem::path data;  // Of the agent.
    const Clock& clock;
    // The bytes of a database from there on, as many as the hub likes to give; never none.
    std::function<Result<std::string>(const std::string& sha256, std::int64_t offset)> ask;
    // Whether freshclam keeps ClamAV's own databases fresh on this machine.
    std::function<bool()> served;
  };
  SignatureKeeper(Setup setup, std::string_view position) : setup_(std::move(setup)), told_(position) {}

  // On the sender's thread. `section`: null where the policy says nothing. Items for the spool.
  std::vector<Item> follow(const device_policy::Antivirus* section);

 private:
  std::vector<device_policy::SignatureFile> wanted(const device_policy::Antivirus& section) const;
  // Whether all of it is there.
  Result<bool> fetch(const device_policy::SignatureFile& file, std::int64_t& budget);
  Result<void> fetch_missing(const std::vector<device_policy::SignatureFile>& files);
  void forget_all_but(const std::vector<device_policy::SignatureFile>& files);
  void tell(std::vector<Item>& items);
  void complain(const Error& error, std::vector<Item>& items);

  Setup setup_;
  std::string told_;  // SHA-256 of the state that was told.
  std::string trouble_;
};

}  // namespace luy::agent
