// Goal: the inbox of acts shows each person what waits for them and why the rest does not, page by page, with the
// rights that somebody would gain. Method: a town with three who decide; acts of two kinds; the answers of the router.
#include "api/directory_fixture.h"

namespace luy::api {
namespace {

using directory::Role;

class ActsApi : public DirectoryApi {
 protected:
  ActsApi() {
    office_ = add_agency("VP", town_).id;
    head_ = person("chutich", Role::agency_head, town_);
    below_ = person("truong", Role::agency_head, office_);
    for (const char* name : {"lan", "binh", "chi"})
      staff_.push_back(add_account(name, Role::staff, office_).account.id);
  }
  std::string grant(const AccountId& account, Role role, const AgencyId& agency, const std::string& by) {
    clock_.advance(std::chrono::seconds(1));
    const Response asked = send(Method::post, "/api/v1/accounts/" + account.text() + "/roles", by,
                                {{"role", name_of(role)}, {"agency", agency.text()}});
    LUY_CHECK_MSG(asked.status == 202, asked.body);
    return std::string(body_of(asked).at("act").as_string());
  }
  boost::json::object list(const std::string& token, std::map<std::string, std::string> query = {}) {
    const Router::Match match = router_->find(Method::get, "/api/v1/acts");
    Request request;
    request.path = "/api/v1/acts";
    request.query = std::move(query);
    request.actor = directory_->sessions().authenticate(token, directory::Touch::no)->actor;
    const Response answer = router_->serve(*match.route, request);
    if (answer.status != 200) return {{"status", answer.status}};
    return body_of(answer);
  }
  static std::vector<std::string> ids(const boost::json::object& page) {
    std::vector<std::string> out;
    for (const auto& act : page.at("acts").as_array()) out.emplace_back(act.at("id").as_string());
    return out;
  }

  AgencyId office_;
  std::string head_;
  std::string below_;
  std::vector<AccountId> staff_;
};

}  // namespace

TEST_F(ActsApi, ShowsWhatIsGainedAndWhoMayDecide) {
  const std::string act = grant(staff_[0], Role::auditor, office_, token_);
  const auto seen = list(head_);
  ASSERT_EQ(ids(seen), std::vector<std::string>{act});
  const auto one = seen.at("acts").as_array().at(0).as_object();
  EXPECT_TRUE(fits(one, contract_["components"]["schemas"]["Act"])) << boost::json::serialize(one);
  EXPECT_TRUE(fits(seen, contract_["components"]["schemas"]["ActList"]));
  EXPECT_EQ(one.at("title").at("en").as_string(), "Give a role");
  EXPECT_EQ(one.at("place").at("name").as_string(), "Cơ quan VP");
  EXPECT_EQ(one.at("proposer").at("name").as_string(), "Nguyễn Thị Lan");
  EXPECT_TRUE(one.at("may_decide").as_bool());
  EXPECT_TRUE(one.at("why_not").is_null());
  EXPECT_EQ(seen.at("waiting").as_int64(), 1);
  ASSERT_EQ(one.at("gains").as_array().size(), 1U);
  EXPECT_EQ(one.at("gains").as_array().at(0).at("role").as_string(), "auditor");
  EXPECT_EQ(one.at("gains").as_array().at(0).at("account").at("name").as_string(), "Người lan");
  EXPECT_EQ(one.at("gains").as_array().at(0).at("agency").at("name").as_string(), "Cơ quan VP");

  const auto own = list(token_);
  EXPECT_EQ(own.at("waiting").as_int64(), 0);
  EXPECT_FALSE(own.at("acts").as_array().at(0).at("may_decide").as_bool());
  EXPECT_EQ(own.at("acts").as_array().at(0).at("why_not").at("en").as_string(), "This takes two different people.");

  EXPECT_EQ(send(Method::post, "/api/v1/acts/" + act + "/agree", head_).status, 204);
  const auto after = list(head_).at("acts").as_array().at(0).as_object();
  EXPECT_EQ(after.at("decider").at("name").as_string(), "Người chutich");
  EXPECT_FALSE(after.at("may_decide").as_bool()) << "it is decided";
  EXPECT_EQ(list(head_).at("waiting").as_int64(), 0);
}

TEST_F(ActsApi, CountsForEachPersonWhatTheyMayDecide) {
  grant(staff_[0], Role::auditor, office_, token_);
  // A role that reaches the town is no matter for the office.
  grant(staff_[1], Role::town_office, office_, token_);
  EXPECT_EQ(list(head_).at("waiting").as_int64(), 2);
  EXPECT_EQ(list(below_).at("waiting").as_int64(), 1);
}

TEST_F(ActsApi, FiltersAndPages) {
  std::vector<std::string> acts;
  for (const AccountId& account : staff_) acts.insert(acts.begin(), grant(account, Role::auditor, office_, token_));
  const std::string refused = acts.back();
  ASSERT_EQ(send(Method::post, "/api/v1/acts/" + refused + "/refuse", head_, {{"note", "Không"}}).status, 204);
  EXPECT_EQ(ids(list(head_)), acts) << "newest first";
  EXPECT_EQ(ids(list(head_, {{"state", "waiting"}})), (std::vector<std::string>{acts[0], acts[1]}));
  EXPECT_EQ(ids(list(head_, {{"state", "refused"}})), std::vector<std::string>{refused});
  EXPECT_EQ(ids(list(head_, {{"kind", "password_issue"}})), std::vector<std::string>{});
  EXPECT_EQ(ids(list(head_, {{"mine", "true"}})), std::vector<std::string>{});
  EXPECT_EQ(ids(list(token_, {{"mine", "true"}})), acts);
  EXPECT_EQ(ids(list(head_, {{"agency", town_.text()}})).size(), 3U) << "and everything below";
  EXPECT_EQ(ids(list(head_, {{"agency", add_agency("TH", town_).id.text()}})).size(), 0U);
  std::vector<std::string> paged;
  std::map<std::string, std::string> query = {{"limit", "1"}};
  for (int page = 0; page < 5; ++page) {
    const auto body = list(head_, query);
    ASSERT_LE(ids(body).size(), 1U);
    for (const std::string& id : ids(body)) paged.push_back(id);
    if (body.at("next").is_null()) break;
    query["cursor"] = std::string(body.at("next").as_string());
  }
  EXPECT_EQ(paged, acts);
  for (const auto& [name, bad] : std::map<std::string, std::string>{
           {"state", "open"}, {"mine", "yes"}, {"cursor", "x"}, {"limit", "501"}, {"agency", "x"}}) {
    EXPECT_EQ(list(head_, {{name, bad}}).at("status").as_int64(), 400) << name;
  }
  clock_.advance(directory::act_lifetime);
  head_ = sign_in("chutich", own_password)->token;
  EXPECT_EQ(ids(list(head_, {{"state", "expired"}})), (std::vector<std::string>{acts[0], acts[1]}));
}

}  // namespace luy::api
