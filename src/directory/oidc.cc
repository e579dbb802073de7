#include "directory/oidc.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/rsa.h>

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <cmath>

#include "base/encoding.h"
#include "base/hash.h"
#include "base/utf8.h"

namespace luy::directory {

namespace {

namespace json = boost::json;

template <auto Free>
struct Freed {
  template <class T>
  void operator()(T* what) const {
    Free(what);
  }
};
using Number = std::unique_ptr<BIGNUM, Freed<BN_free>>;
using PublicKey = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>>;
using KeyContext = std::unique_ptr<EVP_PKEY_CTX, Freed<EVP_PKEY_CTX_free>>;
using Digest = std::unique_ptr<EVP_MD_CTX, Freed<EVP_MD_CTX_free>>;
using Builder = std::unique_ptr<OSSL_PARAM_BLD, Freed<OSSL_PARAM_BLD_free>>;
using Params = std::unique_ptr<OSSL_PARAM, Freed<OSSL_PARAM_free>>;
using Signature = std::unique_ptr<ECDSA_SIG, Freed<ECDSA_SIG_free>>;

constexpr std::size_t coordinate_bytes = 32;  // P-256.

enum class KeyType { rsa, p256 };

Error refused(std::string_view what) {
  return Error(id_token_refused, std::string(what));
}

// Without padding, strictly (RFC 7515 section 2).
std::optional<std::string> from_base64url(std::string_view text) {
  if (text.find_first_of("+/=") != std::string_view::npos) return std::nullopt;
  std::string standard(text);
  std::replace(standard.begin(), standard.end(), '-', '+');
  std::replace(standard.begin(), standard.end(), '_', '/');
  standard.append((4 - standard.size() % 4) % 4, '=');
  return from_base64(standard);
}

std::string text_in(const json::object& object, std::string_view name) {
  const json::value* found = object.if_contains(name);
  return found != nullptr && found->is_string() ? std::string(found->get_string()) : std::string();
}

std::optional<json::object> parse_object(std::string_view text) {
  boost::system::error_code bad;
  json::value parsed = json::parse(text, bad);
  if (bad || !parsed.is_object() || !is_utf8(text)) return std::nullopt;
  return std::move(parsed.get_object());
}

Number number_in(const json::object& key, std::string_view name) {
  const auto bytes = from_base64url(text_in(key, name));
  if (!bytes || bytes->empty()) return nullptr;
  return Number(BN_bin2bn(as_bytes(*bytes).data(), static_cast<int>(bytes->size()), nullptr));
}

PublicKey made(const char* type, OSSL_PARAM_BLD* builder) {
  const Params params(OSSL_PARAM_BLD_to_param(builder));
  const KeyContext context(EVP_PKEY_CTX_new_from_name(nullptr, type, nullptr));
  EVP_PKEY* key = nullptr;
  if (!params || !context || EVP_PKEY_fromdata_init(context.get()) != 1 ||
      EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, params.get()) != 1) {
    return nullptr;
  }
  PublicKey out(key);
  const KeyContext check(EVP_PKEY_CTX_new_from_pkey(nullptr, out.get(), nullptr));
  if (!check || EVP_PKEY_public_check(check.get()) != 1) return nullptr;
  return out;
}

PublicKey rsa_key(const json::object& key) {
  const Number n = number_in(key, "n");
  const Number e = number_in(key, "e");
  const Builder builder(OSSL_PARAM_BLD_new());
  if (!n || !e || BN_num_bits(n.get()) < rsa_bits_min || BN_num_bits(n.get()) > OPENSSL_RSA_MAX_MODULUS_BITS ||
      BN_num_bits(e.get()) > OPENSSL_RSA_MAX_PUBEXP_BITS) {
    return nullptr;
  }
  OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, n.get());
  OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, e.get());
  return made("RSA", builder.get());
}

PublicKey p256_key(const json::object& key) {
  const auto x = from_base64url(text_in(key, "x"));
  const auto y = from_base64url(text_in(key, "y"));
  if (!x || !y || x->size() != coordinate_bytes || y->size() != coordinate_bytes) return nullptr;
  const std::string point = "\x04" + *x + *y;
  const Builder builder(OSSL_PARAM_BLD_new());
  OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, "P-256", 0);
  OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size());
  return made("EC", builder.get());
}

// r and s one after another (RFC 7518 section 3.4) as OpenSSL wants them.
std::optional<std::string> der_of(std::string_view raw) {
  if (raw.size() != 2 * coordinate_bytes) return std::nullopt;
  const auto bytes = as_bytes(raw);
  Number r(BN_bin2bn(bytes.data(), coordinate_bytes, nullptr));
  Number s(BN_bin2bn(bytes.data() + coordinate_bytes, coordinate_bytes, nullptr));
  const Signature signature(ECDSA_SIG_new());
  if (!r || !s || !signature || ECDSA_SIG_set0(signature.get(), r.get(), s.get()) != 1) return std::nullopt;
  static_cast<void>(r.release());
  static_cast<void>(s.release());
  unsigned char* der = nullptr;
  const int size = i2d_ECDSA_SIG(signature.get(), &der);
  if (size <= 0) return std::nullopt;
  std::string out(reinterpret_cast<const char*>(der), static_cast<std::size_t>(size));
  OPENSSL_free(der);
  return out;
}

