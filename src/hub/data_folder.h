// The hub's data folder: who may use it, and where everything is in it.
//
//   records.db        people, devices, verdicts (module records)     evidence/  day files (module evidence)
//   keys/             ca.key ca.crt server.key server.crt orders.key escrow.key origin; signer/ (docs/format/signer.md)
//   rules/            imported packages of detection rules (module finding)
//   run/              hub.lock, and while the hub runs: hub.json, admin.token
#pragma once

#include <filesystem>
#include <string>

#include "base/file.h"
#include "base/random.h"
#include "base/result.h"

namespace luy::hub {

inline constexpr ErrorKind data_in_use{
    "hub.data_in_use", ErrorClass::unavailable,
    "Thư mục dữ liệu {} đang được một luy-hub khác sử dụng. Hãy dừng tiến trình đó trước.",
    "The data folder {} is used by another luy-hub. Stop that process first."};

// Held as long as the object lives; released by the kernel when the process ends, however it ends.
class DataFolder {
 public:
  // Creates what is missing (mode 0700). Errors: data_in_use; file errors, also when the folder cannot be written to.
  static Result<DataFolder> open(const std::filesystem::path& root);

  const std::filesystem::path& root() const { return root_; }
  std::filesystem::path records() const { return root_ / "records.db"; }
  std::filesystem::path evidence() const { return root_ / "evidence"; }
  std::filesystem::path keys() const { return root_ / "keys"; }
  std::filesystem::path signer() const { return keys() / "signer"; }  // Of luy-evidence-signer alone.
  // Before there were keys of days: the signer takes it over and destroys it.
  std::filesystem::path checkpoint_key() const { return keys() / "checkpoint.key"; }
  std::filesystem::path orders_key() const { return keys() / "orders.key"; }  // Signs orders to agents.
  std::filesystem::path escrow_key() const { return keys() / "escrow.key"; }  // Of the devices' backups.
  std::filesystem::path rules() const { return root_ / "rules"; }             // Imported packages.
  std::filesystem::path files() const { return root_ / "files"; }             // Of incidents (incident/vault.h).
  std::filesystem::path trust() const { return root_ / "trust"; }             // What signatures are checked against.
  std::filesystem::path seals() const { return root_ / "seals"; }             // Declared ones (docs/format/seals.md).
  std::filesystem::path run() const { return root_ / "run"; }
  std::filesystem::path ready_file() const { return run() / "hub.json"; }
  std::filesystem::path admin_token_file() const { return run() / "admin.token"; }

  // "luy/<16 hexadecimal digits>": the origin of this hub's checkpoints; made once, never changed.
  Result<std::string> origin(Random& random) const;

 private:
  explicit DataFolder(std::filesystem::path root) : root_(std::move(root)) {}
  std::filesystem::path root_;
  UniqueFd lock_;
};

}  // namespace luy::hub
