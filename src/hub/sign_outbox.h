// What the hub saw of services on its way into the evidence and the book of findings. What cannot be stored now waits
// here and is tried again. Thread-safe.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
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
  // A record that no finding rests on; `done` once it is durable. One that could not be written waits again, in its
  // place: only records already handed over may stand before it.
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
  // What the evidence thread answers may come when the outbox is gone, so both hold it.
  struct Notes {
    std::mutex mutex;
    std::map<std::uint64_t, Note> waiting;  // In the order they came.
    void keep(std::uint64_t number, Note note);
  };
  bool store(Sign& sign) const;
  bool submit(std::uint64_t number, const Note& note) const;
  void retry_notes();

  const Dependencies d_;
  std::mutex sending_;  // One at a time and in order; taken before mutex_.
  mutable std::mutex mutex_;
  std::deque<Sign> signs_;
  // Notes go in order, too; taken before that of notes_, which is not held while they are handed over.
  std::mutex handing_;
  std::uint64_t next_note_ = 0;  // Guarded by handing_.
  const std::shared_ptr<Notes> notes_ = std::make_shared<Notes>();
};

}  // namespace luy::hub