bool verifies(EVP_PKEY* key, bool pss, std::string_view message, std::string_view signature) {
  const Digest digest(EVP_MD_CTX_new());
  EVP_PKEY_CTX* context = nullptr;  // Owned by the digest.
  if (!digest || EVP_DigestVerifyInit(digest.get(), &context, EVP_sha256(), nullptr, key) != 1) return false;
  if (pss && (EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PSS_PADDING) != 1 ||
              EVP_PKEY_CTX_set_rsa_pss_saltlen(context, RSA_PSS_SALTLEN_DIGEST) != 1)) {
    return false;
  }
  const auto of = as_bytes(signature);
  const auto what = as_bytes(message);
  return EVP_DigestVerify(digest.get(), of.data(), of.size(), what.data(), what.size()) == 1;
}

}  // namespace

struct KeySet::Key {
  KeyType type = KeyType::rsa;
  std::string algorithm;  // That the provider bound it to; empty for any of its type.
  PublicKey key;
};

namespace {

// The key alone says how it may be used; the header only has to agree.
Result<void> check_signature(const KeySet::Key& key, std::string_view algorithm, std::string_view message,
                             std::string_view signature) {
  const bool es = algorithm == "ES256";
  const bool ps = algorithm == "PS256";
  if (!es && !ps && algorithm != "RS256") return refused("alg");
  if (es != (key.type == KeyType::p256)) return refused("alg");
  if (!key.algorithm.empty() && key.algorithm != algorithm) return refused("alg");
  bool good = false;
  if (es) {
    const auto der = der_of(signature);
    good = der && verifies(key.key.get(), false, message, *der);
  } else {
    good = verifies(key.key.get(), ps, message, signature);
  }
  if (!good) return refused("signature");
  return {};
}

// Seconds since 1970, also with a fraction (RFC 7519 section 2).
std::optional<Time> time_in(const json::object& claims, std::string_view name) {
  const json::value* found = claims.if_contains(name);
  if (found == nullptr || !found->is_number()) return std::nullopt;
  const double seconds = found->to_number<double>();
  constexpr double year_9999 = 253402300799.0;
  if (!std::isfinite(seconds) || seconds < 0 || seconds > year_9999) return std::nullopt;
  return Time(std::chrono::duration_cast<Duration>(std::chrono::seconds(static_cast<std::int64_t>(seconds))));
}

Result<void> check_audience(const json::object& claims, std::string_view client) {
  std::vector<std::string> audience;
  const json::value* found = claims.if_contains("aud");
  if (found != nullptr && found->is_string()) audience.emplace_back(found->get_string());
  if (found != nullptr && found->is_array()) {
    for (const json::value& one : found->get_array()) {
      if (!one.is_string()) return refused("aud");
      audience.emplace_back(one.get_string());
    }
  }
  if (std::find(audience.begin(), audience.end(), client) == audience.end()) return refused("aud");
  const json::value* party = claims.if_contains("azp");
  if (party == nullptr && audience.size() > 1) return refused("azp");
  if (party != nullptr && (!party->is_string() || std::string_view(party->get_string()) != client)) {
    return refused("azp");
  }
  return {};
}

Result<void> check_times(const json::object& claims, Time now) {
  const auto expires = time_in(claims, "exp");
  const auto issued = time_in(claims, "iat");
  if (!expires || now >= *expires + id_token_leeway) return refused("exp");
  if (!issued || *issued > now + id_token_leeway || now - *issued > id_token_age_max) return refused("iat");
  if (claims.contains("nbf")) {
    const auto from = time_in(claims, "nbf");
    if (!from || *from > now + id_token_leeway) return refused("nbf");
  }
  return {};
}

bool is_subject(std::string_view text) {
  return !text.empty() && text.size() <= subject_chars_max &&
         std::all_of(text.begin(), text.end(), [](char c) { return c > 0x20 && c < 0x7f; });
}

Result<IdClaims> believed(const json::object& claims, const ExpectedToken& expected) {
  if (expected.issuer.empty() || text_in(claims, "iss") != expected.issuer) return refused("iss");
  LUY_TRY_VOID(check_audience(claims, expected.client));
  LUY_TRY_VOID(check_times(claims, expected.now));
  const std::string nonce = text_in(claims, "nonce");
  if (expected.nonce.empty() || !equal_constant_time(nonce, expected.nonce)) return refused("nonce");
  if (expected.access_token && claims.contains("at_hash")) {
    // The left half of the hash of the token (OpenID Connect Core 1.0 section 3.1.3.6).
    const Hash hash = sha256(*expected.access_token);
    if (text_in(claims, "at_hash") != to_base64url(as_text(hash).substr(0, hash.size() / 2))) return refused("at_hash");
  }
  IdClaims out;
  out.subject = text_in(claims, "sub");
  if (!is_subject(out.subject)) return refused("sub");
  out.username = text_in(claims, "preferred_username");
  out.name = text_in(claims, "name");
  out.email = text_in(claims, "email");
  out.context = text_in(claims, "acr");
  if (const json::value* methods = claims.if_contains("amr"); methods != nullptr && methods->is_array()) {
    for (const json::value& one : methods->get_array()) {
      if (one.is_string()) out.methods.emplace_back(one.get_string());
    }
  }
  return out;
}

}  // namespace

