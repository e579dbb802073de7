// Goal: a session lives exactly as long as it should, guessing is slowed down, and issued passwords are good for one
// thing in 24 hours.
// Method: a clock that stands still until moved.
#include "directory/session.h"

#include <algorithm>

#include "base/encoding.h"
#include "directory/fixture.h"

namespace luy::directory {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

class SessionTest : public DirectoryTest {
 protected:
  SessionTest() { set_up_town(); }

  // A person without administration; her password is own_password.
  std::string add_person(const std::string& username) {
    return change_issued(username, add_account(username, Role::staff, town_).one_time_password, own_password);
  }
  Result<Session> use(const std::string& token) { return directory_->sessions().authenticate(token, Touch::yes); }
  Result<SignedIn> change(const std::string& token, std::string_view current, std::string_view wanted) {
    return directory_->sessions().change_password({token, current, wanted, "192.0.2.1"});
  }
};

}  // namespace

TEST_F(SessionTest, IsKnownByItsTokenAlone) {
  const auto signed_in = *sign_in("quantri1", own_password);
  EXPECT_EQ(signed_in.token.size(), 43U);
  EXPECT_EQ(signed_in.session.actor.account, administrator_);
  EXPECT_EQ(signed_in.session.actor.display_name, "Nguyễn Thị Lan");
  EXPECT_FALSE(signed_in.session.actor.must_change_password);
  EXPECT_EQ(use(signed_in.token)->actor.grants.size(), 2U);
  std::string other = signed_in.token;
  other[10] = other[10] == 'A' ? 'B' : 'A';
  for (const std::string& token : {std::string(), other, signed_in.token + "A", std::string(43, '\0')}) {
    EXPECT_TRUE(use(token).error().is(session_over)) << token;
  }
}

TEST_F(SessionTest, StoresNoTokenAndNoPassword) {
  const auto signed_in = *sign_in("quantri1", own_password);
  database_
      ->read([&](records::Connection& c) -> Result<void> {
        LUY_TRY_VOID(c.query("SELECT token_sha256 FROM session", {}, [&](const records::Row& row) {
          EXPECT_EQ(row.blob(0).size(), 32U);
          EXPECT_EQ(row.blob(0).find(signed_in.token), std::string_view::npos);
        }));
        return c.query("SELECT password_hash FROM account", {},
                       [&](const records::Row& row) { EXPECT_TRUE(row.text(0).starts_with("$argon2id$")); });
      })
      .value();
}

TEST_F(SessionTest, EndsWhenIdle) {
  const std::string staff = add_person("lan");
  const std::string administrator = sign_in("quantri1", own_password)->token;
  clock_.advance(minutes(5) - seconds(1));
  EXPECT_TRUE(alive(administrator));
  clock_.advance(seconds(1));
  EXPECT_FALSE(alive(administrator));
  EXPECT_TRUE(use(staff));
  clock_.advance(minutes(15) - seconds(1));
  EXPECT_TRUE(alive(staff));
  clock_.advance(seconds(1));
  EXPECT_FALSE(alive(staff));
}

TEST_F(SessionTest, LivesOnSignsOfLifeOnly) {
  const std::string staff = add_person("lan");
  for (int i = 0; i < 10; ++i) {
    clock_.advance(minutes(14));
    ASSERT_TRUE(use(staff)) << i;
  }
  // A page that refreshes itself does not keep it alive.
  clock_.advance(minutes(14));
  EXPECT_TRUE(alive(staff));
  clock_.advance(minutes(1));
  EXPECT_FALSE(alive(staff));
}

TEST_F(SessionTest, GivesAdministratorsLongerWhenConfigured) {
  Options options;
  options.sessions.idle_administrator = minutes(15);
  reopen(options);
  const auto signed_in = *sign_in("quantri1", own_password);
  EXPECT_EQ(signed_in.session.expires_at, clock_.now() + minutes(15));
  clock_.advance(minutes(14));
  EXPECT_TRUE(alive(signed_in.token));
}

TEST_F(SessionTest, EndsAfterEightHoursWhateverHappens) {
  const std::string staff = add_person("lan");
  for (int i = 0; i < 8 * 6 - 1; ++i) {
    clock_.advance(minutes(10));
    ASSERT_TRUE(use(staff)) << i;
  }
  EXPECT_EQ(use(staff)->expires_at, clock_.now() + minutes(10));
  clock_.advance(minutes(10));
  EXPECT_FALSE(alive(staff));
}

