// Notices as a mail: one sentence each, in the language that its reader chose, and a link into the console. Pure.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "notice/notice.h"

namespace luy::notice {

inline constexpr std::size_t mail_lines_max = 100;  // Notices told one by one; of further ones the number.

struct Mail {
  std::string from;
  std::string to;
  std::string to_name{};
  std::string subject;
  std::string text;        // UTF-8, lines ended by \n.
  std::string message_id;  // Without angle brackets.
  Time date;
  Language language = Language::vi;  // Of subject and text.
};

// As it goes over the wire: RFC 5322 with CRLF, the text in UTF-8 and base64, names by RFC 2047, and the sign that
// nobody should answer by machine (RFC 3834). Addresses are is_address().
std::string to_mime(const Mail& mail);

// A header's text as encoded words of at most 75 characters (RFC 2047), folded; plain ASCII stays as it is.
std::string encoded_header(std::string_view text);

struct Wording {
  std::function<std::string(const AgencyId&)> agency_name;
  std::string console;  // "https://luy.example.gov.vn:8443"
};
// What `notices`, all of one person, are told as in their language. The same notices have the same Message-ID in
// either, so that a second copy is known for one. `from` and `to` as they are.
Mail compose(std::span<const Notice> notices, const Wording& wording, Language language, std::string from,
             std::string to, std::string to_name, Time now);
Mail compose_test(const Wording& wording, Language language, std::string from, std::string to, std::string to_name,
                  std::string id, Time now);

// "23/11/2026 09:05" in Viet Nam.
std::string local_time(Time time);

}  // namespace luy::notice
