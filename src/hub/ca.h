// The hub's own certificate authority: one EC P-256 key that signs the hub's server certificate and the certificates
// of devices. Nothing else is ever trusted on the agent port. Files under DIR/keys: ca.key, ca.crt, server.key,
// server.crt (PEM; keys 0600).
#pragma once

#include <openssl/types.h>

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/id.h"
#include "base/random.h"
#include "base/result.h"

namespace luy::hub {

inline constexpr ErrorKind ca_damaged{
    "hub.ca_damaged", ErrorClass::corrupt,
    "Khóa hoặc chứng thư của hệ thống bị hỏng: {}. Hãy phục hồi thư mục keys từ bản sao lưu.",
    "The hub's keys or certificates are damaged: {}. Restore the folder keys from the backup."};
inline constexpr ErrorKind ca_failed{"hub.ca_failed", ErrorClass::internal, "Không tạo được chứng thư: {}.",
                                     "A certificate could not be made: {}."};
inline constexpr ErrorKind csr_invalid{"hub.csr_invalid", ErrorClass::invalid,
                                       "Yêu cầu cấp chứng thư (CSR) không hợp lệ: {}.",
                                       "The certificate request (CSR) is not valid: {}."};

inline constexpr int ca_days = 3653;          // Ten years.
inline constexpr int server_days = 397;       // What browsers accept at most.
inline constexpr int server_renew_days = 30;  // Renewed when less than this is left.
inline constexpr int device_days = 90;        // Agents renew at two thirds of it.
inline constexpr std::size_t csr_bytes_max = 16 << 10;
inline constexpr std::string_view device_uri_prefix = "urn:luy:device:";

struct IssuedCertificate {
  std::string pem;
  std::string serial;  // Lower-case hexadecimal, as in hub_certificate.
  Time not_before;
  Time not_after;
};

// Thread-safe once made.
class Ca {
 public:
  // Reads the authority's key and certificate, or makes them where there are none. Errors: ca_damaged (a certificate
  // without its key, a key that does not fit, unreadable PEM), file errors.
  static Result<std::unique_ptr<Ca>> open_or_create(const std::filesystem::path& keys, const Clock& clock,
                                                    Random& random);
  ~Ca();

  const std::string& certificate_pem() const { return certificate_pem_; }
  // SHA-256 of the DER form, "AB:CD:…", what `luy-agent enrol --fingerprint` is compared with.
  const std::string& fingerprint() const { return fingerprint_; }

  // Whether issue_device() would take this request. Errors: csr_invalid.
  static Result<void> check_request(std::string_view csr_pem);

  // The subject and every extension are ours; of the request only its public key is used, after its own signature was
  // checked. Accepts EC P-256 and P-384, Ed25519 and RSA from 2048 bits. Errors: csr_invalid, ca_failed.
  Result<IssuedCertificate> issue_device(std::string_view csr_pem, const DeviceId& device) const;

  // Makes sure server.key and server.crt exist, fit the authority and `names`, and have server_renew_days left;
  // answers whether they were made anew. Names are DNS names or IP addresses.
  Result<bool> refresh_server(const std::vector<std::string>& names) const;
  std::filesystem::path server_certificate_file() const { return keys_ / "server.crt"; }
  std::filesystem::path server_key_file() const { return keys_ / "server.key"; }
  std::filesystem::path certificate_file() const { return keys_ / "ca.crt"; }

 private:
  struct State;
  Ca(std::filesystem::path keys, const Clock& clock, Random& random);
  Result<void> load_or_make();

  std::filesystem::path keys_;
  const Clock& clock_;
  Random& random_;
  std::unique_ptr<State> state_;
  std::string certificate_pem_;
  std::string fingerprint_;
};

// Serial (lower-case hexadecimal) and device id of a certificate; the id is empty when it carries none of ours.
struct CertificateIdentity {
  std::string serial;
  std::string device;
};
CertificateIdentity identity_of(const X509* certificate);

}  // namespace luy::hub