TEST_F(SessionTest, IsOverWhenTheClockWentFarBack) {
  const std::string staff = add_person("lan");
  clock_.set(clock_.now() - minutes(4));
  EXPECT_TRUE(alive(staff));
  clock_.set(clock_.now() - hours(24 * 400));
  EXPECT_FALSE(alive(staff));
}

TEST_F(SessionTest, EndsAtOnceWhenItShould) {
  const auto fresh = [&] { return sign_in("lan", own_password)->token; };
  const AccountId lan = directory_->accounts().find_by_username((add_person("lan"), "lan"))->id;

  std::string token = fresh();
  const std::string other = fresh();
  ASSERT_TRUE(directory_->sessions().sign_out(token, ""));
  EXPECT_FALSE(alive(token));
  EXPECT_TRUE(alive(other));
  EXPECT_TRUE(directory_->sessions().sign_out(token, "")) << "signing out twice is no error";

  const std::string newest = change(other, own_password, "lúa chín vàng đồng")->token;
  EXPECT_FALSE(alive(other));
  EXPECT_TRUE(alive(newest));
  EXPECT_TRUE(sign_in("lan", own_password).error().is(sign_in_failed));

  ASSERT_TRUE(directory_->accounts().disable(administrator(), lan));
  EXPECT_FALSE(alive(newest));
  EXPECT_TRUE(sign_in("lan", "lúa chín vàng đồng").error().is(account_disabled));
  EXPECT_TRUE(sign_in("lan", "guess guess guess").error().is(sign_in_failed));
  ASSERT_TRUE(directory_->accounts().enable(administrator(), lan));
  EXPECT_FALSE(alive(newest)) << "ended, not asleep";
  token = sign_in("lan", "lúa chín vàng đồng")->token;

  ASSERT_TRUE(directory_->accounts().issue_password(administrator(), lan));
  EXPECT_FALSE(alive(token));
}

TEST_F(SessionTest, IsReplacedWhenTheBrowserSignsInAgain) {
  const std::string first = add_person("lan");
  const auto second = directory_->sessions().sign_in({"lan", own_password, "192.0.2.1", first});
  EXPECT_FALSE(alive(first));
  EXPECT_TRUE(alive(second->token));
}

TEST_F(SessionTest, IsOneOfAFew) {
  add_person("lan");
  std::vector<std::string> tokens;
  for (std::int64_t i = 0; i < sessions_per_account_max + 3; ++i) {
    clock_.advance(seconds(1));
    tokens.push_back(sign_in("lan", own_password)->token);
  }
  std::int64_t living = 0;
  for (const std::string& token : tokens) living += alive(token) ? 1 : 0;
  EXPECT_EQ(living, sessions_per_account_max);
  EXPECT_TRUE(alive(tokens.back()));
  EXPECT_FALSE(alive(tokens.front()));
}

TEST_F(SessionTest, OnAnIssuedPasswordAllowsOnlyItsChange) {
  const std::string issued = add_account("lan", Role::system_admin, town_).one_time_password;
  const auto signed_in = *sign_in("lan", issued);
  EXPECT_TRUE(
      require(signed_in.session.actor, Action::device_read, Object::anywhere()).error().is(must_change_password));
  EXPECT_TRUE(change(signed_in.token, "wrong wrong wrong", own_password).error().is(wrong_password));
  EXPECT_TRUE(change(signed_in.token, issued, issued).error().is(password_unchanged));
  EXPECT_TRUE(change(signed_in.token, issued, "short").error().is(password_too_short));
  EXPECT_TRUE(change(signed_in.token, issued, "matkhau123456").error().is(password_common));
  EXPECT_TRUE(alive(signed_in.token));
  const auto changed = *change(signed_in.token, issued, own_password);
  EXPECT_FALSE(changed.session.actor.must_change_password);
  EXPECT_FALSE(alive(signed_in.token));
  EXPECT_TRUE(require(use(changed.token)->actor, Action::device_read, Object::anywhere()));
  EXPECT_FALSE(directory_->accounts().find_by_username("lan")->one_time_until);
  EXPECT_TRUE(sign_in("lan", issued).error().is(sign_in_failed));
}

TEST_F(SessionTest, CannotBeginOnAnIssuedPasswordAfter24Hours) {
  const std::string lan = add_account("lan", Role::staff, town_).one_time_password;
  const std::string mai = add_account("mai", Role::staff, town_).one_time_password;
  clock_.advance(hours(24) - seconds(1));
  EXPECT_TRUE(sign_in("lan", lan));
  clock_.advance(seconds(1));
  EXPECT_TRUE(sign_in("mai", mai).error().is(one_time_expired));
  EXPECT_TRUE(sign_in("mai", "a wrong password").error().is(sign_in_failed));
  clock_.set(clock_.now() - hours(24 * 400));
  EXPECT_TRUE(sign_in("mai", mai).error().is(one_time_expired)) << "issued in the future: a clock was wrong";
}

