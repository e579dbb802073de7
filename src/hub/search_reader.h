// Holds what became evidence against the searches that are watched, and reports when one has too many answers. A thread
// of its own, behind the pipeline; it remembers how far it came together with what it reported, so that after a restart
// no crossing is told twice. What was counted within a window before the restart is counted again from the evidence.
#pragma once

#include <atomic>
#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include "base/clock.h"
#include "evidence/question.h"
#include "evidence/store.h"
#include "evidence/tally.h"
#include "finding/book.h"
#include "finding/search_book.h"
#include "finding/search_window.h"

namespace luy::hub {

class SearchReader {
 public:
  static constexpr std::string_view reader = "searches";
  static constexpr std::size_t records_per_round = 2'000;

  struct Dependencies {
    const evidence::Store& store;
    const Clock& clock;
    finding::SearchBook& searches;
    // The agencies whose records a search may look at now; empty: its owner may search nowhere any more.
    std::function<std::set<AgencyId>(const finding::SavedSearch&)> scope;
    std::function<Result<void>(std::span<const finding::Report>, finding::Progress)> report;
    // Where an earlier process came to; nullopt: it begins with what arrives from now on.
    std::optional<std::uint64_t> next_seq;
  };
  explicit SearchReader(Dependencies dependencies);
  ~SearchReader() { stop(); }
  void start();
  void stop();

  // One round: false when there was nothing to read. For tests; the thread does the same.
  bool read();
  std::uint64_t next_seq() const { return next_seq_; }

 private:
  struct Watched {
    finding::SearchPointer search;
    evidence::Question question;
    std::optional<evidence::FieldValues> by;
    finding::SearchWindow window;
    std::set<AgencyId> scope;
  };
  void run();
  bool begin();
  void renew();
  // Counts again what lies within the windows before next_seq_.
  void warm_up();
  void count(const evidence::Record& record, std::vector<finding::Report>* reports);
  bool tell(const std::vector<finding::Report>& reports, std::uint64_t next);

  const Dependencies d_;
  std::atomic<std::uint64_t> next_seq_;
  std::uint64_t reported_seq_;
  bool on_record_;  // How far it came.
  bool begun_ = false;
  std::uint64_t revision_ = 0;
  Duration renewed_{};
  std::map<finding::SearchId, Watched> watched_;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool stopping_ = false;
  std::thread thread_;
};

// The number of the first record received at `from` or later; the store's size when there is none. What cannot be read
// counts as earlier.
std::uint64_t first_seq_since(const evidence::Store& store, Time from);

}  // namespace luy::hub
