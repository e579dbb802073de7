#include "hub/tls.h"

#include "hub/openssl.h"

namespace luy::hub {

Result<TlsContext> make_tls_context(TlsProfile profile, const TlsFiles& files) {
  const auto failed = [](std::string_view what) {
    return Error(tls_setup, std::string(what) + ": " + openssl_error());
  };
  ERR_clear_error();
  const TlsContext context(SSL_CTX_new(TLS_server_method()), SSL_CTX_free);
  if (!context) return failed("context");
  SSL_CTX* const c = context.get();
  const bool agent = profile == TlsProfile::agent;
  const bool inputs = profile == TlsProfile::inputs;
  if (SSL_CTX_set_min_proto_version(c, agent || inputs ? TLS1_2_VERSION : TLS1_3_VERSION) != 1 ||
      SSL_CTX_set_max_proto_version(c, TLS1_3_VERSION) != 1) {
    return failed("version");
  }
  if (SSL_CTX_set_cipher_list(c, "ECDHE+AESGCM:ECDHE+CHACHA20") != 1) return failed("ciphers");
  if (SSL_CTX_set1_groups_list(c, "X25519:P-256:P-384") != 1) return failed("groups");
  SSL_CTX_set_options(c, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_CIPHER_SERVER_PREFERENCE);
  SSL_CTX_set_mode(c, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  if (SSL_CTX_use_certificate_chain_file(c, files.certificate_chain.c_str()) != 1) return failed("certificate");
  if (SSL_CTX_use_PrivateKey_file(c, files.key.c_str(), SSL_FILETYPE_PEM) != 1) return failed("key");
  if (SSL_CTX_check_private_key(c) != 1) return failed("key");
  // Sessions are not resumed on the agent port: every connection shows its certificate again, so that a revocation
  // holds. Elsewhere stateless tickets are enough.
  SSL_CTX_set_session_cache_mode(c, SSL_SESS_CACHE_OFF);
  if (agent) {
    constexpr std::string_view id = "luy-agent-port";
    SSL_CTX_set_session_id_context(c, reinterpret_cast<const unsigned char*>(id.data()),
                                   static_cast<unsigned>(id.size()));
    SSL_CTX_set_options(c, SSL_OP_NO_TICKET);
    SSL_CTX_set_num_tickets(c, 0);
    if (SSL_CTX_load_verify_locations(c, files.client_ca.c_str(), nullptr) != 1) return failed("authority");
    STACK_OF(X509_NAME)* const names = SSL_load_client_CA_file(files.client_ca.c_str());
    if (names == nullptr) return failed("authority");
    SSL_CTX_set_client_CA_list(c, names);
    SSL_CTX_set_verify(c, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
    SSL_CTX_set_verify_depth(c, 1);
    SSL_CTX_set_purpose(c, X509_PURPOSE_SSL_CLIENT);
  }
  if (inputs) {
    SSL_CTX_set_options(c, SSL_OP_NO_TICKET);
    SSL_CTX_set_num_tickets(c, 0);
    SSL_CTX_set_verify(c, SSL_VERIFY_PEER, [](int, X509_STORE_CTX*) { return 1; });
  }
  return context;
}

}  // namespace luy::hub
