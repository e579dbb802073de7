#include "hub/posture_desk.h"

#include "base/log.h"
#include "hardening/load.h"

namespace luy::hub {

Result<std::unique_ptr<PostureDesk>> PostureDesk::open(Dependencies dependencies) {
  std::unique_ptr<PostureDesk> desk(new PostureDesk(std::move(dependencies)));
  const Dependencies& d = desk->d_;
  LUY_TRY(desk->exceptions_, posture::ExceptionBook::open({d.database, d.audit, d.clock}));
  desk->watch_ = std::make_unique<posture::Watch>(
      posture::Watch::Dependencies{d.inventory, *desk->exceptions_, hardening::builtin_checks(), d.clock, d.report});
  return desk;
}

std::vector<api::Route> PostureDesk::routes() {
  return posture::routes(
      {d_.inventory, *exceptions_, hardening::builtin_checks(), d_.clock, d_.lineage, d_.agency_name});
}

void PostureDesk::start() {
  thread_ = std::thread([this] { run(); });
}

void PostureDesk::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void PostureDesk::run() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    lock.unlock();
    if (const auto looked = watch_->look(); !looked) log(LogLevel::error, "hub", "checks: " + looked.error().text());
    lock.lock();
    wake_.wait_for(lock, period, [this] { return stopping_; });
  }
}

}  // namespace luy::hub
