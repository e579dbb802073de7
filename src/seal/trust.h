// What signatures are trusted by: the certificates and revocation lists in the hub's folder `trust`, fetching newer
// lists from where certificates say they are, and asking OCSP responders – only at hosts that the administrator wrote
// into trust/fetch.json. Without that file nothing is addressed. docs/format/admin.md, docs/adr/0163.
//
// Threads: every function from any thread; one refresh at a time.
#pragma once

#include <atomic>
#include <filesystem>
#include <map>
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
// Lists are fetched by themselves when one is over within the first, and else after the second.
inline constexpr std::chrono::hours list_ends_soon{24};
inline constexpr std::chrono::hours refresh_period{6};
// After a failure, or while the issuer still publishes what is over: not more often.
inline constexpr std::chrono::minutes refresh_again{30};
inline constexpr std::size_t kept_answers_max = 256;  // Of OCSP responders, in memory.

inline constexpr ErrorKind bad_fetch_file{
    "seal.bad_fetch_file", ErrorClass::invalid,
    "Tệp cho phép tải danh sách thu hồi không dùng được: {}. Hãy sửa trust/fetch.json.",
    "The file that allows fetching revocation lists cannot be used: {}. Correct trust/fetch.json."};
inline constexpr ErrorKind list_unreachable{"seal.list_unreachable", ErrorClass::unavailable,
                                            "Không tải được danh sách thu hồi từ {}. Hãy kiểm tra mạng rồi làm lại.",
                                            "The revocation list could not be fetched from {}. Check the network."};
inline constexpr ErrorKind responder_unreachable{
    "seal.responder_unreachable", ErrorClass::unavailable,
    "Không hỏi được máy chủ OCSP {}. Hãy kiểm tra mạng, hoặc chép danh sách thu hồi vào trust/crls, rồi làm lại.",
    "The OCSP responder {} cannot be asked. Check the network, or put a revocation list into trust/crls, and try "
    "again."};
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
  bool has_ocsp = false;  // There are answers in the folder, or responders may be asked.
  std::vector<std::string> hosts;
  std::optional<Time> last_at;   // Of the last refresh.
  std::optional<Error> problem;  // In the files, or the last refresh's first.
};

// What responders said about a chain.
struct OcspAnswers {
  std::vector<std::string> der;
  std::optional<Error> problem;  // The first.
};

class TrustDesk {
 public:
  TrustDesk(std::filesystem::path folder, const Clock& clock) : folder_(std::move(folder)), clock_(clock) {}

  TrustState state() const;
  // Fetches every list that certificates of the folder name and whose host is allowed. What is no list of a registered
  // issuer, or older than the one there, is not taken. Blocks up to `refresh_time_max` and one call. Errors:
  // refresh_busy, bad_fetch_file; of single lists only TrustState::problem tells.
  Result<void> refresh();
  // The same when it is time for it; nothing while no host is allowed. For a timer.
  Result<void> refresh_if_due();
  // Whether the administrator allowed any host: then signatures count only with an answer about each certificate.
  bool is_online() const;
  // Asks about each certificate of a verified chain (DER, signer first, anchor last) whom it names and who is allowed.
  // Answers are kept until they are over. Blocks up to one call per certificate.
  OcspAnswers ask(const std::vector<std::string>& chain);
  // No further call is begun. Final.
  void stop() { stopping_ = true; }

 private:
  struct KeptAnswer {
    std::string der;
    Time until{};
  };
  Result<FetchRules> rules() const;
  Result<void> take(const std::string& url, const TrustState& known);
  Result<std::string> ask_about(const signature::Certificate& certificate, const signature::Certificate& issuer,
                                const std::vector<std::string>& hosts);

  const std::filesystem::path folder_;
  const Clock& clock_;
  std::atomic<bool> stopping_{false};
  std::mutex refreshing_;
  mutable std::mutex telling_;  // Guards what follows.
  std::optional<Time> last_at_;
  std::optional<Error> problem_;
  std::map<std::string, KeptAnswer> answers_;  // By SHA-256 of the certificate.
};

}  // namespace luy::seal
