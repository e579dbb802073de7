#include "finding/run_book.h"

#include <algorithm>
#include <array>

#include "finding/store/run_table.h"

namespace luy::finding {
namespace {

constexpr std::array<std::string_view, 5> state_names = {"waiting", "running", "done", "cancelled", "failed"};

}  // namespace

std::string_view name_of(RunState state) {
  return state_names.at(static_cast<std::size_t>(state));
}

std::optional<RunState> run_state_from_name(std::string_view name) {
  const auto found = std::find(state_names.begin(), state_names.end(), name);
  if (found == state_names.end()) return std::nullopt;
  return static_cast<RunState>(found - state_names.begin());
}

void Run::forget_progress() {
  next_seq = first_seq;
  events = hits = cpu_ns = 0;
  found.clear();
  sample.clear();
  days.clear();
}

Result<std::unique_ptr<RunBook>> RunBook::open(Dependencies dependencies) {
  std::unique_ptr<RunBook> book(new RunBook(std::move(dependencies)));
  LUY_TRY_VOID(book->load());
  return book;
}

Result<void> RunBook::load() {
  return d_.database.read([&](records::Connection& c) {
    return tables::load_runs(c, [&](Run run) {
      if (run.state == RunState::running) run.state = RunState::waiting;
      const RunId id = run.id;
      runs_[id] = std::make_shared<const Run>(std::move(run));
    });
  });
}

void RunBook::on_change(std::function<void()> told) {
  const std::lock_guard lock(mutex_);
  told_ = std::move(told);
}

Result<RunPointer> RunBook::add(Run wanted, const std::function<Result<void>(records::Connection&, const Run&)>& also) {
  const std::lock_guard writing(writing_);
  const std::vector<RunPointer> before = all();
  const auto waits = [](const RunPointer& run) { return !run->over(); };
  if (static_cast<std::size_t>(std::count_if(before.begin(), before.end(), waits)) >= runs_waiting_max) {
    return Error(too_many_runs, std::to_string(runs_waiting_max));
  }
  wanted.asked_at = d_.clock.now();
  wanted.id = RunId::make(wanted.asked_at, d_.random);
  wanted.state = RunState::waiting;
  wanted.to = std::min(wanted.to, wanted.asked_at);
  std::vector<RunId> gone;
  std::size_t ended = 0;
  for (const RunPointer& run : before) {
    if (run->over() && ++ended >= runs_kept) gone.push_back(run->id);
  }
  const auto stored = d_.database.write([&](records::Connection& c) -> Result<void> {
    LUY_TRY_VOID(tables::save_run(c, wanted));
    for (const RunId& id : gone) LUY_TRY_VOID(tables::remove_run(c, id));
    return also ? also(c, wanted) : Result<void>();
  });
  if (!stored) return stored.error();
  const auto added = std::make_shared<const Run>(std::move(wanted));
  std::function<void()> told;
  {
    const std::lock_guard lock(mutex_);
    for (const RunId& id : gone) runs_.erase(id);
    runs_[added->id] = added;
    told = told_;
  }
  if (told) told();
  return RunPointer(added);
}

Result<RunPointer> RunBook::cancel(const RunId& id, const InTransaction& also) {
  const std::lock_guard writing(writing_);
  const RunPointer before = find(id);
  if (!before) return Error(run_unknown, id.text());
  if (before->over()) return Error(run_over);
  auto after = std::make_shared<Run>(*before);
  after->state = RunState::cancelled;
  after->ended_at = d_.clock.now();
  const auto stored = d_.database.write([&](records::Connection& c) -> Result<void> {
    LUY_TRY_VOID(tables::save_run(c, *after));
    return also ? also(c) : Result<void>();
  });
  if (!stored) return stored.error();
  std::function<void()> told;
  {
    const std::lock_guard lock(mutex_);
    runs_[id] = after;
    told = told_;
  }
  if (told) told();
  return RunPointer(std::move(after));
}

RunPointer RunBook::next() const {
  const std::lock_guard lock(mutex_);
  for (const auto& [id, run] : runs_) {
    if (run->state == RunState::waiting) return run;
  }
  return nullptr;
}

Result<bool> RunBook::put(const Run& run, bool durable) {
  const std::lock_guard writing(writing_);
  const RunPointer before = find(run.id);
  if (!before || before->over()) return false;
  {
    const std::lock_guard lock(mutex_);
    runs_[run.id] = std::make_shared<const Run>(run);
  }
  if (durable) {
    LUY_TRY_VOID(d_.database.write([&](records::Connection& c) { return tables::save_run(c, run); }));
  }
  return true;
}

RunPointer RunBook::find(const RunId& id) const {
  const std::lock_guard lock(mutex_);
  const auto found = runs_.find(id);
  return found == runs_.end() ? nullptr : found->second;
}

std::vector<RunPointer> RunBook::all() const {
  const std::lock_guard lock(mutex_);
  std::vector<RunPointer> out;
  out.reserve(runs_.size());
  for (auto one = runs_.rbegin(); one != runs_.rend(); ++one) out.push_back(one->second);
  return out;
}

}  // namespace luy::finding
