#include "hub/ca.h"

#include <algorithm>
#include <array>
#include <boost/algorithm/string/join.hpp>
#include <set>

#include "base/encoding.h"
#include "base/file.h"
#include "base/hash.h"
#include "hub/openssl.h"

namespace luy::hub {
namespace {

constexpr std::size_t pem_bytes_max = 64 << 10;
// Machines whose clocks are a few minutes behind must be able to use a certificate at once.
constexpr auto backdate = std::chrono::minutes(5);

std::string bio_text(BIO* bio) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio, &data);
  return size > 0 ? std::string(data, static_cast<std::size_t>(size)) : std::string();
}

std::string to_pem(X509* certificate) {
  const BioPtr bio(BIO_new(BIO_s_mem()));
  LUY_CHECK(bio && PEM_write_bio_X509(bio.get(), certificate) == 1);
  return bio_text(bio.get());
}

std::string to_pem(EVP_PKEY* key) {
  const BioPtr bio(BIO_new(BIO_s_mem()));
  LUY_CHECK(bio && PEM_write_bio_PKCS8PrivateKey(bio.get(), key, nullptr, nullptr, 0, nullptr, nullptr) == 1);
  return bio_text(bio.get());
}

BioPtr bio_over(std::string_view text) {
  return BioPtr(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

// OpenSSL would ask on the terminal for the password of an encrypted file.
int no_password(char*, int, int, void*) {
  return -1;
}

X509Ptr read_certificate(std::string_view pem) {
  return X509Ptr(PEM_read_bio_X509(bio_over(pem).get(), nullptr, no_password, nullptr));
}

KeyPtr read_key(std::string_view pem) {
  return KeyPtr(PEM_read_bio_PrivateKey(bio_over(pem).get(), nullptr, no_password, nullptr));
}

bool add_extension(X509* certificate, X509* issuer, int nid, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str());
  if (extension == nullptr) return false;
  const bool added = X509_add_ext(certificate, extension, -1) == 1;
  X509_EXTENSION_free(extension);
  return added;
}

struct Plan {
  std::string common_name;
  std::string alternative_names;  // OpenSSL's configuration form; empty = none.
  const char* usage = nullptr;    // Extended key usage; nullptr = this is the authority itself.
  int days = 0;
};

struct Made {
  X509Ptr certificate;
  std::string serial;
  Time not_before;
  Time not_after;
};

Result<Made> make_certificate(EVP_PKEY* subject_key, X509* issuer, EVP_PKEY* issuer_key, const Plan& plan,
                              const Clock& clock, Random& random) {
  Made made{X509Ptr(X509_new()), {}, clock.now() - backdate, clock.now() + days(plan.days)};
  X509* const certificate = made.certificate.get();
  std::array<std::uint8_t, 16> serial{};
  random.fill(serial);
  serial[0] = static_cast<std::uint8_t>((serial[0] & 0x7f) | 0x40);  // Positive, and always 16 bytes long.
  made.serial = to_hex(serial);
  const BignumPtr number(BN_bin2bn(serial.data(), static_cast<int>(serial.size()), nullptr));
  const auto seconds = [](Time time) {
    return static_cast<time_t>(std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count());
  };
  X509_NAME* const name = X509_get_subject_name(certificate);
  X509* const signer = issuer != nullptr ? issuer : certificate;
  const bool authority = plan.usage == nullptr;
  const bool good =
      X509_set_version(certificate, X509_VERSION_3) == 1 &&
      BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(certificate)) != nullptr &&
      ASN1_TIME_set(X509_getm_notBefore(certificate), seconds(made.not_before)) != nullptr &&
      ASN1_TIME_set(X509_getm_notAfter(certificate), seconds(made.not_after)) != nullptr &&
      X509_set_pubkey(certificate, subject_key) == 1 &&
      X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8,
                                 reinterpret_cast<const unsigned char*>(plan.common_name.c_str()), -1, -1, 0) == 1 &&
      X509_set_issuer_name(certificate, X509_get_subject_name(signer)) == 1 &&
      add_extension(certificate, signer, NID_basic_constraints,
                    authority ? "critical,CA:TRUE,pathlen:0" : "critical,CA:FALSE") &&
      add_extension(certificate, signer, NID_key_usage,
                    authority ? "critical,keyCertSign,cRLSign" : "critical,digitalSignature") &&
      add_extension(certificate, signer, NID_subject_key_identifier, "hash") &&
      (authority || (add_extension(certificate, signer, NID_authority_key_identifier, "keyid") &&
                     add_extension(certificate, signer, NID_ext_key_usage, plan.usage))) &&
      (plan.alternative_names.empty() ||
       add_extension(certificate, signer, NID_subject_alt_name, plan.alternative_names)) &&
      X509_sign(certificate, issuer_key, EVP_sha256()) > 0;
  if (!good) return Error(ca_failed, openssl_error());
  return made;
}

