// Goal: an ID token is believed only when every claim and its signature hold; a sign-in begun in one browser is ended
// only there, once, in time.
// Method: keys made here; a token that is right, then each part of it wrong in turn; the ways round known from practice
// (no algorithm, another key's, the public key as a secret, an unknown extension).
#include "directory/oidc.h"

#include <gtest/gtest.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>

#include <boost/json.hpp>
#include <functional>

#include "base/check.h"
#include "base/encoding.h"
#include "base/hash.h"

namespace luy::directory {
namespace {

using boost::json::object;
using Pair = std::unique_ptr<EVP_PKEY, void (*)(EVP_PKEY*)>;

Pair made(EVP_PKEY* key) {
  LUY_CHECK(key != nullptr);
  return {key, EVP_PKEY_free};
}

std::string number_of(EVP_PKEY* key, const char* name, int bytes) {
  BIGNUM* number = nullptr;
  LUY_CHECK(EVP_PKEY_get_bn_param(key, name, &number) == 1);
  std::string out(static_cast<std::size_t>(bytes == 0 ? BN_num_bytes(number) : bytes), '\0');
  BN_bn2binpad(number, reinterpret_cast<unsigned char*>(out.data()), static_cast<int>(out.size()));
  BN_free(number);
  return to_base64url(out);
}

object rsa_jwk(EVP_PKEY* key, const std::string& kid) {
  return {{"kty", "RSA"},
          {"kid", kid},
          {"use", "sig"},
          {"n", number_of(key, OSSL_PKEY_PARAM_RSA_N, 0)},
          {"e", number_of(key, OSSL_PKEY_PARAM_RSA_E, 0)}};
}
object ec_jwk(EVP_PKEY* key, const std::string& kid) {
  return {{"kty", "EC"},
          {"crv", "P-256"},
          {"kid", kid},
          {"x", number_of(key, OSSL_PKEY_PARAM_EC_PUB_X, 32)},
          {"y", number_of(key, OSSL_PKEY_PARAM_EC_PUB_Y, 32)}};
}

std::string sign(EVP_PKEY* key, const std::string& algorithm, const std::string& message) {
  EVP_MD_CTX* digest = EVP_MD_CTX_new();
  EVP_PKEY_CTX* context = nullptr;
  LUY_CHECK(EVP_DigestSignInit(digest, &context, EVP_sha256(), nullptr, key) == 1);
  if (algorithm == "PS256") {
    EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PSS_PADDING);
    EVP_PKEY_CTX_set_rsa_pss_saltlen(context, RSA_PSS_SALTLEN_DIGEST);
  }
  std::size_t size = 0;
  const auto bytes = as_bytes(message);
  LUY_CHECK(EVP_DigestSign(digest, nullptr, &size, bytes.data(), bytes.size()) == 1);
  std::string out(size, '\0');
  LUY_CHECK(EVP_DigestSign(digest, reinterpret_cast<unsigned char*>(out.data()), &size, bytes.data(), bytes.size()) ==
            1);
  out.resize(size);
  EVP_MD_CTX_free(digest);
  if (algorithm != "ES256") return out;
  const auto* der = reinterpret_cast<const unsigned char*>(out.data());
  ECDSA_SIG* signature = d2i_ECDSA_SIG(nullptr, &der, static_cast<long>(out.size()));
  std::string raw(64, '\0');
  BN_bn2binpad(ECDSA_SIG_get0_r(signature), reinterpret_cast<unsigned char*>(raw.data()), 32);
  BN_bn2binpad(ECDSA_SIG_get0_s(signature), reinterpret_cast<unsigned char*>(raw.data() + 32), 32);
  ECDSA_SIG_free(signature);
  return raw;
}

class IdToken : public testing::Test {
 protected:
  IdToken() {
    object keys{{"keys", {rsa_jwk(rsa_.get(), "rsa"), ec_jwk(ec_.get(), "ec"), rsa_jwk(other_.get(), "other")}}};
    keys["keys"].as_array()[2].as_object()["alg"] = "PS256";
    keys_ = *KeySet::parse(boost::json::serialize(keys));
  }
  object claims() const {
    const auto now = std::chrono::duration_cast<std::chrono::seconds>(now_.time_since_epoch()).count();
    return {{"iss", "https://id.thanhhoa.gov.vn"},
            {"aud", "luy"},
            {"sub", "8f3a"},
            {"nonce", "n-1"},
            {"iat", now},
            {"exp", now + 300},
            {"name", "Lan"},
            {"preferred_username", "lan"},
            {"amr", {"pwd", "otp"}}};
  }
  static std::string encoded(const object& head, const object& body) {
    return to_base64url(boost::json::serialize(head)) + "." + to_base64url(boost::json::serialize(body));
  }
  std::string token(const object& body, const std::string& algorithm = "RS256", const std::string& kid = "rsa") const {
    const std::string message = encoded({{"alg", algorithm}, {"kid", kid}}, body);
    EVP_PKEY* key = kid == "ec" ? ec_.get() : kid == "other" ? other_.get() : rsa_.get();
    return message + "." + to_base64url(sign(key, algorithm, message));
  }
  Result<IdClaims> check(const std::string& text) const {
    return check_id_token(text, keys_, {"https://id.thanhhoa.gov.vn", "luy", "n-1", now_, "at"});
  }

