#include "agent/courier.h"

#include <algorithm>
#include <array>
#include <cstdio>

#include "agent/note.h"
#include "base/check.h"
#include "base/encoding.h"

namespace luy::agent {

Result<std::optional<OutgoingBatch>> Courier::take() {
  if (state_ == State::sending) return std::optional<OutgoingBatch>();
  const bool hurry = state_ == State::idle && spool_.has_full_batch();
  if (!hurry && clock_.monotonic() < next_attempt_) return std::optional<OutgoingBatch>();
  if (!spool_.has_unsent()) return std::optional<OutgoingBatch>();
  LUY_TRY(auto batch, spool_.next());
  if (batch) state_ = State::sending;
  return batch;
}

// Half of the pause is random: agents that lost the hub together do not come back together.
Duration Courier::jittered(Duration pause) {
  std::array<std::uint8_t, 4> bytes{};
  random_.fill(bytes);
  const std::uint32_t number = ByteReader(as_text(bytes)).u32();
  return pause / 2 + Duration(static_cast<std::int64_t>(number) * (pause.count() / 2) / 0xffffffffLL);
}

Result<void> Courier::settle(const OutgoingBatch& batch, const Delivery& delivery) {
  LUY_CHECK(state_ == State::sending);
  trouble_ = delivery.detail;
  switch (delivery.outcome) {
    case Delivery::Outcome::accepted:
      state_ = State::idle;
      backoff_ = Duration{0};
      next_attempt_ = clock_.monotonic() + linger;
      trouble_.clear();
      last_accepted_ = clock_.now();
      ++batches_accepted_;
      return spool_.acknowledge(batch.number);
    case Delivery::Outcome::refused_batch: {
      LUY_TRY(const std::uint64_t kept, rejected_bytes());
      if (kept + batch.bytes.size() > rejected_bytes_max) {
        trouble_ += "; the folder \"rejected\" is full: look why batches are refused, then empty it";
        state_ = State::refused;
        next_attempt_ = clock_.monotonic() + jittered(refused_pause);
        return {};
      }
      state_ = State::idle;
      backoff_ = Duration{0};
      next_attempt_ = clock_.monotonic() + linger;
      ++batches_rejected_;
      return put_aside(batch, delivery.detail);
    }
    case Delivery::Outcome::number_taken: {
      state_ = State::idle;
      next_attempt_ = clock_.monotonic() + linger;
      LUY_TRY_VOID(spool_.renew());
      std::vector<Item> notes;
      notes.push_back(make_note("spool_renewed", clock_.now(),
                                {{"number", static_cast<std::int64_t>(batch.number)}, {"reason", delivery.detail}}));
      return spool_.put(std::move(notes));
    }
    case Delivery::Outcome::refused_device:
      state_ = State::refused;
      next_attempt_ = clock_.monotonic() + jittered(refused_pause);
      return {};
    case Delivery::Outcome::later:
      state_ = State::waiting;
      backoff_ = backoff_ == Duration{0} ? backoff_first : std::min(backoff_ * 2, backoff_max);
      const Duration wish = std::min<Duration>(delivery.retry_after, backoff_max);
      next_attempt_ = clock_.monotonic() + std::max(jittered(backoff_), wish);
      return {};
  }
  return {};
}

Result<std::uint64_t> Courier::rejected_bytes() {
  std::uint64_t total = 0;
  LUY_TRY(const auto names, rejected_.list());
  for (const std::string& name : names) {
    LUY_TRY(const auto file, rejected_.open(name));
    LUY_TRY(const std::uint64_t size, file->size());
    total += size;
  }
  return total;
}

// The file first, then the acknowledgement: a crash in between puts the same bytes into the same file again.
Result<void> Courier::put_aside(const OutgoingBatch& batch, const std::string& reason) {
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), "%016llx-%llu.batch", static_cast<unsigned long long>(spool_.id()),
                static_cast<unsigned long long>(batch.number));
  const std::string name = text.data();
  LUY_TRY(const auto file, rejected_.open(name));
  LUY_TRY_VOID(file->truncate(0));
  LUY_TRY_VOID(file->append(batch.bytes));
  LUY_TRY_VOID(file->sync());
  LUY_TRY_VOID(rejected_.sync());
  std::vector<Item> notes;
  notes.push_back(make_note("batch_rejected", clock_.now(),
                            {{"number", static_cast<std::int64_t>(batch.number)},
                             {"records", static_cast<std::int64_t>(batch.records)},
                             {"file", "rejected/" + name},
                             {"reason", reason}}));
  LUY_TRY_VOID(spool_.put(std::move(notes)));
  return spool_.acknowledge(batch.number);
}

}  // namespace luy::agent
