// Four eyes: acts that take a second authorised person. Who asks for one leaves it here with exactly what would change;
// another person who has the right agrees, and only then it happens, or refuses. Modules register their kinds of act.
//
// A hub begins with one administrator, so the rule cannot hold on the first day: it holds from the moment two people
// could keep it, for good. Nothing in the product takes it back.
#pragma once

#include <boost/json.hpp>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/id.h"
#include "base/random.h"
#include "base/result.h"
#include "directory/account.h"
#include "directory/audit.h"
#include "directory/factor.h"
#include "directory/policy.h"
#include "directory/role.h"
#include "records/database.h"

namespace luy::directory {

inline constexpr ErrorKind takes_two_people{"directory.takes_two_people", ErrorClass::denied,
                                            "Việc này cần người thứ hai có thẩm quyền đồng ý.",
                                            "This takes the agreement of a second authorised person."};
inline constexpr ErrorKind act_unknown{"directory.act_unknown", ErrorClass::not_found,
                                       "Không tìm thấy việc chờ người thứ hai này.",
                                       "There is no such act waiting for a second person."};
inline constexpr ErrorKind act_over{"directory.act_over", ErrorClass::conflict,
                                    "Việc này đã được quyết định hoặc đã hết hạn.",
                                    "This act was decided already, or has expired."};
inline constexpr ErrorKind act_outdated{"directory.act_outdated", ErrorClass::conflict,
                                        "Dữ liệu đã thay đổi từ khi đề nghị. Hãy đề nghị lại.",
                                        "What it changes has changed since it was asked for. Ask for it again."};

inline constexpr days act_lifetime{7};
inline constexpr std::int64_t acts_open_per_person_max = 50;  // So that nobody keeps the others from asking.
inline constexpr std::int64_t acts_open_max = 10'000;
inline constexpr ErrorKind acts_too_many{
    "directory.acts_too_many", ErrorClass::conflict,
    "Bạn có quá nhiều việc đang chờ người thứ hai. Hãy rút bớt hoặc chờ các việc ấy được quyết định.",
    "Too many of your acts wait for a second person. Withdraw some, or wait until they are decided."};

using ActId = Id<struct ActTag>;

struct PendingAct {
  enum class State : std::uint8_t { waiting, agreed, refused, expired };
  ActId id;
  std::string kind;
  std::string object;  // "account:<id>"
  AgencyId agency;     // Where the decision lies.
  boost::json::object before;
  boost::json::object after;
  AccountId proposed_by;
  Time proposed_at;
  Time ends_at;
  State state = State::waiting;
  std::optional<AccountId> decided_by;
  std::optional<Time> decided_at;
  std::string note;
};
std::string_view name_of(PendingAct::State state);

// How an act of one kind is carried out. `run` authorises by the caller it is given, fills the entry (object, before,
// after), and may answer something for the one who completes the act alone, such as a one-time password. It is also run
// and taken back when the act is asked for, so it must do nothing outside its transaction.
struct ActKind {
  Action action;  // What the second person needs where the act lies.
  std::function<Result<boost::json::object>(records::Connection&, const Caller&, const boost::json::object& body,
                                            AuditEntry&)>
      run;
  // Every agency in which the second person must hold the right: the highest that any right in question reaches. Asked
  // before the act is run, again when it is decided. Where there is none: the agency it was asked for.
  std::function<Result<std::vector<AgencyId>>(records::Connection&, const boost::json::object& body)> places{};
  // Whether the one it is about may be the second person, where it is their own consent that counts.
  bool owner_may_agree = false;
  // Called when the act is done and on disk, for what is kept in memory.
  std::function<void()> committed{};
};

// Which acts; everything that is set must hold.
struct ActFilter {
  std::optional<PendingAct::State> state{};
  std::string kind{};
  std::optional<AccountId> proposed_by{};
  std::optional<ActId> before{};  // Asked for before this one was.
};

struct Proposed {
  bool done = false;  // At once: the rule does not hold yet, or a command on the server asked.
  std::optional<ActId> waiting;
  boost::json::object result;  // Of an act that is done.
};

// Thread-safe once all kinds are registered.
class PendingActs {
 public:
  PendingActs(records::Database& database, AuditTrail& audit, const Clock& clock, Random& random)
      : database_(database), audit_(audit), clock_(clock), random_(random) {}

  void add_kind(std::string name, ActKind kind);  // Aborts on a name that is there already.

  // Tries the act as `caller`, so that what may not or cannot be is refused at once; then leaves it for the second
  // person. Errors: those of the act; acts_too_many.
  Result<Proposed> propose(const Caller& caller, std::string_view kind, const boost::json::object& body,
                           const AgencyId& agency);
  // By another person than the one who asked and the one it is about, who holds act_decide and the kind's action at the
  // place without owing it to the one who asked; the one who asked must still have their right. Errors: the policy's,
  // act_unknown, act_over, act_outdated, same_person, those of the act.
  Result<boost::json::object> agree(const Caller& caller, const ActId& act);
  // Or withdrawn, by the one who asked. Errors: the policy's, act_unknown, act_over.
  Result<void> refuse(const Caller& caller, const ActId& act, std::string_view note);

  // Newest first, decided ones too: the list only grows.
  Result<std::vector<PendingAct>> list() const;
  Result<std::vector<PendingAct>> list(const ActFilter& filter) const;
  // Whether somebody could be the second person of an act as things stand, the act itself untried. Errors: why not, as
  // agree() would answer.
  Result<void> check_decider(const AccountId& decider, const ActId& act) const;
  // What an act of that kind is, as people say it.
  RoleTitle title_of(std::string_view kind) const;
  std::vector<std::string> kinds() const;  // By name.
  Result<bool> holds() const;              // Whether the rule holds by now.

 private:
  Result<boost::json::object> decide(records::Connection& connection, const Caller& caller, const ActId& id,
                                     AuditEntry& entry, const ActKind*& how);
  const ActKind& kind(std::string_view name) const;

  records::Database& database_;
  AuditTrail& audit_;
  const Clock& clock_;
  Random& random_;
  std::map<std::string, ActKind, std::less<>> kinds_;
};

}  // namespace luy::directory
