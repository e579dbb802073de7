// Notices wired into the hub: who is told of what, and three threads of their own – one finds out whom to tell, one
// sends mail, one calls webhooks – so that a silent server keeps nobody else waiting.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "hub/agency_view.h"
#include "hub/ask_thread.h"
#include "hub/desk.h"
#include "hub/send_link.h"
#include "notice/outbox.h"

namespace luy::hub {

// Something that happened, and how to find whom it concerns.
struct Happening {
  notice::Event event;  // `to` are told in any case.
  // Whoever may do it by a role held in the agency; where nobody is, in the nearest above it.
  std::optional<directory::Action> concerns{};
  bool everybody_above = false;       // In the agency and in each above it.
  std::vector<std::string> roles{};   // Only those; empty: any but who only reads.
  std::vector<AccountId> accounts{};  // These, too.
};

class NoticeDesk final : public Desk {
 public:
  static constexpr std::size_t queue_max = 10'000;  // Further ones are logged and left to the look back at the start.

  struct Dependencies {
    records::Database& database;
    directory::Directory& directory;
    const AgencyView& agencies;
    const Clock& clock;
    Random& random;
    std::filesystem::path folder;          // Of secrets and authorities; made where it is missing.
    std::function<std::string()> console;  // "https://hub.example:8443"
    // What happened in the last day and may not have been told: asked once, on the desk's own thread.
    std::function<std::vector<Happening>()> look_back;
  };
  // Errors: file errors, those of the database.
  static Result<std::unique_ptr<NoticeDesk>> open(Dependencies dependencies);
  ~NoticeDesk() override;

  std::vector<api::Route> routes() override;
  void start() override;
  void stop() override;

  // Any thread; returns at once.
  void tell(std::vector<Happening> happenings);
  // The same before it returns, for what is told by nobody else later. Errors: those of notice::Outbox::tell().
  Result<void> tell_now(std::vector<Happening> happenings);
  // Acts may wait for a second person who was not told.
  void look_at_acts();
  notice::Outbox& outbox() { return outbox_; }

 private:
  // A thread that works until there is nothing to do, then waits to be woken or for `pause`.
  class Worker {
   public:
    explicit Worker(std::function<void()> work) : work_(std::move(work)) {}
    ~Worker() { stop(); }
    void start();
    void wake();
    void stop();

   private:
    std::function<void()> work_;
    std::mutex mutex_;
    std::condition_variable wake_;
    bool woken_ = false;
    bool stopping_ = false;
    std::thread thread_;
  };

  NoticeDesk(Dependencies dependencies, std::unique_ptr<notice::Setup> setup);
  void write_down();
  void send_mails();
  void call_webhooks();
  bool send_mail();
  bool call_webhook();
  Result<void> deliver(const std::vector<notice::Notice>& batch) const;
  Result<void> deliver_call(const notice::Notice& one) const;
  Result<void> post(const notice::Webhook& webhook, const notice::NoticeId& id, const std::string& body) const;
  Result<void> test_mail(const std::string& address, const std::string& name, notice::Language language);
  Result<void> test_webhook(const notice::Webhook& webhook);
  notice::Event event_of(Happening happening, const std::vector<directory::Account>& accounts) const;
  std::vector<Happening> waiting_acts() const;
  notice::Wording wording() const;

  const Dependencies d_;
  const std::shared_ptr<SendLink> link_;  // Also of a test whose asker gave up.
  std::unique_ptr<notice::Setup> setup_;
  notice::Outbox outbox_;
  std::mutex mutex_;  // Guards the next four.
  std::deque<Happening> queue_;
  std::set<std::string> queued_;  // Their keys.
  bool acts_ = true;
  bool looked_back_ = false;
  // Of the thread that sends: whether the server was away when last asked, as is assumed at first, and how often.
  bool mail_away_ = true;
  std::int64_t mail_misses_ = 0;
  std::map<notice::WebhookId, std::int64_t> webhook_misses_;  // Absent: not asked yet.
  Time purged_{};
  Worker clerk_;
  Worker mails_;
  Worker calls_;
  AskThread tests_;  // Last: what it runs uses the rest.
};

}  // namespace luy::hub
