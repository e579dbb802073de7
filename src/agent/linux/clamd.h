// clamd's local socket (clamd(8)): files are handed over as open descriptors, many in one session. A clamd that gets no
// descriptor - a security module takes it away on the way, or it was built without - is sent the content.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/file.h"
#include "base/result.h"

namespace luy::agent {

inline constexpr ErrorKind clamd_silent{
    "agent.clamd_silent", ErrorClass::unavailable,
    "Dịch vụ ClamAV (clamd) không trả lời: {}. Kiểm tra: systemctl status clamav-daemon.",
    "ClamAV's service (clamd) does not answer: {}. Look at: systemctl status clamav-daemon."};

struct FileVerdict {
  enum class Kind : std::uint8_t {
    clean,
    infected,
    unread,  // clamd answered, but could not look at it: too large for it, unreadable.
  };
  Kind kind = Kind::clean;
  std::string detail;  // Name of the signature, or clamd's words.
};

class FileScanner {
 public:
  virtual ~FileScanner() = default;
  // Of a file that is open for reading at its beginning. Errors: clamd_silent; the file may be asked about again.
  virtual Result<FileVerdict> scan(int fd) = 0;
  // Whether somebody is there to ask. Errors: clamd_silent.
  virtual Result<void> ready() = 0;
  // Nothing is asked for a while: clamd ends sessions that say nothing.
  virtual void rest() = 0;
};

// Not thread-safe.
class Clamd final : public FileScanner {
 public:
  struct Deadlines {
    Duration connect = std::chrono::seconds(5);
    // clamd gives up on one file after MaxScanTime, two minutes by default; a reload may come in between.
    Duration file = std::chrono::minutes(10);
    Duration chunk = std::chrono::minutes(1);  // Until it takes the next piece of what it is sent.
  };
  explicit Clamd(std::string socket, Deadlines deadlines) : socket_(std::move(socket)), deadlines_(deadlines) {}
  explicit Clamd(std::string socket) : Clamd(std::move(socket), Deadlines()) {}

  Result<FileVerdict> scan(int fd) override;
  Result<void> ready() override;
  void rest() override { session_ = UniqueFd(); }
  // Contents are sent, since a descriptor did not arrive.
  bool streams() const { return streams_; }
  // Has clamd read its databases again. Errors: clamd_silent.
  Result<void> reload();
  // "ClamAV 1.0.7/27468/Sat Nov 21 09:39:00 2026". Errors: clamd_silent.
  Result<std::string> version() const { return ask("VERSION"); }

 private:
  Result<void> open_session();
  Result<std::string> hand_over(int fd);
  Result<std::string> stream(int fd);
  bool send_in_time(std::string_view bytes) const;
  Result<UniqueFd> connect() const;
  Result<std::string> ask(std::string_view command) const;
  Result<std::string> answer(int fd, Duration time) const;
  Error silent(std::string_view why) const;

  std::string socket_;
  Deadlines deadlines_;
  UniqueFd session_;
  bool handed_over_ = false;  // One was answered.
  bool streams_ = false;
};

// Where clamd.conf, by its text, says that the databases are; Debian's folder where it says nothing. The root is not in
// front of it.
std::string database_directory(std::string_view config);
// The same of clamd.conf below this root, with the root in front.
std::filesystem::path database_folder(const std::filesystem::path& root);
// Where clamd.conf below this root says that clamd listens; Debian's place where it says nothing.
std::string clamd_socket(const std::filesystem::path& root);

}  // namespace luy::agent