  // Once for all tests of this file: making them is dear.
  static inline const Pair rsa_ = made(EVP_RSA_gen(2048));
  static inline const Pair other_ = made(EVP_RSA_gen(2048));
  static inline const Pair ec_ = made(EVP_EC_gen("P-256"));
  const Time now_ = *from_rfc3339("2026-11-23T03:00:00Z");
  KeySet keys_;
};

}  // namespace

TEST_F(IdToken, IsBelievedWhenEverythingHolds) {
  for (const auto& [algorithm, kid] : std::vector<std::pair<const char*, const char*>>{
           {"RS256", "rsa"}, {"PS256", "rsa"}, {"ES256", "ec"}, {"PS256", "other"}}) {
    const auto believed = check(token(claims(), algorithm, kid));
    ASSERT_TRUE(believed) << algorithm << believed.error().text();
    EXPECT_EQ(believed->subject, "8f3a");
    EXPECT_EQ(believed->username, "lan");
    EXPECT_EQ(believed->methods, (std::vector<std::string>{"pwd", "otp"}));
  }
  object several = claims();
  several["aud"] = {"other", "luy"};
  several["azp"] = "luy";
  EXPECT_TRUE(check(token(several)));
  object bound = claims();
  bound["at_hash"] = to_base64url(as_text(sha256("at")).substr(0, 16));
  EXPECT_TRUE(check(token(bound)));
  object slow = claims();
  slow["exp"] = claims()["iat"].as_int64() - 59;
  EXPECT_TRUE(check(token(slow))) << "within the leeway";
}

TEST_F(IdToken, IsRefusedForEachClaimThatDoesNotHold) {
  const std::int64_t now = claims()["iat"].as_int64();
  const struct {
    const char* name;
    boost::json::value value;  // null: taken away.
    const char* what;
  } table[] = {
      {"iss", "https://id.thanhhoa.gov.vn/", "iss"},
      {"iss", nullptr, "iss"},
      {"aud", "other", "aud"},
      {"aud", nullptr, "aud"},
      {"aud", boost::json::array{"other"}, "aud"},
      {"aud", boost::json::array{"luy", "other"}, "azp"},
      {"aud", boost::json::array{"luy", 5}, "aud"},
      {"azp", "other", "azp"},
      {"nonce", "n-2", "nonce"},
      {"nonce", nullptr, "nonce"},
      {"exp", now - 60, "exp"},
      {"exp", nullptr, "exp"},
      {"exp", "soon", "exp"},
      {"iat", now + 61, "iat"},
      {"iat", now - 601, "iat"},
      {"iat", nullptr, "iat"},
      {"nbf", now + 61, "nbf"},
      {"nbf", "x", "nbf"},
      {"sub", "", "sub"},
      {"sub", nullptr, "sub"},
      {"sub", "hai dòng", "sub"},
      {"sub", boost::json::value(std::string(256, 'a')), "sub"},
      {"at_hash", "AAAA", "at_hash"},
  };
  for (const auto& [name, value, what] : table) {
    object body = claims();
    if (value.is_null()) {
      body.erase(name);
    } else {
      body[name] = value;
    }
    const auto checked = check(token(body));
    ASSERT_FALSE(checked) << name;
    EXPECT_TRUE(checked.error().is(id_token_refused));
    EXPECT_NE(checked.error().en().find(std::string(": ") + what + "."), std::string::npos)
        << name << checked.error().text();
  }
  EXPECT_FALSE(check_id_token(token(claims()), keys_, {"https://id.thanhhoa.gov.vn", "luy", "", now_})) << "no nonce";
}

