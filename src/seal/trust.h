// What signatures are trusted by: the certificates and revocation lists in the hub's folder `trust`, and fetching newer
// lists from where certificates say they are – only from hosts that the administrator wrote into trust/fetch.json.
// Without that file nothing is addressed. docs/format/admin.md, docs/adr/0163.
//
// Threads: every function from any thread; one refresh at a time.
#pragma once

#include <filesystem>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "signature/certificate.h"
#include "signature/revocation_list.h"

namespace luy::seal {

inline constexpr std::size_t fetch_file_bytes_max = 64 << 10;
inline constexpr std::size_t fetch_hosts_max = 50;
inline constexpr std::size_t fetch_lists_max = 32;  // Addressed in one refresh.
inline constexpr std::size_t trust_folder_files_max = 64;
inline constexpr std::chrono::seconds refresh_time_max{60};  // No further list is begun after it.

inline constexpr ErrorKind bad_fetch_file{
    "seal.bad_fetch_file", ErrorClass::invalid,
    "Tệp cho phép tải danh sách thu hồi không dùng được: {}. Hãy sửa trust/fetch.json.",
    "The file that allows fetching revocation lists cannot be used: {}. Correct trust/fetch.json."};
inline constexpr ErrorKind list_unreachable{"seal.list_unreachable", ErrorClass::unavailable,
                                            "Không tải được danh sách thu hồi từ {}. Hãy kiểm tra mạng rồi làm lại.",
                                            "The revocation list could not be fetched from {}. Check the network."};
inline constexpr ErrorKind list_foreign{
    "seal.list_foreign", ErrorClass::invalid,
    "Danh sách thu hồi tải từ {} không do nơi cấp chứng thư nào đã đăng ký ký; không dùng.",
    "The revocation list from {} is signed by none of the registered issuers; it is not used."};
inline constexpr ErrorKind refresh_busy{"seal.refresh_busy", ErrorClass::busy,
                                        "Đang tải danh sách thu hồi ({}). Hãy thử lại sau ít phút.",
                                        "Revocation lists are being fetched ({}). Try again in a minute."};

struct FetchRules {
  std::vector<std::string> hosts;  // "crl.example.vn", or with a port that is not the scheme's: "127.0.0.1:8080".
  std::vector<std::string> lists;  // Addresses beside those that certificates name.
};

struct TrustState {
  struct List {
    signature::RevocationList list;
    bool is_stale = false;
    std::string source;  // The address it was fetched from; else the name of the file.
  };
  std::vector<signature::Certificate> anchors;
  std::vector<signature::Certificate> issuers;
  std::vector<List> lists;
  bool has_ocsp = false;  // Answers in the folder.
  std::vector<std::string> hosts;
  std::optional<Time> last_at;   // Of the last refresh.
  std::optional<Error> problem;  // In the files, or the last refresh's first.
};

class TrustDesk {
 public:
  TrustDesk(std::filesystem::path folder, const Clock& clock) : folder_(std::move(folder)), clock_(clock) {}

  TrustState state() const;
  // Fetches every list that certificates of the folder name and whose host is allowed. What is no list of a registered
  // issuer, or older than the one there, is not taken. Blocks up to `refresh_time_max` and one call. Errors:
  // refresh_busy, bad_fetch_file; of single lists only TrustState::problem tells.
  Result<void> refresh();

 private:
  Result<FetchRules> rules() const;
  Result<void> take(const std::string& url, const TrustState& known);

  const std::filesystem::path folder_;
  const Clock& clock_;
  std::mutex refreshing_;
  mutable std::mutex telling_;  // Guards what follows.
  std::optional<Time> last_at_;
  std::optional<Error> problem_;
};

}  // namespace luy::seal
