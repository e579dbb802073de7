// Goal: profiles hold only what is well formed, networks contain what they should, and what a profile was on a day can
// be read. Method: tables over values; profiles changed on different days.
#include "directory/profile.h"

#include "directory/fixture.h"

namespace luy::directory {
namespace {

using boost::json::parse;

class ProfileTest : public DirectoryTest {
 protected:
  ProfileTest() { set_up_town(); }
};

}  // namespace

TEST(Profile, KnowsIdentifiers) {
  for (const char* good :
       {"000.00.00.H56", "000.00.15.H56", "003.12.15.H56", "H56", "H56.10", "H56.10.05", "G11.1.2.3"}) {
    EXPECT_TRUE(is_identifier(good)) << good;
  }
  for (const char* bad : {"", "56", "h56", "H5", "H56.", "H56.a", "00.00.00.H56", "000.00.00.56", "000.00.00.H56.1",
                          "H56.10.05.1.2", "H56.1234", "000.00.00.H56 "}) {
    EXPECT_FALSE(is_identifier(bad)) << bad;
  }
}

TEST(Profile, KnowsWhatLiesInANetwork) {
  const struct {
    const char* network;
    const char* address;
    bool inside;
  } table[] = {{"10.56.4.0/24", "10.56.4.255", true},
               {"10.56.4.0/24", "10.56.5.0", false},
               {"10.56.4.0/23", "10.56.5.0", true},
               {"0.0.0.0/0", "203.0.113.9", true},
               {"192.0.2.7/32", "192.0.2.7", true},
               {"192.0.2.7/32", "192.0.2.6", false},
               {"10.0.0.0/8", "::ffff:10.1.2.3", true},
               {"10.0.0.0/8", "::1", false},
               {"2001:db8::/33", "2001:db8:7fff::1", true},
               {"2001:db8::/33", "2001:db8:8000::1", false},
               {"10.0.0.0/8", "ten", false},
               {"10.0.0.0/8", "", false}};
  for (const auto& [network, address, inside] : table) {
    EXPECT_EQ(Network::parse(network)->contains(address), inside) << network << " " << address;
  }
  for (const char* bad :
       {"", "10.0.0.0", "10.0.0.1/8", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/8x", "x/8", "::1/129", "/8"}) {
    EXPECT_TRUE(Network::parse(bad).error().is(profile_invalid)) << bad;
  }
}

TEST(Profile, RefusesWhatIsNotWellFormed) {
  const char* good =
      R"({"identifier":"000.00.15.H56","superior_header":"UBND TỈNH THANH HÓA","networks":["10.56.4.0/24"],
"contacts":[{"name":"Lê Văn Trực","title":"Trực ban","phone":"0237 3824 123","email":"truc@bimson.gov.vn","always":true}],
"hours":[{"weekday":1,"from":"07:30","to":"11:30"},{"weekday":1,"from":"13:30","to":"17:00"}]})";
  const auto profile = profile_from_json(parse(good));
  ASSERT_TRUE(profile) << profile.error().text();
  EXPECT_EQ(to_json(*profile), to_json(*profile_from_json(to_json(*profile))));
  const struct {
    const char* from;
    const char* to;
  } table[] = {{"000.00.15.H56", "15"},
               {"10.56.4.0/24", "10.56.4.1/24"},
               {"\"weekday\":1", "\"weekday\":0"},
               {"11:30", "07:29"},
               {"17:00", "24:01"},
               {"13:30", "13:60"},
               {"0237 3824 123", "gọi Trực"},
               {"truc@", "truc"},
               {"Lê Văn Trực", ""},
               {"true", "1"},
               {"[\"10.56", "[1,\"10.56"}};
  for (const auto& [from, to] : table) {
    std::string text = good;
    text.replace(text.find(from), std::string_view(from).size(), to);
    const auto bad = profile_from_json(parse(text));
    ASSERT_FALSE(bad) << to;
    EXPECT_TRUE(bad.error().is(profile_invalid)) << to;
  }
}

