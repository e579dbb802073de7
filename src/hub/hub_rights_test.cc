// Goal: every operation of the contract, called as every role – and as an API token with few rights, and signed out –
// on objects of the asker's own ward, of the ward beside it and on missing ones, is refused exactly where the policy
// function refuses; a refusal shows nothing of the object, lists show nothing of the other ward, and every refusal is
// recorded. Method: the whole hub over TLS; one person for each role; requests made from api/openapi.yaml and one word
// for each operation (rights_words.cc). Without a word an operation fails. LUY_RIGHTS_OPERATIONS="listTrainings,…"
// calls those alone: tools/mutate_policy asks so for what it changed.
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <set>
#include <sstream>
#include <thread>

#include "hub/rights_town.h"

namespace luy::hub::rights {
namespace {

std::string code_of(const ClientResponse& response) {
  if (response.status < 400) return {};
  boost::system::error_code error;
  const json::value body = json::parse(response.body, error);
  if (error || !body.is_object() || !body.as_object().contains("error")) return "no error: " + response.body;
  return text(body.at("error").at("code"));
}

// Empty: all.
std::set<std::string> wanted_operations() {
  const char* names = std::getenv("LUY_RIGHTS_OPERATIONS");
  std::istringstream list(names == nullptr ? "" : names);
  std::set<std::string> out;
  for (std::string name; std::getline(list, name, ',');) out.insert(name);
  return out;
}

struct HubRights : RightsTown {
  const Word* word_of(const std::string& operation) const {
    const auto found =
        std::find_if(words().begin(), words().end(), [&](const Word& word) { return operation == word.operation; });
    return found == words().end() ? nullptr : &*found;
  }
  // Those that end what the others need come last.
  std::vector<Asked> in_order() const {
    // Copied one by one: to assign one YAML::Node to another changes what the other was taken from.
    std::vector<Asked> out;
    for (const bool ends : {false, true}) {
      for (const Asked& one : drafts.operations()) {
        if ((one.id == "signOut") == ends) out.push_back(one);
      }
    }
    return out;
  }
  void call_all(const Asked& operation, const Word& word);
  void call_narrowed(const Asked& operation, const Word& word);
  void call(Asker& asker, const Asked& operation, const Word& word, Place place, std::string& missing_code,
            bool crossed = false);
  void check_places(const Asker& asker, const Asked& operation, const ClientResponse& response, const std::string& at);
  std::map<std::string, std::size_t> recorded_refusals();

