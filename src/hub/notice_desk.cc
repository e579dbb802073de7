#include "hub/notice_desk.h"

#include <algorithm>

#include "base/file.h"
#include "base/log.h"
#include "hub/search_desk.h"
#include "notice/api.h"
#include "notice/webhook.h"

namespace luy::hub {
namespace {

using directory::Action;
using notice::Channel;
using notice::Notice;

// Between two looks at what is due when nobody wakes the sender: the clock may have been set.
constexpr std::chrono::seconds look_again{5};
constexpr std::chrono::hours purge_every{1};
constexpr std::chrono::seconds test_wait_max{45};  // Longer than a mail or a call may take.

void complain(const Error& error) {
  log(LogLevel::error, "hub", "notices: " + error.text());
}
void complain(const Result<void>& done) {
  if (!done) complain(done.error());
}

// Who only reads is told nothing of single duties and findings.
bool acts(directory::Role role) {
  using directory::Role;
  return role == Role::system_admin || role == Role::security_officer || role == Role::agency_head ||
         role == Role::town_office;
}

// A thread of tests has words of its own for sources of sign-ins.
Result<void> as_test(Result<void> answer, const ErrorKind& kind) {
  if (answer) return answer;
  if (answer.error().is(directory::source_busy))
    return Error(kind, "đang có lần thử khác", "another test is under way");
  if (answer.error().is(directory::source_silent)) return Error(kind, "không trả lời", "no answer");
  return answer;
}

}  // namespace

void NoticeDesk::Worker::start() {
  thread_ = std::thread([this] {
    for (;;) {
      work_();
      std::unique_lock lock(mutex_);
      wake_.wait_for(lock, look_again, [this] { return stopping_ || woken_; });
      if (stopping_) return;
      woken_ = false;
    }
  });
}

void NoticeDesk::Worker::wake() {
  {
    const std::lock_guard lock(mutex_);
    woken_ = true;
  }
  wake_.notify_all();
}

void NoticeDesk::Worker::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  if (thread_.joinable()) thread_.join();
}

NoticeDesk::NoticeDesk(Dependencies dependencies, std::unique_ptr<notice::Setup> setup)
    : d_(std::move(dependencies)),
      link_(std::make_shared<SendLink>(d_.folder)),
      setup_(std::move(setup)),
      outbox_({d_.database, d_.directory, d_.clock, d_.random, *setup_,
               [this](const AgencyId& agency) { return d_.agencies.lineage(agency); }}),
      clerk_([this] { write_down(); }),
      mails_([this] { send_mails(); }),
      calls_([this] { call_webhooks(); }) {}

NoticeDesk::~NoticeDesk() {
  stop();
}

Result<std::unique_ptr<NoticeDesk>> NoticeDesk::open(Dependencies dependencies) {
  LUY_TRY_VOID(make_folder(dependencies.folder));
  const AgencyView& agencies = dependencies.agencies;
  notice::Setup::Dependencies of_setup{dependencies.database,
                                       dependencies.directory,
                                       dependencies.clock,
                                       dependencies.random,
                                       [&agencies](const AgencyId& agency) { return agencies.lineage(agency); },
                                       [&agencies] { return agencies.hub_object(); },
                                       {}};
  LUY_TRY(auto setup, notice::Setup::open(std::move(of_setup)));
  return std::unique_ptr<NoticeDesk>(new NoticeDesk(std::move(dependencies), std::move(setup)));
}

void NoticeDesk::start() {
  clerk_.start();
  mails_.start();
  calls_.start();
}

void NoticeDesk::stop() {
  link_->stop();
  clerk_.stop();
  mails_.stop();
  calls_.stop();
}

notice::Wording NoticeDesk::wording() const {
  return {[this](const AgencyId& id) {
            const auto found = d_.agencies.find(id);
            return found ? found->name : id.text();
          },
          d_.console()};
}