TEST_F(ProfileTest, IsKeptWithItsHistoryInTheAuditTrail) {
  EXPECT_TRUE(directory_->profiles().find(town_)->identifier.empty());
  AgencyProfile profile;
  profile.identifier = "000.00.15.H56";
  profile.networks = {"192.0.2.0/24"};
  ASSERT_TRUE(directory_->profiles().set(administrator(), town_, profile));
  EXPECT_EQ(directory_->profiles().find(town_)->identifier, "000.00.15.H56");
  EXPECT_TRUE(sink_.last().contains("luy.after"));
  profile.identifier = "x";
  EXPECT_TRUE(directory_->profiles().set(administrator(), town_, profile).error().is(profile_invalid));
  Actor officer = actor_;
  officer.grants = {{Role::security_officer, town_}};
  EXPECT_TRUE(directory_->profiles().set(caller_of(officer, ""), town_, {}).error().is(not_allowed));
}

TEST_F(ProfileTest, ShowsWhatItWasOnADayAndWhoChangedWhat) {
  const auto first_day = day_of(clock_.now());
  AgencyProfile profile;
  profile.identifier = "000.00.15.H56";
  ASSERT_TRUE(directory_->profiles().set(administrator(), town_, profile));
  profile.address = "Số 1 Trần Phú";
  ASSERT_TRUE(directory_->profiles().set(administrator(), town_, profile)) << "twice on one day";
  clock_.advance(days(3));
  profile.identifier = "H56.10";
  profile.contacts = {{"Lê Văn Trực", "Trực ban", "0237 3824 123", "", true}};
  ASSERT_TRUE(directory_->profiles().set(server_operator(), town_, profile));

  const auto on = [&](Day day) { return *directory_->profiles().find(town_, day); };
  EXPECT_TRUE(on(first_day - days(1)).identifier.empty()) << "nothing was known yet";
  EXPECT_EQ(on(first_day).identifier, "000.00.15.H56");
  EXPECT_EQ(on(first_day).address, "Số 1 Trần Phú") << "the end of the day counts";
  EXPECT_EQ(on(first_day + days(2)).identifier, "000.00.15.H56");
  EXPECT_EQ(on(first_day + days(3)).identifier, "H56.10");
  EXPECT_EQ(on(first_day + days(900)).identifier, "H56.10");
  EXPECT_TRUE(directory_->profiles().find(AgencyId::make(clock_.now(), random_), first_day).error().is(agency_unknown));

  const auto all = *directory_->profiles().history(town_);
  ASSERT_EQ(all.size(), 3U);
  EXPECT_EQ(all[0].version, 3);
  EXPECT_EQ(all[0].changed, (std::vector<std::string>{"identifier", "contacts"}));
  EXPECT_FALSE(all[0].by.has_value()) << "a command on the server";
  EXPECT_EQ(all[0].at, clock_.now());
  EXPECT_EQ(all[1].changed, (std::vector<std::string>{"address"}));
  EXPECT_EQ(all[1].by, administrator_);
  EXPECT_EQ(all[2].changed, (std::vector<std::string>{"identifier"}));
  EXPECT_EQ(all[2].profile.address, "");
  const auto older = *directory_->profiles().history(town_, 3);
  ASSERT_EQ(older.size(), 2U);
  EXPECT_EQ(older[0].changed, (std::vector<std::string>{"address"}));
}

TEST_F(ProfileTest, TellsItsHistoryPageByPage) {
  AgencyProfile profile;
  for (std::size_t i = 0; i < profile_page_max + 2; ++i) {
    profile.address = "Số " + std::to_string(i);
    ASSERT_TRUE(directory_->profiles().set(administrator(), town_, profile));
  }
  const auto first = *directory_->profiles().history(town_);
  ASSERT_EQ(first.size(), profile_page_max);
  EXPECT_EQ(first.back().version, 3);
  EXPECT_EQ(first.back().changed, (std::vector<std::string>{"address"}));
  const auto rest = *directory_->profiles().history(town_, first.back().version);
  ASSERT_EQ(rest.size(), 2U);
  EXPECT_EQ(rest.back().version, 1);
}

TEST_F(ProfileTest, KeepsWhatWasKnownBeforeChangesWereKept) {
  AgencyProfile profile;
  profile.identifier = "000.00.15.H56";
  ASSERT_TRUE(directory_->profiles().set(administrator(), town_, profile));
  // As the migration leaves it.
  ASSERT_TRUE(database_->write([](records::Connection& c) -> Result<void> {
    LUY_TRY_VOID(c.run("UPDATE agency_profile_version SET at = 0, by_account = NULL"));
    return {};
  }));
  EXPECT_EQ(directory_->profiles().find(town_, day_of(clock_.now()) - days(400))->identifier, "000.00.15.H56");
  EXPECT_FALSE(directory_->profiles().history(town_)->at(0).at.has_value());
}

}  // namespace luy::directory
