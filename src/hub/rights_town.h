// For the rights matrix: a town in which one person holds each role in a ward, what there is in that ward and in the
// one beside it, and the expectation that the policy function gives.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "directory/policy.h"
#include "hub/finding_hub_fixture.h"
#include "hub/rights_draft.h"

namespace luy::hub::rights {

// Where the object of a request stands, seen from the ward in which the roles are held.
enum class Place { own, foreign, missing };
inline constexpr Place places[] = {Place::missing, Place::own, Place::foreign};
std::string_view name_of(Place place);

// One who calls every operation.
struct Asker {
  std::string name;
  std::uint8_t place = 1;
  std::optional<directory::Actor> actor;  // None: not signed in.
  std::string credential;                 // The header line that says who it is.
  std::unique_ptr<TestClient> line;
  std::size_t refused = 0;
};

struct RightsTown : FindingHubTest {
  void SetUp() override;

  // Over the asker's living connection.
  ClientResponse ask(Asker& asker, const std::string& method, const std::string& target, const std::string& body);
  // What stands there of that kind, made when it is asked for; of a missing one, an id that nobody has.
  std::string object(const std::string& kind, Place place);
  // It is used up, with what stands under it.
  void forget(const std::string& kind, Place place);
  void retire(const std::string& device);
  // Whether what is asked for is refused before any object is looked at, and whether it is allowed on the object.
  bool passes_gate(const Asker& asker, const Asked& operation) const;
  bool allowed(const Asker& asker, const Asked& operation, const Word& word, Place place) const;
  // A page of the refusals in the audit trail, the newest first.
  json::value entries_refused(const std::string& cursor);
  // Those who only make what is asked for would be signed out on a slow machine: administrators after five idle
  // minutes.
  void stay_signed_in();
  // Of what stands in the ward beside, as far as it was made.
  const std::set<std::string>& foreign_ids() const { return foreign_; }

  std::vector<Asker> askers;
  std::string own_ward, foreign_ward;

 private:
  using Maker = std::string (RightsTown::*)(Place);
  static const std::map<std::string, Maker, std::less<>>& makers();

  using Grants = std::vector<std::pair<std::string, std::string>>;  // Roles, each with its agency.
  Asker person(const std::string& role, const std::string& agency, const std::string& username) {
    return person(Grants{{role, agency}}, username);
  }
  Asker person(const Grants& grants, const std::string& username);
  Asker administrator();
  // `agency`: what it is confined to; empty: nothing.
  Asker token_of(Asker& owner, const std::vector<std::string>& actions, const std::string& agency = {});
  // Carries whatever its owner may do by a token in that ward, but what everybody may.
  Asker narrowed(Asker& owner, const std::string& agency);
  // Done by somebody of the town, or agreed to by the other when it takes two.
  json::value done(Asker& who, const std::string& path, const json::object& body, const std::string& method = "POST");
  json::value read(Asker& who, const std::string& path);
  json::array listed(Asker& who, const std::string& path, const char* key);
  std::string made(Asker& who, const std::string& path, const json::object& body);
  void furnish(Place place);
  const std::string& ward(Place place) const { return place == Place::foreign ? foreign_ward : own_ward; }
  Asker& head_of(Place place) { return place == Place::foreign ? foreign_head_ : own_head_; }
  std::string fresh(const char* stem) { return stem + std::to_string(++made_); }

  std::string make_account(Place place);
  std::string make_act(Place place);
  std::string make_appointment(Place place);
  std::string make_approval(Place place);
  std::string make_case_paper(Place place);
  std::string make_check(Place place);
  std::string make_commitment(Place place);
  std::string make_contact(Place place);
  std::string make_delegation(Place place);
  std::string make_device(Place place);
  std::string make_equipment(Place place);
  std::string make_line(Place place);
  std::string make_subnet(Place place);
  std::string make_exception(Place place);
  std::string make_handover(Place place);
  std::string make_inbound(Place place);
  std::string make_incident(Place place);
  std::string make_item(Place place);
  std::string make_leave(Place place);
  std::string make_list(Place place);
  std::string make_cve(Place place);
  std::string make_package(Place place);
  std::string make_signature_set(Place place);
  std::string make_vulnerability_list(Place place);
  std::string make_medium(Place place);
  std::string make_order(Place place);
  std::string make_origin(Place place);
  std::string make_paper(Place place);
  std::string make_part(Place place);
  std::string make_person(Place place);
  std::string make_plan(Place place);
  std::string make_report(Place place);
  std::string make_request(Place place);
  std::string make_review(Place place);
  std::string make_run(Place place);
  std::string make_search(Place place);
  std::string make_secret(Place place);
  std::string make_move(Place place);
  std::string make_sender(Place place);
  std::string make_service(Place place);
  std::string make_source(Place place);
  std::string make_system(Place place);
  std::string make_term(Place place);
  std::string make_token(Place place);
  std::string make_training(Place place);
  std::string make_version(Place place);
  std::string make_warning(Place place);
  std::string make_webhook(Place place);
  std::string make_wish(Place place);
  std::string make_witness(Place place);

  Asker admin_, officer_, head_, own_head_, foreign_head_;  // Of the town; of the wards.
  std::map<std::pair<std::string, Place>, std::string> objects_;
  int subnets_ = 0;                                                // A plan holds no range twice.
  std::map<Place, std::map<std::string, std::string>> furniture_;  // What is there once and for all.
  std::set<std::string> foreign_;
  int made_ = 0;
  std::uint8_t places_ = 10;
};

}  // namespace luy::hub::rights
