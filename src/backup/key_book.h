// The keys of the devices' repositories, in escrow: made here, one for each device, kept encrypted, so that a copy of
// the records alone opens no backup. docs/adr/0239-keys-of-backups-in-escrow.md.
//
// Threads: every function from any thread.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "base/clock.h"
#include "base/id.h"
#include "base/random.h"
#include "base/result.h"
#include "records/database.h"

namespace luy::backup {

inline constexpr ErrorKind key_damaged{"backup.key_damaged", ErrorClass::corrupt,
                                       "Khóa của kho sao lưu đang giữ cho thiết bị {} không mở được. Hãy phục hồi thư "
                                       "mục keys và records.db của máy chủ từ "
                                       "cùng một bản sao lưu.",
                                       "The key in escrow for the device {} cannot be opened. Restore the server's "
                                       "folder keys and its records.db from the "
                                       "same backup."};
inline constexpr ErrorKind key_unknown{"backup.key_unknown", ErrorClass::not_found,
                                       "Máy chủ chưa giữ khóa sao lưu nào cho thiết bị {}.",
                                       "The server holds no backup key for the device {}."};

inline constexpr std::size_t key_bytes = 32;

// AES-256-GCM (NIST SP 800-38D) under the escrow's key; `about` is bound to the text. Errors: key_damaged.
std::string seal_key(std::string_view escrow_key, std::string_view nonce, std::string_view about,
                     std::string_view plain);
Result<std::string> open_key(std::string_view escrow_key, std::string_view about, std::string_view sealed);

class KeyBook {
 public:
  struct Dependencies {
    records::Database& database;
    const Clock& clock;
    Random& random;
  };
  // Reads the key that the escrow is encrypted with; makes it where there is none and no key in escrow yet. Errors:
  // those of base/file.h and of the database; key_damaged when it is gone and there are keys that it encrypted.
  static Result<std::unique_ptr<KeyBook>> open(Dependencies dependencies, const std::filesystem::path& file);

  // 64 hexadecimal digits; made when the device has none yet. Errors: key_damaged, those of the database.
  Result<std::string> give(const DeviceId& device);
  // Within an act. Errors: key_unknown, key_damaged, those of the database.
  Result<std::string> reveal_in(records::Connection& c, const DeviceId& device) const;

 private:
  KeyBook(Dependencies dependencies, std::string escrow_key) : d_(dependencies), escrow_key_(std::move(escrow_key)) {}
  Result<std::optional<std::string>> find(records::Connection& c, const DeviceId& device) const;

  const Dependencies d_;
  const std::string escrow_key_;
};

// The tables of this module.
std::span<const records::Migration> migrations();

}  // namespace luy::backup
