// The running hub: every part wired together. start() answers when the ports are open; the hub is ready once it has
// caught up with its own evidence, and then writes DIR/run/hub.json and DIR/run/admin.token.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/random.h"
#include "base/result.h"
#include "directory/password.h"

namespace luy::hub {

inline constexpr ErrorKind contract_not_served{
    "hub.contract_not_served", ErrorClass::invalid,
    "Tệp mô tả API không khớp với phiên bản này: {}. Hãy dùng tệp api/openapi.yaml đi kèm.",
    "The API contract does not fit this version: {}. Use the api/openapi.yaml that came with it."};
inline constexpr ErrorKind not_set_up{"hub.not_set_up", ErrorClass::unavailable,
                                      "Thư mục dữ liệu {} chưa được khởi tạo. Hãy chạy 'luy-hub setup' trước.",
                                      "The data folder {} is not set up yet. Run 'luy-hub setup' first."};

struct HubOptions {
  std::filesystem::path data;
  std::string listen = "127.0.0.1";
  std::uint16_t port = 8443;
  std::uint16_t agent_port = 8444;
  std::uint16_t admin_port = 8445;  // Always on loopback.
  // Ports for senders without an agent; nullopt: off, 0: any. They listen where `inputs_listen` says.
  std::string inputs_listen = "127.0.0.1";
  std::optional<std::uint16_t> syslog_udp;
  std::optional<std::uint16_t> syslog_tcp;
  std::optional<std::uint16_t> syslog_tls;
  std::optional<std::uint16_t> inputs_port;  // Elasticsearch bulk and OTLP, over TLS.
  std::uint64_t syslog_rate = 20'000;        // Messages a second of one sender.
  std::filesystem::path pack;
  std::filesystem::path openapi;
  std::filesystem::path rules;     // Detection rules that come with the hub; empty: none.
  std::filesystem::path console;   // Empty: a page that says that there is none.
  std::filesystem::path holidays;  // Empty: Saturdays and Sundays only.
  std::vector<std::string> names;  // DNS names by which people and machines reach this hub; the first goes into URLs.
  // luy-evidence-signer (signer/signer_process.h); empty: the keys are used in this process, for tests.
  std::filesystem::path signer_program;
  int retention_days = 90;
  int rule_run_cpu_percent = 50;  // Of one processor, for runs of rules over kept evidence; 1 … 100.
  bool check_responses = false;
  bool probe_loopback = false;  // Watched services may be on this machine: for tests.
  int watch_pace = 1;           // See watch::Pace: for tests.
  bool disk_findings = true;    // A disk that fills up is a finding; not in tests, which run on any disk.
  directory::PasswordCost passwords;
};

class Hub {
 public:
  // Errors: those of every part, each naming what to do; not_set_up without a first account.
  static Result<std::unique_ptr<Hub>> start(const HubOptions& options, const Clock& clock, Random& random);
  ~Hub();

  bool ready() const;
  std::string console_url() const;
  std::string agent_url() const;
  std::string admin_url() const;

  // Requests under way may finish; then everything waiting is stored and the threads end.
  void stop();

 private:
  struct State;
  explicit Hub(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace luy::hub