bool acceptable_key(const EVP_PKEY* key) {
  if (EVP_PKEY_is_a(key, "ED25519") == 1) return true;
  if (EVP_PKEY_is_a(key, "RSA") == 1) return EVP_PKEY_get_bits(key) >= 2048 && EVP_PKEY_get_bits(key) <= 8192;
  if (EVP_PKEY_is_a(key, "EC") != 1) return false;
  char group[64];
  std::size_t length = 0;
  if (EVP_PKEY_get_group_name(key, group, sizeof group, &length) != 1) return false;
  const std::string_view name(group, length);
  return name == "prime256v1" || name == "secp384r1" || name == "P-256" || name == "P-384";
}

std::string name_entry(const std::string& name) {
  ASN1_OCTET_STRING* address = a2i_IPADDRESS(name.c_str());
  const bool is_address = address != nullptr;
  ASN1_OCTET_STRING_free(address);
  ERR_clear_error();
  return (is_address ? "IP:" : "DNS:") + name;
}

// A DNS name goes into an OpenSSL configuration string, where ',' and ':' have meaning.
bool plain_name(std::string_view name) {
  return !name.empty() && name.size() <= 253 && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-' ||
           c == ':' || c == '_';
  });
}

std::set<std::string> names_in(const X509* certificate) {
  std::set<std::string> out;
  const GeneralNamesPtr names(
      static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)));
  for (int i = 0; names && i < sk_GENERAL_NAME_num(names.get()); ++i) {
    const GENERAL_NAME* name = sk_GENERAL_NAME_value(names.get(), i);
    const ASN1_STRING* text = name->type == GEN_DNS     ? name->d.dNSName
                              : name->type == GEN_IPADD ? name->d.iPAddress
                                                        : nullptr;
    if (text == nullptr) continue;
    std::string bytes(reinterpret_cast<const char*>(ASN1_STRING_get0_data(text)),
                      static_cast<std::size_t>(ASN1_STRING_length(text)));
    out.insert(name->type == GEN_DNS ? "DNS:" + bytes : "IP:" + to_hex(as_bytes(bytes)));
  }
  return out;
}

std::set<std::string> names_wanted(const std::vector<std::string>& names) {
  std::set<std::string> out;
  for (const std::string& name : names) {
    ASN1_OCTET_STRING* address = a2i_IPADDRESS(name.c_str());
    if (address != nullptr) {
      out.insert("IP:" +
                 to_hex({ASN1_STRING_get0_data(address), static_cast<std::size_t>(ASN1_STRING_length(address))}));
    } else {
      out.insert("DNS:" + name);
    }
    ASN1_OCTET_STRING_free(address);
  }
  ERR_clear_error();
  return out;
}

}  // namespace

struct Ca::State {
  KeyPtr key;
  X509Ptr certificate;
};

Ca::Ca(std::filesystem::path keys, const Clock& clock, Random& random)
    : keys_(std::move(keys)), clock_(clock), random_(random), state_(std::make_unique<State>()) {}
