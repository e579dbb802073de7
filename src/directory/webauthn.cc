#include "directory/webauthn.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/x509.h>

#include <algorithm>
#include <boost/json.hpp>
#include <memory>

#include "base/encoding.h"
#include "base/hash.h"
#include "directory/cbor.h"

namespace luy::directory {
namespace {

template <auto Free>
struct Freed {
  template <class T>
  void operator()(T* pointer) const {
    Free(pointer);
  }
};
using Key = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>>;
using KeyContext = std::unique_ptr<EVP_PKEY_CTX, Freed<EVP_PKEY_CTX_free>>;
using DigestContext = std::unique_ptr<EVP_MD_CTX, Freed<EVP_MD_CTX_free>>;
using Builder = std::unique_ptr<OSSL_PARAM_BLD, Freed<OSSL_PARAM_BLD_free>>;
using Params = std::unique_ptr<OSSL_PARAM, Freed<OSSL_PARAM_free>>;
using Number = std::unique_ptr<BIGNUM, Freed<BN_free>>;

constexpr std::uint8_t person_present = 0x01;
constexpr std::uint8_t person_verified = 0x04;
constexpr std::uint8_t has_key = 0x40;
constexpr std::uint8_t has_extensions = 0x80;

Error refused(std::string why) {
  return Error(passkey_refused, std::move(why));
}

const unsigned char* unsigned_bytes(std::string_view bytes) {
  return reinterpret_cast<const unsigned char*>(bytes.data());
}

// Section 7.1 steps 5 to 11, section 7.2 steps 11 to 14.
Result<void> check_client_data(const RelyingParty& party, std::string_view challenge, std::string_view type,
                               std::string_view json) {
  if (json.size() > passkey_part_bytes_max) return refused("client data");
  boost::system::error_code bad;
  boost::json::parse_options options;
  options.max_depth = 8;
  const auto value = boost::json::parse(json, bad, {}, options);
  const auto* object = bad ? nullptr : value.if_object();
  if (object == nullptr) return refused("client data");
  const auto is = [&](std::string_view name, std::string_view wanted) {
    const auto* member = object->if_contains(name);
    return member != nullptr && member->is_string() && std::string_view(member->get_string()) == wanted;
  };
  if (!is("type", type)) return refused("type");
  if (!is("challenge", to_base64url(challenge))) return refused("challenge");
  if (!is("origin", party.origin)) return refused("origin");
  if (const auto* foreign = object->if_contains("crossOrigin"); foreign != nullptr && *foreign != false) {
    return refused("crossOrigin");
  }
  return {};
}

struct AuthenticatorData {
  std::uint8_t flags = 0;
  std::uint32_t sign_count = 0;
  std::string_view rest;
};

Result<AuthenticatorData> read_authenticator_data(const RelyingParty& party, std::string_view bytes) {
  ByteReader reader(bytes);
  const std::string_view party_hash = reader.bytes(32);
  AuthenticatorData out;
  out.flags = reader.u8();
  out.sign_count = reader.u32();
  out.rest = reader.rest();
  if (!reader.ok() || bytes.size() > passkey_part_bytes_max) return refused("authenticator data");
  const Hash wanted = sha256(party.id);
  if (!equal_constant_time(party_hash, as_text(wanted))) return refused("relying party");
  if ((out.flags & person_present) == 0) return refused("presence");
  if ((out.flags & person_verified) == 0) return refused("verification");
  return out;
}

std::string to_der(EVP_PKEY* key) {
  unsigned char* out = nullptr;
  const int size = i2d_PUBKEY(key, &out);
  if (size <= 0) return {};
  std::string der(reinterpret_cast<char*>(out), static_cast<std::size_t>(size));
  OPENSSL_free(out);
  return der;
}

std::string build_key(const char* type, OSSL_PARAM_BLD* parts) {
  const Params params(OSSL_PARAM_BLD_to_param(parts));
  const KeyContext context(EVP_PKEY_CTX_new_from_name(nullptr, type, nullptr));
  EVP_PKEY* made = nullptr;
  if (!params || !context || EVP_PKEY_fromdata_init(context.get()) != 1 ||
      EVP_PKEY_fromdata(context.get(), &made, EVP_PKEY_PUBLIC_KEY, params.get()) != 1) {
    return {};
  }
  const Key key(made);
  // A point off the curve is refused here.
  const KeyContext check(EVP_PKEY_CTX_new_from_pkey(nullptr, key.get(), nullptr));
  if (!check || EVP_PKEY_public_check_quick(check.get()) != 1) return {};
  return to_der(key.get());
}

std::string ec_key(std::string_view x, std::string_view y) {
  const Builder parts(OSSL_PARAM_BLD_new());
  const std::string point = "\x04" + std::string(x) + std::string(y);
  if (!parts || OSSL_PARAM_BLD_push_utf8_string(parts.get(), OSSL_PKEY_PARAM_GROUP_NAME, "prime256v1", 0) != 1 ||
      OSSL_PARAM_BLD_push_octet_string(parts.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size()) != 1) {
    return {};
  }
  return build_key("EC", parts.get());
}

std::string rsa_key(std::string_view modulus, std::string_view exponent) {
  const Number n(BN_bin2bn(unsigned_bytes(modulus), static_cast<int>(modulus.size()), nullptr));
  const Number e(BN_bin2bn(unsigned_bytes(exponent), static_cast<int>(exponent.size()), nullptr));
  const Builder parts(OSSL_PARAM_BLD_new());
  if (!n || !e || !parts || OSSL_PARAM_BLD_push_BN(parts.get(), OSSL_PKEY_PARAM_RSA_N, n.get()) != 1 ||
      OSSL_PARAM_BLD_push_BN(parts.get(), OSSL_PKEY_PARAM_RSA_E, e.get()) != 1) {
    return {};
  }
  return build_key("RSA", parts.get());
}

// A COSE key (RFC 9053): kty 1, alg 3; EC2 has crv -1, x -2, y -3; RSA n -1, e -2.
Result<PasskeyKey> read_key(const Cbor& cose) {
  const auto number = [&](std::int64_t label) { return cose.find(label) ? cose.find(label)->integer() : std::nullopt; };
  const auto bytes = [&](std::int64_t label) {
    return cose.find(label) ? cose.find(label)->bytes().value_or("") : std::string_view();
  };
  PasskeyKey out;
  if (number(3) == -7 && number(1) == 2 && number(-1) == 1 && bytes(-2).size() == 32 && bytes(-3).size() == 32) {
    out.der = ec_key(bytes(-2), bytes(-3));
  } else if (number(3) == -257 && number(1) == 3 && bytes(-1).size() >= 256 && bytes(-1).size() <= 512 &&
             !bytes(-2).empty() && bytes(-2).size() <= 4) {
    out.algorithm = PasskeyAlgorithm::rs256;
    out.der = rsa_key(bytes(-1), bytes(-2));
  }
  if (out.der.empty()) return refused("key");
  return out;
}

bool verifies(const PasskeyKey& key, std::string_view message, std::string_view signature) {
  const unsigned char* at = unsigned_bytes(key.der);
  const Key loaded(d2i_PUBKEY(nullptr, &at, static_cast<long>(key.der.size())));
  const DigestContext context(EVP_MD_CTX_new());
  return loaded && context && EVP_DigestVerifyInit(context.get(), nullptr, EVP_sha256(), nullptr, loaded.get()) == 1 &&
         EVP_DigestVerify(context.get(), unsigned_bytes(signature), signature.size(), unsigned_bytes(message),
                          message.size()) == 1;
}

}  // namespace

std::optional<RelyingParty> relying_party_of(std::string_view host) {
  const std::string_view name = host.substr(0, host.find(':'));
  const bool clean = !name.empty() && name.size() <= 253 && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
  });
  // The last label of an address is a number; of a name it is not.
  const std::size_t dot = name.rfind('.');
  const std::string_view last = dot == std::string_view::npos ? name : name.substr(dot + 1);
  const bool address =
      !last.empty() && std::all_of(last.begin(), last.end(), [](char c) { return c >= '0' && c <= '9'; });
  const std::string_view port = host.substr(name.size());
  const bool good_port =
      port.empty() || (port.size() > 1 && port.size() <= 6 &&
                       std::all_of(port.begin() + 1, port.end(), [](char c) { return c >= '0' && c <= '9'; }));
  if (!clean || address || last.empty() || !good_port) return std::nullopt;
  return RelyingParty{std::string(name), "https://" + std::string(name) + (port == ":443" ? "" : std::string(port))};
}

