// The running hub's part for people: their desk and what its API needs from elsewhere.
#include <algorithm>

#include "base/log.h"
#include "hub/alarm_api.h"
#include "hub/state.h"
#include "people/api.h"
#include "people/review_page.h"

namespace luy::hub {

Result<void> Hub::State::open_people() {
  PeopleDesk::Dependencies of_desk{core->database(),
                                   core->directory(),
                                   clock,
                                   random,
                                   *inventory,
                                   pack,
                                   [this](const AgencyId& agency) { return core->agencies().lineage(agency); },
                                   [this](const AgencyId& agency) { return agency_name(agency); },
                                   [this] { return living_agencies(); },
                                   [this](const PersonId& person) { return signatures_of(person); },
                                   [this](const std::string& act) { return proofs->seq("of:" + act); },
                                   [this](const std::vector<DeviceId>& devices) { note_owners(devices); },
                                   [this](const AgencyId& agency) {
                                     if (pipeline) pipeline->note_findings(agency);
                                   }};
  LUY_TRY(people_desk, PeopleDesk::open(std::move(of_desk)));
  SourceDesk::Dependencies of_sources{core->database(),
                                      core->directory(),
                                      clock,
                                      random,
                                      core->folder().root() / "sources",
                                      [this] { return url("https", console_listener); },
                                      [this](const PersonId& person, Day last_day, const std::string& reason) {
                                        open_leave_of(person, last_day, reason);
                                      }};
  LUY_TRY(source_desk, SourceDesk::open(std::move(of_sources)));
  return {};
}

Result<incident::OwnerPage> Hub::State::review_page(const std::string& review) const {
  const auto id = people::ReviewId::parse(review);
  if (!id) return Error(people::review_unknown);
  LUY_TRY(const people::Review found, people_desk->reviews().find(*id));
  return incident::OwnerPage{found.agency, found.number, people::review_page(found, agency_name(found.agency))};
}

// Somebody may have a case already: then it stands.
void Hub::State::open_leave_of(const PersonId& person, Day last_day, const std::string& reason) {
  const auto cases = people_desk->leaves().list();
  const bool has_case = cases && std::any_of(cases->begin(), cases->end(), [&](const people::Leave& there) {
                          return there.person == person && there.state != people::LeaveState::closed;
                        });
  if (has_case) return;
  people::NewLeave wanted;
  wanted.person = person;
  wanted.last_day = last_day;
  wanted.reason = reason;
  const people::Who hub{std::nullopt, std::nullopt, "luy-hub"};
  const auto opened = people_desk->leaves().open(directory::server_operator(), hub, wanted);
  if (!opened) log(LogLevel::error, "hub", "sign-in sources: " + opened.error().text());
}

std::string Hub::State::agency_name(const AgencyId& agency) const {
  const auto found = core->agencies().find(agency);
  return found ? found->name : std::string();
}

std::vector<AgencyId> Hub::State::living_agencies() const {
  std::vector<AgencyId> out;
  for (const directory::Agency& one : core->agencies().all()) {
    if (one.valid_on(day_of(clock.now()))) out.push_back(one.id);
  }
  return out;
}

std::vector<people::LeaveBook::Holding> Hub::State::signatures_of(const PersonId& person) const {
  std::vector<people::LeaveBook::Holding> out;
  const auto accounts = core->directory().people().accounts(person);
  const auto certificates = incidents->signers().list();
  if (!accounts || !certificates) return out;
  for (const incident::SigningCertificate& one : *certificates) {
    const bool is_theirs = std::any_of(accounts->begin(), accounts->end(),
                                       [&](const directory::Account& account) { return account.id == one.account; });
    if (is_theirs) out.push_back({people::ItemKind::signature, one.id.text(), one.subject});
  }
  return out;
}

void Hub::State::note_owners(const std::vector<DeviceId>& devices) {
  inventory::Change change;
  inventory::TopicSet topics;
  topics.add(inventory::Topic::row);
  for (const DeviceId& device : devices) change.devices.push_back({device, topics, {}});
  if (pipeline) pipeline->note_change(std::move(change));
}

bool Hub::State::person_visible(const api::Request& request, const PersonId& person) const {
  const auto found = core->directory().people().find(person);
  if (!found || !request.actor) return false;
  directory::Object place;
  place.agencies = core->agencies().lineage(found->agency);
  return request.actor->person == found->id ||
         directory::may(*request.actor, directory::Action::person_read, place).allowed;
}

void Hub::State::schedule_people() {
  const auto told = [](const Result<void>& settled) {
    if (!settled) log(LogLevel::error, "hub", "people: " + settled.error().text());
  };
  timetable->every(std::chrono::seconds(5), [this, told] { told(people_desk->leaves().settle()); });
  timetable->every(std::chrono::minutes(1), [this, told] { told(people_desk->reviews().settle()); });
}

people::ApiDependencies Hub::State::people_api() {
  const auto confirm = [this](const api::Request& request, const std::string& password) {
    return core->directory().sessions().confirm_password(*request.actor, password, request.client_address);
  };
  return {people_desk->links(),
          people_desk->leaves(),
          people_desk->reviews(),
          people_desk->officers(),
          people_desk->commitments(),
          core->directory().acts(),
          core->directory().audit(),
          *inventory,
          clock,
          people_desk->dormant(),
          [this](const AgencyId& agency) { return core->agencies().lineage(agency); },
          [this](const AgencyId& agency) { return agency_name(agency); },
          [this] { return people_desk->persons(); },
          [this] { return living_agencies(); },
          [this] { return core->agencies().hub_object(); },
          confirm,
          [this](const std::string& act) { return proofs->seq("of:" + act); },
          [this](const PersonId& person) { return people_desk->leave_warnings(person); }};
}

std::vector<api::Route> Hub::State::people_routes() {
  std::vector<api::Route> all = people::routes(people_api());
  AlarmApi of_alarms{
      core->database(),
      core->directory(),
      *findings,
      clock,
      [this](const AgencyId& agency) { return core->agencies().lineage(agency); },
      [this](const AgencyId& agency) { return agency_name(agency); },
      [this](std::string_view act, const AccountId& account) { return proofs->seq(act_key(act, account)); }};
  for (api::Route& one : alarm_routes(std::move(of_alarms))) {
    all.push_back(std::move(one));
  }
  for (api::Route& one : source_desk->routes()) all.push_back(std::move(one));
  return all;
}

}  // namespace luy::hub
