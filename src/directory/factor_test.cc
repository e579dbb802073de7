// Goal: second factors let the owner in and nobody else: codes work once and stop after ten wrong ones, passkeys only
// for their site, challenge and counter; rules say who must have one; sessions show where they are.
// Method: vectors of RFC 6238; a passkey in software whose answers are damaged one part at a time; the clock moved.
#include "directory/factor.h"

#include <algorithm>
#include <array>

#include "base/encoding.h"
#include "directory/cbor.h"
#include "directory/fixture.h"
#include "directory/soft_key.h"
#include "directory/totp.h"

namespace luy::directory {
namespace {

const RelyingParty party{"luy.test", "https://luy.test:8443"};
constexpr std::string_view home = "192.168.1.7";
constexpr std::string_view away = "203.0.113.7";

class FactorTest : public DirectoryTest {
 protected:
  FactorTest() { set_up_town(); }

  std::string from_base32(std::string_view text) {
    constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    std::string out;
    std::uint32_t bits = 0;
    unsigned held = 0;
    for (const char c : text) {
      bits = bits << 5U | static_cast<std::uint32_t>(alphabet.find(c));
      held += 5;
      if (held >= 8) out += static_cast<char>(bits >> (held -= 8) & 255U);
    }
    return out;
  }
  // Puts an app into use for the administrator; their recovery codes.
  std::vector<std::string> enrol() {
    const auto offer = directory_->factors().offer_totp(administrator(), "Lũy");
    secret_ = from_base32(offer->secret);
    return *directory_->factors().confirm_totp(administrator(), code(), token_);
  }
  std::string code(std::int64_t later = 0) { return totp_code(secret_, totp_step_of(clock_.now()) + later); }
  Result<SignedIn> enter(std::string_view given, std::string_view address = home) {
    SignIn attempt{"quantri1", own_password, address, ""};
    attempt.code = given;
    return directory_->sessions().sign_in(attempt);
  }
  Result<Passkey> add_passkey(const SoftKey& key, std::string_view challenge) {
    return directory_->factors().add_passkey(administrator(), party, challenge,
                                             SoftKey::client_data("webauthn.create", challenge, party.origin),
                                             key.attestation(party.id), "Khóa của Lan", token_);
  }
  Result<SignedIn> use_passkey(const SoftKey& key, const std::string& challenge, const RelyingParty& site = party) {
    const std::string client = SoftKey::client_data("webauthn.get", challenge, site.origin);
    const std::string data = key.authenticator_data(site.id, false);
    const std::string signature = key.sign(site.id, client);
    PasskeySignIn attempt{key.id, challenge, {client, data, signature}, party, home, "", false, "Firefox"};
    return directory_->sessions().sign_in_with_passkey(attempt);
  }