Result<NewPasskey> check_registration(const RelyingParty& party, std::string_view challenge,
                                      std::string_view client_data, std::string_view attestation_object) {
  LUY_TRY_VOID(check_client_data(party, challenge, "webauthn.create", client_data));
  if (attestation_object.size() > passkey_part_bytes_max) return refused("attestation");
  const auto attestation = read_cbor(attestation_object);
  if (!attestation || !attestation_object.empty()) return refused("attestation");
  const Cbor* data = attestation->find("authData");
  if (data == nullptr || !data->bytes()) return refused("attestation");
  LUY_TRY(const AuthenticatorData read, read_authenticator_data(party, *data->bytes()));
  if ((read.flags & has_key) == 0) return refused("key");
  ByteReader reader(read.rest);
  reader.bytes(16);  // The maker's model number, which attestation would vouch for.
  const std::size_t id_size = reader.u16();
  NewPasskey out;
  out.credential_id = reader.bytes(id_size);
  out.sign_count = read.sign_count;
  if (!reader.ok() || out.credential_id.empty() || id_size > passkey_id_bytes_max) return refused("credential");
  std::string_view rest = reader.rest();
  const auto cose = read_cbor(rest);
  if (!cose) return refused("key");
  LUY_TRY(out.key, read_key(*cose));
  if ((read.flags & has_extensions) != 0 && !read_cbor(rest)) return refused("extensions");
  if (!rest.empty()) return refused("authenticator data");
  return out;
}

Result<std::uint32_t> check_use(const RelyingParty& party, std::string_view challenge, const PasskeyKey& key,
                                std::uint32_t sign_count, const PasskeyUse& use) {
  LUY_TRY_VOID(check_client_data(party, challenge, "webauthn.get", use.client_data));
  LUY_TRY(const AuthenticatorData read, read_authenticator_data(party, use.authenticator_data));
  const Hash client_hash = sha256(use.client_data);
  const std::string message = std::string(use.authenticator_data) + std::string(as_text(client_hash));
  if (use.signature.size() > passkey_part_bytes_max || !verifies(key, message, use.signature)) {
    return refused("signature");
  }
  if ((read.sign_count != 0 || sign_count != 0) && read.sign_count <= sign_count) return refused("counter");
  return read.sign_count;
}

}  // namespace luy::directory
