// The book of runs: what waits, what runs, what the last ones found. Kept in the records, so that a run outlives the
// hub that began it. It runs nothing itself.
//
// Threads: every function from any thread.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <vector>

#include "base/random.h"
#include "finding/book.h"
#include "finding/run.h"

namespace luy::finding {

class RunBook {
 public:
  struct Dependencies {
    records::Database& database;
    const Clock& clock;
    Random& random;
  };
  // A run that was under way waits again, with how far it got. Errors: those of the database.
  static Result<std::unique_ptr<RunBook>> open(Dependencies dependencies);

  // Told after a run was added or cancelled, on that thread.
  void on_change(std::function<void()> told);

  // Names it and lets it wait, in one transaction with `also`. Errors: too_many_runs, those of `also` and of the
  // database.
  Result<RunPointer> add(Run wanted, const std::function<Result<void>(records::Connection&, const Run&)>& also = {});
  // Errors: run_unknown, run_over, those of `also` and of the database.
  Result<RunPointer> cancel(const RunId& id, const InTransaction& also = {});

  // The one that waits longest; nullptr when none does.
  RunPointer next() const;
  // How it stands now, for readers; stored as well when `durable`. False: it was cancelled meanwhile and stays so.
  // Errors: those of the database; readers see it all the same.
  Result<bool> put(const Run& run, bool durable);

  RunPointer find(const RunId& id) const;  // nullptr when there is none.
  std::vector<RunPointer> all() const;     // Newest first.

 private:
  explicit RunBook(Dependencies dependencies) : d_(std::move(dependencies)) {}
  Result<void> load();

  const Dependencies d_;
  std::mutex writing_;        // One change at a time; held across the transaction. Not taken by readers.
  mutable std::mutex mutex_;  // Guards everything below.
  std::map<RunId, RunPointer> runs_;
  std::function<void()> told_;
};

}  // namespace luy::finding
