// What people are told by mail and other programs by webhook, as values. A notice carries no more than an agency, a
// duty, a day and a link into the console: what is behind the link, the console tells to who may see it.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/id.h"
#include "base/result.h"

namespace luy::notice {

inline constexpr ErrorKind settings_invalid{"notice.settings_invalid", ErrorClass::invalid,
                                            "Cấu hình thông báo không hợp lệ: {}.",
                                            "The settings of notices are not valid: {}."};
inline constexpr ErrorKind address_not_official{
    "notice.address_not_official", ErrorClass::conflict,
    "Địa chỉ {} không thuộc tên miền công vụ đã khai báo. Hãy dùng thư công vụ, hoặc bổ sung tên miền.",
    "The address {} is of none of the official domains. Use official mail, or add the domain."};
inline constexpr ErrorKind no_address{"notice.no_address", ErrorClass::conflict,
                                      "Hồ sơ của {} chưa có địa chỉ thư công vụ.",
                                      "The record of {} has no official e-mail address."};
inline constexpr ErrorKind mail_off{"notice.mail_off", ErrorClass::conflict, "Chưa bật gửi thư thông báo.",
                                    "Notices by mail are off."};
inline constexpr ErrorKind mail_failed{"notice.mail_failed", ErrorClass::unavailable,
                                       "Máy chủ thư không nhận thư: {}. Hãy kiểm tra cấu hình và máy chủ thư.",
                                       "The mail server did not take the mail: {}. Check the settings and the server."};
// Trying again would change nothing.
inline constexpr ErrorKind mail_refused{"notice.mail_refused", ErrorClass::conflict,
                                        "Máy chủ thư từ chối hẳn địa chỉ này: {}.",
                                        "The mail server refuses this address for good: {}."};
inline constexpr ErrorKind mail_recipient_later{"notice.mail_recipient_later", ErrorClass::unavailable,
                                                "Máy chủ thư chưa nhận thư cho địa chỉ này: {}.",
                                                "The mail server does not take mail for this address now: {}."};
inline constexpr ErrorKind kind_fixed{"notice.kind_fixed", ErrorClass::conflict,
                                      "Loại thông báo {} luôn được gửi ngay và không tắt được.",
                                      "Notices of the kind {} always go at once and cannot be turned off."};
inline constexpr ErrorKind notice_unknown{"notice.unknown", ErrorClass::not_found, "Không tìm thấy thông báo này.",
                                          "There is no such notice."};
inline constexpr ErrorKind not_given_up{"notice.not_given_up", ErrorClass::conflict,
                                        "Thông báo này đã gửi hoặc đang chờ gửi.",
                                        "This notice was sent, or still waits to be."};
inline constexpr ErrorKind webhook_unknown{"notice.webhook_unknown", ErrorClass::not_found,
                                           "Không tìm thấy webhook này.", "There is no such webhook."};
inline constexpr ErrorKind webhook_off{"notice.webhook_off", ErrorClass::conflict, "Webhook này đã tắt.",
                                       "This webhook is switched off."};
inline constexpr ErrorKind webhook_no_secret{"notice.webhook_no_secret", ErrorClass::conflict,
                                             "Webhook này chưa có khóa ký. Hãy tạo khóa trước.",
                                             "This webhook has no secret yet. Make one first."};
inline constexpr ErrorKind webhook_failed{"notice.webhook_failed", ErrorClass::unavailable,
                                          "Bên nhận webhook không nhận: {}.", "The webhook was not taken: {}."};
inline constexpr ErrorKind webhooks_too_many{"notice.webhooks_too_many", ErrorClass::conflict,
                                             "Đã có 20 webhook. Hãy xóa webhook không dùng nữa.",
                                             "There are 20 webhooks. Remove those that are not used any more."};
inline constexpr ErrorKind host_not_allowed{
    "notice.host_not_allowed", ErrorClass::conflict,
    "Webhook không được gọi tới {}: máy chủ hoặc địa chỉ không có trong danh sách cho phép.",
    "Webhooks may not call {}: the host or its address is not on the list of those allowed."};
inline constexpr ErrorKind outbox_full{"notice.outbox_full", ErrorClass::busy,
                                       "Quá nhiều thông báo đang chờ gửi, thông báo mới bị bỏ qua.",
                                       "Too many notices wait to be sent; new ones are left out."};

// Names are stored and travel: never renamed.
enum class Kind : std::uint8_t { finding, search, verdict, incident, warning, act, account, break_glass };
inline constexpr std::size_t kind_count = 8;
std::string_view name_of(Kind kind);
std::optional<Kind> kind_from_name(std::string_view name);

enum class How : std::uint8_t { at_once, digest, none };
std::string_view name_of(How how);
std::optional<How> how_from_name(std::string_view name);

// Whoever took over an account would turn these off first.
constexpr bool is_fixed(Kind kind) {
  return kind == Kind::account || kind == Kind::break_glass;
}
// What comes in floods goes to one person once in pace_pause at most, together.
constexpr bool comes_in_floods(Kind kind) {
  return kind == Kind::finding || kind == Kind::search || kind == Kind::verdict;
}
// Of who has chosen nothing.
How default_of(Kind kind);

// Of the mails to a person; Vietnamese until they choose.
enum class Language : std::uint8_t { vi, en };
std::string_view name_of(Language language);
std::optional<Language> language_from_name(std::string_view name);

enum class Channel : std::uint8_t { mail, webhook };
std::string_view name_of(Channel channel);
enum class State : std::uint8_t { waiting, sent, failed };
std::string_view name_of(State state);
std::optional<State> state_from_name(std::string_view name);

struct Text {
  std::string vi;
  std::string en;
  bool operator==(const Text&) const = default;
};

inline constexpr std::size_t key_bytes_max = 600;

// Something that happened. The same key is told once, however often it is reported.
struct Event {
  std::string key;  // "finding:<id>"
  Kind kind = Kind::finding;
  AgencyId agency;
  Time at;
  Text title;  // One sentence; of no device and no person, never a line of a log.
  std::string obligation{};
  std::optional<Time> due{};
  std::string path{};          // In the console: "/findings/<id>".
  std::vector<PersonId> to{};  // By mail, if they want it.
};

inline constexpr std::chrono::seconds first_pause{10};  // Before the second attempt; each later one is twice as long,
inline constexpr std::chrono::hours pause_max{1};       // but for this,
inline constexpr std::chrono::hours give_up_after{24};  // since the first.
// Before attempt number `attempts` + 1.
Duration pause_after(std::int64_t attempts);
inline constexpr std::chrono::minutes pace_pause{1};
inline constexpr days kept_days{30};  // What is over, in the list.

using NoticeId = Id<struct NoticeTag>;
using WebhookId = Id<struct WebhookTag>;

// One event on its way to one person or webhook.
struct Notice {
  NoticeId id;
  Channel channel = Channel::mail;
  Event event;  // Without its key and `to`.
  std::optional<PersonId> person;
  std::optional<WebhookId> webhook;
  State state = State::waiting;
  bool digest = false;
  Time created_at;
  Time since;  // When it was to go first.
  std::int64_t attempts = 0;
  Time next_at;
  std::optional<Time> done_at;
  Text problem;  // Of the last attempt; empty when there was none.
};

}  // namespace luy::notice
