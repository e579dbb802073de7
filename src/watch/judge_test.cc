// Goal: each state and each sighting comes when it should and not before; announced work is quiet; the same trouble is
// told once.
// Method: a service and made-up probes in a row.
#include "watch/judge.h"

#include <gtest/gtest.h>

#include "base/random.h"

namespace luy::watch {
namespace {

using std::chrono::milliseconds;

class JudgeTest : public ::testing::Test {
 protected:
  JudgeTest() {
    SeededRandom random(5);
    service.id = ServiceId::make(at, random);
    service.agency = AgencyId::make(at, random);
    service.name = "Cổng thông tin";
    service.target = "https://bimson.gov.vn/";
  }
  Probe answer(Duration latency = milliseconds(50)) {
    Probe probe;
    probe.at = at += service.interval;
    probe.latency = latency;
    return probe;
  }
  Probe failure(Failure what = Failure::timed_out) {
    Probe probe;
    probe.at = at += service.interval;
    probe.failure = what;
    return probe;
  }
  Probe shows(const std::string& text) {
    Probe probe = answer();
    probe.content = "<html><head><title>Cổng</title></head><body><p>" + text + "</p></body></html>";
    probe.content_type = "text/html";
    return probe;
  }
  std::vector<Sign> see(const Probe& probe) {
    std::vector<Sign> out;
    for (const Sighting& sighting : judge(service, words, announced, probe, memory)) {
      EXPECT_EQ(sighting.agency, service.agency);
      EXPECT_EQ(sighting.at, probe.at);
      EXPECT_FALSE(sighting.title.vi.empty() || sighting.story.en.empty());
      last = sighting;
      out.push_back(sighting.sign);
    }
    return out;
  }
  void learn(const std::string& text) {
    for (int i = 0; i <= learning_visits; ++i) {
      EXPECT_EQ(see(shows(text)), none);
      at += learning_time / learning_visits;
    }
  }

