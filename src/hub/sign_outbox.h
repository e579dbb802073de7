// What the hub saw of services on its way into the evidence and the book of findings. What cannot be stored now waits
// here and is tried again. Thread-safe.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>

#include "base/result.h"
#include "finding/finding.h"
#include "hub/evidence_writer.h"

namespace luy::hub {

class SignOutbox {
 public:
  // Of each kind; the oldest are given up first, and that is logged. A disk that is full for hours holds no more.
  static constexpr std::size_t waiting_max = 1000;

  struct Dependencies {
    std::function<Result<std::uint64_t>(OwnedRecord)> append;  // Durable; its number.
    std::function<bool(Submission)> submit;
    std::function<Result<void>(const finding::Report&)> report;
  };
  explicit SignOutbox(Dependencies dependencies) : d_(std::move(dependencies)) {}

  // The record is the finding's proof: it is stored first, and its number goes with the report.
  void tell(OwnedRecord record, finding::Report report);
  // A record that no finding rests on; `done` once it is durable.
  void note(OwnedRecord record, std::function<void()> done);
  // What waits, in order, until one fails.
  void retry();
  std::size_t waiting() const;

 private:
  struct Sign {
    std::optional<OwnedRecord> record;  // Until it is stored.
    finding::Report report;
  };
  struct Note {
    OwnedRecord record;
    std::function<void()> done;
  };
  bool store(Sign& sign) const;
  bool submit(const Note& note) const;

  const Dependencies d_;
  std::mutex sending_;  // One at a time and in order; taken before mutex_.
  mutable std::mutex mutex_;
  std::deque<Sign> signs_;
  std::deque<Note> notes_;
};

}  // namespace luy::hub
