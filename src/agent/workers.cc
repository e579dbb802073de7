#include "agent/workers.h"

#include "base/check.h"
#include "base/log.h"

namespace luy::agent {

Workers::Workers(Setup setup) : setup_(std::move(setup)) {
  collector_thread_ = std::thread([this] { run_collectors(); });
  sender_thread_ = std::thread([this] { run_sender(); });
}

Workers::~Workers() {
  stopping_ = true;
  setup_.link.interrupt();
  setup_.interrupt_collector();
  jobs_.close();
  outgoing_.close();
  collected_.close();
  delivered_.close();
  collector_thread_.join();
  sender_thread_.join();
}

// Neither queue can be full: Hands promises one job per kind and one batch at a time.
void Workers::collect(const Collector& collector, std::string memory) {
  LUY_CHECK(jobs_.try_push({&collector, std::move(memory)}));
}

void Workers::send(OutgoingBatch batch) {
  LUY_CHECK(outgoing_.try_push(std::move(batch)));
}

void Workers::run_collectors() {
  setup_.on_collector_thread();
  while (auto job = jobs_.pop()) {
    if (stopping_) return;  // A closed queue still hands out what is in it.
    Collected answer{job->collector->kind, job->collector->collect(job->memory)};
    if (!collected_.push(std::move(answer))) return;
    setup_.wake();
  }
}

void Workers::run_sender() {
  while (auto batch = outgoing_.pop()) {
    if (stopping_) return;
    if (const auto renewed = setup_.link.renew_when_due(); !renewed) {
      log(LogLevel::warning, "agent", renewed.error().text());
    }
    Delivery delivery = setup_.link.deliver(batch->number, batch->bytes);
    if (!delivered_.push({std::move(*batch), std::move(delivery)})) return;
    setup_.wake();
  }
}

}  // namespace luy::agent