void NoticeDesk::tell(std::vector<Happening> happenings) {
  const notice::StandingPointer standing = setup_->standing();
  if (happenings.empty() || (!standing->mail_since && standing->webhooks.empty())) return;
  {
    const std::lock_guard lock(mutex_);
    for (Happening& one : happenings) {
      // A duty of six hundred machines is told once.
      if (queued_.contains(one.event.key)) continue;
      if (queue_.size() >= queue_max) {
        log(LogLevel::error, "hub", "notices: too much happens at once, " + one.event.key + " is left out");
        break;
      }
      queued_.insert(one.event.key);
      queue_.push_back(std::move(one));
    }
  }
  clerk_.wake();
}

void NoticeDesk::look_at_acts() {
  {
    const std::lock_guard lock(mutex_);
    acts_ = true;
  }
  clerk_.wake();
}

notice::Event NoticeDesk::event_of(Happening happening, const std::vector<directory::Account>& accounts) const {
  notice::Event event = std::move(happening.event);
  const Day today = day_of(d_.clock.now());
  for (const directory::Account& one : accounts) {
    if (std::find(happening.accounts.begin(), happening.accounts.end(), one.id) != happening.accounts.end()) {
      event.to.push_back(one.person);
    }
  }
  if (!happening.concerns) return event;
  const directory::Action action = *happening.concerns;
  const auto wanted = [&](directory::Role role) {
    const auto& roles = happening.roles;
    return roles.empty() ? acts(role) : std::find(roles.begin(), roles.end(), directory::name_of(role)) != roles.end();
  };
  for (const AgencyId& place : d_.agencies.lineage(event.agency)) {
    bool found = false;
    for (const directory::Account& one : accounts) {
      const auto actor = actor_of(one, today);
      if (!actor || !directory::may(*actor, action, d_.agencies.object(event.agency)).allowed) continue;
      // A role for the whole town counts there, wherever in it it is held.
      const bool concerned =
          std::any_of(actor->grants.begin(), actor->grants.end(), [&](const directory::Grant& grant) {
            const directory::Reach reach = directory::reach_of(grant.role, action);
            const AgencyId& held = reach == directory::Reach::town ? grant.town() : grant.agency;
            return held == place && reach > directory::Reach::own && wanted(grant.role);
          });
      if (!concerned) continue;
      event.to.push_back(one.person);
      found = true;
    }
    if (found && !happening.everybody_above) break;
  }
  return event;
}

Result<void> NoticeDesk::tell_now(std::vector<Happening> happenings) {
  const notice::StandingPointer standing = setup_->standing();
  if (happenings.empty() || (!standing->mail_since && standing->webhooks.empty())) return {};
  LUY_TRY(const auto accounts, std::as_const(d_.directory).accounts().list());
  std::vector<notice::Event> events;
  for (Happening& one : happenings) events.push_back(event_of(std::move(one), accounts));
  LUY_TRY(const std::size_t left, outbox_.tell(events));
  if (left == 0) return {};
  mails_.wake();
  calls_.wake();
  return {};
}

// What waits for a second person, with whoever could be it.
std::vector<Happening> NoticeDesk::waiting_acts() const {
  std::vector<Happening> out;
  directory::ActFilter filter;
  filter.state = directory::PendingAct::State::waiting;
  const auto waiting = std::as_const(d_.directory).acts().list(filter);
  const auto accounts = std::as_const(d_.directory).accounts().list();
  if (!waiting || !accounts) return out;
  const Day today = day_of(d_.clock.now());
  for (const directory::PendingAct& act : *waiting) {
    const directory::RoleTitle title = d_.directory.acts().title_of(act.kind);
    Happening one;
    one.event = {"act:" + act.id.text(),
                 notice::Kind::act,
                 act.agency,
                 act.proposed_at,
                 {"Có việc chờ người thứ hai đồng ý: " + std::string(title.vi),
                  "An act waits for a second person: " + std::string(title.en)}};
    one.event.due = act.ends_at;
    one.event.path = "/acts";
    for (const directory::Account& account : *accounts) {
      const auto actor = actor_of(account, today);
      const bool might = actor && directory::may(*actor, Action::act_decide, d_.agencies.object(act.agency)).allowed;
      if (might && d_.directory.acts().check_decider(account.id, act.id)) one.accounts.push_back(account.id);
    }
    out.push_back(std::move(one));
  }
  return out;
}

