#include "hub/people_desk.h"

#include <algorithm>

#include "base/log.h"
#include "people/account_queue.h"

namespace luy::hub {
namespace {

constexpr std::string_view offboarding = "offboarding";
constexpr std::string_view access_review = "access_review";
constexpr std::string_view officer_appointment = "officer_appointment";
constexpr std::string_view commitment = "commitment";

void complain(const Error& error) {
  log(LogLevel::error, "hub", "people: " + error.text());
}

// A parameter of the pack that its loader has demanded of the duty.
std::optional<Duration> parameter(const regulation::Pack& pack, const char* name) {
  for (const regulation::Obligation& one : pack.obligations) {
    if (const auto found = one.parameters.duration(name)) return *found;
  }
  return std::nullopt;
}

bool is_in(const std::vector<AgencyId>& above, const AgencyId& agency) {
  return std::find(above.begin(), above.end(), agency) != above.end();
}

}  // namespace

Result<std::unique_ptr<PeopleDesk>> PeopleDesk::open(Dependencies dependencies) {
  std::unique_ptr<PeopleDesk> desk(new PeopleDesk(std::move(dependencies)));
  LUY_TRY_VOID(desk->load());
  return desk;
}

Result<void> PeopleDesk::load() {
  // The packs we ship have both; one of the town's own may have dropped the duty.
  dormant_ = parameter(d_.pack, "dormant_days").value_or(days(90));
  const Duration review_period = parameter(d_.pack, "review_days").value_or(days(180));
  LUY_TRY(links_, people::LinkBook::open({d_.database, d_.directory.audit(), d_.clock, d_.owners_changed}));
  leaves_ = std::make_unique<people::LeaveBook>(people::LeaveBook::Dependencies{
      d_.database, d_.directory.audit(), d_.clock, d_.random, d_.directory.people(), d_.inventory, *links_,
      [this](people::ItemKind kind, const PersonId& person) { return held_by(kind, person); },
      [this](const people::Leave& one) {
        forget(one.agency, false);
        std::vector<DeviceId> devices;
        for (const people::AccountLink& link : links_->of_person(one.person)) devices.push_back(link.key.device);
        if (!devices.empty()) d_.owners_changed(devices);
      }});
  d_.directory.acts().add_kind(std::string(people::leave_item_waive_act), leaves_->waive_act());
  LUY_TRY(reviews_, people::ReviewBook::open(
                        {d_.database, d_.directory.audit(), d_.clock, d_.random, review_period, d_.pack.due_share(),
                         [this](const AgencyId& agency, bool below) { return subjects_of(agency, below); }, d_.agencies,
                         d_.lineage, [this](const people::Review& one) { forget(one.agency, one.below); }}));
  const Duration training_period = parameter(d_.pack, "training_days").value_or(days(365));
  const auto changed = [this](const AgencyId& agency) { forget(agency, false); };
  officers_ = std::make_unique<people::OfficerBook>(people::OfficerBook::Dependencies{
      d_.database, d_.directory.audit(), d_.clock, d_.random, training_period, d_.pack.due_share(),
      [this](const PersonId& person) { return presence_of(person); }, changed});
  commitments_ = std::make_unique<people::CommitmentBook>(
      people::CommitmentBook::Dependencies{d_.database, d_.directory.audit(), d_.clock, d_.random,
                                           [this](const AgencyId& agency) { return members_of(agency); }, changed});
  return {};
}

people::Persons PeopleDesk::persons() const {
  people::Persons out;
  const auto all = d_.directory.people().list();
  const auto accounts = std::as_const(d_.directory).accounts().list();
  if (!all || !accounts) {
    complain((all ? accounts.error() : all.error()));
    return out;
  }
  for (const directory::Person& one : *all) {
    const bool is_leaving = one.state == directory::PersonState::leaving;
    const bool is_gone = one.state == directory::PersonState::gone;
    out[one.id] = {one.id, one.name, one.position, one.agency, is_leaving, is_gone, {}};
  }
  for (const directory::Account& account : *accounts) {
    const auto person = out.find(account.person);
    if (person != out.end()) person->second.usernames.push_back(account.username);
  }
  return out;
}

std::optional<duty::AccountOwner> PeopleDesk::owner_of(const DeviceId& device, const fact::Account& account) const {
  const auto link = links_->find({device, account.name});
  const Day today = day_of(d_.clock.now());
  if (!link || link->uid != account.uid || !link->valid_on(today)) return std::nullopt;
  duty::AccountOwner out;
  out.shared = link->kind == people::LinkKind::shared;
  out.since = link->at;
  out.seq = d_.act_seq(link->act);
  if (link->expires) out.until = day_begin(*link->expires + days(1));
  if (!link->person) return out;
  const auto person = d_.directory.people().find(*link->person);
  out.name = person ? person->name : link->person->text();
  out.in_service = person && person->state != directory::PersonState::gone;
  return out;
}

std::vector<people::ReviewSubject> PeopleDesk::subjects_of(const AgencyId& agency, bool below) const {
  const people::Persons all = persons();
  const auto accounts = std::as_const(d_.directory).accounts().list();
  const auto delegations = d_.directory.roles().delegations();
  if (!accounts || !delegations) {
    complain((accounts ? delegations.error() : accounts.error()));
    return {};
  }
  const auto logins = people::device_accounts(d_.inventory.states(), links_->all(), all, dormant_, d_.clock.now());
  std::map<AgencyId, bool> known;
  const auto in_scope = [&](const AgencyId& one) {
    const auto [answer, is_new] = known.try_emplace(one, false);
    if (is_new) answer->second = one == agency || (below && is_in(d_.lineage(one), agency));
    return answer->second;
  };
  const std::vector<directory::ApiToken> tokens = living_tokens();
  return people::review_subjects(
      {*accounts, *delegations, tokens, logins, all, in_scope, d_.agency_name, day_of(d_.clock.now())});
}

std::vector<directory::ApiToken> PeopleDesk::living_tokens() const {
  auto tokens = std::as_const(d_.directory).tokens().list();
  if (!tokens) {
    complain(tokens.error());
    return {};
  }
  const Time now = d_.clock.now();
  std::erase_if(*tokens, [&](const directory::ApiToken& one) { return one.revoked_at || one.expires_at <= now; });
  return *std::move(tokens);
}

std::vector<people::LeaveBook::Holding> PeopleDesk::held_by(people::ItemKind kind, const PersonId& person) const {
  if (kind == people::ItemKind::signature) return d_.signatures(person);
  std::vector<people::LeaveBook::Holding> out;
  const Day today = day_of(d_.clock.now());
  if (kind == people::ItemKind::api_token) {
    for (const directory::ApiToken& one : living_tokens()) {
      if (one.person == person) out.push_back({kind, one.id.text(), one.name});
    }
  } else if (kind == people::ItemKind::appointment) {
    const auto all = officers_->appointments();
    if (!all) complain(all.error());
    if (!all) return out;
    for (const people::Appointment& one : *all) {
      if (one.person == person && one.in_force(today)) out.push_back({kind, one.id.text(), one.decision});
    }
  } else if (kind == people::ItemKind::commitment) {
    const auto all = commitments_->list();
    const auto who = d_.directory.people().find(person);
    if (!all) complain(all.error());
    if (!all || !who) return out;
    const auto binds = [&](const people::Commitment& one) { return one.person == person && one.in_force(today); };
    if (std::none_of(all->begin(), all->end(), binds)) out.push_back({kind, person.text(), who->name});
  }
  return out;
}

void PeopleDesk::forget(const AgencyId& agency, bool below) {
  forget_records();
  if (!below) return d_.judged_anew(agency);
  for (const AgencyId& one : d_.agencies()) {
    if (is_in(d_.lineage(one), agency)) d_.judged_anew(one);
  }
}

people::OfficerBook::Presence PeopleDesk::presence_of(const PersonId& id) const {
  using Presence = people::OfficerBook::Presence;
  const auto person = d_.directory.people().find(id);
  const auto accounts = d_.directory.people().accounts(id);
  if (!person || !accounts) return Presence{false, {"không còn hồ sơ", "is not on record"}};
  if (person->state != directory::PersonState::active) {
    return Presence{false, {"đang thôi việc hoặc đã nghỉ", "is leaving or gone"}};
  }
  const Time since = d_.clock.now() - people::presence_days;
  for (const directory::Account& one : *accounts) {
    if (one.enabled && one.last_sign_in && *one.last_sign_in >= since) return Presence{true, {}};
  }
  return Presence{false, {"không đăng nhập trong 30 ngày", "has not signed in for 30 days"}};
}

std::vector<people::CommitmentBook::Dependencies::Member> PeopleDesk::members_of(const AgencyId& agency) const {
  using Member = people::CommitmentBook::Dependencies::Member;
  std::map<PersonId, Member> out;
  const auto accounts = std::as_const(d_.directory).accounts().list(agency);
  if (!accounts) complain(accounts.error());
  if (!accounts) return {};
  for (const directory::Account& one : *accounts) {
    // Nobody is meant to use a sealed one.
    if (!one.enabled || one.sealed || one.agency != agency) continue;
    const auto [member, is_new] = out.try_emplace(one.person, Member{one.person, one.display_name, one.created_at});
    if (!is_new) member->second.since = std::min(member->second.since, one.created_at);
  }
  std::vector<Member> list;
  for (auto& [person, member] : out) list.push_back(std::move(member));
  return list;
}

Result<std::optional<people::DutyRecord>> PeopleDesk::read_record(const AgencyId& agency,
                                                                  const std::string& record) const {
  using Maybe = std::optional<people::DutyRecord>;
  if (record == offboarding) {
    LUY_TRY(people::DutyRecord out, leaves_->duty_record(agency));
    return Maybe(std::move(out));
  }
  if (record == access_review) {
    LUY_TRY(Maybe out, reviews_->duty_record(agency));
    return Maybe(std::move(out).value_or(people::DutyRecord()));
  }
  if (record == officer_appointment) {
    LUY_TRY(people::DutyRecord out, officers_->duty_record(agency));
    return Maybe(std::move(out));
  }
  if (record != commitment) return Maybe();
  LUY_TRY(people::DutyRecord out, commitments_->duty_record(agency));
  return Maybe(std::move(out));
}

void PeopleDesk::forget_records() {
  const std::lock_guard lock(recording_);
  records_.clear();
  ++changes_;
}

std::optional<people::DutyRecord> PeopleDesk::duty_record(const AgencyId& agency, const std::string& record) {
  const Day today = day_of(d_.clock.now());
  std::uint64_t before = 0;
  {
    const std::lock_guard lock(recording_);
    if (recorded_on_ != today) records_.clear();
    recorded_on_ = today;
    const auto known = records_.find({agency, record});
    if (known != records_.end()) return known->second;
    before = changes_;
  }
  auto fresh = read_record(agency, record);
  if (!fresh) {
    complain(fresh.error());
    return std::nullopt;
  }
  const std::lock_guard lock(recording_);
  if (*fresh && changes_ == before) records_[{agency, record}] = **fresh;
  return *std::move(fresh);
}

std::vector<regulation::Text> PeopleDesk::leave_warnings(const PersonId& person) const {
  std::vector<regulation::Text> out;
  const auto accounts = d_.directory.people().accounts(person);
  const auto acts = std::as_const(d_.directory).acts().list();
  if (!accounts || !acts) return out;
  const auto is_theirs = [&](const directory::PendingAct& act) {
    return act.state == directory::PendingAct::State::waiting &&
           std::any_of(accounts->begin(), accounts->end(),
                       [&](const directory::Account& one) { return one.id == act.proposed_by; });
  };
  const auto waiting = std::count_if(acts->begin(), acts->end(), is_theirs);
  if (waiting > 0) {
    const std::string count = std::to_string(waiting);
    out.push_back({count + " việc người này đề nghị đang chờ người thứ hai.",
                   count + " acts that they asked for wait for a second person."});
  }
  return out;
}

}  // namespace luy::hub
