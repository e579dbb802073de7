// Infected files, taken away from where they were and kept for the day when somebody says what becomes of them. The
// store is a folder of the agent's alone; what is in it is altered, so that nothing runs it and no other scanner takes
// it away.
//
// Each file is "<item>.file" beside "<item>.about", which is durable before the file leaves its place: a crash leaves
// it at its place, in the store, or in both, never in neither.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/file.h"
#include "base/random.h"
#include "base/result.h"
#include "fact/fact.h"

namespace luy::agent {

inline constexpr ErrorKind quarantine_missing{"agent.quarantine_missing", ErrorClass::not_found,
                                              "Không có tệp cách ly {} với mã băm này trên máy.",
                                              "There is no quarantined file {} with this hash on the machine."};
inline constexpr ErrorKind quarantine_occupied{
    "agent.quarantine_occupied", ErrorClass::conflict,
    "Không khôi phục được vì tại chỗ cũ đã có tệp khác hoặc thư mục không còn: {}. Hãy dọn chỗ ấy rồi ra lệnh lại.",
    "It cannot be restored, because something else stands at its old place or the folder is gone: {}. Clear the place, "
    "then order it again."};
inline constexpr ErrorKind quarantine_changed{"agent.quarantine_changed", ErrorClass::conflict,
                                              "Tệp đã thay đổi trong lúc quét, chưa cách ly: {}.",
                                              "The file changed while it was scanned and was not quarantined: {}."};
inline constexpr ErrorKind quarantine_full{"agent.quarantine_full", ErrorClass::conflict,
                                           "Kho cách ly đã đầy ({} tệp). Hãy xóa bớt tệp trong kho.",
                                           "The quarantine is full ({} files). Delete some of them."};

inline constexpr std::size_t quarantine_files_max = 2'000;

// A file that is open and whose name is known in its folder.
struct FoundFile {
  int fd = -1;      // Open for reading, a regular file.
  int folder = -1;  // Where its name stands.
  std::string name;
  std::string path;  // The whole of it, bytes as they are.
  std::string signature;
};

// "nguyen.an" by the machine's own list of users, or "1005".
std::string owner_name(const std::filesystem::path& root, std::uint32_t uid);
// SHA-256 of a file that is open, lower-case hexadecimal. Errors: those of base/file.h.
Result<std::string> digest_of(int fd, std::string_view path);

// Not thread-safe; two processes may each have one on the same folder.
class Quarantine {
 public:
  // `root`: of the machine whose users are asked for owners' names. The folder is made when it is first needed.
  Quarantine(std::filesystem::path folder, std::filesystem::path root, const Clock& clock, Random& random)
      : folder_(std::move(folder)), root_(std::move(root)), clock_(clock), random_(random) {}

  // Copies it into the store, then takes it away; what is there is still the file that was scanned, or the error is
  // quarantine_changed and it stays. Errors: quarantine_changed, quarantine_full, those of base/file.h.
  Result<fact::QuarantinedFile> take(const FoundFile& found);
  // Newest first. What cannot be read is left out. Errors: those of base/file.h.
  Result<std::vector<fact::QuarantinedFile>> list() const;
  // Back to where it was, with its owner, mode and time; the digest is not taken for infected any more. Again does no
  // harm. Errors: quarantine_missing, quarantine_occupied, those of base/file.h.
  Result<fact::QuarantinedFile> restore(const std::string& item, const std::string& sha256);
  // Errors: quarantine_missing, those of base/file.h.
  Result<fact::QuarantinedFile> remove(const std::string& item, const std::string& sha256);
  // Digests of what was restored: what somebody answered for.
  std::vector<std::string> allowed() const;

 private:
  struct Kept;
  Result<Kept> read(const std::string& item) const;
  Result<Kept> find(const std::string& item, const std::string& sha256) const;

  std::filesystem::path folder_;
  std::filesystem::path root_;
  const Clock& clock_;
  Random& random_;
};

}  // namespace luy::agent
