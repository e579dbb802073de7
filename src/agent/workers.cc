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
  errands_.close();
  collected_.close();
  delivered_.close();
  taken_.close();
  collector_thread_.join();
  sender_thread_.join();
}

// No queue can be full: Hands promises one job per kind, one batch and one asking for orders at a time.
void Workers::collect(const Collector& collector, std::string memory) {
  LUY_CHECK(jobs_.try_push({&collector, std::move(memory)}));
}

void Workers::send(OutgoingBatch batch) {
  LUY_CHECK(errands_.try_push({std::move(batch), {}}));
}

void Workers::ask_orders(std::string memory) {
  LUY_CHECK(errands_.try_push({std::nullopt, std::move(memory)}));
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
  while (auto errand = errands_.pop()) {
    if (stopping_ || !run_errand(*std::move(errand))) return;
    setup_.wake();
  }
}

// False when the answer is not wanted any more.
bool Workers::run_errand(Errand errand) {
  if (!errand.batch) {
    TakenOrders taken;
    if (setup_.orders != nullptr) taken = setup_.orders->take(setup_.link.ask_orders(), errand.memory);
    if (setup_.policy != nullptr) {
      for (Item& item : setup_.policy->follow(taken.policy)) taken.items.push_back(std::move(item));
    }
    // The hub that could not be reached for orders is not asked for more.
    if (setup_.software != nullptr && setup_.policy != nullptr && taken.reached) {
      const auto policy = setup_.policy->current();
      for (Item& item : setup_.software->follow(policy && policy->software)) taken.items.push_back(std::move(item));
    }
    if (setup_.fetch && taken.reached) {
      for (Item& item : setup_.fetch()) taken.items.push_back(std::move(item));
    }
    return taken_.push(std::move(taken));
  }
  if (const auto renewed = setup_.link.renew_when_due(); !renewed) {
    log(LogLevel::warning, "agent", renewed.error().text());
  }
  Delivery delivery = setup_.link.deliver(errand.batch->number, errand.batch->bytes);
  return delivered_.push({*std::move(errand.batch), std::move(delivery)});
}

}  // namespace luy::agent
