// What people asked of the backups by order: waits on disk until it was done, through restarts.
#pragma once

#include <atomic>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agent/linux/backup_child.h"

namespace luy::agent {

inline constexpr ErrorKind backup_requests_full{"agent.backup_requests_full", ErrorClass::busy,
                                                "Máy còn {} yêu cầu sao lưu, phục hồi chưa làm xong. Hãy chờ rồi ra "
                                                "lệnh lại.",
                                                "{} requests for backups and restores wait on the machine. Wait, then "
                                                "issue the order again."};
inline constexpr ErrorKind backup_set_unknown{"agent.backup_set_unknown", ErrorClass::not_found,
                                              "Máy không có bộ sao lưu tên {}.",
                                              "The machine has no backup set called {}."};

inline constexpr std::size_t backup_requests_max = 16;

struct BackupRequest {
  std::string id;  // As base/id.h.
  BackupAct act = BackupAct::run;
  std::string set;
  std::string snapshot;
  std::optional<Time> at;
  std::vector<std::string> paths;
  std::string destination;
  bool operator==(const BackupRequest&) const = default;
};
std::string to_text(const BackupRequest& request);
std::optional<BackupRequest> backup_request(std::string_view text);

// Thread-safe.
class BackupRequests {
 public:
  explicit BackupRequests(std::filesystem::path folder) : folder_(std::move(folder)) {}
  // Durable when it returns; twice with the same id does no harm. Errors: backup_requests_full, those of base/file.h.
  Result<void> add(const BackupRequest& request);
  std::optional<BackupRequest> oldest() const;
  void done(const std::string& id);
  // Grows with every request.
  std::uint64_t changes() const { return changes_.load(); }

 private:
  std::vector<std::string> ids() const;  // Oldest first.
  const std::filesystem::path folder_;
  std::atomic<std::uint64_t> changes_{1};
};

}  // namespace luy::agent
