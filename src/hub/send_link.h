// One mail to a server over SMTP, one call of a webhook or a witness over HTTPS: by libcurl, encrypted but on loopback,
// verified, without redirects and without a proxy of the environment. Blocks; every step has an end in time.
// Thread-safe.
#pragma once

#include <atomic>
#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

#include "notice/mail.h"
#include "notice/settings.h"

namespace luy::hub {

inline constexpr std::chrono::seconds send_connect_max{10};
inline constexpr std::chrono::seconds mail_time_max{30};
inline constexpr std::chrono::seconds call_time_max{20};
inline constexpr std::size_t call_answer_bytes_max = 64 << 10;  // Further ones end the call; its status counts.

inline constexpr ErrorKind notice_file{
    "hub.notice_file", ErrorClass::unavailable,
    "Không dùng được tệp {} của thông báo. Tệp phải nằm trong thư mục notices của dữ liệu máy chủ; tệp bí mật phải "
    "thuộc người dùng chạy luy-hub với quyền 0600.",
    "The file {} of the notices cannot be used. It must lie in the folder notices of the server's data; a secret must "
    "belong to the user that runs luy-hub, with mode 0600."};
// Of the hub while it stops: nothing was sent, and it is no attempt.
inline constexpr ErrorKind send_stopped{"hub.send_stopped", ErrorClass::unavailable, "Máy chủ đang dừng.",
                                        "The server is stopping."};

class SendLink {
 public:
  explicit SendLink(std::filesystem::path folder) : folder_(std::move(folder)) {}

  // Errors: notice.mail_failed; notice.mail_refused for a recipient that the server does not take for good;
  // notice.mail_recipient_later for one that it does not take now; hub.notice_file, hub.send_stopped.
  Result<void> mail(const notice::MailServer& server, const notice::Mail& mail) const;
  // To the address that may_reach() allows, looked up here; it alone is called. Errors: notice.host_not_allowed,
  // notice.webhook_failed, hub.notice_file, hub.send_stopped.
  struct Call {
    std::string url;
    std::string ca_file;
    std::vector<std::string> headers;  // "Name: value"
    std::string body;
    std::string content_type = "application/json";
  };
  Result<void> call(const notice::WebhookHost& host, const Call& call) const;
  // The same, with what was answered, whatever its status.
  struct Answer {
    int status = 0;
    std::string content_type;
    std::string header;  // Of the name that was asked for; empty when there is none.
    std::string body;    // At most call_answer_bytes_max.
  };
  // Errors: those of call().
  Result<Answer> ask(const notice::WebhookHost& host, const Call& call, const std::string& header = {}) const;

  // What has not begun to be sent is not begun any more.
  void stop() { stopping_ = true; }
  bool stopping() const { return stopping_; }

 private:
  const std::filesystem::path folder_;
  std::atomic<bool> stopping_{false};
};

}  // namespace luy::hub