  const std::vector<Sign> none;
  Words words = Words::builtin();
  Service service;
  Memory memory;
  Sighting last;
  bool announced = false;
  Time at = *from_rfc3339("2026-11-23T01:00:00Z");
};

TEST_F(JudgeTest, IsDownAfterThreeFailuresAndToldOnce) {
  EXPECT_EQ(see(answer()), none);
  EXPECT_EQ(memory.state, State::up);
  EXPECT_EQ(see(failure()), none);
  EXPECT_EQ(memory.state, State::up) << "one lost look is no outage";
  EXPECT_EQ(next_look(service, memory), at + confirm_pause) << "and is looked into soon";
  EXPECT_EQ(see(failure()), none);
  EXPECT_EQ(see(failure()), std::vector{Sign::down});
  EXPECT_EQ(memory.state, State::down);
  EXPECT_EQ(next_look(service, memory), at + service.interval);
  for (int i = 0; i < 10; ++i) EXPECT_EQ(see(failure()), none);
  EXPECT_EQ(see(answer()), none);
  EXPECT_EQ(memory.state, State::up);
  see(failure());
  see(failure());
  EXPECT_EQ(see(failure()), std::vector{Sign::down}) << "another outage";
}

TEST_F(JudgeTest, WhatTheHubMayNotDoIsNoOutage) {
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(see(failure(Failure::not_permitted)), none);
    EXPECT_EQ(memory.state, State::unknown);
  }
}

TEST_F(JudgeTest, SlowIsMeasuredByTheServiceItself) {
  for (std::size_t i = 0; i < baseline_warm_up; ++i) EXPECT_EQ(see(answer(milliseconds(900))), none);
  EXPECT_EQ(see(answer(milliseconds(1500))), none) << "less than twice the ordinary";
  EXPECT_EQ(see(answer(milliseconds(2500))), none);
  EXPECT_EQ(see(answer(milliseconds(2500))), none);
  EXPECT_EQ(memory.state, State::up);
  EXPECT_EQ(see(answer(milliseconds(2500))), std::vector{Sign::slow});
  EXPECT_EQ(memory.state, State::slow);
  for (int i = 0; i < 200; ++i) EXPECT_EQ(see(answer(milliseconds(2500))), none);
  EXPECT_EQ(memory.state, State::slow) << "hours of slowness do not become the measure";
  see(answer(milliseconds(900)));
  EXPECT_EQ(memory.state, State::slow);
  see(answer(milliseconds(900)));
  EXPECT_EQ(memory.state, State::up);
}

TEST_F(JudgeTest, ChangesAreConfirmedAndToldOnceWithBeforeAndAfter) {
  learn("Nội dung đúng");
  EXPECT_EQ(see(shows("Nội dung khác")), none);
  EXPECT_EQ(see(shows("Nội dung khác")), std::vector{Sign::changed});
  EXPECT_EQ(last.severity, Severity::medium);
  ASSERT_EQ(last.changes.size(), 1U);
  EXPECT_EQ(last.changes[0].before, "Nội dung đúng");
  EXPECT_EQ(last.changes[0].after, "Nội dung khác");
  EXPECT_EQ(memory.state, State::changed);
  EXPECT_EQ(see(shows("Nội dung khác")), none);
  EXPECT_EQ(see(shows("Nội dung đúng")), none);
  EXPECT_EQ(memory.state, State::up) << "it is as it was";
}

TEST_F(JudgeTest, DefacementIsToldAtOnce) {
  learn("Nội dung đúng");
  EXPECT_EQ(see(shows("Hacked by X")), std::vector{Sign::defaced});
  EXPECT_EQ(last.severity, Severity::critical);
  EXPECT_EQ(see(shows("Hacked by X")), none);
  EXPECT_EQ(see(shows("Hacked by X, greetz to Y")), std::vector{Sign::defaced}) << "and it went on";
}

TEST_F(JudgeTest, AnnouncedWorkIsQuietButDefacementIsNot) {
  learn("Nội dung đúng");
  announced = true;
  for (int i = 0; i < 5; ++i) EXPECT_EQ(see(failure()), none);
  EXPECT_EQ(memory.state, State::down);
  EXPECT_EQ(see(shows("Giao diện mới")), none);
  EXPECT_EQ(memory.state, State::up);
  EXPECT_EQ(see(shows("Hacked by X")), std::vector{Sign::defaced});
  EXPECT_EQ(see(shows("Giao diện mới hơn")), none);
  announced = false;
  EXPECT_EQ(see(shows("Giao diện mới hơn")), none) << "what was shown at the end is right";
  EXPECT_EQ(memory.state, State::up);
}

TEST_F(JudgeTest, WordsThatAppearDuringAnnouncedWorkAreNotLearnt) {
  learn("Nội dung đúng");
  announced = true;
  EXPECT_EQ(see(shows("Trang mới, nhà cái")), none) << "one weak word alone alarms nobody";
  EXPECT_EQ(see(shows("Trang mới, nhà cái, tài xỉu")), std::vector{Sign::defaced});
  EXPECT_EQ(see(shows("Trang mới, nhà cái")), none);
  announced = false;
  EXPECT_EQ(see(shows("Trang mới, nhà cái, tài xỉu")), std::vector{Sign::defaced}) << "both count still";
}

TEST_F(JudgeTest, WhatIsStillWrongAfterTheAnnouncedTimeIsTold) {
  for (std::size_t i = 0; i < baseline_warm_up; ++i) EXPECT_EQ(see(answer()), none);
  announced = true;
  for (int i = 0; i < 5; ++i) EXPECT_EQ(see(answer(milliseconds(5000))), none);
  EXPECT_EQ(memory.state, State::up);
  announced = false;
  EXPECT_EQ(see(answer(milliseconds(5000))), std::vector{Sign::slow});
  announced = true;
  for (int i = 0; i < 5; ++i) EXPECT_EQ(see(failure()), none);
  EXPECT_EQ(memory.state, State::down);
  announced = false;
  EXPECT_EQ(see(failure()), std::vector{Sign::down});
  EXPECT_EQ(see(failure()), none);
}

TEST_F(JudgeTest, SlowAndChangedAtOnceIsToldOnceEach) {
  learn("Nội dung đúng");
  for (std::size_t i = 0; i < baseline_warm_up; ++i) EXPECT_EQ(see(shows("Nội dung đúng")), none);
  std::vector<Sign> signs;
  for (int i = 0; i < 10; ++i) {
    Probe probe = shows("Nội dung khác");
    probe.latency = milliseconds(5000);
    for (const Sign sign : see(probe)) signs.push_back(sign);
  }
  EXPECT_EQ(signs, (std::vector{Sign::changed, Sign::slow}));
  EXPECT_EQ(memory.state, State::changed);
}

TEST_F(JudgeTest, CertificatesAreToldInSteps) {
  const struct {
    int days_left;
    std::vector<Sign> signs;
    Severity severity;
  } table[] = {
      {40, {}, Severity::low},
      {29, {Sign::certificate}, Severity::low},
      {28, {}, Severity::low},
      {13, {Sign::certificate}, Severity::low},
      {6, {Sign::certificate}, Severity::medium},
      {5, {}, Severity::medium},
      {0, {Sign::certificate}, Severity::high},
      {-1, {Sign::certificate}, Severity::high},
      {-2, {}, Severity::high},
  };
  const Time end = at + days(60);
  for (const auto& row : table) {
    at = end - days(row.days_left) - std::chrono::hours(1);
    Probe probe = answer();
    probe.certificate = Certificate{end, "CN=bimson.gov.vn", "CN=CA", ""};
    EXPECT_EQ(see(probe), row.signs) << row.days_left;
    if (!row.signs.empty()) {
      EXPECT_EQ(last.severity, row.severity) << row.days_left;
    }
  }
  Probe renewed = answer();
  renewed.certificate = Certificate{end + days(90), "CN=bimson.gov.vn", "CN=CA", ""};
  EXPECT_EQ(see(renewed), none);
}

}  // namespace
}  // namespace luy::watch
