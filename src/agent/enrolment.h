// Joining a hub: what is sent, what comes back, and how it is kept. Pure, but for load and save.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "base/result.h"
#include "fact/fact.h"

namespace luy::agent {

inline constexpr ErrorKind not_enrolled{
    "agent.not_enrolled", ErrorClass::unavailable,
    "Máy này chưa được ghi danh: {}. Hãy chạy luy-agent enrol với mã ghi danh do quản trị viên cấp.",
    "This machine is not enrolled: {}. Run luy-agent enrol with a token from the administrator."};
inline constexpr ErrorKind enrolment_refused{"agent.enrolment_refused", ErrorClass::denied,
                                             "Hub từ chối ghi danh: {}. Hãy xin mã ghi danh mới.",
                                             "The hub refused the enrolment: {}. Ask for a new token."};
inline constexpr ErrorKind reply_malformed{"agent.reply_malformed", ErrorClass::invalid,
                                           "Trả lời của hub không đúng khuôn dạng: {}. Hãy cập nhật hub và agent.",
                                           "The hub's reply is malformed: {}. Update hub and agent."};

// What makes this machine a device of a hub; DIR/enrolment.json, replaced as a whole. The key is in DIR/agent.key.
struct Enrolment {
  std::string device_id;
  std::string certificate;  // PEM.
  std::string ca;           // PEM: the only certificate authority that is believed.
  std::string agent_url;
  std::string server_name;   // What the hub's certificate must be for.
  std::string orders_key{};  // Base 64: the key whose orders are obeyed; empty until the hub has told it.
  bool operator==(const Enrolment&) const = default;
};

std::string enrolment_request(std::string_view token, std::string_view csr, const fact::Identity& identity,
                              const fact::Os& os, const fact::Hardware& hardware);
// Errors: reply_malformed.
Result<Enrolment> parse_enrolment(std::string_view json);
// {"certificate":"…"}. Errors: reply_malformed.
Result<std::string> parse_renewal(std::string_view json);
std::string to_json(const Enrolment& enrolment);

// Errors: not_enrolled, those of base/file.h, reply_malformed.
Result<Enrolment> load_enrolment(const std::filesystem::path& folder);
Result<void> save_enrolment(const std::filesystem::path& folder, const Enrolment& enrolment);

}  // namespace luy::agent