  Drafts drafts{root / "api" / "openapi.yaml"};
  std::size_t calls = 0, refusals = 0, done_by_somebody = 0;
  bool is_done = false;  // The operation at hand was carried out at least once.
};

void HubRights::check_places(const Asker& asker, const Asked& operation, const ClientResponse& response,
                             const std::string& at) {
  const auto action = *directory::action_from_name(operation.action);
  // What the asker tried there stands in the trail and the logs of their own ward, with the ids that they sent.
  if (action == directory::Action::evidence_search || operation.id == "listAuditEntries") return;
  // Each part of it is asked for by a right of its own.
  if (operation.id == "getMe") return;
  directory::Object beside;
  beside.agencies = {AgencyId::trusted(foreign_ward), AgencyId::trusted(secrets.agency)};
  if (directory::may(*asker.actor, action, beside).allowed) return;
  for (const std::string& id : foreign_ids()) {
    EXPECT_EQ(response.body.find(id), std::string::npos) << at << " shows what is in the ward beside: " << id;
  }
}

void HubRights::call(Asker& asker, const Asked& operation, const Word& word, Place place, std::string& missing_code,
                     bool crossed) {
  // What cannot be done twice to the same is done to another.
  const auto named = [&](const std::string& kind) {
    return (word.spends || crossed) && kind == "device" ? std::string("spare") : kind;
  };
  const auto ids = [&](const std::string& kind) {
    constexpr std::string_view other = "other ";
    return kind.starts_with(other) ? object(kind.substr(other.size()), Place::foreign) : object(named(kind), place);
  };
  const Draft draft = drafts.draft(operation, word, ids, clock.now());
  const ClientResponse response = ask(asker, operation.method, draft.target, draft.body);
  ++calls;
  const std::string code = code_of(response);
  const std::string at = operation.id + " as " + asker.name + " on " + std::string(name_of(place)) +
                         (crossed ? " and foreign: " : ": ") + std::to_string(response.status) + " " + code +
                         (response.status == 400 ? " " + response.body.substr(0, 200) : "");
  EXPECT_NE(response.status, 500) << at;
  if (!asker.actor) {
    EXPECT_EQ(code == "api.sign_in_required", !operation.open) << at;
    return;
  }
  const bool forbidden = code == "directory.not_allowed";
  // Told as if it were not there: in the very words that are said of what is not.
  const bool hidden =
      word.aim == Aim::place && place != Place::missing && response.status == 404 && (crossed || code == missing_code);
  const bool unnoticed = operation.open;
  // A challenge that is over is no right refused.
  const bool late = code == "directory.challenge_over";
  // Somebody else's request: told as if it were not there, and noted.
  const bool another = word.aim == Aim::oneself && code == "incident.provider_request_unknown";
  if (!unnoticed && !late && (response.status == 401 || response.status == 403 || hidden || another)) {
    ++asker.refused;
    ++refusals;
  }
  if (place == Place::missing) missing_code = code;
  if (place == Place::missing && word.aim == Aim::place) {
    EXPECT_GE(response.status, 400) << at << ": it acts on what is not there";
    EXPECT_TRUE(forbidden || passes_gate(asker, operation)) << at << ": the policy refuses before it looks";
    return;
  }
  const bool both =
      allowed(asker, operation, word, place) && (!crossed || allowed(asker, operation, word, Place::foreign));
  EXPECT_EQ(!(forbidden || hidden), both) << at << " " << draft.body;
  if (response.status >= 300) return;
  is_done = true;
  if (place == Place::own && !operation.open) check_places(asker, operation, response, at);
  if (operation.method == "GET" || draft.kinds.empty()) return;
  const std::string spent = named(draft.kinds.back());
  // What went to the ward beside is put away: of one machine there is one device.
  if (crossed && spent == "spare") retire(object(spent, place));
  forget(spent, place);
}

void HubRights::call_all(const Asked& operation, const Word& word) {
  is_done = false;
  std::vector<std::string> missing_codes(askers.size());
  for (const Place place : places) {
    if (word.aim != Aim::place && place == Place::missing) continue;
    if (word.aim != Aim::place && place == Place::foreign) continue;
    for (std::size_t i = 0; i < askers.size(); ++i) call(askers[i], operation, word, place, missing_codes[i]);
  }
  done_by_somebody += is_done ? 1 : 0;
  if (*word.crossed != '\0') {
    Word on_two = word;
    on_two.body = word.crossed;
    for (std::size_t i = 0; i < askers.size(); ++i)
      call(askers[i], operation, on_two, Place::own, missing_codes[i], true);
  }
  if (operation.narrows && word.aim == Aim::anywhere) call_narrowed(operation, word);
}

// A list narrowed to one agency is refused to whom that agency's are not shown.
void HubRights::call_narrowed(const Asked& operation, const Word& word) {
  const std::string query = std::string(word.query) + (*word.query == '\0' ? "" : "&") + "agency={agency}";
  Word narrowed = word;
  narrowed.aim = Aim::place;
  narrowed.query = query.c_str();
  std::string no_code;
  for (const Place place : {Place::own, Place::foreign}) {
    for (Asker& asker : askers) call(asker, operation, narrowed, place, no_code);
  }
}

// By account; from the audit trail, as who reads it meets it.
std::map<std::string, std::size_t> HubRights::recorded_refusals() {
  std::map<std::string, std::size_t> out;
  std::string cursor;
  do {
    const json::value page = entries_refused(cursor);
    for (const json::value& one : page.at("items").as_array()) {
      // What is mistyped is no right refused.
      if (one.at("error") == "directory.wrong_password") continue;
      const json::value& account = one.at("who").at("account");
      if (account.is_string()) ++out[text(account)];
    }
    cursor = page.at("next").is_string() ? text(page.at("next")) : std::string();
  } while (!cursor.empty());
  return out;
}

}  // namespace

TEST_F(HubRights, AreWhatThePolicyTableSays) {
  for (const Word& word : words()) {
    const bool known = std::any_of(drafts.operations().begin(), drafts.operations().end(),
                                   [&](const Asked& one) { return one.id == word.operation; });
    EXPECT_TRUE(known) << word.operation << " has a word in rights_words.cc and is not in the contract";
  }
  const std::set<std::string> wanted = wanted_operations();
  std::size_t operations = 0;
  for (const Asked& operation : in_order()) {
    if (!wanted.empty() && !wanted.contains(operation.id)) continue;
    const Word* word = word_of(operation.id);
    if (word == nullptr) {
      ADD_FAILURE() << operation.id << " has no word in rights_words.cc: say what its handler asks the policy about";
      continue;
    }
    if (++operations % 10 == 0) stay_signed_in();
    call_all(operation, *word);
  }
  std::map<std::string, std::size_t> met;
  for (const Asker& asker : askers) {
    if (asker.actor) met[asker.actor->account.text()] += asker.refused;
  }
  // The trail is read where it is kept, and the last entries are on their way there.
  const auto is_whole = [&](const std::map<std::string, std::size_t>& found) {
    return std::all_of(met.begin(), met.end(), [&](const auto& one) {
      const auto here = found.find(one.first);
      return one.second == 0 || (here != found.end() && here->second >= one.second);
    });
  };
  std::map<std::string, std::size_t> recorded = recorded_refusals();
  for (int patience = 8; !is_whole(recorded) && patience > 0; --patience) {
    std::this_thread::sleep_for(std::chrono::milliseconds(500));
    recorded = recorded_refusals();
  }
  for (const Asker& asker : askers) {
    if (!asker.actor) continue;
    const std::string account = asker.actor->account.text();
    const auto found = recorded.find(account);
    EXPECT_EQ(found == recorded.end() ? 0 : found->second, met.at(account))
        << asker.name << ": refusals recorded and met";
  }
  std::printf("rights matrix: %zu calls of %zu operations by %zu askers, %zu refused, %zu operations carried out\n",
              calls, operations, askers.size(), refusals, done_by_somebody);
  RecordProperty("calls", static_cast<int>(calls));
  EXPECT_GT(calls, wanted.empty() ? 5000U : 0U) << "no operation of the contract has a name that was asked for";
}

}  // namespace luy::hub::rights