void NoticeDesk::write_down() {
  std::vector<Happening> all;
  bool acts = false;
  bool look_back = false;
  {
    const std::lock_guard lock(mutex_);
    all.assign(std::make_move_iterator(queue_.begin()), std::make_move_iterator(queue_.end()));
    queue_.clear();
    queued_.clear();
    acts = std::exchange(acts_, false);
    look_back = !std::exchange(looked_back_, true);
  }
  const auto add = [&](std::vector<Happening> more) {
    all.insert(all.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
  };
  const notice::StandingPointer standing = setup_->standing();
  if (standing->mail_since || !standing->webhooks.empty()) {
    if (look_back && d_.look_back) add(d_.look_back());
    if (acts) add(waiting_acts());
  }
  complain(tell_now(std::move(all)));
  const Time now = d_.clock.now();
  if (now - purged_ < purge_every) return;
  purged_ = now;
  complain(outbox_.purge());
}

Result<void> NoticeDesk::deliver(const std::vector<Notice>& batch) const {
  const notice::StandingPointer standing = setup_->standing();
  const auto person = std::as_const(d_.directory).people().find(*batch.front().person);
  if (!person || person->email.empty()) return Error(notice::no_address, person ? person->name : std::string());
  // What is official may have changed since it was written down.
  if (!notice::is_official(standing->settings, person->email)) {
    return Error(notice::address_not_official, person->email);
  }
  const notice::MailServer& server = *standing->settings.mail;
  const auto language = outbox_.language(person->id);
  if (!language) complain(language.error());
  return link_->mail(server, notice::compose(batch, wording(), language ? *language : notice::Language::vi,
                                             server.sender, person->email, person->name, d_.clock.now()));
}

// True when there may be more to send.
bool NoticeDesk::send_mail() {
  if (link_->stopping() || !setup_->standing()->settings.sends_mail()) return false;
  const auto batch = outbox_.due_mail();
  if (!batch) complain(batch.error());
  if (!batch || batch->empty()) return false;
  const auto done = deliver(*batch);
  if (done) {
    const auto noted = outbox_.sent(*batch);
    complain(noted);
    if (mail_away_) complain(outbox_.resume(Channel::mail, std::nullopt));
    mail_away_ = false;
    mail_misses_ = 0;
    // What cannot be noted as sent would go again at once.
    return noted.has_value();
  }
  const Error& problem = done.error();
  if (problem.is(send_stopped)) return false;
  const bool for_good =
      problem.is(notice::mail_refused) || problem.is(notice::no_address) || problem.is(notice::address_not_official);
  const auto noted = outbox_.failed(*batch, problem, for_good);
  complain(noted);
  if (for_good || problem.is(notice::mail_recipient_later)) return noted.has_value();
  log(LogLevel::warning, "hub", "notices: " + problem.text());
  mail_away_ = true;
  const Time until = d_.clock.now() + notice::pause_after(++mail_misses_);
  const auto postponed = outbox_.postpone(Channel::mail, std::nullopt, until);
  complain(postponed);
  return false;
}

void NoticeDesk::send_mails() {
  while (send_mail()) {
  }
}

Result<void> NoticeDesk::post(const notice::Webhook& webhook, const notice::NoticeId& id,
                              const std::string& body) const {
  const notice::StandingPointer standing = setup_->standing();
  const auto url = notice::webhook_url(webhook.settings.url);
  const notice::WebhookHost* host = url ? notice::allowed_host(standing->settings, url->host) : nullptr;
  if (host == nullptr) return Error(notice::host_not_allowed, webhook.settings.url);
  const Time now = d_.clock.now();
  const auto secrets = webhook.secrets(now);
  if (secrets.empty()) return Error(notice::webhook_no_secret);
  SendLink::Call call{webhook.settings.url, webhook.settings.ca_file, {}, body};
  call.headers.push_back(std::string(notice::delivery_header) + ": " + id.text());
  call.headers.push_back(std::string(notice::signature_header) + ": " + notice::signature_of(secrets, now, body));
  return link_->call(*host, call);
}

Result<void> NoticeDesk::deliver_call(const Notice& one) const {
  LUY_TRY(const notice::Webhook webhook, setup_->webhook(*one.webhook));
  return post(webhook, one.id, notice::webhook_document(one, d_.agencies.find(one.event.agency), wording()));
}

bool NoticeDesk::call_webhook() {
  if (link_->stopping()) return false;
  const auto due = outbox_.due_call();
  if (!due) complain(due.error());
  if (!due || due->empty()) return false;
  const notice::WebhookId id = *due->front().webhook;
  const auto done = deliver_call(due->front());
  const bool was_well = webhook_misses_.contains(id) && webhook_misses_[id] == 0;
  if (done) {
    const auto noted = outbox_.sent(*due);
    complain(noted);
    if (!was_well) complain(outbox_.resume(Channel::webhook, id));
    webhook_misses_[id] = 0;
    return noted.has_value();
  }
  if (done.error().is(send_stopped)) return false;
  const bool for_good = done.error().is(notice::webhook_unknown);
  complain(outbox_.failed(*due, done.error(), for_good));
  const Time until = d_.clock.now() + notice::pause_after(++webhook_misses_[id]);
  const auto postponed = outbox_.postpone(Channel::webhook, id, until);
  complain(postponed);
  return postponed.has_value();
}

void NoticeDesk::call_webhooks() {
  while (call_webhook()) {
  }
}

Result<void> NoticeDesk::test_mail(const std::string& address, const std::string& name, notice::Language language) {
  const notice::StandingPointer standing = setup_->standing();
  if (!standing->settings.sends_mail()) return Error(notice::mail_off);
  const Time now = d_.clock.now();
  const notice::MailServer server = *standing->settings.mail;
  const notice::Mail mail = notice::compose_test(wording(), language, server.sender, address, name,
                                                 notice::NoticeId::make(now, d_.random).text(), now);
  struct Nothing {};
  auto sent = tests_.ask<Nothing>(
      [link = link_, server, mail]() -> Result<Nothing> {
        LUY_TRY_VOID(link->mail(server, mail));
        return Nothing();
      },
      test_wait_max);
  if (!sent) return as_test(sent.error(), notice::mail_failed);
  // The server works: what waits for it need not wait any longer.
  LUY_TRY_VOID(outbox_.resume(Channel::mail, std::nullopt));
  mails_.wake();
  return {};
}

Result<void> NoticeDesk::test_webhook(const notice::Webhook& webhook) {
  const Time now = d_.clock.now();
  const auto agency = d_.agencies.find(webhook.settings.agency);
  if (!agency) return Error(directory::agency_unknown);
  const auto id = notice::NoticeId::make(now, d_.random);
  const std::string body = notice::webhook_test_document(id, *agency, wording(), now);
  struct Nothing {};
  // Whoever asked may be gone, not the desk: it ends after the thread of its tests.
  auto called = tests_.ask<Nothing>(
      [this, webhook, id, body]() -> Result<Nothing> {
        LUY_TRY_VOID(post(webhook, id, body));
        return Nothing();
      },
      test_wait_max);
  if (!called) return as_test(called.error(), notice::webhook_failed);
  LUY_TRY_VOID(outbox_.resume(Channel::webhook, webhook.id));
  calls_.wake();
  return {};
}

std::vector<api::Route> NoticeDesk::routes() {
  return notice::routes({*setup_, outbox_, d_.directory,
                         [this](const AgencyId& agency) { return d_.agencies.lineage(agency); },
                         [this](const AgencyId& agency) {
                           const auto found = d_.agencies.find(agency);
                           return found ? found->name : std::string();
                         },
                         [this] { return d_.agencies.hub_object(); },
                         [this](const std::string& address, const std::string& name, notice::Language language) {
                           return test_mail(address, name, language);
                         },
                         [this](const notice::Webhook& webhook) { return test_webhook(webhook); },
                         [this] {
                           mails_.wake();
                           calls_.wake();
                         }});
}

}  // namespace luy::hub
