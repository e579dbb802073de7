#include "hub/premises_desk.h"

#include <algorithm>

#include "base/log.h"
#include "event/batch.h"
#include "hub/source_parts.h"
#include "premises/equipment_watch.h"

namespace luy::hub {
namespace {

constexpr std::size_t records_per_round = 5'000;  // Between two looks at whether the hub stops.

// A parameter of the pack that its loader has demanded of the duty; one of the town's own may have dropped the duty.
std::chrono::days days_of(const regulation::Pack& pack, const char* name, std::chrono::days fallback) {
  for (const regulation::Obligation& one : pack.obligations) {
    if (const auto found = one.parameters.duration(name)) return std::chrono::duration_cast<days>(*found);
  }
  return fallback;
}

}  // namespace

Result<std::unique_ptr<PremisesDesk>> PremisesDesk::open(Dependencies dependencies) {
  std::unique_ptr<PremisesDesk> desk(new PremisesDesk(std::move(dependencies)));
  const Dependencies& d = desk->d_;
  LUY_TRY(desk->equipment_,
          premises::EquipmentBook::open({d.database, d.directory.audit(), d.clock, d.random, d.inventory,
                                         days_of(d.pack, "password_age_days", days(90)), d.lineage, d.agencies,
                                         [&d](const DeviceId& device) { d.judged_anew({device}); }}));
  LUY_TRY_VOID(desk->equipment_->settle());
  LUY_TRY(desk->air_, premises::AirBook::open(d.database, d.directory.audit(), d.clock));
  LUY_TRY(desk->secrets_, premises::SecretBook::open({d.database, d.directory.audit(), d.clock, d.random,
                                                      [&d](const AgencyId& agency) { d.agency_judged_anew(agency); }}));
  LUY_TRY(desk->strangers_, premises::StrangerBook::open(d.database, d.directory.audit(), d.clock));
  LUY_TRY(desk->lines_,
          premises::LineBook::open({d.database, d.directory.audit(), d.clock, d.random, [&d](const AgencyId& agency) {
                                      d.agency_judged_anew(agency);
                                      d.devices_judged_anew(agency);
                                    }}));
  LUY_TRY(desk->read_until_, desk->secrets_->read_until());
  const premises::SecretBook& secrets = *desk->secrets_;
  const premises::EquipmentBook& equipment = *desk->equipment_;
  const premises::AirBook& air = *desk->air_;
  const premises::StrangerBook& strangers = *desk->strangers_;
  const premises::LineBook& lines = *desk->lines_;
  const std::chrono::days key_age = days_of(d.pack, "key_age_days", days(90));
  LUY_TRY(desk->watch_, premises::Watch::open(
                            {d.database, d.clock, d.report},
                            {[&equipment, &d] { return premises::conditions_of(equipment, d.clock.now()); },
                             [&air, &d, key_age] {
                               const auto registered = d.inventory.wifi();
                               const Time now = d.clock.now();
                               return premises::conditions_of(
                                   premises::networks_in_air(d.inventory.states(), registered, air.marks(), now),
                                   registered, key_age, now);
                             },
                             [&secrets] { return secrets.conditions(); }, [&lines] { return lines.conditions(); },
                             [&strangers, &d] { return premises::conditions_of(strangers.list(), d.clock.now()); }}));
  return desk;
}

std::optional<duty::CredentialState> PremisesDesk::credentials_of(const DeviceId& device) const {
  const auto found = equipment_->of_device(device);
  if (!found) return std::nullopt;
  duty::CredentialState out;
  out.registered_at = found->equipment.registered_at;
  out.registered_seq = d_.act_seq("equipment:" + found->equipment.id.text());
  if (const auto newest = found->newest()) {
    out.changed_at = day_begin(newest->changed_on);
    if (newest->next_due_on) out.due_at = day_begin(*newest->next_due_on);
    out.seq = d_.act_seq(premises::rotation_act(newest->id));
  }
  return out;
}

std::optional<premises::DutyRecord> PremisesDesk::duty_record(const AgencyId& agency, const std::string& record) const {
  if (record == "secret_device") return secrets_->device_record(agency);
  if (record == "secret_handover") return secrets_->handover_record(agency);
  if (record == "internet_notice") return lines_->notice_record(agency);
  return std::nullopt;
}

void PremisesDesk::seen_from(const DeviceId& device, const std::string& address) {
  const std::lock_guard lock(exits_mutex_);
  premises::Exit& one = exits_[device];
  if (one.address != address) one = {address, d_.clock.now()};
}

duty::NetworkTerms PremisesDesk::network_terms(const AgencyId& agency) const {
  return {lines_->dedicated_ranges(agency), lines_->misses_terms(agency)};
}

void PremisesDesk::look_at_lines() {
  std::map<DeviceId, premises::Exit> exits;
  {
    const std::lock_guard lock(exits_mutex_);
    exits = exits_;
  }
  lines_->set_drifts(premises::drifts_of(d_.inventory.states(), lines_->subnets(), lines_->lines(false), exits));
}

Result<bool> PremisesDesk::look_for_secrets() {
  const premises::SecretBook::Needles needles = secrets_->needles();
  const std::uint64_t before = read_until_;
  std::uint64_t next = before;
  std::size_t records = 0;
  Result<void> noted;
  // Without devices to look for, what came counts as read.
  if (needles.empty()) next = d_.store.size();
  if (!needles.empty() && next < d_.store.size()) {
    LUY_TRY_VOID(d_.store.replay(next, [&](const evidence::Record& record) {
      // The hub's own notes tell of what people typed, such as the register itself.
      const bool is_own = record.transport == static_cast<std::uint8_t>(event::Transport::hub);
      const auto named = is_own ? std::nullopt : premises::named_in(record.raw, needles);
      if (named) noted = secrets_->note_sighting(named->device, record.source, named->by, record.received, record.seq);
      if (!noted) return false;
      next = record.seq + 1;
      return ++records < records_per_round;
    }));
  }
  if (!noted) return noted.error();
  if (next != before) {
    LUY_TRY_VOID(secrets_->set_read_until(next));
    read_until_ = next;
  }
  return records >= records_per_round;
}

Result<void> PremisesDesk::look_for_strangers() {
  // Devices for state secrets have findings of their own.
  std::set<std::string> others;
  const premises::SecretBook::Needles needles = secrets_->needles();
  for (const auto& [mac, id] : needles.macs) others.insert(mac);
  const auto devices = d_.inventory.states();
  const auto known = premises::known_machines(devices, equipment_->list(false), d_.inventory.wifi(), others);
  return strangers_->look(premises::strangers_seen(devices, known, d_.clock.now()), known);
}

std::vector<api::Route> PremisesDesk::routes() {
  return premises::routes({*equipment_, *air_, *secrets_, *strangers_, *lines_, d_.inventory, d_.clock,
                           d_.pack.due_share(), d_.lineage,
                           [this](const AgencyId& agency) {
                             const auto all = d_.agencies();
                             return std::any_of(all.begin(), all.end(), [&](const directory::Agency& one) {
                               return one.id == agency && one.valid_on(day_of(d_.clock.now()));
                             });
                           },
                           d_.render});
}

void PremisesDesk::start() {
  thread_ = std::thread([this] { run(); });
}

void PremisesDesk::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void PremisesDesk::run() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    lock.unlock();
    const auto more = look_for_secrets();
    if (!more) log(LogLevel::error, "hub", "premises: " + more.error().text());
    if (const auto looked = look_for_strangers(); !looked) {
      log(LogLevel::error, "hub", "premises: " + looked.error().text());
    }
    look_at_lines();
    if (const auto looked = watch_->look(); !looked) log(LogLevel::error, "hub", "premises: " + looked.error().text());
    lock.lock();
    if (!more || !*more) wake_.wait_for(lock, period, [this] { return stopping_; });
  }
}

}  // namespace luy::hub