Ca::~Ca() = default;

Result<std::unique_ptr<Ca>> Ca::open_or_create(const std::filesystem::path& keys, const Clock& clock, Random& random) {
  LUY_TRY_VOID(make_folder(keys, 0700));
  std::unique_ptr<Ca> ca(new Ca(keys, clock, random));
  LUY_TRY_VOID(ca->load_or_make());
  ca->certificate_pem_ = to_pem(ca->state_->certificate.get());
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  LUY_CHECK(X509_digest(ca->state_->certificate.get(), EVP_sha256(), digest.data(), &size) == 1);
  std::string hex = to_hex({digest.data(), size});
  for (std::size_t i = 0; i < hex.size(); i += 2) {
    if (i > 0) ca->fingerprint_ += ':';
    for (std::size_t k = i; k < i + 2; ++k) ca->fingerprint_ += static_cast<char>(std::toupper(hex[k]));
  }
  return ca;
}

Result<void> Ca::load_or_make() {
  const auto key_file = keys_ / "ca.key";
  const bool have_certificate = std::filesystem::exists(certificate_file());
  auto key_pem = read_file(key_file, pem_bytes_max);
  if (!key_pem && !key_pem.error().is(file_not_found)) return key_pem.error();
  if (!key_pem && have_certificate) return Error(ca_damaged, key_file.string());
  if (!key_pem) {
    state_->key.reset(EVP_EC_gen("P-256"));
    if (!state_->key) return Error(ca_failed, openssl_error());
    LUY_TRY_VOID(write_file_durably(key_file, to_pem(state_->key.get()), 0600));
  } else {
    state_->key = read_key(*key_pem);
    ERR_clear_error();
    if (!state_->key) return Error(ca_damaged, key_file.string());
  }
  if (!have_certificate) {  // Also after a crash between the two files.
    std::array<std::uint8_t, 4> mark{};
    random_.fill(mark);
    const Plan plan{"Luy hub CA " + to_hex(mark), "", nullptr, ca_days};
    LUY_TRY(auto made, make_certificate(state_->key.get(), nullptr, state_->key.get(), plan, clock_, random_));
    state_->certificate = std::move(made.certificate);
    return write_file_durably(certificate_file(), to_pem(state_->certificate.get()), 0644);
  }
  LUY_TRY(const std::string pem, read_file(certificate_file(), pem_bytes_max));
  state_->certificate = read_certificate(pem);
  const bool fits = state_->certificate && X509_check_private_key(state_->certificate.get(), state_->key.get()) == 1;
  ERR_clear_error();
  if (!fits) return Error(ca_damaged, certificate_file().string());
  return {};
}

namespace {

// The request, its signature by its own key checked.
Result<RequestPtr> read_request(std::string_view csr_pem) {
  if (csr_pem.size() > csr_bytes_max) return Error(csr_invalid, "dài quá 16 KiB", "longer than 16 KiB");
  RequestPtr request(PEM_read_bio_X509_REQ(bio_over(csr_pem).get(), nullptr, no_password, nullptr));
  EVP_PKEY* const key = request ? X509_REQ_get0_pubkey(request.get()) : nullptr;
  ERR_clear_error();
  if (key == nullptr)
    return Error(csr_invalid, "không phải yêu cầu chứng thư dạng PEM", "not a PEM certificate request");
  if (!acceptable_key(key))
    return Error(csr_invalid, "khóa phải là EC P-256, EC P-384, Ed25519 hoặc RSA từ 2048 bit",
                 "key must be EC P-256, EC P-384, Ed25519 or RSA from 2048 bits");
  const bool signed_by_key = X509_REQ_verify(request.get(), key) == 1;
  ERR_clear_error();
  if (!signed_by_key) return Error(csr_invalid, "chữ ký không khớp với khóa", "its signature does not fit its key");
  return request;
}

}  // namespace

