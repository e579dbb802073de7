#include "hub/software_desk.h"

#include <boost/json.hpp>

#include "base/encoding.h"
#include "base/hash.h"
#include "base/log.h"
#include "device_policy/software_list.h"
#include "software/list.h"

namespace luy::hub {

Result<std::unique_ptr<SoftwareDesk>> SoftwareDesk::open(Dependencies dependencies) {
  std::unique_ptr<SoftwareDesk> desk(new SoftwareDesk(std::move(dependencies)));
  const Dependencies& d = desk->d_;
  LUY_TRY(desk->book_, software::RequestBook::open({d.database, d.audit, d.clock, d.random}));
  desk->watch_ = std::make_unique<software::Watch>(
      software::Watch::Dependencies{d.inventory, *desk->book_, software::builtin_marks(), d.clock, d.report});
  return desk;
}

std::vector<api::Route> SoftwareDesk::routes() {
  const auto wanted = [this](const inventory::Device& device) {
    const auto held = d_.policies.held_by(device.agency, &device.id);
    const auto found = held.find("software");
    if (found == held.end()) return device_policy::Software();
    auto read = device_policy::read_software(found->second.json);
    return read ? std::move(read->section) : device_policy::Software();
  };
  return software::routes({d_.inventory, *book_, software::builtin_marks(), d_.clock, d_.lineage, d_.agency_name,
                           d_.agency_of_account, wanted});
}

Result<std::string> SoftwareDesk::give_list(const DeviceId& device, std::string_view body) const {
  boost::system::error_code error;
  const boost::json::value parsed = boost::json::parse(body, error);
  const boost::json::object* object = error ? nullptr : parsed.if_object();
  const boost::json::value* held = object != nullptr && object->size() == 1 ? object->if_contains("held") : nullptr;
  if (held == nullptr || !held->is_string()) return Error(api::bad_request, "held");
  const inventory::StatePointer state = d_.inventory.state(device);
  if (!state || state->device.retired_at) return Error(inventory::device_unknown, device.text());
  const Time now = d_.clock.now();
  const std::string content = software::list_content_for(d_.inventory.approvals(), d_.lineage(state->device.agency),
                                                         state->device.device_class, now);
  device_policy::ListAnswer answer{d_.key.public_key(), std::nullopt};
  const auto& digest = held->get_string();
  if (std::string_view(digest.data(), digest.size()) != to_hex(sha256(content))) {
    LUY_TRY(std::string document, device_policy::to_list(device.text(), now, content));
    LUY_TRY(std::string signature, d_.key.sign(std::string(device_policy::list_signed_prefix) + document));
    answer.list = device_policy::SignedList{std::move(document), std::move(signature)};
  }
  return device_policy::to_json(answer);
}

void SoftwareDesk::start() {
  thread_ = std::thread([this] { run(); });
}

void SoftwareDesk::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void SoftwareDesk::run() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    lock.unlock();
    if (const auto looked = watch_->look(); !looked) log(LogLevel::error, "hub", "software: " + looked.error().text());
    lock.lock();
    wake_.wait_for(lock, period, [this] { return stopping_; });
  }
}

}  // namespace luy::hub
