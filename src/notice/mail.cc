#include "notice/mail.h"

#include <algorithm>
#include <array>
#include <cstdio>

#include "base/encoding.h"
#include "base/hash.h"
#include "base/utf8.h"

namespace luy::notice {
namespace {

constexpr std::size_t base64_line = 76;
constexpr std::size_t word_bytes = 42;  // In base64 56 characters, with "=?UTF-8?B?" and "?=" less than 75.
constexpr std::string_view eol = "\r\n";

struct Moment {
  Day day;
  std::int64_t hour, minute, second;
};
Moment local(Time time) {
  const Time shifted = time + vietnam_offset;
  const Day day = std::chrono::floor<days>(shifted);
  const auto seconds = std::chrono::floor<std::chrono::seconds>(shifted - day).count();
  return {day, seconds / 3600, seconds / 60 % 60, seconds % 60};
}

// RFC 5322 section 3.3.
std::string date_header(Time time) {
  constexpr std::array<const char*, 7> weekdays = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::array<const char*, 12> months = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                  "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const Moment at = local(time);
  const std::chrono::year_month_day date(at.day);
  std::array<char, 128> out{};
  std::snprintf(out.data(), out.size(), "%s, %02u %s %04d %02d:%02d:%02d +0700",
                weekdays.at(std::chrono::weekday(at.day).c_encoding()), static_cast<unsigned>(date.day()),
                months.at(static_cast<unsigned>(date.month()) - 1), static_cast<int>(date.year()),
                static_cast<int>(at.hour), static_cast<int>(at.minute), static_cast<int>(at.second));
  return out.data();
}

bool is_plain(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x20 && c < 0x7f; });
}

// Also what is plain but would need quoting, such as a name with a comma.
std::string encoded_words(std::string_view text) {
  const std::string clean = to_utf8(text);
  std::string_view rest = clean;
  std::string out;
  while (!rest.empty()) {
    const std::string_view part = utf8_front(rest, word_bytes);
    if (!out.empty()) out += "\r\n ";
    out += "=?UTF-8?B?" + to_base64(part) + "?=";
    rest.remove_prefix(part.size());
  }
  return out;
}

std::string domain_of(std::string_view address) {
  return std::string(address.substr(address.find('@') + 1));
}

void append_notice(std::string& out, const Notice& one, const Wording& wording, bool english) {
  const Event& event = one.event;
  const std::string agency = wording.agency_name(event.agency);
  out += "- " + (english ? event.title.en : event.title.vi) + "\n";
  out += (english ? "  Agency: " : "  Cơ quan: ") + agency + "\n";
  if (!event.obligation.empty()) out += (english ? "  Duty: " : "  Nghĩa vụ: ") + event.obligation + "\n";
  out += (english ? "  At: " : "  Lúc: ") + local_time(event.at) + "\n";
  if (event.due) out += (english ? "  Due: " : "  Hạn: ") + local_time(*event.due) + "\n";
  out += "  " + wording.console + event.path + "\n";
}

constexpr std::string_view foot_vi =
    "Thư do hệ thống Lũy gửi tự động, không trả lời thư này. Chọn loại thông báo nhận được tại trang Tài khoản của "
    "tôi.\n";
constexpr std::string_view foot_en =
    "Sent by Lũy by itself; do not answer. Choose what you are told on the page My account.\n";

}  // namespace

std::string local_time(Time time) {
  const Moment at = local(time);
  std::array<char, 64> clock{};
  std::snprintf(clock.data(), clock.size(), " %02d:%02d", static_cast<int>(at.hour), static_cast<int>(at.minute));
  return to_vietnamese(at.day) + clock.data();
}

std::string encoded_header(std::string_view text) {
  return is_plain(text) && text.find("=?") == std::string_view::npos ? std::string(text) : encoded_words(text);
}

std::string to_mime(const Mail& mail) {
  std::string out;
  const auto header = [&](std::string_view name, const std::string& value) {
    out += std::string(name) + ": " + value + std::string(eol);
  };
  header("From", encoded_header("Lũy") + " <" + mail.from + ">");
  header("To", mail.to_name.empty() ? mail.to : encoded_words(mail.to_name) + " <" + mail.to + ">");
  header("Subject", encoded_header(mail.subject));
  header("Date", date_header(mail.date));
  header("Message-ID", "<" + mail.message_id + ">");
  header("Auto-Submitted", "auto-generated");
  header("MIME-Version", "1.0");
  header("Content-Type", "text/plain; charset=UTF-8");
  header("Content-Transfer-Encoding", "base64");
  header("Content-Language", std::string(name_of(mail.language)));
  out += eol;
  std::string lines;
  for (const char c : mail.text) {
    if (c == '\n') lines += '\r';
    lines += c;
  }
  const std::string body = to_base64(lines);
  for (std::size_t at = 0; at < body.size(); at += base64_line) {
    out += body.substr(at, base64_line);
    out += eol;
  }
  return out;
}

Mail compose(std::span<const Notice> notices, const Wording& wording, Language language, std::string from,
             std::string to, std::string to_name, Time now) {
  const bool english = language == Language::en;
  Mail out;
  out.language = language;
  const std::string count = std::to_string(notices.size());
  const Notice& first = notices.front();
  const std::string& title = english ? first.event.title.en : first.event.title.vi;
  if (first.digest) {
    const std::string day = to_vietnamese(day_of(now));
    out.subject = english ? "[Lũy] Digest of " + day + ": " + count + (notices.size() == 1 ? " notice" : " notices")
                          : "[Lũy] Bản tin ngày " + day + ": " + count + " thông báo";
  } else if (notices.size() == 1) {
    out.subject = "[Lũy] " + title + " – " + wording.agency_name(first.event.agency);
  } else {
    out.subject = "[Lũy] " + count + (english ? " notices: " : " thông báo: ") + title;
  }
  std::string ids;
  for (const Notice& one : notices) ids += one.id.text();
  out.message_id = to_hex(sha256(ids)).substr(0, 32) + ".luy@" + domain_of(from);
  for (const Notice& one : notices.first(std::min(notices.size(), mail_lines_max))) {
    append_notice(out.text, one, wording, english);
  }
  if (notices.size() > mail_lines_max) {
    const std::string more = std::to_string(notices.size() - mail_lines_max);
    out.text +=
        (english ? "- and " + more + " others: " : "- và " + more + " thông báo khác: ") + wording.console + "\n";
  }
  out.text += "\n" + std::string(english ? foot_en : foot_vi);
  out.from = std::move(from);
  out.to = std::move(to);
  out.to_name = std::move(to_name);
  out.date = now;
  return out;
}

Mail compose_test(const Wording& wording, Language language, std::string from, std::string to, std::string to_name,
                  std::string id, Time now) {
  const bool english = language == Language::en;
  Mail out;
  out.language = language;
  out.subject = english ? "[Lũy] Test mail" : "[Lũy] Thư thử";
  out.message_id = std::move(id) + ".luy@" + domain_of(from);
  out.text = english ? "A test from " + wording.console + ". The mail server took this mail.\n\n" + std::string(foot_en)
                     : "Thư thử từ " + wording.console + ". Máy chủ thư đã nhận thư này.\n\n" + std::string(foot_vi);
  out.from = std::move(from);
  out.to = std::move(to);
  out.to_name = std::move(to_name);
  out.date = now;
  return out;
}

}  // namespace luy::notice
