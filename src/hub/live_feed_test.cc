// Goal: a listener gets what it asked for and may see, nothing else, and only as long as its session lives.
#include "hub/live_feed.h"

#include "directory/session.h"

#include "directory/fixture.h"
#include "event/batch.h"

namespace luy::hub {
namespace {

class LiveFeedTest : public directory::DirectoryTest {
 protected:
  LiveFeedTest() {
    set_up_town();
    directory::NewAgency below;
    below.code = "VH";
    below.name = "Phòng Văn hóa và Thông tin";
    below.superior = town_;
    office_ = directory_->agencies().create(directory::caller_of(actor_, ""), below)->id;
    view_.refresh().value();
  }
  // Somebody who answers for that agency alone.
  directory::Actor officer(const AgencyId& agency) {
    directory::Actor actor;
    actor.account = AccountId::make(clock_.now(), random_);
    actor.grants = {{directory::Role::security_officer, agency}};
    return actor;
  }
  std::shared_ptr<EventStream> listen(directory::Actor actor, const std::string& q = "",
                                      const std::string& token = "t") {
    Subscription wanted;
    wanted.session_token = token;
    wanted.actor = std::move(actor);
    wanted.events = true;
    wanted.query = EventQuery::parse(q).value();
    return feed_.subscribe(std::move(wanted)).value();
  }
  evidence::Record record(const AgencyId& agency, const std::string& raw) {
    evidence::Record out;
    out.seq = 7;
    out.source = agency.text() + "/" + device_.text() + "/log";
    out.transport = static_cast<std::uint8_t>(event::Transport::file);
    out.raw = raw;
    return out;
  }
  void publish_event(const evidence::Record& one) {
    feed_.publish_event(one, [&] { return "\"" + one.raw + "\""; });
  }

  AgencyView view_{std::as_const(*directory_).agencies()};
  LiveFeed feed_{view_};
  AgencyId office_;
  DeviceId device_ = DeviceId::make(clock_.now(), random_);
};

TEST_F(LiveFeedTest, EverybodySeesTheirOwnAgenciesAlone) {
  const auto of_town = listen(officer(town_));
  const auto of_office = listen(officer(office_));
  publish_event(record(town_, "in the town"));
  publish_event(record(office_, "in the office"));
  feed_.publish_verdict(town_, device_, [] { return "\"a verdict\""; });
  const std::string town = of_town->take().bytes;
  const std::string office = of_office->take().bytes;
  EXPECT_NE(town.find("in the town"), std::string::npos);
  EXPECT_NE(town.find("in the office"), std::string::npos) << "an agency's reach goes downward";
  EXPECT_NE(town.find("event: verdict\ndata: \"a verdict\"\n\n"), std::string::npos);
  EXPECT_EQ(office.find("in the town"), std::string::npos);
  EXPECT_EQ(office.find("a verdict"), std::string::npos);
  EXPECT_NE(office.find("id: 7\nevent: event\ndata: \"in the office\"\n\n"), std::string::npos);
}

TEST_F(LiveFeedTest, OnlyWhatMatchesTheQueryIsSent) {
  const auto stream = listen(officer(town_), "needle -hay");
  publish_event(record(town_, "a needle"));
  publish_event(record(town_, "a needle in the hay"));
  publish_event(record(town_, "nothing"));
  EXPECT_EQ(stream->take().bytes, event_frame("event", "7", "\"a needle\""));
}

TEST_F(LiveFeedTest, ADeviceFilterHidesTheOthers) {
  Subscription wanted;
  wanted.actor = officer(town_);
  wanted.device = device_;
  const auto stream = feed_.subscribe(std::move(wanted)).value();
  feed_.publish_device(town_, DeviceId::make(clock_.now(), random_), [] { return "\"other\""; });
  feed_.publish_device(town_, device_, [] { return "\"mine\""; });
  feed_.publish_verdict(town_, std::nullopt, [] { return "\"of the agency\""; });
  EXPECT_EQ(stream->take().bytes, event_frame("device", "", "\"mine\""));
}

TEST_F(LiveFeedTest, StreamsEndWithTheirSession) {
  const auto dead = listen(officer(town_), "", "dead");
  const auto living = listen(officer(town_), "", "living");
  int asked = 0;
  const auto alive = [&](const std::string& token) -> Result<directory::Actor> {
    ++asked;
    if (token != "living") return Error(directory::session_over);
    return officer(town_);
  };
  feed_.sweep(alive);
  EXPECT_TRUE(dead->closed());
  EXPECT_FALSE(living->closed());
  EXPECT_EQ(asked, 2);
  feed_.sweep(alive);
  EXPECT_EQ(feed_.size(), 1U);
  feed_.close_all();
  EXPECT_TRUE(living->closed());
}

TEST_F(LiveFeedTest, ShowsNothingMoreOnceTheRightsAreGone) {
  const auto less = listen(officer(town_), "", "less");
  const auto first = listen(officer(town_), "", "first");
  const auto unasked = listen(officer(town_), "", "unasked");
  feed_.sweep([&](const std::string& token) -> Result<directory::Actor> {
    if (token == "unasked") return Error(directory::sign_in_paused);
    directory::Actor now = officer(office_);
    now.must_change_password = token == "first";
    return now;
  });
  publish_event(record(town_, "in the town"));
  publish_event(record(office_, "in the office"));
  const std::string seen = less->take().bytes;
  EXPECT_EQ(seen.find("in the town"), std::string::npos) << "a delegation that ended is still listened by";
  EXPECT_NE(seen.find("in the office"), std::string::npos);
  EXPECT_TRUE(first->closed());
  EXPECT_NE(unasked->take().bytes.find("in the town"), std::string::npos);
}

TEST_F(LiveFeedTest, OneSessionCannotHoldEveryPlace) {
  for (std::size_t i = 0; i < streams_per_session_max; ++i) listen(officer(town_), "", "greedy");
  Subscription more;
  more.session_token = "greedy";
  EXPECT_TRUE(feed_.subscribe(std::move(more)).error().is(too_many_streams));
  EXPECT_FALSE(listen(officer(town_), "", "modest")->closed());
}

}  // namespace
}  // namespace luy::hub
