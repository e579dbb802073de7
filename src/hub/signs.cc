#include "hub/signs.h"

#include <algorithm>
#include <boost/json.hpp>

#include "base/encoding.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/log.h"
#include "base/utf8.h"
#include "event/batch.h"

namespace luy::hub {
namespace {

namespace json = boost::json;

constexpr std::size_t changes_told = 5;

std::string shortened(const std::string& text) {
  constexpr std::size_t bytes_max = 120;
  return text.size() <= bytes_max ? text : std::string(utf8_front(text, bytes_max)) + "…";
}

constexpr std::size_t changes_kept = 50;  // Of a record; 50 × (2 × 2,000 + 400) bytes lie below an event's megabyte.

std::string shown_as(const std::vector<watch::Change>& changes) {
  std::string text;
  for (const watch::Change& one : changes) text += one.where + "\n" + one.after + "\n";
  return to_hex(sha256(text)).substr(0, 16);
}

std::string source_of(const AgencyId& agency) {
  return agency.text() + "/hub/watch";
}

OwnedRecord record_with(const AgencyId& agency, const json::object& text) {
  return {source_of(agency), static_cast<std::uint8_t>(event::Transport::hub), json::serialize(text)};
}

}  // namespace

OwnedRecord record_of(const watch::Sighting& sighting) {
  json::array changes;
  for (const watch::Change& one : sighting.changes) {
    if (changes.size() >= changes_kept) break;
    changes.push_back(json::object{{"where", one.where},
                                   {"part", name_of(one.part)},
                                   {"kind", name_of(one.kind)},
                                   {"before", one.before},
                                   {"after", one.after}});
  }
  return record_with(sighting.agency, {{"@timestamp", to_rfc3339(sighting.at)},
                                       {"event.action", "service_" + std::string(name_of(sighting.sign))},
                                       {"luy.service", sighting.service.text()},
                                       {"url.domain", sighting.host},
                                       {"message", sighting.story.vi},
                                       {"luy.message_en", sighting.story.en},
                                       {"luy.changes", std::move(changes)}});
}

OwnedRecord record_of(const watch::View& view, Time at) {
  json::object text{{"@timestamp", to_rfc3339(at)},          {"event.action", "service_state"},
                    {"luy.service", view.service.id.text()}, {"service.name", view.service.name},
                    {"luy.target", view.service.target},     {"service.state", name_of(view.state)}};
  if (view.last && view.last->failure != watch::Failure::none) text["luy.failure"] = name_of(view.last->failure);
  return record_with(view.service.agency, text);
}

finding::Report report_of(const watch::Sighting& sighting) {
  finding::Report report;
  report.kind = finding::Kind::probe;
  report.group_key = "service|" + sighting.service.text() + "|" + std::string(name_of(sighting.sign));
  // Another content is another finding, so that what was looked at does not hide it. The same again is not.
  if (!sighting.changes.empty()) report.group_key += "|" + shown_as(sighting.changes);
  report.severity = static_cast<finding::Severity>(sighting.severity);
  report.title = {sighting.title.vi, sighting.title.en};
  report.story = {sighting.story.vi, sighting.story.en};
  for (std::size_t i = 0; i < sighting.changes.size() && i < changes_told; ++i) {
    const watch::Change& change = sighting.changes[i];
    const std::string line =
        "\n" + change.where + ": “" + shortened(change.before) + "” → “" + shortened(change.after) + "”";
    report.story.vi += line;
    report.story.en += line;
  }
  report.agency = sighting.agency;
  report.entities.push_back({finding::EntityType::service, sighting.service.text()});
  report.entities.push_back({finding::EntityType::domain, sighting.host});
  report.first = report.last = sighting.at;
  return report;
}

std::vector<finding::Report> inventory_reports(const inventory::DeviceState& state, const indicator::Matching& matching,
                                               Time now) {
  std::vector<finding::Report> out;
  std::string text = state.device.name;
  for (const std::string& address : state.addresses) text += " " + address.substr(0, address.find('/'));
  if (state.interfaces) {
    for (const fact::Route& route : state.interfaces->value.routes) text += " " + route.gateway;
  }
  for (const indicator::Hit& hit : matching.matcher.match(text, now)) {
    const indicator::Indicator& one = matching.matcher.indicators()[hit.indicator];
    finding::Report report;
    report.kind = finding::Kind::indicator;
    report.group_key = "indicator|" + one.atom.value + "|inventory|" + state.device.id.text();
    report.severity = finding::Severity::high;
    report.title = {"Thiết bị " + state.device.name + " nằm trong danh sách dấu hiệu tấn công: " + hit.value,
                    "The device " + state.device.name + " is on a list of indicators: " + hit.value};
    report.story = indicator_story(matching, hit);
    report.agency = state.device.agency;
    report.device = state.device.id;
    report.entities = {
        {finding::EntityType::device, state.device.id.text()},
        {one.atom.type == indicator::Type::address ? finding::EntityType::address : finding::EntityType::domain,
         hit.value}};
    if (state.interfaces) report.seqs.push_back(state.interfaces->seq);
    report.first = report.last = now;
    out.push_back(std::move(report));
  }
  return out;
}

Result<std::unique_ptr<Signs>> Signs::open(Dependencies dependencies) {
  std::unique_ptr<Signs> signs(new Signs(std::move(dependencies)));
  Signs* const self = signs.get();
  Dependencies& d = self->d_;
  LUY_TRY(signs->watch_, watch::Watch::open({d.database, d.clock, d.random,
                                             [self](const watch::Sighting& sighting) { self->tell(sighting); },
                                             [self](const watch::View& view) { self->note_state(view); }, d.pace}));
  self->told_ = std::move(d.told);
  LUY_TRY(signs->indicators_, indicator::Book::open({d.database, d.clock, d.random}));
  LUY_TRY_VOID(make_folder(d.folder));
  signs->folder_ = std::make_unique<IndicatorFolder>(d.folder, *signs->indicators_, d.writer, d.clock);
  LUY_TRY(const auto next_seq, d.next_seq(SignReader::reader));
  signs->reader_ = std::make_unique<SignReader>(
      SignReader::Dependencies{d.store, d.clock, *signs->indicators_, d.device_name,
                               [self](std::span<const finding::Report> reports, finding::Progress progress) {
                                 return self->d_.report(reports, progress);
                               },
                               next_seq});
  return signs;
}

bool Signs::tell(std::span<const finding::Report> reports) {
  if (reports.empty()) return true;
  const auto told = d_.report(reports, std::nullopt);
  if (!told) log(LogLevel::error, "hub", "findings: " + told.error().text());
  return told.has_value();
}

void Signs::tell(const watch::Sighting& sighting) {
  outbox_.tell(record_of(sighting), report_of(sighting));
}

void Signs::note_state(const watch::View& view) {
  std::function<void()> done;
  if (d_.state_noted) done = [told = d_.state_noted, agency = view.service.agency] { told(agency); };
  outbox_.note(record_of(view, d_.clock.now()), std::move(done));
}

SignOutbox::Dependencies Signs::of_outbox() {
  return {[this](OwnedRecord record) -> Result<std::uint64_t> {
            LUY_TRY(const auto appended, d_.writer.append(std::nullopt, {std::move(record)}));
            return appended.first_seq;
          },
          [this](Submission submission) { return d_.writer.submit(std::move(submission)); },
          [this](const finding::Report& report) {
            return d_.report({&report, 1}, std::nullopt);
          }};
}

void Signs::start(std::set<std::uint16_t> own_ports) {
  ProbeRules rules;
  rules.loopback = d_.probe_loopback;
  rules.own_ports = std::move(own_ports);
  round_ = std::make_unique<ProbeRound>(*watch_, std::move(rules), d_.clock, d_.pace);
  round_->start();
  reader_->start();
}

void Signs::stop() {
  if (round_) round_->stop();
  if (reader_) reader_->stop();
  if (watch_) flush();
}

void Signs::flush() {
  outbox_.retry();
  if (auto flushed = watch_->flush(); !flushed) log(LogLevel::error, "hub", "services: " + flushed.error().text());
}

void Signs::look_at_inventory() {
  auto matching = indicators_->matching();
  const Duration now = d_.clock.monotonic();
  if (matching == looked_with_ && now - looked_at_ < inventory_period) return;
  std::vector<finding::Report> reports;
  std::set<std::pair<DeviceId, std::string>> hold;
  if (!matching->matcher.indicators().empty()) {
    for (const inventory::StatePointer& state : d_.inventory.states()) {
      for (finding::Report& report : inventory_reports(*state, *matching, d_.clock.now())) {
        auto key = std::pair(state->device.id, report.group_key);
        if (!told_.contains(key)) reports.push_back(std::move(report));
        hold.insert(std::move(key));
      }
    }
  }
  looked_with_ = std::move(matching);
  looked_at_ = now;
  // Kept for what is told already; what no longer holds may be told anew.
  if (tell(reports)) told_ = std::move(hold);
}

}  // namespace luy::hub