Result<void> Ca::check_request(std::string_view csr_pem) {
  LUY_TRY_VOID(read_request(csr_pem));
  return {};
}

Result<IssuedCertificate> Ca::issue_device(std::string_view csr_pem, const DeviceId& device) const {
  LUY_TRY(const RequestPtr request, read_request(csr_pem));
  EVP_PKEY* const key = X509_REQ_get0_pubkey(request.get());
  const Plan plan{device.text(), "URI:" + std::string(device_uri_prefix) + device.text(), "clientAuth", device_days};
  LUY_TRY(auto made, make_certificate(key, state_->certificate.get(), state_->key.get(), plan, clock_, random_));
  return IssuedCertificate{to_pem(made.certificate.get()), made.serial, made.not_before, made.not_after};
}

Result<bool> Ca::refresh_server(const std::vector<std::string>& names) const {
  for (const std::string& name : names) {
    if (!plain_name(name)) return Error(ca_failed, "not a DNS name or address: " + name);
  }
  auto certificate_pem = read_file(server_certificate_file(), pem_bytes_max);
  auto key_pem = read_file(server_key_file(), pem_bytes_max);
  if (certificate_pem && key_pem) {
    const X509Ptr old = read_certificate(*certificate_pem);
    const KeyPtr key = read_key(*key_pem);
    const auto limit = static_cast<time_t>(to_micros(clock_.now() + days(server_renew_days)) / 1'000'000);
    time_t renew_at = limit;
    const bool good = old && key && X509_check_private_key(old.get(), key.get()) == 1 &&
                      X509_verify(old.get(), state_->key.get()) == 1 &&
                      X509_cmp_time(X509_get0_notAfter(old.get()), &renew_at) > 0 &&
                      names_in(old.get()) == names_wanted(names);
    ERR_clear_error();
    if (good) return false;
  }
  const KeyPtr key(EVP_EC_gen("P-256"));
  if (!key) return Error(ca_failed, openssl_error());
  std::vector<std::string> entries;
  for (const std::string& name : names) entries.push_back(name_entry(name));
  const Plan plan{"luy-hub", boost::algorithm::join(entries, ","), "serverAuth", server_days};
  LUY_TRY(auto made, make_certificate(key.get(), state_->certificate.get(), state_->key.get(), plan, clock_, random_));
  // A crash between the two leaves a pair that does not fit, which the next start replaces.
  LUY_TRY_VOID(write_file_durably(server_key_file(), to_pem(key.get()), 0600));
  LUY_TRY_VOID(write_file_durably(server_certificate_file(), to_pem(made.certificate.get()) + certificate_pem_, 0644));
  return true;
}

CertificateIdentity identity_of(const X509* certificate) {
  CertificateIdentity out;
  const BignumPtr number(ASN1_INTEGER_to_BN(X509_get0_serialNumber(certificate), nullptr));
  std::string bytes(number ? static_cast<std::size_t>(BN_num_bytes(number.get())) : 0, '\0');
  if (number) BN_bn2bin(number.get(), reinterpret_cast<unsigned char*>(bytes.data()));
  out.serial = to_hex(as_bytes(bytes));
  const GeneralNamesPtr names(
      static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)));
  for (int i = 0; names && i < sk_GENERAL_NAME_num(names.get()); ++i) {
    const GENERAL_NAME* name = sk_GENERAL_NAME_value(names.get(), i);
    if (name->type != GEN_URI) continue;
    const ASN1_STRING* uri = name->d.uniformResourceIdentifier;
    const std::string_view text(reinterpret_cast<const char*>(ASN1_STRING_get0_data(uri)),
                                static_cast<std::size_t>(ASN1_STRING_length(uri)));
    if (text.substr(0, device_uri_prefix.size()) != device_uri_prefix) continue;
    const std::string_view id = text.substr(device_uri_prefix.size());
    if (is_id_text(id)) out.device = id;
  }
  return out;
}

}  // namespace luy::hub