TEST_F(SessionTest, BeginsOnlyAfterAPauseWhenPasswordsWereWrong) {
  add_person("lan");
  const auto wrong = [&](const char* name) { return sign_in(name, "guess guess guess", "198.51.100.9"); };
  for (const char* name : {"lan", "nobody"}) {
    for (std::int64_t i = 0; i < pause_per_account.free; ++i) {
      EXPECT_TRUE(wrong(name).error().is(sign_in_failed)) << name << i;
    }
    // From any address, and with the right password too; the same for a name that nobody has.
    EXPECT_TRUE(wrong(name).error().is(sign_in_paused)) << name;
    EXPECT_TRUE(sign_in(name, own_password).error().is(sign_in_paused)) << name;
  }
  EXPECT_TRUE(sign_in("quantri1", own_password)) << "others are not held up";
  clock_.advance(seconds(30) - seconds(1));
  EXPECT_EQ(wrong("lan").error().detail(), "1");
  clock_.advance(seconds(1));
  EXPECT_TRUE(wrong("lan").error().is(sign_in_failed));
  EXPECT_EQ(wrong("lan").error().detail(), "60") << "it doubles";
  clock_.advance(seconds(60));
  EXPECT_TRUE(sign_in("lan", own_password));
  EXPECT_TRUE(wrong("lan").error().is(sign_in_failed)) << "a right password clears the account";
  EXPECT_TRUE(wrong("lan").error().is(sign_in_failed));
}

TEST_F(SessionTest, PausesNeverExceedTheLongestAndAreForgotten) {
  add_person("lan");
  for (int i = 0; i < 30; ++i) {
    (void)sign_in("lan", "guess guess guess", "198.51.100." + std::to_string(i));
    clock_.advance(pause_per_account.longest);
  }
  EXPECT_TRUE(sign_in("lan", "guess guess guess").error().is(sign_in_failed));
  EXPECT_EQ(sign_in("lan", own_password).error().detail(), "900");
  clock_.advance(pause_per_account.memory + seconds(1));
  for (std::int64_t i = 0; i < pause_per_account.free; ++i) {
    EXPECT_TRUE(sign_in("lan", "guess guess guess").error().is(sign_in_failed)) << i;
  }
}

TEST_F(SessionTest, PausesAnAddressThatTriesManyNames) {
  for (std::int64_t i = 0; i < pause_per_address.free; ++i) {
    EXPECT_TRUE(sign_in("name" + std::to_string(i), "guess", "198.51.100.9").error().is(sign_in_failed)) << i;
  }
  EXPECT_TRUE(sign_in("quantri1", own_password, "198.51.100.9").error().is(sign_in_paused));
  EXPECT_TRUE(sign_in("quantri1", own_password, "198.51.100.10"));
}

TEST_F(SessionTest, PausesSurviveARestartAndAClockPutBack) {
  for (std::int64_t i = 0; i < pause_per_account.free; ++i) (void)sign_in("quantri1", "guess guess guess");
  reopen();
  EXPECT_TRUE(sign_in("quantri1", own_password).error().is(sign_in_paused));
  clock_.set(clock_.now() - hours(10));
  EXPECT_TRUE(sign_in("quantri1", "guess guess guess").error().is(sign_in_failed)) << "one attempt, not a lock-out";
  EXPECT_TRUE(sign_in("quantri1", "guess guess guess").error().is(sign_in_paused)) << "and not a new count";
}

TEST_F(SessionTest, CountsWrongPresentPasswordsWhenChanging) {
  const std::string token = add_person("lan");
  for (std::int64_t i = 0; i < pause_per_account.free; ++i) {
    EXPECT_TRUE(change(token, "guess guess guess", "lúa chín vàng đồng").error().is(wrong_password)) << i;
  }
  EXPECT_TRUE(change(token, own_password, "lúa chín vàng đồng").error().is(sign_in_paused));
}

TEST_F(SessionTest, RehashesAPasswordOfAnotherCost) {
  add_person("lan");
  PasswordHasher dearer({2, 16384});
  const std::string old_hash = *dearer.hash(own_password);
  ASSERT_TRUE(database_->write([&](records::Connection& c) {
    return c.run("UPDATE account SET password_hash = $1 WHERE username_key = 'lan'", {std::string_view(old_hash)});
  }));
  ASSERT_TRUE(sign_in("lan", own_password));
  std::string hash;
  database_
      ->read([&](records::Connection& c) {
        return c.query("SELECT password_hash FROM account WHERE username_key = 'lan'", {},
                       [&](const records::Row& row) { hash = row.text(0); });
      })
      .value();
  EXPECT_TRUE(hash.starts_with("$argon2id$v=19$m=8,t=1,p=1$")) << hash;
  EXPECT_TRUE(sign_in("lan", own_password));
}