TEST_F(IdToken, IsRefusedForEachWayRoundItsSignature) {
  const object body = claims();
  const std::string good = token(body);
  object forged = body;
  forged["sub"] = "another";
  const std::string message = encoded({{"alg", "RS256"}, {"kid", "rsa"}}, forged);
  const std::string hmac_message = encoded({{"alg", "HS256"}, {"kid", "rsa"}}, forged);
  const std::string public_key = number_of(rsa_.get(), OSSL_PKEY_PARAM_RSA_N, 0);
  const Hash mac = hmac_sha256(public_key, hmac_message);
  const std::string crit = encoded({{"alg", "RS256"}, {"kid", "rsa"}, {"crit", {"b64"}}, {"b64", false}}, body);
  const std::string es256 = encoded({{"alg", "ES256"}, {"kid", "rsa"}}, body);
  std::string flipped = good;
  flipped[flipped.size() - 10] = flipped[flipped.size() - 10] == 'A' ? 'B' : 'A';
  const std::string zeros =
      encoded({{"alg", "ES256"}, {"kid", "ec"}}, forged) + "." + to_base64url(std::string(64, '\0'));
  const struct {
    const char* what;
    std::string token;
  } table[] = {
      {"no algorithm", encoded({{"alg", "none"}, {"kid", "rsa"}}, forged) + "."},
      {"none at all", encoded({{"kid", "rsa"}}, forged) + "." + to_base64url("x")},
      {"the public key as a secret", hmac_message + "." + to_base64url(as_text(mac))},
      {"another body under the signature", message + good.substr(good.rfind('.'))},
      {"a bit of the signature", flipped},
      {"signed by another key than it names", message + "." + to_base64url(sign(other_.get(), "RS256", message))},
      {"a key that is none", token(body, "RS256", "none")},
      {"no key named", encoded({{"alg", "RS256"}}, body) + good.substr(good.rfind('.'))},
      {"an algorithm of another type of key", es256 + "." + to_base64url(sign(rsa_.get(), "RS256", es256))},
      {"an algorithm the provider did not bind the key to", token(body, "RS256", "other")},
      {"a signature of zeros (CVE-2022-21449)", zeros},
      {"an extension we do not know", crit + "." + to_base64url(sign(rsa_.get(), "RS256", crit))},
      {"two parts", good.substr(0, good.rfind('.'))},
      {"four parts", good + ".x"},
      {"padding", good + "="},
      {"nothing", ""},
      {"too much", good + std::string(id_token_bytes_max, 'A')},
  };
  ASSERT_TRUE(check(good));
  for (const auto& [what, text] : table) {
    const auto checked = check(text);
    ASSERT_FALSE(checked) << what;
    EXPECT_TRUE(checked.error().is(id_token_refused)) << what;
  }
}

TEST_F(IdToken, ReadsKeySetsAndTheirFaults) {
  EXPECT_EQ(keys_.size(), 3U);
  const object rsa = rsa_jwk(rsa_.get(), "rsa");
  const Pair small = made(EVP_RSA_gen(1024));
  object encrypts = rsa;
  encrypts["use"] = "enc";
  object nameless = rsa;
  nameless.erase("kid");
  object off = ec_jwk(ec_.get(), "off");
  off["y"] = off["x"];
  object odd = rsa;
  odd["kid"] = "odd";
  odd["kty"] = "oct";
  const auto set = [](std::initializer_list<boost::json::value_ref> list) {
    return boost::json::serialize(object{{"keys", boost::json::array(list)}});
  };
  const auto some = KeySet::parse(set({rsa, rsa_jwk(small.get(), "small"), off, odd, nameless}));
  ASSERT_TRUE(some) << some.error().text();
  EXPECT_EQ(some->size(), 1U) << "what cannot be used is skipped";
  for (const std::string& bad : {std::string("x"), std::string("{}"), set({}), set({encrypts}), set({rsa, rsa}),
                                 set({1}), std::string(key_set_bytes_max + 1, ' ')}) {
    EXPECT_TRUE(KeySet::parse(bad).error().is(key_set_invalid)) << bad.substr(0, 60);
  }
}

TEST(SignInState, IsEndedOnceInTimeWhereItBegan) {
  FakeClock clock(*from_rfc3339("2026-11-23T03:00:00Z"));
  SystemRandom random;
  SignInStates states(clock, random);
  const auto begun = states.begin("source-1", true);
  EXPECT_NE(begun.state, begun.browser);
  const auto ended = states.end(begun.state, begun.browser, "source-1");
  ASSERT_TRUE(ended);
  EXPECT_EQ(ended->nonce, begun.nonce);
  EXPECT_EQ(ended->verifier, begun.verifier);
  EXPECT_TRUE(ended->public_place);
  EXPECT_FALSE(states.end(begun.state, begun.browser, "source-1")) << "once";
  const struct {
    const char* what;
    std::function<Result<SignInStates::Ended>(const SignInStates::Begun&)> end;
  } table[] = {
      {"another browser", [&](const auto& one) { return states.end(one.state, "", "source-1"); }},
      {"another source", [&](const auto& one) { return states.end(one.state, one.browser, "source-2"); }},
      {"another state", [&](const auto& one) { return states.end(one.browser, one.browser, "source-1"); }},
      {"too late",
       [&](const auto& one) {
         clock.advance(SignInStates::lifetime);
         return states.end(one.state, one.browser, "source-1");
       }},
      {"after a refusal",
       [&](const auto& one) {
         static_cast<void>(states.end(one.state, "", "source-1"));
         return states.end(one.state, one.browser, "source-1");
       }},
  };
  for (const auto& [what, end] : table) {
    const auto result = end(states.begin("source-1", false));
    ASSERT_FALSE(result) << what;
    EXPECT_TRUE(result.error().is(sign_in_state_over)) << what;
  }
  const auto oldest = states.begin("source-1", false);
  clock.advance(std::chrono::seconds(1));
  for (std::size_t i = 0; i < SignInStates::waiting_max; ++i) states.begin("source-1", false);
  EXPECT_FALSE(states.end(oldest.state, oldest.browser, "source-1")) << "there is room for so many";
  // RFC 7636 appendix B.
  EXPECT_EQ(code_challenge("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"),
            "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
}

}  // namespace luy::directory
