#include "hub/send_link.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <netdb.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>
#include <memory>
#include <mutex>
#include <optional>

#include "base/check.h"
#include "hub/ldap_link.h"

namespace luy::hub {
namespace {

template <auto Free>
struct Freed {
  template <class T>
  void operator()(T* what) const {
    Free(what);
  }
};
using Handle = std::unique_ptr<CURL, Freed<curl_easy_cleanup>>;
using Addresses = std::unique_ptr<addrinfo, Freed<freeaddrinfo>>;

class List {
 public:
  ~List() { curl_slist_free_all(list_); }
  List() = default;
  List(const List&) = delete;
  List& operator=(const List&) = delete;
  void add(const std::string& line) {
    curl_slist* longer = curl_slist_append(list_, line.c_str());
    LUY_CHECK(longer != nullptr);
    list_ = longer;
  }
  curl_slist* get() const { return list_; }

 private:
  curl_slist* list_ = nullptr;
};

// What a conversation leaves behind, and what decides whether it goes on.
struct Talk {
  explicit Talk(const std::atomic<bool>& to_stop) : stopping(to_stop) {}
  const std::atomic<bool>& stopping;
  std::string_view rest;          // Of what is sent.
  bool ends_midway = false;       // Whether it may be broken off once something was sent.
  std::size_t answer_bytes = 0;   // Received.
  std::string* answer = nullptr;  // Where they are wanted.
  bool at_recipient = false;      // Whether the newest command of SMTP names one.
  int recipient_answer = 0;       // What was said to it.
  std::array<char, CURL_ERROR_SIZE> error{};
};

std::size_t read_some(char* into, std::size_t size, std::size_t count, void* talk) {
  auto& rest = static_cast<Talk*>(talk)->rest;
  const std::size_t n = std::min(size * count, rest.size());
  std::memcpy(into, rest.data(), n);
  rest.remove_prefix(n);
  return n;
}

std::size_t take_some(char* from, std::size_t size, std::size_t count, void* talk) {
  auto& self = *static_cast<Talk*>(talk);
  self.answer_bytes += size * count;
  if (self.answer_bytes > call_answer_bytes_max) return 0;
  if (self.answer != nullptr) self.answer->append(from, size * count);
  return size * count;
}

int progress(void* talk, curl_off_t, curl_off_t, curl_off_t, curl_off_t sent) {
  const auto* self = static_cast<const Talk*>(talk);
  return self->stopping && (sent == 0 || self->ends_midway) ? 1 : 0;
}

// Only what was answered to the recipient: what comes before may be a password, and what comes after is a farewell,
// whose answer is the one that libcurl keeps.
int note_command(CURL*, curl_infotype type, char* data, std::size_t size, void* talk) {
  auto& self = *static_cast<Talk*>(talk);
  const std::string_view line(data, size);
  if (type == CURLINFO_HEADER_OUT) self.at_recipient = line.starts_with("RCPT ");
  if (type == CURLINFO_HEADER_IN && self.at_recipient) {
    std::from_chars(line.data(), line.data() + line.size(), self.recipient_answer);
  }
  return 0;
}

Handle open_handle(Talk& talk, std::chrono::seconds limit) {
  static std::once_flag once;
  std::call_once(once, [] { LUY_CHECK(curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK); });
  Handle handle(curl_easy_init());
  LUY_CHECK(handle != nullptr);
  CURL* h = handle.get();
  curl_easy_setopt(h, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(h, CURLOPT_PROXY, "");
  curl_easy_setopt(h, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(h, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  curl_easy_setopt(h, CURLOPT_SSL_VERIFYPEER, 1L);
  curl_easy_setopt(h, CURLOPT_SSL_VERIFYHOST, 2L);
  curl_easy_setopt(h, CURLOPT_CONNECTTIMEOUT, static_cast<long>(send_connect_max.count()));
  curl_easy_setopt(h, CURLOPT_TIMEOUT, static_cast<long>(limit.count()));
  curl_easy_setopt(h, CURLOPT_ERRORBUFFER, talk.error.data());
  curl_easy_setopt(h, CURLOPT_WRITEFUNCTION, take_some);
  curl_easy_setopt(h, CURLOPT_WRITEDATA, &talk);
  curl_easy_setopt(h, CURLOPT_NOPROGRESS, 0L);
  curl_easy_setopt(h, CURLOPT_XFERINFOFUNCTION, progress);
  curl_easy_setopt(h, CURLOPT_XFERINFODATA, &talk);
  return handle;
}

Result<SourceFiles> read_files(const std::filesystem::path& folder, const std::string& secret, const std::string& ca) {
  auto files = read_source_files(folder, secret, ca);
  if (!files) return Error(notice_file, files.error().detail());
  return files;
}

std::string reason_of(const Talk& talk, CURLcode code) {
  return talk.error[0] != 0 ? std::string(talk.error.data()) : std::string(curl_easy_strerror(code));
}

// The addresses of a host, as numbers.
std::vector<std::string> addresses_of(const std::string& host) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  std::vector<std::string> out;
  if (getaddrinfo(host.c_str(), nullptr, &hints, &found) != 0) return out;
  const Addresses all(found);
  for (const addrinfo* one = all.get(); one != nullptr; one = one->ai_next) {
    std::array<char, NI_MAXHOST> text{};
    if (getnameinfo(one->ai_addr, one->ai_addrlen, text.data(), text.size(), nullptr, 0, NI_NUMERICHOST) == 0) {
      out.emplace_back(text.data());
    }
  }
  return out;
}

std::string bracketed(const std::string& address) {
  return address.find(':') == std::string::npos ? address : "[" + address + "]";
}

}  // namespace

Result<void> SendLink::mail(const notice::MailServer& server, const notice::Mail& mail) const {
  if (stopping_) return Error(send_stopped);
  LUY_TRY(const SourceFiles files, read_files(folder_, server.secret_file, server.ca_file));
  Talk talk(stopping_);
  const std::string message = notice::to_mime(mail);
  talk.rest = message;
  const Handle handle = open_handle(talk, mail_time_max);
  CURL* h = handle.get();
  const bool tls = server.security == notice::Security::tls;
  const std::string name = mail.from.substr(mail.from.find('@') + 1);
  const std::string url = std::string(tls ? "smtps" : "smtp") + "://" + bracketed(server.host) + ":" +
                          std::to_string(server.port) + "/" + name;
  curl_easy_setopt(h, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
  curl_easy_setopt(h, CURLOPT_URL, url.c_str());
  // STARTTLS or nothing: a server that does not offer it is not spoken to.
  if (server.security == notice::Security::starttls) {
    curl_easy_setopt(h, CURLOPT_USE_SSL, static_cast<long>(CURLUSESSL_ALL));
  }
  const std::string ca = files.ca.string();
  if (!ca.empty()) {
    curl_easy_setopt(h, CURLOPT_CAINFO, ca.c_str());
    curl_easy_setopt(h, CURLOPT_CAPATH, nullptr);
  }
  if (!server.username.empty()) {
    curl_easy_setopt(h, CURLOPT_USERNAME, server.username.c_str());
    curl_easy_setopt(h, CURLOPT_PASSWORD, files.secret.c_str());
  }
  List recipients;
  recipients.add("<" + mail.to + ">");
  const std::string from = "<" + mail.from + ">";
  curl_easy_setopt(h, CURLOPT_MAIL_FROM, from.c_str());
  curl_easy_setopt(h, CURLOPT_MAIL_RCPT, recipients.get());
  curl_easy_setopt(h, CURLOPT_UPLOAD, 1L);
  curl_easy_setopt(h, CURLOPT_READFUNCTION, read_some);
  curl_easy_setopt(h, CURLOPT_READDATA, &talk);
  curl_easy_setopt(h, CURLOPT_VERBOSE, 1L);
  curl_easy_setopt(h, CURLOPT_DEBUGFUNCTION, note_command);
  curl_easy_setopt(h, CURLOPT_DEBUGDATA, &talk);
  const CURLcode code = curl_easy_perform(h);
  if (code == CURLE_OK) return {};
  if (code == CURLE_ABORTED_BY_CALLBACK) return Error(send_stopped);
  const std::string reason = reason_of(talk, code);
  if (talk.recipient_answer >= 500) return Error(notice::mail_refused, reason);
  if (talk.recipient_answer >= 400) return Error(notice::mail_recipient_later, reason);
  return Error(notice::mail_failed, reason);
}

Result<void> SendLink::call(const notice::WebhookHost& host, const Call& call) const {
  LUY_TRY(const Answer answer, ask(host, call));
  if (answer.status >= 200 && answer.status < 300) return {};
  return Error(notice::webhook_failed, "HTTP " + std::to_string(answer.status));
}

Result<SendLink::Answer> SendLink::ask(const notice::WebhookHost& host, const Call& call,
                                       const std::string& header) const {
  if (stopping_) return Error(send_stopped);
  const auto url = notice::webhook_url(call.url);
  if (!url || url->host != host.host) return Error(notice::host_not_allowed, call.url);
  LUY_TRY(const SourceFiles files, read_files(folder_, {}, call.ca_file));
  const std::vector<std::string> found = addresses_of(url->host);
  if (found.empty()) return Error(notice::webhook_failed, url->host);
  const auto allowed =
      std::find_if(found.begin(), found.end(), [&](const std::string& one) { return notice::may_reach(host, one); });
  if (allowed == found.end()) return Error(notice::host_not_allowed, url->host + " (" + found.front() + ")");
  Talk talk(stopping_);
  // Nobody is told twice of it: the id says that it is the same.
  talk.ends_midway = true;
  const Handle handle = open_handle(talk, call_time_max);
  CURL* h = handle.get();
  List pinned;
  // The name is answered from here, so that it cannot mean something else a moment later. An IPv6 address is none.
  if (url->host.find(':') == std::string::npos) {
    pinned.add(url->host + ":" + std::to_string(url->port) + ":" + bracketed(*allowed));
  }
  curl_easy_setopt(h, CURLOPT_RESOLVE, pinned.get());
  curl_easy_setopt(h, CURLOPT_PROTOCOLS_STR, "https");
  curl_easy_setopt(h, CURLOPT_URL, call.url.c_str());
  const std::string ca = files.ca.string();
  if (!ca.empty()) {
    curl_easy_setopt(h, CURLOPT_CAINFO, ca.c_str());
    curl_easy_setopt(h, CURLOPT_CAPATH, nullptr);
  }
  List headers;
  for (const std::string& one : call.headers) headers.add(one);
  headers.add("Content-Type: " + call.content_type);
  headers.add("Expect:");
  curl_easy_setopt(h, CURLOPT_HTTPHEADER, headers.get());
  curl_easy_setopt(h, CURLOPT_USERAGENT, "luy-hub");
  curl_easy_setopt(h, CURLOPT_POST, 1L);
  curl_easy_setopt(h, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(call.body.size()));
  curl_easy_setopt(h, CURLOPT_POSTFIELDS, call.body.c_str());
  Answer out;
  talk.answer = &out.body;
  const CURLcode code = curl_easy_perform(h);
  if (code == CURLE_ABORTED_BY_CALLBACK) return Error(send_stopped);
  long status = 0;
  curl_easy_getinfo(h, CURLINFO_RESPONSE_CODE, &status);
  // A body that goes on and on does not undo the status before it.
  const bool answered = code == CURLE_OK || (code == CURLE_WRITE_ERROR && talk.answer_bytes > call_answer_bytes_max);
  if (!answered) return Error(notice::webhook_failed, reason_of(talk, code));
  out.status = static_cast<int>(status);
  const char* type = nullptr;
  curl_easy_getinfo(h, CURLINFO_CONTENT_TYPE, &type);
  if (type != nullptr) out.content_type = type;
  curl_header* wanted = nullptr;
  if (!header.empty() && curl_easy_header(h, header.c_str(), 0, CURLH_HEADER, -1, &wanted) == CURLHE_OK) {
    out.header = wanted->value;
  }
  return out;
}

}  // namespace luy::hub
