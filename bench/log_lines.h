// A seeded generator of log lines as a town's machines write them: syslog, auditd, web access, firewall, Windows events
// as JSON. The same seed and kinds give the same lines.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/random.h"

namespace luy::bench {

class LogLines {
 public:
  // `kinds`: "mixed" (all), "syslog" (with the firewall's), "audit", "web" or "windows"; any other name: all.
  LogLines(std::uint64_t seed, std::string_view kinds);

  struct Stream {
    std::string source;  // "<agency id>/<device id>/<stream>"
    std::size_t host = 0;
    int kind = 0;
  };
  // A stream to take the next lines from: few are busy, most are quiet.
  const Stream& next_stream();
  // One line, without its newline.
  void line(const Stream& stream, std::string& out);

 private:
  std::uint64_t below(std::uint64_t n) { return random_.next() % n; }
  std::size_t skewed(std::size_t n);  // Small numbers far more often: about Zipf with exponent 1.
  void put_time(std::string& out, bool iso);
  void put_sshd(const Stream& stream, std::string& out);
  void put_audit(std::string& out);
  void put_web(std::string& out);
  void put_firewall(const Stream& stream, std::string& out);
  void put_system(const Stream& stream, std::string& out);
  void put_windows(const Stream& stream, std::string& out);
  void put_windows_logon(std::string& out);
  void put_windows_process(std::string& out);
  void put_head(const Stream& stream, std::string_view program, std::string& out);
  const std::string& address() {
    return below(10) < 6 ? inside_[skewed(inside_.size())] : outside_[skewed(outside_.size())];
  }

  SeededRandom random_;
  std::uint64_t micros_ = 1'790'000'000'000'000;
  std::uint64_t serial_ = 1000;
  std::vector<std::string> hosts_;
  std::vector<std::string> users_;
  std::vector<std::string> inside_;
  std::vector<std::string> outside_;
  std::vector<std::string> pages_;
  std::vector<Stream> streams_;
};

}  // namespace luy::bench