Result<KeySet> KeySet::parse(std::string_view text) {
  if (text.size() > key_set_bytes_max) return Error(key_set_invalid, "64 KiB");
  const auto whole = parse_object(text);
  const json::value* list = whole ? whole->if_contains("keys") : nullptr;
  if (list == nullptr || !list->is_array()) return Error(key_set_invalid, "JSON");
  if (list->get_array().size() > keys_max) return Error(key_set_invalid, std::to_string(keys_max));
  auto keys = std::make_shared<std::map<std::string, Key, std::less<>>>();
  for (const json::value& one : list->get_array()) {
    const json::object* object = one.if_object();
    if (object == nullptr) return Error(key_set_invalid, "keys");
    const std::string use = text_in(*object, "use");
    const std::string kid = text_in(*object, "kid");
    if (kid.empty() || (!use.empty() && use != "sig")) continue;
    Key key;
    key.algorithm = text_in(*object, "alg");
    const std::string type = text_in(*object, "kty");
    if (type == "RSA") {
      key.key = rsa_key(*object);
    } else if (type == "EC" && text_in(*object, "crv") == "P-256") {
      key.type = KeyType::p256;
      key.key = p256_key(*object);
    }
    if (!key.key) continue;
    if (!keys->emplace(kid, std::move(key)).second) return Error(key_set_invalid, "kid");
  }
  if (keys->empty()) return Error(key_set_invalid, "RS256, PS256, ES256");
  KeySet out;
  out.keys_ = std::move(keys);
  return out;
}

std::size_t KeySet::size() const {
  return keys_ ? keys_->size() : 0;
}

const KeySet::Key* KeySet::find(std::string_view kid) const {
  if (!keys_) return nullptr;
  const auto found = keys_->find(kid);
  return found == keys_->end() ? nullptr : &found->second;
}

Result<IdClaims> check_id_token(std::string_view token, const KeySet& keys, const ExpectedToken& expected) {
  if (token.size() > id_token_bytes_max) return refused("16 KiB");
  const std::size_t first = token.find('.');
  const std::size_t second = first == std::string_view::npos ? first : token.find('.', first + 1);
  if (second == std::string_view::npos || token.find('.', second + 1) != std::string_view::npos) return refused("JWS");
  const auto head_text = from_base64url(token.substr(0, first));
  const auto body_text = from_base64url(token.substr(first + 1, second - first - 1));
  const auto signature = from_base64url(token.substr(second + 1));
  if (!head_text || !body_text || !signature) return refused("base64url");
  const auto head = parse_object(*head_text);
  if (!head) return refused("JWS");
  // What we do not know may change what the token means (RFC 7515 section 4.1.11).
  if (head->contains("crit")) return refused("crit");
  const KeySet::Key* key = keys.find(text_in(*head, "kid"));
  if (key == nullptr) return refused("kid");
  LUY_TRY_VOID(check_signature(*key, text_in(*head, "alg"), token.substr(0, second), *signature));
  const auto claims = parse_object(*body_text);
  if (!claims) return refused("claims");
  return believed(*claims, expected);
}

std::string code_challenge(std::string_view verifier) {
  return to_base64url(as_text(sha256(verifier)));
}

SignInStates::Begun SignInStates::begin(std::string source, bool public_place) {
  const auto secret = [this] {
    std::array<std::uint8_t, 32> bytes{};
    random_.fill(bytes);
    return to_base64url(as_text(bytes));
  };
  Begun out{secret(), secret(), secret(), secret()};
  const Time now = clock_.now();
  const std::lock_guard lock(mutex_);
  std::erase_if(waiting_, [&](const auto& one) { return now >= one.second.until; });
  if (waiting_.size() >= waiting_max) {
    waiting_.erase(std::min_element(waiting_.begin(), waiting_.end(),
                                    [](const auto& a, const auto& b) { return a.second.until < b.second.until; }));
  }
  waiting_[out.state] = {out.browser, {std::move(source), out.nonce, out.verifier, public_place}, now + lifetime};
  return out;
}

Result<SignInStates::Ended> SignInStates::end(std::string_view state, std::string_view browser,
                                              std::string_view source) {
  const Time now = clock_.now();
  const std::lock_guard lock(mutex_);
  const auto found = waiting_.find(state);
  if (found == waiting_.end()) return Error(sign_in_state_over);
  Waiting waiting = std::move(found->second);
  waiting_.erase(found);
  const bool early = waiting.until > now + lifetime;  // The clock went back.
  if (now >= waiting.until || early || !equal_constant_time(waiting.browser, browser) ||
      waiting.ended.source != source) {
    return Error(sign_in_state_over);
  }
  return std::move(waiting.ended);
}

}  // namespace luy::directory