TEST_F(SessionTest, LeavesItsTraceInTheAuditTrail) {
  sink_.records.clear();
  const std::string token = sign_in("quantri1", own_password)->token;
  (void)sign_in("quantri1", "guess guess guess", "198.51.100.9");
  (void)sign_in("my secret password", "x", "198.51.100.9");
  (void)directory_->sessions().sign_out(token, "192.0.2.1");
  EXPECT_EQ(sink_.acts(), (std::vector<std::string>{"sign_in", "sign_in directory.sign_in_failed",
                                                    "sign_in directory.sign_in_failed", "sign_out"}));
  const auto wrong = boost::json::parse(sink_.records[1].json).as_object();
  EXPECT_EQ(wrong.at("user.name").as_string(), "Quantri1");
  EXPECT_EQ(wrong.at("source.ip").as_string(), "198.51.100.9");
  EXPECT_EQ(sink_.records[2].json.find("my secret password"), std::string::npos);
}

// Whoever issued a password knows it as well as its owner.
TEST_F(SessionTest, AnIssuedPasswordOpensNothingButItsChange) {
  const IssuedAccount lan = add_account("lan", Role::staff, town_);
  const auto stranger = sign_in("lan", lan.one_time_password, "198.51.100.7");
  ASSERT_TRUE(stranger);
  const auto owner = sign_in("lan", lan.one_time_password);
  ASSERT_FALSE(owner);
  EXPECT_TRUE(owner.error().is(one_time_used));
  EXPECT_NE(owner.error().detail().find("198.51.100.7"), std::string::npos) << "the owner is not told from where";
  // What was added meanwhile does not outlive the change.
  ASSERT_TRUE(database_->write([&](records::Connection& c) {
    return c.run(
        "INSERT INTO passkey (id, account, credential_id, party, algorithm, public_key, sign_count, name,"
        " created_at) VALUES ($1, $2, $3, 'a', 0, $3, 0, 'a', $4)",
        {std::string_view(lan.account.id.text()), std::string_view(lan.account.id.text()),
         as_bytes(std::string_view("key")), to_millis(clock_.now())});
  }));
  ASSERT_TRUE(change(stranger->token, lan.one_time_password, own_password));
  EXPECT_FALSE(directory_->factors().state(lan.account.id)->any());
  EXPECT_TRUE(sign_in("lan", own_password));
}

// A stolen cookie comes from elsewhere.
TEST_F(SessionTest, ACookieThatMovesIsNotedAndEndsInAPublicPlace) {
  const std::string token = add_person("lan");
  const auto noted = [&] {
    EXPECT_TRUE(directory_->audit().deliver());
    const auto acts = sink_.acts();
    return std::count(acts.begin(), acts.end(), "session_two_places");
  };
  const auto from = [&](const std::string& which, std::string_view address) {
    return directory_->sessions().authenticate(which, Touch::yes, address);
  };
  EXPECT_TRUE(from(token, "192.0.2.1"));
  EXPECT_EQ(noted(), 0);
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(from(token, "198.51.100.7"));
  EXPECT_EQ(noted(), 1) << "once for each address";
  SignIn attempt{"lan", own_password, "192.0.2.1", ""};
  attempt.public_place = true;
  const std::string in_public = directory_->sessions().sign_in(attempt)->token;
  const auto before = noted();
  EXPECT_TRUE(from(in_public, "203.0.113.9").error().is(session_over));
  EXPECT_FALSE(alive(in_public));
  EXPECT_EQ(noted(), before + 1);
}

TEST_F(SessionTest, AWholeNetworkOfAddressesIsOneGuesser) {
  const auto guess = [&](int i, const char* network) {
    const std::string name = "name" + std::to_string(i);
    return sign_in(name, "đoán mò", network + std::to_string(i)).error();
  };
  for (int i = 0; i < pause_per_address.free; ++i) EXPECT_TRUE(guess(i, "2001:db8:0:1::").is(sign_in_failed)) << i;
  EXPECT_TRUE(guess(99, "2001:db8:0:1::").is(sign_in_paused));
  EXPECT_TRUE(guess(98, "2001:db8:0:2::").is(sign_in_failed)) << "the network beside";
}

}  // namespace luy::directory
