// What waits to be sent, what was sent and what was given up. Durable: what tell() has answered survives a restart and
// is told once. A mail that the server took while the process was killed goes a second time, under the same Message-ID;
// a call of a webhook under the same id.
//
// Threads: every function from any thread.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "base/random.h"
#include "directory/directory.h"
#include "notice/setup.h"

namespace luy::notice {

inline constexpr std::int64_t waiting_max = 20'000;    // In each channel; beyond them outbox_full.
inline constexpr std::int64_t mail_items_max = 2'000;  // In one mail; the rest goes in the next.
inline constexpr std::int64_t listed_max = 500;

// When somebody's next digest goes: where a working day of theirs begins, at `now` or after. Without working hours:
// Monday to Friday at 07:30. Pure.
Time digest_time(Time now, const std::vector<directory::WorkingSpan>& hours);

class Outbox {
 public:
  struct Dependencies {
    records::Database& database;
    directory::Directory& directory;
    const Clock& clock;
    Random& random;
    const Setup& setup;
    std::function<std::vector<AgencyId>(const AgencyId&)> lineage;
  };
  explicit Outbox(Dependencies dependencies) : d_(std::move(dependencies)) {}

  // Leaves a notice for everybody concerned who wants it and whose address is official, and for every webhook of the
  // agency. Answers how many; none while nothing is set up. What happened before a channel was opened does not go
  // through it. Errors: outbox_full (nothing of `events` is kept), those of the database.
  Result<std::size_t> tell(std::span<const Event> events);

  // A person's choice. Errors: kind_fixed, those of the database.
  struct Choice {
    Kind kind = Kind::finding;
    How how = How::at_once;
  };
  Result<std::vector<Choice>> choices(const PersonId& person) const;  // Of every kind, in its order.
  Result<void> choose(const directory::Caller& caller, const PersonId& person, const std::vector<Choice>& wanted);
  // The language of a person's mails, also of those that wait already. Errors: those of the database.
  Result<Language> language(const PersonId& person) const;
  Result<void> choose(const directory::Caller& caller, const PersonId& person, Language wanted);
  Result<Time> next_digest(const PersonId& person) const;

  // What is due: all that goes to one person in one mail, or one call. Empty when nothing is due.
  Result<std::vector<Notice>> due_mail() const;
  Result<std::vector<Notice>> due_call() const;
  // When the next of a channel is due; nullopt: nothing waits.
  Result<std::optional<Time>> next_due(Channel channel) const;

  // What came of an attempt at notices that due_…() answered together.
  Result<void> sent(std::span<const Notice> notices);
  // Waits again, or is given up: for good at once, or when give_up_after has passed; the audit trail says so.
  Result<void> failed(std::span<const Notice> notices, const Error& problem, bool for_good);
  // A channel that is out of order: none of its notices is tried before `until`. Of one webhook, where it is one.
  Result<void> postpone(Channel channel, const std::optional<WebhookId>& webhook, Time until);
  // It works again: what waits for another attempt is due now.
  Result<void> resume(Channel channel, const std::optional<WebhookId>& webhook);

  struct Filter {
    std::optional<State> state{};
    std::optional<WebhookId> webhook{};
    std::int64_t limit = 100;
  };
  // Newest first. `sees` says whether the asker may see it.
  Result<std::vector<Notice>> list(const Filter& filter, const std::function<bool(const Notice&)>& sees) const;
  // Errors: notice_unknown.
  Result<Notice> find(const NoticeId& id) const;
  // From the beginning. `may` authorises. Errors: its own, notice_unknown, not_given_up, mail_off, webhook_off.
  Result<void> retry(const directory::Caller& caller, const NoticeId& id,
                     const std::function<Result<void>(const Notice&)>& may);

  struct Counts {
    std::int64_t waiting = 0;
    std::int64_t failed = 0;
    std::optional<Time> last_sent{};
    Text problem{};  // Of the newest attempt; empty when it went well.
  };
  Result<Counts> counts(Channel channel, const std::optional<WebhookId>& webhook) const;

  // Whether an account was never used from there before, though it was from elsewhere. Of IPv4 a place is a /24, of
  // IPv6 a /64: an office changes addresses within them.
  Result<bool> is_new_place(const AccountId& account, std::string_view address) const;
  Result<void> remember_place(const AccountId& account, std::string_view address);

  // Forgets what is over for longer than kept_days. Errors: those of the database.
  Result<void> purge();

 private:
  Result<std::size_t> tell_one(records::Connection& c, const Event& event, const Standing& standing);
  Result<std::optional<Time>> mail_time(records::Connection& c, const Event& event, const PersonId& person,
                                        const Standing& standing, bool& digest) const;

  const Dependencies d_;
};

}  // namespace luy::notice
