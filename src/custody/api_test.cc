// Goal: who reads how the logs are kept sees the silences of machines in the agencies where they may, and nothing of
// those beside. Method: the route as the hub has it, over real books; people as the policy takes them.
#include "custody/api.h"

#include "custody/fixture.h"

namespace luy::custody {
namespace {

using directory::Role;

struct CustodyApiTest : CustodyTest {
  CustodyApiTest() {
    for (AgencyId* one : {&town, &ward, &beside}) *one = AgencyId::make(clock.now(), random);
    directory::Options options;
    options.passwords = directory::password_cost_of_tests;
    people = *directory::Directory::open(*database, sink, clock, random, options);
    disk = *DiskWatch::open({*database, clock, [] { return Result<DiskSpace>(DiskSpace{}); }, [](bool) {}});
    silences = *SilenceBook::open({*database, clock, [this](const AgencyId&, const DeviceId&, const json::object&) {
                                     return Result<std::uint64_t>(++seq);
                                   }});
    router = std::make_unique<api::Router>(
        routes({media,
                *disk,
                rules,
                erasures,
                *silences,
                *people,
                clock,
                [this] { return object(town); },
                [this](const AgencyId& agency) { return object(agency).agencies; },
                [](const AgencyId&) { return std::string("Phường"); },
                [](const DeviceId&) { return std::string("may-1"); },
                [] { return Result<std::vector<evidence::DayInfo>>(std::vector<evidence::DayInfo>()); },
                [](Day) { return Result<std::vector<SentRecords>>(std::vector<SentRecords>()); },
                [](Day) { return false; },
                [] { return std::vector<SentRecords>(); },
                [] { return Result<std::optional<Day>>(std::nullopt); },
                [] { return std::vector<Place>(); },
                [] { return std::vector<LevelFloor>(); },
                [](const AgencyId&, const std::vector<std::uint64_t>&) {
                  return Result<std::vector<RecordSummary>>(std::vector<RecordSummary>());
                },
                [] { return std::string(); },
                30,
                90,
                std::nullopt}));
  }
  directory::Object object(const AgencyId& agency) const {
    directory::Object out;
    out.agencies = {agency};
    if (agency != town) out.agencies.push_back(town);
    return out;
  }
  api::Response silences_seen_by(Role role, const AgencyId& agency) {
    directory::Actor actor;
    actor.account = AccountId::make(clock.now(), random);
    actor.grants = {{role, agency, town}};
    const auto match = router->find(api::Method::get, "/api/v1/custody/silences");
    LUY_CHECK(match.route != nullptr);
    api::Request request;
    request.method = api::Method::get;
    request.path = "/api/v1/custody/silences";
    request.actor = std::move(actor);
    request.client_address = "192.0.2.7";
    return router->serve(*match.route, request);
  }
  std::vector<std::string> devices_of(const api::Response& response) const {
    EXPECT_EQ(response.status, 200) << response.body;
    std::vector<std::string> out;
    const json::value body = json::parse(response.body);
    for (const json::value& one : body.at("items").as_array()) {
      out.emplace_back(one.at("device").at("id").as_string());
    }
    return out;
  }

  AgencyId town, ward, beside;
  std::uint64_t seq = 0;
  std::unique_ptr<directory::Directory> people;
  MediumBook media{{*database, audit, clock, random, {}, {}}};
  RetentionBook rules{{*database, clock, random, {}}};
  ErasureBook erasures{{*database, clock, random, {}}};
  std::unique_ptr<DiskWatch> disk;
  std::unique_ptr<SilenceBook> silences;
  std::unique_ptr<api::Router> router;
};

TEST_F(CustodyApiTest, SilencesAreSeenByThoseOfTheirAgency) {
  const DeviceId quiet = DeviceId::make(clock.now(), random);
  const Time heard = clock.now();
  clock.advance(20min);
  ASSERT_TRUE(silences->update({{quiet, ward, heard, true}}));
  EXPECT_EQ(devices_of(silences_seen_by(Role::security_officer, ward)), std::vector<std::string>{quiet.text()});
  EXPECT_EQ(devices_of(silences_seen_by(Role::auditor, town)), std::vector<std::string>{quiet.text()});
  EXPECT_TRUE(devices_of(silences_seen_by(Role::security_officer, beside)).empty());
  EXPECT_EQ(silences_seen_by(Role::staff, ward).status, 403);
}

}  // namespace
}  // namespace luy::custody