  std::string secret_;
};

}  // namespace

TEST(Totp, MakesTheCodesOfTheStandard) {
  const std::string secret = "12345678901234567890";
  const struct {
    std::int64_t seconds;
    const char* code;  // The last six of RFC 6238's eight digits, appendix B.
  } table[] = {{59, "287082"},         {1111111109, "081804"}, {1111111111, "050471"},
               {1234567890, "005924"}, {2000000000, "279037"}, {20000000000, "353130"}};
  for (const auto& [seconds, code] : table) {
    const Time at = from_millis(seconds * 1000);
    EXPECT_EQ(totp_code(secret, totp_step_of(at)), code);
    EXPECT_TRUE(totp_match(secret, code, at, 0));
    EXPECT_TRUE(totp_match(secret, code, at + std::chrono::seconds(30), 0));
    EXPECT_FALSE(totp_match(secret, code, at + std::chrono::seconds(60), 0));
    EXPECT_FALSE(totp_match(secret, code, at, totp_step_of(at))) << "a code worked twice";
  }
  EXPECT_FALSE(totp_match(secret, "28708", from_millis(59000), 0));
  EXPECT_EQ(to_base32("foobar"), "MZXW6YTBOI");
  EXPECT_EQ(totp_uri("foobar", "lan", "Lũy"),
            "otpauth://totp/L%C5%A9y:lan?secret=MZXW6YTBOI&issuer=L%C5%A9y&algorithm=SHA1&digits=6&period=30");
}

TEST(CborReader, TakesWhatIsCanonicalAndNothingElse) {
  const struct {
    const char* hex;
    bool good;
  } table[] = {
      {"00", true},
      {"1817", false},
      {"1818", true},
      {"190018", false},
      {"20", true},
      {"1bffffffffffffffff", false},
      {"43010203", true},
      {"44010203", false},
      {"63616263", true},
      {"820102", true},
      {"8201", false},
      {"9f0102ff", false},
      {"a10102", true},
      {"a201020102", false},
      {"a1810102", false},
      {"c000", false},
      {"f4", true},
      {"f6", true},
      {"f7", false},
      {"f93c00", false},
      {"", false},
      {"9b00000000ffffffff", false},
      {"818181818181818181818100", false},
  };
  for (const auto& [hex, good] : table) {
    const std::string bytes = *from_hex(hex);
    std::string_view rest = bytes;
    EXPECT_EQ(read_cbor(rest).has_value(), good) << hex;
    EXPECT_TRUE(!good || rest.empty()) << hex;
  }
}

TEST(Webauthn, KnowsTheSiteByItsName) {
  const struct {
    const char* host;
    const char* id;  // Empty: none.
    const char* origin;
  } table[] = {{"luy.bimson.gov.vn", "luy.bimson.gov.vn", "https://luy.bimson.gov.vn"},
               {"luy:8443", "luy", "https://luy:8443"},
               {"luy.vn:443", "luy.vn", "https://luy.vn"},
               {"10.0.0.1:8443", "", ""},
               {"[::1]:8443", "", ""},
               {"luy.vn:", "", ""},
               {"luy.vn:1/x", "", ""},
               {"", "", ""}};
  for (const auto& [host, id, origin] : table) {
    const auto found = relying_party_of(host);
    EXPECT_EQ(found ? found->id : "", id) << host;
    EXPECT_EQ(found ? found->origin : "", origin) << host;
  }
}

TEST(Webauthn, ChecksEveryPartOfARegistrationAndAUse) {
  for (const PasskeyAlgorithm algorithm : {PasskeyAlgorithm::es256, PasskeyAlgorithm::rs256}) {
    SoftKey key(algorithm);
    const std::string create = SoftKey::client_data("webauthn.create", "challenge", party.origin);
    const auto made = check_registration(party, "challenge", create, key.attestation(party.id));
    ASSERT_TRUE(made) << made.error().text();
    EXPECT_EQ(made->credential_id, key.id);
    EXPECT_EQ(made->key.algorithm, algorithm);
    EXPECT_FALSE(check_registration(party, "other", create, key.attestation(party.id)));
    EXPECT_FALSE(check_registration(party, "challenge", create, key.attestation("evil.test")));
    EXPECT_FALSE(check_registration(party, "challenge", create, key.attestation(party.id) + "x"));
    const std::string evil = SoftKey::client_data("webauthn.create", "challenge", "https://evil.test");
    EXPECT_FALSE(check_registration(party, "challenge", evil, key.attestation(party.id)));
    const std::string whole = key.attestation(party.id);
    for (std::size_t size = 0; size < whole.size(); ++size) {
      EXPECT_FALSE(check_registration(party, "challenge", create, whole.substr(0, size))) << size;
    }

    const std::string get = SoftKey::client_data("webauthn.get", "challenge", party.origin);
    const std::string data = key.authenticator_data(party.id, false);
    const std::string signature = key.sign(party.id, get);
    EXPECT_EQ(*check_use(party, "challenge", made->key, 0, {get, data, signature}), 1U);
    EXPECT_FALSE(check_use(party, "challenge", made->key, 1, {get, data, signature})) << "the counter stood still";
    EXPECT_FALSE(check_use(party, "challenge", made->key, 0, {create, data, key.sign(party.id, create)}));
    for (std::size_t at = 0; at < data.size(); ++at) {
      std::string damaged = data;
      damaged[at] = static_cast<char>(damaged[at] ^ 1);
      EXPECT_FALSE(check_use(party, "challenge", made->key, 0, {get, damaged, signature})) << at;
    }
    std::string damaged = signature;
    damaged.back() = static_cast<char>(damaged.back() ^ 1);
    EXPECT_FALSE(check_use(party, "challenge", made->key, 0, {get, data, damaged}));
    for (const std::uint8_t flags : {std::uint8_t{0x01}, std::uint8_t{0x04}, std::uint8_t{0x00}}) {
      key.flags = flags;
      EXPECT_FALSE(check_use(party, "challenge", made->key, 0,
                             {get, key.authenticator_data(party.id, false), key.sign(party.id, get)}))
          << int{flags};
    }
  }
}

TEST_F(FactorTest, AsksForACodeAndTakesItOnce) {
  ASSERT_EQ(enrol().size(), recovery_codes);
  EXPECT_TRUE(alive(token_)) << "whoever enrols stays signed in";
  EXPECT_TRUE(enter("").error().is(factor_required));
  EXPECT_TRUE(enter(code()).error().is(factor_wrong)) << "the code that confirmed it was taken again";
  clock_.advance(totp_step);
  EXPECT_TRUE(enter(code()));
  EXPECT_TRUE(enter(code()).error().is(factor_wrong));
  EXPECT_EQ(directory_->factors().state(administrator_)->failures, 2);
  EXPECT_TRUE(sign_in("quantri1", "wrong password").error().is(sign_in_failed))
      << "the factor showed without a password";
  EXPECT_EQ(directory_->factors().state(administrator_)->failures, 2);
}

TEST_F(FactorTest, TakesARecoveryCodeOnce) {
  const auto codes = enrol();
  EXPECT_TRUE(enter(codes[3]));
  EXPECT_TRUE(enter(codes[3]).error().is(factor_wrong));
  EXPECT_EQ(directory_->factors().state(administrator_)->recovery_left, 9);
  std::string typed = codes[4];
  for (char& c : typed) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c == '-' ? ' ' : c;
  EXPECT_TRUE(enter(typed));
  const auto fresh = directory_->factors().renew_recovery(administrator());
  EXPECT_TRUE(enter(codes[5]).error().is(factor_wrong));
  EXPECT_TRUE(enter(fresh->at(0)));
}

// 10 guesses of 3 codes in a million: 3·10⁻⁵.
TEST_F(FactorTest, StopsAfterTenWrongCodesForGood) {
  const auto codes = enrol();
  for (std::int64_t i = 0; i < factor_failures_max; ++i) {
    const auto wrong = enter("000000");
    ASSERT_TRUE(wrong.error().is(factor_wrong)) << i << wrong.error().text();
    clock_.advance(std::chrono::minutes(20));
  }
  clock_.advance(days(30));
  EXPECT_TRUE(enter(code()).error().is(factor_stopped));
  EXPECT_TRUE(enter(codes[0]).error().is(factor_stopped));
  reopen();
  EXPECT_TRUE(enter(code()).error().is(factor_stopped)) << "forgotten by a restart";
}

TEST_F(FactorTest, ForgetsWrongCodesOnlyWhenThePasswordChanges) {
  enrol();
  clock_.advance(totp_step);
  ASSERT_TRUE(enter("000000").error().is(factor_wrong));
  const auto in = enter(code());
  ASSERT_TRUE(in);
  EXPECT_EQ(directory_->factors().state(administrator_)->failures, 1);
  ASSERT_TRUE(directory_->sessions().change_password({in->token, own_password, "núi Bỉm đứng giữa trời", home}));
  EXPECT_EQ(directory_->factors().state(administrator_)->failures, 0);
}

TEST_F(FactorTest, SignsInByAPasskeyOfThisSiteOnce) {
  SoftKey key;
  const std::string challenge = directory_->factors().challenge_for(administrator_);
  ASSERT_TRUE(add_passkey(key, challenge));
  EXPECT_TRUE(add_passkey(key, challenge).error().is(challenge_over));
  EXPECT_TRUE(add_passkey(key, directory_->factors().challenge_for(
                                   town_.empty() ? AccountId() : AccountId::make(clock_.now(), random_)))
                  .error()
                  .is(challenge_over))
      << "a challenge of somebody else";
  EXPECT_TRUE(enter("").error().is(factor_required)) << "a password alone is not enough any more";

  key.count = 2;
  const std::string first = directory_->factors().challenge_for_sign_in();
  const auto in = use_passkey(key, first);
  ASSERT_TRUE(in) << in.error().text();
  EXPECT_EQ(in->session.actor.account, administrator_);
  key.count = 3;
  EXPECT_TRUE(use_passkey(key, first).error().is(challenge_over)) << "replayed";
  const std::string second = directory_->factors().challenge_for_sign_in();
  EXPECT_TRUE(use_passkey(key, second, {"evil.test", "https://evil.test"}).error().is(passkey_refused));
  key.count = 2;
  EXPECT_TRUE(use_passkey(key, second).error().is(passkey_refused)) << "a copied key";
  key.count = 4;
  clock_.advance(challenge_lifetime);
  EXPECT_TRUE(use_passkey(key, second).error().is(challenge_over));
  SoftKey stranger;
  stranger.id = "unknown";
  EXPECT_TRUE(use_passkey(stranger, directory_->factors().challenge_for_sign_in()).error().is(passkey_refused));
}

TEST_F(FactorTest, AreTakenAwayByTheOwnerOrByWhomHoldsAsMuch) {
  enrol();
  EXPECT_TRUE(directory_->factors().remove_totp(administrator(), true).error().is(factor_last));
  SoftKey key;
  ASSERT_TRUE(add_passkey(key, directory_->factors().challenge_for(administrator_)));
  EXPECT_TRUE(directory_->factors().remove_totp(administrator(), true));
  const PasskeyId id = directory_->factors().state(administrator_)->passkeys.at(0).id;
  EXPECT_TRUE(directory_->factors().remove_passkey(administrator(), id, true).error().is(factor_last));

  EXPECT_TRUE(directory_->factors().reset(administrator(), administrator_).error().is(own_account));
  const AccountId other = AccountId::make(clock_.now(), random_);
  Actor as_other;
  as_other.account = other;
  as_other.grants = {{Role::system_admin, town_}};
  EXPECT_TRUE(directory_->factors().reset(caller_of(as_other, ""), administrator_).error().is(cannot_grant))
      << "the first administrator is also the officer";
  as_other.grants.push_back({Role::security_officer, town_});
  EXPECT_TRUE(directory_->factors().reset(caller_of(as_other, ""), administrator_));
  EXPECT_FALSE(directory_->factors().state(administrator_)->any());
  EXPECT_FALSE(alive(token_));
}

TEST_F(FactorTest, AreAMustForAdministratorsAndFromOutside) {
  add_account("lan", Role::auditor, town_);
  Options options;
  options.sessions.second_factor = SecondFactorRule::required;
  const auto issued =
      directory_->accounts().issue_password(administrator(), directory_->accounts().find_by_username("lan")->id);
  change_issued("lan", *issued, "lúa chín vàng đồng nội");
  reopen(options);
  const auto must = [&](const char* name, std::string_view password, std::string_view address) {
    const auto in = sign_in(name, password, address);
    EXPECT_TRUE(in) << name << " " << address;
    return in && in->session.actor.must_enrol_factor;
  };
  EXPECT_TRUE(must("quantri1", own_password, home));
  EXPECT_TRUE(must("quantri1", own_password, away));
  EXPECT_FALSE(must("lan", "lúa chín vàng đồng nội", home));
  EXPECT_TRUE(must("lan", "lúa chín vàng đồng nội", away));
  AgencyProfile profile;
  profile.networks = {"203.0.113.0/24"};
  ASSERT_TRUE(directory_->profiles().set(server_operator(), town_, profile));
  EXPECT_FALSE(must("lan", "lúa chín vàng đồng nội", away));
  EXPECT_TRUE(must("lan", "lúa chín vàng đồng nội", home))
      << "private addresses are inside only while nothing is named";

  const auto in = sign_in("quantri1", own_password, away);
  EXPECT_TRUE(require(in->session.actor, Action::agency_read, Object::anywhere()).error().is(must_enrol_factor));
  token_ = in->token;
  actor_ = in->session.actor;
  enrol();
  EXPECT_FALSE(directory_->sessions().authenticate(token_, Touch::no)->actor.must_enrol_factor);
}

TEST_F(FactorTest, SessionsAreListedAndEndedByTheirOwner) {
  SignIn attempt{"quantri1", own_password, home, ""};
  attempt.program = "Firefox\xff";
  clock_.advance(std::chrono::seconds(1));
  const auto one = directory_->sessions().sign_in(attempt);
  const auto list = directory_->sessions().list(administrator_, token_);
  ASSERT_EQ(list->size(), 2U);
  EXPECT_EQ(list->at(0).address, home);
  EXPECT_EQ(list->at(0).program, "Firefox\xef\xbf\xbd");
  EXPECT_FALSE(list->at(0).present);
  EXPECT_TRUE(list->at(1).present);
  Actor stranger;
  stranger.account = AccountId::make(clock_.now(), random_);
  EXPECT_TRUE(directory_->sessions().end(caller_of(stranger, ""), list->at(0).id).error().is(session_unknown));
  ASSERT_TRUE(directory_->sessions().end(administrator(), list->at(0).id));
  EXPECT_FALSE(alive(one->token));
  EXPECT_TRUE(alive(token_));
}

TEST_F(FactorTest, TwoPlacesAtOnceAreAFinding) {
  ASSERT_TRUE(sign_in("quantri1", own_password, "192.0.2.1"));
  for (const auto& act : sink_.acts()) EXPECT_NE(act, "session_two_places");
  ASSERT_TRUE(sign_in("quantri1", own_password, away));
  ASSERT_TRUE(directory_->audit().deliver());
  const auto acts = sink_.acts();
  EXPECT_NE(std::find(acts.begin(), acts.end(), "session_two_places"), acts.end());
  EXPECT_TRUE(std::any_of(sink_.records.begin(), sink_.records.end(), [](const auto& record) {
    return record.json.find(R"("also_at":[{"address":"192.0.2.1","seen":"2)") != std::string::npos;
  })) << "with the time, for whoever judges duty 7.2";
  clock_.advance(std::chrono::minutes(6));
  const std::size_t before = sink_.records.size();
  ASSERT_TRUE(sign_in("quantri1", own_password, "192.0.2.9"));
  EXPECT_EQ(sink_.records.size(), before + 1) << "sessions that are over live nowhere";
}

TEST_F(FactorTest, APublicPlaceEndsSoon) {
  const auto issued = add_account("lan", Role::auditor, town_);
  change_issued("lan", issued.one_time_password, own_password);
  SignIn attempt{"lan", own_password, away, ""};
  attempt.public_place = true;
  const auto in = directory_->sessions().sign_in(attempt);
  EXPECT_TRUE(in->session.public_place);
  EXPECT_EQ(in->session.expires_at, clock_.now() + std::chrono::minutes(5));
  clock_.advance(std::chrono::minutes(5));
  EXPECT_FALSE(alive(in->token));
  const auto again = directory_->sessions().sign_in(attempt);
  for (int i = 0; i < 15; ++i) {
    clock_.advance(std::chrono::minutes(4));
    EXPECT_EQ(directory_->sessions().authenticate(again->token, Touch::yes).has_value(), i < 14) << i;
  }
}

TEST_F(FactorTest, PasswordsFollowThePolicyOfThePack) {
  const struct {
    const char* password;
    bool factor;
    const ErrorKind* error;
  } table[] = {{"sông mã chảy về đông", false, &password_too_plain},
               {"Sông mã 2026!", false, &password_shorter_than},
               {"Sông mã chảy 2026!", false, nullptr},
               {"sông mã ơi", true, nullptr},
               {"sông mã", true, &password_shorter_than}};
  for (const auto& [password, factor, error] : table) {
    const auto checked = check_new_password(password, "lan", password_policy_tcvn, factor);
    EXPECT_EQ(checked.has_value(), error == nullptr) << password;
    EXPECT_TRUE(checked || checked.error().is(*error)) << password;
  }
  Options options;
  options.sessions.passwords = password_policy_tcvn;
  reopen(options);
  auto token = sign_in("quantri1", own_password)->token;
  std::string current(own_password);
  clock_.advance(std::chrono::minutes(1));
  for (int i = 0; i < 3; ++i) {
    const std::string next = "Sông Mã chảy về biển " + std::to_string(i);
    const auto changed = directory_->sessions().change_password({token, current, next, home});
    ASSERT_TRUE(changed) << changed.error().text();
    token = changed->token;
    current = next;
    clock_.advance(std::chrono::minutes(1));
  }
  EXPECT_TRUE(directory_->sessions()
                  .change_password({token, current, "Sông Mã chảy về biển 0", home})
                  .error()
                  .is(password_used_before));
  EXPECT_FALSE(sign_in("quantri1", current)->session.actor.must_change_password);
  clock_.advance(days(60));
  EXPECT_TRUE(sign_in("quantri1", current)->session.actor.must_change_password) << "two months are over";
}

}  // namespace luy::directory
