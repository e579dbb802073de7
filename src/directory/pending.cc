#include "directory/pending.h"

#include <algorithm>
#include <array>

#include "directory/stored/account.h"
#include "directory/stored/four_eyes.h"
#include "directory/stored/value.h"

namespace luy::directory {
namespace {

using boost::json::object;
using records::Connection;
using records::Row;

constexpr std::array<std::string_view, 4> state_names = {"waiting", "agreed", "refused", "expired"};
// Never shown: takes a trial back.
constexpr ErrorKind only_trying{"directory.only_trying", ErrorClass::conflict, "Chỉ thử.", "Only a trial."};

constexpr std::string_view columns =
    "SELECT id, kind, object, agency, before_json, after_json, proposed_by, proposed_at, ends_at, state, decided_by,"
    " decided_at, note, body FROM pending_act ";

object parsed(std::string_view text) {
  boost::system::error_code bad;
  const auto value = boost::json::parse(text, bad);
  LUY_CHECK_MSG(!bad && value.is_object(), "a stored act is no JSON object");
  return value.get_object();
}

struct StoredAct {
  PendingAct act;
  object body;
};

StoredAct act_of(const Row& row, Time now) {
  StoredAct out;
  PendingAct& act = out.act;
  act.id = ActId::trusted(row.text(0));
  act.kind = row.text(1);
  act.object = row.text(2);
  act.agency = AgencyId::trusted(row.text(3));
  act.before = parsed(row.text(4));
  act.after = parsed(row.text(5));
  act.proposed_by = AccountId::trusted(row.text(6));
  act.proposed_at = from_millis(row.integer(7));
  act.ends_at = from_millis(row.integer(8));
  const auto state = std::find(state_names.begin(), state_names.end(), row.text(9));
  LUY_CHECK(state != state_names.end());
  act.state = static_cast<PendingAct::State>(state - state_names.begin());
  if (act.state == PendingAct::State::waiting && now >= act.ends_at) act.state = PendingAct::State::expired;
  if (const auto by = row.maybe_text(10)) act.decided_by = AccountId::trusted(*by);
  if (const auto at = row.maybe_integer(11)) act.decided_at = from_millis(*at);
  act.note = row.text(12);
  out.body = parsed(row.text(13));
  return out;
}

Result<StoredAct> load_waiting(Connection& c, const ActId& id, Time now) {
  std::optional<StoredAct> found;
  LUY_TRY_VOID(c.query(std::string(columns) + "WHERE id = $1", {std::string_view(id.text())},
                       [&](const Row& row) { found = act_of(row, now); }));
  if (!found) return Error(act_unknown);
  return *std::move(found);
}

Result<void> store_decision(Connection& c, const PendingAct& act, PendingAct::State state, const AccountId& by,
                            std::string_view note, Time now) {
  LUY_TRY_VOID(
      c.run("UPDATE pending_act SET state = $1, decided_by = $2, decided_at = $3, note = $4, body = '{}' WHERE id = $5",
            {name_of(state), std::string_view(by.text()), to_millis(now), note, std::string_view(act.id.text())}));
  return {};
}

// The person's own limit first: nobody keeps the others from asking.
Result<void> check_room(Connection& c, const AccountId& account, Time now) {
  // What expired undecided needs no body any more: it may hold the hash of a password.
  LUY_TRY_VOID(c.run("UPDATE pending_act SET body = '{}' WHERE state = 'waiting' AND ends_at <= $1 AND body <> '{}'",
                     {to_millis(now)}));
  std::int64_t own = 0;
  std::int64_t all = 0;
  LUY_TRY_VOID(
      c.query("SELECT count(*), sum(CASE WHEN b.person = a.person THEN 1 ELSE 0 END) FROM pending_act p"
              " JOIN account a ON a.id = p.proposed_by JOIN account b ON b.id = $1"
              " WHERE p.state = 'waiting' AND p.ends_at > $2",
              {std::string_view(account.text()), to_millis(now)}, [&](const Row& row) {
                all = row.integer(0);
                own = row.integer(1);
              }));
  if (own >= acts_open_per_person_max || all >= acts_open_max) return Error(acts_too_many);
  return {};
}

// Where the second person must hold the right; the place the act is listed under comes first.
Result<std::vector<AgencyId>> places_of(Connection& c, const ActKind& how, const object& body, const AgencyId& asked) {
  if (!how.places) return std::vector<AgencyId>{asked};
  LUY_TRY(auto places, how.places(c, body));
  if (places.empty()) places.push_back(asked);
  return places;
}

// Whether `decider` makes a second pair of eyes for what `proposer` asked.
Result<void> check_second(Connection& c, const ActKind& how, const StoredAct& stored, const Actor& proposer,
                          Actor decider) {
  const PendingAct& act = stored.act;
  const bool about_them = act.object == "account:" + decider.account.text() && !how.owner_may_agree;
  if (decider.person == proposer.person || about_them) return Error(same_person);
  // A right that the one who asked handed over does not make a second pair of eyes.
  std::erase_if(decider.grants, [&](const Grant& grant) { return grant.delegated_by == proposer.account; });
  LUY_TRY(auto places, places_of(c, how, stored.body, act.agency));
  places.push_back(act.agency);
  for (const AgencyId& place : places) {
    LUY_TRY(const auto there, load_superiors(c, place));
    LUY_TRY_VOID(require(decider, Action::act_decide, {there, std::nullopt, false}));
    LUY_TRY_VOID(require(decider, how.action, {there, std::nullopt, false}));
  }
  return {};
}

struct KindTitle {
  std::string_view kind;
  RoleTitle title;
};
// Of the kinds that say more than their action does.
constexpr std::array<KindTitle, 20> kind_titles = {{
    {"role_grant", {"Giao vai trò", "Give a role"}},
    {"role_delegate", {"Giao quyền tạm thời", "Hand a role over for some days"}},
    {"second_factor_reset", {"Gỡ xác thực hai bước", "Take away second factors"}},
    {"password_issue", {"Cấp lại mật khẩu", "Issue a password"}},
    {"break_glass_seal", {"Niêm phong tài khoản khẩn cấp", "Seal an account for emergencies"}},
    {"person_merge", {"Gộp hai hồ sơ của một người", "Merge two records of one person"}},
    {"account_enable", {"Mở khóa tài khoản", "Enable an account"}},
    {"agency_profile", {"Mở rộng mạng của cơ quan", "Widen the networks of an agency"}},
    {"agency_reorganise", {"Sắp xếp tổ chức", "Reorganise agencies"}},
    {"source_create", {"Lập nguồn đăng nhập", "Add a sign-in source"}},
    {"source_change", {"Sửa nguồn đăng nhập", "Change a sign-in source"}},
    {"source_remove", {"Xóa nguồn đăng nhập", "Remove a sign-in source"}},
    {"source_sync", {"Đồng bộ người từ nguồn đăng nhập", "Bring people in line with a sign-in source"}},
    {"identity_link", {"Gắn tài khoản với danh tính ở nguồn đăng nhập", "Tie an account to an identity elsewhere"}},
    {"notice_settings", {"Đặt máy chủ thư, tên miền công vụ, máy chủ webhook", "Set up mail and hosts of webhooks"}},
    {"webhook_create", {"Lập webhook", "Add a webhook"}},
    {"webhook_change", {"Sửa webhook", "Change a webhook"}},
    {"webhook_remove", {"Xóa webhook", "Remove a webhook"}},
    {"device_policy_weaken", {"Giảm mức bảo vệ của thiết bị", "Lower the protection of devices"}},
    {"device_contain", {"Cô lập, chặn trên thiết bị", "Isolate or block on a device"}},
}};

}  // namespace

std::string_view name_of(PendingAct::State state) {
  return state_names[static_cast<std::size_t>(state)];
}

void PendingActs::add_kind(std::string name, ActKind kind) {
  LUY_CHECK_MSG(kinds_.emplace(name, std::move(kind)).second, "two kinds of act named " + name);
}

const ActKind& PendingActs::kind(std::string_view name) const {
  const auto found = kinds_.find(name);
  LUY_CHECK_MSG(found != kinds_.end(), "no kind of act named " + std::string(name));
  return found->second;
}

Result<Proposed> PendingActs::propose(const Caller& caller, std::string_view name, const object& body,
                                      const AgencyId& agency) {
  const ActKind& how = kind(name);
  const Time now = clock_.now();
  AuditEntry trial{std::string(name), "agency:" + agency.text(), Outcome::done, "", {}, {}};
  std::vector<AgencyId> places;
  auto tried = database_.write([&](Connection& c) -> Result<object> {
    // What is asked for may name what is not there: the act itself says so better.
    if (auto found = places_of(c, how, body, agency)) places = *std::move(found);
    LUY_TRY(object result, how.run(c, caller, body, trial));
    return Error(only_trying);
  });
  if (!tried.error().is(only_trying)) {
    return audit_.perform(caller, trial, [&](Connection&, AuditEntry&) -> Result<Proposed> { return tried.error(); });
  }
  LUY_TRY(const bool two, database_.write([&](Connection& c) -> Result<bool> {
    if (!caller.account) return false;
    return four_eyes_hold(c, now);
  }));
  if (!two) {
    auto done = audit_.perform(caller, {std::string(name), "", Outcome::done, "", {}, {}},
                               [&](Connection& c, AuditEntry& entry) -> Result<Proposed> {
                                 LUY_TRY(object result, how.run(c, caller, body, entry));
                                 // The same transaction decides whether this was the last act of one person alone.
                                 LUY_TRY_VOID(four_eyes_hold(c, now));
                                 return Proposed{true, std::nullopt, std::move(result)};
                               });
    if (done && how.committed) how.committed();
    return done;
  }
  LUY_CHECK_MSG(!places.empty(), "an act that can be done lies nowhere");
  AuditEntry entry{"act_propose", trial.object, Outcome::done, "", trial.before, trial.after};
  return audit_.perform(caller, std::move(entry), [&](Connection& c, AuditEntry& done) -> Result<Proposed> {
    LUY_TRY_VOID(check_room(c, *caller.account, now));
    const ActId id = ActId::make(now, random_);
    const std::string before = boost::json::serialize(trial.before);
    const std::string after = boost::json::serialize(trial.after);
    const std::string text = boost::json::serialize(body);
    LUY_TRY_VOID(c.run(
        "INSERT INTO pending_act (id, kind, object, agency, before_json, after_json, proposed_by,"
        " proposed_at, ends_at, state, note, body)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'waiting', '', $10)",
        {std::string_view(id.text()), name, std::string_view(trial.object), std::string_view(places.front().text()),
         std::string_view(before), std::string_view(after), std::string_view(caller.account->text()), to_millis(now),
         to_millis(now + act_lifetime), std::string_view(text)}));
    done.after["act"] = id.text();
    done.after["kind"] = name;
    return Proposed{false, id, {}};
  });
}

Result<object> PendingActs::decide(Connection& c, const Caller& caller, const ActId& id, AuditEntry& entry,
                                   const ActKind*& done_kind) {
  const Time now = clock_.now();
  const Day today = day_of(now);
  LUY_TRY(const StoredAct stored, load_waiting(c, id, now));
  const PendingAct& act = stored.act;
  const ActKind& how = kind(act.kind);
  done_kind = &how;
  LUY_TRY(const auto chain, load_superiors(c, act.agency));
  LUY_TRY_VOID(caller.require(Action::act_decide, {chain, std::nullopt, false}));
  if (act.state != PendingAct::State::waiting) return Error(act_over);
  LUY_TRY(const Actor proposer, load_actor(c, act.proposed_by, today));
  LUY_TRY(const Actor decider, load_actor(c, *caller.account, today));
  LUY_TRY_VOID(check_second(c, how, stored, proposer, decider));
  AuditEntry done{act.kind, act.object, Outcome::done, "", {}, {}};
  Caller as = caller_of(proposer, caller.address);
  as.agreed_by = decider.username;
  LUY_TRY(object result, how.run(c, as, stored.body, done));
  if (done.before != act.before || done.after != act.after) return Error(act_outdated);
  LUY_TRY_VOID(store_decision(c, act, PendingAct::State::agreed, decider.account, "", now));
  entry.object = act.object;
  entry.before = act.before;
  entry.after = act.after;
  entry.after["act"] = act.id.text();
  entry.after["kind"] = act.kind;
  entry.after["proposed_by"] = act.proposed_by.text();
  return result;
}

Result<object> PendingActs::agree(const Caller& caller, const ActId& id) {
  const ActKind* how = nullptr;
  auto done = audit_.perform(caller, {"act_agree", "act:" + id.text(), Outcome::done, "", {}, {}},
                             [&](Connection& c, AuditEntry& entry) { return decide(c, caller, id, entry, how); });
  if (done && how->committed) how->committed();
  return done;
}

Result<void> PendingActs::refuse(const Caller& caller, const ActId& id, std::string_view note) {
  return audit_.perform(caller, {"act_refuse", "act:" + id.text(), Outcome::done, "", {}, {}},
                        [&](Connection& c, AuditEntry& entry) -> Result<void> {
                          const Time now = clock_.now();
                          LUY_TRY(const StoredAct stored, load_waiting(c, id, now));
                          LUY_TRY(const auto chain, load_superiors(c, stored.act.agency));
                          if (caller.account != stored.act.proposed_by) {
                            LUY_TRY_VOID(caller.require(Action::act_decide, {chain, std::nullopt, false}));
                          } else {
                            LUY_TRY_VOID(caller.require(Action::session_use, {{}, caller.account, false}));
                          }
                          if (stored.act.state != PendingAct::State::waiting) return Error(act_over);
                          std::string text;
                          if (!note.empty()) {
                            LUY_TRY(text, checked_text("note", note, note_bytes_max));
                          }
                          entry.before = stored.act.after;
                          return store_decision(c, stored.act, PendingAct::State::refused, *caller.account, text, now);
                        });
}

Result<std::vector<PendingAct>> PendingActs::list(const ActFilter& filter) const {
  std::vector<PendingAct> out;
  const Time now = clock_.now();
  const std::string by = filter.proposed_by ? filter.proposed_by->text() : "";
  std::string before;
  Time before_at{};
  LUY_TRY_VOID(database_.read([&](Connection& c) -> Result<void> {
    if (filter.before) {
      LUY_TRY(const StoredAct last, load_waiting(c, *filter.before, now));
      before = last.act.id.text();
      before_at = last.act.proposed_at;
    }
    return c.query(
        std::string(columns) +
            "WHERE ($1 = '' OR kind = $1) AND ($2 = '' OR proposed_by = $2) AND"
            " ($3 = '' OR proposed_at < $4 OR (proposed_at = $4 AND id < $3))"
            " ORDER BY proposed_at DESC, id DESC",
        {std::string_view(filter.kind), std::string_view(by), std::string_view(before), to_millis(before_at)},
        [&](const Row& row) {
          PendingAct act = act_of(row, now).act;
          if (!filter.state || act.state == *filter.state) out.push_back(std::move(act));
        });
  }));
  return out;
}

Result<std::vector<PendingAct>> PendingActs::list() const {
  return list(ActFilter());
}

Result<void> PendingActs::check_decider(const AccountId& decider, const ActId& id) const {
  const Time now = clock_.now();
  return database_.read([&](Connection& c) -> Result<void> {
    LUY_TRY(const StoredAct stored, load_waiting(c, id, now));
    if (stored.act.state != PendingAct::State::waiting) return Error(act_over);
    LUY_TRY(const Actor proposer, load_actor(c, stored.act.proposed_by, day_of(now)));
    LUY_TRY(Actor second, load_actor(c, decider, day_of(now)));
    // Asked for in another version, which knew the kind.
    const auto how = kinds_.find(stored.act.kind);
    if (how == kinds_.end()) return Error(act_unknown);
    return check_second(c, how->second, stored, proposer, std::move(second));
  });
}

RoleTitle PendingActs::title_of(std::string_view name) const {
  const auto own =
      std::find_if(kind_titles.begin(), kind_titles.end(), [&](const KindTitle& one) { return one.kind == name; });
  if (own != kind_titles.end()) return own->title;
  const auto how = kinds_.find(name);
  return how != kinds_.end() ? directory::title_of(how->second.action)
                             : RoleTitle{"Việc cần hai người", "An act for two people"};
}

std::vector<std::string> PendingActs::kinds() const {
  std::vector<std::string> out;
  for (const auto& [name, how] : kinds_) out.push_back(name);
  return out;
}

Result<bool> PendingActs::holds() const {
  bool hold = false;
  LUY_TRY_VOID(database_.read(
      [&](Connection& c) { return c.query("SELECT since FROM four_eyes", {}, [&](const Row&) { hold = true; }); }));
  return hold;
}

}  // namespace luy::directory
