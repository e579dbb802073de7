// Witnesses wired into the hub (docs/format/witness.md). A thread of this desk's own asks each witness of this hub
// every minute with the newest checkpoint and the proof that it continues what the witness saw, keeps the cosigned
// notes beside the evidence, and has the last checkpoint of each day time-stamped. The other way round the desk answers
// other hubs that ask for a cosignature; the signer decides, and remembers.
#pragma once

#include <condition_variable>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "api/route.h"
#include "directory/directory.h"
#include "evidence/store.h"
#include "finding/finding.h"
#include "hub/agency_view.h"
#include "hub/desk.h"
#include "hub/evidence_stamps.h"
#include "hub/send_link.h"
#include "hub/witness_book.h"
#include "signer/chain_signer.h"

namespace luy::hub {

inline constexpr std::chrono::seconds witness_interval{60};
// Without a cosignature for three intervals a witness is missing.
inline constexpr std::chrono::seconds witness_missing_after = 3 * witness_interval;
// An origin that has not asked for so long is silent: a restart of its hub is over by then.
inline constexpr std::chrono::minutes witness_silent_after{15};

// What lasts is told again after so long: a finding counts it, and need not each minute.
inline constexpr std::chrono::hours witness_tell_again{1};
// Addresses that may ask in a minute; further ones are told to come again.
inline constexpr std::size_t witness_addresses_max = 10'000;
// From one address: an honest hub asks once, and a few times more when it has something to tell first.
inline constexpr int witness_asks_per_minute = 120;

inline constexpr ErrorKind witness_busy{"hub.witness_busy", ErrorClass::busy,
                                        "Địa chỉ này hỏi nhân chứng quá nhiều lần. Hãy thử lại sau một phút.",
                                        "This address asks the witness too often. Try again in a minute."};
inline constexpr ErrorKind witness_refused{"hub.witness_refused", ErrorClass::unavailable,
                                           "Nhân chứng không ký xác nhận: {}.", "The witness does not cosign: {}."};
inline constexpr ErrorKind witness_unreachable{"hub.witness_unreachable", ErrorClass::unavailable,
                                               "Không hỏi được nhân chứng: {}.", "The witness cannot be asked: {}."};
inline constexpr ErrorKind witness_exposed{
    "hub.witness_exposed", ErrorClass::conflict,
    "Nhân chứng đã xác nhận một lịch sử khác của kho chứng cứ này: {}. Kho đã bị đưa về trạng thái cũ hoặc bị sửa.",
    "The witness cosigned another history of this evidence: {}. It was put back to an earlier state, or altered."};
inline constexpr ErrorKind witness_unverified{"hub.witness_unverified", ErrorClass::denied,
                                              "Điểm kiểm tra không có chữ ký của khóa đã đăng ký.",
                                              "The checkpoint has no signature of a key that is registered."};
inline constexpr ErrorKind witness_origin_unknown{"hub.witness_origin_unknown", ErrorClass::not_found,
                                                  "Kho chứng cứ {} chưa được đăng ký ở nhân chứng này.",
                                                  "The origin {} is not registered with this witness."};
inline constexpr ErrorKind witness_unproven{"hub.witness_unproven", ErrorClass::invalid,
                                            "Không chứng minh được điểm kiểm tra nối tiếp điểm đã xác nhận.",
                                            "It is not proven that the checkpoint continues the one cosigned before."};

class WitnessDesk final : public Desk {
 public:
  struct Dependencies {
    records::Database& database;
    const Clock& clock;
    Random& random;
    const evidence::Store& store;
    signer::ChainSigner& signer;
    directory::Directory& directory;
    const AgencyView& agencies;
    std::filesystem::path folder;  // Of authorities: that of the notices.
    std::function<std::string()> own_url;
    std::function<Result<void>(const finding::Report&)> report;
  };
  // Errors: those of the database.
  static Result<std::unique_ptr<WitnessDesk>> open(Dependencies dependencies);
  ~WitnessDesk() override;

  std::vector<api::Route> routes() override;
  void start() override;
  void stop() override;

  // Asks everybody once; what start() does every minute. One thread at a time.
  void round();
  // At once rather than within the minute. Any thread.
  void wake();
  const WitnessBook& book() const { return *book_; }

 private:
  friend struct WitnessAnswers;
  struct Asked {
    Time at;
    std::optional<Error> problem;
  };
  explicit WitnessDesk(Dependencies dependencies);

  void run();
  // What came of it is in asked_.
  Result<void> ask(const Witness& witness, const evidence::Checkpoint& newest);
  Result<void> take(const Witness& witness, const evidence::Checkpoint& newest, const std::string& lines);
  Result<void> send_certificates(const Witness& witness, const evidence::Checkpoint& newest) const;
  Result<void> expose(const Witness& witness, const evidence::Checkpoint& newest, const std::string& kind,
                      const SendLink::Answer& answer);
  Result<SendLink::Answer> post(const Witness& witness, const std::string& path, const std::string& body) const;
  void tell_of_missing();
  void tell_of_silent();
  void report(const std::string& key, finding::Severity severity, finding::Text title, finding::Text story);
  bool is_missing(const Witness& witness, Time now) const;
  bool is_silent(const WitnessedOrigin& origin, Time now) const;

  // As a witness. What was exposed is kept before the answer.
  Result<api::Response> cosign(std::string_view text, const std::string& address);
  bool is_too_often(const std::string& address);
  void note_exposed(const WitnessedOrigin& origin, const signer::Cosigned& answer,
                    const evidence::Submission& submission);

  const Dependencies d_;
  SendLink link_;
  std::unique_ptr<WitnessBook> book_;
  std::unique_ptr<EvidenceStamps> stamps_;
  Time started_;

  mutable std::mutex mutex_;  // Guards what follows.
  std::condition_variable wake_;
  bool woken_ = false;
  bool stopping_ = false;
  std::map<WitnessId, Asked> asked_;
  std::chrono::sys_time<std::chrono::minutes> counted_minute_{};
  std::map<std::string, int> counted_;  // Requests in that minute, by address.
  std::map<std::string, Time> told_;    // When a finding was last told of, by its key.
  std::thread thread_;
};

}  // namespace luy::hub
