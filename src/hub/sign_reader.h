// Reads what became evidence once more, for what no rule tells: changed files that agents guard, and indicators. A
// thread of its own, behind the pipeline; it remembers how far it came together with what it reported.
#pragma once

#include <atomic>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include "base/clock.h"
#include "evidence/store.h"
#include "finding/book.h"
#include "indicator/book.h"

namespace luy::hub {

// What a record of the stream "integrity" is as a finding; nullopt for what the package manager did and for notes.
// Pure.
std::optional<finding::Report> integrity_report(const evidence::Record& record, const std::string& device_name);
// Which list says what about it.
finding::Text indicator_story(const indicator::Matching& matching, const indicator::Hit& hit);
// The same for one indicator that a record holds.
finding::Report indicator_report(const evidence::Record& record, const std::string& device_name,
                                 const indicator::Matching& matching, const indicator::Hit& hit);

class SignReader {
 public:
  static constexpr std::string_view reader = "signs";
  static constexpr std::size_t records_per_round = 2'000;

  struct Dependencies {
    const evidence::Store& store;
    const Clock& clock;
    const indicator::Book& indicators;
    std::function<std::string(const DeviceId&)> device_name;
    std::function<Result<void>(std::span<const finding::Report>, finding::Progress)> report;
    // Where an earlier process came to; nullopt: it begins with what arrives from now on.
    std::optional<std::uint64_t> next_seq;
  };
  explicit SignReader(Dependencies dependencies);
  ~SignReader() { stop(); }
  void start();
  void stop();

  // One round: false when there was nothing to read. For tests; the thread does the same.
  bool read();
  std::uint64_t next_seq() const { return next_seq_; }

 private:
  void run();

  const Dependencies d_;
  std::atomic<std::uint64_t> next_seq_;
  std::uint64_t reported_seq_;
  bool begun_;  // How far it came is on record.
  std::mutex mutex_;
  std::condition_variable wake_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace luy::hub
