// What the modules above the directory know of a person: the case of leaving and the commitment; and of oneself:
// devices, training, and what waits for one.
#include <algorithm>
#include <set>

#include "hub/state.h"
#include "people/api.h"

namespace luy::hub {
namespace {

namespace json = boost::json;
using directory::Action;

constexpr std::size_t tasks_max = 100;

json::value maybe_day(const std::optional<Day>& day) {
  return day ? json::value(to_iso(*day)) : json::value(nullptr);
}

json::object task(std::string_view kind, const regulation::Text& title, json::value due, std::string link) {
  return {{"kind", kind},
          {"title", json::object{{"vi", title.vi}, {"en", title.en}}},
          {"due", std::move(due)},
          {"link", std::move(link)}};
}

}  // namespace

void Hub::State::open_person_links() {
  person_links.person = [this](const PersonId& person, json::object& out) { return tell_of_person(person, out); };
  person_links.me = [this](const api::Request& request, json::object& out) { return tell_of_oneself(request, out); };
}

Result<void> Hub::State::tell_of_person(const PersonId& person, json::object& out) {
  LUY_TRY(const std::vector<people::Leave> leaves, people_desk->leaves().list());
  const auto leaving = std::find_if(leaves.begin(), leaves.end(), [&](const people::Leave& one) {
    return one.person == person && one.state != people::LeaveState::closed;
  });
  if (leaving != leaves.end()) out["leave"] = leaving->id.text();
  LUY_TRY(const std::vector<people::Commitment> signed_ones, people_desk->commitments().list());
  const Day today = day_of(clock.now());
  const auto held = std::find_if(signed_ones.begin(), signed_ones.end(), [&](const people::Commitment& one) {
    return one.person == person && one.in_force(today);
  });
  if (held != signed_ones.end()) {
    out["commitment"] = json::object{{"signed_at", to_rfc3339(held->signed_at)}, {"until", maybe_day(held->until)}};
  }
  return {};
}

Result<void> Hub::State::tell_of_oneself(const api::Request& request, json::object& out) {
  const PersonId& person = request.actor->person;
  const people::ApiDependencies of_people = people_api();
  LUY_TRY(out["trainings"], people::trainings_of(of_people, person));
  LUY_TRY(out["commitments"], people::commitments_of(of_people, person));
  json::array devices;
  for (const inventory::StatePointer& state : inventory->states()) {
    const inventory::Device& device = state->device;
    if (device.person != person || device.retired_at) continue;
    duty::Filter violated;
    violated.subject = device.id.text();
    violated.state = duty::State::violated;
    violated.limit = 1;
    devices.push_back(json::object{
        {"id", device.id.text()},
        {"name", device.name},
        {"class", inventory::name_of(device.device_class)},
        {"place", device.place.empty() ? json::value(nullptr) : json::value(device.place)},
        {"last_seen", device.last_seen ? json::value(to_rfc3339(*device.last_seen)) : json::value(nullptr)},
        {"violated", engine->list(violated).total}});
  }
  out["devices"] = std::move(devices);
  LUY_TRY(out["tasks"], own_tasks(request));
  return {};
}

Result<json::array> Hub::State::own_tasks(const api::Request& request) {
  const directory::Actor& actor = *request.actor;
  const Day today = day_of(clock.now());
  json::array out;
  LUY_TRY(const auto texts, people_desk->commitments().texts());
  LUY_TRY(const auto signed_ones, people_desk->commitments().list());
  for (const people::CommitmentText& text : texts) {
    const bool is_signed = std::any_of(signed_ones.begin(), signed_ones.end(), [&](const people::Commitment& one) {
      return one.person == actor.person && one.text == text.id && one.in_force(today);
    });
    if (!is_signed)
      out.push_back(task("commitment", {"Ký " + text.title, "Sign: " + text.title}, nullptr, "/commitments"));
  }
  LUY_TRY_VOID(add_papers(request, out));
  LUY_TRY(const auto leaves, people_desk->leaves().list());
  for (const people::Leave& leave : leaves) {
    if (leave.state == people::LeaveState::closed) continue;
    for (const people::LeaveItem& item : leave.items) {
      if (item.state != people::ItemState::open || item.owner.id != actor.person.text()) continue;
      out.push_back(task("leave_item", {leave.number + ": " + item.name, leave.number + ": " + item.name},
                         json::value(to_iso(leave.last_day)), "/leaves/" + leave.id.text()));
    }
  }
  LUY_TRY(const auto reviews, people_desk->reviews().list());
  for (const people::Review& review : reviews) {
    if (review.closed_at ||
        !directory::may(actor, Action::access_review, core->agencies().object(review.agency)).allowed) {
      continue;
    }
    out.push_back(task("review", {"Rà soát quyền truy cập " + review.number, "Access review " + review.number},
                       json::value(to_rfc3339(review.due)), "/reviews/" + review.id.text()));
  }
  LUY_TRY_VOID(add_provider_requests(request, out));
  if (out.size() > tasks_max) out.resize(tasks_max);
  return out;
}

// What a provider owes an answer to, and what the asking side has to decide.
Result<void> Hub::State::add_provider_requests(const api::Request& request, json::array& tasks) {
  const directory::Actor& actor = *request.actor;
  const auto due = [](const incident::ProviderRequest& one) { return json::value(to_rfc3339(one.due)); };
  if (directory::may(actor, Action::provider_answer, {{}, actor.account, false}).allowed) {
    LUY_TRY(const auto own, incidents->providers().list_of(actor.account));
    for (const incident::ProviderRequest& one : own) {
      if (!one.is_open()) continue;
      tasks.push_back(task("provider_request", {"Trả lời yêu cầu " + one.number, "Answer the request " + one.number},
                           due(one), "/provider-requests/" + one.id.text()));
    }
  }
  LUY_TRY(const auto all, incidents->providers().list());
  for (const incident::ProviderRequest& one : all) {
    const bool is_asked = one.is_open() && one.delay && one.delay->state == incident::ProviderDelay::State::waiting;
    const bool waits = one.state == incident::ProviderState::answered || is_asked;
    if (!waits || !directory::may(actor, Action::provider_ask, core->agencies().object(one.agency)).allowed) continue;
    const std::string name = one.number + " (" + one.provider + ")";
    tasks.push_back(task("provider_request",
                         is_asked ? regulation::Text{"Đề nghị gia hạn: " + name, "More time is asked for: " + name}
                                  : regulation::Text{"Xem trả lời: " + name, "Look at the answer: " + name},
                         is_asked ? due(one) : json::value(nullptr), "/provider-requests/" + one.id.text()));
  }
  return {};
}

// Papers of open cases whose next signature is the actor's: by the account that the place is tied to, or by their role
// in the agency that issues the paper.
Result<void> Hub::State::add_papers(const api::Request& request, json::array& tasks) {
  const directory::Actor& actor = *request.actor;
  const auto& process = incidents->cases().process();
  LUY_TRY(const auto cases, incidents->cases().list([&](const AgencyId& agency) {
    return directory::may(actor, Action::incident_handle, core->agencies().object(agency)).allowed;
  }));
  for (const incident::Case& one : cases) {
    const auto* state = process.state(one.state);
    if (state == nullptr || state->is_end) continue;
    LUY_TRY(const incident::CaseFile file, incidents->cases().file(one.id));
    const auto lineage = core->agencies().lineage(one.agency);
    for (const incident::CasePaper& paper : file.papers) {
      const auto* use = process.paper(paper.form);
      if (paper.state != incident::CasePaper::State::issued || use == nullptr) continue;
      const incident::SignOrder order = incidents->cases().order_of(paper);
      if (order.filled >= use->signed_by.size() || order.too_early) continue;
      const incident::SignPlace& place = use->signed_by[order.filled];
      bool is_mine = false;
      if (!place.role.empty()) {
        const auto roles = incident::roles_counting(actor.grants, Action::incident_handle, lineage);
        is_mine = std::find(roles.begin(), roles.end(), place.role) != roles.end();
      } else if (paper.ties) {
        const auto tie = paper.ties->find(place.person);
        is_mine = tie != paper.ties->end() && tie->second.account == actor.account.text();
      }
      if (!is_mine) continue;
      const std::string name = paper.notation.empty() ? one.number : paper.notation + " (" + one.number + ")";
      tasks.push_back(task("paper", {"Ký " + use->title.vi + " " + name, "Sign the " + use->title.en + " " + name},
                           nullptr, "/incidents/" + one.id.text() + "?tab=papers"));
    }
  }
  return {};
}

}  // namespace luy::hub
