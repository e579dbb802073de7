// Goal: a mail is read the same by every mail program, and carries nothing but what a notice is made of. Method: the
// text on the wire, by the rules of RFC 5322, 2047 and 3834.
#include "notice/mail.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "base/encoding.h"

namespace luy::notice {
namespace {

Notice notice_at(Time at) {
  SeededRandom random(7);
  Notice out;
  out.id = NoticeId::make(at, random);
  out.event.kind = Kind::verdict;
  out.event.agency = AgencyId::make(at, random);
  out.event.at = at;
  out.event.title = {"Nghĩa vụ bị vi phạm: Vá lỗi trong 30 ngày", "A duty is violated: Patched within 30 days"};
  out.event.obligation = "6.1.d-patches";
  out.event.path = "/obligations/6.1.d-patches";
  return out;
}

const Time morning = *from_rfc3339("2026-11-23T00:30:05Z");

Wording wording() {
  return {[](const AgencyId&) { return std::string("Ủy ban nhân dân phường Bỉm Sơn"); },
          "https://luy.bimson.gov.vn:8443"};
}

std::string header(const std::string& mime, const std::string& name) {
  const std::size_t at = mime.find("\r\n" + name + ": ");
  if (at == std::string::npos) return {};
  std::size_t end = mime.find("\r\n", at + 2);
  while (mime[end + 2] == ' ') end = mime.find("\r\n", end + 2);
  const std::size_t begin = at + 2 + name.size() + 2;
  return mime.substr(begin, end - begin);
}

// As a mail program reads encoded words.
std::string decoded(std::string text) {
  std::string out;
  for (;;) {
    const std::size_t begin = text.find("=?UTF-8?B?");
    if (begin == std::string::npos) return out + text;
    if (text.substr(0, begin) != "\r\n ") out += text.substr(0, begin);
    const std::size_t end = text.find("?=", begin + 10);
    out += from_base64(text.substr(begin + 10, end - begin - 10)).value();
    text.erase(0, end + 2);
  }
}

TEST(Mail, IsReadableBack) {
  const Notice one = notice_at(morning);
  const Mail mail = compose(std::span(&one, 1), wording(), Language::vi, "luy@bimson.gov.vn", "lan@bimson.gov.vn",
                            "Nguyễn Thị Lan", morning);
  const std::string mime = to_mime(mail);
  EXPECT_EQ(decoded(header(mime, "Subject")),
            "[Lũy] Nghĩa vụ bị vi phạm: Vá lỗi trong 30 ngày – Ủy ban nhân dân phường Bỉm Sơn");
  EXPECT_EQ(decoded(header(mime, "To")), "Nguyễn Thị Lan <lan@bimson.gov.vn>");
  EXPECT_EQ(header(mime, "Date"), "Mon, 23 Nov 2026 07:30:05 +0700");
  EXPECT_EQ(header(mime, "Auto-Submitted"), "auto-generated");
  EXPECT_EQ(header(mime, "Content-Transfer-Encoding"), "base64");
  EXPECT_TRUE(header(mime, "Message-ID").ends_with(".luy@bimson.gov.vn>"));
  std::string body = mime.substr(mime.find("\r\n\r\n") + 4);
  std::size_t longest = 0;
  for (std::size_t at = 0; at < mime.size();) {
    const std::size_t end = mime.find("\r\n", at);
    ASSERT_NE(end, std::string::npos) << "every line ends by CRLF";
    longest = std::max(longest, end - at);
    at = end + 2;
  }
  EXPECT_LE(longest, 78U);
  EXPECT_TRUE(std::all_of(mime.begin(), mime.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; }));
  std::erase_if(body, [](char c) { return c == '\r' || c == '\n'; });
  const std::string text = from_base64(body).value();
  for (const char* part : {"Nghĩa vụ bị vi phạm: Vá lỗi trong 30 ngày", "Cơ quan: Ủy ban nhân dân phường Bỉm Sơn",
                           "Lúc: 23/11/2026 07:30", "https://luy.bimson.gov.vn:8443/obligations/6.1.d-patches"}) {
    EXPECT_NE(text.find(part), std::string::npos) << part << "\n" << text;
  }
  EXPECT_EQ(text.find("Agency:"), std::string::npos) << text;
  EXPECT_EQ(header(mime, "Content-Language"), "vi");
}

TEST(Mail, IsInTheLanguageOfItsReaderAlone) {
  const Notice one = notice_at(morning);
  const Mail mail =
      compose(std::span(&one, 1), wording(), Language::en, "luy@bimson.gov.vn", "a@b.gov.vn", "", morning);
  EXPECT_EQ(mail.subject, "[Lũy] A duty is violated: Patched within 30 days – Ủy ban nhân dân phường Bỉm Sơn");
  EXPECT_NE(mail.text.find("Agency: Ủy ban nhân dân phường Bỉm Sơn"), std::string::npos) << mail.text;
  EXPECT_NE(mail.text.find("do not answer"), std::string::npos) << mail.text;
  for (const char* word : {"Nghĩa vụ", "Cơ quan:", "không trả lời"}) {
    EXPECT_EQ(mail.text.find(word), std::string::npos) << word;
  }
  EXPECT_EQ(header(to_mime(mail), "Content-Language"), "en");
  const auto test = [](Language language) {
    return compose_test(wording(), language, "luy@bimson.gov.vn", "a@b.gov.vn", "", "1", morning);
  };
  EXPECT_EQ(test(Language::vi).subject, "[Lũy] Thư thử");
  EXPECT_EQ(test(Language::en).subject, "[Lũy] Test mail");
  EXPECT_EQ(test(Language::en).text.find("Thư thử"), std::string::npos);
}

TEST(Mail, TheSameNoticesHaveTheSameId) {
  std::vector<Notice> two = {notice_at(morning), notice_at(morning + std::chrono::hours(1))};
  const auto id = [&](std::size_t n, Time now, Language language = Language::vi) {
    return compose(std::span(two).first(n), wording(), language, "luy@bimson.gov.vn", "a@b.gov.vn", "", now).message_id;
  };
  EXPECT_EQ(id(2, morning), id(2, morning + std::chrono::hours(2)));
  EXPECT_NE(id(1, morning), id(2, morning));
  EXPECT_EQ(id(2, morning), id(2, morning, Language::en)) << "a second copy in another language is a second copy";
}

TEST(Mail, ADigestSaysItsDay) {
  std::vector<Notice> two = {notice_at(morning), notice_at(morning + std::chrono::hours(1))};
  for (Notice& one : two) one.digest = true;
  const auto subject = [&](Language language, std::size_t n) {
    return compose(std::span(two).first(n), wording(), language, "luy@bimson.gov.vn", "a@b.gov.vn", "", morning)
        .subject;
  };
  EXPECT_EQ(subject(Language::vi, 2), "[Lũy] Bản tin ngày 23/11/2026: 2 thông báo");
  EXPECT_EQ(subject(Language::en, 2), "[Lũy] Digest of 23/11/2026: 2 notices");
  EXPECT_EQ(subject(Language::en, 1), "[Lũy] Digest of 23/11/2026: 1 notice");
}

TEST(Mail, ALongOneSaysHowManyItLeavesOut) {
  const std::vector<Notice> many(mail_lines_max + 5, notice_at(morning));
  const auto text = [&](Language language) {
    return compose(many, wording(), language, "luy@bimson.gov.vn", "a@b.gov.vn", "", morning).text;
  };
  EXPECT_NE(text(Language::vi).find("và 5 thông báo khác"), std::string::npos);
  EXPECT_NE(text(Language::en).find("and 5 others"), std::string::npos);
}

TEST(Header, AWordIsNeverCutInsideACharacter) {
  std::string text;
  for (int i = 0; i < 40; ++i) text += "ệ";
  const std::string encoded = encoded_header(text);
  EXPECT_EQ(decoded(encoded), text);
  for (std::size_t at = 0; at < encoded.size();) {
    const std::size_t end = std::min(encoded.find("\r\n", at), encoded.size());
    EXPECT_LE(end - at, 76U);
    at = end + 2;
  }
  EXPECT_EQ(encoded_header("plain text"), "plain text");
  EXPECT_NE(encoded_header("=?UTF-8?B?eA==?="), "=?UTF-8?B?eA==?=");
}

TEST(Header, ANewLineInANameBecomesNoHeader) {
  Mail mail;
  mail.from = "luy@bimson.gov.vn";
  mail.to = "a@b.gov.vn";
  mail.to_name = "Lan\r\nBcc: x@y.vn";
  mail.subject = "a\r\nBcc: x@y.vn";
  mail.message_id = "1@b";
  const std::string mime = to_mime(mail);
  EXPECT_EQ(mime.find("\nBcc"), std::string::npos);
}

}  // namespace
}  // namespace luy::notice
