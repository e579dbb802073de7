// For tests of checks: one device, one account, one network, judged with the limits of the pack we ship.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <utility>

#include "base/source_dir.h"
#include "duty/checks/check.h"
#include "regulation/load.h"

namespace luy::duty {

using namespace std::chrono_literals;
using inventory::DeviceClass;
using inventory::DeviceState;

// Monday, 10:00 in Vietnam.
inline const Time t0 = *from_rfc3339("2026-11-23T03:00:00Z");

class CheckTest : public testing::Test {
 protected:
  CheckTest() : pack_(*regulation::load_pack(source_dir() + "/regulation/4448-2017")) {
    device_.device.enrolled_at = t0 - days(200);
    device_.device.device_class = DeviceClass::server;
    owner_ = AccountOwner{"Nguyễn Văn A", true, false, t0, 7};
  }

  Judgement judge(regulation::Check name, Time now) {
    for (const regulation::Obligation& obligation : pack_.obligations) {
      if (obligation.check != name) continue;
      const Limits limits(obligation.parameters, pack_);
      Input in{now, limits, calendar_};
      in.device = &device_;
      in.network_terms = network_terms_;
      in.account = account_ ? &*account_ : nullptr;
      in.product_account = product_account_ ? &*product_account_ : nullptr;
      in.network = network_ ? &*network_ : nullptr;
      in.owner = owner_;
      in.log_days = &log_days_;
      in.log_term = log_term_;
      in.known_since = known_since_;
      return evaluate(*find_check(name), in);
    }
    LUY_CHECK_MSG(false, "the pack uses every check");
    return {};
  }

  // Kept until `due`, due until `late`, violated from then on; and each says when it turns.
  void expect_period(regulation::Check name, Time start, Time due, Time late) {
    EXPECT_EQ(judge(name, start).state, State::kept);
    EXPECT_EQ(judge(name, start).changes_at, due);
    EXPECT_EQ(judge(name, due - 1us).state, State::kept);
    EXPECT_EQ(judge(name, due).state, State::due);
    EXPECT_EQ(judge(name, due).changes_at, late);
    EXPECT_EQ(judge(name, late - 1us).state, State::due);
    EXPECT_EQ(judge(name, late).state, State::violated);
  }

  template <class T>
  DeviceState::Part<T> learnt(T value, Time at = t0) {
    return std::make_shared<const inventory::Learnt<T>>(inventory::Learnt<T>{std::move(value), at, at, 42, "test"});
  }

  regulation::Pack pack_;
  Calendar calendar_;
  DeviceState device_;
  NetworkTerms network_terms_;
  std::optional<fact::Account> account_;
  std::optional<AccountOwner> owner_;
  std::optional<ProductAccount> product_account_;
  std::optional<inventory::WifiNetwork> network_;
  LogDays log_days_;
  LogTerm log_term_;
  Time known_since_ = t0;
};

}  // namespace luy::duty
